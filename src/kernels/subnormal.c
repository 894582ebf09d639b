#include "kernels/subnormal.h"

#include "kernels/scratch.h"

#ifdef REAL_IS_DOUBLE
int any_subnormal(size_t count, const real *a) {
    (void)count, (void)a;
    return 0;
}
#else
int any_subnormal(size_t count, const float *a) {
    int any = 0;
    for (size_t i = 0; i < count; i++) any |= is_subnormal(a[i]);
    return any;
}
#endif

#define SCALE REAL(0x1p64)

/* to = a SCALE; whether no finite number becomes infinite. */
static int scale_up(size_t count, const real *restrict a, real *restrict to) {
    int too_large = 0;
    for (size_t i = 0; i < count; i++) {
        to[i] = a[i] * SCALE;
        too_large |= a[i] - a[i] == 0 && to[i] - to[i] != 0;
    }
    return !too_large;
}

/* to = b / SCALE; whether none becomes subnormal, or 0. */
static int scale_down(size_t count, const real *restrict b, real *restrict to) {
    const real least = SCALE * REAL(0x1p-126);
    int too_small = 0;
    for (size_t i = 0; i < count; i++) {
        to[i] = b[i] * (1 / SCALE);
        too_small |= b[i] != 0 && b[i] < least && b[i] > -least;
    }
    return !too_small;
}

Factors normal_factors(size_t count_a, const real *a, size_t count_b, const real *b) {
    if (!any_subnormal(count_a, a)) return (Factors){a, b};
    real *scaled_a = scratch_get(SCRATCH_FACTORS, count_a + count_b, sizeof *scaled_a), *scaled_b = scaled_a + count_a;
    if (!scale_up(count_a, a, scaled_a) || !scale_down(count_b, b, scaled_b)) return (Factors){a, b};
    return (Factors){scaled_a, scaled_b};
}
