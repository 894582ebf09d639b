/* Wrong labels, drawn as the double descent notebook draws them. */
#ifndef SCALEDOWN_DATA_LABEL_NOISE_H
#define SCALEDOWN_DATA_LABEL_NOISE_H

#include <stddef.h>
#include <stdint.h>

#include "random/random.h"

typedef struct LabelNoise {
    size_t selected; /* labels drawn anew */
    size_t changed;  /* of these, different now: a new label can equal the old one */
} LabelNoise;

/* For each label in order: if numpy.random.rand() < fraction, then label = numpy.random.randint(0, classes). */
LabelNoise label_noise_apply(Mt19937 *mt, double fraction, unsigned classes, size_t n, uint8_t *labels);

#endif
