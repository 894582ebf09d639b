/* MNIST-1D and the classification benchmark: Figure 2, Table 1, Figure S1.
 *
 * Four models learn the frozen data set (seed 42: 4000 training and 1000 test signals of 40 points) with their features
 * in order or shuffled by one fixed permutation.  Adam, minibatches in data order without shuffling, steps 0 to 6000
 * inclusive, which makes 6001 updates.  A step is one update; after every 250th, from step 0 on, and after the last
 * both sets are evaluated, at the end fresh test signals too.  The seed of a cell draws the model's initial weights as
 * torch.manual_seed does; data and permutation are the same for all seeds.
 *
 * The MNIST row of Table 1 was published without code or protocol.  Here the same four models learn images by the same
 * protocol: logistic regression and the MLP see 784 values, the windows of the CNN become square, and the GRU reads a row
 * of the image a time step.  A byte b becomes (b/255 - 0.1307)/0.3081, the constants that are customary for MNIST. */
#include <math.h>
#include <string.h>

#include "kernels/parts.h"
#include "nn/cnn.h"
#include "nn/fit.h"
#include "nn/gru.h"
#include "nn/logistic.h"
#include "nn/mlp.h"
#include "nn/mnist1d_sets.h"
#include "random/random.h"
#include "registry.h"

#define CLASSES 10
#define LENGTH 40
#define SIDE 28 /* of an image */
#define DATA_SEED 42
#define FIGURE_S1_STEP 3000
#define FIGURE_S1_EXAMPLES 500

#define ON_SIGNALS "data=mnist1d"
#define ON_IMAGES "data=mnist,fashion-mnist"

static const Parameter parameters[] = {
    {"data", PARAMETER_CHOICE, "mnist1d", 0, 0, "mnist1d,mnist,fashion-mnist", "what is trained and tested on", NULL},
    {"model", PARAMETER_CHOICE, "mlp", 0, 0, "logistic,mlp,cnn,gru", "the classifier", NULL},
    {"features", PARAMETER_CHOICE, "original", 0, 0, "original,shuffled", "the order of the 40 points", ON_SIGNALS},
    {"steps", PARAMETER_INTEGER, "6000", 0, 10000000, NULL,
     "number of the last update, from 0: 6000 makes 6001 updates", NULL},
    {"batch", PARAMETER_INTEGER, "100", 1, 100000, NULL, "examples per update; divides the training set", NULL},
    {"learning-rate", PARAMETER_REAL, "0.01", 1e-12, 1e3, NULL, "of Adam", NULL},
    {"evaluate-every", PARAMETER_INTEGER, "250", 1, 10000000, NULL, "updates between evaluations of both sets", NULL},
    {"hidden", PARAMETER_INTEGER, "100", 1, 10000, NULL, "width of the MLP", "model=mlp"},
    {"channels", PARAMETER_INTEGER, "25", 1, 2000, NULL, "channels of the CNN", "model=cnn"},
    {"gru-hidden", PARAMETER_INTEGER, "6", 1, 1000, NULL, "units of the GRU per direction", "model=gru"},
    {"num-samples", PARAMETER_INTEGER, "5000", 10, 10000000, NULL, "examples generated; four fifths train", ON_SIGNALS},
    {"fresh-examples", PARAMETER_INTEGER, "20000", 0, 10000000, NULL, "fresh test signals, drawn anew for measuring",
     ON_SIGNALS},
    {"train-examples", PARAMETER_INTEGER, "60000", 1, 60000, NULL, "images, the first of the training set", ON_IMAGES},
    {"test-examples", PARAMETER_INTEGER, "10000", 1, 10000, NULL, "images, the first of the test set", ON_IMAGES},
    {NULL, PARAMETER_REAL, NULL, 0, 0, NULL, NULL, NULL}};

/* ---- data ---- */

typedef struct Data {
    LabelledSet train, test, fresh;
    LabelledSet by_class[CLASSES]; /* the first 500 test examples, apart by class */
} Data;

/* The examples of one class. */
static LabelledSet select_class(size_t n, const Mnist1dPart *part, int label, const size_t *columns, Arena *arena) {
    Mnist1dPart chosen = {0, arena_alloc(arena, n * LENGTH, sizeof(float)), arena_alloc(arena, n, 1)};
    for (size_t i = 0; i < n; i++) {
        if (part->labels[i] != label) continue;
        memcpy(chosen.rows + chosen.n * LENGTH, part->rows + i * LENGTH, LENGTH * sizeof *chosen.rows);
        chosen.labels[chosen.n++] = part->labels[i];
    }
    return mnist1d_set(&chosen, LENGTH, columns, arena);
}

static int on_images(const Cell *cell) {
    return !cell_is(cell, "data", "mnist1d");
}

static int make_images(const Cell *cell, Arena *arena, Data *data, Error *error) {
    static const float mean = 0.1307f, deviation = 0.3081f; /* of MNIST */
    const ImageSet *set = image_set(cell_choice(cell, "data"), error);
    if (!set) return -1;
    const size_t n_train = at_most(set->train.n, (size_t)cell_integer(cell, "train-examples"));
    const size_t n_test = at_most(set->test.n, (size_t)cell_integer(cell, "test-examples"));
    *data = (Data){.train = set_of_images(&set->train, n_train, CLASSES, &mean, &deviation, arena),
                   .test = set_of_images(&set->test, n_test, CLASSES, &mean, &deviation, arena)};
    return minibatches_check("batch", (size_t)cell_integer(cell, "batch"), n_train, error);
}

static int ready(const Cell *cell, Error *error) {
    return on_images(cell) ? image_set_check(cell_choice(cell, "data"), error) : 0;
}

static int make_signals(const Cell *cell, Arena *arena, Data *data, Error *error) {
    Mnist1dOptions options = mnist1d_defaults();
    options.num_samples = (size_t)cell_integer(cell, "num-samples");
    options.seed = DATA_SEED;
    Mnist1dParts parts;
    if (mnist1d_parts_make(&options, (size_t)cell_integer(cell, "fresh-examples"), arena, &parts, error) ||
        minibatches_check("batch", (size_t)cell_integer(cell, "batch"), parts.train.n, error))
        return -1;
    const size_t *columns = mnist1d_feature_order(LENGTH, cell_is(cell, "features", "shuffled"), DATA_SEED, arena);
    const size_t first = at_most(parts.test.n, FIGURE_S1_EXAMPLES);
    const Mnist1dSets sets = mnist1d_sets_of(&parts, columns, arena);
    *data = (Data){.train = sets.train, .test = sets.test, .fresh = sets.fresh};
    for (int c = 0; c < CLASSES; c++) data->by_class[c] = select_class(first, &parts.test, c, columns, arena);
    return 0;
}

/* ---- one cell ---- */

static Model make_model(const Cell *cell) {
    const int images = on_images(cell);
    const size_t inputs = images ? SIDE * SIDE : LENGTH;
    const size_t hidden = (size_t)cell_integer(cell, "hidden"), channels = (size_t)cell_integer(cell, "channels");
    const size_t gru_hidden = (size_t)cell_integer(cell, "gru-hidden");
    if (cell_is(cell, "model", "logistic")) return model_logistic(inputs, CLASSES);
    if (cell_is(cell, "model", "mlp")) return model_residual_mlp(inputs, hidden, CLASSES);
    if (cell_is(cell, "model", "cnn"))
        return images ? model_image_cnn(SIDE, SIDE, channels, CLASSES) : model_cnn(LENGTH, channels, CLASSES);
    return images ? model_row_gru(SIDE, SIDE, gru_hidden, CLASSES) : model_gru(LENGTH, gru_hidden, CLASSES);
}

/* What the hook records, and where training is. */
typedef struct Training {
    const Data *data;
    Record *record;
    long long steps, every, figure_s1; /* figure_s1: the step of its errors; -1: not asked for */
    double train, test, best_test;     /* per cent; the best so far */
    double test_loss;
} Training;

static void evaluate(Learner *learner, long long step, double loss, Training *now) {
    const Evaluation test = learner_evaluate(learner, &now->data->test);
    now->train = percent_correct(learner_evaluate(learner, &now->data->train));
    now->test = percent_correct(test);
    now->test_loss = test.loss;
    if (now->test > now->best_test) now->best_test = now->test;
    record_point(now->record, "train_loss", "step", (double)step, loss);
    record_point(now->record, "train_accuracy", "step", (double)step, now->train);
    record_point(now->record, "test_accuracy", "step", (double)step, now->test);
    record_point(now->record, "test_loss", "step", (double)step, now->test_loss);
}

/* Figure S1: errors by class among the first 500 test examples, after 3000 steps. */
static void record_class_errors(Learner *learner, const Data *data, Record *record) {
    double errors = 0, examples = 0;
    for (int c = 0; c < CLASSES; c++) {
        const Evaluation evaluation = learner_evaluate(learner, &data->by_class[c]);
        const double n = (double)evaluation.n, wrong = n - (double)evaluation.correct;
        record_point(record, "class_errors", "class", c, wrong);
        record_point(record, "class_examples", "class", c, n);
        errors += wrong;
        examples += n;
    }
    record_metric(record, "first_500_accuracy", (examples - errors) * 100 / examples);
}

static int after_update(Learner *learner, const Progress *progress, void *context) {
    Training *now = context;
    const long long step = (long long)progress->updates - 1;
    if (step % now->every == 0 || step == now->steps) evaluate(learner, step, progress->last.loss, now);
    if (step == now->figure_s1) record_class_errors(learner, now->data, now->record);
    return study_stopping();
}

static int run_cell(const Cell *cell, Arena *arena, Record *record, Error *error) {
    Data data;
    Mt19937 torch;
    if ((on_images(cell) ? make_images : make_signals)(cell, arena, &data, error)) return -1;
    const Model model = make_model(cell);
    Learner *learner = learner_create(model_network(&model, arena), arena);
    mt19937_seed(&torch, cell_seed(cell));
    network_initialize(learner->network, &torch, learner->weights);

    const long long steps = cell_integer(cell, "steps");
    const int in_figure_s1 = !on_images(cell) && cell_is(cell, "model", "cnn") && cell_is(cell, "features", "original");
    Training now = {.data = &data,
                    .record = record,
                    .steps = steps,
                    .every = cell_integer(cell, "evaluate-every"),
                    .figure_s1 = !in_figure_s1            ? -1
                                 : steps < FIGURE_S1_STEP ? steps
                                                          : FIGURE_S1_STEP};
    const int status = fit(
        learner, &(Protocol){.train = &data.train,
                             .batch = (size_t)cell_integer(cell, "batch"),
                             .order = ORDER_SEQUENTIAL,
                             .updates = (size_t)steps + 1,
                             .optimizer = {.kind = OPTIMIZER_ADAM, .learning_rate = cell_real(cell, "learning-rate")},
                             .after_update = after_update,
                             .context = &now});
    if (!status) {
        record_metric(record, "final_train_accuracy", now.train);
        record_metric(record, "final_test_accuracy", now.test);
        record_metric(record, "final_test_loss", now.test_loss);
        record_metric(record, "best_test_accuracy", now.best_test);
    }
    if (!status && data.fresh.n) {
        const Evaluation fresh = learner_evaluate(learner, &data.fresh);
        record_metric(record, "fresh_final_test_accuracy", percent_correct(fresh));
        record_metric(record, "fresh_final_test_loss", fresh.loss);
    }
    learner_destroy(learner);
    return status ? -1 : 0;
}

/* Core-seconds per 6001 updates of batch 100 at the published sizes, what they grow with, and what fresh signals cost to
 * make and to measure with. */
static double signals_cost(const Cell *cell) {
    double updates = (double)cell_integer(cell, "steps") * (double)cell_integer(cell, "batch") / 6e5;
    const double data = 0.05 + 9e-6 * (double)cell_integer(cell, "fresh-examples");
    if (cell_is(cell, "model", "logistic")) return data + 0.1 * updates;
    if (cell_is(cell, "model", "mlp")) return data + 1.1 * updates * (double)cell_integer(cell, "hidden") / 100;
    if (cell_is(cell, "model", "cnn")) return data + 2.0 * updates * (double)cell_integer(cell, "channels") / 25;
    return data + 2.6 * updates * (double)cell_integer(cell, "gru-hidden") / 6;
}

/* Likewise of images; evaluating an example costs a third of training on it. */
static double images_cost(const Cell *cell) {
    const double steps = (double)cell_integer(cell, "steps");
    const double examples = (double)(cell_integer(cell, "train-examples") + cell_integer(cell, "test-examples"));
    const double evaluations = steps / (double)cell_integer(cell, "evaluate-every") + 2;
    const double seen = (steps * (double)cell_integer(cell, "batch") + evaluations * examples / 3) / 6e5;
    const double hidden = (double)cell_integer(cell, "hidden") / 100;
    const double channels = (double)cell_integer(cell, "channels") / 25;
    const double units = (double)cell_integer(cell, "gru-hidden") / 6;
    if (cell_is(cell, "model", "logistic")) return 0.5 + 2 * seen;
    if (cell_is(cell, "model", "mlp")) return 0.5 + seen * hidden * (5 + hidden);
    if (cell_is(cell, "model", "cnn")) return 0.5 + seen * channels * (10 + 30 * channels);
    return 0.5 + seen * units * (14 + 7 * units);
}

static double cost(const Cell *cell) {
    return on_images(cell) ? images_cost(cell) : signals_cost(cell);
}

const Method classification = {.name = "classification",
                               .title = "Four classifiers on MNIST-1D, or on images",
                               .parameters = parameters,
                               .smoke = "steps=200 evaluate-every=50 num-samples=1000 fresh-examples=1000 "
                                        "train-examples=2000 test-examples=1000",
                               .run = run_cell,
                               .cost = cost,
                               .ready = ready,
                               .source = "reproduce/classification.c"};
