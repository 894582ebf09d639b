/* The learned activation function as a row of its own: a pair of value and derivative, of which the caller sees the
 * value.  Differentiated once, the value's gradient is multiplied by the derivative that is already there;
 * differentiated again, one kernel gives what both halves of the pair pass on.  Derivatives of that are those of the
 * composition. */
#include "grad/learned_activation.h"

#include "grad/elementwise.h"
#include "grad/fused.h"
#include "grad/linear.h"
#include "grad/matmul.h"
#include "grad/primitive.h"
#include "grad/reduce.h"
#include "grad/reshape.h"
#include "kernels/deep_activation.h"
#include "kernels/learned_activation.h"

typedef struct LearnedPair {
    real scale; /* of the network */
} LearnedPair;

enum { X, W1, B1, W2, B2, W3, B3, N_INPUTS };

/* With one or two hidden layers: 5 or 7 inputs. */
static int is_deep(Var node) {
    return node->n_inputs > W3 + 1;
}

static LearnedActivation shallow_of(Var node) {
    const Var *in = node->input;
    return (LearnedActivation){shape_count(in[W1]->shape),
                               in[W1]->data,
                               in[B1]->data,
                               in[W2]->data,
                               in[B2]->data,
                               ((const LearnedPair *)node->attributes)->scale};
}

static DeepActivation deep_of(Var node) {
    const Var *in = node->input;
    return (DeepActivation){shape_count(in[W1]->shape),
                            shape_count(in[B2]->shape),
                            in[W1]->data,
                            in[B1]->data,
                            in[W2]->data,
                            in[B2]->data,
                            in[W3]->data,
                            in[B3]->data,
                            ((const LearnedPair *)node->attributes)->scale};
}

/* The pair's data: value and slope; of one hidden layer, then the curvature. */
static size_t computed_rows(size_t n_inputs) {
    return n_inputs > W3 + 1 ? 2 : 3;
}

static void compute(Var pair, real *out) {
    const real *x = pair->input[X]->data;
    const size_t n = shape_count(pair->input[X]->shape);
    if (is_deep(pair)) {
        const DeepActivation f = deep_of(pair);
        deep_activation_forward(&f, n, x, out, out + n);
    } else {
        const LearnedActivation f = shallow_of(pair);
        learned_activation_forward(&f, n, x, out, out + n, out + 2 * n);
    }
}

/* The gradients of all inputs, end to end. */
static void compute_gradient(Var pair, const real *gv, const real *gs, real *out) {
    real *places[N_INPUTS] = {NULL};
    for (unsigned i = X; i < pair->n_inputs; i++) {
        places[i] = out;
        out += shape_count(pair->input[i]->shape);
    }
    const real *x = pair->input[X]->data;
    const size_t n = shape_count(pair->input[X]->shape);
    if (is_deep(pair)) {
        const DeepActivation f = deep_of(pair);
        const DeepGradient gradient = {places[X],  places[W1], places[B1], places[W2],
                                       places[B2], places[W3], places[B3]};
        deep_activation_gradient(&f, n, x, gv, gs, &gradient);
    } else {
        const LearnedActivation f = shallow_of(pair);
        const real *slope = pair->data + n, *curvature = slope + n;
        for (size_t i = 0; i < n; i++) places[X][i] = REAL_FMA(gs[i], curvature[i], gv[i] * slope[i]);
        learned_activation_gradient(&f, n, x, gv, gs, places[W1], places[B1], places[W2], places[B2]);
    }
}

static void forward_backward(Tape *t, Node *node, real *out) {
    (void)t;
    Var pair = ((const Backward *)node->attributes)->forward;
    const real *gv = node->input[pair->n_inputs]->data;
    compute_gradient(pair, gv, gv + shape_count(pair->input[X]->shape), out);
}

static Var column(Tape *t, Var a) {
    return op_reshape(t, a, shape_matrix(shape_count(a->shape), 1));
}

static Var row(Tape *t, Var a) {
    return op_reshape(t, a, shape_matrix(1, shape_count(a->shape)));
}

/* Value and derivative of the network, [1][n] each.  Derivatives go through the layers beside the values. */
static void reference_network(Tape *t, int deep, const Var *inputs, Var x, Var *value, Var *slope) {
    Var hidden = op_tanh(t, op_linear(t, column(t, inputs[W1]), inputs[B1], x, ACTIVATION_NONE));
    Var prime = op_add_constant(t, op_scale(t, op_mul(t, hidden, hidden), -1), 1);
    Var moved = op_mul(t, prime, op_expand_columns(t, inputs[W1], x->shape.dim[1]));
    Var weight = inputs[W2], bias = inputs[B2];
    if (deep) {
        hidden = op_tanh(t, op_linear(t, weight, bias, hidden, ACTIVATION_NONE));
        prime = op_add_constant(t, op_scale(t, op_mul(t, hidden, hidden), -1), 1);
        moved = op_mul(t, prime, op_matmul_nn(t, weight, moved));
        weight = inputs[W3], bias = inputs[B3];
    }
    weight = row(t, weight);
    bias = op_reshape(t, bias, shape_vector(1));
    *value = op_linear(t, weight, bias, hidden, ACTIVATION_NONE);
    *slope = op_matmul_nn(t, weight, moved);
}

/* elu(x) = max(x, 0) + e - 1 and elu'(x) = e with e = exp(min(x, 0)). */
static Var reference(Tape *t, Var pair, const Var *inputs) {
    const real scale = ((const LearnedPair *)pair->attributes)->scale;
    Var value, slope, x = row(t, inputs[X]);
    Var e = op_exp(t, op_scale(t, op_relu(t, op_scale(t, x, -1)), -1));
    Var above = op_relu(t, x);
    Var elu = op_add_constant(t, op_add(t, above, e), -1);
    reference_network(t, is_deep(pair), inputs, x, &value, &slope);
    value = op_add(t, elu, op_scale(t, value, scale));
    slope = op_add(t, e, op_scale(t, slope, scale));
    return op_concat(t, value, slope);
}

static void rule_backward(Tape *t, Var node, Var g, unsigned wanted, Var *out) {
    fused_backward_rule(t, reference, node, g, wanted, out);
}

static const Primitive row_learned_activation_backward = {"learned_activation_backward", forward_backward,
                                                          rule_backward, sizeof(Backward)};

/* When the pair's gradient is that of its value alone and only x's is wanted, it is a product; else one kernel gives
 * the gradients of all inputs. */
static void rule_pair(Tape *t, Var node, Var g, unsigned wanted, Var *out) {
    const Shape shape = node->input[X]->shape;
    const size_t n = shape_count(shape);
    Var of_value = embedded_at_front(g);
    if (of_value && shape_count(of_value->shape) == n && wanted == 1u << X)
        out[X] = op_mul(t, of_value, op_slice(t, node, n, shape));
    else
        fused_rule(t, &row_learned_activation_backward, node, g, (1u << node->n_inputs) - 1, wanted, out);
}

static const Primitive row_learned_activation = {"learned_activation", NULL, rule_pair, sizeof(LearnedPair)};

static void require_shapes(const Var *inputs, int deep) {
    const char *name = row_learned_activation.name;
    const Shape units1 = shape_vector(shape_count(inputs[W1]->shape));
    const Shape units2 = shape_vector(deep ? shape_count(inputs[B2]->shape) : 1);
    const Shape weights = deep ? shape_matrix(units2.dim[0], units1.dim[0]) : units1;
    shape_require(shape_equal(inputs[W1]->shape, units1), name, inputs[W1]->shape, units1);
    shape_require(shape_equal(inputs[B1]->shape, units1), name, inputs[B1]->shape, units1);
    shape_require(shape_equal(inputs[W2]->shape, weights), name, inputs[W2]->shape, weights);
    shape_require(shape_count(inputs[B2]->shape) == units2.dim[0], name, inputs[B2]->shape, units2);
    if (!deep) return;
    shape_require(shape_equal(inputs[W3]->shape, units2), name, inputs[W3]->shape, units2);
    shape_require(shape_count(inputs[B3]->shape) == 1, name, inputs[B3]->shape, shape_scalar());
}

Var op_learned_activation(Tape *t, Var x, size_t n_network, const Var *network, real scale) {
    const size_t n = shape_count(x->shape);
    Var inputs[N_INPUTS] = {x};
    for (size_t i = 0; i < n_network && i < B3; i++) inputs[W1 + i] = network[i];
    require_shapes(inputs, n_network > 4);
    Node *pair = tape_append(t, &row_learned_activation, shape_matrix(2, n), &(LearnedPair){scale},
                             (unsigned)n_network + 1, inputs);
    int computed;
    real *memory = tape_kept(t, computed_rows(n_network + 1) * n, &computed);
    pair->data = memory;
    if (!computed) compute(pair, memory);
    return op_slice(t, pair, 0, x->shape);
}

const Primitive *const learned_activation_primitives[] = {&row_learned_activation, &row_learned_activation_backward,
                                                          NULL};
