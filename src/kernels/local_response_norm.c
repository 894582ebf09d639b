#include "kernels/local_response_norm.h"

#include "exact/exact_real.h"
#include "kernels/parts.h"
#include "kernels/scratch.h"
#include "kernels/simd.h"
#include "kernels/threads.h"

/* A task has all channels of so many places, which stay in the first levels while windows overlap. */
enum { PLACES = 128, COST = 32 /* of an element, in multiply-adds */ };

typedef struct Work {
    const LocalResponse *norm;
    size_t channels, count;
    const real *x, *g;
    real *out;
} Work;

/* d and p of places of a channel. */
static void powers(const Work *work, size_t channel, size_t place, size_t places, real *restrict d, real *restrict p) {
    const LocalResponse *norm = work->norm;
    const size_t before = norm->size / 2, end = at_most(channel + (norm->size - 1) / 2 + 1, work->channels);
    const real scale = (real)(norm->alpha / (double)norm->size), k = (real)norm->k, exponent = (real)-norm->beta;
    for (size_t i = 0; i < places; i++) d[i] = 0;
    for (size_t c = channel < before ? 0 : channel - before; c < end; c++) {
        const real *x = work->x + c * work->count + place;
        SIMD for (size_t i = 0; i < places; i++) d[i] = REAL_FMA(x[i], x[i], d[i]);
    }
    SIMD for (size_t i = 0; i < places; i++) {
        d[i] = REAL_FMA(scale, d[i], k);
        p[i] = real_exp(exponent * real_log(d[i]));
    }
}

static void forward_task(const void *context, size_t task) {
    const Work *work = context;
    const size_t place = task * PLACES, places = at_most(work->count - place, PLACES);
    real d[PLACES], p[PLACES];
    for (size_t c = 0; c < work->channels; c++) {
        const size_t at = c * work->count + place;
        powers(work, c, place, places, d, p);
        for (size_t i = 0; i < places; i++) work->out[at + i] = work->x[at + i] * p[i];
    }
}

/* First g p to the output and what passes on to the neighbours beside it, then what comes from them. */
static void gradient_task(const void *context, size_t task) {
    const Work *work = context;
    const LocalResponse *norm = work->norm;
    const size_t place = task * PLACES, places = at_most(work->count - place, PLACES), before = (norm->size - 1) / 2;
    const real factor = (real)(-2 * norm->alpha * norm->beta / (double)norm->size);
    real d[PLACES], p[PLACES], *passed = scratch_get(SCRATCH_NORM, work->channels * PLACES, sizeof *passed);
    for (size_t c = 0; c < work->channels; c++) {
        const real *x = work->x + c * work->count + place, *g = work->g + c * work->count + place;
        real *restrict gx = work->out + c * work->count + place, *restrict q = passed + c * PLACES;
        powers(work, c, place, places, d, p);
        SIMD for (size_t i = 0; i < places; i++) {
            const real own = g[i] * p[i];
            gx[i] = own;
            q[i] = own * x[i] / d[i];
        }
    }
    for (size_t c = 0; c < work->channels; c++) {
        const size_t end = at_most(c + norm->size / 2 + 1, work->channels);
        const real *x = work->x + c * work->count + place;
        real *restrict gx = work->out + c * work->count + place, *restrict sum = d;
        for (size_t i = 0; i < places; i++) sum[i] = 0;
        for (size_t from = c < before ? 0 : c - before; from < end; from++)
            SIMD for (size_t i = 0; i < places; i++) sum[i] += passed[from * PLACES + i];
        SIMD for (size_t i = 0; i < places; i++) gx[i] = REAL_FMA(factor * x[i], sum[i], gx[i]);
    }
}

static void run(const Work *work, ThreadsTask *task) {
    const size_t cost = work->channels * work->count * (work->norm->size + COST);
    threads_run(parts_of(work->count, PLACES), threads_worth(cost), task, work);
}

void local_response_norm_forward(const LocalResponse *norm, size_t channels, size_t count, const real *x, real *y) {
    run(&(Work){norm, channels, count, x, NULL, y}, forward_task);
}

void local_response_norm_gradient(const LocalResponse *norm, size_t channels, size_t count, const real *x,
                                  const real *g, real *gx) {
    run(&(Work){norm, channels, count, x, g, gx}, gradient_task);
}
