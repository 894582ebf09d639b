#include "random/random.h"

#include <assert.h>
#include <math.h>

#include "exact/exact.h"
#include "random/philox_rounds.h"

/* ---- MT19937 ---------------------------------------------------------------------------------------------------- */

enum { WORDS = 624, MIDDLE = 397 };

void mt19937_seed(Mt19937 *mt, uint32_t seed) {
    mt->state[0] = seed;
    for (uint32_t i = 1; i < WORDS; i++) {
        uint32_t before = mt->state[i - 1];
        mt->state[i] = 1812433253u * (before ^ (before >> 30)) + i;
    }
    mt->next = WORDS;
    mt->has_cached = 0;
    mt->cached = 0.0;
}

uint32_t mt19937_next(Mt19937 *mt) {
    if (mt->next >= WORDS) { /* all words are used: the next 624 */
        for (int i = 0; i < WORDS; i++) {
            uint32_t joined = (mt->state[i] & 0x80000000u) | (mt->state[(i + 1) % WORDS] & 0x7fffffffu);
            mt->state[i] = mt->state[(i + MIDDLE) % WORDS] ^ (joined >> 1) ^ (joined & 1u ? 0x9908b0dfu : 0u);
        }
        mt->next = 0;
    }
    uint32_t word = mt->state[mt->next++];
    word ^= word >> 11;
    word ^= (word << 7) & 0x9d2c5680u;
    word ^= (word << 15) & 0xefc60000u;
    return word ^ (word >> 18);
}

uint64_t mt19937_next64(Mt19937 *mt) {
    uint64_t high = mt19937_next(mt);
    return high << 32 | mt19937_next(mt);
}

/* ---- Python ----------------------------------------------------------------------------------------------------- */

static uint32_t mixed(const Mt19937 *mt, int i, uint32_t factor) {
    const uint32_t before = mt->state[i - 1];
    return mt->state[i] ^ ((before ^ (before >> 30)) * factor);
}

void python_seed(Mt19937 *mt, uint32_t seed) {
    mt19937_seed(mt, 19650218u);
    for (int k = 0; k < WORDS; k++) { /* words 1 to 623, and 1 once more */
        const int i = k % (WORDS - 1) + 1;
        mt->state[i] = mixed(mt, i, 1664525u) + seed;
        if (i == WORDS - 1) mt->state[0] = mt->state[i];
    }
    for (int k = 1; k < WORDS; k++) { /* words 2 to 623, and 1 at last */
        const int i = k % (WORDS - 1) + 1;
        mt->state[i] = mixed(mt, i, 1566083941u) - (uint32_t)i;
        if (i == WORDS - 1) mt->state[0] = mt->state[i];
    }
    mt->state[0] = 0x80000000u;
}

double python_random(Mt19937 *mt) {
    return numpy_rand(mt);
}

/* ---- NumPy ------------------------------------------------------------------------------------------------------ */

double numpy_rand(Mt19937 *mt) {
    uint32_t high = mt19937_next(mt) >> 5, low = mt19937_next(mt) >> 6;
    return (high * 67108864.0 + low) / 9007199254740992.0;
}

double numpy_randn(Mt19937 *mt) {
    if (mt->has_cached) {
        mt->has_cached = 0;
        return mt->cached;
    }
    double x1, x2, square;
    do {
        x1 = 2.0 * numpy_rand(mt) - 1.0;
        x2 = 2.0 * numpy_rand(mt) - 1.0;
        square = x1 * x1 + x2 * x2;
    } while (square >= 1.0 || square == 0.0);
    double scale = sqrt(-2.0 * exact_log(square) / square);
    mt->cached = scale * x1;
    mt->has_cached = 1;
    return scale * x2;
}

/* A number in [0, last]: as many low bits of a word as last has, drawn again while above it.  No draw when last is 0. */
static uint32_t masked_rejection(Mt19937 *mt, uint32_t last) {
    uint32_t mask = last, value;
    for (int shift = 1; shift <= 16; shift *= 2) mask |= mask >> shift;
    if (last == 0) return 0;
    do value = mt19937_next(mt) & mask;
    while (value > last);
    return value;
}

uint32_t numpy_randint(Mt19937 *mt, uint32_t n) {
    return masked_rejection(mt, n - 1u);
}

static void identity(size_t n, size_t *permutation) {
    for (size_t i = 0; i < n; i++) permutation[i] = i;
}

static void swap(size_t *permutation, size_t i, size_t j) {
    size_t kept = permutation[i];
    permutation[i] = permutation[j];
    permutation[j] = kept;
}

void numpy_permutation(Mt19937 *mt, size_t n, size_t *permutation) {
    assert(n <= 0xffffffffu);
    identity(n, permutation);
    for (size_t i = n; i-- > 1;) swap(permutation, i, masked_rejection(mt, (uint32_t)i));
}

/* ---- PyTorch ---------------------------------------------------------------------------------------------------- */

float torch_rand(Mt19937 *mt) {
    return (float)(mt19937_next(mt) & 0xffffffu) * 0x1p-24f;
}

void torch_uniform(Mt19937 *mt, double low, double high, size_t count, float *out) {
    float from = (float)low, range = (float)high - (float)low;
    for (size_t i = 0; i < count; i++) out[i] = fmaf(torch_rand(mt), range, from);
}

static double torch_rand_double(Mt19937 *mt) {
    return (double)(mt19937_next64(mt) & 0x1fffffffffffffu) * 0x1p-53;
}

/* Fewer than 16 values: pairs in double; the second of a pair is kept for the next draw of the same stream. */
static double torch_normal_double(Mt19937 *mt) {
    if (mt->has_cached) {
        mt->has_cached = 0;
        return mt->cached;
    }
    double turn = 2.0 * 3.14159265358979323846 * torch_rand_double(mt);
    double radius = sqrt(-2.0 * exact_log(1.0 - torch_rand_double(mt)));
    mt->cached = radius * exact_sin(turn);
    mt->has_cached = 1;
    return radius * exact_cos(turn);
}

/* 16 uniforms become 16 normals: 8 radii from the first half, 8 angles from the second, rounded to binary32 where
 * PyTorch rounds.  Its logarithm, cosine and sine are binary32 approximations; here they are rounded from binary64. */
static void torch_normal_block(float *block, float mean, float sd) {
    for (int j = 0; j < 8; j++) {
        float radius = sqrtf(-2.0f * (float)exact_log((double)(1.0f - block[j])));
        double turn = (double)(6.2831855f * block[j + 8]);
        block[j] = fmaf(radius * (float)exact_cos(turn), sd, mean);
        block[j + 8] = fmaf(radius * (float)exact_sin(turn), sd, mean);
    }
}

void torch_normal(Mt19937 *mt, double mean, double sd, size_t count, float *out) {
    if (count < 16) {
        for (size_t i = 0; i < count; i++) out[i] = (float)(torch_normal_double(mt) * sd + mean);
        return;
    }
    for (size_t i = 0; i < count; i++) out[i] = torch_rand(mt);
    for (size_t i = 0; i + 16 <= count; i += 16) torch_normal_block(out + i, (float)mean, (float)sd);
    if (count % 16 == 0) return;
    float *last = out + count - 16; /* not a whole number of blocks: the last 16 are drawn anew */
    for (int j = 0; j < 16; j++) last[j] = torch_rand(mt);
    torch_normal_block(last, (float)mean, (float)sd);
}

void torch_randperm(Mt19937 *mt, size_t n, size_t *permutation) {
    assert(n <= 0xffffffffu);
    identity(n, permutation);
    for (size_t i = 0; i + 1 < n; i++) swap(permutation, i, i + mt19937_next(mt) % (n - i));
}

void torch_shuffle_epoch(Mt19937 *mt, size_t n, size_t *permutation) {
    Mt19937 sampler;
    mt19937_next64(mt);                                   /* base seed of the workers: drawn, not used */
    mt19937_seed(&sampler, (uint32_t)mt19937_next64(mt)); /* the engine takes the low 32 bits */
    torch_randperm(&sampler, n, permutation);
}

/* ---- Philox4x32-10 ---------------------------------------------------------------------------------------------- */

void philox_block(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]) {
    for (int i = 0; i < 4; i++) out[i] = counter[i];
    philox_rounds(&out[0], &out[1], &out[2], &out[3], key[0], key[1]);
}

void philox_seed(Philox *philox, uint64_t seed, uint64_t stream) {
    philox->key[0] = (uint32_t)seed;
    philox->key[1] = (uint32_t)(seed >> 32);
    philox->stream[0] = (uint32_t)stream;
    philox->stream[1] = (uint32_t)(stream >> 32);
}

/* Counter: the index in the low half, the stream in the high half.  Each index has a block of its own, so the kinds
 * of draws below may use up to 128 bits and never overlap between indices. */
static void philox_at(const Philox *philox, uint64_t index, uint32_t out[4]) {
    const uint32_t counter[4] = {(uint32_t)index, (uint32_t)(index >> 32), philox->stream[0], philox->stream[1]};
    philox_block(counter, philox->key, out);
}

static double unit_interval(uint32_t high, uint32_t low) {
    return (double)(((uint64_t)high << 32 | low) >> 11) * 0x1p-53;
}

uint32_t philox_u32(const Philox *philox, uint64_t index) {
    uint32_t out[4];
    philox_at(philox, index, out);
    return out[0];
}

double philox_uniform(const Philox *philox, uint64_t index) {
    uint32_t out[4];
    philox_at(philox, index, out);
    return unit_interval(out[0], out[1]);
}

double philox_normal(const Philox *philox, uint64_t index) {
    uint32_t out[4];
    philox_at(philox, index, out);
    double radius = sqrt(-2.0 * exact_log(1.0 - unit_interval(out[0], out[1])));
    return radius * exact_cos(6.283185307179586 * unit_interval(out[2], out[3]));
}

/* floor(u n / 2^64) for 64 random bits u: no rejection; the bias is below n 2^-64. */
uint32_t philox_below(const Philox *philox, uint64_t index, uint32_t n) {
    uint32_t out[4];
    philox_at(philox, index, out);
    return (uint32_t)(((uint64_t)out[0] * n + ((uint64_t)out[1] * n >> 32)) >> 32);
}
