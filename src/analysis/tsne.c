#include "analysis/tsne.h"

#include <math.h>
#include <string.h>

#include "analysis/principal.h"
#include "analysis/repulsion.h"
#include "analysis/vector64.h"
#include "base/state_trace.h"
#include "exact/exact.h"
#include "kernels/parts.h"
#include "kernels/simd.h"
#include "kernels/threads.h"
#include "random/random.h"

static const double momentum = 0.8, gain_step = 0.2, gain_decay = 0.8, least_gain = 0.01, longest_step = 5.0;
enum { POINTS_OF_TASK = 256, EDGE_LANES = 8 };

TsneOptions tsne_defaults(void) {
    return (TsneOptions){
        .perplexity = 30.0, .early_iterations = 250, .iterations = 500, .exaggeration = 12.0, .theta = 0.5};
}

/* ---- affinities ---- */

typedef struct Conditional {
    const Neighbours *neighbours;
    double entropy; /* log perplexity */
    double *p;      /* [n][k]: p_j|i */
} Conditional;

/* p and their entropy for b, of squared distances less the smallest.  Returns the entropy, *slope its derivative by
 * log b: -b^2 times the variance of the squares. */
static double entropy_at(size_t k, const double *squares, double b, double *p, double *slope) {
    double sum = 0.0, mean = 0.0, square = 0.0;
    for (size_t j = 0; j < k; j++) {
        p[j] = exact_exp(-b * squares[j]);
        sum += p[j];
    }
    for (size_t j = 0; j < k; j++) {
        p[j] /= sum;
        mean = fma(p[j], squares[j], mean);
    }
    for (size_t j = 0; j < k; j++) square = fma(p[j], (squares[j] - mean) * (squares[j] - mean), square);
    *slope = -b * b * square;
    return fma(b, mean, exact_log(sum));
}

/* Newton's method for log b, which bisection takes over when a step leaves the bracket. */
static void find_conditional(const void *context, size_t task) {
    enum { MOST_STEPS = 200 };
    const Conditional *c = context;
    const size_t k = c->neighbours->k;
    double *squares = memory_alloc(k, sizeof *squares);
    for (size_t i = task * POINTS_OF_TASK; i < at_most((task + 1) * POINTS_OF_TASK, c->neighbours->n); i++) {
        const double *distance = c->neighbours->distance + i * k;
        double *p = c->p + i * k, mean = 0.0, slope;
        const double unit = distance[k - 1] > 0.0 ? distance[k - 1] : 1.0; /* b does not depend on the unit of length */
        for (size_t j = 0; j < k; j++) {
            const double near = distance[0] / unit, d = distance[j] / unit;
            squares[j] = (d - near) * (d + near);
            mean += squares[j];
        }
        double low = -700.0, high = 700.0, log_b = mean > 0.0 ? exact_log((double)k / mean) : 0.0;
        for (int step = 0; step < MOST_STEPS && high - low > 1e-14; step++) {
            const double excess = entropy_at(k, squares, exact_exp(log_b), p, &slope) - c->entropy;
            if (fabs(excess) <= 1e-11) break;
            if (excess > 0.0)
                low = log_b;
            else
                high = log_b;
            const double newton = log_b - excess / slope;
            log_b = newton > low && newton < high ? newton : 0.5 * (low + high);
        }
    }
    memory_free(squares);
}

/* A row's neighbours by index. */
static void sort_row(size_t k, uint32_t *columns, double *p) {
    for (size_t i = 1; i < k; i++) {
        const uint32_t column = columns[i];
        const double value = p[i];
        size_t j = i;
        for (; j > 0 && columns[j - 1] > column; j--) {
            columns[j] = columns[j - 1];
            p[j] = p[j - 1];
        }
        columns[j] = column;
        p[j] = value;
    }
}

/* The union of a row of the matrix and of its transpose, both ascending.  Returns its entries. */
static size_t merge_row(size_t n_a, const uint32_t *a, const double *pa, size_t n_b, const uint32_t *b,
                        const double *pb, double scale, uint32_t *columns, double *p) {
    size_t count = 0;
    for (size_t i = 0, j = 0; i < n_a || j < n_b; count++) {
        const int take_a = j == n_b || (i < n_a && a[i] <= b[j]), take_b = i == n_a || (j < n_b && b[j] <= a[i]);
        if (columns) {
            columns[count] = take_a ? a[i] : b[j];
            p[count] = ((take_a ? pa[i] : 0.0) + (take_b ? pb[j] : 0.0)) * scale;
        }
        i += take_a != 0;
        j += take_b != 0;
    }
    return count;
}

void tsne_affinities(const Neighbours *neighbours, double perplexity, Arena *arena, Affinities *affinities) {
    const size_t n = neighbours->n, k = neighbours->k;
    const double scale = 1.0 / (2.0 * (double)n);
    double *p = memory_alloc(n * k, sizeof *p), *back_p = memory_alloc(n * k, sizeof *back_p);
    uint32_t *columns = memory_alloc(n * k, sizeof *columns), *back = memory_alloc(n * k, sizeof *back);
    size_t *back_starts = memory_alloc_zero(n + 2, sizeof *back_starts);
    const Conditional conditional = {neighbours, exact_log(perplexity), p};
    threads_run(parts_of(n, POINTS_OF_TASK), threads_worth(n * k * 100), find_conditional, &conditional);
    memcpy(columns, neighbours->index, n * k * sizeof *columns);
    for (size_t i = 0; i < n; i++) sort_row(k, columns + i * k, p + i * k);
    for (size_t e = 0; e < n * k; e++) back_starts[columns[e] + 2]++; /* the transpose, its rows ascending too */
    for (size_t i = 0; i < n; i++) back_starts[i + 2] += back_starts[i + 1];
    for (size_t e = 0; e < n * k; e++) {
        const size_t at = back_starts[columns[e] + 1]++;
        back[at] = (uint32_t)(e / k);
        back_p[at] = p[e];
    }
    *affinities = (Affinities){.n = n, .starts = arena_alloc(arena, n + 1, sizeof *affinities->starts)};
    for (int fill = 0; fill < 2; fill++) {
        size_t at = 0;
        for (size_t i = 0; i < n; i++) {
            const size_t from = back_starts[i];
            affinities->starts[i] = at;
            at += merge_row(k, columns + i * k, p + i * k, back_starts[i + 1] - from, back + from, back_p + from, scale,
                            fill ? affinities->columns + at : NULL, fill ? affinities->p + at : NULL);
        }
        affinities->starts[n] = at;
        if (fill) break;
        affinities->columns = arena_alloc(arena, at, sizeof *affinities->columns);
        affinities->p = arena_alloc(arena, at, sizeof *affinities->p);
    }
    double lanes[VECTOR64_LANES] = {0};
    for (size_t e = 0; e < affinities->starts[n]; e++)
        if (affinities->p[e] > 0.0) lanes[e % VECTOR64_LANES] -= affinities->p[e] * exact_log(affinities->p[e]);
    affinities->entropy = vector64_lanes_sum(lanes);
    memory_free(p);
    memory_free(back_p);
    memory_free(columns);
    memory_free(back);
    memory_free(back_starts);
}

/* ---- the divergence ---- */

typedef struct Divergence {
    const Affinities *affinities;
    const double *x, *y;
    size_t stride; /* from point to point */
    double *sums;  /* [n]: of p log(1 / q) */
} Divergence;

static void divergence_task(const void *context, size_t task) {
    const Divergence *d = context;
    const Affinities *a = d->affinities;
    for (size_t i = task * POINTS_OF_TASK; i < at_most((task + 1) * POINTS_OF_TASK, a->n); i++) {
        double sum = 0.0;
        for (size_t e = a->starts[i]; e < a->starts[i + 1]; e++) {
            const double dx = d->x[i * d->stride] - d->x[a->columns[e] * d->stride];
            const double dy = d->y[i * d->stride] - d->y[a->columns[e] * d->stride];
            sum = fma(a->p[e], exact_log(fma(dy, dy, fma(dx, dx, 1.0))), sum);
        }
        d->sums[i] = sum;
    }
}

/* sum of p log(p / (q / total)); the p sum to 1. */
static double divergence(const Affinities *a, const double *x, const double *y, size_t stride, double total) {
    const Divergence d = {a, x, y, stride, memory_alloc(a->n, sizeof(double))};
    threads_run(parts_of(a->n, POINTS_OF_TASK), threads_worth(a->starts[a->n] * 10), divergence_task, &d);
    const double sum = vector64_total(a->n, d.sums);
    memory_free(d.sums);
    return (sum + exact_log(total)) - a->entropy;
}

double tsne_kl(const Affinities *affinities, const double *embedding, double total) {
    return divergence(affinities, embedding, embedding + 1, 2, total);
}

/* ---- descent ---- */

typedef struct Descent {
    const Affinities *affinities;
    Points points, forces, steps, gains;
    Points next; /* points after the iteration that is running */
    double exaggeration, rate, total;
} Descent;

/* sum over j of p_ij q_ij (y_i - y_j): lanes by entry modulo 8, added by halving. */
static void attraction(const Descent *d, size_t i, double *along_x, double *along_y) {
    const Affinities *a = d->affinities;
    const double *x = d->points.x, *y = d->points.y, xi = x[i], yi = y[i];
    double gx[EDGE_LANES] = {0}, gy[EDGE_LANES] = {0};
    size_t e = a->starts[i];
    const size_t end = a->starts[i + 1];
    for (; e + EDGE_LANES <= end; e += EDGE_LANES) {
        const uint32_t *column = a->columns + e;
        const double *p = a->p + e;
        SIMD for (int l = 0; l < EDGE_LANES; l++) {
            const double dx = xi - x[column[l]], dy = yi - y[column[l]];
            const double w = p[l] / fma(dy, dy, fma(dx, dx, 1.0));
            gx[l] = fma(w, dx, gx[l]);
            gy[l] = fma(w, dy, gy[l]);
        }
    }
    for (int l = 0; e < end; e++, l++) {
        const double dx = xi - x[a->columns[e]], dy = yi - y[a->columns[e]];
        const double w = a->p[e] / fma(dy, dy, fma(dx, dx, 1.0));
        gx[l] = fma(w, dx, gx[l]);
        gy[l] = fma(w, dy, gy[l]);
    }
    *along_x = ((gx[0] + gx[4]) + (gx[2] + gx[6])) + ((gx[1] + gx[5]) + (gx[3] + gx[7]));
    *along_y = ((gy[0] + gy[4]) + (gy[2] + gy[6])) + ((gy[1] + gy[5]) + (gy[3] + gy[7]));
}

static double sign(double x) {
    return x > 0.0 ? 1.0 : x < 0.0 ? -1.0 : 0.0;
}

static double step_along(const Descent *d, double gradient, double step, double *gain) {
    *gain = sign(step) != sign(gradient) ? *gain + gain_step : *gain * gain_decay + least_gain;
    return momentum * step - d->rate * *gain * gradient;
}

static void descend_task(const void *context, size_t task) {
    const Descent *d = context;
    for (size_t i = task * POINTS_OF_TASK; i < at_most((task + 1) * POINTS_OF_TASK, d->points.n); i++) {
        double gx, gy;
        attraction(d, i, &gx, &gy);
        gx = d->exaggeration * gx - d->forces.x[i] / d->total;
        gy = d->exaggeration * gy - d->forces.y[i] / d->total;
        double sx = step_along(d, gx, d->steps.x[i], &d->gains.x[i]);
        double sy = step_along(d, gy, d->steps.y[i], &d->gains.y[i]);
        const double length = sqrt(fma(sx, sx, sy * sy));
        if (length > longest_step) {
            sx = sx / length * longest_step;
            sy = sy / length * longest_step;
        }
        d->steps.x[i] = sx;
        d->steps.y[i] = sy;
        d->next.x[i] = d->points.x[i] + sx;
        d->next.y[i] = d->points.y[i] + sy;
    }
}

static void subtract_mean(size_t n, double *x) {
    const double mean = vector64_total(n, x) / (double)n;
    for (size_t i = 0; i < n; i++) x[i] -= mean;
}

static double repel(const TsneOptions *options, TsneRepulsion method, Interpolation *grid, const Points *points,
                    Points *forces) {
    if (method == TSNE_EXACT) return repulsion_exact(points, forces);
    if (method == TSNE_BARNES_HUT) return repulsion_barnes_hut(points, options->theta, forces);
    return repulsion_interpolated(grid, points, forces);
}

static Points points_create(size_t n, Arena *arena) {
    return (Points){n, arena_alloc_zero(arena, n, sizeof(double)), arena_alloc_zero(arena, n, sizeof(double))};
}

/* kl: the divergence at the end.  -1 when the watch stopped it. */
static int descend(const Affinities *affinities, const TsneOptions *options, double *embedding, double *kl) {
    const TsneWatch *watch = options->watch;
    const size_t n = affinities->n, all = options->early_iterations + options->iterations;
    Arena *arena = arena_create(0);
    Descent d = {.affinities = affinities};
    d.points = points_create(n, arena);
    d.next = points_create(n, arena);
    d.forces = points_create(n, arena);
    d.steps = points_create(n, arena);
    d.gains = points_create(n, arena);
    TsneRepulsion method = options->repulsion;
    if (method == TSNE_AUTOMATIC) method = n < TSNE_INTERPOLATED_FROM ? TSNE_BARNES_HUT : TSNE_INTERPOLATION;
    Interpolation *grid = method == TSNE_INTERPOLATION ? interpolation_create(n) : NULL;
    int stopped = 0;
    for (size_t i = 0; i < n; i++) {
        d.points.x[i] = embedding[2 * i];
        d.points.y[i] = embedding[2 * i + 1];
    }
    for (size_t iteration = 0;; iteration++) {
        if (iteration == 0 || iteration == options->early_iterations) { /* each phase begins at rest */
            d.exaggeration = iteration < options->early_iterations ? options->exaggeration : 1.0;
            d.rate = options->learning_rate > 0.0 ? options->learning_rate : (double)n / d.exaggeration;
            for (size_t i = 0; i < n; i++) {
                d.steps.x[i] = d.steps.y[i] = 0.0;
                d.gains.x[i] = d.gains.y[i] = 1.0;
            }
        }
        const int report = iteration == all || (iteration > 0 && iteration % TSNE_KL_EVERY == 0);
        d.total = repel(options, method, grid, &d.points, &d.forces);
        *kl = report ? divergence(affinities, d.points.x, d.points.y, 1, d.total) : NAN;
        if (watch && iteration > 0) watch->iterated(watch->context, iteration, *kl);
        if (watch && watch->stopping && watch->stopping(watch->context)) stopped = -1;
        if (stopped || iteration == all) break;
        state_trace_step();
        state_trace_tensor("x", "", n, sizeof(double), d.points.x);
        state_trace_tensor("y", "", n, sizeof(double), d.points.y);
        state_trace_tensor("repulsion x", "", n, sizeof(double), d.forces.x);
        state_trace_tensor("repulsion y", "", n, sizeof(double), d.forces.y);
        threads_run(parts_of(n, POINTS_OF_TASK), threads_worth(affinities->starts[n] * 8), descend_task, &d);
        subtract_mean(n, d.next.x);
        subtract_mean(n, d.next.y);
        const Points swap = d.points;
        d.points = d.next;
        d.next = swap;
    }
    for (size_t i = 0; i < n; i++) {
        embedding[2 * i] = d.points.x[i];
        embedding[2 * i + 1] = d.points.y[i];
    }
    interpolation_destroy(grid);
    arena_destroy(arena);
    return stopped;
}

/* ---- all of it ---- */

static void start(const Rows *rows, uint64_t seed, double *embedding) {
    const double spread = 1e-4, jitter = 1e-6;
    double *first = memory_alloc(rows->n, sizeof *first);
    Philox philox;
    philox_seed(&philox, seed, 0);
    principal_components(rows, embedding);
    for (size_t i = 0; i < rows->n; i++) first[i] = embedding[2 * i];
    const double most = vector64_max_abs(rows->n, first); /* squares must not overflow */
    for (size_t i = 0; i < rows->n && most > 0.0; i++) first[i] /= most;
    const double sd = most * sqrt(vector64_dot(rows->n, first, first) / (double)rows->n); /* the mean is 0 */
    for (size_t i = 0; i < 2 * rows->n; i++)
        embedding[i] = (sd > 0.0 ? embedding[i] / sd * spread : 0.0) + jitter * philox_normal(&philox, i);
    memory_free(first);
}

int tsne_neighbours(const Rows *rows, const TsneOptions *options, Arena *arena, Neighbours *neighbours, Error *error) {
    const double perplexity = options->perplexity;
    if (!(perplexity >= 1.0) || !(3.0 * perplexity < (double)rows->n))
        return error_set(
            error,
            "perplexity %g needs more than %.0f rows, three times itself, and these are %zu: give one of 1 "
            "to %.6g",
            perplexity, floor(3.0 * perplexity), rows->n, ((double)rows->n - 1.0) / 3.0);
    return neighbours_find(rows, rows, (size_t)(3.0 * perplexity), options->metric, options->search_watch, arena,
                           neighbours, error);
}

int tsne_embed(const Rows *rows, const Neighbours *neighbours, const TsneOptions *options, double *embedding,
               double *kl) {
    Arena *arena = arena_create(0);
    Affinities affinities;
    tsne_affinities(neighbours, options->perplexity, arena, &affinities);
    start(rows, options->seed, embedding);
    const int stopped = descend(&affinities, options, embedding, kl);
    arena_destroy(arena);
    return stopped;
}

int tsne_fit(const Rows *rows, const TsneOptions *options, double *embedding, double *kl, Error *error) {
    Arena *arena = arena_create(0);
    Neighbours neighbours;
    const int failed = tsne_neighbours(rows, options, arena, &neighbours, error) ||
                       tsne_embed(rows, &neighbours, options, embedding, kl);
    arena_destroy(arena);
    return failed ? -1 : 0;
}
