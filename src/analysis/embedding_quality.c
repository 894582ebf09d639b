#include "analysis/embedding_quality.h"

#include "kernels/parts.h"
#include "kernels/threads.h"

typedef struct Ranking {
    const NeighboursMeasure *measure;
    const Neighbours *near; /* in the embedding */
    size_t step;
    size_t *preserved, *excess; /* of each chosen row: how many ranks are at most k; sum of what others have beyond */
} Ranking;

static void rank_row(const void *context, size_t chosen) {
    const Ranking *r = context;
    const size_t n = r->near->n, k = r->near->k, i = chosen * r->step;
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
}

int embedding_quality(const Rows *rows, NeighboursMetric metric, const double *embedding, size_t k, size_t step,
                      EmbeddingQuality *quality, Error *error) {
    const Rows points = {.n = rows->n, .length = 2, .f8 = embedding};
    Neighbours near;
    if (k < 1 || 2 * k >= rows->n)
        return error_set(error, "neighbourhoods of %zu among %zu rows: expected 1 to %zu", k, rows->n,
                         rows->n > 2 ? (rows->n - 1) / 2 : 0);
    if (rows_check_finite(rows, error)) return -1;
    Arena *arena = arena_create(0);
    if (neighbours_find(&points, &points, k, NEIGHBOURS_EUCLIDEAN, NULL, arena, &near, error)) {
        arena_destroy(arena);
        return -1;
    }
    const size_t chosen = parts_of(rows->n, step);
    NeighboursMeasure measure = neighbours_measure(rows, metric);
    Ranking ranking = {&measure, &near, step, arena_alloc(arena, chosen, sizeof(size_t)),
                       arena_alloc(arena, chosen, sizeof(size_t))};
    threads_run(chosen, threads_worth(chosen * rows->n), rank_row, &ranking);
    size_t preserved = 0, excess = 0;
    for (size_t i = 0; i < chosen; i++) {
        preserved += ranking.preserved[i];
        excess += ranking.excess[i];
    }
    const double n = (double)rows->n, m = (double)chosen, kd = (double)k;
    quality->preservation = (double)preserved / (m * kd);
    quality->trustworthiness = 1.0 - 2.0 / (m * kd * (2.0 * n - 3.0 * kd - 1.0)) * (double)excess;
    neighbours_measure_destroy(&measure);
    arena_destroy(arena);
    return 0;
}
