/* When a kernel may use more than the calling thread: the work pays for the wake-up, and nobody above is already
 * running things in parallel.  The answer changes who computes, never what. */
#ifndef SCALEDOWN_KERNELS_THREADS_H
#define SCALEDOWN_KERNELS_THREADS_H

#include <stddef.h>

#ifdef _OPENMP
#include <omp.h>
#endif

static inline int threads_worth(size_t multiply_adds) {
#ifdef _OPENMP
    return multiply_adds >= ((size_t)1 << 20) && omp_get_max_threads() > 1 && !omp_in_parallel();
#else
    (void)multiply_adds;
    return 0;
#endif
}

static inline size_t threads_most(void) {
#ifdef _OPENMP
    return (size_t)omp_get_max_threads();
#else
    return 1;
#endif
}

#endif
