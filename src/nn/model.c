#include "nn/model.h"

#include <math.h>
#include <string.h>

static void add_tensor(Model *model, const char *name, Shape shape, double bound) {
    model->tensors[model->n_tensors++] = (ParameterTensor){name, shape, model->n_parameters, bound};
    model->n_parameters += shape_count(shape);
}

/* PyTorch's default for linear and convolution layers: kaiming_uniform(a = sqrt 5) for the weight, which is
 * U(+-1/sqrt(fan_in)) computed in this order, and U(+-1/sqrt(fan_in)) for the bias. */
static void add_layer(Model *model, const char *weight, const char *bias, Shape shape, size_t fan_in) {
    const double root = sqrt((double)fan_in);
    add_tensor(model, weight, shape, sqrt(3.0) * (sqrt(2.0 / (1.0 + 5.0)) / root));
    add_tensor(model, bias, shape_vector(shape.dim[0]), 1.0 / root);
}

static void add_linear(Model *model, const char *weight, const char *bias, size_t out, size_t in) {
    add_layer(model, weight, bias, shape_matrix(out, in), in);
}

static void add_conv(Model *model, const char *weight, const char *bias, size_t out, size_t in, size_t width) {
    add_layer(model, weight, bias, shape_signal(out, in, width), in * width);
}

/* ---- logistic regression ---- */

static Var forward_logistic(Tape *t, const Model *model, const Var *w, Var x) {
    (void)model;
    return op_linear(t, w[0], w[1], x, ACTIVATION_NONE);
}

Model model_logistic(size_t inputs, size_t classes) {
    Model model = {.name = "logistic", .inputs = inputs, .classes = classes, .forward = forward_logistic};
    add_linear(&model, "linear.weight", "linear.bias", classes, inputs);
    return model;
}

/* ---- multilayer perceptrons of two equal hidden layers, plain and residual ---- */

static Var forward_mlp(Tape *t, const Model *model, const Var *w, Var x) {
    (void)model;
    Var h = op_linear(t, w[0], w[1], x, ACTIVATION_RELU);
    h = op_linear(t, w[2], w[3], h, ACTIVATION_RELU);
    return op_linear(t, w[4], w[5], h, ACTIVATION_NONE);
}

static Var forward_residual_mlp(Tape *t, const Model *model, const Var *w, Var x) {
    (void)model;
    Var h = op_linear(t, w[0], w[1], x, ACTIVATION_RELU);
    h = op_add(t, h, op_linear(t, w[2], w[3], h, ACTIVATION_RELU));
    return op_linear(t, w[4], w[5], h, ACTIVATION_NONE);
}

static Model two_hidden_layers(const char *name, size_t inputs, size_t hidden, size_t classes) {
    Model model = {.name = name, .inputs = inputs, .classes = classes, .hidden = hidden};
    add_linear(&model, "linear1.weight", "linear1.bias", hidden, inputs);
    add_linear(&model, "linear2.weight", "linear2.bias", hidden, hidden);
    add_linear(&model, "linear3.weight", "linear3.bias", classes, hidden);
    return model;
}

Model model_mlp(size_t inputs, size_t hidden, size_t classes) {
    Model model = two_hidden_layers("plain-mlp", inputs, hidden, classes);
    model.forward = forward_mlp;
    return model;
}

Model model_residual_mlp(size_t inputs, size_t hidden, size_t classes) {
    Model model = two_hidden_layers("mlp", inputs, hidden, classes);
    model.forward = forward_residual_mlp;
    return model;
}

int model_is_residual_mlp(const Model *model) {
    return model->forward == forward_residual_mlp;
}

/* ---- multilayer perceptron with tanh ---- */

static Var forward_tanh_mlp(Tape *t, const Model *model, const Var *w, Var x) {
    for (size_t i = 0; i + 2 < model->n_tensors; i += 2)
        x = op_tanh(t, op_linear(t, w[i], w[i + 1], x, ACTIVATION_NONE));
    return op_linear(t, w[model->n_tensors - 2], w[model->n_tensors - 1], x, ACTIVATION_NONE);
}

Model model_tanh_mlp(size_t inputs, size_t hidden_layers, size_t hidden, size_t outputs) {
    static const char *const names[][2] = {{"linear1.weight", "linear1.bias"},
                                           {"linear2.weight", "linear2.bias"},
                                           {"linear3.weight", "linear3.bias"},
                                           {"linear4.weight", "linear4.bias"}};
    const size_t most = sizeof names / sizeof *names - 1, layers = hidden_layers < most ? hidden_layers : most;
    Model model = {
        .name = "tanh-mlp", .inputs = inputs, .classes = outputs, .hidden = hidden, .forward = forward_tanh_mlp};
    for (size_t i = 0; i <= layers; i++)
        add_linear(&model, names[i][0], names[i][1], i < layers ? hidden : outputs, i ? hidden : inputs);
    return model;
}

/* ---- convolutional network: three strided convolutions, each with relu, then a linear layer ---- */

static const struct {
    size_t width;
    ConvGeometry geometry;
    const char *weight, *bias;
} convolutions[] = {{5, {2, 1}, "conv1.weight", "conv1.bias"},
                    {3, {2, 1}, "conv2.weight", "conv2.bias"},
                    {3, {2, 1}, "conv3.weight", "conv3.bias"}};
enum { N_CONVOLUTIONS = sizeof convolutions / sizeof *convolutions };

static Var forward_cnn(Tape *t, const Model *model, const Var *w, Var x) {
    const size_t batch = var_shape(x).dim[1];
    x = op_reshape(t, x, shape_signal(1, model->inputs, batch));
    for (size_t i = 0; i < N_CONVOLUTIONS; i++)
        x = op_conv1d_bias(t, x, w[2 * i], w[2 * i + 1], convolutions[i].geometry, ACTIVATION_RELU);
    const Shape signal = var_shape(x);
    x = op_reshape(t, x, shape_matrix(signal.dim[0] * signal.dim[1], batch));
    return op_linear(t, w[2 * N_CONVOLUTIONS], w[2 * N_CONVOLUTIONS + 1], x, ACTIVATION_NONE);
}

Model model_cnn(size_t inputs, size_t channels, size_t classes) {
    Model model = {.name = "cnn", .inputs = inputs, .classes = classes, .channels = channels, .forward = forward_cnn};
    size_t length = inputs;
    for (size_t i = 0; i < N_CONVOLUTIONS; i++) {
        const Conv1d conv = {.length = length,
                             .width = convolutions[i].width,
                             .stride = convolutions[i].geometry.stride,
                             .padding = convolutions[i].geometry.padding};
        add_conv(&model, convolutions[i].weight, convolutions[i].bias, channels, i ? channels : 1, conv.width);
        length = conv1d_output_length(&conv);
    }
    add_linear(&model, "linear.weight", "linear.bias", classes, channels * length);
    return model;
}

/* ---- two convolutions with relu and pooling, then a linear layer ---- */

static Var relu_convolution(Tape *t, Var x, Var weight, Var bias, ConvGeometry g) {
    return op_conv1d_bias(t, x, weight, bias, g, ACTIVATION_RELU);
}

static Var relu_average(Tape *t, Var x, Var weight, Var bias, ConvGeometry g) {
    return op_average_pool(t, relu_convolution(t, x, weight, bias, g));
}

static Var relu_l2(Tape *t, Var x, Var weight, Var bias, ConvGeometry g) {
    return op_l2_pool(t, relu_convolution(t, x, weight, bias, g));
}

struct Pooling {
    const char *name;
    size_t stride; /* of the convolutions */
    Var (*layer)(Tape *, Var x, Var weight, Var bias, ConvGeometry);
    size_t window; /* of the pooling in the layer */
};

static const struct Pooling poolings[] = {{"none", 1, relu_convolution, 1},
                                          {"stride", 2, relu_convolution, 1},
                                          {"max", 1, op_conv1d_relu_max_pool, 2},
                                          {"average", 1, relu_average, 2},
                                          {"l2", 1, relu_l2, 2}};
enum { N_POOLED_CONVOLUTIONS = 2, POOLED_WIDTH = 3 };

const struct Pooling *pooling_by_name(const char *name) {
    for (size_t i = 0; i < sizeof poolings / sizeof *poolings; i++)
        if (!strcmp(name, poolings[i].name)) return &poolings[i];
    return NULL;
}

static Var forward_pooling(Tape *t, const Model *model, const Var *w, Var x) {
    const size_t batch = var_shape(x).dim[1];
    const struct Pooling *pooling = model->pooling;
    const ConvGeometry geometry = {pooling->stride, 1};
    x = op_reshape(t, x, shape_signal(1, model->inputs, batch));
    for (size_t i = 0; i < N_POOLED_CONVOLUTIONS; i++) x = pooling->layer(t, x, w[2 * i], w[2 * i + 1], geometry);
    x = op_reshape(t, x, shape_matrix(var_shape(x).dim[0] * var_shape(x).dim[1], batch));
    return op_linear(t, w[2 * N_POOLED_CONVOLUTIONS], w[2 * N_POOLED_CONVOLUTIONS + 1], x, ACTIVATION_NONE);
}

Model model_pooling(size_t inputs, size_t channels, size_t classes, const struct Pooling *pooling) {
    Model model = {.name = "pooling",
                   .inputs = inputs,
                   .classes = classes,
                   .channels = channels,
                   .pooling = pooling,
                   .forward = forward_pooling};
    size_t length = inputs;
    for (size_t i = 0; i < N_POOLED_CONVOLUTIONS; i++) {
        const Conv1d conv = {.length = length, .width = POOLED_WIDTH, .stride = pooling->stride, .padding = 1};
        add_conv(&model, i ? "conv2.weight" : "conv1.weight", i ? "conv2.bias" : "conv1.bias", channels,
                 i ? channels : 1, POOLED_WIDTH);
        length = conv1d_output_length(&conv) / pooling->window;
    }
    add_linear(&model, "linear.weight", "linear.bias", classes, channels * length);
    return model;
}

/* ---- bidirectional GRU over the signal, all states to a linear layer ---- */

static Var forward_gru(Tape *t, const Model *model, const Var *w, Var x) {
    const size_t batch = var_shape(x).dim[1], states = 2 * model->hidden;
    x = op_bidirectional_gru(t, op_reshape(t, x, shape_signal(model->inputs, 1, batch)), w);
    x = op_reshape(t, x, shape_matrix(model->inputs * states, batch));
    return op_linear(t, w[GRU_WEIGHTS], w[GRU_WEIGHTS + 1], x, ACTIVATION_NONE);
}

Model model_gru(size_t inputs, size_t hidden, size_t classes) {
    static const char *const names[GRU_WEIGHTS] = {
        "gru.weight_ih_l0",         "gru.weight_hh_l0",         "gru.bias_ih_l0",         "gru.bias_hh_l0",
        "gru.weight_ih_l0_reverse", "gru.weight_hh_l0_reverse", "gru.bias_ih_l0_reverse", "gru.bias_hh_l0_reverse"};
    const Shape shapes[4] = {shape_matrix(3 * hidden, 1), shape_matrix(3 * hidden, hidden), shape_vector(3 * hidden),
                             shape_vector(3 * hidden)};
    Model model = {.name = "gru", .inputs = inputs, .classes = classes, .hidden = hidden, .forward = forward_gru};
    for (size_t i = 0; i < GRU_WEIGHTS; i++) add_tensor(&model, names[i], shapes[i % 4], 1.0 / sqrt((double)hidden));
    add_linear(&model, "linear.weight", "linear.bias", classes, inputs * 2 * hidden);
    return model;
}

/* ---- by name, at the published sizes ---- */

static Model published_mlp(size_t inputs, size_t classes) {
    return model_residual_mlp(inputs, 100, classes);
}

static Model published_cnn(size_t inputs, size_t classes) {
    return model_cnn(inputs, 25, classes);
}

static Model published_gru(size_t inputs, size_t classes) {
    return model_gru(inputs, 6, classes);
}

static const struct {
    const char *name;
    Model (*build)(size_t inputs, size_t classes);
} published[] = {{"logistic", model_logistic}, {"mlp", published_mlp}, {"cnn", published_cnn}, {"gru", published_gru}};

int model_by_name(const char *name, size_t inputs, size_t classes, Model *model, Error *error) {
    static const char prefix[] = "pooling-";
    const int pooled = !strncmp(name, prefix, sizeof prefix - 1);
    const struct Pooling *pooling = pooled ? pooling_by_name(name + sizeof prefix - 1) : NULL;
    char known[256] = "";
    if (pooling) {
        *model = model_pooling(inputs, 20, classes, pooling);
        return 0;
    }
    for (size_t i = 0; i < sizeof published / sizeof *published; i++) {
        if (!strcmp(name, published[i].name)) {
            *model = published[i].build(inputs, classes);
            return 0;
        }
        strcat(strcat(known, i ? ", " : ""), published[i].name);
    }
    for (size_t i = 0; i < sizeof poolings / sizeof *poolings; i++)
        strcat(strcat(strcat(known, ", "), prefix), poolings[i].name);
    return error_set(error, "unknown model '%.80s': known models are %s", name, known);
}

void model_initialize(const Model *model, Mt19937 *mt, real *weights) {
    for (size_t i = 0; i < model->n_tensors; i++) {
        const ParameterTensor *tensor = &model->tensors[i];
        for (size_t j = 0; j < shape_count(tensor->shape); j++) {
            float value;
            torch_uniform(mt, -tensor->bound, tensor->bound, 1, &value);
            weights[tensor->offset + j] = value;
        }
    }
}
