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

#include "kernels/kernels.h"

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

/* The same with two hidden layers,
 *     f(x) = elu(x) + scale (w3 . tanh(W2 tanh(w1 x + b1) + b2) + b3),
 * W2 [units2][units1] row-major.  Its cost is that of products with W2, so the second derivative is not computed: the
 * gradient goes back through both layers and gives that of x as well, adding the units in order.  Sums
 * over the elements go by blocks of 64, of which each of eight equal parts makes its own; the parts are added in order.
 * In W2's, a block's terms of the value come before those of the slope. */
typedef struct DeepActivation {
    size_t units1, units2;
    const real *w1, *b1, *w2, *b2, *w3, *b3;
    real scale;
} DeepActivation;

typedef struct DeepGradient {
    real *x; /* [count] */
    real *w1, *b1, *w2, *b2, *w3, *b3;
} DeepGradient;

/* f and f' of x[count]. */
void deep_activation_forward(const DeepActivation *f, size_t count, const real *x, real *value, real *slope);
/* Of the sum over elements of gv f(x) + gs f'(x); everything is overwritten. */
void deep_activation_gradient(const DeepActivation *f, size_t count, const real *x, const real *gv, const real *gs,
                              const DeepGradient *gradient);

/* The tanh that it is made of, for tests. */
real learned_activation_tanh(real z);

#endif
