#include "data/label_noise.h"

static void relabel(uint8_t *label, uint8_t drawn, LabelNoise *noise) {
    noise->selected++;
    noise->changed += drawn != *label;
    *label = drawn;
}

LabelNoise label_noise_apply(Mt19937 *mt, double fraction, unsigned classes, size_t n, uint8_t *labels) {
    LabelNoise noise = {0, 0};
    for (size_t i = 0; i < n; i++)
        if (numpy_rand(mt) < fraction) relabel(&labels[i], (uint8_t)numpy_randint(mt, classes), &noise);
    return noise;
}

LabelNoise label_noise_apply_python(uint32_t seed, double fraction, unsigned classes, size_t n, uint8_t *labels) {
    LabelNoise noise = {0, 0};
    Mt19937 mt;
    python_seed(&mt, seed);
    for (size_t i = 0; i < n; i++)
        if (python_random(&mt) < fraction) relabel(&labels[i], (uint8_t)(python_random(&mt) * classes), &noise);
    return noise;
}

LabelNoise label_noise_apply_philox(const Philox *draws, double fraction, unsigned classes, size_t n, uint8_t *labels) {
    LabelNoise noise = {0, 0};
    for (size_t i = 0; i < n; i++)
        if (philox_uniform(draws, 2 * i) < fraction)
            relabel(&labels[i], (uint8_t)philox_below(draws, 2 * i + 1, classes), &noise);
    return noise;
}
