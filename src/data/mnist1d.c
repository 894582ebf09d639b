#include "data/mnist1d.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

#include "exact/exact.h"
#include "random/random.h"

enum { POINTS = MNIST1D_TEMPLATE_POINTS, CLASSES = MNIST1D_CLASSES, MOST_POINTS = 100000 };
enum { RADIUS = 8, TAPS = 2 * RADIUS + 1 }; /* of the filter that smooths noise */
static const size_t most_samples = 100000000;

/* One row per class, as published: the x of 12 points. */
static const double raw_templates[CLASSES][POINTS] = {
    {5, 6, 6.5, 6.75, 7, 7, 7, 7, 6.75, 6.5, 6, 5},     {5, 3, 3, 3.4, 3.8, 4.2, 4.6, 5, 5.4, 5.8, 5, 5},
    {5, 6, 6.5, 6.5, 6, 5.25, 4.75, 4, 3.5, 3.5, 4, 5}, {5, 6, 6.5, 6.5, 6, 5, 5, 6, 6.5, 6.5, 6, 5},
    {5, 4.4, 3.8, 3.2, 2.6, 2.6, 5, 5, 5, 5, 5, 5},     {5, 3, 3, 3, 3, 5, 6, 6.5, 6.5, 6, 4.5, 5},
    {5, 4, 3.5, 3.25, 3, 3, 3, 3, 3.25, 3.5, 4, 5},     {5, 7, 7, 6.6, 6.2, 5.8, 5.4, 5, 4.6, 4.2, 5, 5},
    {5, 4, 3.5, 3.5, 4, 5, 5, 4, 3.5, 3.5, 4, 5},       {5, 4, 3.5, 3.5, 4, 5, 5, 5, 5, 4.7, 4.3, 5},
};

Mnist1dOptions mnist1d_defaults(void) {
    return (Mnist1dOptions){.num_samples = 5000,
                            .train_split = 0.8,
                            .seed = 42,
                            .template_len = POINTS,
                            .padding_low = 36,
                            .padding_high = 60,
                            .scale_coeff = 0.4,
                            .max_translation = 48,
                            .corr_noise_scale = 0.25,
                            .iid_noise_scale = 0.02,
                            .shear_scale = 0.75,
                            .final_seq_length = 40};
}

static size_t rows_of(const Mnist1dOptions *options) {
    return options->num_samples / CLASSES * CLASSES;
}

static size_t train_rows_of(const Mnist1dOptions *options) {
    return (size_t)((double)rows_of(options) * options->train_split);
}

/* The data twice (in order, then shuffled) and the permutation. */
static int fits_memory(const Mnist1dOptions *options) {
    const double needed = (double)options->num_samples * (2.0 * options->final_seq_length + 2.0) * 8.0;
    double available = 64e9; /* bytes, where the system does not say */
#ifdef _SC_PHYS_PAGES
    long pages = sysconf(_SC_PHYS_PAGES), page_bytes = sysconf(_SC_PAGESIZE);
    if (pages > 0 && page_bytes > 0) available = (double)pages * (double)page_bytes;
#endif
    return needed <= available && needed < (double)((size_t)-1) / 2.0;
}

static int usable_scale(double scale) {
    return isfinite(scale) && fabs(scale) <= 1e6;
}

const char *mnist1d_check(const Mnist1dOptions *options) {
    const Mnist1dOptions *o = options;
    if (o->num_samples < 10) return "num-samples must be at least 10: one example for each class";
    if (o->num_samples > most_samples) return "num-samples must be at most 100000000";
    if (!(o->train_split > 0.0 && o->train_split < 1.0)) return "train-split must lie between 0 and 1, both excluded";
    if (train_rows_of(o) == 0 || train_rows_of(o) == rows_of(o))
        return "num-samples and train-split must leave at least one training and one test example";
    if (o->templates && (o->template_points < 2 || o->template_points > MOST_POINTS))
        return "templates must have 2 to 100000 points";
    for (size_t i = 0; o->templates && i < CLASSES * o->template_points; i++)
        if (!isfinite(o->templates[i])) return "templates must be finite numbers";
    if (o->template_len < 2 || o->template_len > MOST_POINTS) return "template-len must be 2 to 100000";
    if (o->padding_low < 0 || o->padding_high < o->padding_low || o->padding_high > MOST_POINTS)
        return "padding must be two numbers LOW,HIGH with 0 <= LOW <= HIGH <= 100000";
    if (o->max_translation < 1 || o->max_translation > MOST_POINTS) return "max-translation must be 1 to 100000";
    if (o->final_seq_length < 2 || o->final_seq_length > MOST_POINTS) return "final-seq-length must be 2 to 100000";
    if (!usable_scale(o->scale_coeff)) return "scale-coeff must be -1e6 to 1e6";
    if (!usable_scale(o->corr_noise_scale)) return "corr-noise-scale must be -1e6 to 1e6";
    if (!usable_scale(o->iid_noise_scale)) return "iid-noise-scale must be -1e6 to 1e6";
    if (!usable_scale(o->shear_scale)) return "shear-scale must be -1e6 to 1e6";
    if (!fits_memory(o)) return "num-samples x final-seq-length needs more memory than this machine has: use fewer";
    return NULL;
}

/* ---- NumPy's arithmetic ------------------------------------------------------------------------------------------
 * The last bits depend on the order of operations, so these follow np.sum, np.linspace and np.interp. */

/* The terms of a sum: x, or (x - mean)^2; rows x length values, read by row or by column. */
typedef struct Terms {
    const double *x;
    size_t rows, length;
    int by_column, squared;
    double mean;
} Terms;

static double term(const Terms *terms, size_t i) {
    double x = terms->x[terms->by_column ? i % terms->rows * terms->length + i / terms->rows : i];
    double centred = x - terms->mean;
    return terms->squared ? centred * centred : x;
}

/* Eight accumulators over at most 128 terms. */
static double sum_block(const Terms *terms, size_t from, size_t count) {
    double lane[8], sum = -0.0;
    size_t whole = count - count % 8;
    if (whole > 0) {
        for (size_t j = 0; j < 8; j++) lane[j] = term(terms, from + j);
        for (size_t i = 8; i < whole; i++) lane[i % 8] += term(terms, from + i);
        sum = ((lane[0] + lane[1]) + (lane[2] + lane[3])) + ((lane[4] + lane[5]) + (lane[6] + lane[7]));
    }
    for (size_t i = whole; i < count; i++) sum += term(terms, from + i);
    return sum;
}

static double pairwise_sum(const Terms *terms, size_t from, size_t count) {
    if (count <= 128) return sum_block(terms, from, count);
    size_t half = count / 2 - count / 2 % 8;
    return pairwise_sum(terms, from, half) + pairwise_sum(terms, from + half, count - half);
}

static void mean_and_sd(const double *x, size_t rows, size_t length, int by_column, double *mean, double *sd) {
    Terms terms = {x, rows, length, by_column, 0, 0.0};
    double count = (double)(rows * length);
    *mean = terms.mean = pairwise_sum(&terms, 0, rows * length) / count;
    terms.squared = 1;
    *sd = sqrt(pairwise_sum(&terms, 0, rows * length) / count);
}

/* Point i of count from low to high, both included. */
static double linspace(double low, double high, size_t count, size_t i) {
    double step = (high - low) / (double)(count - 1);
    return i + 1 == count ? high : (double)i * step + low;
}

/* y on n equispaced points of [0,1] -> out on m of them, linear between. */
static void resample(const double *y, size_t n, double *out, size_t m) {
    size_t j = 0;
    for (size_t i = 0; i < m; i++) {
        double x = linspace(0.0, 1.0, m, i);
        while (j + 1 < n && linspace(0.0, 1.0, n, j + 1) <= x) j++;
        double at = linspace(0.0, 1.0, n, j);
        if (j + 1 == n || at == x) {
            out[i] = y[j];
            continue;
        }
        double slope = (y[j + 1] - y[j]) / (linspace(0.0, 1.0, n, j + 1) - at);
        out[i] = slope * (x - at) + y[j];
    }
}

/* ---- the generator ---------------------------------------------------------------------------------------------- */

void mnist1d_templates(double x[10][12], double t[12]) {
    for (int c = 0; c < CLASSES; c++) {
        double mean, sd;
        mean_and_sd(raw_templates[c], 1, POINTS, 0, &mean, &sd);
        for (int i = 0; i < POINTS; i++) x[c][i] = raw_templates[c][i] - mean;
        mean_and_sd(x[c], 1, POINTS, 0, &mean, &sd);
        double first = x[c][0] / sd;
        for (int i = 0; i < POINTS; i++) x[c][i] = (x[c][i] / sd - first) / 6.0;
    }
    for (size_t i = 0; i < POINTS; i++) t[i] = linspace(-5.0, 5.0, POINTS, i) / 6.0;
}

/* What all examples share, and room for one. */
typedef struct Generator {
    const Mnist1dOptions *options;
    Mt19937 mt;
    const double *templates, *t; /* [CLASSES][points], [points] */
    size_t points;
    double weights[TAPS];
    size_t width; /* points of an example before the last resampling */
    double *x, *other, *noise;
    Arena *arena;         /* of the stages */
    Mnist1dStage *stages; /* NULL: not recorded */
    size_t n_stages;
} Generator;

static void generator_begin(Generator *generator, const Mnist1dOptions *options, Arena *arena) {
    memset(generator, 0, sizeof *generator);
    generator->options = options;
    generator->arena = arena;
    mt19937_seed(&generator->mt, options->seed);

    /* Given templates lie, like the published ones, on equispaced t from -5/6 to 5/6. */
    const size_t points = generator->points = options->templates ? options->template_points : POINTS;
    double *t = arena_alloc(arena, points, sizeof *t);
    if (options->templates) {
        for (size_t i = 0; i < points; i++) t[i] = linspace(-5.0, 5.0, points, i) / 6.0;
        generator->templates = options->templates;
    } else {
        double(*published)[POINTS] = arena_alloc(arena, CLASSES, sizeof *published);
        mnist1d_templates(published, t);
        generator->templates = published[0];
    }
    generator->t = t;

    /* exp(-i^2 / (2 sigma^2)) for sigma = 2, cut off at four sigma on each side, normalised */
    double *weights = generator->weights;
    for (int i = 0; i < TAPS; i++) weights[i] = exact_exp(-0.125 * (i - RADIUS) * (i - RADIUS));
    const Terms terms = {weights, 1, TAPS, 0, 0, 0.0};
    const double sum = pairwise_sum(&terms, 0, TAPS);
    for (int i = 0; i < TAPS; i++) weights[i] /= sum;

    generator->width = (size_t)options->template_len + (size_t)options->padding_high;
    const size_t padded = points + (size_t)options->padding_high;
    generator->x = arena_alloc(arena, generator->width, sizeof(double));
    generator->other = arena_alloc(arena, padded > generator->width ? padded : generator->width, sizeof(double));
    generator->noise = arena_alloc(arena, generator->width, sizeof(double));
}

/* Keeps a copy of a stage's signal when stages are asked for. */
static void record(Generator *generator, const char *name, const double *x, size_t length) {
    if (!generator->stages) return;
    Mnist1dStage *stage = &generator->stages[generator->n_stages++];
    stage->name = name;
    stage->length = length;
    stage->x = arena_alloc(generator->arena, length, sizeof(double));
    stage->t = arena_alloc(generator->arena, length, sizeof(double));
    memcpy(stage->x, x, length * sizeof(double));
    resample(generator->t, generator->points, stage->t, length);
}

/* Zeros behind the template.  The generator adds 1e-8 to the template's points, so that exact zeros are padding: the
 * smooth noise goes there only. */
static void pad(Generator *generator, int label) {
    const Mnist1dOptions *o = generator->options;
    double draw = numpy_rand(&generator->mt);
    size_t padding = (size_t)o->padding_low + (size_t)(draw * (o->padding_high - o->padding_low + 1));
    size_t points = generator->points, length = points + padding;
    const double *template = generator->templates + (size_t)label * points;
    for (size_t i = 0; i < length; i++) generator->other[i] = i < points ? template[i] + 1e-8 : 0.0;
    record(generator, "padded", generator->other, length);
    resample(generator->other, length, generator->x, generator->width);
    record(generator, "stretched", generator->x, generator->width);
}

static void scale(Generator *generator) {
    double factor = 1.0 + generator->options->scale_coeff * (numpy_rand(&generator->mt) - 0.5);
    for (size_t i = 0; i < generator->width; i++) generator->x[i] *= factor;
    record(generator, "scaled", generator->x, generator->width);
}

static void translate(Generator *generator) {
    size_t width = generator->width,
           shift = numpy_randint(&generator->mt, (uint32_t)generator->options->max_translation);
    if (shift >= width) shift = 0; /* the original joins x[-shift:], here all of x, and x[:-shift], here empty */
    memcpy(generator->other, generator->x, width * sizeof(double));
    for (size_t i = 0; i < width; i++) generator->x[(i + shift) % width] = generator->other[i];
    record(generator, "translated", generator->x, width);
}

/* Position i >= -RADIUS of n mirrored at both ends, as often as needed: ... 1 0 | 0 1 ... n-1 | n-1 n-2 ... */
static size_t mirrored(long i, size_t n) {
    const size_t at = (i < 0 ? (size_t)(-1 - i) : (size_t)i) % (2 * n);
    return at < n ? at : 2 * n - 1 - at;
}

static double smoothed(const double *x, size_t n, size_t at, const double weights[TAPS]) {
    long i = (long)at;
    double sum = x[at] * weights[RADIUS];
    for (long d = RADIUS; d >= 1; d--) sum += (x[mirrored(i - d, n)] + x[mirrored(i + d, n)]) * weights[RADIUS - d];
    return sum;
}

static void draw_noise(Generator *generator, double amplitude) {
    for (size_t i = 0; i < generator->width; i++) generator->noise[i] = amplitude * numpy_randn(&generator->mt);
}

/* Correlated noise where there is only padding, then white noise everywhere. */
static void add_noise(Generator *generator) {
    size_t width = generator->width;
    draw_noise(generator, generator->options->corr_noise_scale);
    for (size_t i = 0; i < width; i++)
        if (generator->x[i] == 0.0) generator->x[i] = smoothed(generator->noise, width, i, generator->weights);
    record(generator, "correlated noise", generator->x, width);
    draw_noise(generator, generator->options->iid_noise_scale);
    for (size_t i = 0; i < width; i++) generator->x[i] += generator->noise[i];
    record(generator, "white noise", generator->x, width);
}

static void shear(Generator *generator) {
    double slope = generator->options->shear_scale * (numpy_rand(&generator->mt) - 0.5);
    for (size_t i = 0; i < generator->width; i++) generator->x[i] -= slope * linspace(-0.5, 0.5, generator->width, i);
    record(generator, "sheared", generator->x, generator->width);
}

static void make_example(Generator *generator, int label, double *out) {
    size_t length = (size_t)generator->options->final_seq_length;
    pad(generator, label);
    scale(generator);
    translate(generator);
    add_noise(generator);
    shear(generator);
    resample(generator->x, generator->width, out, length);
    record(generator, "resampled", out, length);
}

/* data->x and data->y become the rows of raw, shuffled; the columns too when asked. */
static void shuffle(Generator *generator, const double *raw, size_t rows, size_t *permutation, Mnist1d *data) {
    size_t length = data->length, per_class = rows / CLASSES;
    numpy_permutation(&generator->mt, rows, permutation);
    for (size_t i = 0; i < rows; i++) {
        memcpy(data->x + i * length, raw + permutation[i] * length, length * sizeof(double));
        data->y[i] = (uint8_t)(permutation[i] / per_class);
    }
    if (!generator->options->shuffle_seq) return;
    size_t *columns = arena_alloc(generator->arena, length, sizeof *columns);
    numpy_permutation(&generator->mt, length, columns);
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < length; j++) data->x[i * length + j] = raw[permutation[i] * length + columns[j]];
}

static int standardise(Generator *generator, size_t rows, Mnist1d *data, Error *error) {
    /* Where columns were taken by an index, NumPy's array lies column by column in memory, and is summed in that order. */
    mean_and_sd(data->x, rows, data->length, generator->options->shuffle_seq, &data->mean, &data->sd);
    if (!isfinite(data->sd) || data->sd <= 0.0)
        return error_set(error,
                         "MNIST-1D: the standard deviation of the signals is %g, so that they cannot be "
                         "standardised; choose other templates, noise and scales",
                         data->sd);
    for (size_t i = 0; i < rows * data->length; i++) data->x[i] = (data->x[i] - data->mean) / data->sd;
    resample(generator->t, generator->points, data->t, data->length);
    for (size_t i = 0; i < data->length; i++) data->t[i] /= data->sd;
    return 0;
}

int mnist1d_make(const Mnist1dOptions *options, Arena *arena, Mnist1d *data, Error *error) {
    Generator generator;
    const char *reason = mnist1d_check(options);
    if (reason) return error_set(error, "MNIST-1D: %s", reason);
    size_t rows = rows_of(options), length = (size_t)options->final_seq_length;
    Arena *scratch = arena_create(0);
    double *raw = arena_alloc(scratch, rows * length, sizeof *raw);
    size_t *permutation = arena_alloc(scratch, rows, sizeof *permutation);
    data->n_train = train_rows_of(options);
    data->n_test = rows - data->n_train;
    data->length = length;
    data->x = arena_alloc(arena, rows * length, sizeof(double));
    data->y = arena_alloc(arena, rows, 1);
    data->t = arena_alloc(arena, length, sizeof(double));
    generator_begin(&generator, options, scratch);
    for (size_t i = 0; i < rows; i++) make_example(&generator, (int)(i / (rows / CLASSES)), raw + i * length);
    shuffle(&generator, raw, rows, permutation, data);
    const int status = standardise(&generator, rows, data, error);
    data->x_test = data->x + data->n_train * length;
    data->y_test = data->y + data->n_train;
    data->stream = generator.mt;
    data->next_random = numpy_rand(&generator.mt);
    arena_destroy(scratch);
    return status;
}

int mnist1d_stages(const Mnist1dOptions *options, int label, Arena *arena, Mnist1dStage **stages, size_t *n_stages,
                   Error *error) {
    enum { STAGES = 8 };
    Generator generator;
    const char *reason = mnist1d_check(options);
    if (reason) return error_set(error, "MNIST-1D: %s", reason);
    if (label < 0 || label >= CLASSES) return error_set(error, "MNIST-1D: label %d is not a class, 0 to 9", label);
    generator_begin(&generator, options, arena);
    generator.stages = arena_alloc(arena, STAGES, sizeof *generator.stages);
    make_example(&generator, label, arena_alloc(arena, (size_t)options->final_seq_length, sizeof(double)));
    *stages = generator.stages;
    *n_stages = generator.n_stages;
    return 0;
}

/* ---- for models ------------------------------------------------------------------------------------------------- */

float *mnist1d_binary32(size_t count, const double *values, Arena *arena) {
    float *out = arena_alloc(arena, count, sizeof *out);
    for (size_t i = 0; i < count; i++) out[i] = (float)values[i];
    return out;
}

size_t *mnist1d_feature_order(size_t length, int shuffled, uint32_t seed, Arena *arena) {
    size_t *order = arena_alloc(arena, length, sizeof *order);
    Mt19937 mt;
    for (size_t i = 0; i < length; i++) order[i] = i;
    mt19937_seed(&mt, seed);
    if (shuffled) numpy_permutation(&mt, length, order);
    return order;
}
