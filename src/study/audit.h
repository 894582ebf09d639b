/* A part of the recorded results, drawn at random, computed again and compared bit for bit. */
#ifndef SCALEDOWN_STUDY_AUDIT_H
#define SCALEDOWN_STUDY_AUDIT_H

#include "study/schedule.h"

typedef struct Audit {
    const char *references;
    double seconds; /* the time there is, on these cores */
    double speed;   /* calibrate() */
    unsigned long long seed;
    int threads, quiet;
    /* filled in: */
    size_t n_recorded, n_eligible; /* cells that are recorded; those that fit into the time at all */
    size_t n_same, n_different;    /* of those that were run */
    size_t n_without;              /* experiments without recorded results */
    size_t n_lacking;              /* recorded cells that read what is not there; */
    Error lacking;                 /* what that is for the first of them */
    double ruled_out;  /* the share of wrong cells among the eligible that n_same right ones rule out at 95 % */
    double cost_share; /* of the cost of all recorded cells, the part that was run */
    Error first;       /* the first difference */
    int signal;
} Audit;

/* Cells are drawn uniformly, without returning, from those of the selected experiments that take at most half of the
 * time on one core: their order is that of SHA-256(seed, key), and as many of its first are run as fit into the time by
 * their cost.  They are never read from the store, and not stored.  0 also when some differ; -1 when a cell cannot be
 * run. */
int audit_run(Audit *audit, const Selection *selection, Error *error);

#endif
