#include "kernels/threads.h"

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
