#include "kernels/nonzero_rows.h"

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

size_t nonzero_rows(size_t rows, size_t columns, const real *a, uint32_t *found) {
    size_t n = 0;
    for (size_t i = 0; i < rows; i++)
        if (!is_zero(columns, a + i * columns)) found[n++] = (uint32_t)i;
    return n;
}

int all_finite(size_t count, const real *a) {
    int other = 0;
    for (size_t i = 0; i < count; i++) other |= !(a[i] - a[i] == 0);
    return !other;
}
