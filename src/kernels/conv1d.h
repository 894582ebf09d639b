/* One-dimensional convolution (cross-correlation) with zeros on both sides of the signal.  Signals are
 * [channels][length][batch], weights [co][ci][k]; output length = (length + 2 padding - width) / stride + 1.
 *
 * Chains:
 *   forward  y[co][l][n]   = chain of fma over (k, ci) in order from the bias (0 if NULL), taps outside the signal
 *                            skipped;
 *   input    gx[ci][i][n]  = chain of fma over (k, co) in order from 0, taps with an output outside skipped;
 *   weight   gw[co][ci][k] = sum over (l, n): 16 lanes by n mod 16, each a chain over (l, n) in order with the batch
 *                            padded with zeros to whole lanes and zeros for taps outside, lanes added as in lanes.h. */
#ifndef SCALEDOWN_KERNELS_CONV1D_H
#define SCALEDOWN_KERNELS_CONV1D_H

#include <stddef.h>
#include <stdint.h>

#include "base/real.h"
#include "kernels/activation.h"

typedef struct Conv1d {
    size_t batch, in_channels, out_channels, length, width, stride, padding;
} Conv1d;
size_t conv1d_output_length(const Conv1d *conv);
void conv1d_forward(const Conv1d *conv, const real *x, const real *weight, const real *bias, Activation activation,
                    real *y);
void conv1d_input_gradient(const Conv1d *conv, const real *gy, const real *weight, real *gx);
void conv1d_weight_gradient(const Conv1d *conv, const real *gy, const real *x, real *gw);
/* max_pool (pooling.h) after a relu of conv1d_forward, of which only a few positions are in memory at a time: y and
 * choice are [co][output length / 2][batch]. */
void conv1d_relu_max_pool(const Conv1d *conv, const real *x, const real *weight, const real *bias, real *y,
                          int32_t *choice);

#endif
