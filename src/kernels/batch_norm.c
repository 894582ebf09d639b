#include "kernels/batch_norm.h"

#include <math.h>

#include "kernels/lanes.h"
#include "kernels/reduce.h"
#include "kernels/threads.h"

static double sum_of(size_t count, const real *x) {
    double lanes[LANES] = {0};
    const size_t whole = count - count % LANES;
    for (size_t first = 0; first < whole; first += LANES)
        SIMD for (size_t i = 0; i < LANES; i++) lanes[i] += (double)x[first + i];
    for (size_t i = 0; i < count - whole; i++) lanes[i] += (double)x[whole + i];
    return lanes_sum_double(lanes);
}

/* What the tasks, one a channel, have in common; what a function does not use is NULL. */
typedef struct Work {
    const BatchNorm *norm;
    const real *x, *gamma, *beta, *g;
    real *y, *mean, *variance, *gx, *ggamma, *gbeta;
    int fixed;
} Work;

static void run(const Work *work, ThreadsTask *task) {
    const BatchNorm *norm = work->norm;
    threads_run(norm->channels, threads_worth(THREADS_ELEMENT_COST * norm->channels * norm->count), task, work);
}

static void statistics_task(const void *context, size_t c) {
    const Work *work = context;
    const size_t count = work->norm->count;
    const real *x = work->x + c * count;
    const real mean = (real)(sum_of(count, x) / (double)count);
    work->mean[c] = mean;
    work->variance[c] = (real)(product_sum(count, x, mean, x, mean) / (double)count);
}

void batch_norm_statistics(size_t channels, size_t count, const real *x, real *mean, real *variance) {
    const BatchNorm norm = {.channels = channels, .count = count};
    run(&(Work){.norm = &norm, .x = x, .mean = mean, .variance = variance}, statistics_task);
}

static double inverse_deviation(const BatchNorm *norm, size_t c) {
    return 1 / sqrt((double)norm->variance[c] + norm->epsilon);
}

static void forward_task(const void *context, size_t c) {
    const Work *work = context;
    const size_t count = work->norm->count;
    const real *x = work->x + c * count, mean = work->norm->mean[c], beta = work->beta[c];
    const real scale = (real)((double)work->gamma[c] * inverse_deviation(work->norm, c));
    real *restrict y = work->y + c * count;
    for (size_t i = 0; i < count; i++) y[i] = REAL_FMA(x[i] - mean, scale, beta);
}

void batch_norm_forward(const BatchNorm *norm, const real *x, const real *gamma, const real *beta, real *y) {
    run(&(Work){.norm = norm, .x = x, .gamma = gamma, .beta = beta, .y = y}, forward_task);
}

static void gradient_task(const void *context, size_t c) {
    const Work *work = context;
    const size_t count = work->norm->count;
    const double inverse = inverse_deviation(work->norm, c);
    const real *x = work->x + c * count, *g = work->g + c * count, mean = work->norm->mean[c];
    const double sum = sum_of(count, g), product = product_sum(count, g, 0, x, mean);
    const real scale = (real)((double)work->gamma[c] * inverse);
    const real shift = (real)(sum / (double)count), k = (real)(product * inverse * inverse / (double)count);
    real *restrict gx = work->gx + c * count;
    work->gbeta[c] = (real)sum;
    work->ggamma[c] = (real)(product * inverse);
    if (work->fixed)
        for (size_t i = 0; i < count; i++) gx[i] = scale * g[i];
    else
        for (size_t i = 0; i < count; i++) gx[i] = REAL_FMA(-k, x[i] - mean, g[i] - shift) * scale;
}

void batch_norm_gradient(const BatchNorm *norm, int fixed, const real *x, const real *gamma, const real *g, real *gx,
                         real *ggamma, real *gbeta) {
    run(
        &(Work){
            .norm = norm, .x = x, .gamma = gamma, .g = g, .gx = gx, .ggamma = ggamma, .gbeta = gbeta, .fixed = fixed},
        gradient_task);
}

void batch_norm_running(const BatchNorm *norm, double momentum, real *running_mean, real *running_variance) {
    const double unbiased = (double)norm->count / (double)(norm->count - 1);
    for (size_t c = 0; c < norm->channels; c++) {
        const double mean = (double)norm->mean[c], variance = (double)norm->variance[c] * unbiased;
        running_mean[c] = (real)(momentum * mean + (1 - momentum) * (double)running_mean[c]);
        running_variance[c] = (real)(momentum * variance + (1 - momentum) * (double)running_variance[c]);
    }
}
