/* Rows of a matrix that are not zero throughout: those of dead ReLU units are, in gradients. */
#ifndef SCALEDOWN_KERNELS_NONZERO_ROWS_H
#define SCALEDOWN_KERNELS_NONZERO_ROWS_H

#include <stddef.h>
#include <stdint.h>

#include "base/real.h"

/* The numbers of the nonzero rows of a[rows][columns], ascending, in found[rows]; returns how many.  A row with a
 * NaN is one of them. */
size_t nonzero_rows(size_t rows, size_t columns, const real *a, uint32_t *found);
/* Whether leaving the other rows out of a product saves more time than finding and copying takes. */
static inline int nonzero_rows_pay(size_t nonzero, size_t rows) {
    return 8 * nonzero <= 7 * rows;
}
int all_finite(size_t count, const real *a); /* 1 for none */

#endif
