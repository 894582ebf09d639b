#include "data/perturbation.h"

void perturb_with_noise(const Philox *draws, double sd, size_t n, size_t length, float *rows) {
    for (size_t i = 0; i < n * length; i++) rows[i] = (float)((double)rows[i] + sd * philox_normal(draws, i));
}

void perturb_by_cropping(const Philox *draws, size_t width, size_t n, size_t length, float *rows) {
    for (size_t i = 0; i < n; i++) {
        const size_t start = philox_below(draws, i, (uint32_t)(length - width + 1));
        for (size_t j = start; j < start + width; j++) rows[i * length + j] = 0;
    }
}

void perturb_label_order(const Philox *draws, size_t n, uint8_t *labels) {
    for (size_t i = n; i-- > 1;) {
        const size_t other = philox_below(draws, i, (uint32_t)(i + 1));
        const uint8_t label = labels[i];
        labels[i] = labels[other];
        labels[other] = label;
    }
}

void perturb_by_shuffling(const Philox *draws, int each, size_t n, size_t channels, size_t positions, float *rows) {
    for (size_t i = 0; i < n; i++)
        for (size_t last = positions; last-- > 1;) {
            const uint64_t index = (each ? i * positions : 0) + last;
            const size_t other = philox_below(draws, index, (uint32_t)(last + 1));
            float *value = rows + i * channels * positions;
            for (size_t c = 0; c < channels; c++, value += positions) {
                const float kept = value[last];
                value[last] = value[other];
                value[other] = kept;
            }
        }
}

void perturb_to_noise(const Philox *draws, const Moments *moments, size_t n, size_t channels, size_t positions,
                      float *rows) {
    for (size_t i = 0; i < n * channels * positions; i++) {
        const Moments *own = &moments[i / positions % channels];
        rows[i] = (float)(own->mean + own->sd * philox_normal(draws, i));
    }
}
