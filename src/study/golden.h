/* Recorded results, exact: reference_results/PAPER/golden/ holds EXPERIMENT.csv, EXPERIMENT_grid.csv and SHA256SUMS
 * over these and EXPERIMENT_summary.csv, which follows from the first. */
#ifndef SCALEDOWN_STUDY_GOLDEN_H
#define SCALEDOWN_STUDY_GOLDEN_H

#include "study/results.h"

/* The path of a recorded file (RESULTS_MERGED or RESULTS_GRID) after a check of its SHA-256; 1 when nothing is recorded
 * for the experiment. */
int golden_file(const char *references, const Experiment *experiment, int file, Arena *arena, const char **path,
                Error *error);
/* The recorded grid is this one: the parameters of the tables and methods are those that the results were made with.  A
 * parameter that the method was given later is not among the recorded ones, and must be at its default. */
int golden_check_grid(const char *references, const Grid *grid, Arena *arena, Error *error);

typedef struct GoldenCount {
    size_t same, unrecorded, missing; /* cells: equal; ours that are not recorded; recorded that are not among ours */
    int differ;                       /* a cell does; 0 as well where the recorded ones cannot be read */
} GoldenCount;
/* Compares the cells that both have, bit for bit: 0 when they are the same, else the error names the first differing
 * cell, metric and values, or what cannot be read.  1 when nothing is recorded. */
int golden_verify(const char *references, const Results *ours, GoldenCount *count, Error *error);
/* Compares one record with the recorded one of the cell with that number; context of the error as above. */
int golden_compare(const Results *recorded, size_t cell, const Record *ours, Error *error);
/* Make these results, which must be whole, the recorded ones. */
int golden_update(const char *references, const Results *results, Error *error);

#endif
