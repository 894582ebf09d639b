/* Training of an encoder on pairs of views: minibatches in a new order every epoch, and the losses by name. */
#ifndef SCALEDOWN_NN_PAIRS_H
#define SCALEDOWN_NN_PAIRS_H

#include "data/views.h"
#include "nn/contrastive.h"
#include "nn/encoder.h"
#include "nn/train.h"

/* A loss and the tail (encoder.h) that it wants behind the outputs. */
typedef struct PairLossKind {
    const char *name;
    PairLoss *loss;
    size_t tail_layers;
    int labels; /* whether it learns from them */
} PairLossKind;
/* info-nce, nt-xent, triplet, alignment, alignment-uniformity, barlow-twins, vicreg, simsiam, supervised; NULL: none such. */
const PairLossKind *pair_loss_named(const char *name);
#define PAIR_LOSS_NAMES "info-nce,nt-xent,triplet,alignment,alignment-uniformity,barlow-twins,vicreg,simsiam,supervised"

/* Draws are those of the published code: an epoch's order is numpy.random.permutation; a minibatch draws its first views,
 * then its second ones (views.h). */
typedef struct Pairs {
    Views views;
    size_t n, batch;
    PairLoss *loss;
    PairLossSettings settings;
    Mt19937 *numpy, *torch;             /* the global streams, borrowed */
    size_t *order;                      /* of the current epoch */
    real *x;                            /* [length][2 batch]: first views, second views */
    const uint16_t *numbers, *partners; /* contrastive.h */
    const uint16_t *labels;             /* [n], borrowed; NULL: not known */
    uint16_t *labels_of_views;          /* [2 batch] of the minibatch */
} Pairs;

/* Of n signals, rows [n][length]; batch at most n and CONTRASTIVE_MOST_EXAMPLES.  The loss is InfoNCE at temperature 0.5, and
 * labels are not known, until the caller sets others. */
Pairs pairs_of(size_t n, size_t length, const float *rows, ViewOptions options, size_t batch, Mt19937 *numpy,
               Mt19937 *torch, Arena *arena);
/* Draw the next epoch's order.  Returns its number of minibatches; what makes no whole one at the end is left out. */
size_t pairs_shuffle(Pairs *pairs);
/* One update of the trainer's encoder on minibatch b of the epoch; returns the loss before it. */
double trainer_step_on_pairs(Trainer *trainer, Pairs *pairs, size_t b);

#endif
