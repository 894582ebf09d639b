#include "command/data_folder.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "study/sums.h"

static const char list_name[] = "SHA256SUMS";

DataFolder data_begin(const char *path, Arena *arena) {
    return (DataFolder){.path = path, .arena = arena};
}

/* Makes the folder that a file is in, and notes which of its parents were not there. */
static int make_parent(DataFolder *folder, const char *file, Error *error) {
    const char *parent = arena_format(folder->arena, "%.*s", (int)(strrchr(file, '/') - file), file);
    size_t depth = 1;
    if (file_exists(parent)) return 0;
    for (const char *c = parent; *c; c++) depth += *c == '/';
    const char **made = arena_alloc(folder->arena, folder->n_made + depth, sizeof *made);
    if (folder->n_made) memcpy(made, folder->made, folder->n_made * sizeof *made);
    folder->made = made;
    for (size_t i = 1, length = strlen(parent); i <= length; i++) {
        if (parent[i] && parent[i] != '/') continue;
        const char *path = arena_format(folder->arena, "%.*s", (int)i, parent);
        if (!file_exists(path)) made[folder->n_made++] = path;
    }
    return directory_create(parent, error);
}

Text *data_add(DataFolder *folder, const char *name, Error *error) {
    const char *path = path_join(folder->arena, folder->path, name);
    if (folder->n == folder->capacity) {
        folder->capacity = 2 * folder->capacity + 16;
        AtomicFile *files = arena_alloc(folder->arena, folder->capacity, sizeof *files);
        DataFile *names = arena_alloc(folder->arena, folder->capacity, sizeof *names);
        if (folder->n) memcpy(files, folder->files, folder->n * sizeof *files);
        if (folder->n) memcpy(names, folder->names, folder->n * sizeof *names);
        folder->files = files;
        folder->names = names;
    }
    if (make_parent(folder, path, error) || atomic_open(&folder->files[folder->n], path, error)) return NULL;
    folder->names[folder->n].name = arena_copy_text(folder->arena, name);
    sha256_begin(&folder->names[folder->n].hash);
    folder->hashed = 0;
    return &folder->files[folder->n++].text;
}

void data_flush(DataFolder *folder) {
    AtomicFile *file = &folder->files[folder->n - 1];
    sha256_add(&folder->names[folder->n - 1].hash, file->text.data + folder->hashed, file->text.size - folder->hashed);
    atomic_flush(file);
    folder->hashed = file->text.size; /* 0 when it went to the disk */
}

/* Those that a killed call left beside the files, which are in the order of the calls: each folder's once or more. */
static void remove_stale(const DataFolder *folder) {
    const char *last = "";
    for (size_t i = 0; i < folder->n; i++) {
        const char *path = path_join(folder->arena, folder->path, folder->names[i].name);
        const char *parent = arena_format(folder->arena, "%.*s", (int)(strrchr(path, '/') - path), path);
        if (strcmp(parent, last) != 0) directory_remove_stale(parent);
        last = parent;
    }
}

/* What the list of an earlier call names may be removed: a file below the folder that is still what it was. */
static int remove_old(const DataFolder *folder, const Sums *old, const char *name, Error *error) {
    Error changed = {""};
    if (*name == '/' || strstr(name, "..") || !file_exists(path_join(folder->arena, folder->path, name))) return 0;
    if (sums_check(old, folder->path, name, folder->arena, &changed)) return 0;
    return file_remove(path_join(folder->arena, folder->path, name), error);
}

static int by_name(const void *a, const void *b) {
    return strcmp(*(char *const *)a + 64, *(char *const *)b + 64);
}

int data_commit(DataFolder *folder, Error *error) {
    Sums old;
    Error unreadable = {""};
    const size_t n = folder->n;
    char **lines = arena_alloc(folder->arena, n + 1, sizeof *lines);
    for (size_t i = 0; i < n; i++) {
        char hex[SHA256_HEX];
        sha256_end(&folder->names[i].hash, hex);
        lines[i] = arena_format(folder->arena, "%s  %s", hex, folder->names[i].name);
    }
    qsort(lines, n, sizeof *lines, by_name);
    Text *list = data_add(folder, list_name, error);
    for (size_t i = 0; list && i < n; i++) text_format(list, "%s\n", lines[i]);
    const int listed = sums_read(folder->path, folder->arena, &old, &unreadable) == 0;
    int status = list ? atomic_commit_all(folder->files, folder->n, error) : -1;
    if (!status) folder->n_made = 0;
    if (!status) remove_stale(folder);
    for (size_t i = 0; listed && i < old.n && !status; i++) {
        size_t kept = 0;
        while (kept < folder->n && strcmp(folder->names[kept].name, old.names[i]) != 0) kept++;
        if (kept == folder->n) status = remove_old(folder, &old, old.names[i], error);
    }
    data_abandon(folder);
    return status;
}

void data_abandon(DataFolder *folder) {
    for (size_t i = 0; i < folder->n; i++) atomic_abandon(&folder->files[i]);
    while (folder->n_made) rmdir(folder->made[--folder->n_made]);
    folder->n = 0;
}
