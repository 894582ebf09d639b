#include "kept_training.h"

#include "kernels/parts.h"

KeptTraining kept_training_create(const Cell *cell, Record *record, size_t own_size, const Network *network,
                                  OptimizerKind kind, Arena *arena, Error *error) {
    const size_t before = parts_of(own_size, sizeof(double)) * sizeof(double);
    KeptTraining kept = {
        .cell = cell, .record = record, .error = error, .size = before + fit_packed_size(network, kind)};
    kept.own = arena_alloc_zero(arena, 1, kept.size);
    kept.packed = (char *)kept.own + before;
    return kept;
}

const FitState *kept_training_resume(KeptTraining *kept, Learner *learner) {
    if (!cell_resume(kept->cell, kept->record, kept->own, kept->size)) return NULL;
    kept->from = fit_unpack(kept->packed, learner);
    return &kept->from;
}

int kept_training_ends(KeptTraining *kept, const Learner *learner, const Progress *progress) {
    kept->unfinished = study_stopping(); /* asked before it is saved, so that it is saved when it is to stop */
    if (!cell_save_due(kept->cell)) return kept->unfinished;
    fit_pack(learner, progress, kept->packed);
    if (cell_save(kept->cell, kept->record, kept->own, kept->size, kept->error)) kept->unfinished = 1;
    return kept->unfinished;
}
