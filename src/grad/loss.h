/* Loss functions.  Chains: kernels/loss.h. */
#ifndef SCALEDOWN_GRAD_LOSS_H
#define SCALEDOWN_GRAD_LOSS_H

#include "grad/tape.h"

/* The softmax cross-entropy of logits [classes][n] and labels [n], each below classes: the mean over the n examples, in
 * nats, one element.  Borrows labels until reset. */
Var op_softmax_cross_entropy(Tape *t, Var logits, const uint16_t *labels);

extern const Primitive *const loss_primitives[]; /* ends with NULL; for tests */

#endif
