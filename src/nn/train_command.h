/* `scaledown train MODEL`: one published training run from the command line. */
#ifndef SCALEDOWN_NN_TRAIN_COMMAND_H
#define SCALEDOWN_NN_TRAIN_COMMAND_H

#include "base/error.h"

/* argv[0] is the first word after "train".  Prints evaluations to standard output as CSV and, where asked, writes the
 * losses of the steps (header step,train_loss) and the flat parameters (.npy, float32) before and after.  Files appear
 * whole, and only when the training went to its end. */
int train_command(int argc, char **argv, Error *error);

#endif
