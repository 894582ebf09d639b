/* The learned activation function as a primitive: a pair of value and derivative, of which the caller sees the value.
 * Its first derivative multiplies the value's gradient by the derivative that is already there; for the second one a
 * kernel computes the gradients of all inputs from those of both halves of the pair.  Higher ones differentiate the
 * reference, which is built of unfused primitives. */
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

/* The gradients of all inputs, end to end; the node's last input is the gradient of the pair. */
static void forward_backward(Tape *t, Node *node, real *out) {
    (void)t;
    Var pair = ((const Backward *)node->attributes)->forward;
    const real *x = pair->input[X]->data;
    const size_t n = shape_count(pair->input[X]->shape);
    const real *gv = node->input[pair->n_inputs]->data, *gs = gv + n; /* of the values, of the slopes */
    real *places[N_INPUTS] = {NULL};
    for (unsigned i = X; i < pair->n_inputs; i++) {
        places[i] = out;
        out += shape_count(pair->input[i]->shape);
    }
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

static Var row(Tape *t, Var a) {
    return op_reshape(t, a, shape_matrix(1, shape_count(a->shape)));
}

/* The pair built of unfused primitives, [2][n].  elu(x) = max(x, 0) + e - 1 and elu'(x) = e with e = exp(min(x, 0)); the
 * derivative of the network goes through its layers beside their values: moved is that of hidden. */
static Var reference(Tape *t, Var pair, const Var *inputs) {
    const real scale = ((const LearnedPair *)pair->attributes)->scale;
    Var x = row(t, inputs[X]);
    Var e = op_exp(t, op_scale(t, op_relu(t, op_scale(t, x, -1)), -1));
    Var above = op_relu(t, x);
    Var elu = op_add_constant(t, op_add(t, above, e), -1);

    Var column = op_reshape(t, inputs[W1], shape_matrix(shape_count(inputs[W1]->shape), 1));
    Var hidden = op_tanh(t, op_linear(t, column, inputs[B1], x, ACTIVATION_NONE));
    Var prime = op_add_constant(t, op_scale(t, op_mul(t, hidden, hidden), -1), 1);
    Var moved = op_mul(t, prime, op_expand_columns(t, inputs[W1], x->shape.dim[1]));
    Var weight = inputs[W2], bias = inputs[B2];
    if (is_deep(pair)) {
        hidden = op_tanh(t, op_linear(t, weight, bias, hidden, ACTIVATION_NONE));
        prime = op_add_constant(t, op_scale(t, op_mul(t, hidden, hidden), -1), 1);
        moved = op_mul(t, prime, op_matmul_nn(t, weight, moved));
        weight = inputs[W3], bias = inputs[B3];
    }
    weight = row(t, weight);
    bias = op_reshape(t, bias, shape_vector(1));
    Var value = op_linear(t, weight, bias, hidden, ACTIVATION_NONE);
    Var slope = op_matmul_nn(t, weight, moved);
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

static void require_shapes(size_t n_network, const Var *inputs) {
    const char *name = row_learned_activation.name;
    const int deep = n_network == B3;
    shape_require(deep || n_network == B2, name, shape_vector(n_network), shape_vector(B2));
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
    require_shapes(n_network, inputs);
    Node *pair = tape_append(t, &row_learned_activation, shape_matrix(2, n), &(LearnedPair){scale},
                             (unsigned)n_network + 1, inputs);
    /* The pair's data: values and slopes; of one hidden layer, then the curvatures. */
    int computed;
    real *out = tape_kept(t, (is_deep(pair) ? 2 : 3) * n, &computed);
    pair->data = out;
    if (!computed && is_deep(pair)) {
        const DeepActivation f = deep_of(pair);
        deep_activation_forward(&f, n, x->data, out, out + n);
    } else if (!computed) {
        const LearnedActivation f = shallow_of(pair);
        learned_activation_forward(&f, n, x->data, out, out + n, out + 2 * n);
    }
    return op_slice(t, pair, 0, x->shape);
}

const Primitive *const learned_activation_primitives[] = {&row_learned_activation, &row_learned_activation_backward,
                                                          NULL};
