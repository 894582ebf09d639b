#include "study_results.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fake_study.h"
#include "study/commands.h"

enum { VALUE = 6, MOST_WORDS = 20 };

CsvTable read_table(const char *path, Arena *arena) {
    CsvTable table;
    Error error = {""};
    ck_assert_msg(csv_read(path, arena, &table, &error) == 0, "%s", error.text);
    return table;
}

CsvTable run_study(const Study *study, const char *options, Arena *arena) {
    const Study *const list[] = {study, NULL};
    char *directory = fresh_directory(), *argv[MOST_WORDS];
    Error error = {""};
    int argc = 0;
    argv[argc++] = arena_copy_text(arena, study->name);
    argv[argc++] = arena_copy_text(arena, "--quiet");
    argv[argc++] = arena_format(arena, "--results=%s", directory);
    argv[argc++] = arena_format(arena, "--manifest=%s/m", directory);
    for (char *word = strtok(arena_copy_text(arena, options), " "); word; word = strtok(NULL, " ")) {
        ck_assert_int_lt(argc, MOST_WORDS);
        argv[argc++] = word;
    }
    ck_assert_msg(run_command(list, argc, argv, &error) == 0, "%s", error.text);
    const CsvTable results = read_table(arena_format(arena, "%s/%s.csv", directory, study->name), arena);
    remove_tree(directory);
    free(directory);
    return results;
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
