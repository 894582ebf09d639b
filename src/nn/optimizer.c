#include "nn/optimizer.h"

#include "kernels/optimizer.h"

Optimizer optimizer_of(OptimizerSettings settings, size_t n_parameters, Arena *arena) {
    return (Optimizer){.settings = settings,
                       .m = arena_alloc_zero(arena, n_parameters, sizeof(real)),
                       .v =
                           settings.kind == OPTIMIZER_SGD ? NULL : arena_alloc_zero(arena, n_parameters, sizeof(real))};
}

Optimizer optimizer_create(OptimizerKind kind, double learning_rate, double momentum, size_t n_parameters,
                           Arena *arena) {
    return optimizer_of((OptimizerSettings){kind, learning_rate, momentum}, n_parameters, arena);
}

void optimizer_begin_update(Optimizer *o) {
    o->step++;
}

static void move_adam(Optimizer *o, size_t at, size_t count, const real *gradient, real *weights) {
    const AdamStep step = adam_step(o->settings.learning_rate, 0.9, 0.999, 1e-8, o->step);
    adam_update(count, &step, gradient, weights + at, o->m + at, o->v + at);
}

static void move_sgd(Optimizer *o, size_t at, size_t count, const real *gradient, real *weights) {
    sgd_update(count, (real)o->settings.learning_rate, (real)o->settings.momentum, gradient, weights + at, o->m + at);
}

static void (*const moves[])(Optimizer *, size_t at, size_t count, const real *gradient,
                             real *weights) = {[OPTIMIZER_ADAM] = move_adam, [OPTIMIZER_SGD] = move_sgd};

void optimizer_move(Optimizer *o, size_t at, size_t count, const real *gradient, real *weights) {
    moves[o->settings.kind](o, at, count, gradient, weights);
}
