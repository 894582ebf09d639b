#include "analysis/patch_whitening.h"

#include <math.h>

#include "analysis/eigen.h"
#include "base/arena.h"

/* moments[i][j] = fma(patch[i], patch[j], .) */
static void add_patch(size_t k, const double *patch, double *moments) {
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j < k; j++) moments[i * k + j] = fma(patch[i], patch[j], moments[i * k + j]);
}

/* The patch of a picture [channels][height][width] at a row and a column. */
static void get_patch(const Pictures *all, const float *picture, size_t row, size_t column, size_t side,
                      double *patch) {
    for (size_t c = 0; c < all->channels; c++)
        for (size_t i = 0; i < side; i++) {
            const float *from = picture + (c * all->height + row + i) * all->width + column;
            for (size_t j = 0; j < side; j++) *patch++ = (double)from[j];
        }
}

static void second_moments(const Pictures *all, size_t side, double *moments) {
    const size_t k = all->channels * side * side, rows = all->height - side + 1, columns = all->width - side + 1;
    double *patch = memory_alloc(k, sizeof *patch);
    for (size_t image = 0; image < all->n; image++)
        for (size_t row = 0; row < rows; row++)
            for (size_t column = 0; column < columns; column++) {
                get_patch(all, all->rows + image * all->channels * all->height * all->width, row, column, side, patch);
                add_patch(k, patch, moments);
            }
    for (size_t i = 0; i < k * k; i++) moments[i] /= (double)(all->n * rows * columns);
    memory_free(patch);
}

void patch_whitening(const Pictures *pictures, size_t side, double epsilon, double *filters) {
    const size_t k = pictures->channels * side * side;
    double *moments = memory_alloc_zero(k * k, sizeof *moments), *values = memory_alloc(k, sizeof *values);
    second_moments(pictures, side, moments);
    eigen_symmetric(k, moments, values, filters);
    for (size_t i = 0; i < k; i++) {
        double *filter = filters + i * k;
        size_t largest = 0;
        for (size_t j = 1; j < k; j++)
            if (fabs(filter[j]) > fabs(filter[largest])) largest = j;
        const double factor = (filter[largest] < 0 ? -1 : 1) / sqrt(values[i] + epsilon);
        for (size_t j = 0; j < k; j++) filter[j] *= factor;
        for (size_t j = 0; j < k; j++) filter[k * k + j] = -filter[j];
    }
    memory_free(values);
    memory_free(moments);
}
