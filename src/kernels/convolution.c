#include "kernels/convolution.h"

#include "kernels/gemm.h"
#include "kernels/micro.h"
#include "kernels/parts.h"
#include "kernels/pooling.h"
#include "kernels/scratch.h"
#include "kernels/threads.h"

size_t axis_outputs(const ConvolutionAxis *axis) {
    return (axis->size + 2 * axis->padding - axis->taps) / axis->stride + 1;
}

static size_t multiply_adds(const Convolution *conv) {
    return conv->batch * conv->in_channels * conv->out_channels * conv->rows.taps * conv->columns.taps *
           axis_outputs(&conv->rows) * axis_outputs(&conv->columns);
}

/* ---- which taps meet a position ----
 * Forward a position is an output and reads inputs, backward it is an input and reads outputs.  Along an axis it meets a
 * run of taps in an order of their own: by k mod stride, then k, backward, where it meets one residue only; by k
 * forward.  The positions that they read are neighbours, upwards forward and downwards backward. */

typedef enum Direction { FORWARD, BACKWARD } Direction;

typedef struct Taps {
    size_t first, count; /* of the order */
    size_t source;       /* the position that the first of them reads */
} Taps;

static Taps taps_forward(const ConvolutionAxis *axis, size_t output) {
    const size_t start = output * axis->stride, end = axis->size + axis->padding;
    const size_t first = start < axis->padding ? axis->padding - start : 0;
    const size_t last = end <= start ? 0 : at_most(end - start, axis->taps);
    return first < last ? (Taps){first, last - first, start + first - axis->padding} : (Taps){0, 0, 0};
}

static Taps taps_backward(const ConvolutionAxis *axis, size_t input) {
    const size_t padded = input + axis->padding, residue = padded % axis->stride, outputs = axis_outputs(axis);
    const size_t last = at_most(padded, axis->taps - 1), nearest = padded / axis->stride;
    if (residue > last) return (Taps){0, 0, 0};
    const size_t count = (last - residue) / axis->stride + 1;
    const size_t beyond = nearest >= outputs ? nearest - outputs + 1 : 0; /* the first taps would read outputs there */
    if (beyond >= count) return (Taps){0, 0, 0};
    size_t before = 0;
    for (size_t r = 0; r < residue; r++) before += parts_of(axis->taps - r, axis->stride);
    return (Taps){before + beyond, count - beyond, nearest - beyond};
}

static size_t positions_of(const ConvolutionAxis *axis, Direction direction) {
    return direction == FORWARD ? axis_outputs(axis) : axis->size;
}

static void list_taps(const ConvolutionAxis *axis, Direction direction, Taps *taps) {
    const size_t positions = positions_of(axis, direction);
    for (size_t i = 0; i < positions; i++)
        taps[i] = direction == FORWARD ? taps_forward(axis, i) : taps_backward(axis, i);
}

/* Of the index-th tap in the order, its k. */
static size_t tap_at(const ConvolutionAxis *axis, Direction direction, size_t index) {
    if (direction == FORWARD) return index;
    size_t residue = 0, count;
    while (index >= (count = parts_of(axis->taps - residue, axis->stride))) index -= count, residue++;
    return residue + index * axis->stride;
}

/* ---- packed weights ---- */

/* The weights of a run of column taps, [destination channel][row tap][column tap][source channel], both taps in their
 * order: so the weights of a run of row taps are one run of the chain. */
typedef struct Pack {
    size_t first, count; /* the column taps */
    const real *weights;
    size_t row; /* from a destination channel to the next */
} Pack;

/* What all positions of a pass have in common.  x and y are what is read and written, in either direction. */
typedef struct Pass {
    const Convolution *conv;
    Direction direction;
    size_t from, to;                                   /* channels read and written */
    size_t source_rows, source_columns, rows, columns; /* of x, of y */
    const Taps *row_taps, *column_taps;                /* [rows], [columns] */
    const Pack *packs;                                 /* the whole of the taps, then other runs of column taps */
    size_t n_packs;
    const real *x, *bias;
    Activation activation;
    real *y;
    int32_t *choice;          /* of convolution_relu_max_pool */
    int blocked;              /* products go by blocks (gemm_by_rows) */
    size_t ranges, positions; /* all positions, or pairs of them, in so many ranges */
} Pass;

static void pack_weights(const Pass *pass, const real *weight, size_t first, size_t count, real *packed) {
    const Convolution *conv = pass->conv;
    const size_t in = conv->in_channels, height = conv->rows.taps, width = conv->columns.taps, area = height * width;
    const size_t to_step = pass->direction == FORWARD ? in * area : area;
    const size_t from_step = pass->direction == FORWARD ? area : in * area;
    for (size_t a = 0; a < height; a++)
        for (size_t b = 0; b < count; b++) {
            const size_t k =
                tap_at(&conv->rows, pass->direction, a) * width + tap_at(&conv->columns, pass->direction, first + b);
            for (size_t to = 0; to < pass->to; to++)
                for (size_t from = 0; from < pass->from; from++)
                    packed[((to * height + a) * count + b) * pass->from + from] =
                        weight[to * to_step + from * from_step + k];
        }
}

static const Pack *pack_of(const Pass *pass, const Taps *taps) {
    for (size_t i = 0; i < pass->n_packs; i++)
        if (pass->packs[i].first == taps->first && pass->packs[i].count == taps->count) return &pass->packs[i];
    return NULL;
}

/* The whole, and a pack for each other run of column taps that positions meet: with one row of taps it is a part of the
 * whole, else a copy. */
static void make_packs(Pass *pass, const real *weight, Pack *packs) {
    const size_t height = pass->conv->rows.taps, width = pass->conv->columns.taps, tap = pass->to * height * pass->from;
    size_t taps = width;
    packs[0] = (Pack){0, width, NULL, height * width * pass->from};
    pass->packs = packs, pass->n_packs = 1;
    for (size_t i = 0; i < pass->columns; i++) {
        const Taps *run = &pass->column_taps[i];
        if (!run->count || pack_of(pass, run)) continue;
        packs[pass->n_packs++] = (Pack){run->first, run->count, NULL, height * run->count * pass->from};
        taps += height > 1 ? run->count : 0;
    }
    real *packed = scratch_get(SCRATCH_WEIGHTS, taps * tap, sizeof *packed);
    const real *whole = packed;
    for (size_t i = 0; i < pass->n_packs; i++) {
        packs[i].weights = packed;
        if (i && height == 1)
            packs[i].weights = whole + packs[i].first * pass->from, packs[i].row = width * pass->from;
        else
            pack_weights(pass, weight, packs[i].first, packs[i].count, packed), packed += packs[i].count * tap;
    }
}

/* A convolution of single taps that leaves nothing out is a product of matrices: one row of all positions. */
static Convolution flattened(const Convolution *conv) {
    const ConvolutionAxis *rows = &conv->rows, *columns = &conv->columns;
    if (rows->taps > 1 || columns->taps > 1 || rows->stride > 1 || columns->stride > 1 || rows->padding ||
        columns->padding)
        return *conv;
    Convolution flat = *conv;
    flat.columns.size = rows->size * columns->size;
    flat.rows = (ConvolutionAxis)CONVOLUTION_ONE_ROW;
    return flat;
}

/* Blocks cost a copy of what is read.  They pay where the weights do not stay in the second level beside what passes; where
 * a large image is read by one tap; and where tiles would read it in more places than pages are kept track of, or meet what
 * they read only once or twice, and enough rows use the copy. */
static int blocks_pay(const Pass *pass) {
    enum { MANY_WEIGHTS = 1 << 17, LARGE_IMAGE = 1 << 19, SOME = 32, MANY = 64 };
    const ConvolutionAxis *rows = &pass->conv->rows, *columns = &pass->conv->columns;
    const size_t taps = rows->taps * columns->taps, meetings = taps / (rows->stride * columns->stride);
    const size_t image = pass->from * pass->source_rows * pass->source_columns * pass->conv->batch;
    if (pass->to <= MICRO_ROWS) return 0;
    if (pass->to * pass->from * taps >= MANY_WEIGHTS) return 1;
    if (taps == 1) return image >= LARGE_IMAGE;
    return image > LARGE_IMAGE && pass->from >= SOME && pass->to >= SOME &&
           (pass->from >= MANY || pass->to >= MANY || meetings <= 2);
}

/* The pass's shape, taps and weights; what it reads and writes is left to the caller.  It lives in the calling thread's
 * scratch. */
static Pass pass_of(const Convolution *conv, Direction direction, const real *weight) {
    const ConvolutionAxis *rows = &conv->rows, *columns = &conv->columns;
    const Direction other = direction == FORWARD ? BACKWARD : FORWARD;
    Pass pass = {.conv = conv,
                 .direction = direction,
                 .from = direction == FORWARD ? conv->in_channels : conv->out_channels,
                 .to = direction == FORWARD ? conv->out_channels : conv->in_channels,
                 .source_rows = positions_of(rows, other),
                 .source_columns = positions_of(columns, other),
                 .rows = positions_of(rows, direction),
                 .columns = positions_of(columns, direction)};
    pass.blocked = blocks_pay(&pass);
    Taps *taps = scratch_get(SCRATCH_TAPS, pass.rows + pass.columns, sizeof *taps);
    list_taps(rows, direction, taps);
    list_taps(columns, direction, taps + pass.rows);
    pass.row_taps = taps, pass.column_taps = taps + pass.rows;
    make_packs(&pass, weight, scratch_get(SCRATCH_PACKS, pass.columns + 1, sizeof(Pack)));
    return pass;
}

/* A task has the runs of one range of positions; a lone thread has them all. */
static void divide(Pass *pass, size_t positions) {
    const size_t ranges = threads_worth(multiply_adds(pass->conv)) ? 4 * threads_most() : 1;
    pass->positions = positions;
    pass->ranges = at_most(ranges, positions);
}

static size_t range_start(const Pass *pass, size_t range) {
    return pass->positions * range / pass->ranges;
}

/* ---- products ---- */

/* Neighbouring positions of a row with the same taps that read neighbouring positions are one product, whose columns
 * are positions and examples; others are runs of one. */
static size_t run_end(const Pass *pass, size_t column, size_t last) {
    const Taps *taps = pass->column_taps;
    size_t end = column + 1;
    while (end < last && taps[end].first == taps[column].first && taps[end].count == taps[column].count &&
           taps[end].source == taps[column].source + (end - column))
        end++;
    return end;
}

/* Positions [column, end) of a row, a run, to y, whose channels are y_step apart. */
static void run_product(const Pass *pass, size_t row, size_t column, size_t end, const real **sources, real *y,
                        size_t y_step) {
    const Taps *down = &pass->row_taps[row], *across = &pass->column_taps[column];
    const size_t batch = pass->conv->batch, channel = pass->source_rows * pass->source_columns * batch;
    const Pack *pack = across->count ? pack_of(pass, across) : pass->packs;
    size_t count = 0;
    for (size_t a = 0; a < down->count; a++)
        for (size_t b = 0; b < across->count; b++) {
            const size_t source_row = pass->direction == FORWARD ? down->source + a : down->source - a;
            const size_t source_column = pass->direction == FORWARD ? across->source + b : across->source - b;
            const real *source = pass->x + (source_row * pass->source_columns + source_column) * batch;
            for (size_t from = 0; from < pass->from; from++) sources[count++] = source + from * channel;
        }
    const Product product = {.m = pass->to,
                             .n = (end - column) * batch,
                             .k = count,
                             .a = pack->weights + down->first * pack->count * pass->from,
                             .a_row_stride = pack->row,
                             .a_k_stride = 1,
                             .b = sources,
                             .c = y,
                             .ldc = y_step,
                             .start = pass->bias ? START_FROM_BIAS : START_ZERO,
                             .bias = pass->bias,
                             .activation = pass->activation};
    const ptrdiff_t step = pass->direction == FORWARD ? (ptrdiff_t)batch : -(ptrdiff_t)batch;
    if (pass->blocked) /* column taps read neighbouring positions */
        gemm_by_rows(&product, (Shifts){pass->from, across->count, step});
    else
        micro_product(&product);
}

/* Positions [first, last) to y, which begins with the first. */
static void range_product(const Pass *pass, size_t first, size_t last, real *y, size_t y_step) {
    const size_t taps = pass->conv->rows.taps * pass->conv->columns.taps;
    const real **sources = scratch_get(SCRATCH_ROWS, pass->from * taps, sizeof *sources);
    for (size_t position = first, end; position < last; position = end) {
        const size_t row = position / pass->columns, start = row * pass->columns;
        end = start + run_end(pass, position - start, at_most(last - start, pass->columns));
        run_product(pass, row, position - start, end - start, sources, y + (position - first) * pass->conv->batch,
                    y_step);
    }
}

static void range_task(const void *context, size_t range) {
    const Pass *pass = context;
    const size_t first = range_start(pass, range), batch = pass->conv->batch;
    range_product(pass, first, range_start(pass, range + 1), pass->y + first * batch, pass->positions * batch);
}

void convolution_forward(const Convolution *conv, const real *x, const real *weight, const real *bias,
                         Activation activation, real *y) {
    const Convolution flat = flattened(conv);
    Pass pass = pass_of(&flat, FORWARD, weight);
    pass.x = x, pass.bias = bias, pass.activation = activation, pass.y = y;
    divide(&pass, pass.rows * pass.columns);
    threads_run(pass.ranges, pass.ranges > 1, range_task, &pass);
}

void convolution_input_gradient(const Convolution *conv, const real *gy, const real *weight, real *gx) {
    const Convolution flat = flattened(conv);
    Pass pass = pass_of(&flat, BACKWARD, weight);
    pass.x = gy, pass.y = gx;
    divide(&pass, pass.rows * pass.columns);
    threads_run(pass.ranges, pass.ranges > 1, range_task, &pass);
}

/* Maxima of a range of pairs, of whose outputs a few are in the first level at a time. */
static void relu_max_pool_task(const void *context, size_t range) {
    enum { PAIRS = 2 };
    const Pass *pass = context;
    const size_t batch = pass->conv->batch, last = range_start(pass, range + 1);
    real *outputs = scratch_get(SCRATCH_LEFT, pass->to * 2 * PAIRS * batch, sizeof *outputs);
    for (size_t pair = range_start(pass, range), count; pair < last; pair += count) {
        count = at_most(last - pair, PAIRS);
        range_product(pass, 2 * pair, 2 * (pair + count), outputs, 2 * count * batch);
        const Pool pool = {pass->to, batch, CONVOLUTION_ONE_ROW, POOL_PAIRS_AXIS(2 * count)};
        max_pool(&pool, ACTIVATION_RELU, outputs, pass->y + pair * batch, pass->choice + pair * batch,
                 pass->positions * batch);
    }
}

void convolution_relu_max_pool(const Convolution *conv, const real *x, const real *weight, const real *bias, real *y,
                               int32_t *choice) {
    Pass pass = pass_of(conv, FORWARD, weight);
    pass.x = x, pass.bias = bias, pass.y = y, pass.choice = choice;
    divide(&pass, pass.columns / 2);
    threads_run(pass.ranges, pass.ranges > 1, relu_max_pool_task, &pass);
}
