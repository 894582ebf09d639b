#include "nn/tanh_mlp.h"

#include <stdio.h>

#include "grad/elementwise.h"
#include "grad/linear.h"

static Var forward(Tape *t, const Model *model, const Var *w, Var x) {
    for (size_t i = 0; i + 2 < model->n_tensors; i += 2)
        x = op_tanh(t, op_linear(t, w[i], w[i + 1], x, ACTIVATION_NONE));
    return op_linear(t, w[model->n_tensors - 2], w[model->n_tensors - 1], x, ACTIVATION_NONE);
}

Model model_tanh_mlp(size_t inputs, size_t hidden_layers, size_t hidden, size_t outputs) {
    Model model = {.name = "tanh-mlp", .inputs = inputs, .classes = outputs, .hidden = hidden, .forward = forward};
    for (size_t i = 0; i <= hidden_layers; i++) {
        char name[MODEL_NAME_SIZE];
        snprintf(name, sizeof name, "linear%zu", i + 1);
        model_add_linear(&model, name, i < hidden_layers ? hidden : outputs, i ? hidden : inputs);
    }
    return model;
}
