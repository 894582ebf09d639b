#include "kernels/dropout.h"

#include <string.h>
#if defined(__AVX512F__) || defined(__AVX2__)
#include <immintrin.h>
#endif

#include "kernels/parts.h"
#include "kernels/simd.h"
#include "kernels/threads.h"
#include "random/philox_rounds.h"

/* WORDS: rows that one counter serves.  VECTOR: examples side by side.  GROUPS: of WORDS rows, the work of a task. */
enum { WORDS = 4, VECTOR = 16, GROUPS = 16 };

typedef struct Masking {
    const DropoutNoise *noise;
    uint32_t last_dropped; /* p 2^32 - 1: larger words keep */
    size_t rows, batch;
    uint8_t *keep;
} Masking;

/* ---- words of examples side by side ----
 * A product of the lower halves of 64-bit lanes is one instruction, which gcc does not make of a loop.  So there a word has
 * a lane of its own, whose upper half holds anything. */

#if defined(__AVX512F__) || defined(__AVX2__)
#ifdef __AVX512F__
typedef uint64_t Halves __attribute__((vector_size(64)));
static inline Halves multiply_halves(Halves a, uint64_t b) {
    return (Halves)_mm512_mul_epu32((__m512i)a, _mm512_set1_epi64((long long)b));
}
#else
typedef uint64_t Halves __attribute__((vector_size(32)));
static inline Halves multiply_halves(Halves a, uint64_t b) {
    return (Halves)_mm256_mul_epu32((__m256i)a, _mm256_set1_epi64x((long long)b));
}
#endif
enum { PAIRS = sizeof(Halves) / sizeof(uint64_t), VECTORS = VECTOR / (2 * PAIRS) };

/* Of some examples, what does not depend on the group: the product of the second round that has the example in it. */
typedef struct Examples {
    Halves product[VECTORS][2]; /* even ones, odd ones */
} Examples;

static Examples examples_of(const DropoutNoise *noise, const uint32_t example[VECTOR]) {
    const uint64_t high = ((uint64_t)noise->step * PHILOX_M1 >> 32) ^ (uint32_t)noise->seed;
    Examples examples;
    for (size_t v = 0; v < VECTORS; v++) {
        Halves pairs;
        memcpy(&pairs, example + v * 2 * PAIRS, sizeof pairs);
        examples.product[v][0] = multiply_halves(pairs ^ high, PHILOX_M0);
        examples.product[v][1] = multiply_halves((pairs >> 32) ^ high, PHILOX_M0);
    }
    return examples;
}

/* Two rounds of the group with which no example meets it: c0 and c1 after them, and what enters c2.  Then eight rounds of
 * each example. */
static inline void words_of(const DropoutNoise *noise, uint32_t group, const Examples *examples,
                            uint32_t words[WORDS * VECTOR]) {
    const uint32_t k0 = (uint32_t)noise->seed, k1 = (uint32_t)(noise->seed >> 32);
    const uint64_t one = (uint64_t)group * PHILOX_M0, step = (uint64_t)noise->step * PHILOX_M1;
    const uint64_t two = (uint64_t)((uint32_t)(one >> 32) ^ ~noise->layer ^ k1) * PHILOX_M1;
    const uint64_t group0 = (two >> 32) ^ (uint32_t)step ^ (k0 + PHILOX_W0), group2 = one ^ (k1 + PHILOX_W1);
    for (size_t v = 0; v < VECTORS; v++) {
        Halves c[2][WORDS];
        for (size_t odd = 0; odd < 2; odd++) {
            const Halves product = examples->product[v][odd], zero = product ^ product;
            Halves c0 = zero | group0, c1 = zero | two, c2 = (product >> 32) ^ group2, c3 = product;
            for (uint32_t round = 2; round < PHILOX_ROUNDS; round++) {
                const Halves first = multiply_halves(c0, PHILOX_M0), second = multiply_halves(c2, PHILOX_M1);
                c0 = (second >> 32) ^ c1 ^ (k0 + round * PHILOX_W0);
                c1 = second;
                c2 = (first >> 32) ^ c3 ^ (k1 + round * PHILOX_W1);
                c3 = first;
            }
            c[odd][0] = c0, c[odd][1] = c1, c[odd][2] = c2, c[odd][3] = c3;
        }
        for (size_t w = 0; w < WORDS; w++) {
            const Halves pairs = (c[0][w] & UINT32_MAX) | c[1][w] << 32;
            memcpy(words + w * VECTOR + v * 2 * PAIRS, &pairs, sizeof pairs);
        }
    }
}
#else
typedef struct Examples {
    uint32_t number[VECTOR];
} Examples;

static Examples examples_of(const DropoutNoise *noise, const uint32_t example[VECTOR]) {
    (void)noise;
    Examples examples;
    memcpy(examples.number, example, sizeof examples.number);
    return examples;
}

static inline void words_of(const DropoutNoise *noise, uint32_t group, const Examples *examples,
                            uint32_t words[WORDS * VECTOR]) {
    const uint32_t step = noise->step, layer = ~noise->layer;
    const uint32_t k0 = (uint32_t)noise->seed, k1 = (uint32_t)(noise->seed >> 32);
    SIMD for (size_t n = 0; n < VECTOR; n++) {
        uint32_t c0 = group, c1 = examples->number[n], c2 = step, c3 = layer;
        philox_rounds(&c0, &c1, &c2, &c3, k0, k1);
        words[n] = c0;
        words[VECTOR + n] = c1;
        words[2 * VECTOR + n] = c2;
        words[3 * VECTOR + n] = c3;
    }
}
#endif

/* ---- masks ---- */

static void mask_task(const void *context, size_t task) {
    const Masking *work = context;
    const DropoutNoise noise = *work->noise;
    const uint32_t last_dropped = work->last_dropped;
    const size_t n_groups = parts_of(work->rows, WORDS), end = at_most((task + 1) * GROUPS, n_groups);
    for (size_t first = 0; first < work->batch; first += VECTOR) {
        const size_t columns = at_most(work->batch - first, VECTOR);
        uint32_t example[VECTOR];
        for (size_t n = 0; n < VECTOR; n++) {
            const size_t column = first + at_most(n, columns - 1);
            example[n] = noise.example ? noise.example[column] : (uint32_t)column;
        }
        const Examples examples = examples_of(&noise, example);
        for (size_t group = task * GROUPS; group < end; group++) {
            uint32_t words[WORDS * VECTOR];
            uint8_t keep[WORDS * VECTOR];
            words_of(&noise, (uint32_t)group, &examples, words);
            SIMD for (size_t i = 0; i < WORDS * VECTOR; i++) keep[i] = words[i] > last_dropped;
            for (size_t w = 0; w < WORDS && group * WORDS + w < work->rows; w++) {
                uint8_t *row = work->keep + (group * WORDS + w) * work->batch + first;
                if (columns == VECTOR) /* a length that the compiler knows */
                    memcpy(row, keep + w * VECTOR, VECTOR);
                else
                    memcpy(row, keep + w * VECTOR, columns);
            }
        }
    }
}

void dropout_mask(const DropoutNoise *noise, double p, size_t rows, size_t batch, uint8_t *keep) {
    const uint64_t dropped = (uint64_t)(p * 0x1p32); /* of all words */
    if (!dropped) {
        memset(keep, 1, rows * batch);
        return;
    }
    const Masking work = {noise, (uint32_t)(dropped - 1), rows, batch, keep};
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
