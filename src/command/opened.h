/* Results of experiments while claims about them are judged: each opened once, and closed when nothing needs it. */
#ifndef SCALEDOWN_COMMAND_OPENED_H
#define SCALEDOWN_COMMAND_OPENED_H

#include "study/claims.h"

typedef struct Opened {
    const Experiment *experiment;
    Arena *arena; /* of the results; NULL: not opened, or closed again */
    Results results;
    int absent;    /* there are none */
    size_t needed; /* claims up to this number need it; 0: none */
    int asked;     /* whether it is known what its cells read and is not there: */
    const char *needs;
} Opened;

typedef struct OpenedResults {
    const char *directory, *references; /* directory NULL: the recorded results */
    long long seeds;                    /* of the results in the directory: as in stored_open */
    size_t n;
    Opened *experiments; /* [n], all of the catalogue */
    Arena *arena;
} OpenedResults;

/* The claims that will be judged, in their order. */
OpenedResults opened_create(const Catalogue *catalogue, const char *directory, long long seeds, const char *references,
                            const ClaimList *list, Arena *arena);
/* Are there results, whether right or not? */
int opened_exists(const OpenedResults *opened, const Experiment *experiment);
/* NULL with an error, or without one when there are none. */
const Results *opened_get(OpenedResults *opened, const Experiment *experiment, Error *error);
/* What cells of the experiment read and is not there, or NULL. */
const char *opened_needs(OpenedResults *opened, const Experiment *experiment);
ResultsSource opened_source(OpenedResults *opened);
/* Closes those that no claim from this number on needs; SIZE_MAX: all. */
void opened_close(OpenedResults *opened, size_t claim);

#endif
