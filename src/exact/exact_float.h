/* binary32 elementary functions for kernels to inline.  Selects instead of branches, so gcc -O3 and clang -O3
 * vectorise a loop over them.
 *
 * Worst error over all 2^32 inputs against a binary64 reference (tests/slow_exact.c), in units in the last place:
 *     exp 0.77    log 0.94    tanh 2.40    sigmoid 2.30    erf 1.10    expm1 1.30
 * Special values: exp(-inf) = 0, exp(x) = inf from 88.7228394 on; log(+-0) = -inf, log(x < 0) = NaN, log(inf) = inf;
 * tanh, erf and expm1 keep the sign of zero; a NaN gives a NaN.  Subnormal arguments and results are rounded like all others.
 *
 * Coefficients: weighted minimax fits (relative error of the function) on the reduced interval, found by iteratively
 * reweighted least squares; each is rounded to binary32 from the lowest power up and the rest is fitted again. */
#ifndef SCALEDOWN_EXACT_EXACT_FLOAT_H
#define SCALEDOWN_EXACT_EXACT_FLOAT_H

#include <math.h>
#include <stdint.h>

typedef union ExactFloatBits {
    float value;
    uint32_t bits;
} ExactFloatBits;

static inline uint32_t exact_bits_of_float(float value) {
    ExactFloatBits pun;
    pun.value = value;
    return pun.bits;
}

static inline float exact_float_of_bits(uint32_t bits) {
    ExactFloatBits pun;
    pun.bits = bits;
    return pun.value;
}

/* x = n ln 2 + r + (a rounding error), |r| <= ln 2 / 2, |x| < 2^20: *n in two's complement, and the small second part
 * of expm1(x - n ln 2) = *r + returned. */
static inline float exact_expm1f_reduced(float x, uint32_t *n, float *r) {
    const float to_integer = 12582912.0f; /* 1.5 * 2^23: adding it leaves round-to-nearest(x / ln 2) in the low bits */
    float shifted = fmaf(x, 1.44269502f, to_integer);
    float whole = shifted - to_integer;
    float r_high = fmaf(whole, -0.693145752f, x); /* 16 bits of ln 2, so that this step is exact */
    *r = fmaf(whole, -1.42860677e-06f, r_high);
    float r_low = fmaf(whole, -1.42860677e-06f, r_high - *r);
    float q = 0.00019763382f;
    q = fmaf(q, *r, 0.00139323424f);
    q = fmaf(q, *r, 0.00833354425f);
    q = fmaf(q, *r, 0.0416664928f);
    q = fmaf(q, *r, 0.166666657f);
    q = fmaf(q, *r, 0.5f);
    *n = exact_bits_of_float(shifted) - 0x4b400000u;
    return fmaf(*r * *r, q, r_low);
}

/* p 2^n in two factors: n spans -150..128, more than one exponent field holds; only the last product rounds. */
static inline float exact_scalef(float p, uint32_t n) {
    uint32_t half = ((n + 512u) >> 1) - 256u;
    return p * exact_float_of_bits((half + 127u) << 23) * exact_float_of_bits((n - half + 127u) << 23);
}

static inline float exact_expf(float x) {
    uint32_t n;
    float r;
    x = x < -104.0f ? -104.0f : x; /* below: 0; a NaN passes */
    x = x > 89.0f ? 89.0f : x;     /* above: infinity */
    float tail = exact_expm1f_reduced(x, &n, &r);
    float sum = 1.0f + r;
    return exact_scalef(sum + ((r - (sum - 1.0f)) + tail), n);
}

static inline float exact_logf(float x) {
    uint32_t up = exact_bits_of_float(x) < 0x00800000u ? 23u : 0u; /* subnormals: scaled by 2^23 */
    uint32_t bits = exact_bits_of_float(x * exact_float_of_bits((up + 127u) << 23));
    uint32_t n = ((bits - 0x3f2aaaabu + 0x40000000u) >> 23) - 128u; /* scaled = 2^n m, 2/3 <= m < 4/3 */
    float exponent = (float)(int32_t)(n - up);
    float f = exact_float_of_bits(bits - (n << 23)) - 1.0f;
    float q = -0.128825113f;
    q = fmaf(q, f, 0.139852673f);
    q = fmaf(q, f, -0.121868446f);
    q = fmaf(q, f, 0.140056223f);
    q = fmaf(q, f, -0.166802496f);
    q = fmaf(q, f, 0.200104311f);
    q = fmaf(q, f, -0.249998048f);
    q = fmaf(q, f, 0.333332152f);
    q = fmaf(q, f, -0.5f);
    float low = fmaf(exponent, 1.42860677e-06f, (f * f) * q);
    float y = fmaf(exponent, 0.693145752f, f + low);
    float special = x < INFINITY ? 0.0f : x; /* y is finite whatever x is: adding avoids a branch around it */
    special = x == 0.0f ? -INFINITY : special;
    special = x < 0.0f ? NAN : special;
    return y + special;
}

static inline float exact_tanhf(float x) {
    uint32_t n;
    float r;
    uint32_t sign = exact_bits_of_float(x) & 0x80000000u;
    float magnitude = exact_float_of_bits(exact_bits_of_float(x) ^ sign);
    magnitude = magnitude > 10.0f ? 10.0f : magnitude; /* tanh rounds to 1 from 9.0109 on */
    float tail = exact_expm1f_reduced(2.0f * magnitude, &n, &r);
    float power = exact_float_of_bits((n + 127u) << 23);
    float e = fmaf(power, tail, fmaf(power, r, power - 1.0f)); /* expm1(2 |x|) */
    return exact_float_of_bits(exact_bits_of_float(e / (e + 2.0f)) | sign);
}

/* 1 / (1 + exp(-x)) for x >= 0, exp(x) / (1 + exp(x)) below: nothing overflows or cancels. */
static inline float exact_sigmoidf(float x) {
    uint32_t n;
    float r;
    float negative = exact_float_of_bits(exact_bits_of_float(x) | 0x80000000u);
    negative = negative < -104.0f ? -104.0f : negative;
    float tail = exact_expm1f_reduced(negative, &n, &r);
    float e = exact_scalef(1.0f + (r + tail), n);
    float top = x < 0.0f ? e : 1.0f;
    return top / (1.0f + e);
}

/* Of both sides of 0.9 (below, a polynomial; above, 1 - exp(-polynomial)) one is selected. */
static inline float exact_erff(float x) {
    uint32_t sign = exact_bits_of_float(x) & 0x80000000u;
    float magnitude = exact_float_of_bits(exact_bits_of_float(x) ^ sign);
    float square = magnitude * magnitude;
    float p = 7.944476e-05f; /* erf(x) / x - 1 */
    p = fmaf(p, square, -0.0008039978f);
    p = fmaf(p, square, 0.005191765f);
    p = fmaf(p, square, -0.026855562f);
    p = fmaf(p, square, 0.11283624f);
    p = fmaf(p, square, -0.3761263f);
    p = fmaf(p, square, 0.12837917f);
    float t = magnitude > 4.0f ? 4.0f : magnitude; /* erf rounds to 1 from 3.9192 on */
    float q = -0.00019832053f;                     /* -log(1 - erf(x)) */
    q = fmaf(q, t, 0.003066463f);
    q = fmaf(q, t, -0.022319043f);
    q = fmaf(q, t, 0.10412155f);
    q = fmaf(q, t, 0.6369672f);
    q = fmaf(q, t, 1.1278025f);
    q = fmaf(q, t, 0.00016518636f);
    float small = fmaf(magnitude, p, magnitude), large = 1.0f - exact_expf(-q);
    float y = magnitude < 0.9f ? small : large;
    return exact_float_of_bits(exact_bits_of_float(y) | sign);
}

/* exp(x) - 1 without cancellation. */
static inline float exact_expm1f(float x) {
    uint32_t n;
    float r;
    uint32_t sign = exact_bits_of_float(x) & 0x80000000u;
    float limited = x < -30.0f ? -30.0f : x; /* below: -1; a NaN passes */
    limited = limited > 89.0f ? 89.0f : limited;
    float tail = exact_expm1f_reduced(limited, &n, &r);
    uint32_t halved = n < 0x80000000u && n > 64u; /* 2^128 overflows; the 1 does not count any more */
    float power = exact_float_of_bits((n - halved + 127u) << 23);
    float e = fmaf(power, tail, fmaf(power, r, power - (halved ? 0.0f : 1.0f)));
    return exact_float_of_bits((exact_bits_of_float(e + (halved ? e : 0.0f)) & 0x7fffffffu) | sign);
}

#endif
