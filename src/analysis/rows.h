/* Rows of numbers, as analyses take them: binary32 or binary64, whichever the data have; never copied whole. */
#ifndef SCALEDOWN_ANALYSIS_ROWS_H
#define SCALEDOWN_ANALYSIS_ROWS_H

#include <stddef.h>

#include "base/error.h"

typedef struct Rows {
    size_t n, length;
    const float *f4;  /* [n][length], or NULL: */
    const double *f8; /* [n][length] */
} Rows;

static inline double rows_at(const Rows *rows, size_t row, size_t column) {
    const size_t i = row * rows->length + column;
    return rows->f8 ? rows->f8[i] : (double)rows->f4[i];
}

/* 0, or -1 with an error that names the first row and column whose value is not finite. */
int rows_check_finite(const Rows *rows, Error *error);
/* The power of two that brings every value of both below 1, the largest to at least 1/2; multiplying by it is exact but
 * for subnormal results.  1 when all are 0, at most 2^1000. */
double rows_power_below_one(const Rows *a, const Rows *b);

#endif
