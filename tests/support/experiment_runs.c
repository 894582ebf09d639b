#include "experiment_runs.h"

#include <check.h>
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "csv_values.h"
#include "files.h"
#include "registry.h"
#include "study/schedule.h"

enum { VALUE = 6 };

/* ---- any experiment ---- */

typedef struct Words {
    GridRequest request;
    int threads, fresh;
} Words;

static long long integer(const char *text) {
    long long value;
    ck_assert_msg(parse_integer(text, 0, 4294967295LL, &value) == 0, "not an integer: %s", text);
    return value;
}

static const unsigned char *row_set(const Experiment *experiment, const char *list, Arena *arena) {
    unsigned char *rows = arena_alloc_zero(arena, experiment->n_rows, 1);
    for (const char *c = list; *c; c++)
        if (*c != ',') rows[*c - '1'] = 1;
    return rows;
}

static Words read_words(const Experiment *experiment, const char *options, Arena *arena) {
    Words words = {{.size = SIZE_PAPER, .first_seed = -1}, 2, 0};
    const char **values = arena_alloc_zero(arena, parameter_count(experiment->method) + 1, sizeof *values);
    words.request.values = values;
    for (char *word = strtok(arena_copy_text(arena, options), " "); word; word = strtok(NULL, " ")) {
        char *equals = strchr(word, '='), *value = equals ? equals + 1 : word + strlen(word);
        if (equals) *equals = 0;
        const char *name = word + 2;
        const size_t p = parameter_find(experiment->method, name);
        if (experiment->method->parameters[p].name)
            values[p] = value;
        else if (strcmp(name, "size") == 0)
            words.request.size = strcmp(value, "smoke") == 0 ? SIZE_SMOKE : SIZE_PAPER;
        else if (strcmp(name, "seeds") == 0)
            words.request.seeds = integer(value);
        else if (strcmp(name, "first-seed") == 0)
            words.request.first_seed = integer(value);
        else if (strcmp(name, "rows") == 0)
            words.request.rows = row_set(experiment, value, arena);
        else if (strcmp(name, "threads") == 0)
            words.threads = (int)integer(value);
        else if (strcmp(name, "fresh") == 0)
            words.fresh = 1;
        else
            ck_abort_msg("the test gives an unknown option --%s", name);
    }
    return words;
}

int grid_of(const Experiment *experiment, const char *options, Arena *arena, Grid *grid, Error *error) {
    const Words words = read_words(experiment, options, arena);
    return grid_make(experiment, &words.request, arena, grid, error);
}

static int is_wanted(const Job *job, const void *context) {
    const int *fresh = context;
    return *fresh || job->state != STORED_WHOLE;
}

int run_in(const Experiment *experiment, const char *options, const char *results, Arena *arena, Run *run,
           Error *error) {
    const Words words = read_words(experiment, options, arena);
    Schedule schedule = {
        .results = results, .title = "test", .threads = words.threads, .fresh = words.fresh, .quiet = 1};
    Jobs jobs;
    Results merged;
    *run = (Run){.stem = ""};
    if (grid_make(experiment, &words.request, arena, &run->grid, error) ||
        jobs_make(&run->grid, 1, arena, &jobs, error))
        return -1;
    jobs_look(results, &jobs, NULL);
    const Jobs wanted = jobs_filter(&jobs, is_wanted, &words.fresh, arena);
    const char *stem = grid_stem(&run->grid, arena);
    run->stem = arena_format(arena, "%s/%s", results, stem);
    const int status = schedule_run(&schedule, &wanted, error);
    run->n_run = schedule.n_run;
    run->signal = schedule.signal;
    if (status) return status;
    if (results_load(results, &run->grid, arena, &merged, error)) return -1;
    return results_write(results, stem, &merged, error);
}

/* ---- this project ---- */

Catalogue real_project(Arena *arena) {
    Catalogue catalogue;
    Error error = {""};
    ck_assert_msg(catalogue_read(".", methods, arena, &catalogue, &error) == 0, "%s", error.text);
    return catalogue;
}

const Experiment *find_experiment(const Catalogue *catalogue, const char *name) {
    Error error = {""};
    const Experiment *experiment = experiment_find(catalogue, NULL, name, &error);
    ck_assert_msg(experiment != NULL, "%s", error.text);
    return experiment;
}

CsvTable read_table(const char *path, Arena *arena) {
    CsvTable table;
    Error error = {""};
    ck_assert_msg(csv_read(path, arena, &table, &error) == 0, "%s", error.text);
    return table;
}

CsvTable run_and_read(const Experiment *experiment, const char *options, Arena *arena) {
    char *directory = fresh_directory();
    Run run;
    Error error = {""};
    ck_assert_msg(run_in(experiment, options, directory, arena, &run, &error) == 0, "%s", error.text);
    const CsvTable results = read_table(arena_format(arena, "%s.csv", run.stem), arena);
    remove_tree(directory);
    free(directory);
    return results;
}

CsvTable run_experiment(const char *name, const char *options, Arena *arena) {
    const Catalogue catalogue = real_project(arena);
    return run_and_read(find_experiment(&catalogue, name), options, arena);
}

/* ---- a run that is killed ---- */

/* The checkpoint of the only cell, to be freed; NULL when there is none. */
static char *checkpoint(const char *method, const char *results) {
    char command[400], path[400] = "";
    snprintf(command, sizeof command, "ls %s/cells/%s/*.checkpoint 2>/dev/null", results, method);
    FILE *list = popen(command, "r");
    if (!list) abort();
    if (!fgets(path, sizeof path, list)) path[0] = '\0';
    pclose(list);
    if (!path[0]) return NULL;
    path[strcspn(path, "\n")] = '\0';
    char *copy = malloc(strlen(path) + 1);
    if (!copy) abort();
    return strcpy(copy, path);
}

/* The run starts in a child, which is killed once a checkpoint is there; its path, to be freed. */
static char *killed_run(const Experiment *experiment, const char *options, Killing how, const char *results,
                        Arena *arena) {
    const struct timespec pause = {0, 1000000L}, later = {0, 30000000L};
    Error ignored = {""};
    Run run;
    char *path = NULL;
    int status;
    fflush(NULL);
    const pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) _exit(run_in(experiment, options, results, arena, &run, &ignored) != 0);
    for (int ms = 0; ms < 20000 && !(path = checkpoint(experiment->method->name, results)); ms++)
        nanosleep(&pause, NULL);
    unsigned char *first = NULL, *last = NULL;
    size_t size, last_size;
    if (how == INTERRUPTED) ck_assert_int_eq(path && file_read(path, SIZE_MAX, arena, &first, &size, &ignored), 0);
    if (how == INTERRUPTED) nanosleep(&later, NULL);
    kill(child, how == INTERRUPTED ? SIGINT : SIGKILL);
    waitpid(child, &status, 0);
    ck_assert_msg(path != NULL, "no checkpoint");
    ck_assert_msg(how == INTERRUPTED ? WIFEXITED(status) && WEXITSTATUS(status) : WIFSIGNALED(status),
                  "the run had ended before it was stopped");
    if (how != INTERRUPTED) return path;
    ck_assert_int_eq(file_read(path, SIZE_MAX, arena, &last, &last_size, &ignored), 0);
    ck_assert_msg(size != last_size || memcmp(first, last, size), "it was not saved once more");
    return path;
}

/* The merged results of a run; what it writes to standard error. */
static char *run_and_listen(const Experiment *experiment, const char *options, const char *results, char **said,
                            Arena *arena) {
    char path[400];
    Run run;
    Error error = {""};
    snprintf(path, sizeof path, "%s/said", results);
    fflush(stderr);
    const int kept = dup(STDERR_FILENO), file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    ck_assert(kept >= 0 && file >= 0 && dup2(file, STDERR_FILENO) >= 0);
    const int status = run_in(experiment, options, results, arena, &run, &error);
    fflush(stderr);
    dup2(kept, STDERR_FILENO);
    close(file), close(kept);
    ck_assert_msg(status == 0, "%s", error.text);
    *said = slurp(path);
    char *merged = slurp(arena_format(arena, "%s.csv", run.stem));
    ck_assert(*said && merged);
    return merged;
}

const char *refused_run(const char *name, const char *options, Arena *arena) {
    const Catalogue catalogue = real_project(arena);
    char *directory = fresh_directory();
    Run ran;
    Error error = {""};
    ck_assert_int_eq(run_in(find_experiment(&catalogue, name), options, directory, arena, &ran, &error), -1);
    remove_tree(directory);
    free(directory);
    return arena_copy_text(arena, error.text);
}

void check_killed_run(const char *name, const char *options, Killing how) {
    Arena *arena = arena_create(0);
    const Catalogue catalogue = real_project(arena);
    const Experiment *experiment = find_experiment(&catalogue, name);
    char *whole = fresh_directory(), *killed = fresh_directory(), *said[2];
    char *path =
        killed_run(experiment, options, how, killed, arena); /* first: a child has no threads of its parent's */
    char *first = run_and_listen(experiment, options, whole, &said[0], arena);
    if (how == KILLED_AND_DAMAGED) ck_assert_int_eq(truncate(path, 1000), 0);
    char *second = run_and_listen(experiment, options, killed, &said[1], arena);
    ck_assert_msg((strstr(said[1], "begins anew") != NULL) == (how == KILLED_AND_DAMAGED), "it said: %s", said[1]);
    ck_assert_msg(access(path, F_OK) != 0, "the checkpoint of a finished cell is left");
    ck_assert_str_eq(first, second);
    free(first), free(second), free(path), free(said[0]), free(said[1]);
    remove_tree(whole), remove_tree(killed);
    free(whole), free(killed);
    arena_destroy(arena);
}

/* ---- tables ---- */

double table_number(const CsvTable *table, size_t row, size_t column) {
    const char *text = csv_text(table, row, column);
    return strcmp(text, "diverged") ? strtod(text, NULL) : NAN;
}

double measured(const CsvTable *results, const char *cell, const char *metric, const char *x) {
    size_t cells, metrics, xs, values;
    Error error;
    ck_assert(!csv_column(results, "cell", &cells, &error) && !csv_column(results, "metric", &metrics, &error));
    ck_assert(!csv_column(results, "x", &xs, &error) && !csv_column(results, "value", &values, &error));
    for (size_t r = 0; r < results->rows; r++)
        if (strstr(csv_text(results, r, cells), cell) && !strcmp(csv_text(results, r, metrics), metric) &&
            !strcmp(csv_text(results, r, xs), x))
            return table_number(results, r, values);
    return NAN;
}

size_t count_diverged(const CsvTable *results) {
    size_t diverged = 0;
    for (size_t r = 0; r < results->rows; r++) {
        const char *text = csv_text(results, r, VALUE);
        const int lost = !strcmp(text, "diverged");
        ck_assert_msg(lost || isfinite(table_number(results, r, VALUE)), "%s", text);
        diverged += (size_t)lost;
    }
    return diverged;
}
