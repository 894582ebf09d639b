/* Convolutions of signals [ci][length][n] with weights [co][ci][k], and of images [ci][rows][columns][n] with weights
 * [co][ci][row taps][column taps]; padding is zeros on both sides.  Chains: kernels/convolution.h. */
#ifndef SCALEDOWN_GRAD_CONVOLUTION_H
#define SCALEDOWN_GRAD_CONVOLUTION_H

#include "grad/tape.h"
#include "kernels/activation.h"
#include "kernels/convolution.h"

typedef struct ConvGeometry {
    size_t stride, padding; /* of the signal; of both the rows and the columns of an image, and of its columns */
    size_t row_padding;     /* of the rows of an image; 0 for a signal */
} ConvGeometry;
/* The convolution, of outputs as kernels/convolution.h counts them, and its gradients, given that of the output, gy; x and
 * weight are then shapes.  The three are closed under differentiation. */
Var op_convolution(Tape *t, Var x, Var weight, ConvGeometry g);
Var op_convolution_input_gradient(Tape *t, Var gy, Var weight, Shape x, ConvGeometry g);
Var op_convolution_weight_gradient(Tape *t, Var gy, Var x, Shape weight, ConvGeometry g);
/* Fused with bias [co] and activation. */
Var op_convolution_bias(Tape *t, Var x, Var weight, Var bias, ConvGeometry g, Activation activation);

/* For primitives that contain a convolution with a bias: the gradients of x, weight and bias, given that of the
 * convolution's output before any activation; the kernel's arguments; the output's shape, after checking all three. */
void convolution_bias_gradients(Tape *t, Var x, Var weight, ConvGeometry geometry, Var g, unsigned wanted,
                                Var *gradients);
Convolution convolution_of(Shape x, Shape weight, ConvGeometry g);
Shape convolution_bias_shape(const char *primitive, Shape x, Shape weight, Shape bias, ConvGeometry g);

extern const Primitive *const convolution_primitives[]; /* ends with NULL; for tests */

#endif
