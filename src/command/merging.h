/* From cells to merged results, as run and merge do it. */
#ifndef SCALEDOWN_COMMAND_MERGING_H
#define SCALEDOWN_COMMAND_MERGING_H

#include "command/command.h"
#include "study/results.h"

typedef struct Merged {
    size_t n_missing;  /* cells that were asked for and are not stored whole */
    const char *needs; /* what one of these reads and is not there, or NULL */
    int written;
    Grid grid;        /* what was merged */
    const char *stem; /* RESULTS/stem.csv, ... */
    const char *note; /* how that is not what was asked for, or what was there before, and why; NULL when it is */
} Merged;

/* Merges what is stored for a grid of the command line.  An experiment's own results hold all of its rows whose cells
 * are all stored with these seeds, whichever were asked for: Fig. 5a today and Fig. 5c tomorrow give both.  They never
 * lose a row or a seed that the cells still bear out: with more seeds merged before than are asked for now, they are
 * merged again, and where more seeds are stored of some rows only, the earlier number stays; the note says so.  Others
 * are merged whole or not at all. */
int merge_grid(const Command *command, const Grid *asked, Merged *merged, Error *error);
/* Rows that are asked for with fewer seeds than the results have of other rows could not be merged: an error, before
 * they are computed or merged, that says what to do. */
int merge_refused(const Command *command, const Grid *asked, Error *error);
/* "merged: results/mnist1d/lottery.csv", which items if they are not all, and the note. */
void print_merged(const Command *command, const Merged *merged, FILE *stream);

#endif
