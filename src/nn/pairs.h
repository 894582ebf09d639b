/* Contrastive training of an encoder: minibatches of pairs of views, in a new order every epoch. */
#ifndef SCALEDOWN_NN_PAIRS_H
#define SCALEDOWN_NN_PAIRS_H

#include "data/views.h"
#include "nn/contrastive.h"
#include "nn/train.h"

/* Draws are those of the published code: an epoch's order is numpy.random.permutation; a minibatch draws its first views,
 * then its second ones (views.h). */
typedef struct Pairs {
    Views views;
    size_t n, batch;
    real temperature;
    Mt19937 *numpy, *torch; /* the global streams, borrowed */
    size_t *order;          /* of the current epoch */
    real *x;                /* [length][2 batch]: first views, second views */
    const uint16_t *numbers; /* 0, 1, ..., batch - 1 */
} Pairs;

/* Of n signals, rows [n][length]; batch at most n and CONTRASTIVE_MOST_EXAMPLES. */
Pairs pairs_of(size_t n, size_t length, const float *rows, ViewOptions options, size_t batch, double temperature,
               Mt19937 *numpy, Mt19937 *torch, Arena *arena);
/* Draw the next epoch's order.  Returns its number of minibatches; what makes no whole one at the end is left out. */
size_t pairs_shuffle(Pairs *pairs);
/* One update on minibatch b of the epoch by the contrastive loss of the model's outputs; returns the loss before it. */
double trainer_step_on_pairs(Trainer *trainer, Pairs *pairs, size_t b);

#endif
