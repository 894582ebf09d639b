/* Tensors on a tape: an arena of nodes in the order they were computed.  Applying a primitive (elementwise.h, matmul.h
 * ... each file's op_ functions) computes its value at once and appends a node.  The tape knows no primitive: it has
 * the leaves and the memory.  derivative.h walks it backwards.
 *
 * The order of the nodes decides in which order the contributions to a gradient are added.  C leaves the order of
 * a call's arguments to the compiler: never let two arguments of one call append nodes. */
#ifndef SCALEDOWN_GRAD_TAPE_H
#define SCALEDOWN_GRAD_TAPE_H

#include <stddef.h>
#include <stdint.h>

#include "base/real.h"
#include "grad/shape.h"

typedef struct Tape Tape;
typedef struct Node Node;
typedef struct Primitive Primitive; /* primitive.h */
typedef const Node *Var;            /* valid until the tape is reset */

Tape *tape_create(void);
void tape_destroy(Tape *tape);
void tape_reset(Tape *tape); /* forget all nodes, keep the memory */
size_t tape_peak_bytes(const Tape *tape);
/* From here on the tape is one of shapes: primitives check and infer them and compute nothing, and a node that they make has
 * no data (NULL). */
void tape_only_shapes(Tape *tape);
/* Between tape_record and tape_replay, costly primitives keep their results across resets.  After tape_replay the same
 * primitives with the same arguments, in the same order, find the results number position to end - 1 again; further ones
 * are computed.  A tape that was never told to record keeps nothing. */
void tape_record(Tape *tape);
size_t tape_position(const Tape *tape); /* results recorded so far */
void tape_replay(Tape *tape, size_t position, size_t end);

Var tape_input(Tape *tape, Shape shape, const real *data); /* a leaf; borrows data until reset */
Var tape_fill(Tape *tape, Shape shape, real value);
const real *var_data(Var v);
Shape var_shape(Var v);
real var_scalar(Var v); /* the value of a one-element tensor */

size_t tape_count_of(const Tape *tape, const char *primitive); /* nodes of that primitive; "leaf" counts inputs */

#endif
