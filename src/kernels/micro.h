/* The inner product of every matrix product and convolution: a tile of c held in registers while k runs.
 * Only the size of the tile depends on the machine; each element is the same chain of fma on all of them. */
#ifndef SCALEDOWN_KERNELS_MICRO_H
#define SCALEDOWN_KERNELS_MICRO_H

#include <stddef.h>

#include "base/real.h"
#include "kernels/activation.h"
#include "kernels/parts.h"
#include "kernels/simd.h"

/* Rows and bytes of columns that fill the vector registers without spilling: 32 registers of 64 bytes, of
 * 16 bytes, or 16 registers of 32. */
#if defined(__AVX512F__)
#define MICRO_ROWS 12
#define MICRO_COLUMN_BYTES 128
#elif defined(__AVX2__)
#define MICRO_ROWS 6
#define MICRO_COLUMN_BYTES 64
#elif defined(__aarch64__)
#define MICRO_ROWS 6
#define MICRO_COLUMN_BYTES 64
#else
#define MICRO_ROWS 4
#define MICRO_COLUMN_BYTES 32
#endif
#define MICRO_COLUMNS (MICRO_COLUMN_BYTES / (int)sizeof(real))
#define MICRO_NARROW 4 /* the narrowest tile; fewer columns go through a zero-padded copy */

typedef enum MicroStart { START_ZERO, START_FROM_C, START_FROM_BIAS } MicroStart;

/* c[i][j] = finish(chain from start over l of a[i * row_stride + l * k_stride] * b[l][b_column + j]) */
typedef struct Product {
    size_t m, n, k;
    const real *a;
    size_t a_row_stride, a_k_stride;
    const real *const *b; /* k pointers to rows, */
    size_t b_column;      /* of at least b_column + n elements */
    real *c;
    size_t ldc;
    MicroStart start;
    const real *bias; /* [m], for START_FROM_BIAS */
    Activation activation;
} Product;

/* Whether writing c, which is larger than the second level, takes longer than chains so short. */
static inline int micro_writes_limit(const Product *p) {
    enum { MANY_ROWS = 32, SHORT_CHAIN = 128, LARGE = 1 << 18 };
    return p->m >= MANY_ROWS && p->k <= SHORT_CHAIN && p->m * p->ldc >= LARGE;
}
/* Asks for the memory of a tile of c before its turn: it would come too late when the tile is done. */
void micro_prefetch(const Product *product, size_t row, size_t rows, size_t column);

/* Any m, n, k on the calling thread. */
void micro_product(const Product *product);

/* Split m into balanced blocks of at most MICRO_ROWS rows: the first row of block i of n_blocks. */
static inline size_t micro_block_start(size_t m, size_t n_blocks, size_t i) {
    return m * i / n_blocks;
}
static inline size_t micro_block_count(size_t m) {
    return parts_of(m, MICRO_ROWS);
}

#endif
