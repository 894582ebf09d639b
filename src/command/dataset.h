/* scaledown dataset: write MNIST-1D in any size as .npy or .csv. */
#ifndef SCALEDOWN_COMMAND_DATASET_H
#define SCALEDOWN_COMMAND_DATASET_H

#include "base/error.h"

/* argv holds the words after "dataset".  Writes x, y, x_test, y_test, t, templates and dataset.csv into --out
 * (data/dataset_folder.h), all of them or, after an error, none, with whatever was there before untouched.  Returns 0,
 * 1 when that failed, 2 when the words are at fault; then with error. */
int dataset_command(int argc, char **argv, Error *error);

#endif
