/* A part of the recorded results, drawn at random, computed again and compared bit for bit. */
#ifndef SCALEDOWN_STUDY_AUDIT_H
#define SCALEDOWN_STUDY_AUDIT_H

#include "study/schedule.h"

typedef struct Audit {
    const char *references;
    double seconds;    /* the time there is, on these cores */
    double time_scale; /* measure_time_scale() */
    unsigned long long seed;
    int threads, quiet;
    /* filled in: */
    size_t n_recorded, n_eligible; /* cells that are recorded; those that fit into the time at all */
    size_t n_same, n_different;    /* of those that were run */
    size_t n_without;              /* experiments without recorded results */
    size_t n_lacking;              /* recorded cells that read what is not there; */
    Error lacking;                 /* what that is for the first of them */
    size_t n_ruled_out; /* that this many of the eligible cells or more are wrong is ruled out at 95 %; 0: nothing is */
    double cost_run, cost_share; /* of the cells that were run; as a part of the cost of all recorded ones */
    Error first;                 /* the first difference */
    int signal;
} Audit;

/* Cells are drawn uniformly, without returning, from those of the selected experiments that take at most half of the
 * time on one core: their order is that of SHA-256(seed, key), and as many of its first are run as fit into the time by
 * their cost.  They are never read from the store, and not stored.  0 also when some differ; -1 when a cell cannot be
 * run. */
int audit_run(Audit *audit, const Selection *selection, Error *error);

#endif
