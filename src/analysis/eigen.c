#include "analysis/eigen.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"

enum { SWEEPS = 30 };

/* Makes matrix[p][q] zero; vectors are those of the matrix so far, by rows. */
static void rotate(size_t n, size_t p, size_t q, double *matrix, double *vectors) {
    double *row_p = matrix + p * n, *row_q = matrix + q * n, *vector_p = vectors + p * n, *vector_q = vectors + q * n;
    const double theta = (row_q[q] - row_p[p]) / (2.0 * row_p[q]);
    const double t = (theta < 0.0 ? -1.0 : 1.0) / (fabs(theta) + sqrt(fma(theta, theta, 1.0)));
    const double c = 1.0 / sqrt(fma(t, t, 1.0)), s = t * c;
    for (size_t k = 0; k < n; k++) {
        const double a = matrix[k * n + p], b = matrix[k * n + q];
        matrix[k * n + p] = c * a - s * b;
        matrix[k * n + q] = s * a + c * b;
    }
    for (size_t k = 0; k < n; k++) {
        const double a = row_p[k], b = row_q[k], u = vector_p[k], w = vector_q[k];
        row_p[k] = c * a - s * b;
        row_q[k] = s * a + c * b;
        vector_p[k] = c * u - s * w;
        vector_q[k] = s * u + c * w;
    }
    row_p[q] = row_q[p] = 0.0;
}

void eigen_symmetric(size_t n, double *matrix, double *values, double *vectors) {
    double *found = memory_alloc_zero(n * n, sizeof *found);
    size_t *order = memory_alloc(n, sizeof *order);
    for (size_t i = 0; i < n; i++) found[i * n + i] = 1;
    for (int sweep = 0; sweep < SWEEPS; sweep++)
        for (size_t p = 0; p < n; p++)
            for (size_t q = p + 1; q < n; q++)
                if (matrix[p * n + q] != 0.0) rotate(n, p, q, matrix, found);
    for (size_t i = 0; i < n; i++) {
        size_t place = i;
        for (; place > 0 && matrix[i * n + i] > matrix[order[place - 1] * n + order[place - 1]]; place--)
            order[place] = order[place - 1];
        order[place] = i;
    }
    for (size_t i = 0; i < n; i++) {
        values[i] = matrix[order[i] * n + order[i]];
        memcpy(vectors + i * n, found + order[i] * n, n * sizeof *vectors);
    }
    memory_free(order);
    memory_free(found);
}
