/* The learned activation function as a row of its own: a pair of value and derivative, of which the caller sees the
 * value.  Differentiated once, the value's gradient is multiplied by the derivative that is already there;
 * differentiated again, one kernel gives what both halves of the pair pass on.  Derivatives of that are those of the
 * composition. */
#include <string.h>

#include "grad/primitive.h"
#include "kernels/learned_activation.h"

enum { X, W1, B1, W2, B2, PAIR_GRADIENT, N_INPUTS };

static LearnedActivation activation_of(Var node) {
    return (LearnedActivation){.units = shape_count(node->input[W1]->shape),
                               .w1 = node->input[W1]->data,
                               .b1 = node->input[B1]->data,
                               .w2 = node->input[W2]->data,
                               .b2 = node->input[B2]->data,
                               .scale = node->attributes.constant};
}

/* g when the pair's gradient is that of its value alone: zeros with g at the front. */
static Var value_gradient_alone(Var pair_gradient, size_t n) {
    const int embedded = !strcmp(pair_gradient->primitive->name, "embed") && pair_gradient->attributes.offset == 0;
    return embedded && shape_count(pair_gradient->input[0]->shape) == n ? pair_gradient->input[0] : NULL;
}

static void rule_pair(Tape *t, Var node, Var g, unsigned wanted, Var *out) {
    const Shape shape = node->input[X]->shape;
    const size_t n = shape_count(shape);
    Var of_value = value_gradient_alone(g, n);
    if (of_value && wanted == 1u << X) {
        out[X] = op_mul(t, of_value, op_slice(t, node, n, shape));
        return;
    }
    Var inputs[N_INPUTS];
    size_t count = 0, offset = 0;
    for (unsigned i = 0; i < node->n_inputs; i++) {
        inputs[i] = node->input[i];
        count += shape_count(inputs[i]->shape);
    }
    inputs[PAIR_GRADIENT] = g;
    Attributes attributes = node->attributes;
    attributes.source = node;
    attributes.gradient_mask = (1u << PAIR_GRADIENT) - 1;
    Var flat = tape_apply(t, &row_learned_activation_backward, shape_vector(count), attributes, N_INPUTS, inputs);
    for (unsigned i = 0; i < node->n_inputs; i++) {
        if (wanted >> i & 1) out[i] = op_slice(t, flat, offset, inputs[i]->shape);
        offset += shape_count(inputs[i]->shape);
    }
}

static void forward_backward(Tape *t, Node *node, real *out) {
    (void)t;
    const LearnedActivation f = activation_of(node);
    const size_t n = shape_count(node->input[X]->shape);
    const real *gv = node->input[PAIR_GRADIENT]->data, *gs = gv + n;
    const real *slope = node->attributes.source->data + n, *curvature = node->attributes.saved;
    for (size_t i = 0; i < n; i++) out[i] = REAL_FMA(gs[i], curvature[i], gv[i] * slope[i]);
    out += n;
    learned_activation_gradient(&f, n, node->input[X]->data, gv, gs, out, out + f.units, out + 2 * f.units,
                                out + 3 * f.units);
}

static Var column(Tape *t, Var a) {
    return op_reshape(t, a, shape_matrix(shape_count(a->shape), 1));
}

static Var row(Tape *t, Var a) {
    return op_reshape(t, a, shape_matrix(1, shape_count(a->shape)));
}

/* elu(x) = max(x, 0) + e - 1 and elu'(x) = e with e = exp(min(x, 0)). */
static Var reference_pair(Tape *t, Var backward, const Var *inputs) {
    const real scale = backward->attributes.constant;
    Var x = row(t, inputs[X]), weight = row(t, inputs[W2]), b2 = op_reshape(t, inputs[B2], shape_vector(1));
    Var e = op_exp(t, op_scale(t, op_relu(t, op_scale(t, x, -1)), -1));
    Var units = op_tanh(t, op_linear(t, column(t, inputs[W1]), inputs[B1], x, ACTIVATION_NONE));
    Var prime = op_add_constant(t, op_scale(t, op_mul(t, units, units), -1), 1);
    Var value = op_scale(t, op_linear(t, weight, b2, units, ACTIVATION_NONE), scale);
    Var slope = op_scale(t, op_matmul_nn(t, op_mul(t, weight, row(t, inputs[W1])), prime), scale);
    Var elu = op_add_constant(t, op_add(t, op_relu(t, x), e), -1);
    value = op_add(t, elu, value);
    slope = op_add(t, e, slope);
    return op_concat(t, value, slope);
}

/* As of every backward row. */
static void rule_backward(Tape *t, Var node, Var g, unsigned wanted, Var *out) {
    row_softmax_cross_entropy_backward.rule(t, node, g, wanted, out);
}

const Primitive row_learned_activation = {.name = "learned_activation", .rule = rule_pair};
const Primitive row_learned_activation_backward = {.name = "learned_activation_backward",
                                                   .forward = forward_backward,
                                                   .rule = rule_backward,
                                                   .reference = reference_pair};

Var op_learned_activation(Tape *t, Var x, const Var network[4], real scale) {
    const size_t n = shape_count(x->shape);
    const Shape units = shape_vector(shape_count(network[0]->shape));
    Var inputs[PAIR_GRADIENT] = {x, network[0], network[1], network[2], network[3]};
    for (int i = W1; i <= W2; i++)
        shape_require(shape_equal(inputs[i]->shape, units), "learned_activation", inputs[i]->shape, units);
    shape_require(shape_count(inputs[B2]->shape) == 1, "learned_activation", inputs[B2]->shape, shape_scalar());
    Node *pair = tape_append(t, &row_learned_activation, shape_matrix(2, n), (Attributes){.constant = scale},
                             PAIR_GRADIENT, inputs);
    int computed;
    real *memory = tape_kept(t, 3 * n, &computed);
    pair->data = memory;
    pair->attributes.saved = memory + 2 * n;
    const LearnedActivation f = activation_of(pair);
    if (!computed) learned_activation_forward(&f, n, x->data, memory, memory + n, memory + 2 * n);
    return op_slice(t, pair, 0, x->shape);
}
