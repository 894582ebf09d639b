/* Optimisers over a flat vector of parameters.  Rules, settings and chains: kernels/optimizer.h. */
#ifndef SCALEDOWN_NN_OPTIMIZER_H
#define SCALEDOWN_NN_OPTIMIZER_H

#include <stdint.h>

#include "base/arena.h"
#include "kernels/optimizer.h"

typedef struct Optimizer {
    OptimizerSettings settings; /* the learning rate may be changed between updates */
    long step;                  /* updates made so far */
    real *m, *v;                /* [n_parameters] each, from 0; v NULL where the rule has none */
} Optimizer;
int optimizer_has_v(OptimizerKind kind); /* does its rule use v? */
Optimizer optimizer_of(OptimizerSettings settings, size_t n_parameters, Arena *arena);
Optimizer optimizer_create(OptimizerKind kind, double learning_rate, double momentum, size_t n_parameters,
                           Arena *arena);

/* The gradient of count weights, those from number at on: of the tensor of this name. */
typedef struct GradientPart {
    const char *name;
    size_t at, count;
    const real *gradient;
    int undecayed; /* the weight decay leaves them alone */
    /* [count], or NULL: all; the gradient of others counts as 0 where weights are moved, though not in the norm: what began
     * at +0 stays there */
    const uint8_t *keep;
    double faster; /* steps are so many times as long, but for what the weight decay adds to them; 0 stands for 1 */
} GradientPart;
/* One update by the gradients of n parts, clipped by their joint norm where the settings say so; weights [n_parameters].
 * A step of base/state_trace.h. */
void optimizer_update(Optimizer *optimizer, size_t n, const GradientPart *parts, real *weights);

#endif
