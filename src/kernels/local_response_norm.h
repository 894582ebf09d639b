/* Local response normalisation (Krizhevsky et al. 2012) as PyTorch defines it: each element over a power of what the
 * neighbouring channels have at its place.  x is [channels][count]; the window of channel c are the channels c - size / 2
 * to c + (size - 1) / 2, both rounded down, that there are; a missing one counts as zeros.
 *
 * Chains, with channels in ascending order, exp and log those of exact/, and constants of binary64 arithmetic rounded once:
 *   d    fma(alpha / size, s, k), s the chain of fma(x, x, .) from 0 over the window
 *   y    x p, p = exp(-beta log(d))
 *   gx   fma(-(2 alpha beta / size) x, t, g p), t the chain of additions from 0, over the channels whose windows hold this
 *        one, of ((g p) x) / d
 *
 * Spread over threads. */
#ifndef SCALEDOWN_KERNELS_LOCAL_RESPONSE_NORM_H
#define SCALEDOWN_KERNELS_LOCAL_RESPONSE_NORM_H

#include <stddef.h>

#include "base/real.h"

typedef struct LocalResponse {
    size_t size;           /* of the window, 1 or more */
    double alpha, beta, k; /* alpha >= 0, k > 0; PyTorch's defaults: 1e-4, 0.75, 1 */
} LocalResponse;

void local_response_norm_forward(const LocalResponse *norm, size_t channels, size_t count, const real *x, real *y);
void local_response_norm_gradient(const LocalResponse *norm, size_t channels, size_t count, const real *x,
                                  const real *g, real *gx);

#endif
