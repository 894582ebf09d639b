/* What a method is to its author: a table of parameters, the function that runs one cell, and its cost.
 *
 * A cell is (method, parameters, seed): a pure function to a record of metrics and curves.  Which cells are run, under
 * which figure's name, and what is claimed about them is no matter of the method: experiments and claims are tables
 * (paper.h, claims.h). */
#ifndef SCALEDOWN_STUDY_METHOD_H
#define SCALEDOWN_STUDY_METHOD_H

#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"

typedef enum ParameterType { PARAMETER_INTEGER, PARAMETER_REAL, PARAMETER_CHOICE } ParameterType;

typedef struct Parameter {
    const char *name; /* as an option: "learning-rate" */
    ParameterType type;
    const char *initial; /* the one default */
    double low, high;    /* allowed range of numbers */
    const char *choices; /* PARAMETER_CHOICE: comma-separated */
    const char *help;    /* one line */
    const char *only;    /* where it has a meaning, "model=mlp,cnn": in other cells it stays at its default and is named
                * nowhere, so that a network that has no hidden layer is not run once for each width; NULL: always */
} Parameter;

typedef struct Cell Cell;     /* parameters and seed of one run */
typedef struct Record Record; /* what it measured */

typedef struct Method {
    const char *name, *title;    /* "double-descent"; one line */
    const Parameter *parameters; /* ends with a NULL name */
    const char *smoke;           /* what the tiny size sets where an experiment's row says nothing else: "steps=200" */
    /* Returns 0, or -1 with error, or -1 without when study_stopping() said so.  The record grows in this arena, so it
     * must not be rewound. */
    int (*run)(const Cell *cell, Arena *arena, Record *record, Error *error);
    double (*cost)(const Cell *cell); /* expected core-seconds on the machine that costs are measured on */
    /* Are the files there that the cell reads, such as a data set?  0, or -1 with an error that says what is not there
     * and how to get it: such cells are skipped, and their experiments named, unless they are asked for by name.  NULL:
     * a cell reads none. */
    int (*ready)(const Cell *cell, Error *error);
    const char
        *source; /* "reproduce/double_descent.c", whose include closure its cells depend on; NULL: only in tests */
} Method;

/* ---- what a cell tells its method ----
 * A name that the method's table does not declare, or of another type, is a fault of the method: the cell then fails
 * with an error that names it, whatever the method returns. */
long long cell_integer(const Cell *cell, const char *parameter);
double cell_real(const Cell *cell, const char *parameter);
const char *cell_choice(const Cell *cell, const char *parameter);
int cell_is(const Cell *cell, const char *parameter, const char *choice); /* a choice that the table lists */
unsigned cell_seed(const Cell *cell);

/* A cell of many rounds keeps, after each, what it has measured and the state it goes on from: size bytes, the same in
 * every round, read back by the same program only.  The cell begins with cell_resume: 1 when a former run was
 * interrupted, whose record and state are then restored; 0 to begin anew (a damaged checkpoint is reported).  Without a
 * place for results both do nothing. */
int cell_save(const Cell *cell, const Record *record, const void *state, size_t size, Error *error);
int cell_resume(const Cell *cell, Record *record, void *state, size_t size);
/* Should a cell save that can at any moment?  When it first asks, then a minute after it last did, and when the user asked to
 * stop. */
int cell_save_due(const Cell *cell);
void cell_progress(const Cell *cell, double fraction); /* how much is done, 0 to 1, for the progress line */

/* True once the user asked to stop.  A long cell looks now and then and returns -1: it is not stored. */
int study_stopping(void);

/* ---- what a cell measures ----
 * Names are lower_snake_case and kept, not copied: they live as long as the cell's arena.  Values must be finite; a
 * value that is not is recorded by record_diverged.  Each metric is recorded once at each x, and all seeds of a cell
 * record the same metrics at the same x.  A record that breaks these rules is not stored: the run fails, naming the
 * cell and the metric.
 *
 * Where test examples can be drawn at will, a metric METRIC of the test set may have a twin fresh_METRIC at the same x, on
 * fresh ones: comparisons are then judged by both (verdict.h).  Metrics of training have the word train in their names. */
void record_metric(Record *record, const char *metric, double value);
void record_point(Record *record, const char *metric, const char *x_name, double x, double value);
void record_diverged(Record *record, const char *metric, const char *x_name, double x); /* x_name NULL: no x */
/* record_point (x_name NULL: record_metric) of a finite value, else record_diverged. */
void record_either(Record *record, const char *metric, const char *x_name, double x, double value);

#endif
