/* The k nearest rows of each row, exactly, and classification by them.
 *
 * Distance of rows x and y: sixteen lanes by column modulo 16, each a chain of fma(d, d, lane) with d = s x - t y in
 * binary64, lanes added by halving; euclidean: s = t = a power of two that brings all values below 1, distance = root of
 * the sum, divided by s; cosine: s = 1/|x|, t = 1/|y|, distance = half the sum, which is 1 - cos(x, y), without
 * cancellation.  A row of zeros has the cosine distance 1 from all rows but those of zeros, from which it has 0.
 * Neighbours are in order of distance, those of equal distance in order of index.
 *
 * Most pairs are ruled out by binary32 products of blocks of centred rows.  What those rule out is proved by a bound on
 * their rounding, row by row; a row for which the proof fails (many equal distances) is compared with all others in
 * binary64.  So the result depends on the distances above alone. */
#ifndef SCALEDOWN_ANALYSIS_NEIGHBOURS_H
#define SCALEDOWN_ANALYSIS_NEIGHBOURS_H

#include <stdint.h>

#include "analysis/rows.h"
#include "base/arena.h"

typedef enum NeighboursMetric { NEIGHBOURS_EUCLIDEAN, NEIGHBOURS_COSINE } NeighboursMetric;

typedef struct Neighbours {
    size_t n, k;
    uint32_t *index;  /* [n][k] */
    double *distance; /* [n][k] */
} Neighbours;

/* Called as work goes on, from any thread. */
typedef struct NeighboursWatch {
    void (*rows_done)(void *context, size_t rows); /* so many more rows have their neighbours; or NULL */
    int (*stopping)(void *context);                /* true, from then on: give up; or NULL */
    void *context;
} NeighboursWatch;

static inline int neighbours_stopping(const NeighboursWatch *watch) {
    return watch && watch->stopping && watch->stopping(watch->context);
}

/* The k nearest of data for each of the queries; with queries == data a row is not its own neighbour.  Values must be
 * finite, k at least 1 and at most the number of candidates, rows of one length, data of fewer than 2^32 rows.  watch
 * may be NULL; -1 without an error when it says that it is stopping.  The arena owns the lists. */
int neighbours_find(const Rows *queries, const Rows *data, size_t k, NeighboursMetric metric,
                    const NeighboursWatch *watch, Arena *arena, Neighbours *neighbours, Error *error);

/* The distance above between two rows, before the last step: its square times a constant, or half of it. */
typedef struct NeighboursMeasure {
    const Rows *rows;
    double *scale; /* [n]: s or t above */
    double power;  /* euclidean: the scale of all rows; cosine: 0 */
} NeighboursMeasure;
NeighboursMeasure neighbours_measure(const Rows *rows, NeighboursMetric metric);
double neighbours_squares(const NeighboursMeasure *measure, size_t a, size_t b);
void neighbours_measure_destroy(NeighboursMeasure *measure);

/* The label that most of the first k neighbours have; of several the smallest.  labels are those of data. */
void neighbours_vote(const Neighbours *neighbours, size_t k, const uint16_t *labels, uint16_t *voted);
/* Per cent of the queries whose own label, true_labels[n], is the one voted for. */
double neighbours_accuracy(const Neighbours *neighbours, size_t k, const uint16_t *labels, const uint16_t *true_labels);

#endif
