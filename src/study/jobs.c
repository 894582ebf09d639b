#include "study/jobs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"

enum { SHORTEST_KEY = 8 };

static int longer_first(const void *a, const void *b) {
    const Job *p = a, *q = b;
    if (p->cost != q->cost) return p->cost > q->cost ? -1 : 1;
    return p->order < q->order ? -1 : p->order > q->order;
}

int jobs_make(const Grid *grids, size_t n_grids, Arena *arena, Jobs *jobs, Error *error) {
    size_t n = 0;
    for (size_t g = 0; g < n_grids; g++) n += grids[g].n_cells;
    *jobs = (Jobs){0, arena_alloc(arena, n, sizeof *jobs->jobs)};
    Map *known = map_create(arena);
    const char *needs = NULL;
    for (size_t g = 0; g < n_grids; g++)
        for (size_t i = 0; i < grids[g].n_cells; i++) {
            const Cell *cell = &grids[g].cells[i];
            Job *job = &jobs->jobs[jobs->n];
            *job = (Job){.cell = cell, .grid = &grids[g], .order = jobs->n, .state = STORED_ABSENT};
            if (store_key(cell, job->key, error) || cell_cost(cell, &job->cost, error)) return -1;
            /* the seeds of a group need the same */
            if (i % grids[g].n_seeds == 0 && cell_needs(cell, arena, &needs, error)) return -1;
            job->needs = needs;
            if (map_put(known, arena_copy_text(arena, job->key), jobs->n) == MAP_ABSENT) jobs->n++;
        }
    qsort(jobs->jobs, jobs->n, sizeof *jobs->jobs, longer_first);
    return 0;
}

void jobs_look(const char *results, Jobs *jobs, const char *consequence) {
    Arena *arena = arena_create(0);
    for (size_t i = 0; i < jobs->n; i++, arena_reset(arena)) {
        Error error = {""};
        Record record;
        record_create(&record, arena);
        jobs->jobs[i].state = store_load(results, jobs->jobs[i].cell, &record, &error);
        if (jobs->jobs[i].state == STORED_DAMAGED && consequence)
            fprintf(stderr, "%.*s; %s\n", (int)strcspn(error.text, ";"), error.text, consequence);
    }
    arena_destroy(arena);
}

typedef struct Shard {
    double load;
    size_t number;
} Shard;

static int has_less(const Shard *a, const Shard *b) {
    return a->load < b->load || (a->load == b->load && a->number < b->number);
}

void jobs_shard(Jobs *jobs, size_t n_shards) {
    Shard *heap = memory_alloc(n_shards, sizeof *heap); /* the one that has least is the first */
    for (size_t s = 0; s < n_shards; s++) heap[s] = (Shard){0, s + 1};
    for (size_t i = 0; i < jobs->n; i++) {
        const Shard grown = {heap[0].load + jobs->jobs[i].cost, heap[0].number};
        size_t at = 0, child = 1;
        jobs->jobs[i].shard = grown.number;
        for (; child < n_shards; at = child, child = 2 * at + 1) {
            if (child + 1 < n_shards && has_less(&heap[child + 1], &heap[child])) child++;
            if (!has_less(&heap[child], &grown)) break;
            heap[at] = heap[child];
        }
        heap[at] = grown;
    }
    memory_free(heap);
}

Jobs jobs_filter(const Jobs *jobs, int (*keep)(const Job *job, const void *context), const void *context,
                 Arena *arena) {
    Jobs kept = {0, arena_alloc(arena, jobs->n, sizeof *kept.jobs)};
    for (size_t i = 0; i < jobs->n; i++)
        if (keep(&jobs->jobs[i], context)) kept.jobs[kept.n++] = jobs->jobs[i];
    return kept;
}

double jobs_cost(const Jobs *jobs) {
    double sum = 0;
    for (size_t i = 0; i < jobs->n; i++) sum += jobs->jobs[i].cost;
    return sum;
}

double jobs_seconds(const Jobs *jobs, int cores, double time_scale) {
    if (jobs->n == 0) return 0;
    const double shared = jobs_cost(jobs) / cores, longest = jobs->jobs[0].cost;
    return time_scale * (longest > shared ? longest : shared);
}

const Job *jobs_find(const Jobs *jobs, const char *key, Error *error) {
    const size_t length = strlen(key);
    const Job *found = NULL;
    if (length < SHORTEST_KEY || length > 64 || strspn(key, "0123456789abcdef") != length) {
        error_set(error, "\"%.80s\" is not the key of a cell: %d to 64 of the digits that `scaledown missing` prints",
                  key, SHORTEST_KEY);
        return NULL;
    }
    for (size_t i = 0; i < jobs->n; i++) {
        if (strncmp(jobs->jobs[i].key, key, length) != 0) continue;
        if (found) return error_set(error, "several cells have keys that begin with %s; give more digits", key), NULL;
        found = &jobs->jobs[i];
    }
    if (!found)
        error_set(error, "no cell of these experiments has the key %.64s; `scaledown missing` prints them", key);
    return found;
}
