#include "nn/pooling_cnn.h"

#include <string.h>

#include "nn/layers.h"

static Var relu_average(Pass *p, const char *name, Filters filters, Var x) {
    return average_pooling(p, 2, 2, 0, convolution_relu(p, name, filters, x));
}

static Var relu_l2(Pass *p, const char *name, Filters filters, Var x) {
    return l2_pooling(p, 2, 2, 0, convolution_relu(p, name, filters, x));
}

struct Pooling {
    const char *name;
    size_t stride; /* of the convolutions */
    Var (*layer)(Pass *, const char *name, Filters, Var x);
};

static const Pooling poolings[] = {{"none", 1, convolution_relu},
                                   {"stride", 2, convolution_relu},
                                   {"max", 1, convolution_relu_max_pooling},
                                   {"average", 1, relu_average},
                                   {"l2", 1, relu_l2}};

const Pooling *pooling_by_name(const char *name) {
    for (size_t i = 0; i < sizeof poolings / sizeof *poolings; i++)
        if (!strcmp(name, poolings[i].name)) return &poolings[i];
    return NULL;
}

static Var pooling_cnn(Pass *p, const void *settings, Var x) {
    const NetworkSize *size = settings;
    const Pooling *pooling = size->details;
    const Filters filters = {.channels = size->width, .window = 3, .stride = pooling->stride, .padding = 1};
    x = pooling->layer(p, "conv2", filters, pooling->layer(p, "conv1", filters, x));
    return linear(p, "linear", size->classes, flatten(p, x));
}

Model model_pooling(size_t inputs, size_t channels, size_t classes, const Pooling *pooling) {
    return model_of("pooling", pooling_cnn, (NetworkSize){.width = channels, .classes = classes, .details = pooling},
                    shape_signal(1, inputs, 1));
}
