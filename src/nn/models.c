#include "nn/models.h"

#include <string.h>

#include "base/options.h"
#include "base/text.h"
#include "nn/cnn.h"
#include "nn/gru.h"
#include "nn/logistic.h"
#include "nn/mlp.h"
#include "nn/pooling_cnn.h"
#include "nn/tanh_mlp.h"

static Model build_logistic(const ModelKind *kind, size_t inputs, size_t width, size_t layers, size_t classes) {
    (void)kind, (void)width, (void)layers;
    return model_logistic(inputs, classes);
}

static Model build_mlp(const ModelKind *kind, size_t inputs, size_t width, size_t layers, size_t classes) {
    (void)kind, (void)layers;
    return model_residual_mlp(inputs, width, classes);
}

static Model build_plain_mlp(const ModelKind *kind, size_t inputs, size_t width, size_t layers, size_t classes) {
    (void)kind, (void)layers;
    return model_mlp(inputs, width, classes);
}

static Model build_tanh_mlp(const ModelKind *kind, size_t inputs, size_t width, size_t layers, size_t classes) {
    (void)kind;
    return model_tanh_mlp(inputs, layers, width, classes);
}

static Model build_cnn(const ModelKind *kind, size_t inputs, size_t width, size_t layers, size_t classes) {
    (void)kind, (void)layers;
    return model_cnn(inputs, width, classes);
}

static Model build_gru(const ModelKind *kind, size_t inputs, size_t width, size_t layers, size_t classes) {
    (void)kind, (void)layers;
    return model_gru(inputs, width, classes);
}

static Model build_pooling(const ModelKind *kind, size_t inputs, size_t width, size_t layers, size_t classes) {
    (void)layers;
    return model_pooling(inputs, width, classes, pooling_by_name(strchr(kind->name, '-') + 1));
}

const ModelKind model_kinds[] = {
    {"logistic", "multinomial logistic regression", NULL, 0, 0, 1, build_logistic},
    {"mlp", "MLP of two hidden layers, residual, with relu", "hidden", 100, 0, 1, build_mlp},
    {"plain-mlp", "MLP of two hidden layers with relu", "hidden", 100, 0, 1, build_plain_mlp},
    {"tanh-mlp", "MLP with tanh", "hidden", 100, 2, 1, build_tanh_mlp},
    {"cnn", "three convolutions of stride 2", "channels", 25, 0, 3, build_cnn},
    {"gru", "a bidirectional gated recurrent unit", "gru-hidden", 6, 0, 1, build_gru},
    {"pooling-none", "two convolutions, without halving", "channels", 20, 0, 1, build_pooling},
    {"pooling-stride", "two convolutions of stride 2", "channels", 20, 0, 1, build_pooling},
    {"pooling-max", "two convolutions, each with maxima of pairs", "channels", 20, 0, 4, build_pooling},
    {"pooling-average", "two convolutions, each with averages of pairs", "channels", 20, 0, 4, build_pooling},
    {"pooling-l2", "two convolutions, each with Euclidean norms of pairs", "channels", 20, 0, 4, build_pooling},
    {NULL, NULL, NULL, 0, 0, 0, NULL}};

const ModelKind *model_kind(const char *name, Error *error) {
    Nearest nearest;
    Text known = text_create(NULL);
    nearest_begin(&nearest, name);
    for (const ModelKind *kind = model_kinds; kind->name; kind++) {
        if (!strcmp(name, kind->name)) return text_destroy(&known), kind;
        nearest_consider(&nearest, kind->name);
        text_format(&known, kind > model_kinds ? ", %s" : "%s", kind->name);
    }
    if (nearest.name)
        error_set(error, "unknown model \"%.80s\" (nearest: %s); models are %s", name, nearest.name, known.data);
    else
        error_set(error, "unknown model \"%.80s\"; models are %s", name, known.data);
    text_destroy(&known);
    return NULL;
}

Model model_of_kind(const ModelKind *kind, size_t inputs, size_t width, size_t layers, size_t classes) {
    return kind->build(kind, inputs, width, layers, classes);
}

Model model_published(const ModelKind *kind, size_t inputs, size_t classes) {
    return model_of_kind(kind, inputs, kind->published_width, kind->layers, classes);
}
