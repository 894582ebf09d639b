#include "kernels/dropout.h"

#include <string.h>

#include "kernels/parts.h"
#include "kernels/simd.h"
#include "kernels/threads.h"
#include "random/philox_rounds.h"

/* WORDS: rows that one counter serves.  VECTOR: examples side by side.  GROUPS: of WORDS rows, the work of a task. */
enum { WORDS = 4, VECTOR = 16, GROUPS = 16 };

typedef struct Masking {
    const DropoutNoise *noise;
    uint64_t threshold; /* p 2^32: a word below it drops */
    size_t rows, batch;
    uint8_t *keep;
} Masking;

/* keep of the rows of one counter, for examples side by side. */
static inline void mask_of_vector(const Masking *work, uint32_t group, const uint32_t example[VECTOR],
                                  uint8_t keep[WORDS][VECTOR]) {
    const uint32_t step = work->noise->step, layer = ~work->noise->layer;
    const uint32_t k0 = (uint32_t)work->noise->seed, k1 = (uint32_t)(work->noise->seed >> 32);
    /* Every word is below 2^32, the threshold of p = 1. */
    const uint32_t last_dropped = (uint32_t)(work->threshold - 1), drops = work->threshold > 0;
    uint32_t words[WORDS][VECTOR];
    SIMD for (size_t n = 0; n < VECTOR; n++) {
        uint32_t c0 = group, c1 = example[n], c2 = step, c3 = layer;
        philox_rounds(&c0, &c1, &c2, &c3, k0, k1);
        words[0][n] = c0;
        words[1][n] = c1;
        words[2][n] = c2;
        words[3][n] = c3;
    }
    for (size_t w = 0; w < WORDS; w++)
        SIMD for (size_t n = 0; n < VECTOR; n++) keep[w][n] = (uint8_t)((words[w][n] > last_dropped) | !drops);
}

static void mask_task(const void *context, size_t task) {
    const Masking *work = context;
    const size_t n_groups = parts_of(work->rows, WORDS), end = at_most((task + 1) * GROUPS, n_groups);
    for (size_t first = 0; first < work->batch; first += VECTOR) {
        const size_t columns = at_most(work->batch - first, VECTOR);
        uint32_t example[VECTOR];
        for (size_t n = 0; n < VECTOR; n++) {
            const size_t column = first + at_most(n, columns - 1);
            example[n] = work->noise->example ? work->noise->example[column] : (uint32_t)column;
        }
        for (size_t group = task * GROUPS; group < end; group++) {
            uint8_t keep[WORDS][VECTOR];
            mask_of_vector(work, (uint32_t)group, example, keep);
            for (size_t w = 0; w < WORDS && group * WORDS + w < work->rows; w++)
                memcpy(work->keep + (group * WORDS + w) * work->batch + first, keep[w], columns);
        }
    }
}

void dropout_mask(const DropoutNoise *noise, double p, size_t rows, size_t batch, uint8_t *keep) {
    const Masking work = {noise, (uint64_t)(p * 0x1p32), rows, batch, keep};
    threads_run(parts_of(rows, WORDS * GROUPS), threads_worth(8 * rows * batch), mask_task, &work);
}

real dropout_scale(double p) {
    return p < 1 ? 1 / (real)(1 - p) : 0;
}

void dropout_apply(size_t rows, size_t positions, size_t batch, const uint8_t *keep, real scale, const real *x,
                   real *y) {
    for (size_t r = 0; r < rows; r++)
        for (size_t p = 0; p < positions; p++) {
            const uint8_t *kept = keep + r * batch;
            const real *in = x + (r * positions + p) * batch;
            real *out = y + (r * positions + p) * batch;
            SIMD for (size_t n = 0; n < batch; n++) out[n] = kept[n] ? scale * in[n] : 0;
        }
}
