/* Activation functions of single elements beside ReLU, tanh and sigmoid (elementwise.h), and g times their derivatives.
 * out may be an input.  The functions are those of exact/; with s = sigmoid(x) and p = fma(erf(x sqrt(1/2)), 1/2, 1/2):
 *
 *                 value                                     derivative
 *   swish         x s                                       s fma(x, 1 - s, 1)
 *   gelu          x p                                       fma(x, exp(-1/2 x x) (1 / sqrt(2 pi)), p)
 *   softplus      max(x, 0) + log(1 + e), e = exp(-|x|)      s
 *   elu           x > 0 ? x : alpha expm1(x)                x > 0 ? 1 : alpha exp(x)
 *   leaky ReLU    x > 0 ? x : slope x                       x > 0 ? 1 : slope
 *
 * Swish (Ramachandran et al. 2017) is SiLU; GELU (Hendrycks & Gimpel 2016) is the exact form, x times the normal
 * distribution function; ELU: Clevert et al. 2016; leaky ReLU: Maas et al. 2013.  log(1 + e) is log(u) + (e - (u - 1)) / u
 * with u = 1 + e, which keeps small e.
 *
 * Errors of values, in units in the last place of binary32 (tests/check_nonlinearity.c): swish 3.0, softplus 2.0, elu
 * with alpha 1 1.3; gelu 1.8 from 0 up, and below 0, where p cancels, 0.9 times 2^-24 |x|. */
#ifndef SCALEDOWN_KERNELS_NONLINEARITY_H
#define SCALEDOWN_KERNELS_NONLINEARITY_H

#include <stddef.h>

#include "base/real.h"

void vector_swish(size_t count, const real *x, real *out);
void vector_swish_gradient(size_t count, const real *x, const real *g, real *out);
void vector_gelu(size_t count, const real *x, real *out);
void vector_gelu_gradient(size_t count, const real *x, const real *g, real *out);
void vector_softplus(size_t count, const real *x, real *out);
void vector_elu(size_t count, real alpha, const real *x, real *out);
void vector_elu_gradient(size_t count, real alpha, const real *x, const real *g, real *out);
void vector_leaky_relu(size_t count, real slope, const real *x, real *out);
void vector_leaky_relu_gradient(size_t count, real slope, const real *x, const real *g, real *out);

#endif
