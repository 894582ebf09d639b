#include <check.h>
#include <fenv.h>
#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#ifdef __SSE__
#include <xmmintrin.h>
#endif

#include "base/sha256.h"
#include "exact/exact.h"
#include "exact/exact_float.h"
#include "exact_reference.h"
#include "suite.h"

static void check_at(const FloatFunction *function, uint32_t bits) {
    float x = exact_float_of_bits(bits);
    double error = ulp_error(function->ours(x), function->reference((double)x));
    /* ck_assert notes every call in a file, which millions of them would notice */
    if (!(error <= function->bound))
        ck_abort_msg("%s(%a) is %g ulp off, %g allowed", function->name, (double)x, error, function->bound);
}

START_TEST(float_functions_sampled) {
    for (uint64_t bits = 0; bits < 1ull << 32; bits += 1009) check_at(&float_functions[_i], (uint32_t)bits);
}
END_TEST

/* where a select changes sides, a result leaves the normal range, or the input does */
START_TEST(float_functions_at_boundaries) {
    static const float points[] = {0.0f,       FLT_MIN,  1.0f,    2.0f / 3,  4.0f / 3, 0.3465736f, 88.7228394f,
                                   89.0f,      87.3365f, 103.97f, 104.0f,    9.0109f,  10.0f,      0.5493061f,
                                   0.9f,       3.9192f,  4.0f,    17.3287f,  30.0f,    44.0f,      44.7f,
                                   0.6931472f, 16.63f,   FLT_MAX, 0x1p-149f, 0x1p-12f, 0x1p23f,    INFINITY};
    for (size_t i = 0; i < sizeof points / sizeof *points; i++)
        for (int away = -40; away <= 40; away++) {
            uint32_t bits = exact_bits_of_float(points[i]) + (uint32_t)away;
            check_at(&float_functions[_i], bits);
            check_at(&float_functions[_i], bits ^ 0x80000000u);
        }
}
END_TEST

START_TEST(float_special_values) {
    ck_assert(exact_expf(-INFINITY) == 0.0f && exact_expf(INFINITY) == INFINITY && exact_expf(0.0f) == 1.0f);
    ck_assert(exact_expf(88.7228394f) == INFINITY && exact_expf(88.722831f) < INFINITY);
    ck_assert(exact_expf(-103.0f) == 0x1p-149f); /* 1.5e-45 lies in (0.5, 1.5) of the smallest subnormal */
    ck_assert(exact_logf(0.0f) == -INFINITY && exact_logf(-0.0f) == -INFINITY && exact_logf(INFINITY) == INFINITY);
    ck_assert(isnan(exact_logf(-1.0f)) && isnan(exact_logf(-INFINITY)) && exact_logf(1.0f) == 0.0f);
    ck_assert(exact_tanhf(INFINITY) == 1.0f && exact_tanhf(-INFINITY) == -1.0f);
    ck_assert(exact_bits_of_float(exact_tanhf(-0.0f)) == 0x80000000u && exact_bits_of_float(exact_tanhf(0.0f)) == 0u);
    ck_assert(exact_sigmoidf(0.0f) == 0.5f && exact_sigmoidf(INFINITY) == 1.0f && exact_sigmoidf(-INFINITY) == 0.0f);
    ck_assert(exact_erff(INFINITY) == 1.0f && exact_erff(-INFINITY) == -1.0f && exact_erff(3.0f) < 1.0f);
    ck_assert(exact_bits_of_float(exact_erff(-0.0f)) == 0x80000000u && exact_bits_of_float(exact_erff(0.0f)) == 0u);
    ck_assert(exact_expm1f(INFINITY) == INFINITY && exact_expm1f(-INFINITY) == -1.0f);
    ck_assert(exact_expm1f(88.7228394f) == INFINITY && exact_expm1f(88.722831f) < INFINITY);
    ck_assert(exact_bits_of_float(exact_expm1f(-0.0f)) == 0x80000000u && exact_bits_of_float(exact_expm1f(0.0f)) == 0u);
    for (int i = 0; i < FLOAT_FUNCTIONS; i++) ck_assert(isnan(float_functions[i].ours(NAN)));
}
END_TEST

/* The vectorised loop and the single call are the same function. */
START_TEST(loops_equal_calls) {
    enum { COUNT = 1000 };
    float x[COUNT], out[FLOAT_FUNCTIONS][COUNT];
    for (int i = 0; i < COUNT; i++) x[i] = (float)(i - 500) * 0.213f;
    for (int i = 0; i < COUNT; i++) out[0][i] = exact_expf(x[i]);
    for (int i = 0; i < COUNT; i++) out[1][i] = exact_logf(x[i] < 0 ? -x[i] : x[i]);
    for (int i = 0; i < COUNT; i++) out[2][i] = exact_tanhf(x[i]);
    for (int i = 0; i < COUNT; i++) out[3][i] = exact_sigmoidf(x[i]);
    for (int i = 0; i < COUNT; i++) out[4][i] = exact_erff(x[i]);
    for (int i = 0; i < COUNT; i++) out[5][i] = exact_expm1f(x[i]);
    for (int f = 0; f < FLOAT_FUNCTIONS; f++)
        for (int i = 0; i < COUNT; i++)
            ck_assert(out[f][i] == float_functions[f].ours(f == 1 && x[i] < 0 ? -x[i] : x[i]));
}
END_TEST

typedef struct DoubleFunction {
    const char *name;
    double (*ours)(double), (*reference)(double);
    double low, high, bound; /* bound in ulp, half of one allowed for the reference */
} DoubleFunction;

static double reference_sigmoid(double x) {
    return x < 0.0 ? exp(x) / (1.0 + exp(x)) : 1.0 / (1.0 + exp(-x));
}

static const DoubleFunction double_functions[] = {
    {"exp", exact_exp, exp, -745.0, 709.0, 1.3},
    {"exp", exact_exp, exp, -1.0, 1.0, 1.1},
    {"log", exact_log, log, 0.0, 3.0, 1.05},
    {"log", exact_log, log, 0.0, 1e300, 1.05},
    {"sin", exact_sin, sin, -10.0, 10.0, 1.3},
    {"sin", exact_sin, sin, -1e9, 1e9, 1.3},
    {"cos", exact_cos, cos, -10.0, 10.0, 1.3},
    {"cos", exact_cos, cos, -1e9, 1e9, 1.3},
    {"tanh", exact_tanh, tanh, -3.0, 3.0, 3.5},
    {"tanh", exact_tanh, tanh, -1e-3, 1e-3, 3.5},
    {"sigmoid", exact_sigmoid, reference_sigmoid, -40.0, 40.0, 5.0},
    {"expm1", exact_expm1, expm1, -45.0, 45.0, 2.0},
    {"expm1", exact_expm1, expm1, -1e-3, 1e-3, 2.0},
    {"erf", exact_erf, erf, -6.5, 6.5, 8.0},
    {"erf", exact_erf, erf, -1e-3, 1e-3, 8.0},
};

START_TEST(double_functions_sampled) {
    const DoubleFunction *function = &double_functions[_i];
    uint64_t state = 1;
    for (int i = 0; i < 200000; i++) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        double x = function->low + (function->high - function->low) * ((double)(state >> 11) * 0x1p-53);
        double wanted = function->reference(x);
        int exponent;
        frexp(wanted, &exponent);
        double error = fabs(function->ours(x) - wanted) / ldexp(1.0, exponent < -1021 ? -1074 : exponent - 53);
        if (!(error <= function->bound)) ck_abort_msg("%s(%a) is %g ulp off", function->name, x, error);
    }
}
END_TEST

START_TEST(double_special_values) {
    ck_assert(exact_exp(-INFINITY) == 0.0 && exact_exp(INFINITY) == INFINITY && exact_exp(0.0) == 1.0);
    ck_assert(exact_exp(709.79) == INFINITY && exact_exp(-745.0) == 0x1p-1074 && exact_exp(-746.0) == 0.0);
    ck_assert(exact_log(0.0) == -INFINITY && exact_log(1.0) == 0.0 && exact_log(INFINITY) == INFINITY);
    ck_assert(isnan(exact_log(-1.0)) && fabs(exact_log(0x1p-1074) + 744.4400719213812) < 2e-13);
    ck_assert(exact_sin(0.0) == 0.0 && exact_cos(0.0) == 1.0 && isnan(exact_sin(INFINITY)) && isnan(exact_cos(1e10)));
    ck_assert(exact_tanh(INFINITY) == 1.0 && exact_tanh(-30.0) == -1.0 && exact_tanh(1e-300) == 1e-300);
    ck_assert(exact_sigmoid(0.0) == 0.5 && exact_sigmoid(-INFINITY) == 0.0 && exact_sigmoid(INFINITY) == 1.0);
    ck_assert(exact_expm1(INFINITY) == INFINITY && exact_expm1(-INFINITY) == -1.0 && exact_expm1(1e-300) == 1e-300);
    ck_assert(exact_erf(INFINITY) == 1.0 && exact_erf(-7.0) == -1.0 && signbit(exact_erf(-0.0)));
    ck_assert(isnan(exact_expm1(NAN)) && isnan(exact_erf(NAN)));
    ck_assert(isnan(exact_exp(NAN)) && isnan(exact_log(NAN)) && isnan(exact_sin(NAN)) && isnan(exact_tanh(NAN)) &&
              isnan(exact_sigmoid(NAN)));
}
END_TEST

/* The bits of a fixed sample: the same on every machine, with every compiler, at every optimisation level.  Functions that
 * were added later have a hash of their own. */
static const struct {
    int first_float, end_float, first_double, end_double;
    const char *hash;
} samples[] = {{0, 4, 0, 6, "58e97f015e328d4359344859d0178a846aaf135db21ded9224d3fcbc04712280"},
               {4, FLOAT_FUNCTIONS, 6, 8, "02b0213310f84409578a7318168e6c7b9810b7c02c9b6853123fee74398b62da"}};

START_TEST(bits_are_those_of_every_machine) {
    static double (*const functions[])(double) = {exact_exp,  exact_log,     exact_sin,   exact_cos,
                                                  exact_tanh, exact_sigmoid, exact_expm1, exact_erf};
    Sha256 hash;
    char hex[SHA256_HEX];
    sha256_begin(&hash);
    for (uint32_t i = 0; i < 200000; i++) {
        float x = exact_float_of_bits(i * 21475u);
        for (int f = samples[_i].first_float; f < samples[_i].end_float; f++) {
            float y = float_functions[f].ours(x);
            uint32_t bits = isnan(y) ? 0x7fc00000u : exact_bits_of_float(y);
            unsigned char bytes[4] = {(unsigned char)bits, (unsigned char)(bits >> 8), (unsigned char)(bits >> 16),
                                      (unsigned char)(bits >> 24)};
            sha256_add(&hash, bytes, 4);
        }
    }
    for (int f = samples[_i].first_double; f < samples[_i].end_double; f++)
        for (int i = 0; i < 20000; i++) {
            double y = functions[f]((f == 1 ? 1 : i - 10000) + i * 0.001237);
            uint64_t bits;
            memcpy(&bits, &y, sizeof bits);
            if (isnan(y)) bits = 0x7ff8000000000000u;
            for (int byte = 0; byte < 8; byte++)
                sha256_add(&hash, &(unsigned char){(unsigned char)(bits >> 8 * byte)}, 1);
        }
    sha256_end(&hash, hex);
    ck_assert_str_eq(hex, samples[_i].hash);
}
END_TEST

START_TEST(environment_is_accepted) {
    Error error = {""};
    ck_assert_msg(exact_check_environment(&error) == 0, "%s", error.text);
}
END_TEST

START_TEST(other_rounding_modes_are_refused) {
    static const int modes[] = {FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO};
    for (int i = 0; i < 3; i++) {
        Error error = {""};
        fesetround(modes[i]);
        int status = exact_check_environment(&error);
        fesetround(FE_TONEAREST);
        ck_assert_int_eq(status, -1);
        ck_assert_ptr_nonnull(strstr(error.text, "round to nearest"));
    }
}
END_TEST

#ifdef __SSE__
START_TEST(flush_to_zero_is_refused) {
    static const unsigned int flags[] = {0x8000u, 0x0040u, 0x8040u}; /* FTZ, DAZ, both */
    unsigned int saved = _mm_getcsr();
    for (int i = 0; i < 3; i++) {
        Error error = {""};
        _mm_setcsr(saved | flags[i]);
        int status = exact_check_environment(&error);
        _mm_setcsr(saved);
        ck_assert_int_eq(status, -1);
        ck_assert_ptr_nonnull(strstr(error.text, "subnormal"));
    }
}
END_TEST
#endif

int main(void) {
    Suite *suite = suite_create("exact");
    TCase *tcase = tcase_create("exact");
    tcase_set_timeout(tcase, 120);
    tcase_add_loop_test(tcase, float_functions_sampled, 0, FLOAT_FUNCTIONS);
    tcase_add_loop_test(tcase, float_functions_at_boundaries, 0, FLOAT_FUNCTIONS);
    tcase_add_test(tcase, float_special_values);
    tcase_add_test(tcase, loops_equal_calls);
    tcase_add_loop_test(tcase, double_functions_sampled, 0, sizeof double_functions / sizeof *double_functions);
    tcase_add_test(tcase, double_special_values);
    tcase_add_loop_test(tcase, bits_are_those_of_every_machine, 0, 2);
    tcase_add_test(tcase, environment_is_accepted);
    tcase_add_test(tcase, other_rounding_modes_are_refused);
#ifdef __SSE__
    tcase_add_test(tcase, flush_to_zero_is_refused);
#endif
    suite_add_tcase(suite, tcase);
    return run_suite(suite);
}
