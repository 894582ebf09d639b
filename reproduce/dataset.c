/* The data set MNIST-1D itself (Figure 1): its templates, examples, the stages of its generator, and its numbers of
 * examples.
 *
 * The seed of a cell is that of the generator, numpy.random.seed; 42 is the published data set.  Signals are recorded
 * at their positions 0, 1, ...: the templates, the first training example of each class as models see it
 * (standardised), and what each stage of the generator makes of one example of a chosen class: the first that this seed
 * would give if all examples were of that class, before standardisation.  The padded template has a random length; all
 * seeds of a cell must record the same positions, so zeros are recorded behind its end up to the greatest length. */
#include <math.h>

#include "data/mnist1d.h"
#include "study/method.h"

enum { CLASSES = MNIST1D_CLASSES };

static const Parameter parameters[] = {
    {"num-samples", PARAMETER_INTEGER, "5000", 10, 10000000, NULL, "examples generated, a tenth of each class", NULL},
    {"train-split", PARAMETER_REAL, "0.8", 1e-6, 0.999999, NULL, "part of the examples that trains", NULL},
    {"shuffle-seq", PARAMETER_CHOICE, "no", 0, 0, "no,yes", "permute the positions, in the same way for all examples",
     NULL},
    {"final-seq-length", PARAMETER_INTEGER, "40", 2, 100000, NULL, "positions of an example", NULL},
    {"template-len", PARAMETER_INTEGER, "12", 2, 100000, NULL,
     "padded templates are stretched to this and padding-high", NULL},
    {"padding-low", PARAMETER_INTEGER, "36", 0, 100000, NULL, "fewest zeros behind a template", NULL},
    {"padding-high", PARAMETER_INTEGER, "60", 0, 100000, NULL, "most zeros behind a template", NULL},
    {"scale-coeff", PARAMETER_REAL, "0.4", -1e6, 1e6, NULL, "width of the range of scales around 1", NULL},
    {"max-translation", PARAMETER_INTEGER, "48", 1, 100000, NULL, "shifts are below this", NULL},
    {"corr-noise-scale", PARAMETER_REAL, "0.25", -1e6, 1e6, NULL, "amplitude of the smooth noise in the padding", NULL},
    {"iid-noise-scale", PARAMETER_REAL, "0.02", -1e6, 1e6, NULL, "amplitude of the white noise", NULL},
    {"shear-scale", PARAMETER_REAL, "0.75", -1e6, 1e6, NULL, "width of the range of slopes around 0", NULL},
    {"stages-class", PARAMETER_INTEGER, "5", 0, 9, NULL, "the class whose example is followed through the stages",
     NULL},
    {NULL, PARAMETER_REAL, NULL, 0, 0, NULL, NULL, NULL}};

static Mnist1dOptions options_of(const Cell *cell) {
    return (Mnist1dOptions){.num_samples = (size_t)cell_integer(cell, "num-samples"),
                            .train_split = cell_real(cell, "train-split"),
                            .seed = cell_seed(cell),
                            .shuffle_seq = cell_is(cell, "shuffle-seq", "yes"),
                            .template_len = (int)cell_integer(cell, "template-len"),
                            .padding_low = (int)cell_integer(cell, "padding-low"),
                            .padding_high = (int)cell_integer(cell, "padding-high"),
                            .scale_coeff = cell_real(cell, "scale-coeff"),
                            .max_translation = (int)cell_integer(cell, "max-translation"),
                            .corr_noise_scale = cell_real(cell, "corr-noise-scale"),
                            .iid_noise_scale = cell_real(cell, "iid-noise-scale"),
                            .shear_scale = cell_real(cell, "shear-scale"),
                            .final_seq_length = (int)cell_integer(cell, "final-seq-length")};
}

static void record_signal(Record *record, const char *metric, size_t length, const double *x) {
    for (size_t i = 0; i < length; i++) record_point(record, metric, "position", (double)i, x[i]);
}

/* The first training example of each class. */
static int record_examples(const Mnist1d *data, Arena *arena, Record *record, Error *error) {
    for (int c = 0; c < CLASSES; c++) {
        size_t row = 0;
        while (row < data->n_train && data->y[row] != c) row++;
        if (row == data->n_train)
            return error_set(error,
                             "no training example is of class %d: choose a larger --num-samples or --train-split", c);
        record_signal(record, arena_format(arena, "example_%d", c), data->length, data->x + row * data->length);
    }
    return 0;
}

/* Metrics stage_padded, stage_stretched, stage_scaled, stage_translated, stage_correlated_noise, stage_white_noise,
 * stage_sheared and stage_resampled. */
static int record_stages(const Mnist1dOptions *options, int class, Arena *arena, Record *record, Error *error) {
    Mnist1dStage *stages;
    size_t n;
    if (mnist1d_stages(options, class, arena, &stages, &n, error)) return -1;
    for (size_t s = 0; s < n; s++) {
        char *metric = arena_format(arena, "stage_%s", stages[s].name);
        for (char *c = metric; *c; c++)
            if (*c == ' ') *c = '_';
        record_signal(record, metric, stages[s].length, stages[s].x);
        const size_t longest = s == 0 ? (size_t)(MNIST1D_TEMPLATE_POINTS + options->padding_high) : 0;
        for (size_t i = stages[s].length; i < longest; i++) record_point(record, metric, "position", (double)i, 0);
    }
    record_metric(record, "padding", (double)(stages[0].length - MNIST1D_TEMPLATE_POINTS));
    return 0;
}

/* How many examples of each class, and what part of the set in per cent. */
static void record_classes(Record *record, const char *examples, const char *share, size_t n, const uint8_t *labels) {
    size_t count[CLASSES] = {0};
    for (size_t i = 0; i < n; i++) count[labels[i]]++;
    for (int c = 0; c < CLASSES; c++) record_point(record, examples, "class", c, (double)count[c]);
    for (int c = 0; c < CLASSES; c++) record_point(record, share, "class", c, (double)count[c] * 100 / (double)n);
}

static int run_cell(const Cell *cell, Arena *arena, Record *record, Error *error) {
    const Mnist1dOptions options = options_of(cell);
    const char *fault = mnist1d_check(&options);
    Mnist1d data;
    if (options.padding_low > options.padding_high)
        return error_set(error, "option --padding-low: %d is more than the %d of --padding-high", options.padding_low,
                         options.padding_high);
    if (fault) return error_set(error, "options of the data: %s", fault);
    if (mnist1d_make(&options, arena, &data, error)) return -1;
    record_metric(record, "train_examples", (double)data.n_train);
    record_metric(record, "test_examples", (double)data.n_test);
    record_metric(record, "raw_mean", data.mean); /* of all values before they are standardised */
    record_metric(record, "raw_sd", data.sd);
    record_classes(record, "train_class_examples", "train_class_share", data.n_train, data.y);
    record_classes(record, "test_class_examples", "test_class_share", data.n_test, data.y_test);
    double templates[CLASSES][MNIST1D_TEMPLATE_POINTS], t[MNIST1D_TEMPLATE_POINTS];
    mnist1d_templates(templates, t);
    for (int c = 0; c < CLASSES; c++)
        record_signal(record, arena_format(arena, "template_%d", c), MNIST1D_TEMPLATE_POINTS, templates[c]);
    return record_examples(&data, arena, record, error) ||
                   record_stages(&options, (int)cell_integer(cell, "stages-class"), arena, record, error)
               ? -1
               : 0;
}

static double cost(const Cell *cell) {
    return 0.01 + 9e-6 * (double)cell_integer(cell, "num-samples");
}

const Method dataset = {.name = "dataset",
                        .title = "The data set: templates, examples, stages of the generator",
                        .parameters = parameters,
                        .run = run_cell,
                        .cost = cost,
                        .source = "reproduce/dataset.c"};
