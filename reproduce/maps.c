#include "maps.h"

#include <math.h>

#include "analysis/embedding_quality.h"
#include "kernels/parts.h"

NeighboursMetric map_metric(const Cell *cell) {
    return cell_is(cell, "metric", "cosine") ? NEIGHBOURS_COSINE : NEIGHBOURS_EUCLIDEAN;
}

/* ---- cost and progress ---- */

typedef struct Costs { /* core-seconds */
    double search, descent, quality;
} Costs;

static Costs costs_of(const Cell *cell, size_t rows, size_t length) {
    const double n = (double)rows, quality_rows = fmin(n, (double)cell_integer(cell, "quality-rows"));
    const double iterations = (double)(cell_integer(cell, "early-iterations") + cell_integer(cell, "iterations"));
    const double tree = fmin(5e-9 * n, 1.5e-6 / cell_real(cell, "theta")); /* for a point; theta 0: all the others */
    const double iteration = rows < TSNE_INTERPOLATED_FROM ? tree * n : 0.1 + 2.5e-6 * n;
    return (Costs){.search = n * n * (4e-9 + 8e-11 * (double)length),
                   .descent = iterations * iteration,
                   .quality = n * n * 6e-9 + quality_rows * n * (8e-9 + 8e-10 * (double)length)};
}

double map_cost(const Cell *cell, size_t n, size_t length) {
    const Costs costs = costs_of(cell, n, length);
    return costs.search + costs.descent + costs.quality;
}

/* Where the work stands: a stage goes from `from` to `to` of the cell's progress. */
typedef struct Stage {
    const Cell *cell;
    double from, to;
    size_t done, all; /* rows or iterations */
    Record *record;
    const char *kl_name;
} Stage;

static int stopping(void *context) {
    (void)context;
    return study_stopping();
}

static void rows_done(void *context, size_t rows) {
    Stage *stage = context;
#pragma omp critical(map_rows_done)
    {
        stage->done += rows;
        cell_progress(stage->cell, stage->from + (stage->to - stage->from) * (double)stage->done / (double)stage->all);
    }
}

static void iterated(void *context, size_t iterations, double kl) {
    Stage *stage = context;
    rows_done(stage, 1);
    if (!isnan(kl)) record_point(stage->record, stage->kl_name, "iteration", (double)iterations, kl);
}

/* ---- what is recorded ---- */

static const char *named(const Map *map, const char *metric, Arena *arena) {
    return arena_format(arena, "%s%s", map->prefix, metric);
}

/* Class by class: names are made once. */
static void record_places(const Map *map, const double *embedding, size_t step, Arena *arena, Record *record) {
    for (size_t c = 0; c < map->classes; c++)
        for (size_t side = 0; side < 2; side++) {
            const char *name = arena_format(arena, "%smap_%c_%zu", map->prefix, side ? 'y' : 'x', c);
            for (size_t i = 0; i < map->rows->n; i += step)
                if (map->labels[i] == c)
                    record_point(record, name, "row", (double)i, floor(embedding[2 * i + side] * 1e3 + 0.5) / 1e3);
        }
}

static int record_quality(const Cell *cell, const Map *map, const double *embedding, Stage *stage, Arena *arena,
                          Record *record, Error *error) {
    const size_t n = map->rows->n, k = (size_t)cell_integer(cell, "neighbours");
    const size_t step = parts_of(n, (size_t)cell_integer(cell, "quality-rows"));
    const NeighboursWatch watch = {rows_done, stopping, stage};
    Neighbours near;
    EmbeddingQuality quality;
    if (embedding_neighbours(embedding, n, k, &watch, arena, &near, error) ||
        embedding_quality(map->rows, map_metric(cell), &near, step, &watch, &quality, error))
        return -1;
    record_metric(record, named(map, "preservation", arena), quality.preservation);
    record_metric(record, named(map, "trustworthiness", arena), quality.trustworthiness);
    record_metric(record, named(map, "map_accuracy", arena), neighbours_accuracy(&near, k, map->labels, map->labels));
    record_metric(record, named(map, "silhouette", arena),
                  embedding_silhouette(embedding, n, map->labels, map->classes, step));
    return 0;
}

int map_record(const Cell *cell, const Map *map, Arena *arena, Record *record, Error *error) {
    const size_t n = map->rows->n, k = (size_t)cell_integer(cell, "neighbours");
    const Costs costs = costs_of(cell, n, map->rows->length);
    const double unit = (map->to - map->from) / (costs.search + costs.descent + costs.quality);
    Stage search = {.cell = cell, .from = map->from, .to = map->from + unit * costs.search, .all = n};
    Stage descent = {.cell = cell, .from = search.to, .to = search.to + unit * costs.descent, .record = record};
    Stage quality = {.cell = cell, .from = descent.to, .to = map->to};
    const NeighboursWatch search_watch = {rows_done, stopping, &search};
    const TsneWatch watch = {iterated, stopping, &descent};
    TsneOptions options = tsne_defaults();
    options.perplexity = cell_real(cell, "perplexity");
    options.early_iterations = (size_t)cell_integer(cell, "early-iterations");
    options.iterations = (size_t)cell_integer(cell, "iterations");
    options.exaggeration = cell_real(cell, "exaggeration");
    options.theta = cell_real(cell, "theta");
    options.metric = map_metric(cell);
    options.seed = cell_seed(cell);
    options.search_watch = &search_watch;
    options.watch = &watch;
    if ((double)k > 3.0 * options.perplexity || 2 * k >= n)
        return error_set(error, "option --neighbours: %zu are more than 3 times --perplexity or half of the %zu rows",
                         k, n);
    descent.all = options.early_iterations + options.iterations;
    descent.kl_name = named(map, "kl_divergence", arena);
    quality.all = parts_of(n, parts_of(n, (size_t)cell_integer(cell, "quality-rows")));
    Neighbours near;
    double *embedding = arena_alloc(arena, 2 * n, sizeof *embedding), kl;
    if (tsne_neighbours(map->rows, &options, arena, &near, error) ||
        tsne_embed(map->rows, &near, &options, embedding, &kl) ||
        record_quality(cell, map, embedding, &quality, arena, record, error))
        return -1;
    record_metric(record, named(map, "row_accuracy", arena), neighbours_accuracy(&near, k, map->labels, map->labels));
    record_places(map, embedding, parts_of(n, (size_t)cell_integer(cell, "drawn-rows")), arena, record);
    return 0;
}
