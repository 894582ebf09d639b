/* Optimiser updates over count parameters, element by element. */
#ifndef SCALEDOWN_KERNELS_OPTIMIZER_H
#define SCALEDOWN_KERNELS_OPTIMIZER_H

#include <stddef.h>

#include "base/real.h"

/* Adam (Kingma & Ba 2015, PyTorch's form), step counts from 1:
 *   m = b1 m + (1-b1) g;  v = b2 v + (1-b2) g g;  w = w - [lr/(1-b1^t)] m / (sqrt(v)/sqrt(1-b2^t) + eps)
 * Chains: m = fma(1-b1, g, b1 m);  v = fma((1-b2) g, g, b2 v);
 *   w = fma(-step_size, m / fma(sqrt(v), inverse_root_correction, epsilon), w).  Powers by repeated multiplication. */
typedef struct AdamStep {
    real beta1, beta2, one_minus_beta1, one_minus_beta2, step_size, inverse_root_correction, epsilon;
} AdamStep;
AdamStep adam_step(double learning_rate, double beta1, double beta2, double epsilon, long step);
void adam_update(size_t count, const AdamStep *step, const real *gradient, real *weight, real *m, real *v);
/* SGD with momentum (PyTorch's form): u = fma(mu, u, g);  w = fma(-lr, u, w). */
void sgd_update(size_t count, real learning_rate, real momentum, const real *gradient, real *weight, real *velocity);

#endif
