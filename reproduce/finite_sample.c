/* A network of two layers and 2 n + d weights fits any n labels (Zhang et al. 2017, Theorem 1, whose proof is this
 * construction).
 *
 * The network is c(x) = sum_j w_j max(a.x - b_j, 0): a has d weights, b and w have n each.  a is random and normal; with
 * z_1 < ... < z_n the sorted projections a.x of the n examples, b_1 = z_1 - 1 and b_j lies in the middle of z_(j-1) and z_j.
 * Then the matrix max(z_i - b_j, 0) is lower triangular with a positive diagonal, and w follows by forward substitution.
 * The labels to fit are the numbers of classes, of which a prediction is the nearest.  Binary64.
 *
 * The first n signals of the training set of MNIST-1D; recorded are weights, 2 n + d; largest_train_error, the greatest
 * |c(x) - y| over them; errors in per cent.  The seed draws a and the labels. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data/fresh_test.h"
#include "data/label_noise.h"
#include "registry.h"

enum { OF_LABELS, OF_PROJECTION }; /* streams of the seed */

static const Parameter parameters[] = {
    {"examples", PARAMETER_INTEGER, "4000", 1, 4000, NULL, "n", NULL},
    {"label-corruption", PARAMETER_REAL, "1", 0, 1, NULL, "probability that a training label is drawn anew", NULL},
    FRESH_TEST_PARAMETER,
    {NULL, PARAMETER_REAL, NULL, 0, 0, NULL, NULL, NULL}};

typedef struct Shallow {
    size_t n, d;
    double *a, *b, *w; /* [d], [n], [n] */
} Shallow;

static double projection(const Shallow *net, const double *x) {
    double z = 0;
    for (size_t i = 0; i < net->d; i++) z = fma(net->a[i], x[i], z);
    return z;
}

/* The output where the projection is z, by the first `units` hidden units. */
static double output(const Shallow *net, size_t units, double z) {
    double sum = 0;
    for (size_t j = 0; j < units && net->b[j] < z; j++) sum = fma(net->w[j], z - net->b[j], sum);
    return sum;
}

typedef struct Projected {
    double z;
    uint8_t label;
} Projected;

static int ascending(const void *a, const void *b) {
    const double x = ((const Projected *)a)->z, y = ((const Projected *)b)->z;
    return (x > y) - (x < y);
}

/* Sorts the examples.  -1 when two have the same projection. */
static int construct(Shallow *net, Projected *examples, Error *error) {
    const size_t n = net->n;
    qsort(examples, n, sizeof *examples, ascending);
    for (size_t i = 0; i < n; i++) {
        const double z = examples[i].z;
        net->b[i] = i ? examples[i - 1].z + (z - examples[i - 1].z) / 2 : z - 1;
        if (!(net->b[i] < z)) return error_set(error, "two signals have the same projection; take another seed");
        net->w[i] = (examples[i].label - output(net, i, z)) / (z - net->b[i]);
    }
    return 0;
}

static double error_of(const Shallow *net, size_t n, const Projected *examples, double *largest) {
    size_t wrong = 0;
    *largest = 0;
    for (size_t i = 0; i < n; i++) {
        const double off = fabs(output(net, net->n, examples[i].z) - examples[i].label);
        wrong += off < 0.5 ? 0 : 1;
        if (!(off <= *largest)) *largest = off;
    }
    return 100 * (double)wrong / (double)n;
}

static Projected *project(const Shallow *net, size_t n, const double *rows, const uint8_t *labels, Arena *arena) {
    Projected *examples = arena_alloc(arena, n, sizeof *examples);
    for (size_t i = 0; i < n; i++) examples[i] = (Projected){projection(net, rows + i * net->d), labels[i]};
    return examples;
}

static void record_fresh(const Shallow *net, const Mnist1dPart *fresh, Arena *arena, Record *record) {
    double *rows = arena_alloc(arena, fresh->n * net->d, sizeof *rows), largest;
    for (size_t i = 0; i < fresh->n * net->d; i++) rows[i] = (double)fresh->rows[i];
    const Projected *examples = project(net, fresh->n, rows, fresh->labels, arena);
    record_metric(record, "fresh_test_error", error_of(net, fresh->n, examples, &largest));
}

static int run_cell(const Cell *cell, Arena *arena, Record *record, Error *error) {
    const Mnist1dOptions options = mnist1d_defaults();
    const size_t n = (size_t)cell_integer(cell, "examples");
    Mnist1d raw;
    Mnist1dPart fresh;
    Philox draws;
    double largest, ignored;
    if (mnist1d_make(&options, arena, &raw, error)) return -1;
    if (fresh_test_make((size_t)cell_integer(cell, "fresh-examples"), &options, &raw, arena, &fresh, error)) return -1;
    Shallow net = {.n = n,
                   .d = raw.length,
                   .a = arena_alloc(arena, raw.length, sizeof(double)),
                   .b = arena_alloc(arena, n, sizeof(double)),
                   .w = arena_alloc(arena, n, sizeof(double))};
    philox_seed(&draws, cell_seed(cell), OF_LABELS);
    label_noise_apply_philox(&draws, cell_real(cell, "label-corruption"), MNIST1D_CLASSES, n, raw.y);
    philox_seed(&draws, cell_seed(cell), OF_PROJECTION);
    for (size_t i = 0; i < net.d; i++) net.a[i] = philox_normal(&draws, i);
    Projected *train = project(&net, n, raw.x, raw.y, arena);
    if (construct(&net, train, error)) return -1;
    record_metric(record, "weights", (double)(2 * net.n + net.d));
    record_metric(record, "train_error", error_of(&net, n, train, &largest));
    record_metric(record, "largest_train_residual", largest);
    const Projected *test = project(&net, raw.n_test, raw.x_test, raw.y_test, arena);
    record_metric(record, "test_error", error_of(&net, raw.n_test, test, &ignored));
    if (fresh.n) record_fresh(&net, &fresh, arena, record);
    return 0;
}

static double cost(const Cell *cell) {
    const double n = (double)cell_integer(cell, "examples");
    return 0.3 + n * (2 * n + 1000 + (double)cell_integer(cell, "fresh-examples")) * 2e-9;
}

const Method finite_sample = {.name = "finite-sample",
                              .title = "A network of 2n + d weights that fits any labels",
                              .parameters = parameters,
                              .smoke = "examples=50 fresh-examples=500",
                              .run = run_cell,
                              .cost = cost,
                              .source = "reproduce/finite_sample.c"};
