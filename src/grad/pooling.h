/* Pooling over pairs of positions of [c][length][n] (kernels/pooling.h): maxima, averages, Euclidean norms.  The
 * gradient of a norm of 0 is 0. */
#ifndef SCALEDOWN_GRAD_POOLING_H
#define SCALEDOWN_GRAD_POOLING_H

#include "grad/convolution.h"
#include "grad/tape.h"

Var op_max_pool(Tape *t, Var x);
Var op_relu_max_pool(Tape *t, Var x); /* op_max_pool of op_relu, bit for bit but for NaN, and in one pass */
/* op_relu_max_pool of op_conv1d_bias, bit for bit, of which the large tensor is never in memory */
Var op_conv1d_relu_max_pool(Tape *t, Var x, Var weight, Var bias, ConvGeometry g);
Var op_average_pool(Tape *t, Var x);
Var op_l2_pool(Tape *t, Var x);

/* What their derivatives of any order are made of.  Given the maxima of one of the first three: of each pair of values
 * the one at the maximum, or 0; and max-unpool, gy at the maximum and 0 beside it. */
Var op_max_gather(Tape *t, Var maxima, Var values);
Var op_max_unpool(Tape *t, Var maxima, Var gy);
Var op_sum_pool(Tape *t, Var x, real factor);
Var op_sum_unpool(Tape *t, Var gy, real factor, size_t length); /* its adjoint */
Var op_l2_unpool(Tape *t, Var x, Var y, Var gy);                /* x times gy / y of its pair, 0 where y is 0 */

extern const Primitive *const pooling_primitives[]; /* ends with NULL; for tests */

#endif
