#include "nn/optimizer.h"

#include "base/state_trace.h"
#include "kernels/elementwise.h"
#include "kernels/parts.h"
#include "kernels/reduce.h"
#include "kernels/threads.h"

int optimizer_has_v(OptimizerKind kind) {
    return optimizer_rules[kind].uses_v;
}

Optimizer optimizer_of(OptimizerSettings settings, size_t n_parameters, Arena *arena) {
    return (Optimizer){.settings = settings,
                       .m = arena_alloc_zero(arena, n_parameters, sizeof(real)),
                       .v =
                           optimizer_has_v(settings.kind) ? arena_alloc_zero(arena, n_parameters, sizeof(real)) : NULL};
}

Optimizer optimizer_create(OptimizerKind kind, double learning_rate, double momentum, size_t n_parameters,
                           Arena *arena) {
    const OptimizerSettings settings = {.kind = kind, .learning_rate = learning_rate, .momentum = momentum};
    return optimizer_of(settings, n_parameters, arena);
}

/* What clipping scales the gradients by. */
static double scale_of(double clip_norm, size_t n, const GradientPart *parts) {
    double squares = 0;
    if (clip_norm == 0) return 1;
    for (size_t i = 0; i < n; i++) squares += product_sum(parts[i].count, parts[i].gradient, 0, parts[i].gradient, 0);
    return clip_scale(squares, clip_norm);
}

/* A step of a trace, begun before the update with the gradients; at its end the weights.  The first step begins with those that
 * training starts from. */
static void trace(const char *role, size_t n, const GradientPart *parts, const real *weights) {
    for (size_t i = 0; i < n; i++)
        state_trace_tensor(role, parts[i].name, parts[i].count, sizeof(real),
                           weights ? weights + parts[i].at : parts[i].gradient);
}

/* An update of one tensor; weights and moments are its own. */
typedef struct TensorUpdate {
    const OptimizerRule *rule;
    OptimizerStep step;
    const GradientPart *part;
    real *weights, *m, *v;
} TensorUpdate;

/* A rule goes element by element: elements first to end - 1, with the gradient under the mask while they are near. */
static void update_kept(const TensorUpdate *u, size_t first, size_t end) {
    enum { AT_ONCE = 1024 };
    real gradient[AT_ONCE];
    for (; first < end; first += AT_ONCE) {
        const size_t n = at_most(end - first, AT_ONCE);
        vector_mask(n, u->part->keep + first, u->part->gradient + first, gradient);
        u->rule->update(&u->step, n, gradient, u->weights + first, u->m + first, u->v ? u->v + first : NULL);
    }
}

static void update_range(const void *context, size_t first, size_t end) {
    const TensorUpdate *u = context;
    if (u->part->keep)
        update_kept(u, first, end);
    else
        u->rule->update(&u->step, end - first, u->part->gradient + first, u->weights + first, u->m + first,
                        u->v ? u->v + first : NULL);
}

void optimizer_update(Optimizer *o, size_t n, const GradientPart *parts, real *weights) {
    const OptimizerSettings *settings = &o->settings;
    const OptimizerRule *rule = &optimizer_rules[settings->kind];
    const double scale = scale_of(settings->clip_norm, n, parts);
    state_trace_step();
    if (o->step == 0) trace("initial", n, parts, weights);
    trace("gradient of", n, parts, NULL);
    const OptimizerStep step = optimizer_step(settings, settings->learning_rate, scale, ++o->step);
    for (size_t i = 0; i < n; i++) {
        const size_t at = parts[i].at;
        TensorUpdate u = {rule, step, &parts[i], weights + at, o->m + at, o->v ? o->v + at : NULL};
        if (parts[i].undecayed) u.step.weight_decay = 0;
        if (parts[i].faster != 0) {
            u.step.rate *= (real)parts[i].faster;
            u.step.weight_decay /= (real)parts[i].faster;
        }
        threads_run_ranges(parts[i].count, update_range, &u);
    }
    trace("", n, parts, weights);
}
