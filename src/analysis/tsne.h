/* t-SNE (van der Maaten & Hinton 2008): rows of numbers as points of the plane, near where rows are near.  The defaults are
 * those of openTSNE 1.0 (Policar et al. 2024) but for its approximate neighbours: here they are exact.
 *
 *   affinities   the 3 * perplexity nearest neighbours of each row; p_j|i = exp(-b_i d_ij^2) / sum over its neighbours, b_i
 *                such that the entropy of p_.|i is log perplexity; p_ij = (p_j|i + p_i|j) / 2n
 *   start        the first two principal components (principal.h), scaled so that the first has standard deviation 1e-4,
 *                plus normal numbers of standard deviation 1e-6: Philox, stream 0 of the seed, values 2i and 2i + 1
 *   descent      250 iterations with p_ij times 12, then 500, both with momentum 0.8 and learning rate n / exaggeration:
 *                   g_i = sum_j p_ij q_ij (y_i - y_j) - sum_j q_ij^2 (y_i - y_j) / sum q    (q: repulsion.h)
 *                   gain += 0.2 where the signs of step and g differ, else gain = 0.8 gain + 0.01; per coordinate, from 1
 *                   step = 0.8 step - rate gain g, shortened to 5 per point; y += step; y -= mean of y
 *   repulsion    Barnes-Hut with theta 0.5 below 10,000 rows, else interpolation
 *
 * Everything is binary64 but what neighbours.h and principal.h say, and every sum has one order: the result depends on the
 * rows and the options alone, not on threads or machine. */
#ifndef SCALEDOWN_ANALYSIS_TSNE_H
#define SCALEDOWN_ANALYSIS_TSNE_H

#include <stdint.h>

#include "analysis/neighbours.h"

typedef enum TsneRepulsion { TSNE_AUTOMATIC, TSNE_EXACT, TSNE_BARNES_HUT, TSNE_INTERPOLATION } TsneRepulsion;
enum { TSNE_INTERPOLATED_FROM = 10000 }; /* rows, for TSNE_AUTOMATIC */

/* Called by the thread that called tsne_fit, after every iteration: iterations counts all so far; kl is NAN but after each
 * TSNE_KL_EVERY and the last, then as tsne_kl would have it. */
enum { TSNE_KL_EVERY = 50 };
typedef struct TsneWatch {
    void (*iterated)(void *context, size_t iterations, double kl);
    int (*stopping)(void *context); /* asked then: true, give up; or NULL */
    void *context;
} TsneWatch;

typedef struct TsneOptions {
    double perplexity;
    size_t early_iterations, iterations; /* with exaggeration, then without */
    double exaggeration;
    double learning_rate; /* 0: n / exaggeration, and n */
    double theta;         /* of Barnes-Hut */
    NeighboursMetric metric;
    TsneRepulsion repulsion;
    uint64_t seed;
    const NeighboursWatch *search_watch; /* or NULL */
    const TsneWatch *watch;              /* or NULL */
} TsneOptions;

TsneOptions tsne_defaults(void);

/* p_ij of a symmetric sparse matrix: row i's entries are starts[i] .. starts[i + 1], columns ascending. */
typedef struct Affinities {
    size_t n;
    size_t *starts;
    uint32_t *columns;
    double *p;
    double entropy; /* -sum of p log p */
} Affinities;

/* From distances to at least one neighbour each.  perplexity: above 0, and below the number of neighbours.  Where so many
 * neighbours are equally near that no b reaches the perplexity, the nearest it comes. */
void tsne_affinities(const Neighbours *neighbours, double perplexity, Arena *arena, Affinities *affinities);

/* KL(P || Q) of the embedding [n][2], in nats; total: the sum that repulsion.h returns for it. */
double tsne_kl(const Affinities *affinities, const double *embedding, double total);

/* embedding[n][2].  Needs 3 * perplexity < n rows, perplexity at least 1, finite values, n below 2^32.  kl: of the result,
 * by the chosen repulsion's sum.  -1 without an error when a watch says that it is stopping. */
int tsne_fit(const Rows *rows, const TsneOptions *options, double *embedding, double *kl, Error *error);

/* The two parts of it, for those who want the neighbours for more: those that the affinities are made of, and the rest. */
int tsne_neighbours(const Rows *rows, const TsneOptions *options, Arena *arena, Neighbours *neighbours, Error *error);
int tsne_embed(const Rows *rows, const Neighbours *neighbours, const TsneOptions *options, double *embedding,
               double *kl);

#endif
