/* Batch normalisation (kernels/batch_norm.h) of x [channels][...]; gamma and beta [channels]. */
#ifndef SCALEDOWN_GRAD_BATCH_NORM_H
#define SCALEDOWN_GRAD_BATCH_NORM_H

#include "grad/tape.h"
#include "kernels/batch_norm.h"

/* In training: by the mean and the biased variance of x itself, which are differentiated with it.  A channel must have
 * more than one element. */
Var op_batch_norm(Tape *t, Var x, Var gamma, Var beta, double epsilon);
/* In evaluation: by given ones, [channels] each, borrowed until the tape is reset and constant. */
Var op_batch_norm_by(Tape *t, Var x, Var gamma, Var beta, double epsilon, const real *mean, const real *variance);
/* The statistics that a result of either was made with, on the tape: for batch_norm_running. */
const BatchNorm *batch_norm_of(Var normalised);

extern const Primitive *const batch_norm_primitives[]; /* ends with NULL; for tests */

#endif
