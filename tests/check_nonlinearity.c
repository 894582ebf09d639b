/* Activation functions: errors against binary64 as kernels/nonlinearity.h states them, values and derivatives against
 * PyTorch, and the ends. */
#include <check.h>
#include <stdlib.h>

#include "base/arena.h"
#include "exact/exact_float.h"
#include "exact_reference.h"
#include "grad/derivative.h"
#include "grad/elementwise.h"
#include "grad/nonlinearity.h"
#include "grad/reduce.h"
#include "kernels/nonlinearity.h"
#include "oracle.h"
#include "suite.h"

static double swish(double x) {
    return x / (1 + exp(-x));
}

static double gelu(double x) {
    return 0.5 * x * erfc(-x * 0.70710678118654752440);
}

static double softplus(double x) {
    return x > 0 ? x + log1p(exp(-x)) : log1p(exp(x));
}

static double elu(double x) {
    return x > 0 ? x : expm1(x);
}

static void vector_elu_1(size_t count, const real *x, real *out) {
    vector_elu(count, 1, x, out);
}

/* Between low and high an error of so many units in the last place, or of so many times 2^-24 |x|. */
static const struct {
    const char *name;
    void (*ours)(size_t count, const real *x, real *out);
    double (*reference)(double x);
    float low, high;
    double places, of_x;
} functions[] = {
    {"swish", vector_swish, swish, -80, 80, 3.0, 0},     {"gelu", vector_gelu, gelu, 0, 80, 1.8, 0},
    {"gelu", vector_gelu, gelu, -80, 0, 0, 0.9},         {"softplus", vector_softplus, softplus, -87, 87, 2.0, 0},
    {"elu", vector_elu_1, elu, -INFINITY, 1000, 1.3, 0},
};
enum { FUNCTIONS = sizeof functions / sizeof *functions };

START_TEST(errors_are_those_stated) {
    double worst = 0;
    size_t tried = 0;
    for (uint64_t bits = 0; bits < UINT64_C(1) << 32; bits += 4001) {
        const float x = exact_float_of_bits((uint32_t)bits);
        float y;
        if (!(x >= functions[_i].low && x <= functions[_i].high)) continue;
        functions[_i].ours(1, &x, &y);
        const double wanted = functions[_i].reference((double)x);
        const double error = functions[_i].places > 0
                                 ? ulp_error(y, wanted) / functions[_i].places
                                 : fabs((double)y - wanted) / fmax(fabs((double)x) * 0x1p-24, 0x1p-149);
        worst = fmax(worst, functions[_i].places > 0 ? error : error / functions[_i].of_x);
        tried++;
    }
    ck_assert_uint_gt(tried, 100000);
    ck_assert_msg(worst <= 1 && worst > 0.5, "%s: %g times the error that is stated", functions[_i].name, worst);
}
END_TEST

static Var parametric_elu(Tape *t, Var x) {
    return op_elu(t, x, REAL(0.75));
}

static Var parametric_leaky_relu(Tape *t, Var x) {
    return op_leaky_relu(t, x, REAL(0.125));
}

static const struct {
    const char *name, *slope;
    Var (*op)(Tape *t, Var x);
} ops[] = {{"swish", "swish_slope", op_swish},
           {"gelu", "gelu_slope", op_gelu},
           {"softplus", "softplus_slope", op_softplus},
           {"elu", "elu_slope", parametric_elu},
           {"leaky_relu", "leaky_relu_slope", parametric_leaky_relu}};
enum { OPS = sizeof ops / sizeof *ops };

START_TEST(values_and_slopes_follow_pytorch) {
    enum { COUNT = 68 };
    Arena *arena = arena_create(0);
    Tape *t = tape_create();
    const Oracle oracle = oracle_read("tests/oracle/nonlinearity.csv", arena);
    Var x = tape_input(t, shape_vector(COUNT), oracle_values(&oracle, "x", COUNT)), y = ops[_i].op(t, x), slope;
    tape_gradient(t, op_sum(t, y), 1, &x, &slope);
    oracle_compare(&oracle, ops[_i].name, COUNT, var_data(y), 0x1p-24);
    oracle_compare(&oracle, ops[_i].slope, COUNT, var_data(slope), 0x1p-22);
    tape_destroy(t);
    arena_destroy(arena);
}
END_TEST

/* At 0, far out, and for NaN. */
START_TEST(the_ends) {
    const real x[] = {0, REAL(-0.0), 1000, -1000, NAN};
    enum { COUNT = sizeof x / sizeof *x };
    Tape *t = tape_create();
    Var in = tape_input(t, shape_vector(COUNT), x), out = ops[_i].op(t, in), g;
    const real *y = var_data(out);
    tape_gradient(t, op_sum(t, out), 1, &in, &g);
    const real *slope = var_data(g);
    const real at_zero[] = {0, 0, exact_logf(2), 0, 0}, slope_at_zero[] = {0.5f, 0.5f, 0.5f, 0.75f, 0.125f};
    const real below[] = {0, 0, 0, -0.75f, -125}, slope_below[] = {0, 0, 0, 0, 0.125f};
    ck_assert(y[0] == at_zero[_i] && y[1] == at_zero[_i] && slope[0] == slope_at_zero[_i]);
    ck_assert(y[2] == 1000 && slope[2] == 1);
    ck_assert(y[3] == below[_i] && slope[3] == slope_below[_i]);
    ck_assert(isnan(y[4]));
    tape_destroy(t);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("activation functions");
    TCase *tcase = tcase_create("activation functions");
    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, errors_are_those_stated, 0, FUNCTIONS);
    tcase_add_loop_test(tcase, values_and_slopes_follow_pytorch, 0, OPS);
    tcase_add_loop_test(tcase, the_ends, 0, OPS);
    suite_add_tcase(suite, tcase);
    return run_suite(suite);
}
