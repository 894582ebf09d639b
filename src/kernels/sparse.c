#include "kernels/sparse.h"

#include <string.h>

#include "kernels/micro.h"
#include "kernels/scratch.h"
#include "kernels/threads.h"

/* ---- patterns ---- */

SparsePattern sparse_pattern(size_t out, size_t in, const uint8_t *keep, Arena *arena) {
    SparsePattern p = {.out = out, .in = in};
    for (size_t i = 0; i < out * in; i++) p.count += keep[i] != 0;
    p.row_start = arena_alloc(arena, out + 1, sizeof *p.row_start);
    p.column_start = arena_alloc(arena, in + 1, sizeof *p.column_start);
    p.column = arena_alloc(arena, p.count, sizeof *p.column);
    p.row = arena_alloc(arena, p.count, sizeof *p.row);
    p.position = arena_alloc(arena, p.count, sizeof *p.position);
    uint32_t *at = arena_alloc(arena, out * in, sizeof *at), n = 0;
    for (size_t i = 0; i < out; i++) {
        p.row_start[i] = n;
        for (size_t j = 0; j < in; j++)
            if (keep[i * in + j]) at[i * in + j] = n, p.column[n++] = (uint32_t)j;
    }
    p.row_start[out] = n;
    n = 0;
    for (size_t j = 0; j < in; j++) {
        p.column_start[j] = n;
        for (size_t i = 0; i < out; i++)
            if (keep[i * in + j]) p.position[n] = at[i * in + j], p.row[n++] = (uint32_t)i;
    }
    p.column_start[in] = n;
    return p;
}

void sparse_gather(const SparsePattern *p, const real *dense, real *values) {
    for (size_t i = 0; i < p->out; i++)
        for (uint32_t k = p->row_start[i]; k < p->row_start[i + 1]; k++) values[k] = dense[i * p->in + p->column[k]];
}

void sparse_scatter(const SparsePattern *p, const real *values, real *dense) {
    memset(dense, 0, p->out * p->in * sizeof *dense);
    for (size_t i = 0; i < p->out; i++)
        for (uint32_t k = p->row_start[i]; k < p->row_start[i + 1]; k++) dense[i * p->in + p->column[k]] = values[k];
}

/* ---- products with a dense matrix of columns: a block of columns of one row stays in registers ---- */

typedef struct Lists { /* row i has the entries [start[i], start[i + 1]) of index and values */
    size_t rows;
    const uint32_t *start, *index;
    const real *values;
} Lists;

/* Groups of columns as wide as the compiler keeps apart in registers, in loops whose bounds it knows. */
#define DEFINE_BLOCK(GROUPS, WIDTH)                                                                                    \
    static void block_##GROUPS##_##WIDTH(size_t n, const uint32_t *restrict index, const real *restrict values,        \
                                         const real *restrict x, size_t ldx, real first, Activation activation,        \
                                         real *restrict y) {                                                           \
        enum { groups = GROUPS, width = WIDTH };                                                                       \
        real acc[groups][width];                                                                                       \
        for (size_t i = 0; i < groups; i++) SIMD for (size_t j = 0; j < width; j++) acc[i][j] = first;                 \
        for (size_t k = 0; k < n; k++) {                                                                               \
            const real *restrict row = x + index[k] * ldx, value = values[k];                                          \
            for (size_t i = 0; i < groups; i++)                                                                        \
                SIMD for (size_t j = 0; j < width; j++) acc[i][j] = REAL_FMA(value, row[i * width + j], acc[i][j]);    \
        }                                                                                                              \
        if (activation == ACTIVATION_RELU)                                                                             \
            for (size_t i = 0; i < groups; i++)                                                                        \
                SIMD for (size_t j = 0; j < width; j++) acc[i][j] = acc[i][j] > 0 ? acc[i][j] : 0;                     \
        for (size_t i = 0; i < groups; i++) SIMD for (size_t j = 0; j < width; j++) y[i * width + j] = acc[i][j];      \
    }
DEFINE_BLOCK(6, 16)
DEFINE_BLOCK(4, 16)
DEFINE_BLOCK(2, 16)
DEFINE_BLOCK(1, 16)
DEFINE_BLOCK(1, 4)
DEFINE_BLOCK(1, 1)

typedef void (*Block)(size_t n, const uint32_t *index, const real *values, const real *x, size_t ldx, real first,
                      Activation activation, real *y);
static const struct {
    size_t width;
    Block run;
} blocks[] = {{96, block_6_16}, {64, block_4_16}, {32, block_2_16}, {16, block_1_16}, {4, block_1_4}, {1, block_1_1}};

static void product_rows(const Lists *a, size_t first_row, size_t last_row, size_t batch, const real *bias,
                         const real *x, Activation activation, real *y) {
    size_t c = 0;
    for (size_t b = 0; c < batch; c += blocks[b].width) {
        while (blocks[b].width > batch - c) b++;
        for (size_t i = first_row; i < last_row; i++)
            blocks[b].run(a->start[i + 1] - a->start[i], a->index + a->start[i], a->values + a->start[i], x + c, batch,
                          bias ? bias[i] : 0, activation, y + i * batch + c);
    }
}

enum { ROWS_PER_TASK = 32 };

static void product(const Lists *a, size_t batch, const real *bias, const real *x, Activation activation, real *y) {
    if (!threads_worth(a->start[a->rows] * batch)) {
        product_rows(a, 0, a->rows, batch, bias, x, activation, y);
        return;
    }
#pragma omp parallel for schedule(dynamic)
    for (size_t first = 0; first < a->rows; first += ROWS_PER_TASK) {
        const size_t last = first + ROWS_PER_TASK < a->rows ? first + ROWS_PER_TASK : a->rows;
        product_rows(a, first, last, batch, bias, x, activation, y);
    }
}

void sparse_forward(const SparsePattern *p, size_t batch, const real *values, const real *bias, const real *x,
                    Activation activation, real *y) {
    const Lists rows = {p->out, p->row_start, p->column, values};
    product(&rows, batch, bias, x, activation, y);
}

void sparse_input_gradient(const SparsePattern *p, size_t batch, const real *values, const real *g, real *gx) {
    real *by_columns = scratch_get(SCRATCH_WEIGHTS, p->count, sizeof(real));
    for (size_t k = 0; k < p->count; k++) by_columns[k] = values[p->position[k]];
    const Lists columns = {p->in, p->column_start, p->row, by_columns};
    product(&columns, batch, NULL, g, ACTIVATION_NONE, gx);
}

/* ---- the gradient of the weights: chains over the batch, several of a row side by side ---- */

enum { CHAINS = 8 };

static void chains(size_t batch, const real *g, const real *const x[CHAINS], real out[CHAINS]) {
    real a0 = 0, a1 = 0, a2 = 0, a3 = 0, a4 = 0, a5 = 0, a6 = 0, a7 = 0;
    const real *x0 = x[0], *x1 = x[1], *x2 = x[2], *x3 = x[3], *x4 = x[4], *x5 = x[5], *x6 = x[6], *x7 = x[7];
    for (size_t n = 0; n < batch; n++) {
        const real gn = g[n];
        a0 = REAL_FMA(gn, x0[n], a0);
        a1 = REAL_FMA(gn, x1[n], a1);
        a2 = REAL_FMA(gn, x2[n], a2);
        a3 = REAL_FMA(gn, x3[n], a3);
        a4 = REAL_FMA(gn, x4[n], a4);
        a5 = REAL_FMA(gn, x5[n], a5);
        a6 = REAL_FMA(gn, x6[n], a6);
        a7 = REAL_FMA(gn, x7[n], a7);
    }
    const real sums[CHAINS] = {a0, a1, a2, a3, a4, a5, a6, a7};
    memcpy(out, sums, sizeof sums);
}

static void weight_gradient_row(const SparsePattern *p, size_t i, size_t batch, const real *g, const real *x,
                                real *gw) {
    const real *rows[CHAINS];
    real sums[CHAINS];
    for (uint32_t k = p->row_start[i]; k < p->row_start[i + 1]; k += CHAINS) {
        const uint32_t left = p->row_start[i + 1] - k, n = left < CHAINS ? left : CHAINS;
        for (uint32_t s = 0; s < CHAINS; s++) rows[s] = x + p->column[k + (s < n ? s : 0)] * batch;
        chains(batch, g + i * batch, rows, sums);
        memcpy(gw + k, sums, n * sizeof *gw);
    }
}

void sparse_weight_gradient(const SparsePattern *p, size_t batch, const real *g, const real *x, real *gw) {
    if (!threads_worth(p->count * batch)) {
        for (size_t i = 0; i < p->out; i++) weight_gradient_row(p, i, batch, g, x, gw);
        return;
    }
#pragma omp parallel for schedule(dynamic, ROWS_PER_TASK)
    for (size_t i = 0; i < p->out; i++) weight_gradient_row(p, i, batch, g, x, gw);
}

/* ---- dense or sparse: entries per hundred of the matrix below which the sparse kernel is the faster one ---- */

enum { PRODUCT_PERCENT = 30, WEIGHT_GRADIENT_PERCENT = 11 };

static int sparser_than(const SparsePattern *p, size_t percent) {
    return p->count * 100 <= p->out * p->in * percent;
}

static real *dense_weights(const SparsePattern *p, const real *values) {
    real *dense = scratch_get(SCRATCH_SPARSE, p->out * p->in, sizeof(real));
    if (values) sparse_scatter(p, values, dense);
    return dense;
}

void masked_forward(const SparsePattern *p, size_t batch, const real *values, const real *bias, const real *x,
                    Activation activation, real *y) {
    if (sparser_than(p, PRODUCT_PERCENT) || !bias)
        sparse_forward(p, batch, values, bias, x, activation, y);
    else
        linear_forward(p->out, p->in, batch, dense_weights(p, values), bias, x, activation, y);
}

void masked_input_gradient(const SparsePattern *p, size_t batch, const real *values, const real *g, real *gx) {
    if (sparser_than(p, PRODUCT_PERCENT))
        sparse_input_gradient(p, batch, values, g, gx);
    else
        gemm_tn(p->in, batch, p->out, dense_weights(p, values), p->in, g, batch, gx, batch, 0);
}

void masked_weight_gradient(const SparsePattern *p, size_t batch, const real *g, const real *x, real *gw) {
    if (sparser_than(p, WEIGHT_GRADIENT_PERCENT)) {
        sparse_weight_gradient(p, batch, g, x, gw);
        return;
    }
    real *dense = dense_weights(p, NULL);
    gemm_nt(p->out, p->in, batch, g, batch, x, batch, dense, p->in, 0);
    sparse_gather(p, dense, gw);
}
