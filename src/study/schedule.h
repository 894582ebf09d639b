/* Run the unfinished cells of several grids over all cores, longest first. */
#ifndef SCALEDOWN_STUDY_SCHEDULE_H
#define SCALEDOWN_STUDY_SCHEDULE_H

#include "study/store.h"

typedef struct Schedule {
    const char *results;
    int threads; /* cells at a time; with fewer cells than threads the kernels use the cores instead */
    int fresh;   /* ignore stored cells */
    int quiet;   /* no progress bar */
    /* filled in: */
    size_t n_cells, n_stored, n_run, n_damaged;
    double *seconds; /* [n_grids] core-seconds spent */
} Schedule;

#define SCHEDULE_STOPPED 1 /* a signal asked to stop; finished cells are stored */

/* 0, SCHEDULE_STOPPED, or -1 with the first error (the other cells are still run and stored). */
int schedule_run(Schedule *schedule, const Grid *grids, size_t n_grids, Arena *arena, Error *error);
/* How many cells of the grid are stored whole. */
size_t schedule_count_stored(const char *results, const Grid *grid, double *remaining_cost);
#define MAX_THREADS 1024
int default_threads(void); /* at most MAX_THREADS */
/* Core-seconds here for one core-second on the machine that the studies' costs were measured on; takes 0.3 s. */
double calibrate(void);

#endif
