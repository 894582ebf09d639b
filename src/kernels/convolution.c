#include "kernels/convolution.h"

#include "kernels/convolution_blocks.h"
#include "kernels/convolution_pass.h"
#include "kernels/gemm.h"
#include "kernels/micro.h"
#include "kernels/parts.h"
#include "kernels/pooling.h"
#include "kernels/scratch.h"
#include "kernels/threads.h"

size_t axis_outputs(const ConvolutionAxis *axis) {
    return (axis->size + 2 * axis->padding - axis->taps) / axis->stride + 1;
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
    return image >= LARGE_IMAGE && pass->from >= SOME && pass->to >= SOME &&
           (pass->from >= MANY || pass->to >= MANY || meetings <= 2);
}

/* A pass by ranges of positions, or of pairs of them. */
typedef struct Ranges {
    const Pass *pass;
    size_t count, positions;
    int blocked;     /* products go by blocks (gemm_by_rows) */
    int32_t *choice; /* of convolution_relu_max_pool */
} Ranges;

/* A task has the runs of one range; a lone thread has them all. */
static void run_ranges(const Pass *pass, size_t positions, int32_t *choice, ThreadsTask *task) {
    const size_t most = threads_worth(pass_multiply_adds(pass)) ? 4 * threads_most() : 1;
    const Ranges ranges = {pass, at_most(most, positions), positions, blocks_pay(pass), choice};
    threads_run(ranges.count, ranges.count > 1, task, &ranges);
}

static size_t range_start(const Ranges *ranges, size_t range) {
    return ranges->positions * range / ranges->count;
}

/* ---- products ---- */

/* Positions [column, end) of a row, a run, to y, whose channels are y_step apart. */
static void run_product(const Ranges *ranges, size_t row, size_t column, size_t end, const real **sources, real *y,
                        size_t y_step) {
    const Pass *pass = ranges->pass;
    const Taps *down = &pass->row_taps[row], *across = &pass->column_taps[column];
    const size_t batch = pass->conv->batch, channel = pass->source_rows * pass->source_columns * batch;
    const Pack *pack = pass_pack(pass, across);
    size_t count = 0;
    for (size_t a = 0; a < down->count; a++)
        for (size_t b = 0; b < across->count; b++) {
            const size_t source_row = pass_source(pass, down, a), source_column = pass_source(pass, across, b);
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
    if (ranges->blocked)
        gemm_by_rows(&product);
    else
        micro_product(&product);
}

/* Positions [first, last) to y, which begins with the first.  Neighbouring positions of a row with the same taps that read
 * neighbouring positions are one product, whose columns are positions and examples. */
static void range_product(const Ranges *ranges, size_t first, size_t last, real *y, size_t y_step) {
    const Pass *pass = ranges->pass;
    const size_t taps = pass->conv->rows.taps * pass->conv->columns.taps;
    const real **sources = scratch_get(SCRATCH_ROWS, pass->from * taps, sizeof *sources);
    for (size_t position = first, end; position < last; position = end) {
        const size_t row = position / pass->columns, start = row * pass->columns;
        end = start + pass_run_end(pass, position - start, at_most(last - start, pass->columns), 1, 1);
        run_product(ranges, row, position - start, end - start, sources, y + (position - first) * pass->conv->batch,
                    y_step);
    }
}

static void range_task(const void *context, size_t range) {
    const Ranges *ranges = context;
    const Pass *pass = ranges->pass;
    const size_t first = range_start(ranges, range), batch = pass->conv->batch;
    range_product(ranges, first, range_start(ranges, range + 1), pass->y + first * batch, ranges->positions * batch);
}

static void run_pass(const Pass *pass) {
    if (blocks_pay(pass) && convolution_has_panels(pass->conv))
        convolution_by_blocks(pass);
    else
        run_ranges(pass, pass->rows * pass->columns, NULL, range_task);
}

void convolution_forward(const Convolution *conv, const real *x, const real *weight, const real *bias,
                         Activation activation, real *y) {
    const Convolution flat = flattened(conv);
    Pass pass = pass_of(&flat, FORWARD, weight);
    pass.x = x, pass.bias = bias, pass.activation = activation, pass.y = y;
    run_pass(&pass);
}

void convolution_input_gradient(const Convolution *conv, const real *gy, const real *weight, real *gx) {
    const Convolution flat = flattened(conv);
    Pass pass = pass_of(&flat, BACKWARD, weight);
    pass.x = gy, pass.y = gx;
    run_pass(&pass);
}

/* Maxima of a range of pairs, of whose outputs a few are in the first level at a time. */
static void relu_max_pool_task(const void *context, size_t range) {
    enum { PAIRS = 2 };
    const Ranges *ranges = context;
    const Pass *pass = ranges->pass;
    const size_t batch = pass->conv->batch, last = range_start(ranges, range + 1);
    real *outputs = scratch_get(SCRATCH_LEFT, pass->to * 2 * PAIRS * batch, sizeof *outputs);
    for (size_t pair = range_start(ranges, range), count; pair < last; pair += count) {
        count = at_most(last - pair, PAIRS);
        range_product(ranges, 2 * pair, 2 * (pair + count), outputs, 2 * count * batch);
        const Pool pool = {pass->to, batch, CONVOLUTION_ONE_ROW, POOL_PAIRS_AXIS(2 * count)};
        max_pool(&pool, ACTIVATION_RELU, outputs, pass->y + pair * batch, ranges->choice + pair * batch,
                 ranges->positions * batch);
    }
}

void convolution_relu_max_pool(const Convolution *conv, const real *x, const real *weight, const real *bias, real *y,
                               int32_t *choice) {
    Pass pass = pass_of(conv, FORWARD, weight);
    pass.x = x, pass.bias = bias, pass.y = y;
    run_ranges(&pass, pass.columns / 2, choice, relu_max_pool_task);
}
