#include "command/merging.h"

#include <string.h>

#include "base/file.h"

/* needs, in the arena of the command, may be NULL. */
static int count_missing(const Command *command, const Grid *grid, Arena *arena, size_t *n, const char **needs,
                         Error *error) {
    Jobs jobs;
    if (jobs_make(grid, 1, arena, &jobs, error)) return -1;
    jobs_look(command_results(command), &jobs, 1);
    const Jobs missing = jobs_unfinished(&jobs, arena), lacking = jobs_lacking(&missing, arena);
    *n = missing.n;
    if (needs) *needs = lacking.n ? arena_copy_text(command->arena, lacking.jobs[0].needs) : NULL;
    return 0;
}

/* The rows of the experiment whose cells are all stored; returns how many, or -1. */
static int complete_rows(const Command *command, const Grid *asked, unsigned char *rows, Error *error) {
    const Experiment *experiment = asked->experiment;
    int n = 0, status = 0;
    Arena *arena = arena_create(0);
    for (size_t r = 0; r < experiment->n_rows && !status; r++, arena_reset(arena)) {
        unsigned char *only = arena_alloc_zero(arena, experiment->n_rows, 1);
        GridRequest request;
        Grid grid;
        size_t missing = 1;
        only[r] = 1;
        status = command_request(command, experiment, &request, error);
        request.rows = only;
        if (!status) status = grid_make(experiment, &request, arena, &grid, error);
        if (!status) status = count_missing(command, &grid, arena, &missing, NULL, error);
        rows[r] = missing == 0;
        n += rows[r];
    }
    arena_destroy(arena);
    return status ? -1 : n;
}

int merge_grid(const Command *command, const Grid *asked, Merged *merged, Error *error) {
    const char *directory = command_results(command);
    const Experiment *experiment = asked->experiment;
    *merged = (Merged){.grid = *asked};
    Arena *arena = arena_create(0);
    int status = count_missing(command, asked, arena, &merged->n_missing, &merged->needs, error);
    int some = merged->n_missing == 0;
    if (!status && grid_is_own(asked)) {
        GridRequest request;
        unsigned char *rows = arena_alloc_zero(command->arena, experiment->n_rows, 1);
        some = complete_rows(command, asked, rows, error);
        status = some < 0 ? -1 : command_request(command, experiment, &request, error);
        request.rows = rows;
        if (!status && some) status = grid_make(experiment, &request, command->arena, &merged->grid, error);
    }
    if (!status && some) {
        Results results;
        merged->stem = grid_stem(&merged->grid, command->arena);
        const char *folder = arena_format(arena, "%s/%s", directory, merged->stem);
        directory_remove_stale(arena_format(arena, "%.*s", (int)(strrchr(folder, '/') - folder), folder));
        status = results_load(directory, &merged->grid, arena, &results, error);
        if (!status) status = results_write(directory, merged->stem, &results, error);
        merged->written = !status;
    }
    arena_destroy(arena);
    return status;
}

const char *merged_text(const Command *command, const Merged *merged) {
    const Experiment *experiment = merged->grid.experiment;
    Text text = text_create(command->arena);
    size_t n = 0;
    text_format(&text, "%s/%s.csv", command_results(command), merged->stem);
    for (size_t r = 0; r < experiment->n_rows; r++) n += merged->grid.rows[r];
    for (size_t r = 0, first = 1; n < experiment->n_rows && r < experiment->n_rows; r++) {
        if (!merged->grid.rows[r]) continue;
        text_format(&text, "%s%s", first ? " (of its items: " : "; ", experiment->rows[r].item);
        first = 0;
    }
    if (n < experiment->n_rows) text_add(&text, ")");
    return text_printable(command->arena, text.data);
}
