/* Averages over windows that divide an image of any size into so many rows and columns, as PyTorch's AdaptiveAvgPool2d: along
 * an axis of n inputs, output i of m meets the inputs floor(i n / m) to ceil((i + 1) n / m) - 1.  m may be above n.  x is
 * [channels][rows][columns][batch], y [channels][out_rows][out_columns][batch].
 *
 * Chains.  y = (chain of additions from the first element, by row and then column) / how many;  gx = chain of additions from 0,
 * over the outputs that met the input, by row and then column, of gy / how many.  Spread over threads by channel. */
#ifndef SCALEDOWN_KERNELS_ADAPTIVE_POOLING_H
#define SCALEDOWN_KERNELS_ADAPTIVE_POOLING_H

#include <stddef.h>

#include "base/real.h"

typedef struct AdaptivePool {
    size_t channels, rows, columns, batch, out_rows, out_columns;
} AdaptivePool;

void adaptive_average_pool(const AdaptivePool *pool, const real *x, real *y);
void adaptive_average_unpool(const AdaptivePool *pool, const real *gy, real *gx);

#endif
