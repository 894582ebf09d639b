#include "study/golden.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/sha256.h"

#define LIMIT ((size_t)1 << 31)

/* ---- SHA256SUMS ---- */

typedef struct Sums {
    size_t n;
    char **hashes, **names;
} Sums;

static int sums_read(const char *path, Arena *arena, Sums *sums, Error *error) {
    unsigned char *data;
    size_t size;
    if (!file_exists(path))
        return error_set(
            error, "%s: no such file; restore it from the repository, or `scaledown verify --update` makes it", path);
    if (file_read(path, LIMIT, arena, &data, &size, error)) return -1;
    char *text = (char *)data;
    if (strlen(text) != size || (size && text[size - 1] != '\n'))
        return error_set(error, "%s: truncated; restore it from the repository", path);
    size_t lines = 0;
    for (size_t i = 0; i < size; i++) lines += text[i] == '\n';
    *sums = (Sums){0, arena_alloc(arena, lines, sizeof(char *)), arena_alloc(arena, lines, sizeof(char *))};
    for (char *end; (end = strchr(text, '\n')); text = end + 1) {
        *end = 0;
        if (end - text < 67 || strspn(text, "0123456789abcdef") != 64 || text[64] != ' ' || text[65] != ' ')
            return error_set(error, "%s: line %zu is not \"<sha256>  <name>\"; restore it from the repository", path,
                             sums->n + 1);
        text[64] = 0;
        for (size_t i = 0; i < sums->n; i++)
            if (strcmp(sums->names[i], text + 66) == 0)
                return error_set(error, "%s: %s twice; restore it from the repository", path, text + 66);
        sums->hashes[sums->n] = text;
        sums->names[sums->n++] = text + 66;
    }
    return 0;
}

static const char *sums_find(const Sums *sums, const char *name) {
    for (size_t i = 0; i < sums->n; i++)
        if (strcmp(sums->names[i], name) == 0) return sums->hashes[i];
    return NULL;
}

/* ---- what differs ---- */

static int compare_tables(const CsvTable *golden, const CsvTable *ours, Error *error) {
    size_t rows = golden->rows < ours->rows ? golden->rows : ours->rows;
    if (golden->columns != 7 || ours->columns != 7)
        return error_set(error, "%s: not the columns of results", ours->path);
    for (size_t r = 0; r < rows; r++)
        for (size_t c = 0; c < 7; c++)
            if (strcmp(csv_text(golden, r, c), csv_text(ours, r, c)) != 0) {
                if (c == 6)
                    return error_set(
                        error, "%s: first difference at cell \"%s\", seed %s, metric %s %s%s%s: golden %s, ours %s",
                        ours->path, csv_text(ours, r, 1), csv_text(ours, r, 2), csv_text(ours, r, 3),
                        csv_text(ours, r, 4), csv_text(ours, r, 5)[0] ? "=" : "", csv_text(ours, r, 5),
                        csv_text(golden, r, 6), csv_text(ours, r, 6));
                return error_set(error, "%s: first difference in row %zu, %s: golden \"%s\", ours \"%s\"", ours->path,
                                 r + 1, ours->names[c], csv_text(golden, r, c), csv_text(ours, r, c));
            }
    return error_set(error, "%s: %zu rows, golden has %zu; `scaledown run` merges them again", ours->path, ours->rows,
                     golden->rows);
}

static int explain_difference(const char *golden_path, const char *path, Arena *arena, Error *error) {
    CsvTable golden, ours;
    if (csv_read(golden_path, arena, &golden, error) || csv_read(path, arena, &ours, error)) return -1;
    return compare_tables(&golden, &ours, error);
}

/* A reference must be what its checksum says before anything is compared with it. */
static int check_copy(const char *path, const char *expected, Error *error) {
    char hex[SHA256_HEX];
    if (!file_exists(path)) return error_set(error, "%s: no such file; restore it from the repository", path);
    if (sha256_file(path, hex, error)) return -1;
    return strcmp(hex, expected) == 0
               ? 0
               : error_set(error, "%s: altered, SHA256SUMS has another hash; restore it from the repository", path);
}

static int verify_files(const char *golden, const char *results, const Study *study, Arena *arena, Error *error) {
    Sums sums;
    const char *list = path_join(arena, golden, "SHA256SUMS");
    if (sums_read(list, arena, &sums, error)) return -1;
    for (int kind = 0; kind < N_RESULT_FILES; kind++) {
        const char *name = arena_format(arena, "%s%s", study->name, result_suffixes[kind]);
        const char *path = path_join(arena, results, name), *copy = path_join(arena, golden, name);
        const char *expected = sums_find(&sums, name);
        char hex[SHA256_HEX];
        if (!expected)
            return error_set(error, "%s: no line for %s; `scaledown verify --update` records its results", list, name);
        if (kind == 0 && check_copy(copy, expected, error)) return -1;
        if (!file_exists(path))
            return error_set(error, "%s: no such file; `scaledown run %s` computes it", path, study->name);
        if (sha256_file(path, hex, error)) return -1;
        if (strcmp(hex, expected) == 0) continue;
        if (kind == 0) return explain_difference(copy, path, arena, error);
        return error_set(error,
                         "%s: differs from the golden SHA-256, although %s.csv agrees; `scaledown run` merges it again",
                         path, study->name);
    }
    return 0;
}

int golden_verify(const char *golden, const char *results, const Study *study, Error *error) {
    Arena *arena = arena_create(0);
    int status = verify_files(golden, results, study, arena, error);
    arena_destroy(arena);
    return status;
}

/* ---- renewing ---- */

static int compare_lines(const void *a, const void *b) {
    return strcmp(*(char *const *)a + 66, *(char *const *)b + 66);
}

/* The fresh lines, and the old ones of other files, sorted by name. */
static int write_sums(const char *path, const Sums *old, const Sums *fresh, Arena *arena, Error *error) {
    char **lines = arena_alloc(arena, old->n + fresh->n, sizeof *lines);
    size_t n = 0;
    for (size_t i = 0; i < fresh->n; i++) lines[n++] = arena_format(arena, "%s  %s", fresh->hashes[i], fresh->names[i]);
    for (size_t i = 0; i < old->n; i++)
        if (!sums_find(fresh, old->names[i])) lines[n++] = arena_format(arena, "%s  %s", old->hashes[i], old->names[i]);
    qsort(lines, n, sizeof *lines, compare_lines);
    AtomicFile file;
    if (atomic_open(&file, path, error)) return -1;
    for (size_t i = 0; i < n; i++) text_format(&file.text, "%s\n", lines[i]);
    return atomic_commit(&file, error);
}

static int update_files(const char *golden, const char *results, const Study *study, Arena *arena, Error *error) {
    Sums sums = {0, NULL, NULL};
    char hex[N_RESULT_FILES][SHA256_HEX], *hashes[N_RESULT_FILES], *names[N_RESULT_FILES];
    const Sums fresh = {N_RESULT_FILES, hashes, names};
    const char *list = path_join(arena, golden, "SHA256SUMS");
    if (directory_create(golden, error) || (file_exists(list) && sums_read(list, arena, &sums, error))) return -1;
    for (int kind = 0; kind < N_RESULT_FILES; kind++) {
        char *name = names[kind] = arena_format(arena, "%s%s", study->name, result_suffixes[kind]);
        unsigned char *data;
        size_t size;
        if (file_read(path_join(arena, results, name), LIMIT, arena, &data, &size, error)) return -1;
        sha256_hex(data, size, hex[kind]);
        hashes[kind] = hex[kind];
        if (kind == 0 && file_write(path_join(arena, golden, name), data, size, error)) return -1;
    }
    return write_sums(list, &sums, &fresh, arena, error);
}

int golden_update(const char *golden, const char *results, const Study *study, Error *error) {
    Arena *arena = arena_create(0);
    int status = update_files(golden, results, study, arena, error);
    arena_destroy(arena);
    return status;
}

/* ---- the published numbers ---- */

int published_check(const char *directory, const Study *study, Arena *arena, Error *error) {
    Sums sums;
    const char *list = path_join(arena, directory, "SHA256SUMS");
    const char *name = arena_format(arena, "%s.csv", study->name);
    if (!file_exists(list) || sums_read(list, arena, &sums, error))
        return file_exists(list) ? -1
                                 : error_set(error, "%s: no such file; `scaledown claims --update` makes it", list);
    if (!sums_find(&sums, name))
        return error_set(error, "%s: no line for %s; `scaledown claims --update` records it", list, name);
    for (size_t i = 0; i < sums.n; i++)
        if (check_copy(path_join(arena, directory, sums.names[i]), sums.hashes[i], error)) return -1;
    return 0;
}

int published_record(const char *directory, Arena *arena, Error *error) {
    enum { MAX_FILES = 1024 };
    char *hashes[MAX_FILES], *names[MAX_FILES];
    const Sums none = {0, NULL, NULL};
    Sums fresh = {0, hashes, names};
    DIR *folder = opendir(directory);
    if (!folder) return error_set_system(error, "read", directory);
    int status = 0;
    for (struct dirent *entry; !status && fresh.n < MAX_FILES && (entry = readdir(folder)) != NULL;) {
        size_t length = strlen(entry->d_name);
        if (length < 5 || strcmp(entry->d_name + length - 4, ".csv") != 0) continue;
        names[fresh.n] = arena_copy_text(arena, entry->d_name);
        hashes[fresh.n] = arena_alloc(arena, SHA256_HEX, 1);
        status = sha256_file(path_join(arena, directory, entry->d_name), hashes[fresh.n++], error);
    }
    closedir(folder);
    return status ? -1 : write_sums(path_join(arena, directory, "SHA256SUMS"), &none, &fresh, arena, error);
}
