#include "grad/gru.h"

#include "grad/elementwise.h"
#include "grad/fused.h"
#include "grad/linear.h"
#include "grad/primitive.h"
#include "grad/reshape.h"
#include "kernels/elementwise.h"
#include "kernels/gru.h"

enum { GRU_W_IH, GRU_W_HH, GRU_B_IH, GRU_B_HH, GRU_TENSORS };

typedef struct BidirectionalGru {
    real *saved; /* what the kernel keeps of both directions for the way back */
} BidirectionalGru;

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
    BidirectionalGru *attributes = node->attributes;
    attributes->saved = tape_alloc(t, 2 * gru_saved_count(&gru), sizeof *out);
    for (int reverse = 0; reverse < 2; reverse++) {
        const Var *w = node->input + 1 + reverse * GRU_TENSORS;
        gru.reverse = reverse;
        gru_forward(&gru, x->data, w[GRU_W_IH]->data, w[GRU_W_HH]->data, w[GRU_B_IH]->data, w[GRU_B_HH]->data,
                    out + (size_t)reverse * half, 2 * half,
                    attributes->saved + (size_t)reverse * gru_saved_count(&gru));
    }
}

static void forward_bidirectional_gru_backward(Tape *t, Node *node, real *out) {
    const BidirectionalGru *forward = ((const Backward *)node->attributes)->forward->attributes;
    Var x = node->input[0], g = node->input[1 + GRU_WEIGHTS];
    Gru gru = gru_of(x, node->input[1 + GRU_W_HH], 0);
    size_t half = gru.hidden * gru.batch, count = shape_count(x->shape);
    /* The kernel writes the gradients of all weights: those that nobody wants go to memory that is not read. */
    real *places[1 + GRU_WEIGHTS];
    for (unsigned i = 0; i < 1 + GRU_WEIGHTS; i++) {
        const size_t size = shape_count(node->input[i]->shape);
        const int wanted = wants(((const Backward *)node->attributes)->computed, i);
        places[i] = wanted ? out : i == 0 ? NULL : tape_alloc(t, size, sizeof *out);
        if (wanted) out += size;
    }
    real *gx[2] = {places[0], places[0] ? tape_alloc(t, count, sizeof *out) : NULL};
    for (int reverse = 0; reverse < 2; reverse++) {
        const Var *w = node->input + 1 + reverse * GRU_TENSORS;
        real **gw = places + 1 + reverse * GRU_TENSORS;
        size_t row = (size_t)reverse * half;
        gru.reverse = reverse;
        gru_backward(&gru, w[GRU_W_IH]->data, w[GRU_W_HH]->data,
                     forward->saved + (size_t)reverse * gru_saved_count(&gru), g->data + row, 2 * half, gx[reverse],
                     gw[GRU_W_IH], gw[GRU_W_HH], gw[GRU_B_IH], gw[GRU_B_HH]);
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

static Var reference(Tape *t, Var forward, const Var *inputs) {
    (void)forward;
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
    Var rows = op_concat_all(t, 2 * gru.length, states);
    return op_reshape(t, rows, shape_signal(gru.length, 2 * gru.hidden, gru.batch));
}

static void rule_backward(Tape *t, Var node, Var g, unsigned wanted, Var *out) {
    fused_backward_rule(t, reference, node, g, wanted, out);
}

static const Primitive row_bidirectional_gru_backward = {
    "bidirectional_gru_backward", forward_bidirectional_gru_backward, rule_backward, sizeof(Backward)};

static void rule_bidirectional_gru(Tape *t, Var node, Var g, unsigned wanted, Var *out) {
    fused_rule(t, &row_bidirectional_gru_backward, node, g, wanted, wanted, out);
}

static const Primitive row_bidirectional_gru = {"bidirectional_gru", forward_bidirectional_gru, rule_bidirectional_gru,
                                                sizeof(BidirectionalGru)};

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
    return tape_apply(t, &row_bidirectional_gru, shape, &(BidirectionalGru){NULL}, 1 + GRU_WEIGHTS, inputs);
}

const Primitive *const gru_primitives[] = {&row_bidirectional_gru, &row_bidirectional_gru_backward, NULL};
