/* Losses by which an encoder learns without labels: it sees two views of each example, and what it makes of them shall be
 * alike, yet not everything alike.
 *
 * Outputs z are [d][2n]: column i is the first and column n + i the second view of example i.  u are their unit columns,
 * c_ij = u_i . u_j cosines.  Every loss is one element. */
#ifndef SCALEDOWN_NN_CONTRASTIVE_H
#define SCALEDOWN_NN_CONTRASTIVE_H

#include "grad/tape.h"

/* z [d][n]: each column divided by sqrt(its sum of squares + 1e-24).  A column of zeros, behind whose relu every unit is
 * off, stays zeros and passes on a finite gradient; others have length 1. */
Var unit_columns(Tape *tape, Var z);

/* InfoNCE (van den Oord et al. 2018) in one direction, as the MNIST-1D paper has it: of unit columns z [d][2n], the loss is
 *     mean over i of -c_ii + log sum_j exp(c_ij),    c_ij = z_i . z_(n+j) / temperature.
 * So a first view is compared with its own second view and with those of the n - 1 others, never with first views.  numbers
 * [n] are 0, 1, ..., n - 1, borrowed until the tape is reset; n is at most CONTRASTIVE_MOST_EXAMPLES. */
enum { CONTRASTIVE_MOST_EXAMPLES = 256 };
Var contrastive_loss(Tape *tape, Var z, real temperature, const uint16_t *numbers);

/* What a loss sees of a minibatch. */
typedef struct PairOutputs {
    Var z;    /* [d][2n] */
    Var tail; /* of the layers behind z that only training has (encoder.h), of the same columns; NULL: none */
    const uint16_t *numbers;  /* [2n] 0, 1, ..., 2n - 1 */
    const uint16_t *partners; /* [2n] n, n + 1, ..., 2n - 1, 0, 1, ..., n - 1: of each view the other one */
    const uint16_t *labels;   /* [2n], all 0 where not known */
} PairOutputs;

/* Settings of losses; each reads its own. */
typedef struct PairLossSettings {
    real temperature;
    real margin;
    real redundancy;
    real invariance, variance, covariance;
} PairLossSettings;

typedef Var PairLoss(Tape *tape, const PairOutputs *outputs, const PairLossSettings *settings);

/* contrastive_loss of the unit columns. */
PairLoss info_nce_loss;
/* NT-Xent (Chen et al. 2020): each of the 2n views is told its partner from the 2n - 2 others, first and second ones:
 * mean over a of -c_a,partner + log sum over b other than a of exp(c_ab), cosines divided by the temperature. */
PairLoss nt_xent_loss;
/* With the hardest other example (Schroff et al. 2015, on cosines): mean over i of max(0, margin - c_i,n+i + max over j other
 * than i of c_i,n+j). */
PairLoss triplet_loss;
/* Mean over i of |u_i - u_(n+i)|^2. */
PairLoss alignment_loss;
/* The same and uniformity (Wang, Isola 2020): the mean over first and second views of log mean over pairs i, j of them of
 * exp(-2 |u_i - u_j|^2). */
PairLoss alignment_uniformity_loss;
/* Barlow Twins (Zbontar et al. 2021): C [d][d] is the correlation over examples of the units of first views with those of
 * second views; sum over k of (1 - C_kk)^2 + redundancy sum over k, l other than k, of C_kl^2. */
PairLoss barlow_twins_loss;
/* VICReg (Bardes, Ponce, LeCun 2022): invariance times the mean square of z_i - z_(n+i); variance times the mean over units of
 * max(0, 1 - sqrt(their variance + 1e-4)), of first and second views the mean; covariance times the sum over both of the
 * squares of covariances of different units, over d.  Variances and covariances are divided by n - 1. */
PairLoss vicreg_loss;
/* SimSiam (Chen, He 2021): the tail predicts what the outputs are of the other view, which is taken as given:
 * - mean over i of (cos(tail_i, z_(n+i)) + cos(tail_(n+i), z_i)) / 2, without a gradient by way of z_i and z_(n+i). */
PairLoss simsiam_loss;
/* With labels: the softmax cross-entropy of the tail, a classifier, over all views. */
PairLoss supervised_loss;

#endif
