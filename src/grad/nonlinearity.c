#include "grad/nonlinearity.h"

#include "grad/elementwise.h"
#include "grad/pointwise.h"
#include "kernels/nonlinearity.h"

/* ---- without a parameter: a row of the value, and one of g times the derivative ---- */

static void rule_swish(Tape *t, Var node, Var g, unsigned wanted, Var *out) {
    if (wants(wanted, 0)) out[0] = op_swish_gradient(t, node->input[0], g);
}

/* The second derivative is s (1 - s) (2 + x (1 - 2 s)), s = sigmoid(x). */
static void rule_swish_gradient(Tape *t, Var node, Var g, unsigned wanted, Var *out) {
    Var x = node->input[0];
    if (wants(wanted, 1)) out[1] = op_swish_gradient(t, x, g);
    if (!wants(wanted, 0)) return;
    Var s = op_sigmoid(t, x), slope = op_sub(t, s, op_mul(t, s, s));
    Var bend = op_mul(t, x, op_add_constant(t, op_scale(t, s, -2), 1));
    Var curvature = op_mul(t, slope, op_add_constant(t, bend, 2));
    out[0] = op_mul(t, op_mul(t, g, node->input[1]), curvature);
}

static void rule_gelu(Tape *t, Var node, Var g, unsigned wanted, Var *out) {
    if (wants(wanted, 0)) out[0] = op_gelu_gradient(t, node->input[0], g);
}

/* The second derivative is exp(-x^2 / 2) (2 - x^2) / sqrt(2 pi). */
static void rule_gelu_gradient(Tape *t, Var node, Var g, unsigned wanted, Var *out) {
    Var x = node->input[0];
    if (wants(wanted, 1)) out[1] = op_gelu_gradient(t, x, g);
    if (!wants(wanted, 0)) return;
    Var square = op_mul(t, x, x);
    Var density = op_scale(t, op_exp(t, op_scale(t, square, REAL(-0.5))), REAL(0.39894228040143268));
    Var curvature = op_mul(t, density, op_add_constant(t, op_scale(t, square, -1), 2));
    out[0] = op_mul(t, op_mul(t, g, node->input[1]), curvature);
}

static void rule_softplus(Tape *t, Var node, Var g, unsigned wanted, Var *out) {
    if (wants(wanted, 0)) out[0] = op_mul(t, g, op_sigmoid(t, node->input[0]));
}

static const Primitive row_swish = {"swish", forward_unary, rule_swish, sizeof(Unary)},
                       row_swish_gradient = {"swish_gradient", forward_binary, rule_swish_gradient, sizeof(Binary)},
                       row_gelu = {"gelu", forward_unary, rule_gelu, sizeof(Unary)},
                       row_gelu_gradient = {"gelu_gradient", forward_binary, rule_gelu_gradient, sizeof(Binary)},
                       row_softplus = {"softplus", forward_unary, rule_softplus, sizeof(Unary)};

Var op_swish(Tape *t, Var x) {
    return apply_unary(t, &row_swish, vector_swish, x);
}

Var op_swish_gradient(Tape *t, Var x, Var g) {
    return apply_binary(t, &row_swish_gradient, vector_swish_gradient, x, g);
}

Var op_gelu(Tape *t, Var x) {
    return apply_unary(t, &row_gelu, vector_gelu, x);
}

Var op_gelu_gradient(Tape *t, Var x, Var g) {
    return apply_binary(t, &row_gelu_gradient, vector_gelu_gradient, x, g);
}

Var op_softplus(Tape *t, Var x) {
    return apply_unary(t, &row_softplus, vector_softplus, x);
}

/* ---- with a parameter, which is the attribute ---- */

static void forward_elu(Tape *t, Node *node, real *out) {
    (void)t;
    vector_elu(shape_count(node->shape), *(const real *)node->attributes, node->input[0]->data, out);
}

static void rule_elu(Tape *t, Var node, Var g, unsigned wanted, Var *out) {
    if (wants(wanted, 0)) out[0] = op_elu_gradient(t, node->input[0], g, *(const real *)node->attributes);
}

static void forward_elu_gradient(Tape *t, Node *node, real *out) {
    (void)t;
    vector_elu_gradient(shape_count(node->shape), *(const real *)node->attributes, node->input[0]->data,
                        node->input[1]->data, out);
}

/* The second derivative is the first where x <= 0, and 0 above. */
static void rule_elu_gradient(Tape *t, Var node, Var g, unsigned wanted, Var *out) {
    Var x = node->input[0];
    const real alpha = *(const real *)node->attributes;
    if (wants(wanted, 1)) out[1] = op_elu_gradient(t, x, g, alpha);
    if (!wants(wanted, 0)) return;
    Var both = op_mul(t, g, node->input[1]), all = op_elu_gradient(t, x, both, alpha);
    out[0] = op_sub(t, all, op_relu_gate(t, x, both));
}

static void forward_leaky_relu(Tape *t, Node *node, real *out) {
    (void)t;
    vector_leaky_relu(shape_count(node->shape), *(const real *)node->attributes, node->input[0]->data, out);
}

static void rule_leaky_relu(Tape *t, Var node, Var g, unsigned wanted, Var *out) {
    if (wants(wanted, 0)) out[0] = op_leaky_relu_gradient(t, node->input[0], g, *(const real *)node->attributes);
}

static void forward_leaky_relu_gradient(Tape *t, Node *node, real *out) {
    (void)t;
    vector_leaky_relu_gradient(shape_count(node->shape), *(const real *)node->attributes, node->input[0]->data,
                               node->input[1]->data, out);
}

/* The slope does not change with x. */
static void rule_leaky_relu_gradient(Tape *t, Var node, Var g, unsigned wanted, Var *out) {
    if (wants(wanted, 1)) out[1] = op_leaky_relu_gradient(t, node->input[0], g, *(const real *)node->attributes);
}

static const Primitive row_elu = {"elu", forward_elu, rule_elu, sizeof(real)},
                       row_elu_gradient = {"elu_gradient", forward_elu_gradient, rule_elu_gradient, sizeof(real)},
                       row_leaky_relu = {"leaky_relu", forward_leaky_relu, rule_leaky_relu, sizeof(real)},
                       row_leaky_relu_gradient = {"leaky_relu_gradient", forward_leaky_relu_gradient,
                                                  rule_leaky_relu_gradient, sizeof(real)};

Var op_elu(Tape *t, Var x, real alpha) {
    return tape_apply(t, &row_elu, x->shape, &alpha, 1, &x);
}

Var op_elu_gradient(Tape *t, Var x, Var g, real alpha) {
    shape_require(shape_equal(x->shape, g->shape), "elu_gradient", x->shape, g->shape);
    return tape_apply(t, &row_elu_gradient, x->shape, &alpha, 2, (const Var[]){x, g});
}

Var op_leaky_relu(Tape *t, Var x, real slope) {
    return tape_apply(t, &row_leaky_relu, x->shape, &slope, 1, &x);
}

Var op_leaky_relu_gradient(Tape *t, Var x, Var g, real slope) {
    shape_require(shape_equal(x->shape, g->shape), "leaky_relu_gradient", x->shape, g->shape);
    return tape_apply(t, &row_leaky_relu_gradient, x->shape, &slope, 2, (const Var[]){x, g});
}

const Primitive *const nonlinearity_primitives[] = {
    &row_swish, &row_swish_gradient, &row_gelu,       &row_gelu_gradient,       &row_softplus,
    &row_elu,   &row_elu_gradient,   &row_leaky_relu, &row_leaky_relu_gradient, NULL};
