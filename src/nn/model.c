#include "nn/model.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "grad/reshape.h"
#include "nn/network.h"

static void fault(const char *model, const char *what, const char *name) {
    fprintf(stderr, "model %s: tensor %s: %s\n", model, name, what);
    abort();
}

/* The function on given tensors, whose shapes the primitives check. */
static Var run_function(Tape *tape, const Model *model, const Var *tensors, Var x) {
    Network network = {.name = model->name, .n_tensors = model->n_tensors};
    Pass p = {.network = &network};
    Shape input = model->input;
    input.dim[input.rank - 1] = var_shape(x).dim[1];
    pass_begin_with(&p, tape, PASS_EVALUATE, tensors, NULL);
    return model->function(&p, &model->size, shape_equal(input, var_shape(x)) ? x : op_reshape(tape, x, input));
}

Model model_of(const char *name, NetworkFunction *function, NetworkSize size, Shape input) {
    Model model = {.name = name,
                   .inputs = shape_count(input),
                   .hidden = size.width,
                   .forward = run_function,
                   .function = function,
                   .size = size,
                   .input = input};
    Arena *arena = arena_create(0);
    const Network *network = network_create(name, function, &size, input, arena);
    model.classes = shape_count(network->output);
    model.n_tensors = network->n_tensors;
    model.n_parameters = network->n_parameters;
    if (model.n_tensors > MODEL_MAX_TENSORS)
        fault(name, "one more than MODEL_MAX_TENSORS", network->tensors[MODEL_MAX_TENSORS].name);
    for (size_t i = 0; i < model.n_tensors; i++) {
        const NetworkTensor *from = &network->tensors[i];
        ParameterTensor *tensor = &model.tensors[i];
        *tensor = (ParameterTensor){.shape = from->shape, .offset = from->offset, .bound = network_uniform_bound(from)};
        if (snprintf(tensor->name, sizeof tensor->name, "%s", from->name) >= MODEL_NAME_SIZE)
            fault(name, "a longer name than MODEL_NAME_SIZE holds", from->name);
    }
    arena_destroy(arena);
    return model;
}

Network *model_network(const Model *model, Arena *arena) {
    NetworkSize *size = arena_alloc(arena, 1, sizeof *size);
    *size = model->size;
    return network_create(model->name, model->function, size, model->input, arena);
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
