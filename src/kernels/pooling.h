/* Pooling over pairs of neighbouring positions: window 2, stride 2, no padding, as PyTorch's pooling with
 * kernel 2.  Long signals are [channels][length][batch], short ones [channels][length / 2][batch] (rounded down: an odd
 * length's last position is left out, and its gradient is 0).  With a and b the pair behind an output y:
 *
 * max_pool     y = b where b > a, else a: ties and NaN take the first; with a relu before it 0 unless that is above 0.
 *              choice says which was taken, first, second or, by a relu, neither.  step: from channel to channel of y
 *              and of choice, which may be parts of longer signals.
 *
 * max_gather  y = the one of the pair that the choice takes, or 0.
 *
 * max_unpool  the one taken is g, the other 0: its adjoint.
 *
 * sum_pool     y = factor (a + b);  sum_unpool: both of the pair are factor g.
 *
 * l2_pool      y = sqrt(fma(b, b, a a));  l2_unpool: q = g / y where y > 0, else 0; the pair is (q a, q b). */
#ifndef SCALEDOWN_KERNELS_POOLING_H
#define SCALEDOWN_KERNELS_POOLING_H

#include <stddef.h>
#include <stdint.h>

#include "base/real.h"
#include "kernels/activation.h"

typedef struct Pool {
    size_t channels, length, batch;
} Pool;
size_t pool_output_length(size_t length);
void max_pool(const Pool *pool, Activation before, const real *x, real *y, int32_t *choice, size_t step);
void max_gather(const Pool *pool, const int32_t *choice, const real *values, real *y);
void max_unpool(const Pool *pool, const int32_t *choice, const real *gy, real *gx);
void sum_pool(const Pool *pool, real factor, const real *x, real *y);
void sum_unpool(const Pool *pool, real factor, const real *gy, real *gx);
void l2_pool(const Pool *pool, const real *x, real *y);
void l2_unpool(const Pool *pool, const real *x, const real *y, const real *gy, real *gx);

#endif
