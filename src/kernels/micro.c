#include "kernels/micro.h"

/* A tile of c at (row, 0) of the tile's own c; b's columns start at column_b. */
typedef void (*Tile)(const Product *p, size_t row, size_t column_b, real *c, size_t ldc);

#define AT_LEAST_NARROW(n) ((n) < MICRO_NARROW ? MICRO_NARROW : (n))

#define EACH_VECTOR UNROLL for (size_t i = 0; i < rows; i++) UNROLL for (size_t v = 0; v < columns; v += width)

/* One function per shape, so that the compiler sees constant bounds and keeps acc in registers. */
#define DEFINE_TILE(ROWS, DIVISOR)                                                                                     \
    static void tile_##ROWS##_##DIVISOR(const Product *p, size_t row, size_t column_b, real *c, size_t ldc) {          \
        enum {                                                                                                         \
            rows = ROWS,                                                                                               \
            columns = AT_LEAST_NARROW(MICRO_COLUMNS / DIVISOR),                                                        \
            width = columns < MICRO_LOOP ? columns : MICRO_LOOP                                                        \
        };                                                                                                             \
        const size_t k = p->k, row_stride = p->a_row_stride, k_stride = p->a_k_stride;                                 \
        const real *a = p->a + row * row_stride;                                                                       \
        const real *const *b = p->b;                                                                                   \
        real acc[rows][columns];                                                                                       \
        if (p->start == START_ZERO) {                                                                                  \
            EACH_VECTOR SIMD for (size_t j = v; j < v + width; j++) acc[i][j] = 0;                                     \
        } else if (p->start == START_FROM_C) {                                                                         \
            EACH_VECTOR SIMD for (size_t j = v; j < v + width; j++) acc[i][j] = c[i * ldc + j];                        \
        } else {                                                                                                       \
            EACH_VECTOR SIMD for (size_t j = v; j < v + width; j++) acc[i][j] = p->bias[row + i];                      \
        }                                                                                                              \
        for (size_t l = 0; l < k; l++) {                                                                               \
            const real *restrict bl = b[l] + column_b;                                                                 \
            UNROLL for (size_t i = 0; i < rows; i++) {                                                                 \
                const real al = a[i * row_stride + l * k_stride];                                                      \
                UNROLL for (size_t v = 0; v < columns; v += width) SIMD for (size_t j = v; j < v + width; j++)         \
                    acc[i][j] = REAL_FMA(al, bl[j], acc[i][j]);                                                        \
            }                                                                                                          \
        }                                                                                                              \
        if (p->activation == ACTIVATION_RELU)                                                                          \
            EACH_VECTOR SIMD for (size_t j = v; j < v + width; j++) acc[i][j] = acc[i][j] > 0 ? acc[i][j] : 0;         \
        EACH_VECTOR SIMD for (size_t j = v; j < v + width; j++) c[i * ldc + j] = acc[i][j];                            \
    }

#define DEFINE_ROWS(ROWS) DEFINE_TILE(ROWS, 1) DEFINE_TILE(ROWS, 2) DEFINE_TILE(ROWS, 4) DEFINE_TILE(ROWS, 8)
#define LIST_ROWS(ROWS)                                                                                                \
    { tile_##ROWS##_1, tile_##ROWS##_2, tile_##ROWS##_4, tile_##ROWS##_8 }

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
DEFINE_ROWS(8) DEFINE_ROWS(9) DEFINE_ROWS(10) DEFINE_ROWS(11) DEFINE_ROWS(12)
#endif

    static const Tile tiles[MICRO_ROWS][4] = {
        LIST_ROWS(1), LIST_ROWS(2), LIST_ROWS(3), LIST_ROWS(4),
#if MICRO_ROWS >= 6
        LIST_ROWS(5), LIST_ROWS(6),
#endif
#if MICRO_ROWS >= 12
        LIST_ROWS(7), LIST_ROWS(8), LIST_ROWS(9), LIST_ROWS(10), LIST_ROWS(11), LIST_ROWS(12),
#endif
};

/* All row blocks of one strip of columns that a tile covers exactly. */
static void strip(const Product *p, size_t column, int divisor_index) {
    const size_t blocks = micro_block_count(p->m);
    for (size_t i = 0; i < blocks; i++) {
        const size_t row = micro_block_start(p->m, blocks, i), rows = micro_block_start(p->m, blocks, i + 1) - row;
        tiles[rows - 1][divisor_index](p, row, column, p->c + row * p->ldc + column, p->ldc);
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
            for (size_t j = 0; j < MICRO_NARROW; j++) copy[l][j] = j < width ? p->b[k0 + l][column + j] : 0;
        }
        for (size_t i = 0; i < blocks; i++) {
            const size_t row = micro_block_start(p->m, blocks, i), rows = micro_block_start(p->m, blocks, i + 1) - row;
            real *out = p->c + row * p->ldc + column;
            for (size_t r = 0; r < rows; r++)
                for (size_t j = 0; j < MICRO_NARROW; j++)
                    c[r][j] = part.start == START_FROM_C && j < width ? out[r * p->ldc + j] : 0;
            tiles[rows - 1][3](&part, row, 0, c[0], MICRO_NARROW);
            for (size_t r = 0; r < rows; r++)
                for (size_t j = 0; j < width; j++) out[r * p->ldc + j] = c[r][j];
        }
    }
}

void micro_product(const Product *p) {
    size_t column = 0;
    if (p->m == 0 || p->n == 0) return;
    for (int divisor_index = 0; divisor_index < 4; divisor_index++) {
        const size_t width = AT_LEAST_NARROW((size_t)MICRO_COLUMNS >> divisor_index);
        for (; column + width <= p->n; column += width) strip(p, column, divisor_index);
    }
    if (column < p->n) narrow_strip(p, column);
}
