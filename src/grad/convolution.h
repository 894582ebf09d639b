/* Convolutions of signals [ci][length][n] with weights [co][ci][k]; padding is zeros on both sides.  Chains:
 * kernels/conv1d.h. */
#ifndef SCALEDOWN_GRAD_CONVOLUTION_H
#define SCALEDOWN_GRAD_CONVOLUTION_H

#include "grad/tape.h"
#include "kernels/activation.h"
#include "kernels/conv1d.h"

typedef struct ConvGeometry {
    size_t stride, padding;
} ConvGeometry;
/* The convolution -> [co][(length + 2 padding - k) / stride + 1][n], and its gradients, given that of the output, gy.  The
 * three are closed under differentiation. */
Var op_conv1d(Tape *t, Var x, Var weight, ConvGeometry g);
Var op_conv1d_input_gradient(Tape *t, Var gy, Var weight, size_t length, ConvGeometry g);
Var op_conv1d_weight_gradient(Tape *t, Var gy, Var x, size_t width, ConvGeometry g);
/* Fused with bias [co] and activation. */
Var op_conv1d_bias(Tape *t, Var x, Var weight, Var bias, ConvGeometry g, Activation activation);

/* For primitives that contain a convolution with a bias: the gradients of x, weight and bias, given that of the
 * convolution's output before any activation; the kernel's arguments; the output's shape, after checking all three. */
void conv1d_bias_gradients(Tape *t, Var x, Var weight, ConvGeometry geometry, Var g, unsigned wanted, Var *gradients);
Conv1d conv1d_of(Shape x, Shape weight, ConvGeometry g);
Shape conv1d_bias_shape(const char *primitive, Shape x, Shape weight, Shape bias, ConvGeometry g);

extern const Primitive *const convolution_primitives[]; /* ends with NULL; for tests */

#endif
