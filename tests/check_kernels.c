/* Every fast kernel against its slow twin, bit for bit, over shapes that exercise each kind of tile and remainder. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "kernels/convolution_weights.h"
#include "kernels/subnormal.h"

#include "slow_kernels.h"
#include "suite.h"

static Arena *arena;
static uint32_t state;

static uint32_t draw(void) { /* 31 bits of a linear congruence: tests of kernels need variety, not randomness */
    state = state * 1664525u + 1013904223u;
    return state >> 1;
}

static void setup(void) {
    arena = arena_create(0);
    state = 1;
}

static void teardown(void) {
    arena_destroy(arena);
}

static real *empty(size_t count) {
    return arena_alloc_zero(arena, count + 1, sizeof(real));
}

static real *noise(size_t count) {
    real *x = empty(count);
    for (size_t i = 0; i < count; i++) x[i] = (real)(draw() * 0x1p-30) - 1;
    return x;
}

static void same(const char *what, size_t count, const real *fast, const real *slow) {
    for (size_t i = 0; i < count; i++)
        ck_assert_msg(memcmp(&fast[i], &slow[i], sizeof(real)) == 0, "%s: element %zu of %zu is %.9g, twin says %.9g",
                      what, i, count, (double)fast[i], (double)slow[i]);
}

/* NaN is NaN, whatever its bits. */
static void same_numbers(const char *what, size_t count, const real *fast, const real *slow) {
    for (size_t i = 0; i < count; i++)
        if (!isnan(fast[i]) || !isnan(slow[i])) same(what, 1, fast + i, slow + i);
}

typedef void Gemm(size_t m, size_t n, size_t k, const real *a, size_t lda, const real *b, size_t ldb, real *c,
                  size_t ldc, int accumulate);

static void compare_gemm(const char *what, Gemm *fast, Gemm *slow, int a_tall, int b_tall, size_t m, size_t n,
                         size_t k) {
    const size_t pad = 3, lda = (a_tall ? m : k) + pad, ldb = (b_tall ? k : n) + pad, ldc = n + pad;
    const real *a = noise((a_tall ? k : m) * lda), *b = noise((b_tall ? n : k) * ldb);
    for (int accumulate = 0; accumulate < 2; accumulate++) {
        real *c = noise(m * ldc), *expected = empty(m * ldc);
        memcpy(expected, c, m * ldc * sizeof(real)); /* the padding behind each row must stay as it was */
        fast(m, n, k, a, lda, b, ldb, c, ldc, accumulate);
        slow(m, n, k, a, lda, b, ldb, expected, ldc, accumulate);
        same(what, m * ldc, c, expected);
    }
}

static const size_t sizes[][3] = {{1, 1, 1},     {2, 3, 5},      {7, 31, 9},      {12, 32, 40},    {13, 33, 1},
                                  {10, 100, 40}, {100, 40, 100}, {25, 100, 75},   {100, 101, 100}, {64, 47, 600},
                                  {5, 4, 257},   {6, 3, 513},    {256, 128, 512}, {3, 70, 0},      {500, 99, 40},
                                  {3, 70, 33},   {17, 90, 300},  {300, 65, 90}};
enum { SIZES = sizeof sizes / sizeof *sizes };

START_TEST(products) {
    const size_t *s = sizes[_i];
    compare_gemm("nn", gemm_nn, slow_gemm_nn, 0, 0, s[0], s[1], s[2]);
    compare_gemm("tn", gemm_tn, slow_gemm_tn, 1, 0, s[0], s[1], s[2]);
    compare_gemm("nt", gemm_nt, slow_gemm_nt, 0, 1, s[0], s[1], s[2]);
}
END_TEST

START_TEST(products_in_parallel) {
    compare_gemm("large nn", gemm_nn, slow_gemm_nn, 0, 0, 501, 300, 130);
    compare_gemm("large nt", gemm_nt, slow_gemm_nt, 0, 1, 130, 600, 129);
}
END_TEST

START_TEST(linear) {
    const size_t *s = sizes[_i];
    const real *weight = noise(s[0] * s[2]), *bias = noise(s[0]), *x = noise(s[2] * s[1]);
    for (int activation = ACTIVATION_NONE; activation <= ACTIVATION_RELU; activation++) {
        real *y = empty(s[0] * s[1]), *expected = empty(s[0] * s[1]);
        linear_forward(s[0], s[2], s[1], weight, bias, x, (Activation)activation, y);
        slow_linear_forward(s[0], s[2], s[1], weight, bias, x, (Activation)activation, expected);
        same("linear", s[0] * s[1], y, expected);
    }
}
END_TEST

/* Both gradients beside the plain products. */
static void compare_gradients(size_t out, size_t in, size_t batch, const real *weight, const real *g, const real *x) {
    real *gw = empty(out * in), *gx = empty(in * batch), *gw_slow = empty(out * in), *gx_slow = empty(in * batch);
    linear_weight_gradient(out, in, batch, g, x, gw);
    linear_input_gradient(out, in, batch, weight, g, gx);
    slow_gemm_nt(out, in, batch, g, batch, x, batch, gw_slow, in, 0);
    slow_gemm_tn(in, batch, out, weight, in, g, batch, gx_slow, batch, 0);
    same_numbers("weight gradient", out * in, gw, gw_slow);
    same_numbers("input gradient", in * batch, gx, gx_slow);
}

/* Rows of the gradient that are zero, of either sign: none, some, all but one, all; and factors that make such a zero
 * NaN.  The bits are those of the plain products. */
START_TEST(zero_rows) {
    const size_t *s = sizes[_i], out = s[0], in = s[2], batch = s[1];
    for (size_t live_every = 1; live_every <= 3 * out; live_every = 3 * live_every + 1) /* at last no row is live */
        for (int finite = 0; finite < 2; finite++) {
            real *weight = noise(out * in), *x = noise(in * batch), *g = noise(out * batch);
            for (size_t i = 0; i < out * batch; i++)
                if ((i / batch + 1) % live_every) g[i] = i % 3 ? 0 : REAL(-0.0);
            if (!finite) weight[out * in / 2] = x[in * batch / 2] = INFINITY;
            compare_gradients(out, in, batch, weight, g, x);
        }
}
END_TEST

/* Gradients of every size, down to the smallest number and zeros: those whose factors are scaled, and, because one weight is
 * too small, one gradient too large or one factor infinite, those whose factors are not.  The bits are those of the plain
 * products. */
START_TEST(subnormal_gradients) {
    static const struct {
        double weight, gradient;
    } odd[] = {{0.5, 0.5},    {0, -0.0},     {0x1p-61, 0x1p62}, {0x1p-63, 0.5}, {0x1p-140, 0.5},
               {0.5, 0x1p63}, {0.5, 0x1p64}, {INFINITY, 0.5},   {0.5, INFINITY}};
    const size_t *s = sizes[_i], out = s[0], in = s[2], batch = s[1];
    for (size_t k = 0; k < sizeof odd / sizeof *odd; k++) {
        real *weight = noise(out * in), *x = noise(in * batch), *g = noise(out * batch);
        for (size_t i = 0; i < out * batch; i++) g[i] = draw() % 5 ? (real)ldexp(g[i], -(int)(draw() % 150)) : 0;
        if (in) weight[out * in / 2] = x[in * batch / 2] = (real)odd[k].weight;
        g[out * batch / 2] = (real)odd[k].gradient;
        g[0] = (real)0x1p-149;
        compare_gradients(out, in, batch, weight, g, x);
    }
}
END_TEST

START_TEST(factors_are_scaled_only_where_that_is_exact) {
    const real tiny[] = {1, 0, (real)0x1p-149}, plain[] = {1, 2, -3}, small[] = {1, 0, (real)0x1p-63},
               large[] = {(real)0x1p64, 0, (real)0x1p-149};
    Factors factors = normal_factors(3, tiny, 3, plain);
    ck_assert(factors.a != tiny && factors.b != plain);
    for (size_t i = 0; i < 3; i++)
        ck_assert(factors.a[i] == tiny[i] * (real)0x1p64 && factors.b[i] == plain[i] * (real)0x1p-64);
    factors = normal_factors(3, plain, 3, tiny);
    ck_assert(factors.a == plain && factors.b == tiny);
    factors = normal_factors(3, tiny, 3, small);
    ck_assert(factors.a == tiny && factors.b == small);
    factors = normal_factors(3, large, 3, plain);
    ck_assert(factors.a == large && factors.b == plain);
}
END_TEST

#define SIGNAL(length, width, stride, padding)                                                                         \
    CONVOLUTION_ONE_ROW, {                                                                                             \
        length, width, stride, padding                                                                                 \
    }

static const Convolution convolutions[] = {
    /* batch, in, out; size, taps, stride and padding of rows and columns */
    {100, 1, 25, SIGNAL(40, 5, 2, 1)},
    {100, 25, 25, SIGNAL(19, 3, 2, 1)},
    {7, 3, 4, SIGNAL(10, 3, 1, 1)},
    {16, 2, 6, SIGNAL(9, 4, 3, 2)},
    {1, 1, 1, SIGNAL(1, 3, 1, 1)},
    {33, 5, 12, SIGNAL(11, 1, 2, 0)},
    {17, 7, 3, SIGNAL(8, 7, 1, 3)},
    {100, 40, 40, SIGNAL(40, 3, 1, 1)},
    {3, 2, 2, SIGNAL(5, 2, 4, 0)},
    {2, 1, 2, SIGNAL(3, 5, 1, 4)},
    {100, 1, 20, SIGNAL(40, 3, 1, 1)},
    {100, 20, 20, SIGNAL(20, 3, 1, 1)},
    {48, 30, 7, SIGNAL(90, 3, 1, 1)}, /* several blocks of positions, in place */
    {7, 3, 4, {6, 3, 1, 1}, {5, 3, 1, 1}},
    {16, 2, 6, {9, 4, 3, 2}, {8, 3, 2, 1}},
    {33, 5, 12, {4, 1, 1, 0}, {7, 1, 1, 0}}, /* a product of matrices */
    {32, 3, 7, {7, 5, 2, 2}, {9, 5, 2, 2}},
    {16, 3, 11, {7, 1, 1, 0}, {9, 7, 1, 3}},
    {48, 4, 3, {9, 7, 1, 3}, {7, 1, 1, 0}},
    {16, 2, 2, {5, 2, 4, 0}, {5, 2, 4, 0}}, /* strides above the taps */
    {1, 2, 1, {3, 5, 1, 4}, {3, 5, 1, 4}},  /* outputs without a tap inside */
    {64, 1, 10, {28, 5, 1, 0}, {28, 5, 1, 0}},
    {64, 40, 32, {6, 2, 2, 0}, {6, 2, 2, 0}},    /* more channels than a group has */
    {100, 20, 38, {3, 3, 2, 1}, {29, 3, 2, 1}},  /* and more positions than a block */
    {16, 2, 3, {4, 6, 1, 3}, {3, 6, 1, 3}},      /* wider than the image */
    {48, 3, 40, {14, 3, 1, 1}, {11, 3, 1, 1}},   /* outputs that are written along their rows */
    {16, 128, 128, {2, 3, 1, 1}, {3, 3, 1, 1}},  /* products in blocks: of many weights */
    {32, 160, 170, {2, 2, 1, 0}, {7, 3, 1, 1}},  /* whose column taps share a copy */
    {100, 28, 15, {14, 1, 1, 0}, {15, 1, 1, 0}}, /* and of one tap on a large image */
    {100, 64, 33, {9, 2, 1, 0}, {10, 2, 1, 1}},  /* and of several, of many channels */
    {32, 120, 128, {3, 3, 2, 1}, {5, 3, 2, 1}},  /* of an image: of every second column */
    {132, 32, 32, {5, 3, 2, 1}, {25, 3, 2, 1}},  /* of a few columns each, with the rest of a panel */
    {132, 410, 160, {1, 1, 1, 0}, {3, 2, 1, 0}}, /* and of a few examples */
    {64, 96, 176, {3, 3, 4, 0}, {7, 3, 4, 1}},   /* with gaps between */
};
enum { CONVOLUTIONS = sizeof convolutions / sizeof *convolutions };

/* Maxima of pairs of a signal's outputs, and the choice behind them: y is the convolution with relu. */
static void check_relu_max_pool(const Convolution *c, const real *x, const real *weight, const real *bias,
                                const real *y) {
    const Pool pool = {c->out_channels, c->batch, CONVOLUTION_ONE_ROW, POOL_PAIRS_AXIS(axis_outputs(&c->columns))};
    const size_t count = pool.channels * (pool.columns.size / 2) * pool.batch;
    real *maxima = empty(count), *maxima_slow = empty(count);
    int32_t *choice = arena_alloc(arena, count, sizeof *choice);
    convolution_relu_max_pool(c, x, weight, bias, maxima, choice);
    if (!count) return; /* an output has no neighbour */
    slow_max_pool(&pool, y, y, maxima_slow);
    same("maxima", count, maxima, maxima_slow);
    max_gather(&pool, choice, y, maxima);
    same("choice", count, maxima, maxima_slow);
}

START_TEST(convolution) {
    const Convolution *c = &convolutions[_i];
    const size_t area = axis_outputs(&c->rows) * axis_outputs(&c->columns);
    const size_t x_count = c->in_channels * c->rows.size * c->columns.size * c->batch;
    const size_t y_count = c->out_channels * area * c->batch;
    const size_t w_count = c->out_channels * c->in_channels * c->rows.taps * c->columns.taps;
    const real *x = noise(x_count), *gy = noise(y_count), *weight = noise(w_count), *bias = noise(c->out_channels);
    real *y = empty(y_count), *gx = empty(x_count), *gw = empty(w_count);
    real *y_slow = empty(y_count), *gx_slow = empty(x_count), *gw_slow = empty(w_count);
    for (int with_bias = 0; with_bias < 2; with_bias++) {
        const Activation activation = with_bias ? ACTIVATION_RELU : ACTIVATION_NONE;
        convolution_forward(c, x, weight, with_bias ? bias : NULL, activation, y);
        slow_convolution_forward(c, x, weight, with_bias ? bias : NULL, activation, y_slow);
        same("forward", y_count, y, y_slow);
    }
    if (c->rows.size == 1 && c->rows.taps == 1) check_relu_max_pool(c, x, weight, bias, y_slow);
    convolution_input_gradient(c, gy, weight, gx);
    slow_convolution_input_gradient(c, gy, weight, gx_slow);
    same("input gradient", x_count, gx, gx_slow);
    convolution_weight_gradient(c, gy, x, gw);
    slow_convolution_weight_gradient(c, gy, x, gw_slow);
    same("weight gradient", w_count, gw, gw_slow);
}
END_TEST

/* An image of one row, met by windows of one row. */
#define ONE_ROW CONVOLUTION_ONE_ROW

static const Pool pools[] = {
    /* channels, batch; size, taps, stride and padding of rows and columns */
    {20, 100, ONE_ROW, POOL_PAIRS_AXIS(40)}, {3, 33, ONE_ROW, POOL_PAIRS_AXIS(7)},
    {1, 1, ONE_ROW, POOL_PAIRS_AXIS(2)},     {4, 16, ONE_ROW, POOL_PAIRS_AXIS(3)},
    {2, 17, ONE_ROW, {9, 3, 1, 1}},          {3, 32, POOL_PAIRS_AXIS(6), POOL_PAIRS_AXIS(7)},
    {2, 20, {7, 3, 2, 1}, {8, 3, 2, 1}},     {3, 16, {5, 3, 1, 1}, {6, 3, 1, 1}},
    {2, 5, {8, 8, 1, 0}, {7, 7, 1, 0}},  /* the whole image */
    {1, 19, {9, 2, 4, 0}, {8, 3, 5, 0}}, /* strides above the windows: elements in none */
    {2, 16, {1, 2, 1, 1}, {3, 4, 3, 2}}, /* windows that are half in the padding */
    {2, 3, {6, 5, 2, 2}, {5, 1, 1, 0}},      {17, 64, {24, 3, 2, 0}, {24, 3, 2, 0}}, /* work for several threads */
};
enum { POOLS = sizeof pools / sizeof *pools };

static size_t pool_inputs(const Pool *p) {
    return p->channels * p->rows.size * p->columns.size * p->batch;
}

static size_t pool_outputs(const Pool *p) {
    return p->channels * axis_outputs(&p->rows) * axis_outputs(&p->columns) * p->batch;
}

/* As after a relu, so that windows of zeros and ties are among them. */
static real *rectified_noise(size_t count) {
    real *x = noise(count);
    vector_relu(count, x, x);
    return x;
}

START_TEST(pooling) {
    const Pool *p = &pools[_i];
    const size_t count = pool_inputs(p), y_count = pool_outputs(p);
    const real *x = rectified_noise(count), *values = noise(count), *gy = noise(y_count);
    real *y = empty(y_count), *y_slow = empty(y_count), *gx = noise(count), *gx_slow = noise(count);
    int32_t *choice = arena_alloc(arena, y_count, sizeof *choice);
    const size_t step = y_count / p->channels;
    max_pool(p, ACTIVATION_NONE, x, y, choice, step);
    slow_max_pool(p, x, x, y_slow);
    same("maxima", y_count, y, y_slow);
    max_gather(p, choice, values, y);
    slow_max_pool(p, x, values, y_slow);
    same("chosen", y_count, y, y_slow);
    max_unpool(p, choice, gy, gx);
    slow_max_unpool(p, x, gy, gx_slow);
    same("gradient of maxima", count, gx, gx_slow);
    real *relu = empty(count), *chosen = empty(y_count); /* in two passes, and in one */
    vector_relu(count, values, relu);
    slow_max_pool(p, relu, relu, y_slow);
    max_pool(p, ACTIVATION_RELU, values, y, choice, step);
    same("maxima after relu", y_count, y, y_slow);
    max_gather(p, choice, values, chosen);
    same("chosen after relu", y_count, chosen, y_slow);
    slow_max_unpool(p, relu, gy, gx_slow);
    vector_relu_gradient(count, relu, gx_slow, gx_slow);
    max_unpool(p, choice, gy, gx);
    same("gradient of maxima after relu", count, gx, gx_slow);
    sum_pool(p, (size_t)_i + 1, values, y);
    slow_sum_pool(p, (size_t)_i + 1, values, y_slow);
    same("sums", y_count, y, y_slow);
    sum_unpool(p, (size_t)_i + 1, gy, gx);
    slow_sum_unpool(p, (size_t)_i + 1, gy, gx_slow);
    same("gradient of sums", count, gx, gx_slow);
    l2_pool(p, x, y);
    slow_l2_pool(p, x, y_slow);
    same("norms", y_count, y, y_slow);
    l2_unpool(p, x, y, gy, gx);
    slow_l2_unpool(p, x, y_slow, gy, gx_slow);
    same("gradient of norms", count, gx, gx_slow);
}
END_TEST

/* Small integers: their sums and products are exact in any order. */
static real *integers(size_t count) {
    real *x = empty(count);
    for (size_t i = 0; i < count; i++) x[i] = (real)(draw() / 65536 % 9) - 4;
    return x;
}

static double inner(size_t count, const real *a, const real *b) {
    double sum = 0;
    for (size_t i = 0; i < count; i++) sum += (double)a[i] * (double)b[i];
    return sum;
}

/* Each pair of kernels is a matrix and its transpose: <y, Ax> = <A'y, x>, exactly. */
START_TEST(unpooling_is_the_adjoint_of_pooling) {
    const Pool *p = &pools[_i];
    const size_t count = pool_inputs(p), y_count = pool_outputs(p);
    const real *x = integers(count), *other = integers(count), *gy = integers(y_count);
    real *y = empty(y_count), *gx = empty(count);
    int32_t *choice = arena_alloc(arena, y_count, sizeof *choice);
    sum_pool(p, 1, x, y);
    sum_unpool(p, 1, gy, gx);
    ck_assert_double_eq(inner(y_count, y, gy), inner(count, x, gx));
    max_pool(p, _i % 2 ? ACTIVATION_RELU : ACTIVATION_NONE, other, y, choice, y_count / p->channels);
    max_gather(p, choice, x, y);
    max_unpool(p, choice, gy, gx);
    ck_assert_double_eq(inner(y_count, y, gy), inner(count, x, gx));
}
END_TEST

START_TEST(pooling_by_hand) {
    /* positions (1 -3) (1 4) (0 0) (0 0) (9 9): a tie, a maximum, zeros, one left over */
    const Pool p = {1, 2, ONE_ROW, POOL_PAIRS_AXIS(5)};
    const real x[] = {1, -3, 1, 4, 0, 0, 0, 0, 9, 9}, gy[] = {2, 3, 5, 7};
    const real maxima[] = {1, 4, 0, 0}, of_maxima[] = {2, 0, 0, 3, 5, 7, 0, 0, 0, 0};
    const real averages[] = {1, REAL(0.5), 0, 0}, of_averages[] = {1, 1.5, 1, 1.5, 2.5, 3.5, 2.5, 3.5, 0, 0};
    const real norms[] = {REAL_SQRT((real)2), 5, 0, 0};
    const int32_t choices[] = {1, 2, 1, 1};
    int32_t choice[4];
    real y[4], gx[10];
    max_pool(&p, ACTIVATION_NONE, x, y, choice, 4);
    ck_assert_mem_eq(choice, choices, sizeof choice);
    same("maxima", 4, y, maxima);
    max_unpool(&p, choice, gy, gx);
    same("gradient of maxima", 10, gx, of_maxima);
    sum_pool(&p, 2, x, y);
    same("averages", 4, y, averages);
    sum_unpool(&p, 2, gy, gx);
    same("gradient of averages", 10, gx, of_averages);
    l2_pool(&p, x, y);
    same("norms", 4, y, norms);
    l2_unpool(&p, x, y, gy, gx);
    const real q = 2 / y[0], r = 3 / y[1], of_norms[] = {q, r * -3, q, r * 4, 0, 0, 0, 0, 0, 0};
    same("gradient of norms", 10, gx, of_norms);
}
END_TEST

/* Windows of 3 by 3, stride 2, padding 1, over 4 rows of 3 columns, all negative but for a NaN: padding is below every
 * number to a maximum, and counts as zeros to an average. */
START_TEST(padded_windows_by_hand) {
    const Pool p = {1, 1, {4, 3, 2, 1}, {3, 3, 2, 1}};
    const real x[] = {-9, -2, -9, -9, -9, -9, -9, -9, -9, -9, -9, NAN}, gy[] = {1, 2, 4, 8};
    const int32_t choices[] = {6, 4, 2, 8};
    const real of_maxima[] = {0, 3, 0, 4, 0, 0, 0, 0, 0, 0, 0, 8};
    const real averages[] = {-29 / REAL(9.0), -29 / REAL(9.0), -6, NAN},
               sums_of[] = {1, 3, 2, 5, 15, 10, 4, 12, 8, 4, 12, 8};
    int32_t choice[4];
    real y[4], gx[12];
    max_pool(&p, ACTIVATION_NONE, x, y, choice, 4);
    ck_assert_mem_eq(choice, choices, sizeof choice);
    ck_assert(y[0] == -2 && y[1] == -2 && y[2] == -9 && isnan(y[3]));
    max_unpool(&p, choice, gy, gx);
    same("gradient of maxima", 12, gx, of_maxima);
    sum_pool(&p, 9, x, y);
    same_numbers("averages", 4, y, averages);
    sum_unpool(&p, 1, gy, gx);
    same("gradient of sums", 12, gx, sums_of);
}
END_TEST

static const size_t shapes[][2] = {{1, 1}, {3, 15}, {10, 16}, {10, 100}, {7, 129}, {2, 1000}};
enum { SHAPES = sizeof shapes / sizeof *shapes };

/* rows, positions, batch: fewer rows than a counter serves, more than a task has; whole vectors of examples and parts */
static const size_t maskings[][3] = {{1, 1, 1}, {3, 5, 7}, {4, 1, 16}, {70, 2, 33}, {129, 1, 100}, {5408, 1, 48}};
enum { MASKINGS = sizeof maskings / sizeof *maskings };

START_TEST(dropout) {
    const size_t rows = maskings[_i][0], positions = maskings[_i][1], batch = maskings[_i][2];
    static const double probabilities[] = {0, 0x1p-32, 0.3, 0.5, 1 - 0x1p-32, 1};
    uint32_t *example = arena_alloc(arena, batch, sizeof *example);
    uint8_t *keep = arena_alloc(arena, rows * batch, 1), *keep_slow = arena_alloc(arena, rows * batch, 1);
    const size_t count = rows * positions * batch;
    const real *x = noise(count);
    real *y = empty(count), *y_slow = empty(count);
    for (size_t n = 0; n < batch; n++) example[n] = (uint32_t)(n * n + 5);
    for (size_t i = 0; i < 6; i++) {
        const DropoutNoise of = {UINT64_C(0x123456789abcdef), (uint32_t)i, 7, i % 2 ? example : NULL};
        dropout_mask(&of, probabilities[i], rows, batch, keep);
        slow_dropout_mask(&of, probabilities[i], rows, batch, keep_slow);
        ck_assert_mem_eq(keep, keep_slow, rows * batch);
        dropout_apply(rows, positions, batch, keep, dropout_scale(probabilities[i]), x, y);
        slow_dropout_apply(rows, positions, batch, keep, dropout_scale(probabilities[i]), x, y_slow);
        same("dropout", count, y, y_slow);
    }
}
END_TEST

static const struct {
    LocalResponse norm;
    size_t channels, count;
} responses[] = {
    {{5, 1e-4, 0.75, 2}, 7, 300}, {{5, 1, 0.75, 1}, 3, 128},  {{1, 0.5, 0.5, 0.25}, 4, 1},
    {{4, 2, 1.5, 1}, 9, 129},     {{11, 3, 0.75, 1}, 2, 255}, {{3, 0.5, 0.75, 1}, 16, 15 * 129},
};
enum { RESPONSES = sizeof responses / sizeof *responses };

START_TEST(local_response_normalisation) {
    const LocalResponse *norm = &responses[_i].norm;
    const size_t channels = responses[_i].channels, count = responses[_i].count, all = channels * count;
    const real *x = noise(all), *g = noise(all);
    real *out = empty(all), *slow = empty(all);
    local_response_norm_forward(norm, channels, count, x, out);
    slow_local_response_norm_forward(norm, channels, count, x, slow);
    same("forward", all, out, slow);
    local_response_norm_gradient(norm, channels, count, x, g, out);
    slow_local_response_norm_gradient(norm, channels, count, x, g, slow);
    same("gradient", all, out, slow);
}
END_TEST

/* channels, elements of each: parts of a block of lanes, whole ones, many on several threads */
static const size_t normalised[][2] = {{1, 2}, {3, 15}, {2, 16}, {5, 37}, {10, 4 * 100}, {7, 40007}};
enum { NORMALISED = sizeof normalised / sizeof *normalised };

START_TEST(batch_normalisation) {
    const size_t channels = normalised[_i][0], count = normalised[_i][1], all = channels * count;
    const real *x = noise(all), *g = noise(all), *gamma = noise(channels), *beta = noise(channels);
    real *mean = empty(channels), *variance = empty(channels), *y = empty(all), *gx = empty(all);
    real *mean_slow = empty(channels), *variance_slow = empty(channels), *y_slow = empty(all), *gx_slow = empty(all);
    real *ggamma = empty(channels), *gbeta = empty(channels);
    real *ggamma_slow = empty(channels), *gbeta_slow = empty(channels);
    batch_norm_statistics(channels, count, x, mean, variance);
    slow_batch_norm_statistics(channels, count, x, mean_slow, variance_slow);
    same("mean", channels, mean, mean_slow);
    same("variance", channels, variance, variance_slow);
    const BatchNorm norm = {channels, count, 1e-5, mean, variance};
    batch_norm_forward(&norm, x, gamma, beta, y);
    slow_batch_norm_forward(&norm, x, gamma, beta, y_slow);
    same("normalised", all, y, y_slow);
    for (int fixed = 0; fixed < 2; fixed++) {
        batch_norm_gradient(&norm, fixed, x, gamma, g, gx, ggamma, gbeta);
        slow_batch_norm_gradient(&norm, fixed, x, gamma, g, gx_slow, ggamma_slow, gbeta_slow);
        same("input gradient", all, gx, gx_slow);
        same("gradient of gamma", channels, ggamma, ggamma_slow);
        same("gradient of beta", channels, gbeta, gbeta_slow);
    }
}
END_TEST

START_TEST(nonlinearities) {
    static const struct {
        const char *name;
        void (*fast)(size_t count, const real *x, real *out), (*slow)(size_t count, const real *x, real *out);
    } unary[] = {{"swish", vector_swish, slow_vector_swish},
                 {"gelu", vector_gelu, slow_vector_gelu},
                 {"softplus", vector_softplus, slow_vector_softplus}};
    enum { COUNT = 1003 };
    real *x = noise(COUNT), *y = empty(COUNT), *slow = empty(COUNT);
    const real *g = noise(COUNT), slope = REAL(0.3);
    for (size_t i = 0; i < COUNT; i++) x[i] *= i < 900 ? 8 : 200;
    for (size_t i = 0; i < 3; i++) {
        unary[i].fast(COUNT, x, y);
        unary[i].slow(COUNT, x, slow);
        same(unary[i].name, COUNT, y, slow);
    }
    vector_swish_gradient(COUNT, x, g, y);
    slow_vector_swish_gradient(COUNT, x, g, slow);
    same("swish gradient", COUNT, y, slow);
    vector_gelu_gradient(COUNT, x, g, y);
    slow_vector_gelu_gradient(COUNT, x, g, slow);
    same("gelu gradient", COUNT, y, slow);
    vector_elu(COUNT, slope, x, y);
    slow_vector_elu(COUNT, slope, x, slow);
    same("elu", COUNT, y, slow);
    vector_elu_gradient(COUNT, slope, x, g, y);
    slow_vector_elu_gradient(COUNT, slope, x, g, slow);
    same("elu gradient", COUNT, y, slow);
    vector_leaky_relu(COUNT, slope, x, y);
    slow_vector_leaky_relu(COUNT, slope, x, slow);
    same("leaky ReLU", COUNT, y, slow);
    vector_leaky_relu_gradient(COUNT, slope, x, g, y);
    slow_vector_leaky_relu_gradient(COUNT, slope, x, g, slow);
    same("leaky ReLU gradient", COUNT, y, slow);
}
END_TEST

START_TEST(sums) {
    const size_t rows = shapes[_i][0], columns = shapes[_i][1], count = rows * columns;
    const real *x = noise(count);
    real *out = empty(count), *expected = empty(count);
    row_sums(rows, columns, x, out);
    slow_row_sums(rows, columns, x, expected);
    same("row sums", rows, out, expected);
    column_sums(rows, columns, x, out);
    slow_column_sums(rows, columns, x, expected);
    same("column sums", columns, out, expected);
    out[0] = vector_sum(count, x);
    expected[0] = slow_vector_sum(count, x);
    same("sum", 1, out, expected);
    ck_assert(product_sum(count, x, REAL(0.1), x, 0) == slow_product_sum(count, x, REAL(0.1), x, 0));
    transpose(rows, columns, x, columns, out, rows);
    slow_transpose(rows, columns, x, columns, expected, rows);
    same("transpose", count, out, expected);
}
END_TEST

START_TEST(cross_entropy) {
    const size_t classes = shapes[_i][0], batch = shapes[_i][1], count = classes * batch;
    const real *logits = noise(count);
    uint16_t *labels = arena_alloc(arena, batch, sizeof *labels);
    real *p = empty(count), *p_slow = empty(count), *g = empty(count), *g_slow = empty(count);
    for (size_t n = 0; n < batch; n++) labels[n] = (uint16_t)(draw() % classes);
    const real loss = softmax_cross_entropy(classes, batch, logits, labels, p);
    const real without = softmax_cross_entropy(classes, batch, logits, labels, NULL);
    const real slow = slow_softmax_cross_entropy(classes, batch, logits, labels, p_slow);
    same("loss", 1, &loss, &slow);
    same("loss without probabilities", 1, &without, &slow);
    same("probabilities", count, p, p_slow);
    softmax_cross_entropy_gradient(classes, batch, p, labels, REAL(0.7), g);
    slow_softmax_cross_entropy_gradient(classes, batch, p, labels, REAL(0.7), g_slow);
    same("gradient", count, g, g_slow);
    ck_assert_uint_eq(count_correct(classes, batch, logits, labels),
                      slow_count_correct(classes, batch, logits, labels));
}
END_TEST

START_TEST(first_largest_wins) {
    const real logits[] = {1, 2, 1, 2, 1, 0}; /* three classes, two examples; ties */
    const uint16_t labels[] = {0, 0}, later[] = {1, 1};
    ck_assert_uint_eq(count_correct(3, 2, logits, labels), 2);
    ck_assert_uint_eq(count_correct(3, 2, logits, later), 0);
}
END_TEST

/* By hand: entries that are no greater do not count, those without a value do. */
START_TEST(labels_are_among_the_largest) {
    const real logits[] = {4, NAN, 4, 1, 5, 0, 1, 0}; /* four classes, two examples */
    const uint16_t first[] = {0, 1}, second[] = {1, 1}, third[] = {3, 3}, none[] = {0, 0};
    ck_assert_uint_eq(count_among(1, 4, 2, logits, first), 0);
    ck_assert_uint_eq(count_among(2, 4, 2, logits, first), 2);
    ck_assert_uint_eq(count_among(2, 4, 2, logits, second), 2);
    ck_assert_uint_eq(count_among(3, 4, 2, logits, third), 1);
    ck_assert_uint_eq(count_among(4, 4, 2, logits, none), 1); /* its own logit is NaN */
}
END_TEST

/* The one large logit of each example is at its label, far above 255. */
START_TEST(labels_may_be_those_of_many_classes) {
    const size_t classes = 2000, batch = 3;
    const uint16_t labels[] = {1999, 256, 0}, wrapped[] = {1999 - 256 * 7, 0, 256};
    real *logits = empty(classes * batch), *p = empty(classes * batch);
    for (size_t i = 0; i < classes * batch; i++) logits[i] = 0;
    for (size_t n = 0; n < batch; n++) logits[labels[n] * batch + n] = 30;
    ck_assert_uint_eq(count_correct(classes, batch, logits, labels), 3);
    ck_assert_uint_eq(count_correct(classes, batch, logits, wrapped), 0);
    ck_assert(softmax_cross_entropy(classes, batch, logits, labels, p) < REAL(1e-6));
    ck_assert(softmax_cross_entropy(classes, batch, logits, wrapped, p) > REAL(29.0));
}
END_TEST

static const OptimizerSettings optimizer_settings[] = {
    {.kind = OPTIMIZER_ADAM},
    {.kind = OPTIMIZER_ADAM, .weight_decay = 0.1, .beta1 = 0.5, .beta2 = 0.75, .epsilon = 1e-3},
    {.kind = OPTIMIZER_SGD},
    {.kind = OPTIMIZER_SGD, .momentum = 0.9, .weight_decay = 0.01},
    {.kind = OPTIMIZER_SGD, .momentum = 0.9, .nesterov = 1},
    {.kind = OPTIMIZER_RMSPROP},
    {.kind = OPTIMIZER_RMSPROP, .momentum = 0.5, .weight_decay = 0.2, .alpha = 0.5, .epsilon = 0.1},
};
enum { OPTIMIZER_SETTINGS = sizeof optimizer_settings / sizeof *optimizer_settings };

START_TEST(optimizers) {
    enum { COUNT = 37 };
    const OptimizerSettings *settings = &optimizer_settings[_i];
    const real *start = noise(COUNT);
    real *w = empty(COUNT), *m = empty(COUNT), *v = empty(COUNT), *ws = empty(COUNT), *ms = empty(COUNT),
         *vs = empty(COUNT);
    memcpy(w, start, COUNT * sizeof(real));
    memcpy(ws, start, COUNT * sizeof(real));
    for (long step = 1; step < 6; step++) {
        const real *gradient = noise(COUNT);
        const OptimizerStep s = optimizer_step(settings, 0.01, step == 3 ? 0.3 : 1, step);
        optimizer_rules[settings->kind].update(&s, COUNT, gradient, w, m, v);
        slow_optimizer_update(settings->kind, &s, COUNT, gradient, ws, ms, vs);
        same(optimizer_rules[settings->kind].name, COUNT, w, ws);
    }
    same("m", COUNT, m, ms);
    same("v", COUNT, v, vs);
    ck_assert(memcmp(w, start, COUNT * sizeof(real)) != 0);
}
END_TEST

/* What a product says of an example may not depend on the examples beside it. */
START_TEST(columns_are_independent) {
    enum { OUT = 13, IN = 29, BATCH = 100 };
    const real *weight = noise(OUT * IN), *bias = noise(OUT), *x = noise(IN * BATCH);
    real *all = empty(OUT * BATCH), one[OUT], column[IN];
    linear_forward(OUT, IN, BATCH, weight, bias, x, ACTIVATION_RELU, all);
    for (size_t n = 0; n < BATCH; n++) {
        for (size_t i = 0; i < IN; i++) column[i] = x[i * BATCH + n];
        linear_forward(OUT, IN, 1, weight, bias, column, ACTIVATION_RELU, one);
        for (size_t o = 0; o < OUT; o++) same("column", 1, &one[o], &all[o * BATCH + n]);
    }
}
END_TEST

/* Whatever is below zero, however little, becomes zero. */
START_TEST(relu_at_the_edge) {
    const real x[] = {REAL(-1e-38), REAL(-1e-45), REAL(-0.0), 0, REAL(1e-45), REAL(1e-38), -1, 1}, one = 1;
    enum { COUNT = sizeof x / sizeof *x };
    const Convolution conv = {COUNT, 1, 1, CONVOLUTION_ONE_ROW, CONVOLUTION_ONE_ROW};
    real y[COUNT];
    convolution_forward(&conv, x, &one, NULL, ACTIVATION_RELU, y);
    for (int i = 0; i < COUNT; i++) ck_assert(y[i] == (x[i] > 0 ? x[i] : 0));
}
END_TEST

int main(void) {
    Suite *suite = suite_create("kernels");
    TCase *tests = tcase_create("twins");
    tcase_add_test(tests, relu_at_the_edge);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_set_timeout(tests, 60);
    tcase_add_loop_test(tests, products, 0, SIZES);
    tcase_add_test(tests, products_in_parallel);
    tcase_add_loop_test(tests, linear, 0, SIZES);
    tcase_add_loop_test(tests, zero_rows, 0, SIZES);
    tcase_add_loop_test(tests, subnormal_gradients, 0, SIZES);
    tcase_add_test(tests, factors_are_scaled_only_where_that_is_exact);
    tcase_add_loop_test(tests, convolution, 0, CONVOLUTIONS);
    tcase_add_loop_test(tests, pooling, 0, POOLS);
    tcase_add_loop_test(tests, unpooling_is_the_adjoint_of_pooling, 0, POOLS);
    tcase_add_test(tests, pooling_by_hand);
    tcase_add_test(tests, padded_windows_by_hand);
    tcase_add_loop_test(tests, dropout, 0, MASKINGS);
    tcase_add_loop_test(tests, local_response_normalisation, 0, RESPONSES);
    tcase_add_loop_test(tests, batch_normalisation, 0, NORMALISED);
    tcase_add_test(tests, nonlinearities);
    tcase_add_loop_test(tests, sums, 0, SHAPES);
    tcase_add_loop_test(tests, cross_entropy, 0, SHAPES);
    tcase_add_test(tests, first_largest_wins);
    tcase_add_test(tests, labels_are_among_the_largest);
    tcase_add_test(tests, labels_may_be_those_of_many_classes);
    tcase_add_loop_test(tests, optimizers, 0, OPTIMIZER_SETTINGS);
    tcase_add_test(tests, columns_are_independent);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
