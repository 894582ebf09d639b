/* Loss functions.  Chains: kernels/loss.h. */
#ifndef SCALEDOWN_GRAD_LOSS_H
#define SCALEDOWN_GRAD_LOSS_H

#include "grad/tape.h"

/* The softmax cross-entropy of logits [classes][n] and labels [n], each below classes: the mean over the n examples, in
 * nats, one element.  Borrows labels until reset. */
Var op_softmax_cross_entropy(Tape *t, Var logits, const uint16_t *labels);

/* Likewise towards (1 - smoothing) at the label and smoothing / classes everywhere (Szegedy et al. 2016): that cross-entropy,
 * and smoothing times the mean of (logit of the label - mean of the logits), which is linear. */
Var op_smoothed_cross_entropy(Tape *t, Var logits, const uint16_t *labels, double smoothing);

extern const Primitive *const loss_primitives[]; /* ends with NULL; for tests */

#endif
