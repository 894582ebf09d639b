#include "kernels/threads.h"

#include "kernels/parts.h"

static size_t pays_from = (size_t)1 << 25;

void threads_pay_from(size_t multiply_adds) {
    pays_from = multiply_adds;
}

#ifdef _OPENMP
#include <omp.h>

static __thread int in_task; /* of the calling thread */

int threads_worth(size_t multiply_adds) {
    return multiply_adds >= pays_from && !in_task && omp_get_max_threads() > 1;
}

size_t threads_most(void) {
    return in_task ? 1 : (size_t)omp_get_max_threads();
}

static void run_parallel(size_t count, ThreadsTask *task, const void *context) {
#pragma omp parallel
    {
        in_task = 1;
#pragma omp for schedule(dynamic)
        for (size_t i = 0; i < count; i++) task(context, i);
        in_task = 0;
    }
}
#else
int threads_worth(size_t multiply_adds) {
    (void)multiply_adds;
    return 0;
}

size_t threads_most(void) {
    return 1;
}

static void run_parallel(size_t count, ThreadsTask *task, const void *context) {
    for (size_t i = 0; i < count; i++) task(context, i);
}
#endif

void threads_run(size_t count, int parallel, ThreadsTask *task, const void *context) {
    if (parallel && count > 1)
        run_parallel(count, task, context);
    else
        for (size_t i = 0; i < count; i++) task(context, i);
}

enum { ELEMENTS_OF_RANGE = 1 << 15 };

typedef struct Ranges {
    size_t count;
    ThreadsRange *task;
    const void *context;
} Ranges;

static void range_task(const void *context, size_t i) {
    const Ranges *ranges = context;
    const size_t first = i * ELEMENTS_OF_RANGE;
    ranges->task(ranges->context, first, at_most(first + ELEMENTS_OF_RANGE, ranges->count));
}

void threads_run_ranges(size_t count, ThreadsRange *task, const void *context) {
    const Ranges ranges = {count, task, context};
    if (threads_worth(THREADS_ELEMENT_COST * count))
        threads_run(parts_of(count, ELEMENTS_OF_RANGE), 1, range_task, &ranges);
    else
        task(context, 0, count);
}
