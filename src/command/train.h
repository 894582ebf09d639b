/* scaledown train MODEL: one training run from the command line, on generated or given data. */
#ifndef SCALEDOWN_COMMAND_TRAIN_H
#define SCALEDOWN_COMMAND_TRAIN_H

#include "base/error.h"

/* argv[0] is the first word after "train".  Prints evaluations to standard output as CSV, the last one after the last
 * update: step (updates made so far), loss in nats and accuracy in per cent of the training set and, where there is
 * one, the test set.  Where asked, writes the losses of the steps (header step,train_loss: the loss of the minibatch
 * before its update), the flat parameters (.npy, f4) before and after, and a trace of state (base/state_trace.h).  Files
 * appear whole, and only when the training went to its end.
 *
 * A run whose loss is no longer finite has diverged: it makes no further update, "diverged" stands for every value from
 * there on, in the trace as in the evaluations, which is said on standard error.  That is a result, not a failure.
 *
 * Returns 0, 1 on failure, 2 when the words are at fault; then with error. */
int train_command(int argc, char **argv, Error *error);

#endif
