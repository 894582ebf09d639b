/* From an experiment and the command line to the list of cells. */
#ifndef SCALEDOWN_STUDY_GRID_H
#define SCALEDOWN_STUDY_GRID_H

#include "base/text.h"
#include "study/paper.h"

typedef enum Size { SIZE_PAPER, SIZE_SMOKE } Size;
extern const char *const size_names[]; /* "paper", "smoke", NULL */

struct Cell {
    const Method *method;
    const char **values; /* canonical text, one per parameter of the method */
    unsigned seed;
    const char *text;  /* "model=mlp ... seed=42": every parameter in table order, then the seed */
    const char *label; /* the "cell" column of merged results: "model=mlp features=original", or "default" */
    size_t index;      /* in grid order: seeds innermost */
    /* set only while the cell runs: where its checkpoint is kept, and when (clock.h) it last was, 0: never; whom its progress
     * is told; and the first parameter that the method asked for and its table does not declare as such */
    const char *results;
    double *saved;
    void (*advance)(void *context, double fraction);
    void *context;
    const char **undeclared;
};

/* What the command line asked for.  values[i] NULL, seeds 0, first_seed < 0, rows NULL: the experiment's own. */
typedef struct GridRequest {
    Size size;
    const char *const *values; /* one comma list per parameter of the method, or NULL */
    long long seeds, first_seed;
    const unsigned char *rows; /* [n_rows]: 1 for those that are wanted */
} GridRequest;

typedef struct Grid {
    const Experiment *experiment;
    Size size;
    const char *given;                               /* the command line's parameters, "model=mlp steps=300", or "" */
    const unsigned char *rows;                       /* [n_rows]: 1 for those that it has cells of */
    const Axis *lists;                               /* [n_parameters]: the values that occur, in order of appearance */
    size_t n_parameters, n_seeds, n_groups, n_cells; /* a group is the seeds of one label: cells [g n_seeds, ...) */
    unsigned first_seed;
    Cell *cells; /* [n_cells] */
} Grid;

/* The products of the rows one after the other, each in table order of the parameters, the last one fastest, seeds
 * innermost; a cell that an earlier row has is left out.  At most 1000000 cells.
 *
 * The command line narrows the choices that a row sets (a row with none left is not run) and replaces numbers:
 * `--model mlp --widths 10,20` runs the rows of the MLP with these widths.
 *
 * A label names, in table order, the parameters that have several values among the experiment's rows (of the paper's
 * size or of the size that is run), and those that the command line sets to something else than the rows do, where they
 * have a meaning; where it names none it is "default". */
int grid_make(const Experiment *experiment, const GridRequest *request, Arena *arena, Grid *grid, Error *error);

/* The experiment's own settings at the paper's size with at least the seeds of its table: what claims are about.  It
 * need not have all rows. */
int grid_is_own(const Grid *grid);
int grid_is_whole(const Grid *grid); /* its own, all rows, and the seeds of its table */
/* EXPERIMENT_grid.csv: name,value with paper, experiment, size, seeds, first-seed, rows ("all", or their numbers from
 * 1), given, and the values of each parameter. */
void grid_text(const Grid *grid, Text *text);
/* The grid that such a file of the experiment's own results names. */
int grid_read(const Experiment *experiment, const char *path, Arena *arena, Grid *grid, Error *error);
/* Where merged results go, without a suffix: "PAPER/EXPERIMENT", or, when the grid is not its own,
 * "PAPER/variants/EXPERIMENT--model=mlp--steps=300". */
const char *grid_stem(const Grid *grid, Arena *arena);
/* The values that a row's own settings give a parameter at a size. */
Axis row_axis(const Experiment *experiment, const ExperimentRow *row, size_t parameter, Size size);

/* Core-seconds of a cell by its method's formula, 1 without one; an undeclared parameter is an error. */
int cell_cost(const Cell *cell, double *seconds, Error *error);
/* What the cell reads and is not there, as its method says it, in the arena; NULL: nothing.  An undeclared parameter is
 * an error. */
int cell_needs(const Cell *cell, Arena *arena, const char **needs, Error *error);
/* The same of the first of the experiment's own cells that needs something. */
int experiment_needs(const Experiment *experiment, Arena *arena, const char **needs, Error *error);

#endif
