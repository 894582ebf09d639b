#include "nn/inception_v3.h"

#include "grad/elementwise.h"
#include "grad/loss.h"
#include "grad/reshape.h"
#include "nn/layers.h"

const InceptionV3 inception_v3_published = {INCEPTION_V3_SIZE, IMAGENET_CLASSES, 1, 0.4, 0.5, 1};

static const InceptionV3 *settings_of(const Pass *p) {
    return p->network->settings;
}

/* window x window taps, none lost at the edges; rows x columns likewise; every second place, edges lost. */
static Filters square(size_t channels, size_t window) {
    return (Filters){.channels = channels, .window = window, .padding = window / 2};
}

static Filters oblong(size_t channels, size_t rows, size_t columns) {
    return (Filters){channels, columns, 1, columns / 2, rows, rows / 2, 0};
}

static Filters halving(size_t channels) {
    return (Filters){.channels = channels, .window = 3, .stride = 2};
}

static Var unit(Pass *p, const char *name, Filters filters, Var x) {
    const char *outside = pass_enter(p, name);
    filters.without_bias = 1;
    filters.channels /= settings_of(p)->thinner;
    x = relu(p, batch_norm(p, "bn", convolution(p, "conv", filters, x)));
    pass_leave(p, outside);
    return x;
}

static Var mixed_a(Pass *p, const char *name, size_t pool_channels, Var x) {
    const char *outside = pass_enter(p, name);
    Var y[4];
    y[0] = unit(p, "branch1x1", square(64, 1), x);
    y[1] = unit(p, "branch5x5_2", square(64, 5), unit(p, "branch5x5_1", square(48, 1), x));
    y[2] = unit(p, "branch3x3dbl_2", square(96, 3), unit(p, "branch3x3dbl_1", square(64, 1), x));
    y[2] = unit(p, "branch3x3dbl_3", square(96, 3), y[2]);
    y[3] = unit(p, "branch_pool", square(pool_channels, 1), average_pooling(p, 3, 1, 1, x));
    pass_leave(p, outside);
    return concatenate(p, 4, y);
}

static Var mixed_b(Pass *p, const char *name, Var x) {
    const char *outside = pass_enter(p, name);
    Var y[3];
    y[0] = unit(p, "branch3x3", halving(384), x);
    y[1] = unit(p, "branch3x3dbl_2", square(96, 3), unit(p, "branch3x3dbl_1", square(64, 1), x));
    y[1] = unit(p, "branch3x3dbl_3", halving(96), y[1]);
    y[2] = max_pooling(p, 3, 2, 0, x);
    pass_leave(p, outside);
    return concatenate(p, 3, y);
}

static Var mixed_c(Pass *p, const char *name, size_t c, Var x) {
    const char *outside = pass_enter(p, name);
    Var y[4];
    y[0] = unit(p, "branch1x1", square(192, 1), x);
    y[1] = unit(p, "branch7x7_2", oblong(c, 1, 7), unit(p, "branch7x7_1", square(c, 1), x));
    y[1] = unit(p, "branch7x7_3", oblong(192, 7, 1), y[1]);
    y[2] = unit(p, "branch7x7dbl_2", oblong(c, 7, 1), unit(p, "branch7x7dbl_1", square(c, 1), x));
    y[2] = unit(p, "branch7x7dbl_4", oblong(c, 7, 1), unit(p, "branch7x7dbl_3", oblong(c, 1, 7), y[2]));
    y[2] = unit(p, "branch7x7dbl_5", oblong(192, 1, 7), y[2]);
    y[3] = unit(p, "branch_pool", square(192, 1), average_pooling(p, 3, 1, 1, x));
    pass_leave(p, outside);
    return concatenate(p, 4, y);
}

static Var mixed_d(Pass *p, const char *name, Var x) {
    const char *outside = pass_enter(p, name);
    Var y[3];
    y[0] = unit(p, "branch3x3_2", halving(320), unit(p, "branch3x3_1", square(192, 1), x));
    y[1] = unit(p, "branch7x7x3_2", oblong(192, 1, 7), unit(p, "branch7x7x3_1", square(192, 1), x));
    y[1] = unit(p, "branch7x7x3_4", halving(192), unit(p, "branch7x7x3_3", oblong(192, 7, 1), y[1]));
    y[2] = max_pooling(p, 3, 2, 0, x);
    pass_leave(p, outside);
    return concatenate(p, 3, y);
}

static Var mixed_e(Pass *p, const char *name, Var x) {
    const char *outside = pass_enter(p, name);
    Var y[6];
    y[0] = unit(p, "branch1x1", square(320, 1), x);
    Var threes = unit(p, "branch3x3_1", square(384, 1), x);
    y[1] = unit(p, "branch3x3_2a", oblong(384, 1, 3), threes);
    y[2] = unit(p, "branch3x3_2b", oblong(384, 3, 1), threes);
    threes = unit(p, "branch3x3dbl_2", square(384, 3), unit(p, "branch3x3dbl_1", square(448, 1), x));
    y[3] = unit(p, "branch3x3dbl_3a", oblong(384, 1, 3), threes);
    y[4] = unit(p, "branch3x3dbl_3b", oblong(384, 3, 1), threes);
    y[5] = unit(p, "branch_pool", square(192, 1), average_pooling(p, 3, 1, 1, x));
    pass_leave(p, outside);
    return concatenate(p, 6, y);
}

static Var auxiliary_head(Pass *p, size_t outputs, Var x) {
    const char *outside = pass_enter(p, "AuxLogits");
    p->weights.value = 0.01;
    x = unit(p, "conv0", square(128, 1), average_pooling(p, 5, 3, 0, x));
    x = unit(p, "conv1", (Filters){.channels = 768, .window = 5}, x);
    p->weights.value = 0.001;
    x = linear(p, "fc", outputs, global_average_pooling(p, x));
    p->weights.value = 0.1;
    pass_leave(p, outside);
    return x;
}

static Var inception_v3(Pass *p, const void *settings, Var x) {
    const InceptionV3 *network = settings;
    p->weights = (Initial){INITIAL_NORMAL, 0.1}; /* torchvision cuts it off at 20 standard deviations */
    p->norm_epsilon = 1e-3;
    x = unit(p, "Conv2d_1a_3x3", halving(32), x);
    x = unit(p, "Conv2d_2a_3x3", (Filters){.channels = 32, .window = 3}, x);
    x = max_pooling(p, 3, 2, 0, unit(p, "Conv2d_2b_3x3", square(64, 3), x));
    x = unit(p, "Conv2d_3b_1x1", square(80, 1), x);
    x = max_pooling(p, 3, 2, 0, unit(p, "Conv2d_4a_3x3", (Filters){.channels = 192, .window = 3}, x));
    x = mixed_a(p, "Mixed_5b", 32, x);
    x = mixed_a(p, "Mixed_5d", 64, mixed_a(p, "Mixed_5c", 64, x));
    x = mixed_c(p, "Mixed_6b", 128, mixed_b(p, "Mixed_6a", x));
    x = mixed_c(p, "Mixed_6d", 160, mixed_c(p, "Mixed_6c", 160, x));
    x = mixed_c(p, "Mixed_6e", 192, x);
    Var logits[2];
    if (network->auxiliary) logits[1] = auxiliary_head(p, network->outputs, x);
    x = mixed_e(p, "Mixed_7c", mixed_e(p, "Mixed_7b", mixed_d(p, "Mixed_7a", x)));
    logits[0] =
        linear(p, "fc", network->outputs, dropout(p, "dropout", network->dropout, global_average_pooling(p, x)));
    return network->auxiliary ? concatenate(p, 2, logits) : logits[0];
}

Network *inception_v3_create(const InceptionV3 *settings, Arena *arena) {
    return network_create("inception-v3", inception_v3, settings, shape_image(3, settings->size, settings->size, 1),
                          arena);
}

Var inception_v3_loss(Pass *p, Var outputs, const uint16_t *labels, const void *unused) {
    (void)unused;
    const InceptionV3 *settings = settings_of(p);
    if (!settings->auxiliary) return op_softmax_cross_entropy(p->tape, outputs, labels);
    const Shape half = shape_matrix(settings->outputs, var_shape(outputs).dim[1]);
    Var logits = op_slice(p->tape, outputs, 0, half), auxiliary = op_slice(p->tape, outputs, shape_count(half), half);
    Var loss = op_softmax_cross_entropy(p->tape, logits, labels);
    Var second =
        op_scale(p->tape, op_softmax_cross_entropy(p->tape, auxiliary, labels), (real)settings->auxiliary_weight);
    return op_add(p->tape, loss, second);
}
