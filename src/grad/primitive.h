/* Inside grad: what a primitive and a node are.
 *
 * A primitive is one file's matter: its row (name, forward kernel, derivative rule), its attributes, and the op_
 * function that checks shapes and applies it.  The file ends with the list of its rows, which the tests put together to
 * a table. */
#ifndef SCALEDOWN_GRAD_PRIMITIVE_H
#define SCALEDOWN_GRAD_PRIMITIVE_H

#include "grad/tape.h"

struct Primitive {
    const char *name;
    void (*forward)(Tape *tape, Node *node, real *out); /* fills the node's data; NULL for views and leaves */
    /* Gradients of the inputs whose bit is set in wanted, given the gradient g of the output; what is left NULL is
     * zero.  Written in primitives, so that it can be differentiated again. */
    void (*rule)(Tape *tape, Var node, Var g, unsigned wanted, Var *gradients);
    size_t attributes_size; /* of the struct that every node of this primitive has in its attributes; 0: none */
};

enum { MOST_INPUTS = 32 }; /* of a node: the bits of wanted */
static inline int wants(unsigned wanted, unsigned input) {
    return wanted >> input & 1;
}

struct Node {
    const Primitive *primitive;
    const real *data;
    Shape shape;
    size_t index; /* position on the tape */
    Node *previous, *next;
    Var adjoint;      /* of the last tape_vjp that walked here */
    size_t path;      /* the last tape_vjp that found this node to depend on its wrt */
    void *attributes; /* the primitive's own */
    unsigned n_inputs;
    Var input[];
};

void *tape_alloc(Tape *tape, size_t count, size_t size);
/* Memory for a costly primitive's results: the tape's, or, while it records, memory that outlives resets; *computed
 * says that a replay already holds the results. */
real *tape_kept(Tape *tape, size_t count, int *computed);
/* A node without data: the caller gives it some (views, leaves).  The row's attributes_size bytes are copied from
 * attributes.  More than MOST_INPUTS inputs are reported on standard error and abort. */
Node *tape_append(Tape *tape, const Primitive *row, Shape shape, const void *attributes, unsigned n_inputs,
                  const Var *inputs);
/* A node with data, computed. */
Var tape_apply(Tape *tape, const Primitive *row, Shape shape, const void *attributes, unsigned n_inputs,
               const Var *inputs);
size_t tape_new_walk(Tape *tape); /* a number that no walk over this tape has had */

#endif
