/* Rows of a matrix that are not zero throughout. */
#ifndef SCALEDOWN_KERNELS_LIVE_ROWS_H
#define SCALEDOWN_KERNELS_LIVE_ROWS_H

#include "kernels/kernels.h"

/* Their numbers, ascending, in live[rows]; returns how many.  NaN is not zero. */
size_t live_rows(size_t rows, size_t columns, const real *a, uint32_t *live);
/* Whether leaving the others out pays for what it takes. */
static inline int live_rows_pay(size_t live, size_t rows) {
    return 8 * live <= 7 * rows;
}
int all_finite(size_t count, const real *a);

#endif
