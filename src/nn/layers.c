#include "nn/layers.h"

#include "grad/convolution.h"
#include "grad/elementwise.h"
#include "grad/linear.h"
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

/* ---- convolution ---- */

static Var convolution_with(Pass *p, const char *name, Filters f, Activation activation, Var x) {
    const Shape in = var_shape(x);
    const int image = in.rank == 4;
    const size_t rows = !image ? 1 : f.row_window ? f.row_window : f.window;
    const ConvGeometry geometry = {.stride = f.stride ? f.stride : 1,
                                   .padding = f.padding,
                                   .row_padding = !image         ? 0
                                                  : f.row_window ? f.row_padding
                                                                 : f.padding};
    const Shape shape =
        image ? shape_image(f.channels, in.dim[0], rows, f.window) : shape_signal(f.channels, in.dim[0], f.window);
    const size_t taps = rows * f.window, fan_in = in.dim[0] * taps, fan_out = f.channels * taps;
    Var weight = pass_tensor(p, name, "weight", shape, p->weights, fan_in, fan_out), y;
    if (f.without_bias) {
        y = op_convolution(p->tape, x, weight, geometry);
        if (activation == ACTIVATION_RELU) y = op_relu(p->tape, y);
    } else {
        Var bias = pass_tensor(p, name, "bias", shape_vector(f.channels), p->biases, fan_in, fan_out);
        y = op_convolution_bias(p->tape, x, weight, bias, geometry, activation);
    }
    const size_t positions = shape_count(var_shape(y)) / f.channels; /* of one example, while declaring */
    const char *then = activation == ACTIVATION_RELU ? ", relu" : "";
    if (image)
        pass_layer(p, name, y, positions * fan_in * f.channels, "convolution %zux%zu%s", rows, f.window, then);
    else
        pass_layer(p, name, y, positions * fan_in * f.channels, "convolution %zu%s", f.window, then);
    return y;
}

Var convolution(Pass *p, const char *name, Filters filters, Var x) {
    return convolution_with(p, name, filters, ACTIVATION_NONE, x);
}

Var convolution_relu(Pass *p, const char *name, Filters filters, Var x) {
    return convolution_with(p, name, filters, ACTIVATION_RELU, x);
}

/* ---- the rest ---- */

Var relu(Pass *p, Var x) {
    Var y = op_relu(p->tape, x);
    pass_layer(p, "", y, 0, "relu");
    return y;
}

Var flatten(Pass *p, Var x) {
    const Shape shape = var_shape(x);
    const size_t batch = shape.dim[shape.rank - 1];
    Var y = op_reshape(p->tape, x, shape_matrix(shape_count(shape) / batch, batch));
    pass_layer(p, "", y, 0, "flatten");
    return y;
}
