#include "nn/pooling_cnn.h"

#include <string.h>

#include "grad/convolution.h"
#include "grad/linear.h"
#include "grad/pooling.h"
#include "grad/reshape.h"

static Var relu_convolution(Tape *t, Var x, Var weight, Var bias, ConvGeometry g) {
    return op_convolution_bias(t, x, weight, bias, g, ACTIVATION_RELU);
}

static Var relu_average(Tape *t, Var x, Var weight, Var bias, ConvGeometry g) {
    return op_average_pool(t, relu_convolution(t, x, weight, bias, g), window_pairs());
}

static Var relu_l2(Tape *t, Var x, Var weight, Var bias, ConvGeometry g) {
    return op_l2_pool(t, relu_convolution(t, x, weight, bias, g), window_pairs());
}

struct Pooling {
    const char *name;
    size_t stride; /* of the convolutions */
    Var (*layer)(Tape *, Var x, Var weight, Var bias, ConvGeometry);
    size_t window; /* of the pooling in the layer */
};

static const Pooling poolings[] = {{"none", 1, relu_convolution, 1},
                                   {"stride", 2, relu_convolution, 1},
                                   {"max", 1, op_convolution_relu_max_pool, 2},
                                   {"average", 1, relu_average, 2},
                                   {"l2", 1, relu_l2, 2}};
enum { N_POOLED_CONVOLUTIONS = 2, POOLED_WIDTH = 3 };

const char *pooling_name(size_t index) {
    return index < sizeof poolings / sizeof *poolings ? poolings[index].name : NULL;
}

const Pooling *pooling_by_name(const char *name) {
    for (size_t i = 0; pooling_name(i); i++)
        if (!strcmp(name, poolings[i].name)) return &poolings[i];
    return NULL;
}

static Var forward(Tape *t, const Model *model, const Var *w, Var x) {
    const size_t batch = var_shape(x).dim[1];
    const Pooling *pooling = model->details;
    const ConvGeometry geometry = {.stride = pooling->stride, .padding = 1};
    x = op_reshape(t, x, shape_signal(1, model->inputs, batch));
    for (size_t i = 0; i < N_POOLED_CONVOLUTIONS; i++) x = pooling->layer(t, x, w[2 * i], w[2 * i + 1], geometry);
    x = op_reshape(t, x, shape_matrix(var_shape(x).dim[0] * var_shape(x).dim[1], batch));
    return op_linear(t, w[2 * N_POOLED_CONVOLUTIONS], w[2 * N_POOLED_CONVOLUTIONS + 1], x, ACTIVATION_NONE);
}

Model model_pooling(size_t inputs, size_t channels, size_t classes, const Pooling *pooling) {
    Model model = {.name = "pooling", .inputs = inputs, .classes = classes, .details = pooling, .forward = forward};
    size_t length = inputs;
    for (size_t i = 0; i < N_POOLED_CONVOLUTIONS; i++) {
        const ConvolutionAxis axis = {length, POOLED_WIDTH, pooling->stride, 1};
        model_add_conv1d(&model, i ? "conv2" : "conv1", channels, i ? channels : 1, POOLED_WIDTH);
        length = axis_outputs(&axis) / pooling->window;
    }
    model_add_linear(&model, "linear", classes, channels * length);
    return model;
}
