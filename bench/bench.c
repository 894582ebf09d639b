#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#ifdef _OPENMP
#include <omp.h>
#endif

#include "base/cores.h"
#include "base/options.h"

static void print_help(const char *program, const char *what, const Option *table) {
    printf("usage: %s [options]\n%s\n\n", program, what);
    options_help(&(Options){.table = table}, 80, stdout);
}

Bench bench_begin(int argc, char **argv, int usual_turns, int quick_turns, const char *what) {
    static const Option table[] = {
        {"turns", "N", NULL, "how often everything is measured, up to 99 times (default: as many as make sense)"},
        {"quick", NULL, NULL, "fewer turns, and only small sizes"},
        {"only", "PART", NULL, "only what has this in its name"},
        {"help", NULL, NULL, "this text"},
        {NULL, NULL, NULL, NULL}};
    cores_wait_passively(argv);
    Arena *arena = arena_create(0); /* for ever: only points into it */
    Options options;
    Error error = {""};
    if (options_parse(&options, table, argc - 1, argv + 1, arena, &error)) goto wrong;
    if (options_given(&options, "help")) {
        print_help(argv[0], what, table);
        exit(EXIT_SUCCESS);
    }
    const int quick = options_given(&options, "quick");
    long long turns = quick ? quick_turns : usual_turns;
    if (options.n_words) {
        error_set(&error, "\"%s\" is no option; see --help", options.words[0]);
        goto wrong;
    }
    if (options_given(&options, "turns") && options_integer(&options, "turns", 1, MOST_TURNS, &turns, &error))
        goto wrong;
    const char *only = options_text(&options, "only");
    puts("part,name,size,against,threads,unit,value,low,high,turns");
    fflush(stdout); /* nothing is left for children to write again */
    bench_set_threads(1);
    return (Bench){(size_t)turns, quick, only ? only : ""};
wrong:
    fprintf(stderr, "%s: %s\n", argv[0], error.text);
    exit(2);
}

int bench_wants(const Bench *bench, const char *name) {
    return strstr(name, bench->only) != NULL;
}

static int ascending(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Between the two nearest of sorted values. */
static double quantile(size_t n, const double *sorted, double share) {
    const double place = share * (double)(n - 1);
    const size_t below = (size_t)place, above = below + 1 < n ? below + 1 : below;
    return sorted[below] + (place - (double)below) * (sorted[above] - sorted[below]);
}

void bench_row(const Subject *subject, const char *against, const char *unit, size_t n, double *values) {
    qsort(values, n, sizeof *values, ascending);
    printf("%s,%s,", subject->part, subject->name);
    if (subject->size) printf("%zu", subject->size);
    printf(",%s,%d,%s,%.4g,%.4g,%.4g,%zu\n", against, subject->threads, unit, quantile(n, values, 0.5),
           quantile(n, values, 0.25), quantile(n, values, 0.75), n);
    fflush(stdout);
}

static size_t calls_that_take(double seconds, const Contender *contender) {
    double one = contender->seconds(contender->context, 1);
    if (one < seconds) one = contender->seconds(contender->context, 1); /* the first found nothing in caches */
    return one > 0 ? (size_t)(seconds / one) + 1 : 1;
}

void bench_compare(const Bench *bench, const Subject *subject, double work, const char *unit, double seconds, size_t n,
                   const Contender *contenders) {
    double rates[MOST_TURNS], ours = 0;
    double(*ratios)[MOST_TURNS] = memory_alloc(n, sizeof *ratios);
    size_t *calls = memory_alloc(n, sizeof *calls);
    for (size_t i = 0; i < n; i++) calls[i] = calls_that_take(seconds, &contenders[i]);
    for (size_t turn = 0; turn < bench->turns; turn++)
        for (size_t i = 0; i < n; i++) {
            const double taken = contenders[i].seconds(contenders[i].context, calls[i]);
            if (i == 0)
                ours = taken, rates[turn] = work > 0 ? work / ours / 1e9 : ours * 1e6;
            else
                ratios[i][turn] = taken / ours;
        }
    bench_row(subject, "", unit, bench->turns, rates);
    for (size_t i = 1; i < n; i++) bench_row(subject, contenders[i].name, "ratio", bench->turns, ratios[i]);
    memory_free(ratios), memory_free(calls);
}

const char *bench_beside(const char *program, const char *name) {
    const char *slash = strrchr(program, '/');
    return arena_format(arena_create(0), "%.*s/%s", slash ? (int)(slash - program) : 1, slash ? program : ".", name);
}

double thread_seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

int bench_cores(void) {
#ifdef _OPENMP
    return cores_usable();
#else
    return 1;
#endif
}

void bench_set_threads(int count) {
#ifdef _OPENMP
    omp_set_num_threads(count);
#else
    (void)count;
#endif
}
