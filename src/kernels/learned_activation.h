/* A learned activation function: the exponential linear unit plus a small network of one input and one output,
 *     f(x) = elu(x) + scale (sum over u of w2[u] tanh(w1[u] x + b1[u]) + b2),
 * applied to every element of x.  One pass over the elements gives value and derivatives, one pass what is wanted of
 * its gradients; nothing of the size of units x elements is stored.
 *
 * Chains: value, slope and curvature of an element add the units in order, then scale and elu; the gradient of a
 * parameter adds the elements to sixteen lanes by index modulo 16, and the lanes by halving (lanes.h).
 * tanh is that of learned_tanh.h. */
#ifndef SCALEDOWN_KERNELS_LEARNED_ACTIVATION_H
#define SCALEDOWN_KERNELS_LEARNED_ACTIVATION_H

#include <stddef.h>

#include "base/real.h"

typedef struct LearnedActivation {
    size_t units;
    const real *w1, *b1, *w2, *b2; /* [units] each; b2 [1] */
    real scale;
} LearnedActivation;

/* f, f' and f'' of x[count].  elu'(0) = 1, elu''(0) = 1. */
void learned_activation_forward(const LearnedActivation *f, size_t count, const real *x, real *value, real *slope,
                                real *curvature);
/* Of the sum over elements of gv f(x) + gs f'(x): gw1, gb1, gw2 [units], gb2 [1], overwritten. */
void learned_activation_gradient(const LearnedActivation *f, size_t count, const real *x, const real *gv,
                                 const real *gs, real *gw1, real *gb1, real *gw2, real *gb2);

/* The tanh that it is made of, for tests. */
real learned_activation_tanh(real z);

#endif
