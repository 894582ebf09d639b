/* Inside grad: what a node and a row of the table of primitives are. */
#ifndef SCALEDOWN_GRAD_PRIMITIVE_H
#define SCALEDOWN_GRAD_PRIMITIVE_H

#include "base/arena.h"
#include "grad/tape.h"

typedef struct Primitive {
    const char *name;
    void (*forward)(Tape *tape, Node *node, real *out); /* fills the node's data; NULL for views and leaves */
    /* Gradients of the inputs whose bit is set in wanted, given the gradient g of the output; what is left NULL is
     * zero.  Written in primitives, so that it can be differentiated again. */
    void (*rule)(Tape *tape, Var node, Var g, unsigned wanted, Var *gradients);
    void (*unary)(size_t count, const real *a, real *out); /* the kernels of elementwise rows */
    void (*binary)(size_t count, const real *a, const real *b, real *out);
    /* Backward rows of fused primitives: the unfused composition of the forward pass from its inputs. */
    Var (*reference)(Tape *tape, Var backward, const Var *inputs);
} Primitive;

typedef struct Attributes {
    real constant;
    size_t offset; /* of a slice or an embedding */
    ConvGeometry geometry;
    Activation activation;
    const SparsePattern *pattern; /* borrowed */
    const uint8_t *labels;
    const int32_t *choice; /* of maxima: what was taken of each pair of a tensor of this shape */
    Shape chosen_of;
    real *saved;            /* what the forward kernel keeps for the backward one */
    Var source;             /* backward rows and what maxima chose: the forward node */
    unsigned gradient_mask; /* backward rows: the inputs whose gradients the data holds, in order of the inputs */
} Attributes;

struct Node {
    const Primitive *primitive;
    const real *data;
    Shape shape;
    size_t index; /* position on the tape */
    Node *previous, *next;
    Var adjoint; /* of the last tape_vjp that walked here */
    size_t path; /* the last tape_vjp that found this node to depend on its wrt */
    Attributes attributes;
    unsigned n_inputs;
    Var input[];
};

extern const Primitive *const primitive_table[]; /* ends with NULL */
extern const Primitive row_linear, row_conv1d_bias, row_softmax_cross_entropy, row_softmax_cross_entropy_backward,
    row_bidirectional_gru, row_bidirectional_gru_backward;                                       /* fused.c */
extern const Primitive row_sparse_linear, row_sparse_input_gradient, row_sparse_weight_gradient; /* sparse.c */
extern const Primitive row_max_pool, row_chosen_pool, row_chosen_unpool, row_conv1d_relu_max_pool, row_sum_pool,
    row_sum_unpool, row_divide_or_zero, row_l2_pool, row_l2_unpool; /* pooling.c */

extern const Primitive row_learned_activation, row_learned_activation_backward; /* learned_activation.c */

void *tape_alloc(Tape *tape, size_t count, size_t size);
/* Memory for a costly primitive's results: the tape's, or, while it records, memory that outlives resets; *computed
 * says that a replay already holds the results. */
real *tape_kept(Tape *tape, size_t count, int *computed);
/* A node without data: the caller gives it some (views, leaves). */
Node *tape_append(Tape *tape, const Primitive *row, Shape shape, Attributes attributes, unsigned n_inputs,
                  const Var *inputs);
/* A node with data, computed. */
Var tape_apply(Tape *tape, const Primitive *row, Shape shape, Attributes attributes, unsigned n_inputs,
               const Var *inputs);

void shape_require(int holds, const char *primitive, Shape a, Shape b); /* aborts with a message unless it holds */
int shape_equal(Shape a, Shape b);

/* The gradients of a convolution with bias, given that of its output before any activation. */
void conv1d_bias_gradients(Tape *tape, Var node, Var g, unsigned wanted, Var *gradients);
Conv1d conv1d_of(Shape x, Shape weight, ConvGeometry g);
Shape conv1d_shape(const char *primitive, Shape x, Shape weight, ConvGeometry g); /* of the output; checks */
/* The rule of every backward row: differentiates the gradient of its reference.  It starts from fresh views of the
 * inputs, so that both walks stay among the nodes made here and leave the marks of the walk that called alone. */
void reference_rule(Tape *tape, Var node, Var g, unsigned wanted, Var *gradients);
/* The join of count tensors along the first dimension, as a tree. */
Var concat_all(Tape *tape, size_t count, const Var *parts);
#endif
