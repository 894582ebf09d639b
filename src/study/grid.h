/* From a study's parameter table and the command line to the list of cells. */
#ifndef SCALEDOWN_STUDY_GRID_H
#define SCALEDOWN_STUDY_GRID_H

#include "base/csv.h"
#include "study/study.h"

#define PANELS "panels"

typedef enum Size { SIZE_PAPER, SIZE_SMOKE } Size;
extern const char *const size_names[]; /* "paper", "smoke", NULL */

struct Cell {
    const Study *study;
    Size size;
    const char **values; /* canonical text, one per parameter */
    unsigned seed;
    const char *text;  /* "model=mlp ... seed=42": every parameter in table order, then the seed */
    const char *label; /* the "cell" column of the merged results */
    size_t index;      /* in grid order: seeds innermost */
    /* set only while the cell runs: where its checkpoint is kept, and whom its progress is told */
    const char *results;
    void (*advance)(void *context, double fraction);
    void *context;
};

/* What the command line asked for; values[i] NULL or seeds 0 or first_seed < 0: the study's own. */
typedef struct GridRequest {
    Size size;
    const char *const *values; /* one comma list per parameter, or NULL */
    long long seeds, first_seed;
} GridRequest;

typedef struct Grid {
    const Study *study;
    Size size;
    const char **lists; /* the canonical comma list of each parameter; PANELS where the panels' own values stand */
    size_t n_parameters, n_seeds, n_groups, n_cells; /* a group is the seeds of one label: cells [g n_seeds, ...) */
    unsigned first_seed;
    Cell *cells; /* [n_cells] */
} Grid;

size_t parameter_count(const Study *study);
/* The canonical text of one value, or an error that names the option, the value and what is allowed. */
int parameter_value(const Parameter *parameter, const char *text, Arena *arena, const char **value, Error *error);
/* The Cartesian product in table order, the last parameter fastest, seeds innermost; at most 1000000 cells.  With
 * panels: their products one after the other, a cell that an earlier one has left out. */
int grid_make(const Study *study, const GridRequest *request, Arena *arena, Grid *grid, Error *error);
/* <results>/<study>_grid.csv as text, and back: what was run, for those who judge it later. */
const char *grid_text(const Grid *grid, Arena *arena);
int grid_read(const Study *study, const char *path, Arena *arena, Grid *grid, Error *error);

/* The study of that name; an error names the nearest known one. */
const Study *study_find(const Study *const *studies, const char *name, Error *error);
/* The entry of a NULL-terminated list that is closest in edits to name. */
const char *nearest_name(const char *name, const char *const *known);
/* The claims of a study and of its series, in order. */
typedef struct ClaimList {
    size_t n;
    const Claim *claims;
    const ClaimSeries **series; /* of each claim; NULL for those that stand alone */
} ClaimList;
ClaimList study_claims(const Study *study, Arena *arena);
/* Names are unique and well-formed, defaults lie in their ranges, claims have distinct ids and what they need. */
int study_check(const Study *study, Error *error);

#endif
