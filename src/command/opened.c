#include "command/opened.h"

#include "base/file.h"
#include "command/stored.h"
#include "study/golden.h"

static Opened *find(const OpenedResults *opened, const Experiment *experiment) {
    size_t i = 0;
    while (opened->experiments[i].experiment != experiment) i++;
    return &opened->experiments[i];
}

OpenedResults opened_create(const Catalogue *catalogue, const char *directory, long long seeds, const char *references,
                            const ClaimList *list, Arena *arena) {
    OpenedResults opened = {directory, references, seeds, 0, NULL, arena};
    for (size_t p = 0; p < catalogue->n_papers; p++) opened.n += catalogue->papers[p].n_experiments;
    opened.experiments = arena_alloc_zero(arena, opened.n, sizeof *opened.experiments);
    for (size_t p = 0, i = 0; p < catalogue->n_papers; p++)
        for (size_t e = 0; e < catalogue->papers[p].n_experiments; e++, i++)
            opened.experiments[i].experiment = &catalogue->papers[p].experiments[e];
    for (size_t c = 0; c < list->n; c++) {
        const Quantity *const quantities[] = {list->claims[c].a, list->claims[c].b};
        for (int q = 0; q < 2; q++) {
            size_t n = 0;
            const Experiment *const *needed = quantities[q] ? quantity_experiments(quantities[q], &n) : NULL;
            for (size_t i = 0; i < n; i++) find(&opened, needed[i])->needed = c + 1;
        }
    }
    return opened;
}

int opened_exists(const OpenedResults *opened, const Experiment *experiment) {
    Arena *arena = arena_create(4096);
    Error ignored = {""};
    Grid grid;
    const char *path;
    int exists;
    if (!opened->directory)
        exists = golden_file(opened->references, experiment, RESULTS_MERGED, arena, &path, &ignored) <= 0;
    else if (opened->seeds > 0)
        exists = stored_grid(opened->directory, experiment, (size_t)opened->seeds, NULL, arena, &grid, &ignored) <= 0;
    else
        exists = file_exists(arena_format(arena, "%s/%s/%s%s", opened->directory, experiment->paper->name,
                                          experiment->name, result_suffixes[RESULTS_GRID]));
    arena_destroy(arena);
    return exists;
}

const Results *opened_get(OpenedResults *opened, const Experiment *experiment, Error *error) {
    Opened *one = find(opened, experiment);
    if (one->absent) return NULL;
    if (one->arena) return &one->results;
    one->arena = arena_create(0);
    const int status = opened->directory
                           ? stored_open(opened->directory, experiment, opened->seeds, one->arena, &one->results, error)
                           : results_recorded(opened->references, experiment, one->arena, &one->results, error);
    if (status == 0) return &one->results;
    arena_destroy(one->arena);
    one->arena = NULL;
    one->absent = status > 0;
    return NULL;
}

const char *opened_needs(OpenedResults *opened, const Experiment *experiment) {
    Opened *one = find(opened, experiment);
    Error ignored = {""}; /* a fault of the method, which running it shows */
    if (!one->asked++) {
        Arena *arena = arena_create(0);
        const char *needs;
        if (experiment_needs(experiment, arena, &needs, &ignored) == 0 && needs)
            one->needs = arena_copy_text(opened->arena, needs);
        arena_destroy(arena);
    }
    return one->needs;
}

static const Results *get(void *context, const Experiment *experiment, Error *error) {
    return opened_get(context, experiment, error);
}

ResultsSource opened_source(OpenedResults *opened) {
    return (ResultsSource){.open = get, .context = opened};
}

void opened_close(OpenedResults *opened, size_t claim) {
    for (size_t i = 0; i < opened->n; i++) {
        Opened *one = &opened->experiments[i];
        if (!one->arena || one->needed > claim) continue;
        arena_destroy(one->arena);
        one->arena = NULL;
    }
}
