#include "study/schedule.h"

#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifdef _OPENMP
#include <omp.h>
#endif

#include "base/clock.h"
#include "base/cores.h"
#include "base/file.h"
#include "base/progress.h"

/* ---- being asked to stop ---- */

static volatile sig_atomic_t stopping;

/* Long cells ask this often: the moment to show that they live. */
static Progress *shown;

int study_stopping(void) {
    if (shown) progress_tick(shown);
    return stopping != 0;
}

/* The second signal does not wait: files are whole or absent at any moment. */
static void on_signal(int signal_number) {
    int interrupted = errno; /* of whatever the signal came between */
    if (stopping) {
        temporaries_remove();
        _exit(128 + signal_number);
    }
    stopping = 1;
    static const char message[] = "\nstopping: finished cells are kept (once more to stop at once)\n";
    if (write(STDERR_FILENO, message, sizeof message - 1) < 0) _exit(130);
    errno = interrupted;
}

static const int caught[] = {SIGINT, SIGTERM};
static struct sigaction previous[2];

static void catch_signals(void) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = on_signal;
    action.sa_flags = SA_RESTART; /* a cell that is being stored is stored to its end */
    sigemptyset(&action.sa_mask);
    stopping = 0;
    for (int i = 0; i < 2; i++) sigaction(caught[i], &action, &previous[i]);
}

static void release_signals(void) {
    for (int i = 0; i < 2; i++) sigaction(caught[i], &previous[i], NULL);
}

/* ---- jobs ---- */

typedef struct Run Run;

typedef struct Job {
    const Cell *cell;
    double cost, done; /* done: how much of it progress was told */
    size_t grid, order;
    Run *run;
} Job;

struct Run {
    Schedule *schedule;
    Job *jobs;
    size_t n_jobs;
    Progress *progress;
    Error first_error;
    int failed;
};

static int longer_first(const void *a, const void *b) {
    const Job *p = a, *q = b;
    if (p->cost != q->cost) return p->cost > q->cost ? -1 : 1;
    return p->order < q->order ? -1 : p->order > q->order;
}

static double cell_cost(const Cell *cell) {
    return cell->study->cost ? cell->study->cost(cell) : 1;
}

/* The part of the job's cost that is done and not yet told. */
static void tell_progress(Job *job, double done) {
    const Schedule *schedule = job->run->schedule;
    int finished = (int)(schedule->n_stored + schedule->n_run);
    if (job->run->progress) progress_add(job->run->progress, done - job->done, finished, (int)schedule->n_cells);
    job->done = done;
}

static void advance(void *context, double fraction) {
    Job *job = context;
#ifdef _OPENMP
#pragma omp critical(scaledown_schedule)
#endif
    tell_progress(job, fraction * job->cost);
}

static int run_cell(Job *job, Error *error) {
    const char *results = job->run->schedule->results;
    Cell cell = *job->cell;
    Arena *arena = arena_create(0);
    Record record;
    cell.results = results;
    cell.advance = advance;
    cell.context = job;
    if (job->run->schedule->fresh) checkpoint_remove(results, &cell);
    record_create(&record, arena);
    int status = cell.study->run(&cell, arena, &record, error);
    if (status && error->text[0] == 0) error_set(error, "study %s, cell %s failed", cell.study->name, cell.text);
    if (!status) status = store_save(results, &cell, &record, error);
    if (!status) checkpoint_remove(results, &cell);
    arena_destroy(arena);
    return status;
}

static void run_job(Run *run, Job *job) {
    if (stopping) return;
    Error error = {""};
    double start = clock_seconds();
    int status = run_cell(job, &error);
    double seconds = clock_seconds() - start;
#ifdef _OPENMP
#pragma omp critical(scaledown_schedule)
#endif
    {
        run->schedule->seconds[job->grid] += seconds;
        if (!status)
            run->schedule->n_run++;
        else if (!stopping && !run->failed++)
            run->first_error = error;
        tell_progress(job, job->cost);
    }
}

static void run_jobs(Run *run) {
    int threads = run->schedule->threads;
#ifdef _OPENMP
    Error note = {""};
    threads = cores_startable_threads(threads, &note);
    if (note.text[0]) fprintf(stderr, "scaledown: %s\n", note.text);
    omp_set_num_threads(threads);
    if (run->n_jobs >= (size_t)threads && threads > 1) {
#pragma omp parallel for schedule(dynamic, 1)
        for (size_t i = 0; i < run->n_jobs; i++) run_job(run, &run->jobs[i]);
        return;
    }
#endif
    (void)threads;
    for (size_t i = 0; i < run->n_jobs; i++) run_job(run, &run->jobs[i]);
}

/* ---- what is left to do ---- */

static Stored stored(const char *results, const Cell *cell, Error *error) {
    Arena *arena = arena_create(0);
    Record record;
    record_create(&record, arena);
    Stored state = store_load(results, cell, &record, error);
    arena_destroy(arena);
    return state;
}

static void collect(Run *run, const Grid *grid, size_t grid_index) {
    Schedule *schedule = run->schedule;
    for (size_t i = 0; i < grid->n_cells; i++) {
        const Cell *cell = &grid->cells[i];
        Error error = {""};
        Stored state = schedule->fresh ? STORED_ABSENT : stored(schedule->results, cell, &error);
        if (state == STORED_DAMAGED) {
            schedule->n_damaged++;
            fprintf(stderr, "%.*s; computed again\n", (int)strcspn(error.text, ";"), error.text);
        }
        if (state == STORED_WHOLE)
            schedule->n_stored++;
        else
            run->jobs[run->n_jobs] = (Job){cell, cell_cost(cell), 0, grid_index, run->n_jobs, run}, run->n_jobs++;
    }
}

/* What a killed run was writing is no result. */
static void remove_stale(const char *results, const Study *study, Arena *arena) {
    directory_remove_stale(results);
    directory_remove_stale(arena_format(arena, "%s/cells/%s", results, study->name));
}

int schedule_run(Schedule *schedule, const Grid *grids, size_t n_grids, Arena *arena, Error *error) {
    Run run = {.schedule = schedule};
    schedule->n_cells = schedule->n_stored = schedule->n_run = schedule->n_damaged = 0;
    schedule->seconds = arena_alloc_zero(arena, n_grids, sizeof *schedule->seconds);
    for (size_t g = 0; g < n_grids; g++) schedule->n_cells += grids[g].n_cells;
    run.jobs = arena_alloc(arena, schedule->n_cells, sizeof *run.jobs);
    for (size_t g = 0; g < n_grids; g++) {
        remove_stale(schedule->results, grids[g].study, arena);
        collect(&run, &grids[g], g);
    }
    if (run.n_jobs == 0) return 0;
    qsort(run.jobs, run.n_jobs, sizeof *run.jobs, longer_first);
    double total = 0;
    for (size_t i = 0; i < run.n_jobs; i++) total += run.jobs[i].cost;
    run.progress = schedule->quiet ? NULL : progress_begin(n_grids == 1 ? grids[0].study->name : "all studies", total);
    catch_signals();
    shown = run.progress;
    run_jobs(&run);
    shown = NULL;
    int stopped = stopping;
    release_signals();
    if (run.progress) progress_end(run.progress);
    if (run.failed > 1) {
        error_set(error, "%s (and %d more)", run.first_error.text, run.failed - 1);
        return -1;
    }
    if (run.failed) return *error = run.first_error, -1;
    return stopped ? SCHEDULE_STOPPED : 0;
}

size_t schedule_count_stored(const char *results, const Grid *grid, double *remaining_cost) {
    size_t count = 0;
    *remaining_cost = 0;
    for (size_t i = 0; i < grid->n_cells; i++) {
        Error ignored = {""};
        if (stored(results, &grid->cells[i], &ignored) == STORED_WHOLE)
            count++;
        else
            *remaining_cost += cell_cost(&grid->cells[i]);
    }
    return count;
}

/* ---- how fast this machine is ---- */

int default_threads(void) {
    int threads = cores_default_threads();
    return threads < MAX_THREADS ? threads : MAX_THREADS;
}

#define TILE 192
#define PLAN_SECONDS 7.2e-5 /* one pass of the loop below where the costs were measured */

double calibrate(void) {
    static float tile[TILE];
    double start = clock_seconds(), seconds = 0;
    long passes = 0;
    while (seconds < 0.3) {
        for (int k = 0; k < 10000; k++)
            for (int i = 0; i < TILE; i++) tile[i] = fmaf(tile[i], 0.999f, (float)k);
        passes++;
        seconds = clock_seconds() - start;
    }
    /* the tile must be used, or the loop could be left out */
    return seconds / (double)passes / PLAN_SECONDS * (isnan(tile[0]) ? 2 : 1);
}
