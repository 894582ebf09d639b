#include "data/fresh_test.h"

int fresh_test_make(size_t count, const Mnist1dOptions *options, const Mnist1d *set, Arena *arena, FreshTest *fresh,
                    Error *error) {
    *fresh = (FreshTest){.n = 0, .length = set->length};
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
    *fresh = (FreshTest){count, raw.length, mnist1d_binary32(values, raw.x, arena), raw.y};
    return 0;
}
