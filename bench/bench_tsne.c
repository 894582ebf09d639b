/* How the cost of t-SNE grows with the number of points: 50 iterations of each kind of repulsion, after 250 with
 * exaggeration, on points of 37 clusters in 40 dimensions; in nanoseconds an iteration over n log2 n.  The neighbours, which
 * cost n^2, are not in it. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "analysis/tsne.h"
#include "base/arena.h"
#include "bench.h"
#include "random/random.h"

enum { LENGTH = 40, CLUSTERS = 37, EARLY = 250, MEASURED = 50 };

static double began, ended;

static void iterated(void *context, size_t iterations, double kl) {
    (void)context;
    (void)kl;
    if (iterations == EARLY) began = thread_seconds();
    if (iterations == EARLY + MEASURED) ended = thread_seconds();
}

static int measure(const Bench *bench, size_t n, TsneRepulsion repulsion, const char *name) {
    static const TsneWatch watch = {.iterated = iterated};
    Arena *arena = arena_create(0);
    float *x = arena_alloc(arena, n * LENGTH, sizeof *x);
    double *embedding = arena_alloc(arena, 2 * n, sizeof *embedding), kl;
    Error error = {""};
    Philox centres, noise;
    philox_seed(&centres, 1, 0);
    philox_seed(&noise, 2, 0);
    for (size_t i = 0; i < n * LENGTH; i++)
        x[i] = (float)(2.0 * philox_normal(&centres, i / LENGTH % CLUSTERS * LENGTH + i % LENGTH) +
                       philox_normal(&noise, i));
    TsneOptions options = tsne_defaults();
    options.repulsion = repulsion;
    options.iterations = MEASURED;
    options.watch = &watch;
    double costs[MOST_TURNS];
    int failed = 0;
    for (size_t turn = 0; turn < bench->turns && !failed; turn++) {
        failed = tsne_fit(&(Rows){n, LENGTH, x, NULL}, &options, embedding, &kl, &error);
        costs[turn] = (ended - began) / MEASURED / ((double)n * log2((double)n)) * 1e9;
    }
    if (failed)
        fprintf(stderr, "bench_tsne: %s\n", error.text);
    else
        bench_row(&(Subject){"tsne", name, n, 1}, "", "ns", bench->turns, costs);
    arena_destroy(arena);
    return failed;
}

static const char about[] = "The cost of an iteration of t-SNE on one core, over n log2 n, of 1000 to 16000\n"
                            "points: a minute and a half; quick: to 4000, 4 s. --only N: N points, also\n"
                            "32000 and 64000.";

int main(int argc, char **argv) {
    const Bench bench = bench_begin(argc, argv, 5, 3, about);
    static const struct {
        const char *name;
        TsneRepulsion repulsion;
    } kinds[] = {{"barnes-hut", TSNE_BARNES_HUT}, {"interpolation", TSNE_INTERPOLATION}};
    const size_t usual = bench.quick ? 4000 : 16000, most = bench.only[0] ? 64000 : usual;
    int failed = 0;
    for (size_t n = 1000; n <= most; n *= 2)
        for (size_t k = 0; k < sizeof kinds / sizeof *kinds && !failed; k++) {
            char name[64];
            snprintf(name, sizeof name, "%s %zu", kinds[k].name, n);
            if (bench_wants(&bench, name)) failed = measure(&bench, n, kinds[k].repulsion, kinds[k].name);
        }
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
