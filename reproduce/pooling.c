/* Pooling in small and large training sets: Figure 9 and its version with six panels.
 *
 * A network of two convolutions (20 channels, width 3) and a linear layer halves its signal after each convolution by
 * one of five methods: not at all, by a stride of 2 in the convolution, or by the maximum, average or Euclidean norm of
 * pairs.  Without halving it has 9310 parameters, else 3310.  Training sets of 1000 to 50000 examples come each from a
 * data set of its own (seed 42, 1000 more examples to test).  Adam, batches of 100 in data order, steps 0 to 6000
 * inclusive, which makes 6001 updates; after every 100th, from step 0 on, and after the last the test set is evaluated.
 * The seed of a cell draws the initial weights as torch.manual_seed does; the published runs have seed 0.
 *
 * The published test sets are small (half a point is five examples) and differ between training sets.  So each network
 * is also tested on one common set: 10000 raw examples drawn with another seed, the same for all.  A network expects
 * signals that were standardised with the mean and deviation of its own data set, and the common set is standardised
 * with those too: what a user of the trained network would do with new signals.  At the end comes a third set, of fresh
 * test signals, which all methods have. */
#include <math.h>

#include "exact/exact.h"
#include "nn/fit.h"
#include "nn/mnist1d_sets.h"
#include "nn/pooling_cnn.h"
#include "registry.h"

#define CLASSES 10
#define LENGTH 40
#define DATA_SEED 42
#define COMMON_SEED 1042

static const Parameter parameters[] = {
    {"pooling", PARAMETER_CHOICE, "none", 0, 0, "none,stride,max,average,l2", "how signals are halved", NULL},
    {"train-examples", PARAMETER_INTEGER, "5000", 10, 10000000, NULL,
     "size of the training set; a multiple of the batch", NULL},
    {"steps", PARAMETER_INTEGER, "6000", 0, 10000000, NULL,
     "number of the last update, from 0: 6000 makes 6001 updates", NULL},
    {"batch", PARAMETER_INTEGER, "100", 1, 100000, NULL, "examples per update", NULL},
    {"learning-rate", PARAMETER_REAL, "0.01", 1e-12, 1e3, NULL, "of Adam", NULL},
    {"evaluate-every", PARAMETER_INTEGER, "100", 1, 10000000, NULL, "updates between evaluations of the test set",
     NULL},
    {"report-every", PARAMETER_INTEGER, "1000", 1, 10000000, NULL,
     "updates between reports of the losses and of the accuracy on the common set", NULL},
    {"channels", PARAMETER_INTEGER, "20", 1, 2000, NULL, "of both convolutions", NULL},
    {"test-examples", PARAMETER_INTEGER, "1000", 10, 1000000, NULL, "beside those of the training set", NULL},
    {"common-examples", PARAMETER_INTEGER, "10000", 20, 10000000, NULL, "of the common test set", NULL},
    FRESH_TEST_PARAMETER,
    {NULL, PARAMETER_REAL, NULL, 0, 0, NULL, NULL, NULL}};

/* ---- data ---- */

typedef struct Data {
    LabelledSet train, test, common, fresh;
} Data;

static int generate(long long num_samples, double train_split, uint32_t seed, Arena *arena, Mnist1d *raw,
                    Error *error) {
    Mnist1dOptions options = mnist1d_defaults();
    options.num_samples = (size_t)num_samples;
    options.train_split = train_split;
    options.seed = seed;
    return mnist1d_make(&options, arena, raw, error);
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
    const size_t n_common = common.n_train + common.n_test; /* the test rows follow the training rows */
    if (n_common != (size_t)cell_integer(cell, "common-examples"))
        return error_set(error, "option --common-examples: %lld are not as many of each class: give a multiple of 10",
                         cell_integer(cell, "common-examples"));
    /* The common signals were standardised with their own mean and deviation; those of the network's data instead. */
    for (size_t i = 0; i < n_common * LENGTH; i++)
        common.x[i] = (common.x[i] * common.sd + common.mean - own.mean) / own.sd;
    const float *train = mnist1d_binary32(own.n_train * LENGTH, own.x, arena);
    const float *test = mnist1d_binary32(own.n_test * LENGTH, own.x_test, arena);
    const float *common_rows = mnist1d_binary32(n_common * LENGTH, common.x, arena);
    Mnist1dPart fresh;
    data->train = set_of_rows(own.n_train, LENGTH, CLASSES, train, own.y, NULL, arena);
    data->test = set_of_rows(own.n_test, LENGTH, CLASSES, test, own.y_test, NULL, arena);
    data->common = set_of_rows(n_common, LENGTH, CLASSES, common_rows, common.y, NULL, arena);
    const Mnist1dOptions options = mnist1d_defaults(); /* but for what a set of fresh signals has of its own */
    if (fresh_test_make((size_t)cell_integer(cell, "fresh-examples"), &options, &own, arena, &fresh, error)) return -1;
    data->fresh = mnist1d_set(&fresh, LENGTH, NULL, arena);
    return minibatches_check("batch", (size_t)cell_integer(cell, "batch"), own.n_train, error);
}

/* ---- one cell ---- */

enum { RADIUS = 4 }; /* of the filter, in evaluations: four standard deviations */

/* The published curves are smoothed by a Gaussian of one evaluation's width; beyond the ends the curve is mirrored,
 * its last value twice (scipy.ndimage.gaussian_filter, sigma 1).  Smoothed values are drawn, and compared with numbers
 * that were read from the published drawing. */
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

/* What is measured on the way. */
typedef struct Training {
    const Data *data;
    Record *record;
    long long steps, every, report_every;
    size_t n;              /* evaluations so far: */
    double *at, *accuracy; /* accuracy[i] in per cent after step at[i] */
    double test_loss, common;
} Training;

static int after_update(Learner *learner, const Progress *progress, void *context) {
    Training *now = context;
    const long long step = (long long)progress->updates - 1;
    const int report = step % now->report_every == 0 || step == now->steps;
    if (report || step % now->every == 0) {
        const Evaluation test = learner_evaluate(learner, &now->data->test);
        now->at[now->n] = (double)step;
        now->accuracy[now->n] = percent_correct(test);
        now->test_loss = test.loss;
        record_point(now->record, "test_accuracy", "step", (double)step, now->accuracy[now->n]);
        now->n++;
    }
    if (report) {
        now->common = percent_correct(learner_evaluate(learner, &now->data->common));
        record_either(now->record, "train_loss", "step", (double)step, progress->last.loss);
        record_either(now->record, "test_loss", "step", (double)step, now->test_loss);
        record_point(now->record, "common_accuracy", "step", (double)step, now->common);
    }
    return study_stopping();
}

static void record_end(const Training *end, Learner *learner) {
    Record *record = end->record;
    const size_t n = end->n;
    for (size_t i = 0; i < n; i++)
        record_point(record, "smoothed_test_accuracy", "step", end->at[i], smoothed(end->accuracy, n, i));
    record_metric(record, "final_test_accuracy", end->accuracy[n - 1]);
    record_metric(record, "final_test_loss", end->test_loss);
    record_metric(record, "final_smoothed_accuracy", smoothed(end->accuracy, n, n - 1));
    record_metric(record, "final_common_accuracy", end->common);
    record_metric(record, "final_train_accuracy", percent_correct(learner_evaluate(learner, &end->data->train)));
    if (end->data->fresh.n) {
        const Evaluation fresh = learner_evaluate(learner, &end->data->fresh);
        record_metric(record, "fresh_final_test_accuracy", percent_correct(fresh));
        /* Claims about either set find its fresh counterpart by name: these signals are that of both. */
        record_metric(record, "fresh_final_common_accuracy", percent_correct(fresh));
        record_metric(record, "fresh_final_test_loss", fresh.loss);
    }
}

static int run_cell(const Cell *cell, Arena *arena, Record *record, Error *error) {
    Data data;
    Mt19937 torch;
    if (make_data(cell, arena, &data, error)) return -1;
    const Model model = model_pooling(LENGTH, (size_t)cell_integer(cell, "channels"), CLASSES,
                                      pooling_by_name(cell_choice(cell, "pooling")));
    Learner *learner = learner_create(model_network(&model, arena), arena);
    mt19937_seed(&torch, cell_seed(cell));
    network_initialize(learner->network, &torch, learner->weights);
    record_metric(record, "n_parameters", (double)model.n_parameters);
    Training training = {.data = &data,
                         .record = record,
                         .steps = cell_integer(cell, "steps"),
                         .every = cell_integer(cell, "evaluate-every"),
                         .report_every = cell_integer(cell, "report-every")};
    const size_t most =
        (size_t)(training.steps / training.every) + (size_t)(training.steps / training.report_every) + 3;
    training.at = arena_alloc(arena, most, sizeof(double));
    training.accuracy = arena_alloc(arena, most, sizeof(double));
    const int status = fit(
        learner, &(Protocol){.train = &data.train,
                             .batch = (size_t)cell_integer(cell, "batch"),
                             .order = ORDER_SEQUENTIAL,
                             .updates = (size_t)training.steps + 1,
                             .optimizer = {.kind = OPTIMIZER_ADAM, .learning_rate = cell_real(cell, "learning-rate")},
                             .after_update = after_update,
                             .context = &training});
    if (!status) record_end(&training, learner);
    learner_destroy(learner);
    return status ? -1 : 0;
}

/* Core-seconds: what a step costs with 20 channels, evaluations included, and what an example costs to make. */
static double cost(const Cell *cell) {
    const double steps = (double)cell_integer(cell, "steps") * (double)cell_integer(cell, "batch") / 6e5;
    const double channels = (double)cell_integer(cell, "channels") / 20;
    const double per_run = cell_is(cell, "pooling", "none") ? 3.5 : cell_is(cell, "pooling", "stride") ? 1.2 : 2.2;
    const double examples = (double)(cell_integer(cell, "train-examples") + cell_integer(cell, "fresh-examples"));
    return 0.2 + 1e-5 * examples + per_run * steps * channels * (1 + channels) / 2;
}

const Method pooling = {.name = "pooling",
                        .title = "Ways of halving a signal, by the size of the training set",
                        .parameters = parameters,
                        .smoke = "steps=200 evaluate-every=20 report-every=100 test-examples=200 common-examples=1000 "
                                 "fresh-examples=1000",
                        .run = run_cell,
                        .cost = cost,
                        .source = "reproduce/pooling.c"};
