#include "kernels/pooling.h"

#include "kernels/parts.h"
#include "kernels/scratch.h"
#include "kernels/simd.h"
#include "kernels/threads.h"

/* ---- who meets whom ----
 * Along an axis an output meets the inputs of its window, and an input the outputs of the windows it is in: neighbours
 * either way.  What is computed for the one is a target, what it meets are sources. */

typedef struct Run {
    size_t first, count; /* of the sources */
    size_t tap;          /* the place in the window where the first meets the target */
} Run;

static Run window_of(const ConvolutionAxis *axis, size_t output) {
    const size_t start = output * axis->stride, tap = start < axis->padding ? axis->padding - start : 0;
    const size_t first = start + tap - axis->padding, end = at_most(start + axis->taps - axis->padding, axis->size);
    return (Run){first, end - first, tap};
}

static Run windows_with(const ConvolutionAxis *axis, size_t input) {
    const size_t padded = input + axis->padding, end = at_most(padded / axis->stride + 1, axis_outputs(axis));
    const size_t first = padded < axis->taps ? 0 : (padded - axis->taps) / axis->stride + 1;
    return first < end ? (Run){first, end - first, padded - first * axis->stride} : (Run){0, 0, 0};
}

/* A target and its sources, all examples of each: where they are in memory, and how a row and a column of sources goes on
 * there and in the place that max_pool's choice names. */
typedef struct Met {
    size_t target, source, row_step;
    size_t rows, columns; /* of sources: both are 0 or neither */
    int32_t choice, row_choice, column_choice;
} Met;

typedef struct Positions {
    size_t rows, columns;
} Positions;

/* Targets in tasks of a row each.  The caller of visit_all sets the pool, which side is the target, step unless channels
 * follow each other, and what its visit needs. */
typedef struct Work Work;
struct Work {
    const Pool *pool;
    int of_outputs; /* the targets are outputs, else inputs */
    size_t step;    /* from channel to channel of targets */
    void (*visit)(const Work *work, const Met *met);
    const real *source, *norm, *x; /* norm: beside source; x: at targets */
    const int32_t *chosen;         /* at the outputs */
    size_t divisor;
    real *target;
    Activation before;
    int32_t *choice;
    Positions targets, sources;
    const Run *down, *across; /* of each row, each column of targets */
};

static void row_task(const void *context, size_t task) {
    const Work *work = context;
    const ConvolutionAxis *rows = &work->pool->rows, *columns = &work->pool->columns;
    const size_t batch = work->pool->batch, channel = task / work->targets.rows, row = task % work->targets.rows;
    const Run *down = &work->down[row], *across = work->across;
    const size_t source_row = channel * work->sources.rows + down->first;
    const int32_t taps = (int32_t)columns->taps, column_choice = work->of_outputs ? 1 : -(int32_t)columns->stride;
    const int32_t row_choice = taps * (work->of_outputs ? 1 : -(int32_t)rows->stride);
    for (size_t column = 0; column < work->targets.columns; column++, across++) {
        const Met met = {.target = channel * work->step + (row * work->targets.columns + column) * batch,
                         .source = (source_row * work->sources.columns + across->first) * batch,
                         .row_step = work->sources.columns * batch,
                         .rows = across->count ? down->count : 0,
                         .columns = down->count ? across->count : 0,
                         .choice = 1 + (int32_t)down->tap * taps + (int32_t)across->tap,
                         .row_choice = row_choice,
                         .column_choice = column_choice};
        work->visit(work, &met);
    }
}

/* A meeting of an input and an output takes as long as so many multiply-adds. */
enum { MEETING_COST = 32 };

static void visit_all(Work work) {
    const Pool *pool = work.pool;
    const Positions inputs = {pool->rows.size, pool->columns.size};
    const Positions outputs = {axis_outputs(&pool->rows), axis_outputs(&pool->columns)};
    const size_t meetings = outputs.rows * outputs.columns * pool->rows.taps * pool->columns.taps;
    work.targets = work.of_outputs ? outputs : inputs;
    work.sources = work.of_outputs ? inputs : outputs;
    if (!work.step) work.step = work.targets.rows * work.targets.columns * pool->batch;
    Run *runs = scratch_get(SCRATCH_RUNS, work.targets.rows + work.targets.columns, sizeof *runs);
    work.down = runs, work.across = runs + work.targets.rows;
    for (size_t i = 0; i < work.targets.rows; i++)
        runs[i] = work.of_outputs ? window_of(&pool->rows, i) : windows_with(&pool->rows, i);
    runs += work.targets.rows;
    for (size_t i = 0; i < work.targets.columns; i++)
        runs[i] = work.of_outputs ? window_of(&pool->columns, i) : windows_with(&pool->columns, i);
    threads_run(pool->channels * work.targets.rows,
                threads_worth(MEETING_COST * pool->channels * meetings * pool->batch), row_task, &work);
}

/* ---- vectors of examples ----
 * A target's examples go by whole vectors, the last of which overlaps the one before and finds the same values again: the
 * 4 examples that are left of 100 would cost a third of all the time one by one.  Fewer than a vector do go one by one. */

enum { VECTOR = 64 / sizeof(real) };

#define VISIT(name, rows, columns)                                                                                     \
    for (size_t n = 0; n < batch && batch >= VECTOR; n += VECTOR)                                                      \
        name##_examples(work, met, at_most(n, batch - VECTOR), VECTOR, rows, columns);                                 \
    for (size_t n = 0; n < batch && batch < VECTOR; n++) name##_examples(work, met, n, 1, rows, columns)
/* The usual numbers of sources are constants, which makes the loops over them straight code. */
#define DEFINE_VISIT(name)                                                                                             \
    static void name(const Work *work, const Met *met) {                                                               \
        const size_t batch = work->pool->batch, rows = met->rows, columns = met->columns;                              \
        if (rows == 1 && columns == 1) {                                                                               \
            VISIT(name, 1, 1);                                                                                         \
        } else if (rows == 1 && columns == 2) {                                                                        \
            VISIT(name, 1, 2);                                                                                         \
        } else if (rows == 2 && columns == 2) {                                                                        \
            VISIT(name, 2, 2);                                                                                         \
        } else if (rows == 3 && columns == 3) {                                                                        \
            VISIT(name, 3, 3);                                                                                         \
        } else {                                                                                                       \
            VISIT(name, rows, columns);                                                                                \
        }                                                                                                              \
    }

/* The sources in order; s is where one's examples begin. */
#define EACH_SOURCE                                                                                                    \
    for (size_t a = 0; a < rows; a++)                                                                                  \
        for (size_t b = 0, s = met->source + a * met->row_step; b < columns; b++, s += batch)
#define CHOICE(met) ((met)->choice + (int32_t)a * (met)->row_choice + (int32_t)b * (met)->column_choice)

static inline void maximum_examples(const Work *work, const Met *met, size_t n, size_t count, size_t rows,
                                    size_t columns) {
    const size_t batch = work->pool->batch;
    const int32_t keep = work->before != ACTIVATION_RELU;
    real best[VECTOR];
    int32_t choice[VECTOR];
    SIMD for (size_t i = 0; i < count; i++) best[i] = -INFINITY, choice[i] = met->choice;
    EACH_SOURCE {
        const real *v = work->source + s + n;
        const int32_t here = CHOICE(met);
        SIMD for (size_t i = 0; i < count; i++) {
            const int takes = (v[i] > best[i]) | (v[i] != v[i]);
            best[i] = takes ? v[i] : best[i];
            choice[i] = takes ? here : choice[i];
        }
    }
    real *y = work->target + met->target + n;
    int32_t *chosen = work->choice + met->target + n;
    SIMD for (size_t i = 0; i < count; i++) {
        const int32_t kept = (best[i] > 0) | keep;
        y[i] = kept ? best[i] : 0;
        chosen[i] = kept ? choice[i] : 0;
    }
}
DEFINE_VISIT(maximum)

void max_pool(const Pool *pool, Activation before, const real *x, real *y, int32_t *choice, size_t step) {
    visit_all((Work){.pool = pool,
                     .of_outputs = 1,
                     .step = step,
                     .visit = maximum,
                     .source = x,
                     .target = y,
                     .before = before,
                     .choice = choice});
}

static inline void gather_examples(const Work *work, const Met *met, size_t n, size_t count, size_t rows,
                                   size_t columns) {
    const size_t batch = work->pool->batch;
    const int32_t *chosen = work->chosen + met->target + n;
    real value[VECTOR];
    SIMD for (size_t i = 0; i < count; i++) value[i] = 0;
    EACH_SOURCE {
        const real *v = work->source + s + n;
        const int32_t here = CHOICE(met);
        SIMD for (size_t i = 0; i < count; i++) value[i] = chosen[i] == here ? v[i] : value[i];
    }
    real *y = work->target + met->target + n;
    SIMD for (size_t i = 0; i < count; i++) y[i] = value[i];
}
DEFINE_VISIT(gather)

void max_gather(const Pool *pool, const int32_t *choice, const real *values, real *y) {
    visit_all((Work){.pool = pool, .of_outputs = 1, .visit = gather, .source = values, .chosen = choice, .target = y});
}

/* A chain from -0 is one from its first term, to the sign of a zero: -0 + a is a for every a. */
static inline void begin_chains(const Met *met, real sum[VECTOR]) {
    const real start = met->rows ? REAL(-0.0) : 0;
    SIMD for (size_t i = 0; i < VECTOR; i++) sum[i] = start;
}

static inline void unpool_examples(const Work *work, const Met *met, size_t n, size_t count, size_t rows,
                                   size_t columns) {
    const size_t batch = work->pool->batch;
    const real *g = work->source + n;
    const int32_t *chosen = work->chosen + n;
    real sum[VECTOR];
    begin_chains(met, sum);
    EACH_SOURCE {
        const int32_t here = CHOICE(met);
        SIMD for (size_t i = 0; i < count; i++) sum[i] += chosen[s + i] == here ? g[s + i] : 0;
    }
    real *gx = work->target + met->target + n;
    SIMD for (size_t i = 0; i < count; i++) gx[i] = sum[i];
}
DEFINE_VISIT(unpool)

void max_unpool(const Pool *pool, const int32_t *choice, const real *gy, real *gx) {
    visit_all((Work){.pool = pool, .visit = unpool, .source = gy, .chosen = choice, .target = gx});
}

static inline void sum_examples(const Work *work, const Met *met, size_t n, size_t count, size_t rows, size_t columns) {
    const size_t batch = work->pool->batch;
    const real *v = work->source + n;
    real sum[VECTOR];
    begin_chains(met, sum);
    EACH_SOURCE SIMD for (size_t i = 0; i < count; i++) sum[i] += v[s + i];
    real *out = work->target + met->target + n;
    const real divisor = (real)work->divisor, inverse = 1 / divisor;
    if (work->divisor & (work->divisor - 1))
        SIMD for (size_t i = 0; i < count; i++) out[i] = sum[i] / divisor;
    else /* a power of two: the same and faster */
        SIMD for (size_t i = 0; i < count; i++) out[i] = sum[i] * inverse;
}
DEFINE_VISIT(sum)

void sum_pool(const Pool *pool, size_t divisor, const real *x, real *y) {
    visit_all((Work){.pool = pool, .of_outputs = 1, .visit = sum, .source = x, .divisor = divisor, .target = y});
}

void sum_unpool(const Pool *pool, size_t divisor, const real *gy, real *gx) {
    visit_all((Work){.pool = pool, .visit = sum, .source = gy, .divisor = divisor, .target = gx});
}

static inline void norm_examples(const Work *work, const Met *met, size_t n, size_t count, size_t rows,
                                 size_t columns) {
    const size_t batch = work->pool->batch;
    const real *v = work->source + n;
    real sum[VECTOR];
    begin_chains(met, sum);
    EACH_SOURCE SIMD for (size_t i = 0; i < count; i++) sum[i] = REAL_FMA(v[s + i], v[s + i], sum[i]);
    real *y = work->target + met->target + n;
    SIMD for (size_t i = 0; i < count; i++) y[i] = REAL_SQRT(sum[i]);
}
DEFINE_VISIT(norm)

void l2_pool(const Pool *pool, const real *x, real *y) {
    visit_all((Work){.pool = pool, .of_outputs = 1, .visit = norm, .source = x, .target = y});
}

static inline real quotient_or_zero(real g, real norm) {
    const real divisor = norm > 0 ? norm : 1;
    return norm > 0 ? g / divisor : 0;
}

static inline void spread_examples(const Work *work, const Met *met, size_t n, size_t count, size_t rows,
                                   size_t columns) {
    const size_t batch = work->pool->batch;
    const real *g = work->source + n, *norm = work->norm + n, *x = work->x + met->target + n;
    real sum[VECTOR];
    begin_chains(met, sum);
    EACH_SOURCE SIMD for (size_t i = 0; i < count; i++) {
        sum[i] = REAL_FMA(quotient_or_zero(g[s + i], norm[s + i]), x[i], sum[i]);
    }
    real *gx = work->target + met->target + n;
    SIMD for (size_t i = 0; i < count; i++) gx[i] = sum[i];
}
DEFINE_VISIT(spread)

void l2_unpool(const Pool *pool, const real *x, const real *y, const real *gy, real *gx) {
    visit_all((Work){.pool = pool, .visit = spread, .source = gy, .x = x, .norm = y, .target = gx});
}
