/* scaledown dataset: what it writes, that a failure changes nothing, and that files of two exports never mix. */
#include <check.h>
#include <dirent.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/csv.h"
#include "base/file.h"
#include "base/npy.h"
#include "command/dataset.h"
#include "command/exit_status.h"
#include "csv_values.h"
#include "data/dataset_folder.h"
#include "data/mnist1d.h"
#include "files.h"
#include "suite.h"

static char *folder;
static char *out;
static Arena *arena;

static void begin(void) {
    arena = arena_create(0);
    folder = fresh_directory();
    out = path_join(arena, folder, "out");
}

static void end(void) {
    remove_tree(folder);
    free(folder);
    arena_destroy(arena);
}

static int entries_in(const char *path) {
    DIR *directory = opendir(path);
    int count = 0;
    if (!directory) return -1;
    for (struct dirent *entry; (entry = readdir(directory));) count += entry->d_name[0] != '.';
    closedir(directory);
    return count;
}

/* words apart by blanks; --out is added */
static int run(const char *words, Error *error) {
    char *text = arena_copy_text(arena, words), *argv[32];
    int argc = 0;
    for (char *word = strtok(text, " "); word; word = strtok(NULL, " ")) argv[argc++] = word;
    argv[argc++] = arena_format(arena, "--out=%s", out);
    error->text[0] = '\0';
    return dataset_command(argc, argv, error);
}

static void must_run(const char *words) {
    Error error;
    ck_assert_msg(run(words, &error) == 0, "%s: %s", words, error.text);
}

static NpyArray array_in(const char *name) {
    NpyArray array;
    Error error = {""};
    ck_assert_msg(npy_read(path_join(arena, out, name), arena, &array, &error) == 0, "%s", error.text);
    return array;
}

/* The value of a row of dataset.csv. */
static const char *described(const char *name) {
    CsvTable table;
    Error error = {""};
    ck_assert_msg(csv_read(path_join(arena, out, "dataset.csv"), arena, &table, &error) == 0, "%s", error.text);
    for (size_t row = 0; row < table.rows; row++)
        if (!strcmp(csv_text(&table, row, 0), name)) return csv_text(&table, row, 1);
    ck_abort_msg("dataset.csv has no %s", name);
    return NULL;
}

static Mnist1d small_set(void) {
    Mnist1dOptions options = mnist1d_defaults();
    Mnist1d data;
    options.num_samples = 100;
    options.seed = 3;
    options.shuffle_seq = 1;
    ck_assert_int_eq(mnist1d_make(&options, arena, &data, NULL), 0);
    return data;
}

START_TEST(npy_files_hold_the_data) {
    must_run("--num-samples 100 --seed 3 --shuffle-seq");
    const Mnist1d data = small_set();
    const NpyArray x = array_in("x_test.npy"), y = array_in("y.npy");
    ck_assert_int_eq(entries_in(out), 7);
    ck_assert(x.type == NPY_F4 && x.rank == 2 && x.shape[0] == 20 && x.shape[1] == 40);
    for (size_t i = 0; i < 800; i++) ck_assert(((float *)x.data)[i] == (float)data.x_test[i]);
    ck_assert(y.type == NPY_I8 && y.rank == 1 && y.shape[0] == 80);
    for (size_t i = 0; i < 80; i++) ck_assert(((int64_t *)y.data)[i] == data.y[i]);
}
END_TEST

START_TEST(labels_can_be_uint8) {
    must_run("--num-samples 100 --seed 3 --shuffle-seq --label-dtype uint8");
    const NpyArray y = array_in("y.npy"), y_test = array_in("y_test.npy");
    ck_assert(y.type == NPY_U1 && y.shape[0] == 80 && y_test.type == NPY_U1);
    ck_assert_mem_eq(y.data, small_set().y, 80);
}
END_TEST

START_TEST(csv_files_hold_every_bit) {
    Error error = {""};
    CsvTable table;
    must_run("--num-samples 100 --seed 3 --shuffle-seq --format csv --dtype f8");
    const Mnist1d data = small_set();
    ck_assert_int_eq(csv_read(path_join(arena, out, "x.csv"), arena, &table, &error), 0);
    ck_assert(table.rows == 80 && table.columns == 40);
    ck_assert_str_eq(table.names[39], "x39");
    for (size_t i = 0; i < 80; i++)
        for (size_t j = 0; j < 40; j++) {
            double value = NAN;
            ck_assert_int_eq(csv_number(&table, i, j, &value, &error), 0);
            ck_assert(value == data.x[i * 40 + j]);
        }
    ck_assert_int_eq(csv_read(path_join(arena, out, "y.csv"), arena, &table, &error), 0);
    ck_assert(table.rows == 80 && table.columns == 1);
    ck_assert_str_eq(table.names[0], "y");
    ck_assert_int_eq(csv_read(path_join(arena, out, "templates.csv"), arena, &table, &error), 0);
    ck_assert(table.rows == 10 && table.columns == 12);
}
END_TEST

/* The official arrays' hashes, as check_mnist1d has them, and those of their labels as int64. */
START_TEST(the_description_has_arguments_and_hashes) {
    must_run("");
    ck_assert_str_eq(described("sha256-x"), "d53506bddd12d3b72c7153b1ae7f34807724b1dd078a7273809bf9d0792319f6");
    ck_assert_str_eq(described("sha256-x_test"), "30addc43827c82aafa5db8bc97cea63349ca687e87db2f201cc4f5415d9a4ebd");
    ck_assert_str_eq(described("sha256-y"), "d97dc7aecec8ad6b5d8f143ba3e9c4bd7e25c420d7dfc2eb990591cfc0ed3e15");
    ck_assert_str_eq(described("sha256-t"), "0352efd10cd28e71a0f722fade89db2c326ee004a7dcf8c9704a5adaf0bad6c8");
    ck_assert_str_eq(described("padding"), "36,60");
    ck_assert_str_eq(described("template-len"), "12");
    ck_assert_str_eq(described("templates"), "published");
    ck_assert_str_eq(described("train-examples"), "4000");
    must_run("--label-dtype uint8 --shear-scale=-0.5");
    ck_assert_str_eq(described("shear-scale"), "-0.5");
    must_run("--label-dtype uint8");
    ck_assert_str_eq(described("sha256-y"), "6e13c7aab5f831266ec59efd193e310c511faefd71cfc5d39427c20337df4dc6");
}
END_TEST

START_TEST(templates_come_back) {
    char *copy = path_join(arena, folder, "templates.npy");
    Error error = {""};
    must_run("--num-samples 100 --dtype f8");
    const NpyArray x = array_in("x.npy"), templates = array_in("templates.npy");
    ck_assert(templates.type == NPY_F8 && templates.shape[0] == 10 && templates.shape[1] == 12);
    ck_assert_int_eq(npy_write(copy, &templates, &error), 0);
    must_run(arena_format(arena, "--num-samples 100 --dtype f8 --templates %s", copy));
    ck_assert_mem_eq(array_in("x.npy").data, x.data, npy_count(&x) * sizeof(double));
    ck_assert_str_eq(described("templates"), "given");
}
END_TEST

/* Their points are then the default of --template-len. */
START_TEST(templates_of_ones_own) {
    double values[10][20];
    const NpyArray own = {NPY_F8, 2, {10, 20, 0, 0}, values};
    char *path = path_join(arena, folder, "own.npy");
    Mnist1dOptions options = mnist1d_defaults();
    Mnist1d data;
    for (int i = 0; i < 200; i++) values[i / 20][i % 20] = i * 7 % 11;
    ck_assert_int_eq(npy_write(path, &own, NULL), 0);
    must_run(arena_format(arena, "--num-samples 100 --dtype f8 --templates %s", path));
    options.num_samples = 100, options.templates = values[0], options.template_points = 20, options.template_len = 20;
    ck_assert_int_eq(mnist1d_make(&options, arena, &data, NULL), 0);
    ck_assert_mem_eq(array_in("x.npy").data, data.x, 80 * 40 * sizeof(double));
    ck_assert_str_eq(described("template-len"), "20");
    must_run(arena_format(arena, "--num-samples 100 --dtype f8 --templates %s --template-len 12", path));
    ck_assert_mem_ne(array_in("x.npy").data, data.x, 80 * 40 * sizeof(double));
}
END_TEST

static const struct {
    NpyType type;
    int rank;
    size_t shape[4];
} bad_templates[] = {{NPY_F8, 2, {9, 12, 0, 0}},  {NPY_F8, 2, {11, 12, 0, 0}}, {NPY_F8, 2, {10, 1, 0, 0}},
                     {NPY_F8, 2, {10, 0, 0, 0}},  {NPY_F8, 1, {120, 0, 0, 0}}, {NPY_F8, 3, {10, 12, 1, 0}},
                     {NPY_I8, 2, {10, 12, 0, 0}}, {NPY_U1, 2, {10, 12, 0, 0}}};

START_TEST(templates_of_another_shape_are_refused) {
    Error error;
    char *path = path_join(arena, folder, "own.npy");
    NpyArray array = {bad_templates[_i].type, bad_templates[_i].rank, {0}, arena_alloc_zero(arena, 1000, 8)};
    memcpy(array.shape, bad_templates[_i].shape, sizeof array.shape);
    ck_assert_int_eq(npy_write(path, &array, NULL), 0);
    ck_assert_int_eq(run(arena_format(arena, "--templates %s", path), &error), EXIT_USAGE);
    ck_assert_msg(strstr(error.text, "--templates") && strstr(error.text, path), "%s", error.text);
    ck_assert_int_eq(entries_in(out), -1);
}
END_TEST

static const char *const faults[] = {
    "--num-samples 9",
    "--num-samples ten",
    "--num-samples 99999999999999999999",
    "--train-split 1.5",
    "--train-split nan",
    "--train-split 0",
    "--seed -1",
    "--seed 4294967296",
    "--padding 60,36",
    "--padding 36",
    "--padding 36,60,1",
    "--format txt",
    "--dtype f2",
    "--label-dtype int32",
    "--final-seq-length 1",
    "--template-len 1",
    "--template-len 100001",
    "--templates none.npy",
    "--max-translation 0",
    "--iid-noise-scale inf",
    "--shear-scale -1e7",
    "--unknown 1",
    "stray",
    "--out elsewhere",
};

START_TEST(faults_are_named_and_write_nothing) {
    Error error;
    char *option = arena_copy_text(arena, faults[_i]);
    option[strcspn(option, " ")] = '\0';
    ck_assert_int_eq(run(faults[_i], &error), EXIT_USAGE);
    ck_assert_msg(strstr(error.text, option + strspn(option, "-")) || strstr(error.text, "none.npy"),
                  "%s is not named in: %s", option, error.text);
    ck_assert_ptr_null(strchr(error.text, '\n'));
    ck_assert_int_eq(entries_in(out), -1);
}
END_TEST

/* ---- exports into a folder that is there ---- */

START_TEST(an_export_replaces_another_whole) {
    must_run("--num-samples 100");
    spill(path_join(arena, out, "notes.txt"), "mine");
    must_run("--num-samples 200 --format csv");
    ck_assert_int_eq(entries_in(out), 8);
    ck_assert(!file_exists(path_join(arena, out, "x.npy")));
    ck_assert(file_exists(path_join(arena, out, "templates.csv")));
    must_run("--num-samples 300");
    ck_assert_int_eq(entries_in(out), 8);
    ck_assert(!file_exists(path_join(arena, out, "x.csv")));
    ck_assert_uint_eq(array_in("x.npy").shape[0], 240);
    ck_assert_uint_eq(array_in("y_test.npy").shape[0], 60);
    ck_assert(file_exists(path_join(arena, out, "notes.txt")));
}
END_TEST

static const char *const strangers[] = {"x.npy", "y.csv",         "x_test.npy", "y_test.npy",
                                        "t.npy", "templates.csv", "dataset.csv"};
enum { N_STRANGERS = sizeof strangers / sizeof *strangers };

START_TEST(files_of_no_export_stay) {
    Error error;
    const char *path = path_join(arena, out, strangers[_i]);
    ck_assert_int_eq(directory_create(out, NULL), 0);
    spill(path, "old");
    ck_assert_int_eq(run("--num-samples 100", &error), EXIT_FAILURE);
    ck_assert_msg(strstr(error.text, path) && strstr(error.text, "choose another folder"), "%s", error.text);
    ck_assert_int_eq(entries_in(out), 1);
    char *text = slurp(path);
    ck_assert_str_eq(text, "old");
    free(text);
}
END_TEST

/* A folder or a link stands where a file of the export belongs. */
START_TEST(an_obstacle_leaves_the_old_set) {
    Error error;
    must_run("--num-samples 100");
    ck_assert_int_eq(file_remove(path_join(arena, out, "t.npy"), NULL), 0);
    if (_i)
        ck_assert_int_eq(symlink("../elsewhere", path_join(arena, out, "t.npy")), 0);
    else
        ck_assert_int_eq(directory_create(path_join(arena, out, "t.npy"), NULL), 0);
    char *before = slurp(path_join(arena, out, "x.npy"));
    ck_assert_int_eq(run("--num-samples 100 --seed 7", &error), EXIT_FAILURE);
    ck_assert_ptr_nonnull(strstr(error.text, "t.npy"));
    char *after = slurp(path_join(arena, out, "x.npy"));
    ck_assert_int_eq(entries_in(out), 7);
    ck_assert_mem_eq(before, after, 80 * 160 + 128);
    free(before);
    free(after);
}
END_TEST

START_TEST(a_file_is_no_folder) {
    Error error;
    ck_assert_int_eq(file_write(out, "old", 3, &error), 0);
    ck_assert_int_eq(run("", &error), EXIT_FAILURE);
    ck_assert_ptr_nonnull(strstr(error.text, out));
    ck_assert_int_eq(entries_in(folder), 1);
}
END_TEST

static void damaged_description(const char *old, const char *replacement) {
    Error error;
    must_run("--num-samples 100");
    ck_assert_int_ne(edit_file(path_join(arena, out, "dataset.csv"), old, replacement), 0);
    ck_assert_int_eq(run("--num-samples 100 --seed 7", &error), EXIT_FAILURE);
    ck_assert_msg(strstr(error.text, "dataset.csv") != NULL, "%s", error.text);
}

START_TEST(a_damaged_description_is_no_licence) {
    damaged_description("name,value", "name,velue");
    remove_tree(out);
    damaged_description("seed,42", "seed,42,43");
    remove_tree(out);
    damaged_description("sha256-x,", "sha256-z,"); /* it no longer names x.npy */
}
END_TEST

/* ---- exports that are cut short, and two at once ---- */

static pid_t export_in_child(const char *words) {
    fflush(NULL);
    const pid_t child = fork();
    if (child == 0) {
        Error error;
        freopen("/dev/null", "w", stdout);
        _exit(run(words, &error));
    }
    ck_assert_int_gt(child, 0);
    return child;
}

/* Whoever finds x.npy finds a whole set: the old or the new one. */
static int looks_whole(void) {
    LabelledData data;
    Error error = {""};
    if (!file_exists(path_join(arena, out, "x.npy"))) return 0;
    ck_assert_msg(dataset_folder_read(out, arena, &data, &error) == 0, "%s", error.text);
    ck_assert_uint_eq(data.n_train, data.n_test * 4);
    ck_assert_uint_eq(array_in("t.npy").shape[0], data.length);
    ck_assert_uint_eq(array_in("templates.npy").shape[1], 12);
    return 1;
}

START_TEST(a_killed_export_leaves_nothing_that_looks_whole) {
    int killed = 0;
    for (long round = 0; round < 60; round++) {
        int status;
        const struct timespec delay = {0, round % 20 * 500000};
        const pid_t child =
            export_in_child(round % 2 ? "--num-samples 600 --seed 1" : "--num-samples 500 --final-seq-length 60");
        nanosleep(&delay, NULL);
        kill(child, SIGKILL);
        ck_assert_int_eq(waitpid(child, &status, 0), child);
        killed += WIFSIGNALED(status);
        looks_whole();
    }
    ck_assert_int_gt(killed, 3);
    must_run("--num-samples 100"); /* and the next one clears up */
    ck_assert_int_eq(entries_in(out), 7);
    ck_assert_int_eq(looks_whole(), 1);
}
END_TEST

static ino_t inode_of(const char *name) {
    struct stat status;
    return stat(path_join(arena, out, name), &status) == 0 ? status.st_ino : 0;
}

/* A file of the new set never stands beside examples of the old one: looked at, in this order, as fast as can be. */
START_TEST(the_examples_go_first_and_come_last) {
    for (int round = 0; round < 30; round++) {
        int status;
        must_run("--num-samples 100");
        const ino_t old_labels = inode_of("y.npy"), old_examples = inode_of("x.npy");
        const pid_t child = export_in_child("--num-samples 200");
        const ArenaMark mark = arena_mark(arena);
        while (waitpid(child, &status, WNOHANG) == 0) {
            const ino_t labels = inode_of("y.npy"), examples = inode_of("x.npy");
            ck_assert(labels == old_labels || examples != old_examples);
            arena_rewind(arena, mark);
        }
        ck_assert_int_eq(status, 0);
    }
}
END_TEST

/* Each state that a kill between two renames leaves. */
START_TEST(an_unfinished_export_is_seen_and_replaced) {
    static const char *const all[] = {"x.npy", "y.npy", "x_test.npy", "y_test.npy"};
    LabelledData data;
    Error error;
    for (size_t missing = 0; missing < 4; missing++) {
        must_run("--num-samples 100");
        ck_assert_int_eq(file_remove(path_join(arena, out, all[missing]), NULL), 0);
        ck_assert_int_eq(dataset_folder_read(out, arena, &data, &error), -1);
        ck_assert_msg(strstr(error.text, all[missing]) && strstr(error.text, "cut short"), "%s", error.text);
    }
    must_run("--num-samples 100");
    ck_assert_int_eq(dataset_folder_read(out, arena, &data, &error), 0);
}
END_TEST

START_TEST(two_exports_at_once_do_not_mix) {
    for (int round = 0; round < 20; round++) {
        int first, second;
        const pid_t a = export_in_child("--num-samples 200 --seed 1");
        const pid_t b = export_in_child("--num-samples 300 --seed 2");
        waitpid(a, &first, 0);
        waitpid(b, &second, 0);
        LabelledData data;
        Error error;
        const int whole = dataset_folder_read(out, arena, &data, &error) == 0;
        ck_assert_msg(whole || first || second, "both succeeded, but: %s", error.text);
    }
    must_run("--num-samples 100");
    ck_assert_int_eq(looks_whole(), 1);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("dataset");
    TCase *tcase = tcase_create("dataset");
    tcase_set_timeout(tcase, 60);
    tcase_add_checked_fixture(tcase, begin, end);
    tcase_add_test(tcase, npy_files_hold_the_data);
    tcase_add_test(tcase, labels_can_be_uint8);
    tcase_add_test(tcase, csv_files_hold_every_bit);
    tcase_add_test(tcase, the_description_has_arguments_and_hashes);
    tcase_add_test(tcase, templates_come_back);
    tcase_add_test(tcase, templates_of_ones_own);
    tcase_add_loop_test(tcase, templates_of_another_shape_are_refused, 0, sizeof bad_templates / sizeof *bad_templates);
    tcase_add_loop_test(tcase, faults_are_named_and_write_nothing, 0, sizeof faults / sizeof *faults);
    tcase_add_test(tcase, an_export_replaces_another_whole);
    tcase_add_loop_test(tcase, files_of_no_export_stay, 0, N_STRANGERS);
    tcase_add_loop_test(tcase, an_obstacle_leaves_the_old_set, 0, 2);
    tcase_add_test(tcase, a_file_is_no_folder);
    tcase_add_test(tcase, a_damaged_description_is_no_licence);
    tcase_add_test(tcase, a_killed_export_leaves_nothing_that_looks_whole);
    tcase_add_test(tcase, the_examples_go_first_and_come_last);
    tcase_add_test(tcase, an_unfinished_export_is_seen_and_replaced);
    tcase_add_test(tcase, two_exports_at_once_do_not_mix);
    suite_add_tcase(suite, tcase);
    return run_suite(suite);
}
