#include "study/sums.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/map.h"
#include "base/sha256.h"
#include "base/text.h"

#define LIMIT ((size_t)1 << 24)

int sums_read(const char *folder, Arena *arena, Sums *sums, Error *error) {
    unsigned char *data;
    size_t size, lines = 0;
    *sums = (Sums){path_join(arena, folder, "SHA256SUMS"), 0, NULL, NULL};
    if (!file_exists(sums->path)) return 1;
    if (file_read(sums->path, LIMIT, arena, &data, &size, error)) return -1;
    char *text = (char *)data;
    if (strlen(text) != size || (size && text[size - 1] != '\n'))
        return error_set(error, "%s: truncated; restore it from the repository", sums->path);
    for (size_t i = 0; i < size; i++) lines += text[i] == '\n';
    sums->hashes = arena_alloc(arena, lines, sizeof(char *));
    sums->names = arena_alloc(arena, lines, sizeof(char *));
    Map *known = map_create(arena);
    for (char *end; (end = strchr(text, '\n')); text = end + 1) {
        *end = 0;
        if (end - text < 67 || strspn(text, "0123456789abcdef") != 64 || text[64] != ' ' || text[65] != ' ')
            return error_set(error, "%s: line %zu is not \"<sha256>  <name>\"; restore it from the repository",
                             sums->path, sums->n + 1);
        text[64] = 0;
        if (map_put(known, text + 66, sums->n) != MAP_ABSENT)
            return error_set(error, "%s: %s twice; restore it from the repository", sums->path, text + 66);
        sums->hashes[sums->n] = text;
        sums->names[sums->n++] = text + 66;
    }
    return 0;
}

const char *sums_find(const Sums *sums, const char *name) {
    for (size_t i = 0; i < sums->n; i++)
        if (strcmp(sums->names[i], name) == 0) return sums->hashes[i];
    return NULL;
}

int sums_check(const Sums *sums, const char *folder, const char *name, Arena *arena, Error *error) {
    char hex[SHA256_HEX];
    const char *path = path_join(arena, folder, name), *expected = sums_find(sums, name);
    if (!expected) return error_set(error, "%s: no line for %s; --update records it", sums->path, name);
    if (!file_exists(path)) return error_set(error, "%s: no such file; restore it from the repository", path);
    if (sha256_file(path, hex, error)) return -1;
    if (strcmp(hex, expected) == 0) return 0;
    return error_set(error, "%s: altered, SHA256SUMS has another hash; restore it from the repository", path);
}

static int compare_lines(const void *a, const void *b) {
    return strcmp(*(char *const *)a + 66, *(char *const *)b + 66);
}

int sums_write(const char *folder, const Sums *old, const Sums *fresh, Arena *arena, Error *error) {
    char **lines = arena_alloc(arena, old->n + fresh->n, sizeof *lines);
    size_t n = 0;
    for (size_t i = 0; i < fresh->n; i++) lines[n++] = arena_format(arena, "%s  %s", fresh->hashes[i], fresh->names[i]);
    for (size_t i = 0; i < old->n; i++)
        if (!sums_find(fresh, old->names[i])) lines[n++] = arena_format(arena, "%s  %s", old->hashes[i], old->names[i]);
    qsort(lines, n, sizeof *lines, compare_lines);
    Text text = text_create(arena);
    for (size_t i = 0; i < n; i++) text_format(&text, "%s\n", lines[i]);
    return file_write(path_join(arena, folder, "SHA256SUMS"), text.data, text.size, error);
}
