/* What methods share that draw maps: labelled rows embedded in the plane by t-SNE (tsne.h), and how well.
 *
 * A method puts MAP_PARAMETERS into its table and calls map_record for each map.  Recorded are, each name behind the map's
 * prefix, "" or "before_":
 *     kl_divergence     along iteration, after every TSNE_KL_EVERY and the last, in nats
 *     preservation, trustworthiness    of the k = `neighbours` nearest in the map (embedding_quality.h), 0 to 1
 *     map_accuracy      per cent of rows that have the label which most of their k nearest in the map have
 *     row_accuracy      the same of their k nearest rows, as the map's distance has it
 *     silhouette        of classes in the map (embedding_quality.h), -1 to 1
 *     map_x_C, map_y_C  along row, for each class C: where row number `row` of class C lies, to a thousandth, since a map is
 *                       only looked at (what is judged has all digits).  Figures draw them: figures/map.gp.
 * Preservation, trustworthiness and the silhouette are those of at most `quality-rows` rows, and at most `drawn-rows` are
 * recorded: every second, third ... where there are more.
 *
 * The cell's seed draws the jitter of the start, and nothing else of the map. */
#ifndef SCALEDOWN_REPRODUCE_MAPS_H
#define SCALEDOWN_REPRODUCE_MAPS_H

#include "analysis/tsne.h"
#include "study/method.h"

#define MAP_PARAMETERS(metric)                                                                                         \
    {"perplexity", PARAMETER_REAL, "30", 1, 1e6, NULL, "of t-SNE: about how many neighbours a point has", NULL},       \
        {"early-iterations", PARAMETER_INTEGER, "250", 0, 1000000, NULL, "of t-SNE, with exaggeration", NULL},         \
        {"iterations", PARAMETER_INTEGER, "500", 0, 1000000, NULL, "of t-SNE, after those", NULL},                     \
        {"exaggeration", PARAMETER_REAL, "12", 1, 1e6, NULL, "of the affinities in the early iterations", NULL},       \
        {"theta", PARAMETER_REAL, "0.5", 0, 2, NULL, "of the Barnes-Hut tree, below 10000 rows; 0: exact", NULL},      \
        {"metric", PARAMETER_CHOICE, metric, 0, 0, "euclidean,cosine", "distance of rows", NULL},                      \
        {"neighbours", PARAMETER_INTEGER, "10", 1, 1000, NULL, "that vote, and that a map should keep", NULL},         \
        {"quality-rows", PARAMETER_INTEGER, "5000", 1, 10000000, NULL, "that a map is judged by, at most", NULL}, {    \
        "drawn-rows", PARAMETER_INTEGER, "5000", 1, 10000000, NULL, "whose places are recorded, at most", NULL         \
    }

typedef struct Map {
    const Rows *rows;
    const uint16_t *labels; /* [n], below classes */
    size_t classes;
    const char *prefix; /* of the names of metrics */
    double from, to;    /* what part of the cell's progress it is: 0 and 1 for all of it */
} Map;

NeighboursMetric map_metric(const Cell *cell);
/* Fewer rows than 3 * perplexity or twice the neighbours are errors that name the options.  As method.h says of a cell:
 * -1 without an error once the user asked to stop. */
int map_record(const Cell *cell, const Map *map, Arena *arena, Record *record, Error *error);
/* Expected core-seconds of a map of n rows of this length. */
double map_cost(const Cell *cell, size_t n, size_t length);

#endif
