/* A training on the disk, to go on from there with the bits it would have had without a break: what it is, how far it got, and
 * all numbers that it changes.
 *
 * The file has lines name,value: "scaledown checkpoint,1", those of the identity, and how far it got; an empty line; then the
 * weights, the buffers and the optimiser's moments as binary32, lowest byte first; then the SHA-256 of all before it. */
#ifndef SCALEDOWN_COMMAND_CHECKPOINT_H
#define SCALEDOWN_COMMAND_CHECKPOINT_H

#include "nn/fit.h"

/* identity: lines name,value that say what the training is, as far as its numbers depend on it. */
int checkpoint_write(const char *path, const char *identity, const Learner *learner, const FitState *state,
                     Error *error);
/* Fills the learner's weights and buffers, and the state, whose moments are the caller's, v NULL where there is none.  A file
 * that is damaged, or of a training of another identity, is an error, which names the line where the two differ; what is filled
 * is then not to be used. */
int checkpoint_read(const char *path, const char *identity, Learner *learner, FitState *state, Error *error);

#endif
