/* Masks over the parameters of a model, pruning, and training with what a mask leaves.
 *
 * A mask is keep[n_parameters] over the flat vector, 1 where a parameter is present.  A layer is a weight tensor and
 * the bias behind it; its parameters are [W row-major, b], and biases can be pruned like weights. */
#ifndef SCALEDOWN_NN_MASK_H
#define SCALEDOWN_NN_MASK_H

#include "base/arena.h"
#include "kernels/sparse.h"
#include "nn/model.h"

void mask_fill(const Model *model, uint8_t *keep); /* keep everything */
/* Keep all but the (size_t)(fraction * n) lowest scores of each layer of n parameters; among equal scores the first
 * goes first, as in a stable ascending sort, and what is no number before all.  fraction in [0, 1]; scores [n_parameters]. */
void mask_prune(const Model *model, double fraction, const real *scores, uint8_t *keep);
/* Scores of magnitude pruning, |weights|, and of random pruning, torch.rand(n) for each layer in turn. */
void magnitude_scores(const Model *model, const real *weights, real *scores);
void random_scores(const Model *model, Mt19937 *mt, real *scores);

/* What a mask leaves of a model, for training.  Where few weights are left (38 % of all parameters at most, some in every
 * layer) it is a smaller model of sparse layers, otherwise the whole one, whose pruned weights, zeros, are not trained
 * (fit.h): the same bits at different speed.  Only the residual MLPs (mlp.h) have a sparse form; another model is always
 * trained whole. */
typedef struct Masked {
    Model model;                   /* to make the learner from */
    const uint8_t *keep;           /* for the protocol (fit.h) */
    const SparsePattern *patterns; /* of the layers of a sparse form; NULL: the whole model */
    real *weights;                 /* [model.n_parameters], the initial ones under the mask */
    const Model *whole;
} Masked;
typedef enum MaskedForm { MASKED_AUTO, MASKED_WHOLE, MASKED_SPARSE } MaskedForm; /* to choose by density, or fixed */
/* keep and weights [whole->n_parameters] are copied; whole is borrowed.  All lives in the arena. */
Masked masked_create(const Model *whole, const uint8_t *keep, const real *weights, MaskedForm form, Arena *arena);
/* The present weights at their places in the whole model's vector, +0 elsewhere. */
void masked_weights(const Masked *masked, real *weights);

#endif
