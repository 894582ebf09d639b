/* MNIST-1D in binary32, ready to train on: the training set in minibatches of consecutive examples, the test set, and
 * its first examples as a set of their own. */
#ifndef SCALEDOWN_NN_MNIST1D_SETS_H
#define SCALEDOWN_NN_MNIST1D_SETS_H

#include "data/mnist1d.h"
#include "nn/train.h"

typedef struct Mnist1dSets {
    Batches train;
    Examples test;
    Examples first; /* of the test set, as many as are asked for, or all */
} Mnist1dSets;

/* first: how many examples Mnist1dSets.first shall have, 0 or more.  Errors name the options --num-samples and --batch, by
 * which methods offer them. */
int mnist1d_sets_make(const Mnist1dOptions *options, size_t batch, size_t first, Arena *arena, Mnist1dSets *sets,
                      Error *error);

#endif
