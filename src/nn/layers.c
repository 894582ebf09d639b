#include "nn/layers.h"

#include <math.h>

#include "grad/batch_norm.h"
#include "grad/convolution.h"
#include "grad/dropout.h"
#include "grad/elementwise.h"
#include "grad/gru.h"
#include "grad/linear.h"
#include "grad/local_response_norm.h"
#include "grad/matmul.h"
#include "grad/nonlinearity.h"
#include "grad/pooling.h"
#include "grad/reshape.h"

/* ---- linear ---- */

static Var linear_with(Pass *p, const char *name, size_t out, Activation activation, Var x) {
    const size_t in = var_shape(x).dim[0];
    Var weight = pass_tensor(p, name, "weight", shape_matrix(out, in), p->weights, in, out);
    Var bias = pass_tensor(p, name, "bias", shape_vector(out), p->biases, in, out);
    Var y = op_linear(p->tape, weight, bias, x, activation);
    pass_layer(p, name, y, in * out, "linear%s", activation == ACTIVATION_RELU ? ", relu" : "");
    return y;
}

Var linear(Pass *p, const char *name, size_t out, Var x) {
    return linear_with(p, name, out, ACTIVATION_NONE, x);
}

Var linear_relu(Pass *p, const char *name, size_t out, Var x) {
    return linear_with(p, name, out, ACTIVATION_RELU, x);
}

Var linear_without_bias(Pass *p, const char *name, size_t out, Var x) {
    const size_t in = var_shape(x).dim[0];
    Var y = op_matmul_nn(p->tape, pass_tensor(p, name, "weight", shape_matrix(out, in), p->weights, in, out), x);
    pass_layer(p, name, y, in * out, "linear without bias");
    return y;
}

/* ---- convolution ---- */

/* What a convolution with a bias does to x, and what it is called. */
typedef Var BiasedConvolution(Tape *, Var x, Var weight, Var bias, ConvGeometry);

static Var convolution_alone(Tape *t, Var x, Var weight, Var bias, ConvGeometry g) {
    return op_convolution_bias(t, x, weight, bias, g, ACTIVATION_NONE);
}

static Var convolution_then_relu(Tape *t, Var x, Var weight, Var bias, ConvGeometry g) {
    return op_convolution_bias(t, x, weight, bias, g, ACTIVATION_RELU);
}

static Var convolution_with(Pass *p, const char *name, Filters f, BiasedConvolution *with_bias, const char *then,
                            Var x) {
    const Shape in = var_shape(x);
    const int image = in.rank == 4, oblong = f.row_window > 0;
    const size_t rows = !image ? 1 : oblong ? f.row_window : f.window;
    const ConvGeometry geometry = {.stride = f.stride ? f.stride : 1,
                                   .padding = f.padding,
                                   .row_padding = !image   ? 0
                                                  : oblong ? f.row_padding
                                                           : f.padding};
    const Shape shape =
        image ? shape_image(f.channels, in.dim[0], rows, f.window) : shape_signal(f.channels, in.dim[0], f.window);
    const size_t fan_in = in.dim[0] * rows * f.window, fan_out = f.channels * rows * f.window;
    const Convolution conv = convolution_of(in, shape, geometry);
    const size_t positions = axis_outputs(&conv.rows) * axis_outputs(&conv.columns);
    Var weight = pass_tensor(p, name, "weight", shape, p->weights, fan_in, fan_out), y;
    if (f.without_bias) {
        y = op_convolution(p->tape, x, weight, geometry);
        if (with_bias == convolution_then_relu) y = op_relu(p->tape, y);
    } else {
        Var bias = pass_tensor(p, name, "bias", shape_vector(f.channels), p->biases, fan_in, fan_out);
        y = with_bias(p->tape, x, weight, bias, geometry);
    }
    if (image)
        pass_layer(p, name, y, positions * fan_in * f.channels, "convolution %zux%zu%s", rows, f.window, then);
    else
        pass_layer(p, name, y, positions * fan_in * f.channels, "convolution %zu%s", f.window, then);
    return y;
}

Var convolution(Pass *p, const char *name, Filters filters, Var x) {
    return convolution_with(p, name, filters, convolution_alone, "", x);
}

Var convolution_relu(Pass *p, const char *name, Filters filters, Var x) {
    return convolution_with(p, name, filters, convolution_then_relu, ", relu", x);
}

Var convolution_relu_max_pooling(Pass *p, const char *name, Filters filters, Var x) {
    return convolution_with(p, name, filters, op_convolution_relu_max_pool, ", relu, max pooling of 2", x);
}

/* ---- recurrence ---- */

Var bidirectional_gru(Pass *p, const char *name, size_t hidden, Var x) {
    static const char *const parts[GRU_WEIGHTS] = {"weight_ih_l0",       "weight_hh_l0",         "bias_ih_l0",
                                                   "bias_hh_l0",         "weight_ih_l0_reverse", "weight_hh_l0_reverse",
                                                   "bias_ih_l0_reverse", "bias_hh_l0_reverse"};
    const size_t length = var_shape(x).dim[0], in = var_shape(x).dim[1];
    const Shape shapes[4] = {shape_matrix(3 * hidden, in), shape_matrix(3 * hidden, hidden), shape_vector(3 * hidden),
                             shape_vector(3 * hidden)};
    const Initial usual = {INITIAL_SYMMETRIC, 1 / sqrt((double)hidden)}; /* PyTorch's */
    Var weights[GRU_WEIGHTS];
    for (size_t i = 0; i < GRU_WEIGHTS; i++)
        weights[i] = pass_tensor(p, name, parts[i], shapes[i % 4], usual, hidden, hidden);
    Var y = op_bidirectional_gru(p->tape, x, weights);
    pass_layer(p, name, y, length * 2 * 3 * hidden * (in + hidden), "bidirectional gru");
    return y;
}

/* ---- pooling ---- */

static Window window_for(Var x, size_t taps, size_t stride, size_t padding) {
    Window window = window_square(taps, stride, padding);
    if (var_shape(x).rank < 4) window.rows = window_pairs().rows;
    return window;
}

static Var pooled(Pass *p, const char *what, Window w, Var y) {
    if (var_shape(y).rank < 4)
        pass_layer(p, "", y, 0, "%s of %zu", what, w.columns.taps);
    else
        pass_layer(p, "", y, 0, "%s of %zux%zu", what, w.rows.taps, w.columns.taps);
    return y;
}

Var max_pooling(Pass *p, size_t taps, size_t stride, size_t padding, Var x) {
    const Window window = window_for(x, taps, stride, padding);
    return pooled(p, "max pooling", window, op_max_pool(p->tape, x, window));
}

Var relu_max_pooling(Pass *p, size_t taps, size_t stride, size_t padding, Var x) {
    const Window window = window_for(x, taps, stride, padding);
    return pooled(p, "relu and max pooling", window, op_relu_max_pool(p->tape, x, window));
}

Var average_pooling(Pass *p, size_t taps, size_t stride, size_t padding, Var x) {
    const Window window = window_for(x, taps, stride, padding);
    return pooled(p, "average pooling", window, op_average_pool(p->tape, x, window));
}

Var l2_pooling(Pass *p, size_t taps, size_t stride, size_t padding, Var x) {
    const Window window = window_for(x, taps, stride, padding);
    return pooled(p, "l2 pooling", window, op_l2_pool(p->tape, x, window));
}

Var adaptive_average_pooling(Pass *p, size_t rows, size_t columns, Var x) {
    Var y = op_adaptive_average_pool(p->tape, x, rows, columns);
    pass_layer(p, "", y, 0, "averages in %zux%zu", rows, columns);
    return y;
}

Var global_average_pooling(Pass *p, Var x) {
    Var y = op_global_average_pool(p->tape, x);
    pass_layer(p, "", y, 0, "average of all positions");
    return y;
}

/* ---- normalisation and noise ---- */

/* scale NULL: it is learned. */
static Var normalised(Pass *p, const char *name, Var scale, Var x) {
    const Shape channels = shape_vector(var_shape(x).dim[0]);
    if (!scale) scale = pass_tensor(p, name, "weight", channels, p->scales, 0, 0);
    Var shift = pass_tensor(p, name, "bias", channels, (Initial){INITIAL_CONSTANT, 0}, 0, 0), y;
    real *mean = pass_buffer(p, name, "running_mean", channels, 0);
    real *variance = pass_buffer(p, name, "running_var", channels, 1);
    if (p->mode == PASS_TRAIN) {
        y = op_batch_norm(p->tape, x, scale, shift, p->norm_epsilon);
        batch_norm_running(batch_norm_of(y), p->norm_momentum, mean, variance);
    } else {
        y = op_batch_norm_by(p->tape, x, scale, shift, p->norm_epsilon, mean, variance);
    }
    pass_layer(p, name, y, 0, "batch normalisation");
    return y;
}

Var batch_norm(Pass *p, const char *name, Var x) {
    return normalised(p, name, NULL, x);
}

Var batch_norm_without_scale(Pass *p, const char *name, Var x) {
    return normalised(p, name, tape_fill(p->tape, shape_vector(var_shape(x).dim[0]), 1), x);
}

Var local_response_norm(Pass *p, LocalResponse norm, Var x) {
    Var y = op_local_response_norm(p->tape, x, norm);
    pass_layer(p, "", y, 0, "local response normalisation");
    return y;
}

static Var dropped(Pass *p, const char *name, double rate, Var x, const char *what,
                   Var (*op)(Tape *, Var, double, const DropoutNoise *)) {
    const DropoutNoise noise = pass_noise(p, name);
    Var y = p->mode == PASS_TRAIN ? op(p->tape, x, rate, &noise) : x;
    pass_layer(p, name, y, 0, "%s %g", what, rate);
    return y;
}

Var dropout(Pass *p, const char *name, double rate, Var x) {
    return dropped(p, name, rate, x, "dropout", op_dropout);
}

Var dropout_channels(Pass *p, const char *name, double rate, Var x) {
    return dropped(p, name, rate, x, "dropout of channels", op_channel_dropout);
}

/* ---- activations ---- */

static Var activated(Pass *p, const char *kind, Var y) {
    pass_layer(p, "", y, 0, "%s", kind);
    return y;
}

Var relu(Pass *p, Var x) {
    return activated(p, "relu", op_relu(p->tape, x));
}

Var tanh_activation(Pass *p, Var x) {
    return activated(p, "tanh", op_tanh(p->tape, x));
}

Var sigmoid(Pass *p, Var x) {
    return activated(p, "sigmoid", op_sigmoid(p->tape, x));
}

Var swish(Pass *p, Var x) {
    return activated(p, "swish", op_swish(p->tape, x));
}

Var gelu(Pass *p, Var x) {
    return activated(p, "gelu", op_gelu(p->tape, x));
}

Var softplus(Pass *p, Var x) {
    return activated(p, "softplus", op_softplus(p->tape, x));
}

Var elu(Pass *p, double alpha, Var x) {
    return activated(p, "elu", op_elu(p->tape, x, (real)alpha));
}

Var leaky_relu(Pass *p, double slope, Var x) {
    return activated(p, "leaky relu", op_leaky_relu(p->tape, x, (real)slope));
}

/* ---- arrangement ---- */

Var concatenate(Pass *p, size_t count, const Var *parts) {
    Var y = op_concat_all(p->tape, count, parts);
    pass_layer(p, "", y, 0, "concatenation of %zu", count);
    return y;
}

Var flatten(Pass *p, Var x) {
    const Shape shape = var_shape(x);
    const size_t batch = shape.dim[shape.rank - 1];
    Var y = op_reshape(p->tape, x, shape_matrix(shape_count(shape) / batch, batch));
    pass_layer(p, "", y, 0, "flatten");
    return y;
}
