#include "grad/batch_norm.h"

#include "grad/elementwise.h"
#include "grad/fused.h"
#include "grad/primitive.h"
#include "grad/reduce.h"
#include "grad/reshape.h"

enum { X, GAMMA, BETA, N_INPUTS };

typedef struct Normalisation {
    BatchNorm norm;
    int fixed; /* the statistics do not depend on x */
} Normalisation;

static void forward_batch_norm(Tape *t, Node *node, real *out) {
    const Normalisation *n = node->attributes;
    (void)t;
    batch_norm_forward(&n->norm, node->input[X]->data, node->input[GAMMA]->data, node->input[BETA]->data, out);
}

/* The gradients of x, gamma and beta, end to end; the last input is the output's. */
static void forward_backward(Tape *t, Node *node, real *out) {
    const Normalisation *n = ((const Backward *)node->attributes)->forward->attributes;
    const size_t channels = n->norm.channels;
    real *ggamma = out + channels * n->norm.count;
    (void)t;
    batch_norm_gradient(&n->norm, n->fixed, node->input[X]->data, node->input[GAMMA]->data, node->input[N_INPUTS]->data,
                        out, ggamma, ggamma + channels);
}

static Var channel_mean(Tape *t, Var x) {
    return op_scale(t, op_sum_columns(t, x), (real)(1 / (double)x->shape.dim[1]));
}

static Var reference(Tape *t, Var forward, const Var *inputs) {
    const Normalisation *n = forward->attributes;
    const size_t channels = n->norm.channels, count = n->norm.count;
    const Shape vector = shape_vector(channels);
    Var x = op_reshape(t, inputs[X], shape_matrix(channels, count));
    Var mean = n->fixed ? tape_input(t, vector, n->norm.mean) : channel_mean(t, x);
    Var d = op_sub(t, x, op_expand_columns(t, mean, count));
    Var variance = n->fixed ? tape_input(t, vector, n->norm.variance) : channel_mean(t, op_mul(t, d, d));
    Var deviation = op_sqrt(t, op_add_constant(t, variance, (real)n->norm.epsilon));
    Var scale = op_expand_columns(t, op_div(t, inputs[GAMMA], deviation), count);
    Var scaled = op_mul(t, d, scale), beta = op_expand_columns(t, inputs[BETA], count);
    return op_reshape(t, op_add(t, scaled, beta), forward->shape);
}

static void rule_backward(Tape *t, Var node, Var g, unsigned wanted, Var *out) {
    fused_backward_rule(t, reference, node, g, wanted, out);
}

static const Primitive row_backward = {"batch_norm_backward", forward_backward, rule_backward, sizeof(Backward)};

static void rule_batch_norm(Tape *t, Var node, Var g, unsigned wanted, Var *out) {
    fused_rule(t, &row_backward, node, g, 1u << X | 1u << GAMMA | 1u << BETA, wanted, out);
}

static const Primitive row_batch_norm = {"batch_norm", forward_batch_norm, rule_batch_norm, sizeof(Normalisation)};

static Var apply_batch_norm(Tape *t, Var x, Var gamma, Var beta, const Normalisation *normalisation) {
    const Shape channels = shape_vector(normalisation->norm.channels);
    shape_require(shape_equal(gamma->shape, channels), "batch_norm", x->shape, gamma->shape);
    shape_require(shape_equal(beta->shape, channels), "batch_norm", x->shape, beta->shape);
    return tape_apply(t, &row_batch_norm, x->shape, normalisation, N_INPUTS, (const Var[]){x, gamma, beta});
}

Var op_batch_norm(Tape *t, Var x, Var gamma, Var beta, double epsilon) {
    const size_t channels = x->shape.dim[0], count = shape_count(x->shape) / channels;
    shape_require(x->shape.rank >= 2 && count > 1, "batch_norm", x->shape, gamma->shape);
    real *mean = tape_alloc(t, channels, sizeof *mean), *variance = tape_alloc(t, channels, sizeof *variance);
    batch_norm_statistics(channels, count, x->data, mean, variance);
    return apply_batch_norm(t, x, gamma, beta, &(Normalisation){{channels, count, epsilon, mean, variance}, 0});
}

Var op_batch_norm_by(Tape *t, Var x, Var gamma, Var beta, double epsilon, const real *mean, const real *variance) {
    const size_t channels = x->shape.dim[0], count = shape_count(x->shape) / channels;
    shape_require(x->shape.rank >= 2, "batch_norm_by", x->shape, gamma->shape);
    return apply_batch_norm(t, x, gamma, beta, &(Normalisation){{channels, count, epsilon, mean, variance}, 1});
}

const BatchNorm *batch_norm_of(Var normalised) {
    shape_require(normalised->primitive == &row_batch_norm, "batch_norm_of", normalised->shape, normalised->shape);
    return &((const Normalisation *)normalised->attributes)->norm;
}

const Primitive *const batch_norm_primitives[] = {&row_batch_norm, &row_backward, NULL};
