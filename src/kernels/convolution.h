/* Convolution (cross-correlation) in one or two dimensions, with zeros around the image.  Images are
 * [channels][rows][columns][batch], weights [co][ci][row taps][column taps]; a signal is an image of one row, and its
 * weights have one row tap.  Outputs along an axis: (size + 2 padding - taps) / stride + 1.
 *
 * Chains, with a tap k of the rows and of the columns, in order of the rows' first:
 * forward  y[co][l][n]   = chain of fma over (k, ci) in order from the bias (0 if NULL), taps outside the image skipped;
 * input    gx[ci][i][n]  = chain of fma over (k, co) in order from 0, taps with an output outside skipped; where strides
 *                          are above 1 only every stride-th tap meets a position;
 * The gradient of the weights: convolution_weights.h. */
#ifndef SCALEDOWN_KERNELS_CONVOLUTION_H
#define SCALEDOWN_KERNELS_CONVOLUTION_H

#include <stddef.h>
#include <stdint.h>

#include "base/real.h"
#include "kernels/activation.h"

typedef struct ConvolutionAxis {
    size_t size, taps, stride, padding; /* size + 2 padding >= taps >= 1, stride >= 1 */
} ConvolutionAxis;

typedef struct Convolution {
    size_t batch, in_channels, out_channels;
    ConvolutionAxis rows, columns;
} Convolution;

/* An initialiser for the rows of a signal: one, met by one tap. */
#define CONVOLUTION_ONE_ROW                                                                                            \
    { .size = 1, .taps = 1, .stride = 1, .padding = 0 }

size_t axis_outputs(const ConvolutionAxis *axis);
void convolution_forward(const Convolution *conv, const real *x, const real *weight, const real *bias,
                         Activation activation, real *y);
void convolution_input_gradient(const Convolution *conv, const real *gy, const real *weight, real *gx);
/* max_pool (pooling.h) after a relu of convolution_forward of a signal, of which only a few positions are in memory at a
 * time: y and choice are [co][outputs / 2][batch]. */
void convolution_relu_max_pool(const Convolution *conv, const real *x, const real *weight, const real *bias, real *y,
                               int32_t *choice);

#endif
