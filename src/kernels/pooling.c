#include "kernels/pooling.h"

#include "kernels/parts.h"
#include "kernels/simd.h"

size_t pool_output_length(size_t length) {
    return length / 2;
}

enum { NEITHER, FIRST, SECOND };

/* Costly loops over a batch go by whole vectors, the last of which overlaps the one before and finds the same values
 * again: the 4 examples that are left of 100 would cost a third of all the time one by one. */
enum { VECTOR = 64 / sizeof(real) };

/* Pairs of rows, one for every row of the short signals. */
static size_t pair_count(const Pool *pool) {
    return pool->channels * pool_output_length(pool->length);
}

/* Where pair i begins in the long signals: its second row lies behind its first. */
static size_t pair_start(const Pool *pool, size_t i) {
    const size_t outputs = pool_output_length(pool->length);
    return (i / outputs * pool->length + 2 * (i % outputs)) * pool->batch;
}

/* The position that an odd length leaves over has no part in the output. */
static void clear_last(const Pool *pool, real *gx) {
    if (pool->length % 2 == 0) return;
    for (size_t c = 0; c < pool->channels; c++)
        for (size_t n = 0; n < pool->batch; n++) gx[(c * pool->length + pool->length - 1) * pool->batch + n] = 0;
}

static inline void max_of_pair(real a, real b, int32_t keep, real *y, int32_t *choice) {
    const real larger = b > a ? b : a;
    const int32_t larger_one = b > a ? SECOND : FIRST, kept = (larger > 0) | keep;
    *y = kept ? larger : 0;
    *choice = kept ? larger_one : NEITHER;
}

static inline void max_of_vectors(const real *first, const real *second, int32_t keep, real *restrict y,
                                  int32_t *restrict choice) {
    SIMD for (size_t n = 0; n < VECTOR; n++) max_of_pair(first[n], second[n], keep, &y[n], &choice[n]);
}

void max_pool(const Pool *pool, Activation before, const real *x, real *y, int32_t *choice, size_t step) {
    const size_t batch = pool->batch, outputs = pool_output_length(pool->length);
    const int32_t keep = before != ACTIVATION_RELU;
    for (size_t i = 0; i < pair_count(pool); i++) {
        const real *first = x + pair_start(pool, i), *second = first + batch;
        real *out = y + i / outputs * step + i % outputs * batch;
        int32_t *chosen = choice + i / outputs * step + i % outputs * batch;
        if (batch < VECTOR)
            for (size_t n = 0; n < batch; n++) max_of_pair(first[n], second[n], keep, &out[n], &chosen[n]);
        for (size_t n = 0; n < batch && batch >= VECTOR; n += VECTOR) {
            const size_t at = at_most(n, batch - VECTOR);
            max_of_vectors(first + at, second + at, keep, out + at, chosen + at);
        }
    }
}

void max_gather(const Pool *pool, const int32_t *choice, const real *values, real *y) {
    const size_t batch = pool->batch;
    for (size_t i = 0; i < pair_count(pool); i++) {
        const real *first = values + pair_start(pool, i), *second = first + batch;
        const int32_t *chosen = choice + i * batch;
        real *restrict out = y + i * batch;
        SIMD for (size_t n = 0; n < batch; n++) {
            const real a = first[n], b = second[n], a_or_zero = chosen[n] == FIRST ? a : 0;
            out[n] = chosen[n] == SECOND ? b : a_or_zero;
        }
    }
}

void max_unpool(const Pool *pool, const int32_t *choice, const real *gy, real *gx) {
    const size_t batch = pool->batch;
    for (size_t i = 0; i < pair_count(pool); i++) {
        const real *g = gy + i * batch;
        const int32_t *chosen = choice + i * batch;
        real *restrict a = gx + pair_start(pool, i), *restrict b = a + batch;
        SIMD for (size_t n = 0; n < batch; n++) {
            const real value = g[n];
            a[n] = chosen[n] == FIRST ? value : 0;
            b[n] = chosen[n] == SECOND ? value : 0;
        }
    }
    clear_last(pool, gx);
}

void sum_pool(const Pool *pool, real factor, const real *x, real *y) {
    const size_t batch = pool->batch;
    for (size_t i = 0; i < pair_count(pool); i++) {
        const real *a = x + pair_start(pool, i), *b = a + batch;
        real *restrict out = y + i * batch;
        SIMD for (size_t n = 0; n < batch; n++) out[n] = factor * (a[n] + b[n]);
    }
}

void sum_unpool(const Pool *pool, real factor, const real *gy, real *gx) {
    const size_t batch = pool->batch;
    for (size_t i = 0; i < pair_count(pool); i++) {
        const real *g = gy + i * batch;
        real *restrict a = gx + pair_start(pool, i), *restrict b = a + batch;
        SIMD for (size_t n = 0; n < batch; n++) a[n] = b[n] = factor * g[n];
    }
    clear_last(pool, gx);
}

static inline real norm_of_pair(real a, real b) {
    return REAL_SQRT(REAL_FMA(b, b, a * a));
}

static inline void norms_of_vectors(const real *a, const real *b, real *restrict y) {
    SIMD for (size_t n = 0; n < VECTOR; n++) y[n] = norm_of_pair(a[n], b[n]);
}

void l2_pool(const Pool *pool, const real *x, real *y) {
    const size_t batch = pool->batch;
    for (size_t i = 0; i < pair_count(pool); i++) {
        const real *a = x + pair_start(pool, i), *b = a + batch;
        real *out = y + i * batch;
        if (batch < VECTOR)
            for (size_t n = 0; n < batch; n++) out[n] = norm_of_pair(a[n], b[n]);
        for (size_t n = 0; n < batch && batch >= VECTOR; n += VECTOR) {
            const size_t at = at_most(n, batch - VECTOR);
            norms_of_vectors(a + at, b + at, out + at);
        }
    }
}

void l2_unpool(const Pool *pool, const real *x, const real *y, const real *gy, real *gx) {
    const size_t batch = pool->batch;
    for (size_t i = 0; i < pair_count(pool); i++) {
        const real *first = x + pair_start(pool, i), *second = first + batch, *norm = y + i * batch,
                   *g = gy + i * batch;
        real *restrict a = gx + pair_start(pool, i), *restrict b = a + batch;
        SIMD for (size_t n = 0; n < batch; n++) {
            const real divisor = norm[n] > 0 ? norm[n] : 1, quotient = norm[n] > 0 ? g[n] / divisor : 0;
            a[n] = quotient * first[n];
            b[n] = quotient * second[n];
        }
    }
    clear_last(pool, gx);
}
