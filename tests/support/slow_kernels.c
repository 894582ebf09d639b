#include "slow_kernels.h"

#include <stdlib.h>

#include "exact/exact_real.h"
#include "random/random.h"

#define LANES 16

static void lanes_clear(real lane[LANES]) {
    for (int i = 0; i < LANES; i++) lane[i] = 0;
}

static real lanes_sum(real lane[LANES]) {
    for (int s = LANES / 2; s > 0; s /= 2)
        for (int i = 0; i < s; i++) lane[i] += lane[i + s];
    return lane[0];
}

static real activate(Activation activation, real x) {
    return activation == ACTIVATION_NONE || x > 0 ? x : 0;
}

/* ---- matrix products ---- */

void slow_gemm_nn(size_t m, size_t n, size_t k, const real *a, size_t lda, const real *b, size_t ldb, real *c,
                  size_t ldc, int accumulate) {
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j < n; j++) {
            real sum = accumulate ? c[i * ldc + j] : 0;
            for (size_t l = 0; l < k; l++) sum = REAL_FMA(a[i * lda + l], b[l * ldb + j], sum);
            c[i * ldc + j] = sum;
        }
}

void slow_gemm_tn(size_t m, size_t n, size_t k, const real *a, size_t lda, const real *b, size_t ldb, real *c,
                  size_t ldc, int accumulate) {
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j < n; j++) {
            real sum = accumulate ? c[i * ldc + j] : 0;
            for (size_t l = 0; l < k; l++) sum = REAL_FMA(a[l * lda + i], b[l * ldb + j], sum);
            c[i * ldc + j] = sum;
        }
}

void slow_gemm_nt(size_t m, size_t n, size_t k, const real *a, size_t lda, const real *b, size_t ldb, real *c,
                  size_t ldc, int accumulate) {
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j < n; j++) {
            real sum = accumulate ? c[i * ldc + j] : 0;
            for (size_t l = 0; l < k; l++) sum = REAL_FMA(a[i * lda + l], b[j * ldb + l], sum);
            c[i * ldc + j] = sum;
        }
}

void slow_linear_forward(size_t out, size_t in, size_t batch, const real *weight, const real *bias, const real *x,
                         Activation activation, real *y) {
    for (size_t o = 0; o < out; o++)
        for (size_t n = 0; n < batch; n++) {
            real sum = bias[o];
            for (size_t i = 0; i < in; i++) sum = REAL_FMA(weight[o * in + i], x[i * batch + n], sum);
            y[o * batch + n] = activate(activation, sum);
        }
}

/* ---- convolution ---- */

static size_t outputs_of(const ConvolutionAxis *axis) {
    return (axis->size + 2 * axis->padding - axis->taps) / axis->stride + 1;
}

/* Where tap k of output l reads the image along an axis; 0 when that is in the padding. */
static int tap_position(const ConvolutionAxis *axis, size_t l, size_t k, size_t *position) {
    size_t padded = l * axis->stride + k;
    if (padded < axis->padding || padded >= axis->size + axis->padding) return 0;
    *position = padded - axis->padding;
    return 1;
}

/* Which output reads position i with tap k; 0 when there is none. */
static int tap_output(const ConvolutionAxis *axis, size_t i, size_t k, size_t *output) {
    size_t padded = i + axis->padding;
    if (padded < k || (padded - k) % axis->stride) return 0;
    *output = (padded - k) / axis->stride;
    return *output < outputs_of(axis);
}

static size_t at_input(const Convolution *conv, size_t ci, size_t i, size_t j, size_t n) {
    return ((ci * conv->rows.size + i) * conv->columns.size + j) * conv->batch + n;
}

static size_t at_output(const Convolution *conv, size_t co, size_t l, size_t m, size_t n) {
    return ((co * outputs_of(&conv->rows) + l) * outputs_of(&conv->columns) + m) * conv->batch + n;
}

static size_t at_weight(const Convolution *conv, size_t co, size_t ci, size_t a, size_t b) {
    return ((co * conv->in_channels + ci) * conv->rows.taps + a) * conv->columns.taps + b;
}

#define EACH(index, count) for (size_t index = 0; index < (count); index++)

void slow_convolution_forward(const Convolution *conv, const real *x, const real *weight, const real *bias,
                              Activation activation, real *y) {
    const size_t rows = outputs_of(&conv->rows), columns = outputs_of(&conv->columns);
    size_t i, j;
    EACH(co, conv->out_channels) EACH(l, rows) EACH(m, columns) EACH(n, conv->batch) {
        real sum = bias ? bias[co] : 0;
        EACH(a, conv->rows.taps)
        EACH(b, conv->columns.taps)
        EACH(ci, conv->in_channels)
        if (tap_position(&conv->rows, l, a, &i) && tap_position(&conv->columns, m, b, &j))
            sum = REAL_FMA(weight[at_weight(conv, co, ci, a, b)], x[at_input(conv, ci, i, j, n)], sum);
        y[at_output(conv, co, l, m, n)] = activate(activation, sum);
    }
}

void slow_convolution_input_gradient(const Convolution *conv, const real *gy, const real *weight, real *gx) {
    size_t l, m;
    EACH(ci, conv->in_channels) EACH(i, conv->rows.size) EACH(j, conv->columns.size) EACH(n, conv->batch) {
        real sum = 0;
        EACH(a, conv->rows.taps)
        EACH(b, conv->columns.taps)
        EACH(co, conv->out_channels)
        if (tap_output(&conv->rows, i, a, &l) && tap_output(&conv->columns, j, b, &m))
            sum = REAL_FMA(weight[at_weight(conv, co, ci, a, b)], gy[at_output(conv, co, l, m, n)], sum);
        gx[at_input(conv, ci, i, j, n)] = sum;
    }
}

void slow_convolution_weight_gradient(const Convolution *conv, const real *gy, const real *x, real *gw) {
    const size_t rows = outputs_of(&conv->rows), columns = outputs_of(&conv->columns);
    real lane[LANES];
    size_t i, j;
    EACH(co, conv->out_channels) EACH(ci, conv->in_channels) EACH(a, conv->rows.taps) EACH(b, conv->columns.taps) {
        lanes_clear(lane);
        EACH(l, rows)
        EACH(m, columns)
        EACH(n, conv->batch)
        if (tap_position(&conv->rows, l, a, &i) && tap_position(&conv->columns, m, b, &j))
            lane[n % LANES] =
                REAL_FMA(gy[at_output(conv, co, l, m, n)], x[at_input(conv, ci, i, j, n)], lane[n % LANES]);
        gw[at_weight(conv, co, ci, a, b)] = lanes_sum(lane);
    }
}

/* ---- pooling ---- */

typedef struct PoolIndex {
    size_t output, input; /* elements of the small and the large image that meet */
    int present;          /* 0: that element of the window is in the padding */
} PoolIndex;

static PoolIndex pool_index(const Pool *pool, size_t c, size_t l, size_t m, size_t a, size_t b, size_t n) {
    size_t i = 0, j = 0;
    const int inside = tap_position(&pool->rows, l, a, &i) && tap_position(&pool->columns, m, b, &j);
    return (PoolIndex){((c * outputs_of(&pool->rows) + l) * outputs_of(&pool->columns) + m) * pool->batch + n,
                       ((c * pool->rows.size + i) * pool->columns.size + j) * pool->batch + n, inside};
}

#define EACH_OUTPUT(pool)                                                                                              \
    EACH(c, (pool)->channels) EACH(l, outputs_of(&(pool)->rows)) EACH(m, outputs_of(&(pool)->columns))
#define EACH_TAP(pool) EACH(a, (pool)->rows.taps) EACH(b, (pool)->columns.taps)

/* The element that a window's maximum is of. */
static size_t slow_selected(const Pool *pool, const real *x, size_t c, size_t l, size_t m, size_t n) {
    size_t selected = SIZE_MAX;
    EACH_TAP(pool) {
        const PoolIndex at = pool_index(pool, c, l, m, a, b, n);
        if (at.present && (selected == SIZE_MAX || x[at.input] > x[selected] || isnan(x[at.input])))
            selected = at.input;
    }
    return selected;
}

void slow_max_pool(const Pool *pool, const real *x, const real *values, real *y) {
    EACH_OUTPUT(pool) EACH(n, pool->batch) {
        y[pool_index(pool, c, l, m, 0, 0, n).output] = values[slow_selected(pool, x, c, l, m, n)];
    }
}

/* gx[i] takes a term of an output: seen says which have had one. */
static void slow_add(real term, real *gx, uint8_t *seen) {
    *gx = *seen ? *gx + term : term;
    *seen = 1;
}

static uint8_t *slow_cleared(const Pool *pool, real *gx) {
    const size_t count = pool->channels * pool->rows.size * pool->columns.size * pool->batch;
    EACH(i, count) gx[i] = 0;
    return calloc(count, 1);
}

void slow_max_unpool(const Pool *pool, const real *x, const real *gy, real *gx) {
    uint8_t *seen = slow_cleared(pool, gx);
    EACH_OUTPUT(pool) EACH(n, pool->batch) {
        const size_t selected = slow_selected(pool, x, c, l, m, n);
        EACH_TAP(pool) {
            const PoolIndex at = pool_index(pool, c, l, m, a, b, n);
            const real term = at.input == selected ? gy[at.output] : 0;
            if (at.present) slow_add(term, &gx[at.input], &seen[at.input]);
        }
    }
    free(seen);
}

void slow_sum_pool(const Pool *pool, size_t divisor, const real *x, real *y) {
    EACH_OUTPUT(pool) EACH(n, pool->batch) {
        real sum = 0;
        uint8_t seen = 0;
        EACH_TAP(pool) {
            const PoolIndex at = pool_index(pool, c, l, m, a, b, n);
            if (at.present) slow_add(x[at.input], &sum, &seen);
        }
        y[pool_index(pool, c, l, m, 0, 0, n).output] = sum / (real)divisor;
    }
}

void slow_sum_unpool(const Pool *pool, size_t divisor, const real *gy, real *gx) {
    uint8_t *seen = slow_cleared(pool, gx);
    EACH_OUTPUT(pool) EACH_TAP(pool) EACH(n, pool->batch) {
        const PoolIndex at = pool_index(pool, c, l, m, a, b, n);
        if (at.present) slow_add(gy[at.output], &gx[at.input], &seen[at.input]);
    }
    EACH(i, pool->channels * pool->rows.size * pool->columns.size * pool->batch) gx[i] /= (real)divisor;
    free(seen);
}

void slow_l2_pool(const Pool *pool, const real *x, real *y) {
    EACH_OUTPUT(pool) EACH(n, pool->batch) {
        real sum = 0;
        EACH_TAP(pool) {
            const PoolIndex at = pool_index(pool, c, l, m, a, b, n);
            if (at.present) sum = REAL_FMA(x[at.input], x[at.input], sum);
        }
        y[pool_index(pool, c, l, m, 0, 0, n).output] = REAL_SQRT(sum);
    }
}

void slow_l2_unpool(const Pool *pool, const real *x, const real *y, const real *gy, real *gx) {
    uint8_t *seen = slow_cleared(pool, gx);
    EACH_OUTPUT(pool) EACH_TAP(pool) EACH(n, pool->batch) {
        const PoolIndex at = pool_index(pool, c, l, m, a, b, n);
        if (!at.present) continue;
        const real quotient = y[at.output] > 0 ? gy[at.output] / y[at.output] : 0, term = quotient * x[at.input];
        gx[at.input] = seen[at.input] ? REAL_FMA(quotient, x[at.input], gx[at.input]) : term;
        seen[at.input] = 1;
    }
    free(seen);
}

/* ---- rows and columns ---- */

real slow_vector_sum(size_t count, const real *x) {
    real lane[LANES];
    lanes_clear(lane);
    for (size_t i = 0; i < count; i++) lane[i % LANES] += x[i];
    return lanes_sum(lane);
}

void slow_row_sums(size_t rows, size_t columns, const real *x, real *out) {
    for (size_t r = 0; r < rows; r++) out[r] = slow_vector_sum(columns, x + r * columns);
}

void slow_column_sums(size_t rows, size_t columns, const real *x, real *out) {
    for (size_t c = 0; c < columns; c++) {
        real sum = 0;
        for (size_t r = 0; r < rows; r++) sum += x[r * columns + c];
        out[c] = sum;
    }
}

void slow_transpose(size_t rows, size_t columns, const real *x, size_t ldx, real *y, size_t ldy) {
    for (size_t r = 0; r < rows; r++)
        for (size_t c = 0; c < columns; c++) y[c * ldy + r] = x[r * ldx + c];
}

/* ---- softmax cross-entropy ---- */

real slow_softmax_cross_entropy(size_t classes, size_t batch, const real *logits, const uint16_t *labels,
                                real *probabilities) {
    real lane[LANES];
    lanes_clear(lane);
    for (size_t n = 0; n < batch; n++) {
        real largest = logits[n], sum = 0;
        for (size_t c = 1; c < classes; c++)
            if (logits[c * batch + n] > largest) largest = logits[c * batch + n];
        for (size_t c = 0; c < classes; c++) sum += real_exp(logits[c * batch + n] - largest);
        real inverse = 1 / sum;
        for (size_t c = 0; c < classes && probabilities; c++)
            probabilities[c * batch + n] = real_exp(logits[c * batch + n] - largest) * inverse;
        lane[n % LANES] += real_log(sum) - (logits[labels[n] * batch + n] - largest);
    }
    return lanes_sum(lane) / (real)batch;
}

void slow_softmax_cross_entropy_gradient(size_t classes, size_t batch, const real *probabilities, const uint16_t *labels,
                                         real scale, real *glogits) {
    real factor = scale / (real)batch;
    for (size_t c = 0; c < classes; c++)
        for (size_t n = 0; n < batch; n++) {
            real onehot = labels[n] == c ? 1 : 0;
            glogits[c * batch + n] = factor * (probabilities[c * batch + n] - onehot);
        }
}

size_t slow_count_correct(size_t classes, size_t batch, const real *logits, const uint16_t *labels) {
    size_t correct = 0;
    for (size_t n = 0; n < batch; n++) {
        size_t best = 0;
        for (size_t c = 1; c < classes; c++)
            if (logits[c * batch + n] > logits[best * batch + n]) best = c;
        correct += best == labels[n];
    }
    return correct;
}

/* ---- gated recurrent unit, one example at a time ---- */

static size_t walk(const Gru *gru, size_t step) { /* the time visited at a step of the forward walk */
    return gru->reverse ? gru->length - 1 - step : step;
}

/* Hidden state i of example n before a step of the forward walk. */
static real state_before(const Gru *gru, const real *y, size_t y_stride, size_t step, size_t i, size_t n) {
    return step == 0 ? 0 : y[walk(gru, step - 1) * y_stride + i * gru->batch + n];
}

void slow_gru_forward(const Gru *gru, const real *x, const real *w_ih, const real *w_hh, const real *b_ih,
                      const real *b_hh, real *y, size_t y_stride, real *saved) {
    size_t h = gru->hidden, batch = gru->batch;
    real *gi = malloc(6 * h * sizeof *gi), *gh = gi + 3 * h;
    for (size_t step = 0; step < gru->length; step++)
        for (size_t n = 0; n < batch; n++) {
            size_t t = walk(gru, step);
            for (size_t j = 0; j < 3 * h; j++) {
                gi[j] = b_ih[j];
                gh[j] = b_hh[j];
                for (size_t i = 0; i < gru->in; i++)
                    gi[j] = REAL_FMA(w_ih[j * gru->in + i], x[(t * gru->in + i) * batch + n], gi[j]);
                for (size_t i = 0; i < h; i++)
                    gh[j] = REAL_FMA(w_hh[j * h + i], state_before(gru, y, y_stride, step, i, n), gh[j]);
            }
            for (size_t i = 0; i < h; i++) {
                real before = state_before(gru, y, y_stride, step, i, n);
                real r = real_sigmoid(gi[i] + gh[i]), z = real_sigmoid(gi[h + i] + gh[h + i]);
                real c = real_tanh(REAL_FMA(r, gh[2 * h + i], gi[2 * h + i]));
                const real gates[4] = {r, z, c, gh[2 * h + i]};
                for (size_t g = 0; g < 4; g++) saved[((t * 4 + g) * h + i) * batch + n] = gates[g];
                y[t * y_stride + i * batch + n] = REAL_FMA(z, before - c, c);
            }
        }
    free(gi);
}

/* The gradients at the gates' sums, [step of the backward walk][4h][batch]: r, z, n at the input side, n at the
 * hidden side. */
static void gate_gradients(const Gru *gru, const real *w_hh, const real *y, size_t y_stride, const real *saved,
                           const real *gy, size_t gy_stride, real *d) {
    size_t h = gru->hidden, batch = gru->batch;
    real *carry = calloc(h, sizeof *carry);
    for (size_t n = 0; n < batch; n++) {
        for (size_t i = 0; i < h; i++) carry[i] = 0;
        for (size_t back = 0; back < gru->length; back++) {
            size_t step = gru->length - 1 - back, t = walk(gru, step);
            const real *gates = saved + t * 4 * h * batch + n;
            real *out = d + back * 4 * h * batch + n;
            for (size_t i = 0; i < h; i++) {
                real r = gates[i * batch], z = gates[(h + i) * batch], c = gates[(2 * h + i) * batch];
                real dh = gy[t * gy_stride + i * batch + n] + carry[i];
                real dn = dh * (1 - z) * REAL_FMA(-c, c, 1);
                out[i * batch] = (dn * gates[(3 * h + i) * batch]) * (r * (1 - r));
                out[(h + i) * batch] = (dh * (state_before(gru, y, y_stride, step, i, n) - c)) * (z * (1 - z));
                out[(2 * h + i) * batch] = dn;
                out[(3 * h + i) * batch] = dn * r;
                carry[i] = dh * z;
            }
            for (size_t i = 0; i < h; i++)
                for (size_t j = 0; j < 3 * h; j++)
                    carry[i] = REAL_FMA(w_hh[j * h + i], out[(j < 2 * h ? j : j + h) * batch], carry[i]);
        }
    }
    free(carry);
}

void slow_gru_backward(const Gru *gru, const real *x, const real *w_ih, const real *w_hh, const real *y,
                       size_t y_stride, const real *saved, const real *gy, size_t gy_stride, real *gx, real *gw_ih,
                       real *gw_hh, real *gb_ih, real *gb_hh) {
    size_t h = gru->hidden, batch = gru->batch, in = gru->in, length = gru->length;
    real *d = malloc((length * 4 * h * batch + 1) * sizeof *d), lane[LANES], hidden_lane[LANES];
    gate_gradients(gru, w_hh, y, y_stride, saved, gy, gy_stride, d);
    for (size_t back = 0; back < length && gx; back++)
        for (size_t i = 0; i < in; i++)
            for (size_t n = 0; n < batch; n++) {
                real sum = 0;
                for (size_t j = 0; j < 3 * h; j++)
                    sum = REAL_FMA(w_ih[j * in + i], d[(back * 4 * h + j) * batch + n], sum);
                gx[(walk(gru, length - 1 - back) * in + i) * batch + n] = sum;
            }
    for (size_t j = 0; j < 3 * h; j++) {
        size_t hidden_row = j < 2 * h ? j : j + h;
        for (size_t i = 0; i < in; i++) {
            lanes_clear(lane);
            for (size_t back = 0; back < length; back++)
                for (size_t n = 0; n < batch; n++)
                    lane[n % LANES] = REAL_FMA(d[(back * 4 * h + j) * batch + n],
                                               x[(walk(gru, length - 1 - back) * in + i) * batch + n], lane[n % LANES]);
            gw_ih[j * in + i] = lanes_sum(lane);
        }
        for (size_t i = 0; i < h; i++) {
            lanes_clear(lane);
            for (size_t back = 0; back < length; back++)
                for (size_t n = 0; n < batch; n++)
                    lane[n % LANES] =
                        REAL_FMA(d[(back * 4 * h + hidden_row) * batch + n],
                                 state_before(gru, y, y_stride, length - 1 - back, i, n), lane[n % LANES]);
            gw_hh[j * h + i] = lanes_sum(lane);
        }
        lanes_clear(lane);
        lanes_clear(hidden_lane);
        for (size_t back = 0; back < length; back++)
            for (size_t n = 0; n < batch; n++) {
                lane[n % LANES] += d[(back * 4 * h + j) * batch + n];
                hidden_lane[n % LANES] += d[(back * 4 * h + hidden_row) * batch + n];
            }
        gb_ih[j] = lanes_sum(lane);
        gb_hh[j] = lanes_sum(hidden_lane);
    }
    free(d);
}

/* ---- dropout ---- */

void slow_dropout_mask(const DropoutNoise *noise, double p, size_t rows, size_t batch, uint8_t *keep) {
    for (size_t r = 0; r < rows; r++)
        for (size_t n = 0; n < batch; n++) {
            const uint32_t example = noise->example ? noise->example[n] : (uint32_t)n;
            const uint32_t counter[4] = {(uint32_t)(r / 4), example, noise->step, 0xffffffffu - noise->layer};
            const uint32_t key[2] = {(uint32_t)noise->seed, (uint32_t)(noise->seed >> 32)};
            uint32_t words[4];
            philox_block(counter, key, words);
            keep[r * batch + n] = (uint64_t)words[r % 4] >= (uint64_t)(p * 4294967296.0);
        }
}

void slow_dropout_apply(size_t rows, size_t positions, size_t batch, const uint8_t *keep, real scale, const real *x,
                        real *y) {
    for (size_t i = 0; i < rows * positions * batch; i++)
        y[i] = keep[i / (positions * batch) * batch + i % batch] ? scale * x[i] : 0;
}

/* ---- local response normalisation, one element at a time ---- */

static int in_window(const LocalResponse *norm, size_t of, size_t channel) { /* 0-based size of 5: of - 2 ... of + 2 */
    const long distance = (long)channel - (long)of, size = (long)norm->size;
    return distance >= -(size / 2) && distance < size - size / 2;
}

/* Element i of channel c: d, and the power p of it. */
static real slow_power(const LocalResponse *norm, size_t channels, size_t count, const real *x, size_t c, size_t i,
                       real *d) {
    real sum = 0;
    EACH(other, channels)
    if (in_window(norm, c, other)) sum = REAL_FMA(x[other * count + i], x[other * count + i], sum);
    *d = REAL_FMA((real)(norm->alpha / (double)norm->size), sum, (real)norm->k);
    return real_exp((real)-norm->beta * real_log(*d));
}

void slow_local_response_norm_forward(const LocalResponse *norm, size_t channels, size_t count, const real *x,
                                      real *y) {
    real d;
    EACH(c, channels)
    EACH(i, count) y[c * count + i] = x[c * count + i] * slow_power(norm, channels, count, x, c, i, &d);
}

void slow_local_response_norm_gradient(const LocalResponse *norm, size_t channels, size_t count, const real *x,
                                       const real *g, real *gx) {
    const real factor = (real)(2 * norm->alpha * norm->beta / (double)norm->size);
    real d;
    EACH(c, channels) EACH(i, count) {
        real sum = 0;
        EACH(other, channels) {
            const size_t at = other * count + i;
            const real p = slow_power(norm, channels, count, x, other, i, &d);
            if (in_window(norm, other, c)) sum += g[at] * p * x[at] / d;
        }
        const real own = g[c * count + i] * slow_power(norm, channels, count, x, c, i, &d);
        gx[c * count + i] = REAL_FMA(-(factor * x[c * count + i]), sum, own);
    }
}

/* ---- batch normalisation ---- */

static double sum_of_double_lanes(double lane[LANES]) {
    for (int s = LANES / 2; s > 0; s /= 2)
        for (int i = 0; i < s; i++) lane[i] += lane[i + s];
    return lane[0];
}

static double slow_sum(size_t count, const real *x) {
    double lane[LANES] = {0};
    for (size_t i = 0; i < count; i++) lane[i % LANES] += (double)x[i];
    return sum_of_double_lanes(lane);
}

double slow_product_sum(size_t count, const real *a, real from_a, const real *b, real from_b) {
    double lane[LANES] = {0};
    for (size_t i = 0; i < count; i++)
        lane[i % LANES] = fma((double)(a[i] - from_a), (double)(b[i] - from_b), lane[i % LANES]);
    return sum_of_double_lanes(lane);
}

void slow_batch_norm_statistics(size_t channels, size_t count, const real *x, real *mean, real *variance) {
    for (size_t c = 0; c < channels; c++) {
        const real *of_channel = x + c * count;
        mean[c] = (real)(slow_sum(count, of_channel) / (double)count);
        variance[c] = (real)(slow_product_sum(count, of_channel, mean[c], of_channel, mean[c]) / (double)count);
    }
}

void slow_batch_norm_forward(const BatchNorm *norm, const real *x, const real *gamma, const real *beta, real *y) {
    for (size_t i = 0; i < norm->channels * norm->count; i++) {
        const size_t c = i / norm->count;
        const double inverse = 1 / sqrt((double)norm->variance[c] + norm->epsilon);
        y[i] = REAL_FMA(x[i] - norm->mean[c], (real)((double)gamma[c] * inverse), beta[c]);
    }
}

void slow_batch_norm_gradient(const BatchNorm *norm, int fixed, const real *x, const real *gamma, const real *g,
                              real *gx, real *ggamma, real *gbeta) {
    for (size_t c = 0; c < norm->channels; c++, x += norm->count, g += norm->count, gx += norm->count) {
        const double inverse = 1 / sqrt((double)norm->variance[c] + norm->epsilon), n = (double)norm->count;
        const double s = slow_sum(norm->count, g);
        const double t = slow_product_sum(norm->count, g, 0, x, norm->mean[c]);
        const real scale = (real)((double)gamma[c] * inverse);
        gbeta[c] = (real)s;
        ggamma[c] = (real)(t * inverse);
        for (size_t i = 0; i < norm->count; i++)
            gx[i] = fixed ? scale * g[i]
                          : REAL_FMA(-(real)(t * inverse * inverse / n), x[i] - norm->mean[c], g[i] - (real)(s / n)) *
                                scale;
    }
}

/* ---- optimisers ---- */

static void slow_adam(const OptimizerStep *s, real g, real *weight, real *m, real *v) {
    *m = REAL_FMA(s->one_minus_beta1, g, s->beta1 * *m);
    *v = REAL_FMA(s->one_minus_beta2 * g, g, s->beta2 * *v);
    const real denominator = REAL_FMA(REAL_SQRT(*v), s->inverse_root_correction, s->epsilon);
    *weight = REAL_FMA(-s->rate, *m / denominator, *weight);
}

static void slow_sgd(const OptimizerStep *s, real g, real *weight, real *m) {
    *m = REAL_FMA(s->momentum, *m, g);
    const real direction = s->nesterov ? REAL_FMA(s->momentum, *m, g) : *m;
    *weight = REAL_FMA(-s->rate, direction, *weight);
}

static void slow_rmsprop(const OptimizerStep *s, real g, real *weight, real *m, real *v) {
    *v = REAL_FMA(s->one_minus_alpha * g, g, s->alpha * *v);
    *m = REAL_FMA(s->momentum, *m, g / (REAL_SQRT(*v) + s->epsilon));
    *weight = REAL_FMA(-s->rate, *m, *weight);
}

void slow_optimizer_update(OptimizerKind kind, const OptimizerStep *s, size_t count, const real *gradient, real *weight,
                           real *m, real *v) {
    for (size_t i = 0; i < count; i++) {
        real g = s->scale * gradient[i];
        if (s->weight_decay != 0) g = REAL_FMA(s->weight_decay, weight[i], g);
        if (kind == OPTIMIZER_ADAM) slow_adam(s, g, &weight[i], &m[i], &v[i]);
        if (kind == OPTIMIZER_SGD) slow_sgd(s, g, &weight[i], &m[i]);
        if (kind == OPTIMIZER_RMSPROP) slow_rmsprop(s, g, &weight[i], &m[i], &v[i]);
    }
}

/* ---- elementwise ---- */

#define ELEMENTWISE_1(name, expression)                                                                                \
    void slow_vector_##name(size_t count, const real *a, real *out) {                                                  \
        for (size_t i = 0; i < count; i++) out[i] = expression;                                                        \
    }
#define ELEMENTWISE_2(name, a, b, expression)                                                                          \
    void slow_vector_##name(size_t count, const real *a, const real *b, real *out) {                                   \
        for (size_t i = 0; i < count; i++) out[i] = expression;                                                        \
    }

ELEMENTWISE_2(add, a, b, a[i] + b[i])
ELEMENTWISE_2(sub, a, b, a[i] - b[i])
ELEMENTWISE_2(mul, a, b, a[i] * b[i])
ELEMENTWISE_2(div, a, b, a[i] / b[i])
ELEMENTWISE_2(relu_gradient, y, g, y[i] > 0 ? g[i] : 0)
ELEMENTWISE_1(relu, a[i] > 0 ? a[i] : 0)
ELEMENTWISE_1(exp, real_exp(a[i]))
ELEMENTWISE_1(log, real_log(a[i]))
ELEMENTWISE_1(tanh, real_tanh(a[i]))
ELEMENTWISE_1(sigmoid, real_sigmoid(a[i]))
ELEMENTWISE_1(sqrt, REAL_SQRT(a[i]))

void slow_vector_scale(size_t count, real factor, const real *a, real *out) {
    for (size_t i = 0; i < count; i++) out[i] = factor * a[i];
}

void slow_vector_add_scaled(size_t count, const real *a, real factor, const real *b, real *out) {
    for (size_t i = 0; i < count; i++) out[i] = REAL_FMA(factor, b[i], a[i]);
}

/* ---- activation functions, in branches where the kernels select ---- */

static real slow_normal_below(real x) {
    return REAL_FMA(real_erf(x * REAL(0.70710678118654752)), REAL(0.5), REAL(0.5));
}

static real slow_swish_slope(real x) {
    const real s = real_sigmoid(x);
    return s * REAL_FMA(x, 1 - s, 1);
}

static real slow_gelu_slope(real x) {
    const real density = real_exp(REAL(-0.5) * x * x) * REAL(0.39894228040143268);
    return REAL_FMA(x, density, slow_normal_below(x));
}

static real slow_softplus(real x) {
    if (x > 0) {
        const real e = real_exp(-x), u = 1 + e;
        return x + (real_log(u) + (e - (u - 1)) / u);
    }
    const real e = real_exp(x), u = 1 + e;
    return 0 + (real_log(u) + (e - (u - 1)) / u);
}

static real slow_elu(real alpha, real x) {
    if (x > 0) return x;
    return alpha * real_expm1(x);
}

static real slow_elu_slope(real alpha, real x) {
    if (x > 0) return 1;
    return alpha * real_exp(x);
}

ELEMENTWISE_1(swish, a[i] * real_sigmoid(a[i]))
ELEMENTWISE_2(swish_gradient, x, g, g[i] * slow_swish_slope(x[i]))
ELEMENTWISE_1(gelu, a[i] * slow_normal_below(a[i]))
ELEMENTWISE_2(gelu_gradient, x, g, g[i] * slow_gelu_slope(x[i]))
ELEMENTWISE_1(softplus, slow_softplus(a[i]))

void slow_vector_elu(size_t count, real alpha, const real *x, real *out) {
    for (size_t i = 0; i < count; i++) out[i] = slow_elu(alpha, x[i]);
}

void slow_vector_elu_gradient(size_t count, real alpha, const real *x, const real *g, real *out) {
    for (size_t i = 0; i < count; i++) out[i] = g[i] * slow_elu_slope(alpha, x[i]);
}

void slow_vector_leaky_relu(size_t count, real slope, const real *x, real *out) {
    for (size_t i = 0; i < count; i++) out[i] = x[i] > 0 ? x[i] : slope * x[i];
}

void slow_vector_leaky_relu_gradient(size_t count, real slope, const real *x, const real *g, real *out) {
    for (size_t i = 0; i < count; i++) out[i] = x[i] > 0 ? g[i] : slope * g[i];
}
