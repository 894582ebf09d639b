#include "command/stored.h"

#include <string.h>

#include "base/file.h"

int stored_seeds(const Command *command, long long *seeds, Error *error) {
    *seeds = SEEDS_AS_MERGED;
    return options_given(&command->options, "seeds")
               ? options_integer(&command->options, "seeds", 1, MOST_SEEDS, seeds, error)
               : 0;
}

static int is_stored(const char *results, const Grid *grid, Arena *arena, int *stored, Error *error) {
    Jobs jobs;
    if (jobs_make(grid, 1, arena, &jobs, error)) return -1;
    jobs_look(results, &jobs, NULL);
    *stored = jobs_unfinished(&jobs, arena).n == 0;
    return 0;
}

int stored_grid(const char *results, const Experiment *experiment, size_t seeds, const Grid *assumed, Arena *arena,
                Grid *grid, Error *error) {
    GridRequest request = {.size = SIZE_PAPER, .seeds = (long long)seeds, .first_seed = -1};
    unsigned char *rows = arena_alloc_zero(arena, experiment->n_rows, 1);
    int n = 0, status = 0;
    Arena *scratch = arena_create(0);
    for (size_t r = 0; r < experiment->n_rows && !status; r++, arena_reset(scratch)) {
        unsigned char *only = arena_alloc_zero(scratch, experiment->n_rows, 1);
        Grid one;
        int stored = assumed && assumed->rows[r] && assumed->n_seeds >= seeds;
        only[r] = 1;
        request.rows = only;
        if (!stored) status = grid_make(experiment, &request, scratch, &one, error);
        if (!stored && !status) status = is_stored(results, &one, scratch, &stored, error);
        rows[r] = stored != 0;
        n += rows[r];
    }
    arena_destroy(scratch);
    if (status || n == 0) return status ? -1 : 1;
    request.rows = rows;
    return grid_make(experiment, &request, arena, grid, error);
}

int stored_own_grid(const char *results, const Experiment *experiment, Arena *arena, Grid *grid) {
    const char *path = arena_format(arena, "%s/%s/%s%s", results, experiment->paper->name, experiment->name,
                                    result_suffixes[RESULTS_GRID]);
    Error ignored = {""};
    int stored = 0;
    if (!file_exists(path) || grid_read(experiment, path, arena, grid, &ignored)) return 1;
    Arena *scratch = arena_create(0);
    if (is_stored(results, grid, scratch, &stored, &ignored)) stored = 0;
    arena_destroy(scratch);
    return !stored;
}

int stored_open(const char *results, const Experiment *experiment, long long seeds, Arena *arena, Results *opened,
                Error *error) {
    Grid grid;
    if (seeds > 0) {
        const int status = stored_grid(results, experiment, (size_t)seeds, NULL, arena, &grid, error);
        return status ? status : results_load(results, &grid, arena, opened, error);
    }
    const int status = results_open(results, experiment, arena, opened, error);
    if (status || seeds == SEEDS_AS_MERGED || opened->grid.n_seeds == experiment->seeds) return status;
    const GridRequest request = {.size = SIZE_PAPER, .first_seed = -1, .rows = opened->grid.rows};
    return grid_make(experiment, &request, arena, &grid, error) || results_load(results, &grid, arena, opened, error)
               ? -1
               : 0;
}

const char *stored_hint(const char *results, const Experiment *experiment, Arena *arena) {
    Error ignored = {""};
    Grid grid;
    for (size_t seeds = experiment->seeds; seeds-- > 1;)
        if (stored_grid(results, experiment, seeds, NULL, arena, &grid, &ignored) == 0)
            return arena_format(arena, "%zu of the %zu seeds of %s/%s are stored: --seeds %zu takes these", seeds,
                                experiment->seeds, experiment->paper->name, experiment->name, seeds);
    return "";
}

const char *rows_items(const Experiment *experiment, const unsigned char *rows, Arena *arena) {
    Text text = text_create(arena);
    size_t n = 0;
    for (size_t r = 0; r < experiment->n_rows; r++) {
        if (!rows[r]) continue;
        text_format(&text, "%s%s", n++ ? "; " : "", experiment->rows[r].item);
    }
    return n == experiment->n_rows ? "all rows" : text.data;
}
