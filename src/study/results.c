#include "study/results.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/statistics.h"
#include "base/file.h"

const char *const result_suffixes[N_RESULT_FILES] = {".csv", "_summary.csv", "_grid.csv"};

/* ---- loading ---- */

static int same_places(const Results *results, size_t first, size_t other, Error *error) {
    const Record *a = &results->records[first], *b = &results->records[other];
    size_t n = a->n_rows < b->n_rows ? a->n_rows : b->n_rows;
    size_t i = 0;
    while (i < n && row_same_place(&a->rows[i], &b->rows[i])) i++;
    if (i == n && a->n_rows == b->n_rows) return 0;
    const Cell *cell = &results->grid.cells[other];
    const Record *longer = a->n_rows > b->n_rows ? a : b;
    return error_set(error, "study %s, cell %s: seed %u did not measure what seed %u did (row %zu, metric %s)",
                     cell->study->name, cell->label, cell->seed, results->grid.cells[first].seed, i + 1,
                     longer->rows[i].metric);
}

int results_load(const char *directory, const Grid *grid, Arena *arena, Results *results, Error *error) {
    results->grid = *grid;
    results->records = arena_alloc(arena, grid->n_cells, sizeof *results->records);
    for (size_t i = 0; i < grid->n_cells; i++) {
        const Cell *cell = &grid->cells[i];
        record_create(&results->records[i], arena);
        Stored state = store_load(directory, cell, &results->records[i], error);
        if (state == STORED_ABSENT)
            return error_set(error, "study %s: cell %s is missing in %s; `scaledown run %s` computes it",
                             cell->study->name, cell->text, directory, cell->study->name);
        if (state != STORED_WHOLE) return -1;
        if (same_places(results, i - i % grid->n_seeds, i, error)) return -1;
    }
    return 0;
}

/* ---- writing ---- */

static void write_place(Text *text, const Row *row) {
    char x[32];
    text_format(text, "%s,%s,%s", row->metric, row->x_name, row->x_name[0] ? format_double(row->x, x) : "");
}

static void write_merged(Text *text, const Results *results) {
    char value[40];
    text_add(text, "study,cell,seed,metric,x_name,x,value\n");
    for (size_t i = 0; i < results->grid.n_cells; i++) {
        const Cell *cell = &results->grid.cells[i];
        const Record *record = &results->records[i];
        for (size_t r = 0; r < record->n_rows; r++) {
            text_format(text, "%s,%s,%u,", cell->study->name, cell->label, cell->seed);
            write_place(text, &record->rows[r]);
            text_format(text, ",%s\n", record->rows[r].diverged ? "diverged" : real_text(record->rows[r].value, value));
        }
    }
}

/* Values of row r over the seeds of the group that starts at cell first; 0 if any diverged. */
static int gather(const Results *results, size_t first, size_t r, double *values) {
    int finite = 1;
    for (size_t s = 0; s < results->grid.n_seeds; s++) {
        const Row *row = &results->records[first + s].rows[r];
        finite &= !row->diverged;
        values[s] = row->value;
    }
    return finite;
}

static void write_statistics(Text *text, size_t n, const double *values) {
    char mean[40], sd[40], low[40], high[40];
    Sample sample = sample_of(n, values);
    real_text(sample.mean, mean);
    if (n < 2) {
        text_format(text, ",%zu,%s,,,\n", n, mean);
        return;
    }
    Interval interval = interval_of(&sample);
    text_format(text, ",%zu,%s,%s,%s,%s\n", n, mean, real_text(sample.sd, sd), real_text(interval.low, low),
                real_text(interval.high, high));
}

static void write_summary(Text *text, const Results *results, double *values) {
    size_t n = results->grid.n_seeds;
    text_add(text, "cell,metric,x_name,x,n,mean,sd,low,high\n");
    for (size_t first = 0; first < results->grid.n_cells; first += n)
        for (size_t r = 0; r < results->records[first].n_rows; r++) {
            text_format(text, "%s,", results->grid.cells[first].label);
            write_place(text, &results->records[first].rows[r]);
            if (gather(results, first, r, values))
                write_statistics(text, n, values);
            else
                text_format(text, ",%zu,diverged,diverged,diverged,diverged\n", n);
        }
}

/* The contents of file number kind. */
static void add_file(Text *text, const Results *results, int kind) {
    Arena *arena = arena_create(0);
    if (kind == 0)
        write_merged(text, results);
    else if (kind == 1)
        write_summary(text, results, arena_alloc(arena, results->grid.n_seeds, sizeof(double)));
    else
        text_add(text, grid_text(&results->grid, arena));
    arena_destroy(arena);
}

int results_write(const char *directory, const Results *results, Error *error) {
    Arena *arena = arena_create(0);
    AtomicFile files[N_RESULT_FILES] = {{0}};
    int status = 0;
    for (int kind = 0; kind < N_RESULT_FILES && !status; kind++) {
        const char *path = arena_format(arena, "%s/%s%s", directory, results->grid.study->name, result_suffixes[kind]);
        status = atomic_open(&files[kind], path, error);
        if (!status) add_file(&files[kind].text, results, kind);
    }
    if (!status)
        status = atomic_commit_all(files, N_RESULT_FILES, error);
    else
        for (int kind = 0; kind < N_RESULT_FILES; kind++) atomic_abandon(&files[kind]);
    arena_destroy(arena);
    return status;
}

static int check_merged(const char *directory, const Results *results, Arena *arena, Error *error) {
    const char *name = results->grid.study->name;
    for (int kind = 0; kind < N_RESULT_FILES; kind++) {
        const char *path = arena_format(arena, "%s/%s%s", directory, name, result_suffixes[kind]);
        unsigned char *data;
        size_t size;
        if (file_read(path, (size_t)1 << 31, arena, &data, &size, error)) return -1;
        Text text = text_create(NULL);
        add_file(&text, results, kind);
        int same = size == text.size && memcmp(text.data, data, size) == 0;
        text_destroy(&text);
        if (!same)
            return error_set(error, "%s is not what its cells give; `scaledown run %s` merges them again", path, name);
    }
    return 0;
}

int results_open(const char *directory, const Study *study, Arena *arena, Results *results, Error *error) {
    Grid grid;
    const char *path = arena_format(arena, "%s/%s_grid.csv", directory, study->name);
    if (!file_exists(path))
        return error_set(error, "study %s has no results in %s; `scaledown run %s` computes them", study->name,
                         directory, study->name);
    if (grid_read(study, path, arena, &grid, error) || results_load(directory, &grid, arena, results, error)) return -1;
    return check_merged(directory, results, arena, error);
}

/* ---- one quantity ---- */

static int row_is(const Row *row, const Quantity *quantity) {
    return strcmp(row->metric, quantity->metric) == 0 && (isnan(quantity->x) ? !row->x_name[0] : row->x == quantity->x);
}

static int plain_quantity(const Results *results, const Quantity *quantity, Arena *arena, double **values,
                          Error *error) {
    const Grid *grid = &results->grid;
    size_t first = 0, r = 0;
    while (first < grid->n_cells && strcmp(grid->cells[first].label, quantity->cell) != 0) first += grid->n_seeds;
    if (first >= grid->n_cells)
        return error_set(error, "study %s: the results have no cell \"%s\"", grid->study->name, quantity->cell);
    const Record *record = &results->records[first];
    while (r < record->n_rows && !row_is(&record->rows[r], quantity)) r++;
    if (r == record->n_rows)
        return error_set(error, "study %s, cell %s: no metric %s at the x asked for", grid->study->name, quantity->cell,
                         quantity->metric);
    *values = arena_alloc(arena, grid->n_seeds, sizeof **values);
    if (!gather(results, first, r, *values))
        return error_set(error, "study %s, cell %s: metric %s diverged", grid->study->name, quantity->cell,
                         quantity->metric);
    return 0;
}

/* ---- a curve over cells, reduced ---- */

static const char *const reductions[] = {"max", "min", "mean", "argmax", "argmin", NULL};
enum { MAX, MIN, MEAN, ARGMAX, ARGMIN };

static double reduce(int reduction, size_t n, const double *x, const double *y) {
    size_t best = 0;
    double sum = 0, sign = reduction == MIN || reduction == ARGMIN ? -1 : 1;
    for (size_t i = 0; i < n; i++) {
        sum += y[i];
        if (sign * y[i] > sign * y[best]) best = i;
    }
    return reduction == MEAN ? sum / (double)n : reduction == MAX || reduction == MIN ? y[best] : x[best];
}

/* The curve's x and cells: "a=1 b=2,3 c=4" gives 2 and "a=1 b=2 c=4", 3 and ... */
static size_t curve_cells(const char *cell, Arena *arena, double **x, const char ***cells) {
    const char *comma = strchr(cell, ','), *first = comma;
    size_t n = 1, capacity = strlen(cell);
    while (first > cell && first[-1] != '=') first--;
    const char *end = first + strcspn(first, " ");
    *x = arena_alloc(arena, capacity, sizeof **x);
    *cells = arena_alloc(arena, capacity, sizeof **cells);
    for (const char *value = first; value < end; n++) {
        int length = (int)strcspn(value, ", ");
        const char *text = arena_format(arena, "%.*s", length, value);
        if (parse_double(text, &(*x)[n - 1])) (*x)[n - 1] = NAN;
        (*cells)[n - 1] = arena_format(arena, "%.*s%s%s", (int)(first - cell), cell, text, end);
        value += length + (value[length] == ',');
    }
    return n - 1;
}

static int curve_quantity(const Results *results, const Quantity *quantity, Arena *arena, double **values,
                          Error *error) {
    const char *metric = strchr(quantity->metric, ' '), **cells;
    int reduction = 0;
    while (reductions[reduction] &&
           !(metric && strlen(reductions[reduction]) == (size_t)(metric - quantity->metric) &&
             strncmp(quantity->metric, reductions[reduction], strlen(reductions[reduction])) == 0))
        reduction++;
    if (!reductions[reduction])
        return error_set(error, "study %s, curve %s: \"%s\" does not say max, min, mean, argmax or argmin of a metric",
                         results->grid.study->name, quantity->cell, quantity->metric);
    double *x;
    size_t n = curve_cells(quantity->cell, arena, &x, &cells), seeds = results->grid.n_seeds;
    double **curve = arena_alloc(arena, n, sizeof *curve), *one = arena_alloc(arena, n, sizeof *one);
    for (size_t i = 0; i < n; i++) {
        Quantity point = {cells[i], metric + 1, quantity->x};
        if (plain_quantity(results, &point, arena, &curve[i], error)) return -1;
    }
    *values = arena_alloc(arena, seeds, sizeof **values);
    for (size_t s = 0; s < seeds; s++) {
        for (size_t i = 0; i < n; i++) one[i] = curve[i][s];
        (*values)[s] = reduce(reduction, n, x, one);
    }
    return 0;
}

int results_quantity(const Results *results, const Quantity *quantity, Arena *arena, double **values, Error *error) {
    int curve = strchr(quantity->cell, ',') != NULL;
    return (curve ? curve_quantity : plain_quantity)(results, quantity, arena, values, error);
}
