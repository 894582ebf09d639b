#include "kernels/sparse.h"

#include <string.h>
#if defined(__AVX512F__) && !defined(REAL_IS_DOUBLE)
#include <immintrin.h>
#define LANES_OF_TILES 1
#else
#define LANES_OF_TILES 0
#endif

#include "kernels/linear.h"
#include "kernels/nonzero_rows.h"
#include "kernels/parts.h"
#include "kernels/reduce.h"
#include "kernels/scratch.h"
#include "kernels/simd.h"
#include "kernels/subnormal.h"
#include "kernels/threads.h"

/* ---- patterns ---- */

/* The weights by tiles, each padded with empty lanes to whole groups; at[out][in]: which of the values, or
 * UINT32_MAX. */
static void make_tiles(SparsePattern *p, const uint32_t *at, Arena *arena) {
    const size_t rows = parts_of(p->out, SPARSE_TILE), columns = parts_of(p->in, SPARSE_TILE);
    const size_t most = p->count + rows * columns * (SPARSE_TILE - 1);
    uint32_t lane = 0;
    p->tile_start = arena_alloc(arena, rows * columns + 1, sizeof *p->tile_start);
    p->lane_row = arena_alloc(arena, most, sizeof *p->lane_row);
    p->lane_column = arena_alloc(arena, most, sizeof *p->lane_column);
    p->lane_value = arena_alloc(arena, most, sizeof *p->lane_value);
    for (size_t t = 0; t < rows * columns; t++) {
        const size_t first_row = t / columns * SPARSE_TILE, first_column = t % columns * SPARSE_TILE;
        p->tile_start[t] = lane / SPARSE_TILE;
        for (size_t i = first_row; i < at_most(first_row + SPARSE_TILE, p->out); i++)
            for (size_t j = first_column; j < at_most(first_column + SPARSE_TILE, p->in); j++) {
                if (at[i * p->in + j] == UINT32_MAX) continue;
                p->lane_row[lane] = (int32_t)(i - first_row);
                p->lane_column[lane] = (int32_t)(j - first_column);
                p->lane_value[lane++] = at[i * p->in + j];
            }
        for (; lane % SPARSE_TILE; lane++) {
            p->lane_row[lane] = p->lane_column[lane] = 0;
            p->lane_value[lane] = (uint32_t)p->count;
        }
    }
    p->tile_start[rows * columns] = lane / SPARSE_TILE;
}

/* STRIP columns of a block of the batch are about as much as the first-level cache holds; a list shorter than SHORTEST
 * does not pay for beginning it. */
enum { STRIP = 64, SHORTEST = 12 };

static size_t strip_of(size_t rows, size_t columns, size_t count) {
    for (size_t strip = STRIP; strip <= 2 * STRIP && strip < columns; strip *= 2)
        if (count * strip >= SHORTEST * rows * columns) return strip;
    return columns;
}

static size_t strips_of(const SparseLists *lists) {
    return lists->columns ? parts_of(lists->columns, lists->strip) : 1;
}

/* Entry (i, j) is keep[i * row_stride + j * column_stride]; where[n] is the place of entry n in keep. */
static SparseLists make_lists(size_t rows, size_t columns, size_t count, const uint8_t *keep, size_t row_stride,
                              size_t column_stride, uint32_t *where, Arena *arena) {
    SparseLists lists = {.rows = rows, .columns = columns, .strip = strip_of(rows, columns, count)};
    uint32_t n = 0;
    lists.start = arena_alloc(arena, strips_of(&lists) * rows + 1, sizeof *lists.start);
    lists.column = arena_alloc(arena, count, sizeof *lists.column);
    for (size_t list = 0; list < strips_of(&lists) * rows; list++) {
        const size_t first = list / rows * lists.strip, i = list % rows;
        lists.start[list] = n;
        for (size_t j = first; j < first + lists.strip && j < columns; j++) {
            const size_t place = i * row_stride + j * column_stride;
            if (!keep[place]) continue;
            where[n] = (uint32_t)place;
            lists.column[n++] = (uint32_t)j;
        }
    }
    lists.start[strips_of(&lists) * rows] = n;
    return lists;
}

SparsePattern sparse_pattern(size_t out, size_t in, const uint8_t *keep, Arena *arena) {
    SparsePattern p = {.out = out, .in = in};
    for (size_t i = 0; i < out * in; i++) p.count += keep[i] != 0;
    uint32_t *at = arena_alloc(arena, out * in, sizeof *at);
    uint32_t *where = arena_alloc(arena, p.count, sizeof *where);
    p.by_rows = make_lists(out, in, p.count, keep, in, 1, where, arena);
    memset(at, 0xff, out * in * sizeof *at);
    for (uint32_t n = 0; n < p.count; n++) at[where[n]] = n;
    p.by_columns = make_lists(in, out, p.count, keep, 1, in, where, arena);
    p.position = where;
    for (size_t n = 0; n < p.count; n++) p.position[n] = at[where[n]];
    if (LANES_OF_TILES) make_tiles(&p, at, arena);
    return p;
}

void sparse_gather(const SparsePattern *p, const real *dense, real *values) {
    const SparseLists *lists = &p->by_rows;
    for (size_t list = 0; list < strips_of(lists) * p->out; list++) {
        const real *row = dense + list % p->out * p->in;
        for (uint32_t n = lists->start[list]; n < lists->start[list + 1]; n++) values[n] = row[lists->column[n]];
    }
}

void sparse_scatter(const SparsePattern *p, const real *values, real *dense) {
    const SparseLists *lists = &p->by_rows;
    memset(dense, 0, p->out * p->in * sizeof *dense);
    for (size_t list = 0; list < strips_of(lists) * p->out; list++) {
        real *row = dense + list % p->out * p->in;
        for (uint32_t n = lists->start[list]; n < lists->start[list + 1]; n++) row[lists->column[n]] = values[n];
    }
}

/* ---- products with a dense matrix of columns: a block of columns of one row stays in registers ---- */

#ifdef __AVX512F__
enum { MOST_GROUPS = 8 };
#else
enum { MOST_GROUPS = 6 };
#endif
enum { GROUP = 16, MOST_COLUMNS = MOST_GROUPS * GROUP };

/* A block of columns of a product. */
typedef struct Block {
    const SparseLists *lists;
    const real *values, *bias; /* bias NULL: chains start from 0 */
    const real *x;
    real *y;
    size_t columns, x_stride, y_stride, x_last, y_last; /* .._last: first column of the last group, which in y begins
                                                         * within the group before: computed twice, to the same bits */
    Activation activation;
} Block;

#define EACH_GROUP UNROLL for (size_t v = 0; v < groups; v++) SIMD for (size_t j = 0; j < GROUP; j++)
#define AT(last) (v + 1 < groups ? v * GROUP : (last)) + j

/* Rows [first, end) of one strip, with the number of groups known to the compiler. */
#define DEFINE_STRIP(GROUPS)                                                                                           \
    static void strip_##GROUPS(const Block *block, size_t strip, size_t first, size_t end) {                           \
        enum { groups = GROUPS };                                                                                      \
        const uint32_t *start = block->lists->start + strip * block->lists->rows, *column = block->lists->column;      \
        const real *restrict x = block->x, *restrict values = block->values;                                           \
        const size_t x_stride = block->x_stride, x_last = block->x_last, y_last = block->y_last;                       \
        const int finish = block->activation == ACTIVATION_RELU && strip + 1 == strips_of(block->lists);               \
        for (size_t i = first; i < end; i++) {                                                                         \
            real acc[groups][GROUP], *restrict y = block->y + i * block->y_stride;                                     \
            const real begin = block->bias ? block->bias[i] : 0;                                                       \
            if (strip == 0) {                                                                                          \
                EACH_GROUP acc[v][j] = begin;                                                                          \
            } else {                                                                                                   \
                EACH_GROUP acc[v][j] = y[AT(y_last)];                                                                  \
            }                                                                                                          \
            for (uint32_t n = start[i]; n < start[i + 1]; n++) {                                                       \
                const real *restrict row = x + column[n] * x_stride, value = values[n];                                \
                EACH_GROUP acc[v][j] = REAL_FMA(value, row[AT(x_last)], acc[v][j]);                                    \
            }                                                                                                          \
            if (finish) EACH_GROUP acc[v][j] = acc[v][j] > 0 ? acc[v][j] : 0;                                          \
            EACH_GROUP y[AT(y_last)] = acc[v][j];                                                                      \
        }                                                                                                              \
    }
DEFINE_STRIP(1)
DEFINE_STRIP(2)
DEFINE_STRIP(3)
DEFINE_STRIP(4)
DEFINE_STRIP(5)
DEFINE_STRIP(6)
#ifdef __AVX512F__
DEFINE_STRIP(7)
DEFINE_STRIP(8)
#endif

/* Fewer columns than a group has. */
static void strip_narrow(const Block *block, size_t strip, size_t first, size_t end) {
    const uint32_t *start = block->lists->start + strip * block->lists->rows;
    const int finish = block->activation == ACTIVATION_RELU && strip + 1 == strips_of(block->lists);
    for (size_t i = first; i < end; i++) {
        real *y = block->y + i * block->y_stride;
        for (size_t j = 0; j < block->columns; j++) {
            real acc = strip > 0 ? y[j] : block->bias ? block->bias[i] : 0;
            for (uint32_t n = start[i]; n < start[i + 1]; n++)
                acc = REAL_FMA(block->values[n], block->x[block->lists->column[n] * block->x_stride + j], acc);
            y[j] = finish && !(acc > 0) ? 0 : acc;
        }
    }
}

/* By the number of whole groups, the last of which may overlap. */
static void (*const strips[])(const Block *block, size_t strip, size_t first,
                              size_t end) = {strip_narrow, strip_1, strip_2, strip_3, strip_4, strip_5, strip_6,
#ifdef __AVX512F__
                                             strip_7,      strip_8
#endif
};

/* Rows copied to begin at a cache line are read at twice the speed; with fewer uses of each the copy does not pay. */
enum { USES_OF_COPY = 8 };

static void copy_block(Block *block, size_t groups, size_t count) {
    const size_t rows = block->lists->columns, width = groups * GROUP;
    if (groups == 0 || count < USES_OF_COPY * rows) return;
    real *copy = scratch_get(SCRATCH_SPARSE, rows * width, sizeof(real));
    for (size_t i = 0; i < rows; i++) {
        const real *row = block->x + i * block->x_stride;
        memcpy(copy + i * width, row, (width - GROUP) * sizeof *copy);
        memcpy(copy + (i + 1) * width - GROUP, row + block->x_last, GROUP * sizeof *copy);
    }
    block->x = copy;
    block->x_stride = width;
    block->x_last = width - GROUP;
}

enum { ROWS_PER_TASK = 32 };

typedef struct Strips { /* of one block of columns */
    Block block;
    size_t groups, rows_per_task;
} Strips;

static void strips_task(const void *context, size_t task) {
    const Strips *work = context;
    const Block *block = &work->block;
    const size_t rows = block->lists->rows, first = task * work->rows_per_task;
    const size_t end = first + at_most(rows - first, work->rows_per_task);
    for (size_t s = 0; s < strips_of(block->lists); s++) strips[work->groups](block, s, first, end);
}

/* y[rows][batch] from x[columns][batch], block of columns by block. */
static void product(const SparseLists *lists, const real *values, size_t batch, const real *bias, const real *x,
                    Activation activation, real *y) {
    const size_t rows = lists->rows, n_blocks = parts_of(batch, MOST_COLUMNS);
    const size_t count = lists->start[strips_of(lists) * rows];
    const int parallel = threads_worth(count * MOST_COLUMNS);
    for (size_t b = 0; b < n_blocks && rows > 0; b++) {
        const size_t at = batch * b / n_blocks, columns = batch * (b + 1) / n_blocks - at;
        Strips work = {.block = {.lists = lists, .values = values, .bias = bias, .activation = activation},
                       .groups = columns < GROUP ? 0 : parts_of(columns, GROUP),
                       .rows_per_task = parallel ? ROWS_PER_TASK : rows};
        Block *block = &work.block;
        block->x = x + at;
        block->y = y + at;
        block->columns = columns;
        block->x_stride = block->y_stride = batch;
        block->x_last = block->y_last = columns - GROUP;
        copy_block(block, work.groups, count);
        threads_run(parts_of(rows, work.rows_per_task), parallel, strips_task, &work);
    }
}

void sparse_forward(const SparsePattern *p, size_t batch, const real *values, const real *bias, const real *x,
                    Activation activation, real *y) {
    product(&p->by_rows, values, batch, bias, x, activation, y);
}

/* The lists of W transposed with the nonzero rows of g alone, n of them, their strips joined to one: most often few
 * entries are left. */
static SparseLists lists_of_rows(const SparsePattern *p, size_t n, const uint32_t *nonzero, const real *values,
                                 real *by_columns) {
    const SparseLists *all = &p->by_columns;
    SparseLists lists = {.rows = p->in, .columns = p->out, .strip = p->out};
    lists.start = scratch_get(SCRATCH_NONZERO_ROWS, p->in + 1 + p->count, sizeof *lists.start);
    lists.column = lists.start + p->in + 1;
    uint8_t *is_nonzero = scratch_get(SCRATCH_NONZERO_WEIGHTS, p->out, 1);
    memset(is_nonzero, 0, p->out);
    for (size_t k = 0; k < n; k++) is_nonzero[nonzero[k]] = 1;
    uint32_t count = 0;
    for (size_t j = 0; j < p->in; j++) {
        lists.start[j] = count;
        for (size_t s = 0; s < strips_of(all); s++)
            for (uint32_t k = all->start[s * p->in + j]; k < all->start[s * p->in + j + 1]; k++) {
                lists.column[count] = all->column[k];
                by_columns[count] = values[p->position[k]];
                count += is_nonzero[all->column[k]];
            }
    }
    lists.start[p->in] = count;
    return lists;
}

/* nonzero: the n rows of g that are multiplied; NULL: all. */
static void input_gradient(const SparsePattern *p, size_t n, const uint32_t *nonzero, size_t batch, const real *values,
                           const real *g, real *gx) {
    real *by_columns = scratch_get(SCRATCH_WEIGHTS, p->count, sizeof(real));
    SparseLists lists = p->by_columns;
    if (nonzero)
        lists = lists_of_rows(p, n, nonzero, values, by_columns);
    else
        for (size_t k = 0; k < p->count; k++) by_columns[k] = values[p->position[k]];
    const Factors factors = normal_factors(p->out * batch, g, lists.start[strips_of(&lists) * p->in], by_columns);
    product(&lists, factors.b, batch, NULL, factors.a, ACTIVATION_NONE, gx);
}

void sparse_input_gradient(const SparsePattern *p, size_t batch, const real *values, const real *g, real *gx) {
    input_gradient(p, 0, NULL, batch, values, g, gx);
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

typedef struct WeightRows { /* the n rows of g that are multiplied */
    const SparsePattern *pattern;
    size_t n, batch;
    const uint32_t *row;
    const real *g, *x;
    real *gw;
} WeightRows;

/* All lists of some of the rows. */
static void weight_rows_task(const void *context, size_t task) {
    const WeightRows *work = context;
    const SparsePattern *p = work->pattern;
    const real *rows[CHAINS];
    real sums[CHAINS];
    for (size_t r = task * ROWS_PER_TASK; r < at_most((task + 1) * ROWS_PER_TASK, work->n); r++)
        for (size_t s = 0; s < strips_of(&p->by_rows); s++) {
            const uint32_t *start = p->by_rows.start + s * p->out + work->row[r];
            for (uint32_t k = start[0]; k < start[1]; k += CHAINS) {
                const uint32_t left = start[1] - k, n = left < CHAINS ? left : CHAINS;
                for (uint32_t c = 0; c < CHAINS; c++)
                    rows[c] = work->x + p->by_rows.column[k + (c < n ? c : 0)] * work->batch;
                chains(work->batch, work->g + work->row[r] * work->batch, rows, sums);
                memcpy(work->gw + k, sums, n * sizeof *sums);
            }
        }
}

#if LANES_OF_TILES
/* Sixteen weights of a tile side by side, whichever they are: their g and x are picked by permutation from transposed
 * panels, in which a column of the batch is one vector of each.  The chains are those above.  They are
 * interrupted where a part of the batch ends, so that the panels of x stay in the second-level cache. */
typedef struct Panels {
    const SparsePattern *pattern;
    size_t batch, first, columns; /* of the batch: the part in hand */
    const real *g, *x;
    real *x_panels; /* [tiles of a row][columns][SPARSE_TILE] */
    real *sums;     /* [groups][SPARSE_TILE] */
} Panels;

/* panel[columns][width] from a[rows][..]; rows up to width that are missing are 0. */
static void transpose_panel(const Panels *p, size_t rows, const real *a, size_t width, real *panel) {
    if (rows < width) memset(panel, 0, p->columns * width * sizeof *panel);
    transpose(rows < width ? rows : width, p->columns, a + p->first, p->batch, panel, width);
}

/* GROUPS groups from the first on. */
#define DEFINE_LANES(GROUPS)                                                                                           \
    static void lanes_##GROUPS(const Panels *p, size_t first, const real *g, const real *x) {                          \
        __m512i row[GROUPS], column[GROUPS];                                                                           \
        __m512 acc[GROUPS];                                                                                            \
        real *sums = p->sums + first * SPARSE_TILE;                                                                    \
        for (size_t i = 0; i < GROUPS; i++) {                                                                          \
            row[i] = _mm512_loadu_si512(p->pattern->lane_row + (first + i) * SPARSE_TILE);                             \
            column[i] = _mm512_loadu_si512(p->pattern->lane_column + (first + i) * SPARSE_TILE);                       \
            acc[i] = p->first ? _mm512_loadu_ps(sums + i * SPARSE_TILE) : _mm512_setzero_ps();                         \
        }                                                                                                              \
        for (size_t n = 0; n < p->columns; n++, g += SPARSE_TILE, x += SPARSE_TILE) {                                  \
            const __m512 gn = _mm512_loadu_ps(g), xn = _mm512_loadu_ps(x);                                             \
            for (size_t i = 0; i < GROUPS; i++)                                                                        \
                acc[i] =                                                                                               \
                    _mm512_fmadd_ps(_mm512_permutexvar_ps(row[i], gn), _mm512_permutexvar_ps(column[i], xn), acc[i]);  \
        }                                                                                                              \
        for (size_t i = 0; i < GROUPS; i++) _mm512_storeu_ps(sums + i * SPARSE_TILE, acc[i]);                          \
    }
DEFINE_LANES(1)
DEFINE_LANES(2)
DEFINE_LANES(3)
DEFINE_LANES(4)
DEFINE_LANES(5)
DEFINE_LANES(6)
enum { MOST_LANES = 6 };
static void (*const lanes[])(const Panels *p, size_t first, const real *g, const real *x) = {lanes_1, lanes_2, lanes_3,
                                                                                             lanes_4, lanes_5, lanes_6};

static void tiles_task(const void *context, size_t tile_row) {
    const Panels *p = context;
    const size_t first = tile_row * SPARSE_TILE, columns = parts_of(p->pattern->in, SPARSE_TILE);
    const uint32_t *start = p->pattern->tile_start + tile_row * columns;
    real *g = scratch_get(SCRATCH_ROWS, p->columns * SPARSE_TILE, sizeof *g);
    transpose_panel(p, p->pattern->out - first, p->g + first * p->batch, SPARSE_TILE, g);
    for (size_t tile = 0; tile < columns; tile++)
        for (size_t at = start[tile], end = start[tile + 1], n; at < end; at += n) {
            /* A group by itself waits for its own additions: seven groups go as four and three, not as six and one. */
            const size_t left = end - at;
            n = left <= MOST_LANES ? left : left < 2 * MOST_LANES ? (left + 1) / 2 : MOST_LANES;
            lanes[n - 1](p, at, g, p->x_panels + tile * p->columns * SPARSE_TILE);
        }
}

enum { BATCH_PART = 128 };

static void weight_gradient_tiles(const SparsePattern *p, size_t batch, const real *g, const real *x, real *gw) {
    const size_t rows = parts_of(p->out, SPARSE_TILE), columns = parts_of(p->in, SPARSE_TILE);
    const size_t n_groups = p->tile_start[rows * columns], parts = parts_of(batch, BATCH_PART);
    const int parallel = threads_worth(p->count * BATCH_PART);
    real *space = scratch_get(SCRATCH_SPARSE, (columns * BATCH_PART + n_groups) * SPARSE_TILE, sizeof(real));
    Panels panels = {.pattern = p, .batch = batch, .g = g, .x = x, .x_panels = space};
    panels.sums = space + columns * BATCH_PART * SPARSE_TILE;
    for (size_t part = 0; part < parts; part++) {
        panels.first = batch * part / parts;
        panels.columns = batch * (part + 1) / parts - panels.first;
        for (size_t tile = 0; tile < columns; tile++)
            transpose_panel(&panels, p->in - tile * SPARSE_TILE, x + tile * SPARSE_TILE * batch, SPARSE_TILE,
                            space + tile * panels.columns * SPARSE_TILE);
        threads_run(rows, parallel, tiles_task, &panels);
    }
    for (size_t lane = 0; lane < n_groups * SPARSE_TILE; lane++)
        if (p->lane_value[lane] < p->count) gw[p->lane_value[lane]] = panels.sums[lane];
}
#endif

/* ---- dense or sparse ---- */

/* Percent of the entries of the matrix: up to here the sparse product is the faster one. */
enum { FORWARD_PERCENT = 60, INPUT_GRADIENT_PERCENT = 45 };

static int sparse_pays(const SparsePattern *p, size_t percent) {
    return p->count * 100 <= p->out * p->in * percent;
}

static real *dense_weights(const SparsePattern *p, const real *values) {
    real *dense = scratch_get(SCRATCH_SPARSE, p->out * p->in, sizeof(real));
    if (values) sparse_scatter(p, values, dense);
    return dense;
}

void masked_forward(const SparsePattern *p, size_t batch, const real *values, const real *bias, const real *x,
                    Activation activation, real *y) {
    if (sparse_pays(p, FORWARD_PERCENT))
        sparse_forward(p, batch, values, bias, x, activation, y);
    else
        linear_forward(p->out, p->in, batch, dense_weights(p, values), bias, x, activation, y);
}

void masked_input_gradient(const SparsePattern *p, size_t batch, const real *values, const real *g, real *gx) {
    if (!sparse_pays(p, INPUT_GRADIENT_PERCENT)) {
        linear_input_gradient(p->out, p->in, batch, dense_weights(p, values), g, gx);
        return;
    }
    uint32_t *nonzero = scratch_get(SCRATCH_NONZERO, p->out, sizeof *nonzero);
    const size_t n = nonzero_rows(p->out, batch, g, nonzero);
    if (nonzero_rows_pay(n, p->out) && all_finite(p->count, values))
        input_gradient(p, n, nonzero, batch, values, g, gx);
    else
        sparse_input_gradient(p, batch, values, g, gx);
}

/* Hundredths of a cycle, for one column of the batch, that the three ways to the gradient of the weights take. */
enum { COST_OF_GROUP = 270, COST_OF_CHAIN = 72, COST_OF_DENSE = 120 / GROUP };

static size_t count_of_rows(const SparsePattern *p, size_t n, const uint32_t *rows) {
    size_t count = 0;
    for (size_t s = 0; s < strips_of(&p->by_rows); s++) {
        const uint32_t *start = p->by_rows.start + s * p->out;
        for (size_t k = 0; k < n; k++) count += start[rows[k] + 1] - start[rows[k]];
    }
    return count;
}

void masked_weight_gradient(const SparsePattern *p, size_t batch, const real *g, const real *x, real *gw) {
    uint32_t *nonzero = scratch_get(SCRATCH_NONZERO, p->out, sizeof *nonzero);
    size_t n = nonzero_rows(p->out, batch, g, nonzero);
    if (!nonzero_rows_pay(n, p->out) || !all_finite(p->in * batch, x))
        for (n = 0; n < p->out; n++) nonzero[n] = (uint32_t)n;
    const size_t cost_of_chains = COST_OF_CHAIN * count_of_rows(p, n, nonzero),
                 cost_of_dense = COST_OF_DENSE * n * p->in;
#if LANES_OF_TILES
    const size_t groups = p->tile_start[parts_of(p->out, SPARSE_TILE) * parts_of(p->in, SPARSE_TILE)];
    if (COST_OF_GROUP * groups < cost_of_chains && COST_OF_GROUP * groups < cost_of_dense) {
        const Factors factors = normal_factors(p->out * batch, g, p->in * batch, x);
        weight_gradient_tiles(p, batch, factors.a, factors.b, gw);
        return;
    }
#endif
    if (cost_of_chains <= cost_of_dense) {
        const Factors factors = normal_factors(p->out * batch, g, p->in * batch, x);
        const WeightRows work = {p, n, batch, nonzero, factors.a, factors.b, gw};
        memset(gw, 0, p->count * sizeof *gw);
        threads_run(parts_of(n, ROWS_PER_TASK), threads_worth(p->count * batch), weight_rows_task, &work);
        return;
    }
    real *whole = dense_weights(p, NULL);
    linear_weight_gradient_of_rows(p->out, p->in, batch, n, nonzero, g, x, whole);
    sparse_gather(p, whole, gw);
}
