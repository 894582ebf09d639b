#include "command/merge.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "command/merging.h"

enum { MAX_CELL_BYTES = 1 << 30 };

static const Option merge_options[] = {
    {"from", "DIR...", NULL, "a folder of results whose cells are copied here first; may be given several times"},
    {NULL, NULL, NULL, NULL}};

/* ---- cells of other folders ---- */

/* The folders that have cells: where the results go, then those of --from. */
typedef struct Folders {
    size_t n;
    const char **paths;
    size_t *n_copied; /* [n] */
} Folders;

static int list_folders(const Command *command, Folders *folders, Error *error) {
    const Options *options = &command->options;
    folders->n = 0;
    folders->paths = arena_alloc(command->arena, (size_t)options->n_given + 1, sizeof *folders->paths);
    folders->n_copied = arena_alloc_zero(command->arena, (size_t)options->n_given + 1, sizeof *folders->n_copied);
    folders->paths[folders->n++] = command_results(command);
    for (int i = 0; i < options->n_given; i++) {
        const char *path = options->given[i].value;
        if (strcmp(options->given[i].option->name, "from") != 0) continue;
        if (!file_exists(path_join(command->arena, path, "cells")))
            return error_set(error, "--from %s: no folder cells is in it; name a folder that `run --results` wrote",
                             path);
        folders->paths[folders->n++] = path;
    }
    return 0;
}

typedef struct CellFile {
    unsigned char *data;
    size_t size;
} CellFile;

/* A cell of a folder as it is on the disk: 1 when it is there and whole.  A damaged one is reported. */
static int read_cell(const char *folder, const Cell *cell, Arena *arena, CellFile *file) {
    Record record;
    Error error = {""};
    record_create(&record, arena);
    const Stored state = store_load(folder, cell, &record, &error);
    const char *path = state == STORED_WHOLE ? store_path(folder, cell, arena, &error) : NULL;
    if (path && file_read(path, MAX_CELL_BYTES, arena, &file->data, &file->size, &error) == 0) return 1;
    if (state != STORED_ABSENT) fprintf(stderr, "%.*s; left out\n", (int)strcspn(error.text, ";"), error.text);
    return 0;
}

/* Where a cell comes from. */
enum { NOWHERE = -1 };

/* The first folder that has the cell whole, in *origin, else NOWHERE.  The others must have the same bytes: returns 0,
 * or 1 after naming those that do not. */
static int find_cell(const Folders *folders, const Cell *cell, Arena *arena, int *origin) {
    CellFile first = {NULL, 0}, other;
    int disagree = 0;
    *origin = NOWHERE;
    for (size_t i = 0; i < folders->n; i++) {
        if (!read_cell(folders->paths[i], cell, arena, &other)) continue;
        if (*origin == NOWHERE) {
            *origin = (int)i;
            first = other;
            continue;
        }
        if (first.size == other.size && memcmp(first.data, other.data, first.size) == 0) continue;
        Error ignored = {""};
        const char *name = store_path(folders->paths[*origin], cell, arena, &ignored);
        fprintf(stderr, "method %s, cell %s differs:\n  %s\n  %s\n", cell->method->name, cell->text,
                text_printable(arena, name),
                text_printable(arena, store_path(folders->paths[i], cell, arena, &ignored)));
        disagree = 1;
    }
    return disagree;
}

static int copy_cell(const char *from, const char *to, const Cell *cell, Arena *arena, Error *error) {
    CellFile file;
    const char *source = store_path(from, cell, arena, error), *target = store_path(to, cell, arena, error);
    return !source || !target || directory_create(arena_format(arena, "%s/cells/%s", to, cell->method->name), error) ||
                   file_read(source, MAX_CELL_BYTES, arena, &file.data, &file.size, error) ||
                   file_write(target, file.data, file.size, error)
               ? -1
               : 0;
}

/* Nothing is copied unless all cells agree. */
static int bring_together(const Command *command, const Jobs *jobs, Error *error) {
    Folders folders;
    size_t n_disagreeing = 0;
    int status = 0;
    if (list_folders(command, &folders, error)) return -1;
    if (folders.n == 1) return 0;
    int *origins = arena_alloc(command->arena, jobs->n, sizeof *origins);
    Arena *arena = arena_create(0);
    for (size_t i = 0; i < jobs->n; i++, arena_reset(arena))
        n_disagreeing += (size_t)find_cell(&folders, jobs->jobs[i].cell, arena, &origins[i]);
    if (n_disagreeing)
        status = error_set(error,
                           "%s named above; one of two runs is wrong: remove the wrong files, then merge again; "
                           "nothing was copied",
                           count_text(n_disagreeing, "cell differs, it is", command->arena));
    for (size_t i = 0; i < jobs->n && !status; i++, arena_reset(arena)) {
        if (origins[i] <= 0) continue;
        status = copy_cell(folders.paths[origins[i]], folders.paths[0], jobs->jobs[i].cell, arena, error);
        folders.n_copied[origins[i]]++;
    }
    arena_destroy(arena);
    for (size_t i = 1; i < folders.n && !status; i++)
        printf("%s: %s copied\n", text_printable(command->arena, folders.paths[i]),
               count_text(folders.n_copied[i], "cell", command->arena));
    return status;
}

/* ---- merge ---- */

static int merge_work(Command *command, Error *error) {
    Grid *grids;
    Jobs jobs;
    size_t n_incomplete = 0;
    if (command_grids(command, &grids, error)) return EXIT_USAGE;
    if (jobs_make(grids, command->selection.n, command->arena, &jobs, error) || bring_together(command, &jobs, error))
        return EXIT_FAILURE;
    for (size_t i = 0; i < command->selection.n; i++) {
        Merged merged;
        const Experiment *experiment = grids[i].experiment;
        if (merge_grid(command, &grids[i], &merged, error)) return EXIT_FAILURE;
        if (merged.written) print_merged(command, &merged, stdout);
        if (!merged.n_missing) continue;
        n_incomplete++;
        printf("missing: %s/%s, %zu of %s%s%s\n", experiment->paper->name, experiment->name, merged.n_missing,
               count_text(grids[i].n_cells, "cell", command->arena), merged.needs ? "; " : "",
               merged.needs ? text_printable(command->arena, merged.needs) : "");
    }
    if (n_incomplete == 0) return 0;
    Text line = text_create(command->arena);
    command_line(command, "missing", NULL, &line);
    error_set(error, "%s not complete; `%s` lists the cells that are missing",
              n_incomplete == 1 ? "an experiment is"
                                : arena_format(command->arena, "%zu experiments are", n_incomplete),
              line.data);
    return EXIT_FAILURE;
}

int merge_command(const Method *const *methods, int argc, char **argv, Error *error) {
    static const CommandKind kind = {
        "merge",
        "[EXPERIMENT|PAPER|all]",
        "Merges what is stored, after copying the cells of other folders here.  Cells that two folders have must agree "
        "byte for byte: where they do not, they are named and nothing is copied.  Takes the options of the run that "
        "made the cells.",
        TAKES_RESULTS | TAKES_GRID | TAKES_PARAMETERS,
        merge_options,
        merge_work};
    return command_run(&kind, methods, argc, argv, error);
}
