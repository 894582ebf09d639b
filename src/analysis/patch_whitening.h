/* Filters that whiten the patches of images: their outputs at random places are uncorrelated and of about equal size.  A first
 * layer of them need not be learned (Page 2019; Jordan 2024, Section 3.2). */
#ifndef SCALEDOWN_ANALYSIS_PATCH_WHITENING_H
#define SCALEDOWN_ANALYSIS_PATCH_WHITENING_H

#include <stddef.h>

typedef struct Pictures {
    size_t n, channels, height, width;
    const float *rows; /* [n][channels][height][width] */
} Pictures;

/* Of all side x side patches, k = channels side side numbers each, the matrix of second moments, about 0; v / sqrt(e + epsilon)
 * for its eigenvectors v with eigenvalues e, the greatest first, signs such that the largest component (the first of equals) is
 * positive; then their negatives: filters [2 k][channels][side][side].  Sums run over images, rows and columns in order, in
 * binary64.  side at most height and width, epsilon > 0. */
void patch_whitening(const Pictures *pictures, size_t side, double epsilon, double *filters);

#endif
