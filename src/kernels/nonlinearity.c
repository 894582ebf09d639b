#include "kernels/nonlinearity.h"

#include "exact/exact_real.h"

/* The distribution function of the standard normal distribution. */
static inline real normal_below(real x) {
    return REAL_FMA(real_erf(x * REAL(0.70710678118654752)), REAL(0.5), REAL(0.5));
}

void vector_swish(size_t count, const real *x, real *out) {
    for (size_t i = 0; i < count; i++) out[i] = x[i] * real_sigmoid(x[i]);
}

void vector_swish_gradient(size_t count, const real *x, const real *g, real *out) {
    for (size_t i = 0; i < count; i++) {
        const real s = real_sigmoid(x[i]);
        out[i] = g[i] * (s * REAL_FMA(x[i], 1 - s, 1));
    }
}

void vector_gelu(size_t count, const real *x, real *out) {
    for (size_t i = 0; i < count; i++) out[i] = x[i] * normal_below(x[i]);
}

void vector_gelu_gradient(size_t count, const real *x, const real *g, real *out) {
    for (size_t i = 0; i < count; i++) {
        const real density = real_exp(REAL(-0.5) * x[i] * x[i]) * REAL(0.39894228040143268);
        out[i] = g[i] * REAL_FMA(x[i], density, normal_below(x[i]));
    }
}

void vector_softplus(size_t count, const real *x, real *out) {
    for (size_t i = 0; i < count; i++) {
        const real e = real_exp(x[i] > 0 ? -x[i] : x[i]), u = 1 + e;
        const real positive = x[i] > 0 ? x[i] : 0;
        out[i] = positive + (real_log(u) + (e - (u - 1)) / u);
    }
}

void vector_elu(size_t count, real alpha, const real *x, real *out) {
    for (size_t i = 0; i < count; i++) {
        const real below = alpha * real_expm1(x[i]);
        out[i] = x[i] > 0 ? x[i] : below;
    }
}

void vector_elu_gradient(size_t count, real alpha, const real *x, const real *g, real *out) {
    for (size_t i = 0; i < count; i++) {
        const real below = alpha * real_exp(x[i]), slope = x[i] > 0 ? 1 : below;
        out[i] = g[i] * slope;
    }
}

void vector_leaky_relu(size_t count, real slope, const real *x, real *out) {
    for (size_t i = 0; i < count; i++) out[i] = x[i] > 0 ? x[i] : slope * x[i];
}

void vector_leaky_relu_gradient(size_t count, real slope, const real *x, const real *g, real *out) {
    for (size_t i = 0; i < count; i++) out[i] = x[i] > 0 ? g[i] : slope * g[i];
}
