/* Means, standard deviations and 95 % intervals, in binary64 and in the order given: the same bits everywhere. */
#ifndef SCALEDOWN_STUDY_STATISTICS_H
#define SCALEDOWN_STUDY_STATISTICS_H

#include <stddef.h>

typedef struct Sample {
    size_t n;
    double mean, sd; /* sd with n - 1 in the denominator; 0 when n < 2 */
} Sample;

typedef struct Interval {
    double low, high;
} Interval;

Sample sample_of(size_t n, const double *values); /* n >= 1 */

/* The 97.5 % quantile of Student's t.  Degrees of freedom are rounded down, which widens the interval; from 31 on
 * the Cornish-Fisher expansion about the normal quantile, in error by less than 2e-6.  df < 1 is taken as 1. */
double student_t_975(double df);

/* 95 % interval of the mean; n >= 2. */
Interval interval_of(const Sample *sample);

#endif
