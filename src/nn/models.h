/* All models by name, for commands that take one. */
#ifndef SCALEDOWN_NN_MODELS_H
#define SCALEDOWN_NN_MODELS_H

#include "base/error.h"
#include "nn/model.h"

typedef struct ModelKind {
    const char *name, *purpose;
    const char *width;      /* what sets its width, as an option and a parameter of methods: "hidden" units of a hidden
                             * layer, "channels", "gru-hidden" units in each direction; NULL: it has none */
    size_t published_width; /* or, where nothing is published, a customary one */
    size_t layers;          /* customary number of hidden layers, where they can be chosen, else 0 */
    size_t least_inputs;    /* fewer leave nothing behind the last convolution or pooling */
    Model (*build)(const struct ModelKind *kind, size_t inputs, size_t width, size_t layers, size_t classes);
} ModelKind;

extern const ModelKind model_kinds[]; /* ends with a NULL name */
/* "logistic", "mlp" (the residual one), "plain-mlp", "tanh-mlp", "cnn", "gru", and "pooling-none" and so on for each
 * pooling of pooling_cnn.h.  NULL for another name, with an error that lists these. */
const ModelKind *model_kind(const char *name, Error *error);
enum { MODEL_MOST_LAYERS = MODEL_MAX_TENSORS / 2 - 1 };
/* inputs at least least_inputs, width and layers at least 1 where they mean something, layers at most
 * MODEL_MOST_LAYERS. */
Model model_of_kind(const ModelKind *kind, size_t inputs, size_t width, size_t layers, size_t classes);
Model model_published(const ModelKind *kind, size_t inputs, size_t classes); /* with published_width and layers */

#endif
