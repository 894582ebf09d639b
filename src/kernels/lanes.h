/* Sums over the batch are split into sixteen lanes by index, whatever the machine's vectors are, and the lanes are
 * added by halving: i with i + 8, then i + 4, i + 2, i + 1. */
#ifndef SCALEDOWN_KERNELS_LANES_H
#define SCALEDOWN_KERNELS_LANES_H

#include "base/real.h"
#include "kernels/simd.h"

enum { LANES = 16 };

static inline real lanes_sum(const real lanes[LANES]) {
    real eight[8], four[4];
    SIMD for (int i = 0; i < 8; i++) eight[i] = lanes[i] + lanes[i + 8];
    SIMD for (int i = 0; i < 4; i++) four[i] = eight[i] + eight[i + 4];
    return (four[0] + four[2]) + (four[1] + four[3]);
}

/* The same of binary64 lanes, for sums whose terms are many. */
static inline double lanes_sum_double(const double lanes[LANES]) {
    double eight[8], four[4];
    SIMD for (int i = 0; i < 8; i++) eight[i] = lanes[i] + lanes[i + 8];
    SIMD for (int i = 0; i < 4; i++) four[i] = eight[i] + eight[i + 4];
    return (four[0] + four[2]) + (four[1] + four[3]);
}

#endif
