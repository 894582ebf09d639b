#include "kernels/sparse.h"

#include <string.h>
#if defined(__AVX512F__) && !defined(REAL_IS_DOUBLE)
#include <immintrin.h>
#define LANES_OF_TILES 1
#else
#define LANES_OF_TILES 0
#endif

#include "kernels/micro.h"
#include "kernels/scratch.h"
#include "kernels/threads.h"

/* ---- patterns ---- */

static size_t tiles_of(size_t n) {
    return (n + SPARSE_TILE - 1) / SPARSE_TILE;
}

/* Append the weights of one tile, filled up with empty lanes; the number of groups after it. */
static uint32_t append_tile(SparsePattern *p, const uint32_t *at, size_t first_row, size_t first_column,
                            uint32_t groups) {
    uint32_t lane = groups * SPARSE_TILE;
    for (size_t i = first_row; i < first_row + SPARSE_TILE && i < p->out; i++)
        for (size_t j = first_column; j < first_column + SPARSE_TILE && j < p->in; j++) {
            if (at[i * p->in + j] == UINT32_MAX) continue;
            p->lane_row[lane] = (int32_t)(i - first_row);
            p->lane_column[lane] = (int32_t)(j - first_column);
            p->lane_value[lane++] = at[i * p->in + j];
        }
    for (; lane % SPARSE_TILE; lane++) {
        p->lane_row[lane] = p->lane_column[lane] = 0;
        p->lane_value[lane] = (uint32_t)p->count;
    }
    return lane / SPARSE_TILE;
}

static void make_tiles(SparsePattern *p, const uint32_t *at, Arena *arena) {
    const size_t rows = tiles_of(p->out), columns = tiles_of(p->in);
    const size_t lanes = p->count + rows * columns * (SPARSE_TILE - 1); /* at most */
    uint32_t groups = 0;
    p->tile_start = arena_alloc(arena, rows * columns + 1, sizeof *p->tile_start);
    p->lane_row = arena_alloc(arena, lanes, sizeof *p->lane_row);
    p->lane_column = arena_alloc(arena, lanes, sizeof *p->lane_column);
    p->lane_value = arena_alloc(arena, lanes, sizeof *p->lane_value);
    for (size_t t = 0; t < rows * columns; t++) {
        p->tile_start[t] = groups;
        groups = append_tile(p, at, t / columns * SPARSE_TILE, t % columns * SPARSE_TILE, groups);
    }
    p->tile_start[rows * columns] = groups;
}

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
        for (size_t j = 0; j < in; j++) {
            at[i * in + j] = keep[i * in + j] ? n : UINT32_MAX;
            if (keep[i * in + j]) p.column[n++] = (uint32_t)j;
        }
    }
    p.row_start[out] = n;
    n = 0;
    for (size_t j = 0; j < in; j++) {
        p.column_start[j] = n;
        for (size_t i = 0; i < out; i++)
            if (keep[i * in + j]) p.position[n] = at[i * in + j], p.row[n++] = (uint32_t)i;
    }
    p.column_start[in] = n;
    if (LANES_OF_TILES) make_tiles(&p, at, arena);
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
/* A batch of 100, or of 500, in one kind of block: four columns more beside the six groups cost less than alone. */
static void block_100(size_t n, const uint32_t *restrict index, const real *restrict values, const real *restrict x,
                      size_t ldx, real first, Activation activation, real *restrict y) {
    enum { groups = 6, width = 16, tail = 4, wide = groups * width };
    real acc[groups][width], last[tail];
    for (size_t i = 0; i < groups; i++) SIMD for (size_t j = 0; j < width; j++) acc[i][j] = first;
    SIMD for (size_t j = 0; j < tail; j++) last[j] = first;
    for (size_t k = 0; k < n; k++) {
        const real *restrict row = x + index[k] * ldx, value = values[k];
        for (size_t i = 0; i < groups; i++)
            SIMD for (size_t j = 0; j < width; j++) acc[i][j] = REAL_FMA(value, row[i * width + j], acc[i][j]);
        SIMD for (size_t j = 0; j < tail; j++) last[j] = REAL_FMA(value, row[wide + j], last[j]);
    }
    if (activation == ACTIVATION_RELU) {
        for (size_t i = 0; i < groups; i++)
            SIMD for (size_t j = 0; j < width; j++) acc[i][j] = acc[i][j] > 0 ? acc[i][j] : 0;
        SIMD for (size_t j = 0; j < tail; j++) last[j] = last[j] > 0 ? last[j] : 0;
    }
    for (size_t i = 0; i < groups; i++) SIMD for (size_t j = 0; j < width; j++) y[i * width + j] = acc[i][j];
    SIMD for (size_t j = 0; j < tail; j++) y[wide + j] = last[j];
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
} blocks[] = {{100, block_100}, {96, block_6_16}, {64, block_4_16}, {32, block_2_16},
              {16, block_1_16}, {4, block_1_4},   {1, block_1_1}};

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

#if LANES_OF_TILES
/* Sixteen weights of a tile side by side, whichever they are: their g and x are picked by permutation from panels of 16
 * rows, transposed, so that a column of the batch is one vector.  The chains are those above. */

/* panels[tile][batch][SPARSE_TILE] from a[rows][batch]; rows that are missing are 0. */
static void transpose_panels(size_t rows, size_t batch, const real *a, real *panels) {
    for (size_t first = 0; first < rows; first += SPARSE_TILE, panels += batch * SPARSE_TILE) {
        const size_t n = rows - first < SPARSE_TILE ? rows - first : SPARSE_TILE;
        if (n < SPARSE_TILE) memset(panels, 0, batch * SPARSE_TILE * sizeof *panels);
        transpose(n, batch, a + first * batch, batch, panels, SPARSE_TILE);
    }
}

/* GROUPS groups from the first on. */
#define DEFINE_LANES(GROUPS)                                                                                           \
    static void lanes_##GROUPS(const SparsePattern *p, size_t first, size_t batch, const real *g, const real *x,       \
                               real *gw) {                                                                             \
        __m512i row[GROUPS], column[GROUPS];                                                                           \
        __m512 acc[GROUPS];                                                                                            \
        for (size_t i = 0; i < GROUPS; i++) {                                                                          \
            row[i] = _mm512_loadu_si512(p->lane_row + (first + i) * SPARSE_TILE);                                      \
            column[i] = _mm512_loadu_si512(p->lane_column + (first + i) * SPARSE_TILE);                                \
            acc[i] = _mm512_setzero_ps();                                                                              \
        }                                                                                                              \
        for (size_t n = 0; n < batch; n++) {                                                                           \
            const __m512 gn = _mm512_loadu_ps(g + n * SPARSE_TILE), xn = _mm512_loadu_ps(x + n * SPARSE_TILE);         \
            for (size_t i = 0; i < GROUPS; i++)                                                                        \
                acc[i] =                                                                                               \
                    _mm512_fmadd_ps(_mm512_permutexvar_ps(row[i], gn), _mm512_permutexvar_ps(column[i], xn), acc[i]);  \
        }                                                                                                              \
        for (size_t i = 0; i < GROUPS; i++) {                                                                          \
            real sums[SPARSE_TILE];                                                                                    \
            const uint32_t *value = p->lane_value + (first + i) * SPARSE_TILE;                                         \
            _mm512_storeu_ps(sums, acc[i]);                                                                            \
            for (size_t k = 0; k < SPARSE_TILE && value[k] < p->count; k++) gw[value[k]] = sums[k];                    \
        }                                                                                                              \
    }
DEFINE_LANES(1)
DEFINE_LANES(2)
DEFINE_LANES(3)
DEFINE_LANES(4)
static void (*const lanes[])(const SparsePattern *p, size_t first, size_t batch, const real *g, const real *x,
                             real *gw) = {lanes_1, lanes_2, lanes_3, lanes_4};

static void weight_gradient_tile(const SparsePattern *p, size_t tile, size_t batch, const real *g, const real *x,
                                 real *gw) {
    const size_t columns = tiles_of(p->in), panel = batch * SPARSE_TILE;
    for (size_t at = p->tile_start[tile], end = p->tile_start[tile + 1]; at < end;) {
        const size_t n = end - at < 4 ? end - at : 4;
        lanes[n - 1](p, at, batch, g + tile / columns * panel, x + tile % columns * panel, gw);
        at += n;
    }
}

static void weight_gradient_tiles(const SparsePattern *p, size_t batch, const real *g, const real *x, real *gw) {
    const size_t rows = tiles_of(p->out), columns = tiles_of(p->in), panel = batch * SPARSE_TILE;
    real *g_panels = scratch_get(SCRATCH_SPARSE, (rows + columns) * panel, sizeof(real));
    real *x_panels = g_panels + rows * panel;
    transpose_panels(p->out, batch, g, g_panels);
    transpose_panels(p->in, batch, x, x_panels);
    if (!threads_worth(p->count * batch)) {
        for (size_t t = 0; t < rows * columns; t++) weight_gradient_tile(p, t, batch, g_panels, x_panels, gw);
        return;
    }
#pragma omp parallel for schedule(dynamic, ROWS_PER_TASK)
    for (size_t t = 0; t < rows * columns; t++) weight_gradient_tile(p, t, batch, g_panels, x_panels, gw);
}
#endif

void sparse_weight_gradient(const SparsePattern *p, size_t batch, const real *g, const real *x, real *gw) {
#if LANES_OF_TILES
    if (p->count * 100 > p->out * p->in * 4) { /* fewer do not pay for the panels */
        weight_gradient_tiles(p, batch, g, x, gw);
        return;
    }
#endif
    if (!threads_worth(p->count * batch)) {
        for (size_t i = 0; i < p->out; i++) weight_gradient_row(p, i, batch, g, x, gw);
        return;
    }
#pragma omp parallel for schedule(dynamic, ROWS_PER_TASK)
    for (size_t i = 0; i < p->out; i++) weight_gradient_row(p, i, batch, g, x, gw);
}

/* ---- dense or sparse: entries per hundred of the matrix below which the sparse kernel is the faster one ---- */

enum { PRODUCT_PERCENT = 38, WEIGHT_GRADIENT_PERCENT = LANES_OF_TILES ? 40 : 11 };

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
