#include "kernels/adaptive_pooling.h"

#include <string.h>

#include "kernels/simd.h"
#include "kernels/threads.h"

/* The inputs that an output meets. */
typedef struct Part {
    size_t first, end;
} Part;

static Part part_of(size_t output, size_t inputs, size_t outputs) {
    return (Part){output * inputs / outputs, ((output + 1) * inputs + outputs - 1) / outputs};
}

typedef struct Pooling {
    const AdaptivePool *pool;
    const real *from;
    real *to;
    int back; /* from outputs to inputs */
} Pooling;

/* One output of a channel: small [batch] is its own, large the channel's inputs. */
static void pool_part(const AdaptivePool *p, Part rows, Part columns, const real *large, real *small) {
    const real area = (real)((rows.end - rows.first) * (columns.end - columns.first));
    for (size_t r = rows.first; r < rows.end; r++)
        for (size_t c = columns.first; c < columns.end; c++) {
            const real *x = large + (r * p->columns + c) * p->batch;
            const int first = r == rows.first && c == columns.first;
            SIMD for (size_t b = 0; b < p->batch; b++) small[b] = first ? x[b] : small[b] + x[b];
        }
    SIMD for (size_t b = 0; b < p->batch; b++) small[b] /= area;
}

static void unpool_part(const AdaptivePool *p, Part rows, Part columns, const real *small, real *large) {
    const real area = (real)((rows.end - rows.first) * (columns.end - columns.first));
    for (size_t r = rows.first; r < rows.end; r++)
        for (size_t c = columns.first; c < columns.end; c++) {
            real *gx = large + (r * p->columns + c) * p->batch;
            SIMD for (size_t b = 0; b < p->batch; b++) gx[b] += small[b] / area;
        }
}

static void channel_task(const void *context, size_t channel) {
    const Pooling *pooling = context;
    const AdaptivePool *p = pooling->pool;
    const size_t large = p->rows * p->columns * p->batch, small = p->out_rows * p->out_columns * p->batch;
    if (pooling->back) memset(pooling->to + channel * large, 0, large * sizeof(real));
    for (size_t i = 0; i < p->out_rows; i++)
        for (size_t j = 0; j < p->out_columns; j++) {
            const Part rows = part_of(i, p->rows, p->out_rows), columns = part_of(j, p->columns, p->out_columns);
            const size_t at = channel * small + (i * p->out_columns + j) * p->batch;
            if (pooling->back)
                unpool_part(p, rows, columns, pooling->from + at, pooling->to + channel * large);
            else
                pool_part(p, rows, columns, pooling->from + channel * large, pooling->to + at);
        }
}

static void run(const AdaptivePool *pool, int back, const real *from, real *to) {
    const Pooling pooling = {pool, from, to, back};
    const size_t work =
        pool->channels * pool->batch * (pool->rows + pool->out_rows) * (pool->columns + pool->out_columns);
    threads_run(pool->channels, threads_worth(work), channel_task, &pooling);
}

void adaptive_average_pool(const AdaptivePool *pool, const real *x, real *y) {
    run(pool, 0, x, y);
}

void adaptive_average_unpool(const AdaptivePool *pool, const real *gy, real *gx) {
    run(pool, 1, gy, gx);
}
