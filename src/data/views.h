/* Random views of signals: the augmentation of the paper's self-supervised learning.
 *
 * Positions are t_j = j - (length - 1) / 2.  A signal x has the offset o = mean of x and the slope s = sum x_j t_j / sum
 * t_j^2, least squares' both.  A view of it is what is left without them, shifted in a circle, with a random slope and a
 * random offset in their place:
 *     rest_j = x_j - o - s t_j,    view_((j + shift) mod length) = rest_j + slope t + offset      (t of the view's position)
 * Sums run over the positions in order, in binary64; a view is rounded once, to `real`. */
#ifndef SCALEDOWN_DATA_VIEWS_H
#define SCALEDOWN_DATA_VIEWS_H

#include "base/arena.h"
#include "base/real.h"
#include "random/random.h"

void signal_trend(size_t length, const float *x, double *offset, double *slope);

typedef struct ViewOptions {
    size_t shifts;              /* a shift is uniform among 0, 1, ..., shifts - 1; at least 1.  Published: 10 */
    double slope_sd, offset_sd; /* of normal numbers with mean 0.  Published: 0.04 and 0.3 */
} ViewOptions;

typedef struct Views {
    ViewOptions options;
    size_t length;
    double *rest;    /* [n][length] */
    uint32_t *shift; /* [most] */
    float *draws;    /* [2][most]: slopes, offsets */
} Views;

/* Of n signals, rows [n][length]; at most `most` views are drawn in one call. */
Views views_of(size_t n, size_t length, const float *rows, ViewOptions options, size_t most, Arena *arena);
/* A view of each of the examples, of which there are `count`: column c of x [length][columns] for example c.  Draws are
 * those of the published code: count shifts from NumPy's stream; then count slopes and count offsets from PyTorch's. */
void views_draw(const Views *views, size_t count, const uint32_t *examples, Mt19937 *numpy, Mt19937 *torch,
                size_t columns, real *x);

#endif
