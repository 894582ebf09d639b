/* The learned learning rate agrees with the published run: at all 96 printed points to every digit printed, and along
 * the whole drawn curves within the reading of their vector paths (reference_results/mnist1d/published); divergence is
 * recorded. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "experiment_runs.h"
#include "suite.h"

static Arena *arena;

static void setup(void) {
    arena = arena_create(0);
}

static void teardown(void) {
    arena_destroy(arena);
}

/* Seed 0 of study, cell, seed, metric, x_name, x, value. */
static double ours(const CsvTable *results, const char *cell, const char *metric, double x) {
    for (size_t r = 0; r < results->rows; r++)
        if (!strcmp(csv_text(results, r, 1), cell) && !strcmp(csv_text(results, r, 2), "0") &&
            !strcmp(csv_text(results, r, 3), metric) && table_number(results, r, 5) == x)
            return table_number(results, r, 6);
    ck_abort_msg("no %s of %s at %g", metric, cell, x);
    return NAN;
}

/* id,series,metric,x,value,uncertainty,unit,n,kind,source */
START_TEST(printed_digits_agree) {
    CsvTable golden = read_table("reference_results/mnist1d/golden/meta-learning-rate.csv", arena);
    CsvTable published = read_table("reference_results/mnist1d/published/meta-learning-rate.csv", arena);
    size_t printed = 0;
    for (size_t r = 0; r < published.rows; r++) {
        char ours_text[32], theirs[32];
        if (strcmp(csv_text(&published, r, 8), "printed") != 0) continue;
        double value =
            ours(&golden, csv_text(&published, r, 1), csv_text(&published, r, 2), table_number(&published, r, 3));
        snprintf(ours_text, sizeof ours_text, "%.4g", value);
        snprintf(theirs, sizeof theirs, "%.4g", table_number(&published, r, 4));
        ck_assert_msg(!strcmp(ours_text, theirs), "%s: %s, printed %s", csv_text(&published, r, 0), ours_text, theirs);
        printed++;
    }
    ck_assert_uint_eq(printed, 2 * 3 * 16);
}
END_TEST

/* series,metric,outer_step,value; reading: 2e-5 of losses, 1e-4 of rates; what was clipped off the plot is printed. */
START_TEST(drawn_curves_agree) {
    CsvTable golden = read_table("reference_results/mnist1d/golden/meta-learning-rate.csv", arena);
    CsvTable curves = read_table("reference_results/mnist1d/published/meta-learning-rate_curves.csv", arena);
    ck_assert_uint_eq(curves.rows, 294);
    for (size_t r = 0; r < curves.rows; r++) {
        const char *metric = csv_text(&curves, r, 1);
        double value = ours(&golden, csv_text(&curves, r, 0), metric, table_number(&curves, r, 2));
        double reading = !strcmp(metric, "learned_rate") ? 1e-4 : 2e-5;
        if (!strcmp(metric, "mean_inner_loss") && table_number(&curves, r, 3) > 1.7508) reading = 5e-4;
        ck_assert_msg(fabs(value - table_number(&curves, r, 3)) <= reading, "row %zu: %.6f, drawn %s", r + 2, value,
                      csv_text(&curves, r, 3));
    }
}
END_TEST

/* The same bits as the golden run, outer step by outer step. */
START_TEST(first_steps_equal_the_golden_ones) {
    CsvTable golden = read_table("reference_results/mnist1d/golden/meta-learning-rate.csv", arena);
    CsvTable fresh = run_experiment("meta-learning-rate", "--outer-steps=3 --seeds=1 --initial-rate=0.15", arena);
    ck_assert_uint_eq(fresh.rows, 3 * 3);
    for (size_t r = 0; r < fresh.rows; r++) {
        const char *metric = csv_text(&fresh, r, 3);
        ck_assert_double_eq(table_number(&fresh, r, 6),
                            ours(&golden, "initial-rate=0.15", metric, table_number(&fresh, r, 5)));
    }
}
END_TEST

/* From a rate of 0.01 the derivative is about -12, so that a large outer rate throws the learning rate into the region
 * where 200 steps are chaotic and its derivative leaves binary32 (published as an upper bound of the outer rate). */
START_TEST(divergence_is_recorded) {
    CsvTable fresh = run_experiment("meta-learning-rate",
                                    "--initial-rate=0.01 --meta-rate=0.5 --outer-steps=8 --seeds=1 --batch=50", arena);
    ck_assert_uint_eq(fresh.rows, 3 * 8);
    ck_assert_uint_gt(count_diverged(&fresh), 3);
}
END_TEST

static double only(const CsvTable *table, const char *metric) {
    for (size_t r = 0; r < table->rows; r++)
        if (!strcmp(csv_text(table, r, 3), metric)) return table_number(table, r, 6);
    ck_abort_msg("no %s", metric);
    return NAN;
}

/* The same, told as an outcome; bounding the derivative is the remedy. */
START_TEST(outcomes_are_told) {
    static const struct {
        const char *options;
        double outcome, least, most; /* sound steps */
    } cases[] = {{"--initial-rate=0.01 --meta-rate=0.5", 2, 1, 6},
                 {"--initial-rate=0.01 --meta-rate=0.5 --gradient-bound=1", 1, 8, 8},
                 {"--initial-rate=0.62 --meta-rate=0.001", 0, 8, 8}};
    const char *options = arena_format(arena, "%s --outer-steps=8 --seeds=1 --diverged-above=1000", cases[_i].options);
    const CsvTable fresh = run_experiment("meta-learning-rate", options, arena);
    ck_assert_double_eq(only(&fresh, "outcome"), cases[_i].outcome);
    ck_assert_double_ge(only(&fresh, "sound_steps"), cases[_i].least);
    ck_assert_double_le(only(&fresh, "sound_steps"), cases[_i].most);
}
END_TEST

/* Of four random rates the best objective is the least and the median the mean of the middle two; the rate that gives an
 * objective is the one beside it: the learned one's first objective is that of its start. */
START_TEST(random_rates_are_tried) {
    double objective[4], least = INFINITY, greatest = -INFINITY, sum = 0;
    size_t found = 0;
    const char *options = "--initial-rate=0.2 --outer-steps=1 --seeds=1 --random-rates=4 --num-samples=1000";
    const CsvTable fresh = run_experiment("meta-learning-rate", options, arena);
    double rate = 0;
    for (size_t r = 0; r < fresh.rows; r++) {
        const double value = table_number(&fresh, r, 6);
        if (!strcmp(csv_text(&fresh, r, 3), "random_rate")) {
            ck_assert(value >= 1e-3 && value <= 3);
            rate = value;
        }
        if (strcmp(csv_text(&fresh, r, 3), "random_objective")) continue;
        objective[found++] = value;
        least = fmin(least, value), greatest = fmax(greatest, value), sum += value;
    }
    ck_assert_uint_eq(found, 4);
    ck_assert_double_eq(only(&fresh, "best_random_objective"), least);
    ck_assert_double_eq_tol(only(&fresh, "median_random_objective"), (sum - least - greatest) / 2, 1e-12);
    const char *again = arena_format(arena, "--initial-rate=%.17g --outer-steps=1 --seeds=1 --num-samples=1000", rate);
    const CsvTable learned = run_experiment("meta-learning-rate", again, arena);
    ck_assert_double_eq(only(&learned, "mean_inner_loss"), objective[3]);
}
END_TEST

/* With the last loss as the objective the derivative, and so the rate, is another; the losses before are the same.  Noise
 * multiplies the derivative. */
START_TEST(objective_and_noise_change_the_rate_alone) {
    const char *options = "--initial-rate=0.2 --outer-steps=1 --seeds=1 --num-samples=1000";
    const CsvTable mean = run_experiment("meta-learning-rate", options, arena);
    const CsvTable last =
        run_experiment("meta-learning-rate", arena_format(arena, "%s --objective=last", options), arena);
    const CsvTable noisy =
        run_experiment("meta-learning-rate", arena_format(arena, "%s --gradient-noise=1", options), arena);
    ck_assert_double_eq(only(&last, "final_inner_loss"), only(&mean, "final_inner_loss"));
    ck_assert_double_eq(only(&last, "mean_inner_loss"), only(&last, "final_inner_loss"));
    ck_assert_double_eq(only(&noisy, "mean_inner_loss"), only(&mean, "mean_inner_loss"));
    ck_assert_double_ne(only(&last, "learned_rate"), only(&mean, "learned_rate"));
    ck_assert_double_ne(only(&noisy, "learned_rate"), only(&mean, "learned_rate"));
}
END_TEST

int main(void) {
    Suite *suite = suite_create("learned learning rate");
    TCase *t = tcase_create("learned learning rate");
    tcase_set_timeout(t, 300);
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, printed_digits_agree);
    tcase_add_test(t, drawn_curves_agree);
    tcase_add_test(t, first_steps_equal_the_golden_ones);
    tcase_add_test(t, divergence_is_recorded);
    tcase_add_loop_test(t, outcomes_are_told, 0, 3);
    tcase_add_test(t, random_rates_are_tried);
    tcase_add_test(t, objective_and_noise_change_the_rate_alone);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
