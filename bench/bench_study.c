/* A small study, the classification benchmark with few seeds and steps, by `scaledown run`, on 1, 2, 4 ... cores and on all: seconds
 * by the clock, from the start of the program to its end, and how many times as fast as on one core. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "bench.h"

typedef struct Study {
    const char *program, *results, *seeds, *steps;
    int threads;
} Study;

/* Its status, with its output left out. */
static int run(char *const *words) {
    int status;
    const pid_t process = fork();
    if (process == 0) {
        if (!freopen("/dev/null", "w", stdout)) _exit(127);
        execv(words[0], words);
        _exit(127);
    }
    return process < 0 || waitpid(process, &status, 0) < 0 ? -1 : status;
}

static double seconds_of(void *context, size_t calls) {
    const Study *study = context;
    Arena *arena = arena_create(0);
    char *const words[] = {arena_copy_text(arena, study->program),
                           "run",
                           "mnist1d/classification",
                           "--fresh",
                           "--quiet",
                           arena_format(arena, "--seeds=%s", study->seeds),
                           arena_format(arena, "--steps=%s", study->steps),
                           arena_format(arena, "--threads=%d", study->threads),
                           arena_format(arena, "--results=%s", study->results),
                           arena_format(arena, "--manifest=%s/manifest.txt", study->results),
                           NULL};
    const double start = clock_seconds();
    for (size_t i = 0; i < calls; i++)
        if (run(words)) {
            fprintf(stderr, "bench_study: %s failed\n", study->program);
            exit(EXIT_FAILURE);
        }
    arena_destroy(arena);
    return (clock_seconds() - start) / (double)calls;
}

static char results[] = "/tmp/scaledown-bench.XXXXXX";

static void remove_results(void) {
    char *const words[] = {"/bin/rm", "-rf", results, NULL};
    if (run(words)) fprintf(stderr, "bench_study: %s could not be removed\n", results);
}

static const char about[] = "A small study (the classification benchmark, few seeds and steps) by\n"
                            "`scaledown run`, on 1, 2, 4 ... cores and on all: a minute; quick: 10 s. Run\n"
                            "it in the project's folder.";

int main(int argc, char **argv) {
    const Bench bench = bench_begin(argc, argv, 5, 3, about);
    const char *program = bench_beside(argv[0], "../scaledown");
    const char *seeds = bench.quick ? "1" : "2", *steps = bench.quick ? "50" : "300";
    if (!mkdtemp(results)) return perror("bench_study: a folder in /tmp"), EXIT_FAILURE;
    atexit(remove_results);
    const int cores = bench_cores();
    for (int threads = 1; threads <= cores; threads = threads < cores && 2 * threads > cores ? cores : 2 * threads) {
        Study ours = {program, results, seeds, steps, threads}, one = {program, results, seeds, steps, 1};
        const Contender contenders[] = {{"", seconds_of, &ours}, {"one-thread", seconds_of, &one}};
        bench_compare(&bench, &(Subject){"study", "classification", 0, threads}, 0, "us", 0, threads > 1 ? 2 : 1,
                      contenders);
    }
    return EXIT_SUCCESS;
}
