/* The learned activation function in binary32: its tanh, the same bits on any number of threads; the learned function's
 * first outer steps against the published log; divergence is recorded. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef _OPENMP
#include <omp.h>
#endif

#include "exact/exact.h"
#include "experiment_runs.h"
#include "kernels/deep_activation.h"
#include "kernels/learned_activation.h"
#include "nn/inner.h"
#include "nn/known_activations.h"
#include "random/random.h"
#include "suite.h"

static Arena *arena;

static void setup(void) {
    arena = arena_create(0);
}

static void teardown(void) {
    arena_destroy(arena);
}

/* ---- kernels ---- */

START_TEST(tanh_is_within_its_bound) {
    double worst = 0;
    for (float z = 1e-30f; z < 1e30f; z *= z < 1e-4f || z > 20 ? 1.01f : 1.00001f) {
        double exact = exact_tanh((double)z), error = fabs((double)learned_activation_tanh(z) - exact) / exact;
        if (error > worst) worst = error;
        ck_assert(learned_activation_tanh(-z) == -learned_activation_tanh(z));
    }
    ck_assert_msg(worst < 3.3e-7, "%g", worst);
    ck_assert(learned_activation_tanh(0) == 0);
    ck_assert(fabsf(learned_activation_tanh(INFINITY) - 1) < 3.3e-7f);
    ck_assert(isnan(learned_activation_tanh(NAN)));
}
END_TEST

enum { COUNT = 12800 + 37, UNITS = 33, UNITS2 = 21 };

static void all_results(const LearnedActivation *f, const real *x, const real *gv, const real *gs, real *out) {
    learned_activation_forward(f, COUNT, x, out, out + COUNT, out + 2 * COUNT);
    out += 3 * COUNT;
    learned_activation_gradient(f, COUNT, x, gv, gs, out, out + UNITS, out + 2 * UNITS, out + 3 * UNITS);
}

static real *normals(uint64_t stream, size_t count) {
    Philox philox;
    real *out = arena_alloc(arena, count, sizeof *out);
    philox_seed(&philox, 11, stream);
    for (size_t i = 0; i < count; i++) out[i] = (real)philox_normal(&philox, i);
    return out;
}

static LearnedActivation some_activation(void) {
    return (LearnedActivation){UNITS, normals(0, UNITS), normals(1, UNITS), normals(2, UNITS), normals(3, 1), 0.2f};
}

/* The same of the function with two hidden layers. */
static void all_deep_results(const real *x, const real *gv, const real *gs, real *out) {
    const DeepActivation f = {UNITS,
                              UNITS2,
                              normals(0, UNITS),
                              normals(1, UNITS),
                              normals(2, UNITS * UNITS2),
                              normals(7, UNITS2),
                              normals(8, UNITS2),
                              normals(3, 1),
                              0.2f};
    deep_activation_forward(&f, COUNT, x, out, out + COUNT);
    real *w1 = out + 3 * COUNT, *w2 = w1 + 2 * UNITS, *b2 = w2 + UNITS * UNITS2;
    const DeepGradient gradient = {out + 2 * COUNT, w1, w1 + UNITS, w2, b2, b2 + UNITS2, b2 + 2 * UNITS2};
    deep_activation_gradient(&f, COUNT, x, gv, gs, &gradient);
}

START_TEST(threads_do_not_change_bits) {
    const size_t shallow = 3 * COUNT + 3 * UNITS + 1;
    const size_t n = shallow + 3 * COUNT + 2 * UNITS + UNITS * UNITS2 + 2 * UNITS2 + 1;
    const LearnedActivation f = some_activation();
    const real *x = normals(4, COUNT), *gv = normals(5, COUNT), *gs = normals(6, COUNT);
    real *one = arena_alloc(arena, n, sizeof *one), *many = arena_alloc(arena, n, sizeof *many);
#ifdef _OPENMP
    omp_set_num_threads(1);
#endif
    all_results(&f, x, gv, gs, one);
    all_deep_results(x, gv, gs, one + shallow);
#ifdef _OPENMP
    omp_set_num_threads(3);
#endif
    all_results(&f, x, gv, gs, many);
    all_deep_results(x, gv, gs, many + shallow);
    ck_assert_int_eq(memcmp(one, many, n * sizeof *one), 0);
}
END_TEST

/* An element's value depends on nothing but itself. */
START_TEST(elements_do_not_depend_on_their_neighbours) {
    const LearnedActivation f = some_activation();
    const real *x = normals(4, COUNT);
    real *all = arena_alloc(arena, 3 * COUNT, sizeof *all), alone[3];
    learned_activation_forward(&f, COUNT, x, all, all + COUNT, all + 2 * COUNT);
    for (size_t i = 0; i < COUNT; i += 101) {
        learned_activation_forward(&f, 1, x + i, alone, alone + 1, alone + 2);
        for (size_t k = 0; k < 3; k++) ck_assert(alone[k] == all[k * COUNT + i]);
    }
}
END_TEST

/* ---- known functions, and the inner optimiser ---- */

static double exact_known(const char *name, double x) {
    const double sigmoid = exact_sigmoid(x), e = exact_exp(x);
    const struct {
        const char *name;
        double value;
    } all[] = {{"relu", x > 0 ? x : 0},
               {"swish", x * sigmoid},
               {"elu", x > 0 ? x : e - 1},
               {"softplus", exact_log(1 + e)},
               {"tanh", exact_tanh(x)},
               {"sigmoid", sigmoid},
               {"gelu", 0.5 * x * (1 + exact_erf(x * 0.7071067811865476))},
               {"leaky_relu", x > 0 ? x : 0.01 * x}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (!strcmp(name, all[i].name)) return all[i].value;
    ck_abort_msg("no %s", name);
    return NAN;
}

START_TEST(known_functions_are_their_formulas) {
    enum { POINTS = 81 };
    real x[POINTS];
    Tape *t = tape_create();
    for (int i = 0; i < POINTS; i++) x[i] = (real)(-5 + i * 0.125);
    Var input = tape_input(t, shape_vector(POINTS), x);
    for (int k = 0; k < N_KNOWN_ACTIVATIONS; k++) {
        const real *y = var_data(known_activations[k].function(t, input));
        for (int i = 0; i < POINTS; i++)
            ck_assert_double_eq_tol((double)y[i], exact_known(known_activations[k].name, (double)x[i]), 2e-6);
    }
    tape_destroy(t);
}
END_TEST

/* The published pieces at two points of each interval, and 0 exactly where intervals meet. */
START_TEST(pieces_are_the_published_ones_and_zero_between) {
    static const real x[] = {-4,   -2.5f, -1.75f, -1.25f, -0.75f, -0.5f,  -0.125f, 0,   0.25f,
                             0.5f, 1,     3,      -2,     -1,     -0.25f, 0.1f,    0.6f};
    static const double y[] = {0.3,   0.525, 0.5375, 0.4125, 0.05, -0.25, -0.6875, -0.75, -0.8,
                               -0.75, -0.2,  2.2,    0,      0,    0,     0,       0};
    enum { N = sizeof x / sizeof *x };
    Tape *t = tape_create();
    const real *found = var_data(piecewise_linear(t, tape_input(t, shape_vector(N), x), &published_pieces));
    for (size_t i = 0; i < N; i++)
        ck_assert_msg(fabs((double)found[i] - y[i]) <= (i < 12 ? 1e-6 : 0), "at %g: %g", (double)x[i],
                      (double)found[i]);
    tape_destroy(t);
}
END_TEST

START_TEST(fitted_pieces_are_those_the_points_were_made_with) {
    enum { N = 1001 };
    double x[N], y[N];
    real points[N];
    Tape *t = tape_create();
    for (int i = 0; i < N; i++) points[i] = (real)(x[i] = -5.005 + i * 0.01);
    const real *made = var_data(piecewise_linear(t, tape_input(t, shape_vector(N), points), &published_pieces));
    for (int i = 0; i < N; i++) y[i] = (double)made[i];
    const Pieces fitted = pieces_fit(N, x, y);
    for (int i = 0; i < N_PIECES; i++) {
        ck_assert_double_eq_tol((double)fitted.slope[i], (double)published_pieces.slope[i], 1e-4);
        ck_assert_double_eq_tol((double)fitted.intercept[i], (double)published_pieces.intercept[i], 1e-4);
    }
    tape_destroy(t);
}
END_TEST

/* A decay of 1 leaves the accumulator at the 1 it starts from: the published mu = 1 is plain gradient descent. */
START_TEST(rmsprop_that_forgets_nothing_is_gradient_descent) {
    enum { N = 500 };
    Tape *t = tape_create();
    Var w = tape_input(t, shape_vector(N), normals(0, N)), g = tape_input(t, shape_vector(N), normals(1, N));
    Var v = tape_fill(t, shape_vector(N), 1), rate = tape_fill(t, shape_scalar(), 0.01f), next_w, next_v;
    inner_rmsprop(t, w, v, g, rate, 1, 1e-8f, 1, &next_w, &next_v);
    Var plain = inner_sgd(t, w, g, rate);
    ck_assert_int_eq(memcmp(var_data(next_w), var_data(plain), N * sizeof(real)), 0);
    ck_assert_int_eq(memcmp(var_data(next_v), var_data(v), N * sizeof(real)), 0);
    tape_destroy(t);
}
END_TEST

/* ---- the experiments ---- */

/* study, cell, seed, metric, x_name, x, value */
static double ours(const CsvTable *results, const char *metric, double x) {
    for (size_t r = 0; r < results->rows; r++)
        if (!strcmp(csv_text(results, r, 2), "0") && !strcmp(csv_text(results, r, 3), metric) &&
            (isnan(x) || table_number(results, r, 5) == x))
            return table_number(results, r, 6);
    ck_abort_msg("no %s at %g", metric, x);
    return NAN;
}

/* series,metric,outer_step,value: the authors' two recorded runs print the same objective for eleven outer steps, then
 * part.  Ours follows within a unit of the last printed digit for the same eleven, to the digit but for step 3, where
 * binary64 gives 1.2531, they print 1.252 and we have 1.2510: rounding, amplified by 301 steps. */
START_TEST(first_outer_steps_follow_the_published_log) {
    static const double recorded[11] = {1.352, 1.314, 1.284, 1.252, 1.212, 1.170, 1.132, 1.093, 1.058, 1.043, 1.033};
    CsvTable fresh = run_experiment("meta-activation", "--seeds=1 --threads=1 --outer-steps=11", arena),
             curves = read_table("reference_results/mnist1d/published/meta-activation_curves.csv", arena);
    for (int step = 0; step < 11; step++) {
        const double objective = ours(&fresh, "outer_objective", step), difference = fabs(objective - recorded[step]);
        ck_assert_double_eq(table_number(&curves, (size_t)step, 3), recorded[step]);
        ck_assert_msg(difference <= (step == 3 ? 0.001 : 0.0005), "outer step %d: %.5f", step, objective);
    }
    ck_assert_double_eq_tol(ours(&fresh, "test_accuracy_500", 0), 48.6, 1e-9);
    ck_assert_double_eq_tol(ours(&fresh, "test_accuracy_500", 1), 50.6, 1e-9);
}
END_TEST

/* The objectives of the first two outer steps in the files that the reproduction's ablations keep, seed 0: another decay
 * (plain gradient descent), another width, and no noise, where not even the draws for it are made. */
START_TEST(ablations_follow_their_published_logs) {
    static const struct {
        const char *options;
        double first, second, tolerance; /* of the second: rounding is amplified from step to step */
    } logs[] = {{"--decay=1", 1.949684, 1.950144, 1e-6},
                {"--hidden=50", 1.363207, 1.329643, 1e-6},
                {"--noise-kind=none", 1.349937, 1.306799, 1e-4}};
    const char *options =
        arena_format(arena, "--seeds=1 --threads=1 --outer-steps=2 --fresh-examples=0 %s", logs[_i].options);
    CsvTable fresh = run_experiment("meta-activation", options, arena);
    ck_assert_double_eq_tol(ours(&fresh, "outer_objective", 0), logs[_i].first, 1e-6);
    ck_assert_double_eq_tol(ours(&fresh, "outer_objective", 1), logs[_i].second, logs[_i].tolerance);
}
END_TEST

#define LITTLE                                                                                                         \
    "--seeds=1 --threads=1 --inner-steps=40 --measured-steps=20 --hidden=16 --meta-hidden=12 --num-samples=1000 "      \
    "--fresh-examples=500 "

/* Networks of other seeds: every function in each of them, under each condition; the gain is the learned function's mean
 * less the best known one's; and the published pieces do not depend on what was learned. */
START_TEST(functions_are_tried_in_other_networks) {
    static const char *const conditions[] = {"inner", "long", "adam", "long_adam"};
    static const char *const rivals[] = {"relu", "swish", "elu", "softplus", "tanh", "sigmoid", "gelu", "leaky_relu"};
    const char *options = LITTLE "--measures=more --inner-seeds=2 --transfer-steps=60 --outer-steps=";
    const CsvTable two = run_experiment("meta-activation", arena_format(arena, "%s2", options), arena);
    const CsvTable one = run_experiment("meta-activation", arena_format(arena, "%s1", options), arena);
    for (size_t c = 0; c < sizeof conditions / sizeof *conditions; c++) {
        double best = 0, mean[2];
        for (size_t r = 0; r < sizeof rivals / sizeof *rivals; r++) {
            const char *metric = arena_format(arena, "fresh_%s_%s_accuracy", conditions[c], rivals[r]);
            best = fmax(best, (ours(&two, metric, 0) + ours(&two, metric, 1)) / 2);
        }
        const char *learned = arena_format(arena, "fresh_%s_learned_accuracy", conditions[c]);
        mean[0] = (ours(&two, learned, 0) + ours(&two, learned, 1)) / 2;
        mean[1] = ours(&two, arena_format(arena, "fresh_%s_gain", conditions[c]), NAN);
        ck_assert_double_eq_tol(mean[1], mean[0] - best, 1e-9);
        const char *pieces = arena_format(arena, "%s_piecewise_accuracy", conditions[c]);
        ck_assert_double_eq(ours(&two, pieces, 1), ours(&one, pieces, 1));
    }
    ck_assert_double_ne(ours(&two, "fresh_inner_relu_accuracy", 0), ours(&two, "fresh_inner_relu_accuracy", 1));
    ck_assert_double_ne(ours(&two, "fresh_inner_elu_accuracy", 0) + ours(&two, "fresh_inner_elu_accuracy", 1),
                        ours(&two, "fresh_adam_elu_accuracy", 0) + ours(&two, "fresh_adam_elu_accuracy", 1));
}
END_TEST

/* From outer step 1 on nothing but the function changes, so that a gradient of next to no length leaves the objective. */
START_TEST(the_whole_gradient_can_be_bounded) {
    const CsvTable bounded = run_experiment("meta-activation", LITTLE "--outer-steps=4 --gradient-bound=1e-9", arena),
                   free = run_experiment("meta-activation", LITTLE "--outer-steps=4", arena);
    const char *metric = "outer_objective";
    ck_assert_double_eq_tol(ours(&bounded, metric, 3), ours(&bounded, metric, 1), 1e-5);
    ck_assert_double_gt(fabs(ours(&free, metric, 3) - ours(&free, metric, 1)), 1e-4);
}
END_TEST

/* Noise of each example is none of a test's, and differs from shared noise. */
START_TEST(noise_of_each_example_is_learned_with) {
    const CsvTable shared = run_experiment("meta-activation", LITTLE "--outer-steps=2", arena),
                   example = run_experiment("meta-activation", LITTLE "--outer-steps=2 --noise-kind=example", arena),
                   none = run_experiment("meta-activation", LITTLE "--outer-steps=2 --noise-kind=none", arena),
                   silent = run_experiment("meta-activation", LITTLE "--outer-steps=2 --noise-kind=example --noise=0",
                                           arena);
    const char *metric = "outer_objective";
    ck_assert_double_ne(ours(&example, metric, 1), ours(&shared, metric, 1));
    ck_assert_double_ne(ours(&example, metric, 1), ours(&none, metric, 1));
    ck_assert_double_eq(ours(&silent, metric, 1), ours(&none, metric, 1));
}
END_TEST

/* The paper's 1-100-100-1 network, in little. */
START_TEST(two_hidden_layers_learn_too) {
    CsvTable fresh =
        run_experiment("meta-activation-deep",
                       "--threads=1 --outer-steps=6 --inner-steps=40 --measured-steps=20 --hidden=16 --meta-hidden=12 "
                       "--num-samples=2000",
                       arena);
    const double before = ours(&fresh, "outer_objective", 0), after = ours(&fresh, "outer_objective", 5);
    ck_assert_msg(after < before - 0.005, "%g, then %g", before, after);
}
END_TEST

START_TEST(killed_cell_goes_on_from_its_last_checkpoint) {
    check_killed_run(_i % 2 ? "meta-activation-deep" : "meta-activation",
                     "--size=smoke --seeds=1 --threads=1 --outer-steps=60", _i / 2 ? KILLED_AND_DAMAGED : KILLED);
}
END_TEST

START_TEST(divergence_is_recorded) {
    CsvTable fresh = run_experiment(
        "meta-activation",
        "--seeds=1 --threads=1 --outer-steps=4 --inner-steps=12 --measured-steps=4 --hidden=8 --meta-hidden=5 "
        "--num-samples=1000 --meta-rate=1e6 --scale=1e6 --learning-rate=1e5",
        arena);
    ck_assert_uint_gt(count_diverged(&fresh), 10);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("learned activation function");
    TCase *t = tcase_create("learned activation function");
    tcase_set_timeout(t, 300);
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, tanh_is_within_its_bound);
    tcase_add_test(t, threads_do_not_change_bits);
    tcase_add_test(t, elements_do_not_depend_on_their_neighbours);
    tcase_add_test(t, known_functions_are_their_formulas);
    tcase_add_test(t, pieces_are_the_published_ones_and_zero_between);
    tcase_add_test(t, fitted_pieces_are_those_the_points_were_made_with);
    tcase_add_test(t, rmsprop_that_forgets_nothing_is_gradient_descent);
    tcase_add_test(t, first_outer_steps_follow_the_published_log);
    tcase_add_loop_test(t, ablations_follow_their_published_logs, 0, 3);
    tcase_add_test(t, functions_are_tried_in_other_networks);
    tcase_add_test(t, the_whole_gradient_can_be_bounded);
    tcase_add_test(t, noise_of_each_example_is_learned_with);
    tcase_add_test(t, two_hidden_layers_learn_too);
    tcase_add_loop_test(t, killed_cell_goes_on_from_its_last_checkpoint, 0, 4);
    tcase_add_test(t, divergence_is_recorded);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
