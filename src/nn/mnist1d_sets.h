/* MNIST-1D in binary32, ready to train on: training set, test set and fresh test signals. */
#ifndef SCALEDOWN_NN_MNIST1D_SETS_H
#define SCALEDOWN_NN_MNIST1D_SETS_H

#include "data/fresh_test.h"
#include "nn/fit.h"

typedef struct Mnist1dSets {
    LabelledSet train, test;
    LabelledSet fresh; /* as many as are asked for */
} Mnist1dSets;

/* For training on minibatches of so many examples, which must divide the training set; fresh signals: 0 or more.  Errors
 * name the options --num-samples, --batch and --fresh-examples, by which methods offer them. */
int mnist1d_sets_make(const Mnist1dOptions *options, size_t batch, size_t fresh, Arena *arena, Mnist1dSets *sets,
                      Error *error);
/* The signals of fresh_test_make, their positions in the order of columns [length], or as they are if it is NULL.  Errors
 * name the option --fresh-examples. */
int mnist1d_fresh_set(size_t count, const Mnist1dOptions *options, const Mnist1d *set, const size_t *columns,
                      Arena *arena, LabelledSet *fresh, Error *error);

#endif
