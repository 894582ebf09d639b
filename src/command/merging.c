#include "command/merging.h"

#include <string.h>

#include "base/file.h"
#include "command/stored.h"
#include "command/table.h"

/* needs, in the arena of the command, may be NULL. */
static int count_missing(const Command *command, const Grid *grid, Arena *arena, size_t *n, const char **needs,
                         Error *error) {
    Jobs jobs;
    if (jobs_make(grid, 1, arena, &jobs, error)) return -1;
    jobs_look(command_results(command), &jobs, "it counts as missing");
    const Jobs missing = jobs_unfinished(&jobs, arena), lacking = jobs_lacking(&missing, arena);
    *n = missing.n;
    if (needs) *needs = lacking.n ? arena_copy_text(command->arena, lacking.jobs[0].needs) : NULL;
    return 0;
}

/* Are all rows of b among those of a? */
static int has_rows(const Grid *a, const unsigned char *b) {
    size_t r = 0;
    while (r < a->experiment->n_rows && a->rows[r] >= b[r]) r++;
    return r == a->experiment->n_rows;
}

int merge_refused(const Command *command, const Grid *asked, Error *error) {
    const Experiment *experiment = asked->experiment;
    const char *directory = command_results(command);
    Arena *arena = arena_create(0);
    Grid before, after;
    int status = 0;
    if (grid_is_own(asked) && stored_own_grid(directory, experiment, arena, &before) == 0 &&
        before.n_seeds > asked->n_seeds) {
        status = stored_grid(directory, experiment, before.n_seeds, NULL, arena, &after, error) < 0 ? -1 : 0;
        if (!status && !has_rows(&after, asked->rows))
            status = error_set(error,
                               "%s/%s/%s.csv has %zu seeds of %.200s, and would lose some were %.200s merged with %zu; "
                               "--seeds %zu gives both as many",
                               directory, experiment->paper->name, experiment->name, before.n_seeds,
                               rows_items(experiment, before.rows, arena), rows_items(experiment, asked->rows, arena),
                               asked->n_seeds, before.n_seeds);
    }
    arena_destroy(arena);
    return status;
}

/* The grid of the experiment's own results after a merge, and how it differs from what was asked for or was there; 1
 * when there is nothing to merge.  whole: all cells asked for are stored. */
static int own_grid(const Command *command, const Grid *asked, int whole, Grid *grid, const char **note, Error *error) {
    const Experiment *experiment = asked->experiment;
    const char *directory = command_results(command);
    Arena *arena = command->arena;
    const Grid *assumed = whole ? asked : NULL; /* a second look might see other than the first one */
    Grid before;
    const int was = stored_own_grid(directory, experiment, arena, &before) == 0;
    const size_t seeds = was && before.n_seeds > asked->n_seeds ? before.n_seeds : asked->n_seeds;
    int status = stored_grid(directory, experiment, seeds, assumed, arena, grid, error);
    if (status < 0) return -1;
    if (seeds > asked->n_seeds)
        *note = arena_format(arena, "%zu seeds are there, %zu were asked for: all are kept", seeds, asked->n_seeds);
    if (was && (status || !has_rows(grid, before.rows))) {
        *note = arena_format(
            arena,
            "%zu seeds are stored of %s only: the merged results keep %zu of each row; --seeds %zu for "
            "all rows makes them more, and `scaledown claims %s --seeds %zu` judges by what there is",
            seeds, rows_items(experiment, asked->rows, arena), before.n_seeds, seeds, experiment->name, seeds);
        status = stored_grid(directory, experiment, before.n_seeds, assumed, arena, grid, error);
    }
    return status;
}

/* What the merged results had that their cells do not bear out, or NULL. */
static const char *lost_text(const char *directory, const Grid *grid, Arena *arena) {
    const Experiment *experiment = grid->experiment;
    const char *path = arena_format(arena, "%s/%s/%s%s", directory, experiment->paper->name, experiment->name,
                                    result_suffixes[RESULTS_GRID]);
    Error fault = {""};
    Grid before;
    if (!file_exists(path)) return NULL;
    if (grid_read(experiment, path, arena, &before, &fault))
        return arena_format(arena, "what was merged before is not known: %.*s", (int)strcspn(fault.text, ";"),
                            fault.text);
    if (grid->n_seeds >= before.n_seeds && has_rows(grid, before.rows)) return NULL;
    return arena_format(
        arena,
        "the results that were there, %zu seeds of %s, are replaced: not all of their cells are stored, "
        "as computed by the sources of today",
        before.n_seeds, rows_items(experiment, before.rows, arena));
}

int merge_grid(const Command *command, const Grid *asked, Merged *merged, Error *error) {
    const char *directory = command_results(command);
    *merged = (Merged){.grid = *asked};
    if (merge_refused(command, asked, error)) return -1;
    Arena *arena = arena_create(0);
    const int own = grid_is_own(asked);
    int status = count_missing(command, asked, arena, &merged->n_missing, &merged->needs, error);
    int nothing = merged->n_missing > 0;
    if (!status && own) {
        status = own_grid(command, asked, merged->n_missing == 0, &merged->grid, &merged->note, error);
        nothing = status > 0;
        status = status < 0 ? -1 : 0;
    }
    if (!status && !nothing) {
        Results results;
        const char *lost = own ? lost_text(directory, &merged->grid, command->arena) : NULL;
        if (lost) merged->note = lost;
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

void print_merged(const Command *command, const Merged *merged, FILE *stream) {
    const Experiment *experiment = merged->grid.experiment;
    Text text = text_create(command->arena);
    size_t r = 0;
    text_format(&text, "%s/%s.csv", command_results(command), merged->stem);
    while (r < experiment->n_rows && merged->grid.rows[r]) r++;
    if (r < experiment->n_rows)
        text_format(&text, " (of its items: %s)", rows_items(experiment, merged->grid.rows, command->arena));
    fprintf(stream, "merged: %s\n", text_printable(command->arena, text.data));
    if (!merged->note) return;
    fputs("  ", stream);
    text_print_words(text_printable(command->arena, merged->note), 2, (size_t)output_columns(), stream);
    fputc('\n', stream);
}
