/* Sums over vectors of binary64: sixteen lanes by index modulo 16, each a chain in order, added by halving. */
#ifndef SCALEDOWN_ANALYSIS_VECTOR64_H
#define SCALEDOWN_ANALYSIS_VECTOR64_H

#include <stddef.h>

enum { VECTOR64_LANES = 16 };

double vector64_lanes_sum(const double lanes[VECTOR64_LANES]);
double vector64_total(size_t n, const double *x);
double vector64_dot(size_t n, const double *x, const double *y);              /* lanes of fma */
double vector64_max_abs(size_t n, const double *x);                           /* 0 when n is 0; NaN when one is */
void vector64_add_scaled(size_t n, double scale, const double *x, double *y); /* y = fma(scale, x, y) */

#endif
