/* The order in which each kernel adds, found from outside and compared with what its header says.
 *
 * Of n terms two are M and -M, so large that any 1 added to either is lost, and all others are 1.  The sum is then the number
 * of ones that are added after M and -M have met: n less the terms of the smallest partial sum that has both.  These
 * sizes for all pairs tell the tree of additions, whatever the kernel's tiles, strips and threads are (the idea is that
 * of FPRev, Xie et al. 2025). */
#include <check.h>
#include <string.h>

#include "base/arena.h"
#include "kernels/batch_norm.h"
#include "kernels/convolution_weights.h"
#include "kernels/gemm.h"
#include "kernels/lanes.h"
#include "kernels/linear.h"
#include "kernels/loss.h"
#include "kernels/reduce.h"
#include "kernels/sparse.h"
#include "suite.h"

#define HUGE_TERM ((real)0x1p90) /* of which 1 is no part, in binary32 and in binary64 */

static Arena *arena;

static void setup(void) {
    arena = arena_create(0);
}

static void teardown(void) {
    arena_destroy(arena);
}

static real *ones(size_t count) {
    real *x = arena_alloc(arena, count, sizeof *x);
    for (size_t i = 0; i < count; i++) x[i] = 1;
    return x;
}

/* ---- orders as sets: each partial sum is the set of its terms, in the order in which they are made ---- */

enum { MOST_TERMS = 64, MOST_SUMS = 160 };

typedef struct Order {
    size_t n_sums;
    uint64_t sums[MOST_SUMS];
} Order;

static uint64_t add(Order *order, uint64_t left, uint64_t right) {
    if (!left || !right) return left | right; /* nothing is added to a lane without terms */
    ck_assert(order->n_sums < MOST_SUMS && !(left & right));
    return order->sums[order->n_sums++] = left | right;
}

/* One after another, in the order of index: term index[i] is the i-th. */
static Order chain_of(size_t n, const size_t *index) {
    Order order = {0, {0}};
    uint64_t sum = 0;
    for (size_t i = 0; i < n; i++) sum = add(&order, sum, (uint64_t)1 << (index ? index[i] : i));
    return order;
}

/* Sixteen lanes, term i in lane lane_of[i] (NULL: i mod 16), halved. */
static Order lanes_of(size_t n, const size_t *lane_of) {
    Order order = {0, {0}};
    uint64_t lanes[LANES] = {0};
    for (size_t i = 0; i < n; i++) {
        uint64_t *lane = &lanes[lane_of ? lane_of[i] : i % LANES];
        *lane = add(&order, *lane, (uint64_t)1 << i);
    }
    for (size_t half = LANES / 2; half > 0; half /= 2)
        for (size_t i = 0; i < half; i++) lanes[i] = add(&order, lanes[i], lanes[i + half]);
    return order;
}

static size_t size_of(uint64_t set) {
    size_t size = 0;
    for (; set; set &= set - 1) size++;
    return size;
}

/* Terms of the smallest partial sum that has both. */
static size_t expected_size(const Order *order, size_t i, size_t j) {
    const uint64_t both = (uint64_t)1 << i | (uint64_t)1 << j;
    size_t smallest = MOST_TERMS + 1;
    for (size_t s = 0; s < order->n_sums; s++)
        if ((order->sums[s] & both) == both && size_of(order->sums[s]) < smallest) smallest = size_of(order->sums[s]);
    return smallest;
}

/* ---- probing ---- */

/* Writes the kernel's outputs for these terms of each, all other operands being 1, and returns how many there are. */
typedef size_t Kernel(size_t n, const real *terms, const void *context, real *outputs);
enum { MOST_OUTPUTS = 200 * 200 };

static void probe(const char *what, size_t n, Kernel *kernel, const void *context, const Order *order) {
    real terms[MOST_TERMS], *outputs = arena_alloc(arena, MOST_OUTPUTS, sizeof *outputs);
    ck_assert(n <= MOST_TERMS);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++) {
            for (size_t k = 0; k < n; k++) terms[k] = 1;
            terms[i] = HUGE_TERM;
            terms[j] = -HUGE_TERM;
            const ArenaMark mark = arena_mark(arena);
            const size_t count = kernel(n, terms, context, outputs), expected = n - expected_size(order, i, j);
            for (size_t k = 0; k < count; k++)
                ck_assert_msg(outputs[k] == (real)expected,
                              "%s: output %zu of %zu: terms %zu and %zu meet in a sum of %g, not %zu", what, k, count,
                              j, i, (double)n - (double)outputs[k], n - expected);
            arena_rewind(arena, mark);
        }
}

/* ---- matrix products ---- */

typedef struct Sizes {
    size_t m, n;
} Sizes;
static const Sizes sizes[] = {{1, 1}, {3, 5}, {13, 37}, {100, 33}, {200, 200}};
enum { SIZES = sizeof sizes / sizeof *sizes, TERMS = 12 };

/* The terms are the rows of a[m][k], or the columns of a[k][m]. */
static real *spread(size_t m, size_t k, const real *terms, int tall) {
    real *a = arena_alloc(arena, m * k, sizeof *a);
    for (size_t i = 0; i < m; i++)
        for (size_t l = 0; l < k; l++) a[tall ? l * m + i : i * k + l] = terms[l];
    return a;
}

static size_t product_nn(size_t k, const real *terms, const void *context, real *c) {
    const Sizes *s = context;
    gemm_nn(s->m, s->n, k, spread(s->m, k, terms, 0), k, ones(k * s->n), s->n, c, s->n, 0);
    return s->m * s->n;
}

static size_t product_tn(size_t k, const real *terms, const void *context, real *c) {
    const Sizes *s = context;
    gemm_tn(s->m, s->n, k, spread(s->m, k, terms, 1), s->m, ones(k * s->n), s->n, c, s->n, 0);
    return s->m * s->n;
}

static size_t product_nt(size_t k, const real *terms, const void *context, real *c) {
    const Sizes *s = context;
    gemm_nt(s->m, s->n, k, spread(s->m, k, terms, 0), k, ones(k * s->n), k, c, s->n, 0);
    return s->m * s->n;
}

static size_t linear(size_t in, const real *terms, const void *context, real *y) {
    const Sizes *s = context;
    real *bias = arena_alloc_zero(arena, s->m, sizeof *bias);
    linear_forward(s->m, in, s->n, spread(s->m, in, terms, 0), bias, ones(in * s->n), ACTIVATION_NONE, y);
    return s->m * s->n;
}

static size_t linear_weights(size_t batch, const real *terms, const void *context, real *gw) {
    const Sizes *s = context;
    linear_weight_gradient(s->m, s->n, batch, spread(s->m, batch, terms, 0), ones(s->n * batch), gw);
    return s->m * s->n;
}

static size_t linear_inputs(size_t out, const real *terms, const void *context, real *gx) {
    const Sizes *s = context;
    linear_input_gradient(out, s->m, s->n, spread(s->m, out, terms, 1), ones(out * s->n), gx);
    return s->m * s->n;
}

/* All weights are kept, so that every term is there. */
static SparsePattern full_pattern(size_t out, size_t in) {
    uint8_t *keep = arena_alloc(arena, out * in, 1);
    memset(keep, 1, out * in);
    return sparse_pattern(out, in, keep, arena);
}

static size_t sparse(size_t in, const real *terms, const void *context, real *y) {
    const Sizes *s = context;
    const SparsePattern pattern = full_pattern(s->m, in);
    real *values = arena_alloc(arena, pattern.count, sizeof *values);
    sparse_gather(&pattern, spread(s->m, in, terms, 0), values);
    sparse_forward(&pattern, s->n, values, NULL, ones(in * s->n), ACTIVATION_NONE, y);
    return s->m * s->n;
}

static size_t sparse_inputs(size_t out, const real *terms, const void *context, real *gx) {
    const Sizes *s = context;
    const SparsePattern pattern = full_pattern(out, s->m);
    real *values = arena_alloc(arena, pattern.count, sizeof *values);
    sparse_gather(&pattern, spread(s->m, out, terms, 1), values);
    sparse_input_gradient(&pattern, s->n, values, ones(out * s->n), gx);
    return s->m * s->n;
}

static size_t masked_weights(size_t batch, const real *terms, const void *context, real *gw) {
    const Sizes *s = context;
    const SparsePattern pattern = full_pattern(s->m, s->n);
    masked_weight_gradient(&pattern, batch, spread(s->m, batch, terms, 0), ones(s->n * batch), gw);
    return s->m * s->n;
}

static const struct {
    const char *name;
    Kernel *kernel;
} products[] = {{"gemm_nn", product_nn},
                {"gemm_tn", product_tn},
                {"gemm_nt", product_nt},
                {"linear_forward", linear},
                {"linear_weight_gradient", linear_weights},
                {"linear_input_gradient", linear_inputs},
                {"sparse_forward", sparse},
                {"sparse_input_gradient", sparse_inputs},
                {"masked_weight_gradient", masked_weights}};
enum { PRODUCTS = sizeof products / sizeof *products };

START_TEST(products_are_chains) {
    const Order chain = chain_of(TERMS, NULL);
    for (size_t i = 0; i + 1 < SIZES; i++) {
        probe(products[_i].name, TERMS, products[_i].kernel, &sizes[i], &chain);
        arena_reset(arena);
    }
    /* of many outputs, which threads share, fewer terms */
    const Order shorter = chain_of(6, NULL);
    probe(products[_i].name, 6, products[_i].kernel, &sizes[SIZES - 1], &shorter);
}
END_TEST

/* ---- sums ---- */

static size_t sum_rows(size_t n, const real *terms, const void *context, real *out) {
    (void)context;
    row_sums(3, n, spread(3, n, terms, 0), out);
    return 3;
}

static size_t sum_columns(size_t n, const real *terms, const void *context, real *out) {
    (void)context;
    column_sums(n, 21, spread(21, n, terms, 1), out);
    return 21;
}

static size_t sum_vector(size_t n, const real *terms, const void *context, real *out) {
    (void)context;
    *out = vector_sum(n, terms);
    return 1;
}

static size_t sum_products(size_t n, const real *terms, const void *context, real *out) {
    (void)context;
    *out = (real)product_sum(n, terms, 0, ones(n), 0);
    return 1;
}

/* The gradient of beta is the sum of g over the channel. */
static size_t sum_of_channel(size_t n, const real *terms, const void *context, real *out) {
    real mean[2] = {1, 1}, variance[2] = {1, 1}, gamma[2] = {1, 1}, ggamma[2];
    const BatchNorm norm = {2, n, 1e-5, mean, variance};
    (void)context;
    batch_norm_gradient(&norm, 1, ones(2 * n), gamma, spread(2, n, terms, 0), arena_alloc(arena, 2 * n, sizeof(real)),
                        ggamma, out);
    return 2;
}

START_TEST(sums_are_lanes_or_chains) {
    static const size_t lengths[] = {2, 7, 16, 17, 40, 64};
    const size_t n = lengths[_i];
    const Order lanes = lanes_of(n, NULL), chain = chain_of(n, NULL);
    probe("row_sums", n, sum_rows, NULL, &lanes);
    probe("column_sums", n, sum_columns, NULL, &chain);
    probe("vector_sum", n, sum_vector, NULL, &lanes);
    probe("product_sum", n, sum_products, NULL, &lanes);
    probe("batch_norm_gradient", n, sum_of_channel, NULL, &lanes);
}
END_TEST

/* ---- convolutions ---- */

enum { CHANNELS = 5, TAPS = 3, OUTPUTS = 4, BATCH = 20, POSITIONS = 3 };

/* Three taps along the columns, or three by three; either no position needs padding. */
static Convolution convolution(int plane, size_t in, size_t out, size_t batch, size_t outputs) {
    const ConvolutionAxis line = CONVOLUTION_ONE_ROW, axis = {outputs + TAPS - 1, TAPS, 1, 0};
    const ConvolutionAxis rows = {TAPS, TAPS, 1, 0};
    return (Convolution){batch, in, out, plane ? rows : line, axis};
}

static size_t taps_of(const Convolution *c) {
    return c->rows.taps * c->columns.taps;
}

/* Term (tap, channel) of the chain is at [channel][tap] of the weights of an output. */
static size_t forward(size_t n, const real *terms, const void *context, real *y) {
    const Convolution *c = context;
    const size_t taps = taps_of(c), inputs = c->in_channels * c->rows.size * c->columns.size * c->batch;
    real *weight = arena_alloc(arena, c->out_channels * n, sizeof *weight);
    for (size_t co = 0; co < c->out_channels; co++)
        for (size_t i = 0; i < n; i++) weight[co * n + i % c->in_channels * taps + i / c->in_channels] = terms[i];
    convolution_forward(c, ones(inputs), weight, NULL, ACTIVATION_NONE, y);
    return c->out_channels * axis_outputs(&c->rows) * axis_outputs(&c->columns) * c->batch;
}

/* Of the gradient of the inputs those that every tap meets: the middle of the columns, and of the rows. */
static size_t inputs(size_t n, const real *terms, const void *context, real *met) {
    const Convolution *c = context;
    const size_t taps = taps_of(c), gradients = c->out_channels * axis_outputs(&c->columns) * c->batch;
    const size_t size = c->columns.size * c->batch, first = (TAPS - 1) * c->batch;
    const size_t count = (axis_outputs(&c->columns) - TAPS + 1) * c->batch;
    real *weight = arena_alloc(arena, c->in_channels * n, sizeof *weight);
    real *gx = arena_alloc(arena, c->in_channels * c->rows.size * size, sizeof *gx);
    for (size_t ci = 0; ci < c->in_channels; ci++)
        for (size_t i = 0; i < n; i++)
            weight[(i % c->out_channels * c->in_channels + ci) * taps + i / c->out_channels] = terms[i];
    convolution_input_gradient(c, ones(gradients), weight, gx);
    for (size_t ci = 0; ci < c->in_channels; ci++)
        memcpy(met + ci * count, gx + ci * size + first, count * sizeof *met);
    return c->in_channels * count;
}

static size_t weights(size_t n, const real *terms, const void *context, real *gw) {
    const Convolution *c = context;
    convolution_weight_gradient(c, spread(c->out_channels, n, terms, 0),
                                ones(c->in_channels * c->rows.size * c->columns.size * c->batch), gw);
    return c->out_channels * c->in_channels * taps_of(c);
}

START_TEST(convolutions_are_chains_of_taps) {
    static const size_t batches[] = {1, 17, 100};
    const size_t batch = batches[_i];
    const Convolution all[] = {convolution(0, 7, 6, batch, 5),
                               convolution(1, CHANNELS, OUTPUTS, batch, 3),
                               convolution(1, 1, 32, batch, 7), /* of few input channels: by rows */
                               {batch, 32, OUTPUTS, CONVOLUTION_ONE_ROW, {4, 1, 1, 0}}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        const size_t n = all[i].in_channels * taps_of(&all[i]);
        const Order chain = chain_of(n, NULL);
        probe("convolution_forward", n, forward, &all[i], &chain);
    }
    const Order chain = chain_of(6 * TAPS, NULL);
    probe("convolution_input_gradient", 6 * TAPS, inputs, &all[0], &chain);
}
END_TEST

/* Terms are the examples at each position of the output; lanes go by the example. */
START_TEST(weight_gradients_are_lanes_of_examples) {
    size_t lane_of[POSITIONS * BATCH];
    for (size_t i = 0; i < POSITIONS * BATCH; i++) lane_of[i] = i % BATCH % LANES;
    const Order lanes = lanes_of(POSITIONS * BATCH, lane_of);
    const Convolution line = convolution(0, CHANNELS, OUTPUTS, BATCH, POSITIONS);
    const Convolution plane = convolution(1, CHANNELS, OUTPUTS, BATCH, POSITIONS);
    probe("convolution_weight_gradient", POSITIONS * BATCH, weights, &line, &lanes);
    probe("convolution_weight_gradient in a plane", POSITIONS * BATCH, weights, &plane, &lanes);
}
END_TEST

/* ---- the probe itself ---- */

static size_t backwards(size_t n, const real *terms, const void *context, real *out) {
    (void)context;
    *out = 0;
    for (size_t i = n; i-- > 0;) *out += terms[i];
    return 1;
}

/* It tells a chain from behind from one from the front. */
START_TEST(the_probe_finds_another_order) {
    static const size_t from_behind[] = {4, 3, 2, 1, 0};
    const Order behind = chain_of(5, from_behind), front = chain_of(5, NULL);
    probe("backwards", 5, backwards, NULL, &behind);
    ck_assert(expected_size(&front, 0, 1) == 2 && expected_size(&behind, 0, 1) == 5);
    ck_assert(expected_size(&front, 3, 4) == 5 && expected_size(&behind, 3, 4) == 2);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("order of additions");
    TCase *tcase = tcase_create("order of additions");
    tcase_set_timeout(tcase, 60);
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, the_probe_finds_another_order);
    tcase_add_loop_test(tcase, products_are_chains, 0, PRODUCTS);
    tcase_add_loop_test(tcase, sums_are_lanes_or_chains, 0, 6);
    tcase_add_loop_test(tcase, convolutions_are_chains_of_taps, 0, 3);
    tcase_add_test(tcase, weight_gradients_are_lanes_of_examples);
    suite_add_tcase(suite, tcase);
    return run_suite(suite);
}
