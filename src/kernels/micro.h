/* The inner product of every matrix product and convolution: a tile of c held in registers while k runs.
 * Only the size of the tile depends on the machine; each element is the same chain of fma on all of them. */
#ifndef SCALEDOWN_KERNELS_MICRO_H
#define SCALEDOWN_KERNELS_MICRO_H

#include <stddef.h>

#include "kernels/kernels.h"

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

/* Loops as short as one vector are unrolled to scalars before gcc would vectorise them, unless it is told. */
#define SIMD _Pragma("omp simd")
/* Clang keeps an array in registers only when every index is a constant before it vectorises: the loops around are
 * unrolled first, down to one vector, half a tile.  Gcc wants to see the whole row of the tile. */
#ifdef __clang__
#define UNROLL _Pragma("clang loop unroll(full)")
#define MICRO_LOOP (MICRO_COLUMNS / 2)
#else
#define UNROLL
#define MICRO_LOOP MICRO_COLUMNS
#endif
/* An array of sums stays in registers from its first value to its last when no branches meet on the way: gcc must be
 * told that the loop runs at least once, which is what keeps clang from it.  Clang moves sums about in front of each
 * round, so that a long product wants long ones. */
#ifdef __clang__
#define UNROLL_ALL UNROLL
#define LONG_ROUNDS _Pragma("clang loop unroll_count(8)")
#define BEGIN_WHILE(condition) while (condition)
#define END_WHILE(condition)
#else
#define UNROLL_ALL _Pragma("GCC unroll 16")
#define LONG_ROUNDS
#define BEGIN_WHILE(condition) do
#define END_WHILE(condition)                                                                                           \
    while (condition)                                                                                                  \
        ;
#endif

typedef enum MicroStart { START_ZERO, START_FROM_C, START_FROM_BIAS } MicroStart;

/* c[i][j] = finish(chain from start over l of a[i * row_stride + l * k_stride] * b[l][column + j]) */
typedef struct Product {
    size_t m, n, k;
    const real *a;
    size_t a_row_stride, a_k_stride;
    const real *const *b; /* k pointers to rows of at least n elements */
    real *c;
    size_t ldc;
    MicroStart start;
    const real *bias; /* [m], for START_FROM_BIAS */
    Activation activation;
} Product;

/* Any m, n, k on the calling thread. */
void micro_product(const Product *product);

/* Split m into balanced blocks of at most MICRO_ROWS rows: the first row of block i of n_blocks. */
static inline size_t micro_block_start(size_t m, size_t n_blocks, size_t i) {
    return m * i / n_blocks;
}
static inline size_t micro_block_count(size_t m) {
    return (m + MICRO_ROWS - 1) / MICRO_ROWS;
}

static inline size_t at_most(size_t a, size_t limit) {
    return a < limit ? a : limit;
}

#endif
