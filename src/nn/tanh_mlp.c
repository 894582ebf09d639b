#include "nn/tanh_mlp.h"

#include <stdio.h>

#include "nn/layers.h"

static Var tanh_mlp(Pass *p, const void *settings, Var x) {
    const NetworkSize *size = settings;
    char name[32];
    for (size_t i = 1; i <= size->layers; i++) {
        snprintf(name, sizeof name, "linear%zu", i);
        x = tanh_activation(p, linear(p, name, size->width, x));
    }
    snprintf(name, sizeof name, "linear%zu", size->layers + 1);
    return linear(p, name, size->classes, x);
}

Model model_tanh_mlp(size_t inputs, size_t hidden_layers, size_t hidden, size_t outputs) {
    return model_of("tanh-mlp", tanh_mlp, (NetworkSize){.width = hidden, .layers = hidden_layers, .classes = outputs},
                    shape_matrix(inputs, 1));
}
