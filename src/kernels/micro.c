#include "kernels/micro.h"

#include "kernels/prefetch.h"

/* Clang copies the sums from register to register before each round of the loop over k: unrolled rounds do so less
 * often. And it keeps the sums in registers only when a row of the tile is two loops of a vector each; gcc when it is
 * one. */
#ifdef __clang__
#define LONG_ROUNDS _Pragma("clang loop unroll_count(8)")
#define MICRO_LOOP (MICRO_COLUMNS / 2)
#else
#define LONG_ROUNDS
#define MICRO_LOOP MICRO_COLUMNS
#endif

/* A tile of c at (row, 0) of the tile's own c; b's columns start at column_b. */
typedef void (*Tile)(const Product *p, size_t row, size_t column_b, real *c, size_t ldc);

#define AT_LEAST_NARROW(n) ((n) < MICRO_NARROW ? MICRO_NARROW : (n))

#define EACH_VECTOR                                                                                                    \
    UNROLL_ALL for (size_t i = 0; i < rows; i++) UNROLL_ALL for (size_t v = 0; v < columns; v += vector)               \
        SIMD for (size_t j = v; j < v + vector; j++)

static const real zeros[MICRO_ROWS];

/* One function per shape and start, so that the compiler sees constant bounds and keeps acc in registers. */
#define DEFINE_TILE(NAME, ROWS, DIVISOR, FIRST)                                                                        \
    static void NAME##_##ROWS##_##DIVISOR(const Product *p, size_t row, size_t column_b, real *c, size_t ldc) {        \
        enum {                                                                                                         \
            rows = ROWS,                                                                                               \
            columns = AT_LEAST_NARROW(MICRO_COLUMNS / DIVISOR),                                                        \
            width = columns < MICRO_LOOP ? columns : MICRO_LOOP,                                                       \
            vector = columns < MICRO_COLUMNS / 2 ? columns : MICRO_COLUMNS / 2                                         \
        };                                                                                                             \
        const size_t k = p->k, row_stride = p->a_row_stride, k_stride = p->a_k_stride;                                 \
        const real *a = p->a + row * row_stride, *bias = p->start == START_FROM_BIAS ? p->bias + row : zeros;          \
        const real *const *b = p->b;                                                                                   \
        real acc[rows][columns];                                                                                       \
        EACH_VECTOR acc[i][j] = FIRST;                                                                                 \
        ASSUME_POSITIVE(k);                                                                                            \
        LONG_ROUNDS for (size_t l = 0; l < k; l++) {                                                                   \
            const real *restrict bl = b[l] + column_b;                                                                 \
            UNROLL for (size_t i = 0; i < rows; i++) {                                                                 \
                const real al = a[i * row_stride + l * k_stride];                                                      \
                UNROLL for (size_t v = 0; v < columns; v += width) SIMD for (size_t j = v; j < v + width; j++)         \
                    acc[i][j] = REAL_FMA(al, bl[j], acc[i][j]);                                                        \
            }                                                                                                          \
        }                                                                                                              \
        (void)bias;                                                                                                    \
        if (p->activation == ACTIVATION_RELU)                                                                          \
            EACH_VECTOR c[i * ldc + j] = acc[i][j] > 0 ? acc[i][j] : 0;                                                \
        else                                                                                                           \
            EACH_VECTOR c[i * ldc + j] = acc[i][j];                                                                    \
    }

#define DEFINE_START(ROWS, DIVISOR)                                                                                    \
    DEFINE_TILE(fresh, ROWS, DIVISOR, bias[i]) DEFINE_TILE(continued, ROWS, DIVISOR, c[i * ldc + j])
#define DEFINE_ROWS(ROWS) DEFINE_START(ROWS, 1) DEFINE_START(ROWS, 2) DEFINE_START(ROWS, 4) DEFINE_START(ROWS, 8)
#define LIST_ROWS(ROWS)                                                                                                \
    {                                                                                                                  \
        {fresh_##ROWS##_1, fresh_##ROWS##_2, fresh_##ROWS##_4, fresh_##ROWS##_8}, {                                    \
            continued_##ROWS##_1, continued_##ROWS##_2, continued_##ROWS##_4, continued_##ROWS##_8                     \
        }                                                                                                              \
    }

DEFINE_ROWS(1)
DEFINE_ROWS(2)
DEFINE_ROWS(3)
DEFINE_ROWS(4)
#if MICRO_ROWS >= 6
DEFINE_ROWS(5)
DEFINE_ROWS(6)
#endif
#if MICRO_ROWS >= 12
DEFINE_ROWS(7)
DEFINE_ROWS(8)
DEFINE_ROWS(9)
DEFINE_ROWS(10)
DEFINE_ROWS(11)
DEFINE_ROWS(12)
#endif

static const Tile tiles[MICRO_ROWS][2][4] = {
    LIST_ROWS(1), LIST_ROWS(2), LIST_ROWS(3), LIST_ROWS(4),
#if MICRO_ROWS >= 6
    LIST_ROWS(5), LIST_ROWS(6),
#endif
#if MICRO_ROWS >= 12
    LIST_ROWS(7), LIST_ROWS(8), LIST_ROWS(9), LIST_ROWS(10), LIST_ROWS(11), LIST_ROWS(12),
#endif
};

void micro_prefetch(const Product *p, size_t row, size_t rows, size_t column) {
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < (size_t)MICRO_COLUMNS; j += LINE_ELEMENTS)
            PREFETCH_TO_WRITE(p->c + (row + i) * p->ldc + column + j);
}

static void tile(const Product *p, size_t block, size_t blocks, size_t column, int divisor_index) {
    const size_t row = micro_block_start(p->m, blocks, block), rows = micro_block_start(p->m, blocks, block + 1) - row;
    tiles[rows - 1][p->start == START_FROM_C][divisor_index](p, row, p->b_column + column, p->c + row * p->ldc + column,
                                                             p->ldc);
}

/* All row blocks of one strip of columns that a tile covers exactly. */
static void strip(const Product *p, size_t column, int divisor_index) {
    const size_t blocks = micro_block_count(p->m);
    for (size_t i = 0; i < blocks; i++) tile(p, i, blocks, column, divisor_index);
}

/* Whole tiles of columns [first, last), block of rows after block, so that a row of c is written on and on. */
static void write_along_rows(const Product *p, size_t first, size_t last) {
    const size_t blocks = micro_block_count(p->m);
    for (size_t i = 0; i < blocks; i++)
        for (size_t column = first; column < last; column += MICRO_COLUMNS) {
            const size_t row = micro_block_start(p->m, blocks, i);
            if (column + 2 * MICRO_COLUMNS <= last)
                micro_prefetch(p, row, micro_block_start(p->m, blocks, i + 1) - row, column + MICRO_COLUMNS);
            tile(p, i, blocks, column, 0);
        }
}

/* The last one to three columns: copied beside zeros, multiplied as a narrow tile, and the result copied out. */
static void narrow_strip(const Product *p, size_t column) {
    enum { K_BLOCK = 256 };
    real copy[K_BLOCK][MICRO_NARROW], c[MICRO_ROWS][MICRO_NARROW];
    const real *pointers[K_BLOCK];
    const size_t width = p->n - column, blocks = micro_block_count(p->m);
    for (size_t k0 = 0; k0 == 0 || k0 < p->k; k0 += K_BLOCK) {
        Product part = *p;
        part.k = p->k - k0 < K_BLOCK ? p->k - k0 : K_BLOCK;
        part.a += k0 * p->a_k_stride;
        part.b = pointers;
        if (k0 > 0) part.start = START_FROM_C;
        if (k0 + part.k < p->k) part.activation = ACTIVATION_NONE;
        for (size_t l = 0; l < part.k; l++) {
            pointers[l] = copy[l];
            for (size_t j = 0; j < MICRO_NARROW; j++)
                copy[l][j] = j < width ? p->b[k0 + l][p->b_column + column + j] : 0;
        }
        for (size_t i = 0; i < blocks; i++) {
            const size_t row = micro_block_start(p->m, blocks, i), rows = micro_block_start(p->m, blocks, i + 1) - row;
            real *out = p->c + row * p->ldc + column;
            for (size_t r = 0; r < rows; r++)
                for (size_t j = 0; j < MICRO_NARROW; j++)
                    c[r][j] = part.start == START_FROM_C && j < width ? out[r * p->ldc + j] : 0;
            tiles[rows - 1][part.start == START_FROM_C][3](&part, row, 0, c[0], MICRO_NARROW);
            for (size_t r = 0; r < rows; r++)
                for (size_t j = 0; j < width; j++) out[r * p->ldc + j] = c[r][j];
        }
    }
}

/* k = 0: every chain is its first value. */
static void finish_empty(const Product *p) {
    for (size_t i = 0; i < p->m; i++)
        for (size_t j = 0; j < p->n; j++) {
            real *c = p->c + i * p->ldc + j;
            const real first = p->start == START_FROM_C ? *c : p->start == START_FROM_BIAS ? p->bias[i] : 0;
            *c = p->activation == ACTIVATION_RELU && !(first > 0) ? 0 : first;
        }
}

void micro_product(const Product *p) {
    enum { STRIPS = 16 }; /* whose part of b stays near while all rows meet it */
    const size_t whole = p->n - p->n % (size_t)MICRO_COLUMNS;
    size_t column = 0;
    if (p->m == 0 || p->n == 0) return;
    if (p->k == 0) {
        finish_empty(p);
        return;
    }
    for (size_t last; micro_writes_limit(p) && column < whole; column = last) {
        last = at_most(column + (size_t)STRIPS * MICRO_COLUMNS, whole);
        write_along_rows(p, column, last);
    }
    for (int divisor_index = 0; divisor_index < 4; divisor_index++) {
        const size_t width = AT_LEAST_NARROW((size_t)MICRO_COLUMNS >> divisor_index);
        for (; column + width <= p->n; column += width) strip(p, column, divisor_index);
    }
    if (column < p->n) narrow_strip(p, column);
}
