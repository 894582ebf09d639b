/* What the programs of bench/ share.  Each prints rows of one CSV, whose columns bench/machines/README.md explains:
 *     part,name,size,against,threads,unit,value,low,high,turns
 * Whatever is compared takes turns, so that what a neighbour does to the machine meets all of it; a ratio is of times of one
 * turn, and a value the median over turns, between the first and the third quartile. */
#ifndef SCALEDOWN_BENCH_BENCH_H
#define SCALEDOWN_BENCH_BENCH_H

#include <stddef.h>

enum { MOST_TURNS = 99 };

typedef struct Bench {
    size_t turns;
    int quick;        /* the smallest choice of what is measured */
    const char *only; /* a part of the names to be measured; "" for all */
} Bench;

/* What a row is about.  size 0: the name says all. */
typedef struct Subject {
    const char *part, *name;
    size_t size;
    int threads;
} Subject;

/* Takes part in a comparison: seconds that a call took, the mean over so many calls. */
typedef struct Contender {
    const char *name;
    double (*seconds)(void *context, size_t calls);
    void *context;
} Contender;

/* Call first in main: reads --turns, --quick, --only and --help, which tells what; wrong options end the program.  Prints the
 * head of the CSV. */
Bench bench_begin(int argc, char **argv, int usual_turns, int quick_turns, const char *what);
/* Whether a name is asked for. */
int bench_wants(const Bench *bench, const char *name);

/* All contenders in turns, the first of which is ours; in a turn each has as many calls as take about so many seconds, after
 * one or two that are not counted.  Prints a row of ours, work done in a second over 1e9, or with work 0 microseconds a
 * call, and of every other the ratio of its time to ours: above 1, ours is the faster. */
void bench_compare(const Bench *bench, const Subject *subject, double work, const char *unit, double seconds, size_t n,
                   const Contender *contenders);
/* One row of what was measured n times; sorts the values. */
void bench_row(const Subject *subject, const char *against, const char *unit, size_t n, double *values);

/* "FOLDER/NAME", FOLDER that of this program, for ever. */
const char *bench_beside(const char *program, const char *name);

/* Of the calling thread: other programs count less. */
double thread_seconds(void);
int bench_cores(void);             /* that this process may use */
void bench_set_threads(int count); /* of kernels that the caller calls */

#endif
