/* Pooling in small and large training sets: Figure 9 and its version with six panels.
 *
 * A network of two convolutions (20 channels, width 3) and a linear layer halves its signal after each convolution by
 * one of five methods: not at all, by a stride of 2 in the convolution, or by the maximum, average or Euclidean norm of
 * pairs.  Without halving it has 9310 parameters, else 3310.  Training sets of 1000 to 50000 examples come each from a
 * data set of its own (seed 42, 1000 more examples to test).  Adam, batches of 100 in data order, steps 0 to 6000
 * inclusive; every 100 steps, after the update, the test set is evaluated.  The seed of a cell draws the initial
 * weights as torch.manual_seed does; the published runs have seed 0.
 *
 * The published test sets are small (half a point is five examples) and differ between training sets.  So each network
 * is also tested on one common set: 10000 raw examples drawn with another seed, the same for all.  A network expects
 * signals that were standardised with the mean and deviation of its own data set, and the common set is standardised
 * with those too: what a user of the trained network would do with new signals. */
#include <math.h>

#include "data/mnist1d.h"
#include "exact/exact.h"
#include "nn/pooling_cnn.h"
#include "nn/train.h"
#include "registry.h"

#define CLASSES 10
#define LENGTH 40
#define DATA_SEED 42
#define COMMON_SEED 1042

static const Parameter parameters[] = {
    {"pooling", PARAMETER_CHOICE, "none", 0, 0, "none,stride,max,average,l2", "how signals are halved", NULL},
    {"train-examples", PARAMETER_INTEGER, "5000", 10, 10000000, NULL,
     "size of the training set; a multiple of the batch", NULL},
    {"steps", PARAMETER_INTEGER, "6000", 0, 10000000, NULL, "last step; steps count from 0", NULL},
    {"batch", PARAMETER_INTEGER, "100", 1, 100000, NULL, "examples per update", NULL},
    {"learning-rate", PARAMETER_REAL, "0.01", 1e-12, 1e3, NULL, "of Adam", NULL},
    {"evaluate-every", PARAMETER_INTEGER, "100", 1, 10000000, NULL, "steps between evaluations", NULL},
    {"report-every", PARAMETER_INTEGER, "1000", 1, 10000000, NULL,
     "steps between losses and evaluations on the common set", NULL},
    {"channels", PARAMETER_INTEGER, "20", 1, 2000, NULL, "of both convolutions", NULL},
    {"test-examples", PARAMETER_INTEGER, "1000", 10, 1000000, NULL, "beside those of the training set", NULL},
    {"common-examples", PARAMETER_INTEGER, "10000", 20, 10000000, NULL, "of the common test set", NULL},
    {NULL, PARAMETER_REAL, NULL, 0, 0, NULL, NULL, NULL}};

/* ---- data ---- */

typedef struct Data {
    Batches batches;
    Examples train, test, common;
} Data;

static int generate(long long num_samples, double train_split, uint32_t seed, Arena *arena, Mnist1d *raw,
                    Error *error) {
    Mnist1dOptions options = mnist1d_defaults();
    options.num_samples = (size_t)num_samples;
    options.train_split = train_split;
    options.seed = seed;
    return mnist1d_make(&options, arena, raw, error);
}

static float *binary32(size_t count, const double *values, Arena *arena) {
    float *out = arena_alloc(arena, count, sizeof *out);
    for (size_t i = 0; i < count; i++) out[i] = (float)values[i];
    return out;
}

/* Signals that were standardised with their own mean and deviation, standardised with those of other data instead. */
static void standardise_as(const Mnist1d *other, Mnist1d *data) {
    const size_t count = (data->n_train + data->n_test) * LENGTH; /* the test rows follow the training rows */
    for (size_t i = 0; i < count; i++) data->x[i] = (data->x[i] * data->sd + data->mean - other->mean) / other->sd;
}

static int make_data(const Cell *cell, Arena *arena, Data *data, Error *error) {
    const long long n_train = cell_integer(cell, "train-examples"), n_test = cell_integer(cell, "test-examples");
    const double n = (double)(n_train + n_test);
    Mnist1d own, common;
    if (generate(n_train + n_test, 1 - (double)n_test / n, DATA_SEED, arena, &own, error) ||
        generate(cell_integer(cell, "common-examples"), 0.5, COMMON_SEED, arena, &common, error))
        return -1;
    if (own.n_train != (size_t)n_train || own.n_test != (size_t)n_test)
        return error_set(error,
                         "options --train-examples and --test-examples: %lld and %lld make no whole data set: "
                         "give multiples of 10",
                         n_train, n_test);
    standardise_as(&own, &common);
    const float *train = binary32(own.n_train * LENGTH, own.x, arena);
    const size_t n_common = common.n_train + common.n_test;
    data->train = examples_make(own.n_train, LENGTH, train, own.y, NULL, arena);
    data->test =
        examples_make(own.n_test, LENGTH, binary32(own.n_test * LENGTH, own.x_test, arena), own.y_test, NULL, arena);
    data->common = examples_make(n_common, LENGTH, binary32(n_common * LENGTH, common.x, arena), common.y, NULL, arena);
    return batches_make(own.n_train, LENGTH, (size_t)cell_integer(cell, "batch"), train, own.y, NULL, arena,
                        &data->batches, error);
}

/* ---- one cell ---- */

/* Percent from the count, so that 782 of 1000 is 78.2 and not its neighbour. */
static double percent(double accuracy, size_t n) {
    return floor(accuracy * (double)n + 0.5) * 100 / (double)n;
}

enum { RADIUS = 4 }; /* of the filter, in evaluations: four deviations */

/* The published curves are smoothed by a Gaussian of one evaluation's width; beyond the ends the curve is mirrored,
 * its last value twice (scipy.ndimage.gaussian_filter, sigma 1).  Only for drawing and for what was read from drawings.
 */
static double smoothed(const double *curve, size_t n, size_t at) {
    double sum = 0, total = 0;
    for (int k = -RADIUS; k <= RADIUS; k++) {
        const double weight = exact_exp(-0.5 * k * k);
        const long period = 2 * (long)n;
        long i = ((long)at + k) % period;
        if (i < 0) i += period;
        if (i >= (long)n) i = period - 1 - i;
        sum = fma(weight, curve[i], sum);
        total += weight;
    }
    return sum / total;
}

/* The test accuracies of a run so far, where they were taken, and the loss at the last of them. */
typedef struct Curve {
    size_t n;
    double *step, *accuracy, last_loss;
} Curve;

static void evaluate_test(Trainer *trainer, const Data *data, long long step, Curve *curve, Record *record) {
    const Evaluation test = trainer_evaluate(trainer, &data->test);
    curve->step[curve->n] = (double)step;
    curve->accuracy[curve->n] = percent(test.accuracy, data->test.n);
    curve->last_loss = test.loss;
    record_point(record, "test_accuracy", "step", (double)step, curve->accuracy[curve->n++]);
}

static double report(Trainer *trainer, const Data *data, long long step, double train_loss, double test_loss,
                     Record *record) {
    const double accuracy = percent(trainer_evaluate(trainer, &data->common).accuracy, data->common.n);
    record_point(record, "train_loss", "step", (double)step, train_loss);
    record_point(record, "test_loss", "step", (double)step, test_loss);
    record_point(record, "common_accuracy", "step", (double)step, accuracy);
    return accuracy;
}

static void record_final(Trainer *trainer, const Data *data, const Curve *curve, double common, Record *record) {
    const size_t last = curve->n - 1;
    const double train = trainer_evaluate(trainer, &data->train).accuracy;
    for (size_t i = 0; i <= last; i++)
        record_point(record, "smoothed_test_accuracy", "step", curve->step[i], smoothed(curve->accuracy, curve->n, i));
    record_metric(record, "final_test_accuracy", curve->accuracy[last]);
    record_metric(record, "final_test_loss", curve->last_loss);
    record_metric(record, "final_smoothed_accuracy", smoothed(curve->accuracy, curve->n, last));
    record_metric(record, "final_common_accuracy", common);
    record_metric(record, "final_train_accuracy", percent(train, data->train.n));
}

static int train_cell(const Cell *cell, Trainer *trainer, const Data *data, Arena *arena, Record *record) {
    const long long steps = cell_integer(cell, "steps"), every = cell_integer(cell, "evaluate-every");
    const long long report_every = cell_integer(cell, "report-every");
    const size_t evaluations = (size_t)(steps / every) + (size_t)(steps / report_every) + 3;
    Curve curve = {0, arena_alloc(arena, evaluations, sizeof(double)), arena_alloc(arena, evaluations, sizeof(double)),
                   0};
    double common = 0;
    for (long long step = 0; step <= steps; step++) {
        const double loss = trainer_step_on(trainer, &data->batches, (size_t)step);
        if (step % every == 0 || step % report_every == 0 || step == steps)
            evaluate_test(trainer, data, step, &curve, record);
        if (step % report_every == 0 || step == steps)
            common = report(trainer, data, step, loss, curve.last_loss, record);
        if (study_stopping()) return -1;
    }
    record_final(trainer, data, &curve, common, record);
    return 0;
}

static int run_cell(const Cell *cell, Arena *arena, Record *record, Error *error) {
    Data data;
    Mt19937 mt;
    if (make_data(cell, arena, &data, error)) return -1;
    Model model = model_pooling(LENGTH, (size_t)cell_integer(cell, "channels"), CLASSES,
                                pooling_by_name(cell_choice(cell, "pooling")));
    real *weights = arena_alloc(arena, model.n_parameters, sizeof *weights);
    mt19937_seed(&mt, cell_seed(cell));
    model_initialize(&model, &mt, weights);
    Optimizer adam = optimizer_create(OPTIMIZER_ADAM, cell_real(cell, "learning-rate"), 0, model.n_parameters, arena);
    Trainer *trainer = trainer_create(&model, weights, adam, arena);
    record_metric(record, "n_parameters", (double)model.n_parameters);
    int status = train_cell(cell, trainer, &data, arena, record);
    trainer_destroy(trainer);
    return status;
}

/* Core-seconds: what a step costs with 20 channels, evaluations included, and what an example costs to make. */
static double cost(const Cell *cell) {
    const double steps = (double)cell_integer(cell, "steps") * (double)cell_integer(cell, "batch") / 6e5;
    const double channels = (double)cell_integer(cell, "channels") / 20;
    const double per_run = cell_is(cell, "pooling", "none") ? 3.5 : cell_is(cell, "pooling", "stride") ? 1.2 : 2.2;
    return 0.2 + 1e-5 * (double)cell_integer(cell, "train-examples") + per_run * steps * channels * (1 + channels) / 2;
}

const Method pooling = {.name = "pooling",
                        .title = "Ways of halving a signal, by the size of the training set",
                        .parameters = parameters,
                        .smoke = "steps=200 evaluate-every=20 report-every=100 test-examples=200 common-examples=1000",
                        .run = run_cell,
                        .cost = cost,
                        .source = "reproduce/pooling.c"};
