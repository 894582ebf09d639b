/* scaledown train inception-v3: Inception v3 on folders of JPEG files, as on ImageNet. */
#ifndef SCALEDOWN_COMMAND_TRAIN_IMAGES_H
#define SCALEDOWN_COMMAND_TRAIN_IMAGES_H

#include "base/error.h"

/* argv[0] is the first word after "train".  Prints CSV, a line after every epoch and after the last update: epoch (completed),
 * updates, and of the training set, as it went through the epoch, and the test set the loss in nats and the accuracies in per
 * cent of the first and of the first five
 * classes.  The training loss has the auxiliary head's part.  A checkpoint (checkpoint.h) that is there is gone on from.
 *
 * Returns 0, 1 on failure, 2 when the words are at fault; then with error.  A run whose loss is no longer finite
 * ends there, with a line that says so, and keeps its last checkpoint: that is a result, not a failure. */
int train_images_command(int argc, char **argv, Error *error);

#endif
