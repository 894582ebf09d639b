#include "base/npy.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"

/* The layout: 6 bytes magic, 2 bytes version, 2 bytes little-endian header length, the header (a Python dictionary
 * padded with spaces, ending with a newline, so that the data begin at a multiple of 64), the data. */
enum { PREFIX = 10, ALIGNMENT = 64, MAXIMUM_RANK = 4, PART_BYTES = 4096 };
static const unsigned char magic[8] = {0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};

static const struct {
    const char *description;
    size_t size;
} types[] = {[NPY_F4] = {"<f4", 4}, [NPY_F8] = {"<f8", 8}, [NPY_U1] = {"|u1", 1}, [NPY_I8] = {"<i8", 8}};
enum { N_TYPES = sizeof types / sizeof *types };

/* Bytes of the data, or -1 when the product does not fit. */
static int data_bytes(const NpyArray *array, size_t *bytes) {
    *bytes = types[array->type].size;
    for (int i = 0; i < array->rank; i++) {
        if (array->shape[i] && *bytes > SIZE_MAX / array->shape[i]) return -1;
        *bytes *= array->shape[i];
    }
    return 0;
}

size_t npy_count(const NpyArray *array) {
    size_t count = 1;
    for (int i = 0; i < array->rank; i++) count *= array->shape[i];
    return count;
}

static int host_is_big_endian(void) {
    const uint16_t probe = 1;
    unsigned char first;
    memcpy(&first, &probe, 1);
    return first == 0;
}

static void reverse_elements(unsigned char *data, size_t bytes, size_t size) {
    for (size_t start = 0; start < bytes; start += size)
        for (size_t i = 0; i < size / 2; i++) {
            unsigned char swapped = data[start + i];
            data[start + i] = data[start + size - 1 - i];
            data[start + size - 1 - i] = swapped;
        }
}

/* ---- writing ---- */

static size_t format_header(const NpyArray *array, char *text, size_t room) {
    int used =
        snprintf(text, room, "{'descr': '%s', 'fortran_order': False, 'shape': (", types[array->type].description);
    for (int i = 0; i < array->rank; i++)
        used += snprintf(text + used, room - (size_t)used, i ? ", %zu" : "%zu", array->shape[i]);
    used += snprintf(text + used, room - (size_t)used, array->rank == 1 ? ",), }" : "), }");
    while ((PREFIX + used + 1) % ALIGNMENT) text[used++] = ' ';
    text[used++] = '\n';
    return (size_t)used;
}

/* The data as they lie in a file, a part at a time; returns its bytes, 0 behind the end. */
static size_t data_part(const NpyArray *array, size_t bytes, size_t start, unsigned char part[PART_BYTES]) {
    const size_t left = bytes - start, size = left < PART_BYTES ? left : PART_BYTES;
    if (!size) return 0;
    memcpy(part, (const unsigned char *)array->data + start, size);
    if (host_is_big_endian()) reverse_elements(part, size, types[array->type].size);
    return size;
}

void npy_sha256(const NpyArray *array, char hex[SHA256_HEX]) {
    unsigned char part[PART_BYTES];
    size_t bytes = npy_count(array) * types[array->type].size;
    Sha256 hash;
    sha256_begin(&hash);
    for (size_t start = 0, size; (size = data_part(array, bytes, start, part)) > 0; start += size)
        sha256_add(&hash, part, size);
    sha256_end(&hash, hex);
}

int npy_write_to(AtomicFile *file, const NpyArray *array, Error *error) {
    size_t bytes;
    if (array->rank < 0 || array->rank > MAXIMUM_RANK || data_bytes(array, &bytes))
        return error_set(error, "cannot write %.600s: the array has more than %d dimensions or is too large",
                         file->path, MAXIMUM_RANK);
    char header[256];
    size_t length = format_header(array, header, sizeof header);
    const unsigned char length_bytes[2] = {(unsigned char)(length & 255), (unsigned char)(length >> 8)};
    text_add_bytes(&file->text, magic, sizeof magic);
    text_add_bytes(&file->text, length_bytes, 2);
    text_add_bytes(&file->text, header, length);
    unsigned char part[PART_BYTES];
    for (size_t start = 0, size; (size = data_part(array, bytes, start, part)) > 0; start += size) {
        text_add_bytes(&file->text, part, size);
        atomic_flush(file);
    }
    return 0;
}

int npy_write(const char *path, const NpyArray *array, Error *error) {
    AtomicFile file;
    if (atomic_open(&file, path, error)) return -1;
    if (npy_write_to(&file, array, error) == 0) return atomic_commit(&file, error);
    atomic_abandon(&file);
    return -1;
}

/* ---- reading: the header is a Python dictionary, of which only its own three keys are understood ---- */

typedef struct Cursor {
    const char *at, *end;
} Cursor;

static void skip_spaces(Cursor *cursor) {
    while (cursor->at < cursor->end && (*cursor->at == ' ' || *cursor->at == '\n')) cursor->at++;
}

static int take(Cursor *cursor, const char *text) {
    skip_spaces(cursor);
    size_t length = strlen(text);
    if ((size_t)(cursor->end - cursor->at) < length || memcmp(cursor->at, text, length) != 0) return 0;
    cursor->at += length;
    return 1;
}

static int take_quoted(Cursor *cursor, const char *word) {
    char quoted[32];
    snprintf(quoted, sizeof quoted, "'%s'", word);
    if (take(cursor, quoted)) return 1;
    snprintf(quoted, sizeof quoted, "\"%s\"", word);
    return take(cursor, quoted);
}

static int take_size(Cursor *cursor, size_t *value) {
    skip_spaces(cursor);
    const char *begin = cursor->at;
    for (*value = 0; cursor->at < cursor->end && *cursor->at >= '0' && *cursor->at <= '9'; cursor->at++) {
        size_t digit = (size_t)(*cursor->at - '0');
        if (*value > (SIZE_MAX - digit) / 10) return 0;
        *value = *value * 10 + digit;
    }
    return cursor->at > begin;
}

static const char *take_type(Cursor *cursor, NpyArray *array) {
    for (int i = 0; i < N_TYPES; i++)
        if (take_quoted(cursor, types[i].description)) {
            array->type = (NpyType)i;
            return NULL;
        }
    return "its type is not one of <f4, <f8, |u1, <i8";
}

static const char *take_order(Cursor *cursor, NpyArray *array) {
    (void)array;
    return take(cursor, "False") ? NULL : "its order is not C order (fortran_order must be False)";
}

static const char *take_shape(Cursor *cursor, NpyArray *array) {
    if (!take(cursor, "(")) return "its shape is malformed";
    int comma = 0;
    for (array->rank = 0; !take(cursor, ")"); array->rank++) {
        if (array->rank && !comma) return "its shape is malformed";
        if (array->rank == MAXIMUM_RANK) return "it has more than 4 dimensions";
        if (!take_size(cursor, &array->shape[array->rank])) return "its shape is malformed or too large";
        comma = take(cursor, ",");
    }
    return array->rank == 1 && !comma ? "its shape is malformed" : NULL;
}

static const struct {
    const char *name;
    const char *(*take_value)(Cursor *cursor, NpyArray *array);
} keys[] = {{"descr", take_type}, {"fortran_order", take_order}, {"shape", take_shape}};
enum { N_KEYS = sizeof keys / sizeof *keys };

static int take_key(Cursor *cursor) {
    for (int i = 0; i < N_KEYS; i++)
        if (take_quoted(cursor, keys[i].name)) return take(cursor, ":") ? i : -1;
    return -1;
}

/* NULL, or what is wrong. */
static const char *parse_header(Cursor cursor, NpyArray *array) {
    static const char malformed[] = "its header is malformed";
    int seen[N_KEYS] = {0};
    if (!take(&cursor, "{")) return malformed;
    while (!take(&cursor, "}")) {
        int key = take_key(&cursor);
        if (key < 0 || seen[key]++) return malformed;
        const char *problem = keys[key].take_value(&cursor, array);
        if (problem) return problem;
        if (take(&cursor, ",")) continue;
        if (!take(&cursor, "}")) return malformed;
        break;
    }
    skip_spaces(&cursor);
    for (int i = 0; i < N_KEYS; i++)
        if (!seen[i]) return malformed;
    return cursor.at == cursor.end ? NULL : malformed;
}

static const char *parse_file(unsigned char *data, size_t size, NpyArray *array) {
    if (size < PREFIX || memcmp(data, magic, 6) != 0) return "it is not an .npy file";
    if (memcmp(data, magic, sizeof magic) != 0) return "its format version is not 1.0";
    size_t offset = PREFIX + (size_t)(data[8] | data[9] << 8);
    if (offset > size) return "it is cut off within its header";
    const char *header = (const char *)data + PREFIX;
    const char *problem = parse_header((Cursor){header, (const char *)data + offset}, array);
    if (problem) return problem;
    size_t bytes;
    if (data_bytes(array, &bytes)) return "its shape is too large";
    if (bytes > size - offset) return "it is cut off: its data are shorter than its shape";
    if (bytes < size - offset) return "there are bytes behind its data";
    memmove(data, data + offset, bytes); /* the arena's alignment, whatever the header's length */
    if (host_is_big_endian()) reverse_elements(data, bytes, types[array->type].size);
    array->data = data;
    return NULL;
}

int npy_read(const char *path, Arena *arena, NpyArray *array, Error *error) {
    unsigned char *data;
    size_t size;
    *array = (NpyArray){0};
    if (file_read(path, SIZE_MAX / 4, arena, &data, &size, error)) return -1;
    const char *problem = parse_file(data, size, array);
    if (!problem) return 0;
    return error_set(error, "cannot use %.600s: %s; write the file again", path, problem);
}
