#include "nn/mlp.h"

#include "grad/elementwise.h"
#include "grad/linear.h"

static Var forward_plain(Tape *t, const Model *model, const Var *w, Var x) {
    (void)model;
    Var h = op_linear(t, w[0], w[1], x, ACTIVATION_RELU);
    h = op_linear(t, w[2], w[3], h, ACTIVATION_RELU);
    return op_linear(t, w[4], w[5], h, ACTIVATION_NONE);
}

static Var forward_residual(Tape *t, const Model *model, const Var *w, Var x) {
    (void)model;
    Var h = op_linear(t, w[0], w[1], x, ACTIVATION_RELU);
    h = op_add(t, h, op_linear(t, w[2], w[3], h, ACTIVATION_RELU));
    return op_linear(t, w[4], w[5], h, ACTIVATION_NONE);
}

static Model two_hidden_layers(Model model) {
    model_add_linear(&model, "linear1", model.hidden, model.inputs);
    model_add_linear(&model, "linear2", model.hidden, model.hidden);
    model_add_linear(&model, "linear3", model.classes, model.hidden);
    return model;
}

Model model_mlp(size_t inputs, size_t hidden, size_t classes) {
    return two_hidden_layers(
        (Model){.name = "plain-mlp", .inputs = inputs, .classes = classes, .hidden = hidden, .forward = forward_plain});
}

Model model_residual_mlp(size_t inputs, size_t hidden, size_t classes) {
    return two_hidden_layers(
        (Model){.name = "mlp", .inputs = inputs, .classes = classes, .hidden = hidden, .forward = forward_residual});
}

int model_is_residual_mlp(const Model *model) {
    return model->forward == forward_residual;
}
