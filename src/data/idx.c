#include "data/idx.h"

#include <string.h>

#include "base/packed.h"

/* By the third byte of a file. */
static const struct {
    int size; /* 0: not read here */
    const char *name;
} types[] = {
    [0x08] = {1, "unsigned bytes"},  [0x09] = {0, "signed bytes"},           [0x0b] = {2, "16-bit integers"},
    [0x0c] = {4, "32-bit integers"}, [0x0d] = {0, "floating-point numbers"}, [0x0e] = {0, "floating-point numbers"}};
enum { N_TYPES = sizeof types / sizeof *types };

static int refuse(const PackedFile *file, Error *error, const char *fault) {
    return error_set(error, "cannot use %.600s: %s; fetch the file again", file->path, fault);
}

static uint32_t big_endian(const unsigned char bytes[4]) {
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

/* size bytes and no fewer. */
static int read_whole(PackedFile *file, void *data, size_t size, const char *what, Error *error) {
    size_t got;
    if (packed_read(file, data, size, &got, error)) return -1;
    if (got == size) return 0;
    return error_set(error,
                     "cannot use %.600s: it is cut off: %zu of the %zu bytes of its %s are there; fetch the file "
                     "again",
                     file->path, got, size, what);
}

static int read_header(PackedFile *file, size_t limit, IdxArray *array, Error *error) {
    unsigned char magic[4], dimension[4];
    size_t got;
    if (packed_read(file, magic, sizeof magic, &got, error)) return -1;
    if (got < sizeof magic || magic[0] || magic[1] || magic[2] >= N_TYPES || !types[magic[2]].name)
        return refuse(file, error, "it is no IDX file");
    if (!types[magic[2]].size)
        return error_set(error, "cannot use %.600s: it holds %s; integers of 8, 16 and 32 bits are read", file->path,
                         types[magic[2]].name);
    if (magic[3] < 1 || magic[3] > IDX_MOST_DIMENSIONS)
        return error_set(error, "cannot use %.600s: it has %d dimensions; 1 to %d are read", file->path, magic[3],
                         IDX_MOST_DIMENSIONS);
    *array = (IdxArray){.size = types[magic[2]].size, .rank = magic[3], .bytes = (size_t)types[magic[2]].size};
    for (int i = 0; i < array->rank; i++) {
        if (read_whole(file, dimension, sizeof dimension, "header", error)) return -1;
        array->shape[i] = big_endian(dimension);
        if (array->shape[i] == 0)
            return error_set(error, "cannot use %.600s: dimension %d of its header is 0", file->path, i + 1);
        if (array->bytes > limit / array->shape[i])
            return error_set(error,
                             "cannot use %.600s: its header says more than the %zu bytes of data that are "
                             "allowed; check that it is the right file",
                             file->path, limit);
        array->bytes *= array->shape[i];
    }
    return 0;
}

static int read_file(PackedFile *file, size_t limit, Arena *arena, IdxArray *array, Error *error) {
    unsigned char behind;
    size_t got;
    if (read_header(file, limit, array, error)) return -1;
    unsigned char *data = arena_alloc(arena, array->bytes, 1);
    if (read_whole(file, data, array->bytes, "data", error) || packed_read(file, &behind, 1, &got, error)) return -1;
    if (got) return refuse(file, error, "there are bytes behind its data");
    array->data = data;
    packed_sha256(file, array->sha256);
    return 0;
}

int idx_read(const char *path, size_t limit, Arena *arena, IdxArray *array, Error *error) {
    PackedFile file;
    *array = (IdxArray){0};
    const int status = packed_open(&file, path, error) || read_file(&file, limit, arena, array, error) ? -1 : 0;
    packed_close(&file);
    return status;
}

int idx_read_images(const char *path, size_t limit, Arena *arena, Images *images, char sha256[SHA256_HEX],
                    Error *error) {
    IdxArray array;
    if (idx_read(path, limit, arena, &array, error)) return -1;
    if (array.size != 1 || array.rank < 3)
        return error_set(error,
                         "cannot use %.600s: it holds numbers of %d bits in %d dimension%s; images are bytes in "
                         "three or four",
                         path, 8 * array.size, array.rank, array.rank == 1 ? "" : "s");
    const size_t *tail = &array.shape[array.rank - 2];
    *images = (Images){array.shape[0], array.rank == 4 ? array.shape[1] : 1, tail[0], tail[1], array.data, NULL};
    memcpy(sha256, array.sha256, SHA256_HEX);
    return 0;
}

int idx_read_labels(const char *path, size_t limit, Arena *arena, size_t *n, const uint16_t **labels,
                    char sha256[SHA256_HEX], Error *error) {
    IdxArray array;
    if (idx_read(path, limit, arena, &array, error)) return -1;
    if (array.rank != 1)
        return error_set(error, "cannot use %.600s: it has %d dimensions; labels have one", path, array.rank);
    uint16_t *out = arena_alloc(arena, array.shape[0], sizeof *out);
    for (size_t i = 0; i < array.shape[0]; i++) {
        const unsigned char *at = array.data + i * (size_t)array.size;
        const uint32_t label = array.size == 1   ? at[0]
                               : array.size == 4 ? big_endian(at)
                               : at[0] & 0x80    ? UINT32_MAX /* negative */
                                                 : (uint32_t)at[0] << 8 | at[1];
        if (label > UINT16_MAX)
            return error_set(error, "cannot use %.600s: label %zu (from 0) is not 0 to 65535", path, i);
        out[i] = (uint16_t)label;
    }
    *n = array.shape[0];
    *labels = out;
    memcpy(sha256, array.sha256, SHA256_HEX);
    return 0;
}
