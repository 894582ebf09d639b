/* Optimisers over a flat vector of parameters.  Chains: kernels/optimizer.h. */
#ifndef SCALEDOWN_NN_OPTIMIZER_H
#define SCALEDOWN_NN_OPTIMIZER_H

#include "base/arena.h"
#include "base/real.h"

typedef enum OptimizerKind { OPTIMIZER_ADAM, OPTIMIZER_SGD } OptimizerKind;

/* Adam has betas 0.9 and 0.999 and epsilon 1e-8, PyTorch's defaults. */
typedef struct OptimizerSettings {
    OptimizerKind kind;
    double learning_rate;
    double momentum; /* SGD */
} OptimizerSettings;

typedef struct Optimizer {
    OptimizerSettings settings;
    long step;   /* updates made or begun so far */
    real *m, *v; /* [n_parameters] each, from 0; v unused by SGD */
} Optimizer;
Optimizer optimizer_of(OptimizerSettings settings, size_t n_parameters, Arena *arena);
Optimizer optimizer_create(OptimizerKind kind, double learning_rate, double momentum, size_t n_parameters,
                           Arena *arena);
/* An update begins, and moves count weights, those from number at on: gradient [count], weights [n_parameters]. */
void optimizer_begin_update(Optimizer *optimizer);
void optimizer_move(Optimizer *optimizer, size_t at, size_t count, const real *gradient, real *weights);

#endif
