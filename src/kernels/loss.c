#include "kernels/loss.h"

#include "exact/exact_real.h"
#include "kernels/lanes.h"
#include "kernels/parts.h"

enum { COLUMNS = 128 }; /* examples worked on at a time: their running values stay in the first-level cache */

/* The columns [first, first + count) of [classes][batch]: their largest entries. */
static void largest_of(size_t classes, size_t batch, size_t first, size_t count, const real *logits, real *largest) {
    for (size_t n = 0; n < count; n++) largest[n] = logits[first + n];
    for (size_t c = 1; c < classes; c++) {
        const real *x = logits + c * batch + first;
        for (size_t n = 0; n < count; n++) largest[n] = x[n] > largest[n] ? x[n] : largest[n];
    }
}

real softmax_cross_entropy(size_t classes, size_t batch, const real *logits, const uint16_t *labels,
                           real *probabilities) {
    real lanes[LANES] = {0}, largest[COLUMNS], sum[COLUMNS], unused[COLUMNS], loss[COLUMNS], inverse[COLUMNS];
    for (size_t first = 0; first < batch; first += COLUMNS) {
        const size_t count = at_most(batch - first, COLUMNS);
        largest_of(classes, batch, first, count, logits, largest);
        for (size_t n = 0; n < count; n++) sum[n] = 0;
        for (size_t c = 0; c < classes; c++) {
            const real *x = logits + c * batch + first;
            real *e = probabilities ? probabilities + c * batch + first : unused;
            for (size_t n = 0; n < count; n++) e[n] = real_exp(x[n] - largest[n]);
            for (size_t n = 0; n < count; n++) sum[n] += e[n];
        }
        for (size_t n = 0; n < count; n++) inverse[n] = 1 / sum[n];
        for (size_t c = 0; probabilities && c < classes; c++) {
            real *p = probabilities + c * batch + first;
            for (size_t n = 0; n < count; n++) p[n] *= inverse[n];
        }
        for (size_t n = 0; n < count; n++) loss[n] = real_log(sum[n]);
        for (size_t n = 0; n < count; n++) loss[n] -= logits[labels[first + n] * batch + first + n] - largest[n];
        for (size_t n = 0; n < count; n++) lanes[n % LANES] += loss[n]; /* COLUMNS is a multiple of LANES */
    }
    return lanes_sum(lanes) / (real)batch;
}

void softmax_cross_entropy_gradient(size_t classes, size_t batch, const real *probabilities, const uint16_t *labels,
                                    real scale, real *glogits) {
    const real factor = scale / (real)batch;
    for (size_t i = 0; i < classes * batch; i++) glogits[i] = factor * probabilities[i];
    for (size_t n = 0; n < batch; n++) {
        const size_t at = labels[n] * batch + n;
        glogits[at] = factor * (probabilities[at] - 1);
    }
}

size_t count_correct(size_t classes, size_t batch, const real *logits, const uint16_t *labels) {
    size_t correct = 0;
    for (size_t first = 0; first < batch; first += COLUMNS) {
        const size_t count = at_most(batch - first, COLUMNS);
        real largest[COLUMNS];
        uint16_t best[COLUMNS] = {0};
        for (size_t n = 0; n < count; n++) largest[n] = logits[first + n];
        for (size_t c = 1; c < classes; c++)
            for (size_t n = 0; n < count; n++) {
                const real x = logits[c * batch + first + n];
                best[n] = x > largest[n] ? (uint16_t)c : best[n];
                largest[n] = x > largest[n] ? x : largest[n];
            }
        for (size_t n = 0; n < count; n++) correct += best[n] == labels[first + n];
    }
    return correct;
}

size_t count_among(size_t top, size_t classes, size_t batch, const real *logits, const uint16_t *labels) {
    size_t among = 0;
    for (size_t n = 0; n < batch; n++) {
        const real own = logits[labels[n] * batch + n];
        size_t greater = 0;
        for (size_t c = 0; c < classes; c++) greater += logits[c * batch + n] <= own ? 0 : 1;
        among += greater < top;
    }
    return among;
}
