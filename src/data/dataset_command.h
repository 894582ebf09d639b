/* scaledown dataset: write MNIST-1D in any size as .npy or .csv. */
#ifndef SCALEDOWN_DATA_DATASET_COMMAND_H
#define SCALEDOWN_DATA_DATASET_COMMAND_H

#include "base/error.h"

/* argv holds the words after "dataset".  Writes x, y, x_test, y_test and t into --out: all five or, after an error,
 * none, with whatever was there before untouched.  Returns 0, or -1 with error. */
int dataset_command(int argc, char **argv, Error *error);

#endif
