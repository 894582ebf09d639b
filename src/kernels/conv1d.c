#include "kernels/lanes.h"
#include "kernels/micro.h"
#include "kernels/scratch.h"
#include "kernels/threads.h"

#include <string.h>

size_t conv1d_output_length(const Conv1d *conv) {
    return (conv->length + 2 * conv->padding - conv->width) / conv->stride + 1;
}

typedef struct Range {
    size_t first, last;
} Range; /* first <= i < last */

/* The taps of output l that read inside the signal. */
static Range taps_inside(const Conv1d *conv, size_t l) {
    const size_t start = l * conv->stride, end = conv->length + conv->padding;
    const Range r = {start < conv->padding ? conv->padding - start : 0,
                     end <= start ? 0 : (end - start < conv->width ? end - start : conv->width)};
    return r.first < r.last ? r : (Range){0, 0};
}

/* Only the pragmas ask; without OpenMP nobody does. */
static inline size_t multiply_adds(const Conv1d *conv) {
    return conv->batch * conv->in_channels * conv->out_channels * conv->width * conv1d_output_length(conv);
}

/* Weights as [co][k][ci], so that the taps inside the signal are one run of the chain. */
static real *pack_forward(const Conv1d *conv, const real *weight) {
    const size_t in = conv->in_channels, width = conv->width;
    real *packed = scratch_get(SCRATCH_WEIGHTS, conv->out_channels * in * width, sizeof(real));
    for (size_t co = 0; co < conv->out_channels; co++)
        for (size_t ci = 0; ci < in; ci++)
            for (size_t k = 0; k < width; k++) packed[(co * width + k) * in + ci] = weight[(co * in + ci) * width + k];
    return packed;
}

/* Neighbouring positions at stride 1 with all their taps inside read rows that lie one position apart, as their outputs
 * do: such a run is one product, whose columns are positions and examples.  Others are runs of one. */
static size_t run_end(const Conv1d *conv, size_t position, size_t first_inside, size_t last) {
    const size_t outputs = conv1d_output_length(conv);
    const size_t end_inside = outputs > conv->padding ? outputs - conv->padding : 0; /* of outputs and of inputs */
    if (conv->stride > 1 || position < first_inside || position >= end_inside) return position + 1;
    return end_inside < last ? end_inside : last;
}

/* The runs of one position range are computed by one thread; a lone thread has them all. */
static size_t range_count(const Conv1d *conv, size_t positions) {
    const size_t ranges = threads_worth(multiply_adds(conv)) ? 4 * threads_most() : 1;
    return ranges < positions ? ranges : positions;
}

static void forward_run(const Conv1d *conv, size_t l, size_t end, const real *x, const real *packed, const real *bias,
                        Activation activation, const real **rows, real *y) {
    const size_t in = conv->in_channels, batch = conv->batch, outputs = conv1d_output_length(conv);
    const Range taps = taps_inside(conv, l);
    size_t count = 0;
    for (size_t k = taps.first; k < taps.last; k++)
        for (size_t ci = 0; ci < in; ci++)
            rows[count++] = x + (ci * conv->length + l * conv->stride + k - conv->padding) * batch;
    const Product product = {.m = conv->out_channels,
                             .n = (end - l) * batch,
                             .k = count,
                             .a = packed + taps.first * in,
                             .a_row_stride = conv->width * in,
                             .a_k_stride = 1,
                             .b = rows,
                             .c = y + l * batch,
                             .ldc = outputs * batch,
                             .start = bias ? START_FROM_BIAS : START_ZERO,
                             .bias = bias,
                             .activation = activation};
    micro_product(&product);
}

void conv1d_forward(const Conv1d *conv, const real *x, const real *weight, const real *bias, Activation activation,
                    real *y) {
    const size_t outputs = conv1d_output_length(conv), taps = conv->in_channels * conv->width;
    const size_t ranges = range_count(conv, outputs);
    real *packed = pack_forward(conv, weight);
#pragma omp parallel if (ranges > 1)
    {
        const real **rows = scratch_get(SCRATCH_ROWS, taps, sizeof *rows);
#pragma omp for schedule(static)
        for (size_t range = 0; range < ranges; range++) {
            const size_t last = outputs * (range + 1) / ranges;
            for (size_t l = outputs * range / ranges, end; l < last; l = end) {
                end = run_end(conv, l, conv->padding, last);
                forward_run(conv, l, end, x, packed, bias, activation, rows, y);
            }
        }
    }
}

/* Weights as [ci][tap][co] with the taps sorted by k mod stride, then k: position i meets one residue only. */
static real *pack_backward(const Conv1d *conv, const real *weight) {
    const size_t in = conv->in_channels, out = conv->out_channels, width = conv->width;
    real *packed = scratch_get(SCRATCH_WEIGHTS, out * in * width, sizeof(real));
    size_t tap = 0;
    for (size_t residue = 0; residue < conv->stride; residue++)
        for (size_t k = residue; k < width; k += conv->stride, tap++)
            for (size_t ci = 0; ci < in; ci++)
                for (size_t co = 0; co < out; co++)
                    packed[(ci * width + tap) * out + co] = weight[(co * in + ci) * width + k];
    return packed;
}

/* How many taps come before the residue's first in the packed order. */
static size_t taps_before(const Conv1d *conv, size_t residue) {
    size_t count = 0;
    for (size_t r = 0; r < residue && r < conv->width; r++) count += (conv->width - r - 1) / conv->stride + 1;
    return count;
}

static void backward_run(const Conv1d *conv, size_t i, size_t end, const real *gy, const real *packed,
                         const real **rows, real *gx) {
    const size_t out = conv->out_channels, batch = conv->batch, outputs = conv1d_output_length(conv);
    const size_t padded = i + conv->padding, residue = padded % conv->stride;
    size_t count = 0, skipped = 0;
    for (size_t k = residue; k < conv->width && k <= padded; k += conv->stride) {
        const size_t l = (padded - k) / conv->stride;
        if (l >= outputs)
            skipped++; /* l falls as k grows: only the first taps can lie beyond the end */
        else
            for (size_t co = 0; co < out; co++) rows[count++] = gy + (co * outputs + l) * batch;
    }
    const Product product = {.m = conv->in_channels,
                             .n = (end - i) * batch,
                             .k = count,
                             .a = packed + (taps_before(conv, residue) + skipped) * out,
                             .a_row_stride = conv->width * out,
                             .a_k_stride = 1,
                             .b = rows,
                             .c = gx + i * batch,
                             .ldc = conv->length * batch,
                             .start = START_ZERO};
    micro_product(&product);
}

void conv1d_input_gradient(const Conv1d *conv, const real *gy, const real *weight, real *gx) {
    const size_t ranges = range_count(conv, conv->length);
    /* At stride 1 position i meets the outputs from i + padding + 1 - width to i + padding. */
    const size_t first_inside = conv->width > conv->padding ? conv->width - 1 - conv->padding : 0;
    real *packed = pack_backward(conv, weight);
#pragma omp parallel if (ranges > 1)
    {
        const real **rows = scratch_get(SCRATCH_ROWS, conv->out_channels * conv->width, sizeof *rows);
#pragma omp for schedule(static)
        for (size_t range = 0; range < ranges; range++) {
            const size_t last = conv->length * (range + 1) / ranges;
            for (size_t i = conv->length * range / ranges, end; i < last; i = end) {
                end = run_end(conv, i, first_inside, last);
                backward_run(conv, i, end, gy, packed, rows, gx);
            }
        }
    }
}

/* ---- weight gradient: a tile of sums over the batch, sixteen lanes each, held in registers ---- */
#if defined(__AVX512F__)
enum { TILE_ROWS = 5, TILE_COLUMNS = 5 };
#else
enum { TILE_ROWS = 2, TILE_COLUMNS = 3 };
#endif

/* A copy of [channels][length][batch] with the batch filled up to whole lanes and `margin` positions of zeros on both
 * sides of the signal, so that the sums below need no cases. */
typedef struct Padded {
    real *data;
    size_t length, batch;
} Padded;

static size_t whole_lanes(size_t batch) {
    return (batch + LANES - 1) / LANES * LANES;
}

static Padded pad_signal(ScratchUse use, size_t channels, size_t length, size_t margin, size_t batch,
                         const real *signal) {
    const Padded padded = {scratch_get(use, channels * (length + 2 * margin) * whole_lanes(batch), sizeof(real)),
                           length + 2 * margin, whole_lanes(batch)};
    const size_t side = margin * padded.batch;
    real *out = padded.data;
    for (size_t c = 0; c < channels; c++) {
        for (size_t i = 0; i < side; i++) *out++ = 0;
        for (size_t l = 0; l < length; l++, signal += batch, out += padded.batch) {
            memcpy(out, signal, batch * sizeof(real));
            for (size_t n = batch; n < padded.batch; n++) out[n] = 0;
        }
        for (size_t i = 0; i < side; i++) *out++ = 0;
    }
    return padded;
}

typedef real TileSums[TILE_ROWS][TILE_COLUMNS][LANES];

/* Sums over positions and batch of left rows (dense) times right rows (right_step apart from position to position).
 * The loops run at least once and say so: gcc then keeps acc in registers throughout. */
static void accumulate_tile(size_t positions, size_t batch, const real *const left[TILE_ROWS],
                            const real *const right[TILE_COLUMNS], size_t right_step, TileSums out) {
    real acc[TILE_ROWS][TILE_COLUMNS][LANES];
    size_t l = 0;
    UNROLL for (size_t i = 0; i < TILE_ROWS; i++)
        UNROLL for (size_t j = 0; j < TILE_COLUMNS; j++) for (size_t lane = 0; lane < LANES; lane++) acc[i][j][lane] =
            0;
    do {
        size_t n = 0;
        do {
            UNROLL for (size_t i = 0; i < TILE_ROWS; i++) UNROLL for (size_t j = 0; j < TILE_COLUMNS; j++)
                SIMD for (size_t lane = 0; lane < LANES; lane++) acc[i][j][lane] =
                    REAL_FMA(left[i][l * batch + n + lane], right[j][l * right_step + n + lane], acc[i][j][lane]);
            n += LANES;
        } while (n < batch);
    } while (++l < positions);
    UNROLL for (size_t i = 0; i < TILE_ROWS; i++)
        UNROLL for (size_t j = 0; j < TILE_COLUMNS; j++) for (size_t lane = 0; lane < LANES; lane++) out[i][j][lane] =
            acc[i][j][lane];
}

/* Column q of the gradient is tap q / in_channels of channel q % in_channels.  Rows and columns beyond the last are
 * computed as copies of the last and dropped. */
static void weight_tile(const Conv1d *conv, const Padded *gy, const Padded *x, size_t co0, size_t q0, real *gw) {
    const size_t in = conv->in_channels, out = conv->out_channels, columns = in * conv->width;
    const real *left[TILE_ROWS], *right[TILE_COLUMNS];
    TileSums sums;
    for (size_t i = 0; i < TILE_ROWS; i++) {
        const size_t co = co0 + i < out ? co0 + i : out - 1;
        left[i] = gy->data + co * gy->length * gy->batch;
    }
    for (size_t j = 0; j < TILE_COLUMNS; j++) {
        const size_t q = q0 + j < columns ? q0 + j : columns - 1;
        right[j] = x->data + (q % in * x->length + q / in) * x->batch;
    }
    accumulate_tile(gy->length, gy->batch, left, right, conv->stride * x->batch, sums);
    for (size_t i = 0; i < TILE_ROWS && co0 + i < out; i++)
        for (size_t j = 0; j < TILE_COLUMNS && q0 + j < columns; j++)
            gw[((co0 + i) * in + (q0 + j) % in) * conv->width + (q0 + j) / in] = lanes_sum(sums[i][j]);
}

void conv1d_weight_gradient(const Conv1d *conv, const real *gy, const real *x, real *gw) {
    const size_t columns = conv->in_channels * conv->width;
    const Padded left = pad_signal(SCRATCH_LEFT, conv->out_channels, conv1d_output_length(conv), 0, conv->batch, gy);
    const Padded right = pad_signal(SCRATCH_RIGHT, conv->in_channels, conv->length, conv->padding, conv->batch, x);
#pragma omp parallel for schedule(static) if (threads_worth(multiply_adds(conv)))
    for (size_t co = 0; co < conv->out_channels; co += TILE_ROWS)
        for (size_t q = 0; q < columns; q += TILE_COLUMNS) weight_tile(conv, &left, &right, co, q, gw);
}
