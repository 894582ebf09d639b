/* How a kernel uses more than the calling thread.  The answers change who computes, never what: a kernel's tasks write
 * disjoint outputs, and there is no float reduction and no float atomic.
 *
 * A kernel has the threads that the calling thread may start by OpenMP (omp_get_max_threads, which is per calling
 * thread), whether or not the caller is itself one of several workers; a worker without cores to spare sets its
 * number to 1.  The tasks of a kernel run on one thread each, and so do the kernels that they call.  Without OpenMP
 * everything runs on the calling thread. */
#ifndef SCALEDOWN_KERNELS_THREADS_H
#define SCALEDOWN_KERNELS_THREADS_H

#include <stddef.h>

/* Whether so much work pays for waking threads that the caller may use, which sleep between products (base/cores.h):
 * from 2^25 multiply-adds on, some 0.3 ms of one thread; with less a step on two was up to three times as slow as on one. */
int threads_worth(size_t multiply_adds);
/* Another such number, for tests, whose products are small.  Before threads are started. */
void threads_pay_from(size_t multiply_adds);
size_t threads_most(void); /* how many the caller may use, itself included */
/* task(context, i) for i = 0..count-1: one after another on the calling thread, or, when parallel is set, in any order
 * on all threads that it may use.  A parallel region of one thread is not free: without parallel there is none. */
typedef void ThreadsTask(const void *context, size_t i);
void threads_run(size_t count, int parallel, ThreadsTask *task, const void *context);

/* An element of a large array, which comes from memory, takes as long as so many multiply-adds. */
enum { THREADS_ELEMENT_COST = 64 };
/* task(context, first, end) for ranges that make up the elements 0..count-1, one range where they are few, else on all threads.
 * A range begins at a multiple of 2^15. */
typedef void ThreadsRange(const void *context, size_t first, size_t end);
void threads_run_ranges(size_t count, ThreadsRange *task, const void *context);

#endif
