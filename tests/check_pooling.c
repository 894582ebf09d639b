/* The pooling study: its smoothed curves against the filter's definition, and refusal of sizes that make no data set.
 */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "fake_study.h"
#include "registry.h"
#include "study/commands.h"

static int run(const char *directory, const char *size, Error *error) {
    char results[256], manifest[256];
    snprintf(results, sizeof results, "--results=%s/r", directory);
    snprintf(manifest, sizeof manifest, "--manifest=%s/m", directory);
    char *argv[] = {(char *)"pooling",
                    (char *)size,
                    (char *)"--pooling=max",
                    (char *)"--test-examples=100",
                    (char *)"--common-examples=100",
                    (char *)"--steps=60",
                    (char *)"--evaluate-every=5",
                    (char *)"--report-every=20",
                    (char *)"--seeds=1",
                    (char *)"--quiet",
                    results,
                    manifest};
    return run_command(studies, sizeof argv / sizeof *argv, argv, error);
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
    char *directory = fresh_directory(), path[256];
    Arena *arena = arena_create(0);
    Error error = {""};
    CsvTable table;
    double raw[64], smooth[64], last;
    ck_assert_msg(run(directory, "--train-examples=200", &error) == 0, "%s", error.text);
    snprintf(path, sizeof path, "%s/r/pooling.csv", directory);
    ck_assert_msg(csv_read(path, arena, &table, &error) == 0, "%s", error.text);
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
    remove_tree(directory);
    free(directory);
    arena_destroy(arena);
}
END_TEST

START_TEST(sizes_that_make_no_data_set_are_refused) {
    char *directory = fresh_directory();
    Error error = {""};
    ck_assert_int_ne(run(directory, "--train-examples=205", &error), 0);
    ck_assert_msg(strstr(error.text, "--train-examples") != NULL, "%s", error.text);
    ck_assert_int_ne(run(directory, "--train-examples=210", &error), 0);
    ck_assert_msg(strstr(error.text, "batch size 100") != NULL, "%s", error.text);
    remove_tree(directory);
    free(directory);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("pooling");
    TCase *tests = tcase_create("study");
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, curves_are_smoothed_by_a_gaussian_of_one_evaluation);
    tcase_add_test(tests, sizes_that_make_no_data_set_are_refused);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
