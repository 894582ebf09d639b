/* From tables and the command line to cells: products, labels, what a parameter is named for, where results go. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "experiment_runs.h"
#include "fake_project.h"
#include "suite.h"

static Arena *arena;
static char *directory;
static Catalogue catalogue;

static void setup(void) {
    arena = arena_create(0);
    directory = fresh_directory();
    fake_reset();
    catalogue = fake_project(directory, arena);
}

static void teardown(void) {
    remove_tree(directory);
    free(directory);
    arena_destroy(arena);
}

static Grid make(const Experiment *experiment, const char *options) {
    Grid grid;
    Error error = {""};
    ck_assert_msg(grid_of(experiment, options, arena, &grid, &error) == 0, "%s", error.text);
    return grid;
}

static Grid grid_named(const char *name, const char *options) {
    return make(find_experiment(&catalogue, name), options);
}

/* The labels of the groups, each with ";" behind it; or the error. */
static const char *labels(const Experiment *experiment, const char *options) {
    Grid grid;
    Error error = {""};
    Text text = text_create(arena);
    if (grid_of(experiment, options, arena, &grid, &error)) return arena_copy_text(arena, error.text);
    ck_assert_uint_eq(grid.n_cells, grid.n_seeds * grid.n_groups);
    for (size_t i = 0; i < grid.n_cells; i++) {
        ck_assert_uint_eq(grid.cells[i].index, i);
        ck_assert_uint_eq(grid.cells[i].seed, grid.first_seed + i % grid.n_seeds);
        ck_assert_str_eq(grid.cells[i].label, grid.cells[i - i % grid.n_seeds].label);
    }
    for (size_t g = 0; g < grid.n_groups; g++) text_format(&text, "%s;", grid.cells[g * grid.n_seeds].label);
    return text.data;
}

static const char *labels_of(const char *name, const char *options) {
    return labels(find_experiment(&catalogue, name), options);
}

/* ---- products ---- */

START_TEST(grid_is_the_product_with_seeds_innermost) {
    const Grid grid = grid_named("fake", "");
    ck_assert_uint_eq(grid.n_cells, 24);
    ck_assert_str_eq(grid.cells[0].text, "model=plain width=1 rate=0.1 seed=42");
    ck_assert_str_eq(grid.cells[5].text, "model=plain width=2 rate=0.1 seed=43");
    ck_assert_str_eq(grid.cells[23].text, "model=fancy width=3 rate=0.1 seed=45");
    ck_assert_str_eq(grid.cells[23].label, "model=fancy width=3");
    ck_assert_str_eq(axis_text(&grid.lists[0], arena), "plain,fancy");
    ck_assert_str_eq(axis_text(&grid.lists[1], arena), "1,2,3");
    ck_assert_str_eq(axis_text(&grid.lists[2], arena), "0.1");
}
END_TEST

START_TEST(what_is_given_is_canonical_and_labelled) {
    const Grid grid = grid_named("fake", "--model=fancy --width=+7 --rate=1e-1,0.50 --seeds=1 --first-seed=7");
    ck_assert_uint_eq(grid.n_cells, 2);
    ck_assert_str_eq(grid.cells[1].text, "model=fancy width=7 rate=0.5 seed=7");
    ck_assert_str_eq(grid.cells[1].label, "model=fancy width=7 rate=0.5");
    ck_assert_str_eq(grid.given, "model=fancy width=7 rate=0.1,0.5");
}
END_TEST

START_TEST(rows_are_grids_one_after_the_other) {
    ck_assert_str_eq(labels_of("panels", ""),
                     "model=plain width=1 rate=0.1;model=plain width=2 rate=0.1;model=plain width=3 rate=0.1;"
                     "model=plain width=2 rate=0.5;model=plain width=3 rate=0.5;model=fancy width=7 rate=0.5;");
    ck_assert_str_eq(labels_of("panels", "--size=smoke"),
                     "model=plain width=1 rate=0.1;model=plain width=2 rate=0.5;model=plain width=3 rate=0.5;"
                     "model=fancy width=7 rate=0.5;");
    /* two rows become the same: each cell once */
    ck_assert_str_eq(labels_of("panels", "--width=9,2 --rate=0.3"),
                     "model=plain width=9 rate=0.3;model=plain width=2 rate=0.3;"
                     "model=fancy width=9 rate=0.3;model=fancy width=2 rate=0.3;");
    /* choices narrow those that a row sets */
    ck_assert_str_eq(labels_of("panels", "--model=fancy,other"), "model=fancy width=7 rate=0.5;");
    ck_assert_ptr_nonnull(strstr(labels_of("panels", "--model=other"), "panels: none of its rows has these choices"));
    /* and replace one that it does not set */
    const Catalogue open =
        project_with(directory, fake_methods, EXPERIMENTS_HEADER "open,Fig. 1,Open,fake,width=2,,1,1,0\n", arena);
    ck_assert_str_eq(labels(&open.papers[0].experiments[0], "--model=other,fancy"), "model=other;model=fancy;");
}
END_TEST

/* A run of some rows has their cells as the whole has them: parts of one experiment can be merged. */
START_TEST(rows_can_be_chosen) {
    const Grid whole = grid_named("panels", ""), first = grid_named("panels", "--rows=1"),
               rest = grid_named("panels", "--rows=2,3");
    ck_assert_uint_eq(first.n_cells + rest.n_cells, whole.n_cells);
    for (size_t i = 0; i < whole.n_cells; i++) {
        const Cell *part = i < first.n_cells ? &first.cells[i] : &rest.cells[i - first.n_cells];
        ck_assert_str_eq(part->text, whole.cells[i].text);
        ck_assert_str_eq(part->label, whole.cells[i].label);
    }
    ck_assert(first.rows[0] && !first.rows[1] && !first.rows[2] && whole.rows[2]);
    ck_assert(grid_is_own(&first) && !grid_is_whole(&first) && grid_is_whole(&whole));
    /* a row that the choices leave nothing is not among the grid's */
    const Grid fancy = grid_named("panels", "--model=fancy");
    ck_assert(!fancy.rows[0] && !fancy.rows[1] && fancy.rows[2]);
}
END_TEST

static const struct {
    const char *options, *says[3];
} bad_values[] = {
    {"--model=fancie", {"option --model", "nearest: fancy", "plain,fancy,other"}},
    {"--width=0", {"option --width", "\"0\"", "from 1 to 1000"}},
    {"--width=99999999999999999999", {"option --width", "from 1 to 1000"}},
    {"--width=1.5", {"option --width", "not an integer"}},
    {"--width=1,,2", {"option --width", "\"\""}},
    {"--width=", {"option --width", "\"\""}},
    {"--width=1,1", {"option --width", "given twice"}},
    {"--rate=0.5,5e-1", {"option --rate", "given twice"}},
    {"--rate=nan", {"option --rate", "not a number"}},
    {"--rate=0x1p-3", {"option --rate", "not a number"}},
    {"--rate=2", {"option --rate", "from 0 to 1"}},
    {"--seeds=2 --first-seed=4294967295", {"4294967295"}},
    {"--seeds=1000001", {"1000000 cells"}},
    {"--seeds=200000", {"more than 1000000 cells"}},
};

START_TEST(bad_values_are_named) {
    Grid grid;
    Error error = {""};
    ck_assert_int_eq(grid_of(find_experiment(&catalogue, "fake"), bad_values[_i].options, arena, &grid, &error), -1);
    for (int i = 0; i < 3 && bad_values[_i].says[i]; i++)
        ck_assert_msg(strstr(error.text, bad_values[_i].says[i]) != NULL, "\"%s\" does not say %s", error.text,
                      bad_values[_i].says[i]);
}
END_TEST

START_TEST(the_last_seed_there_is_can_be_run) {
    const Grid grid = grid_named("fake", "--seeds=1 --first-seed=4294967295");
    ck_assert_str_eq(grid.cells[0].text, "model=plain width=1 rate=0.1 seed=4294967295");
}
END_TEST

/* ---- what a label names ---- */

START_TEST(given_values_that_are_the_own_ones_change_nothing) {
    const Grid own = grid_named("fake", ""), same = grid_named("fake", "--rate=1e-1 --width=1,2,3 --model=plain,fancy");
    ck_assert_str_eq(same.given, "");
    ck_assert(grid_is_whole(&same));
    for (size_t i = 0; i < own.n_cells; i++) ck_assert_str_eq(own.cells[i].label, same.cells[i].label);
    const Grid other = grid_named("fake", "--rate=0.2 --model=plain,fancy");
    ck_assert_str_eq(other.given, "rate=0.2");
    ck_assert_str_eq(other.cells[0].label, "model=plain width=1 rate=0.2");
    /* of the tiny size those are others */
    ck_assert_str_eq(grid_named("shared", "--size=smoke --width=2").given, "");
    ck_assert_str_eq(grid_named("shared", "--width=2").given, "width=2");
    /* a list that only some rows have is given */
    ck_assert_str_eq(grid_named("panels", "--rate=0.5").given, "rate=0.5");
}
END_TEST

START_TEST(without_anything_varied_the_label_is_default) {
    catalogue = project_with(directory, fake_methods,
                             EXPERIMENTS_HEADER "one,Fig. 1,One,fake,width=5 rate=0.5,,1,1,0\n"
                                                "tiny,Fig. 2,Tiny,fake,,\"width=1,2\",1,1,0\n",
                             arena);
    ck_assert_str_eq(labels_of("one", ""), "default;");
    ck_assert_str_eq(labels_of("one", "--seeds=3"), "default;");
    ck_assert_str_eq(labels_of("one", "--width=5"), "default;");
    ck_assert_str_eq(labels_of("one", "--width=6"), "width=6;");
    /* labels of both sizes name the same parameters */
    ck_assert_str_eq(labels_of("tiny", "--size=smoke"), "width=1;width=2;");
}
END_TEST

/* What one experiment varies is no matter of another. */
START_TEST(a_new_experiment_renames_nothing) {
    const Grid before = grid_named("fake", "");
    const char *table =
        arena_format(arena, "%sother,Fig. 9,Other,fake,\"rate=0.1,0.2,0.3\",,1,1,0\n", fake_experiments);
    const Catalogue larger = project_with(directory, fake_methods, table, arena);
    ck_assert_uint_eq(larger.papers[0].n_experiments, 4);
    const Grid after = make(find_experiment(&larger, "fake"), "");
    ck_assert_uint_eq(after.n_cells, before.n_cells);
    for (size_t i = 0; i < before.n_cells; i++) {
        char a[SHA256_HEX], b[SHA256_HEX];
        Error error = {""};
        ck_assert_str_eq(before.cells[i].label, after.cells[i].label);
        ck_assert_int_eq(store_key(&before.cells[i], a, &error) | store_key(&after.cells[i], b, &error), 0);
        ck_assert_str_eq(a, b);
    }
}
END_TEST

/* ---- parameters that have a meaning in some cells only ---- */

static const Parameter layered[] = {{"model", PARAMETER_CHOICE, "mlp", 0, 0, "logistic,mlp,cnn", "the network", NULL},
                                    {"hidden", PARAMETER_INTEGER, "100", 1, 1000, NULL, "width", "model=mlp"},
                                    {"depth", PARAMETER_INTEGER, "2", 1, 9, NULL, "layers", "model=mlp,cnn"},
                                    {"rate", PARAMETER_REAL, "0.1", 0, 1, NULL, "always", NULL},
                                    {NULL, PARAMETER_REAL, NULL, 0, 0, NULL, NULL, NULL}};

START_TEST(a_parameter_without_a_meaning_is_not_varied) {
    const Method method = {.name = "layers", .title = "Layers", .parameters = layered, .run = fake_method.run};
    const Method *const list[] = {&method, NULL};
    catalogue =
        project_with(directory, list,
                     EXPERIMENTS_HEADER "models,Fig. 1,Models,layers,\"model=logistic,mlp,cnn\",,1,1,0\n"
                                        "widths,Fig. 2,Widths,layers,\"model=logistic,mlp hidden=10,20\",,1,1,0\n"
                                        "flat,Fig. 3,Flat,layers,\"model=logistic hidden=10,20,30\",,2,1,0\n",
                     arena);
    ck_assert_str_eq(labels_of("models", ""), "model=logistic;model=mlp;model=cnn;");
    ck_assert_str_eq(labels_of("models", "--hidden=10,20 --depth=3"),
                     "model=logistic;model=mlp hidden=10 depth=3;model=mlp hidden=20 depth=3;model=cnn depth=3;");
    ck_assert_str_eq(labels_of("widths", ""), "model=logistic;model=mlp hidden=10;model=mlp hidden=20;");
    /* elsewhere it stays at its default, so that the cell is the same whatever was asked for */
    const Grid plain = grid_named("models", "--model=logistic"),
               varied = grid_named("models", "--hidden=10,20 --depth=3");
    ck_assert_str_eq(varied.cells[0].text, "model=logistic hidden=100 depth=2 rate=0.1 seed=0");
    ck_assert_str_eq(plain.cells[0].text, varied.cells[0].text);
    ck_assert_str_eq(varied.cells[3].text, "model=cnn hidden=100 depth=3 rate=0.1 seed=0");
    ck_assert_uint_eq(grid_named("flat", "").n_cells, 2);
    ck_assert_str_eq(labels_of("flat", "--rate=0.2"), "rate=0.2;");
}
END_TEST

START_TEST(logistic_regression_is_not_run_again_for_each_width) {
    catalogue = real_project(arena);
    const Grid grid = grid_named("classification", "--hidden=10,20,30 --features=original --seeds=1");
    ck_assert_uint_eq(grid.n_cells, 1 + 3 + 1 + 1);
    ck_assert_str_eq(grid.cells[0].label, "model=logistic features=original");
    ck_assert_str_eq(grid.cells[1].label, "model=mlp features=original hidden=10");
    ck_assert_str_eq(grid.cells[4].label, "model=cnn features=original");
}
END_TEST

/* ---- the grid as a file ---- */

static void check_round_trip(const Experiment *experiment, const char *options) {
    const Grid grid = make(experiment, options);
    Grid again;
    Error error = {""};
    Text text = text_create(arena), second = text_create(arena);
    const char *path = arena_format(arena, "%s/grid.csv", directory);
    grid_text(&grid, &text);
    spill(path, text.data);
    ck_assert_msg(grid_read(experiment, path, arena, &again, &error) == 0, "%s", error.text);
    ck_assert_uint_eq(again.n_cells, grid.n_cells);
    for (size_t i = 0; i < grid.n_cells; i++) {
        ck_assert_str_eq(grid.cells[i].text, again.cells[i].text);
        ck_assert_str_eq(grid.cells[i].label, again.cells[i].label);
    }
    grid_text(&again, &second);
    ck_assert_str_eq(text.data, second.data);
}

START_TEST(own_grids_come_back_from_their_files) {
    check_round_trip(find_experiment(&catalogue, "fake"), "");
    check_round_trip(find_experiment(&catalogue, "fake"), "--seeds=9");
    check_round_trip(find_experiment(&catalogue, "panels"), "");
    check_round_trip(find_experiment(&catalogue, "panels"), "--rows=2");
    check_round_trip(find_experiment(&catalogue, "panels"), "--rows=1,3");
    const Catalogue real = real_project(arena);
    for (size_t e = 0; e < real.papers[0].n_experiments; e++) check_round_trip(&real.papers[0].experiments[e], "");
}
END_TEST

START_TEST(a_grid_file_says_what_was_run) {
    const Grid grid = grid_named("panels", "--rows=1,3 --width=2,9 --seeds=3");
    Text text = text_create(arena);
    grid_text(&grid, &text);
    ck_assert_str_eq(text.data, "name,value\npaper,fakes\nexperiment,panels\nsize,paper\nseeds,3\nfirst-seed,42\n"
                                "rows,\"1,3\"\ngiven,\"width=2,9\"\nmodel,\"plain,fancy\"\nwidth,\"2,9\"\n"
                                "rate,\"0.1,0.5\"\n");
}
END_TEST

static const struct {
    const char *old, *replacement, *says;
} grid_faults[] = {{"size,paper", "size,smoke", "size \"smoke\""},
                   {"size,paper\n", "", "no row \"size\""},
                   {"given,\n", "given,width=2\n", "not the experiment's own"},
                   {"given,\n", "", "no row \"given\""},
                   {"seeds,2", "seeds,0", "seeds \"0\""},
                   {"seeds,2", "seeds,99999999999", "seeds"},
                   {"seeds,2", "seeds,two", "seeds \"two\""},
                   {"seed,42", "seed,-1", "from \"-1\""},
                   {"seed,42", "seed,4294967296", "from \"4294967296\""},
                   {"rows,all", "rows,4", "rows \"4\""},
                   {"rows,all", "rows,0", "rows \"0\""},
                   {"rows,all", "rows,", "rows \"\""},
                   {"rows,all", "rows,\"1,,2\"", "rows \"1,,2\""},
                   {"rows,all", "rows,\"1,\"", "rows \"1,\""},
                   {"name,value", "name,text", "columns must be"}};

START_TEST(faults_of_grid_files_are_named) {
    const Experiment *experiment = find_experiment(&catalogue, "panels");
    Grid grid = make(experiment, "");
    Error error = {""};
    Text text = text_create(arena);
    const char *path = arena_format(arena, "%s/grid.csv", directory);
    grid_text(&grid, &text);
    spill(path, text.data);
    ck_assert(edit_file(path, grid_faults[_i].old, grid_faults[_i].replacement));
    ck_assert_int_eq(grid_read(experiment, path, arena, &grid, &error), -1);
    ck_assert_msg(strstr(error.text, path) && strstr(error.text, grid_faults[_i].says), "%s", error.text);
}
END_TEST

/* ---- where results go ---- */

static const char *stem(const char *name, const char *options) {
    const Grid grid = grid_named(name, options);
    return grid_stem(&grid, arena);
}

START_TEST(own_results_and_variants_do_not_meet) {
    ck_assert_str_eq(stem("fake", ""), "fakes/fake");
    ck_assert_str_eq(stem("fake", "--seeds=9"), "fakes/fake"); /* more seeds are still its own */
    ck_assert_str_eq(stem("fake", "--rate=0.1 --width=1,2,3"), "fakes/fake");
    ck_assert_str_eq(stem("panels", "--rows=2"), "fakes/panels"); /* rows so far */
    ck_assert_str_eq(stem("fake", "--seeds=3"), "fakes/variants/fake--seeds=42..44");
    ck_assert_str_eq(stem("fake", "--first-seed=0"), "fakes/variants/fake--seeds=0..3");
    ck_assert_str_eq(stem("fake", "--size=smoke"), "fakes/variants/fake--smoke");
    ck_assert_str_eq(stem("fake", "--model=plain --rate=0.5,1"), "fakes/variants/fake--model=plain+rate=0.5,1");
    ck_assert_str_eq(stem("panels", "--rows=1,2 --width=9"), "fakes/variants/panels--width=9--rows=1,2");
}
END_TEST

static const char *const variants[] = {"--size=smoke",
                                       "--size=smoke --seeds=1",
                                       "--size=smoke --seeds=3",
                                       "--size=smoke --first-seed=1",
                                       "--seeds=1",
                                       "--seeds=1 --first-seed=43",
                                       "--seeds=3 --first-seed=41",
                                       "--width=2",
                                       "--width=2 --seeds=1",
                                       "--width=2 --size=smoke",
                                       "--width=2,3",
                                       "--width=3,2",
                                       "--width=23",
                                       "--width=2 --rate=0.3",
                                       "--rate=0.3",
                                       "--rate=0.03",
                                       "--model=plain",
                                       "--model=plain --rows=1",
                                       "--model=plain --width=2",
                                       "--rows=1 --width=2",
                                       "--rows=1,2 --width=2",
                                       "--rows=2,3 --width=2",
                                       "--rows=1 --size=smoke"};

START_TEST(different_variants_have_different_names) {
    Map *known = map_create(arena);
    for (size_t i = 0; i < sizeof variants / sizeof *variants; i++)
        ck_assert_msg(map_put(known, stem("panels", variants[i]), i) == MAP_ABSENT, "%s has a name twice", variants[i]);
    /* long ones, that differ at their end alone */
    for (int last = 900; last < 1000; last++) {
        const char *options = "--width=1";
        for (int w = 2; w < 100; w++) options = arena_format(arena, "%s,%d", options, w);
        const char *name = stem("panels", arena_format(arena, "%s,%d", options, last));
        ck_assert_msg(map_put(known, name, 0) == MAP_ABSENT, "%s twice", name);
    }
}
END_TEST

/* With a suffix, and as a temporary, within what file systems allow: 255 bytes. */
START_TEST(names_are_not_too_long_for_a_file) {
    const char *long_name = "a123456789-123456789-123456789-123456789-123456789-123456789-123";
    const char *table = arena_format(arena, "%s%s,Fig. 1,Long,fake,,,1,1,0\n", EXPERIMENTS_HEADER, long_name);
    const char *options = "--size=smoke --rate=0.123456789012345,0.123456789012346 --width=1";
    catalogue = project_with(directory, fake_methods, table, arena);
    for (int w = 2; w < 300; w++) options = arena_format(arena, "%s,%d", options, w);
    const char *name = strrchr(stem(long_name, options), '/') + 1;
    ck_assert_uint_le(strlen(name) + strlen("_summary.csv.tmp.") + 100, 255);
    ck_assert(strncmp(name, long_name, 64) == 0);
    Run run;
    Error error = {""};
    ck_assert_msg(run_in(find_experiment(&catalogue, long_name), options, directory, arena, &run, &error) == 0, "%s",
                  error.text);
}
END_TEST

/* ---- what a cell tells its method ---- */

START_TEST(cells_tell_what_is_declared_and_note_what_is_not) {
    const Grid grid = grid_named("fake", "--model=fancy --width=7 --rate=0.25");
    const char *undeclared = NULL;
    Cell cell = grid.cells[0];
    cell.undeclared = &undeclared;
    ck_assert_int_eq(cell_integer(&cell, "width"), 7);
    ck_assert_double_eq(cell_real(&cell, "rate"), 0.25);
    ck_assert_str_eq(cell_choice(&cell, "model"), "fancy");
    ck_assert(cell_is(&cell, "model", "fancy") && !cell_is(&cell, "model", "plain"));
    ck_assert_uint_eq(cell_seed(&cell), 42);
    ck_assert_ptr_null(undeclared);
    const char *wrong[] = {"wdith", "rate", "width", "model", "fancie", "modle", "plain,fancy", "rate"};
    for (int i = 0; i < 8; i++) {
        undeclared = NULL;
        if (i < 2) cell_integer(&cell, wrong[i]);         /* no such name; another type */
        if (i == 2 || i == 3) cell_real(&cell, wrong[i]); /* another type */
        if (i == 4 || i == 6) cell_is(&cell, "model", wrong[i]);
        if (i == 5) cell_is(&cell, wrong[i], "plain");
        if (i == 7) cell_choice(&cell, wrong[i]);
        ck_assert_ptr_nonnull(undeclared);
        ck_assert_str_eq(undeclared, wrong[i]);
    }
}
END_TEST

static double infinite_cost(const Cell *cell) {
    return cell_integer(cell, "width") > 1 ? INFINITY : -1;
}

START_TEST(a_cost_is_a_number_of_seconds) {
    const Grid grid = grid_named("fake", "");
    double seconds;
    Error error = {""};
    ck_assert_int_eq(cell_cost(&grid.cells[5], &seconds, &error), 0);
    ck_assert_double_eq(seconds, 2);
    fake_cost_asks = "wdith";
    ck_assert_int_eq(cell_cost(&grid.cells[5], &seconds, &error), -1);
    ck_assert_msg(strstr(error.text, "method fake: its cost asks for \"wdith\""), "%s", error.text);
    Method method = fake_method;
    for (int i = 0; i < 8; i += 4) {
        Cell cell = grid.cells[i];
        method.cost = infinite_cost;
        cell.method = &method;
        ck_assert_int_eq(cell_cost(&cell, &seconds, &error), -1);
        ck_assert_msg(strstr(error.text, cell.text) != NULL, "%s", error.text);
        method.cost = NULL;
        ck_assert_int_eq(cell_cost(&cell, &seconds, &error), 0);
        ck_assert_double_eq(seconds, 1);
    }
}
END_TEST

#define COUNT(table) (int)(sizeof(table) / sizeof *(table))

int main(void) {
    Suite *suite = suite_create("grids");
    TCase *t = tcase_create("grids");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 120);
    tcase_add_test(t, grid_is_the_product_with_seeds_innermost);
    tcase_add_test(t, what_is_given_is_canonical_and_labelled);
    tcase_add_test(t, rows_are_grids_one_after_the_other);
    tcase_add_test(t, rows_can_be_chosen);
    tcase_add_loop_test(t, bad_values_are_named, 0, COUNT(bad_values));
    tcase_add_test(t, the_last_seed_there_is_can_be_run);
    tcase_add_test(t, given_values_that_are_the_own_ones_change_nothing);
    tcase_add_test(t, without_anything_varied_the_label_is_default);
    tcase_add_test(t, a_new_experiment_renames_nothing);
    tcase_add_test(t, a_parameter_without_a_meaning_is_not_varied);
    tcase_add_test(t, logistic_regression_is_not_run_again_for_each_width);
    tcase_add_test(t, own_grids_come_back_from_their_files);
    tcase_add_test(t, a_grid_file_says_what_was_run);
    tcase_add_loop_test(t, faults_of_grid_files_are_named, 0, COUNT(grid_faults));
    tcase_add_test(t, own_results_and_variants_do_not_meet);
    tcase_add_test(t, different_variants_have_different_names);
    tcase_add_test(t, names_are_not_too_long_for_a_file);
    tcase_add_test(t, cells_tell_what_is_declared_and_note_what_is_not);
    tcase_add_test(t, a_cost_is_a_number_of_seconds);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
