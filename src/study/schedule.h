/* Running cells, several at a time, longest first. */
#ifndef SCALEDOWN_STUDY_SCHEDULE_H
#define SCALEDOWN_STUDY_SCHEDULE_H

#include "study/jobs.h"

/* One cell into a record; NULL results keep no checkpoint.  -1 without an error when a signal stopped it. */
int cell_run(const Cell *cell, const char *results, Arena *arena, Record *record, Error *error);

typedef struct Schedule {
    const char *results; /* NULL: no checkpoints, and keep must be set */
    const char *title;   /* of the progress line */
    int threads;         /* cores: min(threads, jobs) cells run at a time, and what is left of them goes to kernels */
    int fresh;           /* forget checkpoints */
    int quiet;           /* no progress line */
    /* what becomes of a record, one at a time; NULL: it is stored */
    int (*keep)(void *context, const Job *job, const Record *record, Error *error);
    void *context;
    int signal;     /* filled in: the signal that stopped the run, or 0 */
    size_t n_run;   /* filled in: cells that were run and stored */
    double seconds; /* filled in: core-seconds spent in cells */
} Schedule;

#define SCHEDULE_STOPPED 1 /* a signal asked to stop; finished cells are stored */

/* Runs the jobs and stores what they measured: 0, SCHEDULE_STOPPED, or -1 with the first error and the number of others
 * (the remaining cells are still run and stored, unless a signal came besides).  Jobs that are stored already are run, too:
 * filter them before. */
int schedule_run(Schedule *schedule, const Jobs *jobs, Error *error);

#define MAX_THREADS 1024
/* Core-seconds here for one core-second on the machine that costs are measured on, as far as no other program takes them:
 * by the fastest of many short passes, in 0.3 s. */
double measure_time_scale(void);

#endif
