#include "analysis/vector64.h"

#include <math.h>

#include "kernels/simd.h"

double vector64_lanes_sum(const double lanes[VECTOR64_LANES]) {
    double eight[8], four[4];
    SIMD for (int i = 0; i < 8; i++) eight[i] = lanes[i] + lanes[i + 8];
    SIMD for (int i = 0; i < 4; i++) four[i] = eight[i] + eight[i + 4];
    return (four[0] + four[2]) + (four[1] + four[3]);
}

double vector64_total(size_t n, const double *x) {
    double lanes[VECTOR64_LANES] = {0};
    size_t i = 0;
    for (; i + VECTOR64_LANES <= n; i += VECTOR64_LANES)
        SIMD for (int l = 0; l < VECTOR64_LANES; l++) lanes[l] += x[i + (size_t)l];
    for (int l = 0; i < n; i++, l++) lanes[l] += x[i];
    return vector64_lanes_sum(lanes);
}

double vector64_dot(size_t n, const double *x, const double *y) {
    double lanes[VECTOR64_LANES] = {0};
    size_t i = 0;
    for (; i + VECTOR64_LANES <= n; i += VECTOR64_LANES)
        SIMD for (int l = 0; l < VECTOR64_LANES; l++) lanes[l] = fma(x[i + (size_t)l], y[i + (size_t)l], lanes[l]);
    for (int l = 0; i < n; i++, l++) lanes[l] = fma(x[i], y[i], lanes[l]);
    return vector64_lanes_sum(lanes);
}

double vector64_max_abs(size_t n, const double *x) {
    double most = 0.0;
    for (size_t i = 0; i < n; i++) {
        if (isnan(x[i])) return x[i];
        if (fabs(x[i]) > most) most = fabs(x[i]);
    }
    return most;
}

void vector64_add_scaled(size_t n, double scale, const double *x, double *y) {
    for (size_t i = 0; i < n; i++) y[i] = fma(scale, x[i], y[i]);
}
