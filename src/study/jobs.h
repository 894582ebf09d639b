/* The cells of several grids as work to be done: each once, though two experiments may contain it, with what it costs
 * and whether it is stored. */
#ifndef SCALEDOWN_STUDY_JOBS_H
#define SCALEDOWN_STUDY_JOBS_H

#include "study/store.h"

typedef struct Job {
    const Cell *cell;
    const Grid *grid; /* of the first experiment that has it */
    char key[SHA256_HEX];
    double cost;       /* core-seconds, cell_cost */
    size_t order;      /* in the grids; jobs with equal cost keep it */
    size_t shard;      /* from 1, after jobs_shard */
    Stored state;      /* STORED_ABSENT until jobs_look */
    const char *needs; /* what it reads and is not there, or NULL; whether it is stored or not */
} Job;

typedef struct Jobs {
    size_t n;
    Job *jobs; /* the longest first */
} Jobs;

int jobs_make(const Grid *grids, size_t n_grids, Arena *arena, Jobs *jobs, Error *error);
/* Read what is stored; a damaged cell counts as not stored, and is reported on standard error with the consequence
 * ("computed again"), unless that is NULL. */
void jobs_look(const char *results, Jobs *jobs, const char *consequence);
/* Shares the cost among shards 1 to n, the longest cell first to the shard that has least so far.  The answer depends
 * on the grids and the cost formulas alone, so that every machine and every later call agree, whatever is done then. */
void jobs_shard(Jobs *jobs, size_t n_shards);
/* Those whose predicate holds, in the same order. */
Jobs jobs_filter(const Jobs *jobs, int (*keep)(const Job *job, const void *context), const void *context, Arena *arena);
double jobs_cost(const Jobs *jobs); /* the sum */
/* Seconds that jobs of that cost take on this many cores: not less than the longest one alone would on all of them. */
double jobs_seconds(const Jobs *jobs, int cores, double time_scale);
/* The job whose key begins so (8 digits at least), or NULL with an error when there is none or are several. */
const Job *jobs_find(const Jobs *jobs, const char *key, Error *error);

#endif
