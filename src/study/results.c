#include "study/results.h"

#include <math.h>
#include <string.h>

#include "base/file.h"
#include "base/map.h"
#include "study/golden.h"
#include "study/statistics.h"

#define MAX_BYTES ((size_t)1 << 31)
static const char merged_columns[] = "study,cell,seed,metric,x_name,x,value";

const char *const result_suffixes[N_RESULT_FILES] = {".csv", "_summary.csv", "_grid.csv"};

/* ---- finding a row ---- */

/* The rows of one metric in the records of a group. */
typedef struct MetricRows {
    size_t n;
    size_t *rows;
    int ascending; /* x grows from row to row, so that one can be found by halving */
} MetricRows;

typedef struct GroupIndex {
    Map *metrics; /* the number of each metric in rows */
    MetricRows *rows;
} GroupIndex;

struct ResultsIndex {
    GroupIndex *groups; /* [n_groups] */
};

static GroupIndex index_group(const Record *record, Arena *arena) {
    GroupIndex index = {map_create(arena), NULL};
    size_t *metric_of = arena_alloc(arena, record->n_rows + 1, sizeof *metric_of);
    for (size_t r = 0; r < record->n_rows; r++) {
        const size_t next = map_count(index.metrics), known = map_put(index.metrics, record->rows[r].metric, next);
        metric_of[r] = known == MAP_ABSENT ? next : known;
    }
    const size_t n = map_count(index.metrics);
    index.rows = arena_alloc_zero(arena, n + 1, sizeof *index.rows);
    for (size_t r = 0; r < record->n_rows; r++) index.rows[metric_of[r]].n++;
    for (size_t m = 0; m < n; m++)
        index.rows[m] = (MetricRows){0, arena_alloc(arena, index.rows[m].n, sizeof(size_t)), 1};
    for (size_t r = 0; r < record->n_rows; r++) {
        MetricRows *rows = &index.rows[metric_of[r]];
        rows->ascending &= rows->n == 0 || record->rows[rows->rows[rows->n - 1]].x < record->rows[r].x;
        rows->rows[rows->n++] = r;
    }
    return index;
}

static void make_index(Results *results, Arena *arena) {
    results->index = arena_alloc(arena, 1, sizeof *results->index);
    results->index->groups = arena_alloc(arena, results->grid.n_groups, sizeof(GroupIndex));
    for (size_t g = 0; g < results->grid.n_groups; g++)
        results->index->groups[g] = index_group(&results->records[g * results->grid.n_seeds], arena);
}

static const MetricRows *metric_rows(const Results *results, size_t group, const char *metric) {
    const GroupIndex *index = &results->index->groups[group];
    const size_t m = map_get(index->metrics, metric);
    return m == MAP_ABSENT ? NULL : &index->rows[m];
}

const size_t *results_curve(const Results *results, size_t group, const char *metric, size_t *n) {
    const MetricRows *rows = metric_rows(results, group, metric);
    *n = rows ? rows->n : 0;
    return rows ? rows->rows : NULL;
}

size_t results_row(const Results *results, size_t group, const char *metric, double x) {
    const MetricRows *rows = metric_rows(results, group, metric);
    const Row *at = results->records[group * results->grid.n_seeds].rows;
    size_t low = 0, high = rows ? rows->n : 0;
    if (rows && rows->ascending && !isnan(x))
        while (low < high) {
            const size_t middle = low + (high - low) / 2;
            if (at[rows->rows[middle]].x < x)
                low = middle + 1;
            else
                high = middle;
        }
    for (size_t i = low; rows && i < rows->n; i++) {
        const Row *row = &at[rows->rows[i]];
        if (isnan(x) ? !row->x_name[0] : row->x == x) return rows->rows[i];
        if (rows->ascending && !isnan(x)) break;
    }
    return SIZE_MAX;
}

/* ---- loading ---- */

static int same_places(const Results *results, size_t first, size_t other, Error *error) {
    const Record *a = &results->records[first], *b = &results->records[other];
    const size_t n = a->n_rows < b->n_rows ? a->n_rows : b->n_rows;
    size_t i = 0;
    while (i < n && row_same_place(&a->rows[i], &b->rows[i])) i++;
    if (i == n && a->n_rows == b->n_rows) return 0;
    const Cell *cell = &results->grid.cells[other];
    const Record *longer = a->n_rows > b->n_rows ? a : b;
    return error_set(error, "experiment %s, cell %s: seed %u did not measure what seed %u did (row %zu, metric %s)",
                     results->grid.experiment->name, cell->label, cell->seed, results->grid.cells[first].seed, i + 1,
                     longer->rows[i].metric);
}

int results_load(const char *directory, const Grid *grid, Arena *arena, Results *results, Error *error) {
    *results = (Results){*grid, arena_alloc(arena, grid->n_cells, sizeof(Record)), NULL};
    for (size_t i = 0; i < grid->n_cells; i++) {
        const Cell *cell = &grid->cells[i];
        record_create(&results->records[i], arena);
        const Stored state = store_load(directory, cell, &results->records[i], error);
        if (state == STORED_ABSENT)
            return error_set(error, "experiment %s: cell %s is missing in %s; `scaledown run %s` computes it",
                             grid->experiment->name, cell->text, directory, grid->experiment->name);
        if (state != STORED_WHOLE) {
            const Error fault = *error;
            return error_set(error, "experiment %s: %s", grid->experiment->name, fault.text);
        }
        if (same_places(results, i - i % grid->n_seeds, i, error)) return -1;
    }
    make_index(results, arena);
    return 0;
}

/* The record keeps the row, and of its names copies: those of the first seed, whose rows are named alike, where it can. */
static void keep_row(Record *record, const Record *first, Row row) {
    const Row *twin = record != first && record->n_rows < first->n_rows ? &first->rows[record->n_rows] : NULL;
    row.metric =
        twin && strcmp(twin->metric, row.metric) == 0 ? twin->metric : arena_copy_text(record->arena, row.metric);
    row.x_name =
        twin && strcmp(twin->x_name, row.x_name) == 0 ? twin->x_name : arena_copy_text(record->arena, row.x_name);
    record_row(record, row);
}

/* The records of the cells of the grid, in its order, from a merged table, which need not last. */
static int records_from_table(const CsvTable *table, Arena *arena, Results *results, Error *error) {
    const Grid *grid = &results->grid;
    size_t r = 0;
    for (size_t i = 0; i < grid->n_cells; i++) {
        const Cell *cell = &grid->cells[i];
        const char *seed = arena_format(arena, "%u", cell->seed);
        Record *record = &results->records[i];
        record_create(record, arena);
        for (; r < table->rows; r++) {
            Row row;
            if (strcmp(csv_text(table, r, 0), grid->experiment->name) != 0 ||
                strcmp(csv_text(table, r, 1), cell->label) != 0 || strcmp(csv_text(table, r, 2), seed) != 0)
                break;
            if (row_read(csv_text(table, r, 3), csv_text(table, r, 4), csv_text(table, r, 5), csv_text(table, r, 6),
                         table->path, table->lines[r], &row, error))
                return -1;
            keep_row(record, &results->records[i - i % grid->n_seeds], row);
        }
        if (record->n_rows == 0)
            return error_set(error,
                             "%s: cell \"%s\" with seed %u is missing, or not in the order of the tables of today",
                             table->path, cell->label, cell->seed);
        const char *fault = record_fault(record);
        if (fault) return error_set(error, "%s: cell \"%s\", seed %u: %s", table->path, cell->label, cell->seed, fault);
        if (same_places(results, i - i % grid->n_seeds, i, error)) return -1;
    }
    if (r < table->rows)
        return error_set(error, "%s, line %zu: cell \"%.200s\" is none of experiment %s", table->path, table->lines[r],
                         csv_text(table, r, 1), grid->experiment->name);
    return 0;
}

int results_recorded(const char *references, const Experiment *experiment, Arena *arena, Results *results,
                     Error *error) {
    Grid grid;
    CsvTable table;
    const GridRequest request = {.first_seed = -1};
    const char *path;
    Arena *scratch = arena_create(0); /* the table takes more room than what is kept of it */
    int status = golden_file(references, experiment, RESULTS_MERGED, scratch, &path, error);
    if (status == 0 &&
        (grid_make(experiment, &request, arena, &grid, error) || golden_check_grid(references, &grid, scratch, error) ||
         csv_read(path, scratch, &table, error) || csv_columns(&table, merged_columns, error)))
        status = -1;
    if (status == 0) {
        *results = (Results){grid, arena_alloc(arena, grid.n_cells, sizeof(Record)), NULL};
        status = records_from_table(&table, arena, results, error);
    }
    if (status == 0) make_index(results, arena);
    arena_destroy(scratch);
    return status;
}

/* ---- writing ---- */

static void merged_text(const Results *results, Text *text) {
    text_format(text, "%s\n", merged_columns);
    for (size_t i = 0; i < results->grid.n_cells; i++) {
        const Cell *cell = &results->grid.cells[i];
        for (size_t r = 0; r < results->records[i].n_rows; r++) {
            text_format(text, "%s,", results->grid.experiment->name);
            text_add_csv(text, cell->label);
            text_format(text, ",%u,", cell->seed);
            row_text(&results->records[i].rows[r], text);
        }
    }
}

/* ",n,mean,sd,low,high" of one row over the seeds of a group. */
static void statistics_text(const Results *results, size_t group, size_t r, double *values, Text *text) {
    const size_t n = results->grid.n_seeds;
    int diverged = 0;
    for (size_t s = 0; s < n; s++) {
        const Row *row = results_at(results, group, s, r);
        diverged |= row->diverged;
        values[s] = row->value;
    }
    text_format(text, ",%zu", n);
    if (diverged) {
        text_add(text, ",diverged,diverged,diverged,diverged\n");
        return;
    }
    char mean[40], sd[40], low[40], high[40];
    const Sample sample = sample_of(n, values);
    text_format(text, ",%s", real_text(sample.mean, mean));
    if (n < 2) {
        text_add(text, ",,,\n");
        return;
    }
    const Interval interval = interval_of(&sample);
    text_format(text, ",%s,%s,%s\n", real_text(sample.sd, sd), real_text(interval.low, low),
                real_text(interval.high, high));
}

static void summary_text(const Results *results, Text *text) {
    Arena *arena = arena_create(0);
    double *values = arena_alloc(arena, results->grid.n_seeds, sizeof *values);
    text_add(text, "cell,metric,x_name,x,n,mean,sd,low,high\n");
    for (size_t g = 0; g < results->grid.n_groups; g++) {
        const size_t first = g * results->grid.n_seeds;
        for (size_t r = 0; r < results->records[first].n_rows; r++) {
            const Row *row = &results->records[first].rows[r];
            char x[32];
            text_add_csv(text, results->grid.cells[first].label);
            text_format(text, ",%s,%s,%s", row->metric, row->x_name, row->x_name[0] ? format_double(row->x, x) : "");
            statistics_text(results, g, r, values, text);
        }
    }
    arena_destroy(arena);
}

void results_text(const Results *results, int file, Text *text) {
    if (file == RESULTS_MERGED)
        merged_text(results, text);
    else if (file == RESULTS_SUMMARY)
        summary_text(results, text);
    else
        grid_text(&results->grid, text);
}

int results_write(const char *directory, const char *stem, const Results *results, Error *error) {
    Arena *arena = arena_create(0);
    AtomicFile files[N_RESULT_FILES] = {{0}};
    const char *slash = strrchr(stem, '/');
    int status =
        slash ? directory_create(arena_format(arena, "%s/%.*s", directory, (int)(slash - stem), stem), error) : 0;
    for (int file = 0; file < N_RESULT_FILES && !status; file++) {
        status =
            atomic_open(&files[file], arena_format(arena, "%s/%s%s", directory, stem, result_suffixes[file]), error);
        if (!status) results_text(results, file, &files[file].text);
    }
    if (!status)
        status = atomic_commit_all(files, N_RESULT_FILES, error);
    else
        for (int file = 0; file < N_RESULT_FILES; file++) atomic_abandon(&files[file]);
    arena_destroy(arena);
    return status;
}

/* ---- an experiment's own results ---- */

static int check_merged(const char *directory, const Results *results, Error *error) {
    const Experiment *experiment = results->grid.experiment;
    Arena *arena = arena_create(0);
    int status = 0;
    for (int file = 0; file < N_RESULT_FILES && !status; file++) {
        const char *path = arena_format(arena, "%s/%s/%s%s", directory, experiment->paper->name, experiment->name,
                                        result_suffixes[file]);
        unsigned char *data;
        size_t size;
        Text text = text_create(NULL);
        results_text(results, file, &text);
        status = file_read(path, MAX_BYTES, arena, &data, &size, error);
        if (!status && (size != text.size || memcmp(data, text.data, size) != 0))
            status = error_set(error, "%s is not what its cells give; `scaledown merge %s` merges them again", path,
                               experiment->name);
        text_destroy(&text);
    }
    arena_destroy(arena);
    return status;
}

int results_open(const char *directory, const Experiment *experiment, Arena *arena, Results *results, Error *error) {
    Grid grid;
    const char *path = arena_format(arena, "%s/%s/%s%s", directory, experiment->paper->name, experiment->name,
                                    result_suffixes[RESULTS_GRID]);
    if (!file_exists(path)) return 1;
    if (grid_read(experiment, path, arena, &grid, error)) return -1;
    if (!grid_is_own(&grid))
        return error_set(error,
                         "%s: %zu seeds from %u on, but the table of experiment %s asks for %zu from %u on; "
                         "`scaledown run %s/%s` computes them",
                         path, grid.n_seeds, grid.first_seed, experiment->name, experiment->seeds,
                         experiment->first_seed, experiment->paper->name, experiment->name);
    if (results_load(directory, &grid, arena, results, error)) return -1;
    return check_merged(directory, results, error);
}
