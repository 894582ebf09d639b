/* The pooling method: its smoothed curves against the filter's definition, and refusal of sizes that make no data set.
 */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "csv_values.h"
#include "experiment_runs.h"
#include "fake_project.h"
#include "suite.h"

static Arena *arena;
static char *directory;

static void setup(void) {
    arena = arena_create(0);
    directory = fresh_directory();
}

static void teardown(void) {
    remove_tree(directory);
    free(directory);
    arena_destroy(arena);
}

static int run(const char *size, const char *common, Run *ran, Error *error) {
    const Catalogue catalogue = real_project(arena);
    const char *options = arena_format(arena,
                                       "%s --pooling=max --test-examples=100 --common-examples=%s --steps=60 "
                                       "--evaluate-every=5 --report-every=20 --seeds=1",
                                       size, common);
    return run_in(find_experiment(&catalogue, "pooling"), options, directory, arena, ran, error);
}

/* The values of a metric over steps, in order. */
static size_t read_curve(const CsvTable *table, const char *metric, double *values) {
    size_t metric_column, value_column, n = 0;
    Error error;
    ck_assert_int_eq(csv_column(table, "metric", &metric_column, &error), 0);
    ck_assert_int_eq(csv_column(table, "value", &value_column, &error), 0);
    for (size_t r = 0; r < table->rows; r++)
        if (!strcmp(csv_text(table, r, metric_column), metric))
            ck_assert_int_eq(csv_number(table, r, value_column, &values[n++], &error), 0);
    return n;
}

/* The curve written down again and again, every second time backwards. */
static double mirrored(const double *curve, int n, int i) {
    while (i < 0 || i >= n) i = i < 0 ? -1 - i : 2 * n - 1 - i;
    return curve[i];
}

START_TEST(curves_are_smoothed_by_a_gaussian_of_one_evaluation) {
    Error error = {""};
    Run ran;
    double raw[64], smooth[64], last;
    ck_assert_msg(run("--train-examples=200", "100", &ran, &error) == 0, "%s", error.text);
    const CsvTable table = read_table(arena_format(arena, "%s.csv", ran.stem), arena);
    ck_assert_uint_eq(read_curve(&table, "test_accuracy", raw), 13);
    ck_assert_uint_eq(read_curve(&table, "smoothed_test_accuracy", smooth), 13);
    for (int i = 0; i < 13; i++) {
        double sum = 0, total = 0;
        for (int k = -4; k <= 4; k++) {
            sum += exp(-k * k / 2.0) * mirrored(raw, 13, i + k);
            total += exp(-k * k / 2.0);
        }
        ck_assert_double_eq_tol(smooth[i], sum / total, 1e-12);
    }
    ck_assert_uint_eq(read_curve(&table, "final_smoothed_accuracy", &last), 1);
    ck_assert_double_eq(last, smooth[12]);
    ck_assert_double_ne(smooth[12], raw[12]);
    ck_assert_uint_eq(read_curve(&table, "common_accuracy", raw), 4); /* steps 0, 20, 40, 60 */
}
END_TEST

START_TEST(sizes_that_make_no_data_set_are_refused) {
    Error error = {""};
    Run ran;
    ck_assert_int_ne(run("--train-examples=205", "100", &ran, &error), 0);
    ck_assert_msg(strstr(error.text, "--train-examples") != NULL, "%s", error.text);
    error.text[0] = 0;
    ck_assert_int_ne(run("--train-examples=210", "100", &ran, &error), 0);
    ck_assert_msg(strstr(error.text, "option --batch: 100") != NULL, "%s", error.text);
    error.text[0] = 0;
    ck_assert_int_ne(run("--train-examples=200", "105", &ran, &error), 0);
    ck_assert_msg(strstr(error.text, "option --common-examples: 105") != NULL, "%s", error.text);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("pooling");
    TCase *tests = tcase_create("method");
    tcase_set_timeout(tests, 120);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, curves_are_smoothed_by_a_gaussian_of_one_evaluation);
    tcase_add_test(tests, sizes_that_make_no_data_set_are_refused);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
