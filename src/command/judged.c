#include "command/judged.h"

#include <string.h>

#include "command/stored.h"

/* All experiments of the papers of which one is selected. */
static Selection widen(const Command *command) {
    const Selection *chosen = &command->selection;
    const Catalogue *catalogue = &command->catalogue;
    Selection all = {0, NULL, NULL};
    size_t room = 0;
    for (size_t p = 0; p < catalogue->n_papers; p++) room += catalogue->papers[p].n_experiments;
    all.chosen = arena_alloc_zero(command->arena, room, sizeof *all.chosen);
    for (size_t p = 0; p < catalogue->n_papers; p++) {
        const Paper *paper = &catalogue->papers[p];
        size_t i = 0;
        while (i < chosen->n && chosen->chosen[i].experiment->paper != paper) i++;
        for (size_t e = 0; i < chosen->n && e < paper->n_experiments; e++)
            all.chosen[all.n++] = (Chosen){&paper->experiments[e], NULL, 1};
    }
    return all;
}

int judged_begin(Judged *judged, const Command *command, int recorded, int unchecked, Error *error) {
    Arena *arena = command->arena;
    const Options *options = &command->options;
    long long seeds;
    if (recorded && (options_given(options, "results") || options_given(options, "seeds")))
        return error_set(error, "--recorded and --%s both say which results; give one of them",
                         options_given(options, "results") ? "results" : "seeds"),
               EXIT_USAGE;
    if (stored_seeds(command, &seeds, error)) return EXIT_USAGE;
    if (options_given(options, "check") || options_given(options, "update")) seeds = SEEDS_OF_THE_TABLE;
    *judged = (Judged){.command = command, .references = command_references(command), .papers = widen(command)};
    if (claims_read(&command->catalogue, judged->references, &judged->papers, unchecked, arena, &judged->list, error))
        return EXIT_FAILURE;
    judged->verdicts = verdicts_create(&judged->list, arena);
    judged->opened = opened_create(&command->catalogue, recorded ? NULL : command_results(command), seeds,
                                   judged->references, &judged->list, arena);
    judged->recorded =
        opened_create(&command->catalogue, NULL, SEEDS_AS_MERGED, judged->references, &judged->list, arena);
    return 0;
}

int judged_measure(Judged *judged, const Experiment *experiment, Error *error) {
    const ClaimList *list = &judged->list;
    const ResultsSource own = opened_source(&judged->opened), other = opened_source(&judged->recorded);
    Arena *arena = judged->command->arena;
    Verdict *curve = NULL;
    while (judged->n_claims < list->n && list->claims[judged->n_claims].row->experiment == experiment) {
        Verdict *v = &judged->verdicts.all[judged->n];
        if (v->outside) {
            curve = v;
            judged->n++;
            continue;
        }
        if (v->claim->row->curve == 0) curve = NULL;
        if (verdict_measure(v, &own, arena, error)) return -1;
        if (v->claim->a && !v->a && !v->no_value && judged->opened.directory) {
            v->stands_in = 1;
            if (curve) curve->stands_in = 1;
            if (verdict_measure(v, &other, arena, error)) return -1;
        }
        judged->n++;
        judged->n_claims++;
    }
    opened_close(&judged->opened, judged->n_claims);
    opened_close(&judged->recorded, judged->n_claims);
    return 0;
}

void judged_judge(Judged *judged, size_t first) {
    verdicts_judge(&judged->verdicts, first, judged->n, judged->command->arena);
}

int judged_paper(Judged *judged, const Paper *paper, Error *error) {
    const ClaimList *list = &judged->list;
    while (judged->n_claims < list->n && list->claims[judged->n_claims].row->experiment->paper != paper) {
        judged->n_claims += !judged->verdicts.all[judged->n].outside;
        judged->n++;
    }
    const size_t first = judged->n;
    for (size_t i = 0; i < judged->papers.n; i++)
        if (judged->papers.chosen[i].experiment->paper == paper &&
            judged_measure(judged, judged->papers.chosen[i].experiment, error))
            return -1;
    judged_judge(judged, first);
    return 0;
}

void judged_end(Judged *judged) {
    opened_close(&judged->opened, SIZE_MAX);
    opened_close(&judged->recorded, SIZE_MAX);
}
