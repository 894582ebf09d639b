#include "data/label_noise.h"

LabelNoise label_noise_apply(Mt19937 *mt, double fraction, unsigned classes, size_t n, uint8_t *labels) {
    LabelNoise noise = {0, 0};
    for (size_t i = 0; i < n; i++) {
        if (!(numpy_rand(mt) < fraction)) continue;
        const uint8_t label = (uint8_t)numpy_randint(mt, classes);
        noise.selected++;
        noise.changed += label != labels[i];
        labels[i] = label;
    }
    return noise;
}
