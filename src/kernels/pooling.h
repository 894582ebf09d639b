/* Pooling: a window slides over each channel of an image [channels][rows][columns][batch] and makes one output of what it
 * meets, as PyTorch's pooling with ceil_mode off.  Outputs along an axis are counted as those of a convolution; the
 * padding may be half of the window at most, so that every window meets the image.  A signal is an image of one row, met
 * by windows of one row; POOL_PAIRS_AXIS makes pairs of neighbours of an axis, and leaves the last of an odd number out.
 *
 * Chains, of an output y over the window's elements v inside the image, by row and then column, and of an input's
 * gradient gx over the outputs whose windows it is in, likewise (no output: 0; all chains begin with their first term):
 *
 * max_pool     y = the first, replaced by each later v with v > y or v NaN: ties take the first, a NaN wins.  With a relu
 *              before it, then 0 unless y > 0.  choice is 1 + the place in the window (row of the window times its width
 *              + column) of the one taken, or 0 where relu took none.  step: from channel to channel of y and of choice,
 *              which may be parts of larger images.
 *
 * max_gather   y = the value at the place that the choice takes, or 0;
 * max_unpool   gx = chain of additions of: gy where the input was taken, else 0.  Adjoints of each other.
 *
 * sum_pool     y = (chain of additions of v) / divisor: 1, or the window's area for averages, which count the padding;
 * sum_unpool   gx = (chain of additions of gy) / divisor.
 *
 * l2_pool      y = sqrt(v v of the first, then chain of fma(v, v, .));
 * l2_unpool    gx = q x of the first, then chain of fma(q, x, .) with q = gy / y where y > 0, else 0.
 *
 * Spread over threads. */
#ifndef SCALEDOWN_KERNELS_POOLING_H
#define SCALEDOWN_KERNELS_POOLING_H

#include <stddef.h>
#include <stdint.h>

#include "base/real.h"
#include "kernels/activation.h"
#include "kernels/convolution.h"

typedef struct Pool {
    size_t channels, batch;
    ConvolutionAxis rows, columns; /* 2 padding <= taps <= size + 2 padding */
} Pool;

/* An initialiser of an axis of pairs. */
#define POOL_PAIRS_AXIS(length)                                                                                        \
    { .size = (length), .taps = 2, .stride = 2, .padding = 0 }

void max_pool(const Pool *pool, Activation before, const real *x, real *y, int32_t *choice, size_t step);
void max_gather(const Pool *pool, const int32_t *choice, const real *values, real *y);
void max_unpool(const Pool *pool, const int32_t *choice, const real *gy, real *gx);
void sum_pool(const Pool *pool, size_t divisor, const real *x, real *y);
void sum_unpool(const Pool *pool, size_t divisor, const real *gy, real *gx);
void l2_pool(const Pool *pool, const real *x, real *y);
void l2_unpool(const Pool *pool, const real *x, const real *y, const real *gy, real *gx);

#endif
