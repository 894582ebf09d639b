#include "nn/optimizer.h"

#include "base/state_trace.h"
#include "kernels/elementwise.h"
#include "kernels/reduce.h"

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

/* A rule goes element by element: parts of a tensor, with the gradient under the mask, while they are near. */
static void update_kept(const OptimizerRule *rule, const OptimizerStep *step, const GradientPart *part, real *weights,
                        real *m, real *v) {
    enum { AT_ONCE = 1024 };
    real gradient[AT_ONCE];
    for (size_t first = 0; first < part->count; first += AT_ONCE) {
        const size_t n = part->count - first < AT_ONCE ? part->count - first : AT_ONCE;
        vector_mask(n, part->keep + first, part->gradient + first, gradient);
        rule->update(step, n, gradient, weights + first, m + first, v ? v + first : NULL);
    }
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
        OptimizerStep of_part = step;
        if (parts[i].undecayed) of_part.weight_decay = 0;
        if (parts[i].faster != 0) {
            of_part.rate *= (real)parts[i].faster;
            of_part.weight_decay /= (real)parts[i].faster;
        }
        real *v = o->v ? o->v + at : NULL;
        if (parts[i].keep)
            update_kept(rule, &of_part, &parts[i], weights + at, o->m + at, v);
        else
            rule->update(&of_part, parts[i].count, parts[i].gradient, weights + at, o->m + at, v);
    }
    trace("", n, parts, weights);
}
