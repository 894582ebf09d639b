/* Models: networks of a few tensors (network.h) as values, for methods that differentiate through training or prune.  Each
 * has a file of its own (mlp.h, cnn.h ...); models.h knows them all by name. */
#ifndef SCALEDOWN_NN_MODEL_H
#define SCALEDOWN_NN_MODEL_H

#include "base/arena.h"
#include "grad/tape.h"
#include "random/random.h"

/* nn/network.h */
struct Network;
struct Pass;

enum { MODEL_MAX_TENSORS = 64, MODEL_NAME_SIZE = 40 };

typedef struct ParameterTensor {
    char name[MODEL_NAME_SIZE]; /* PyTorch's, e.g. "linear1.weight" */
    Shape shape;
    size_t offset; /* into the flat vector */
    double bound;  /* initialised uniformly in [-bound, bound], drawn in this order */
} ParameterTensor;

/* What the functions of mlp.h, cnn.h ... have for settings. */
typedef struct NetworkSize {
    size_t width; /* units of a hidden layer, channels, or units in each direction; 0 where it has no meaning */
    size_t layers, classes;
    size_t depth, head_width; /* of an encoder (encoder.h): layers that are run; units of its head */
    const void *details; /* of what kind a layer is; NULL: nothing */
    void *state;         /* what a pass changes, borrowed; NULL: nothing */
} NetworkSize;

typedef struct Model Model;
struct Model {
    const char *name;
    size_t inputs, classes;
    size_t hidden; /* the width of its size */
    size_t n_tensors, n_parameters;
    ParameterTensor tensors[MODEL_MAX_TENSORS];
    /* logits [classes][batch] from x [inputs][batch] and the tensors as tape variables */
    Var (*forward)(Tape *tape, const Model *model, const Var *tensors, Var x);
    Var (*function)(struct Pass *p, const void *settings, Var x);
    NetworkSize size;
    Shape input;
};

/* The model of a network's function (network.h), whose settings are its size; x becomes the network's input, of one example
 * [...][1], by a view.  A network of more than MODEL_MAX_TENSORS tensors, or a longer name than MODEL_NAME_SIZE holds, is a
 * bug in the caller: it is reported on standard error and aborts. */
Model model_of(const char *name, Var (*function)(struct Pass *p, const void *settings, Var x), NetworkSize size,
               Shape input);

/* The same as a network, in the arena, for learners (fit.h). */
struct Network *model_network(const Model *model, Arena *arena);

/* Draws all tensors from the stream, in order, uniformly within their bounds: PyTorch's default initialisation when the
 * stream is as torch.manual_seed left it.  weights [n_parameters] */
void model_initialize(const Model *model, Mt19937 *mt, real *weights);
/* Draws the weights of linear layers anew, uniformly within bound(inputs, outputs), in order; biases and convolutions stay.
 * It follows model_initialize where a program calls an initialiser on layers that PyTorch has made. */
void model_redraw_linear(const Model *model, Mt19937 *mt, double (*bound)(size_t in, size_t out), real *weights);
double he_uniform_bound(size_t in, size_t out);     /* sqrt(6 / in): kaiming_uniform_ (He et al. 2015, equation 10) */
double xavier_uniform_bound(size_t in, size_t out); /* sqrt(6 / (in + out)): xavier_uniform_ (Glorot, Bengio 2010) */

#endif
