/* Models: a list of named parameter tensors in one flat vector, in the order of PyTorch's modules, and a function that
 * builds the logits on a tape.  Each network has a file of its own (mlp.h, cnn.h ...), which appends its tensors with the
 * functions below and defines forward; models.h knows them all by name. */
#ifndef SCALEDOWN_NN_MODEL_H
#define SCALEDOWN_NN_MODEL_H

#include "grad/tape.h"
#include "random/random.h"

enum { MODEL_MAX_TENSORS = 64, MODEL_NAME_SIZE = 40 };

typedef struct ParameterTensor {
    char name[MODEL_NAME_SIZE]; /* PyTorch's, e.g. "linear1.weight" */
    Shape shape;
    size_t offset; /* into the flat vector */
    double bound;  /* initialised uniformly in [-bound, bound], drawn in this order */
} ParameterTensor;

typedef struct Model Model;
struct Model {
    const char *name;
    size_t inputs, classes;
    size_t hidden; /* units of each hidden layer; 0 where it has no meaning */
    size_t n_tensors, n_parameters;
    ParameterTensor tensors[MODEL_MAX_TENSORS];
    /* logits [classes][batch] from x [inputs][batch] and the tensors as tape variables */
    Var (*forward)(Tape *tape, const Model *model, const Var *tensors, Var x);
    const void *details; /* what the network's forward needs beside the tensors; NULL: nothing */
    void *state;         /* the same where a pass changes it, borrowed; NULL: nothing */
};

/* Append a tensor, or the weight and bias of a layer under "NAME.weight" and "NAME.bias" with PyTorch's default
 * initialisation.  A model of more than MODEL_MAX_TENSORS tensors, or a longer name than MODEL_NAME_SIZE holds, is a
 * bug in the caller: it is reported on standard error and aborts. */
void model_add_tensor(Model *model, const char *name, Shape shape, double bound);
void model_add_linear(Model *model, const char *name, size_t out, size_t in);
void model_add_conv1d(Model *model, const char *name, size_t out, size_t in, size_t width);

/* Draws all tensors from the stream, in order, uniformly within their bounds: PyTorch's default initialisation when the
 * stream is as torch.manual_seed left it.  weights [n_parameters] */
void model_initialize(const Model *model, Mt19937 *mt, real *weights);
/* Draws the weights of linear layers anew, uniformly within bound(inputs, outputs), in order; biases and convolutions stay.
 * It follows model_initialize where a program calls an initialiser on layers that PyTorch has made. */
void model_redraw_linear(const Model *model, Mt19937 *mt, double (*bound)(size_t in, size_t out), real *weights);
double he_uniform_bound(size_t in, size_t out);     /* sqrt(6 / in): kaiming_uniform_ (He et al. 2015, equation 10) */
double xavier_uniform_bound(size_t in, size_t out); /* sqrt(6 / (in + out)): xavier_uniform_ (Glorot, Bengio 2010) */

#endif
