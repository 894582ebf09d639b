/* Minimising a smooth function of many variables: L-BFGS (Liu & Nocedal 1989) with the line search of More & Thuente
 * (1994), whose steps satisfy the strong Wolfe conditions
 *     f(x + s d) <= f(x) + 1e-3 s d'g(x),    |d'g(x + s d)| <= 0.9 |d'g(x)|.
 *
 * Binary64; sums over variables are vector64.h's, so that the same bits come on every machine when the objective's do.
 * The choices are those of L-BFGS-B 3.0 (Zhu, Byrd, Lu, Nocedal) without bounds, which scipy and scikit-learn use:
 * the history is scaled by s'y / y'y, a pair with s'y <= 2^-52 |d'g| step is left out, the first step has length at
 * most 1, later ones start from 1. */
#ifndef SCALEDOWN_ANALYSIS_LBFGS_H
#define SCALEDOWN_ANALYSIS_LBFGS_H

#include <stddef.h>

/* The value at x[n], and its gradient[n]. */
typedef double LbfgsObjective(void *context, const double *x, double *gradient);

typedef struct LbfgsOptions {
    size_t history;            /* pairs kept, at least 1 */
    size_t iterations;         /* at most */
    double gradient_tolerance; /* end when max |gradient| <= this */
    double decrease_tolerance; /* end when (f - f') <= this * max(|f|, |f'|, 1) */
} LbfgsOptions;

typedef enum LbfgsEnd {
    LBFGS_GRADIENT,   /* the gradient is small */
    LBFGS_DECREASE,   /* the value hardly falls any more */
    LBFGS_ITERATIONS, /* as many as allowed were made */
    LBFGS_STUCK       /* no step along the gradient lowers the value: rounding, or a wrong gradient */
} LbfgsEnd;

typedef struct LbfgsResult {
    LbfgsEnd end;
    size_t iterations, evaluations;
    double value, gradient_max;
} LbfgsResult;

/* History 10, 15000 iterations, gradient tolerance 1e-5, decrease tolerance 0: for an optimum. */
LbfgsOptions lbfgs_defaults(void);
/* x[n]: where to start, then the best point.  The value there must be finite. */
LbfgsResult lbfgs_minimize(size_t n, LbfgsObjective *objective, void *context, const LbfgsOptions *options, double *x);

#endif
