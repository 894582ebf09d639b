#include "nn/gru.h"

#include "nn/layers.h"

static Var gru(Pass *p, const void *settings, Var x) {
    const NetworkSize *size = settings;
    return linear(p, "linear", size->classes, flatten(p, bidirectional_gru(p, "gru", size->width, x)));
}

Model model_gru(size_t inputs, size_t hidden, size_t classes) {
    return model_of("gru", gru, (NetworkSize){.width = hidden, .classes = classes}, shape_signal(inputs, 1, 1));
}

Model model_row_gru(size_t rows, size_t columns, size_t hidden, size_t classes) {
    return model_of("row-gru", gru, (NetworkSize){.width = hidden, .classes = classes}, shape_signal(rows, columns, 1));
}
