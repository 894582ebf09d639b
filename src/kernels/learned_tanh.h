/* The tanh of learned activation functions: in binary32 a quotient of two polynomials in the square of its argument,
 * all of whose coefficients are positive; within 3.3e-7 of the true value, relative and absolute, and two thirds as
 * costly as the tanh of exact/. */
#ifndef SCALEDOWN_KERNELS_LEARNED_TANH_H
#define SCALEDOWN_KERNELS_LEARNED_TANH_H

#include "base/real.h"
#include "exact/exact.h"

#ifdef REAL_IS_DOUBLE
static inline real learned_tanh(real z) {
    return exact_tanh(z);
}
#else
/* Weighted minimax fit of tanh(z)/z = p(z^2)/q(z^2) on |z| <= 9.02, beyond which tanh rounds to 1. */
static inline real learned_tanh(real z) {
    z = z < -9.02f ? -9.02f : z;
    z = z > 9.02f ? 9.02f : z;
    const real s = z * z;
    real p = 1.3319102e-08f, q = 7.7620325e-07f;
    p = fmaf(p, s, 2.0583506e-05f);
    p = fmaf(p, s, 0.0034940362f);
    p = fmaf(p, s, 0.1337972f);
    p = fmaf(p, s, 1.0f);
    q = fmaf(q, s, 0.00032830954f);
    q = fmaf(q, s, 0.02587108f);
    q = fmaf(q, s, 0.46713033f);
    q = fmaf(q, s, 1.0f);
    return z * p / q;
}
#endif

#endif
