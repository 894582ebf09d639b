/* Training and evaluating networks (network.h): labelled sets as data sets have them, one protocol for all studies, given
 * as a table.
 *
 *     Learner *learner = learner_create(network, arena);
 *     network_initialize(network, &torch, learner->weights);
 *     fit(learner, &(Protocol){.train = &train, .batch = 256, .order = ORDER_SHUFFLED, .stream = &torch, .epochs = 10,
 *                              .optimizer = {.kind = OPTIMIZER_SGD, .learning_rate = 0.01, .momentum = 0.5},
 *                              .after_epoch = record_epoch, .context = record});
 *     learner_destroy(learner); */
#ifndef SCALEDOWN_NN_FIT_H
#define SCALEDOWN_NN_FIT_H

#include "data/image_sets.h"
#include "nn/evaluation.h"
#include "nn/learning_rate.h"
#include "nn/network.h"
#include "nn/optimizer.h"

/* ---- sets ---- */

/* n examples, a row each, of one of two forms, or of neither where the transform makes them; everything is borrowed. */
typedef struct LabelledSet LabelledSet;
/* A transform's key of random numbers is the seed with this: they are not those of dropout. */
#define TRANSFORM_KEY ((uint64_t)1 << 63)
struct LabelledSet {
    Shape example; /* as a network has it: the last dimension is 1 */
    size_t n;
    size_t classes;         /* 0: outputs are no logits, and none is counted as correct */
    const float *rows;      /* [n][inputs], or NULL: */
    const uint8_t *bytes;   /* [n][channels][inputs / channels], of which value_of makes numbers */
    const real *value_of;   /* [channels][256] */
    const uint16_t *labels; /* [n]; NULL: not known, all 0 */
    /* What is done to a minibatch x [inputs][batch] before it is used, in place: corruption, augmentation.  noise has the
     * numbers of the examples, the seed, and the update that it is for.  NULL: nothing.  Without rows and bytes it fills
     * x. */
    void (*transform)(const LabelledSet *set, size_t batch, const DropoutNoise *noise, real *x);
    const void *transform_context;
};

/* The first n images of a part of an image set; a byte b stands for (b/255 - mean)/deviation, computed in binary32 as
 * torchvision's ToTensor and Normalize do, mean and deviation [channels]. */
LabelledSet set_of_images(const Images *images, size_t n, size_t classes, const float *mean, const float *deviation,
                          Arena *arena);

/* The rows [n][inputs], features in the order of columns [inputs], copied into the arena; NULL: as they are, borrowed.
 * Labels are copied. */
LabelledSet set_of_rows(size_t n, size_t inputs, size_t classes, const float *rows, const uint8_t *labels,
                        const size_t *columns, Arena *arena);

/* Examples to be worked on together, and which ones of their set. */
typedef struct Minibatch {
    size_t n;
    uint32_t *numbers; /* [n] */
    real *x;           /* [inputs][n] */
    uint16_t *y;       /* [n] */
} Minibatch;

/* All minibatches of a set without a transform, in its order, in the arena; the last one is smaller when batch does not
 * divide n. */
typedef struct Minibatches {
    size_t count;
    const Minibatch *all;
} Minibatches;
Minibatches minibatches_of(const LabelledSet *set, size_t batch, Arena *arena);
/* -1 with an error that names the option unless whole minibatches make n training examples. */
int minibatches_check(const char *option, size_t batch, size_t n, Error *error);

/* ---- learners ---- */

/* A network with its numbers.  It lives in the arena and owns a tape (learner_destroy). */
typedef struct Learner {
    const Network *network;
    real *weights; /* [n_parameters], to be initialised; others may take their place */
    real *buffers; /* [n_buffers], as they start */
    Tape *tape;
    Pass *pass;
    Minibatch block;   /* of evaluations, */
    size_t block_size; /* so many examples at a time: fewer than usual where activations would take much memory */
} Learner;
Learner *learner_create(const Network *network, Arena *arena);
void learner_destroy(Learner *learner);
/* The network in evaluation mode over the set, in blocks of examples. */
Evaluation learner_evaluate(Learner *learner, const LabelledSet *set);
/* The same, and how many examples have their label among the `top` greatest logits (count_among of kernels/loss.h). */
Evaluation learner_evaluate_top(Learner *learner, const LabelledSet *set, size_t top, size_t *among);
/* Outputs [outputs][batch] of x [inputs][batch], likewise; valid until the learner is used again. */
const real *learner_outputs(Learner *learner, size_t batch, const real *x);

/* ---- the protocol ---- */

typedef enum Order {
    ORDER_SEQUENTIAL, /* of the set, whole minibatches (n at least batch); after the last one the first follows again */
    /* anew for every epoch as PyTorch's DataLoader(shuffle=True) does (torch_shuffle_epoch): two 64-bit draws of the
     * stream; the last minibatch of an epoch is smaller when batch does not divide n */
    ORDER_SHUFFLED,
    /* anew for every epoch as numpy.random.permutation does; whole minibatches (n at least batch), without the rest */
    ORDER_PERMUTED
} Order;

/* Where training is.  epoch, of_epoch: what was trained on since the epoch began, as it was then, in training mode. */
typedef struct Progress {
    size_t updates;   /* made so far */
    size_t epochs;    /* completed so far */
    size_t minibatch; /* of the epoch, that of the last update */
    Evaluation last;  /* of the last minibatch, before its update */
    Evaluation epoch; /* means over the examples of the epoch so far, or of the one just completed */
    Evaluation sums;  /* what these are means of */
    size_t among;     /* of these examples, those with their label among the protocol's top logits */
    int ends_epoch;   /* the last update was the epoch's last */
    const Optimizer *optimizer;
} Progress;

/* How far a training got.  With the learner's weights and buffers that is all that goes on from there needs, to the same bits. */
typedef struct FitState {
    size_t updates;
    Evaluation sums; /* as Progress has them */
    size_t among;
    real *m, *v; /* the optimiser's, [n_parameters] */
} FitState;

/* The same, and the learner's numbers, in one piece of memory for this program alone to read again: fit_pack writes
 * fit_packed_size bytes, aligned as malloc does; fit_unpack fills the learner from them, and the moments of what it returns lie
 * there.  kind: that of the training.  (command/checkpoint.h has a file for every machine, which a person keeps.) */
size_t fit_packed_size(const Network *network, OptimizerKind kind);
void fit_pack(const Learner *learner, const Progress *progress, void *bytes);
FitState fit_unpack(void *bytes, Learner *learner);

/* Returns 0, or nonzero to end the training. */
typedef int FitHook(Learner *learner, const Progress *progress, void *context);

typedef struct Protocol {
    const LabelledSet *train;
    size_t batch;
    /* Columns of every example: first ones of all examples, then second ones ...; 0: one.  They begin alike, and it is the
     * set's transform that makes them differ. */
    size_t views;
    Order order;
    Mt19937 *stream;        /* of orders but the sequential one */
    size_t epochs, updates; /* how long, with what `from` has; one of them 0 */
    const FitState *from;   /* where to go on, with the stream as it was at the very beginning; NULL: begin */
    size_t top;             /* labels among so many greatest logits are counted; 0: none */
    OptimizerSettings optimizer;
    /* Whether the optimiser's weight decay is for this tensor; NULL: it is for all. */
    int (*decays)(const NetworkTensor *tensor);
    /* By how much faster this tensor is trained (GradientPart of optimizer.h) after so many updates; 0: it is not, stays as it
     * is, and no gradient is computed for it.  NULL: 1.  context: of the hooks. */
    double (*faster)(const NetworkTensor *tensor, size_t updates, const void *context);
    LearningRate schedule; /* initial 0: the optimiser's rate throughout */
    uint64_t noise_seed;   /* of dropout and transforms */
    /* [n_parameters]: weights whose keep is 0 are not trained and stay at +0, where they begin; NULL: all are */
    const uint8_t *keep;
    /* One element, from the outputs in training mode; NULL: the softmax cross-entropy. */
    Var (*loss)(Pass *p, Var outputs, const uint16_t *labels, const void *context);
    const void *loss_context;
    FitHook *after_update, *after_epoch; /* NULL: none */
    void *context;                       /* of the hooks and of faster */
} Protocol;

/* Trains; unless it goes on the optimiser begins anew.  Returns 0, or what a hook ended it with.  Training goes on when a
 * loss is not finite: whether it does is for the hooks to say. */
int fit(Learner *learner, const Protocol *protocol);

#endif
