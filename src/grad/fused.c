/* The fused rows.  linear and conv1d_bias have rules in other primitives; softmax_cross_entropy and
 * bidirectional_gru have a backward row with a kernel of its own.  A backward row's data is the concatenation of
 * the gradients named by its mask, its inputs are those of the forward row and the output's gradient, and its
 * derivative is that of the reference composition. */
#include <string.h>

#include "grad/primitive.h"

/* ---- backward rows in general ---- */

void reference_rule(Tape *t, Var node, Var g, unsigned wanted, Var *out) {
    Var views[GRU_WEIGHTS + 2] = {NULL}, wrt[GRU_WEIGHTS + 2], gradients[GRU_WEIGHTS + 2];
    unsigned n_forward = node->n_inputs - 1, n = 0;
    for (unsigned i = 0; i < node->n_inputs; i++) views[i] = op_reshape(t, node->input[i], node->input[i]->shape);
    Var output = node->primitive->reference(t, node, views);
    for (unsigned i = 0; i < n_forward; i++)
        if (node->attributes.gradient_mask >> i & 1) wrt[n++] = views[i];
    tape_vjp(t, output, views[n_forward], n, wrt, gradients);
    for (unsigned i = 0; i < n; i++)
        gradients[i] = op_reshape(t, gradients[i], shape_vector(shape_count(wrt[i]->shape)));
    Var flat = op_reshape(t, concat_all(t, n, gradients), node->shape);
    n = 0;
    for (unsigned i = 0; i < node->n_inputs; i++)
        if (wanted >> i & 1) wrt[n++] = views[i];
    tape_vjp(t, flat, g, n, wrt, gradients);
    n = 0;
    for (unsigned i = 0; i < node->n_inputs; i++)
        if (wanted >> i & 1) out[i] = gradients[n++];
}

/* The rule of a forward row: one backward node for all gradients wanted, whose slices they are. */
static void backward_rule(Tape *t, const Primitive *backward, Var node, Var g, unsigned wanted, Var *out) {
    Var inputs[GRU_WEIGHTS + 2] = {NULL};
    Attributes attributes = node->attributes;
    size_t count = 0, offset = 0;
    for (unsigned i = 0; i < node->n_inputs; i++) {
        inputs[i] = node->input[i];
        if (wanted >> i & 1) count += shape_count(inputs[i]->shape);
    }
    inputs[node->n_inputs] = g;
    attributes.source = node;
    attributes.gradient_mask = wanted;
    Var flat = tape_apply(t, backward, shape_vector(count), attributes, node->n_inputs + 1, inputs);
    for (unsigned i = 0; i < node->n_inputs; i++)
        if (wanted >> i & 1) {
            out[i] = op_slice(t, flat, offset, inputs[i]->shape);
            offset += shape_count(inputs[i]->shape);
        }
}

/* ---- linear layer ---- */

static void forward_linear(Tape *t, Node *node, real *out) {
    (void)t;
    Var weight = node->input[0], bias = node->input[1], x = node->input[2];
    linear_forward(weight->shape.dim[0], weight->shape.dim[1], x->shape.dim[1], weight->data, bias->data, x->data,
                   node->attributes.activation, out);
}

static void rule_linear(Tape *t, Var node, Var g, unsigned wanted, Var *out) {
    if (node->attributes.activation == ACTIVATION_RELU) g = op_relu_gate(t, node, g);
    if (wanted & 1) out[0] = op_matmul_nt(t, g, node->input[2]);
    if (wanted & 2) out[1] = op_sum_columns(t, g);
    if (wanted & 4) out[2] = op_matmul_tn(t, node->input[0], g);
}

const Primitive row_linear = {.name = "linear", .forward = forward_linear, .rule = rule_linear};

Var op_linear(Tape *t, Var weight, Var bias, Var x, Activation activation) {
    shape_require(weight->shape.rank == 2 && x->shape.rank == 2 && weight->shape.dim[1] == x->shape.dim[0], "linear",
                  weight->shape, x->shape);
    shape_require(shape_equal(bias->shape, shape_vector(weight->shape.dim[0])), "linear", weight->shape, bias->shape);
    Shape shape = shape_matrix(weight->shape.dim[0], x->shape.dim[1]);
    return tape_apply(t, &row_linear, shape, (Attributes){.activation = activation}, 3, (const Var[]){weight, bias, x});
}

/* ---- convolution with bias ---- */

static void forward_conv1d_bias(Tape *t, Node *node, real *out) {
    (void)t;
    Var x = node->input[0], weight = node->input[1], bias = node->input[2];
    Conv1d conv = conv1d_of(x->shape, weight->shape, node->attributes.geometry);
    conv1d_forward(&conv, x->data, weight->data, bias->data, node->attributes.activation, out);
}

void conv1d_bias_gradients(Tape *t, Var node, Var g, unsigned wanted, Var *out) {
    Var x = node->input[0], weight = node->input[1];
    ConvGeometry geometry = node->attributes.geometry;
    Shape rows = shape_matrix(g->shape.dim[0], g->shape.dim[1] * g->shape.dim[2]);
    if (wanted & 1) out[0] = op_conv1d_input_gradient(t, g, weight, x->shape.dim[1], geometry);
    if (wanted & 2) out[1] = op_conv1d_weight_gradient(t, g, x, weight->shape.dim[2], geometry);
    if (wanted & 4) out[2] = op_sum_columns(t, op_reshape(t, g, rows));
}

static void rule_conv1d_bias(Tape *t, Var node, Var g, unsigned wanted, Var *out) {
    if (node->attributes.activation == ACTIVATION_RELU) g = op_relu_gate(t, node, g);
    conv1d_bias_gradients(t, node, g, wanted, out);
}

const Primitive row_conv1d_bias = {.name = "conv1d_bias", .forward = forward_conv1d_bias, .rule = rule_conv1d_bias};

Var op_conv1d_bias(Tape *t, Var x, Var weight, Var bias, ConvGeometry g, Activation activation) {
    Shape shape = conv1d_shape("conv1d_bias", x->shape, weight->shape, g);
    shape_require(shape_equal(bias->shape, shape_vector(weight->shape.dim[0])), "conv1d_bias", weight->shape,
                  bias->shape);
    return tape_apply(t, &row_conv1d_bias, shape, (Attributes){.geometry = g, .activation = activation}, 3,
                      (const Var[]){x, weight, bias});
}

/* ---- softmax cross-entropy ---- */

static void forward_softmax_cross_entropy(Tape *t, Node *node, real *out) {
    Var logits = node->input[0];
    Attributes *attributes = &node->attributes;
    attributes->saved = tape_alloc(t, shape_count(logits->shape), sizeof *out);
    out[0] = softmax_cross_entropy(logits->shape.dim[0], logits->shape.dim[1], logits->data, attributes->labels,
                                   attributes->saved);
}

static void forward_softmax_cross_entropy_backward(Tape *t, Node *node, real *out) {
    (void)t;
    Var logits = node->input[0], g = node->input[1];
    softmax_cross_entropy_gradient(logits->shape.dim[0], logits->shape.dim[1], node->attributes.saved,
                                   node->attributes.labels, g->data[0], out);
}

/* mean over columns of log sum exp(x - m) - (x - m)[label], with m the largest entry of the column: a constant, for
 * the loss does not depend on it. */
static Var reference_softmax_cross_entropy(Tape *t, Var backward, const Var *inputs) {
    Var logits = inputs[0];
    size_t classes = logits->shape.dim[0], batch = logits->shape.dim[1];
    real *largest = tape_alloc(t, classes * batch, sizeof *largest);
    real *onehot = tape_alloc(t, classes * batch, sizeof *onehot);
    memcpy(largest, logits->data, batch * sizeof *largest);
    for (size_t i = 0; i < classes * batch; i++) {
        size_t column = i % batch;
        onehot[i] = backward->attributes.labels[column] == i / batch ? 1 : 0;
        if (logits->data[i] > largest[column]) largest[column] = logits->data[i];
    }
    for (size_t i = batch; i < classes * batch; i++) largest[i] = largest[i - batch];
    Var shifted = op_sub(t, logits, tape_input(t, logits->shape, largest));
    Var normalizer = op_sum(t, op_log(t, op_sum_rows(t, op_exp(t, shifted))));
    Var at_labels = op_sum(t, op_mul(t, shifted, tape_input(t, logits->shape, onehot)));
    return op_scale(t, op_sub(t, normalizer, at_labels), 1 / (real)batch);
}

static void rule_softmax_cross_entropy(Tape *t, Var node, Var g, unsigned wanted, Var *out) {
    backward_rule(t, &row_softmax_cross_entropy_backward, node, g, wanted, out);
}

const Primitive row_softmax_cross_entropy = {
    .name = "softmax_cross_entropy", .forward = forward_softmax_cross_entropy, .rule = rule_softmax_cross_entropy};
const Primitive row_softmax_cross_entropy_backward = {.name = "softmax_cross_entropy_backward",
                                                      .forward = forward_softmax_cross_entropy_backward,
                                                      .rule = reference_rule,
                                                      .reference = reference_softmax_cross_entropy};

Var op_softmax_cross_entropy(Tape *t, Var logits, const uint8_t *labels) {
    shape_require(logits->shape.rank == 2, "softmax_cross_entropy", logits->shape, shape_scalar());
    return tape_apply(t, &row_softmax_cross_entropy, shape_scalar(), (Attributes){.labels = labels}, 1, &logits);
}

/* ---- bidirectional gated recurrent unit ---- */

enum { GRU_W_IH, GRU_W_HH, GRU_B_IH, GRU_B_HH, GRU_TENSORS };

static Gru gru_of(Var x, Var w_hh, int reverse) {
    return (Gru){.batch = x->shape.dim[2],
                 .length = x->shape.dim[0],
                 .in = x->shape.dim[1],
                 .hidden = w_hh->shape.dim[1],
                 .reverse = reverse};
}

static void forward_bidirectional_gru(Tape *t, Node *node, real *out) {
    Var x = node->input[0];
    Gru gru = gru_of(x, node->input[1 + GRU_W_HH], 0);
    size_t half = gru.hidden * gru.batch;
    node->attributes.saved = tape_alloc(t, 2 * gru_saved_count(&gru), sizeof *out);
    for (int reverse = 0; reverse < 2; reverse++) {
        const Var *w = node->input + 1 + reverse * GRU_TENSORS;
        gru.reverse = reverse;
        gru_forward(&gru, x->data, w[GRU_W_IH]->data, w[GRU_W_HH]->data, w[GRU_B_IH]->data, w[GRU_B_HH]->data,
                    out + (size_t)reverse * half, 2 * half,
                    node->attributes.saved + (size_t)reverse * gru_saved_count(&gru));
    }
}

/* Where in the flat data of a backward node the gradient of each input goes; the kernel writes all weight gradients,
 * so those that nobody wants go to memory that is forgotten. */
static void gradient_places(Tape *t, Var node, real *out, real **places) {
    for (unsigned i = 0; i < node->n_inputs - 1; i++) {
        size_t count = shape_count(node->input[i]->shape);
        int wanted = node->attributes.gradient_mask >> i & 1;
        places[i] = wanted ? out : i == 0 ? NULL : tape_alloc(t, count, sizeof *out);
        if (wanted) out += count;
    }
}

static void forward_bidirectional_gru_backward(Tape *t, Node *node, real *out) {
    Var x = node->input[0], g = node->input[1 + GRU_WEIGHTS];
    Gru gru = gru_of(x, node->input[1 + GRU_W_HH], 0);
    size_t half = gru.hidden * gru.batch, count = shape_count(x->shape);
    real *places[1 + GRU_WEIGHTS];
    gradient_places(t, node, out, places);
    real *gx[2] = {places[0], places[0] ? tape_alloc(t, count, sizeof *out) : NULL};
    for (int reverse = 0; reverse < 2; reverse++) {
        const Var *w = node->input + 1 + reverse * GRU_TENSORS;
        real **gw = places + 1 + reverse * GRU_TENSORS;
        size_t row = (size_t)reverse * half;
        gru.reverse = reverse;
        gru_backward(&gru, w[GRU_W_IH]->data, w[GRU_W_HH]->data,
                     node->attributes.saved + (size_t)reverse * gru_saved_count(&gru), g->data + row, 2 * half,
                     gx[reverse], gw[GRU_W_IH], gw[GRU_W_HH], gw[GRU_B_IH], gw[GRU_B_HH]);
    }
    if (gx[0]) vector_add(count, gx[0], gx[1], gx[0]);
}

/* One step of one direction, PyTorch's equations. */
static Var reference_gru_step(Tape *t, Var x, Var before, const Var *w) {
    size_t h = before->shape.dim[0];
    Shape state = before->shape, two = shape_matrix(2 * h, state.dim[1]);
    size_t gate = h * state.dim[1];
    Var gi = op_linear(t, w[GRU_W_IH], w[GRU_B_IH], x, ACTIVATION_NONE);
    Var gh = op_linear(t, w[GRU_W_HH], w[GRU_B_HH], before, ACTIVATION_NONE);
    Var gi_rz = op_slice(t, gi, 0, two), gi_n = op_slice(t, gi, 2 * gate, state);
    Var gh_rz = op_slice(t, gh, 0, two), gh_n = op_slice(t, gh, 2 * gate, state);
    Var rz = op_sigmoid(t, op_add(t, gi_rz, gh_rz));
    Var r = op_slice(t, rz, 0, state), z = op_slice(t, rz, gate, state);
    Var n = op_tanh(t, op_add(t, gi_n, op_mul(t, r, gh_n)));
    return op_add(t, n, op_mul(t, z, op_sub(t, before, n)));
}

static Var reference_bidirectional_gru(Tape *t, Var backward, const Var *inputs) {
    (void)backward;
    Var x = inputs[0];
    Gru gru = gru_of(x, inputs[1 + GRU_W_HH], 0);
    Shape in = shape_matrix(gru.in, gru.batch), state = shape_matrix(gru.hidden, gru.batch);
    Var *states = tape_alloc(t, 2 * gru.length, sizeof *states);
    for (size_t direction = 0; direction < 2; direction++) {
        Var h = tape_fill(t, state, 0);
        for (size_t step = 0; step < gru.length; step++) {
            size_t time = direction ? gru.length - 1 - step : step;
            Var now = op_slice(t, x, time * gru.in * gru.batch, in);
            h = reference_gru_step(t, now, h, inputs + 1 + direction * GRU_TENSORS);
            states[2 * time + direction] = h;
        }
    }
    Var rows = concat_all(t, 2 * gru.length, states);
    return op_reshape(t, rows, shape_signal(gru.length, 2 * gru.hidden, gru.batch));
}

static void rule_bidirectional_gru(Tape *t, Var node, Var g, unsigned wanted, Var *out) {
    backward_rule(t, &row_bidirectional_gru_backward, node, g, wanted, out);
}

const Primitive row_bidirectional_gru = {
    .name = "bidirectional_gru", .forward = forward_bidirectional_gru, .rule = rule_bidirectional_gru};
const Primitive row_bidirectional_gru_backward = {.name = "bidirectional_gru_backward",
                                                  .forward = forward_bidirectional_gru_backward,
                                                  .rule = reference_rule,
                                                  .reference = reference_bidirectional_gru};

Var op_bidirectional_gru(Tape *t, Var x, const Var weights[GRU_WEIGHTS]) {
    size_t in = x->shape.dim[1], h = weights[GRU_W_HH]->shape.dim[1];
    const Shape expected[GRU_TENSORS] = {shape_matrix(3 * h, in), shape_matrix(3 * h, h), shape_vector(3 * h),
                                         shape_vector(3 * h)};
    Var inputs[1 + GRU_WEIGHTS] = {x};
    for (size_t i = 0; i < GRU_WEIGHTS; i++) {
        Shape shape = weights[i]->shape;
        shape_require(x->shape.rank == 3 && shape_equal(shape, expected[i % GRU_TENSORS]), "bidirectional_gru",
                      x->shape, shape);
        inputs[1 + i] = weights[i];
    }
    Shape shape = shape_signal(x->shape.dim[0], 2 * h, x->shape.dim[2]);
    return tape_apply(t, &row_bidirectional_gru, shape, (Attributes){0}, 1 + GRU_WEIGHTS, inputs);
}
