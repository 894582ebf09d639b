/* How and where results were made: kept apart from them, because it differs from machine to machine. */
#ifndef SCALEDOWN_STUDY_MANIFEST_H
#define SCALEDOWN_STUDY_MANIFEST_H

#include "study/grid.h"

typedef struct Manifest {
    int threads;
    size_t n_run, n_stored, n_damaged; /* cells */
    double core_seconds, wall_seconds;
    const Grid *grids;
    size_t n_grids;
} Manifest;

/* To know before a long run: 1, or 0 with the error.  Makes the folder. */
int manifest_can_be_written(const char *path, Error *error);
int manifest_write(const char *path, const Manifest *manifest, Error *error);

#endif
