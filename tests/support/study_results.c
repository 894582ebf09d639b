#include "study_results.h"

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

#include "fake_study.h"
#include "study/commands.h"

enum { VALUE = 6, MOST_WORDS = 20 };

CsvTable read_table(const char *path, Arena *arena) {
    CsvTable table;
    Error error = {""};
    ck_assert_msg(csv_read(path, arena, &table, &error) == 0, "%s", error.text);
    return table;
}

static int run_words(const Study *study, const char *options, const char *results, Error *error) {
    const Study *const list[] = {study, NULL};
    Arena *arena = arena_create(0);
    char *argv[MOST_WORDS];
    int argc = 0;
    argv[argc++] = arena_copy_text(arena, study->name);
    argv[argc++] = arena_copy_text(arena, "--quiet");
    argv[argc++] = arena_format(arena, "--results=%s", results);
    argv[argc++] = arena_format(arena, "--manifest=%s/m", results);
    for (char *word = strtok(arena_copy_text(arena, options), " "); word; word = strtok(NULL, " ")) {
        ck_assert_int_lt(argc, MOST_WORDS);
        argv[argc++] = word;
    }
    const int status = run_command(list, argc, argv, error);
    arena_destroy(arena);
    return status;
}

static void run_study_in(const Study *study, const char *options, const char *results) {
    Error error = {""};
    ck_assert_msg(run_words(study, options, results, &error) == 0, "%s", error.text);
}

CsvTable run_study(const Study *study, const char *options, Arena *arena) {
    char *directory = fresh_directory();
    run_study_in(study, options, directory);
    const CsvTable results = read_table(arena_format(arena, "%s/%s.csv", directory, study->name), arena);
    remove_tree(directory);
    free(directory);
    return results;
}

/* ---- a run that is killed ---- */

/* The checkpoint of the only cell, to be freed; NULL when there is none. */
static char *checkpoint(const Study *study, const char *results) {
    char command[400], path[400] = "";
    snprintf(command, sizeof command, "ls %s/cells/%s/*.checkpoint 2>/dev/null", results, study->name);
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
static char *killed_run(const Study *study, const char *options, const char *results) {
    const struct timespec pause = {0, 1000000L};
    Error ignored = {""};
    char *path = NULL;
    int status;
    fflush(NULL);
    const pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) _exit(run_words(study, options, results, &ignored) != 0);
    for (int ms = 0; ms < 20000 && !(path = checkpoint(study, results)); ms++) nanosleep(&pause, NULL);
    kill(child, SIGKILL);
    waitpid(child, &status, 0);
    ck_assert_msg(path != NULL, "no checkpoint");
    ck_assert_msg(WIFSIGNALED(status), "the run had ended before it was killed");
    return path;
}

static char *merged_results(const Study *study, const char *directory) {
    char path[400];
    snprintf(path, sizeof path, "%s/%s.csv", directory, study->name);
    char *text = slurp(path);
    ck_assert_ptr_nonnull(text);
    return text;
}

/* What the run writes to standard error; to be freed. */
static char *run_and_listen(const Study *study, const char *options, const char *results) {
    char path[400];
    snprintf(path, sizeof path, "%s/said", results);
    fflush(stderr);
    const int kept = dup(STDERR_FILENO), file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    ck_assert(kept >= 0 && file >= 0 && dup2(file, STDERR_FILENO) >= 0);
    run_study_in(study, options, results);
    fflush(stderr);
    dup2(kept, STDERR_FILENO);
    close(file), close(kept);
    char *said = slurp(path);
    ck_assert_ptr_nonnull(said);
    return said;
}

void check_killed_run(const Study *study, const char *options, int damaged) {
    char *whole = fresh_directory(), *killed = fresh_directory();
    run_study_in(study, options, whole);
    char *path = killed_run(study, options, killed);
    if (damaged) ck_assert_int_eq(truncate(path, 1000), 0);
    char *said = run_and_listen(study, options, killed);
    ck_assert_msg((strstr(said, "begins anew") != NULL) == damaged, "it said: %s", said);
    free(said);
    ck_assert_msg(access(path, F_OK) != 0, "the checkpoint of a finished cell is left");
    char *first = merged_results(study, whole), *second = merged_results(study, killed);
    ck_assert_str_eq(first, second);
    free(first), free(second), free(path);
    remove_tree(whole), remove_tree(killed);
    free(whole), free(killed);
}

double table_number(const CsvTable *table, size_t row, size_t column) {
    const char *text = csv_text(table, row, column);
    return strcmp(text, "diverged") ? strtod(text, NULL) : NAN;
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
