#include "study/golden.h"

#include <string.h>

#include "base/file.h"
#include "base/map.h"
#include "study/sums.h"

#define LIMIT ((size_t)1 << 31)

static const char *golden_folder(const char *references, const Experiment *experiment, Arena *arena) {
    return arena_format(arena, "%s/%s/golden", references, experiment->paper->name);
}

static const char *file_name(const Experiment *experiment, int file, Arena *arena) {
    return arena_format(arena, "%s%s", experiment->name, result_suffixes[file]);
}

int golden_file(const char *references, const Experiment *experiment, int file, Arena *arena, const char **path,
                Error *error) {
    Sums sums;
    const char *folder = golden_folder(references, experiment, arena), *name = file_name(experiment, file, arena);
    *path = path_join(arena, folder, name);
    const int status = sums_read(folder, arena, &sums, error);
    if (status < 0) return -1;
    if (!sums_find(&sums, name) && !file_exists(*path)) return 1;
    return sums_check(&sums, folder, name, arena, error);
}

/* Is this line of a grid's text, "NAME,VALUE", that of a parameter which the recorded text does not name and which is at
 * its default?  Such a parameter was given to the method later, and the recorded results have that value. */
static int is_later_default(const Grid *grid, const char *line, size_t length, const char *recorded, Arena *arena) {
    const char *text = arena_format(arena, "%.*s", (int)length, line);
    const char *name = arena_format(arena, "%.*s", (int)strcspn(text, ","), text);
    const size_t p = parameter_find(grid->experiment->method, name);
    if (p == grid->n_parameters || strstr(recorded, arena_format(arena, "\n%s,", name))) return 0;
    return strcmp(text, arena_format(arena, "%s,%s\n", name, grid->experiment->method->parameters[p].initial)) == 0;
}

int golden_check_grid(const char *references, const Grid *grid, Arena *arena, Error *error) {
    const Experiment *experiment = grid->experiment;
    const char *path, *recorded;
    unsigned char *data;
    size_t size, at = 0, line = 1;
    int same = 1;
    const int status = golden_file(references, experiment, RESULTS_GRID, arena, &path, error);
    if (status > 0) return error_set(error, "%s: no such file; restore it from the repository", path);
    if (status || file_read(path, LIMIT, arena, &data, &size, error)) return -1;
    recorded = (const char *)data;
    Text text = text_create(arena);
    grid_text(grid, &text);
    for (size_t i = 0, length; i < text.size && same; i += length) {
        const char *end = memchr(text.data + i, '\n', text.size - i);
        length = (size_t)(end - (text.data + i)) + 1;
        if (length <= size - at && memcmp(recorded + at, text.data + i, length) == 0)
            at += length, line++;
        else
            same = is_later_default(grid, text.data + i, length, recorded, arena);
    }
    if (same && at == size) return 0;
    return error_set(
        error,
        "%s, line %zu: the recorded results of %s were made with other parameters than the tables and methods "
        "name today; `scaledown run %s && scaledown verify %s --update` records new ones",
        path, line, experiment->name, experiment->name, experiment->name);
}

/* ---- comparing ---- */

static int differs(const Results *recorded, size_t cell, const char *what, const Error *detail, Error *error) {
    const Cell *at = &recorded->grid.cells[cell];
    return error_set(error, "experiment %s: first difference at cell \"%s\", seed %u, %s: %s",
                     recorded->grid.experiment->name, at->label, at->seed, what, detail->text);
}

int golden_compare(const Results *recorded, size_t cell, const Record *ours, Error *error) {
    const Record *golden = &recorded->records[cell];
    Error detail = {""};
    for (size_t r = 0; r < golden->n_rows && r < ours->n_rows; r++) {
        const Row *a = &golden->rows[r], *b = &ours->rows[r];
        char first[40], second[40], x[32] = "";
        if (row_same_place(a, b) && a->diverged == b->diverged &&
            (a->diverged || memcmp(&a->value, &b->value, sizeof a->value) == 0)) /* zeros have signs */
            continue;
        Arena *arena = arena_create(4096);
        if (a->x_name[0]) format_double(a->x, x);
        const char *place = arena_format(arena, "metric %s%s%s%s%s", a->metric, *x ? " at " : "", *x ? a->x_name : "",
                                         *x ? " " : "", x);
        if (row_same_place(a, b))
            error_set(&detail, "recorded %s, ours %s", a->diverged ? "diverged" : real_text(a->value, first),
                      b->diverged ? "diverged" : real_text(b->value, second));
        else
            error_set(&detail, "ours measured %s there", b->metric);
        differs(recorded, cell, place, &detail, error);
        arena_destroy(arena);
        return -1;
    }
    if (golden->n_rows == ours->n_rows) return 0;
    error_set(&detail, "recorded %zu, ours %zu", golden->n_rows, ours->n_rows);
    return differs(recorded, cell, "number of rows", &detail, error);
}

/* "label,seed" of a cell. */
static const char *cell_name(const Cell *cell, Arena *arena) {
    return arena_format(arena, "%s,%u", cell->label, cell->seed);
}

int golden_verify(const char *references, const Results *ours, GoldenCount *count, Error *error) {
    Arena *arena = arena_create(0);
    Results recorded;
    *count = (GoldenCount){0, 0, 0, 0};
    int status = results_recorded(references, ours->grid.experiment, arena, &recorded, error);
    Map *cells = map_create(arena);
    for (size_t i = 0; !status && i < recorded.grid.n_cells; i++)
        map_put(cells, cell_name(&recorded.grid.cells[i], arena), i);
    for (size_t i = 0; !status && i < ours->grid.n_cells; i++) {
        const size_t known = map_get(cells, cell_name(&ours->grid.cells[i], arena));
        if (known == MAP_ABSENT) {
            count->unrecorded++;
            continue;
        }
        status = golden_compare(&recorded, known, &ours->records[i], error);
        count->differ = status != 0;
        count->same++;
    }
    if (!status) count->missing = recorded.grid.n_cells - count->same;
    arena_destroy(arena);
    return status;
}

/* ---- recording ---- */

int golden_update(const char *references, const Results *results, Error *error) {
    const Experiment *experiment = results->grid.experiment;
    if (!grid_is_whole(&results->grid))
        return error_set(
            error,
            "the results of experiment %s are not those of its own rows and seeds: they cannot be recorded; "
            "`scaledown run %s` makes them",
            experiment->name, experiment->name);
    Arena *arena = arena_create(0);
    const char *folder = golden_folder(references, experiment, arena);
    char hex[N_RESULT_FILES][SHA256_HEX], *hashes[N_RESULT_FILES], *names[N_RESULT_FILES];
    const Sums fresh = {NULL, N_RESULT_FILES, hashes, names};
    Sums old;
    int status = directory_create(folder, error);
    directory_remove_stale(folder);
    if (!status && sums_read(folder, arena, &old, error) < 0) status = -1;
    for (int file = 0; file < N_RESULT_FILES && !status; file++) {
        Text text = text_create(NULL);
        results_text(results, file, &text);
        sha256_hex(text.data, text.size, hex[file]);
        hashes[file] = hex[file];
        names[file] = arena_format(arena, "%s", file_name(experiment, file, arena));
        if (file != RESULTS_SUMMARY)
            status = file_write(path_join(arena, folder, names[file]), text.data, text.size, error);
        text_destroy(&text);
    }
    if (!status) status = sums_write(folder, &old, &fresh, arena, error);
    arena_destroy(arena);
    return status;
}
