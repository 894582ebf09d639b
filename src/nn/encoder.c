#include "nn/encoder.h"

#include <stdio.h>

#include "base/arena.h"
#include "kernels/convolution.h"
#include "kernels/parts.h"
#include "nn/layers.h"

static const size_t convolution_widths[ENCODER_CONVOLUTIONS] = {5, 3, 3};

size_t encoder_layers(const Model *encoder) {
    return 1 + ENCODER_CONVOLUTIONS + encoder->size.layers;
}

static Filters filters_of(size_t channels, size_t layer) {
    return (Filters){.channels = channels, .window = convolution_widths[layer], .stride = 2, .padding = 1};
}

/* Positions that are left behind so many convolutions. */
static size_t positions(size_t inputs, size_t convolutions) {
    for (size_t i = 0; i < convolutions; i++) {
        const Filters filters = filters_of(1, i);
        inputs = axis_outputs(&(ConvolutionAxis){inputs, filters.window, filters.stride, filters.padding});
    }
    return inputs;
}

size_t encoder_layer_units(const Model *encoder, size_t layer) {
    if (layer == 0) return encoder->inputs;
    const size_t units = encoder->tensors[2 * layer - 1].shape.dim[0]; /* of its bias */
    return layer <= ENCODER_CONVOLUTIONS ? units * positions(encoder->inputs, layer) : units;
}

static Var with_tail(Pass *p, const EncoderTail *tail, Var z) {
    Var both[2] = {z, z};
    char name[32];
    for (size_t i = 0; i < tail->layers; i++) {
        snprintf(name, sizeof name, "tail%zu", i + 1);
        const int last = i + 1 == tail->layers;
        both[1] = last ? linear(p, name, tail->outputs, both[1]) : linear_relu(p, name, tail->width, both[1]);
    }
    return concatenate(p, 2, both);
}

/* The first `depth` layers; beside what comes out of them the tail's. */
static Var encoder(Pass *p, const void *settings, Var x) {
    const NetworkSize *size = settings;
    const size_t convolutions = at_most(size->depth, ENCODER_CONVOLUTIONS), all = ENCODER_CONVOLUTIONS + size->layers;
    char name[32];
    for (size_t i = 0; i < convolutions; i++) {
        snprintf(name, sizeof name, "conv%zu", i + 1);
        x = convolution_relu(p, name, filters_of(size->width, i), x);
    }
    x = flatten(p, x);
    for (size_t i = convolutions; i < size->depth; i++) {
        snprintf(name, sizeof name, "linear%zu", i - convolutions + 1);
        x = i + 1 == all ? linear(p, name, size->classes, x) : linear_relu(p, name, size->head_width, x);
    }
    return size->details ? with_tail(p, size->details, x) : x;
}

Var encoder_activations(Tape *t, const Model *model, const Var *w, Var x, size_t layer) {
    Model front = *model;
    front.size.depth = layer;
    front.size.details = NULL;
    front.n_tensors = 2 * layer;
    return front.forward(t, &front, w, x);
}

Model model_encoder(size_t inputs, size_t channels, EncoderHead head) {
    const NetworkSize size = {.width = channels,
                              .layers = head.layers,
                              .depth = ENCODER_CONVOLUTIONS + head.layers,
                              .head_width = head.width,
                              .classes = head.outputs,
                              .details = head.tail};
    return model_of("encoder", encoder, size, shape_signal(1, inputs, 1));
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
