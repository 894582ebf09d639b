#include "exact/exact_real.h"
#include "kernels/lanes.h"

enum { COLUMNS = 128 }; /* examples worked on at a time: their running values stay in the first-level cache */

typedef struct Block { /* columns [first, first + count) of [classes][batch] */
    size_t classes, batch, first, count;
} Block;

static void largest_of(const Block *b, const real *logits, real *largest) {
    for (size_t n = 0; n < b->count; n++) largest[n] = logits[b->first + n];
    for (size_t c = 1; c < b->classes; c++) {
        const real *x = logits + c * b->batch + b->first;
        for (size_t n = 0; n < b->count; n++) largest[n] = x[n] > largest[n] ? x[n] : largest[n];
    }
}

/* exp(x - largest), kept when asked for, and their sum. */
static void exponentials(const Block *b, const real *logits, const real *largest, real *kept, real *sum) {
    real unused[COLUMNS];
    for (size_t n = 0; n < b->count; n++) sum[n] = 0;
    for (size_t c = 0; c < b->classes; c++) {
        const real *x = logits + c * b->batch + b->first;
        real *e = kept ? kept + c * b->batch + b->first : unused;
        for (size_t n = 0; n < b->count; n++) e[n] = real_exp_inline(x[n] - largest[n]);
        for (size_t n = 0; n < b->count; n++) sum[n] += e[n];
    }
}

static void normalize(const Block *b, const real *sum, real *probabilities) {
    real inverse[COLUMNS];
    for (size_t n = 0; n < b->count; n++) inverse[n] = 1 / sum[n];
    for (size_t c = 0; c < b->classes; c++) {
        real *p = probabilities + c * b->batch + b->first;
        for (size_t n = 0; n < b->count; n++) p[n] *= inverse[n];
    }
}

/* The losses of a block go to the lanes of their columns; COLUMNS is a multiple of LANES. */
static void add_losses(const Block *b, const real *logits, const uint8_t *labels, const real *largest, const real *sum,
                       real lanes[LANES]) {
    real loss[COLUMNS];
    for (size_t n = 0; n < b->count; n++) loss[n] = real_log_inline(sum[n]);
    for (size_t n = 0; n < b->count; n++) {
        const size_t column = b->first + n;
        loss[n] -= logits[labels[column] * b->batch + column] - largest[n];
    }
    for (size_t n = 0; n < b->count; n++) lanes[n % LANES] += loss[n];
}

real softmax_cross_entropy(size_t classes, size_t batch, const real *logits, const uint8_t *labels,
                           real *probabilities) {
    real lanes[LANES] = {0}, largest[COLUMNS], sum[COLUMNS];
    for (size_t first = 0; first < batch; first += COLUMNS) {
        const Block b = {classes, batch, first, batch - first < COLUMNS ? batch - first : COLUMNS};
        largest_of(&b, logits, largest);
        exponentials(&b, logits, largest, probabilities, sum);
        if (probabilities) normalize(&b, sum, probabilities);
        add_losses(&b, logits, labels, largest, sum, lanes);
    }
    return lanes_sum(lanes) / (real)batch;
}

void softmax_cross_entropy_gradient(size_t classes, size_t batch, const real *probabilities, const uint8_t *labels,
                                    real scale, real *glogits) {
    const real factor = scale / (real)batch;
    for (size_t i = 0; i < classes * batch; i++) glogits[i] = factor * probabilities[i];
    for (size_t n = 0; n < batch; n++) {
        const size_t at = labels[n] * batch + n;
        glogits[at] = factor * (probabilities[at] - 1);
    }
}

size_t count_correct(size_t classes, size_t batch, const real *logits, const uint8_t *labels) {
    size_t correct = 0;
    for (size_t first = 0; first < batch; first += COLUMNS) {
        const size_t count = batch - first < COLUMNS ? batch - first : COLUMNS;
        real largest[COLUMNS];
        uint8_t best[COLUMNS] = {0};
        for (size_t n = 0; n < count; n++) largest[n] = logits[first + n];
        for (size_t c = 1; c < classes; c++)
            for (size_t n = 0; n < count; n++) {
                const real x = logits[c * batch + first + n];
                best[n] = x > largest[n] ? (uint8_t)c : best[n];
                largest[n] = x > largest[n] ? x : largest[n];
            }
        for (size_t n = 0; n < count; n++) correct += best[n] == labels[first + n];
    }
    return correct;
}
