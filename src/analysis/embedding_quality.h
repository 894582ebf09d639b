/* How well an embedding keeps neighbourhoods.  For row i and each of its k nearest in the embedding, r(i, j) is the rank
 * of j among all others by distance from i in the rows (1: the nearest; equal distances by index):
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

/* embedding: [n][2]; k from 1 to below n / 2; step from 1 on. */
int embedding_quality(const Rows *rows, NeighboursMetric metric, const double *embedding, size_t k, size_t step,
                      EmbeddingQuality *quality, Error *error);

#endif
