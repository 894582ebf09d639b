#include "nn/mnist1d_sets.h"

LabelledSet mnist1d_set(const Mnist1dPart *part, size_t length, const size_t *columns, Arena *arena) {
    return set_of_rows(part->n, length, MNIST1D_CLASSES, part->rows, part->labels, columns, arena);
}

Mnist1dSets mnist1d_sets_of(const Mnist1dParts *parts, const size_t *columns, Arena *arena) {
    return (Mnist1dSets){.train = mnist1d_set(&parts->train, parts->length, columns, arena),
                         .test = mnist1d_set(&parts->test, parts->length, columns, arena),
                         .fresh = mnist1d_set(&parts->fresh, parts->length, columns, arena)};
}
