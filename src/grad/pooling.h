/* Pooling of images [c][rows][columns][n] and of signals [c][length][n] (kernels/pooling.h): maxima, averages, Euclidean
 * norms of what a window meets.  Outputs along an axis: (size + 2 padding - taps) / stride + 1, rounded down; the padding is
 * half of the taps at most.  Padding is -inf to a maximum and 0, which counts, to an average, as PyTorch's defaults.  The
 * gradient of a norm of 0 is 0. */
#ifndef SCALEDOWN_GRAD_POOLING_H
#define SCALEDOWN_GRAD_POOLING_H

#include "grad/convolution.h"
#include "grad/tape.h"

typedef struct WindowAxis {
    size_t taps, stride, padding;
} WindowAxis;

typedef struct Window {
    WindowAxis rows, columns; /* for a signal rows are {1, 1, 0} */
} Window;

Window window_pairs(void); /* of neighbours of a signal, or of a row */
Window window_square(size_t taps, size_t stride, size_t padding);

Var op_max_pool(Tape *t, Var x, Window window);
Var op_relu_max_pool(Tape *t, Var x, Window window); /* op_max_pool of op_relu in one pass; the same bits but for NaN */
/* op_relu_max_pool of op_convolution_bias of a signal in pairs, the same bits, without the convolution's output in memory */
Var op_convolution_relu_max_pool(Tape *t, Var x, Var weight, Var bias, ConvGeometry g);
Var op_average_pool(Tape *t, Var x, Window window); /* op_sum_pool divided by the window's area */
Var op_global_average_pool(Tape *t, Var x);         /* of all positions of a channel: [c][n] */
Var op_l2_pool(Tape *t, Var x, Window window);
/* Averages of an image in so many rows and columns (kernels/adaptive_pooling.h), and its adjoint for an image x. */
Var op_adaptive_average_pool(Tape *t, Var x, size_t rows, size_t columns);
Var op_adaptive_average_unpool(Tape *t, Var gy, Shape x);

/* The primitives that their derivatives consist of.  maxima is the result of one of the first three.  op_max_gather: of
 * the values in a window the one at the place of the maximum, or 0 where relu gave the 0; op_max_unpool, its adjoint: gy
 * at the place of the maximum, 0 beside it.  An element in several windows gets the sum of what they give. */
Var op_max_gather(Tape *t, Var maxima, Var values);
Var op_max_unpool(Tape *t, Var maxima, Var gy);
Var op_sum_pool(Tape *t, Var x, Window window, size_t divisor);             /* the sum of each window / divisor */
Var op_sum_unpool(Tape *t, Var gy, Shape x, Window window, size_t divisor); /* its adjoint, of shape x */
Var op_l2_unpool(Tape *t, Var x, Var y, Var gy, Window window);             /* x times gy / y, 0 where y is 0 */

extern const Primitive *const pooling_primitives[]; /* ends with NULL; for tests */

#endif
