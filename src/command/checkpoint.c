#include "command/checkpoint.h"

#include <stdint.h>
#include <string.h>

#include "base/csv.h"
#include "base/file.h"
#include "base/sha256.h"

static const char title[] = "scaledown checkpoint,1\n";
enum { FLOAT_BYTES = 4, SHA256_DIGITS = SHA256_HEX - 1, MOST_OF_HEAD = 1 << 16 };

/* ---- writing ---- */

typedef struct Writer {
    AtomicFile file;
    Sha256 hash;
} Writer;

static void put(Writer *writer, const void *bytes, size_t size) {
    sha256_add(&writer->hash, bytes, size);
    text_add_bytes(&writer->file.text, bytes, size);
    atomic_flush(&writer->file);
}

static void put_reals(Writer *writer, size_t count, const real *values) {
    enum { AT_ONCE = 1024 };
    unsigned char bytes[AT_ONCE * FLOAT_BYTES];
    for (size_t first = 0; first < count; first += AT_ONCE) {
        const size_t n = count - first < AT_ONCE ? count - first : AT_ONCE;
        for (size_t i = 0; i < n; i++) {
            const float value = (float)values[first + i];
            uint32_t bits;
            memcpy(&bits, &value, sizeof bits);
            for (int b = 0; b < FLOAT_BYTES; b++) bytes[i * FLOAT_BYTES + (size_t)b] = (unsigned char)(bits >> 8 * b);
        }
        put(writer, bytes, n * FLOAT_BYTES);
    }
}

int checkpoint_write(const char *path, const char *identity, const Learner *learner, const FitState *state,
                     Error *error) {
    const Network *network = learner->network;
    char loss[32], hex[SHA256_HEX];
    Writer writer;
    if (atomic_open(&writer.file, path, error)) return -1;
    sha256_begin(&writer.hash);
    Text head = text_create(NULL);
    text_format(&head, "%s%supdates,%zu\nexamples,%zu\nloss,%s\ncorrect,%zu\namong,%zu\n\n", title, identity,
                state->updates, state->sums.n, format_double(state->sums.loss, loss), state->sums.correct,
                state->among);
    put(&writer, head.data, head.size);
    text_destroy(&head);
    put_reals(&writer, network->n_parameters, learner->weights);
    put_reals(&writer, network->n_buffers, learner->buffers);
    put_reals(&writer, network->n_parameters, state->m);
    if (state->v) put_reals(&writer, network->n_parameters, state->v);
    sha256_end(&writer.hash, hex);
    text_add(&writer.file.text, hex);
    return atomic_commit(&writer.file, error);
}

/* ---- reading ---- */

typedef struct Cursor {
    const char *at, *end;
} Cursor;

/* The line at the cursor, which it passes, without its end; NULL where no line ends. */
static const char *take_line(Cursor *cursor, Arena *arena) {
    const char *end = memchr(cursor->at, '\n', (size_t)(cursor->end - cursor->at));
    if (!end) return NULL;
    char *line = arena_format(arena, "%.*s", (int)(end - cursor->at), cursor->at);
    cursor->at = end + 1;
    return line;
}

/* The value of the line, which must have this name. */
static const char *take_value(Cursor *cursor, const char *name, Arena *arena) {
    const char *line = take_line(cursor, arena);
    const size_t length = strlen(name);
    return line && !strncmp(line, name, length) && line[length] == ',' ? line + length + 1 : NULL;
}

static int take_count(Cursor *cursor, const char *name, Arena *arena, size_t *count) {
    const char *value = take_value(cursor, name, arena);
    long long number;
    if (!value || parse_integer(value, 0, INT64_MAX, &number)) return -1;
    *count = (size_t)number;
    return 0;
}

static int take_state(Cursor *cursor, Arena *arena, FitState *state) {
    const char *loss = NULL, *empty;
    return take_count(cursor, "updates", arena, &state->updates) ||
                   take_count(cursor, "examples", arena, &state->sums.n) ||
                   !(loss = take_value(cursor, "loss", arena)) || parse_double(loss, &state->sums.loss) ||
                   take_count(cursor, "correct", arena, &state->sums.correct) ||
                   take_count(cursor, "among", arena, &state->among) || !(empty = take_line(cursor, arena)) || *empty
               ? -1
               : 0;
}

static void take_reals(Cursor *cursor, size_t count, real *values) {
    for (size_t i = 0; i < count; i++, cursor->at += FLOAT_BYTES) {
        const unsigned char *bytes = (const unsigned char *)cursor->at;
        const uint32_t bits =
            (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
        float value;
        memcpy(&value, &bits, sizeof value);
        values[i] = (real)value;
    }
}

static int check_sum(const char *path, const unsigned char *data, size_t size, Error *error) {
    char hex[SHA256_HEX];
    if (size > SHA256_DIGITS) {
        sha256_hex(data, size - SHA256_DIGITS, hex);
        if (!memcmp(hex, data + size - SHA256_DIGITS, SHA256_DIGITS)) return 0;
    }
    return error_set(error, "cannot go on from %.600s: it is damaged or no checkpoint; remove it to begin anew", path);
}

/* Line by line. */
static int check_identity(const char *path, const char *identity, Cursor *cursor, Arena *arena, Error *error) {
    Text expected = text_create(arena);
    text_format(&expected, "%s%s", title, identity);
    for (Cursor own = {expected.data, expected.data + expected.size}; own.at < own.end;) {
        const char *mine = take_line(&own, arena), *line = take_line(cursor, arena);
        if (line && !strcmp(mine, line)) continue;
        return error_set(
            error,
            "cannot go on from %.400s: it is of a training with \"%.120s\", but here it is \"%.120s\"; give "
            "the same options, or another file",
            path, line ? line : "", mine);
    }
    return 0;
}

/* All of a file whose sum is right. */
static int take_all(const char *path, const char *identity, Cursor cursor, Learner *learner, FitState *state,
                    Arena *arena, Error *error) {
    const Network *network = learner->network;
    const size_t parameters = network->n_parameters, vectors = state->v ? 3 : 2;
    if (check_identity(path, identity, &cursor, arena, error)) return -1;
    if (take_state(&cursor, arena, state) ||
        (size_t)(cursor.end - cursor.at) != (vectors * parameters + network->n_buffers) * FLOAT_BYTES)
        return error_set(error, "cannot go on from %.600s: it is of another network; remove it to begin anew", path);
    take_reals(&cursor, parameters, learner->weights);
    take_reals(&cursor, network->n_buffers, learner->buffers);
    take_reals(&cursor, parameters, state->m);
    if (state->v) take_reals(&cursor, parameters, state->v);
    return 0;
}

int checkpoint_read(const char *path, const char *identity, Learner *learner, FitState *state, Error *error) {
    const Network *network = learner->network;
    const size_t most = (3 * network->n_parameters + network->n_buffers) * FLOAT_BYTES + MOST_OF_HEAD;
    Arena *arena = arena_create(0);
    unsigned char *data;
    size_t size;
    int status = file_read(path, most, arena, &data, &size, error) || check_sum(path, data, size, error) ? -1 : 0;
    if (!status) {
        const Cursor cursor = {(const char *)data, (const char *)data + size - SHA256_DIGITS};
        status = take_all(path, identity, cursor, learner, state, arena, error);
    }
    arena_destroy(arena);
    return status;
}
