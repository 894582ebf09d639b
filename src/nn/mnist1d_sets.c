#include "nn/mnist1d_sets.h"

int mnist1d_fresh_set(size_t count, const Mnist1dOptions *options, const Mnist1d *set, const size_t *columns,
                      Arena *arena, LabelledSet *fresh, Error *error) {
    FreshTest drawn;
    if (fresh_test_make(count, options, set, arena, &drawn, error)) return -1;
    *fresh = set_of_rows(drawn.n, drawn.length, MNIST1D_CLASSES, drawn.rows, drawn.labels, columns, arena);
    return 0;
}

int mnist1d_sets_make(const Mnist1dOptions *options, size_t batch, size_t fresh, Arena *arena, Mnist1dSets *sets,
                      Error *error) {
    const char *fault = mnist1d_check(options);
    if (fault) return error_set(error, "option --num-samples: %s", fault);
    Mnist1d raw;
    if (mnist1d_make(options, arena, &raw, error)) return -1;
    if (batch == 0 || raw.n_train % batch)
        return error_set(error, "option --batch: %zu does not divide the %zu training examples", batch, raw.n_train);
    const float *train = mnist1d_binary32(raw.n_train * raw.length, raw.x, arena);
    const float *test = mnist1d_binary32(raw.n_test * raw.length, raw.x_test, arena);
    sets->train = set_of_rows(raw.n_train, raw.length, MNIST1D_CLASSES, train, raw.y, NULL, arena);
    sets->test = set_of_rows(raw.n_test, raw.length, MNIST1D_CLASSES, test, raw.y_test, NULL, arena);
    return mnist1d_fresh_set(fresh, options, &raw, NULL, arena, &sets->fresh, error);
}
