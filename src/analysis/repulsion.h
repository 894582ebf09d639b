/* The repulsive part of the t-SNE gradient: for points y[n] in the plane, with q_ij = 1 / (1 + |y_i - y_j|^2),
 *     forces on i:  sum over j of q_ij^2 (y_i - y_j),      sum returned:  sum over i and j != i of q_ij.
 * Exactly, by the Barnes-Hut tree, or by interpolation.  In each a point's force is one chain and the total is that of
 * vector64.h over points: the same bits on any number of threads. */
#ifndef SCALEDOWN_ANALYSIS_REPULSION_H
#define SCALEDOWN_ANALYSIS_REPULSION_H

#include <stddef.h>

typedef struct Points { /* of the plane, in two arrays */
    size_t n;
    double *x, *y;
} Points;

/* O(n^2): each chain over j in order. */
double repulsion_exact(const Points *points, Points *forces);

/* The tree of Barnes & Hut (1986) as van der Maaten (2014) uses it: a cell whose side is below theta times its distance
 * counts as one point at its centre of mass.  The distance is the smallest from the box around sixteen points that are
 * neighbours on Hilbert's curve, which share one walk through the tree, so that no point uses a cell nearer than theta
 * allows; cells that hold one of the sixteen are always opened.  Coordinates are sorted by 24 binary digits of the
 * bounding square.  theta 0: the sum over all pairs, in the tree's order. */
double repulsion_barnes_hut(const Points *points, double theta, Points *forces);

/* Interpolation on a regular grid, with the sums over the grid as a convolution by FFT: the idea of FIt-SNE (Linderman
 * et al. 2019) with splines of degree 5 in place of Lagrange's polynomials, so that the potential sum_j q_ij is smooth,
 * one convolution yields it, and the forces are minus half its gradient.  The kernel is interpolated by cardinal splines
 * in both arguments.  The grid has 107, 235, 491 ... intervals in each direction, as many as keep them at most
 * REPULSION_LARGEST_INTERVAL wide, but 4075 at most; their width is rounded up to 5 binary digits, and the transformed
 * kernel is kept while it stays.  Errors fall with the sixth power of the width for the sum and the fifth for forces: tests
 * have them.  Where points are so far apart that errors would leave less, the sum returned is 1e-9 n. */
#define REPULSION_LARGEST_INTERVAL 0.375
typedef struct Interpolation Interpolation; /* working memory, for one number of points */
Interpolation *interpolation_create(size_t n);
void interpolation_destroy(Interpolation *interpolation);
double repulsion_interpolated(Interpolation *interpolation, const Points *points, Points *forces);

#endif
