/* A long training of a cell, kept from time to time and gone on with by another run, to the same bits (method.h, cell_save).
 *
 *     KeptTraining kept = kept_training_create(cell, record, sizeof(Own), network, kind, arena, error);
 *     Own *own = kept.own;                                 what the method needs besides, zero at first
 *     network_initialize(...);
 *     const FitState *from = kept_training_resume(&kept, learner);
 *     if (!from) record_metric(...);                       what is recorded at the beginning is kept with the rest
 *     fit(learner, &(Protocol){.from = from, ...});        whose hooks return kept_training_ends(...)
 *     if (kept.unfinished) return -1; */
#ifndef SCALEDOWN_REPRODUCE_KEPT_TRAINING_H
#define SCALEDOWN_REPRODUCE_KEPT_TRAINING_H

#include "nn/fit.h"
#include "study/method.h"

typedef struct KeptTraining {
    const Cell *cell;
    Record *record;
    Error *error;
    void *own, *packed; /* in one piece of memory: the method's, and the training (fit_pack) */
    size_t size;
    FitState from;
    int unfinished; /* it was asked to stop, or could not be saved: the cell is not to be stored */
} KeptTraining;

/* own_size: bytes of the method, aligned as malloc does.  kind: the optimiser's. */
KeptTraining kept_training_create(const Cell *cell, Record *record, size_t own_size, const Network *network,
                                  OptimizerKind kind, Arena *arena, Error *error);
/* Where a former run got to, its numbers in the learner, its rows in the record and its own bytes in own; NULL: begin. */
const FitState *kept_training_resume(KeptTraining *kept, Learner *learner);
/* The last thing that is done after an update, with what is kept as it then is: saves when it is time, and returns whether
 * the training is to end, as a hook does. */
int kept_training_ends(KeptTraining *kept, const Learner *learner, const Progress *progress);

#endif
