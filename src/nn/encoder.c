#include "nn/encoder.h"

#include <stdio.h>

#include "base/arena.h"
#include "grad/convolution.h"
#include "grad/linear.h"
#include "grad/reshape.h"
#include "kernels/parts.h"

static const size_t convolution_widths[ENCODER_CONVOLUTIONS] = {5, 3, 3};
static const ConvGeometry geometry = {.stride = 2, .padding = 1};

static size_t head_layers(const Model *encoder) {
    return encoder->n_tensors / 2 - ENCODER_CONVOLUTIONS;
}

size_t encoder_layers(const Model *encoder) {
    return 1 + encoder->n_tensors / 2;
}

/* Positions that are left behind so many convolutions. */
static size_t positions(size_t inputs, size_t convolutions) {
    for (size_t i = 0; i < convolutions; i++)
        inputs = axis_outputs(&(ConvolutionAxis){inputs, convolution_widths[i], geometry.stride, geometry.padding});
    return inputs;
}

size_t encoder_layer_units(const Model *encoder, size_t layer) {
    if (layer == 0) return encoder->inputs;
    const size_t units = encoder->tensors[2 * layer - 1].shape.dim[0]; /* of its bias */
    return layer <= ENCODER_CONVOLUTIONS ? units * positions(encoder->inputs, layer) : units;
}

Var encoder_activations(Tape *t, const Model *encoder, const Var *w, Var x, size_t layer) {
    const size_t batch = var_shape(x).dim[1],
                 convolutions = layer < ENCODER_CONVOLUTIONS ? layer : ENCODER_CONVOLUTIONS;
    x = op_reshape(t, x, shape_signal(1, encoder->inputs, batch));
    for (size_t i = 0; i < convolutions; i++)
        x = op_convolution_bias(t, x, w[2 * i], w[2 * i + 1], geometry, ACTIVATION_RELU);
    x = op_reshape(t, x, shape_matrix(shape_count(var_shape(x)) / batch, batch));
    for (size_t i = convolutions; i < layer; i++) {
        const int last = i + 1 == ENCODER_CONVOLUTIONS + head_layers(encoder);
        x = op_linear(t, w[2 * i], w[2 * i + 1], x, last ? ACTIVATION_NONE : ACTIVATION_RELU);
    }
    return x;
}

static Var forward(Tape *t, const Model *encoder, const Var *w, Var x) {
    return encoder_activations(t, encoder, w, x, encoder_layers(encoder) - 1);
}

Model model_encoder(size_t inputs, size_t channels, EncoderHead head) {
    Model model = {.name = "encoder", .inputs = inputs, .forward = forward};
    char name[MODEL_NAME_SIZE];
    for (size_t i = 0; i < ENCODER_CONVOLUTIONS; i++) {
        snprintf(name, sizeof name, "conv%zu", i + 1);
        model_add_conv1d(&model, name, channels, i ? channels : 1, convolution_widths[i]);
    }
    model.classes = channels * positions(inputs, ENCODER_CONVOLUTIONS);
    for (size_t i = 0; i < head.layers; i++) {
        const size_t units = i + 1 == head.layers ? head.outputs : head.width;
        snprintf(name, sizeof name, "linear%zu", i + 1);
        model_add_linear(&model, name, units, model.classes);
        model.classes = units;
    }
    return model;
}

void encoder_features(const Model *encoder, const real *weights, size_t layer, size_t n, const float *rows,
                      float *features) {
    enum { BLOCK = 128 }; /* signals at a time: activations stay in cache */
    const size_t inputs = encoder->inputs, units = encoder_layer_units(encoder, layer);
    Tape *tape = tape_create();
    real *x = memory_alloc(inputs * BLOCK, sizeof *x);
    for (size_t first = 0; first < n; first += BLOCK) {
        const size_t batch = at_most(n - first, BLOCK);
        Var tensors[MODEL_MAX_TENSORS];
        tape_reset(tape);
        for (size_t i = 0; i < 2 * layer; i++)
            tensors[i] = tape_input(tape, encoder->tensors[i].shape, weights + encoder->tensors[i].offset);
        for (size_t i = 0; i < inputs; i++)
            for (size_t j = 0; j < batch; j++) x[i * batch + j] = (real)rows[(first + j) * inputs + i];
        const real *y = var_data(
            encoder_activations(tape, encoder, tensors, tape_input(tape, shape_matrix(inputs, batch), x), layer));
        for (size_t j = 0; j < batch; j++)
            for (size_t i = 0; i < units; i++) features[(first + j) * units + i] = (float)y[i * batch + j];
    }
    memory_free(x);
    tape_destroy(tape);
}
