/* The linear layer: y[out][batch] = f(W[out][in] x[in][batch] + b[out]), examples innermost, W as PyTorch keeps it.
 *
 * Chains: forward acc = b; for l = 0..in-1 acc = fma(W, x, acc); then the activation.  gw[out][in] = g[out][batch]
 * x[in][batch]^T is gemm_nt's chain over the batch, gx[in][batch] = W^T g gemm_tn's over the outputs.
 *
 * Rows of g that are zero throughout, as those of dead ReLU units are, are not multiplied when what they would be
 * multiplied with is finite: a term fma(0, x, acc) is acc.  The one exception is a chain that an underflow has brought
 * to -0, which a term of +0 would turn into +0; sparse.h says why no result can show it. */
#ifndef SCALEDOWN_KERNELS_LINEAR_H
#define SCALEDOWN_KERNELS_LINEAR_H

#include <stddef.h>
#include <stdint.h>

#include "base/real.h"
#include "kernels/activation.h"

void linear_forward(size_t out, size_t in, size_t batch, const real *weight, const real *bias, const real *x,
                    Activation activation, real *y);
void linear_weight_gradient(size_t out, size_t in, size_t batch, const real *g, const real *x, real *gw);
/* The same when the rows of g to be multiplied are known: the first n of rows, ascending; n = out: all, rows unread. */
void linear_weight_gradient_of_rows(size_t out, size_t in, size_t batch, size_t n, const uint32_t *rows, const real *g,
                                    const real *x, real *gw);
void linear_input_gradient(size_t out, size_t in, size_t batch, const real *weight, const real *g, real *gx);

#endif
