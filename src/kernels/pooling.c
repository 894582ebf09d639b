#include "exact/exact_real.h"
#include "kernels/kernels.h"
#include "kernels/micro.h"

size_t pool_output_length(size_t length) {
    return length / 2;
}

/* One function per kernel, over pairs of neighbouring positions; the body sees a channel's position l of the short
 * signal, and the pair of rows it stands for in the long one. */
#define FOR_EACH_PAIR(pool)                                                                                            \
    for (size_t c = 0; c < (pool)->channels; c++)                                                                      \
        for (size_t l = 0; l < pool_output_length((pool)->length); l++)
enum { NEITHER, FIRST, SECOND };
#define LONG(pool) ((c * (pool)->length + 2 * l) * (pool)->batch)
#define SHORT(pool) ((c * pool_output_length((pool)->length) + l) * (pool)->batch)

/* The body for n = 0..batch - 1 in whole vectors; where the batch is no multiple, the last one overlaps the one before
 * and finds the same values again.  Outputs are never inputs here. */
enum { BLOCK = 64 / sizeof(real) };
#define FOR_EACH_EXAMPLE(...)                                                                                          \
    do {                                                                                                               \
        if (batch < BLOCK)                                                                                             \
            for (size_t n = 0; n < batch; n++) __VA_ARGS__                                                             \
        else                                                                                                           \
            for (size_t next = 0; next < batch; next += BLOCK) {                                                       \
                const size_t start = next + BLOCK <= batch ? next : batch - BLOCK;                                     \
                SIMD for (size_t n = start; n < start + BLOCK; n++) __VA_ARGS__                                        \
            }                                                                                                          \
    } while (0)

/* The position that an odd length leaves over has no part in the output. */
static void clear_last(const Pool *pool, real *gx) {
    if (pool->length % 2 == 0) return;
    for (size_t c = 0; c < pool->channels; c++)
        for (size_t n = 0; n < pool->batch; n++) gx[(c * pool->length + pool->length - 1) * pool->batch + n] = 0;
}

void max_pool(const Pool *pool, Activation before, const real *x, real *y, int32_t *choice, size_t step) {
    const size_t batch = pool->batch;
    const int32_t keep = before != ACTIVATION_RELU;
    FOR_EACH_PAIR(pool) {
        const real *first = x + LONG(pool), *second = first + batch;
        real *restrict out = y + c * step + l * batch;
        int32_t *restrict chosen = choice + c * step + l * batch;
        FOR_EACH_EXAMPLE({
            const real a = first[n], b = second[n], larger = b > a ? b : a;
            const int32_t larger_one = b > a ? SECOND : FIRST, kept = (larger > 0) | keep;
            out[n] = kept ? larger : 0;
            chosen[n] = kept ? larger_one : NEITHER;
        });
    }
}

void chosen_pool(const Pool *pool, const int32_t *choice, const real *values, real *y) {
    const size_t batch = pool->batch;
    FOR_EACH_PAIR(pool) {
        const real *first = values + LONG(pool), *second = first + batch;
        const int32_t *chosen = choice + SHORT(pool);
        real *restrict out = y + SHORT(pool);
        FOR_EACH_EXAMPLE({
            const real a = first[n], b = second[n], a_or_zero = chosen[n] == FIRST ? a : 0;
            out[n] = chosen[n] == SECOND ? b : a_or_zero;
        });
    }
}

void chosen_unpool(const Pool *pool, const int32_t *choice, const real *gy, real *gx) {
    const size_t batch = pool->batch;
    FOR_EACH_PAIR(pool) {
        const real *g = gy + SHORT(pool);
        const int32_t *chosen = choice + SHORT(pool);
        real *restrict a = gx + LONG(pool), *restrict b = a + batch;
        FOR_EACH_EXAMPLE({
            const real value = g[n];
            a[n] = chosen[n] == FIRST ? value : 0;
            b[n] = chosen[n] == SECOND ? value : 0;
        });
    }
    clear_last(pool, gx);
}

void sum_pool(const Pool *pool, real factor, const real *x, real *y) {
    const size_t batch = pool->batch;
    FOR_EACH_PAIR(pool) {
        const real *a = x + LONG(pool), *b = a + batch;
        real *restrict out = y + SHORT(pool);
        FOR_EACH_EXAMPLE({ out[n] = factor * (a[n] + b[n]); });
    }
}

void sum_unpool(const Pool *pool, real factor, const real *gy, real *gx) {
    const size_t batch = pool->batch;
    FOR_EACH_PAIR(pool) {
        const real *g = gy + SHORT(pool);
        real *restrict a = gx + LONG(pool), *restrict b = a + batch;
        FOR_EACH_EXAMPLE({
            a[n] = factor * g[n];
            b[n] = factor * g[n];
        });
    }
    clear_last(pool, gx);
}

void l2_pool(const Pool *pool, const real *x, real *y) {
    const size_t batch = pool->batch;
    FOR_EACH_PAIR(pool) {
        const real *a = x + LONG(pool), *b = a + batch;
        real *restrict out = y + SHORT(pool);
        FOR_EACH_EXAMPLE({ out[n] = REAL_SQRT(REAL_FMA(b[n], b[n], a[n] * a[n])); });
    }
}

void l2_unpool(const Pool *pool, const real *x, const real *y, const real *gy, real *gx) {
    const size_t batch = pool->batch;
    FOR_EACH_PAIR(pool) {
        const real *first = x + LONG(pool), *second = first + batch, *norm = y + SHORT(pool), *g = gy + SHORT(pool);
        real *restrict a = gx + LONG(pool), *restrict b = a + batch;
        FOR_EACH_EXAMPLE({
            const real divisor = norm[n] > 0 ? norm[n] : 1, quotient = norm[n] > 0 ? g[n] / divisor : 0;
            a[n] = quotient * first[n];
            b[n] = quotient * second[n];
        });
    }
    clear_last(pool, gx);
}
