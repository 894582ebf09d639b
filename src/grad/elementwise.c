#include "grad/elementwise.h"

#include "grad/pointwise.h"
#include "kernels/elementwise.h"

/* ---- one operand ---- */

static void rule_exp(Tape *t, Var node, Var g, unsigned wanted, Var *out) {
    if (wants(wanted, 0)) out[0] = op_mul(t, g, node);
}

static void rule_log(Tape *t, Var node, Var g, unsigned wanted, Var *out) {
    if (wants(wanted, 0)) out[0] = op_div(t, g, node->input[0]);
}

static void rule_sqrt(Tape *t, Var node, Var g, unsigned wanted, Var *out) {
    if (wants(wanted, 0)) out[0] = op_scale(t, op_div(t, g, node), REAL(0.5));
}

static void rule_tanh(Tape *t, Var node, Var g, unsigned wanted, Var *out) { /* 1 - y^2 */
    if (wants(wanted, 0)) out[0] = op_mul(t, g, op_add_constant(t, op_scale(t, op_mul(t, node, node), -1), 1));
}

static void rule_sigmoid(Tape *t, Var node, Var g, unsigned wanted, Var *out) { /* y (1 - y) */
    if (wants(wanted, 0)) out[0] = op_mul(t, g, op_mul(t, node, op_add_constant(t, op_scale(t, node, -1), 1)));
}

static void rule_relu(Tape *t, Var node, Var g, unsigned wanted, Var *out) {
    if (wants(wanted, 0)) out[0] = op_relu_gate(t, node, g);
}

static const Primitive row_exp = {"exp", forward_unary, rule_exp, sizeof(Unary)},
                       row_log = {"log", forward_unary, rule_log, sizeof(Unary)},
                       row_sqrt = {"sqrt", forward_unary, rule_sqrt, sizeof(Unary)},
                       row_tanh = {"tanh", forward_unary, rule_tanh, sizeof(Unary)},
                       row_sigmoid = {"sigmoid", forward_unary, rule_sigmoid, sizeof(Unary)},
                       row_relu = {"relu", forward_unary, rule_relu, sizeof(Unary)};

Var op_exp(Tape *t, Var a) {
    return apply_unary(t, &row_exp, vector_exp, a);
}

Var op_log(Tape *t, Var a) {
    return apply_unary(t, &row_log, vector_log, a);
}

Var op_sqrt(Tape *t, Var a) {
    return apply_unary(t, &row_sqrt, vector_sqrt, a);
}

Var op_tanh(Tape *t, Var a) {
    return apply_unary(t, &row_tanh, vector_tanh, a);
}

Var op_sigmoid(Tape *t, Var a) {
    return apply_unary(t, &row_sigmoid, vector_sigmoid, a);
}

Var op_relu(Tape *t, Var a) {
    return apply_unary(t, &row_relu, vector_relu, a);
}

/* ---- two operands ---- */

static void rule_add(Tape *t, Var node, Var g, unsigned wanted, Var *out) {
    (void)t, (void)node;
    if (wants(wanted, 0)) out[0] = g;
    if (wants(wanted, 1)) out[1] = g;
}

static void rule_sub(Tape *t, Var node, Var g, unsigned wanted, Var *out) {
    (void)node;
    if (wants(wanted, 0)) out[0] = g;
    if (wants(wanted, 1)) out[1] = op_scale(t, g, -1);
}

static void rule_mul(Tape *t, Var node, Var g, unsigned wanted, Var *out) {
    if (wants(wanted, 0)) out[0] = op_mul(t, g, node->input[1]);
    if (wants(wanted, 1)) out[1] = op_mul(t, g, node->input[0]);
}

static void rule_div(Tape *t, Var node, Var g, unsigned wanted, Var *out) { /* y = a / b: dy/db = -y / b */
    Var quotient = op_div(t, g, node->input[1]);
    if (wants(wanted, 0)) out[0] = quotient;
    if (wants(wanted, 1)) out[1] = op_scale(t, op_mul(t, quotient, node), -1);
}

static void rule_divide_or_zero(Tape *t, Var node, Var g, unsigned wanted, Var *out) { /* likewise */
    Var quotient = op_divide_or_zero(t, g, node->input[1]);
    if (wants(wanted, 0)) out[0] = quotient;
    if (wants(wanted, 1)) out[1] = op_scale(t, op_mul(t, quotient, node), -1);
}

static void rule_relu_gate(Tape *t, Var node, Var g, unsigned wanted, Var *out) {
    if (wants(wanted, 1)) out[1] = op_relu_gate(t, node->input[0], g);
}

static const Primitive row_add = {"add", forward_binary, rule_add, sizeof(Binary)},
                       row_sub = {"sub", forward_binary, rule_sub, sizeof(Binary)},
                       row_mul = {"mul", forward_binary, rule_mul, sizeof(Binary)},
                       row_div = {"div", forward_binary, rule_div, sizeof(Binary)},
                       row_divide_or_zero = {"divide_or_zero", forward_binary, rule_divide_or_zero, sizeof(Binary)},
                       row_relu_gate = {"relu_gate", forward_binary, rule_relu_gate, sizeof(Binary)};

Var op_add(Tape *t, Var a, Var b) {
    return apply_binary(t, &row_add, vector_add, a, b);
}

Var op_sub(Tape *t, Var a, Var b) {
    return apply_binary(t, &row_sub, vector_sub, a, b);
}

Var op_mul(Tape *t, Var a, Var b) {
    return apply_binary(t, &row_mul, vector_mul, a, b);
}

Var op_div(Tape *t, Var a, Var b) {
    return apply_binary(t, &row_div, vector_div, a, b);
}

Var op_divide_or_zero(Tape *t, Var a, Var b) {
    return apply_binary(t, &row_divide_or_zero, vector_divide_or_zero, a, b);
}

Var op_relu_gate(Tape *t, Var y, Var g) {
    return apply_binary(t, &row_relu_gate, vector_relu_gradient, y, g);
}

/* ---- an operand and a constant ---- */

static void forward_scale(Tape *t, Node *node, real *out) {
    (void)t;
    const real *factor = node->attributes;
    vector_scale(shape_count(node->shape), *factor, node->input[0]->data, out);
}

static void rule_scale(Tape *t, Var node, Var g, unsigned wanted, Var *out) {
    const real *factor = node->attributes;
    if (wants(wanted, 0)) out[0] = op_scale(t, g, *factor);
}

static void forward_add_constant(Tape *t, Node *node, real *out) {
    (void)t;
    const real *constant = node->attributes;
    vector_add_constant(shape_count(node->shape), *constant, node->input[0]->data, out);
}

static void rule_add_constant(Tape *t, Var node, Var g, unsigned wanted, Var *out) {
    (void)t, (void)node;
    if (wants(wanted, 0)) out[0] = g;
}

static const Primitive row_scale = {"scale", forward_scale, rule_scale, sizeof(real)},
                       row_add_constant = {"add_constant", forward_add_constant, rule_add_constant, sizeof(real)};

Var op_scale(Tape *t, Var a, real factor) {
    return tape_apply(t, &row_scale, a->shape, &factor, 1, &a);
}

Var op_add_constant(Tape *t, Var a, real constant) {
    return tape_apply(t, &row_add_constant, a->shape, &constant, 1, &a);
}

const Primitive *const elementwise_primitives[] = {
    &row_add,  &row_sub,  &row_mul,     &row_div,  &row_divide_or_zero, &row_relu_gate,    &row_exp, &row_log,
    &row_sqrt, &row_tanh, &row_sigmoid, &row_relu, &row_scale,          &row_add_constant, NULL};
