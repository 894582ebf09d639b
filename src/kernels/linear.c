#include <string.h>

#include "kernels/live_rows.h"
#include "kernels/micro.h"
#include "kernels/scratch.h"

static int is_zero(size_t count, const real *a) {
    enum { AT_ONCE = 64 };
    for (size_t first = 0; first < count; first += AT_ONCE) {
        const size_t end = count - first < AT_ONCE ? count : first + AT_ONCE;
        int other = 0;
        for (size_t i = first; i < end; i++) other |= a[i] != 0;
        if (other) return 0;
    }
    return 1;
}

size_t live_rows(size_t rows, size_t columns, const real *a, uint32_t *live) {
    size_t n = 0;
    for (size_t i = 0; i < rows; i++)
        if (!is_zero(columns, a + i * columns)) live[n++] = (uint32_t)i;
    return n;
}

int all_finite(size_t count, const real *a) {
    int other = 0;
    for (size_t i = 0; i < count; i++) other |= !(a[i] - a[i] == 0);
    return !other;
}

static real *copy_rows(ScratchUse use, size_t n, const uint32_t *live, size_t columns, const real *a) {
    real *copy = scratch_get(use, n * columns, sizeof *copy);
    for (size_t k = 0; k < n; k++) memcpy(copy + k * columns, a + live[k] * columns, columns * sizeof *copy);
    return copy;
}

/* From the first n rows to their places, the last one first; zeros between them. */
static void spread_rows(size_t rows, size_t n, const uint32_t *live, size_t columns, real *a) {
    for (size_t i = rows; i-- > 0;) {
        const int here = n > 0 && live[n - 1] == i;
        if (here)
            memmove(a + i * columns, a + --n * columns, columns * sizeof *a);
        else
            memset(a + i * columns, 0, columns * sizeof *a);
    }
}

void linear_weight_gradient(size_t out, size_t in, size_t batch, const real *g, const real *x, real *gw) {
    uint32_t *live = scratch_get(SCRATCH_LIVE, out, sizeof *live);
    const size_t n = live_rows(out, batch, g, live);
    if (!live_rows_pay(n, out) || !all_finite(in * batch, x)) {
        gemm_nt(out, in, batch, g, batch, x, batch, gw, in, 0);
        return;
    }
    if (n > 0) gemm_nt(n, in, batch, copy_rows(SCRATCH_LIVE_ROWS, n, live, batch, g), batch, x, batch, gw, in, 0);
    spread_rows(out, n, live, in, gw);
}

void linear_input_gradient(size_t out, size_t in, size_t batch, const real *weight, const real *g, real *gx) {
    uint32_t *live = scratch_get(SCRATCH_LIVE, out, sizeof *live);
    const size_t n = live_rows(out, batch, g, live);
    if (!live_rows_pay(n, out) || !all_finite(out * in, weight)) {
        gemm_tn(in, batch, out, weight, in, g, batch, gx, batch, 0);
        return;
    }
    if (n == 0) {
        memset(gx, 0, in * batch * sizeof *gx);
        return;
    }
    const real *rows_of_weight = copy_rows(SCRATCH_LIVE_WEIGHTS, n, live, in, weight);
    const real *rows_of_g = copy_rows(SCRATCH_LIVE_ROWS, n, live, batch, g);
    gemm_tn(in, batch, n, rows_of_weight, in, rows_of_g, batch, gx, batch, 0);
}
