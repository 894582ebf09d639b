/* Label noise as in the notebooks of the double descent experiment: some labels are drawn anew from all classes. */
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

#endif
