#include "data/whitening.h"

#include <math.h>

void whiten_rows(size_t n, size_t length, float *rows) {
    for (size_t i = 0; i < n; i++) {
        float *x = rows + i * length;
        double sum = 0, squares = 0;
        for (size_t j = 0; j < length; j++) sum += (double)x[j];
        const double mean = sum / (double)length;
        for (size_t j = 0; j < length; j++) squares += ((double)x[j] - mean) * ((double)x[j] - mean);
        const double sd = sqrt(squares / (double)length), least = 1 / sqrt((double)length);
        for (size_t j = 0; j < length; j++) x[j] = (float)(((double)x[j] - mean) / (sd > least ? sd : least));
    }
}

void augment_signal(const Augmentation *augmentation, const Philox *draws, size_t length, const float *x, float *out) {
    const size_t padding = augmentation->padding;
    const size_t place = philox_below(draws, 0, (uint32_t)(2 * padding + 1));
    const double factor = 1 + augmentation->gain * (2 * philox_uniform(draws, 1) - 1);
    for (size_t j = 0; j < length; j++)
        out[j] = j + place < padding || j + place - padding >= length ? 0 : x[j + place - padding];
    whiten_rows(1, length, out);
    for (size_t j = 0; j < length; j++) {
        const double noise = augmentation->noise_sd > 0 ? augmentation->noise_sd * philox_normal(draws, 2 + j) : 0;
        out[j] = (float)(factor * (double)out[j] + noise);
    }
}
