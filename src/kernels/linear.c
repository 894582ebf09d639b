#include "kernels/linear.h"

#include <stdint.h>
#include <string.h>

#include "kernels/gemm.h"
#include "kernels/nonzero_rows.h"
#include "kernels/reduce.h"
#include "kernels/scratch.h"
#include "kernels/subnormal.h"

void linear_forward(size_t out, size_t in, size_t batch, const real *weight, const real *bias, const real *x,
                    Activation activation, real *y) {
    gemm_nn_bias(out, batch, in, weight, in, x, batch, bias, activation, y, batch);
}

static real *copy_rows(ScratchUse use, size_t n, const uint32_t *nonzero, size_t columns, const real *a) {
    real *copy = scratch_get(use, n * columns, sizeof *copy);
    for (size_t k = 0; k < n; k++) memcpy(copy + k * columns, a + nonzero[k] * columns, columns * sizeof *copy);
    return copy;
}

/* From the first n rows to their places, the last one first; zeros between them. */
static void spread_rows(size_t rows, size_t n, const uint32_t *nonzero, size_t columns, real *a) {
    for (size_t i = rows; i-- > 0;) {
        const int here = n > 0 && nonzero[n - 1] == i;
        if (here)
            memmove(a + i * columns, a + --n * columns, columns * sizeof *a);
        else
            memset(a + i * columns, 0, columns * sizeof *a);
    }
}

void linear_weight_gradient_of_rows(size_t out, size_t in, size_t batch, size_t n, const uint32_t *rows, const real *g,
                                    const real *x, real *gw) {
    if (n == 0) {
        memset(gw, 0, out * in * sizeof *gw);
        return;
    }
    const real *rows_of_g = n == out ? g : copy_rows(SCRATCH_NONZERO_ROWS, n, rows, batch, g);
    const Factors factors = normal_factors(n * batch, rows_of_g, in * batch, x);
    gemm_nt(n, in, batch, factors.a, batch, factors.b, batch, gw, in, 0);
    if (n < out) spread_rows(out, n, rows, in, gw);
}

void linear_weight_gradient(size_t out, size_t in, size_t batch, const real *g, const real *x, real *gw) {
    uint32_t *nonzero = scratch_get(SCRATCH_NONZERO, out, sizeof *nonzero);
    size_t n = nonzero_rows(out, batch, g, nonzero);
    if (!nonzero_rows_pay(n, out) || !all_finite(in * batch, x)) n = out;
    linear_weight_gradient_of_rows(out, in, batch, n, nonzero, g, x, gw);
}

/* With few rows transposing costs less than it saves. */
enum { FEW_ROWS = 32 };

void linear_input_gradient(size_t out, size_t in, size_t batch, const real *weight, const real *g, real *gx) {
    uint32_t *nonzero = scratch_get(SCRATCH_NONZERO, out, sizeof *nonzero);
    const size_t n = nonzero_rows(out, batch, g, nonzero);
    const int all = !nonzero_rows_pay(n, out) || !all_finite(out * in, weight);
    if (n == 0 && !all) {
        memset(gx, 0, in * batch * sizeof *gx);
        return;
    }
    const real *rows_of_weight = all ? weight : copy_rows(SCRATCH_NONZERO_WEIGHTS, n, nonzero, in, weight);
    const real *rows_of_g = all ? g : copy_rows(SCRATCH_NONZERO_ROWS, n, nonzero, batch, g);
    const size_t rows = all ? out : n;
    const Factors factors = normal_factors(rows * batch, rows_of_g, rows * in, rows_of_weight);
    if (factors.a == rows_of_g || rows > FEW_ROWS) {
        gemm_tn(in, batch, rows, factors.b, in, factors.a, batch, gx, batch, 0);
        return;
    }
    /* A sum that is still subnormal holds up the lanes beside it: transposed, those of the same example, which are so,
     * too. */
    real *transposed = scratch_get(SCRATCH_TRANSPOSED, batch * in, sizeof *transposed);
    gemm_tn(batch, in, rows, factors.a, batch, factors.b, in, transposed, in, 0);
    transpose(batch, in, transposed, in, gx, batch);
}
