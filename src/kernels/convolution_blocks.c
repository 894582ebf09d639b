/* A block is a run of examples and of columns of y, whose rows are written one after another.  Each row of x that they read
 * is copied once, by panels of MICRO_COLUMNS examples and all channels, so that a tile reads on and on.  As many as a row of
 * y meets stay in the second level while all weights pass. */
#include "kernels/convolution_blocks.h"

#include "kernels/micro.h"
#include "kernels/parts.h"
#include "kernels/prefetch.h"
#include "kernels/scratch.h"
#include "kernels/threads.h"

typedef struct Blocks {
    const Pass *pass;
    size_t step, advance;          /* of runs of columns (pass_run_end) */
    size_t panels, columns;        /* most in a block */
    size_t slices, strips, ranges; /* of examples, columns and rows: a task has one of each */
    size_t copied_rows;            /* of x in the copy */
    size_t panel;                  /* from a panel to the next */
} Blocks;

typedef struct Block {
    size_t example, examples; /* the first, and how many */
    size_t column, last;      /* of y */
    size_t source, sources;   /* columns of x */
    real *copy;               /* [copied_rows][sources][panels of a position] */
    size_t position;          /* from a position to the next */
} Block;

int convolution_has_panels(const Convolution *conv) {
    return conv->batch % MICRO_COLUMNS == 0 || conv->batch > 4 * MICRO_COLUMNS;
}

/* ---- how a pass is divided ---- */

/* Columns of x that so many neighbouring columns of y meet. */
static size_t columns_met(const Pass *pass, size_t columns) {
    const ConvolutionAxis *axis = &pass->conv->columns;
    const size_t met = pass->direction == FORWARD ? (columns - 1) * axis->stride + axis->taps
                                                  : parts_of(columns + axis->taps - 1, axis->stride);
    return at_most(met, pass->source_columns);
}

/* All examples, or half of them, or half of those ..., until so many columns fit that the borders, which the next block
 * copies again, are the smaller part. */
static Blocks blocks_of(const Pass *pass) {
    enum { COPY_BYTES = 768 * 1024, BETWEEN = 64 }; /* panels: or all would fall into the same sets */
    const ConvolutionAxis *rows = &pass->conv->rows, *columns = &pass->conv->columns;
    const size_t all = parts_of(pass->conv->batch, MICRO_COLUMNS);
    Blocks b = {.pass = pass,
                .step = pass->direction == FORWARD ? 1 : columns->stride,
                .advance = pass->direction == FORWARD ? columns->stride : 1,
                .panels = all,
                .copied_rows = pass->direction == FORWARD ? rows->taps : parts_of(rows->taps, rows->stride),
                .panel = pass->from * MICRO_COLUMNS + BETWEEN};
    for (;; b.panels = parts_of(b.panels, 2)) {
        const size_t most = COPY_BYTES / (b.copied_rows * b.panels * b.panel * sizeof(real));
        b.columns = pass->columns;
        while (b.columns > 1 && columns_met(pass, b.columns) > most) b.columns--;
        if (b.panels == 1 || b.columns >= at_most(columns->taps, pass->columns)) break;
    }
    const int parallel = threads_worth(pass_multiply_adds(pass));
    b.strips = parts_of(pass->columns, b.columns);
    b.columns = parts_of(pass->columns, b.strips);
    b.slices = parts_of(all, b.panels);
    b.ranges = parallel ? at_most(parts_of(4 * threads_most(), b.strips * b.slices), pass->rows) : 1;
    return b;
}

/* The first position of x that taps read. */
static size_t first_source(const Pass *pass, const Taps *taps) {
    return taps->count && pass->direction == BACKWARD ? taps->source + 1 - taps->count : taps->source;
}

static Block block_of(const Blocks *b, size_t slice, size_t strip) {
    const Pass *pass = b->pass;
    const size_t example = slice * b->panels * MICRO_COLUMNS, column = strip * b->columns;
    Block block = {.example = example,
                   .examples = at_most(pass->conv->batch - example, b->panels * MICRO_COLUMNS),
                   .column = column,
                   .last = at_most(column + b->columns, pass->columns),
                   .source = pass->source_columns};
    size_t end = 0;
    for (size_t i = column; i < block.last; i++) {
        const Taps *taps = &pass->column_taps[i];
        if (!taps->count) continue;
        block.source = at_most(block.source, first_source(pass, taps));
        if (end < first_source(pass, taps) + taps->count) end = first_source(pass, taps) + taps->count;
    }
    block.sources = end ? end - block.source : 0;
    block.position = parts_of(block.examples, MICRO_COLUMNS) * b->panel;
    block.copy = scratch_get(SCRATCH_GEMM, b->copied_rows * block.sources * block.position, sizeof(real));
    return block;
}

/* ---- the copy ---- */

static real *copied(const Blocks *b, const Block *block, size_t row, size_t column) {
    return block->copy + (row % b->copied_rows * block->sources + column - block->source) * block->position;
}

/* A panel's row of x, while the same of the next channel, pages away, is asked for.  Most are whole: of a length that the
 * compiler knows. */
static void copy_panel(const real *restrict x, const real *next, size_t columns, real *restrict panel) {
    for (size_t j = 0; j < MICRO_COLUMNS; j += LINE_ELEMENTS) PREFETCH(next + j, 1);
    if (columns >= MICRO_COLUMNS)
        for (size_t j = 0; j < MICRO_COLUMNS; j++) panel[j] = x[j];
    else
        for (size_t j = 0; j < columns; j++) panel[j] = x[j];
}

static void copy_row(const Blocks *b, const Block *block, size_t row) {
    const Pass *pass = b->pass;
    const size_t batch = pass->conv->batch, channel = pass->source_rows * pass->source_columns * batch;
    for (size_t c = 0; c < pass->from; c++) {
        const real *x = pass->x + c * channel + (row * pass->source_columns + block->source) * batch + block->example;
        const size_t next = c + 1 < pass->from ? channel : 0;
        real *position = copied(b, block, row, block->source) + c * MICRO_COLUMNS;
        for (size_t s = 0; s < block->sources; s++, x += batch, position += block->position)
            for (size_t n = 0; n < block->examples; n += MICRO_COLUMNS)
                copy_panel(x + n, x + n + next, block->examples - n, position + n / MICRO_COLUMNS * b->panel);
    }
}

/* ---- products ---- */

/* A panel of a position: where its columns begin in y's row of a channel and in those of the copy, and how many they are. */
typedef struct Columns {
    size_t y, copy, count;
} Columns;

static size_t list_columns(const Blocks *b, const Block *block, size_t row, size_t column, size_t end, Columns *list) {
    size_t count = 0, copy = 0;
    for (; column < end; column += b->step, copy += b->advance * block->position)
        for (size_t n = 0; n < block->examples; n += MICRO_COLUMNS)
            list[count++] = (Columns){(row * b->pass->columns + column) * b->pass->conv->batch + block->example + n,
                                      copy + n / MICRO_COLUMNS * b->panel, at_most(block->examples - n, MICRO_COLUMNS)};
    return count;
}

/* What a position's chain reads. */
static size_t list_rows(const Blocks *b, const Block *block, const Taps *down, const Taps *across, const real **list) {
    size_t count = 0;
    for (size_t i = 0; i < down->count; i++)
        for (size_t j = 0; j < across->count; j++) {
            const real *panel = copied(b, block, pass_source(b->pass, down, i), pass_source(b->pass, across, j));
            for (size_t c = 0; c < b->pass->from; c++) list[count++] = panel + c * MICRO_COLUMNS;
        }
    return count;
}

/* A part of the chains at a time, so that a tile's weights stay in the first level while all columns pass. */
static void multiply_run(const Blocks *b, const Block *block, size_t row, size_t column, size_t end) {
    enum { LONGEST_PART = 512 };
    const Pass *pass = b->pass;
    const Taps *down = &pass->row_taps[row], *across = &pass->column_taps[column];
    const Pack *pack = pass_pack(pass, across);
    const size_t ldc = pass->rows * pass->columns * pass->conv->batch, blocks = micro_block_count(pass->to);
    const real **rows = scratch_get(SCRATCH_POINTERS, down->count * across->count * pass->from, sizeof *rows);
    Columns *columns = scratch_get(SCRATCH_RUNS, (end - column) * b->panels, sizeof *columns);
    const size_t k = list_rows(b, block, down, across, rows), parts = k ? parts_of(k, LONGEST_PART) : 1;
    const size_t n_columns = list_columns(b, block, row, column, end, columns);
    const MicroStart start = pass->bias ? START_FROM_BIAS : START_ZERO;
    for (size_t part = 0; part < parts; part++)
        for (size_t i = 0; i < blocks; i++) {
            const size_t first = micro_block_start(pass->to, blocks, i), k0 = k * part / parts;
            Product product = {.m = micro_block_start(pass->to, blocks, i + 1) - first,
                               .k = k * (part + 1) / parts - k0,
                               .a = pack->weights + first * pack->row + down->first * pack->count * pass->from + k0,
                               .a_row_stride = pack->row,
                               .a_k_stride = 1,
                               .b = rows + k0,
                               .ldc = ldc,
                               .start = part ? START_FROM_C : start,
                               .bias = pass->bias ? pass->bias + first : NULL,
                               .activation = part + 1 == parts ? pass->activation : ACTIVATION_NONE};
            const int ahead = part || micro_writes_limit(&(Product){.m = pass->to, .k = k, .ldc = ldc});
            for (size_t j = 0; j < n_columns; j++) {
                product.n = columns[j].count, product.b_column = columns[j].copy;
                product.c = pass->y + first * ldc + columns[j].y;
                if (ahead && j + 1 < n_columns) micro_prefetch(&product, 0, product.m, columns[j + 1].y - columns[j].y);
                micro_product(&product);
            }
        }
}

static void block_task(const void *context, size_t task) {
    const Blocks *b = context;
    const Pass *pass = b->pass;
    const size_t range = task % b->ranges, strip = task / b->ranges % b->strips, slice = task / b->ranges / b->strips;
    const Block block = block_of(b, slice, strip);
    size_t next = 0; /* row of x that is not copied */
    for (size_t row = pass->rows * range / b->ranges; row < pass->rows * (range + 1) / b->ranges; row++) {
        const Taps *down = &pass->row_taps[row];
        const size_t first = first_source(pass, down);
        for (next = next < first ? first : next; next < first + down->count; next++) copy_row(b, &block, next);
        for (size_t residue = 0; residue < b->step; residue++)
            for (size_t column = block.column + residue, end; column < block.last; column = end) {
                end = pass_run_end(pass, column, block.last, b->step, b->advance);
                multiply_run(b, &block, row, column, end);
            }
    }
}

void convolution_by_blocks(const Pass *pass) {
    const Blocks blocks = blocks_of(pass);
    const size_t tasks = blocks.slices * blocks.strips * blocks.ranges;
    threads_run(tasks, tasks > 1 && threads_worth(pass_multiply_adds(pass)), block_task, &blocks);
}
