#include "command/tsne.h"

#include <math.h>
#include <stdio.h>

#include "analysis/embedding_quality.h"
#include "analysis/tsne.h"
#include "base/csv.h"
#include "base/file.h"
#include "base/npy.h"
#include "base/output.h"
#include "base/progress.h"
#include "command/row_files.h"
#include "command/tool.h"

static const Option options_table[] = {
    {"perplexity", "X", "30", "about how many neighbours a point has; less than a third of the rows"},
    {"iterations", "N", "500", "after those with exaggeration"},
    {"early-iterations", "N", "250", "with exaggeration"},
    {"exaggeration", "X", "12", "factor of the affinities in the early iterations"},
    {"learning-rate", "X", NULL, "default: rows / exaggeration, then rows"},
    {"metric", "euclidean|cosine", "euclidean", "distance of rows"},
    {"repulsion", "NAME", "auto", "exact, barnes-hut, interpolation, or auto: barnes-hut below 10000 rows"},
    {"theta", "X", "0.5", "of barnes-hut: 0 is exact, more is faster"},
    {"seed", "S", "42", "of the jitter of the start"},
    {"quality", "K", NULL, "also print how well neighbourhoods of K rows are kept, from at most 5000 rows"},
    {"threads", "N", NULL, "cores to use; changes no result (default: all)"},
    {0}};

static const char purpose[] =
    "Embeds the rows of IN.npy (f4, f8, u1 or i8) in the plane by t-SNE with the defaults of openTSNE, exact "
    "neighbours and "
    "a start from principal components, and writes OUT.npy, f8 [rows][2].  The same bytes on any number of threads.  "
    "Prints CSV: the Kullback-Leibler divergence in nats after every fifty iterations.";

typedef struct Run {
    TsneOptions tsne;
    const char *in, *out;
    size_t quality;
} Run;

static int read_run(const Options *o, Run *run, Error *error) {
    static const char *const repulsions[] = {"auto", "exact", "barnes-hut", "interpolation", NULL};
    long long iterations, early, seed, quality = 0;
    int metric, repulsion;
    run->tsne = tsne_defaults();
    if (options_double(o, "perplexity", 1, 1e6, &run->tsne.perplexity, error) ||
        options_integer(o, "iterations", 0, 10000000, &iterations, error) ||
        options_integer(o, "early-iterations", 0, 10000000, &early, error) ||
        options_double(o, "exaggeration", 1, 1e6, &run->tsne.exaggeration, error) ||
        (options_given(o, "learning-rate") &&
         options_double(o, "learning-rate", 1e-12, 1e12, &run->tsne.learning_rate, error)) ||
        row_command_metric(o, &metric, error) || options_choice(o, "repulsion", repulsions, &repulsion, error) ||
        options_double(o, "theta", 0, 2, &run->tsne.theta, error) ||
        options_integer(o, "seed", 0, 4294967295LL, &seed, error) ||
        (options_given(o, "quality") && options_integer(o, "quality", 1, 1000000, &quality, error)) ||
        row_command_threads(o, error))
        return -1;
    run->tsne.iterations = (size_t)iterations;
    run->tsne.early_iterations = (size_t)early;
    run->tsne.metric = (NeighboursMetric)metric;
    run->tsne.repulsion = (TsneRepulsion)repulsion;
    run->tsne.seed = (uint64_t)seed;
    run->quality = (size_t)quality;
    run->in = o->words[0];
    run->out = o->words[1];
    return 0;
}

typedef struct Shown { /* what is on the screen: first the search, then the descent */
    Progress *progress;
    size_t iterations;
    Error *error;
    int failed;
} Shown;

static void show_rows(void *context, size_t rows) {
    Shown *shown = context;
    progress_add(shown->progress, (double)rows, 0, 0);
}

static void show_iteration(void *context, size_t iteration, double kl) {
    Shown *shown = context;
    char number[32];
    if (iteration == 1) {
        progress_end(shown->progress);
        shown->progress = progress_begin("t-SNE", (double)shown->iterations);
    }
    progress_add(shown->progress, 1.0, (int)iteration, (int)shown->iterations);
    if (isnan(kl)) return;
    printf("%zu,%s\n", iteration, format_double(kl, number));
    if (output_flush(shown->error)) shown->failed = 1;
}

static int print_quality(const Run *run, const Rows *rows, const double *embedding, Error *error) {
    Arena *arena = arena_create(0);
    Neighbours near;
    EmbeddingQuality quality;
    const size_t step = (rows->n + 4999) / 5000;
    const int failed = embedding_neighbours(embedding, rows->n, run->quality, NULL, arena, &near, error) ||
                       embedding_quality(rows, run->tsne.metric, &near, step, NULL, &quality, error);
    arena_destroy(arena);
    if (failed) return -1;
    printf("preservation,%.4f\ntrustworthiness,%.4f\n", quality.preservation, quality.trustworthiness);
    return 0;
}

static int embed(Run *run, Arena *arena, Error *error) {
    Rows rows;
    double kl;
    if (file_can_be_written(run->out, error) == 0 || row_file_read(run->in, arena, &rows, error)) return -1;
    Shown shown = {.iterations = run->tsne.early_iterations + run->tsne.iterations, .error = error};
    const NeighboursWatch search_watch = {show_rows, NULL, &shown};
    const TsneWatch watch = {show_iteration, NULL, &shown};
    run->tsne.search_watch = &search_watch;
    run->tsne.watch = &watch;
    double *embedding = arena_alloc(arena, 2 * rows.n, sizeof *embedding);
    shown.progress = progress_begin("nearest neighbours", (double)rows.n);
    puts("iteration,kl_divergence");
    const int failed = tsne_fit(&rows, &run->tsne, embedding, &kl, error);
    progress_end(shown.progress);
    if (failed || shown.failed) return -1;
    const NpyArray array = {.type = NPY_F8, .rank = 2, .shape = {rows.n, 2}, .data = embedding};
    if (npy_write(run->out, &array, error)) return -1;
    return run->quality ? print_quality(run, &rows, embedding, error) : 0;
}

static int work(const Options *options, Arena *arena, Error *error) {
    Run run = {0};
    if (read_run(options, &run, error)) return EXIT_USAGE;
    return embed(&run, arena, error) ? EXIT_FAILURE : EXIT_SUCCESS;
}

int tsne_command(int argc, char **argv, Error *error) {
    static const Tool tool = {"tsne", "IN.npy OUT.npy", purpose, 2, 2, {options_table}, work};
    return tool_run(&tool, argc, argv, error);
}
