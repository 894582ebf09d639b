/* MNIST-1D and the classification benchmark: Figure 2, the MNIST-1D rows of Table 1, Figure S1.
 *
 * Four models learn the frozen data set (seed 42: 4000 training and 1000 test signals of 40 points) with their features
 * in order or shuffled by one fixed permutation.  Adam, minibatches in data order without shuffling, steps 0 to 6000
 * inclusive, which makes 6001 updates.  A step is one update; after every 250th, from step 0 on, and after the last
 * both sets are evaluated, at the end fresh test signals too.  The seed of a cell draws the model's initial weights as
 * torch.manual_seed does; data and permutation are the same for all seeds. */
#include <math.h>
#include <string.h>

#include "nn/cnn.h"
#include "nn/gru.h"
#include "nn/logistic.h"
#include "nn/mlp.h"
#include "nn/mnist1d_sets.h"
#include "nn/train.h"
#include "random/random.h"
#include "registry.h"

#define CLASSES 10
#define LENGTH 40
#define DATA_SEED 42
#define FIGURE_S1_STEP 3000
#define FIGURE_S1_EXAMPLES 500

static const Parameter parameters[] = {
    {"model", PARAMETER_CHOICE, "mlp", 0, 0, "logistic,mlp,cnn,gru", "the classifier", NULL},
    {"features", PARAMETER_CHOICE, "original", 0, 0, "original,shuffled", "the order of the 40 points", NULL},
    {"steps", PARAMETER_INTEGER, "6000", 0, 10000000, NULL,
     "number of the last update, from 0: 6000 makes 6001 updates", NULL},
    {"batch", PARAMETER_INTEGER, "100", 1, 100000, NULL, "examples per update; divides the training set", NULL},
    {"learning-rate", PARAMETER_REAL, "0.01", 1e-12, 1e3, NULL, "of Adam", NULL},
    {"evaluate-every", PARAMETER_INTEGER, "250", 1, 10000000, NULL, "updates between evaluations of both sets", NULL},
    {"hidden", PARAMETER_INTEGER, "100", 1, 10000, NULL, "width of the MLP", "model=mlp"},
    {"channels", PARAMETER_INTEGER, "25", 1, 2000, NULL, "channels of the CNN", "model=cnn"},
    {"gru-hidden", PARAMETER_INTEGER, "6", 1, 1000, NULL, "units of the GRU per direction", "model=gru"},
    {"num-samples", PARAMETER_INTEGER, "5000", 10, 10000000, NULL, "examples generated; four fifths train", NULL},
    FRESH_TEST_PARAMETER,
    {NULL, PARAMETER_REAL, NULL, 0, 0, NULL, NULL, NULL}};

/* ---- data ---- */

typedef struct Data {
    Batches batches;
    Examples train, test, fresh;
    Examples by_class[CLASSES]; /* the first 500 test examples, apart by class */
} Data;

/* The examples of one class. */
static Examples select_class(size_t n, const float *rows, const uint8_t *labels, int label, const size_t *columns,
                             Arena *arena) {
    float *chosen = arena_alloc(arena, n * LENGTH, sizeof *chosen);
    uint8_t *y = arena_alloc(arena, n, sizeof *y);
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        if (labels[i] != label) continue;
        memcpy(chosen + count * LENGTH, rows + i * LENGTH, LENGTH * sizeof *rows);
        y[count++] = labels[i];
    }
    return examples_make(count, LENGTH, chosen, y, columns, arena);
}

static int make_data(const Cell *cell, Arena *arena, Data *data, Error *error) {
    Mnist1dOptions options = mnist1d_defaults();
    options.num_samples = (size_t)cell_integer(cell, "num-samples");
    options.seed = DATA_SEED;
    const char *fault = mnist1d_check(&options);
    if (fault) return error_set(error, "option --num-samples: %s", fault);
    Mnist1d raw;
    const size_t batch = (size_t)cell_integer(cell, "batch");
    if (mnist1d_make(&options, arena, &raw, error)) return -1;
    if (raw.n_train % batch)
        return error_set(error, "option --batch: %zu does not divide the %zu training examples; choose one that does",
                         batch, raw.n_train);
    const size_t *columns = mnist1d_feature_order(LENGTH, cell_is(cell, "features", "shuffled"), DATA_SEED, arena);
    const float *train = mnist1d_binary32(raw.n_train * LENGTH, raw.x, arena);
    const float *test = mnist1d_binary32(raw.n_test * LENGTH, raw.x_test, arena);
    const size_t first = raw.n_test < FIGURE_S1_EXAMPLES ? raw.n_test : FIGURE_S1_EXAMPLES;
    data->train = examples_make(raw.n_train, LENGTH, train, raw.y, columns, arena);
    data->test = examples_make(raw.n_test, LENGTH, test, raw.y_test, columns, arena);
    for (int c = 0; c < CLASSES; c++) data->by_class[c] = select_class(first, test, raw.y_test, c, columns, arena);
    if (mnist1d_fresh_examples((size_t)cell_integer(cell, "fresh-examples"), &options, &raw, columns, arena,
                               &data->fresh, error))
        return -1;
    return batches_make(raw.n_train, LENGTH, batch, train, raw.y, columns, arena, &data->batches, error);
}

/* ---- one cell ---- */

static Model make_model(const Cell *cell) {
    if (cell_is(cell, "model", "logistic")) return model_logistic(LENGTH, CLASSES);
    if (cell_is(cell, "model", "mlp")) return model_residual_mlp(LENGTH, (size_t)cell_integer(cell, "hidden"), CLASSES);
    if (cell_is(cell, "model", "cnn")) return model_cnn(LENGTH, (size_t)cell_integer(cell, "channels"), CLASSES);
    return model_gru(LENGTH, (size_t)cell_integer(cell, "gru-hidden"), CLASSES);
}

typedef struct Accuracies {
    double train, test, best_test; /* percent; the best so far */
    double test_loss;
} Accuracies;

static void evaluate(Trainer *trainer, const Data *data, long long step, double loss, Accuracies *now, Record *record) {
    Evaluation test = trainer_evaluate(trainer, &data->test);
    now->train = percent_correct(trainer_evaluate(trainer, &data->train));
    now->test = percent_correct(test);
    now->test_loss = test.loss;
    if (now->test > now->best_test) now->best_test = now->test;
    record_point(record, "train_loss", "step", (double)step, loss);
    record_point(record, "train_accuracy", "step", (double)step, now->train);
    record_point(record, "test_accuracy", "step", (double)step, now->test);
    record_point(record, "test_loss", "step", (double)step, now->test_loss);
}

/* Figure S1: errors by class among the first 500 test examples, after 3000 steps. */
static void record_class_errors(Trainer *trainer, const Data *data, Record *record) {
    double errors = 0, examples = 0;
    for (int c = 0; c < CLASSES; c++) {
        const Evaluation evaluation = trainer_evaluate(trainer, &data->by_class[c]);
        const double n = (double)evaluation.n, wrong = n - (double)evaluation.correct;
        record_point(record, "class_errors", "class", c, wrong);
        record_point(record, "class_examples", "class", c, n);
        errors += wrong;
        examples += n;
    }
    record_metric(record, "first_500_accuracy", (examples - errors) * 100 / examples);
}

static int run_cell(const Cell *cell, Arena *arena, Record *record, Error *error) {
    Data data;
    Mt19937 torch;
    if (make_data(cell, arena, &data, error)) return -1;
    const Model model = make_model(cell);
    real *weights = arena_alloc(arena, model.n_parameters, sizeof *weights);
    mt19937_seed(&torch, cell_seed(cell));
    model_initialize(&model, &torch, weights);
    Optimizer adam = optimizer_create(OPTIMIZER_ADAM, cell_real(cell, "learning-rate"), 0, model.n_parameters, arena);
    Trainer *trainer = trainer_create(&model, weights, adam, arena);

    const long long steps = cell_integer(cell, "steps"), every = cell_integer(cell, "evaluate-every");
    const long long figure_s1 = steps < FIGURE_S1_STEP ? steps : FIGURE_S1_STEP;
    const int in_figure_s1 = cell_is(cell, "model", "cnn") && cell_is(cell, "features", "original");
    Accuracies now = {0, 0, 0, 0};
    int status = 0;
    for (long long step = 0; step <= steps && !status; step++) {
        const double loss = trainer_step_on(trainer, &data.batches, (size_t)step);
        if (step % every == 0 || step == steps) evaluate(trainer, &data, step, loss, &now, record);
        if (in_figure_s1 && step == figure_s1) record_class_errors(trainer, &data, record);
        if (study_stopping()) status = -1;
    }
    if (!status) {
        record_metric(record, "final_train_accuracy", now.train);
        record_metric(record, "final_test_accuracy", now.test);
        record_metric(record, "final_test_loss", now.test_loss);
        record_metric(record, "best_test_accuracy", now.best_test);
    }
    if (!status && data.fresh.n) {
        const Evaluation fresh = trainer_evaluate(trainer, &data.fresh);
        record_metric(record, "fresh_final_test_accuracy", percent_correct(fresh));
        record_metric(record, "fresh_final_test_loss", fresh.loss);
    }
    trainer_destroy(trainer);
    return status;
}

/* Core-seconds per 6001 updates of batch 100 at the published sizes, what they grow with, and what fresh signals cost to
 * make and to measure with. */
static double cost(const Cell *cell) {
    double updates = (double)cell_integer(cell, "steps") * (double)cell_integer(cell, "batch") / 6e5;
    const double data = 0.05 + 9e-6 * (double)cell_integer(cell, "fresh-examples");
    if (cell_is(cell, "model", "logistic")) return data + 0.1 * updates;
    if (cell_is(cell, "model", "mlp")) return data + 1.1 * updates * (double)cell_integer(cell, "hidden") / 100;
    if (cell_is(cell, "model", "cnn")) return data + 2.0 * updates * (double)cell_integer(cell, "channels") / 25;
    return data + 2.6 * updates * (double)cell_integer(cell, "gru-hidden") / 6;
}

const Method classification = {.name = "classification",
                               .title = "Four classifiers on MNIST-1D",
                               .parameters = parameters,
                               .smoke = "steps=200 evaluate-every=50 num-samples=1000 fresh-examples=1000",
                               .run = run_cell,
                               .cost = cost,
                               .source = "reproduce/classification.c"};
