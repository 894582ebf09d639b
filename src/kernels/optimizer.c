#include "kernels/optimizer.h"

static double power(double base, long exponent) { /* by repeated multiplication, the same bits everywhere */
    double result = 1;
    for (; exponent > 0; exponent >>= 1, base *= base)
        if (exponent & 1) result *= base;
    return result;
}

AdamStep adam_step(double learning_rate, double beta1, double beta2, double epsilon, long step) {
    const double correction1 = 1 - power(beta1, step), correction2 = 1 - power(beta2, step);
    const AdamStep s = {(real)beta1,
                        (real)beta2,
                        (real)(1 - beta1),
                        (real)(1 - beta2),
                        (real)(learning_rate / correction1),
                        (real)(1 / sqrt(correction2)),
                        (real)epsilon};
    return s;
}

void adam_update(size_t count, const AdamStep *step, const real *restrict gradient, real *restrict weight,
                 real *restrict m, real *restrict v) {
    const AdamStep s = *step;
    for (size_t i = 0; i < count; i++) {
        const real g = gradient[i];
        m[i] = REAL_FMA(s.one_minus_beta1, g, s.beta1 * m[i]);
        v[i] = REAL_FMA(s.one_minus_beta2 * g, g, s.beta2 * v[i]);
        const real denominator = REAL_FMA(REAL_SQRT(v[i]), s.inverse_root_correction, s.epsilon);
        weight[i] = REAL_FMA(-s.step_size, m[i] / denominator, weight[i]);
    }
}

void sgd_update(size_t count, real learning_rate, real momentum, const real *restrict gradient, real *restrict weight,
                real *restrict velocity) {
    for (size_t i = 0; i < count; i++) {
        velocity[i] = REAL_FMA(momentum, velocity[i], gradient[i]);
        weight[i] = REAL_FMA(-learning_rate, velocity[i], weight[i]);
    }
}
