#include "nn/airbench.h"

#include "grad/elementwise.h"
#include "nn/layers.h"

static Var group(Pass *p, const char *name, size_t channels, Var x) {
    const Filters filters = {.channels = channels, .window = 3, .padding = 1, .without_bias = 1};
    const char *outside = pass_enter(p, name);
    x = max_pooling(p, 2, 2, 0, convolution(p, "conv1", filters, x));
    x = gelu(p, batch_norm_without_scale(p, "norm1", x));
    x = convolution(p, "conv2", filters, x);
    x = gelu(p, batch_norm_without_scale(p, "norm2", x));
    pass_leave(p, outside);
    return x;
}

static Var airbench(Pass *p, const void *settings, Var x) {
    const size_t width = *(const size_t *)settings;
    p->norm_epsilon = 1e-12;
    p->norm_momentum = 0.4;
    p->weights = p->biases = (Initial){INITIAL_CONSTANT, 0};
    x = gelu(p, convolution(p, "whiten", (Filters){.channels = AIRBENCH_WHITENERS, .window = AIRBENCH_WINDOW}, x));
    p->weights = (Initial){INITIAL_DIRAC, 0};
    x = group(p, "group1", width, x);
    x = group(p, "group2", 4 * width, x);
    x = group(p, "group3", 4 * width, x);
    x = flatten(p, max_pooling(p, 3, 3, 0, x));
    p->weights = (Initial){INITIAL_TORCH, 0};
    return op_scale(p->tape, linear_without_bias(p, "fc", AIRBENCH_CLASSES, x), (real)(1.0 / 9));
}

Network *airbench_create(size_t width, Arena *arena) {
    size_t *settings = arena_alloc(arena, 1, sizeof *settings);
    *settings = width;
    return network_create("airbench", airbench, settings,
                          shape_image(AIRBENCH_CHANNELS, AIRBENCH_SIDE, AIRBENCH_SIDE, 1), arena);
}
