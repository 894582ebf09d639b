/* Inside grad: fused primitives whose gradient has a kernel of its own.
 *
 * Such a primitive is two rows: the forward one, and a backward one whose inputs are those of the forward row and the
 * output's gradient, and whose data is the concatenation of the gradients it computes.  The derivative of the backward
 * row is that of the reference: the unfused composition of the forward pass. */
#ifndef SCALEDOWN_GRAD_FUSED_H
#define SCALEDOWN_GRAD_FUSED_H

#include "grad/tape.h"

/* The attributes of every backward row. */
typedef struct Backward {
    Var forward;       /* the node whose gradients these are */
    unsigned computed; /* the bits of the inputs whose gradients the data holds, in order of the inputs */
} Backward;

/* The rule of a forward row: one backward node with the gradients of all computed inputs (at least those wanted), of
 * which out gets slices. */
void fused_rule(Tape *tape, const Primitive *backward, Var node, Var g, unsigned computed, unsigned wanted, Var *out);

/* Given views of the inputs of a forward node, its output built of unfused primitives. */
typedef Var Reference(Tape *tape, Var forward, const Var *inputs);
/* The rule of a backward row: differentiates the gradient of the reference.  It starts from fresh views of the inputs,
 * so that its two walks mark only nodes made here, and not those of the walk that called the rule. */
void fused_backward_rule(Tape *tape, Reference *reference, Var node, Var g, unsigned wanted, Var *out);

#endif
