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
                     "--size=smoke --seeds=1 --threads=1 --outer-steps=60", _i / 2);
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
    tcase_add_test(t, first_outer_steps_follow_the_published_log);
    tcase_add_test(t, two_hidden_layers_learn_too);
    tcase_add_loop_test(t, killed_cell_goes_on_from_its_last_checkpoint, 0, 4);
    tcase_add_test(t, divergence_is_recorded);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
