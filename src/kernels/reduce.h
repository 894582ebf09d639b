/* Sums of the rows and columns of a matrix [rows][columns], and its transpose. */
#ifndef SCALEDOWN_KERNELS_REDUCE_H
#define SCALEDOWN_KERNELS_REDUCE_H

#include <stddef.h>

#include "base/real.h"

/* out[r] = sum over c of x[r][c]: 16 lanes by c mod 16, each a chain of additions in order, combined as in lanes.h. */
void row_sums(size_t rows, size_t columns, const real *x, real *out);
/* out[c] = chain of additions over r in order, from 0. */
void column_sums(size_t rows, size_t columns, const real *x, real *out);
/* The whole vector, in the order of row_sums with one row. */
real vector_sum(size_t count, const real *x);
/* In binary64: the sum of (a[i] - from_a) (b[i] - from_b), differences rounded to `real`: sixteen lanes by i mod 16, each a
 * chain of fma(first, second, lane) in order, combined as in lanes.h. */
double product_sum(size_t count, const real *a, real from_a, const real *b, real from_b);
/* y[c][r] = x[r][c]; ldx, ldy: elements from row to row. */
void transpose(size_t rows, size_t columns, const real *x, size_t ldx, real *y, size_t ldy);

#endif
