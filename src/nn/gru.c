#include "nn/gru.h"

#include <math.h>

#include "grad/gru.h"
#include "grad/linear.h"
#include "grad/reshape.h"

static Var forward(Tape *t, const Model *model, const Var *w, Var x) {
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
    Model model = {.name = "gru", .inputs = inputs, .classes = classes, .hidden = hidden, .forward = forward};
    for (size_t i = 0; i < GRU_WEIGHTS; i++)
        model_add_tensor(&model, names[i], shapes[i % 4], 1.0 / sqrt((double)hidden));
    model_add_linear(&model, "linear", classes, inputs * 2 * hidden);
    return model;
}
