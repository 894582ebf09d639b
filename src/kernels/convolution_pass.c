#include "kernels/convolution_pass.h"

#include <string.h>

#include "kernels/parts.h"
#include "kernels/scratch.h"

/* ---- which taps meet a position ---- */

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

size_t pass_source(const Pass *pass, const Taps *taps, size_t index) {
    return pass->direction == FORWARD ? taps->source + index : taps->source - index;
}

size_t pass_run_end(const Pass *pass, size_t column, size_t last, size_t step, size_t advance) {
    const Taps *taps = pass->column_taps;
    size_t end = column + step, source = taps[column].source + advance;
    for (; end < last; end += step, source += advance)
        if (taps[end].first != taps[column].first || taps[end].count != taps[column].count ||
            taps[end].source != source)
            break;
    return end;
}

/* ---- packed weights ---- */

static void pack_weights(const Pass *pass, const real *weight, real *packed) {
    const ConvolutionAxis *rows = &pass->conv->rows, *columns = &pass->conv->columns;
    const size_t in = pass->conv->in_channels, width = columns->taps, area = rows->taps * width;
    const size_t to_step = pass->direction == FORWARD ? in * area : area;
    const size_t from_step = pass->direction == FORWARD ? area : in * area;
    size_t *const order = scratch_get(SCRATCH_POINTERS, area, sizeof *order); /* of all taps, by rows */
    for (size_t i = 0; i < area; i++)
        order[i] = tap_at(rows, pass->direction, i / width) * width + tap_at(columns, pass->direction, i % width);
    for (size_t to = 0; to < pass->to; to++, packed += area * pass->from)
        for (size_t from = 0; from < pass->from; from++) {
            const real *taps = weight + to * to_step + from * from_step;
            for (size_t i = 0; i < area; i++) packed[i * pass->from + from] = taps[order[i]];
        }
}

static void pack_run(const Pass *pass, const Pack *run, const real *whole, real *packed) {
    const size_t length = run->count * pass->from, rows = pass->to * pass->conv->rows.taps;
    whole += run->first * pass->from;
    for (size_t i = 0; i < rows; i++, whole += pass->conv->columns.taps * pass->from, packed += length)
        memcpy(packed, whole, length * sizeof *packed);
}

static const Pack *find_pack(const Pass *pass, const Taps *taps) {
    for (size_t i = 0; i < pass->n_packs; i++)
        if (pass->packs[i].first == taps->first && pass->packs[i].count == taps->count) return &pass->packs[i];
    return NULL;
}

const Pack *pass_pack(const Pass *pass, const Taps *across) {
    return across->count ? find_pack(pass, across) : pass->packs;
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
        if (!run->count || find_pack(pass, run)) continue;
        packs[pass->n_packs++] = (Pack){run->first, run->count, NULL, height * run->count * pass->from};
        taps += height > 1 ? run->count : 0;
    }
    real *const whole = scratch_get(SCRATCH_WEIGHTS, taps * tap, sizeof *whole), *packed = whole + width * tap;
    packs[0].weights = whole;
    pack_weights(pass, weight, whole);
    for (Pack *run = packs + 1; run < packs + pass->n_packs; run++) {
        run->weights = height > 1 ? packed : whole + run->first * pass->from;
        if (height > 1)
            pack_run(pass, run, whole, packed), packed += run->count * tap;
        else
            run->row = width * pass->from;
    }
}

Pass pass_of(const Convolution *conv, Direction direction, const real *weight) {
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
    Taps *taps = scratch_get(SCRATCH_TAPS, pass.rows + pass.columns, sizeof *taps);
    list_taps(rows, direction, taps);
    list_taps(columns, direction, taps + pass.rows);
    pass.row_taps = taps, pass.column_taps = taps + pass.rows;
    make_packs(&pass, weight, scratch_get(SCRATCH_PACKS, pass.columns + 1, sizeof(Pack)));
    return pass;
}

size_t pass_multiply_adds(const Pass *pass) {
    const ConvolutionAxis *rows = &pass->conv->rows, *columns = &pass->conv->columns;
    return pass->conv->batch * pass->from * pass->to * rows->taps * columns->taps * axis_outputs(rows) *
           axis_outputs(columns);
}
