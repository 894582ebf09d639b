/* Tensors, the tape and reverse-mode differentiation of any order.
 *
 * A tape is an arena of nodes in the order they were computed.  Applying a primitive computes its value at once
 * and appends a node.  A derivative rule is written in the same primitives, so tape_gradient only appends more
 * nodes, and its results can be differentiated again.
 *
 * A fused primitive is one more row of the table with a kernel of its own, a fused backward (a row too), and
 * the unfused composition it stands for: the derivative of its backward is that of the composition.
 *
 * The order of the nodes decides in which order the contributions to a gradient are added.  C leaves the order of
 * a call's arguments to the compiler: never let two arguments of one call append nodes.
 *
 * Shapes are row-major, rank 0..3, examples innermost (kernels.h).  A wrong shape is a bug in the caller: it is
 * reported on standard error with both shapes and aborts. */
#ifndef SCALEDOWN_GRAD_TAPE_H
#define SCALEDOWN_GRAD_TAPE_H

#include <stddef.h>
#include <stdint.h>

#include "base/real.h"
#include "kernels/kernels.h"
#include "kernels/sparse.h"

typedef struct Shape {
    int rank;
    size_t dim[3];
} Shape;
Shape shape_scalar(void);
Shape shape_vector(size_t n);
Shape shape_matrix(size_t rows, size_t columns);
Shape shape_signal(size_t channels, size_t length, size_t batch);
size_t shape_count(Shape shape);

typedef struct Tape Tape;
typedef struct Node Node;
typedef const Node *Var; /* valid until the tape is reset */

Tape *tape_create(void);
void tape_destroy(Tape *tape);
void tape_reset(Tape *tape); /* forget all nodes, keep the memory */
size_t tape_peak_bytes(const Tape *tape);
/* Between record and replay, costly primitives keep their results across resets; after tape_replay the same primitives
 * with the same arguments, in the same order, find those from position to end again, and further ones compute anew.
 * Until the first tape_record a tape keeps nothing. */
void tape_record(Tape *tape);
size_t tape_position(const Tape *tape); /* results recorded so far */
void tape_replay(Tape *tape, size_t position, size_t end);

Var tape_input(Tape *tape, Shape shape, const real *data);   /* a leaf; borrows data until reset */
Var tape_copy_of(Tape *tape, Shape shape, const real *data); /* a leaf that owns a copy */
Var tape_fill(Tape *tape, Shape shape, real value);
const real *var_data(Var v);
Shape var_shape(Var v);
real var_scalar(Var v); /* the value of a one-element tensor */

/* gradients[i] = d output / d wrt[i], appended to the tape; output has one element.  A wrt that output does not
 * depend on gives zeros.  Only nodes on a path from some wrt to output cost anything. */
void tape_gradient(Tape *tape, Var output, size_t count, const Var *wrt, Var *gradients);
/* The same for an output of any shape with the given seed of its shape (vector-Jacobian product). */
void tape_vjp(Tape *tape, Var output, Var seed, size_t count, const Var *wrt, Var *gradients);
/* The sum of such products over several outputs, in one walk; seeds of one node are added in the order given. */
void tape_vjp_many(Tape *tape, size_t n_outputs, const Var *outputs, const Var *seeds, size_t count, const Var *wrt,
                   Var *gradients);

/* ---- primitives: elementwise on equal shapes ---- */
Var op_add(Tape *t, Var a, Var b);
Var op_sub(Tape *t, Var a, Var b);
Var op_mul(Tape *t, Var a, Var b);
Var op_div(Tape *t, Var a, Var b);
Var op_scale(Tape *t, Var a, real factor); /* by a constant */
Var op_add_constant(Tape *t, Var a, real constant);
Var op_exp(Tape *t, Var a);
Var op_log(Tape *t, Var a);
Var op_sqrt(Tape *t, Var a);
Var op_tanh(Tape *t, Var a);
Var op_sigmoid(Tape *t, Var a);
Var op_relu(Tape *t, Var a);
Var op_relu_gate(Tape *t, Var y, Var g); /* g where y > 0, else 0; derivative with respect to g only */
/* ---- shape ---- */
Var op_reshape(Tape *t, Var a, Shape shape);              /* a view */
Var op_transpose(Tape *t, Var a);                         /* [r][c] -> [c][r] */
Var op_slice(Tape *t, Var a, size_t offset, Shape shape); /* contiguous elements from offset of the flat data; a view */
Var op_embed(Tape *t, Var a, size_t offset,
             Shape shape);            /* zeros of shape with a's elements at offset: slice's adjoint */
Var op_concat(Tape *t, Var a, Var b); /* along the first dimension */
/* ---- broadcast and sum, adjoint pairs ---- */
Var op_expand(Tape *t, Var a, Shape shape);            /* one element to every element */
Var op_sum(Tape *t, Var a);                            /* every element to one */
Var op_expand_columns(Tape *t, Var a, size_t columns); /* [rows] -> [rows][columns], a[r] along row r */
Var op_sum_columns(Tape *t, Var a);                    /* [rows][columns] -> [rows] (row_sums) */
Var op_expand_rows(Tape *t, Var a, size_t rows);       /* [columns] -> [rows][columns] */
Var op_sum_rows(Tape *t, Var a);                       /* [rows][columns] -> [columns] (column_sums) */
/* ---- products: the three transposes are closed under differentiation, as are the three convolutions ---- */
Var op_matmul_nn(Tape *t, Var a, Var b);
Var op_matmul_tn(Tape *t, Var a, Var b);
Var op_matmul_nt(Tape *t, Var a, Var b);
typedef struct ConvGeometry {
    size_t stride, padding;
} ConvGeometry;
Var op_conv1d(Tape *t, Var x, Var weight, ConvGeometry g); /* [ci][l][n], [co][ci][k] (rank 3) */
Var op_conv1d_input_gradient(Tape *t, Var gy, Var weight, size_t length, ConvGeometry g);
Var op_conv1d_weight_gradient(Tape *t, Var gy, Var x, size_t width, ConvGeometry g);
/* ---- pooling over pairs of positions of [c][l][n] (kernels.h): maxima, averages, Euclidean norms.  The gradient of a
 * norm of 0 is 0.  The others are what their derivatives of any order are made of. ---- */
Var op_max_pool(Tape *t, Var x);
Var op_relu_max_pool(Tape *t, Var x); /* op_max_pool of op_relu, bit for bit but for NaN, and in one pass */
/* op_relu_max_pool of op_conv1d_bias, bit for bit, of which the large tensor is never in memory */
Var op_conv1d_relu_max_pool(Tape *t, Var x, Var weight, Var bias, ConvGeometry g);
Var op_average_pool(Tape *t, Var x);
Var op_l2_pool(Tape *t, Var x);
/* Given the maxima of one of the three: of each pair of values the one taken, or 0; gy at the one taken, else 0. */
Var op_chosen_pool(Tape *t, Var maxima, Var values);
Var op_chosen_unpool(Tape *t, Var maxima, Var gy);
Var op_sum_pool(Tape *t, Var x, real factor);
Var op_sum_unpool(Tape *t, Var gy, real factor, size_t length); /* its adjoint */
Var op_l2_unpool(Tape *t, Var x, Var y, Var gy);                /* x times gy / y of its pair, 0 where y is 0 */
Var op_divide_or_zero(Tape *t, Var a, Var b);                   /* a / b where b > 0, else 0 */
/* ---- fused ---- */
Var op_linear(Tape *t, Var weight, Var bias, Var x, Activation activation); /* [out][in] [out] [in][n] */
Var op_conv1d_bias(Tape *t, Var x, Var weight, Var bias, ConvGeometry g, Activation activation);
Var op_softmax_cross_entropy(Tape *t, Var logits, const uint8_t *labels); /* borrows labels until reset */
/* Bidirectional gated recurrent unit: x [length][in][n] -> [length][2h][n], the forward direction's h rows first in
 * every time step (PyTorch's order).  weights: w_ih [3h][in], w_hh [3h][h], b_ih [3h], b_hh [3h] of the forward
 * direction, then the same of the reverse one. */
#define GRU_WEIGHTS 8
Var op_bidirectional_gru(Tape *t, Var x, const Var weights[GRU_WEIGHTS]);

/* ---- a linear layer whose weights are those of a pattern (kernels/sparse.h), borrowed until reset: values [count],
 * bias [out], x [in][n]; and its two products, g [out][n]. ---- */
Var op_sparse_linear(Tape *t, Var values, Var bias, Var x, const SparsePattern *pattern, Activation activation);
Var op_sparse_input_gradient(Tape *t, Var values, Var g, const SparsePattern *pattern); /* -> [in][n] */
Var op_sparse_weight_gradient(Tape *t, Var g, Var x, const SparsePattern *pattern);     /* -> [count] */

/* ---- a learned activation function (kernels/learned_activation.h) of x, elementwise: elu(x) + scale times a network
 * of one hidden layer, w1 [units] b1 [units] w2 [units] b2 of one element, or two, w1 [units1] b1 [units1] w2
 * [units2][units1] b2 [units2] w3 [units2] b3 of one element.  Costly, so it is kept by a recording tape. ---- */
Var op_learned_activation(Tape *t, Var x, size_t n_network, const Var *network, real scale);

/* ---- the table, for tests that must visit every primitive ---- */
size_t primitive_count(void);
const char *primitive_name(size_t index);
size_t tape_count_of(const Tape *tape, const char *primitive); /* nodes of that primitive; "leaf" counts inputs */

#endif
