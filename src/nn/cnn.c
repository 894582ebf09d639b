#include "nn/cnn.h"

#include "grad/convolution.h"
#include "grad/linear.h"
#include "grad/reshape.h"

static const struct {
    size_t width;
    ConvGeometry geometry;
    const char *name;
} convolutions[] = {{5, {.stride = 2, .padding = 1}, "conv1"},
                    {3, {.stride = 2, .padding = 1}, "conv2"},
                    {3, {.stride = 2, .padding = 1}, "conv3"}};
enum { N_CONVOLUTIONS = sizeof convolutions / sizeof *convolutions };

static Var forward(Tape *t, const Model *model, const Var *w, Var x) {
    const size_t batch = var_shape(x).dim[1];
    x = op_reshape(t, x, shape_signal(1, model->inputs, batch));
    for (size_t i = 0; i < N_CONVOLUTIONS; i++)
        x = op_convolution_bias(t, x, w[2 * i], w[2 * i + 1], convolutions[i].geometry, ACTIVATION_RELU);
    const Shape signal = var_shape(x);
    x = op_reshape(t, x, shape_matrix(signal.dim[0] * signal.dim[1], batch));
    return op_linear(t, w[2 * N_CONVOLUTIONS], w[2 * N_CONVOLUTIONS + 1], x, ACTIVATION_NONE);
}

Model model_cnn(size_t inputs, size_t channels, size_t classes) {
    Model model = {.name = "cnn", .inputs = inputs, .classes = classes, .forward = forward};
    size_t length = inputs;
    for (size_t i = 0; i < N_CONVOLUTIONS; i++) {
        const ConvGeometry geometry = convolutions[i].geometry;
        const ConvolutionAxis axis = {length, convolutions[i].width, geometry.stride, geometry.padding};
        model_add_conv1d(&model, convolutions[i].name, channels, i ? channels : 1, axis.taps);
        length = axis_outputs(&axis);
    }
    model_add_linear(&model, "linear", classes, channels * length);
    return model;
}
