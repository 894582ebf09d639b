/* MNIST-1D for learners: training set, test set and fresh test signals as labelled sets. */
#ifndef SCALEDOWN_NN_MNIST1D_SETS_H
#define SCALEDOWN_NN_MNIST1D_SETS_H

#include "data/fresh_test.h"
#include "nn/fit.h"

typedef struct Mnist1dSets {
    LabelledSet train, test;
    LabelledSet fresh; /* n 0: there are none */
} Mnist1dSets;

/* Positions in the order of columns [length]; NULL: as they are, and then rows are borrowed. */
LabelledSet mnist1d_set(const Mnist1dPart *part, size_t length, const size_t *columns, Arena *arena);
Mnist1dSets mnist1d_sets_of(const Mnist1dParts *parts, const size_t *columns, Arena *arena);

#endif
