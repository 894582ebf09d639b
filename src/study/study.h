/* What a study is to its author: a table of parameters, one function that runs a cell, and claims.
 *
 * A cell is (study, parameters, seed): a pure function to a record of metrics and curves.  Cells run in parallel,
 * longest first.  A finished cell is stored in <results>/cells/<study>/<key>.csv, where key is the SHA-256 of the
 * study's source hash and the canonical parameters; a stored cell with the right checksum line is not run again.
 * When all cells of a study are done they are merged, in grid order, into <results>/<study>.csv with the columns
 *     study, cell, seed, metric, x_name, x, value
 * where cell is the canonical parameters without the seed ("model=mlp features=original"), listing only the
 * parameters that have several published values or differ from the defaults of the size that was run.  A summary over
 * seeds is in <results>/<study>_summary.csv, and the values that made the grid in <results>/<study>_grid.csv. */
#ifndef SCALEDOWN_STUDY_STUDY_H
#define SCALEDOWN_STUDY_STUDY_H

#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"

typedef enum ParameterType { PARAMETER_INTEGER, PARAMETER_REAL, PARAMETER_CHOICE } ParameterType;

typedef struct Parameter {
    const char *name; /* as an option: "learning-rate" */
    ParameterType type;
    const char *paper;   /* values of the published protocol, comma-separated; more than one makes an axis */
    const char *smoke;   /* values of the tiny size; NULL: as paper */
    double low, high;    /* allowed range of numbers */
    const char *choices; /* PARAMETER_CHOICE: comma-separated */
    const char *help;    /* one line */
} Parameter;

/* A grid of its own within a study: what it sets apart from the parameters' defaults, in the words of a cell:
 * "model=cnn label-noise=0.15 widths=2,4,6".  A study with panels consists of their cells, in order and each once.
 * The command line narrows the choices that a panel sets (a panel with none left is not run) and replaces its numbers:
 * `--model mlp --widths 10,20` runs the panels of the MLP with these widths. */
typedef struct Panel {
    const char *item;  /* "Fig. 5c" */
    const char *paper; /* what the published protocol sets */
    const char *smoke; /* what the tiny size sets; NULL: as paper */
} Panel;

typedef struct Cell Cell;     /* parameters and seed of one run */
typedef struct Record Record; /* what it measured */

long long cell_integer(const Cell *cell, const char *parameter);
double cell_real(const Cell *cell, const char *parameter);
const char *cell_choice(const Cell *cell, const char *parameter);
unsigned cell_seed(const Cell *cell);
int cell_is(const Cell *cell, const char *parameter, const char *choice);
int cell_is_smoke(const Cell *cell);

/* A cell of many rounds keeps, after each, what it has measured and the state it goes on from: size bytes, the same in
 * every round, read back by the same program only.  The cell begins with cell_resume: 1 when a former run was
 * interrupted, whose record and state are then restored; 0 to begin anew (a damaged checkpoint is reported).  Without a
 * place for results both do nothing. */
int cell_save(const Cell *cell, const Record *record, const void *state, size_t size, Error *error);
int cell_resume(const Cell *cell, Record *record, void *state, size_t size);
/* How much of the cell is done, 0 to 1, for the progress bar. */
void cell_progress(const Cell *cell, double fraction);

/* True once the user asked to stop.  A long cell looks now and then and returns -1: it is not stored. */
int study_stopping(void);

/* Append measurements; names are lower_snake_case and kept, not copied: they live as long as the cell's arena.  Values
 * must be finite unless marked by record_diverged, and each metric is recorded once at each x.  All seeds of a cell
 * must record the same metrics at the same x.  A record that breaks these rules is not stored: the run fails, naming
 * the cell and the metric. */
void record_metric(Record *record, const char *metric, double value);
void record_point(Record *record, const char *metric, const char *x_name, double x, double value);
void record_diverged(Record *record, const char *metric, const char *x_name, double x); /* stored as "diverged" */

/* ---- claims ---- */
typedef enum ClaimKind {
    CLAIM_VALUE,    /* quantity a against a published number, within margin */
    CLAIM_ABOVE,    /* a > b over paired seeds (b.cell == NULL: a > the published number), by more than the margin */
    CLAIM_AT_LEAST, /* a >= the published number - margin */
    CLAIM_EQUAL,    /* |a - b| within margin over paired seeds */
    CLAIM_REPORT,   /* a published constant that is shown, with its note, and not judged */
    CLAIM_ONE_RUN,  /* a published single run could be one more of our seeds, told to within margin (> 0) */
    CLAIM_SAME_RUN  /* the published run is that of our first seed: a of that seed against it, within margin */
} ClaimKind;

/* cell: as in the merged results, "model=mlp features=original"; x: NAN where the metric has none.
 * A cell with one comma list, "model=mlp widths=27,36,47", is a curve over that parameter, and the metric is then one
 * of "max M", "min M", "mean M", "argmax M", "argmin M" of a metric M: taken for each seed by itself, so that pairs
 * stay pairs; the first of equals counts.  "The peak lies between 36 and 61" is: max over these > max over the others.
 */
typedef struct Quantity {
    const char *cell, *metric;
    double x;
} Quantity;

typedef struct Claim {
    const char *id;   /* "classification-table1-mlp" */
    const char *item; /* "Table 1" */
    const char *text; /* the claim in one sentence */
    ClaimKind kind;
    Quantity a, b;
    const char *published; /* id of a row of reference_results/published/<study>.csv, or NULL */
    double margin;         /* in the metric's unit; 0: the published uncertainty (verdict.h says how it counts) */
    const char *note;      /* what a reader should know, or NULL */
} Claim;

/* Many claims of one form, one for each value of a list: "<id>-<x>" on the cell "<cell> <parameter>=<x>" against the
 * published row "<published>-<x>"; or, when parameter begins with "at ", "at outer step", on the metric of <cell> at
 * that x.  Tables count them in one line. */
typedef struct ClaimSeries {
    const char *id, *item, *text; /* text is followed by " (<parameter> <x>)" */
    ClaimKind kind;
    const char *cell, *metric, *parameter, *values; /* values: "2,3,4", as in the cells' labels */
    const char *published;
    double margin;
    const char *note;
} ClaimSeries;

typedef struct Study {
    const char *name, *title, *item; /* "classification", ..., "Fig. 2, Table 1, Fig. S1" */
    const Parameter *parameters;     /* ends with a NULL name */
    int paper_seeds, smoke_seeds;    /* seeds are first_seed, first_seed + 1, ... */
    unsigned first_seed;
    /* the record grows in this arena, so it must not be rewound */
    int (*run)(const Cell *cell, Arena *arena, Record *record, Error *error);
    double (*cost)(const Cell *cell); /* expected core-seconds of a cell on the machine the plan was made on */
    const Claim *claims;              /* ends with a NULL id */
    const char *source;               /* "reproduce/classification.c", part of its source hash; further files that its
                                       * cells depend on follow, apart by spaces; NULL: only in tests */
    const Panel *panels;              /* ends with a NULL item; NULL: one grid of all parameters */
    const ClaimSeries *series;        /* ends with a NULL id, or NULL */
} Study;

#endif
