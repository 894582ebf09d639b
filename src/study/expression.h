/* The parsed form of a quantity: made by quantity.c, evaluated by evaluate.c. */
#ifndef SCALEDOWN_STUDY_EXPRESSION_H
#define SCALEDOWN_STUDY_EXPRESSION_H

#include "study/quantity.h"

/* Those of a curve from SMOOTHED on, which makes one; those that need its order from LAST on, but for SMOOTHED. */
typedef enum Operation {
    NUMBER,
    METRIC,
    NEGATE,
    ADD,
    SUBTRACT,
    MULTIPLY,
    DIVIDE,
    SMOOTHED,
    MEAN,
    MIN,
    MAX,
    LAST,
    ARGMIN,
    ARGMAX,
    SPEARMAN,
    FIRST,
    FIRST_ABOVE,
    FIRST_BELOW
} Operation;

typedef enum Shape { SCALAR, CURVE, CURVE_OF_CHOICES } Shape; /* choices have no order, and no x */

/* Of the list of x, or of a parameter's values. */
typedef struct Part {
    const char *value; /* a parameter's value in its canonical form; NULL: a range, or an x */
    double low, high;  /* equal for one x; infinite for * */
    int range;         /* written as one, "36..61" or "*": a curve even where it holds one point */
} Part;

typedef struct Setting {
    size_t parameter, n; /* one value unless the setting makes a curve */
    const Part *parts;
} Setting;

typedef struct Metric {
    const char *name;
    size_t experiment;             /* in the quantity's list */
    size_t n_settings, n_x, along; /* along: the setting that makes a curve; n_settings if none does */
    const Setting *settings;
    const Part *x;
} Metric;

typedef struct Node {
    Operation operation;
    Shape shape;
    size_t position; /* in the text, from 1 */
    const struct Node *left, *right;
    const Metric *metric;
    double number; /* of SMOOTHED: the weight */
} Node;

struct Quantity {
    const char *text;
    const Node *root;
    const Experiment **experiments;
    size_t n_experiments;
};

/* Does a list stand for a curve?  One value or x alone does not. */
static inline int makes_curve(size_t n, const Part *parts) {
    return n > 1 || (n == 1 && parts[0].range);
}

#endif
