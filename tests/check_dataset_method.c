/* The method `dataset`: what it records is what the generator makes, for every seed at the same places. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/mnist1d.h"
#include "experiment_runs.h"
#include "files.h"
#include "suite.h"

static Arena *arena;

static void begin(void) {
    arena = arena_create(0);
}

static void end(void) {
    arena_destroy(arena);
}

/* The value of a metric at x (NAN: without x) of a seed. */
static double value_of(const CsvTable *table, const char *seed, const char *metric, double x) {
    for (size_t r = 0; r < table->rows; r++) {
        const char *at = csv_text(table, r, 5);
        if (strcmp(csv_text(table, r, 2), seed) || strcmp(csv_text(table, r, 3), metric)) continue;
        if (isnan(x) ? !*at : *at && atof(at) == x) return table_number(table, r, 6);
    }
    ck_abort_msg("no %s at %g of seed %s", metric, x, seed);
    return NAN;
}

START_TEST(it_records_the_published_data_set) {
    const CsvTable table = run_experiment("dataset", "", arena);
    const Mnist1dOptions options = mnist1d_defaults();
    Mnist1d data;
    Mnist1dStage *stages;
    size_t n_stages;
    double templates[10][12], t[12];
    mnist1d_templates(templates, t);
    ck_assert_int_eq(mnist1d_make(&options, arena, &data, NULL), 0);
    ck_assert_int_eq(mnist1d_stages(&options, 5, arena, &stages, &n_stages, NULL), 0);
    ck_assert(value_of(&table, "42", "train_examples", NAN) == 4000);
    ck_assert(value_of(&table, "42", "test_examples", NAN) == 1000);
    ck_assert(value_of(&table, "42", "raw_sd", NAN) == data.sd);
    ck_assert(value_of(&table, "42", "train_class_examples", 2) == 411);
    ck_assert(value_of(&table, "42", "test_class_share", 2) == 8.9);
    ck_assert(value_of(&table, "42", "template_5", 11) == templates[5][11]);
    for (int c = 0; c < 10; c++) {
        size_t row = 0;
        while (data.y[row] != c) row++;
        const char *metric = arena_format(arena, "example_%d", c);
        for (size_t i = 0; i < 40; i++) ck_assert(value_of(&table, "42", metric, (double)i) == data.x[row * 40 + i]);
    }
    ck_assert(value_of(&table, "42", "stage_correlated_noise", 71) == stages[4].x[71]);
    ck_assert(value_of(&table, "42", "stage_resampled", 39) == stages[7].x[39]);
    ck_assert(value_of(&table, "42", "padding", NAN) == (double)stages[0].length - 12);
    ck_assert(value_of(&table, "42", "stage_padded", 0) == stages[0].x[0]);
    ck_assert(value_of(&table, "42", "stage_padded", 71) == 0);
}
END_TEST

/* Paddings differ, and so would the lengths of the padded templates. */
START_TEST(seeds_and_parameters_can_be_chosen) {
    const CsvTable table =
        run_experiment("dataset",
                       "--seeds=3 --num-samples=500 --final-seq-length=20 --padding-high=70 --shuffle-seq=yes "
                       "--stages-class=0 --shear-scale=-0.5",
                       arena);
    ck_assert(value_of(&table, "42", "padding", NAN) != value_of(&table, "43", "padding", NAN));
    ck_assert(value_of(&table, "44", "stage_padded", 81) == 0);
    ck_assert(value_of(&table, "44", "example_9", 19) != value_of(&table, "42", "example_9", 19));
    ck_assert(value_of(&table, "43", "train_examples", NAN) == 400);
}
END_TEST

static const char *const refused[][2] = {
    {"--num-samples=10 --train-split=0.5", "no training example is of class"},
    {"--padding-low=70", "--padding-low: 70 is more than the 60 of --padding-high"},
    {"--num-samples=10 --train-split=0.05", "num-samples and train-split must leave at least one training"}};

START_TEST(impossible_parameters_are_refused) {
    const char *said = refused_run("dataset", refused[_i][0], arena);
    ck_assert_msg(strstr(said, refused[_i][1]) != NULL, "%s", said);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("dataset method");
    TCase *tcase = tcase_create("dataset method");
    tcase_set_timeout(tcase, 60);
    tcase_add_checked_fixture(tcase, begin, end);
    tcase_add_test(tcase, it_records_the_published_data_set);
    tcase_add_test(tcase, seeds_and_parameters_can_be_chosen);
    tcase_add_loop_test(tcase, impossible_parameters_are_refused, 0, sizeof refused / sizeof *refused);
    suite_add_tcase(suite, tcase);
    return run_suite(suite);
}
