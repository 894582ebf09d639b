/* Dropout of elements and of channels (kernels/dropout.h).  p: the probability of dropping, of [0, 1]; with p = 0 the
 * result is x itself.  The batch is the last dimension of x.  noise is read at once and not kept. */
#ifndef SCALEDOWN_GRAD_DROPOUT_H
#define SCALEDOWN_GRAD_DROPOUT_H

#include "grad/tape.h"
#include "kernels/dropout.h"

Var op_dropout(Tape *t, Var x, double p, const DropoutNoise *noise);
Var op_channel_dropout(Tape *t, Var x, double p, const DropoutNoise *noise); /* [channels][...][batch] */

extern const Primitive *const dropout_primitives[]; /* ends with NULL; for tests */

#endif
