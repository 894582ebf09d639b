/* A data set as a map: t-SNE of MNIST-1D and of MNIST (Figure 3), and how well a k-nearest-neighbours classifier does on
 * the pixels.
 *
 * All examples are embedded, the training set first, as they are: signals of MNIST-1D as models see them (seed 42, the
 * published data set), images as their bytes, 0 to 255.  t-SNE is what the published run used, openTSNE with all its
 * defaults, but for its approximate neighbours, which are exact here; of the published points of the plane only their
 * divergence can be compared, since a map may be turned and its parts may lie elsewhere in every run.  The seed of a cell
 * draws the jitter of the start; the published runs drew theirs from the clock.
 *
 * The classifier gives a test example the label that most of its k = `neighbours` nearest training examples have. */
#include <string.h>

#include "data/fresh_test.h"
#include "data/image_sets.h"
#include "kernels/parts.h"
#include "maps.h"
#include "registry.h"

static const Parameter parameters[] = {
    {"data", PARAMETER_CHOICE, "mnist1d", 0, 0, "mnist1d,mnist,fashion-mnist", "the data set", NULL},
    {"num-samples", PARAMETER_INTEGER, "5000", 10, 10000000, NULL, "examples generated; four fifths train",
     "data=mnist1d"},
    {"train-rows", PARAMETER_INTEGER, "10000000", 1, 10000000, NULL, "of the training set, at most", NULL},
    {"test-rows", PARAMETER_INTEGER, "10000000", 1, 10000000, NULL, "of the test set, at most", NULL},
    MAP_PARAMETERS("euclidean"),
    {NULL, PARAMETER_REAL, NULL, 0, 0, NULL, NULL, NULL}};

/* ---- data ---- */

typedef struct Data {
    Rows all, train, test; /* all: the training rows, then the test rows */
    const uint16_t *labels;
    size_t classes;
} Data;

static Data join(size_t n_train, size_t n_test, size_t length, const float *values, const uint16_t *labels,
                 size_t classes) {
    return (Data){.all = {n_train + n_test, length, values, NULL},
                  .train = {n_train, length, values, NULL},
                  .test = {n_test, length, values + n_train * length, NULL},
                  .labels = labels,
                  .classes = classes};
}

static int make_signals(const Cell *cell, Arena *arena, Data *data, Error *error) {
    Mnist1dOptions options = mnist1d_defaults();
    Mnist1dParts parts;
    options.num_samples = (size_t)cell_integer(cell, "num-samples");
    if (mnist1d_parts_make(&options, 0, arena, &parts, error)) return -1;
    const size_t n_train = at_most(parts.train.n, (size_t)cell_integer(cell, "train-rows"));
    const size_t n_test = at_most(parts.test.n, (size_t)cell_integer(cell, "test-rows"));
    const size_t all = n_train + n_test, length = parts.length;
    float *values = arena_alloc(arena, all * length, sizeof *values);
    uint16_t *labels = arena_alloc(arena, all, sizeof *labels);
    memcpy(values, parts.train.rows, n_train * length * sizeof *values);
    memcpy(values + n_train * length, parts.test.rows, n_test * length * sizeof *values);
    for (size_t i = 0; i < all; i++) labels[i] = i < n_train ? parts.train.labels[i] : parts.test.labels[i - n_train];
    *data = join(n_train, n_test, length, values, labels, MNIST1D_CLASSES);
    return 0;
}

static int make_images(const Cell *cell, Arena *arena, Data *data, Error *error) {
    const ImageSet *set = image_set(cell_choice(cell, "data"), error);
    if (!set) return -1;
    const size_t length = set->train.channels * set->train.height * set->train.width;
    const size_t n_train = at_most(set->train.n, (size_t)cell_integer(cell, "train-rows"));
    const size_t n_test = at_most(set->test.n, (size_t)cell_integer(cell, "test-rows"));
    float *values = arena_alloc(arena, (n_train + n_test) * length, sizeof *values);
    uint16_t *labels = arena_alloc(arena, n_train + n_test, sizeof *labels);
    for (size_t i = 0; i < n_train * length; i++) values[i] = set->train.pixels[i];
    for (size_t i = 0; i < n_test * length; i++) values[n_train * length + i] = set->test.pixels[i];
    memcpy(labels, set->train.labels, n_train * sizeof *labels);
    memcpy(labels + n_train, set->test.labels, n_test * sizeof *labels);
    *data = join(n_train, n_test, length, values, labels, set->source->classes);
    return 0;
}

static int ready(const Cell *cell, Error *error) {
    return cell_is(cell, "data", "mnist1d") ? 0 : image_set_check(cell_choice(cell, "data"), error);
}

/* ---- one cell ---- */

/* Rows of the training set, of the test set, and their length, without reading anything. */
static void sizes_of(const Cell *cell, size_t *n_train, size_t *n_test, size_t *length) {
    const size_t n = (size_t)cell_integer(cell, "num-samples");
    *n_train = n - n / 5;
    *n_test = n / 5;
    *length = 40;
    for (const ImageSource *source = image_sources; source->name; source++)
        if (!strcmp(source->name, cell_choice(cell, "data"))) {
            *n_train = source->n_train;
            *n_test = source->n_test;
            *length = source->channels * source->height * source->width;
        }
    *n_train = at_most(*n_train, (size_t)cell_integer(cell, "train-rows"));
    *n_test = at_most(*n_test, (size_t)cell_integer(cell, "test-rows"));
}

static double knn_cost(size_t n_train, size_t n_test, size_t length) {
    return (double)n_train * (double)n_test * (4e-9 + 8e-11 * (double)length);
}

static double cost(const Cell *cell) {
    size_t n_train, n_test, length;
    sizes_of(cell, &n_train, &n_test, &length);
    return 0.1 + knn_cost(n_train, n_test, length) + map_cost(cell, n_train + n_test, length);
}

static int stopping(void *context) {
    (void)context;
    return study_stopping();
}

static int run_cell(const Cell *cell, Arena *arena, Record *record, Error *error) {
    const size_t k = (size_t)cell_integer(cell, "neighbours");
    const NeighboursWatch watch = {.stopping = stopping};
    Data data;
    Neighbours near;
    if (cell_is(cell, "data", "mnist1d") ? make_signals(cell, arena, &data, error)
                                         : make_images(cell, arena, &data, error))
        return -1;
    if (neighbours_find(&data.test, &data.train, k, map_metric(cell), &watch, arena, &near, error)) return -1;
    record_metric(record, "examples", (double)data.all.n);
    record_metric(record, "knn_test_accuracy", neighbours_accuracy(&near, k, data.labels, data.labels + data.train.n));
    const double share = knn_cost(data.train.n, data.test.n, data.all.length) / cost(cell);
    const Map map = {&data.all, data.labels, data.classes, "", share, 1.0};
    cell_progress(cell, share);
    return map_record(cell, &map, arena, record, error);
}

const Method embedding = {.name = "embedding",
                          .title = "A data set as a map, and its nearest neighbours",
                          .parameters = parameters,
                          .smoke = "train-rows=400 test-rows=100 early-iterations=50 iterations=100",
                          .run = run_cell,
                          .cost = cost,
                          .ready = ready,
                          .source = "reproduce/embedding.c"};
