/* Quantities: what a claim is about, an expression that has one value for each seed.
 *
 *     metric                     a metric without x
 *     metric@91                  at that x
 *     metric@80..96  metric@1,2,5   a curve along x: the recorded x in the range, or each of these; ranges may be in
 * lists metric@*                   at all recorded x metric[model=mlp widths=36..61]@91   of the one cell that these
 * parameters single out; a list, a range or * of one parameter makes a curve along it (over the cells that were run, in
 * their order) NAME:metric...             of another experiment, PAPER/NAME:metric of another paper mean(c) min(c)
 * max(c) last(c)   of a curve c argmin(c) argmax(c)        the x of its least or greatest value; of equals the first
 *     first(c > q) first(c < q)  the first x at which the curve lies above (below) q, a number, a quantity or a curve
 * over the same x; an error when it never does spearman(c)                the rank correlation of values and x; equal
 * values share their mean rank q + q  q - q  q * q  q / q  -q  (q)  numbers   of curves over the same x point by point;
 * "-" needs blanks around it where it subtracts from a name
 *
 * All arithmetic is binary64 in the order written; sums along a curve run from its first point.  A metric that diverged
 * where it is needed is an error, as is a cell that was not run, and a result that is not finite. */
#ifndef SCALEDOWN_STUDY_QUANTITY_H
#define SCALEDOWN_STUDY_QUANTITY_H

#include "study/results.h"

typedef struct Quantity Quantity; /* parsed; lives in the arena it was made in */

/* where: what to name in messages, "file, line 12, column a".  Checks everything that needs no results: syntax, known
 * functions, experiments, parameters and values; nearest names are offered; the position in the text is named. */
int quantity_parse(const char *text, const char *where, const Catalogue *catalogue, const Experiment *experiment,
                   Arena *arena, const Quantity **quantity, Error *error);
/* The experiments that it needs, each once, in the order of the text; at least one. */
const Experiment *const *quantity_experiments(const Quantity *quantity, size_t *n);

/* Where results come from when a quantity asks for them.  What is opened stays while quantities are asked for; each
 * experiment should be opened once. */
typedef struct ResultsSource {
    /* NULL on error; NULL without an error when there are none */
    const Results *(*open)(void *context, const Experiment *experiment, Error *error);
    void *context;
} ResultsSource;

/* values[s] for the seeds of its experiments, which must be the same; only the values are left in the arena.  Returns 1,
 * and error says what, when an experiment that it needs has no results, or these lack a row of its table that it needs. */
int quantity_values(const Quantity *quantity, const ResultsSource *source, Arena *arena, size_t *n,
                    unsigned *first_seed, const double **values, Error *error);
/* What it is about, whichever cell and x: the name of its metric, or, when it is more than one metric, its text without
 * cells and x, "max(test_error) - test_error".  In the arena. */
const char *quantity_outline(const Quantity *quantity, Arena *arena);
/* The names of its metrics, each once, in order, apart by ", ".  other may be NULL: those of both. */
const char *quantity_metrics(const Quantity *quantity, const Quantity *other, Arena *arena);
/* The settings of the one cell that it is about, "[model=mlp]", or "" (the only cell, or several). */
const char *quantity_cell(const Quantity *quantity, Arena *arena);
/* As it was written. */
const char *quantity_text(const Quantity *quantity);

#endif
