/* 94 % on CIFAR-10 with as little computation as is known: the network and the recipe of airbench94 (Jordan 2024, "94% on CIFAR-10
 * in 3.29 Seconds on a Single GPU"), whose published runs took a graphics processor.
 *
 * The network (nn/airbench.h) begins with a convolution that whitens patches of 2 x 2; its weights are made of the first
 * whitening-images training images and never trained, its biases for whitening-epochs epochs.  Images are standardised with
 * published means and deviations of the channels.  For each epoch an image is moved by up to `translation` pixels, edges
 * reflected, and mirrored: a random half of the images in the first epoch and every second one after it, the other half in
 * those between (alternating); or a half drawn anew.  Minibatches in a new order each epoch, the rest left out; the last epoch
 * may be broken off.
 *
 * The loss is the cross-entropy with smoothed labels; SGD with Nesterov's momentum mu.  learning-rate r and weight-decay d are
 * those of the published code, for 1024 examples and steps that momentum does not lengthen: here the rate is r batch / 1024 / (1 +
 * 1 / (1 - mu)), the decay d / r.  The shifts of batch normalisation have shift-rate times the rate, and the same decay.  The
 * rate rises from 0.2 of its peak at the beginning to the peak at 0.23 of all updates and falls to 0.07 at the end, in
 * straight lines.  From lookahead-after epochs on, slow weights follow every fifth update (nn/lookahead.h) with decay 0.95^5
 * f^3, f the part of all updates that is done, and the network goes back to them at the end of each epoch.
 *
 * For each epoch, the last one counted as a whole: train_loss, of smoothed labels, and train_accuracy, as the epoch went;
 * test_accuracy on the first epoch-test-examples.  At the end final_plain_test_accuracy, of test images as they are, and
 * final_test_accuracy, of six views: an image as it is and moved by one pixel down and right or up and left, each mirrored or
 * not, logits averaged with weights 1/4, 1/4 and 1/8 four times.
 *
 * Where this differs from the published code: numbers are of binary32, there of binary16 but for batch normalisation; random
 * numbers are our own.  The seed of a cell is torch.manual_seed, from whose stream come the initial weights and the orders, and
 * that of the stream of augmentation. */
#include <math.h>
#include <string.h>

#include "analysis/patch_whitening.h"
#include "data/image_rows.h"
#include "exact/exact.h"
#include "grad/loss.h"
#include "kept_training.h"
#include "kernels/parts.h"
#include "nn/airbench.h"
#include "nn/lookahead.h"
#include "registry.h"

enum { CLASSES = AIRBENCH_CLASSES, CHANNELS = AIRBENCH_CHANNELS, AREA = AIRBENCH_SIDE * AIRBENCH_SIDE };
enum { INPUTS = CHANNELS * AREA, FOLLOWED_UPDATES = 5 };

static const Parameter parameters[] = {
    {"epochs", PARAMETER_REAL, "9.9", 1e-6, 1e5, NULL, "passes over the training set", NULL},
    {"batch", PARAMETER_INTEGER, "1024", 2, 1000000, NULL, "examples per update", NULL},
    {"width", PARAMETER_INTEGER, "64", 1, 4096, NULL, "channels of the first group; the others have four times as many",
     NULL},
    {"learning-rate", PARAMETER_REAL, "11.5", 1e-12, 1e6, NULL, "per 1024 examples, of SGD, at its peak", NULL},
    {"momentum", PARAMETER_REAL, "0.85", 0, 0.999999, NULL, "Nesterov's, of SGD", NULL},
    {"weight-decay", PARAMETER_REAL, "0.0153", 0, 1e3, NULL, "per 1024 examples, of SGD", NULL},
    {"shift-rate", PARAMETER_REAL, "64", 1e-6, 1e6, NULL, "shifts of batch normalisation have so many times the rate",
     NULL},
    {"label-smoothing", PARAMETER_REAL, "0.2", 0, 1, NULL, "part of a label that is spread over all classes", NULL},
    {"whitening-images", PARAMETER_INTEGER, "5000", 1, 50000, NULL, "of which the first convolution is made", NULL},
    {"whitening-epochs", PARAMETER_INTEGER, "3", 0, 100000, NULL, "for which its biases are trained", NULL},
    {"lookahead-after", PARAMETER_INTEGER, "3", 0, 100000, NULL, "epochs, from which on slow weights follow", NULL},
    {"flip", PARAMETER_CHOICE, "alternating", 0, 0, "alternating,random,none", "how training images are mirrored",
     NULL},
    {"translation", PARAMETER_INTEGER, "2", 0, 31, NULL, "pixels that training images are moved by at most", NULL},
    {"train-examples", PARAMETER_INTEGER, "0", 0, 50000, NULL,
     "the first of the training set, as many of each class; "
     "0: all",
     NULL},
    {"test-examples", PARAMETER_INTEGER, "0", 0, 10000, NULL, "the first of the test set; 0: all", NULL},
    {"epoch-test-examples", PARAMETER_INTEGER, "2000", 1, 10000, NULL,
     "of these the first, which are evaluated after every epoch", NULL},
    {NULL, PARAMETER_REAL, NULL, 0, 0, NULL, NULL, NULL}};

/* ---- data ---- */

/* Of the training set, to four digits, as published. */
static const float mean[CHANNELS] = {0.4914f, 0.4822f, 0.4465f}, deviation[CHANNELS] = {0.2470f, 0.2435f, 0.2616f};

typedef struct Data {
    const Cell *cell;
    const Images *train, *test;
    size_t n_train, n_test;
    const size_t *numbers; /* [n_train] of the training images */
    size_t of_epoch;       /* updates of a whole epoch */
    size_t updates;        /* of the training */
} Data;

static int get_data(const Cell *cell, Arena *arena, Data *data, Error *error) {
    const ImageSet *set = image_set("cifar-10", error);
    if (!set) return -1;
    const size_t asked = (size_t)cell_integer(cell, "train-examples"), n = asked ? asked : set->train.n;
    const size_t tested = (size_t)cell_integer(cell, "test-examples"), batch = (size_t)cell_integer(cell, "batch");
    if (batch > n) return error_set(error, "option --batch: there are %zu training examples; give at most that", n);
    *data = (Data){.cell = cell, .train = &set->train, .test = &set->test, .n_train = n, .of_epoch = n / batch};
    data->n_test = tested ? at_most(tested, set->test.n) : set->test.n;
    data->updates = (size_t)ceil(cell_real(cell, "epochs") * (double)data->of_epoch);
    size_t *all = arena_alloc(arena, n, sizeof *all);
    for (size_t i = 0; i < n; i++) all[i] = i;
    data->numbers = asked ? images_first_of_classes(&set->train, CLASSES, n, arena, error) : all;
    return data->numbers ? 0 : -1;
}

static int ready(const Cell *cell, Error *error) {
    (void)cell;
    return image_set_check("cifar-10", error);
}

/* How an image is looked at. */
typedef struct View {
    int down, right, mirrored;
} View;

/* row [INPUTS] */
static void standardised(const Images *images, size_t number, View view, float *row) {
    image_moved(images, number, view.down, view.right, view.mirrored, row);
    for (size_t i = 0; i < INPUTS; i++) row[i] = (row[i] - mean[i / AREA]) / deviation[i / AREA];
}

static View view_of(const Cell *cell, uint64_t seed, size_t epoch, uint32_t example) {
    const int most = (int)cell_integer(cell, "translation");
    const int alternating = cell_is(cell, "flip", "alternating"), random = cell_is(cell, "flip", "random");
    Philox first, now;
    philox_seed(&first, seed | TRANSFORM_KEY, example);
    philox_seed(&now, seed | TRANSFORM_KEY, (uint64_t)epoch << 32 | example);
    const int down = (int)philox_below(&now, 0, 2 * (uint32_t)most + 1) - most;
    const int right = (int)philox_below(&now, 1, 2 * (uint32_t)most + 1) - most;
    const int at_first = (int)philox_below(&first, 2, 2), anew = (int)philox_below(&now, 2, 2);
    return (View){down, right, alternating ? at_first ^ (int)(epoch % 2) : random ? anew : 0};
}

/* Fills the columns of x, some at a time so that they are near. */
static void augment(const LabelledSet *set, size_t batch, const DropoutNoise *noise, real *x) {
    enum { COLUMNS = 16 };
    const Data *data = set->transform_context;
    const size_t epoch = noise->step / data->of_epoch;
    float *rows = memory_alloc(COLUMNS * INPUTS, sizeof *rows);
    for (size_t first = 0; first < batch; first += COLUMNS) {
        const size_t n = at_most(batch - first, COLUMNS);
        for (size_t b = 0; b < n; b++) {
            const uint32_t example = noise->example[first + b];
            const View view = view_of(data->cell, noise->seed, epoch, example);
            standardised(data->train, data->numbers[example], view, rows + b * INPUTS);
        }
        for (size_t i = 0; i < INPUTS; i++)
            for (size_t b = 0; b < n; b++) x[i * batch + first + b] = (real)rows[b * INPUTS + i];
    }
    memory_free(rows);
}

static LabelledSet training_set(const Data *data, Arena *arena) {
    uint16_t *labels = arena_alloc(arena, data->n_train, sizeof *labels);
    for (size_t i = 0; i < data->n_train; i++) labels[i] = data->train->labels[data->numbers[i]];
    return (LabelledSet){.example = shape_image(CHANNELS, AIRBENCH_SIDE, AIRBENCH_SIDE, 1),
                         .n = data->n_train,
                         .classes = CLASSES,
                         .labels = labels,
                         .transform = augment,
                         .transform_context = data};
}

/* ---- the network ---- */

/* The first tensor: whitening filters of the first training images. */
static void fill_whitening(const Data *data, real *weights) {
    const size_t n = at_most((size_t)cell_integer(data->cell, "whitening-images"), data->n_train);
    float *rows = memory_alloc(n * INPUTS, sizeof *rows);
    double filters[AIRBENCH_WHITENERS * AIRBENCH_WHITENERS / 2];
    for (size_t i = 0; i < n; i++) standardised(data->train, data->numbers[i], (View){0, 0, 0}, rows + i * INPUTS);
    patch_whitening(&(Pictures){n, CHANNELS, AIRBENCH_SIDE, AIRBENCH_SIDE, rows}, AIRBENCH_WINDOW, 5e-4, filters);
    for (size_t i = 0; i < sizeof filters / sizeof *filters; i++) weights[i] = (real)filters[i];
    memory_free(rows);
}

/* Outputs for some views, weighted, of test images first to first + n - 1: logits [CLASSES][n]. */
static void averaged_outputs(const Data *data, Learner *learner, size_t first, size_t n, real *x, real *logits) {
    static const int moves[] = {0, 1, -1};
    float row[INPUTS];
    memset(logits, 0, CLASSES * n * sizeof *logits);
    for (int view = 0; view < 6; view++) {
        const int move = moves[view / 2];
        for (size_t b = 0; b < n; b++) {
            standardised(data->test, first + b, (View){move, move, view % 2}, row);
            for (size_t i = 0; i < INPUTS; i++) x[i * n + b] = (real)row[i];
        }
        const real *outputs = learner_outputs(learner, n, x), weight = move ? REAL(0.125) : REAL(0.25);
        for (size_t i = 0; i < CLASSES * n; i++) logits[i] = REAL_FMA(weight, outputs[i], logits[i]);
    }
}

static Evaluation evaluate_views(const Data *data, Learner *learner) {
    const size_t block = learner->block_size;
    real *x = memory_alloc(block * INPUTS, sizeof *x), *logits = memory_alloc(block * CLASSES, sizeof *logits);
    Evaluation sums = {0, 0, 0, 0};
    for (size_t first = 0; first < data->n_test; first += block) {
        const size_t n = at_most(data->n_test - first, block);
        averaged_outputs(data, learner, first, n, x, logits);
        evaluation_add(&sums, CLASSES, n, logits, data->test->labels + first);
    }
    memory_free(logits);
    memory_free(x);
    return evaluation_mean(sums);
}

/* ---- training ---- */

/* What is kept of a cell that another run goes on with (kept_training.h); the slow weights and buffers are behind it. */
typedef struct Own {
    size_t recorded; /* epochs */
    int follows;     /* have slow weights begun to? */
} Own;

typedef struct Training {
    const Data *data;
    LabelledSet train, test, watched;
    Lookahead lookahead; /* its numbers are in what is kept */
    int diverged;        /* training ended where a loss was not finite */
    KeptTraining kept;
    Own *own; /* of it */
} Training;

static void make_kept(Training *now, const Network *network, Record *record, Arena *arena, Error *error) {
    const size_t slow = (network->n_parameters + network->n_buffers) * sizeof(real);
    now->kept = kept_training_create(now->data->cell, record, sizeof(Own) + slow, network, OPTIMIZER_SGD, arena, error);
    now->own = now->kept.own;
    now->lookahead = lookahead_create(network, (real *)(now->own + 1));
}

static double faster(const NetworkTensor *tensor, size_t updates, const void *context) {
    const Data *data = ((const Training *)context)->data;
    if (!strcmp(tensor->name, "whiten.weight")) return 0;
    if (!strcmp(tensor->name, "whiten.bias"))
        return updates < (size_t)cell_integer(data->cell, "whitening-epochs") * data->of_epoch ? 1 : 0;
    return network_is_weight(tensor) ? 1 : cell_real(data->cell, "shift-rate");
}

static Var smoothed_loss(Pass *p, Var outputs, const uint16_t *labels, const void *smoothing) {
    return op_smoothed_cross_entropy(p->tape, outputs, labels, *(const double *)smoothing);
}

/* Means over the epoch as it went, and those of the watched images after it. */
static void record_epoch(Training *now, Evaluation trained, Evaluation tested) {
    const int lost = now->diverged;
    const double epoch = (double)++now->own->recorded;
    record_either(now->kept.record, "train_loss", "epoch", epoch, lost ? NAN : trained.loss);
    record_either(now->kept.record, "train_accuracy", "epoch", epoch, lost ? NAN : percent_correct(trained));
    record_either(now->kept.record, "test_accuracy", "epoch", epoch, lost ? NAN : percent_correct(tested));
}

static int after_update(Learner *learner, const Progress *progress, void *context) {
    Training *now = context;
    const Data *data = now->data;
    const size_t done = progress->updates, epoch = (done - 1) / data->of_epoch;
    const double part = (double)done / (double)data->updates;
    if (!isfinite(progress->last.loss)) now->diverged = 1;
    if (now->diverged) return 1;
    if (epoch >= (size_t)cell_integer(data->cell, "lookahead-after") && done % FOLLOWED_UPDATES == 0)
        lookahead_update(&now->lookahead, learner, exact_whole_power(0.95, FOLLOWED_UPDATES) * part * part * part);
    if (progress->ends_epoch || done == data->updates) {
        if (now->lookahead.begun) lookahead_update(&now->lookahead, learner, 1);
        record_epoch(now, progress->epoch, learner_evaluate(learner, &now->watched));
    }
    cell_progress(data->cell, part);
    now->own->follows = now->lookahead.begun;
    return kept_training_ends(&now->kept, learner, progress);
}

/* from: where a former run got to, or NULL. */
static void train(Learner *learner, Mt19937 *torch, const FitState *from, Training *training) {
    const Data *data = training->data;
    const Cell *cell = data->cell;
    const double momentum = cell_real(cell, "momentum"), published = cell_real(cell, "learning-rate");
    const double smoothing = cell_real(cell, "label-smoothing");
    const double rate = published * (double)cell_integer(cell, "batch") / 1024 / (1 + 1 / (1 - momentum));
    fit(learner, &(Protocol){.train = &training->train,
                             .batch = (size_t)cell_integer(cell, "batch"),
                             .order = ORDER_PERMUTED,
                             .stream = torch,
                             .updates = data->updates,
                             .from = from,
                             .optimizer = {.kind = OPTIMIZER_SGD,
                                           .learning_rate = rate,
                                           .momentum = momentum,
                                           .weight_decay = cell_real(cell, "weight-decay") / published,
                                           .nesterov = 1},
                             .faster = faster,
                             .schedule = {.kind = RATE_TRIANGULAR,
                                          .start = 0.2 * rate,
                                          .initial = rate,
                                          .minimum = 0.07 * rate,
                                          .peak = (size_t)(0.23 * (double)data->updates),
                                          .period = data->updates},
                             .noise_seed = cell_seed(cell),
                             .loss = smoothed_loss,
                             .loss_context = &smoothing,
                             .after_update = after_update,
                             .context = training});
}

static void record_end(Training *end, Learner *learner) {
    const Evaluation none = {0, 0, 0, 0};
    const size_t epochs = parts_of(end->data->updates, end->data->of_epoch);
    while (end->own->recorded < epochs) record_epoch(end, none, none); /* lost */
    const Evaluation plain = learner_evaluate(learner, &end->test), views = evaluate_views(end->data, learner);
    const int lost = end->diverged || !isfinite(plain.loss);
    record_either(end->kept.record, "final_plain_test_accuracy", NULL, 0, lost ? NAN : percent_correct(plain));
    record_either(end->kept.record, "final_test_accuracy", NULL, 0, lost ? NAN : percent_correct(views));
}

static int run_cell(const Cell *cell, Arena *arena, Record *record, Error *error) {
    Data data;
    Mt19937 torch;
    if (get_data(cell, arena, &data, error)) return -1;
    const Network *network = airbench_create((size_t)cell_integer(cell, "width"), arena);
    Learner *learner = learner_create(network, arena);
    const LabelledSet test = set_of_images(data.test, data.n_test, CLASSES, mean, deviation, arena);
    Training training = {.data = &data, .train = training_set(&data, arena), .test = test, .watched = test};
    training.watched.n = at_most((size_t)cell_integer(cell, "epoch-test-examples"), test.n);
    make_kept(&training, network, record, arena, error);
    mt19937_seed(&torch, cell_seed(cell));
    network_initialize(network, &torch, learner->weights);
    const FitState *from = kept_training_resume(&training.kept, learner);
    training.lookahead.begun = training.own->follows;
    if (!from) {
        fill_whitening(&data, learner->weights);
        record_metric(record, "parameters", (double)network->n_parameters);
    }
    train(learner, &torch, from, &training);
    const int unfinished = training.kept.unfinished;
    if (!unfinished) record_end(&training, learner);
    learner_destroy(learner);
    return unfinished ? -1 : 0;
}

/* Core-seconds: the multiply-adds of all passes, three of an example to train on and six views of one to test, at the speed of
 * a core on these layers. */
static double cost(const Cell *cell) {
    Arena *arena = arena_create(0);
    const Network *network = airbench_create((size_t)cell_integer(cell, "width"), arena);
    const double multiply_adds = (double)network_multiply_adds(network), speed = 4.9e10;
    const double asked = (double)cell_integer(cell, "train-examples"), epochs = cell_real(cell, "epochs");
    const double asked_test = (double)cell_integer(cell, "test-examples");
    const double n_test = asked_test > 0 ? asked_test : 10000;
    const double watched = fmin((double)cell_integer(cell, "epoch-test-examples"), n_test);
    const double passes = 3 * epochs * (asked > 0 ? asked : 50000) + ceil(epochs) * watched + 7 * n_test;
    arena_destroy(arena);
    return 2 + multiply_adds * passes / speed;
}

const Method airbench = {.name = "airbench",
                         .title = "94 % on CIFAR-10 with little computation",
                         .parameters = parameters,
                         .smoke = "width=4 train-examples=320 batch=32 epochs=4.5 test-examples=40 "
                                  "whitening-images=100",
                         .run = run_cell,
                         .cost = cost,
                         .ready = ready,
                         .source = "reproduce/airbench.c"};
