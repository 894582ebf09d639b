/* Contrastive losses: an encoder sees two views of each example and shall find the pairs (SimCLR; Chen et al. 2020). */
#ifndef SCALEDOWN_NN_CONTRASTIVE_H
#define SCALEDOWN_NN_CONTRASTIVE_H

#include "grad/tape.h"

/* z [d][n]: each column divided by sqrt(its sum of squares + 1e-24).  A column of zeros, behind whose relu every unit is
 * off, stays zeros and passes on a finite gradient; others have length 1. */
Var unit_columns(Tape *tape, Var z);

/* InfoNCE (van den Oord et al. 2018) in one direction, as the MNIST-1D paper has it: of unit columns z [d][2n], column i is
 * the first and column n + i the second view of example i, and the loss is
 *     mean over i of -c_ii + log sum_j exp(c_ij),    c_ij = z_i . z_(n+j) / temperature.
 * So a first view is compared with its own second view and with those of the n - 1 others, never with first views.  numbers
 * [n] are 0, 1, ..., n - 1, borrowed until the tape is reset; n is at most CONTRASTIVE_MOST_EXAMPLES. */
enum { CONTRASTIVE_MOST_EXAMPLES = 256 };
Var contrastive_loss(Tape *tape, Var z, real temperature, const uint16_t *numbers);

#endif
