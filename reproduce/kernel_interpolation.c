/* Kernel machines that interpolate (Zhang et al. 2017, Section 5 and Table 3): the training set is fitted exactly by the
 * solution of K alpha = y, which has the least norm of all, and still generalises.
 *
 * K is n x n, y has a column of zeros and ones for each class; a class is the column of the greatest prediction.  Features are
 * the examples themselves with the Gaussian kernel exp(-gamma |x - x'|^2), or averages of random filters with the kernel of
 * their scalar product: each filter of normal weights meets all positions of a signal, then relu, then the average over
 * each of four parts of them.  Signals of MNIST-1D are whitened each by itself; pixels of MNIST are divided by 255.  ridge is
 * added to the diagonal.
 *
 * Recorded: errors in per cent; largest_residual, the greatest |prediction - y| in training; norm, the root of the sum over
 * the columns of alpha^T K alpha.  Binary64.  A kernel matrix that is not positive definite in this arithmetic leaves all
 * of them without a value.
 *
 * The seed draws the random filters and, where labels are corrupted, those. */
#include <math.h>
#include <string.h>

#include "analysis/matrix64.h"
#include "analysis/vector64.h"
#include "data/fresh_test.h"
#include "data/image_sets.h"
#include "data/label_noise.h"
#include "data/whitening.h"
#include "exact/exact.h"
#include "kernels/parts.h"
#include "kernels/threads.h"
#include "registry.h"

enum { CLASSES = 10, PARTS = 4, FILTERS_AT_ONCE = 250, ROWS_AT_ONCE = 500 };
enum { OF_LABELS, OF_FILTERS }; /* streams of the seed */

static const Parameter parameters[] = {
    {"data", PARAMETER_CHOICE, "mnist1d", 0, 0, "mnist1d,mnist", "what is learned", NULL},
    {"features", PARAMETER_CHOICE, "raw", 0, 0, "raw,filters", "the examples, or random filters of signals", NULL},
    {"gamma", PARAMETER_REAL, "0.05", 0, 1e6, NULL, "of the Gaussian kernel", "features=raw"},
    {"filters", PARAMETER_INTEGER, "2000", 1, 1000000, NULL, "how many", "features=filters"},
    {"taps", PARAMETER_INTEGER, "9", 1, 37, NULL, "of a filter", "features=filters"},
    {"ridge", PARAMETER_REAL, "0", 0, 1e9, NULL, "added to the diagonal of the kernel matrix", NULL},
    {"label-corruption", PARAMETER_REAL, "0", 0, 1, NULL, "probability that a training label is drawn anew", NULL},
    {"train-examples", PARAMETER_INTEGER, "0", 0, 20000, NULL,
     "the first of the training set; 0: all of MNIST-1D, 10000 of MNIST", NULL},
    {"fresh-examples", PARAMETER_INTEGER, "20000", 0, 10000000, NULL, "fresh test signals, drawn anew for measuring",
     "data=mnist1d"},
    {NULL, PARAMETER_REAL, NULL, 0, 0, NULL, NULL, NULL}};

/* ---- data ---- */

typedef struct Points {
    size_t n, length;
    double *x; /* [n][length] */
    uint8_t *labels;
} Points;

/* Signals, whitened. */
static Points points_of(const Mnist1dPart *part, size_t length, Arena *arena) {
    const size_t n = part->n;
    Points points = {n, length, arena_alloc(arena, n * length, sizeof(double)), arena_alloc(arena, n, 1)};
    float *row = arena_alloc(arena, length, sizeof *row);
    for (size_t i = 0; i < n; i++) {
        memcpy(row, part->rows + i * length, length * sizeof *row);
        whiten_rows(1, length, row);
        for (size_t j = 0; j < length; j++) points.x[i * length + j] = (double)row[j];
    }
    if (n) memcpy(points.labels, part->labels, n);
    return points;
}

static Points points_of_images(const Images *images, size_t n, Arena *arena) {
    const size_t length = images->channels * images->height * images->width;
    Points points = {n, length, arena_alloc(arena, n * length, sizeof(double)), arena_alloc(arena, n, 1)};
    for (size_t i = 0; i < n * length; i++) points.x[i] = images->pixels[i] / 255.0;
    for (size_t i = 0; i < n; i++) points.labels[i] = (uint8_t)images->labels[i];
    return points;
}

typedef struct Sets {
    Points train, test, fresh;
} Sets;

static int signals(size_t n, size_t n_fresh, Arena *arena, Sets *sets, Error *error) {
    const Mnist1dOptions options = mnist1d_defaults();
    Mnist1dParts parts;
    if (mnist1d_parts_make(&options, n_fresh, arena, &parts, error)) return -1;
    if (n) parts.train.n = at_most(n, parts.train.n);
    sets->train = points_of(&parts.train, parts.length, arena);
    sets->test = points_of(&parts.test, parts.length, arena);
    sets->fresh = points_of(&parts.fresh, parts.length, arena);
    return 0;
}

static int images(const char *name, size_t n, Arena *arena, Sets *sets, Error *error) {
    const ImageSet *set = image_set(name, error);
    if (!set) return -1;
    sets->train = points_of_images(&set->train, at_most(n ? n : 10000, set->train.n), arena);
    sets->test = points_of_images(&set->test, set->test.n, arena);
    sets->fresh = (Points){.n = 0};
    return 0;
}

static int get_sets(const Cell *cell, Arena *arena, Sets *sets, Error *error) {
    const size_t n = (size_t)cell_integer(cell, "train-examples");
    const char *data = cell_choice(cell, "data");
    Philox draws;
    if (strcmp(data, "mnist1d") && cell_is(cell, "features", "filters"))
        return error_set(error, "option --features: filters are for signals; give --data mnist1d");
    if (strcmp(data, "mnist1d") ? images(data, n, arena, sets, error)
                                : signals(n, (size_t)cell_integer(cell, "fresh-examples"), arena, sets, error))
        return -1;
    philox_seed(&draws, cell_seed(cell), OF_LABELS);
    label_noise_apply_philox(&draws, cell_real(cell, "label-corruption"), CLASSES, sets->train.n, sets->train.labels);
    return 0;
}

static int ready(const Cell *cell, Error *error) {
    return cell_is(cell, "data", "mnist1d") ? 0 : image_set_check(cell_choice(cell, "data"), error);
}

/* ---- the Gaussian kernel ---- */

/* k [rows of a from `first` on][points of b]; |x - x'|^2 = x.x + x'.x' - 2 x.x'. */
static void gaussian_kernel(double gamma, const Points *a, size_t first, size_t rows, const Points *b, double *k) {
    const size_t length = a->length;
    memset(k, 0, rows * b->n * sizeof *k);
    matrix64_add_product(&(Product64){1, rows, b->n, length, a->x + first * length, b->x, k, length, length, b->n, 0});
    double *squares = memory_alloc(b->n, sizeof *squares);
    for (size_t j = 0; j < b->n; j++) {
        squares[j] = 0;
        for (size_t i = 0; i < length; i++) squares[j] = fma(b->x[j * length + i], b->x[j * length + i], squares[j]);
    }
    for (size_t r = 0; r < rows; r++) {
        double own = 0;
        for (size_t i = 0; i < length; i++)
            own = fma(a->x[(first + r) * length + i], a->x[(first + r) * length + i], own);
        for (size_t j = 0; j < b->n; j++) {
            const double distance = own + squares[j] - 2 * k[r * b->n + j];
            k[r * b->n + j] = exact_exp(-gamma * (distance > 0 ? distance : 0));
        }
    }
    memory_free(squares);
}

/* Predictions [n][CLASSES] of a: K(a, train) alpha. */
static void gaussian_predictions(double gamma, const Points *a, const Points *train, const double *alpha, double *out) {
    double *k = memory_alloc(ROWS_AT_ONCE * train->n, sizeof *k);
    memset(out, 0, a->n * CLASSES * sizeof *out);
    for (size_t first = 0; first < a->n; first += ROWS_AT_ONCE) {
        const size_t rows = a->n - first < ROWS_AT_ONCE ? a->n - first : ROWS_AT_ONCE;
        gaussian_kernel(gamma, a, first, rows, train, k);
        for (size_t r = 0; r < rows; r++)
            for (size_t j = 0; j < train->n; j++)
                vector64_add_scaled(CLASSES, k[r * train->n + j], alpha + j * CLASSES, out + (first + r) * CLASSES);
    }
    memory_free(k);
}

/* ---- random filters ---- */

typedef struct Filtering {
    const Points *points;
    size_t filters, taps;
    const double *weights; /* [filters][taps] */
    double *features;      /* [n][filters][PARTS] */
} Filtering;

static void filter_row(const void *context, size_t row) {
    const Filtering *f = context;
    const double *x = f->points->x + row * f->points->length;
    double *out = f->features + row * f->filters * PARTS;
    const size_t positions = f->points->length - f->taps + 1;
    for (size_t filter = 0; filter < f->filters; filter++)
        for (size_t part = 0; part < PARTS; part++) {
            const size_t begin = part * positions / PARTS, end = (part + 1) * positions / PARTS;
            double total = 0;
            for (size_t at = begin; at < end; at++) {
                double sum = 0;
                for (size_t t = 0; t < f->taps; t++) sum = fma(f->weights[filter * f->taps + t], x[at + t], sum);
                total += sum > 0 ? sum : 0;
            }
            out[filter * PARTS + part] = total / (double)(end - begin);
        }
}

/* Features of the filters from `first` on; of weights the square of the norm is 1/filters in the mean. */
static size_t filter(const Cell *cell, size_t first, const Points *points, double *features) {
    const size_t all = (size_t)cell_integer(cell, "filters"), taps = (size_t)cell_integer(cell, "taps");
    const size_t filters = all - first < FILTERS_AT_ONCE ? all - first : FILTERS_AT_ONCE;
    const double scale = 1 / sqrt((double)(taps * all));
    double *weights = memory_alloc(filters * taps, sizeof *weights);
    Philox draws;
    philox_seed(&draws, cell_seed(cell), OF_FILTERS);
    for (size_t i = 0; i < filters * taps; i++) weights[i] = scale * philox_normal(&draws, first * taps + i);
    const Filtering filtering = {points, filters, taps, weights, features};
    threads_run(points->n, threads_worth(points->n * filters * taps * points->length), filter_row, &filtering);
    memory_free(weights);
    return filters * PARTS;
}

static void filter_kernel(const Cell *cell, const Points *train, double *k) {
    const size_t all = (size_t)cell_integer(cell, "filters"), n = train->n;
    double *features = memory_alloc(n * FILTERS_AT_ONCE * PARTS, sizeof *features);
    memset(k, 0, n * n * sizeof *k);
    for (size_t first = 0; first < all; first += FILTERS_AT_ONCE) {
        const size_t width = filter(cell, first, train, features);
        matrix64_add_product(&(Product64){1, n, n, width, features, features, k, width, width, n, 1});
    }
    memory_free(features);
}

/* Predictions [n][CLASSES] of each set, by way of the weights of the features. */
static void filter_predictions(const Cell *cell, const Points *train, const double *alpha, size_t count,
                               const Points *const *sets, double *const *out) {
    const size_t all = (size_t)cell_integer(cell, "filters");
    size_t most = train->n;
    for (size_t s = 0; s < count; s++) most = sets[s]->n > most ? sets[s]->n : most;
    double *features = memory_alloc(most * FILTERS_AT_ONCE * PARTS, sizeof *features);
    double *weights = memory_alloc(FILTERS_AT_ONCE * PARTS * CLASSES, sizeof *weights);
    for (size_t s = 0; s < count; s++) memset(out[s], 0, sets[s]->n * CLASSES * sizeof **out);
    for (size_t first = 0; first < all; first += FILTERS_AT_ONCE) {
        const size_t width = filter(cell, first, train, features);
        memset(weights, 0, width * CLASSES * sizeof *weights);
        for (size_t i = 0; i < train->n; i++)
            for (size_t j = 0; j < width; j++)
                vector64_add_scaled(CLASSES, features[i * width + j], alpha + i * CLASSES, weights + j * CLASSES);
        for (size_t s = 0; s < count; s++) {
            filter(cell, first, sets[s], features);
            for (size_t i = 0; i < sets[s]->n; i++)
                for (size_t j = 0; j < width; j++)
                    vector64_add_scaled(CLASSES, features[i * width + j], weights + j * CLASSES, out[s] + i * CLASSES);
        }
    }
    memory_free(weights);
    memory_free(features);
}

/* ---- one cell ---- */

static double error_of(const Points *points, const double *predictions) {
    size_t wrong = 0;
    for (size_t i = 0; i < points->n; i++) {
        const double *row = predictions + i * CLASSES;
        size_t best = 0;
        for (size_t c = 1; c < CLASSES; c++)
            if (row[c] > row[best]) best = c;
        wrong += best != points->labels[i];
    }
    return 100 * (double)wrong / (double)points->n;
}

/* alpha [n][CLASSES]; 0 where the matrix is not positive definite. */
static int solve(const Cell *cell, const Points *train, const double *targets, double *alpha) {
    const size_t n = train->n;
    double *k = memory_alloc(n * n, sizeof *k);
    if (cell_is(cell, "features", "filters"))
        filter_kernel(cell, train, k);
    else
        gaussian_kernel(cell_real(cell, "gamma"), train, 0, n, train, k);
    for (size_t i = 0; i < n; i++) k[i * n + i] += cell_real(cell, "ridge");
    const int definite = cholesky_factor(n, k) == 0;
    memcpy(alpha, targets, n * CLASSES * sizeof *alpha);
    if (definite) cholesky_solve(n, CLASSES, k, alpha);
    memory_free(k);
    return definite;
}

static void record_all(const Sets *sets, int definite, const double *targets, const double *alpha, double *const *out,
                       Record *record) {
    const size_t count = sets->train.n * CLASSES;
    double largest = 0, norm = 0;
    for (size_t i = 0; definite && i < count; i++) {
        const double off = fabs(out[0][i] - targets[i]);
        if (!(off <= largest)) largest = off;
        norm = fma(alpha[i], out[0][i], norm);
    }
    record_either(record, "train_error", NULL, 0, definite ? error_of(&sets->train, out[0]) : NAN);
    record_either(record, "test_error", NULL, 0, definite ? error_of(&sets->test, out[1]) : NAN);
    if (sets->fresh.n)
        record_either(record, "fresh_test_error", NULL, 0, definite ? error_of(&sets->fresh, out[2]) : NAN);
    record_either(record, "largest_train_residual", NULL, 0, definite ? largest : NAN);
    record_either(record, "train_norm", NULL, 0, definite ? sqrt(norm) : NAN);
}

static int run_cell(const Cell *cell, Arena *arena, Record *record, Error *error) {
    Sets sets;
    if (get_sets(cell, arena, &sets, error)) return -1;
    const Points *const all[3] = {&sets.train, &sets.test, &sets.fresh};
    double *targets = arena_alloc_zero(arena, sets.train.n * CLASSES, sizeof *targets), *out[3];
    double *alpha = arena_alloc(arena, sets.train.n * CLASSES, sizeof *alpha);
    for (size_t i = 0; i < sets.train.n; i++) targets[i * CLASSES + sets.train.labels[i]] = 1;
    for (size_t s = 0; s < 3; s++) out[s] = arena_alloc(arena, all[s]->n * CLASSES, sizeof **out);
    const int definite = solve(cell, &sets.train, targets, alpha);
    if (study_stopping()) return -1;
    if (definite && cell_is(cell, "features", "filters"))
        filter_predictions(cell, &sets.train, alpha, 3, all, out);
    else if (definite)
        for (size_t s = 0; s < 3; s++)
            gaussian_predictions(cell_real(cell, "gamma"), all[s], &sets.train, alpha, out[s]);
    record_all(&sets, definite, targets, alpha, out, record);
    return 0;
}

/* Core-seconds: the factorisation and, where there are any, the products of features and the exponentials. */
static double cost(const Cell *cell) {
    const int mnist = cell_is(cell, "data", "mnist"), filters = cell_is(cell, "features", "filters");
    const double asked = (double)cell_integer(cell, "train-examples"), n = asked > 0 ? asked : mnist ? 10000 : 4000;
    const double tested = n + (mnist ? 10000 : 1000 + (double)cell_integer(cell, "fresh-examples"));
    const double length = mnist ? 784 : 40, width = filters ? (double)cell_integer(cell, "filters") * PARTS : 0;
    const double exponentials = filters ? 0 : n * (n + tested) * 4e-8;
    return 0.5 + (n * n * n / 6 + n * n * (width + length) + tested * n * length) / 8e9 + exponentials +
           (2 * n + tested) * width * 1.2e-7;
}

const Method kernel_interpolation = {.name = "kernel-interpolation",
                                     .title = "Kernel machines that interpolate",
                                     .parameters = parameters,
                                     .smoke = "train-examples=200 fresh-examples=500",
                                     .run = run_cell,
                                     .cost = cost,
                                     .ready = ready,
                                     .source = "reproduce/kernel_interpolation.c"};
