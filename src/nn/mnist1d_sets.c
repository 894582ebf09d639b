#include "nn/mnist1d_sets.h"

int mnist1d_fresh_examples(size_t count, const Mnist1dOptions *options, const Mnist1d *set, const size_t *columns,
                           Arena *arena, Examples *fresh, Error *error) {
    FreshTest drawn;
    if (fresh_test_make(count, options, set, arena, &drawn, error)) return -1;
    *fresh = (Examples){.inputs = drawn.length};
    if (drawn.n) *fresh = examples_make(drawn.n, drawn.length, drawn.rows, drawn.labels, columns, arena);
    return 0;
}

int mnist1d_fresh_set(size_t count, const Mnist1dOptions *options, const Mnist1d *set, const size_t *columns,
                      Arena *arena, LabelledSet *fresh, Error *error) {
    FreshTest drawn;
    if (fresh_test_make(count, options, set, arena, &drawn, error)) return -1;
    *fresh = set_of_rows(drawn.n, drawn.length, MNIST1D_CLASSES, drawn.rows, drawn.labels, columns, arena);
    return 0;
}

int mnist1d_sets_make(const Mnist1dOptions *options, size_t batch, size_t first, size_t fresh, Arena *arena,
                      Mnist1dSets *sets, Error *error) {
    const char *fault = mnist1d_check(options);
    if (fault) return error_set(error, "option --num-samples: %s", fault);
    Mnist1d raw;
    if (mnist1d_make(options, arena, &raw, error)) return -1;
    if (batch == 0 || raw.n_train % batch)
        return error_set(error, "option --batch: %zu does not divide the %zu training examples", batch, raw.n_train);
    const size_t length = raw.length;
    const float *train = mnist1d_binary32(raw.n_train * length, raw.x, arena);
    const float *test = mnist1d_binary32(raw.n_test * length, raw.x_test, arena);
    sets->test = examples_make(raw.n_test, length, test, raw.y_test, NULL, arena);
    sets->first = examples_make(first < raw.n_test ? first : raw.n_test, length, test, raw.y_test, NULL, arena);
    if (mnist1d_fresh_examples(fresh, options, &raw, NULL, arena, &sets->fresh, error)) return -1;
    return batches_make(raw.n_train, length, batch, train, raw.y, NULL, arena, &sets->train, error);
}
