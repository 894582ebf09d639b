/* Cells as work: which there are, how they are shared among shards and threads, and what is left when a run is killed,
 * stopped or fails. */
#include <check.h>
#include <dirent.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifdef _OPENMP
#include <omp.h>
#endif

#include "base/clock.h"
#include "base/file.h"
#include "base/map.h"
#include "fake_runs.h"
#include "study/schedule.h"
#include "suite.h"

/* The jobs of all experiments of the first paper. */
static Jobs all_jobs(void) {
    const Paper *paper = &catalogue.papers[0];
    Grid *grids = arena_alloc(arena, paper->n_experiments, sizeof *grids);
    Jobs jobs;
    Error error = {""};
    for (size_t e = 0; e < paper->n_experiments; e++)
        ck_assert_msg(grid_of(&paper->experiments[e], "", arena, &grids[e], &error) == 0, "%s", error.text);
    ck_assert_msg(jobs_make(grids, paper->n_experiments, arena, &jobs, &error) == 0, "%s", error.text);
    return jobs;
}

/* ---- jobs ---- */

START_TEST(each_cell_is_one_job_the_longest_first) {
    const Jobs jobs = all_jobs();
    Map *known = map_create(arena);
    double sum = 0;
    ck_assert_uint_eq(jobs.n, 24 + 6 + 4); /* shared cells once */
    for (size_t i = 0; i < jobs.n; i++) {
        const Job *job = &jobs.jobs[i];
        ck_assert(map_put(known, job->key, i) == MAP_ABSENT && map_put(known, job->cell->text, i) == MAP_ABSENT);
        ck_assert_double_eq(job->cost, (double)cell_integer(job->cell, "width"));
        ck_assert_int_eq(job->state, STORED_ABSENT);
        ck_assert(job->cell == &job->grid->cells[job->cell->index]);
        if (i) ck_assert(job[-1].cost > job->cost || (job[-1].cost == job->cost && job[-1].order < job->order));
        sum += job->cost;
    }
    ck_assert_double_eq(jobs_cost(&jobs), sum);
    ck_assert_double_eq(jobs_seconds(&jobs, 1, 2), 2 * sum);
    ck_assert_double_eq(jobs_seconds(&jobs, 2, 1), sum / 2);
    ck_assert_double_eq(jobs_seconds(&jobs, 1000, 1), 7); /* the longest */
    const Jobs none = {0, NULL};
    ck_assert_double_eq(jobs_seconds(&none, 4, 1), 0);
}
END_TEST

START_TEST(jobs_know_what_is_stored) {
    Jobs jobs = all_jobs();
    size_t whole = 0, damaged = 0;
    run_fake("r", "");
    Error error = {""};
    const char *path = store_path(in("r"), jobs.jobs[jobs.n - 1].cell, arena, &error);
    ck_assert(edit_file(path, "level", "lovel"));
    jobs_look(in("r"), &jobs, NULL);
    for (size_t i = 0; i < jobs.n; i++) {
        whole += jobs.jobs[i].state == STORED_WHOLE;
        damaged += jobs.jobs[i].state == STORED_DAMAGED;
    }
    ck_assert_uint_eq(whole, 23);
    ck_assert_uint_eq(damaged, 1);
}
END_TEST

START_TEST(a_job_is_found_by_the_beginning_of_its_key) {
    const Jobs jobs = all_jobs();
    Error error = {""};
    for (size_t i = 0; i < jobs.n; i++) {
        char key[SHA256_HEX];
        memcpy(key, jobs.jobs[i].key, sizeof key);
        ck_assert(jobs_find(&jobs, key, &error) == &jobs.jobs[i]);
        key[8] = 0;
        ck_assert(jobs_find(&jobs, key, &error) == &jobs.jobs[i]);
        key[7] = 0;
        ck_assert_ptr_null(jobs_find(&jobs, key, &error));
        ck_assert_msg(strstr(error.text, "8 to 64") != NULL, "%s", error.text);
    }
    ck_assert_ptr_null(jobs_find(&jobs, "0123456789abcdef", &error));
    ck_assert_msg(strstr(error.text, "no cell") && strstr(error.text, "scaledown missing"), "%s", error.text);
    ck_assert_ptr_null(jobs_find(&jobs, "0123456G", &error));
    ck_assert_ptr_null(jobs_find(&jobs, "../../../x", &error));
    ck_assert_ptr_null(jobs_find(&jobs, "", &error));
    Job twins[2] = {jobs.jobs[0], jobs.jobs[0]};
    const Jobs both = {2, twins};
    twins[1].key[20] ^= 1;
    ck_assert_ptr_null(jobs_find(&both, "0", &error));
    char key[SHA256_HEX];
    memcpy(key, twins[0].key, sizeof key);
    key[12] = 0;
    ck_assert_ptr_null(jobs_find(&both, key, &error));
    ck_assert_msg(strstr(error.text, "several cells") != NULL, "%s", error.text);
    ck_assert(jobs_find(&both, twins[1].key, &error) == &twins[1]);
}
END_TEST

/* ---- shards ---- */

static void check_shards(Jobs *jobs, size_t n) {
    double *load = arena_alloc_zero(arena, n + 1, sizeof *load), least = INFINITY, most = 0;
    size_t *cells = arena_alloc_zero(arena, n + 1, sizeof *cells);
    jobs_shard(jobs, n);
    for (size_t i = 0; i < jobs->n; i++) {
        size_t lightest = 1; /* the first of those that have least so far */
        for (size_t s = 2; s <= n; s++)
            if (load[s] < load[lightest]) lightest = s;
        ck_assert_uint_eq(jobs->jobs[i].shard, lightest);
        load[jobs->jobs[i].shard] += jobs->jobs[i].cost;
        cells[jobs->jobs[i].shard]++;
    }
    for (size_t s = 1; s <= n; s++) {
        least = fmin(least, load[s]);
        most = fmax(most, load[s]);
        ck_assert(cells[s] > 0 || jobs->n < n);
    }
    ck_assert_msg(most - least <= jobs->jobs[0].cost * (1 + 1e-12), "%zu shards: %g to %g", n, least, most);
}

START_TEST(shards_are_balanced_within_the_longest_cell) {
    static const size_t shards[] = {1, 2, 3, 5, 8, 33, 34, 35, 100};
    for (size_t i = 0; i < sizeof shards / sizeof *shards; i++) {
        Jobs jobs = all_jobs();
        check_shards(&jobs, shards[i]);
    }
    catalogue = real_project(arena);
    for (size_t i = 0; i < sizeof shards / sizeof *shards; i++) {
        Jobs jobs = all_jobs();
        check_shards(&jobs, shards[i]);
    }
}
END_TEST

/* Every machine and every later call gives a cell the same shard, whatever is done by then. */
START_TEST(shards_do_not_depend_on_what_is_done) {
    Jobs before = all_jobs();
    jobs_look(in("r"), &before, NULL);
    jobs_shard(&before, 3);
    run_fake("r", "--width=2,3 --model=fancy");
    Jobs after = all_jobs();
    jobs_look(in("r"), &after, NULL);
    jobs_shard(&after, 3);
    size_t done = 0;
    for (size_t i = 0; i < before.n; i++) {
        ck_assert_str_eq(before.jobs[i].key, after.jobs[i].key);
        ck_assert_uint_eq(before.jobs[i].shard, after.jobs[i].shard);
        done += after.jobs[i].state == STORED_WHOLE;
    }
    ck_assert_uint_eq(done, 8);
}
END_TEST

static int in_shard(const Job *job, const void *context) {
    return job->shard == *(const size_t *)context;
}

START_TEST(shards_run_apart_are_the_whole) {
    enum { SHARDS = 4 };
    Error error = {""};
    run_fake("whole", "");
    for (size_t shard = 1; shard <= SHARDS; shard++) {
        Jobs jobs = all_jobs();
        Schedule schedule = {.results = in("r"), .title = "shard", .threads = 2, .quiet = 1};
        jobs_shard(&jobs, SHARDS);
        const Jobs own = jobs_filter(&jobs, in_shard, &shard, arena);
        ck_assert_int_eq(schedule_run(&schedule, &own, &error), 0);
        ck_assert_uint_eq(schedule.n_run, own.n);
    }
    ck_assert_uint_eq(run_fake("r", ""), 0); /* all is there */
    assert_same_results("r", "whole");
}
END_TEST

/* ---- workers ---- */

START_TEST(results_do_not_depend_on_threads) {
    ck_assert_uint_eq(run_fake("one", "--threads=1"), 24);
    ck_assert_uint_eq(run_fake("two", "--threads=2"), 24);
    ck_assert_uint_eq(run_fake("three", "--threads=3"), 24);
    ck_assert_uint_eq(run_fake("many", "--threads=64"), 24);
    assert_same_results("one", "two");
    assert_same_results("one", "three");
    assert_same_results("one", "many");
}
END_TEST

/* As many cells at a time as there are threads, with fewer cells than threads, too. */
START_TEST(all_cells_run_at_once_when_there_is_a_thread_for_each) {
    static const struct {
        const char *options;
        int at_once;
    } cases[] = {
        {"--threads=1 --seeds=5 --width=1 --model=plain", 1},  {"--threads=2 --seeds=5 --width=1 --model=plain", 2},
        {"--threads=3 --seeds=5 --width=1 --model=plain", 3},  {"--threads=5 --seeds=5 --width=1 --model=plain", 5},
        {"--threads=64 --seeds=5 --width=1 --model=plain", 5}, {"--threads=64 --seeds=1 --width=1 --model=plain", 1}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fake_at_once = 0;
        fake_delay_ms = 200;
        run_fake(arena_format(arena, "r%zu", i), cases[i].options);
        ck_assert_int_eq(fake_at_once, cases[i].at_once);
    }
}
END_TEST

START_TEST(the_longest_cells_begin_first) {
    const Jobs jobs = all_jobs();
    Schedule schedule = {.results = in("r"), .title = "order", .threads = 1, .quiet = 1};
    Error error = {""};
    fake_nan_seed = 42; /* the first error is that of the first cell with this seed */
    ck_assert_int_eq(schedule_run(&schedule, &jobs, &error), -1);
    ck_assert_msg(strstr(error.text, "model=fancy width=7 rate=0.5 seed=42") && strstr(error.text, "(and 8 more)"),
                  "%s", error.text);
    ck_assert_uint_eq(schedule.n_run, 34 - 9);
    ck_assert_int_eq(schedule.signal, 0);
    ck_assert_double_ge(schedule.seconds, 0);
}
END_TEST

typedef struct Kept {
    size_t n;
    double levels;
    int fail;
} Kept;

static int keep(void *context, const Job *job, const Record *record, Error *error) {
    Kept *kept = context;
    kept->n++;
    kept->levels += record->rows[0].value;
    return kept->fail ? error_set(error, "not kept: %s", job->key) : 0;
}

START_TEST(records_can_go_elsewhere_than_to_the_store) {
    const Jobs jobs = all_jobs();
    Kept kept = {0, 0, 0};
    Schedule schedule = {.title = "kept", .threads = 3, .quiet = 1, .keep = keep, .context = &kept};
    Error error = {""};
    ck_assert_int_eq(schedule_run(&schedule, &jobs, &error), 0);
    ck_assert_uint_eq(kept.n, jobs.n);
    /* fake: 4 seeds of 1 + 2 + 3 + 11 + 12 + 13; panels: 2 of 2 + 3 + 17; shared: 2 more of 12 + 13 */
    ck_assert_double_eq(kept.levels, 4 * 42 + 2 * 22 + 2 * 25);
    ck_assert(!file_exists(in("cells")));
    kept = (Kept){0, 0, 1};
    ck_assert_int_eq(schedule_run(&schedule, &jobs, &error), -1);
    ck_assert_msg(strstr(error.text, "not kept") && strstr(error.text, "(and 33 more)"), "%s", error.text);
    const Jobs none = {0, NULL};
    ck_assert_int_eq(schedule_run(&schedule, &none, &error), 0);
}
END_TEST

START_TEST(the_machine_is_measured) {
    const double start = clock_seconds(), time_scale = measure_time_scale();
    ck_assert(isfinite(time_scale) && time_scale > 0.05 && time_scale < 1e6); /* fmaf may be a function */
    ck_assert_double_ge(clock_seconds() - start, 0.25);
}
END_TEST

/* ---- interruption ---- */

static int is_cell(const char *name) {
    return strlen(name) == 68 && strcmp(name + 64, ".csv") == 0;
}

static int stored_cells(const char *sub) {
    int count = 0;
    DIR *cells = opendir(arena_format(arena, "%s/cells/fake", in(sub)));
    struct dirent *entry;
    while (cells && (entry = readdir(cells))) count += is_cell(entry->d_name);
    if (cells) closedir(cells);
    return count;
}

static void sleep_ms(long ms) {
    struct timespec pause = {ms / 1000, ms % 1000 * 1000000L};
    nanosleep(&pause, NULL);
}

/* Until that many cells are stored; not longer than 20 seconds. */
static void wait_for_cells(const char *sub, int count) {
    for (int ms = 0; ms < 20000 && stored_cells(sub) < count; ms++) sleep_ms(1);
}

/* A child that runs all of fake slowly and ends with the signal that stopped it, or 1. */
static pid_t start_run(const char *sub, int delay_ms) {
    fflush(NULL);
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        Run ran;
        Error error = {""};
        fake_delay_ms = delay_ms;
        const int status = run_in(fake, "--threads=2", in(sub), arena, &ran, &error);
        _exit(status == SCHEDULE_STOPPED ? ran.signal : status == 0 ? 0 : 1);
    }
    return child;
}

START_TEST(killed_run_goes_on_to_the_same_bytes) {
    int status;
    pid_t child = start_run("r", 20);
    wait_for_cells("r", 3 * _i); /* 0: at the very start */
    kill(child, SIGKILL);
    waitpid(child, &status, 0);
    ck_assert(WIFSIGNALED(status));
    const int kept = stored_cells("r");
    ck_assert_int_ge(kept, 3 * _i);
    run_fake("whole", "--threads=1");
    ck_assert_uint_eq(run_fake("r", "--threads=1"), (size_t)(24 - kept));
    assert_same_results("r", "whole");
}
END_TEST

START_TEST(signal_stops_cleanly) {
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
    int status;
    pid_t child = start_run("r", 20);
    wait_for_cells("r", 1);
    kill(child, signals[_i]);
    waitpid(child, &status, 0);
    ck_assert(WIFEXITED(status));
    ck_assert_int_eq(WEXITSTATUS(status), signals[_i]);
    ck_assert(!file_exists(in("r/fakes/fake.csv")));
    const int kept = stored_cells("r");
    ck_assert(kept >= 1 && kept < 24);
    ck_assert_uint_eq(run_fake("r", ""), (size_t)(24 - kept));
}
END_TEST

/* A cell that fails after the signal has failed all the same; one that stopped as it was asked has not. */
START_TEST(a_failure_after_a_signal_is_told) {
    int status;
    fake_nan_seed = 42;
    pid_t child = start_run("r", 600);
    sleep_ms(200);
    kill(child, SIGTERM);
    waitpid(child, &status, 0);
    ck_assert(WIFEXITED(status));
    ck_assert_int_eq(WEXITSTATUS(status), 1);
    ck_assert_int_eq(stored_cells("r"), 1); /* of the two in hand */
}
END_TEST

START_TEST(a_run_leaves_the_number_of_threads) {
#ifdef _OPENMP
    omp_set_num_threads(3);
    run_fake("r", "--threads=2");
    ck_assert_int_eq(omp_get_max_threads(), 3);
#endif
}
END_TEST

START_TEST(a_second_signal_does_not_wait) {
    int status;
    pid_t child = start_run("r", 5000);
    sleep_ms(200);
    kill(child, SIGTERM);
    sleep_ms(100);
    kill(child, SIGTERM);
    const double start = clock_seconds();
    waitpid(child, &status, 0);
    ck_assert_double_lt(clock_seconds() - start, 3);
    ck_assert(WIFEXITED(status));
    ck_assert_int_eq(WEXITSTATUS(status), 128 + SIGTERM);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("schedule");
    TCase *t = tcase_create("jobs");
    tcase_add_checked_fixture(t, fake_runs_begin, fake_runs_end);
    tcase_set_timeout(t, 120);
    tcase_add_test(t, each_cell_is_one_job_the_longest_first);
    tcase_add_test(t, jobs_know_what_is_stored);
    tcase_add_test(t, a_job_is_found_by_the_beginning_of_its_key);
    tcase_add_test(t, shards_are_balanced_within_the_longest_cell);
    tcase_add_test(t, shards_do_not_depend_on_what_is_done);
    tcase_add_test(t, shards_run_apart_are_the_whole);
    tcase_add_test(t, results_do_not_depend_on_threads);
    tcase_add_test(t, all_cells_run_at_once_when_there_is_a_thread_for_each);
    tcase_add_test(t, the_longest_cells_begin_first);
    tcase_add_test(t, records_can_go_elsewhere_than_to_the_store);
    tcase_add_test(t, the_machine_is_measured);
    tcase_add_loop_test(t, killed_run_goes_on_to_the_same_bytes, 0, 4);
    tcase_add_loop_test(t, signal_stops_cleanly, 0, 3);
    tcase_add_test(t, a_failure_after_a_signal_is_told);
    tcase_add_test(t, a_run_leaves_the_number_of_threads);
    tcase_add_test(t, a_second_signal_does_not_wait);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
