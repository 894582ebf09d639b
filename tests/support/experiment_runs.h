/* Runs of experiments from a test, by the runtime alone, and their merged results: rows of
 * study,cell,seed,metric,x_name,x,value. */
#ifndef SCALEDOWN_TESTS_EXPERIMENT_RUNS_H
#define SCALEDOWN_TESTS_EXPERIMENT_RUNS_H

#include "base/csv.h"
#include "study/results.h"

/* ---- any experiment, errors given back ---- */

typedef struct Run {
    Grid grid;
    const char *stem; /* of merged results, the folder in front */
    size_t n_run;     /* cells that were run */
    int signal;       /* that stopped it */
} Run;

/* What `scaledown run` does: options "--size=smoke --seeds=2 --first-seed=0 --rows=1,3 --threads=2 --fresh
 * --width=2,3", apart by blanks; cells that are not stored are run, then all are merged.  0, SCHEDULE_STOPPED, or -1
 * with the error. */
int run_in(const Experiment *experiment, const char *options, const char *results, Arena *arena, Run *run,
           Error *error);
/* The grid of these options alone. */
int grid_of(const Experiment *experiment, const char *options, Arena *arena, Grid *grid, Error *error);

/* ---- experiments of this project; errors fail the test ---- */

/* Of the folder in which tests run, with the methods of reproduce/. */
Catalogue real_project(Arena *arena);
const Experiment *find_experiment(const Catalogue *catalogue, const char *name);
CsvTable read_table(const char *path, Arena *arena);
/* The merged results of a run in a folder that is gone after. */
CsvTable run_experiment(const char *name, const char *options, Arena *arena);
/* The same of an experiment that is not the project's own. */
CsvTable run_and_read(const Experiment *experiment, const char *options, Arena *arena);

/* A run of these options fails; gives what it says. */
const char *refused_run(const char *name, const char *options, Arena *arena);

typedef enum Killing {
    KILLED,
    KILLED_AND_DAMAGED, /* what was kept is cut short, which is reported and not believed */
    INTERRUPTED         /* by SIGINT, a moment later, upon which it saves once more */
} Killing;
/* A run is killed once its only cell has kept a checkpoint, and run again: the results are those of a run in one go,
 * and the checkpoint is gone.  The options are those of a run of one seed that takes tenths of a second at least. */
void check_killed_run(const char *name, const char *options, Killing how);

/* The value of a metric at an x ("" for none) in the rows of a cell that has this text in its name; NAN without one. */
double measured(const CsvTable *results, const char *cell, const char *metric, const char *x);
double table_number(const CsvTable *table, size_t row, size_t column); /* NAN where it says "diverged" */
/* How many values are "diverged"; fails the test if one is neither that nor finite. */
size_t count_diverged(const CsvTable *results);

#endif
