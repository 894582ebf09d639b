/* MNIST-1D in binary32, ready to train on: the training set in minibatches of consecutive examples, the test set, its
 * first examples as a set of their own, and fresh test signals. */
#ifndef SCALEDOWN_NN_MNIST1D_SETS_H
#define SCALEDOWN_NN_MNIST1D_SETS_H

#include "data/fresh_test.h"
#include "nn/fit.h"
#include "nn/train.h"

typedef struct Mnist1dSets {
    Batches train;
    Examples test;
    Examples first; /* of the test set, as many as are asked for, or all */
    Examples fresh; /* as many as are asked for */
} Mnist1dSets;

/* first, fresh: how many examples Mnist1dSets.first and .fresh shall have, 0 or more.  Errors name the options
 * --num-samples and --batch, by which methods offer them. */
int mnist1d_sets_make(const Mnist1dOptions *options, size_t batch, size_t first, size_t fresh, Arena *arena,
                      Mnist1dSets *sets, Error *error);
/* The signals of fresh_test_make, their positions in the order of columns [length], or as they are if it is NULL.  Of
 * none, only n and inputs of `fresh` mean something.  Errors name the option --fresh-examples. */
int mnist1d_fresh_examples(size_t count, const Mnist1dOptions *options, const Mnist1d *set, const size_t *columns,
                           Arena *arena, Examples *fresh, Error *error);
/* Likewise as a set for learners. */
int mnist1d_fresh_set(size_t count, const Mnist1dOptions *options, const Mnist1d *set, const size_t *columns,
                      Arena *arena, LabelledSet *fresh, Error *error);

#endif
