/* Matrix products: c[m][n] = sum over l of A[m][l] B[l][n], row-major, row strides (lda, ldb, ldc) in elements.
 *
 * Chain of every element: acc = first; for l = 0..k-1 acc = fma(A, B, acc), where first is 0, or c's old value when
 * accumulate is set, or the row's bias.  No factor is tested for zero.  Blocks, tiles, vector width and threads choose
 * who computes an element, never its chain.
 *
 * nn: a[m][k] b[k][n];  tn: a[k][m] b[k][n];  nt: a[m][k] b[n][k].  c must not overlap a or b. */
#ifndef SCALEDOWN_KERNELS_GEMM_H
#define SCALEDOWN_KERNELS_GEMM_H

#include <stddef.h>

#include "base/real.h"
#include "kernels/activation.h"
#include "kernels/micro.h"

void gemm_nn(size_t m, size_t n, size_t k, const real *a, size_t lda, const real *b, size_t ldb, real *c, size_t ldc,
             int accumulate);
void gemm_tn(size_t m, size_t n, size_t k, const real *a, size_t lda, const real *b, size_t ldb, real *c, size_t ldc,
             int accumulate);
void gemm_nt(size_t m, size_t n, size_t k, const real *a, size_t lda, const real *b, size_t ldb, real *c, size_t ldc,
             int accumulate);
/* c = activation(A B + bias[m], the same for a whole row), as gemm_nn with the bias first in every chain. */
void gemm_nn_bias(size_t m, size_t n, size_t k, const real *a, size_t lda, const real *b, size_t ldb, const real *bias,
                  Activation activation, real *c, size_t ldc);
/* micro_product (micro.h) in blocks for the caches, which copy b once: on the calling thread. */
void gemm_by_rows(const Product *product);

#endif
