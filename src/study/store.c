#include "study/store.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/sha256.h"

#define LAST_LINE 72 /* "sha256," 64 digits and a newline */
#define MAX_CELL_BYTES ((size_t)1 << 28)

/* ---- records ---- */

void record_create(Record *record, Arena *arena) {
    *record = (Record){.arena = arena};
}

static int metric_name_ok(const char *name) {
    if (!name || !islower((unsigned char)*name)) return 0;
    for (; *name; name++)
        if (!islower((unsigned char)*name) && !isdigit((unsigned char)*name) && *name != '_') return 0;
    return 1;
}

void record_row(Record *record, Row row) {
    const char *fault = NULL;
    if (!metric_name_ok(row.metric) || (row.x_name[0] && !metric_name_ok(row.x_name)))
        fault = "has a name that is not lower_snake_case";
    else if (row.x_name[0] && !isfinite(row.x))
        fault = "has an x that is not a finite number";
    else if (!row.diverged && !isfinite(row.value))
        fault = isnan(row.value) ? "is NaN" : "is infinite";
    if (fault && !record->fault) record->fault = arena_format(record->arena, "metric %s %s", row.metric, fault);
    if (record->n_rows == record->capacity) {
        size_t capacity = record->capacity ? 2 * record->capacity : 128;
        Row *rows = arena_alloc(record->arena, capacity, sizeof *rows);
        if (record->n_rows) memcpy(rows, record->rows, record->n_rows * sizeof *rows);
        record->rows = rows;
        record->capacity = capacity;
    }
    record->rows[record->n_rows++] = row;
}

void record_metric(Record *record, const char *metric, double value) {
    record_row(record, (Row){metric, "", NAN, value, 0});
}

void record_point(Record *record, const char *metric, const char *x_name, double x, double value) {
    record_row(record, (Row){metric, x_name, x, value, 0});
}

void record_diverged(Record *record, const char *metric, const char *x_name, double x) {
    record_row(record, (Row){metric, x_name ? x_name : "", x_name ? x : NAN, NAN, 1});
}

void record_either(Record *record, const char *metric, const char *x_name, double x, double value) {
    record_row(record,
               (Row){metric, x_name ? x_name : "", x_name ? x : NAN, isfinite(value) ? value : NAN, !isfinite(value)});
}

int row_same_place(const Row *a, const Row *b) {
    int same_x = a->x == b->x || (isnan(a->x) && isnan(b->x));
    return same_x && strcmp(a->metric, b->metric) == 0 && strcmp(a->x_name, b->x_name) == 0;
}

/* ---- numbers ---- */

char *real_text(double value, char buffer[40]) {
    format_double(value, buffer);
    if (!buffer[strspn(buffer, "-0123456789")]) strcat(buffer, ".0");
    return buffer;
}

int real_parse(const char *text, const char *path, const char *what, double *value, Error *error) {
    if (parse_double(text, value)) return error_set(error, "%s: %s is \"%s\", not a finite number", path, what, text);
    if (!strpbrk(text, ".eE"))
        return error_set(error, "%s: %s is \"%s\", an integer where a real number belongs", path, what, text);
    return 0;
}

/* ---- rows ---- */

void row_text(const Row *row, Text *text) {
    char x[32], value[40];
    text_format(text, "%s,%s,%s,%s\n", row->metric, row->x_name, row->x_name[0] ? format_double(row->x, x) : "",
                row->diverged ? "diverged" : real_text(row->value, value));
}

int row_read(const char *metric, const char *x_name, const char *x, const char *value, const char *path, size_t line,
             Row *row, Error *error) {
    *row = (Row){metric, x_name, NAN, NAN, strcmp(value, "diverged") == 0};
    if (x_name[0] ? parse_double(x, &row->x) != 0 : x[0] != 0)
        return error_set(error, "%s, line %zu: malformed x \"%.40s\" of metric %.80s", path, line, x, metric);
    return row->diverged ? 0 : real_parse(value, path, metric, &row->value, error);
}

/* ---- files ---- */

static const char *store_head(const Cell *cell, Arena *arena, Error *error) {
    char hash[SHA256_HEX];
    if (source_hash(cell->method, hash, error)) return NULL;
    return arena_format(arena, "method,%s\nparameters,%s\nsource,%s\n", cell->method->name, cell->text, hash);
}

int store_key(const Cell *cell, char key[SHA256_HEX], Error *error) {
    Arena *arena = arena_create(4096);
    const char *head = store_head(cell, arena, error);
    if (head) sha256_hex(head, strlen(head), key);
    arena_destroy(arena);
    return head ? 0 : -1;
}

const char *store_path(const char *results, const Cell *cell, Arena *arena, Error *error) {
    char key[SHA256_HEX];
    if (store_key(cell, key, error)) return NULL;
    return arena_format(arena, "%s/cells/%s/%s.csv", results, cell->method->name, key);
}

/* The first line of a checkpoint: how long its state is, and what memory is like here. */
static const char *state_line(size_t size, Arena *arena) {
    const struct {
        char before;
        long long integer;
    } integer = {0, 1};
    const struct {
        char before;
        double real;
    } real = {0, 1};
    Text text = text_create(arena);
    text_format(&text, "state,%zu,", size);
    for (size_t i = 0; i < sizeof integer.integer; i++) /* of 1 and of 1.0, the first byte in memory first */
        text_format(&text, "%d", ((const unsigned char *)&integer.integer)[i] != 0);
    for (size_t i = 0; i < sizeof real.real; i++) text_format(&text, "%d", ((const unsigned char *)&real.real)[i] != 0);
    text_format(&text, "-%zu-%zu-%zu-%zu\n", sizeof(long), sizeof(void *), sizeof integer, sizeof real);
    return text.data;
}

/* Head, rows and checksum; before them a checkpoint has the state and a line about it. */
static int file_text(const Cell *cell, const Record *record, const void *state, size_t state_size, Text *text,
                     Error *error) {
    char hex[SHA256_HEX];
    Arena *arena = arena_create(4096);
    const char *head = store_head(cell, arena, error);
    if (head && state) {
        text_add(text, state_line(state_size, arena));
        text_add_bytes(text, state, state_size);
    }
    if (head) text_format(text, "%smetric,x_name,x,value\n", head);
    arena_destroy(arena);
    if (!head) return -1;
    for (size_t i = 0; i < record->n_rows; i++) row_text(&record->rows[i], text);
    sha256_hex(text->data, text->size, hex);
    text_format(text, "sha256,%s\n", hex);
    return 0;
}

static int compare_places(const void *a, const void *b) {
    const Row *p = *(const Row *const *)a, *q = *(const Row *const *)b;
    int order = strcmp(p->metric, q->metric);
    if (!order) order = strcmp(p->x_name, q->x_name);
    return order ? order : p->x < q->x ? -1 : p->x > q->x;
}

const char *record_fault(const Record *record) {
    if (record->fault) return record->fault;
    const Row **sorted = arena_alloc(record->arena, record->n_rows, sizeof *sorted);
    for (size_t i = 0; i < record->n_rows; i++) sorted[i] = &record->rows[i];
    qsort(sorted, record->n_rows, sizeof *sorted, compare_places);
    for (size_t i = 1; i < record->n_rows; i++) {
        const Row *a = sorted[i - 1], *b = sorted[i];
        if (row_same_place(a, b)) /* nobody could tell which of them counts */
            return arena_format(record->arena, "metric %s is recorded twice at the same place", b->metric);
        if (strcmp(a->metric, b->metric) == 0 && a->x_name[0] && strcmp(a->x_name, b->x_name) != 0)
            return arena_format(record->arena, "metric %s is recorded along %s and along %s", b->metric, a->x_name,
                                b->x_name);
    }
    return NULL;
}

/* The text of a file whose last line is the checksum of the rest; size without that line.  most: bytes besides rows. */
static Stored load_text(const char *path, size_t most, Arena *arena, char **text, size_t *size, Error *error) {
    unsigned char *data;
    char hex[SHA256_HEX];
    if (file_read(path, MAX_CELL_BYTES + most, arena, &data, size, error)) return STORED_DAMAGED;
    *text = (char *)data;
    if (*size < LAST_LINE || memcmp(*text + *size - LAST_LINE, "sha256,", 7) != 0 || (*text)[*size - 1] != '\n')
        return (Stored)error_set(error, "%s: the cell is truncated; running its experiment computes it again", path);
    *size -= LAST_LINE;
    sha256_hex(*text, *size, hex);
    if (memcmp(hex, *text + *size + 7, 64) != 0)
        return (Stored)error_set(
            error, "%s: the cell was altered, its checksum does not match; running its experiment computes it again",
            path);
    return STORED_WHOLE;
}

static Stored load_rows(const char *path, const char *head, char *text, size_t size, Record *record, Error *error) {
    const size_t head_size = strlen(head);
    if (size < head_size || memcmp(text, head, head_size) != 0)
        return (Stored)error_set(error, "%s: the cell belongs to other parameters or sources", path);
    CsvTable table;
    if (csv_parse(path, text + head_size, size - head_size, record->arena, &table, error) ||
        csv_columns(&table, "metric,x_name,x,value", error))
        return STORED_DAMAGED;
    for (size_t r = 0; r < table.rows; r++) {
        Row row;
        if (row_read(csv_text(&table, r, 0), csv_text(&table, r, 1), csv_text(&table, r, 2), csv_text(&table, r, 3),
                     path, table.lines[r], &row, error))
            return STORED_DAMAGED;
        record_row(record, row);
    }
    if (table.rows == 0) return (Stored)error_set(error, "%s: the cell is empty", path);
    const char *fault = record_fault(record);
    return fault ? (Stored)error_set(error, "%s: %s", path, fault) : STORED_WHOLE;
}

/* Another job, perhaps another machine, may have stored the cell meanwhile: then with the same bytes.  What is there but
 * not whole is replaced. */
static int compare_with_stored(const char *path, const Text *text, const Cell *cell, Error *error) {
    Arena *arena = arena_create(0);
    Error ignored = {""};
    const char *head = store_head(cell, arena, &ignored);
    char *stored;
    size_t size;
    Record record;
    record_create(&record, arena);
    const int differs = head && file_exists(path) && !load_text(path, 0, arena, &stored, &size, &ignored) &&
                        !load_rows(path, head, stored, size, &record, &ignored) &&
                        (size + LAST_LINE != text->size || memcmp(stored, text->data, size) != 0);
    arena_destroy(arena);
    if (!differs) return 0;
    return error_set(
        error,
        "%s: method %s, cell %s: computed again it has other results than the stored ones; one of two runs "
        "is wrong; delete the file to go on",
        path, cell->method->name, cell->text);
}

int store_save(const char *results, const Cell *cell, const Record *record, Error *error) {
    const char *name = cell->method->name, *fault = record_fault(record);
    if (fault) return error_set(error, "method %s, cell %s: %s; not stored", name, cell->text, fault);
    if (record->n_rows == 0) return error_set(error, "method %s, cell %s: measured nothing", name, cell->text);
    const char *path = store_path(results, cell, record->arena, error);
    if (!path || directory_create(arena_format(record->arena, "%s/cells/%s", results, name), error)) return -1;
    Text text = text_create(NULL);
    int status = file_text(cell, record, NULL, 0, &text, error);
    if (!status) status = compare_with_stored(path, &text, cell, error);
    if (!status) status = file_write(path, text.data, text.size, error);
    text_destroy(&text);
    return status;
}

Stored store_load(const char *results, const Cell *cell, Record *record, Error *error) {
    const char *path = store_path(results, cell, record->arena, error), *head = store_head(cell, record->arena, error);
    char *text;
    size_t size;
    if (!path || !head) return STORED_DAMAGED;
    if (!file_exists(path)) return STORED_ABSENT;
    if (load_text(path, 0, record->arena, &text, &size, error)) return STORED_DAMAGED;
    return load_rows(path, head, text, size, record, error);
}

/* ---- checkpoints ---- */

static const char *checkpoint_path(const char *results, const Cell *cell, Arena *arena, Error *error) {
    const char *path = store_path(results, cell, arena, error);
    return path ? arena_format(arena, "%.*s.checkpoint", (int)(strlen(path) - strlen(".csv")), path) : NULL;
}

int cell_save(const Cell *cell, const Record *record, const void *state, size_t size, Error *error) {
    if (!cell->results) return 0;
    Arena *arena = arena_create(4096);
    Text text = text_create(NULL);
    const char *path = checkpoint_path(cell->results, cell, arena, error);
    int status =
        path ? directory_create(arena_format(arena, "%s/cells/%s", cell->results, cell->method->name), error) : -1;
    if (!status) status = file_text(cell, record, state, size, &text, error);
    if (!status) status = file_write(path, text.data, text.size, error);
    if (!status) *cell->saved = clock_seconds();
    text_destroy(&text);
    arena_destroy(arena);
    return status;
}

static Stored checkpoint_load(const Cell *cell, Record *record, void *state, size_t size, Error *error) {
    Arena *arena = record->arena;
    const char *path = checkpoint_path(cell->results, cell, arena, error), *head = store_head(cell, arena, error);
    const char *first = state_line(size, arena);
    const size_t before = strlen(first) + size;
    char *text;
    size_t length;
    if (!path || !head) return STORED_DAMAGED;
    if (!file_exists(path)) return STORED_ABSENT;
    if (load_text(path, before, arena, &text, &length, error)) return STORED_DAMAGED;
    if (length < before || memcmp(text, first, strlen(first)) != 0)
        return (Stored)error_set(error, "%s: the state is not of %zu bytes of a machine like this one", path, size);
    if (load_rows(path, head, text + before, length - before, record, error)) return STORED_DAMAGED;
    memcpy(state, text + strlen(first), size);
    return STORED_WHOLE;
}

int cell_resume(const Cell *cell, Record *record, void *state, size_t size) {
    Error error = {""};
    if (!cell->results) return 0;
    switch (checkpoint_load(cell, record, state, size, &error)) {
    case STORED_WHOLE:
        return 1;
    case STORED_DAMAGED:
        fprintf(stderr, "%.*s; the cell begins anew\n", (int)strcspn(error.text, ";"), error.text);
        break;
    case STORED_ABSENT:
        break;
    }
    record_create(record, record->arena);
    return 0;
}

int checkpoint_exists(const char *results, const Cell *cell) {
    Error ignored = {""};
    Arena *arena = arena_create(0);
    const char *path = checkpoint_path(results, cell, arena, &ignored);
    const int exists = path && file_exists(path);
    arena_destroy(arena);
    return exists;
}

void checkpoint_remove(const char *results, const Cell *cell) {
    Error ignored = {""};
    Arena *arena = arena_create(0);
    const char *path = checkpoint_path(results, cell, arena, &ignored);
    if (path) file_remove(path, &ignored);
    arena_destroy(arena);
}
