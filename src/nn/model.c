#include "nn/model.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

void model_add_tensor(Model *model, const char *name, Shape shape, double bound) {
    if (model->n_tensors == MODEL_MAX_TENSORS) {
        fprintf(stderr, "model %s: %s is one tensor more than MODEL_MAX_TENSORS (%d)\n", model->name, name,
                MODEL_MAX_TENSORS);
        abort();
    }
    ParameterTensor *tensor = &model->tensors[model->n_tensors++];
    *tensor = (ParameterTensor){.shape = shape, .offset = model->n_parameters, .bound = bound};
    if (snprintf(tensor->name, sizeof tensor->name, "%s", name) >= MODEL_NAME_SIZE) {
        fprintf(stderr, "model %s: the name of tensor %s is longer than %d characters\n", model->name, name,
                MODEL_NAME_SIZE - 1);
        abort();
    }
    model->n_parameters += shape_count(shape);
}

/* PyTorch's default for linear and convolution layers: kaiming_uniform(a = sqrt 5) for the weight, which is
 * U(+-1/sqrt(fan_in)) computed in this order, and U(+-1/sqrt(fan_in)) for the bias. */
static void add_layer(Model *model, const char *name, Shape shape, size_t fan_in) {
    char weight[2 * MODEL_NAME_SIZE], bias[2 * MODEL_NAME_SIZE];
    const double root = sqrt((double)fan_in);
    snprintf(weight, sizeof weight, "%.*s.weight", MODEL_NAME_SIZE, name);
    snprintf(bias, sizeof bias, "%.*s.bias", MODEL_NAME_SIZE, name);
    model_add_tensor(model, weight, shape, sqrt(3.0) * (sqrt(2.0 / (1.0 + 5.0)) / root));
    model_add_tensor(model, bias, shape_vector(shape.dim[0]), 1.0 / root);
}

void model_add_linear(Model *model, const char *name, size_t out, size_t in) {
    add_layer(model, name, shape_matrix(out, in), in);
}

void model_add_conv1d(Model *model, const char *name, size_t out, size_t in, size_t width) {
    add_layer(model, name, shape_signal(out, in, width), in * width);
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

void model_redraw_linear(const Model *model, Mt19937 *mt, double (*bound)(size_t in, size_t out), real *weights) {
    for (size_t i = 0; i < model->n_tensors; i++) {
        const ParameterTensor *tensor = &model->tensors[i];
        if (tensor->shape.rank != 2) continue;
        const double within = bound(tensor->shape.dim[1], tensor->shape.dim[0]);
        for (size_t j = 0; j < shape_count(tensor->shape); j++) {
            float value;
            torch_uniform(mt, -within, within, 1, &value);
            weights[tensor->offset + j] = value;
        }
    }
}

/* In torch.nn.init's order of operations. */
double he_uniform_bound(size_t in, size_t out) {
    (void)out;
    return sqrt(3.0) * (sqrt(2.0) / sqrt((double)in));
}

double xavier_uniform_bound(size_t in, size_t out) {
    return sqrt(3.0) * sqrt(2.0 / (double)(in + out));
}
