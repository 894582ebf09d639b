#include "analysis/embedding_quality.h"

#include <math.h>

#include "analysis/vector64.h"
#include "kernels/parts.h"
#include "kernels/threads.h"

/* ---- neighbourhoods ---- */

typedef struct Ranking {
    const NeighboursMeasure *measure;
    const Neighbours *near; /* in the embedding */
    const NeighboursWatch *watch;
    size_t step;
    size_t *preserved, *excess; /* of each chosen row: how many ranks are at most k; sum of what others have beyond */
} Ranking;

static void rank_row(const void *context, size_t chosen) {
    const Ranking *r = context;
    const size_t n = r->near->n, k = r->near->k, i = chosen * r->step;
    if (neighbours_stopping(r->watch)) return;
    double *distance = memory_alloc(n, sizeof *distance);
    for (size_t j = 0; j < n; j++) distance[j] = neighbours_squares(r->measure, i, j);
    r->preserved[chosen] = r->excess[chosen] = 0;
    for (size_t a = 0; a < k; a++) {
        const size_t j = r->near->index[i * k + a];
        size_t rank = 1;
        for (size_t l = 0; l < n; l++)
            rank += (distance[l] < distance[j] || (distance[l] == distance[j] && l < j)) && l != i;
        r->preserved[chosen] += rank <= k;
        r->excess[chosen] += rank > k ? rank - k : 0;
    }
    memory_free(distance);
    if (r->watch && r->watch->rows_done) r->watch->rows_done(r->watch->context, 1);
}

int embedding_neighbours(const double *embedding, size_t n, size_t k, const NeighboursWatch *watch, Arena *arena,
                         Neighbours *near, Error *error) {
    const Rows points = {.n = n, .length = 2, .f8 = embedding};
    const NeighboursWatch quiet = {NULL, watch ? watch->stopping : NULL, watch ? watch->context : NULL};
    return neighbours_find(&points, &points, k, NEIGHBOURS_EUCLIDEAN, &quiet, arena, near, error);
}

int embedding_quality(const Rows *rows, NeighboursMetric metric, const Neighbours *near, size_t step,
                      const NeighboursWatch *watch, EmbeddingQuality *quality, Error *error) {
    if (2 * near->k >= rows->n)
        return error_set(error, "neighbourhoods of %zu among %zu rows: expected 1 to %zu", near->k, rows->n,
                         rows->n > 2 ? (rows->n - 1) / 2 : 0);
    if (rows_check_finite(rows, error)) return -1;
    const size_t chosen = parts_of(rows->n, step);
    NeighboursMeasure measure = neighbours_measure(rows, metric);
    Ranking ranking = {
        &measure, near, watch, step, memory_alloc(chosen, sizeof(size_t)), memory_alloc(chosen, sizeof(size_t))};
    threads_run(chosen, threads_worth(chosen * rows->n), rank_row, &ranking);
    size_t preserved = 0, excess = 0;
    for (size_t i = 0; i < chosen; i++) {
        preserved += ranking.preserved[i];
        excess += ranking.excess[i];
    }
    const double n = (double)rows->n, m = (double)chosen, kd = (double)near->k;
    quality->preservation = (double)preserved / (m * kd);
    quality->trustworthiness = 1.0 - 2.0 / (m * kd * (2.0 * n - 3.0 * kd - 1.0)) * (double)excess;
    neighbours_measure_destroy(&measure);
    memory_free(ranking.preserved);
    memory_free(ranking.excess);
    return neighbours_stopping(watch) ? -1 : 0;
}

/* ---- classes ---- */

typedef struct Silhouettes {
    const double *embedding;
    const uint16_t *labels;
    size_t n, classes, step;
    double *of; /* each chosen point */
} Silhouettes;

static void silhouette_task(const void *context, size_t chosen) {
    const Silhouettes *s = context;
    const size_t i = chosen * s->step, own = s->labels[i];
    const double *at = s->embedding + 2 * i;
    double *sum = memory_alloc_zero(s->classes, sizeof *sum), a = 0.0, b = INFINITY;
    size_t *count = memory_alloc_zero(s->classes, sizeof *count);
    for (size_t j = 0; j < s->n; j++) {
        const double dx = s->embedding[2 * j] - at[0], dy = s->embedding[2 * j + 1] - at[1];
        sum[s->labels[j]] += sqrt(fma(dx, dx, dy * dy));
        count[s->labels[j]]++;
    }
    for (size_t c = 0; c < s->classes; c++) {
        const double others = (double)count[c] - (c == own); /* the point itself added 0 to the sum */
        if (others > 0.0 && c == own) a = sum[c] / others;
        if (others > 0.0 && c != own) b = fmin(b, sum[c] / others);
    }
    const int alone = count[own] == 1 || b == INFINITY || fmax(a, b) == 0.0;
    s->of[chosen] = alone ? 0.0 : (b - a) / fmax(a, b);
    memory_free(sum);
    memory_free(count);
}

double embedding_silhouette(const double *embedding, size_t n, const uint16_t *labels, size_t classes, size_t step) {
    const size_t chosen = parts_of(n, step);
    const Silhouettes silhouettes = {embedding, labels, n, classes, step, memory_alloc(chosen, sizeof(double))};
    threads_run(chosen, threads_worth(chosen * n * 8), silhouette_task, &silhouettes);
    const double mean = vector64_total(chosen, silhouettes.of) / (double)chosen;
    memory_free(silhouettes.of);
    return mean;
}
