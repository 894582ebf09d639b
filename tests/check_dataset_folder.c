/* Folders of arrays as `scaledown train --data` reads them: what is taken, what is refused and how it is named, and
 * that no damage to a file does harm. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "data/dataset_folder.h"
#include "data/mnist1d.h"
#include "files.h"
#include "suite.h"

enum { N = 6, LENGTH = 5 };

static char *folder;
static Arena *arena;
static float x[N * LENGTH];
static double wide[N * LENGTH];
static int64_t labels[N] = {0, 9, 3, 3, 1, 2};
static uint8_t small_labels[N] = {0, 9, 3, 3, 1, 2};

static void put(const char *name, NpyType type, int rank, size_t rows, size_t columns, void *data) {
    const NpyArray array = {type, rank, {rows, columns, 1, 1}, data};
    Error error = {""};
    ck_assert_msg(npy_write(path_join(arena, folder, name), &array, &error) == 0, "%s", error.text);
}

static void put_test(void) {
    put("x_test.npy", NPY_F8, 2, 2, LENGTH, wide);
    put("y_test.npy", NPY_I8, 1, 2, 0, labels);
}

static void begin(void) {
    arena = arena_create(0);
    folder = fresh_directory();
    for (int i = 0; i < N * LENGTH; i++) wide[i] = x[i] = (float)i / 8 - 2;
    put("x.npy", NPY_F4, 2, N, LENGTH, x);
    put("y.npy", NPY_I8, 1, N, 0, labels);
}

static void end(void) {
    remove_tree(folder);
    free(folder);
    arena_destroy(arena);
}

static void must_read(LabelledData *data) {
    Error error = {""};
    ck_assert_msg(dataset_folder_read(folder, arena, data, &error) == 0, "%s", error.text);
}

static void must_refuse(const char *name, const char *what) {
    LabelledData data;
    Error error = {""};
    ck_assert_int_eq(dataset_folder_read(folder, arena, &data, &error), -1);
    ck_assert_msg(strstr(error.text, path_join(arena, folder, name)) && strstr(error.text, what),
                  "not naming %s and \"%s\": %s", name, what, error.text);
}

START_TEST(any_arrays_of_the_right_shapes) {
    LabelledData data;
    must_read(&data);
    ck_assert(data.length == LENGTH && data.n_train == N && data.n_test == 0 && data.classes == 10);
    ck_assert_mem_eq(data.x, x, sizeof x);
    ck_assert_mem_eq(data.y, small_labels, N);
    put_test();
    must_read(&data);
    ck_assert_uint_eq(data.n_test, 2);
    ck_assert_mem_eq(data.x_test, x, 2 * LENGTH * sizeof *x);
    ck_assert_mem_eq(data.y_test, small_labels, 2);
}
END_TEST

START_TEST(other_types_and_more_classes) {
    LabelledData data;
    small_labels[2] = 200;
    put("x.npy", NPY_F8, 2, N, LENGTH, wide);
    put("y.npy", NPY_U1, 1, N, 0, small_labels);
    must_read(&data);
    ck_assert_uint_eq(data.classes, 201);
    ck_assert_mem_eq(data.x, x, sizeof x);
    ck_assert_mem_eq(data.y, small_labels, N);
}
END_TEST

START_TEST(wrong_shapes_are_named) {
    put("x.npy", NPY_F4, 1, N * LENGTH, 0, x);
    must_refuse("x.npy", "f4 [30]");
    put("x.npy", NPY_F4, 3, N, LENGTH, x);
    must_refuse("x.npy", "f4 [6, 5, 1]");
    put("x.npy", NPY_I8, 2, 1, N, labels);
    must_refuse("x.npy", "int64 [1, 6]");
    put("x.npy", NPY_F4, 2, 0, LENGTH, x);
    must_refuse("x.npy", "[0, 5]");
    put("x.npy", NPY_F4, 2, N, 0, x);
    must_refuse("x.npy", "[6, 0]");
    put("x.npy", NPY_F4, 2, N, LENGTH, x);
    put("y.npy", NPY_I8, 2, N, 1, labels);
    must_refuse("y.npy", "int64 [6, 1]");
    put("y.npy", NPY_F4, 1, N, 0, x);
    must_refuse("y.npy", "f4 [6]");
    put("y.npy", NPY_I8, 1, N - 1, 0, labels);
    must_refuse("y.npy", "5 labels, but there are 6 examples");
    put("y.npy", NPY_I8, 1, N, 0, labels);
    put_test();
    put("x_test.npy", NPY_F4, 2, 2, LENGTH - 1, x);
    must_refuse("x_test.npy", "examples of 4 values, but those of x.npy have 5");
}
END_TEST

START_TEST(wrong_values_are_named) {
    static const double bad[] = {NAN, INFINITY, -INFINITY, 1e300};
    for (size_t i = 0; i < 4; i++) {
        wide[2 * LENGTH + 3] = bad[i];
        put("x.npy", NPY_F8, 2, N, LENGTH, wide);
        must_refuse("x.npy", "row 2, column 3");
    }
    put("x.npy", NPY_F4, 2, N, LENGTH, x);
    labels[4] = 256;
    put("y.npy", NPY_I8, 1, N, 0, labels);
    must_refuse("y.npy", "label 4 (from 0) is 256");
    labels[4] = -1;
    put("y.npy", NPY_I8, 1, N, 0, labels);
    must_refuse("y.npy", "is -1, but must be 0 to 255");
}
END_TEST

START_TEST(missing_files_are_named) {
    put_test();
    file_remove(path_join(arena, folder, "y_test.npy"), NULL);
    must_refuse("y_test.npy", "No such file");
    file_remove(path_join(arena, folder, "x.npy"), NULL);
    must_refuse("x.npy", "No such file");
    ck_assert_int_eq(mkfifo(path_join(arena, folder, "x.npy"), 0600), 0); /* would be waited for */
    must_refuse("x.npy", "no file");
    file_remove(path_join(arena, folder, "x.npy"), NULL);
    spill(path_join(arena, folder, "x.csv"), "x0\n1\n");
    must_refuse("x.npy", "--format npy");
}
END_TEST

/* A shape so large that its bytes, or a product of two of its sizes, do not fit. */
START_TEST(hostile_shapes_are_refused) {
    static const char *const shapes[] = {"(18446744073709551615, 5)",
                                         "(4294967296, 4294967296)",
                                         "(9223372036854775808, 0)",
                                         "(18446744073709551616, 5)",
                                         "(6, 5, 9223372036854775807)",
                                         "(-6, 5)",
                                         "(1000000000, 5)"};
    const char *path = path_join(arena, folder, "x.npy");
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        char header[246];
        memset(header, ' ', sizeof header);
        int length =
            snprintf(header, sizeof header, "{'descr': '<f4', 'fortran_order': False, 'shape': %s, }", shapes[i]);
        header[length] = ' ';
        header[sizeof header - 1] = '\n';
        unsigned char file[256 + 120] = {0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, 246, 0};
        memcpy(file + 10, header, sizeof header);
        ck_assert_int_eq(file_write(path, file, sizeof file, NULL), 0);
        must_refuse("x.npy", "");
    }
}
END_TEST

/* Every byte of both files changed to several others, and both cut at every length: refused, or data that keep the
 * promises of the header. */
static void mutate(const char *name) {
    unsigned char *bytes;
    size_t size;
    Error error = {""};
    const char *path = path_join(arena, folder, name);
    ck_assert_int_eq(file_read(path, 1 << 20, arena, &bytes, &size, NULL), 0);
    Arena *own = arena_create(0);
    for (size_t i = 0; i < 5 * size; i++) {
        static const unsigned char flips[] = {0x01, 0x80, 0xff, 0x10, 0}; /* the last round cuts */
        const size_t at = i % size, round = i / size;
        LabelledData data;
        bytes[at] ^= flips[round];
        ck_assert_int_eq(file_write(path, bytes, round < 4 ? size : at, NULL), 0);
        const int status = dataset_folder_read(folder, own, &data, &error);
        if (round == 4) ck_assert_msg(status == -1, "%s cut at %zu was accepted", name, at);
        ck_assert(status == 0 || strstr(error.text, name));
        for (size_t j = 0; status == 0 && j < data.n_train * data.length; j++) ck_assert(isfinite(data.x[j]));
        for (size_t j = 0; status == 0 && j < data.n_train; j++) ck_assert_uint_lt(data.y[j], data.classes);
        bytes[at] ^= flips[round];
        arena_reset(own);
    }
    ck_assert_int_eq(file_write(path, bytes, size, NULL), 0);
    arena_destroy(own);
}

START_TEST(damage_does_no_harm) {
    mutate("x.npy");
    mutate("y.npy");
    LabelledData data;
    must_read(&data);
}
END_TEST

/* ---- exports: what dataset.csv says is true ---- */

static void export(void) {
    const NamedArray arrays[] = {{"x", {NPY_F4, 2, {N, LENGTH, 0, 0}, x}},
                                 {"y", {NPY_I8, 1, {N, 0, 0, 0}, labels}},
                                 {"x_test", {NPY_F4, 2, {2, LENGTH, 0, 0}, x}},
                                 {"y_test", {NPY_I8, 1, {2, 0, 0, 0}, labels}}};
    Error error = {""};
    for (int i = 0; i < 2; i++) file_remove(path_join(arena, folder, i ? "x.npy" : "y.npy"), NULL);
    ck_assert_msg(dataset_folder_write(folder, 0, 4, arrays, "seed,42\n", &error) == 0, "%s", error.text);
}

START_TEST(an_export_is_what_it_says) {
    LabelledData data;
    export();
    must_read(&data);
    ck_assert(data.n_train == N && data.n_test == 2);
    labels[5] = 4;
    put("y.npy", NPY_I8, 1, N, 0, labels);
    must_refuse("y.npy", "not the array whose SHA-256 is in");
    ck_assert_int_eq(file_remove(path_join(arena, folder, "dataset.csv"), NULL), 0);
    must_read(&data);
    ck_assert_uint_eq(data.y[5], 4);
}
END_TEST

START_TEST(a_file_of_that_name_may_be_anything) {
    LabelledData data;
    spill(path_join(arena, folder, "dataset.csv"), "a,b\n1,2\n");
    must_read(&data);
    spill(path_join(arena, folder, "dataset.csv"), "name,value\nseed,42\n");
    must_refuse("x.npy", "dataset.csv");
    spill(path_join(arena, folder, "dataset.csv"), "name,value\nseed,42");
    must_refuse("dataset.csv", "");
}
END_TEST

/* The official arrays, which cannot come with this project: OFFICIAL_MNIST1D names a folder with x, y, x_test and
 * y_test as .npy. */
START_TEST(the_official_arrays) {
    const char *path = getenv("OFFICIAL_MNIST1D");
    LabelledData official;
    Mnist1d ours;
    const Mnist1dOptions options = mnist1d_defaults();
    Error error = {""};
    if (!path) return;
    ck_assert_msg(dataset_folder_read(path, arena, &official, &error) == 0, "%s", error.text);
    ck_assert_int_eq(mnist1d_make(&options, arena, &ours, &error), 0);
    ck_assert(official.n_train == 4000 && official.n_test == 1000 && official.length == 40 && official.classes == 10);
    ck_assert_mem_eq(official.x, mnist1d_binary32(4000 * 40, ours.x, arena), 4000 * 40 * sizeof(float));
    ck_assert_mem_eq(official.x_test, mnist1d_binary32(1000 * 40, ours.x_test, arena), 1000 * 40 * sizeof(float));
    ck_assert_mem_eq(official.y, ours.y, 4000);
    ck_assert_mem_eq(official.y_test, ours.y_test, 1000);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("dataset folder");
    TCase *tcase = tcase_create("dataset folder");
    tcase_set_timeout(tcase, 60);
    tcase_add_checked_fixture(tcase, begin, end);
    tcase_add_test(tcase, any_arrays_of_the_right_shapes);
    tcase_add_test(tcase, other_types_and_more_classes);
    tcase_add_test(tcase, wrong_shapes_are_named);
    tcase_add_test(tcase, wrong_values_are_named);
    tcase_add_test(tcase, missing_files_are_named);
    tcase_add_test(tcase, hostile_shapes_are_refused);
    tcase_add_test(tcase, damage_does_no_harm);
    tcase_add_test(tcase, an_export_is_what_it_says);
    tcase_add_test(tcase, a_file_of_that_name_may_be_anything);
    tcase_add_test(tcase, the_official_arrays);
    suite_add_tcase(suite, tcase);
    return run_suite(suite);
}
