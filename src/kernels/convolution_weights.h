/* The gradient of a convolution's weights, gw [co][ci][row taps][column taps], from that of its outputs, gy, and its
 * inputs, x (convolution.h).
 *
 * Chains: gw[co][ci][k] = sum over (l, n), positions of the output and examples: 16 lanes by n mod 16, each a chain of fma
 * over (l, n) in order with the batch padded with zeros to whole lanes and zeros for taps outside the image, lanes added
 * as in lanes.h. */
#ifndef SCALEDOWN_KERNELS_CONVOLUTION_WEIGHTS_H
#define SCALEDOWN_KERNELS_CONVOLUTION_WEIGHTS_H

#include "kernels/convolution.h"

void convolution_weight_gradient(const Convolution *conv, const real *gy, const real *x, real *gw);

#endif
