/* Batch normalisation (Ioffe & Szegedy 2015) as PyTorch defines it.  x is [channels][count]: a channel's elements at all
 * positions of all examples, positions before examples.
 *
 * Chains.  Sums over a channel are binary64: sixteen lanes by index modulo 16, each in order, added as in lanes.h.
 *   mean        the sum of x, over count;  d = x - mean, rounded to `real`
 *   variance    the lanes of fma(d, d, lane), over count: the biased one
 *   y           fma(d, gamma inverse, beta), inverse = 1 / sqrt(variance + epsilon) in binary64, then rounded
 * and with s the sum of g and t the lanes of fma(g, d, lane):
 *   gbeta = s;  ggamma = t inverse
 *   gx          fma(-k, d, g - s / count) (gamma inverse), k = t inverse inverse / count in binary64, then rounded;
 *               (gamma inverse) g where the statistics are fixed, that is, do not depend on x */
#ifndef SCALEDOWN_KERNELS_BATCH_NORM_H
#define SCALEDOWN_KERNELS_BATCH_NORM_H

#include <stddef.h>

#include "base/real.h"

typedef struct BatchNorm {
    size_t channels, count;
    double epsilon;              /* added to the variance */
    const real *mean, *variance; /* [channels] each: of x, or running averages */
} BatchNorm;

void batch_norm_statistics(size_t channels, size_t count, const real *x, real *mean, real *variance);
void batch_norm_forward(const BatchNorm *norm, const real *x, const real *gamma, const real *beta, real *y);
void batch_norm_gradient(const BatchNorm *norm, int fixed, const real *x, const real *gamma, const real *g, real *gx,
                         real *ggamma, real *gbeta);
/* Running averages after a batch: (1 - momentum) times the former plus momentum times the mean and the unbiased variance,
 * in binary64.  count must be above 1. */
void batch_norm_running(const BatchNorm *norm, double momentum, real *running_mean, real *running_variance);

#endif
