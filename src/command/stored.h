/* Results as the commands read them: an experiment's own, merged ones, or those of some of its seeds.
 *
 * The rule of seeds: the place of an experiment's own results, RESULTS/PAPER/EXPERIMENT.csv, holds the seeds of its table
 * or more, and what is there never becomes less.  Fewer seeds are merged under variants/; whoever asks for a number of
 * seeds with --seeds gets that many of the stored cells, whatever was merged. */
#ifndef SCALEDOWN_COMMAND_STORED_H
#define SCALEDOWN_COMMAND_STORED_H

#include "command/command.h"
#include "study/results.h"

/* As merged; of the merged rows, at most the seeds of the table: what verdicts were recorded with. */
enum { SEEDS_AS_MERGED = 0, SEEDS_OF_THE_TABLE = -1 };

/* --seeds of a command that reads results, SEEDS_AS_MERGED without it. */
int stored_seeds(const Command *command, long long *seeds, Error *error);
/* The grid of those rows all of whose cells are stored with these seeds, at the paper's size and from the first seed of
 * the table on; those of assumed count as stored.  1, without an error, when there are none. */
int stored_grid(const char *results, const Experiment *experiment, size_t seeds, const Grid *assumed, Arena *arena,
                Grid *grid, Error *error);
/* The grid of the experiment's own results that are merged, if all its cells are stored, else 1. */
int stored_own_grid(const char *results, const Experiment *experiment, Arena *arena, Grid *grid);
/* seeds: a number from 1 on, or one of the above.  1, without an error, when there are no such results. */
int stored_open(const char *results, const Experiment *experiment, long long seeds, Arena *arena, Results *opened,
                Error *error);
/* What is said where an experiment has no results in a folder: which there are of fewer seeds, or "". */
const char *stored_hint(const char *results, const Experiment *experiment, Arena *arena);
/* "Fig. 5a; Fig. 5b": the items of a grid's rows, or "all rows". */
const char *rows_items(const Experiment *experiment, const unsigned char *rows, Arena *arena);

#endif
