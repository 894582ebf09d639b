#include "analysis/linear_probe.h"

#include <math.h>
#include <string.h>

#include "analysis/vector64.h"
#include "exact/exact.h"
#include "kernels/parts.h"
#include "kernels/simd.h"
#include "kernels/threads.h"

enum { BLOCK = 256 }; /* rows that a task takes; a part of the chain's definition */

LinearProbeOptions linear_probe_optimum(void) {
    LinearProbeOptions options = {.c = 1.0, .lbfgs = lbfgs_defaults()};
    options.lbfgs.history = 30;
    options.lbfgs.gradient_tolerance = 1e-6;
    return options;
}

LinearProbeOptions linear_probe_as_sklearn(void) {
    return (LinearProbeOptions){
        .c = 1.0,
        .lbfgs = {.history = 10, .iterations = 1000, .gradient_tolerance = 1e-2, .decrease_tolerance = 1e7 * 0x1p-52}};
}

/* Standardised rows by blocks: element (i, j) at x[block][j][i % BLOCK], so that loops run over rows; behind the last row
 * there are zeros.  Classes are taken in groups, whose sums stay in registers; behind the last class there are zeros. */
enum { GROUP = 5, STRIDE = BLOCK + 8 /* from feature to feature: a power of two would have few places in the cache */ };
typedef struct Problem {
    size_t n, length, classes, padded /* to whole groups */, blocks;
    double *x;
    const uint16_t *labels;
    double penalty;         /* 1 / C */
    double *losses;         /* [blocks] */
    double *parts;          /* [blocks][classes][length + 1]: each block's gradient */
    double *weights, *bias; /* [padded][length], [padded] */
} Problem;

static size_t block_rows(const Problem *p, size_t block) {
    return at_most(p->n - block * BLOCK, BLOCK);
}

/* mean and scale of a column: sums of lanes over rows.  Constant as scikit-learn tests it: a variance that rounding
 * alone explains. */
static void standardise_column(const Rows *rows, size_t column, double *values, double *mean, double *scale) {
    const double n = (double)rows->n;
    for (size_t i = 0; i < rows->n; i++) values[i] = rows_at(rows, i, column);
    *mean = vector64_total(rows->n, values) / n;
    for (size_t i = 0; i < rows->n; i++) values[i] -= *mean;
    const double shift = vector64_total(rows->n, values) / n; /* what rounding left in the mean */
    const double variance = fmax(0.0, vector64_dot(rows->n, values, values) / n - shift * shift);
    const double rounding = n * 0x1p-52 * variance + (n * *mean * 0x1p-52) * (n * *mean * 0x1p-52);
    *scale = variance <= rounding ? 1.0 : sqrt(variance);
}

/* Scores of the classes of a group for all rows of a block: chains of fma over the features, from the bias. */
static void group_scores(size_t length, const double *w, const double *bias, const double *x, double scores[][BLOCK]) {
    ASSUME_POSITIVE(length);
    for (size_t i = 0; i < BLOCK; i += VECTOR64_LANES) {
        double sums[GROUP][VECTOR64_LANES];
        UNROLL_ALL for (size_t c = 0; c < GROUP; c++) SIMD for (size_t l = 0; l < VECTOR64_LANES; l++) sums[c][l] =
            bias[c];
        for (size_t j = 0; j < length; j++) {
            const double *restrict row = x + j * STRIDE + i;
            UNROLL for (size_t c = 0; c < GROUP; c++) SIMD for (size_t l = 0; l < VECTOR64_LANES; l++) sums[c][l] =
                fma(w[c * length + j], row[l], sums[c][l]);
        }
        UNROLL_ALL for (size_t c = 0; c < GROUP; c++) SIMD for (size_t l = 0; l < VECTOR64_LANES; l++)
            scores[c][i + l] = sums[c][l];
    }
}

/* vector64_dot of one feature with the scores of each class of a group, over the rows up to a multiple of the lanes. */
static void group_dots(size_t rows, const double scores[][BLOCK], const double *x, double dots[GROUP]) {
    double sums[GROUP][VECTOR64_LANES];
    UNROLL_ALL for (size_t c = 0; c < GROUP; c++) SIMD for (size_t l = 0; l < VECTOR64_LANES; l++) sums[c][l] = 0.0;
    ASSUME_POSITIVE(rows);
    for (size_t i = 0; i < rows; i += VECTOR64_LANES)
        UNROLL for (size_t c = 0; c < GROUP; c++) SIMD for (size_t l = 0; l < VECTOR64_LANES; l++) sums[c][l] =
            fma(scores[c][i + l], x[i + l], sums[c][l]);
    double lanes[GROUP][VECTOR64_LANES]; /* sums whose address is taken would not stay in registers */
    UNROLL_ALL for (size_t c = 0; c < GROUP; c++) SIMD for (size_t l = 0; l < VECTOR64_LANES; l++) lanes[c][l] =
        sums[c][l];
    for (size_t c = 0; c < GROUP; c++) dots[c] = vector64_lanes_sum(lanes[c]);
}

static void block_loss(const void *context, size_t block) {
    const Problem *p = context;
    const size_t rows = block_rows(p, block), classes = p->classes, length = p->length;
    const double *x = p->x + block * length * STRIDE;
    double(*scores)[BLOCK] = memory_alloc(p->padded, sizeof *scores);
    double lanes[VECTOR64_LANES] = {0};
    for (size_t c = 0; c < p->padded; c += GROUP)
        group_scores(length, p->weights + c * length, p->bias + c, x, scores + c);
    for (size_t i = 0; i < rows; i++) { /* scores become the derivatives of the loss by them */
        const size_t label = p->labels[block * BLOCK + i];
        double most = scores[0][i], sum = 0.0;
        for (size_t c = 1; c < classes; c++) most = scores[c][i] > most ? scores[c][i] : most;
        const double score = scores[label][i] - most;
        for (size_t c = 0; c < classes; c++) sum += scores[c][i] = exact_exp(scores[c][i] - most);
        for (size_t c = 0; c < classes; c++) scores[c][i] /= sum;
        scores[label][i] -= 1.0;
        lanes[i % VECTOR64_LANES] += exact_log(sum) - score;
    }
    for (size_t c = 0; c < classes; c++)
        for (size_t i = rows; i < BLOCK; i++) scores[c][i] = 0.0;
    p->losses[block] = vector64_lanes_sum(lanes);
    double *part = p->parts + block * classes * (length + 1);
    for (size_t first = 0; first < classes; first += GROUP)
        for (size_t j = 0; j < length; j++) {
            double dots[GROUP];
            group_dots(rows, (const double(*)[BLOCK])(scores + first), x + j * STRIDE, dots);
            for (size_t c = first; c < classes && c < first + GROUP; c++) part[c * length + j] = dots[c - first];
        }
    for (size_t c = 0; c < classes; c++) part[classes * length + c] = vector64_total(rows, scores[c]);
    memory_free(scores);
}

/* parameters: [classes][length], then [classes] */
static double loss(void *context, const double *parameters, double *gradient) {
    Problem *p = context;
    const size_t n_weights = p->classes * p->length, n = n_weights + p->classes;
    memcpy(p->weights, parameters, n_weights * sizeof *parameters);
    memcpy(p->bias, parameters + n_weights, p->classes * sizeof *parameters);
    threads_run(p->blocks, threads_worth(2 * p->n * n_weights), block_loss, p);
    double value = 0.0;
    for (size_t i = 0; i < n; i++) gradient[i] = i < n_weights ? p->penalty * parameters[i] : 0.0;
    for (size_t block = 0; block < p->blocks; block++) {
        value += p->losses[block];
        vector64_add_scaled(n, 1.0, p->parts + block * n, gradient);
    }
    return fma(0.5 * p->penalty, vector64_dot(n_weights, parameters, parameters), value);
}

static int check(const Rows *rows, const uint16_t *labels, size_t classes, Error *error) {
    if (rows->n == 0 || rows->length == 0)
        return error_set(error, "a linear probe needs rows with features, got %zu rows of %zu", rows->n, rows->length);
    if (classes < 2) return error_set(error, "a linear probe needs at least 2 classes, got %zu", classes);
    for (size_t i = 0; i < rows->n; i++)
        if (labels[i] >= classes)
            return error_set(error, "label %u of row %zu is not below the number of classes, %zu", (unsigned)labels[i],
                             i, classes);
    return rows_check_finite(rows, error);
}

int linear_probe_fit(const Rows *rows, const uint16_t *labels, size_t classes, const LinearProbeOptions *options,
                     Arena *arena, LinearProbe *probe, Error *error) {
    if (check(rows, labels, classes, error)) return -1;
    const size_t length = rows->length, n = classes * (length + 1), blocks = parts_of(rows->n, BLOCK);
    Problem p = {.n = rows->n, .length = length, .classes = classes, .blocks = blocks, .labels = labels};
    p.penalty = 1.0 / options->c;
    *probe = (LinearProbe){.length = length, .classes = classes};
    probe->mean = arena_alloc(arena, length, sizeof(double));
    probe->scale = arena_alloc(arena, length, sizeof(double));
    probe->weights = arena_alloc_zero(arena, n, sizeof(double));
    probe->bias = probe->weights + classes * length;
    Arena *work = arena_create(0);
    double *column = arena_alloc(work, rows->n, sizeof *column);
    p.x = arena_alloc_zero(work, blocks * length * STRIDE, sizeof(double));
    p.losses = arena_alloc(work, blocks, sizeof(double));
    p.parts = arena_alloc(work, blocks * n, sizeof(double));
    p.padded = parts_of(classes, GROUP) * GROUP;
    p.weights = arena_alloc_zero(work, p.padded * (length + 1), sizeof(double));
    p.bias = p.weights + p.padded * length;
    for (size_t j = 0; j < length; j++) {
        standardise_column(rows, j, column, &probe->mean[j], &probe->scale[j]);
        for (size_t i = 0; i < rows->n; i++)
            p.x[(i / BLOCK * length + j) * STRIDE + i % BLOCK] = column[i] / probe->scale[j];
    }
    probe->fit = lbfgs_minimize(n, loss, &p, &options->lbfgs, probe->weights);
    arena_destroy(work);
    return 0;
}

void linear_probe_predict(const LinearProbe *probe, const Rows *rows, uint16_t *labels) {
    double *x = memory_alloc(probe->length, sizeof *x);
    for (size_t i = 0; i < rows->n; i++) {
        double most = 0.0;
        for (size_t j = 0; j < probe->length; j++) x[j] = (rows_at(rows, i, j) - probe->mean[j]) / probe->scale[j];
        for (size_t c = 0; c < probe->classes; c++) {
            const double score = probe->bias[c] + vector64_dot(probe->length, probe->weights + c * probe->length, x);
            if (c > 0 && !(score > most)) continue;
            most = score;
            labels[i] = (uint16_t)c;
        }
    }
    memory_free(x);
}
