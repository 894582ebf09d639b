/* Optimiser updates over count parameters, element by element: a table of rules with one interface, in PyTorch's forms.
 *
 * Chains.  First g = scale gradient (scale: of clipping, else 1), then, where the weight decay d is not 0 (L2: it is part
 * of the gradient), g = fma(d, w, g).
 *
 *   Adam      m = fma(1-b1, g, b1 m);  v = fma((1-b2) g, g, b2 v);
 *             w = fma(-step_size, m / fma(sqrt(v), inverse_root_correction, epsilon), w)
 *             with step_size = lr / (1-b1^t), inverse_root_correction = 1 / sqrt(1-b2^t), t counting from 1, powers by
 *             repeated multiplication (Kingma & Ba 2015)
 *   SGD       m = fma(mu, m, g);  w = fma(-lr, m, w);  of Nesterov's kind w = fma(-lr, fma(mu, m, g), w)
 *   RMSprop   v = fma((1-alpha) g, g, alpha v);  m = fma(mu, m, g / (sqrt(v) + epsilon));  w = fma(-lr, m, w)
 *             (Tieleman & Hinton 2012) */
#ifndef SCALEDOWN_KERNELS_OPTIMIZER_H
#define SCALEDOWN_KERNELS_OPTIMIZER_H

#include <stddef.h>

#include "base/real.h"

typedef enum OptimizerKind { OPTIMIZER_ADAM, OPTIMIZER_SGD, OPTIMIZER_RMSPROP, OPTIMIZER_KINDS } OptimizerKind;

/* What is 0 has no part, or PyTorch's default where one is given. */
typedef struct OptimizerSettings {
    OptimizerKind kind;
    double learning_rate;
    double momentum;     /* mu, of SGD and RMSprop */
    double weight_decay; /* d */
    double beta1, beta2; /* of Adam: 0.9, 0.999 */
    double alpha;        /* of RMSprop: 0.99 */
    double epsilon;      /* of Adam and RMSprop: 1e-8 */
    int nesterov;        /* of SGD */
    double clip_norm;    /* the largest joint norm of all gradients */
} OptimizerSettings;

/* The numbers of one update, the same for all parameters. */
typedef struct OptimizerStep {
    real scale, weight_decay;
    real rate; /* lr; of Adam step_size */
    real momentum, alpha, one_minus_alpha, epsilon;
    real beta1, beta2, one_minus_beta1, one_minus_beta2, inverse_root_correction;
    int nesterov;
} OptimizerStep;

typedef struct OptimizerRule {
    const char *name; /* "adam", "sgd", "rmsprop" */
    int uses_v;       /* m is used by all */
    void (*update)(const OptimizerStep *step, size_t count, const real *gradient, real *weight, real *m, real *v);
} OptimizerRule;
extern const OptimizerRule optimizer_rules[OPTIMIZER_KINDS];

/* learning_rate: that of this update, which a schedule may have moved away from the settings'.  scale: clip_scale or 1. */
OptimizerStep optimizer_step(const OptimizerSettings *settings, double learning_rate, double scale, long step);
/* What all gradients are multiplied by so that their joint Euclidean norm is at most max_norm: 1, or
 * max_norm / (norm + 1e-6) where that is smaller (Pascanu et al. 2013, PyTorch's clip_grad_norm_).  sum_of_squares: of
 * all elements (product_sum of reduce.h with itself, tensors added in order). */
double clip_scale(double sum_of_squares, double max_norm);

#endif
