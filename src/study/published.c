#include <math.h>
#include <string.h>

#include "base/file.h"
#include "study/verdict.h"

static const char *const columns[] = {"id",          "series", "metric", "x",    "value",
                                      "uncertainty", "unit",   "n",      "kind", "source"};
static const char *const kinds[] = {"text", "table", "printed", "plot", "computed"};
enum { ID, SERIES, METRIC, X, VALUE, UNCERTAINTY, UNIT, N, KIND, SOURCE, N_COLUMNS };

static int known_kind(const char *kind) {
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i], kind) == 0) return 1;
    return 0;
}

static int read_row(const CsvTable *table, size_t r, Published *row, Error *error) {
    const char *field[N_COLUMNS];
    double x;
    for (size_t c = 0; c < N_COLUMNS; c++) field[c] = csv_text(table, r, c);
    *row = (Published){field[ID], field[SERIES], field[METRIC], field[UNIT], field[KIND], field[SOURCE], NAN, NAN, 0};
    if (!row->id[0]) return error_set(error, "%s: row %zu has no id", table->path, r + 1);
    if (!row->source[0]) return error_set(error, "%s: %s has no source", table->path, row->id);
    if (!known_kind(row->kind))
        return error_set(error, "%s: %s has the unknown kind \"%s\"", table->path, row->id, row->kind);
    if (field[X][0] && parse_double(field[X], &x))
        return error_set(error, "%s: %s has the malformed x \"%s\"", table->path, row->id, field[X]);
    if (real_parse(field[VALUE], table->path, row->id, &row->value, error)) return -1;
    if (field[UNCERTAINTY][0]) {
        if (real_parse(field[UNCERTAINTY], table->path, row->id, &row->uncertainty, error)) return -1;
        if (row->uncertainty < 0) return error_set(error, "%s: %s has a negative uncertainty", table->path, row->id);
    }
    if (field[N][0] && parse_integer(field[N], 1, 1000000, &row->n))
        return error_set(error, "%s: %s has n \"%s\", not a positive integer", table->path, row->id, field[N]);
    return 0;
}

int published_read(const char *path, Arena *arena, PublishedTable *table, Error *error) {
    CsvTable csv;
    if (!file_exists(path)) return error_set(error, "%s: no such file; restore it from the repository", path);
    if (csv_read(path, arena, &csv, error)) return -1;
    for (size_t c = 0; c < N_COLUMNS; c++)
        if (csv.columns != N_COLUMNS || strcmp(csv.names[c], columns[c]) != 0)
            return error_set(error, "%s: the columns must be id,series,metric,x,value,uncertainty,unit,n,kind,source",
                             path);
    *table = (PublishedTable){path, csv.rows, arena_alloc(arena, csv.rows, sizeof *table->rows)};
    for (size_t r = 0; r < csv.rows; r++) {
        if (read_row(&csv, r, &table->rows[r], error)) return -1;
        for (size_t s = 0; s < r; s++)
            if (strcmp(table->rows[s].id, table->rows[r].id) == 0)
                return error_set(error, "%s: the id %s occurs twice", path, table->rows[r].id);
    }
    return 0;
}

const Published *published_find(const PublishedTable *table, const char *id, Error *error) {
    for (size_t r = 0; r < table->n; r++)
        if (strcmp(table->rows[r].id, id) == 0) return &table->rows[r];
    error_set(error, "%s: no row with the id %s; restore the file from the repository", table->path, id);
    return NULL;
}
