#include "kernels/optimizer.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "exact/exact.h"
#include "kernels/subnormal.h"

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

/* ---- elements at rest ----
 * A weight whose gradient stays 0, as behind a dead ReLU unit, has a moment m that decays to a subnormal number and there
 * stands still: rounded to nearest, 0.9 times the smallest is the smallest again.  Such operands make multiplications
 * and divisions of today's processors some twenty times slower.  A block with elements at rest is therefore updated with
 * m = 0 in their place, which leaves their w and decays their v as it should; only their m is made apart, in integers,
 * with the very rounding that the chain has. */

enum { BLOCK = 64 };
typedef void Update(const OptimizerStep *step, size_t count, const real *restrict gradient, real *restrict weight,
                    real *restrict m, real *restrict v);

#ifndef REAL_IS_DOUBLE
static float float_of(uint32_t bits) {
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* The product of factor, in 0 to 1, and a subnormal x, rounded to nearest, ties to even.  x is a whole number of smallest
 * subnormals; its product with factor is exact in binary64, and adding 2^52 rounds it to a whole number. */
static float scaled_subnormal(float factor, float x) {
    const uint32_t bits = bits_of(x);
    const double product = (double)factor * (double)(int32_t)(bits & 0x7fffffffu);
    return float_of((uint32_t)(int32_t)((product + 0x1p52) - 0x1p52) | (bits & 0x80000000u));
}

/* The largest k such that factor leaves 1 to k smallest subnormals as they are. */
static uint32_t standing_still(float factor) {
    uint32_t k = 0;
    while (k < 1000 && scaled_subnormal(factor, float_of(k + 1)) == float_of(k + 1)) k++;
    return k;
}

/* Is every subnormal m of the block one of an element at rest?  Its gradient is 0, and its weight too large to be moved by
 * what is less than 2^-90. */
static int subnormal_are_at_rest(size_t count, const float *gradient, const float *weight, const float *m) {
    int all = 1;
    for (size_t i = 0; i < count; i++)
        all &= (is_subnormal(m[i]) ^ 1) | ((gradient[i] == 0) & (fabsf(weight[i]) >= 0x1p-60f));
    return all;
}

/* The subnormal moments of a block, after an update that had 0 in their place.  adds: the chain rounds the product before it
 * adds the gradient, a zero whose sign then counts where the product is rounded to 0. */
static void decay_subnormal(float decay, uint32_t still, int adds, size_t count, const float *gradient,
                            const float *before, float *m) {
    int all_still = 1;
    for (size_t i = 0; i < count; i++)
        all_still &= (is_subnormal(before[i]) ^ 1) | ((bits_of(before[i]) & 0x7fffffffu) <= still);
    for (size_t i = 0; i < count; i++) {
        const float scaled = all_still ? before[i] : scaled_subnormal(decay, before[i]);
        m[i] = is_subnormal(before[i]) ? adds ? scaled + gradient[i] : scaled : m[i];
    }
}

/* decay: what m is multiplied by, and adds how; rate_bound: |w' - w| is at most this times |m|. */
static inline void update_blocks(Update *update, const OptimizerStep *step, float decay, int adds, float rate_bound,
                                 size_t count, const float *gradient, float *weight, float *m, float *v) {
    const int may_rest = step->weight_decay == 0 && decay > 0 && decay <= 1 && rate_bound < 0x1p36f;
    uint32_t still = 0;
    int still_known = 0;
    for (size_t first = 0; first < count; first += BLOCK) {
        const size_t n = count - first < BLOCK ? count - first : BLOCK;
        const float *g = gradient + first;
        float *of_w = weight + first, *of_m = m + first, *of_v = v ? v + first : NULL, before[BLOCK];
        if (!may_rest || !any_subnormal(n, of_m) || !subnormal_are_at_rest(n, g, of_w, of_m)) {
            update(step, n, g, of_w, of_m, of_v);
            continue;
        }
        memcpy(before, of_m, n * sizeof *before);
        for (size_t i = 0; i < n; i++) of_m[i] = is_subnormal(before[i]) ? 0 : before[i];
        update(step, n, g, of_w, of_m, of_v);
        if (!still_known) still = standing_still(decay), still_known = 1;
        decay_subnormal(decay, still, adds, n, g, before, of_m);
    }
}
#else
static inline void update_blocks(Update *update, const OptimizerStep *step, real decay, int adds, real rate_bound,
                                 size_t count, const real *gradient, real *weight, real *m, real *v) {
    (void)decay, (void)adds, (void)rate_bound;
    update(step, count, gradient, weight, m, v);
}
#endif

/* ---- the rules ---- */

static inline void adam(const OptimizerStep *step, size_t count, const real *restrict gradient, real *restrict weight,
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

static inline void sgd(const OptimizerStep *step, size_t count, const real *restrict gradient, real *restrict weight,
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

static void update_adam(const OptimizerStep *step, size_t count, const real *gradient, real *weight, real *m, real *v) {
    update_blocks(adam, step, step->beta1, 1, step->rate / step->epsilon, count, gradient, weight, m, v);
}

static void update_sgd(const OptimizerStep *step, size_t count, const real *gradient, real *weight, real *m, real *v) {
    update_blocks(sgd, step, step->momentum, 0, step->rate, count, gradient, weight, m, v);
}

const OptimizerRule optimizer_rules[OPTIMIZER_KINDS] = {[OPTIMIZER_ADAM] = {"adam", 1, update_adam},
                                                        [OPTIMIZER_SGD] = {"sgd", 0, update_sgd},
                                                        [OPTIMIZER_RMSPROP] = {"rmsprop", 1, update_rmsprop}};
