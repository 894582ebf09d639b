#include "kernels/conv1d.h"

#include <string.h>

#include "kernels/lanes.h"
#include "kernels/micro.h"
#include "kernels/parts.h"
#include "kernels/pooling.h"
#include "kernels/scratch.h"
#include "kernels/threads.h"

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

static size_t multiply_adds(const Conv1d *conv) {
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

/* A task has the runs of one range of positions; a lone thread has them all. */
static size_t range_count(const Conv1d *conv, size_t positions) {
    const size_t ranges = threads_worth(multiply_adds(conv)) ? 4 * threads_most() : 1;
    return ranges < positions ? ranges : positions;
}

/* What all positions of a pass have in common, which reads x and writes y: signals going forward, their gradients going
 * backward. */
typedef struct Pass {
    const Conv1d *conv;
    const real *x, *packed, *bias;
    Activation activation;
    real *y;
    int32_t *choice;          /* of conv1d_relu_max_pool */
    size_t ranges, positions; /* all positions, in so many ranges */
} Pass;

static size_t range_start(const Pass *pass, size_t range) {
    return pass->positions * range / pass->ranges;
}

/* Outputs [first, last) to y, which begins with the first and whose channels are y_step apart. */
static void forward_range(const Pass *f, size_t first, size_t last, real *y, size_t y_step) {
    const Conv1d *conv = f->conv;
    const size_t in = conv->in_channels, batch = conv->batch;
    const real **rows = scratch_get(SCRATCH_ROWS, in * conv->width, sizeof *rows);
    for (size_t l = first, end; l < last; l = end) {
        end = run_end(conv, l, conv->padding, last);
        const Range taps = taps_inside(conv, l);
        size_t count = 0;
        for (size_t k = taps.first; k < taps.last; k++)
            for (size_t ci = 0; ci < in; ci++)
                rows[count++] = f->x + (ci * conv->length + l * conv->stride + k - conv->padding) * batch;
        const Product product = {.m = conv->out_channels,
                                 .n = (end - l) * batch,
                                 .k = count,
                                 .a = f->packed + taps.first * in,
                                 .a_row_stride = conv->width * in,
                                 .a_k_stride = 1,
                                 .b = rows,
                                 .c = y + (l - first) * batch,
                                 .ldc = y_step,
                                 .start = f->bias ? START_FROM_BIAS : START_ZERO,
                                 .bias = f->bias,
                                 .activation = f->activation};
        micro_product(&product);
    }
}

static void forward_task(const void *context, size_t range) {
    const Pass *f = context;
    const size_t first = range_start(f, range);
    forward_range(f, first, range_start(f, range + 1), f->y + first * f->conv->batch, f->positions * f->conv->batch);
}

void conv1d_forward(const Conv1d *conv, const real *x, const real *weight, const real *bias, Activation activation,
                    real *y) {
    const size_t outputs = conv1d_output_length(conv), ranges = range_count(conv, outputs);
    const Pass pass = {.conv = conv,
                       .x = x,
                       .packed = pack_forward(conv, weight),
                       .bias = bias,
                       .activation = activation,
                       .y = y,
                       .ranges = ranges,
                       .positions = outputs};
    threads_run(ranges, ranges > 1, forward_task, &pass);
}

/* Maxima of a range of pairs of outputs, a few pairs at a time, so that their outputs stay in the first-level cache. */
static void relu_max_pool_task(const void *context, size_t range) {
    enum { PAIRS = 2 };
    const Pass *f = context;
    const size_t batch = f->conv->batch, out = f->conv->out_channels, last = range_start(f, range + 1);
    real *outputs = scratch_get(SCRATCH_LEFT, out * 2 * PAIRS * batch, sizeof *outputs);
    for (size_t pair = range_start(f, range), count; pair < last; pair += count) {
        count = at_most(last - pair, PAIRS);
        forward_range(f, 2 * pair, 2 * (pair + count), outputs, 2 * count * batch);
        const Pool pool = {.channels = out, .length = 2 * count, .batch = batch};
        max_pool(&pool, ACTIVATION_RELU, outputs, f->y + pair * batch, f->choice + pair * batch, f->positions * batch);
    }
}

void conv1d_relu_max_pool(const Conv1d *conv, const real *x, const real *weight, const real *bias, real *y,
                          int32_t *choice) {
    const size_t pairs = pool_output_length(conv1d_output_length(conv)), ranges = range_count(conv, pairs);
    const Pass pass = {.conv = conv,
                       .x = x,
                       .packed = pack_forward(conv, weight),
                       .bias = bias,
                       .y = y,
                       .choice = choice,
                       .ranges = ranges,
                       .positions = pairs};
    threads_run(ranges, ranges > 1, relu_max_pool_task, &pass);
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
    for (size_t r = 0; r < residue && r < conv->width; r++) count += parts_of(conv->width - r, conv->stride);
    return count;
}

static void backward_task(const void *context, size_t range) {
    const Pass *pass = context;
    const Conv1d *conv = pass->conv;
    const size_t out = conv->out_channels, batch = conv->batch, outputs = conv1d_output_length(conv);
    /* At stride 1 position i meets the outputs from i + padding + 1 - width to i + padding. */
    const size_t first_inside = conv->width > conv->padding ? conv->width - 1 - conv->padding : 0;
    const size_t last = range_start(pass, range + 1);
    const real **rows = scratch_get(SCRATCH_ROWS, out * conv->width, sizeof *rows);
    for (size_t i = range_start(pass, range), end; i < last; i = end) {
        end = run_end(conv, i, first_inside, last);
        const size_t padded = i + conv->padding, residue = padded % conv->stride;
        size_t count = 0, skipped = 0;
        for (size_t k = residue; k < conv->width && k <= padded; k += conv->stride) {
            const size_t l = (padded - k) / conv->stride;
            if (l >= outputs)
                skipped++; /* l falls as k grows: only the first taps can lie beyond the end */
            else
                for (size_t co = 0; co < out; co++) rows[count++] = pass->x + (co * outputs + l) * batch;
        }
        const Product product = {.m = conv->in_channels,
                                 .n = (end - i) * batch,
                                 .k = count,
                                 .a = pass->packed + (taps_before(conv, residue) + skipped) * out,
                                 .a_row_stride = conv->width * out,
                                 .a_k_stride = 1,
                                 .b = rows,
                                 .c = pass->y + i * batch,
                                 .ldc = conv->length * batch,
                                 .start = START_ZERO};
        micro_product(&product);
    }
}

void conv1d_input_gradient(const Conv1d *conv, const real *gy, const real *weight, real *gx) {
    const size_t ranges = range_count(conv, conv->length);
    const Pass pass = {.conv = conv,
                       .x = gy,
                       .packed = pack_backward(conv, weight),
                       .y = gx,
                       .ranges = ranges,
                       .positions = conv->length};
    threads_run(ranges, ranges > 1, backward_task, &pass);
}

/* ---- weight gradient: a tile of sums over the batch, sixteen lanes each, held in registers ---- */
#if defined(__AVX512F__) && defined(__clang__)
enum { TILE_ROWS = 5, TILE_COLUMNS = 4 }; /* clang needs more registers beside the sums */
#elif defined(__AVX512F__)
enum { TILE_ROWS = 5, TILE_COLUMNS = 5 };
#else
enum { TILE_ROWS = 2, TILE_COLUMNS = 3 };
#endif

typedef real TileSums[TILE_ROWS][TILE_COLUMNS][LANES];

#define EACH_SUM                                                                                                       \
    UNROLL_ALL for (size_t i = 0; i < TILE_ROWS; i++) UNROLL_ALL for (size_t j = 0; j < TILE_COLUMNS; j++)             \
        SIMD for (size_t lane = 0; lane < LANES; lane++)

/* Some positions of TILE_ROWS rows: whole lanes in place, the rest of every position padded with zeros. */
typedef struct Rows {
    const real *data, *rests; /* [rows][row_step] and [rows][rest_step], with positions batch and LANES apart */
    size_t row_step, rest_step, batch;
} Rows;

/* The sums of products of the rows with TILE_COLUMNS columns, whose count elements are positions of whole lanes.  One
 * loop for whole lanes and rests: between two loops the sums would go through memory. */
static void accumulate_tile(const Rows *rows, const real *const columns[TILE_COLUMNS], size_t count, TileSums sums) {
    const size_t row_step = rows->row_step, rest_step = rows->rest_step, batch = rows->batch, rest = batch % LANES;
    const real *left = rows->data, *rests = rows->rests, *right[TILE_COLUMNS];
    size_t n = 0, m = 0; /* in the position, and in all */
    real acc[TILE_ROWS][TILE_COLUMNS][LANES];
    UNROLL_ALL for (size_t j = 0; j < TILE_COLUMNS; j++) right[j] = columns[j];
    EACH_SUM acc[i][j][lane] = 0;
    ASSUME_POSITIVE(count);
    while (m < count) {
        const int in_place = n + LANES <= batch;
        const real *row = in_place ? left : rests;
        const size_t step = in_place ? row_step : rest_step;
        EACH_SUM acc[i][j][lane] = REAL_FMA(row[i * step + lane], right[j][m + lane], acc[i][j][lane]);
        left += in_place ? LANES : rest;
        rests += in_place ? 0 : LANES;
        n = n + LANES < batch ? n + LANES : 0;
        m += LANES;
    }
    EACH_SUM sums[i][j][lane] = acc[i][j][lane];
}

/* What is left of a position, up to whole lanes, padded with zeros.  No memcpy: for a few hundred bytes the call costs
 * as much as the copy. */
static void copy_rest(size_t rest, const real *restrict from, real *restrict to) {
    const uint32_t kept = (uint32_t)(rest < LANES ? rest : LANES);
    SIMD for (uint32_t lane = 0; lane < LANES; lane++) to[lane] = lane < kept ? from[lane] : 0;
}

/* The signal by phases: [channels][stride][positions][batch], element (phase, i) being position i * stride + phase of
 * the signal with zeros on both sides.  So the positions that one tap reads follow one another in memory. */
typedef struct Phases {
    real *data;
    size_t positions, batch; /* per phase; of whole lanes */
} Phases;

static Phases phases_of(const Conv1d *conv, size_t channels, const real *x) {
    const size_t batch = parts_of(conv->batch, LANES) * LANES, padded = conv->length + 2 * conv->padding;
    const size_t positions = parts_of(padded, conv->stride);
    const Phases phases = {scratch_get(SCRATCH_RIGHT, channels * conv->stride * positions * batch, sizeof(real)),
                           positions, batch};
    real *out = phases.data;
    for (size_t c = 0; c < channels; c++)
        for (size_t phase = 0; phase < conv->stride; phase++)
            for (size_t i = phase; i < positions * conv->stride; i += conv->stride, out += batch) {
                if (i < conv->padding || i >= conv->padding + conv->length) {
                    memset(out, 0, batch * sizeof *out);
                    continue;
                }
                const real *from = x + (c * conv->length + i - conv->padding) * conv->batch;
                for (size_t n = 0; n < conv->batch; n += LANES) copy_rest(conv->batch - n, from + n, out + n);
            }
    return phases;
}

/* Where each column, that is a channel and a tap, reads for output 0. */
static const real **column_starts(const Conv1d *conv, size_t channels, const Phases *x) {
    const real **starts = scratch_get(SCRATCH_POINTERS, channels * conv->width + TILE_COLUMNS, sizeof *starts);
    size_t count = 0;
    for (size_t c = 0; c < channels; c++)
        for (size_t k = 0; k < conv->width; k++, count++)
            starts[count] =
                x->data + ((c * conv->stride + k % conv->stride) * x->positions + k / conv->stride) * x->batch;
    for (size_t j = 0; j < TILE_COLUMNS; j++) starts[count + j] = starts[count - 1];
    return starts;
}

enum {
    GROUP_CHANNELS = 25
}; /* whose copies stay in the second-level cache while all rows of tiles are multiplied with
                               * them */

/* A tile has TILE_ROWS rows to read: where there are fewer, a copy of them and of the last. */
static const real *whole_tile(size_t rows, size_t row, const real *gy) {
    if (rows == TILE_ROWS) return gy;
    real *copy = scratch_get(SCRATCH_LEFT, TILE_ROWS * row, sizeof *copy);
    for (size_t i = 0; i < TILE_ROWS; i++) memcpy(copy + i * row, gy + at_most(i, rows - 1) * row, row * sizeof *copy);
    return copy;
}

/* The rest of each position of a tile's rows. */
static const real *rests_of(const Conv1d *conv, const real *gy) {
    const size_t rest = conv->batch % LANES, positions = TILE_ROWS * conv1d_output_length(conv);
    real *rests = scratch_get(SCRATCH_ROWS, positions * LANES, sizeof *rests);
    for (size_t l = 0; l < positions && rest; l++)
        copy_rest(rest, gy + (l + 1) * conv->batch - rest, rests + l * LANES);
    return rests;
}

typedef struct WeightGradient {
    const Conv1d *conv;
    const real *gy, *x;
    real *gw;
    size_t tasks;
} WeightGradient;

/* Rows of tiles [first, last) of the gradient of the weights of channels [ci, ci + channels). */
static void weight_group(const WeightGradient *w, size_t ci, size_t channels, size_t first, size_t last) {
    const Conv1d *conv = w->conv;
    const size_t width = conv->width, in = conv->in_channels, columns = channels * width;
    const size_t outputs = conv1d_output_length(conv), row = outputs * conv->batch;
    const Phases right = phases_of(conv, channels, w->x + ci * conv->length * conv->batch);
    const real **starts = column_starts(conv, channels, &right);
    for (size_t co = first * TILE_ROWS; co < last * TILE_ROWS; co += TILE_ROWS) {
        const size_t rows = at_most(conv->out_channels - co, TILE_ROWS);
        const real *left = whole_tile(rows, row, w->gy + co * row);
        const Rows tile = {left, rests_of(conv, left), row, outputs * LANES, conv->batch};
        TileSums sums;
        for (size_t q = 0; q < columns; q += TILE_COLUMNS) {
            accumulate_tile(&tile, starts + q, outputs * right.batch, sums);
            for (size_t i = 0; i < rows; i++)
                for (size_t j = 0; j < TILE_COLUMNS && q + j < columns; j++)
                    w->gw[((co + i) * in + ci) * width + q + j] = lanes_sum(sums[i][j]);
        }
    }
}

static void weight_task(const void *context, size_t task) {
    const WeightGradient *w = context;
    const size_t rows = parts_of(w->conv->out_channels, TILE_ROWS), in = w->conv->in_channels;
    for (size_t ci = 0; ci < in; ci += GROUP_CHANNELS)
        weight_group(w, ci, at_most(in - ci, GROUP_CHANNELS), rows * task / w->tasks, rows * (task + 1) / w->tasks);
}

void conv1d_weight_gradient(const Conv1d *conv, const real *gy, const real *x, real *gw) {
    const size_t rows = parts_of(conv->out_channels, TILE_ROWS);
    const size_t tasks = threads_worth(multiply_adds(conv)) ? at_most(threads_most(), rows) : 1;
    const WeightGradient w = {conv, gy, x, gw, tasks};
    threads_run(tasks, tasks > 1, weight_task, &w);
}
