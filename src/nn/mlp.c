#include "nn/mlp.h"

#include <stdio.h>

#include "grad/elementwise.h"
#include "nn/layers.h"

static Var plain_mlp(Pass *p, const void *settings, Var x) {
    const NetworkSize *size = settings;
    MlpDropout *dropout = size->state;
    const int drops = dropout && dropout->active && p->mode != PASS_DECLARE;
    char name[32];
    for (size_t i = 1; i <= size->layers; i++) {
        snprintf(name, sizeof name, "linear%zu", i);
        x = linear_relu(p, name, size->width, x);
        if (!drops) continue;
        dropout->noise.layer = (uint32_t)i - 1;
        x = op_dropout(p->tape, x, dropout->rate, &dropout->noise);
    }
    if (drops) dropout->noise.step++;
    snprintf(name, sizeof name, "linear%zu", size->layers + 1);
    return linear(p, name, size->classes, x);
}

static Var leaky(Pass *p, Var x) {
    return leaky_relu(p, MLP_LEAKY_SLOPE, x);
}

static Var residual_mlp(Pass *p, const void *settings, Var x) {
    const NetworkSize *size = settings;
    x = linear_relu(p, "linear1", size->width, x);
    x = op_add(p->tape, x, linear_relu(p, "linear2", size->width, x));
    return linear(p, "linear3", size->classes, x);
}

static Var leaky_residual_mlp(Pass *p, const void *settings, Var x) {
    const NetworkSize *size = settings;
    x = leaky(p, linear(p, "linear1", size->width, x));
    x = op_add(p->tape, x, leaky(p, linear(p, "linear2", size->width, x)));
    return linear(p, "linear3", size->classes, x);
}

Model model_deep_mlp(size_t inputs, size_t layers, size_t hidden, size_t classes, MlpDropout *dropout) {
    return model_of("plain-mlp", plain_mlp,
                    (NetworkSize){.width = hidden, .layers = layers, .classes = classes, .state = dropout},
                    shape_matrix(inputs, 1));
}

Model model_mlp(size_t inputs, size_t hidden, size_t classes) {
    return model_deep_mlp(inputs, 2, hidden, classes, NULL);
}

Model model_residual_mlp(size_t inputs, size_t hidden, size_t classes) {
    return model_of("mlp", residual_mlp, (NetworkSize){.width = hidden, .classes = classes}, shape_matrix(inputs, 1));
}

Model model_leaky_residual_mlp(size_t inputs, size_t hidden, size_t classes) {
    return model_of("leaky-mlp", leaky_residual_mlp, (NetworkSize){.width = hidden, .classes = classes},
                    shape_matrix(inputs, 1));
}

int model_is_leaky_residual_mlp(const Model *model) {
    return model->function == leaky_residual_mlp;
}

int model_is_residual_mlp(const Model *model) {
    return model->function == residual_mlp;
}
