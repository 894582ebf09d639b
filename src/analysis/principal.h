/* The first two principal components of rows. */
#ifndef SCALEDOWN_ANALYSIS_PRINCIPAL_H
#define SCALEDOWN_ANALYSIS_PRINCIPAL_H

#include "analysis/rows.h"

/* scores[n][2]: the projections of the centred rows on the two directions of largest variance.  Each direction's sign is
 * that which makes its largest component (the first of equals) positive.
 *
 * By subspace iteration with ten vectors and Rayleigh-Ritz, from a fixed start, until both residuals are below 1e-7 of
 * the largest eigenvalue; on the covariance matrix where the rows have at most 4096 columns, else on the rows
 * themselves.  Rows are used in binary32, sums over rows in binary64 by blocks of 512 rows, added in order: the same
 * bits on any number of threads.  Scores are good to about six digits.  Where there is no second direction (one column)
 * its scores are 0.  Rows must be finite. */
void principal_components(const Rows *rows, double *scores);

#endif
