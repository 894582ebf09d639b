/* Training of a Model with the softmax cross-entropy, or another loss: an optimiser, minibatches in order or shuffled,
 * evaluations.  The caller writes the loop; one call of trainer_step... is one update. */
#ifndef SCALEDOWN_NN_TRAIN_H
#define SCALEDOWN_NN_TRAIN_H

#include "base/arena.h"
#include "base/error.h"
#include "nn/evaluation.h"
#include "nn/model.h"
#include "nn/optimizer.h"

/* A labelled set, examples innermost: x [inputs][n]. */
typedef struct Examples {
    size_t inputs, n;
    const real *x;
    const uint16_t *y;
} Examples;

/* A training run in progress.  It lives in the arena given and owns its tape (trainer_destroy); weights
 * [n_parameters] are borrowed and updated in place. */
typedef struct Trainer Trainer;
Trainer *trainer_create(const Model *model, real *weights, Optimizer optimizer, Arena *arena);
/* After every update the weights whose keep is 0 are set to +0; keep [n_parameters], borrowed; NULL: keep all. */
void trainer_mask(Trainer *trainer, const uint8_t *keep);
/* One update on the minibatch; returns its loss before the update. x [inputs][batch] contiguous. */
double trainer_step(Trainer *trainer, size_t batch, const real *x, const uint16_t *y);
/* One update on any loss, one element, that the caller builds from the weights' tensors as tape variables; returns its value
 * before the update. */
typedef Var TrainerLoss(Tape *tape, const Model *model, const Var *tensors, const void *context);
double trainer_step_of(Trainer *trainer, TrainerLoss *loss, const void *context);
/* The forward pass over the set, in blocks of examples; losses are summed over the examples in order, in binary64. */
Evaluation trainer_evaluate(Trainer *trainer, const Examples *set);
/* Logits [classes][batch] of x [inputs][batch]; valid until the trainer's next call. */
const real *trainer_logits(Trainer *trainer, size_t batch, const real *x);
void trainer_destroy(Trainer *trainer);

/* Minibatches of consecutive examples, [n / batch] blocks of x [inputs][batch], y [batch]; n a multiple of batch. */
typedef struct Batches {
    size_t batch, count, inputs;
    real *x;
    uint16_t *y;
} Batches;
/* -1 with error when batch does not divide n. */
int batches_make(size_t n, size_t inputs, size_t batch, const float *rows, const uint8_t *labels,
                 const size_t *columns /* feature order or NULL */, Arena *arena, Batches *batches, Error *error);
/* trainer_step on minibatch number step mod count: after the last one the first follows again. */
double trainer_step_on(Trainer *trainer, const Batches *batches, size_t step);

/* Minibatches in a new order every epoch, as PyTorch's DataLoader(batch_size, shuffle=True) makes them: an epoch takes
 * two 64-bit draws from the global stream, the second of which seeds the generator of the permutation
 * (torch_shuffle_epoch). The published order of draws is torch.manual_seed(seed), the model's parameters, then epoch
 * after epoch, all from one stream.  The last minibatch of an epoch is smaller when batch does not divide n. */
typedef struct Loader {
    size_t n, inputs, batch;
    const float *rows;     /* [n][inputs], borrowed */
    const uint8_t *labels; /* [n], borrowed */
    Mt19937 *stream;       /* torch's global one, borrowed */
    size_t *order;         /* of the current epoch */
    float *gathered;       /* [batch][inputs] */
    real *x;               /* [inputs][batch] */
    uint16_t *y;           /* [batch] */
} Loader;
Loader loader_create(size_t n, size_t inputs, size_t batch, const float *rows, const uint8_t *labels, Mt19937 *stream,
                     Arena *arena);
/* Draw the next epoch's order.  Returns its number of minibatches. */
size_t loader_shuffle(Loader *loader);
/* trainer_step on minibatch b of the epoch. */
double trainer_step_from(Trainer *trainer, Loader *loader, size_t b);

/* The set from rows [n][inputs], transposed, in the given feature order. */
Examples examples_make(size_t n, size_t inputs, const float *rows, const uint8_t *labels, const size_t *columns,
                       Arena *arena);

#endif
