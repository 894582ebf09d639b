/* All records of a grid, and the files merged from them. */
#ifndef SCALEDOWN_STUDY_RESULTS_H
#define SCALEDOWN_STUDY_RESULTS_H

#include "study/store.h"

typedef struct Results {
    Grid grid;
    Record *records; /* [grid.n_cells] */
} Results;

/* Every cell must be stored whole, and the seeds of a cell must agree in what they measured. */
int results_load(const char *directory, const Grid *grid, Arena *arena, Results *results, Error *error);
/* <study>.csv, <study>_summary.csv and <study>_grid.csv, each whole or not at all. */
int results_write(const char *directory, const Results *results, Error *error);
/* Load the grid that <study>_grid.csv names, and check that the merged files are what its cells give. */
int results_open(const char *directory, const Study *study, Arena *arena, Results *results, Error *error);
/* Values over the grid's seeds, in their order; of a curve (study.h, Quantity) reduced for each seed.  A missing cell,
 * metric or x is an error; so is a diverged value. */
int results_quantity(const Results *results, const Quantity *quantity, Arena *arena, double **values, Error *error);

#define N_RESULT_FILES 3
extern const char *const result_suffixes[N_RESULT_FILES]; /* ".csv", "_summary.csv", "_grid.csv" */

#endif
