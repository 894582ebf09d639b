/* The study runtime: grids, store, resuming, killing, merging, golden results; and that faults do not pass. */
#include <check.h>
#include <dirent.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "fake_study.h"
#include "study/commands.h"
#include "study/results.h"
#include "suite.h"

static char *directory;

static void setup(void) {
    directory = fresh_directory();
    fake_runs = fake_delay_ms = 0;
    fake_nan_seed = -1;
}

static void teardown(void) {
    remove_tree(directory);
    free(directory);
}

/* `scaledown COMMAND ...` in directory; up to four more words. */
typedef int (*CommandFunction)(const Study *const *, int, char **, Error *);

static int call(CommandFunction command, const char *sub, const char *words, Error *error) {
    char text[1024], *argv[32];
    int argc = 0;
    Error none = {""};
    snprintf(text, sizeof text, "%s", words);
    for (char *word = strtok(text, " "); word; word = strtok(NULL, " ")) argv[argc++] = word;
    char results[256], manifest[256], references[256], report[256];
    snprintf(results, sizeof results, "--results=%s/%s", directory, sub);
    snprintf(manifest, sizeof manifest, "--manifest=%s/manifest.txt", directory);
    snprintf(references, sizeof references, "--references=%s/references", directory);
    snprintf(report, sizeof report, "--report=%s/report", directory);
    argv[argc++] = results;
    if (command == run_command) argv[argc++] = manifest;
    if (command == run_command) argv[argc++] = (char *)"--quiet";
    if (command == claims_command || command == verify_command) argv[argc++] = references;
    if (command == claims_command) argv[argc++] = report;
    return command(fake_studies, argc, argv, error ? error : &none);
}

static char *read_result(const char *sub, const char *name) {
    char path[512];
    snprintf(path, sizeof path, "%s/%s/%s", directory, sub, name);
    return slurp(path);
}

static void assert_same_results(const char *sub, const char *other) {
    static const char *const names[] = {"fake.csv", "fake_summary.csv", "fake_grid.csv"};
    for (int i = 0; i < 3; i++) {
        char *a = read_result(sub, names[i]), *b = read_result(other, names[i]);
        ck_assert_ptr_nonnull(a);
        ck_assert_ptr_nonnull(b);
        ck_assert_str_eq(a, b);
        free(a), free(b);
    }
}

static int is_cell(const char *name) {
    return strlen(name) == 68 && strcmp(name + 64, ".csv") == 0;
}

/* The path of some stored cell, static. */
static const char *any_cell(const char *sub) {
    static char path[1024];
    char folder[512];
    snprintf(folder, sizeof folder, "%s/%s/cells/fake", directory, sub);
    DIR *cells = opendir(folder);
    ck_assert_ptr_nonnull(cells);
    struct dirent *entry;
    while ((entry = readdir(cells)) && !is_cell(entry->d_name)) {
    }
    ck_assert_ptr_nonnull(entry);
    snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
    closedir(cells);
    return path;
}

/* ---- grids ---- */

START_TEST(grid_is_the_product_with_seeds_innermost) {
    Arena *arena = arena_create(0);
    Grid grid;
    Error error;
    GridRequest request = {.first_seed = -1};
    ck_assert_int_eq(study_check(&fake_study, &error), 0);
    ck_assert_int_eq(grid_make(&fake_study, &request, arena, &grid, &error), 0);
    ck_assert_uint_eq(grid.n_cells, 24);
    ck_assert_str_eq(grid.cells[0].text, "model=plain width=1 rate=0.1 seed=42");
    ck_assert_str_eq(grid.cells[5].text, "model=plain width=2 rate=0.1 seed=43");
    ck_assert_str_eq(grid.cells[23].label, "model=fancy width=3");
    arena_destroy(arena);
}
END_TEST

START_TEST(overrides_are_canonical_and_labelled) {
    Arena *arena = arena_create(0);
    Grid grid;
    Error error;
    const char *values[] = {"other", "+7", "1e-1,0.50"};
    GridRequest request = {.values = values, .seeds = 1, .first_seed = 7};
    values[1] = "7";
    ck_assert_int_eq(grid_make(&fake_study, &request, arena, &grid, &error), 0);
    ck_assert_uint_eq(grid.n_cells, 2);
    ck_assert_str_eq(grid.cells[1].text, "model=other width=7 rate=0.5 seed=7");
    ck_assert_str_eq(grid.cells[1].label, "model=other width=7 rate=0.5");
    arena_destroy(arena);
}
END_TEST

static const Panel panels[] = {{"Fig. 5a", "model=plain width=1,2,3", "model=plain width=1"},
                               {"Fig. 5b", "model=plain rate=0.5 width=2,3", NULL},
                               {"Fig. 5c", "model=fancy rate=0.5 width=7", NULL},
                               {NULL, NULL, NULL}};

/* The labels of the groups, joined by ";". */
static const char *panel_labels(GridRequest request, Arena *arena) {
    Grid grid;
    Error error = {""};
    Study study = fake_study;
    const char *text = "";
    study.panels = panels;
    request.first_seed = -1, request.seeds = 2;
    if (study_check(&study, &error) || grid_make(&study, &request, arena, &grid, &error))
        return arena_copy_text(arena, error.text);
    ck_assert_uint_eq(grid.n_cells, 2 * grid.n_groups);
    for (size_t i = 0; i < grid.n_cells; i++) ck_assert_uint_eq(grid.cells[i].index, i);
    for (size_t g = 0; g < grid.n_groups; g++) text = arena_format(arena, "%s%s;", text, grid.cells[2 * g].label);
    return text;
}

START_TEST(panels_are_grids_one_after_the_other) {
    Arena *arena = arena_create(0);
    ck_assert_str_eq(panel_labels((GridRequest){.size = SIZE_PAPER}, arena),
                     "model=plain width=1 rate=0.1;model=plain width=2 rate=0.1;model=plain width=3 rate=0.1;"
                     "model=plain width=2 rate=0.5;model=plain width=3 rate=0.5;model=fancy width=7 rate=0.5;");
    ck_assert_str_eq(panel_labels((GridRequest){.size = SIZE_SMOKE}, arena),
                     "model=plain width=1 rate=0.1;model=plain width=2 rate=0.5;model=plain width=3 rate=0.5;"
                     "model=fancy width=7 rate=0.5;");
    const char *numbers[] = {NULL, "9,2", "0.3"}; /* two panels become the same: each cell once */
    ck_assert_str_eq(panel_labels((GridRequest){.values = numbers}, arena),
                     "model=plain width=9 rate=0.3;model=plain width=2 rate=0.3;"
                     "model=fancy width=9 rate=0.3;model=fancy width=2 rate=0.3;");
    const char *choices[] = {"fancy,other", NULL, NULL}; /* choices narrow */
    ck_assert_str_eq(panel_labels((GridRequest){.values = choices}, arena), "model=fancy width=7 rate=0.5;");
    const char *none[] = {"other", NULL, NULL};
    ck_assert_ptr_nonnull(strstr(panel_labels((GridRequest){.values = none}, arena), "none of its panels"));
    arena_destroy(arena);
}
END_TEST

START_TEST(panels_come_back_from_the_grid_file) {
    Arena *arena = arena_create(0);
    Grid grid, again;
    Error error = {""};
    Study study = fake_study;
    study.panels = panels;
    const char *values[] = {"plain", "5,6", NULL};
    for (int given = 0; given < 2; given++) {
        GridRequest request = {.values = given ? values : NULL, .first_seed = 3};
        ck_assert_int_eq(grid_make(&study, &request, arena, &grid, &error), 0);
        const char *path = arena_format(arena, "%s/fake_grid.csv", directory);
        spill(path, grid_text(&grid, arena));
        ck_assert_msg(grid_read(&study, path, arena, &again, &error) == 0, "%s", error.text);
        ck_assert_uint_eq(again.n_cells, grid.n_cells);
        for (size_t i = 0; i < grid.n_cells; i++) ck_assert_str_eq(grid.cells[i].text, again.cells[i].text);
        ck_assert_str_eq(grid_text(&grid, arena), grid_text(&again, arena));
    }
    arena_destroy(arena);
}
END_TEST

START_TEST(malformed_panels_are_refused) {
    static const char *const words[] = {"modle=plain", "model", "model=", "width=1,0", "width=1,1", "model=plain =2"};
    Study study = fake_study;
    Panel one[] = {{"Fig. 1", words[_i], NULL}, {NULL, NULL, NULL}};
    Error error = {""};
    study.panels = one;
    ck_assert_int_ne(study_check(&study, &error), 0);
    ck_assert_str_ne(error.text, "");
}
END_TEST

/* What the tiny size sets beyond the published panel must come back as well. */
START_TEST(tiny_panels_come_back_from_the_grid_file) {
    static const Panel tiny[] = {{"Fig. 5a", "width=1,2", "width=1 rate=0.5"}, {NULL, NULL, NULL}};
    Arena *arena = arena_create(0);
    Grid grid, again;
    Error error = {""};
    Study study = fake_study;
    study.panels = tiny;
    GridRequest request = {.size = SIZE_SMOKE, .first_seed = -1};
    ck_assert_int_eq(grid_make(&study, &request, arena, &grid, &error), 0);
    ck_assert_str_eq(grid.cells[0].text, "model=plain width=1 rate=0.5 seed=42");
    const char *path = arena_format(arena, "%s/fake_grid.csv", directory);
    spill(path, grid_text(&grid, arena));
    ck_assert_msg(grid_read(&study, path, arena, &again, &error) == 0, "%s", error.text);
    ck_assert_str_eq(grid.cells[0].text, again.cells[0].text);
    ck_assert_ptr_nonnull(strstr(grid_text(&grid, arena), "rate,panels\n"));
    arena_destroy(arena);
}
END_TEST

START_TEST(taken_parameter_names_are_refused) {
    static const char *const names[] = {"seeds", "size", "study", "seed", "threads", "Width", ""};
    const Parameter parameters[] = {{names[_i], PARAMETER_INTEGER, "1", NULL, 0, 9, NULL, "a factor"},
                                    {NULL, PARAMETER_REAL, NULL, NULL, 0, 0, NULL, NULL}};
    Study study = fake_study;
    Error error = {""};
    study.parameters = parameters, study.claims = NULL;
    ck_assert_int_ne(study_check(&study, &error), 0);
    ck_assert_ptr_nonnull(strstr(error.text, "parameter name"));
}
END_TEST

static const struct {
    const char *words, *names;
} bad_usage[] = {
    {"fake --model fancie", "fancy"},
    {"fake --width 0", "--width"},
    {"fake --width 99999999999999999999", "--width"},
    {"fake --width 1.5", "--width"},
    {"fake --width 1,,2", "--width"},
    {"fake --width 1,1", "twice"},
    {"fake --rate nan", "--rate"},
    {"fake --rate 0x1p-3", "--rate"},
    {"fake --rate 2", "from 0 to 1"},
    {"fake --wdith 3", "width"},
    {"fake --seeds 0", "--seeds"},
    {"fake --seeds 2 --first-seed 4294967295", "4294967295"},
    {"fake --threads 0", "--threads"},
    {"fake --size big", "--size"},
    {"fake twice", "twice"},
    {"fkae", "fake"},
    {"all --width 3", "width"},
};

START_TEST(bad_usage_is_named_and_leaves_nothing) {
    Error error = {""};
    ck_assert_int_eq(call(run_command, "r", bad_usage[_i].words, &error), EXIT_USAGE);
    ck_assert_ptr_nonnull(strstr(error.text, bad_usage[_i].names));
    char path[512];
    snprintf(path, sizeof path, "%s/r", directory);
    ck_assert_int_ne(access(path, F_OK), 0);
}
END_TEST

/* ---- running ---- */

START_TEST(results_do_not_depend_on_threads) {
    ck_assert_int_eq(call(run_command, "one", "fake --threads 1", NULL), 0);
    ck_assert_int_eq(fake_runs, 24);
    ck_assert_int_eq(call(run_command, "two", "fake --threads 2", NULL), 0);
    ck_assert_int_eq(call(run_command, "many", "all --threads 64", NULL), 0);
    assert_same_results("one", "two");
    assert_same_results("one", "many");
}
END_TEST

START_TEST(finished_cells_are_not_run_again) {
    ck_assert_int_eq(call(run_command, "r", "fake --width 2 --seeds 3", NULL), 0);
    ck_assert_int_eq(fake_runs, 6);
    ck_assert_int_eq(call(run_command, "r", "fake", NULL), 0);
    ck_assert_int_eq(fake_runs, 24);
    ck_assert_int_eq(call(run_command, "r", "fake --fresh", NULL), 0);
    ck_assert_int_eq(fake_runs, 48);
    ck_assert_int_eq(call(run_command, "whole", "fake", NULL), 0);
    assert_same_results("r", "whole");
}
END_TEST

START_TEST(summary_has_mean_and_interval) {
    ck_assert_int_eq(call(run_command, "r", "fake", NULL), 0);
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
}
END_TEST

START_TEST(nan_fails_and_names_cell_and_metric) {
    Error error = {""};
    fake_nan_seed = 44;
    ck_assert_int_eq(call(run_command, "r", "fake --width 2 --model fancy", &error), 1);
    ck_assert_ptr_nonnull(strstr(error.text, "model=fancy width=2 rate=0.1 seed=44"));
    ck_assert_ptr_nonnull(strstr(error.text, "metric level is NaN"));
    ck_assert_ptr_null(read_result("r", "fake.csv"));
    fake_nan_seed = -1;
    fake_runs = 0;
    ck_assert_int_eq(call(run_command, "r", "fake --width 2 --model fancy", NULL), 0);
    ck_assert_int_eq(fake_runs, 1);
}
END_TEST

START_TEST(repeated_measurements_are_refused) {
    Arena *arena = arena_create(0);
    Grid grid;
    Record record;
    Error error = {""};
    GridRequest request = {.first_seed = -1};
    ck_assert_int_eq(grid_make(&fake_study, &request, arena, &grid, &error), 0);
    for (int repeated = 0; repeated < 3; repeated++) {
        record_create(&record, arena);
        record_metric(&record, "level", 1);
        record_point(&record, "curve", "step", 0, 1);
        record_point(&record, "curve", "step", repeated == 1 ? 0 : 1, 1);
        record_metric(&record, repeated == 2 ? "level" : "other", 2);
        ck_assert_int_eq(store_save(directory, &grid.cells[0], &record, &error), repeated ? -1 : 0);
    }
    ck_assert_ptr_nonnull(strstr(error.text, "metric level is recorded twice"));
    arena_destroy(arena);
}
END_TEST

START_TEST(unwritable_folder_is_an_error) {
    Error error = {""};
    char path[512];
    snprintf(path, sizeof path, "%s/r", directory);
    spill(path, "a file where a folder should be\n");
    ck_assert_int_eq(call(run_command, "r", "fake", &error), 1);
    ck_assert_ptr_nonnull(strstr(error.text, path));
}
END_TEST

/* ---- damage ---- */

static const struct {
    const char *old, *replacement;
} damage[] = {
    {"metric,x_name,x,value\nlevel,,,1", "metric,x_name,x,value\nlevel,,,9"}, /* a wrong value */
    {"lost,,,diverged\n", ""},                                                /* a lost row */
    {"sha256,", "sha256;"},                                                   /* no checksum line */
    {"study,fake", "study,fame"},
};

START_TEST(damaged_cells_are_found_and_recomputed) {
    ck_assert_int_eq(call(run_command, "r", "fake", NULL), 0);
    ck_assert_int_eq(call(run_command, "whole", "fake", NULL), 0);
    int before = fake_runs;
    const char *cell = any_cell("r");
    ck_assert(edit_file(cell, damage[_i].old, damage[_i].replacement) || edit_file(cell, "level,,,", "level,,,7"));
    Error error = {""};
    ck_assert_int_eq(call(claims_command, "r", "", &error), 1);
    ck_assert_int_eq(call(run_command, "r", "fake", NULL), 0);
    ck_assert_int_eq(fake_runs, before + 1);
    assert_same_results("r", "whole");
}
END_TEST

START_TEST(truncation_at_any_length_is_found) {
    ck_assert_int_eq(call(run_command, "r", "fake --seeds 1 --width 1 --model plain", NULL), 0);
    ck_assert_int_eq(call(run_command, "whole", "fake --seeds 1 --width 1 --model plain", NULL), 0);
    const char *cell = any_cell("r");
    char *text = slurp(cell);
    for (size_t length = 0; length < strlen(text); length += 11) {
        ck_assert_int_eq(truncate(cell, (off_t)length), 0);
        int before = fake_runs;
        ck_assert_int_eq(call(run_command, "r", "fake --seeds 1 --width 1 --model plain", NULL), 0);
        ck_assert_int_eq(fake_runs, before + 1);
    }
    free(text);
    assert_same_results("r", "whole");
}
END_TEST

START_TEST(cell_of_other_parameters_is_refused) {
    ck_assert_int_eq(call(run_command, "r", "fake --seeds 1 --width 1 --model plain", NULL), 0);
    char *text = slurp(any_cell("r"));
    ck_assert_int_eq(call(run_command, "s", "fake --seeds 1 --width 2 --model plain", NULL), 0);
    spill(any_cell("s"), text); /* whole, with a good checksum, under another cell's name */
    free(text);
    int before = fake_runs;
    ck_assert_int_eq(call(run_command, "s", "fake --seeds 1 --width 2 --model plain", NULL), 0);
    ck_assert_int_eq(fake_runs, before + 1);
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

/* ---- interruption ---- */

static pid_t start_run(const char *sub, int delay_ms) {
    fflush(NULL);
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        fake_delay_ms = delay_ms;
        _exit(call(run_command, sub, "fake --threads 2", NULL));
    }
    return child;
}

static void sleep_ms(long ms) {
    struct timespec pause = {ms / 1000, ms % 1000 * 1000000L};
    nanosleep(&pause, NULL);
}

static int stored_cells(const char *sub) {
    char folder[512];
    int count = 0;
    snprintf(folder, sizeof folder, "%s/%s/cells/fake", directory, sub);
    DIR *cells = opendir(folder);
    struct dirent *entry;
    while (cells && (entry = readdir(cells))) count += is_cell(entry->d_name);
    if (cells) closedir(cells);
    return count;
}

/* Until that many cells are stored; not longer than 20 seconds. */
static void wait_for_cells(const char *sub, int count) {
    for (int ms = 0; ms < 20000 && stored_cells(sub) < count; ms++) sleep_ms(1);
}

START_TEST(killed_run_goes_on_to_the_same_bytes) {
    int status;
    ck_assert_int_eq(call(run_command, "whole", "fake --threads 1", NULL), 0);
    pid_t child = start_run("r", 20);
    wait_for_cells("r", 3 * _i); /* 0: at the very start */
    kill(child, SIGKILL);
    waitpid(child, &status, 0);
    ck_assert(WIFSIGNALED(status));
    int before = fake_runs, kept = stored_cells("r");
    ck_assert_int_ge(kept, 3 * _i);
    ck_assert_int_eq(call(run_command, "r", "fake --threads 1", NULL), 0);
    ck_assert_int_eq(fake_runs - before, 24 - kept);
    assert_same_results("r", "whole");
}
END_TEST

START_TEST(signal_stops_cleanly) {
    int status;
    pid_t child = start_run("r", 20);
    wait_for_cells("r", 1);
    kill(child, SIGTERM);
    waitpid(child, &status, 0);
    ck_assert(WIFEXITED(status));
    ck_assert_int_eq(WEXITSTATUS(status), EXIT_INTERRUPTED);
    ck_assert_ptr_null(read_result("r", "fake.csv"));
    int before = fake_runs;
    ck_assert_int_eq(call(run_command, "r", "fake", NULL), 0);
    ck_assert_int_lt(fake_runs - before, 24);
}
END_TEST

/* ---- golden ---- */

static void golden_path(char *path, size_t size, const char *name) {
    snprintf(path, size, "%s/references/golden/%s", directory, name);
}

START_TEST(verify_names_the_first_difference) {
    Error error = {""};
    char path[512];
    ck_assert_int_eq(call(run_command, "r", "fake", NULL), 0);
    ck_assert_int_eq(call(verify_command, "r", "", &error), 1); /* nothing golden yet */
    ck_assert_int_eq(call(verify_command, "r", "--update", NULL), 0);
    ck_assert_int_eq(call(verify_command, "r", "", NULL), 0);
    snprintf(path, sizeof path, "%s/r/fake.csv", directory);
    ck_assert(edit_file(path, "fake,model=plain width=2,43,level,,,2.0", "fake,model=plain width=2,43,level,,,2.5"));
    ck_assert_int_eq(call(verify_command, "r", "", &error), 1);
    ck_assert_ptr_nonnull(strstr(error.text, "cell \"model=plain width=2\", seed 43, metric level"));
    ck_assert_ptr_nonnull(strstr(error.text, "golden 2.0, ours 2.5"));
    ck_assert_int_eq(call(verify_command, "r", "--update", &error), 1); /* cells do not bear it out */
    ck_assert_int_eq(call(claims_command, "r", "", &error), 1);
}
END_TEST

static const struct {
    const char *name, *old, *replacement;
} golden_damage[] = {{"fake.csv", "level,,,1.0", "level,,,1.5"},
                     {"fake.csv", "fake,model=fancy width=3,45", ""},
                     {"SHA256SUMS", "fake.csv", "fame.csv"},
                     {"SHA256SUMS", "  fake_grid", " fake_grid"},
                     {"SHA256SUMS", "a", "g"}};

START_TEST(tiny_results_do_not_become_golden) {
    Error error = {""};
    ck_assert_int_eq(call(run_command, "r", "fake --size smoke", NULL), 0);
    ck_assert_int_eq(call(verify_command, "r", "--update", &error), 1);
    ck_assert_ptr_nonnull(strstr(error.text, "smoke size"));
    char path[512];
    golden_path(path, sizeof path, "fake.csv");
    ck_assert_int_ne(access(path, F_OK), 0);
}
END_TEST

START_TEST(altered_golden_is_found) {
    Error error = {""};
    char path[512];
    ck_assert_int_eq(call(run_command, "r", "fake", NULL), 0);
    ck_assert_int_eq(call(verify_command, "r", "--update", NULL), 0);
    golden_path(path, sizeof path, golden_damage[_i].name);
    ck_assert(edit_file(path, golden_damage[_i].old, golden_damage[_i].replacement));
    ck_assert_int_eq(call(verify_command, "r", "", &error), 1);
    ck_assert_ptr_nonnull(strstr(error.text, "golden"));
}
END_TEST

static Suite *suite(void) {
    Suite *s = suite_create("study");
    TCase *t = tcase_create("runtime");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 120);
    tcase_add_test(t, grid_is_the_product_with_seeds_innermost);
    tcase_add_test(t, overrides_are_canonical_and_labelled);
    tcase_add_test(t, panels_are_grids_one_after_the_other);
    tcase_add_test(t, panels_come_back_from_the_grid_file);
    tcase_add_test(t, tiny_panels_come_back_from_the_grid_file);
    tcase_add_loop_test(t, malformed_panels_are_refused, 0, 6);
    tcase_add_loop_test(t, taken_parameter_names_are_refused, 0, 7);
    tcase_add_loop_test(t, bad_usage_is_named_and_leaves_nothing, 0, (int)(sizeof bad_usage / sizeof *bad_usage));
    tcase_add_test(t, results_do_not_depend_on_threads);
    tcase_add_test(t, finished_cells_are_not_run_again);
    tcase_add_test(t, summary_has_mean_and_interval);
    tcase_add_test(t, nan_fails_and_names_cell_and_metric);
    tcase_add_test(t, repeated_measurements_are_refused);
    tcase_add_test(t, unwritable_folder_is_an_error);
    tcase_add_loop_test(t, damaged_cells_are_found_and_recomputed, 0, (int)(sizeof damage / sizeof *damage));
    tcase_add_test(t, truncation_at_any_length_is_found);
    tcase_add_test(t, cell_of_other_parameters_is_refused);
    tcase_add_test(t, integers_are_no_reals);
    tcase_add_loop_test(t, killed_run_goes_on_to_the_same_bytes, 0, 4);
    tcase_add_test(t, signal_stops_cleanly);
    tcase_add_test(t, verify_names_the_first_difference);
    tcase_add_test(t, tiny_results_do_not_become_golden);
    tcase_add_loop_test(t, altered_golden_is_found, 0, (int)(sizeof golden_damage / sizeof *golden_damage));
    suite_add_tcase(s, t);
    return s;
}

int main(void) {
    return run_suite(suite());
}
