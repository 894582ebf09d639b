#include "data/dataset_folder.h"

#include <errno.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/csv.h"
#include "base/file.h"

enum { N_NAMES = 6, N_SUFFIXES = 2, LEAST_CLASSES = 10, MOST_BYTES = 1 << 20 };
static const char *const names[N_NAMES] = {"x", "y", "x_test", "y_test", "t", "templates"};
static const char *const suffixes[N_SUFFIXES] = {"npy", "csv"};

/* ---- dataset.csv ---- */

static const char description_header[] = "name,value\n";

typedef struct Description {
    char *path;
    int there; /* 0: the folder has no such file, or one that is none of ours */
    CsvTable table;
} Description;

static int description_read(const char *folder, Arena *arena, Description *description, Error *error) {
    unsigned char *text;
    size_t size;
    *description = (Description){.path = path_join(arena, folder, "dataset.csv")};
    if (file_read(description->path, MOST_BYTES, arena, &text, &size, NULL) ||
        strncmp((const char *)text, description_header, sizeof description_header - 1) != 0)
        return 0;
    description->there = 1;
    return csv_parse(description->path, (const char *)text, size, arena, &description->table, error);
}

/* NULL when there is none. */
static const char *description_value(const Description *description, const char *prefix, const char *name) {
    const size_t length = strlen(prefix);
    for (size_t row = 0; description->there && row < description->table.rows; row++) {
        const char *field = csv_text(&description->table, row, 0);
        if (!strncmp(field, prefix, length) && !strcmp(field + length, name))
            return csv_text(&description->table, row, 1);
    }
    return NULL;
}

/* ---- writing ---- */

/* A header row (x0, x1 ... or the name of a vector), then a line for each row. */
static void write_csv(AtomicFile *file, const NamedArray *named) {
    const NpyArray *array = &named->array;
    const size_t columns = array->rank == 2 ? array->shape[1] : 1, count = npy_count(array);
    char number[32];
    if (array->rank == 1) text_format(&file->text, "%s\n", named->name);
    for (size_t j = 0; array->rank == 2 && j < columns; j++)
        text_format(&file->text, j + 1 < columns ? "x%zu," : "x%zu\n", j);
    for (size_t i = 0; i < count; i++) {
        switch (array->type) {
        case NPY_F4:
            text_add(&file->text, format_float(((const float *)array->data)[i], number));
            break;
        case NPY_F8:
            text_add(&file->text, format_double(((const double *)array->data)[i], number));
            break;
        case NPY_U1:
            text_format(&file->text, "%d", ((const uint8_t *)array->data)[i]);
            break;
        case NPY_I8:
            text_format(&file->text, "%lld", (long long)((const int64_t *)array->data)[i]);
            break;
        }
        text_add_character(&file->text, (i + 1) % columns ? ',' : '\n');
        atomic_flush(file);
    }
}

/* The files of an export that is in the folder already, x first: without it no export looks whole. */
typedef struct Former {
    size_t n;
    const char *paths[N_NAMES * N_SUFFIXES];
} Former;

static int find_former(const char *folder, Arena *arena, Former *former, Error *error) {
    Description description;
    struct stat status;
    *former = (Former){0};
    if (description_read(folder, arena, &description, error)) return -1;
    if (!description.there && lstat(description.path, &status) == 0)
        return error_set(error, "%.600s is there and describes no data set: remove it or choose another folder",
                         description.path);
    for (size_t i = 0; i < N_NAMES; i++)
        for (size_t s = 0; s < N_SUFFIXES; s++) {
            const char *path = path_join(arena, folder, arena_format(arena, "%s.%s", names[i], suffixes[s]));
            if (lstat(path, &status) != 0) continue;
            if (!S_ISREG(status.st_mode))
                return error_set(error, "%.600s is there and no file: remove it or choose another folder", path);
            if (!description_value(&description, "sha256-", names[i]))
                return error_set(
                    error,
                    "%.600s is there and belongs to no export (dataset.csv does not name it): remove it or "
                    "choose another folder",
                    path);
            former->paths[former->n++] = path;
        }
    return 0;
}

/* Writes the temporary files: files[0] is dataset.csv, files[1 ...] the arrays from the last to the first. */
static int write_files(const char *folder, int csv, size_t n, const NamedArray *arrays, const char *rows,
                       AtomicFile *files, Arena *arena, Error *error) {
    if (atomic_open(&files[0], path_join(arena, folder, "dataset.csv"), error)) return -1;
    text_add(&files[0].text, description_header);
    text_add(&files[0].text, rows);
    for (size_t i = 0; i < n; i++) {
        const NamedArray *named = &arrays[i];
        AtomicFile *file = &files[n - i];
        char hex[SHA256_HEX];
        const char *path = path_join(arena, folder, arena_format(arena, "%s.%s", named->name, suffixes[csv]));
        if (atomic_open(file, path, error)) return -1;
        if (csv)
            write_csv(file, named);
        else if (npy_write_to(file, &named->array, error))
            return -1;
        npy_sha256(&named->array, hex);
        text_format(&files[0].text, "sha256-%s,%s\n", named->name, hex);
    }
    return atomic_finish_all(files, n + 1, error);
}

/* Puts the n written files in the place of the former ones.  The former x is removed first and the new one comes last:
 * between the two the folder has no data set that looks whole.  Another export that runs at the same time may have put
 * its files among these: then the inodes are not those that were written. */
static int replace(const char *folder, const Former *former, size_t n, AtomicFile *files, Arena *arena, Error *error) {
    struct stat *written = arena_alloc(arena, n, sizeof *written), status;
    const char **paths = arena_alloc(arena, n, sizeof *paths);
    for (size_t i = 0; i < n; i++) {
        paths[i] = arena_copy_text(arena, files[i].path);
        if (stat(files[i].temporary, &written[i]) != 0) return error_set_system(error, "write", paths[i]);
    }
    for (size_t i = 0; i < former->n; i++)
        if (file_remove(former->paths[i], error)) return -1;
    if (atomic_commit_all(files, n, error))
        return error ? error_set(error, "%s; the export in %.300s is unfinished: export again", error->text, folder)
                     : -1;
    for (size_t i = 0; i < n; i++) {
        const int gone = stat(paths[i], &status) != 0;
        if (gone && errno != ENOENT) return error_set_system(error, "read", paths[i]);
        if (gone || status.st_ino != written[i].st_ino || status.st_dev != written[i].st_dev)
            return error_set(error, "another export wrote to %.600s at the same time: export once more", folder);
    }
    return 0;
}

int dataset_folder_write(const char *folder, int csv, size_t n, const NamedArray *arrays, const char *rows,
                         Error *error) {
    const int was_there = file_exists(folder);
    Arena *arena = arena_create(0);
    AtomicFile *files = arena_alloc_zero(arena, n + 1, sizeof *files);
    Former former;
    int status = directory_create(folder, error);
    if (!status) {
        directory_remove_stale(folder);
        status = find_former(folder, arena, &former, error) ||
                         write_files(folder, csv, n, arrays, rows, files, arena, error) ||
                         replace(folder, &former, n + 1, files, arena, error)
                     ? -1
                     : 0;
        for (size_t i = 0; i <= n; i++) atomic_abandon(&files[i]);
    }
    if (status && !was_there) rmdir(folder); /* succeeds only when it is empty */
    arena_destroy(arena);
    return status;
}

/* ---- reading ---- */

/* "f4 [4000, 40]", for messages */
static const char *describe(const NpyArray *array, Arena *arena) {
    static const char *const types[] = {[NPY_F4] = "f4", [NPY_F8] = "f8", [NPY_U1] = "uint8", [NPY_I8] = "int64"};
    Text text = text_create(arena);
    text_format(&text, "%s [", types[array->type]);
    for (int i = 0; i < array->rank; i++) text_format(&text, i ? ", %zu" : "%zu", array->shape[i]);
    text_add_character(&text, ']');
    return text.data;
}

typedef struct Folder {
    const char *path;
    Description description;
    Arena *arena;
} Folder;

static int read_array(const Folder *folder, const char *name, const char **path, NpyArray *array, Error *error) {
    Arena *arena = folder->arena;
    char hex[SHA256_HEX];
    struct stat status;
    const char *wanted = description_value(&folder->description, "sha256-", name);
    *path = path_join(arena, folder->path, arena_format(arena, "%s.npy", name));
    if (!file_exists(*path) && file_exists(path_join(arena, folder->path, arena_format(arena, "%s.csv", name))))
        return error_set(error,
                         "%.600s is missing: there is %s.csv, but .npy files are needed (--format npy of scaledown "
                         "dataset)",
                         *path, name);
    if (!file_exists(*path) && wanted)
        return error_set(error, "%.600s is missing: the export was cut short; run scaledown dataset again", *path);
    if (stat(*path, &status) == 0 && !S_ISREG(status.st_mode))
        return error_set(error, "%.600s is no file: an array in the form of .npy is needed", *path);
    if (npy_read(*path, arena, array, error)) return -1;
    if (!folder->description.there) return 0;
    npy_sha256(array, hex);
    if (wanted && !strcmp(hex, wanted)) return 0;
    return error_set(
        error,
        "%.600s is not the array whose SHA-256 is in %.300s: export the data again, or remove that file to "
        "use the arrays as they are",
        *path, folder->description.path);
}

static int read_examples(const Folder *folder, const char *name, size_t *n, size_t *length, const float **x,
                         Error *error) {
    NpyArray array;
    const char *path;
    if (read_array(folder, name, &path, &array, error)) return -1;
    if ((array.type != NPY_F4 && array.type != NPY_F8) || array.rank != 2 || !array.shape[0] || !array.shape[1])
        return error_set(error, "%.600s is %s, but must hold f4 or f8 numbers in two dimensions, an example a row",
                         path, describe(&array, folder->arena));
    if (*length && array.shape[1] != *length)
        return error_set(error, "%.600s has examples of %zu values, but those of x.npy have %zu", path, array.shape[1],
                         *length);
    *n = array.shape[0];
    *length = array.shape[1];
    float *out = arena_alloc(folder->arena, *n * *length, sizeof *out);
    for (size_t i = 0; i < *n * *length; i++) {
        out[i] = array.type == NPY_F4 ? ((const float *)array.data)[i] : (float)((const double *)array.data)[i];
        if (!isfinite(out[i]))
            return error_set(error, "%.600s: row %zu, column %zu (from 0) is no finite number in binary32", path,
                             i / *length, i % *length);
    }
    *x = out;
    return 0;
}

static int read_labels(const Folder *folder, const char *name, size_t n, size_t *classes, const uint8_t **y,
                       Error *error) {
    NpyArray array;
    const char *path;
    if (read_array(folder, name, &path, &array, error)) return -1;
    if ((array.type != NPY_U1 && array.type != NPY_I8) || array.rank != 1)
        return error_set(error, "%.600s is %s, but must hold int64 or uint8 labels in one dimension", path,
                         describe(&array, folder->arena));
    if (array.shape[0] != n)
        return error_set(error, "%.600s has %zu labels, but there are %zu examples", path, array.shape[0], n);
    uint8_t *out = arena_alloc(folder->arena, n, 1);
    for (size_t i = 0; i < n; i++) {
        const int64_t label =
            array.type == NPY_U1 ? ((const uint8_t *)array.data)[i] : ((const int64_t *)array.data)[i];
        if (label < 0 || label > UINT8_MAX)
            return error_set(error, "%.600s: label %zu (from 0) is %lld, but must be 0 to %d", path, i,
                             (long long)label, UINT8_MAX);
        out[i] = (uint8_t)label;
        if ((size_t)label >= *classes) *classes = (size_t)label + 1;
    }
    *y = out;
    return 0;
}

int dataset_folder_read(const char *path, Arena *arena, LabelledData *data, Error *error) {
    Folder folder = {.path = path, .arena = arena};
    *data = (LabelledData){.classes = LEAST_CLASSES};
    if (description_read(path, arena, &folder.description, error) ||
        read_examples(&folder, "x", &data->n_train, &data->length, &data->x, error) ||
        read_labels(&folder, "y", data->n_train, &data->classes, &data->y, error))
        return -1;
    if (!folder.description.there && !file_exists(path_join(arena, path, "x_test.npy")) &&
        !file_exists(path_join(arena, path, "y_test.npy")))
        return 0;
    return read_examples(&folder, "x_test", &data->n_test, &data->length, &data->x_test, error) ||
                   read_labels(&folder, "y_test", data->n_test, &data->classes, &data->y_test, error)
               ? -1
               : 0;
}
