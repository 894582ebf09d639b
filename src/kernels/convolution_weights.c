/* Tiles of sums over positions and examples, sixteen lanes each, are held in registers while a block of positions goes
 * by. */
#include "kernels/convolution_weights.h"

#include <string.h>

#include "kernels/lanes.h"
#include "kernels/parts.h"
#include "kernels/scratch.h"
#include "kernels/threads.h"

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

/* A block of positions of TILE_ROWS channels of gy: whole lanes in place, the rest of every position padded with
 * zeros. */
typedef struct Left {
    const real *data, *rests; /* [rows][row_step] and [rows][rest_step], with positions batch and LANES apart */
    size_t row_step, rest_step, batch;
} Left;

/* Adds the products of the rows with TILE_COLUMNS columns, whose positions, of whole lanes, are right_step apart.  One
 * loop for whole lanes and rests: between two loops the sums would go through memory. */
static void accumulate_tile(const Left *rows, const real *const columns[TILE_COLUMNS], size_t positions,
                            size_t right_step, TileSums sums) {
    const size_t row_step = rows->row_step, rest_step = rows->rest_step, batch = rows->batch, rest = batch % LANES;
    const size_t lanes = parts_of(batch, LANES), count = positions * lanes, gap = right_step - lanes * LANES;
    const real *left = rows->data, *rests = rows->rests, *right[TILE_COLUMNS];
    size_t n = 0, m = 0; /* in the position, and of the columns */
    real acc[TILE_ROWS][TILE_COLUMNS][LANES];
    UNROLL_ALL for (size_t j = 0; j < TILE_COLUMNS; j++) right[j] = columns[j];
    EACH_SUM acc[i][j][lane] = sums[i][j][lane];
    ASSUME_POSITIVE(count);
    for (size_t done = 0; done < count; done++) {
        const int in_place = n + LANES <= batch;
        const real *row = in_place ? left : rests;
        const size_t step = in_place ? row_step : rest_step;
        EACH_SUM acc[i][j][lane] = REAL_FMA(row[i * step + lane], right[j][m + lane], acc[i][j][lane]);
        left += in_place ? LANES : rest;
        rests += in_place ? 0 : LANES;
        n = n + LANES < batch ? n + LANES : 0;
        m += LANES + (n ? 0 : gap);
    }
    EACH_SUM sums[i][j][lane] = acc[i][j][lane];
}

/* What is left of a position beyond whole lanes, padded with zeros. */
static void copy_rest(size_t rest, const real *restrict from, real *restrict to) {
    const uint32_t kept = (uint32_t)at_most(rest, LANES);
    SIMD for (uint32_t lane = 0; lane < LANES; lane++) to[lane] = lane < kept ? from[lane] : 0;
}

/* A whole position, padded likewise.  No memcpy: for a few hundred bytes the call costs as much as the copy. */
static void copy_position(size_t batch, const real *restrict from, real *restrict to) {
    size_t n = 0;
    for (; n + LANES <= batch; n += LANES)
        SIMD for (size_t lane = 0; lane < LANES; lane++) to[n + lane] = from[n + lane];
    if (n < batch) copy_rest(batch - n, from + n, to + n);
}

/* What the rows of tiles are multiplied with: some input channels as the taps meet them, positions of whole lanes. */
typedef struct Right {
    const real *data; /* [channels][rows.size][columns.size][batch] */
    ConvolutionAxis rows, columns;
    size_t batch;
    const real *zeros; /* for taps outside: as long as any block */
} Right;

enum { BLOCK_VECTORS = 160 }; /* of a row of gy in a block: a tile's rows stay near the first level */

/* Positions of gy in a block. */
static size_t block_positions(const Convolution *conv) {
    const size_t positions = BLOCK_VECTORS / parts_of(conv->batch, LANES);
    return positions ? positions : 1;
}

/* In place where a position is of whole lanes; else a copy, with its border, whose positions are. */
static Right right_of(const Convolution *conv, size_t channels, const real *x) {
    const ConvolutionAxis *rows = &conv->rows, *columns = &conv->columns;
    const size_t batch = parts_of(conv->batch, LANES) * LANES;
    if (batch == conv->batch) {
        const size_t longest = block_positions(conv) * columns->stride * batch;
        real *zeros = scratch_get(SCRATCH_RIGHT, longest, sizeof *zeros);
        memset(zeros, 0, longest * sizeof *zeros);
        return (Right){x, *rows, *columns, batch, zeros};
    }
    const size_t height = rows->size + 2 * rows->padding, width = columns->size + 2 * columns->padding;
    real *out = scratch_get(SCRATCH_RIGHT, channels * height * width * batch, sizeof *out);
    const Right right = {.data = out,
                         .rows = {height, rows->taps, rows->stride, 0},
                         .columns = {width, columns->taps, columns->stride, 0},
                         .batch = batch};
    for (size_t c = 0; c < channels; c++)
        for (size_t i = 0; i < height; i++)
            for (size_t j = 0; j < width; j++, out += batch) {
                const size_t row = i - rows->padding, column = j - columns->padding; /* wraps above size */
                if (row >= rows->size || column >= columns->size) {
                    memset(out, 0, batch * sizeof *out);
                    continue;
                }
                copy_position(conv->batch, x + ((c * rows->size + row) * columns->size + column) * conv->batch, out);
            }
    return right;
}

/* One past the last output of the block that begins with this one: outputs all of whose taps are inside, or one. */
static size_t block_end(const ConvolutionAxis *axis, size_t output, size_t limit) {
    const size_t outputs = axis_outputs(axis), first = parts_of(axis->padding, axis->stride);
    const size_t last_start = axis->size + axis->padding - axis->taps; /* wraps where no output is inside */
    const size_t end = axis->size + axis->padding < axis->taps ? 0 : at_most(last_start / axis->stride + 1, outputs);
    return output < first || output >= end ? output + 1 : at_most(output + limit, end);
}

/* Where each column, a channel and a tap, meets the first output of the block. */
static void column_starts(const Right *right, size_t channels, size_t row, size_t column, const real **starts) {
    const ConvolutionAxis *rows = &right->rows, *columns = &right->columns;
    size_t count = 0;
    for (size_t c = 0; c < channels; c++)
        for (size_t a = 0; a < rows->taps; a++)
            for (size_t b = 0; b < columns->taps; b++, count++) {
                const size_t i = row * rows->stride + a - rows->padding; /* both wrap above size where outside */
                const size_t j = column * columns->stride + b - columns->padding;
                starts[count] = i < rows->size && j < columns->size
                                    ? right->data + ((c * rows->size + i) * columns->size + j) * right->batch
                                    : right->zeros;
            }
    for (size_t j = 0; j < TILE_COLUMNS; j++) starts[count + j] = starts[count - 1];
}

typedef struct WeightGradient {
    const Convolution *conv;
    const real *gy, *x;
    real *gw;
    size_t tasks;
} WeightGradient;

/* The rows of a tile begin at co, or so much before that there are as many. */
static size_t tile_start(const Convolution *conv, size_t co) {
    return conv->out_channels < TILE_ROWS ? 0 : at_most(co, conv->out_channels - TILE_ROWS);
}

/* A tile has TILE_ROWS rows to read: where there are fewer, a copy of them and of the last. */
static Left left_of(const Convolution *conv, const real *gy, size_t co, size_t position, size_t positions) {
    const size_t batch = conv->batch, rest = batch % LANES, count = positions * batch;
    const size_t row_step = axis_outputs(&conv->rows) * axis_outputs(&conv->columns) * batch;
    Left left = {gy + tile_start(conv, co) * row_step + position * batch, NULL, row_step, positions * LANES, batch};
    if (conv->out_channels < TILE_ROWS) {
        real *copy = scratch_get(SCRATCH_LEFT, TILE_ROWS * count, sizeof *copy);
        for (size_t i = 0; i < TILE_ROWS; i++)
            memcpy(copy + i * count, left.data + at_most(i, conv->out_channels - 1) * row_step, count * sizeof *copy);
        left.data = copy, left.row_step = count;
    }
    if (!rest) return left;
    real *rests = scratch_get(SCRATCH_ROWS, TILE_ROWS * left.rest_step, sizeof *rests);
    for (size_t i = 0; i < TILE_ROWS; i++)
        for (size_t l = 0; l < positions; l++)
            copy_rest(rest, left.data + i * left.row_step + (l + 1) * batch - rest,
                      rests + (i * positions + l) * LANES);
    left.rests = rests;
    return left;
}

/* The sums of a tile that is done: those of channel ci's and the following ones' weights, from column q on. */
static void write_tile(const WeightGradient *w, size_t ci, size_t columns, size_t tile, size_t q, TileSums sums) {
    const Convolution *conv = w->conv;
    const size_t area = conv->rows.taps * conv->columns.taps, start = tile_start(conv, tile * TILE_ROWS);
    for (size_t co = tile * TILE_ROWS; co < at_most((tile + 1) * TILE_ROWS, conv->out_channels); co++)
        for (size_t j = 0; j < at_most(columns - q, TILE_COLUMNS); j++)
            w->gw[(co * conv->in_channels + ci) * area + q + j] = lanes_sum(sums[co - start][j]);
}

/* Rows of tiles [first, last) of the gradient of the weights of channels [ci, ci + channels).  The sums of all tiles are
 * kept from block to block. */
static void weight_group(const WeightGradient *w, size_t ci, size_t channels, size_t first, size_t last) {
    const Convolution *conv = w->conv;
    const size_t count = channels * conv->rows.taps * conv->columns.taps, wide = parts_of(count, TILE_COLUMNS);
    const size_t height = axis_outputs(&conv->rows), width = axis_outputs(&conv->columns);
    const Right right = right_of(conv, channels, w->x + ci * conv->rows.size * conv->columns.size * conv->batch);
    const size_t limit = block_positions(conv), step = conv->columns.stride * right.batch;
    const int one_block = height == 1 && block_end(&right.columns, 0, limit) == width;
    const real **starts = scratch_get(SCRATCH_POINTERS, count + TILE_COLUMNS, sizeof *starts);
    TileSums *all = scratch_get(SCRATCH_SUMS, one_block ? 1 : (last - first) * wide, sizeof *all);
    for (size_t row = 0; row < height; row++)
        for (size_t column = 0, end; column < width; column = end) {
            end = block_end(&right.columns, column, limit);
            column_starts(&right, channels, row, column, starts);
            for (size_t tile = first; tile < last; tile++) {
                const Left left = left_of(conv, w->gy, tile * TILE_ROWS, row * width + column, end - column);
                for (size_t q = 0; q < wide; q++) {
                    TileSums *sums = one_block ? all : &all[(tile - first) * wide + q];
                    if (!row && !column) memset(sums, 0, sizeof *sums);
                    accumulate_tile(&left, starts + q * TILE_COLUMNS, end - column, step, *sums);
                    if (row + 1 == height && end == width) write_tile(w, ci, count, tile, q * TILE_COLUMNS, *sums);
                }
            }
        }
}

/* Input channels whose sums and inputs stay in the second level while all rows of tiles meet them. */
static size_t group_channels(const Convolution *conv) {
    enum { SUMS_BYTES = 512 * 1024, MOST = 25 };
    const size_t channel = conv->rows.taps * conv->columns.taps * conv->out_channels * LANES * sizeof(real);
    return at_most(SUMS_BYTES / channel + 1, MOST);
}

static void weight_task(const void *context, size_t task) {
    const WeightGradient *w = context;
    const size_t tiles = parts_of(w->conv->out_channels, TILE_ROWS), in = w->conv->in_channels;
    const size_t group = group_channels(w->conv);
    for (size_t ci = 0; ci < in; ci += group)
        weight_group(w, ci, at_most(in - ci, group), tiles * task / w->tasks, tiles * (task + 1) / w->tasks);
}

void convolution_weight_gradient(const Convolution *conv, const real *gy, const real *x, real *gw) {
    const size_t tiles = parts_of(conv->out_channels, TILE_ROWS);
    const size_t work = conv->batch * conv->in_channels * conv->out_channels * conv->rows.taps * conv->columns.taps *
                        axis_outputs(&conv->rows) * axis_outputs(&conv->columns);
    const size_t tasks = threads_worth(work) ? at_most(threads_most(), tiles) : 1;
    const WeightGradient w = {conv, gy, x, gw, tasks};
    threads_run(tasks, tasks > 1, weight_task, &w);
}
