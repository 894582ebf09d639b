/* scaledown dataset: what it writes, and that a failure changes nothing. */
#include <check.h>
#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/csv.h"
#include "base/file.h"
#include "base/npy.h"
#include "data/dataset_command.h"
#include "data/mnist1d.h"
#include "suite.h"

static char folder[] = "/tmp/scaledown_dataset_XXXXXX";
static char out[64];
static Arena *arena;

static void begin(void) {
    strcpy(folder + sizeof folder - 7, "XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(out, sizeof out, "%s/out", folder);
    arena = arena_create(0);
}

static int entries_in(const char *path) {
    DIR *directory = opendir(path);
    int count = 0;
    if (!directory) return -1;
    for (struct dirent *entry; (entry = readdir(directory));) count += entry->d_name[0] != '.';
    closedir(directory);
    return count;
}

static void remove_tree(const char *path) {
    DIR *directory = opendir(path);
    if (!directory) {
        unlink(path);
        return;
    }
    for (struct dirent *entry; (entry = readdir(directory));)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            remove_tree(path_join(arena, path, entry->d_name));
    closedir(directory);
    rmdir(path);
}

static void end(void) {
    remove_tree(folder);
    arena_destroy(arena);
}

/* words end with NULL; --out is added */
static int run(const char *const *words, Error *error) {
    char *argv[16];
    int argc = 0;
    while (words[argc]) {
        argv[argc] = arena_copy_text(arena, words[argc]);
        argc++;
    }
    argv[argc++] = arena_format(arena, "--out=%s", out);
    argv[argc] = NULL;
    return dataset_command(argc, argv, error);
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
    const char *const words[] = {"--num-samples", "100", "--seed", "3", "--shuffle-seq", NULL};
    Error error = {""};
    NpyArray x, y;
    Mnist1d data = small_set();
    ck_assert_msg(run(words, &error) == 0, "%s", error.text);
    ck_assert_int_eq(entries_in(out), 5);
    ck_assert_int_eq(npy_read(path_join(arena, out, "x_test.npy"), arena, &x, &error), 0);
    ck_assert_int_eq(npy_read(path_join(arena, out, "y.npy"), arena, &y, &error), 0);
    ck_assert(x.type == NPY_F4 && x.rank == 2 && x.shape[0] == 20 && x.shape[1] == 40);
    for (size_t i = 0; i < 800; i++) ck_assert(((float *)x.data)[i] == (float)data.x_test[i]);
    ck_assert(y.type == NPY_U1 && y.rank == 1 && y.shape[0] == 80);
    ck_assert_mem_eq(y.data, data.y, 80);
}
END_TEST

START_TEST(csv_files_hold_every_bit) {
    const char *const words[] = {"--num-samples", "100", "--seed",  "3",  "--shuffle-seq",
                                 "--format",      "csv", "--dtype", "f8", NULL};
    Error error = {""};
    CsvTable table;
    Mnist1d data = small_set();
    ck_assert_msg(run(words, &error) == 0, "%s", error.text);
    ck_assert_int_eq(csv_read(path_join(arena, out, "x.csv"), arena, &table, &error), 0);
    ck_assert(table.rows == 80 && table.columns == 40);
    ck_assert_str_eq(table.names[39], "x39");
    for (size_t i = 0; i < 80; i++)
        for (size_t j = 0; j < 40; j++) {
            double value = NAN;
            ck_assert_int_eq(csv_number(&table, i, j, &value, &error), 0);
            ck_assert(value == data.x[i * 40 + j]);
        }
}
END_TEST

static const char *const faults[][5] = {
    {"--num-samples", "9"},
    {"--num-samples", "ten"},
    {"--num-samples", "99999999999999999999"},
    {"--train-split", "1.5"},
    {"--train-split", "nan"},
    {"--train-split", "0"},
    {"--seed", "-1"},
    {"--seed", "4294967296"},
    {"--padding", "60,36"},
    {"--padding", "36"},
    {"--padding", "36,60,1"},
    {"--format", "txt"},
    {"--dtype", "f2"},
    {"--final-seq-length", "1"},
    {"--max-translation", "0"},
    {"--iid-noise-scale", "inf"},
    {"--shear-scale", "-1"},
    {"--unknown", "1"},
    {"stray"},
    {"--out", "elsewhere"},
};

START_TEST(faults_are_named_and_write_nothing) {
    Error error = {""};
    ck_assert_int_eq(run(faults[_i], &error), -1);
    ck_assert_msg(strstr(error.text, faults[_i][0]) != NULL || strstr(error.text, "train_split") != NULL,
                  "%s is not named in: %s", faults[_i][0], error.text);
    ck_assert_ptr_null(strchr(error.text, '\n'));
    ck_assert_int_eq(entries_in(out), -1);
}
END_TEST

/* A folder stands where the last file belongs: the four written before it must not appear. */
START_TEST(an_obstacle_leaves_the_old_set) {
    const char *const words[] = {"--num-samples", "100", NULL};
    Error error = {""};
    char text[] = "old";
    unsigned char *data;
    size_t size;
    ck_assert_int_eq(directory_create(path_join(arena, out, "t.npy"), &error), 0);
    ck_assert_int_eq(file_write(path_join(arena, out, "x.npy"), text, 3, &error), 0);
    ck_assert_int_eq(run(words, &error), -1);
    ck_assert_ptr_nonnull(strstr(error.text, "t.npy"));
    ck_assert_int_eq(entries_in(out), 2);
    ck_assert_int_eq(file_read(path_join(arena, out, "x.npy"), 100, arena, &data, &size, &error), 0);
    ck_assert(size == 3 && memcmp(data, text, 3) == 0);
}
END_TEST

START_TEST(a_file_is_no_folder) {
    const char *const words[] = {NULL};
    Error error = {""};
    ck_assert_int_eq(file_write(out, "old", 3, &error), 0);
    ck_assert_int_eq(run(words, &error), -1);
    ck_assert_ptr_nonnull(strstr(error.text, out));
    ck_assert_int_eq(entries_in(folder), 1);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("dataset");
    TCase *tcase = tcase_create("dataset");
    tcase_set_timeout(tcase, 60);
    tcase_add_checked_fixture(tcase, begin, end);
    tcase_add_test(tcase, npy_files_hold_the_data);
    tcase_add_test(tcase, csv_files_hold_every_bit);
    tcase_add_loop_test(tcase, faults_are_named_and_write_nothing, 0, sizeof faults / sizeof *faults);
    tcase_add_test(tcase, an_obstacle_leaves_the_old_set);
    tcase_add_test(tcase, a_file_is_no_folder);
    suite_add_tcase(suite, tcase);
    return run_suite(suite);
}
