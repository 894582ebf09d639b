/* Whitening of single examples, and their random augmentation. */
#ifndef SCALEDOWN_DATA_WHITENING_H
#define SCALEDOWN_DATA_WHITENING_H

#include <stddef.h>

#include "random/random.h"

/* Each row x [length] becomes (x - mean) / max(sd, 1 / sqrt(length)), mean and sd its own (TensorFlow's
 * per_image_standardization).  In binary64, sums in order, rounded once. */
void whiten_rows(size_t n, size_t length, float *rows);

/* A signal is padded with `padding` zeros on both sides, and one of its 2 padding + 1 parts of the former length is taken and
 * whitened; then multiplied by a factor uniform in [1 - gain, 1 + gain), and normal noise is added. */
typedef struct Augmentation {
    size_t padding;
    double gain, noise_sd; /* 0: none */
} Augmentation;
/* out [length] must not be x.  Draws: value 0 the place, 1 the factor, 2 on the noise. */
void augment_signal(const Augmentation *augmentation, const Philox *draws, size_t length, const float *x, float *out);

#endif
