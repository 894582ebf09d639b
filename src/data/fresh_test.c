#include "data/fresh_test.h"

int fresh_test_make(size_t count, const Mnist1dOptions *options, const Mnist1d *set, Arena *arena, Mnist1dPart *fresh,
                    Error *error) {
    *fresh = (Mnist1dPart){.n = 0};
    if (!count) return 0;
    if (count % MNIST1D_CLASSES)
        return error_set(
            error, "option --fresh-examples: %zu signals: each of the %d classes has as many, so give a multiple of %d",
            count, MNIST1D_CLASSES, MNIST1D_CLASSES);
    if (options->shuffle_seq)
        return error_set(error, "option --fresh-examples: signals of a set with shuffle-seq: its order of positions "
                                "belongs to its seed; leave shuffle-seq and permute the positions by "
                                "mnist1d_feature_order");
    Mnist1dOptions drawn = *options;
    drawn.num_samples = count;
    drawn.seed = FRESH_TEST_SEED;
    Mnist1d raw;
    if (mnist1d_make(&drawn, arena, &raw, error)) return -1;
    const size_t values = count * raw.length;
    for (size_t i = 0; i < values; i++) raw.x[i] = (raw.x[i] * raw.sd + raw.mean - set->mean) / set->sd;
    *fresh = (Mnist1dPart){count, mnist1d_binary32(values, raw.x, arena), raw.y};
    return 0;
}

int mnist1d_parts_make(const Mnist1dOptions *options, size_t fresh, Arena *arena, Mnist1dParts *parts, Error *error) {
    Mnist1d set;
    if (mnist1d_make(options, arena, &set, error)) return -1;
    float *rows = mnist1d_binary32((set.n_train + set.n_test) * set.length, set.x, arena);
    *parts = (Mnist1dParts){.length = set.length,
                            .train = {set.n_train, rows, set.y},
                            .test = {set.n_test, rows + set.n_train * set.length, set.y_test},
                            .stream = set.stream};
    return fresh_test_make(fresh, options, &set, arena, &parts->fresh, error);
}
