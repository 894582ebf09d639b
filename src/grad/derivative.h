/* Reverse-mode differentiation of any order.  A primitive's rule is written in primitives, so a gradient only appends
 * nodes to the tape, and its results can be differentiated again. */
#ifndef SCALEDOWN_GRAD_DERIVATIVE_H
#define SCALEDOWN_GRAD_DERIVATIVE_H

#include "grad/tape.h"

/* gradients[i] = d output / d wrt[i], appended to the tape; output has one element.  A wrt that output does not
 * depend on gives zeros.  Only nodes on a path from some wrt to output cost anything. */
void tape_gradient(Tape *tape, Var output, size_t count, const Var *wrt, Var *gradients);
/* The same for an output of any shape with the given seed of its shape (vector-Jacobian product). */
void tape_vjp(Tape *tape, Var output, Var seed, size_t count, const Var *wrt, Var *gradients);
/* The sum of such products over several outputs, in one walk; seeds of one node are added in the order given. */
void tape_vjp_many(Tape *tape, size_t n_outputs, const Var *outputs, const Var *seeds, size_t count, const Var *wrt,
                   Var *gradients);

#endif
