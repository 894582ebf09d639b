/* Programs that are compared take turns, so that what a neighbour does to the machine meets all of them. */
#ifndef SCALEDOWN_BENCH_TURNS_H
#define SCALEDOWN_BENCH_TURNS_H

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#ifdef _OPENMP
#include <omp.h>
#endif

enum { MOST_TURNS = 99 };

/* From here on: each of what is compared is on one. */
static inline void use_one_thread(void) {
#ifdef _OPENMP
    omp_set_num_threads(1);
#endif
}

/* Of the calling thread: other programs count less. */
static inline double thread_seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static inline int ascending(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Sorts x. */
static inline double median(size_t n, double *x) {
    qsort(x, n, sizeof *x, ascending);
    return n % 2 ? x[n / 2] : (x[n / 2 - 1] + x[n / 2]) / 2;
}

/* The program's first argument, or usual; exits where it takes no such arguments: [TURNS [what]]. */
static inline size_t turns_asked(int argc, char **argv, long usual, const char *program, const char *what) {
    const long turns = argc > 1 ? strtol(argv[1], NULL, 10) : usual;
    if (argc <= 3 && turns >= 1 && turns <= MOST_TURNS) return (size_t)turns;
    fprintf(stderr, "usage: %s [TURNS [%s]], at most %d turns\n", program, what, MOST_TURNS);
    exit(2);
}

#endif
