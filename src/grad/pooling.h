/* Pooling over pairs of positions of [c][length][n] (kernels/pooling.h): maxima, averages, Euclidean norms.  The
 * gradient of a norm of 0 is 0. */
#ifndef SCALEDOWN_GRAD_POOLING_H
#define SCALEDOWN_GRAD_POOLING_H

#include "grad/convolution.h"
#include "grad/tape.h"

Var op_max_pool(Tape *t, Var x);
Var op_relu_max_pool(Tape *t, Var x); /* op_max_pool of op_relu in one pass; the same bits but for NaN */
/* op_relu_max_pool of op_convolution_bias, the same bits, without the convolution's output in memory */
Var op_convolution_relu_max_pool(Tape *t, Var x, Var weight, Var bias, ConvGeometry g);
Var op_average_pool(Tape *t, Var x); /* op_sum_pool by 1/2 */
Var op_l2_pool(Tape *t, Var x);

/* The primitives that their derivatives consist of.  maxima is the result of one of the first three.  op_max_gather: of
 * each pair of values the one at the place of the maximum, or 0 where relu gave the 0; op_max_unpool, its adjoint: gy at
 * the place of the maximum, 0 beside it. */
Var op_max_gather(Tape *t, Var maxima, Var values);
Var op_max_unpool(Tape *t, Var maxima, Var gy);
Var op_sum_pool(Tape *t, Var x, real factor);                   /* factor times the sum of each pair */
Var op_sum_unpool(Tape *t, Var gy, real factor, size_t length); /* its adjoint, [c][length][n] */
Var op_l2_unpool(Tape *t, Var x, Var y, Var gy);                /* x times gy / y of its pair, 0 where y is 0 */

extern const Primitive *const pooling_primitives[]; /* ends with NULL; for tests */

#endif
