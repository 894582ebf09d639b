/* Every primitive against finite differences in binary64, to order 3.
 *
 * With out = op(inputs), the objective of order 0 is f0 = sum r (out^3 + out^2), r random, so that even linear
 * primitives have derivatives of every order; that of order k is fk = sum_i <r_i, d f(k-1) / d input_i>, computed by
 * the tape.  For every order and input the tape's gradient of fk in a random direction is held against the
 * five-point difference of fk along it, with step h: truncation h^4/30 |fk'''''|, rounding about 2^-52 |fk| / h.
 * At h = 2^-10 the first is 3e-14 |fk'''''| and the second 2e-13 |fk|: the tolerance 2^-32 (2e-10) leaves the
 * fifth derivative, taken in units of the scale below, room for a factor of several thousand and still shows an
 * error in the tenth digit. */
#include <check.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "primitives.h"
#include "suite.h"

#ifndef REAL_IS_DOUBLE
#error finite differences need binary64
#endif

enum { MAX_INPUTS = 10, MAX_COUNT = 64, ORDERS = 3, DIRECTIONS = 3 };

static const double STEP = 0x1p-10, TOLERANCE = 0x1p-32;

typedef enum Domain { ANY, POSITIVE, AWAY_FROM_ZERO, DISTINCT } Domain; /* the last two: for maxima, relu */

typedef struct Case {
    const char *primitive;
    Domain domain;
    int n_inputs;
    Shape shape[MAX_INPUTS];
    Var (*apply)(Tape *t, const Var *in);
} Case;

/* ---- the cases ---- */

static const uint16_t LABELS[4] = {2, 0, 1, 2};

#define CASE(name, expression)                                                                                         \
    static Var name(Tape *t, const Var *in) {                                                                          \
        return expression;                                                                                             \
    }

CASE(apply_add, op_add(t, in[0], in[1]))
CASE(apply_sub, op_sub(t, in[0], in[1]))
CASE(apply_mul, op_mul(t, in[0], in[1]))
CASE(apply_div, op_div(t, in[0], in[1]))
CASE(apply_scale, op_scale(t, in[0], -1.75))
CASE(apply_add_constant, op_add_constant(t, in[0], 0.625))
CASE(apply_exp, op_exp(t, in[0]))
CASE(apply_log, op_log(t, in[0]))
CASE(apply_sqrt, op_sqrt(t, in[0]))
CASE(apply_tanh, op_tanh(t, in[0]))
CASE(apply_sigmoid, op_sigmoid(t, in[0]))
CASE(apply_relu, op_relu(t, in[0]))
CASE(apply_swish, op_swish(t, in[0]))
CASE(apply_swish_gradient, op_swish_gradient(t, in[0], in[1]))
CASE(apply_gelu, op_gelu(t, in[0]))
CASE(apply_gelu_gradient, op_gelu_gradient(t, in[0], in[1]))
CASE(apply_softplus, op_softplus(t, in[0]))
CASE(apply_elu, op_elu(t, in[0], 0.75))
CASE(apply_elu_gradient, op_elu_gradient(t, in[0], in[1], 0.75))
CASE(apply_leaky_relu, op_leaky_relu(t, in[0], 0.125))
CASE(apply_reshape, op_reshape(t, in[0], shape_matrix(2, 6)))
CASE(apply_transpose, op_transpose(t, in[0]))
CASE(apply_slice, op_slice(t, in[0], 3, shape_matrix(2, 2)))
CASE(apply_embed, op_embed(t, in[0], 2, shape_matrix(4, 4)))
CASE(apply_columns, op_columns(t, in[0], 1, 2))
CASE(apply_embed_columns, op_embed_columns(t, in[0], 2, 7))
CASE(apply_concat, op_concat(t, in[0], in[1]))
CASE(apply_concat_all, op_concat_all(t, 3, in))
CASE(apply_channels, op_slice(t, in[0], 6, (Shape){4, {2, 1, 3, 2}}))
CASE(apply_expand, op_expand(t, in[0], shape_matrix(3, 4)))
CASE(apply_sum, op_sum(t, in[0]))
CASE(apply_expand_columns, op_expand_columns(t, in[0], 5))
CASE(apply_sum_columns, op_sum_columns(t, in[0]))
CASE(apply_expand_rows, op_expand_rows(t, in[0], 5))
CASE(apply_sum_rows, op_sum_rows(t, in[0]))
CASE(apply_matmul_nn, op_matmul_nn(t, in[0], in[1]))
CASE(apply_matmul_tn, op_matmul_tn(t, in[0], in[1]))
CASE(apply_matmul_nt, op_matmul_nt(t, in[0], in[1]))
CASE(apply_linear, op_linear(t, in[0], in[1], in[2], ACTIVATION_NONE))
CASE(apply_linear_relu, op_linear(t, in[0], in[1], in[2], ACTIVATION_RELU))
CASE(apply_softmax_cross_entropy, op_softmax_cross_entropy(t, in[0], LABELS))
CASE(apply_smoothed_cross_entropy, op_smoothed_cross_entropy(t, in[0], LABELS, 0.2))
CASE(apply_bidirectional_gru, op_bidirectional_gru(t, in[0], in + 1))

/* Patterns on either side of where the sparse kernels take over: 10 weights of [3][4], and 5 of [6][8]. */
static const uint8_t dense_keep[3 * 4] = {1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 0};
static const uint8_t sparse_keep[6 * 8] = {[1] = 1, [6] = 1, [2 * 8 + 6] = 1, [5 * 8] = 1, [5 * 8 + 1] = 1};
static SparsePattern DENSE, SPARSE;
CASE(apply_dense_pattern, op_sparse_linear(t, in[0], in[1], in[2], &DENSE, ACTIVATION_RELU))
CASE(apply_dense_pattern_input_gradient, op_sparse_input_gradient(t, in[0], in[1], &DENSE))
CASE(apply_dense_pattern_weight_gradient, op_sparse_weight_gradient(t, in[0], in[1], &DENSE))
CASE(apply_sparse_linear, op_sparse_linear(t, in[0], in[1], in[2], &SPARSE, ACTIVATION_NONE))
CASE(apply_sparse_linear_relu, op_sparse_linear(t, in[0], in[1], in[2], &SPARSE, ACTIVATION_RELU))
CASE(apply_sparse_input_gradient, op_sparse_input_gradient(t, in[0], in[1], &SPARSE))
CASE(apply_sparse_weight_gradient, op_sparse_weight_gradient(t, in[0], in[1], &SPARSE))

/* [2][7][3] by [3][2][3] with stride 2, padding 1: output length 4 */
static const ConvGeometry GEOMETRY = {.stride = 2, .padding = 1};
#define SIGNAL                                                                                                         \
    {                                                                                                                  \
        3, {                                                                                                           \
            2, 7, 3                                                                                                    \
        }                                                                                                              \
    }
#define FILTER                                                                                                         \
    {                                                                                                                  \
        3, {                                                                                                           \
            3, 2, 3                                                                                                    \
        }                                                                                                              \
    }
#define POOLED                                                                                                         \
    {                                                                                                                  \
        3, {                                                                                                           \
            2, 3, 3                                                                                                    \
        }                                                                                                              \
    }
#define OUTPUT                                                                                                         \
    {                                                                                                                  \
        3, {                                                                                                           \
            3, 4, 3                                                                                                    \
        }                                                                                                              \
    }
CASE(apply_convolution, op_convolution(t, in[0], in[1], GEOMETRY))
CASE(apply_convolution_input_gradient, op_convolution_input_gradient(t, in[0], in[1], shape_signal(2, 7, 3), GEOMETRY))
CASE(apply_convolution_weight_gradient,
     op_convolution_weight_gradient(t, in[0], in[1], shape_signal(3, 2, 3), GEOMETRY))
CASE(apply_convolution_bias, op_convolution_bias(t, in[0], in[1], in[2], GEOMETRY, ACTIVATION_NONE))
CASE(apply_convolution_relu_max_pool, op_convolution_relu_max_pool(t, in[0], in[1], in[2], GEOMETRY))
CASE(apply_convolution_bias_relu, op_convolution_bias(t, in[0], in[1], in[2], GEOMETRY, ACTIVATION_RELU))

/* [2][4][3][2] by [2][2][3][2] with stride 2, padding 2 and 1: outputs 3 by 2 */
static const ConvGeometry IMAGE_GEOMETRY = {.stride = 2, .padding = 1, .row_padding = 2};
#define IMAGE                                                                                                          \
    {                                                                                                                  \
        4, {                                                                                                           \
            2, 4, 3, 2                                                                                                 \
        }                                                                                                              \
    }
#define IMAGE_FILTER                                                                                                   \
    {                                                                                                                  \
        4, {                                                                                                           \
            2, 2, 3, 2                                                                                                 \
        }                                                                                                              \
    }
#define IMAGE_OUTPUT                                                                                                   \
    {                                                                                                                  \
        4, {                                                                                                           \
            2, 3, 2, 2                                                                                                 \
        }                                                                                                              \
    }
CASE(apply_image, op_convolution(t, in[0], in[1], IMAGE_GEOMETRY))
CASE(apply_image_input_gradient,
     op_convolution_input_gradient(t, in[0], in[1], shape_image(2, 4, 3, 2), IMAGE_GEOMETRY))
CASE(apply_image_weight_gradient,
     op_convolution_weight_gradient(t, in[0], in[1], shape_image(2, 2, 3, 2), IMAGE_GEOMETRY))
CASE(apply_image_bias, op_convolution_bias(t, in[0], in[1], in[2], IMAGE_GEOMETRY, ACTIVATION_RELU))

/* Windows of odd and of even size, and one of more channels than there are */
static const LocalResponse RESPONSE = {3, 1.5, 0.75, 2}, EVEN_RESPONSE = {2, 1.5, 0.5, 1}, WIDE = {9, 3, 0.75, 1};
CASE(apply_local_response_norm, op_local_response_norm(t, in[0], RESPONSE))
CASE(apply_even_local_response_norm, op_local_response_norm(t, in[0], EVEN_RESPONSE))
CASE(apply_wide_local_response_norm, op_local_response_norm(t, in[0], WIDE))

/* in[1] is the gradient of the output. */
static Var apply_local_response_norm_backward(Tape *t, const Var *in) {
    Var gx;
    tape_vjp(t, op_local_response_norm(t, in[0], EVEN_RESPONSE), in[1], 1, in, &gx);
    return gx;
}

/* Pairs of [2][7][3], and windows of 3 by 2 with strides of 2 and 1 over [2][4][3][2], outputs 2 by 4 */
static const Window WINDOW = {.rows = {3, 2, 1}, .columns = {2, 1, 1}};
#define WINDOWED                                                                                                       \
    {                                                                                                                  \
        4, {                                                                                                           \
            2, 2, 4, 2                                                                                                 \
        }                                                                                                              \
    }
CASE(apply_max_pool, op_max_pool(t, in[0], window_pairs()))
CASE(apply_relu_max_pool, op_relu_max_pool(t, in[0], window_pairs()))
CASE(apply_average_pool, op_average_pool(t, in[0], window_pairs()))
CASE(apply_sum_unpool, op_sum_unpool(t, in[0], shape_signal(2, 7, 3), window_pairs(), 3))
CASE(apply_adaptive_pool, op_adaptive_average_pool(t, in[0], 3, 5))
CASE(apply_adaptive_unpool, op_adaptive_average_unpool(t, in[0], shape_image(2, 5, 2, 2)))
CASE(apply_l2_pool, op_l2_pool(t, in[0], window_pairs()))
CASE(apply_l2_unpool, op_l2_unpool(t, in[0], in[1], in[2], window_pairs()))
CASE(apply_divide_or_zero, op_divide_or_zero(t, in[0], in[1]))
CASE(apply_window_max_pool, op_max_pool(t, in[0], WINDOW))
CASE(apply_window_relu_max_pool, op_relu_max_pool(t, in[0], WINDOW))
CASE(apply_window_average_pool, op_average_pool(t, in[0], WINDOW))
CASE(apply_global_average_pool, op_global_average_pool(t, in[0]))
CASE(apply_window_sum_unpool, op_sum_unpool(t, in[0], shape_image(2, 4, 3, 2), WINDOW, 3))
CASE(apply_window_l2_pool, op_l2_pool(t, in[0], WINDOW))
CASE(apply_window_l2_unpool, op_l2_unpool(t, in[0], in[1], in[2], WINDOW))

static const DropoutNoise NOISE = {.seed = 3, .step = 1, .layer = 2};
CASE(apply_dropout, op_dropout(t, in[0], 0.4, &NOISE))
CASE(apply_channel_dropout, op_channel_dropout(t, in[0], 0.4, &NOISE))

static const real FIXED_MEAN[2] = {0.125, -0.25}, FIXED_VARIANCE[2] = {0.75, 0.5};
CASE(apply_batch_norm, op_batch_norm(t, in[0], in[1], in[2], 0.0625))
CASE(apply_batch_norm_by, op_batch_norm_by(t, in[0], in[1], in[2], 0.0625, FIXED_MEAN, FIXED_VARIANCE))

/* The gradients of x, gamma and beta, end to end; in[2] is that of the output.  beta has no part in them. */
static Var batch_norm_gradients(Tape *t, const Var *in, int fixed) {
    const Var inputs[3] = {in[0], in[1], tape_fill(t, shape_vector(2), 0.25)};
    Var gradient[3], all = NULL, y = fixed ? apply_batch_norm_by(t, inputs) : apply_batch_norm(t, inputs);
    tape_vjp(t, y, in[2], 3, inputs, gradient);
    for (size_t i = 0; i < 3; i++) {
        Var flat = op_reshape(t, gradient[i], shape_vector(shape_count(var_shape(gradient[i]))));
        all = all ? op_concat(t, all, flat) : flat;
    }
    return all;
}
CASE(apply_batch_norm_backward, batch_norm_gradients(t, in, 0))
CASE(apply_batch_norm_by_backward, batch_norm_gradients(t, in, 1))

static Var leaf_copy(Tape *t, Shape shape, const real *data) {
    real *copy = tape_alloc(t, shape_count(shape), sizeof *copy);
    return tape_input(t, shape, memcpy(copy, data, shape_count(shape) * sizeof *copy));
}

static Var selector(Tape *t) {
    real x[42];
    for (size_t i = 0; i < 42; i++) x[i] = (real)(i * 5 % 42) - 15;
    return leaf_copy(t, shape_signal(2, 7, 3), x);
}

static Var apply_max_gather(Tape *t, const Var *in) {
    return op_max_gather(t, op_max_pool(t, selector(t), window_pairs()), in[0]);
}

static Var apply_max_unpool(Tape *t, const Var *in) {
    return op_max_unpool(t, op_max_pool(t, selector(t), window_pairs()), in[0]);
}

static Var apply_relu_max_gather(Tape *t, const Var *in) {
    return op_max_gather(t, op_relu_max_pool(t, selector(t), window_pairs()), in[0]);
}

static Var apply_relu_max_unpool(Tape *t, const Var *in) {
    return op_max_unpool(t, op_relu_max_pool(t, selector(t), window_pairs()), in[0]);
}

static Var window_selector(Tape *t) {
    real x[48];
    for (size_t i = 0; i < 48; i++) x[i] = (real)(i * 5 % 48) - 15;
    return op_max_pool(t, leaf_copy(t, shape_image(2, 4, 3, 2), x), WINDOW);
}

static Var apply_window_max_gather(Tape *t, const Var *in) {
    return op_max_gather(t, window_selector(t), in[0]);
}

static Var apply_window_max_unpool(Tape *t, const Var *in) {
    return op_max_unpool(t, window_selector(t), in[0]);
}

static Var apply_leaky_relu_gradient(Tape *t, const Var *in) {
    static const real x[12] = {1, 0, 2, -1, 0, 3, 1, 1, -2, 0, 5, 1};
    return op_leaky_relu_gradient(t, tape_input(t, shape_matrix(3, 4), x), in[0], 0.125);
}

static Var apply_relu_gate(Tape *t, const Var *in) {
    static const real y[12] = {1, 0, 2, -1, 0, 3, 1, 1, -2, 0, 5, 1};
    return op_relu_gate(t, tape_input(t, shape_matrix(3, 4), y), in[0]);
}

CASE(apply_learned_activation, op_learned_activation(t, in[0], 4, in + 1, 0.375))

CASE(apply_deep_activation, op_learned_activation(t, in[0], 6, in + 1, 0.375))

/* All that the pair of value and derivative passes on; in[4] and in[5] are their gradients.  b2 only shifts the value.
 */
static Var apply_learned_activation_backward(Tape *t, const Var *in) {
    const Var inputs[5] = {in[0], in[1], in[2], in[3], tape_fill(t, shape_scalar(), 0.25)};
    Var first, second[5], all = NULL, y = op_learned_activation(t, inputs[0], 4, inputs + 1, 0.375);
    tape_vjp(t, y, in[4], 1, inputs, &first);
    const Var outputs[2] = {y, first}, seeds[2] = {in[5], in[5]};
    tape_vjp_many(t, 2, outputs, seeds, 5, inputs, second);
    for (int i = 0; i < 5; i++) {
        Var flat = op_reshape(t, second[i], shape_vector(shape_count(var_shape(second[i]))));
        all = all ? op_concat(t, all, flat) : flat;
    }
    return all;
}

static Var apply_softmax_cross_entropy_backward(Tape *t, const Var *in) {
    Var out;
    tape_vjp(t, op_softmax_cross_entropy(t, in[0], LABELS), in[1], 1, in, &out);
    return op_scale(t, out, 4); /* cubes of the mean's 1/4 would be too small to see */
}

/* The gradients of inputs first..8 of the unit, end to end; in[9] is the gradient of its output. */
static Var gru_gradients(Tape *t, const Var *in, size_t first) {
    Var gradient[1 + GRU_WEIGHTS], all = NULL;
    tape_vjp(t, op_bidirectional_gru(t, in[0], in + 1), in[9], 1 + GRU_WEIGHTS - first, in + first, gradient);
    for (size_t i = 0; i < 1 + GRU_WEIGHTS - first; i++) {
        Var flat = op_reshape(t, gradient[i], shape_vector(shape_count(var_shape(gradient[i]))));
        all = all ? op_concat(t, all, flat) : flat;
    }
    return all;
}
CASE(apply_gru_backward, gru_gradients(t, in, 0))
CASE(apply_gru_backward_weights, gru_gradients(t, in, 1))

/* length 3, 2 inputs, batch 2, hidden 2 */
#define GRU_DIRECTION                                                                                                  \
    {2, {6, 2, 1}}, {2, {6, 2, 1}}, {1, {6, 1, 1}}, {                                                                  \
        1, {                                                                                                           \
            6, 1, 1                                                                                                    \
        }                                                                                                              \
    }
#define GRU_INPUTS {3, {3, 2, 2}}, GRU_DIRECTION, GRU_DIRECTION
#define MATRIX                                                                                                         \
    {                                                                                                                  \
        2, {                                                                                                           \
            3, 4, 1                                                                                                    \
        }                                                                                                              \
    }
#define VECTOR(n)                                                                                                      \
    {                                                                                                                  \
        1, {                                                                                                           \
            n, 1, 1                                                                                                    \
        }                                                                                                              \
    }
#define SCALAR                                                                                                         \
    {                                                                                                                  \
        0, {                                                                                                           \
            1, 1, 1                                                                                                    \
        }                                                                                                              \
    }

static const Case cases[] = {
    {"add", ANY, 2, {MATRIX, MATRIX}, apply_add},
    {"sub", ANY, 2, {MATRIX, MATRIX}, apply_sub},
    {"mul", ANY, 2, {MATRIX, MATRIX}, apply_mul},
    {"div", POSITIVE, 2, {MATRIX, MATRIX}, apply_div},
    {"scale", ANY, 1, {MATRIX}, apply_scale},
    {"add_constant", ANY, 1, {MATRIX}, apply_add_constant},
    {"exp", ANY, 1, {MATRIX}, apply_exp},
    {"log", POSITIVE, 1, {MATRIX}, apply_log},
    {"sqrt", POSITIVE, 1, {MATRIX}, apply_sqrt},
    {"tanh", ANY, 1, {MATRIX}, apply_tanh},
    {"sigmoid", ANY, 1, {MATRIX}, apply_sigmoid},
    {"relu", AWAY_FROM_ZERO, 1, {MATRIX}, apply_relu},
    {"relu_gate", ANY, 1, {MATRIX}, apply_relu_gate},
    {"swish", ANY, 1, {MATRIX}, apply_swish},
    {"swish_gradient", ANY, 2, {MATRIX, MATRIX}, apply_swish_gradient},
    {"gelu", ANY, 1, {MATRIX}, apply_gelu},
    {"gelu_gradient", ANY, 2, {MATRIX, MATRIX}, apply_gelu_gradient},
    {"softplus", ANY, 1, {MATRIX}, apply_softplus},
    {"elu", AWAY_FROM_ZERO, 1, {MATRIX}, apply_elu},
    {"elu_gradient", AWAY_FROM_ZERO, 2, {MATRIX, MATRIX}, apply_elu_gradient},
    {"leaky_relu", AWAY_FROM_ZERO, 1, {MATRIX}, apply_leaky_relu},
    {"leaky_relu_gradient", ANY, 1, {MATRIX}, apply_leaky_relu_gradient},
    {"reshape", ANY, 1, {MATRIX}, apply_reshape},
    {"transpose", ANY, 1, {MATRIX}, apply_transpose},
    {"slice", ANY, 1, {MATRIX}, apply_slice},
    {"embed", ANY, 1, {MATRIX}, apply_embed},
    {"columns", ANY, 1, {MATRIX}, apply_columns},
    {"embed_columns", ANY, 1, {MATRIX}, apply_embed_columns},
    {"concat", ANY, 2, {MATRIX, {2, {2, 4, 1}}}, apply_concat},
    {"concat", ANY, 3, {{4, {1, 2, 3, 2}}, {4, {3, 2, 3, 2}}, {4, {2, 2, 3, 2}}}, apply_concat_all},
    {"slice", ANY, 1, {{4, {4, 1, 3, 2}}}, apply_channels},
    {"expand", ANY, 1, {VECTOR(1)}, apply_expand},
    {"sum", ANY, 1, {MATRIX}, apply_sum},
    {"expand_columns", ANY, 1, {VECTOR(3)}, apply_expand_columns},
    {"sum_columns", ANY, 1, {MATRIX}, apply_sum_columns},
    {"expand_rows", ANY, 1, {VECTOR(3)}, apply_expand_rows},
    {"sum_rows", ANY, 1, {MATRIX}, apply_sum_rows},
    {"matmul_nn", ANY, 2, {MATRIX, {2, {4, 2, 1}}}, apply_matmul_nn},
    {"matmul_tn", ANY, 2, {MATRIX, {2, {3, 2, 1}}}, apply_matmul_tn},
    {"matmul_nt", ANY, 2, {MATRIX, {2, {2, 4, 1}}}, apply_matmul_nt},
    {"convolution", ANY, 2, {SIGNAL, FILTER}, apply_convolution},
    {"convolution_input_gradient", ANY, 2, {OUTPUT, FILTER}, apply_convolution_input_gradient},
    {"convolution_weight_gradient", ANY, 2, {OUTPUT, SIGNAL}, apply_convolution_weight_gradient},
    {"convolution", ANY, 2, {IMAGE, IMAGE_FILTER}, apply_image},
    {"convolution_input_gradient", ANY, 2, {IMAGE_OUTPUT, IMAGE_FILTER}, apply_image_input_gradient},
    {"convolution_weight_gradient", ANY, 2, {IMAGE_OUTPUT, IMAGE}, apply_image_weight_gradient},
    {"convolution_bias", ANY, 3, {IMAGE, IMAGE_FILTER, VECTOR(2)}, apply_image_bias},
    {"max_pool", AWAY_FROM_ZERO, 1, {SIGNAL}, apply_max_pool},
    {"dropout", ANY, 1, {IMAGE}, apply_dropout},
    {"dropout", ANY, 1, {IMAGE}, apply_channel_dropout},
    {"local_response_norm", ANY, 1, {{4, {5, 2, 1, 3}}}, apply_local_response_norm},
    {"local_response_norm", ANY, 1, {{4, {5, 2, 1, 3}}}, apply_even_local_response_norm},
    {"local_response_norm", ANY, 1, {MATRIX}, apply_wide_local_response_norm},
    {"local_response_norm_backward", ANY, 2, {MATRIX, MATRIX}, apply_local_response_norm_backward},
    {"batch_norm", ANY, 3, {SIGNAL, VECTOR(2), VECTOR(2)}, apply_batch_norm},
    {"batch_norm", ANY, 3, {SIGNAL, VECTOR(2), VECTOR(2)}, apply_batch_norm_by},
    {"batch_norm_backward", ANY, 3, {SIGNAL, VECTOR(2), SIGNAL}, apply_batch_norm_backward},
    {"batch_norm_backward", ANY, 3, {SIGNAL, VECTOR(2), SIGNAL}, apply_batch_norm_by_backward},
    {"max_gather", ANY, 1, {SIGNAL}, apply_max_gather},
    {"max_unpool", ANY, 1, {POOLED}, apply_max_unpool},
    {"max_pool", AWAY_FROM_ZERO, 1, {SIGNAL}, apply_relu_max_pool},
    {"max_gather", ANY, 1, {SIGNAL}, apply_relu_max_gather},
    {"max_unpool", ANY, 1, {POOLED}, apply_relu_max_unpool},
    {"sum_pool", ANY, 1, {SIGNAL}, apply_average_pool},
    {"sum_unpool", ANY, 1, {POOLED}, apply_sum_unpool},
    {"divide_or_zero", POSITIVE, 2, {POOLED, POOLED}, apply_divide_or_zero},
    {"l2_pool", POSITIVE, 1, {SIGNAL}, apply_l2_pool},
    {"l2_unpool", POSITIVE, 3, {SIGNAL, POOLED, POOLED}, apply_l2_unpool},
    {"max_pool", DISTINCT, 1, {IMAGE}, apply_window_max_pool},
    {"max_pool", DISTINCT, 1, {IMAGE}, apply_window_relu_max_pool},
    {"max_gather", ANY, 1, {IMAGE}, apply_window_max_gather},
    {"max_unpool", ANY, 1, {WINDOWED}, apply_window_max_unpool},
    {"sum_pool", ANY, 1, {IMAGE}, apply_window_average_pool},
    {"sum_pool", ANY, 1, {IMAGE}, apply_global_average_pool},
    {"sum_unpool", ANY, 1, {WINDOWED}, apply_window_sum_unpool},
    {"adaptive_average_pool", ANY, 1, {IMAGE}, apply_adaptive_pool},
    {"adaptive_average_unpool", ANY, 1, {WINDOWED}, apply_adaptive_unpool},
    {"l2_pool", POSITIVE, 1, {IMAGE}, apply_window_l2_pool},
    {"l2_unpool", POSITIVE, 3, {IMAGE, WINDOWED, WINDOWED}, apply_window_l2_unpool},
    {"linear", ANY, 3, {MATRIX, VECTOR(3), {2, {4, 2, 1}}}, apply_linear},
    {"linear", ANY, 3, {MATRIX, VECTOR(3), {2, {4, 2, 1}}}, apply_linear_relu},
    {"sparse_linear", ANY, 3, {VECTOR(10), VECTOR(3), {2, {4, 2, 1}}}, apply_dense_pattern},
    {"sparse_linear", ANY, 3, {VECTOR(5), VECTOR(6), {2, {8, 2, 1}}}, apply_sparse_linear},
    {"sparse_linear", ANY, 3, {VECTOR(5), VECTOR(6), {2, {8, 2, 1}}}, apply_sparse_linear_relu},
    {"sparse_input_gradient", ANY, 2, {VECTOR(10), {2, {3, 2, 1}}}, apply_dense_pattern_input_gradient},
    {"sparse_input_gradient", ANY, 2, {VECTOR(5), {2, {6, 2, 1}}}, apply_sparse_input_gradient},
    {"sparse_weight_gradient", ANY, 2, {{2, {3, 2, 1}}, {2, {4, 2, 1}}}, apply_dense_pattern_weight_gradient},
    {"sparse_weight_gradient", ANY, 2, {{2, {6, 2, 1}}, {2, {8, 2, 1}}}, apply_sparse_weight_gradient},
    {"convolution_bias", ANY, 3, {SIGNAL, FILTER, VECTOR(3)}, apply_convolution_bias},
    {"convolution_bias", ANY, 3, {SIGNAL, FILTER, VECTOR(3)}, apply_convolution_bias_relu},
    {"convolution_relu_max_pool", ANY, 3, {SIGNAL, FILTER, VECTOR(3)}, apply_convolution_relu_max_pool},
    {"softmax_cross_entropy", ANY, 1, {MATRIX}, apply_softmax_cross_entropy},
    {"softmax_cross_entropy", ANY, 1, {MATRIX}, apply_smoothed_cross_entropy},
    {"softmax_cross_entropy_backward", ANY, 2, {MATRIX, SCALAR}, apply_softmax_cross_entropy_backward},
    {"learned_activation",
     AWAY_FROM_ZERO,
     5,
     {MATRIX, VECTOR(3), VECTOR(3), VECTOR(3), SCALAR},
     apply_learned_activation},
    {"learned_activation",
     AWAY_FROM_ZERO,
     7,
     {MATRIX, VECTOR(3), VECTOR(3), {2, {2, 3, 1}}, VECTOR(2), VECTOR(2), SCALAR},
     apply_deep_activation},
    {"learned_activation_backward",
     AWAY_FROM_ZERO,
     6,
     {MATRIX, VECTOR(3), VECTOR(3), VECTOR(3), MATRIX, MATRIX},
     apply_learned_activation_backward},
    {"bidirectional_gru", ANY, 9, {GRU_INPUTS}, apply_bidirectional_gru},
    {"bidirectional_gru_backward", ANY, 10, {GRU_INPUTS, {3, {3, 4, 2}}}, apply_gru_backward},
    {"bidirectional_gru_backward", ANY, 10, {GRU_INPUTS, {3, {3, 4, 2}}}, apply_gru_backward_weights},
};
enum { N_CASES = sizeof cases / sizeof *cases };

/* ---- random numbers of [-1, 1): a mixed counter, so that a value depends on its key alone ---- */

static double noise(uint64_t key, size_t index) {
    uint64_t x = (key * 1000003 + index + 1) * UINT64_C(0x9E3779B97F4A7C15);
    x = (x ^ x >> 31) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ x >> 29) * UINT64_C(0x94D049BB133111EB);
    return (double)((x ^ x >> 32) >> 11) * 0x1p-52 - 1;
}

static Var noise_leaf(Tape *t, Shape shape, uint64_t key) {
    real data[MAX_COUNT * 4];
    for (size_t i = 0; i < shape_count(shape); i++) data[i] = noise(key, i);
    return leaf_copy(t, shape, data);
}

/* ---- the check ---- */

typedef struct Point {
    real value[MAX_INPUTS][MAX_COUNT];
} Point;

static double in_domain(Domain domain, double x, size_t index) {
    if (domain == DISTINCT) return (double)(index * 29 % MAX_COUNT) / 32 - 63.0 / 64;
    if (domain == POSITIVE) return 3 + x / 2; /* far from the pole, whose high derivatives would outgrow the step */
    if (domain == AWAY_FROM_ZERO) return x < 0 ? x / 2 - 0.25 : x / 2 + 0.25;
    return x;
}

static Var objective(Tape *t, const Case *c, const Var *in, int order) {
    Var gradient[MAX_INPUTS], total = NULL;
    if (order == 0) {
        Var out = c->apply(t, in), square = op_mul(t, out, out);
        Var curved = op_mul(t, square, op_add_constant(t, out, 1));
        return op_sum(t, op_mul(t, noise_leaf(t, var_shape(out), 7), curved));
    }
    tape_gradient(t, objective(t, c, in, order - 1), (size_t)c->n_inputs, in, gradient);
    for (int i = 0; i < c->n_inputs; i++) {
        Var r = noise_leaf(t, c->shape[i], (uint64_t)(100 * order + i));
        Var part = op_sum(t, op_mul(t, r, gradient[i]));
        total = total ? op_add(t, total, part) : part;
    }
    return total;
}

static void make_inputs(Tape *t, const Case *c, const Point *point, Var *in) {
    tape_reset(t);
    for (int i = 0; i < c->n_inputs; i++) in[i] = tape_input(t, c->shape[i], point->value[i]);
}

/* The objective at the point moved by distance along a direction in one input. */
static double moved(Tape *t, const Case *c, const Point *point, int order, int input, const real *direction,
                    double distance) {
    Var in[MAX_INPUTS];
    Point other = *point;
    for (size_t j = 0; j < shape_count(c->shape[input]); j++) other.value[input][j] += distance * direction[j];
    make_inputs(t, c, &other, in);
    return var_scalar(objective(t, c, in, order));
}

static void check_direction(Tape *t, const Case *c, const Point *point, int order, int input, const real *gradient,
                            uint64_t key) {
    real direction[MAX_COUNT];
    double inner = 0, scale = 0, f[5];
    for (size_t j = 0; j < shape_count(c->shape[input]); j++) {
        direction[j] = noise(key, j);
        inner += gradient[j] * direction[j];
        scale += fabs(gradient[j] * direction[j]);
    }
    for (int s = -2; s <= 2; s++) f[s + 2] = moved(t, c, point, order, input, direction, s * STEP);
    double difference = (8 * (f[3] - f[1]) - (f[4] - f[0])) / (12 * STEP);
    scale += fabs(f[2]);
    ck_assert_msg(fabs(difference - inner) <= TOLERANCE * scale,
                  "%s, order %d, input %d: tape %.15g, finite difference %.15g, error %.2g of %.2g", c->primitive,
                  order + 1, input, inner, difference, fabs(difference - inner), scale);
}

static void check_order(Tape *t, const Case *c, const Point *point, int order) {
    Var in[MAX_INPUTS], gradient[MAX_INPUTS];
    Point g;
    make_inputs(t, c, point, in);
    tape_gradient(t, objective(t, c, in, order), (size_t)c->n_inputs, in, gradient);
    ck_assert_msg(tape_count_of(t, c->primitive) > 0, "the case of %s does not use it", c->primitive);
    for (int i = 0; i < c->n_inputs; i++)
        memcpy(g.value[i], var_data(gradient[i]), shape_count(c->shape[i]) * sizeof(real));
    for (int i = 0; i < c->n_inputs; i++) {
        double largest = 0;
        for (size_t j = 0; j < shape_count(c->shape[i]); j++) largest = fmax(largest, fabs(g.value[i][j]));
        ck_assert_msg(largest > 1e-3, "%s, order %d, input %d: gradient vanishes", c->primitive, order + 1, i);
        for (uint64_t d = 0; d < DIRECTIONS; d++)
            check_direction(t, c, point, order, i, g.value[i], 1000 + 10 * (uint64_t)i + d);
    }
}

START_TEST(derivatives_agree_with_finite_differences) {
    const Case *c = &cases[_i];
    Point point;
    Tape *t = tape_create();
    for (int i = 0; i < c->n_inputs; i++) {
        ck_assert_uint_le(shape_count(c->shape[i]), MAX_COUNT);
        for (size_t j = 0; j < shape_count(c->shape[i]); j++)
            point.value[i][j] = in_domain(c->domain, noise((uint64_t)(31 + i), j), j);
    }
    for (int order = 0; order < ORDERS; order++) check_order(t, c, &point, order);
    tape_destroy(t);
}
END_TEST

START_TEST(every_primitive_has_a_case) {
    for (size_t file = 0; file < N_PRIMITIVE_FILES; file++)
        for (size_t i = 0; all_primitives[file][i]; i++) {
            const char *name = all_primitives[file][i]->name;
            int found = 0;
            for (int c = 0; c < N_CASES; c++) found |= !strcmp(cases[c].primitive, name);
            ck_assert_msg(found, "primitive %s has no check of its derivatives", name);
        }
}
END_TEST

/* By its definition: minus the sum over the classes of the target times the logarithm of the probability. */
START_TEST(smoothed_labels_are_their_definition) {
    static const real logits[12] = {0.5, -1, 2, 0, 3, 0.25, -2, 1, 0.125, 4, -0.5, 1};
    Tape *t = tape_create();
    for (int tenths = 0; tenths <= 10; tenths++) {
        double sum = 0;
        for (size_t n = 0; n < 4; n++) {
            double total = 0;
            for (size_t c = 0; c < 3; c++) total += exp(logits[c * 4 + n]);
            for (size_t c = 0; c < 3; c++) {
                const double target = (LABELS[n] == c ? 1 - tenths / 10.0 : 0) + tenths / 30.0;
                sum -= target * (logits[c * 4 + n] - log(total));
            }
        }
        tape_reset(t);
        Var x = tape_input(t, shape_matrix(3, 4), logits);
        ck_assert_double_eq_tol(var_scalar(op_smoothed_cross_entropy(t, x, LABELS, tenths / 10.0)), sum / 4, 1e-14);
    }
    tape_destroy(t);
}
END_TEST

int main(void) {
    Arena *arena = arena_create(0);
    DENSE = sparse_pattern(3, 4, dense_keep, arena);
    SPARSE = sparse_pattern(6, 8, sparse_keep, arena);
    Suite *suite = suite_create("derivatives in binary64");
    TCase *tcase = tcase_create("primitives");
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, every_primitive_has_a_case);
    tcase_add_test(tcase, smoothed_labels_are_their_definition);
    tcase_add_loop_test(tcase, derivatives_agree_with_finite_differences, 0, N_CASES);
    suite_add_tcase(suite, tcase);
    const int status = run_suite(suite);
    arena_destroy(arena);
    return status;
}
