/* Tiles of sums over positions and examples, sixteen lanes each, are held in registers while a block of positions goes
 * by.  What a block meets is copied first: gy by the rows of a tile, so that it lies in the first level as it is read, x
 * by channels and rows of taps, so that it lies in the second; both are read on and on, and what is outside the image or
 * the batch is zeros there. */
#include "kernels/convolution_weights.h"

#include <string.h>

#include "kernels/lanes.h"
#include "kernels/parts.h"
#include "kernels/prefetch.h"
#include "kernels/scratch.h"
#include "kernels/threads.h"

#if defined(__AVX512F__) && defined(__clang__)
enum { TILE_ROWS = 4, TILE_COLUMNS = 5 }; /* clang needs more registers beside the sums */
#elif defined(__AVX512F__)
enum { TILE_ROWS = 4, TILE_COLUMNS = 6 };
#else
enum { TILE_ROWS = 2, TILE_COLUMNS = 3 };
#endif

typedef real TileSums[TILE_ROWS][TILE_COLUMNS][LANES];

#define EACH_SUM                                                                                                       \
    UNROLL_ALL for (size_t i = 0; i < TILE_ROWS; i++) UNROLL_ALL for (size_t j = 0; j < TILE_COLUMNS; j++)             \
        SIMD for (size_t lane = 0; lane < LANES; lane++)

/* Adds count products of the rows, left [count][TILE_ROWS][LANES], with the columns, [count][LANES] each.  Asks in passing
 * for as much memory from ahead on: all at once it would keep other loads waiting. */
static void accumulate_tile(size_t count, const real *restrict left, const real *const columns[TILE_COLUMNS],
                            const real *ahead, TileSums sums) {
    const real *right[TILE_COLUMNS];
    real acc[TILE_ROWS][TILE_COLUMNS][LANES];
    UNROLL_ALL for (size_t j = 0; j < TILE_COLUMNS; j++) right[j] = columns[j];
    EACH_SUM acc[i][j][lane] = sums[i][j][lane];
    ASSUME_POSITIVE(count);
    for (size_t n = 0; n < count; n++, left += TILE_ROWS * LANES) {
        PREFETCH(ahead + n * LANES, 2);
        EACH_SUM acc[i][j][lane] = REAL_FMA(left[i * LANES + lane], right[j][n * LANES + lane], acc[i][j][lane]);
    }
    EACH_SUM sums[i][j][lane] = acc[i][j][lane];
}

/* A position, padded with zeros to whole lanes that are step apart.  No memcpy: for a few hundred bytes the call costs as
 * much as the copy. */
static void copy_position(size_t batch, const real *restrict from, real *restrict to, size_t step) {
    size_t n = 0;
    for (; n + LANES <= batch; n += LANES, to += step)
        SIMD for (size_t lane = 0; lane < LANES; lane++) to[lane] = from[n + lane];
    if (n == batch) return;
    const uint32_t kept = (uint32_t)(batch - n);
    SIMD for (uint32_t lane = 0; lane < LANES; lane++) to[lane] = lane < kept ? from[n + lane] : 0;
}

typedef struct WeightGradient {
    const Convolution *conv;
    const real *gy, *x;
    real *gw;
    size_t height, width; /* of gy */
    size_t lanes;         /* of a position */
    size_t positions;     /* most in a block */
    size_t group, groups; /* input channels together, and how often */
    size_t parts;         /* of the rows of tiles: a task has one, for one group */
} WeightGradient;

/* The first row of a tile: its own, or so much before that there are as many as it has. */
static size_t tile_start(const Convolution *conv, size_t tile) {
    return conv->out_channels < TILE_ROWS ? 0 : at_most(tile * TILE_ROWS, conv->out_channels - TILE_ROWS);
}

/* ---- what is multiplied ---- */

/* Positions [column, column + count) of a row of outputs. */
typedef struct Block {
    size_t row, column, count;
} Block;

/* The block that follows, or one without positions behind the last. */
static Block next_block(const WeightGradient *w, Block block) {
    block.column += block.count;
    if (block.column == w->width) block.row++, block.column = 0;
    block.count = block.row < w->height ? at_most(w->width - block.column, w->positions) : 0;
    return block;
}

/* Row i of a tile in a block, the last channel again where there are fewer than rows. */
static const real *left_row(const WeightGradient *w, size_t tile, size_t i, const Block *block) {
    const size_t channel = at_most(tile_start(w->conv, tile) + i, w->conv->out_channels - 1);
    return w->gy + ((channel * w->height + block->row) * w->width + block->column) * w->conv->batch;
}

static void copy_left(const WeightGradient *w, size_t tile, const Block *block, real *left) {
    const size_t batch = w->conv->batch;
    for (size_t i = 0; i < TILE_ROWS; i++) {
        const real *from = left_row(w, tile, i, block);
        real *to = left + i * LANES;
        for (size_t l = 0; l < block->count; l++, from += batch, to += w->lanes * TILE_ROWS * LANES)
            copy_position(batch, from, to, TILE_ROWS * LANES);
    }
}

/* A row of x as a row of taps meets it in a block: [residues][residue_positions][lanes].  Column taps of the same residue
 * by the stride meet the same positions, one further each. */
static size_t residues(const ConvolutionAxis *columns) {
    return at_most(columns->stride, columns->taps);
}

static size_t residue_positions(const ConvolutionAxis *columns, size_t positions) {
    return positions + (columns->taps - 1) / columns->stride;
}

static size_t right_positions(const ConvolutionAxis *columns, size_t positions) {
    return residues(columns) * residue_positions(columns, positions);
}

/* The index-th position in such a row of channel c and tap a; NULL outside the image. */
static const real *right_position(const WeightGradient *w, size_t c, size_t a, const Block *block, size_t index) {
    const ConvolutionAxis *rows = &w->conv->rows, *columns = &w->conv->columns;
    const size_t positions = residue_positions(columns, block->count);
    const size_t i = block->row * rows->stride + a - rows->padding; /* both wrap above size where outside */
    const size_t j = (block->column + index % positions) * columns->stride + index / positions - columns->padding;
    if (i >= rows->size || j >= columns->size) return NULL;
    return w->x + ((c * rows->size + i) * columns->size + j) * w->conv->batch;
}

/* Nothing needs to be copied where whole positions follow one another in x as the taps meet them. */
static int right_in_place(const Convolution *conv) {
    return conv->batch % LANES == 0 && conv->columns.stride == 1 && !conv->rows.padding && !conv->columns.padding;
}

/* Where each column, a channel of [ci, ci + channels) and a tap, begins. */
static void copy_right(const WeightGradient *w, size_t ci, size_t channels, const Block *block, const real **starts) {
    const ConvolutionAxis *rows = &w->conv->rows, *columns = &w->conv->columns;
    const size_t row = right_positions(columns, block->count), step = w->lanes * LANES;
    const size_t residue = residue_positions(columns, block->count);
    const int in_place = right_in_place(w->conv);
    real *to = in_place ? NULL : scratch_get(SCRATCH_RIGHT, channels * rows->taps * row * step, sizeof *to);
    for (size_t c = ci; c < ci + channels; c++)
        for (size_t a = 0; a < rows->taps; a++) {
            const real *right = in_place ? right_position(w, c, a, block, 0) : to;
            for (size_t index = 0; !in_place && index < row; index++, to += step) {
                const real *from = right_position(w, c, a, block, index);
                if (from)
                    copy_position(w->conv->batch, from, to, LANES);
                else
                    memset(to, 0, step * sizeof *to);
            }
            for (size_t b = 0; b < columns->taps; b++)
                *starts++ = right + (b % columns->stride * residue + b / columns->stride) * step;
        }
    for (size_t j = 0; j < TILE_COLUMNS; j++) starts[j] = starts[-1];
}

/* ---- sums ---- */

/* The sums of a tile that is done: those of channel ci's and the following ones' weights, from column q on. */
static void write_tile(const WeightGradient *w, size_t ci, size_t columns, size_t tile, size_t q, TileSums sums) {
    const Convolution *conv = w->conv;
    const size_t area = conv->rows.taps * conv->columns.taps, start = tile_start(conv, tile);
    for (size_t co = tile * TILE_ROWS; co < at_most((tile + 1) * TILE_ROWS, conv->out_channels); co++)
        for (size_t j = 0; j < at_most(columns - q, TILE_COLUMNS); j++)
            w->gw[(co * conv->in_channels + ci) * area + q + j] = lanes_sum(sums[co - start][j]);
}

/* What may be asked for in passing, before it is copied: in a tile's first columns a row of the next tile, then what the next
 * block meets beyond this one, a channel and a row of taps after another.  NULL: nothing. */
static const real *coming(const WeightGradient *w, size_t ci, size_t rows_of_right, size_t tile, size_t first, size_t last,
                          size_t q, const Block *block, const Block *next, size_t *asked) {
    const ConvolutionAxis *columns = &w->conv->columns;
    if (q < TILE_ROWS && tile + 1 < last) return left_row(w, tile + 1, q, block);
    if (!next->count) return NULL;
    if (q < TILE_ROWS) return left_row(w, first, q, next);
    if (*asked == rows_of_right) return NULL;
    const size_t taps = w->conv->rows.taps, row = (*asked)++;
    return right_position(w, ci + row / taps, row % taps, next, (columns->taps - 1) / columns->stride);
}

/* Of one group and one part of the rows of tiles.  The sums of all their tiles are kept from block to block. */
static void weight_task(const void *context, size_t task) {
    const WeightGradient *w = context;
    const Convolution *conv = w->conv;
    const size_t ci = task / w->parts * w->group, channels = at_most(conv->in_channels - ci, w->group);
    const size_t tiles = parts_of(conv->out_channels, TILE_ROWS), part = task % w->parts;
    const size_t first = tiles * part / w->parts, last = tiles * (part + 1) / w->parts;
    const size_t count = channels * conv->rows.taps * conv->columns.taps, wide = parts_of(count, TILE_COLUMNS);
    const int one_block = w->height == 1 && w->width == w->positions;
    const real **starts = scratch_get(SCRATCH_POINTERS, count + TILE_COLUMNS, sizeof *starts);
    real *left = scratch_get(SCRATCH_LEFT, w->positions * w->lanes * TILE_ROWS * LANES, sizeof *left);
    TileSums *all = scratch_get(SCRATCH_SUMS, one_block ? 1 : (last - first) * wide, sizeof *all);
    for (Block block = {0, 0, w->positions}, next; block.count; block = next) {
        size_t asked = 0;
        next = next_block(w, block);
        copy_right(w, ci, channels, &block, starts);
        for (size_t tile = first; tile < last; tile++) {
            copy_left(w, tile, &block, left);
            for (size_t q = 0; q < wide; q++) {
                TileSums *sums = one_block ? all : &all[(tile - first) * wide + q];
                const real *ahead =
                    coming(w, ci, channels * conv->rows.taps, tile, first, last, q, &block, &next, &asked);
                if (!block.row && !block.column) memset(sums, 0, sizeof *sums);
                accumulate_tile(block.count * w->lanes, left, starts + q * TILE_COLUMNS, ahead ? ahead : left, *sums);
                if (!next.count) write_tile(w, ci, count, tile, q * TILE_COLUMNS, *sums);
            }
        }
    }
}

/* Blocks of about equal length of a row of gy: the rows of a tile stay in the first level. */
static size_t block_positions(size_t width, size_t lanes) {
    enum { BLOCK_LANES = 64 };
    const size_t most = BLOCK_LANES < lanes ? 1 : BLOCK_LANES / lanes;
    return parts_of(width, parts_of(width, most));
}

/* Input channels whose sums and inputs stay in the second level while all rows of tiles meet them, in whole tiles.  So a
 * thread's working memory is no more than these bytes, but for what one channel needs. */
static size_t group_channels(const WeightGradient *w) {
    enum { SUMS_BYTES = 512 * 1024, RIGHT_BYTES = 768 * 1024 };
    const ConvolutionAxis *rows = &w->conv->rows, *columns = &w->conv->columns;
    const size_t sums = rows->taps * columns->taps * w->conv->out_channels * LANES * sizeof(real);
    const size_t right = rows->taps * right_positions(columns, w->positions) * w->lanes * LANES * sizeof(real);
    const size_t most = at_most(SUMS_BYTES / sums, RIGHT_BYTES / right);
    return most < TILE_COLUMNS ? most + !most : most / TILE_COLUMNS * TILE_COLUMNS;
}

void convolution_weight_gradient(const Convolution *conv, const real *gy, const real *x, real *gw) {
    WeightGradient w = {.conv = conv,
                        .gy = gy,
                        .x = x,
                        .gw = gw,
                        .height = axis_outputs(&conv->rows),
                        .width = axis_outputs(&conv->columns),
                        .lanes = parts_of(conv->batch, LANES)};
    const size_t tiles = parts_of(conv->out_channels, TILE_ROWS), taps = conv->rows.taps * conv->columns.taps;
    const int parallel =
        threads_worth(conv->batch * conv->in_channels * conv->out_channels * taps * w.height * w.width);
    w.positions = block_positions(w.width, w.lanes);
    w.group = at_most(group_channels(&w), conv->in_channels);
    w.groups = parts_of(conv->in_channels, w.group);
    w.parts = parallel ? at_most(parts_of(2 * threads_most(), w.groups), tiles) : 1;
    threads_run(w.groups * w.parts, parallel, weight_task, &w);
}
