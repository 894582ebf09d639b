/* Models: a list of named parameter tensors in one flat vector, in PyTorch's module order, and a function that
 * builds the logits on a tape. */
#ifndef SCALEDOWN_NN_MODEL_H
#define SCALEDOWN_NN_MODEL_H

#include "base/arena.h"
#include "base/error.h"
#include "grad/tape.h"
#include "random/random.h"

#define MODEL_MAX_TENSORS 16

typedef struct ParameterTensor {
    const char *name; /* PyTorch's, e.g. "linear1.weight" */
    Shape shape;
    size_t offset; /* into the flat vector */
    double bound;  /* initialised uniformly in [-bound, bound], drawn in this order */
} ParameterTensor;

typedef struct Model Model;
struct Model {
    const char *name;
    size_t inputs, classes;
    size_t n_tensors, n_parameters;
    ParameterTensor tensors[MODEL_MAX_TENSORS];
    size_t hidden, channels;       /* what the builders below were given; 0 where it has no meaning */
    const SparsePattern *patterns; /* one per layer of a masked model (mask.h); NULL: all weights are present */
    const struct Pooling *pooling; /* NULL in other models */
    /* logits [classes][batch] from x [inputs][batch] and the tensors as tape variables */
    Var (*forward)(Tape *tape, const Model *model, const Var *tensors, Var x);
};

Model model_logistic(size_t inputs, size_t classes);
Model model_mlp(size_t inputs, size_t hidden, size_t classes);          /* two hidden layers, relu after each */
Model model_residual_mlp(size_t inputs, size_t hidden, size_t classes); /* h1 = relu; h2 = h1 + relu; linear */
int model_is_residual_mlp(const Model *model);
/* linear and tanh in each of at most three hidden layers of one width, then linear */
Model model_tanh_mlp(size_t inputs, size_t hidden_layers, size_t hidden, size_t outputs);
Model model_cnn(size_t inputs, size_t channels, size_t classes); /* k5 s2 p1, k3 s2 p1 twice, linear */
Model model_gru(size_t inputs, size_t hidden, size_t classes);   /* bidirectional, time-major flatten */
/* Two convolutions (k3 p1), each with relu and a halving of the signal by the pooling named, then a linear layer:
 * "none" (nothing is halved), "stride" (convolutions of stride 2), "max", "average", "l2".  NULL for other names. */
const struct Pooling *pooling_by_name(const char *name);
Model model_pooling(size_t inputs, size_t channels, size_t classes, const struct Pooling *pooling);
/* By the names "logistic", "mlp", "cnn", "gru", "pooling-none" and so on for each pooling, with the published sizes;
 * unknown names list the known ones. */
int model_by_name(const char *name, size_t inputs, size_t classes, Model *model, Error *error);

/* PyTorch's default initialisation from the stream as torch.manual_seed left it. weights [n_parameters] */
void model_initialize(const Model *model, Mt19937 *mt, real *weights);

#endif
