#include "study/schedule.h"

#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#ifdef _OPENMP
#include <omp.h>
#endif

#include "base/clock.h"
#include "base/cores.h"
#include "base/file.h"
#include "base/progress.h"

#define STACK_BYTES ((size_t)8 << 20)

/* ---- being asked to stop ---- */

/* The signal's number.  A handler writes it while other threads read it, which sig_atomic_t does not allow for. */
static int stopping;

static int stopped_by(void) {
    return __atomic_load_n(&stopping, __ATOMIC_RELAXED);
}

/* The second signal does not wait. */
static void on_signal(int signal_number) {
    const int interrupted = errno; /* of whatever the signal came between */
    static const char message[] =
        "\nstopping: finished cells are kept, and begun ones that save themselves (once more to "
        "stop at once)\n";
    int none = 0;
    if (!__atomic_compare_exchange_n(&stopping, &none, signal_number, 0, __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {
        temporaries_remove();
        _exit(128 + signal_number);
    }
    if (write(STDERR_FILENO, message, sizeof message - 1) < 0) _exit(128 + signal_number);
    errno = interrupted;
}

/* SIGUSR2 is for batch systems, which send it on request some time before a job's time is over; left alone it would end
 * the program at once. */
static const int caught[] = {SIGINT, SIGTERM, SIGHUP, SIGUSR2};
enum { N_CAUGHT = sizeof caught / sizeof *caught };

static void catch_signals(struct sigaction previous[N_CAUGHT]) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = on_signal;
    action.sa_flags = SA_RESTART; /* a cell that is being stored is stored to its end */
    sigemptyset(&action.sa_mask);
    __atomic_store_n(&stopping, 0, __ATOMIC_RELAXED);
    for (int i = 0; i < N_CAUGHT; i++) {
        sigaction(caught[i], &action, &previous[i]);
        if (previous[i].sa_handler == SIG_IGN) sigaction(caught[i], &previous[i], NULL); /* nohup */
    }
}

/* ---- one cell ---- */

int cell_run(const Cell *cell, const char *results, Arena *arena, Record *record, Error *error) {
    const char *undeclared = NULL;
    double saved = 0;
    Cell running = *cell;
    running.results = results;
    running.saved = &saved;
    running.undeclared = &undeclared;
    record_create(record, arena);
    const int status = cell->method->run(&running, arena, record, error);
    if (undeclared)
        return error_set(error, "method %s asks for \"%s\", which its table of parameters does not declare so",
                         cell->method->name, undeclared);
    if (status && error->text[0] == 0 && !stopped_by())
        error_set(error, "method %s, cell %s failed", cell->method->name, cell->text);
    return status;
}

int cell_save_due(const Cell *cell) {
    enum { SECONDS_BETWEEN = 60 };
    return cell->results && (*cell->saved == 0 || stopped_by() || clock_seconds() - *cell->saved >= SECONDS_BETWEEN);
}

void cell_progress(const Cell *cell, double fraction) {
    if (cell->advance) cell->advance(cell->context, fraction);
}

/* ---- many cells ----
 * Workers are threads of their own, not of an OpenMP team: each is the first thread of the teams that its kernels make,
 * and these are kept from kernel to kernel, which teams within a team are not. */

typedef struct Work {
    Schedule *schedule;
    const Jobs *jobs;
    size_t next, running, finished; /* jobs handed out; in hand; done, well or not */
    int cores, failed;
    Progress *progress;
    Error first_error;
    pthread_mutex_t lock;
} Work;

/* A cell that asks study_stopping shows that it lives, and the progress line of its run moves on.  The run is that of the
 * calling worker, or, where a cell asks from a thread of its own, the only one that there is. */
static __thread Work *here;
static Work *only;

/* The cores are shared evenly among the cells in hand; a cell that outlasts the others gets theirs. */
static void take_cores(const Work *work) {
#ifdef _OPENMP
    const int share = work->cores / (int)(work->running ? work->running : 1);
    if (omp_get_max_threads() != share && share > 0) omp_set_num_threads(share);
#else
    (void)work;
#endif
}

int study_stopping(void) {
    Work *work = here ? here : only;
    if (work && pthread_mutex_trylock(&work->lock) == 0) {
        if (here) take_cores(work);
        if (work->progress) progress_tick(work->progress);
        pthread_mutex_unlock(&work->lock);
    }
    return stopped_by() != 0;
}

typedef struct Running {
    Work *work;
    const Job *job;
    double told; /* how much of its cost progress knows of */
} Running;

/* With the lock held. */
static void tell_progress(Running *running, double done) {
    Work *work = running->work;
    if (work->progress) progress_add(work->progress, done - running->told, (int)work->finished, (int)work->jobs->n);
    running->told = done;
}

static void advance(void *context, double fraction) {
    Running *running = context;
    pthread_mutex_lock(&running->work->lock);
    tell_progress(running, fraction * running->job->cost);
    pthread_mutex_unlock(&running->work->lock);
}

static int run_job(Running *running, Error *error) {
    const Schedule *schedule = running->work->schedule;
    Cell cell = *running->job->cell;
    Arena *arena = arena_create(0);
    Record record;
    cell.advance = advance;
    cell.context = running;
    if (schedule->fresh && schedule->results) checkpoint_remove(schedule->results, &cell);
    int status = cell_run(&cell, schedule->results, arena, &record, error);
    if (!status && schedule->keep) {
        pthread_mutex_lock(&running->work->lock);
        status = schedule->keep(schedule->context, running->job, &record, error);
        pthread_mutex_unlock(&running->work->lock);
    } else if (!status) {
        status = store_save(schedule->results, &cell, &record, error);
        if (!status) checkpoint_remove(schedule->results, &cell);
    }
    arena_destroy(arena);
    return status;
}

static void *work_on(void *context) {
    Work *work = here = context;
    pthread_mutex_lock(&work->lock);
    while (work->next < work->jobs->n && !stopped_by()) {
        Running running = {work, &work->jobs->jobs[work->next++], 0};
        Error error = {""};
        work->running++;
        take_cores(work);
        pthread_mutex_unlock(&work->lock);
        const double start = clock_seconds();
        const int status = run_job(&running, &error);
        const double seconds = clock_seconds() - start;
        pthread_mutex_lock(&work->lock);
        work->running--;
        work->finished++;
        work->schedule->seconds += seconds;
        if (!status)
            work->schedule->n_run++;
        else if (error.text[0] && !work->failed++) /* a cell that stopped as it was asked has no error */
            work->first_error = error;
        tell_progress(&running, running.job->cost);
    }
    pthread_mutex_unlock(&work->lock);
    here = NULL;
    return NULL;
}

/* This thread and as many more as there are jobs and cores; where the system has no more threads, fewer do the work. */
static void run_workers(Work *work) {
    const size_t cores = (size_t)work->cores, wanted = work->jobs->n < cores ? work->jobs->n : cores;
    pthread_t *threads = memory_alloc(wanted, sizeof *threads);
    pthread_attr_t attributes;
    size_t n = 0;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_BYTES); /* musl's default is too small for kernels */
    while (n + 1 < wanted && pthread_create(&threads[n], &attributes, work_on, work) == 0) n++;
    if (n + 1 < wanted)
        fprintf(stderr, "the system has room for %zu of %zu threads: fewer cells run at a time\n", n + 1, wanted);
    work_on(work);
    for (size_t i = 0; i < n; i++) pthread_join(threads[i], NULL);
    pthread_attr_destroy(&attributes);
    memory_free(threads);
}

int schedule_run(Schedule *schedule, const Jobs *jobs, Error *error) {
    Work work = {.schedule = schedule, .jobs = jobs, .cores = schedule->threads, .lock = PTHREAD_MUTEX_INITIALIZER};
    struct sigaction previous[N_CAUGHT];
    schedule->n_run = 0;
    schedule->seconds = 0;
    schedule->signal = 0;
    if (jobs->n == 0) return 0;
#ifdef _OPENMP
    Error note = {""};
    const int threads_before = omp_get_max_threads();
    work.cores = cores_startable_threads(work.cores, &note);
    if (note.text[0]) fprintf(stderr, "scaledown: %s\n", note.text);
#endif
    work.progress = schedule->quiet ? NULL : progress_begin(schedule->title, jobs_cost(jobs));
    catch_signals(previous);
    only = &work;
    run_workers(&work);
    only = NULL;
    schedule->signal = stopped_by();
    for (int i = 0; i < N_CAUGHT; i++) sigaction(caught[i], &previous[i], NULL);
    __atomic_store_n(&stopping, 0, __ATOMIC_RELAXED);
#ifdef _OPENMP
    omp_set_num_threads(threads_before); /* of the calling thread, which was a worker */
#endif
    if (work.progress) progress_end(work.progress);
    pthread_mutex_destroy(&work.lock);
    if (work.failed > 1) return error_set(error, "%s (and %d more)", work.first_error.text, work.failed - 1);
    if (work.failed) return *error = work.first_error, -1;
    return schedule->signal ? SCHEDULE_STOPPED : 0;
}

/* ---- how fast this machine is ---- */

#define TILE 4096
#define PLAN_SECONDS 1.37e-4 /* one pass of the loop below where the costs were measured */

/* Half of a pass is vectors that are loaded, used and stored again, half a chain of single operations that wait for each
 * other: cells have both, and a processor that is four times as fast at products in registers alone is not at cells. */
double measure_time_scale(void) {
    static float tile[TILE], row[TILE];
    const double start = clock_seconds();
    double least = HUGE_VAL, chain = 1;
    for (double before = start, now; before - start < 0.3; before = now) {
        for (int k = 0; k < 900; k++)
            for (int i = 0; i < TILE; i++) tile[i] = fmaf(row[i], 0.999f, tile[i]);
        for (int k = 0; k < 37500; k++) chain = chain * 0.999 + 1;
        now = clock_seconds();
        least = fmin(least, now - before); /* what no other program came between */
    }
    /* both must be used, or the loops could be left out */
    return least / PLAN_SECONDS * (isnan(tile[0]) || isnan(chain) ? 2 : 1);
}
