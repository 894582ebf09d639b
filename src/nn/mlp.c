#include "nn/mlp.h"

#include <stdio.h>

#include "grad/elementwise.h"
#include "grad/linear.h"
#include "grad/nonlinearity.h"

static Var forward_plain(Tape *t, const Model *model, const Var *w, Var x) {
    MlpDropout *dropout = model->state;
    const int drops = dropout && dropout->active;
    for (size_t i = 0; i + 2 < model->n_tensors; i += 2) {
        x = op_linear(t, w[i], w[i + 1], x, ACTIVATION_RELU);
        if (!drops) continue;
        dropout->noise.layer = (uint32_t)i / 2;
        x = op_dropout(t, x, dropout->rate, &dropout->noise);
    }
    if (drops) dropout->noise.step++;
    return op_linear(t, w[model->n_tensors - 2], w[model->n_tensors - 1], x, ACTIVATION_NONE);
}

static Var forward_residual(Tape *t, const Model *model, const Var *w, Var x) {
    (void)model;
    Var h = op_linear(t, w[0], w[1], x, ACTIVATION_RELU);
    h = op_add(t, h, op_linear(t, w[2], w[3], h, ACTIVATION_RELU));
    return op_linear(t, w[4], w[5], h, ACTIVATION_NONE);
}

static Var forward_leaky_residual(Tape *t, const Model *model, const Var *w, Var x) {
    const real slope = (real)MLP_LEAKY_SLOPE;
    (void)model;
    Var h = op_leaky_relu(t, op_linear(t, w[0], w[1], x, ACTIVATION_NONE), slope);
    h = op_add(t, h, op_leaky_relu(t, op_linear(t, w[2], w[3], h, ACTIVATION_NONE), slope));
    return op_linear(t, w[4], w[5], h, ACTIVATION_NONE);
}

static Model with_layers(Model model, size_t layers) {
    char name[MODEL_NAME_SIZE];
    for (size_t i = 1; i <= layers + 1; i++) {
        snprintf(name, sizeof name, "linear%zu", i);
        model_add_linear(&model, name, i <= layers ? model.hidden : model.classes,
                         i == 1 ? model.inputs : model.hidden);
    }
    return model;
}

Model model_deep_mlp(size_t inputs, size_t layers, size_t hidden, size_t classes, MlpDropout *dropout) {
    const Model model = {.name = "plain-mlp",
                         .inputs = inputs,
                         .classes = classes,
                         .hidden = hidden,
                         .forward = forward_plain,
                         .state = dropout};
    return with_layers(model, layers);
}

Model model_mlp(size_t inputs, size_t hidden, size_t classes) {
    return model_deep_mlp(inputs, 2, hidden, classes, NULL);
}

Model model_residual_mlp(size_t inputs, size_t hidden, size_t classes) {
    const Model model = {
        .name = "mlp", .inputs = inputs, .classes = classes, .hidden = hidden, .forward = forward_residual};
    return with_layers(model, 2);
}

Model model_leaky_residual_mlp(size_t inputs, size_t hidden, size_t classes) {
    const Model model = {.name = "leaky-mlp",
                         .inputs = inputs,
                         .classes = classes,
                         .hidden = hidden,
                         .forward = forward_leaky_residual};
    return with_layers(model, 2);
}

int model_is_leaky_residual_mlp(const Model *model) {
    return model->forward == forward_leaky_residual;
}

int model_is_residual_mlp(const Model *model) {
    return model->forward == forward_residual;
}
