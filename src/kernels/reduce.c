#include "kernels/lanes.h"

static real row_sum(size_t columns, const real *x) {
    real lanes[LANES] = {0};
    const size_t whole = columns - columns % LANES;
    for (size_t c = 0; c < whole; c += LANES)
        for (size_t i = 0; i < LANES; i++) lanes[i] += x[c + i];
    for (size_t c = whole; c < columns; c++) lanes[c - whole] += x[c];
    return lanes_sum(lanes);
}

void row_sums(size_t rows, size_t columns, const real *x, real *out) {
    for (size_t r = 0; r < rows; r++) out[r] = row_sum(columns, x + r * columns);
}

void column_sums(size_t rows, size_t columns, const real *x, real *out) {
    for (size_t c = 0; c < columns; c++) out[c] = 0;
    for (size_t r = 0; r < rows; r++)
        for (size_t c = 0; c < columns; c++) out[c] += x[r * columns + c];
}

real vector_sum(size_t count, const real *x) {
    return row_sum(count, x);
}

/* Blocks of rows keep the writes to one line of y while x is read along its rows. */
void transpose(size_t rows, size_t columns, const real *x, size_t ldx, real *y, size_t ldy) {
    enum { BLOCK = 16 };
    size_t r = 0;
    for (; r + BLOCK <= rows; r += BLOCK)
        for (size_t c = 0; c < columns; c++)
            for (size_t i = 0; i < BLOCK; i++) y[c * ldy + r + i] = x[(r + i) * ldx + c];
    for (; r < rows; r++)
        for (size_t c = 0; c < columns; c++) y[c * ldy + r] = x[r * ldx + c];
}
