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
} Merged;

/* Merges what is stored for a grid of the command line.  An experiment's own results hold all of its rows whose cells
 * are all stored with these seeds, whichever were asked for: Fig. 5a today and Fig. 5c tomorrow give both.  Others are
 * merged whole or not at all. */
int merge_grid(const Command *command, const Grid *asked, Merged *merged, Error *error);
/* "results/mnist1d/lottery.csv", and which items if they are not all. */
const char *merged_text(const Command *command, const Merged *merged);

#endif
