/* Changes to the signals or the labels of a set, drawn by counter (random.h): that of an example depends on its number alone.
 * rows [n][length]. */
#ifndef SCALEDOWN_DATA_PERTURBATION_H
#define SCALEDOWN_DATA_PERTURBATION_H

#include <stddef.h>
#include <stdint.h>

#include "random/random.h"

/* Normal noise of this standard deviation on every value. */
void perturb_with_noise(const Philox *draws, double sd, size_t n, size_t length, float *rows);
/* width values of each row, next to each other, become 0; all length - width + 1 places are equally likely. */
void perturb_by_cropping(const Philox *draws, size_t width, size_t n, size_t length, float *rows);
/* The positions of a row [channels][positions] in another order, uniformly drawn, the same for all its channels: one order
 * for all rows, or, where each is set, another for each row, that of row i from the values from i positions on. */
void perturb_by_shuffling(const Philox *draws, int each, size_t n, size_t channels, size_t positions, float *rows);
typedef struct Moments {
    double mean, sd;
} Moments;
/* Every value of a row [channels][positions] is replaced by a normal one of the moments [channels] of its channel. */
void perturb_to_noise(const Philox *draws, const Moments *moments, size_t n, size_t channels, size_t positions,
                      float *rows);
/* A uniform permutation of the labels over the examples (Fisher and Yates, from the last on). */
void perturb_label_order(const Philox *draws, size_t n, uint8_t *labels);

#endif
