/* Cells as files, and results merged from them: what is stored whole, what is refused, which numbers a summary has, and
 * that no damage passes. */
#include <check.h>
#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/sha256.h"
#include "experiment_runs.h"
#include "fake_project.h"
#include "random/random.h"
#include "study/schedule.h"
#include "suite.h"

static Arena *arena;
static char *directory;
static Catalogue catalogue;
static const Experiment *fake;

static void setup(void) {
    arena = arena_create(0);
    directory = fresh_directory();
    fake_reset();
    catalogue = fake_project(directory, arena);
    fake = find_experiment(&catalogue, "fake");
}

static void teardown(void) {
    remove_tree(directory);
    free(directory);
    arena_destroy(arena);
}

static const char *in(const char *sub) {
    return path_join(arena, directory, sub);
}

/* Runs in a folder of its own and says how many cells it ran. */
static size_t run(const char *sub, const char *options) {
    Run ran;
    Error error = {""};
    ck_assert_msg(run_in(fake, options, in(sub), arena, &ran, &error) == 0, "%s", error.text);
    return ran.n_run;
}

static char *read_result(const char *sub, const char *name) {
    return slurp(arena_format(arena, "%s/%s/fakes/%s", directory, sub, name));
}

static void assert_same_results(const char *sub, const char *other) {
    for (int file = 0; file < N_RESULT_FILES; file++) {
        const char *name = arena_format(arena, "fake%s", result_suffixes[file]);
        char *a = read_result(sub, name), *b = read_result(other, name);
        ck_assert(a && b);
        ck_assert_str_eq(a, b);
        free(a), free(b);
    }
}

/* One plain cell, and where it is stored. */
static Cell cell_of(const char *options, const char *sub, const char **path) {
    Grid grid;
    Error error = {""};
    ck_assert_int_eq(grid_of(fake, options, arena, &grid, &error), 0);
    if (path) ck_assert_ptr_nonnull(*path = store_path(in(sub), &grid.cells[0], arena, &error));
    return grid.cells[0];
}

#define ONE "--seeds=1 --width=1 --model=plain"

/* ---- records ---- */

START_TEST(a_cell_is_stored_as_its_header_says) {
    const char *path;
    char hex[SHA256_HEX], none[SHA256_HEX];
    run("r", ONE);
    const Cell cell = cell_of(ONE, "r", &path);
    sha256_hex("", 0, none); /* the fake method has no source file */
    const char *head =
        arena_format(arena, "method,fake\nparameters,model=plain width=1 rate=0.1 seed=42\nsource,%s\n", none);
    const char *body = arena_format(arena,
                                    "%smetric,x_name,x,value\nlevel,,,1.0\nnoisy,,,0.85\n"
                                    "curve,step,0,0.3333333333333333\ncurve,step,1,42.333333333333336\n"
                                    "curve,step,2,84.33333333333333\nlost,,,diverged\n",
                                    head);
    sha256_hex(body, strlen(body), hex);
    char *text = slurp(path);
    ck_assert_str_eq(text, arena_format(arena, "%ssha256,%s\n", body, hex));
    free(text);
    sha256_hex(head, strlen(head), hex);
    ck_assert_str_eq(path, arena_format(arena, "%s/r/cells/fake/%s.csv", directory, hex));
    Record record;
    Error error = {""};
    record_create(&record, arena);
    ck_assert_int_eq(store_load(in("r"), &cell, &record, &error), STORED_WHOLE);
    ck_assert_uint_eq(record.n_rows, 6);
    ck_assert(record.rows[4].x == 2 && record.rows[5].diverged && isnan(record.rows[5].value));
}
END_TEST

START_TEST(repeated_measurements_are_refused) {
    const Cell cell = cell_of(ONE, "", NULL);
    Record record;
    Error error = {""};
    for (int repeated = 0; repeated < 3; repeated++) {
        char *folder = fresh_directory();
        record_create(&record, arena);
        record_metric(&record, "level", 1);
        record_point(&record, "curve", "step", 0, 1);
        record_point(&record, "curve", "step", repeated == 1 ? 0 : 1, 1);
        record_metric(&record, repeated == 2 ? "level" : "other", 2);
        ck_assert_int_eq(store_save(folder, &cell, &record, &error), repeated ? -1 : 0);
        remove_tree(folder);
        free(folder);
    }
    ck_assert_ptr_nonnull(strstr(error.text, "metric level is recorded twice"));
}
END_TEST

START_TEST(records_that_break_a_rule_are_not_stored) {
    static const char *const says[] = {
        "metric Level has a name", "is NaN",    "is infinite", "not a finite number", "has a name",
        "measured nothing",        "has a name"};
    const char *path;
    const Cell cell = cell_of(ONE, "r", &path);
    Record record;
    Error error = {""};
    record_create(&record, arena);
    if (_i == 0) record_metric(&record, "Level", 1);
    if (_i == 1) record_metric(&record, "level", NAN);
    if (_i == 2) record_metric(&record, "level", -INFINITY);
    if (_i == 3) record_point(&record, "level", "step", NAN, 1);
    if (_i == 4) record_point(&record, "level", "a step", 1, 1);
    if (_i == 6) record_metric(&record, "level,x", 1);
    ck_assert_int_eq(store_save(in("r"), &cell, &record, &error), -1);
    ck_assert_msg(strstr(error.text, says[_i]) && strstr(error.text, cell.text), "%s", error.text);
    ck_assert(!file_exists(path));
}
END_TEST

START_TEST(either_is_the_value_or_diverged) {
    Record record;
    record_create(&record, arena);
    record_either(&record, "loss", "step", 3, INFINITY);
    record_either(&record, "loss", "step", 4, 0.5);
    record_either(&record, "mean", NULL, 0, NAN);
    ck_assert(record.rows[0].diverged && !record.rows[1].diverged && record.rows[2].diverged);
    ck_assert(record.rows[0].x == 3 && record.rows[1].value == 0.5 && isnan(record.rows[2].x));
    ck_assert_ptr_null(record.fault);
}
END_TEST

START_TEST(integers_are_no_reals) {
    Error error;
    double value;
    char buffer[40];
    ck_assert_int_ne(real_parse("65", "file", "metric", &value, &error), 0);
    ck_assert_ptr_nonnull(strstr(error.text, "integer where a real number belongs"));
    ck_assert_int_ne(real_parse("nan", "file", "metric", &value, &error), 0);
    ck_assert_int_ne(real_parse("", "file", "metric", &value, &error), 0);
    ck_assert_int_ne(real_parse("1.0x", "file", "metric", &value, &error), 0);
    ck_assert_int_eq(real_parse("65.0", "file", "metric", &value, &error), 0);
    ck_assert_str_eq(real_text(65, buffer), "65.0");
    ck_assert_str_eq(real_text(-0.5, buffer), "-0.5");
    ck_assert_int_eq(real_parse(real_text(1e300, buffer), "file", "metric", &value, &error), 0);
    ck_assert_double_eq(value, 1e300);
}
END_TEST

/* ---- runs and results ---- */

START_TEST(finished_cells_are_not_run_again) {
    ck_assert_uint_eq(run("r", "--width=2 --seeds=3"), 6);
    ck_assert_uint_eq(run("r", ""), 18);
    ck_assert_uint_eq(run("r", ""), 0);
    ck_assert_uint_eq(run("r", "--fresh"), 24);
    ck_assert_uint_eq(run("whole", ""), 24);
    ck_assert_int_eq(fake_runs, 72);
    assert_same_results("r", "whole");
}
END_TEST

/* Parts that are run one after the other, on one machine or two, are one experiment in the end. */
START_TEST(rows_that_were_run_apart_are_merged_as_a_whole) {
    fake = find_experiment(&catalogue, "panels");
    ck_assert_uint_eq(run("r", "--rows=1"), 6);
    ck_assert_uint_eq(run("r", "--rows=3"), 2);
    ck_assert_uint_eq(run("r", "--rows=1,3"), 0);
    ck_assert_uint_eq(run("r", ""), 4);
    ck_assert_uint_eq(run("whole", ""), 12);
    char *a = read_result("r", "panels.csv"), *b = read_result("whole", "panels.csv");
    ck_assert_str_eq(a, b);
    free(a), free(b);
}
END_TEST

START_TEST(a_run_in_two_experiments_is_computed_once) {
    const Experiment *shared = find_experiment(&catalogue, "shared"), *panels = find_experiment(&catalogue, "panels");
    ck_assert_uint_eq(run("r", ""), 24);
    fake = shared;
    ck_assert_uint_eq(run("r", ""), 12 - 8);
    fake = panels;
    ck_assert_uint_eq(run("r", ""), 12 - 6);
    /* the label is each experiment's, the numbers are the same */
    char *text = read_result("r", "shared.csv");
    ck_assert_ptr_nonnull(strstr(text, "\nshared,width=3,43,noisy,,,12.95\n"));
    free(text);
    text = read_result("r", "fake.csv");
    ck_assert_ptr_nonnull(strstr(text, "\nfake,model=fancy width=3,43,noisy,,,12.95\n"));
    free(text);
}
END_TEST

START_TEST(results_with_other_parameters_have_a_place_of_their_own) {
    run("r", "");
    char *before = read_result("r", "fake.csv");
    run("r", "--rate=0.3");
    run("r", "--seeds=2");
    run("r", "--size=smoke");
    char *after = read_result("r", "fake.csv"), *variant = read_result("r", "variants/fake--rate=0.3.csv");
    ck_assert_str_eq(before, after);
    ck_assert_ptr_nonnull(strstr(variant, "\nfake,model=plain width=1 rate=0.3,42,level,,,1.0\n"));
    ck_assert(file_exists(in("r/fakes/variants/fake--seeds=42..43_summary.csv")));
    ck_assert(file_exists(in("r/fakes/variants/fake--smoke_grid.csv")));
    free(before), free(after), free(variant);
}
END_TEST

START_TEST(summary_has_mean_and_interval) {
    run("r", "");
    char *text = read_result("r", "fake_summary.csv");
    /* 1 + 0.1 (seed - 43.5) over seeds 42..45: mean 1, sd 0.1 sqrt(5/3), half width t(3) sd / 2 = 0.2054260 */
    const char *line = strstr(text, "model=plain width=1,noisy,,,4,");
    ck_assert_ptr_nonnull(line);
    double mean, sd, low, high;
    ck_assert_int_eq(sscanf(line, "model=plain width=1,noisy,,,4,%lf,%lf,%lf,%lf", &mean, &sd, &low, &high), 4);
    ck_assert_double_eq_tol(mean, 1, 1e-15);
    ck_assert_double_eq_tol(sd, 0.12909944487358, 1e-13);
    ck_assert_double_eq_tol(high - mean, 0.20542602, 1e-8);
    ck_assert_double_eq_tol(mean - low, 0.20542602, 1e-8);
    ck_assert_ptr_nonnull(strstr(text, "model=plain width=1,level,,,4,1.0,0.0,1.0,1.0\n"));
    ck_assert_ptr_nonnull(strstr(text, "model=plain width=1,lost,,,4,diverged,diverged,diverged,diverged\n"));
    free(text);
    run("one", "--seeds=1");
    text = read_result("one", "variants/fake--seeds=42..42_summary.csv");
    ck_assert_ptr_nonnull(strstr(text, "model=plain width=1,noisy,,,1,0.85,,,\n"));
    free(text);
}
END_TEST

/* A seed that diverged leaves its group without a mean, in every file. */
START_TEST(one_diverged_seed_is_told) {
    fake_diverge_seed = 44;
    run("r", "");
    char *text = read_result("r", "fake_summary.csv"), *merged = read_result("r", "fake.csv");
    ck_assert_ptr_nonnull(strstr(text, "model=fancy width=2,level,,,4,diverged,diverged,diverged,diverged\n"));
    ck_assert_ptr_nonnull(strstr(merged, "\nfake,model=fancy width=2,44,level,,,diverged\n"));
    ck_assert_ptr_nonnull(strstr(merged, "\nfake,model=fancy width=2,45,level,,,12.0\n"));
    free(text), free(merged);
}
END_TEST

START_TEST(nan_fails_and_names_cell_and_metric) {
    Error error = {""};
    Run ran;
    fake_nan_seed = 44;
    ck_assert_int_eq(run_in(fake, "--width=2 --model=fancy", in("r"), arena, &ran, &error), -1);
    ck_assert_ptr_nonnull(strstr(error.text, "model=fancy width=2 rate=0.1 seed=44"));
    ck_assert_ptr_nonnull(strstr(error.text, "metric level is NaN"));
    ck_assert_uint_eq(ran.n_run, 3); /* the others are stored */
    ck_assert(!file_exists(arena_format(arena, "%s.csv", ran.stem)));
    fake_nan_seed = -1;
    ck_assert_uint_eq(run("r", "--width=2 --model=fancy"), 1);
}
END_TEST

START_TEST(undeclared_parameters_fail_a_run) {
    Error error = {""};
    Run ran;
    fake_asks = "wdith";
    ck_assert_int_eq(run_in(fake, ONE, in("r"), arena, &ran, &error), -1);
    ck_assert_msg(strstr(error.text, "method fake asks for \"wdith\""), "%s", error.text);
    fake_asks = "rate"; /* which is not an integer */
    ck_assert_int_eq(run_in(fake, ONE, in("r"), arena, &ran, &error), -1);
    ck_assert_msg(strstr(error.text, "method fake asks for \"rate\""), "%s", error.text);
    fake_asks = NULL, fake_cost_asks = "wdith";
    ck_assert_int_eq(run_in(fake, ONE, in("r"), arena, &ran, &error), -1);
    ck_assert_msg(strstr(error.text, "cost asks for \"wdith\""), "%s", error.text);
    fake_cost_asks = NULL;
    ck_assert_uint_eq(run("r", ONE), 1); /* nothing had been stored */
}
END_TEST

START_TEST(unwritable_folder_is_an_error) {
    Error error = {""};
    Run ran;
    const char *path = in("r");
    spill(path, "a file where a folder should be\n");
    ck_assert_int_eq(run_in(fake, "", path, arena, &ran, &error), -1);
    ck_assert_ptr_nonnull(strstr(error.text, path));
}
END_TEST

/* Two runs that disagree: one is wrong, and which one nobody can tell. */
START_TEST(other_results_than_those_stored_are_refused) {
    const char *path;
    Run ran;
    Error error = {""};
    run("r", ONE);
    cell_of(ONE, "r", &path);
    char *before = slurp(path);
    fake_wrong_seed = 42;
    ck_assert_int_eq(run_in(fake, ONE " --fresh", in("r"), arena, &ran, &error), -1);
    ck_assert_msg(strstr(error.text, path) && strstr(error.text, "has other results") &&
                      strstr(error.text, "model=plain width=1 rate=0.1 seed=42"),
                  "%s", error.text);
    char *after = slurp(path);
    ck_assert_str_eq(before, after);
    free(before), free(after);
    ck_assert_int_eq(remove(path), 0); /* what the message advises */
    ck_assert_uint_eq(run("r", ONE), 1);
}
END_TEST

START_TEST(seeds_that_measured_different_things_are_refused) {
    const char *path;
    Results results;
    Grid grid;
    Record record;
    Error error = {""};
    run("r", "--seeds=2 --width=1 --model=plain");
    ck_assert_int_eq(grid_of(fake, "--seeds=2 --width=1 --model=plain", arena, &grid, &error), 0);
    ck_assert_ptr_nonnull(path = store_path(in("r"), &grid.cells[1], arena, &error));
    ck_assert_int_eq(remove(path), 0);
    record_create(&record, arena);
    record_metric(&record, "level", 1);
    record_metric(&record, "quiet", 1);
    ck_assert_int_eq(store_save(in("r"), &grid.cells[1], &record, &error), 0);
    ck_assert_int_eq(results_load(in("r"), &grid, arena, &results, &error), -1);
    ck_assert_msg(strstr(error.text, "cell model=plain width=1: seed 43 did not measure what seed 42 did (row 2"), "%s",
                  error.text);
}
END_TEST

/* ---- damage ---- */

static const struct {
    const char *old, *replacement;
} damage[] = {
    {"metric,x_name,x,value\nlevel,,,1", "metric,x_name,x,value\nlevel,,,9"}, /* a wrong value */
    {"lost,,,diverged\n", ""},                                                /* a lost row */
    {"sha256,", "sha256;"},                                                   /* no checksum line */
    {"method,fake", "method,fame"},
    {"seed=42", "seed=43"},
    {"source,e3", "source,e4"},
};

START_TEST(damaged_cells_are_found_and_recomputed) {
    const char *path;
    Results results;
    Error error = {""};
    run("r", "");
    run("whole", "");
    cell_of("", "r", &path);
    ck_assert(edit_file(path, damage[_i].old, damage[_i].replacement));
    ck_assert_int_eq(results_open(in("r"), fake, arena, &results, &error), -1);
    ck_assert_msg(strstr(error.text, path) != NULL, "%s", error.text);
    ck_assert_uint_eq(run("r", ""), 1);
    assert_same_results("r", "whole");
}
END_TEST

/* A text with a checksum that fits. */
static void spill_with_checksum(const char *path, const char *text) {
    char hex[SHA256_HEX];
    sha256_hex(text, strlen(text), hex);
    spill(path, arena_format(arena, "%ssha256,%s\n", text, hex));
}

static const struct {
    const char *old, *replacement, *says;
} malformed[] = {
    {"level,,,1.0", "level,,,1", "an integer where a real number belongs"},
    {"level,,,1.0", "level,,,nan", "not a finite number"},
    {"level,,,1.0", "level,,1,1.0", "malformed x"},
    {"curve,step,1,", "curve,step,one,", "malformed x"},
    {"curve,step,1,", "curve,step,,", "malformed x"},
    {"level,,,1.0", "Level,,,1.0", "lower_snake_case"},
    {"level,,,1.0", "level,,,1.0,2.0", "5 fields"},
    {"metric,x_name,x,value", "metric,x,x_name,value", "columns must be"},
    {"noisy,", "level,", "level"}, /* recorded twice */
    {"seed=42", "seed=43", "other parameters"},
    {"source,e3", "source,e4", "other parameters or sources"},
    /* of a later version of the program, with a line or a column that this one does not know */
    {"method,fake", "format,2\nmethod,fake", "other parameters or sources"},
    {"metric,x_name,x,value", "metric,x_name,x,unit,value", "but the header has 5"},
};

/* A checksum protects from accidents alone: what is behind one is checked, too. */
START_TEST(malformed_cells_with_a_checksum_are_found_and_recomputed) {
    const char *path;
    Record record;
    Error error = {""};
    run("r", ONE);
    const Cell cell = cell_of(ONE, "r", &path);
    char *original = slurp(path), *text = slurp(path);
    *strstr(text, "sha256,") = 0;
    const char *at = strstr(text, malformed[_i].old);
    ck_assert_ptr_nonnull(at);
    spill_with_checksum(path, arena_format(arena, "%.*s%s%s", (int)(at - text), text, malformed[_i].replacement,
                                           at + strlen(malformed[_i].old)));
    record_create(&record, arena);
    ck_assert_int_eq(store_load(in("r"), &cell, &record, &error), STORED_DAMAGED);
    ck_assert_msg(strstr(error.text, malformed[_i].says) && strstr(error.text, path), "%s", error.text);
    ck_assert_uint_eq(run("r", ONE), 1);
    free(text);
    text = slurp(path);
    ck_assert_str_eq(text, original);
    free(text), free(original);
}
END_TEST

START_TEST(truncation_at_any_length_is_found) {
    const char *path;
    run("r", ONE);
    run("whole", ONE);
    cell_of(ONE, "r", &path);
    char *text = slurp(path);
    for (size_t length = 0; length < strlen(text); length += 11) {
        ck_assert_int_eq(truncate(path, (off_t)length), 0);
        ck_assert_uint_eq(run("r", ONE), 1);
    }
    free(text);
    char *a = read_result("r", "variants/fake--model=plain+width=1--seeds=42..42.csv"),
         *b = read_result("whole", "variants/fake--model=plain+width=1--seeds=42..42.csv");
    ck_assert_str_eq(a, b);
    free(a), free(b);
}
END_TEST

/* Whole, with a good checksum, under another cell's name. */
START_TEST(cell_of_other_parameters_is_refused) {
    const char *one, *two;
    run("r", ONE);
    run("r", "--seeds=1 --width=2 --model=plain");
    cell_of(ONE, "r", &one);
    cell_of("--seeds=1 --width=2 --model=plain", "r", &two);
    char *text = slurp(one);
    spill(two, text);
    free(text);
    ck_assert_uint_eq(run("r", "--seeds=1 --width=2 --model=plain"), 1);
}
END_TEST

START_TEST(no_mutant_of_a_cell_passes) {
    enum { MUTANTS = 400 };
    const char *path;
    Mt19937 mt;
    run("r", ONE);
    const Cell cell = cell_of(ONE, "r", &path);
    char *text = slurp(path);
    const size_t size = strlen(text);
    mt19937_seed(&mt, 3);
    for (int i = 0; i < MUTANTS; i++) {
        Arena *own = arena_create(0);
        Record record;
        Error error = {""};
        const size_t at = mt19937_next(&mt) % size;
        const char kept = text[at];
        text[at] = (char)(mt19937_next(&mt) % 256);
        const int same = text[at] == kept;
        ck_assert_int_eq(file_write(path, text, size, &error), 0);
        record_create(&record, own);
        ck_assert_int_eq(store_load(in("r"), &cell, &record, &error), same ? STORED_WHOLE : STORED_DAMAGED);
        text[at] = kept;
        arena_destroy(own);
    }
    free(text);
}
END_TEST

/* ---- merged files against cells ---- */

static const struct {
    const char *name, *old, *replacement;
} edits[] = {{"fake.csv", "level,,,1.0", "level,,,1.5"},
             {"fake.csv", "fake,model=fancy width=3,45,level,,,13.0\n", ""},
             {"fake_summary.csv", "level,,,4,1.0,0.0", "level,,,4,1.1,0.0"},
             {"fake_grid.csv", "rate,0.1", "rate,0.2"},
             {"fake_grid.csv", "seeds,4", "seeds,3"},
             {"fake_grid.csv", "experiment,fake", "experiment,other"},
             {"fake_grid.csv", "paper,fakes", "paper,others"}};

START_TEST(merged_files_must_be_what_the_cells_give) {
    Results results;
    Error error = {""};
    ck_assert_int_eq(results_open(in("r"), fake, arena, &results, &error), 1); /* none yet */
    ck_assert_str_eq(error.text, "");
    run("r", "");
    ck_assert_msg(results_open(in("r"), fake, arena, &results, &error) == 0, "%s", error.text);
    ck_assert_uint_eq(results.grid.n_cells, 24);
    const char *path = arena_format(arena, "%s/r/fakes/%s", directory, edits[_i].name);
    ck_assert(edit_file(path, edits[_i].old, edits[_i].replacement));
    ck_assert_int_eq(results_open(in("r"), fake, arena, &results, &error), -1);
    const char *remedy =
        strcmp(edits[_i].old, "seeds,4") == 0 ? "asks for 4 from 42 on; `scaledown run" : "scaledown merge fake";
    ck_assert_msg(strstr(error.text, "r/fakes/fake") && strstr(error.text, remedy), "%s", error.text);
    run("r", "");
    ck_assert_int_eq(results_open(in("r"), fake, arena, &results, &error), 0);
    ck_assert_int_eq(remove(path), 0);
    ck_assert_int_eq(results_open(in("r"), fake, arena, &results, &error), strstr(path, "_grid") ? 1 : -1);
}
END_TEST

START_TEST(rows_are_found_by_metric_and_x) {
    Results results;
    Error error = {""};
    size_t n;
    run("r", "");
    ck_assert_int_eq(results_open(in("r"), fake, arena, &results, &error), 0);
    for (size_t group = 0; group < 6; group++) {
        ck_assert_uint_eq(results_row(&results, group, "level", NAN), 0);
        ck_assert_uint_eq(results_row(&results, group, "noisy", NAN), 1);
        for (int step = 0; step < 3; step++)
            ck_assert_uint_eq(results_row(&results, group, "curve", step), 2 + (size_t)step);
        ck_assert_uint_eq(results_row(&results, group, "lost", NAN), 5);
        ck_assert_uint_eq(results_row(&results, group, "curve", NAN), SIZE_MAX);
        ck_assert_uint_eq(results_row(&results, group, "curve", 3), SIZE_MAX);
        ck_assert_uint_eq(results_row(&results, group, "curve", 0.5), SIZE_MAX);
        ck_assert_uint_eq(results_row(&results, group, "level", 0), SIZE_MAX);
        ck_assert_uint_eq(results_row(&results, group, "curv", 0), SIZE_MAX);
        const size_t *rows = results_curve(&results, group, "curve", &n);
        ck_assert(n == 3 && rows[0] == 2 && rows[2] == 4);
        results_curve(&results, group, "none", &n);
        ck_assert_uint_eq(n, 0);
    }
    ck_assert_double_eq(results_at(&results, 5, 2, 1)->value, 13 + 0.1 * 0.5);
}
END_TEST

/* x in any order, a metric with and without x. */
static int run_crooked(const Cell *cell, Arena *own, Record *record, Error *error) {
    (void)cell, (void)own, (void)error;
    static const double x[] = {3, -1, 7, 0, 2};
    for (int i = 0; i < 5; i++) record_point(record, "crooked", "x", x[i], x[i] * 2);
    record_metric(record, "crooked", 1);
    for (int i = 0; i < 1000; i++) record_point(record, "straight", "x", i * 0.5, i);
    return 0;
}

START_TEST(curves_in_any_order_are_searched) {
    Method method = fake_method;
    const Method *const list[] = {&method, NULL};
    Results results;
    Run ran;
    Error error = {""};
    method.run = run_crooked;
    catalogue = project_with(directory, list, EXPERIMENTS_HEADER "e,Fig. 1,E,fake,,,2,1,0\n", arena);
    fake = find_experiment(&catalogue, "e");
    ck_assert_int_eq(run_in(fake, "", in("r"), arena, &ran, &error), 0);
    ck_assert_int_eq(results_open(in("r"), fake, arena, &results, &error), 0);
    ck_assert_uint_eq(results_row(&results, 0, "crooked", -1), 1);
    ck_assert_uint_eq(results_row(&results, 0, "crooked", 2), 4);
    ck_assert_uint_eq(results_row(&results, 0, "crooked", NAN), 5);
    ck_assert_uint_eq(results_row(&results, 0, "crooked", 1), SIZE_MAX);
    for (size_t i = 0; i < 1000; i++) ck_assert_uint_eq(results_row(&results, 0, "straight", (double)i * 0.5), 6 + i);
    ck_assert_uint_eq(results_row(&results, 0, "straight", 0.25), SIZE_MAX);
    ck_assert_uint_eq(results_row(&results, 0, "straight", 500), SIZE_MAX);
}
END_TEST

#define COUNT(table) (int)(sizeof(table) / sizeof *(table))

int main(void) {
    Suite *suite = suite_create("store");
    TCase *t = tcase_create("cells and results");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 120);
    tcase_add_test(t, a_cell_is_stored_as_its_header_says);
    tcase_add_test(t, repeated_measurements_are_refused);
    tcase_add_loop_test(t, records_that_break_a_rule_are_not_stored, 0, 7);
    tcase_add_test(t, either_is_the_value_or_diverged);
    tcase_add_test(t, integers_are_no_reals);
    tcase_add_test(t, finished_cells_are_not_run_again);
    tcase_add_test(t, rows_that_were_run_apart_are_merged_as_a_whole);
    tcase_add_test(t, a_run_in_two_experiments_is_computed_once);
    tcase_add_test(t, results_with_other_parameters_have_a_place_of_their_own);
    tcase_add_test(t, summary_has_mean_and_interval);
    tcase_add_test(t, one_diverged_seed_is_told);
    tcase_add_test(t, nan_fails_and_names_cell_and_metric);
    tcase_add_test(t, undeclared_parameters_fail_a_run);
    tcase_add_test(t, unwritable_folder_is_an_error);
    tcase_add_test(t, other_results_than_those_stored_are_refused);
    tcase_add_test(t, seeds_that_measured_different_things_are_refused);
    tcase_add_loop_test(t, damaged_cells_are_found_and_recomputed, 0, COUNT(damage));
    tcase_add_loop_test(t, malformed_cells_with_a_checksum_are_found_and_recomputed, 0, COUNT(malformed));
    tcase_add_test(t, truncation_at_any_length_is_found);
    tcase_add_test(t, cell_of_other_parameters_is_refused);
    tcase_add_test(t, no_mutant_of_a_cell_passes);
    tcase_add_loop_test(t, merged_files_must_be_what_the_cells_give, 0, COUNT(edits));
    tcase_add_test(t, rows_are_found_by_metric_and_x);
    tcase_add_test(t, curves_in_any_order_are_searched);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
