#include "nn/generalization_networks.h"

#include <math.h>

#include "grad/elementwise.h"
#include "nn/layers.h"

enum { CLASSES = 10, IMAGENET_CLASSES = 1000 };

/* ---- small Inception (Fig. 3 of the paper) ---- */

/* Convolution, batch normalisation, relu.  The replication has biases and scales besides. */
static Var module(Pass *p, const GeneralizationNetwork *kind, const char *name, Filters filters, Var x) {
    filters.channels /= kind->thinner;
    if (kind->without_batch_norm) return convolution_relu(p, name, filters, x);
    if (kind->replicated) {
        const char *outside = pass_enter(p, name);
        x = relu(p, batch_norm(p, "bn", convolution(p, "conv", filters, x)));
        pass_leave(p, outside);
        return x;
    }
    filters.without_bias = 1;
    return relu(p, batch_norm_without_scale(p, name, convolution(p, name, filters, x)));
}

static Var inception_module(Pass *p, const GeneralizationNetwork *kind, const char *name, size_t ones, size_t threes,
                            Var x) {
    const char *outside = pass_enter(p, name);
    Var parts[2];
    parts[0] = module(p, kind, "1x1", (Filters){.channels = ones, .window = 1}, x);
    parts[1] = module(p, kind, "3x3", (Filters){.channels = threes, .window = 3, .padding = 1}, x);
    x = concatenate(p, 2, parts);
    pass_leave(p, outside);
    return x;
}

static Var downsample_module(Pass *p, const GeneralizationNetwork *kind, const char *name, size_t channels, Var x) {
    const size_t padding = kind->replicated ? 0 : 1;
    Var parts[2];
    parts[0] = module(p, kind, name, (Filters){.channels = channels, .window = 3, .stride = 2, .padding = padding}, x);
    parts[1] = max_pooling(p, 3, 2, padding, x);
    return concatenate(p, 2, parts);
}

static void he_starts(Pass *p) {
    p->weights = (Initial){INITIAL_HE, 0};
    p->biases = (Initial){INITIAL_CONSTANT, 0};
}

static Var last_layer(Pass *p, const GeneralizationSettings *settings, const char *name, Var x) {
    p->weights = (Initial){INITIAL_TORCH, 0};
    if (settings->dropout > 0) x = dropout(p, "dropout", settings->dropout, x);
    return linear(p, name, CLASSES, x);
}

static Var small_inception(Pass *p, const void *settings, Var x) {
    const GeneralizationNetwork *kind = ((const GeneralizationSettings *)settings)->network;
    if (!kind->replicated) he_starts(p);
    x = module(p, kind, "conv1", (Filters){.channels = 96, .window = 3, .padding = kind->replicated ? 0 : 1}, x);
    x = inception_module(p, kind, "inception1", 32, 32, x);
    x = inception_module(p, kind, "inception2", 32, 48, x);
    x = downsample_module(p, kind, "downsample1", 80, x);
    x = inception_module(p, kind, "inception3", 112, 48, x);
    x = inception_module(p, kind, "inception4", 96, 64, x);
    x = inception_module(p, kind, "inception5", 80, 80, x);
    x = inception_module(p, kind, "inception6", 48, 96, x);
    x = downsample_module(p, kind, "downsample2", 96, x);
    x = inception_module(p, kind, "inception7", 176, 160, x);
    x = inception_module(p, kind, "inception8", 176, 160, x);
    x = kind->replicated ? flatten(p, adaptive_average_pooling(p, 7, 7, x)) : global_average_pooling(p, x);
    return last_layer(p, settings, "fc", x);
}

/* ---- small AlexNet and MLPs ---- */

/* TensorFlow's: y = x / (1 + 0.001/9 (sum of squares over 9 channels))^0.75. */
static Var alexnet_block(Pass *p, const char *name, size_t channels, Var x) {
    const LocalResponse norm = {.size = 9, .alpha = 0.001, .beta = 0.75, .k = 1};
    x = convolution(p, name, (Filters){.channels = channels, .window = 5, .padding = 2}, x);
    return local_response_norm(p, norm, relu_max_pooling(p, 3, 2, 1, x));
}

static Var small_alexnet(Pass *p, const void *settings, Var x) {
    const GeneralizationNetwork *kind = ((const GeneralizationSettings *)settings)->network;
    he_starts(p);
    x = alexnet_block(p, "conv1", 64 / kind->thinner, x);
    x = alexnet_block(p, "conv2", 64 / kind->thinner, x);
    x = linear_relu(p, "fc3", 384 / kind->smaller_hidden, flatten(p, x));
    x = linear_relu(p, "fc4", 192 / kind->smaller_hidden, x);
    return last_layer(p, settings, "fc5", x);
}

static Var mlp(Pass *p, const void *settings, Var x) {
    static const char *const names[] = {"fc1", "fc2", "fc3", "fc4"};
    const GeneralizationNetwork *kind = ((const GeneralizationSettings *)settings)->network;
    if (!kind->replicated) he_starts(p);
    x = flatten(p, x);
    for (size_t i = 0; i < kind->depth; i++) x = linear_relu(p, names[i], 512, x);
    return last_layer(p, settings, names[kind->depth], x);
}

/* W x, which starts as Glorot & Bengio (2010) have it with normal numbers. */
static Var product(Pass *p, const char *name, size_t out, Var x) {
    p->weights = (Initial){INITIAL_NORMAL, sqrt(2.0 / (double)(var_shape(x).dim[0] + out))};
    return linear_without_bias(p, name, out, x);
}

static Var mlp_without_biases(Pass *p, const void *settings, Var x) {
    (void)settings;
    return product(p, "fc2", CLASSES, relu(p, product(p, "fc1", 512, flatten(p, x))));
}

/* ---- wide residual networks (Zagoruyko & Komodakis 2016) of widening factor 1, pre-activation ---- */

/* Where the number of channels changes the shortcut is a convolution of what the first convolution reads. */
static Var residual_block(Pass *p, const char *name, size_t channels, size_t stride, Var x) {
    const char *outside = pass_enter(p, name);
    const int same = var_shape(x).dim[0] == channels;
    Filters filters = {.channels = channels, .window = 3, .stride = stride, .padding = 1, .without_bias = 1};
    Var active = relu(p, batch_norm(p, "bn1", x)), y = convolution(p, "conv1", filters, active);
    filters.stride = 1;
    y = convolution(p, "conv2", filters, relu(p, batch_norm(p, "bn2", y)));
    filters = (Filters){.channels = channels, .window = 1, .stride = stride, .without_bias = 1};
    Var shortcut = same ? x : convolution(p, "shortcut", filters, active);
    pass_leave(p, outside);
    return op_add(p->tape, y, shortcut);
}

static Var wide_residual(Pass *p, const void *settings, Var x) {
    static const char *const names[3][4] = {{"block1.0", "block1.1", "block1.2", "block1.3"},
                                            {"block2.0", "block2.1", "block2.2", "block2.3"},
                                            {"block3.0", "block3.1", "block3.2", "block3.3"}};
    const size_t depth = ((const GeneralizationSettings *)settings)->network->depth;
    p->weights = (Initial){INITIAL_HE_FAN_OUT, 0};
    x = convolution(p, "conv1", (Filters){.channels = 16, .window = 3, .padding = 1, .without_bias = 1}, x);
    for (size_t group = 0; group < 3; group++)
        for (size_t i = 0; i < depth; i++)
            x = residual_block(p, names[group][i], (size_t)16 << group, group > 0 && i == 0 ? 2 : 1, x);
    x = global_average_pooling(p, relu(p, batch_norm(p, "bn", x)));
    p->weights = (Initial){INITIAL_NORMAL, sqrt(2.0 / (64 + CLASSES))};
    p->biases = (Initial){INITIAL_CONSTANT, 0};
    return linear(p, "fc", CLASSES, x);
}

/* ---- torchvision's AlexNet, with the 1000 outputs that the replication left ---- */

static Var torchvision_alexnet(Pass *p, const void *settings, Var x) {
    (void)settings;
    x = convolution_relu(p, "conv1", (Filters){.channels = 64, .window = 11, .stride = 4, .padding = 2}, x);
    x = max_pooling(p, 3, 2, 0, x);
    x = convolution_relu(p, "conv2", (Filters){.channels = 192, .window = 5, .padding = 2}, x);
    x = max_pooling(p, 3, 2, 0, x);
    x = convolution_relu(p, "conv3", (Filters){.channels = 384, .window = 3, .padding = 1}, x);
    x = convolution_relu(p, "conv4", (Filters){.channels = 256, .window = 3, .padding = 1}, x);
    x = convolution_relu(p, "conv5", (Filters){.channels = 256, .window = 3, .padding = 1}, x);
    x = dropout(p, "dropout1", 0.5, flatten(p, max_pooling(p, 3, 2, 0, x)));
    x = dropout(p, "dropout2", 0.5, linear_relu(p, "fc1", 4096, x));
    return linear(p, "fc3", IMAGENET_CLASSES, linear_relu(p, "fc2", 4096, x));
}

/* ---- all of them ---- */

#define IMAGE(channels, size)                                                                                          \
    {                                                                                                                  \
        4, {                                                                                                           \
            channels, size, size, 1                                                                                    \
        }                                                                                                              \
    }
#define SIGNAL                                                                                                         \
    {                                                                                                                  \
        3, {                                                                                                           \
            1, 40, 1                                                                                                   \
        }                                                                                                              \
    }

const GeneralizationNetwork generalization_networks[] = {
    {"inception", "small Inception, Table 1", small_inception, IMAGE(3, 28), 1, 1, 0, 0, 0, 1649402, 204219680},
    {"inception-without-norm", "small Inception without batch normalisation, Table 1", small_inception, IMAGE(3, 28), 1,
     1, 0, 1, 0, 1649402, 204219680},
    {"inception-half", "small Inception, half of the channels", small_inception, IMAGE(3, 28), 2, 1, 0, 0, 0, 414274,
     51563792},
    {"inception-quarter", "small Inception, a quarter of the channels", small_inception, IMAGE(3, 28), 4, 1, 0, 0, 0,
     104534, 13145384},
    {"inception-quarter-without-norm", "likewise without batch normalisation", small_inception, IMAGE(3, 28), 4, 1, 0,
     1, 0, 104534, 13145384},
    {"alexnet", "small AlexNet, Table 1", small_alexnet, IMAGE(3, 28), 1, 1, 0, 0, 0, 1387786, 25113472},
    {"mlp-1x512", "MLP of one hidden layer, Table 1", mlp, IMAGE(3, 28), 1, 1, 1, 0, 0, 1209866, 1209344},
    {"mlp-3x512", "MLP of three hidden layers, Table 1", mlp, IMAGE(3, 28), 1, 1, 3, 0, 0, 1735178, 1733632},
    {"mlp-512-whole", "the MLP of a replication, on whole images", mlp, IMAGE(3, 32), 1, 1, 1, 0, 1, 1578506, 1577984},
    {"mlp-512-whole-without-biases", "the MLP of an author's example", mlp_without_biases, IMAGE(3, 32), 1, 1, 1, 0, 0,
     1577984, 1577984},
    {"inception-replicated", "small Inception of a replication, whose edges are lost, with 7 x 7 averages",
     small_inception, IMAGE(3, 28), 1, 1, 0, 0, 1, 1814106, 144894368},
    {"inception-replicated-whole", "likewise on whole images", small_inception, IMAGE(3, 32), 1, 1, 0, 0, 1, 1814106,
     197971872},
    {"inception-replicated-without-norm", "likewise without batch normalisation, on crops", small_inception,
     IMAGE(3, 28), 1, 1, 0, 1, 1, 1810682, 144894368},
    {"inception-replicated-quarter", "that of the replication, a quarter of the channels", small_inception,
     IMAGE(3, 28), 4, 1, 0, 0, 1, 145710, 9415304},
    {"inception-replicated-quarter-without-norm", "likewise without batch normalisation", small_inception, IMAGE(3, 28),
     4, 1, 0, 1, 1, 144854, 9415304},
    {"inception-replicated-whole-quarter", "that on whole images, a quarter of the channels", small_inception,
     IMAGE(3, 32), 4, 1, 0, 0, 1, 145710, 12841512},
    {"wrn-28-1", "wide residual network of an author's example", wide_residual, IMAGE(3, 32), 1, 1, 4, 0, 0, 369498,
     54968960},
    {"torchvision-alexnet", "the AlexNet of a replication", torchvision_alexnet, IMAGE(3, 224), 1, 1, 0, 0, 0, 61100840,
     714188480},
    {"grey-mlp-1x512", "MLP of one hidden layer for images of one channel", mlp, IMAGE(1, 28), 1, 1, 1, 0, 0, 407050,
     406528},
    {"grey-mlp-3x512", "MLP of three hidden layers for images of one channel", mlp, IMAGE(1, 28), 1, 1, 3, 0, 0, 932362,
     930816},
    {"signal-inception", "small Inception for signals, a quarter of the channels", small_inception, SIGNAL, 4, 1, 0, 0,
     0, 42230, 588680},
    {"signal-inception-without-norm", "likewise without batch normalisation", small_inception, SIGNAL, 4, 1, 0, 1, 0,
     42230, 588680},
    {"signal-inception-half", "small Inception for signals, half of the channels", small_inception, SIGNAL, 2, 1, 0, 0,
     0, 166210, 2347280},
    {"signal-alexnet", "small AlexNet for signals", small_alexnet, SIGNAL, 2, 4, 0, 0, 0, 41306, 144608},
    {"signal-mlp-1x512", "MLP of one hidden layer for signals", mlp, SIGNAL, 1, 1, 1, 0, 0, 26122, 25600},
    {"signal-mlp-3x512", "MLP of three hidden layers for signals", mlp, SIGNAL, 1, 1, 3, 0, 0, 551434, 549888},
    {"signal-wrn-10-1", "wide residual network for signals", wide_residual, SIGNAL, 1, 1, 1, 0, 0, 28314, 371200},
    {NULL, NULL, NULL, {0, {0}}, 0, 0, 0, 0, 0, 0, 0}};

const GeneralizationNetwork *generalization_network_by_name(const char *name, Error *error) {
    return network_row(generalization_networks, sizeof *generalization_networks, name, error);
}

Network *generalization_network_create(const GeneralizationNetwork *kind, double dropout_rate, Arena *arena) {
    GeneralizationSettings *settings = arena_alloc(arena, 1, sizeof *settings);
    *settings = (GeneralizationSettings){kind, dropout_rate};
    return network_create(kind->name, kind->function, settings, kind->input, arena);
}
