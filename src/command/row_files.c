#include "command/row_files.h"

#ifdef _OPENMP
#include <omp.h>
#endif

#include "base/npy.h"
#include "command/command.h"

int row_file_read(const char *path, Arena *arena, Rows *rows, Error *error) {
    NpyArray array;
    if (npy_read(path, arena, &array, error)) return -1;
    const size_t count = npy_count(&array);
    if (array.rank < 2 || count == 0)
        return error_set(error, "%s has no rows: expected an array of two or more dimensions with none of length 0",
                         path);
    *rows = (Rows){.n = array.shape[0], .length = count / array.shape[0]};
    if (array.type == NPY_F4) {
        rows->f4 = array.data;
    } else if (array.type == NPY_F8) {
        rows->f8 = array.data;
    } else if (array.type == NPY_U1) {
        const unsigned char *bytes = array.data;
        float *values = arena_alloc(arena, count, sizeof *values);
        for (size_t i = 0; i < count; i++) values[i] = (float)bytes[i];
        rows->f4 = values;
    } else {
        const int64_t *integers = array.data;
        double *values = arena_alloc(arena, count, sizeof *values);
        for (size_t i = 0; i < count; i++) values[i] = (double)integers[i];
        rows->f8 = values;
    }
    Error problem = {""};
    return rows_check_finite(rows, &problem) ? error_set(error, "%s: %s", path, problem.text) : 0;
}

int label_file_read(const char *path, size_t n, const char *rows_path, Arena *arena, uint16_t **labels, Error *error) {
    NpyArray array;
    if (npy_read(path, arena, &array, error)) return -1;
    if (array.rank != 1 || (array.type != NPY_U1 && array.type != NPY_I8))
        return error_set(error, "%s holds no labels: expected one dimension of uint8 or int64", path);
    if (array.shape[0] != n)
        return error_set(error, "%s has %zu labels, but %s has %zu rows", path, array.shape[0], rows_path, n);
    *labels = arena_alloc(arena, n, sizeof **labels);
    for (size_t i = 0; i < n; i++) {
        const int64_t label = array.type == NPY_U1 ? ((unsigned char *)array.data)[i] : ((int64_t *)array.data)[i];
        if (label < 0 || label > UINT16_MAX)
            return error_set(error, "%s: label %lld in row %zu (counted from 0): expected 0 to 65535", path,
                             (long long)label, i);
        (*labels)[i] = (uint16_t)label;
    }
    return 0;
}

int row_command_threads(const Options *options, Error *error) {
    const Command command = {.options = *options};
    int threads;
    if (command_threads(&command, &threads, error)) return -1;
#ifdef _OPENMP
    if (options_given(options, "threads")) omp_set_num_threads(threads);
#endif
    return 0;
}

int row_command_metric(const Options *options, int *metric, Error *error) {
    static const char *const metrics[] = {"euclidean", "cosine", NULL};
    return options_choice(options, "metric", metrics, metric, error);
}
