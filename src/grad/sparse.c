#include "grad/sparse.h"

#include "grad/elementwise.h"
#include "grad/primitive.h"
#include "grad/reduce.h"

/* The attributes of the three primitives; only the layer itself has an activation. */
typedef struct SparseLinear {
    const SparsePattern *pattern;
    Activation activation;
} SparseLinear;

static const SparsePattern *pattern_of(Var node) {
    return ((const SparseLinear *)node->attributes)->pattern;
}

static Activation activation_of(Var node) {
    return ((const SparseLinear *)node->attributes)->activation;
}

static Shape of_matrix(Var v, size_t rows) {
    return shape_matrix(rows, v->shape.dim[1]);
}

static void require(int holds, const char *primitive, Var a, Var b) {
    shape_require(holds, primitive, a->shape, b->shape);
}

static int is_vector(Var v, size_t count) {
    return shape_equal(v->shape, shape_vector(count));
}

static int is_matrix(Var v, size_t rows) {
    return v->shape.rank == 2 && v->shape.dim[0] == rows;
}

/* W x: the layer without a bias, whose sums start from 0 */
static Var product(Tape *t, Var values, Var x, const SparsePattern *pattern) {
    Var zero = tape_fill(t, shape_vector(pattern->out), 0);
    return op_sparse_linear(t, values, zero, x, pattern, ACTIVATION_NONE);
}

/* ---- forward ---- */

static void forward_linear(Tape *t, Node *node, real *out) {
    (void)t;
    Var x = node->input[2];
    masked_forward(pattern_of(node), x->shape.dim[1], node->input[0]->data, node->input[1]->data, x->data,
                   activation_of(node), out);
}

static void rule_linear(Tape *t, Var node, Var g, unsigned wanted, Var *out) {
    const SparsePattern *pattern = pattern_of(node);
    if (activation_of(node) == ACTIVATION_RELU) g = op_relu_gate(t, node, g);
    if (wants(wanted, 0)) out[0] = op_sparse_weight_gradient(t, g, node->input[2], pattern);
    if (wants(wanted, 1)) out[1] = op_sum_columns(t, g);
    if (wants(wanted, 2)) out[2] = op_sparse_input_gradient(t, node->input[0], g, pattern);
}

static const Primitive row_sparse_linear = {"sparse_linear", forward_linear, rule_linear, sizeof(SparseLinear)};

Var op_sparse_linear(Tape *t, Var values, Var bias, Var x, const SparsePattern *pattern, Activation activation) {
    require(is_vector(values, pattern->count) && is_matrix(x, pattern->in), "sparse_linear", values, x);
    require(is_vector(bias, pattern->out), "sparse_linear", values, bias);
    return tape_apply(t, &row_sparse_linear, of_matrix(x, pattern->out), &(SparseLinear){pattern, activation}, 3,
                      (const Var[]){values, bias, x});
}

/* ---- gradient of the input ---- */

static void forward_input_gradient(Tape *t, Node *node, real *out) {
    (void)t;
    Var g = node->input[1];
    masked_input_gradient(pattern_of(node), g->shape.dim[1], node->input[0]->data, g->data, out);
}

static void rule_input_gradient(Tape *t, Var node, Var g, unsigned wanted, Var *out) {
    const SparsePattern *pattern = pattern_of(node);
    if (wants(wanted, 0)) out[0] = op_sparse_weight_gradient(t, node->input[1], g, pattern);
    if (wants(wanted, 1)) out[1] = product(t, node->input[0], g, pattern);
}

static const Primitive row_sparse_input_gradient = {"sparse_input_gradient", forward_input_gradient,
                                                    rule_input_gradient, sizeof(SparseLinear)};

Var op_sparse_input_gradient(Tape *t, Var values, Var g, const SparsePattern *pattern) {
    require(is_vector(values, pattern->count) && is_matrix(g, pattern->out), "sparse_input_gradient", values, g);
    return tape_apply(t, &row_sparse_input_gradient, of_matrix(g, pattern->in),
                      &(SparseLinear){pattern, ACTIVATION_NONE}, 2, (const Var[]){values, g});
}

/* ---- gradient of the weights ---- */

static void forward_weight_gradient(Tape *t, Node *node, real *out) {
    (void)t;
    Var g = node->input[0];
    masked_weight_gradient(pattern_of(node), g->shape.dim[1], g->data, node->input[1]->data, out);
}

static void rule_weight_gradient(Tape *t, Var node, Var g, unsigned wanted, Var *out) {
    const SparsePattern *pattern = pattern_of(node);
    if (wants(wanted, 0)) out[0] = product(t, g, node->input[1], pattern);
    if (wants(wanted, 1)) out[1] = op_sparse_input_gradient(t, g, node->input[0], pattern);
}

static const Primitive row_sparse_weight_gradient = {"sparse_weight_gradient", forward_weight_gradient,
                                                     rule_weight_gradient, sizeof(SparseLinear)};

Var op_sparse_weight_gradient(Tape *t, Var g, Var x, const SparsePattern *pattern) {
    require(is_matrix(g, pattern->out) && is_matrix(x, pattern->in) && g->shape.dim[1] == x->shape.dim[1],
            "sparse_weight_gradient", g, x);
    return tape_apply(t, &row_sparse_weight_gradient, shape_vector(pattern->count),
                      &(SparseLinear){pattern, ACTIVATION_NONE}, 2, (const Var[]){g, x});
}

const Primitive *const sparse_primitives[] = {&row_sparse_linear, &row_sparse_input_gradient,
                                              &row_sparse_weight_gradient, NULL};
