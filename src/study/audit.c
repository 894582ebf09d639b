#include "study/audit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "study/golden.h"

typedef struct Draw {
    const Job *job;
    char order[SHA256_HEX]; /* of seed and key */
} Draw;

static int by_order(const void *a, const void *b) {
    return strcmp(((const Draw *)a)->order, ((const Draw *)b)->order);
}

/* While it runs: recorded results, and the grids that jobs point into, one of each. */
typedef struct Auditing {
    Audit *audit;
    size_t n;
    Results *results;
    Grid *grids;
} Auditing;

static int open_recorded(Auditing *auditing, const Selection *selection, Arena *arena, Error *error) {
    Audit *audit = auditing->audit;
    auditing->results = arena_alloc(arena, selection->n, sizeof *auditing->results);
    auditing->grids = arena_alloc(arena, selection->n, sizeof *auditing->grids);
    for (size_t i = 0; i < selection->n; i++) {
        Results *results = &auditing->results[auditing->n];
        const int status = results_recorded(audit->references, selection->chosen[i].experiment, arena, results, error);
        if (status < 0) return -1;
        if (status)
            audit->n_without++;
        else
            auditing->grids[auditing->n++] = results->grid;
    }
    if (auditing->n == 0) return error_set(error, "none of these experiments has recorded results to compare with");
    return 0;
}

/* Of the eligible jobs, in the order that the seed gives, as many of the first as fit into the time. */
static Jobs draw(Audit *audit, const Jobs *jobs, Arena *arena) {
    Draw *drawn = arena_alloc(arena, jobs->n, sizeof *drawn);
    for (size_t i = 0; i < jobs->n; i++) {
        const Job *job = &jobs->jobs[i];
        if (job->needs && !audit->n_lacking++) error_set(&audit->lacking, "%s", job->needs);
        if (job->needs) continue;
        if (job->cost * audit->time_scale > audit->seconds / 2) continue;
        const char *text = arena_format(arena, "%llu,%s", audit->seed, job->key);
        drawn[audit->n_eligible].job = job;
        sha256_hex(text, strlen(text), drawn[audit->n_eligible++].order);
    }
    qsort(drawn, audit->n_eligible, sizeof *drawn, by_order);
    Jobs chosen = {0, arena_alloc(arena, audit->n_eligible, sizeof *chosen.jobs)};
    double left = audit->seconds * audit->threads / audit->time_scale;
    while (chosen.n < audit->n_eligible && (left -= drawn[chosen.n].job->cost) >= 0) {
        chosen.jobs[chosen.n] = *drawn[chosen.n].job;
        chosen.n++;
    }
    return chosen;
}

static int compare(void *context, const Job *job, const Record *record, Error *error) {
    const Auditing *auditing = context;
    Audit *audit = auditing->audit;
    Error difference = {""};
    (void)error;
    audit->cost_run += job->cost;
    if (record->fault) /* what the store would refuse */
        error_set(&difference, "cell %s: %s", job->cell->text, record->fault);
    else if (golden_compare(&auditing->results[job->grid - auditing->grids], job->cell->index, record, &difference) ==
             0) {
        audit->n_same++;
        return 0;
    }
    if (!audit->n_different++) audit->first = difference;
    return 0;
}

/* n of N cells were drawn without returning, and all are right: the least number of wrong ones among the N that would
 * have been missed with a probability of at most 5 %, C(N - k, n) / C(N, n). */
static size_t least_ruled_out(size_t n_right, size_t n_eligible) {
    double missed = 1;
    size_t k = 0;
    for (; k < n_eligible && missed > 0.05; k++) {
        const size_t others = n_eligible - k;
        missed *= n_right < others ? (double)(others - n_right) / (double)others : 0;
    }
    return k;
}

int audit_run(Audit *audit, const Selection *selection, Error *error) {
    Arena *arena = arena_create(0);
    Auditing auditing = {.audit = audit};
    Jobs jobs;
    int status = open_recorded(&auditing, selection, arena, error);
    if (!status) status = jobs_make(auditing.grids, auditing.n, arena, &jobs, error);
    if (!status) {
        const Jobs chosen = draw(audit, &jobs, arena);
        Schedule schedule = {
            .title = "audit", .threads = audit->threads, .quiet = audit->quiet, .keep = compare, .context = &auditing};
        audit->n_recorded = jobs.n;
        status = schedule_run(&schedule, &chosen, error);
        audit->signal = schedule.signal;
        const double cost = jobs_cost(&jobs);
        audit->cost_share = cost > 0 ? audit->cost_run / cost : 0;
        /* a run that was stopped has the cells that end soonest, which are no random ones */
        if (!audit->signal && !audit->n_different && audit->n_same)
            audit->n_ruled_out = least_ruled_out(audit->n_same, audit->n_eligible);
    }
    arena_destroy(arena);
    return status < 0 ? -1 : 0;
}
