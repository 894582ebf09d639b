#include "kernels/reduce.h"

#include <stdint.h>
#include <string.h>

#include "kernels/lanes.h"
#include "kernels/simd.h"

static real row_sum(size_t columns, const real *x) {
    real lanes[LANES] = {0};
    const size_t whole = columns - columns % LANES;
    for (size_t c = 0; c < whole; c += LANES)
        for (size_t i = 0; i < LANES; i++) lanes[i] += x[c + i];
    for (size_t c = whole; c < columns; c++) lanes[c - whole] += x[c];
    return lanes_sum(lanes);
}

/* Four rows side by side hide the latency of the additions. */
static void four_row_sums(size_t columns, const real *x, real *out) {
    real lanes[4][LANES] = {{0}};
    const size_t whole = columns - columns % LANES;
    for (size_t c = 0; c < whole; c += LANES)
        for (size_t r = 0; r < 4; r++) SIMD for (size_t i = 0; i < LANES; i++) lanes[r][i] += x[r * columns + c + i];
    for (size_t r = 0; r < 4; r++)
        for (size_t c = whole; c < columns; c++) lanes[r][c - whole] += x[r * columns + c];
    for (size_t r = 0; r < 4; r++) out[r] = lanes_sum(lanes[r]);
}

void row_sums(size_t rows, size_t columns, const real *x, real *out) {
    size_t r = 0;
    for (; r + 4 <= rows; r += 4) four_row_sums(columns, x + r * columns, out + r);
    for (; r < rows; r++) out[r] = row_sum(columns, x + r * columns);
}

void column_sums(size_t rows, size_t columns, const real *x, real *out) {
    for (size_t c = 0; c < columns; c++) out[c] = 0;
    for (size_t r = 0; r < rows; r++)
        for (size_t c = 0; c < columns; c++) out[c] += x[r * columns + c];
}

real vector_sum(size_t count, const real *x) {
    return row_sum(count, x);
}

double product_sum(size_t count, const real *a, real from_a, const real *b, real from_b) {
    double lanes[LANES] = {0};
    const size_t whole = count - count % LANES;
    for (size_t first = 0; first < whole; first += LANES)
        SIMD for (size_t i = 0; i < LANES; i++) lanes[i] =
            fma((double)(a[first + i] - from_a), (double)(b[first + i] - from_b), lanes[i]);
    for (size_t i = 0; i < count - whole; i++)
        lanes[i] = fma((double)(a[whole + i] - from_a), (double)(b[whole + i] - from_b), lanes[i]);
    return lanes_sum_double(lanes);
}

enum { TRANSPOSE_ROWS = 16 }; /* at a time */

static inline void transpose_elements(const real *x, size_t ldx, real *y) {
    for (size_t i = 0; i < TRANSPOSE_ROWS; i++) y[i] = x[i * ldx];
}

#ifdef REAL_IS_DOUBLE
static inline void transpose_pair(const real *x, size_t ldx, real *y, size_t ldy) {
    transpose_elements(x, ldx, y);
    transpose_elements(x + 1, ldx, y + ldy);
}
#else
static inline int first_is_low(void) {
    const uint16_t one = 1;
    uint8_t first;
    memcpy(&first, &one, 1);
    return first;
}

/* Two elements a move, which halves the loads and stores that limit this. */
static inline void transpose_pair(const real *x, size_t ldx, real *y, size_t ldy) {
    const uint64_t low = 0xffffffffu;
    for (size_t i = 0; i < TRANSPOSE_ROWS; i += 2, x += 2 * ldx) {
        uint64_t even, odd;
        memcpy(&even, x, sizeof even);
        memcpy(&odd, x + ldx, sizeof odd);
        const uint64_t lows = (even & low) | odd << 32, highs = even >> 32 | (odd & ~low);
        const uint64_t swapped_highs = (even & ~low) | odd >> 32, swapped_lows = even << 32 | (odd & low);
        const uint64_t first = first_is_low() ? lows : swapped_highs, second = first_is_low() ? highs : swapped_lows;
        memcpy(y + i, &first, sizeof first);
        memcpy(y + ldy + i, &second, sizeof second);
    }
}
#endif

/* Blocks of rows keep the writes to one line of y while x is read along its rows. */
void transpose(size_t rows, size_t columns, const real *x, size_t ldx, real *y, size_t ldy) {
    size_t r = 0;
    for (; r + TRANSPOSE_ROWS <= rows; r += TRANSPOSE_ROWS) {
        size_t c = 0;
        for (; c + 2 <= columns; c += 2) transpose_pair(x + r * ldx + c, ldx, y + c * ldy + r, ldy);
        if (c < columns) transpose_elements(x + r * ldx + c, ldx, y + c * ldy + r);
    }
    for (; r < rows; r++)
        for (size_t c = 0; c < columns; c++) y[c * ldy + r] = x[r * ldx + c];
}
