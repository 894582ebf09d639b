/* Subnormal numbers, which make multiplications of today's processors some fifty times slower.  Gradients have them where a
 * network is sure of its classes: the softmax of the others is far below 2^-126. */
#ifndef SCALEDOWN_KERNELS_SUBNORMAL_H
#define SCALEDOWN_KERNELS_SUBNORMAL_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/real.h"

#ifndef REAL_IS_DOUBLE
static inline uint32_t bits_of(float x) {
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static inline int is_subnormal(float x) {
    return (bits_of(x) & 0x7fffffffu) - 1u < 0x007fffffu;
}
#endif

/* In binary64, which makes no results, nothing is looked for: 0. */
int any_subnormal(size_t count, const real *a);

/* The factors of a matrix product.  Where a has subnormal numbers, a 2^64 and b 2^-64 in their place, copies that live in
 * scratch memory until the next call on this thread: a product of two is the same real number, so that every chain of fma
 * has the same bits.  Where that would not be exact, because a number of a is too large or one of b too small, and where
 * a has none: a and b themselves. */
typedef struct Factors {
    const real *a, *b;
} Factors;
Factors normal_factors(size_t count_a, const real *a, size_t count_b, const real *b);

#endif
