/* Networks described by one function, run as it reads:
 *
 *     static Var small_network(Pass *p, const void *settings, Var x) {
 *         x = relu(p, convolution(p, "conv1", (Filters){.channels = 10, .window = 5}, x));
 *         x = relu(p, linear(p, "fc1", 50, flatten(p, x)));
 *         return linear(p, "fc2", 10, dropout(p, "dropout", 0.5, x));
 *     }
 *
 * It is run once when the network is made, on shapes alone: that pass declares the parameter tensors, their shapes
 * inferred from x and the layers, under PyTorch's names and in the order in which the function meets them, which is also
 * the order of their initialisation.  Every later pass runs the same function on numbers and fetches the tensors, in the
 * same order.  So a function must meet the same tensors in every mode.  layers.h has the layers; a new kind of layer is a
 * function like them.
 *
 * As in all of grad, two arguments of one call must not both append nodes (grad/tape.h). */
#ifndef SCALEDOWN_NN_NETWORK_H
#define SCALEDOWN_NN_NETWORK_H

#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "grad/tape.h"
#include "kernels/dropout.h"
#include "random/random.h"

/* ---- initialisation ---- */

/* How a tensor starts, drawn from torch's global stream as PyTorch draws it.  fan_in: elements that one output depends
 * on; fan_out: the same backwards. */
typedef enum InitialKind {
    INITIAL_TORCH,      /* PyTorch's default: U(+-1/sqrt(fan_in)), for weights and biases */
    INITIAL_DIRAC,      /* the same, then filter i of a convolution, of as many as x has channels, passes channel i on:
                         * 1 at its middle tap, else 0 (dirac_) */
    INITIAL_SYMMETRIC,  /* U(-value, value) */
    INITIAL_XAVIER,     /* U(+-sqrt(6/(fan_in + fan_out))): xavier_uniform_ */
    INITIAL_HE,         /* N(0, sqrt(2/fan_in)): kaiming_normal_ */
    INITIAL_HE_UNIFORM, /* U(+-sqrt(6/fan_in)): kaiming_uniform_ */
    INITIAL_HE_FAN_OUT, /* N(0, sqrt(2/fan_out)): kaiming_normal_(mode="fan_out") */
    INITIAL_NORMAL,     /* N(0, value) */
    INITIAL_TRUNCATED,  /* N(0, value), drawn again where beyond two standard deviations */
    INITIAL_UNIFORM,    /* U(0, value): the scale of batch normalisation before PyTorch 0.5 is U(0, 1) */
    INITIAL_CONSTANT    /* value; draws nothing */
} InitialKind;

typedef struct Initial {
    InitialKind kind;
    double value;
} Initial;

/* ---- what a network consists of ---- */

typedef struct NetworkTensor {
    const char *name; /* PyTorch's, "block1.conv1.weight" */
    Shape shape;
    size_t offset; /* into the flat vector, of parameters or of buffers */
    Initial initial;
    size_t fan_in, fan_out;
} NetworkTensor;

/* A line of `scaledown models`. */
typedef struct NetworkLayer {
    const char *name, *kind; /* "conv1", "convolution 5x5"; a layer without tensors or noise has the name "" */
    Shape output;            /* for one example */
    size_t parameters, multiply_adds;
} NetworkLayer;

typedef struct Pass Pass;
/* The output for x, examples innermost; settings are the network's own. */
typedef Var NetworkFunction(Pass *p, const void *settings, Var x);

typedef struct Network Network;
struct Network {
    const char *name;
    NetworkFunction *function;
    const void *settings; /* borrowed */
    Shape input, output;  /* of one example: the last dimension, that of the batch, is 1 */
    size_t n_parameters;  /* elements of all tensors */
    size_t n_buffers;     /* elements of all buffers: running statistics, which no gradient moves */
    size_t n_tensors, n_buffer_tensors, n_layers, n_noises;
    NetworkTensor *tensors, *buffer_tensors;
    NetworkLayer *layers;
    uint32_t *noises; /* of each layer that draws noise, in order: its number, made of its name */
};

/* Of a table of networks whose rows, of size bytes, begin with their name, a const char *, and end with a NULL one: the row of
 * that name, or NULL with an error that names the nearest. */
const void *network_row(const void *table, size_t size, const char *name, Error *error);

/* Runs the function on shapes.  The network lives in the arena; the name is borrowed.  Two tensors of one name, or shapes
 * that do not fit, are bugs in the function: they are reported on standard error and abort. */
Network *network_create(const char *name, NetworkFunction *function, const void *settings, Shape input, Arena *arena);
size_t network_multiply_adds(const Network *network); /* of one example forward, in linear and convolution layers */
/* All tensors from the stream, in order: what PyTorch draws, when the stream is as torch.manual_seed left it.  weights
 * [n_parameters], buffers [n_buffers]. */
void network_initialize(const Network *network, Mt19937 *mt, real *weights);
void network_initialize_buffers(const Network *network, real *buffers);

/* The bound of a tensor that starts uniformly around 0; NaN for others. */
double network_uniform_bound(const NetworkTensor *tensor);
/* Is it of weights of a convolution or a linear layer, and not of biases, scales or shifts? */
int network_is_weight(const NetworkTensor *tensor);

/* ---- one pass ---- */

typedef enum PassMode {
    PASS_DECLARE, /* on shapes; only network_create makes such a pass */
    PASS_TRAIN,   /* dropout drops, batch normalisation uses the batch's statistics and moves the running ones */
    PASS_EVALUATE
} PassMode;

struct Pass {
    Tape *tape;
    PassMode mode;
    DropoutNoise noise; /* but for the layer: seed, step, numbers of the examples (kernels/dropout.h) */
    real *buffers;      /* [n_buffers]; NULL where there are none */
    /* How the tensors of layers met from here on start; a function may set them before a layer.  At first PyTorch's. */
    Initial weights, biases, scales; /* scales: of batch normalisation, constant 1 */
    double norm_epsilon;             /* likewise of batch normalisation, 1e-5 */
    double norm_momentum;            /* likewise: what a batch weighs in its running statistics, 0.1 */
    /* The rest is the network's. */
    Network *network;
    Arena *arena;       /* of the network, while declaring */
    const Var *tensors; /* [n_tensors] */
    Var *leaves;        /* those of pass_begin */
    size_t next_tensor, next_buffer, next_noise;
    const char *scope; /* prefix of names while declaring, "block1." */
};

/* A pass that can be begun again and again. */
Pass *pass_create(const Network *network, Arena *arena);
/* Forgets what is on the tape; the tensors are leaves that borrow weights [n_parameters]. */
void pass_begin(Pass *p, Tape *tape, PassMode mode, const real *weights, real *buffers);
/* The same on variables of the caller's, which borrows them; nothing on the tape is forgotten. */
void pass_begin_with(Pass *p, Tape *tape, PassMode mode, const Var *tensors, real *buffers);
/* Runs the network's function on x, a batch of inputs.  Once for each beginning. */
Var pass_run(Pass *p, Var x);

/* ---- for layers ---- */

/* The tensor met next. */
Var pass_tensor(Pass *p, const char *layer, const char *part, Shape shape, Initial initial, size_t fan_in,
                size_t fan_out);
/* A buffer: elements for running statistics, value at the start; NULL while declaring. */
real *pass_buffer(Pass *p, const char *layer, const char *part, Shape shape, double value);
/* The noise of this layer in this step.  It depends on the layer's name, not on its place; no two layers that draw may
 * share a name. */
DropoutNoise pass_noise(Pass *p, const char *layer);
/* What `scaledown models` shows of a layer, of which the tensors met since the last one are; without effect but while
 * declaring.  kind is formatted. */
void pass_layer(Pass *p, const char *layer, Var output, size_t multiply_adds, const char *kind, ...)
#ifdef __GNUC__
    __attribute__((format(printf, 5, 6)))
#endif
    ;
/* Layers met until pass_leave(p, what pass_enter returned) have NAME. before their names. */
const char *pass_enter(Pass *p, const char *name);
void pass_leave(Pass *p, const char *scope);

#endif
