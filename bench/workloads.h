/* Training runs of the studies as benchmarks: the models of classification and pooling with Adam on batches in order, those of
 * double descent and pruning as their studies train them, the encoders of self-supervised learning on pairs of views, and of
 * metalearning a step of the outer loop; all on noise of MNIST-1D's size.  Then networks for images, under the names that
 * `scaledown models` has for them, on noise of the size of their images, as their studies train them but for the schedule of
 * the rate: SGD with momentum on shuffled batches of 128, the questions' of 256. */
#ifndef SCALEDOWN_BENCH_WORKLOADS_H
#define SCALEDOWN_BENCH_WORKLOADS_H

#include <stddef.h>

typedef struct Workload Workload;

/* The name of number i, from 0; NULL behind the last. */
const char *workload_name(size_t i);
/* Is it of a network for images?  Their steps take up to a second and a half, and 2 GB. */
int workload_has_images(size_t i);
/* 0: as the study has it.  Networks for images have one width. */
typedef struct WorkloadSize {
    size_t width, batch, examples;
} WorkloadSize;
/* NULL: there is none of that name. */
Workload *workload_create(const char *name, WorkloadSize size);
/* Seconds a training step by the caller's clock, the mean over so many; shuffles between epochs are in them.  What comes
 * before the first step is not, but with images, where it is a hundredth of a step. */
double workload_seconds(Workload *workload, size_t steps, double (*now)(void));
void workload_destroy(Workload *workload);

#endif
