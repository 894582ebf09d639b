/* What reference_results holds fits the tables and methods: the recorded results are whole and of today's parameters,
 * and cells computed now equal them bit for bit. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/sha256.h"
#include "experiment_runs.h"
#include "fake_project.h"
#include "study/golden.h"
#include "study/jobs.h"
#include "study/sums.h"
#include "suite.h"

static Arena *arena;
static Catalogue catalogue;

static void setup(void) {
    arena = arena_create(0);
    catalogue = real_project(arena);
}

static void teardown(void) {
    arena_destroy(arena);
}

/* ---- the tables ---- */

static const struct {
    const char *name;
    size_t groups, seeds;
    unsigned first_seed;
    const char *first, *last;        /* labels */
    const char *first_cell, *a_cell; /* its settings; a part of another's text */
} grids[] = {
    {"classification", 8, 20, 42, "model=logistic features=original", "model=gru features=shuffled",
     "data=mnist1d model=logistic features=original steps=6000 batch=100 learning-rate=0.01 evaluate-every=250 "
     "hidden=100 channels=25 gru-hidden=6 num-samples=5000 fresh-examples=20000 train-examples=60000 "
     "test-examples=10000 seed=42",
     "model=gru features=shuffled steps=6000"},
    {"lottery", 1, 5, 42, "default", "default",
     "hidden=500 rounds=100 ticket-round=91 steps=1501 score-step=1000 batch=100 retrain-steps=6000 retrain-batch=500 "
     "learning-rate=0.02 evaluate-every=100 num-samples=5000 fresh-examples=20000 seed=42",
     "seed=43"},
    {"double-descent", 67, 3, 42, "model=mlp label-noise=0 widths=2", "model=cnn label-noise=0.15 widths=100",
     "model=mlp label-noise=0 noise-draw=numpy initialization=default widths=2 epochs=500 batch=100 "
     "learning-rate=0.01 momentum=0.9 num-samples=16000 train-split=0.25 fresh-examples=20000 seed=42",
     "model=cnn label-noise=0.15 noise-draw=numpy initialization=default widths=95 "},
    {"double-descent-older", 14, 3, 42, "widths=6", "widths=200",
     "model=mlp label-noise=0.15 noise-draw=python initialization=he widths=6 epochs=901 batch=100 "
     "learning-rate=0.01 momentum=0.9 num-samples=8000 train-split=0.5 fresh-examples=20000 seed=42",
     "widths=45 "},
    {"meta-learning-rate", 2, 10, 0, "initial-rate=1.5", "initial-rate=0.15",
     "initial-rate=1.5 meta-rate=0.3 outer-steps=50 inner-steps=200 batch=50 hidden=50 num-samples=5000 seed=0",
     "initial-rate=0.15 meta-rate=0.3"},
    {"meta-learning-rate-stale", 2, 1, 0, "initial-rate=1.5", "initial-rate=0.15",
     "initial-rate=1.5 meta-rate=0.3 outer-steps=50 inner-steps=200 batch=50 hidden=50 num-samples=10000 "
     "objective=mean "
     "gradient-noise=0 gradient-bound=0 diverged-above=0 random-rates=0 seed=0",
     "initial-rate=0.15 meta-rate=0.3"},
    {"meta-activation", 1, 5, 0, "default", "default",
     "outer-steps=301 inner-steps=301 measured-steps=200 batch=100 hidden=128 meta-layers=1 meta-hidden=100 "
     "learning-rate=0.01 decay=0.4 meta-rate=0.3 clamp=0.1 noise=0.1 scale=0.2 num-samples=10000 fresh-examples=20000 "
     "seed=0",
     "seed=4"},
    {"meta-activation-deep", 1, 1, 0, "default", "default",
     "outer-steps=301 inner-steps=301 measured-steps=200 batch=100 hidden=128 meta-layers=2 meta-hidden=100 "
     "learning-rate=0.01 decay=0.4 meta-rate=0.3 clamp=0.1 noise=0.1 scale=0.2 num-samples=10000 fresh-examples=20000 "
     "seed=0",
     "meta-layers=2"},
    {"pooling", 30, 15, 0, "pooling=none train-examples=1000", "pooling=l2 train-examples=50000",
     "pooling=none train-examples=1000 steps=6000 batch=100 learning-rate=0.01 evaluate-every=100 report-every=1000 "
     "channels=20 test-examples=1000 common-examples=10000 fresh-examples=20000 seed=0",
     "pooling=max train-examples=20000 steps=6000"},
    {"self-supervised", 3, 10, 42, "head-layers=2", "head-layers=4",
     "unlabelled=train head-layers=2 head-width=125 outputs=16 channels=25 epochs=200 batch=100 learning-rate=0.01 "
     "temperature=0.5 shifts=10 slope-sd=0.04 offset-sd=0.3 evaluate-every=10 num-samples=5000 fresh-examples=20000 "
     "map=none perplexity=30 early-iterations=250 iterations=500 exaggeration=12 theta=0.5 metric=cosine neighbours=10 "
     "quality-rows=5000 drawn-rows=5000 seed=42",
     "head-layers=4 head-width=125"},
    {"self-supervised-all", 2, 5, 42, "unlabelled=train", "unlabelled=all",
     "unlabelled=train head-layers=2 head-width=125 outputs=16 channels=25 epochs=200 batch=100 learning-rate=0.01 "
     "temperature=0.5 shifts=10 slope-sd=0.04 offset-sd=0.3 evaluate-every=10 num-samples=5000 fresh-examples=20000 "
     "map=none perplexity=30 early-iterations=250 iterations=500 exaggeration=12 theta=0.5 metric=cosine neighbours=10 "
     "quality-rows=5000 drawn-rows=5000 seed=42",
     "unlabelled=all head-layers=2"},
    {"self-supervised-map", 1, 3, 42, "default", "default",
     "unlabelled=train head-layers=2 head-width=125 outputs=16 channels=25 epochs=200 batch=100 learning-rate=0.01 "
     "temperature=0.5 shifts=10 slope-sd=0.04 offset-sd=0.3 evaluate-every=10 num-samples=5000 fresh-examples=20000 "
     "map=outputs perplexity=30 early-iterations=250 iterations=750 exaggeration=12 theta=0.5 metric=cosine "
     "neighbours=10 "
     "quality-rows=5000 drawn-rows=5000 seed=42",
     "map=outputs"},
};
enum { N_GRIDS = sizeof grids / sizeof *grids };

/* Every setting, in this order; between them may stand those of parameters that the method was given later. */
static void check_settings(const char *text, const char *settings) {
    for (char *word = strtok(arena_copy_text(arena, settings), " "); word; word = strtok(NULL, " ")) {
        const char *found = strstr(text, word);
        ck_assert_msg(found && (found[strlen(word)] == ' ' || !found[strlen(word)]), "no %s in %s", word, text);
        text = found + strlen(word);
    }
}

START_TEST(experiments_have_the_cells_that_were_recorded) {
    Grid grid;
    Error error = {""};
    ck_assert_msg(grid_of(find_experiment(&catalogue, grids[_i].name), "", arena, &grid, &error) == 0, "%s",
                  error.text);
    ck_assert_uint_eq(grid.n_groups, grids[_i].groups);
    ck_assert_uint_eq(grid.n_seeds, grids[_i].seeds);
    ck_assert_uint_eq(grid.n_cells, grids[_i].groups * grids[_i].seeds);
    ck_assert_uint_eq(grid.first_seed, grids[_i].first_seed);
    ck_assert_str_eq(grid.cells[0].label, grids[_i].first);
    ck_assert_str_eq(grid.cells[grid.n_cells - 1].label, grids[_i].last);
    check_settings(grid.cells[0].text, grids[_i].first_cell);
    size_t found = 0;
    for (size_t i = 0; i < grid.n_cells; i++) found += strstr(grid.cells[i].text, grids[_i].a_cell) != NULL;
    ck_assert_uint_ge(found, 1);
    ck_assert(grid_is_own(&grid) && grid_is_whole(&grid));
    ck_assert_str_eq(grid_stem(&grid, arena), arena_format(arena, "mnist1d/%s", grids[_i].name));
}
END_TEST

START_TEST(every_experiment_has_a_tiny_size) {
    for (size_t p = 0; p < catalogue.n_papers; p++)
        for (size_t e = 0; e < catalogue.papers[p].n_experiments; e++) {
            Grid grid;
            Jobs jobs;
            Error error = {""};
            const Experiment *experiment = &catalogue.papers[p].experiments[e];
            ck_assert_msg(grid_of(experiment, "--size=smoke", arena, &grid, &error) == 0, "%s", error.text);
            ck_assert_msg(jobs_make(&grid, 1, arena, &jobs, &error) == 0, "%s", error.text);
            ck_assert_msg(jobs_cost(&jobs) < 30, "%s takes %g s", experiment->name, jobs_cost(&jobs));
            ck_assert(!grid_is_own(&grid));
        }
}
END_TEST

/* ---- recorded results ---- */

/* The lines of a grid that are recorded: a parameter that a method was given later has none there. */
static Text without_later_parameters(const Text *grid, const char *recorded) {
    Text kept = text_create(arena);
    for (char *line = strtok(arena_copy_text(arena, grid->data), "\n"); line; line = strtok(NULL, "\n"))
        if (strstr(recorded, line)) text_format(&kept, "%s\n", line);
    return kept;
}

START_TEST(recorded_results_are_written_as_they_were_read) {
    const Experiment *experiment = find_experiment(&catalogue, grids[_i].name);
    Results results;
    Sums sums;
    Error error = {""};
    ck_assert_msg(results_recorded("reference_results", experiment, arena, &results, &error) == 0, "%s", error.text);
    ck_assert_int_eq(sums_read("reference_results/mnist1d/golden", arena, &sums, &error), 0);
    for (int file = 0; file < N_RESULT_FILES; file++) {
        const char *name = arena_format(arena, "%s%s", experiment->name, result_suffixes[file]);
        char hex[SHA256_HEX];
        Text text = text_create(arena);
        results_text(&results, file, &text);
        char *recorded = slurp(arena_format(arena, "reference_results/mnist1d/golden/%s", name));
        ck_assert((recorded != NULL) == (file != RESULTS_SUMMARY)); /* which follows from the first */
        if (file == RESULTS_GRID) text = without_later_parameters(&text, recorded);
        sha256_hex(text.data, text.size, hex);
        ck_assert_msg(sums_find(&sums, name) && !strcmp(sums_find(&sums, name), hex), "%s differs", name);
        if (recorded) ck_assert_msg(!strcmp(recorded, text.data), "%s differs", name);
        free(recorded);
    }
    GoldenCount count;
    ck_assert_msg(golden_verify("reference_results", &results, &count, &error) == 0, "%s", error.text);
    ck_assert_uint_eq(count.same, results.grid.n_cells);
    ck_assert_uint_eq(count.unrecorded + count.missing, 0);
}
END_TEST

START_TEST(nothing_else_is_recorded) {
    Sums sums;
    Error error = {""};
    for (size_t p = 0; p < catalogue.n_papers; p++) {
        const Paper *paper = &catalogue.papers[p];
        const char *folder = arena_format(arena, "reference_results/%s/golden", paper->name);
        if (sums_read(folder, arena, &sums, &error) == 1) continue; /* no list: nothing is recorded */
        for (size_t i = 0; i < sums.n; i++) {
            size_t found = 0;
            for (size_t e = 0; e < paper->n_experiments; e++)
                for (int file = 0; file < N_RESULT_FILES; file++)
                    found += !strcmp(sums.names[i],
                                     arena_format(arena, "%s%s", paper->experiments[e].name, result_suffixes[file]));
            ck_assert_msg(found == 1, "%s is of no experiment", sums.names[i]);
        }
    }
}
END_TEST

/* Recorded results were made with the parameters that the tables and methods name; when one of these is another, they
 * are no results of today's experiment. */
START_TEST(another_default_makes_recorded_results_those_of_other_parameters) {
    const Experiment *experiment = find_experiment(&catalogue, "meta-learning-rate");
    const size_t n = parameter_count(experiment->method);
    Parameter *parameters = arena_alloc(arena, n + 1, sizeof *parameters);
    memcpy(parameters, experiment->method->parameters, (n + 1) * sizeof *parameters);
    Method method = *experiment->method;
    Experiment changed = *experiment;
    Results results;
    Error error = {""};
    method.parameters = parameters;
    changed.method = &method;
    ck_assert_int_eq(results_recorded("reference_results", &changed, arena, &results, &error), 0);
    parameters[1].initial = "0.25";
    ck_assert_int_eq(results_recorded("reference_results", &changed, arena, &results, &error), -1);
    ck_assert_msg(strstr(error.text, "other parameters") && strstr(error.text, "meta-learning-rate_grid.csv, line 10"),
                  "%s", error.text);
}
END_TEST

/* ---- computed now ---- */

/* Every line of the new results, in order, in the recorded ones. */
static size_t match_lines(char *fresh, const char *golden) {
    size_t matched = 0;
    for (char *line = strtok(fresh, "\n"); line; line = strtok(NULL, "\n"), matched++) {
        const char *found = strstr(golden, line);
        ck_assert_msg(found && found[strlen(line)] == '\n', "not in the golden results: %s", line);
        golden = found + strlen(line);
    }
    return matched;
}

/* Cheap cells at their published size. */
static const struct {
    const char *experiment, *options;
    size_t lines;
} cells[] = {{"classification", "--model=logistic,mlp --features=original", 2 * (25 * 4 + 6)},
             {"double-descent", "--model=mlp --label-noise=0 --widths=2", 6},
             {"double-descent", "--model=cnn --label-noise=0.15 --widths=2", 6},
             {"pooling", "--pooling=stride,l2 --train-examples=1000", 2 * (2 * 61 + 3 * 7 + 9)}};

START_TEST(cells_equal_the_golden_ones) {
    const Experiment *experiment = find_experiment(&catalogue, cells[_i].experiment);
    char *directory = fresh_directory();
    Run run;
    Error error = {""};
    const char *options = arena_format(arena, "%s --seeds=1", cells[_i].options);
    ck_assert_msg(run_in(experiment, options, directory, arena, &run, &error) == 0, "%s", error.text);
    char *fresh = slurp(arena_format(arena, "%s.csv", run.stem));
    char *golden = slurp(arena_format(arena, "reference_results/mnist1d/golden/%s.csv", experiment->name));
    ck_assert(fresh && golden);
    ck_assert_uint_eq(match_lines(fresh, golden), 1 + cells[_i].lines);
    free(fresh), free(golden);
    remove_tree(directory);
    free(directory);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("reference");
    TCase *t = tcase_create("reference");
    tcase_set_timeout(t, 600);
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_loop_test(t, experiments_have_the_cells_that_were_recorded, 0, N_GRIDS);
    tcase_add_test(t, every_experiment_has_a_tiny_size);
    tcase_add_loop_test(t, recorded_results_are_written_as_they_were_read, 0, N_GRIDS);
    tcase_add_test(t, nothing_else_is_recorded);
    tcase_add_test(t, another_default_makes_recorded_results_those_of_other_parameters);
    tcase_add_loop_test(t, cells_equal_the_golden_ones, 0, sizeof cells / sizeof *cells);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
