/* Label noise: some labels are drawn anew from all classes, as in the notebooks of the double descent experiment and with
 * draws of one's own. */
#ifndef SCALEDOWN_DATA_LABEL_NOISE_H
#define SCALEDOWN_DATA_LABEL_NOISE_H

#include <stddef.h>
#include <stdint.h>

#include "random/random.h"

typedef struct LabelNoise {
    size_t selected; /* labels drawn anew */
    size_t changed;  /* of these, different now: a new label can equal the old one */
} LabelNoise;

/* For each of the n labels in order: if numpy.random.rand() < fraction, then label = numpy.random.randint(0, classes).
 * mt is NumPy's stream; classes at most 256. */
LabelNoise label_noise_apply(Mt19937 *mt, double fraction, unsigned classes, size_t n, uint8_t *labels);
/* As an older notebook did, after random.seed(seed): if random.random() < fraction, then label = int(random.random() *
 * classes). */
LabelNoise label_noise_apply_python(uint32_t seed, double fraction, unsigned classes, size_t n, uint8_t *labels);
/* Draws of one's own, addressed by the label: label i is drawn anew from value 2 i + 1 if value 2 i is below fraction.  At a
 * greater fraction the same labels become the same wrong ones, and more. */
LabelNoise label_noise_apply_philox(const Philox *draws, double fraction, unsigned classes, size_t n, uint8_t *labels);

#endif
