/* Training of an encoder on pairs of views (fit.h), and the losses by name. */
#ifndef SCALEDOWN_NN_PAIRS_H
#define SCALEDOWN_NN_PAIRS_H

#include "data/views.h"
#include "nn/contrastive.h"
#include "nn/encoder.h"
#include "nn/fit.h"

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

/* A set of pairs of views: a minibatch has a first view of each of its examples, then a second one.  Draws are those of the
 * published code: an epoch's order is numpy.random.permutation; a minibatch draws its first views, then its second ones
 * (views.h). */
typedef struct Pairs {
    Views views;
    size_t n, batch;
    PairLoss *loss;
    PairLossSettings settings;
    size_t tail_outputs;                /* rows of the encoder's outputs that are its tail's (encoder.h) */
    Mt19937 *numpy, *torch;             /* the global streams, borrowed */
    const uint16_t *numbers, *partners; /* contrastive.h */
} Pairs;

/* Of n signals, rows [n][length]; batch at most n and CONTRASTIVE_MOST_EXAMPLES.  The loss is InfoNCE at temperature 0.5
 * without a tail, until the caller sets another. */
Pairs pairs_of(size_t n, size_t length, const float *rows, ViewOptions options, size_t batch, Mt19937 *numpy,
               Mt19937 *torch, Arena *arena);
/* The pairs, borrowed, for the protocol, which cannot go on from a FitState: draws follow one another.  labels [n] are
 * borrowed too; NULL: not known, and then the loss must not be one that learns from them. */
LabelledSet pairs_set(const Pairs *pairs, const uint16_t *labels);
/* How an encoder learns from such a set, borrowed with its pairs: how long, optimiser and hooks are left to the caller. */
Protocol pairs_protocol(const LabelledSet *set);

#endif
