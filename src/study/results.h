/* All records of a grid, and the files merged from them:
 *     STEM.csv           study,cell,seed,metric,x_name,x,value: every measurement; study is the experiment's name
 *     STEM_summary.csv   cell,metric,x_name,x,n,mean,sd,low,high over seeds, with the 95 % interval of the mean
 *     STEM_grid.csv      what was run (grid.h)
 * where STEM is "PAPER/EXPERIMENT" for an experiment's own results (grid_stem). */
#ifndef SCALEDOWN_STUDY_RESULTS_H
#define SCALEDOWN_STUDY_RESULTS_H

#include "study/store.h"

typedef struct ResultsIndex ResultsIndex;

typedef struct Results {
    Grid grid;
    Record *records;     /* [grid.n_cells]; seeds of a group have the same places (metric, x_name, x), in one order */
    ResultsIndex *index; /* what results_row and results_curve look up */
} Results;

/* From the cells: every cell must be stored whole, and the seeds of a group must agree in what they measured. */
int results_load(const char *directory, const Grid *grid, Arena *arena, Results *results, Error *error);
/* An experiment's own results: of the grid that EXPERIMENT_grid.csv names, which must have the seeds of the table or more,
 * after a check that the merged files are what the cells give.  Returns 1, without an error, when there are none. */
int results_open(const char *directory, const Experiment *experiment, Arena *arena, Results *results, Error *error);
/* Recorded results, reference_results/PAPER/golden/EXPERIMENT.csv, which must be what SHA256SUMS says and of the
 * parameters that the tables name today.  Returns 1, without an error, when none are recorded. */
int results_recorded(const char *references, const Experiment *experiment, Arena *arena, Results *results,
                     Error *error);

enum { RESULTS_MERGED, RESULTS_SUMMARY, RESULTS_GRID, N_RESULT_FILES };
extern const char *const result_suffixes[N_RESULT_FILES]; /* ".csv", "_summary.csv", "_grid.csv" */
void results_text(const Results *results, int file, Text *text);
/* All three files at DIRECTORY/STEM, each whole or not at all. */
int results_write(const char *directory, const char *stem, const Results *results, Error *error);

/* The row of a metric at x (NAN: without x) in the records of a group; SIZE_MAX if it has none. */
size_t results_row(const Results *results, size_t group, const char *metric, double x);
/* The rows of a metric in the records of a group, in the order they were recorded; *n 0 if it has none. */
const size_t *results_curve(const Results *results, size_t group, const char *metric, size_t *n);
/* Row r of the record of seed number s of the group. */
static inline const Row *results_at(const Results *results, size_t group, size_t s, size_t r) {
    return &results->records[group * results->grid.n_seeds + s].rows[r];
}

#endif
