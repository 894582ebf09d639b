#include "exact/exact.h"

#include <fenv.h>
#include <float.h>
#include <stdint.h>

#include "exact/exact_float.h"

/* ---- binary64 ---------------------------------------------------------------------------------------------------
 * Taylor series on short intervals, whose coefficients are plain fractions.  They are used where few values are needed,
 * so that more terms than a minimax fit has cost nothing that matters. */

typedef union DoubleBits {
    double value;
    uint64_t bits;
} DoubleBits;

static uint64_t bits_of(double value) {
    DoubleBits pun;
    pun.value = value;
    return pun.bits;
}

static double double_of(uint64_t bits) {
    DoubleBits pun;
    pun.bits = bits;
    return pun.value;
}

/* -1022 <= n <= 1023 */
static double power_of_two(int64_t n) {
    return double_of((uint64_t)(n + 1023) << 52);
}

static double horner(const double *coefficients, int count, double x) {
    double sum = coefficients[count - 1];
    for (int i = count - 2; i >= 0; i--) sum = fma(sum, x, coefficients[i]);
    return sum;
}

static const double to_integer = 6755399441055744.0; /* 1.5 * 2^52: adding it rounds to the nearest integer */
static const double ln2_high = 0x1.62e42fefa2p-1;    /* 39 bits of ln 2: exact when multiplied by an exponent */
static const double ln2_low = 0x1.9ef35793c7673p-41;

/* 1/2!, 1/3! ... of exp(r) = 1 + r + r^2 (...) */
static const double exp_series[] = {
    1.0 / 2,      1.0 / 6,       1.0 / 24,       1.0 / 120,       1.0 / 720,          1.0 / 5040,         1.0 / 40320,
    1.0 / 362880, 1.0 / 3628800, 1.0 / 39916800, 1.0 / 479001600, 1.0 / 6227020800.0, 1.0 / 87178291200.0};

/* x = n ln 2 + r, |r| <= ln 2 / 2; returns expm1(r) as high + *low. */
static double expm1_reduced(double x, int64_t *n, double *low) {
    double whole = fma(x, 1.4426950408889634, to_integer) - to_integer;
    double r_high = fma(whole, -ln2_high, x);
    double r = fma(whole, -ln2_low, r_high);
    double r_low = fma(whole, -ln2_low, r_high - r);
    double rest = fma(r * r, horner(exp_series, 13, r), fma(r, r_low, r_low));
    double high = r + rest;
    *low = (r - high) + rest;
    *n = (int64_t)whole;
    return high;
}

double exact_exp(double x) {
    int64_t n;
    double low;
    if (!(x < 710.0)) return x > 710.0 || x == 710.0 ? INFINITY : x; /* the last: NaN */
    if (x < -746.0) return 0.0;
    double high = expm1_reduced(x, &n, &low);
    double p = 1.0 + high;
    p += ((1.0 - p) + high) + low;
    int64_t half = n / 2; /* two factors: n spans -1076..1024; only the last product rounds */
    return p * power_of_two(half) * power_of_two(n - half);
}

/* 2/3, 2/5 ... of 2 atanh(s) = 2 s + s^3 (...), |s| <= 0.1716 */
static const double atanh_series[] = {2.0 / 3,  2.0 / 5,  2.0 / 7,  2.0 / 9,  2.0 / 11, 2.0 / 13,
                                      2.0 / 15, 2.0 / 17, 2.0 / 19, 2.0 / 21, 2.0 / 23, 2.0 / 25};

double exact_log(double x) {
    if (!(x < INFINITY) || x < 0.0) return x < 0.0 ? NAN : x;
    if (x == 0.0) return -INFINITY;
    int64_t n = 0;
    if (x < DBL_MIN) {
        x *= 0x1p54;
        n = -54;
    }
    int64_t shift = (int64_t)((bits_of(x) - 0x3fe6a09e667f3bcdULL + 0x4000000000000000ULL) >> 52) - 1024;
    double m = double_of(bits_of(x) - ((uint64_t)shift << 52)); /* sqrt(1/2) <= m < sqrt(2) */
    double exponent = (double)(n + shift);
    /* log m = 2 atanh(s), s = (m - 1) / (m + 1), with the rounding errors of sum and quotient kept in s_low. */
    double f = m - 1.0, sum = m + 1.0, sum_low = m - (sum - 1.0);
    double s = f / sum;
    double s_low = (fma(-s, sum, f) - s * sum_low) / sum;
    double z = s * s;
    double rest = fma(2.0, s_low, s * z * horner(atanh_series, 12, z));
    double base = exponent * ln2_high; /* exact; either 0 or larger than 2 s */
    double high = base + 2.0 * s;
    double low = base == 0.0 ? 0.0 : (base - high) + 2.0 * s;
    return high + (low + fma(exponent, ln2_low, rest));
}

/* x = n pi/2 + r, |r| <= pi/4, the rounding error of r in *low. */
static double quarter_turns(double x, int64_t *n, double *low) {
    double whole = fma(x, 0.6366197723675814, to_integer) - to_integer;
    double r_high = fma(whole, -1.5707963267948966, x); /* exact for |n| < 2^30 */
    double product = whole * 6.123233995736766e-17;
    double product_low = fma(whole, 6.123233995736766e-17, -product) + whole * -1.4973849048591698e-33;
    double r = r_high - product;
    double back = r_high - r;
    *low = ((r_high - (r + back)) + (back - product)) - product_low;
    *n = (int64_t)whole;
    return r;
}

static const double sin_series[] = {-1.0 / 6,
                                    1.0 / 120,
                                    -1.0 / 5040,
                                    1.0 / 362880,
                                    -1.0 / 39916800.0,
                                    1.0 / 6227020800.0,
                                    -1.0 / 1307674368000.0,
                                    1.0 / 355687428096000.0};
static const double cos_series[] = {1.0 / 24,
                                    -1.0 / 720,
                                    1.0 / 40320,
                                    -1.0 / 3628800.0,
                                    1.0 / 479001600.0,
                                    -1.0 / 87178291200.0,
                                    1.0 / 20922789888000.0,
                                    -1.0 / 6402373705728000.0};

static double sin_reduced(double r, double low) {
    double z = r * r;
    return r + fma(r * z, horner(sin_series, 8, z), fma(-0.5 * z, low, low));
}

static double cos_reduced(double r, double low) {
    double z = r * r, z_low = fma(r, r, -z);
    double one = 1.0 - 0.5 * z;
    return one + (((1.0 - one) - 0.5 * z) + fma(z * z, horner(cos_series, 8, z), -fma(r, low, 0.5 * z_low)));
}

/* sin(x + ahead pi/2); NaN beyond 2^30, where the reduction is not exact, and for a NaN. */
static double sine_of_quarters(double x, int64_t ahead) {
    int64_t n;
    double low;
    if (!(fabs(x) <= 1073741824.0)) return NAN;
    double r = quarter_turns(x, &n, &low);
    n += ahead;
    double y = n & 1 ? cos_reduced(r, low) : sin_reduced(r, low);
    return n & 2 ? -y : y;
}

double exact_sin(double x) {
    return x == 0.0 ? x : sine_of_quarters(x, 0);
}

double exact_cos(double x) {
    return sine_of_quarters(x, 1);
}

double exact_tanh(double x) {
    int64_t n;
    double low, magnitude = fabs(x);
    if (!(magnitude <= 20.0)) return magnitude > 20.0 ? (x < 0.0 ? -1.0 : 1.0) : x;
    double high = expm1_reduced(2.0 * magnitude, &n, &low);
    double power = power_of_two(n);
    double e = fma(power, high, power - 1.0) + power * low; /* expm1(2 |x|) */
    double y = e / (e + 2.0);
    return double_of(bits_of(y) | (bits_of(x) & 0x8000000000000000ULL));
}

double exact_sigmoid(double x) {
    double e = exact_exp(-fabs(x));
    return (x < 0.0 ? e : 1.0) / (1.0 + e);
}

double exact_expm1(double x) {
    int64_t n;
    double low;
    if (!(x < 40.0)) return exact_exp(x) - 1.0; /* or NaN */
    if (x < -40.0 || x == 0.0) return x == 0.0 ? x : -1.0;
    double high = expm1_reduced(x, &n, &low);
    double power = power_of_two(n);
    return fma(power, high, power - 1.0) + power * low;
}

/* erf x = 2 / sqrt(pi) exp(-x^2) x (1 + 2 x^2 / 3 (1 + 2 x^2 / 5 (...))), terms of one sign (DLMF 7.6.2); above 2 from the
 * continued fraction sqrt(pi) exp(x^2) (1 - erf x) = 1 / (x + (1/2) / (x + (2/2) / (x + (3/2) / ...))) (DLMF 7.9.2). */
double exact_erf(double x) {
    double magnitude = fabs(x), y;
    if (!(magnitude < 6.0)) return magnitude >= 6.0 ? (x < 0.0 ? -1.0 : 1.0) : x;
    double square = magnitude * magnitude, e = exact_exp(-square);
    if (magnitude < 2.0) {
        double sum = 1.0;
        for (int n = 40; n > 0; n--) sum = fma(sum * square, 2.0 / (2 * n + 1), 1.0);
        y = 1.1283791670955126 * magnitude * (e * sum);
        y = fma(-fma(magnitude, magnitude, -square), y, y); /* what exp(-x^2) lacks by the rounding of x^2 */
    } else {
        double tail = magnitude;
        for (int n = 60; n > 0; n--) tail = magnitude + 0.5 * n / tail;
        y = 1.0 - 0.5641895835477563 * e / tail;
    }
    return double_of(bits_of(y) | (bits_of(x) & 0x8000000000000000ULL));
}

double exact_whole_power(double base, unsigned long exponent) {
    double result = 1.0;
    for (; exponent > 0; exponent >>= 1, base *= base)
        if (exponent & 1) result *= base;
    return result;
}

/* ---- the float environment -------------------------------------------------------------------------------------- */

/* Operands are volatile, so that the processor does this arithmetic and not the compiler. */
static int flushes_to_zero(void) {
    volatile float smallest = FLT_MIN, half = 0.5f;
    volatile float product = smallest * half;
    volatile double smallest_double = DBL_MIN, half_double = 0.5;
    volatile double product_double = smallest_double * half_double;
    return product == 0.0f || product_double == 0.0;
}

static int denormals_are_zero(void) {
    volatile float tiny = exact_float_of_bits(1), large = 0x1p126f;
    volatile float product = tiny * large;
    return product == 0.0f;
}

static int rounds_to_nearest(void) {
    volatile float one = 1.0f, small = 0x1p-25f;
    volatile double one_double = 1.0, small_double = 0x1p-54;
    return one + small == 1.0f && -one - small == -1.0f && one - small * 0.5f == 1.0f &&
           one_double + small_double == 1.0 && -one_double - small_double == -1.0 &&
           one_double - small_double * 0.5 == 1.0;
}

/* (1 + e) (1 - e) - 1 is -e^2 when fused, 0 when the product is rounded first. */
static int contracts(void) {
    volatile double a = 1.0 + 0x1p-30, b = 1.0 - 0x1p-30, c = -1.0;
    volatile float af = 1.0f + 0x1p-13f, bf = 1.0f - 0x1p-13f, cf = -1.0f;
    const double x = a * b + c;
    const float xf = af * bf + cf;
    return x != 0.0 || xf != 0.0f;
}

static int fma_is_fused(void) {
    volatile double a = 1.0 + 0x1p-30, b = 1.0 - 0x1p-30, c = -1.0;
    volatile float af = 1.0f + 0x1p-13f, bf = 1.0f - 0x1p-13f, cf = -1.0f;
    return fma(a, b, c) == -0x1p-60 && fmaf(af, bf, cf) == -0x1p-26f;
}

int exact_check_environment(Error *error) {
#if defined(FLT_EVAL_METHOD)
    if (FLT_EVAL_METHOD != 0)
        return error_set(error, "this build computes with excess precision (FLT_EVAL_METHOD is not 0): "
                                "build for SSE2 (-msse2 -mfpmath=sse), not for the x87");
#endif
    if (fegetround() != FE_TONEAREST || !rounds_to_nearest())
        return error_set(error, "the processor does not round to nearest: results would differ; "
                                "start the program without a library that changes the rounding mode");
    if (flushes_to_zero())
        return error_set(error, "the processor flushes subnormal results to zero (FTZ): build without -ffast-math "
                                "or -Ofast, and without libraries linked that way");
    if (denormals_are_zero())
        return error_set(error, "the processor treats subnormal operands as zero (DAZ): build without -ffast-math "
                                "or -Ofast, and without libraries linked that way");
    if (contracts()) return error_set(error, "this build fuses a*b+c into one rounding: build with -ffp-contract=off");
    if (!fma_is_fused())
        return error_set(error, "fma() of this system rounds twice: use a C library whose fma is correct");
    return 0;
}
