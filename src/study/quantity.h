/* Quantities: what a claim is about, an expression that has one value for each seed.
 *
 *     metric                     a metric without x
 *     metric@91                  at that x
 *     metric@80..96  metric@1,2,5    a curve along x: all recorded x in the range, in ascending order, or each of these, in
 *                                the order written; ranges may stand in lists, and a range is a curve even where it holds
 *                                one x
 *     metric@*                   at all recorded x
 *     metric[model=mlp widths=36..61]@91    of the one cell that these parameters single out; a list, a range or * of one
 *                                parameter makes a curve along it, over the cells that were run, in the order written; in
 *                                a range or * numbers ascend, and choices follow each other as the parameter lists them
 *     NAME:metric...             of another experiment, PAPER/NAME:metric of another paper
 *     mean(c) min(c) max(c)      of a curve c
 *     last(c)                    its value at its last point; not along choices, which have no order, nor are the next:
 *     argmin(c) argmax(c)        the x of its least or greatest value; of equals the first
 *     first(c > q) first(c < q)  the first x at which the curve lies above (below) q, a number, a quantity or a curve over
 *                                the same x; without a value when it never does
 *     smoothed(w, c)             the curve c as training curves are often drawn, TensorBoard's for one: each point the mean of those
 *                                up to it with weights that fall by w, a number from 0 to below 1, from each to the one before:
 *                                s_k = sum_i w^(k-i) y_i / sum_i w^(k-i), an exponential moving average without the bias of
 *                                its start
 *     spearman(c)                the rank correlation of values and x; equal values share their mean rank; without a value
 *                                when all of them are equal
 *     q + q  q - q  q * q  q / q  -q  (q)  numbers    of curves over the same x point by point; "-" needs blanks around it
 *                                where it subtracts from a name
 *
 * All arithmetic is binary64 in the order written; sums along a curve run from its first point.  A metric that diverged
 * where it is needed leaves the quantity without a value.  A cell or a metric that is missing and a result that is not
 * finite are errors. */
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

/* What became of a quantity; error says why there are no values. */
typedef enum Measured {
    MEASURE_FAILED = -1,
    MEASURED = 0,
    MEASURE_NOT_RUN,  /* an experiment that it needs has no results, or these lack a row of its table that it needs */
    MEASURE_NO_VALUE, /* for some seed there is none: diverged, never crosses, no rank correlation */
    MEASURE_NO_TWIN   /* of quantity_fresh_values alone */
} Measured;

/* values[s] for the seeds of its experiments, which must be the same; only the values are left in the arena. */
Measured quantity_values(const Quantity *quantity, const ResultsSource *source, Arena *arena, size_t *n,
                         unsigned *first_seed, const double **values, Error *error);
/* The same on fresh test signals: each metric M is replaced by fresh_M, its twin, which must be recorded in the same cells
 * at the same x.  A metric without a twin stays if it is one of training, that is, has the word "train" in its name; else
 * MEASURE_NO_TWIN.  *n_twins, which the caller sets, grows by the values that were replaced. */
Measured quantity_fresh_values(const Quantity *quantity, const ResultsSource *source, Arena *arena, size_t *n,
                               unsigned *first_seed, const double **values, size_t *n_twins, Error *error);
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
