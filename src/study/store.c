#include "study/store.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

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

static void record_row(Record *record, Row row) {
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

/* ---- files ---- */

static const char *store_head(const Cell *cell, Arena *arena, Error *error) {
    char hash[65];
    if (source_hash(cell->study, hash, error)) return NULL;
    return arena_format(arena, "study,%s\nparameters,%s\nsource,%s\n", cell->study->name, cell->text, hash);
}

const char *store_path(const char *results, const Cell *cell, Arena *arena, Error *error) {
    const char *head = store_head(cell, arena, error);
    char key[SHA256_HEX];
    if (!head) return NULL;
    sha256_hex(head, strlen(head), key);
    return arena_format(arena, "%s/cells/%s/%s.csv", results, cell->study->name, key);
}

static void write_rows(FILE *stream, const Record *record) {
    char x[32], value[40];
    fputs("metric,x_name,x,value\n", stream);
    for (size_t i = 0; i < record->n_rows; i++) {
        const Row *row = &record->rows[i];
        fprintf(stream, "%s,%s,%s,%s\n", row->metric, row->x_name, row->x_name[0] ? format_double(row->x, x) : "",
                row->diverged ? "diverged" : real_text(row->value, value));
    }
}

int store_save(const char *results, const Cell *cell, const Record *record, Error *error) {
    if (record->fault)
        return error_set(error, "study %s, cell %s: %s; not stored", cell->study->name, cell->text, record->fault);
    if (record->n_rows == 0)
        return error_set(error, "study %s, cell %s: measured nothing", cell->study->name, cell->text);
    const char *path = store_path(results, cell, record->arena, error), *head = store_head(cell, record->arena, error);
    if (!path || !head) return -1;
    if (directory_create(arena_format(record->arena, "%s/cells/%s", results, cell->study->name), error)) return -1;
    char *text = NULL, hex[SHA256_HEX];
    size_t size = 0;
    FILE *memory = open_memstream(&text, &size);
    if (!memory) return error_set(error, "%s: out of memory", path);
    fputs(head, memory);
    write_rows(memory, record);
    fflush(memory);
    sha256_hex(text, size, hex);
    fprintf(memory, "sha256,%s\n", hex);
    int failed = fclose(memory);
    int status = failed ? error_set(error, "%s: out of memory", path) : file_write(path, text, size, error);
    free(text);
    return status;
}

static int load_row(const CsvTable *table, size_t r, Record *record, Error *error) {
    Row row = {csv_text(table, r, 0), csv_text(table, r, 1), NAN, NAN, 0};
    const char *x = csv_text(table, r, 2), *value = csv_text(table, r, 3);
    row.diverged = strcmp(value, "diverged") == 0;
    if (row.x_name[0] ? parse_double(x, &row.x) != 0 : x[0] != 0)
        return error_set(error, "%s: malformed x \"%s\" of metric %s", table->path, x, row.metric);
    if (!row.diverged && real_parse(value, table->path, row.metric, &row.value, error)) return -1;
    record_row(record, row);
    return record->fault ? error_set(error, "%s: %s", table->path, record->fault) : 0;
}

Stored store_load(const char *results, const Cell *cell, Record *record, Error *error) {
    const char *path = store_path(results, cell, record->arena, error), *head = store_head(cell, record->arena, error);
    if (!path || !head) return STORED_DAMAGED;
    if (!file_exists(path)) return STORED_ABSENT;
    unsigned char *data;
    size_t size, head_size = strlen(head);
    char hex[SHA256_HEX];
    if (file_read(path, MAX_CELL_BYTES, record->arena, &data, &size, error)) return STORED_DAMAGED;
    char *text = (char *)data;
    if (size < head_size + LAST_LINE || memcmp(text + size - LAST_LINE, "sha256,", 7) != 0 || text[size - 1] != '\n')
        return (Stored)error_set(error, "%s: the cell is truncated; `scaledown run %s` computes it again", path,
                                 cell->study->name);
    sha256_hex(text, size - LAST_LINE, hex);
    if (memcmp(hex, text + size - LAST_LINE + 7, 64) != 0)
        return (Stored)error_set(
            error, "%s: the cell was altered, its checksum does not match; `scaledown run %s` computes it again", path,
            cell->study->name);
    if (memcmp(text, head, head_size) != 0)
        return (Stored)error_set(error, "%s: the cell belongs to other parameters or sources", path);
    CsvTable table;
    if (csv_parse(path, text + head_size, size - LAST_LINE - head_size, record->arena, &table, error))
        return STORED_DAMAGED;
    static const char *const names[] = {"metric", "x_name", "x", "value"};
    for (size_t c = 0; c < 4; c++)
        if (table.columns != 4 || strcmp(table.names[c], names[c]) != 0)
            return (Stored)error_set(error, "%s: the columns are not metric,x_name,x,value", path);
    for (size_t r = 0; r < table.rows; r++)
        if (load_row(&table, r, record, error)) return STORED_DAMAGED;
    return table.rows ? STORED_WHOLE : (Stored)error_set(error, "%s: the cell is empty", path);
}
