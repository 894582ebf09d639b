/* Dropout (Srivastava et al. 2014), inverted: what is kept is scaled in training, so that evaluation needs nothing.
 *
 * The noise is counter-based.  Row r of example e has word r mod 4 of Philox4x32-10 (random.h) with the seed as its key
 * and the counter (r / 4, e, step, complement of layer); it is dropped when that word is below p 2^32.  So a mask is a
 * function of (seed, step, layer, example, row) alone: neither threads, nor how a batch is split, nor which layers ran
 * before change it.  The complement keeps masks apart from the streams of small numbers that philox_seed makes.
 *
 * A row is an element of an example, or a channel of it, which is kept or dropped at all positions (Tompson et al.
 * 2015, PyTorch's Dropout2d). */
#ifndef SCALEDOWN_KERNELS_DROPOUT_H
#define SCALEDOWN_KERNELS_DROPOUT_H

#include <stddef.h>
#include <stdint.h>

#include "base/real.h"

typedef struct DropoutNoise {
    uint64_t seed;
    uint32_t step, layer;
    const uint32_t *example; /* [batch]: the number of each column's example, as in its data set; NULL: 0, 1, 2 ... */
} DropoutNoise;

/* keep [rows][batch]: 0 with probability p of [0, 1], rounded down to a multiple of 2^-32, else 1.  p = 1: all 0. */
void dropout_mask(const DropoutNoise *noise, double p, size_t rows, size_t batch, uint8_t *keep);
/* 1 / (1 - p) in the precision of `real`; 0 for p = 1, where nothing is kept. */
real dropout_scale(double p);
/* x and y [rows][positions][batch]: y = scale x where keep[row][example], else +0, whatever x is.  y may be x. */
void dropout_apply(size_t rows, size_t positions, size_t batch, const uint8_t *keep, real scale, const real *x,
                   real *y);

#endif
