#include "analysis/rows.h"

#include <math.h>

int rows_check_finite(const Rows *rows, Error *error) {
    for (size_t i = 0; i < rows->n * rows->length; i++)
        if (!isfinite(rows_at(rows, 0, i)))
            return error_set(error,
                             "row %zu has a value that is not finite in column %zu (both counted from 0): leave "
                             "such rows out",
                             i / rows->length, i % rows->length);
    return 0;
}

static double largest(const Rows *rows) {
    double most = 0.0;
    for (size_t i = 0; i < rows->n * rows->length; i++) {
        const double magnitude = fabs(rows_at(rows, 0, i));
        most = magnitude > most ? magnitude : most;
    }
    return most;
}

double rows_power_below_one(const Rows *a, const Rows *b) {
    int exponent;
    double most = largest(a), other = b == a ? most : largest(b);
    if (other > most) most = other;
    if (most == 0.0) return 1.0;
    frexp(most, &exponent);
    return ldexp(1.0, exponent < -1000 ? 1000 : -exponent);
}
