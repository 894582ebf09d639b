/* Runs of one study from a test, and its merged results: rows of study,cell,seed,metric,x_name,x,value. */
#ifndef SCALEDOWN_TESTS_STUDY_RESULTS_H
#define SCALEDOWN_TESTS_STUDY_RESULTS_H

#include "base/csv.h"
#include "study/study.h"

/* Both functions fail the test on an error; the tables live in the arena. */
CsvTable read_table(const char *path, Arena *arena);
/* `scaledown run <study> --quiet` with further options, at most 16, separated by blanks; in a folder that is gone
 * after. */
CsvTable run_study(const Study *study, const char *options, Arena *arena);

/* A run is killed once its only cell has kept a checkpoint, and run again: the results are those of a run in one go,
 * and the checkpoint is gone.  damaged: what was kept is cut short before, which is reported and not believed.  The
 * options are those of a run of one seed that takes tenths of a second at least. */
void check_killed_run(const Study *study, const char *options, int damaged);

double table_number(const CsvTable *table, size_t row, size_t column); /* NAN where it says "diverged" */
/* How many values are "diverged"; fails the test if one is neither that nor finite. */
size_t count_diverged(const CsvTable *results);

#endif
