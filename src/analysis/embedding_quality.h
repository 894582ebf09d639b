/* How well an embedding keeps neighbourhoods, and how far apart it puts classes.  For row i and each of its k nearest in
 * the embedding, r(i, j) is the rank of j among all others by distance from i in the rows (1: the nearest; equal distances
 * by index):
 *     preservation     share of them with r(i, j) <= k
 *     trustworthiness  1 - 2 / (n k (2n - 3k - 1)) * sum over i and j of max(0, r(i, j) - k)   (Venna & Kaski 2001)
 * Of every step-th row i only, where step > 1: the sum is then that of the chosen rows times n / their number.  Costs
 * n^2 / step distances. */
#ifndef SCALEDOWN_ANALYSIS_EMBEDDING_QUALITY_H
#define SCALEDOWN_ANALYSIS_EMBEDDING_QUALITY_H

#include "analysis/neighbours.h"

typedef struct EmbeddingQuality {
    double preservation, trustworthiness;
} EmbeddingQuality;

/* near: the k nearest of each row in the embedding, embedding_neighbours; k below n / 2; step from 1 on.  watch, which may
 * be NULL, is called with each of the chosen rows; -1 without an error when it says that it is stopping. */
int embedding_quality(const Rows *rows, NeighboursMetric metric, const Neighbours *near, size_t step,
                      const NeighboursWatch *watch, EmbeddingQuality *quality, Error *error);
/* The k nearest points, straight, of each in the embedding [n][2].  watch: only asked whether it is stopping. */
int embedding_neighbours(const double *embedding, size_t n, size_t k, const NeighboursWatch *watch, Arena *arena,
                         Neighbours *near, Error *error);

/* The mean silhouette (Rousseeuw 1987) of every step-th point, with classes for clusters: (b - a) / max(a, b), where a is
 * the mean distance from the others of its class and b the least mean distance from the points of another; 1: classes are
 * small and far apart, 0: not apart.  A point that is alone in its class, and one without other classes, counts 0.
 * labels[n] below classes. */
double embedding_silhouette(const double *embedding, size_t n, const uint16_t *labels, size_t classes, size_t step);

#endif
