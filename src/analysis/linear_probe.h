/* A linear probe: how well a linear classifier reads classes off features.  Multinomial logistic regression on features
 * standardised by the mean and population standard deviation of the training rows (a constant feature is only centred),
 *     minimise  sum over rows of -log softmax(W x + b)[label] + |W|^2 / (2 C),
 * as scikit-learn's StandardScaler and LogisticRegression define it; b is not penalised.  Everything is binary64; the
 * sum over rows is split into blocks of 256 rows, added in order, and so the result does not depend on threads. */
#ifndef SCALEDOWN_ANALYSIS_LINEAR_PROBE_H
#define SCALEDOWN_ANALYSIS_LINEAR_PROBE_H

#include <stdint.h>

#include "analysis/lbfgs.h"
#include "analysis/rows.h"
#include "base/arena.h"

typedef struct LinearProbeOptions {
    double c;
    LbfgsOptions lbfgs;
} LinearProbeOptions;

typedef struct LinearProbe {
    size_t length, classes;
    double *mean, *scale; /* [length]: (x - mean) / scale; scale 1 where a feature is constant */
    double *weights;      /* [classes][length], of standardised features */
    double *bias;         /* [classes] */
    LbfgsResult fit;
} LinearProbe;

/* C = 1 and the optimum: until no derivative of the sum exceeds 1e-6, or its value cannot fall any more in binary64. */
LinearProbeOptions linear_probe_optimum(void);
/* C = 1 and where LogisticRegression(tol=1e-2, max_iter=1000) of scikit-learn 1.2 stops (and of others that leave scipy's
 * ftol alone): L-BFGS with 10 pairs from W = 0, b = 0 until no derivative of the sum exceeds 1e-2, or a step lowers it by
 * at most 1e7 * 2^-52 = 2.2e-9 of its value, or 1000 iterations are made.  The iterates are the same in exact arithmetic;
 * rounding parts them slowly, so the last may be a few iterations off.  (From release 1.4 on scikit-learn minimises the
 * mean instead, whose derivatives are smaller by the number of rows.) */
LinearProbeOptions linear_probe_as_sklearn(void);

/* labels below classes, at least 2 classes; at least one row and one feature, all finite. */
int linear_probe_fit(const Rows *rows, const uint16_t *labels, size_t classes, const LinearProbeOptions *options,
                     Arena *arena, LinearProbe *probe, Error *error);
/* The class with the highest score for each row; the first of equals. */
void linear_probe_predict(const LinearProbe *probe, const Rows *rows, uint16_t *labels);

#endif
