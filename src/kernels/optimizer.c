#include "kernels/optimizer.h"

#include "exact/exact.h"

static double or_default(double given, double value) {
    return given != 0 ? given : value;
}

OptimizerStep optimizer_step(const OptimizerSettings *settings, double learning_rate, double scale, long step) {
    const double beta1 = or_default(settings->beta1, 0.9), beta2 = or_default(settings->beta2, 0.999);
    const double alpha = or_default(settings->alpha, 0.99);
    const int adam = settings->kind == OPTIMIZER_ADAM;
    return (OptimizerStep){
        .scale = (real)scale,
        .weight_decay = (real)settings->weight_decay,
        .rate = (real)(adam ? learning_rate / (1 - exact_whole_power(beta1, (unsigned long)step)) : learning_rate),
        .momentum = (real)settings->momentum,
        .alpha = (real)alpha,
        .one_minus_alpha = (real)(1 - alpha),
        .epsilon = (real)or_default(settings->epsilon, 1e-8),
        .beta1 = (real)beta1,
        .beta2 = (real)beta2,
        .one_minus_beta1 = (real)(1 - beta1),
        .one_minus_beta2 = (real)(1 - beta2),
        .inverse_root_correction = (real)(1 / sqrt(1 - exact_whole_power(beta2, (unsigned long)step))),
        .nesterov = settings->nesterov};
}

double clip_scale(double sum_of_squares, double max_norm) {
    const double scale = max_norm / (sqrt(sum_of_squares) + 1e-6);
    return scale < 1 ? scale : 1;
}

static inline real gradient_of(const OptimizerStep *s, real gradient, real weight) {
    const real g = s->scale * gradient;
    return s->weight_decay != 0 ? REAL_FMA(s->weight_decay, weight, g) : g;
}

static void update_adam(const OptimizerStep *step, size_t count, const real *restrict gradient, real *restrict weight,
                        real *restrict m, real *restrict v) {
    const OptimizerStep s = *step;
    for (size_t i = 0; i < count; i++) {
        const real g = gradient_of(&s, gradient[i], weight[i]);
        m[i] = REAL_FMA(s.one_minus_beta1, g, s.beta1 * m[i]);
        v[i] = REAL_FMA(s.one_minus_beta2 * g, g, s.beta2 * v[i]);
        const real denominator = REAL_FMA(REAL_SQRT(v[i]), s.inverse_root_correction, s.epsilon);
        weight[i] = REAL_FMA(-s.rate, m[i] / denominator, weight[i]);
    }
}

static void update_sgd(const OptimizerStep *step, size_t count, const real *restrict gradient, real *restrict weight,
                       real *restrict m, real *restrict v) {
    const OptimizerStep s = *step;
    (void)v;
    for (size_t i = 0; i < count; i++) {
        const real g = gradient_of(&s, gradient[i], weight[i]);
        m[i] = REAL_FMA(s.momentum, m[i], g);
        weight[i] = REAL_FMA(-s.rate, s.nesterov ? REAL_FMA(s.momentum, m[i], g) : m[i], weight[i]);
    }
}

static void update_rmsprop(const OptimizerStep *step, size_t count, const real *restrict gradient,
                           real *restrict weight, real *restrict m, real *restrict v) {
    const OptimizerStep s = *step;
    for (size_t i = 0; i < count; i++) {
        const real g = gradient_of(&s, gradient[i], weight[i]);
        v[i] = REAL_FMA(s.one_minus_alpha * g, g, s.alpha * v[i]);
        m[i] = REAL_FMA(s.momentum, m[i], g / (REAL_SQRT(v[i]) + s.epsilon));
        weight[i] = REAL_FMA(-s.rate, m[i], weight[i]);
    }
}

const OptimizerRule optimizer_rules[OPTIMIZER_KINDS] = {[OPTIMIZER_ADAM] = {"adam", 1, update_adam},
                                                        [OPTIMIZER_SGD] = {"sgd", 0, update_sgd},
                                                        [OPTIMIZER_RMSPROP] = {"rmsprop", 1, update_rmsprop}};
