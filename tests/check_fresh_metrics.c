/* Fresh test signals: methods measure on them and change nothing by it. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "experiment_runs.h"
#include "files.h"
#include "suite.h"

static Arena *arena;

static void setup(void) {
    arena = arena_create(0);
}

static void teardown(void) {
    arena_destroy(arena);
}

static const struct {
    const char *experiment, *options;
    size_t measured; /* values on fresh signals */
} methods[] = {
    {"classification", "--model=mlp,gru --features=original,shuffled --steps=100 --num-samples=1000", 4 * 2},
    {"pooling", "--pooling=none,l2 --train-examples=200 --steps=60 --test-examples=100 --common-examples=100", 2 * 3},
    /* seven known functions; of 120 outer steps the last 100 and 0; their mean; the gain, twice */
    {"meta-activation", "--outer-steps=120 --inner-steps=12 --hidden=16 --meta-hidden=5 --num-samples=1000",
     7 + 101 + 1 + 2},
    /* neighbours and probe before and after training; ten classes; two probes of four layers; neighbours among signals */
    {"self-supervised", "--head-layers=0 --epochs=2 --num-samples=250", 2 * 2 + 10 + 2 * 4 + 1},
};

/* study,cell,seed,metric,x_name,x,value */
static const char *measurement(const CsvTable *table, size_t row) {
    return arena_format(arena, "%s %s %s %s", csv_text(table, row, 2), csv_text(table, row, 3), csv_text(table, row, 5),
                        csv_text(table, row, 6));
}

START_TEST(fresh_signals_are_measured_and_change_nothing) {
    const char *options = arena_format(arena, "%s --seeds=1 --fresh-examples=", methods[_i].options);
    const CsvTable without = run_experiment(methods[_i].experiment, arena_format(arena, "%s0", options), arena);
    const CsvTable with = run_experiment(methods[_i].experiment, arena_format(arena, "%s500", options), arena);
    size_t old = 0, fresh = 0;
    for (size_t r = 0; r < with.rows; r++) {
        if (!strncmp(csv_text(&with, r, 3), "fresh_", 6)) {
            const double value = table_number(&with, r, 6);
            const int accuracy = strstr(csv_text(&with, r, 3), "_accuracy") != NULL;
            ck_assert_msg(!accuracy || (value >= 0 && value <= 100), "%s", measurement(&with, r));
            fresh++;
            continue;
        }
        ck_assert_uint_lt(old, without.rows);
        ck_assert_str_eq(measurement(&with, r), measurement(&without, old));
        old++;
    }
    ck_assert_uint_eq(old, without.rows);
    ck_assert_uint_eq(fresh, methods[_i].measured);
}
END_TEST

/* The permutation of the features is that of the training set, and the scale too: a network that has learned the
 * training set does about as well on fresh signals as on the test set; in another order it would do half as well. */
START_TEST(fresh_signals_are_like_those_of_the_test_set) {
    const CsvTable table =
        run_experiment("classification", "--model=mlp --steps=600 --seeds=1 --fresh-examples=2000", arena);
    double test = 0;
    size_t compared = 0;
    for (size_t r = 0; r < table.rows; r++) {
        if (!strcmp(csv_text(&table, r, 3), "final_test_accuracy")) test = table_number(&table, r, 6);
        if (strcmp(csv_text(&table, r, 3), "fresh_final_test_accuracy")) continue;
        ck_assert_double_gt(test, 55);
        ck_assert_double_eq_tol(table_number(&table, r, 6), test, 6); /* three standard errors of the difference */
        compared++;
    }
    ck_assert_uint_eq(compared, 2);
}
END_TEST

/* Of every method that measures on fresh signals. */
static const char *const measuring[] = {"classification", "double-descent",  "lottery", "meta-activation",
                                        "pooling",        "self-supervised", "signals", "inputs",
                                        "kernels",        "finite-sample"};
enum { N_MEASURING = sizeof measuring / sizeof *measuring };

START_TEST(numbers_that_make_no_set_are_refused) {
    const char *said = refused_run(measuring[_i], "--size=smoke --seeds=1 --fresh-examples=15", arena);
    const char *named = strstr(said, "--fresh-examples");
    ck_assert_msg(named && !strstr(named + 1, "--fresh-examples"), "not named once: %s", said);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("fresh test signals");
    TCase *t = tcase_create("methods");
    const int n = sizeof methods / sizeof *methods;
    tcase_set_timeout(t, 120);
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_loop_test(t, fresh_signals_are_measured_and_change_nothing, 0, n);
    tcase_add_test(t, fresh_signals_are_like_those_of_the_test_set);
    tcase_add_loop_test(t, numbers_that_make_no_set_are_refused, 0, N_MEASURING);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
