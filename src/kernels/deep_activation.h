/* A learned activation function (learned_activation.h) whose network has two hidden layers,
 *     f(x) = elu(x) + scale (w3 . tanh(W2 tanh(w1 x + b1) + b2) + b3),
 * W2 [units2][units1] row-major.  Its cost is that of products with W2, so the second derivative is not computed: the
 * gradient goes back through both layers and gives that of x as well, adding the units in order.  Sums
 * over the elements go by blocks of 64, of which each of eight equal parts makes its own; the parts are added in order.
 * In W2's, a block's terms of the value come before those of the slope. */
#ifndef SCALEDOWN_KERNELS_DEEP_ACTIVATION_H
#define SCALEDOWN_KERNELS_DEEP_ACTIVATION_H

#include <stddef.h>

#include "base/real.h"

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

#endif
