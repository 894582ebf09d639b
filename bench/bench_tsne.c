/* How the cost of t-SNE grows with the number of points: 50 iterations of each kind of repulsion, after 250 with
 * exaggeration, on points of 37 clusters in 40 dimensions.  Prints CSV: repulsion,points,threads,seconds_per_iteration and
 * that over n log2 n, in nanoseconds; the neighbours, which cost n^2, are not in it.
 * usage: bench_tsne [MOST_POINTS] */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "analysis/tsne.h"
#include "base/arena.h"
#include "base/clock.h"
#include "kernels/threads.h"
#include "random/random.h"

enum { LENGTH = 40, CLUSTERS = 37, EARLY = 250, MEASURED = 50 };

static double began, ended;

static void iterated(void *context, size_t iterations, double kl) {
    (void)context;
    (void)kl;
    if (iterations == EARLY) began = clock_seconds();
    if (iterations == EARLY + MEASURED) ended = clock_seconds();
}

static int measure(size_t n, TsneRepulsion repulsion, const char *name) {
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
    const int failed = tsne_fit(&(Rows){n, LENGTH, x, NULL}, &options, embedding, &kl, &error);
    const double seconds = (ended - began) / MEASURED;
    if (failed)
        fprintf(stderr, "bench_tsne: %s\n", error.text);
    else
        printf("%s,%zu,%zu,%.6f,%.3f\n", name, n, threads_most(), seconds,
               seconds / ((double)n * log2((double)n)) * 1e9);
    fflush(stdout);
    arena_destroy(arena);
    return failed;
}

int main(int argc, char **argv) {
    const size_t most = argc > 1 ? (size_t)strtoul(argv[1], NULL, 10) : 16000;
    int failed = 0;
    puts("repulsion,points,threads,seconds_per_iteration,nanoseconds_per_n_log2_n");
    for (size_t n = 1000; n <= most && !failed; n *= 2) {
        failed = measure(n, TSNE_BARNES_HUT, "barnes-hut");
        failed = failed || measure(n, TSNE_INTERPOLATION, "interpolation");
    }
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
