/* Matrices of binary64 by rows: products and the Cholesky factorisation.  Every element is one chain in ascending order of
 * the summed index, whatever the blocks and threads. */
#ifndef SCALEDOWN_ANALYSIS_MATRIX64_H
#define SCALEDOWN_ANALYSIS_MATRIX64_H

#include <stddef.h>

/* c[i][j] = fma(sign a[i][k], b[j][k], .) over k from c[i][j] on: c += sign a b^T.  sign 1 or -1; a [rows][depth],
 * b [columns][depth], ld.: elements from row to row.  lower: only where j <= i is wanted; other elements of c may be
 * changed or not. */
typedef struct Product64 {
    double sign;
    size_t rows, columns, depth;
    const double *a, *b;
    double *c;
    size_t lda, ldb, ldc;
    int lower;
} Product64;
void matrix64_add_product(const Product64 *product);

/* a [n][n], symmetric, of which the lower triangle is read, becomes L below and on the diagonal, a = L L^T: element i, j is
 * the chain of fma(-L[i][k], L[j][k], .) over k < j from a[i][j] on, divided by L[j][j], which is the root of its own.
 * What is above the diagonal is lost.  0, or the 1-based number of the first row where a is not positive definite. */
size_t cholesky_factor(size_t n, double *a);
/* b [n][columns] becomes the solution of L L^T x = b. */
void cholesky_solve(size_t n, size_t columns, const double *l, double *b);

#endif
