/* Self-supervised learning on MNIST-1D: Figure 8 of the paper and Section 5.5; other heads and other losses.
 *
 * An encoder of three convolutions with a projection head behind them (nn/encoder.h) learns without labels: of each of 100
 * signals it sees two random views (data/views.h) and shall find the pairs among them (nn/pairs.h), or make small another
 * loss of the pairs (nn/contrastive.h); one of these is told the labels, as an upper bound.  Adam, 200 epochs in a new
 * order each, of which what makes no whole batch is left out.  How good the representations are is measured with labels,
 * on signals as they are: by the 10 nearest training signals in cosine distance, and by a linear classifier
 * (analysis/linear_probe.h) where scikit-learn stops, as published, and at its optimum.
 *
 * The seed of a cell draws the initial weights, then slopes and offsets of the views as torch.manual_seed does, and the
 * order of examples and the shifts as numpy.random.seed does.  Epoch 0 is the encoder before training. */
#include <math.h>
#include <string.h>

#include "analysis/linear_probe.h"
#include "analysis/neighbours.h"
#include "data/fresh_test.h"
#include "maps.h"
#include "nn/encoder.h"
#include "nn/pairs.h"
#include "registry.h"

#define CLASSES 10
#define LENGTH 40
#define DATA_SEED 42

static const Parameter parameters[] = {
    {"unlabelled", PARAMETER_CHOICE, "train", 0, 0, "train,all",
     "signals that the encoder learns from: the training set, "
     "as the published code has it, or training and test set, as the paper says",
     NULL},
    {"head-layers", PARAMETER_INTEGER, "2", 0, 8, NULL, "linear layers of the projection head; 0: no head", NULL},
    {"head-width", PARAMETER_INTEGER, "125", 1, 10000, NULL, "units of each layer of the head but the last", NULL},
    {"outputs", PARAMETER_INTEGER, "16", 1, 10000, NULL, "units of the head's last layer", NULL},
    {"channels", PARAMETER_INTEGER, "25", 1, 2000, NULL, "of each convolution", NULL},
    {"epochs", PARAMETER_INTEGER, "200", 1, 100000, NULL, "passes over the training set", NULL},
    {"batch", PARAMETER_INTEGER, "100", 2, CONTRASTIVE_MOST_EXAMPLES, NULL, "examples per update, two views of each",
     NULL},
    {"learning-rate", PARAMETER_REAL, "0.01", 1e-12, 1e3, NULL, "of Adam", NULL},
    {"loss", PARAMETER_CHOICE, "info-nce", 0, 0, PAIR_LOSS_NAMES,
     "that pairs of views shall make small (nn/contrastive.h)", NULL},
    {"temperature", PARAMETER_REAL, "0.5", 1e-3, 1e3, NULL, "by which the loss divides cosines",
     "loss=info-nce,nt-xent"},
    {"margin", PARAMETER_REAL, "0.5", 0, 1e3, NULL, "by which a pair shall be nearer, in cosine", "loss=triplet"},
    {"redundancy", PARAMETER_REAL, "0.005", 0, 1e6, NULL, "weight of correlations of different outputs",
     "loss=barlow-twins"},
    {"invariance", PARAMETER_REAL, "25", 0, 1e6, NULL, "weight of the distance in pairs", "loss=vicreg"},
    {"variance", PARAMETER_REAL, "25", 0, 1e6, NULL, "weight of what outputs vary too little", "loss=vicreg"},
    {"covariance", PARAMETER_REAL, "1", 0, 1e6, NULL, "weight of covariances of different outputs", "loss=vicreg"},
    {"predictor-width", PARAMETER_INTEGER, "32", 1, 10000, NULL, "hidden units of what predicts the other view",
     "loss=simsiam"},
    {"shifts", PARAMETER_INTEGER, "10", 1, 40, NULL, "a view is shifted by 0 to shifts - 1 positions", NULL},
    {"slope-sd", PARAMETER_REAL, "0.04", 0, 1e3, NULL, "standard deviation of a view's slope", NULL},
    {"offset-sd", PARAMETER_REAL, "0.3", 0, 1e3, NULL, "standard deviation of a view's offset", NULL},
    {"evaluate-every", PARAMETER_INTEGER, "10", 1, 100000, NULL, "epochs between evaluations", NULL},
    {"num-samples", PARAMETER_INTEGER, "5000", 10, 1000000, NULL, "examples generated; four fifths train", NULL},
    FRESH_TEST_PARAMETER,
    {"measures", PARAMETER_CHOICE, "published", 0, 0, "published,more", "more: how far the outputs spread", NULL},
    {"map", PARAMETER_CHOICE, "none", 0, 0, "none,outputs",
     "of the outputs for the training set, by t-SNE, before and after training", NULL},
    MAP_PARAMETERS("cosine"),
    {NULL, PARAMETER_REAL, NULL, 0, 0, NULL, NULL, NULL}};

/* ---- data ---- */

typedef struct Signals {
    size_t n;
    const float *rows; /* [n][LENGTH] */
    const uint16_t *labels;
} Signals;

typedef struct Data {
    Signals train; /* of classifiers */
    Signals held;  /* what they are measured on: the test set and behind it fresh signals */
    size_t n_test;
    size_t n_unlabelled; /* what the encoder learns from: */
    const float *unlabelled;
} Data;

static Signals signals_of(const Mnist1dPart *part, const Mnist1dPart *more, Arena *arena) {
    const size_t n = part->n, all = n + more->n;
    float *x = arena_alloc(arena, all * LENGTH, sizeof *x);
    uint16_t *y = arena_alloc(arena, all, sizeof *y);
    memcpy(x, part->rows, n * LENGTH * sizeof *x);
    if (more->n) memcpy(x + n * LENGTH, more->rows, more->n * LENGTH * sizeof *x);
    for (size_t i = 0; i < all; i++) y[i] = i < n ? part->labels[i] : more->labels[i - n];
    return (Signals){all, x, y};
}

static int make_data(const Cell *cell, Arena *arena, Data *data, Error *error) {
    Mnist1dOptions options = mnist1d_defaults();
    options.num_samples = (size_t)cell_integer(cell, "num-samples");
    options.seed = DATA_SEED;
    Mnist1dParts parts;
    if (mnist1d_parts_make(&options, (size_t)cell_integer(cell, "fresh-examples"), arena, &parts, error)) return -1;
    const size_t batch = (size_t)cell_integer(cell, "batch"), neighbours = (size_t)cell_integer(cell, "neighbours");
    if (parts.train.n < batch || parts.train.n < neighbours)
        return error_set(error,
                         "%zu training examples are fewer than a batch of %zu or than %zu neighbours: give more "
                         "--num-samples, or smaller --batch and --neighbours",
                         parts.train.n, batch, neighbours);
    data->train = signals_of(&parts.train, &(Mnist1dPart){.n = 0}, arena);
    data->held = signals_of(&parts.test, &parts.fresh, arena);
    data->n_test = parts.test.n;
    data->n_unlabelled = parts.train.n + (cell_is(cell, "unlabelled", "all") ? parts.test.n : 0);
    data->unlabelled = parts.train.rows; /* the test rows follow */
    return 0;
}

/* Means and spreads of the training signals' offsets and slopes, by which the strength of the views was chosen. */
static void record_trends(const Signals *train, Record *record) {
    double sum[2] = {0, 0}, squares[2] = {0, 0}, trend[2], mean[2], sd[2];
    for (size_t i = 0; i < train->n; i++) {
        signal_trend(LENGTH, train->rows + i * LENGTH, &trend[0], &trend[1]);
        for (int k = 0; k < 2; k++) sum[k] += trend[k];
        for (int k = 0; k < 2; k++) squares[k] = fma(trend[k], trend[k], squares[k]);
    }
    for (int k = 0; k < 2; k++) mean[k] = sum[k] / (double)train->n;
    for (int k = 0; k < 2; k++) sd[k] = sqrt(fmax(squares[k] / (double)train->n - mean[k] * mean[k], 0));
    record_metric(record, "train_offset_mean", mean[0]);
    record_metric(record, "train_offset_sd", sd[0]);
    record_metric(record, "train_slope_mean", mean[1]);
    record_metric(record, "train_slope_sd", sd[1]);
}

/* ---- how good a representation is ---- */

typedef struct Encoder {
    Model model;
    real *weights;
} Encoder;

/* What classifiers see: a layer's features of the training set and of the first of the held signals. */
typedef struct Features {
    const Data *data;
    Rows train, held;
} Features;

static Rows rows_of(const Encoder *encoder, size_t layer, size_t n, const Signals *signals, Arena *work) {
    const size_t units = encoder_layer_units(&encoder->model, layer);
    float *features = arena_alloc(work, n * units, sizeof *features);
    encoder_features(&encoder->model, encoder->weights, layer, n, signals->rows, features);
    return (Rows){.n = n, .length = units, .f4 = features};
}

static Features features_of(const Encoder *encoder, size_t layer, const Data *data, size_t n_held, Arena *work) {
    Features features = {.data = data};
    features.train = rows_of(encoder, layer, data->train.n, &data->train, work);
    features.held = rows_of(encoder, layer, n_held, &data->held, work);
    return features;
}

/* Where a measurement goes: metrics at x. */
typedef struct Place {
    Record *record;
    const char *x_name; /* NULL: no x */
    double x;
} Place;

enum { ALL_CLASSES = -1 };

/* Of the labels that a classifier gives to held signals, those of one class or all: the accuracy on the test set is the
 * metric whose name stands in `twin` behind "fresh_", that on fresh signals, if they are among them, `twin`. */
static void record_accuracy(const Place *place, const char *twin, const Features *features, const uint16_t *given,
                            int class) {
    const uint16_t *labels = features->data->held.labels;
    const size_t end[2] = {features->data->n_test, features->held.n};
    for (size_t set = 0, i = 0; set < 2; set++) {
        size_t correct = 0, count = 0;
        for (; i < end[set]; i++) {
            if (class != ALL_CLASSES && labels[i] != class) continue;
            correct += given[i] == labels[i];
            count++;
        }
        if (!count) continue;
        const double accuracy = (double)correct * 100 / (double)count;
        const char *metric = set ? twin : twin + strlen("fresh_");
        if (place->x_name)
            record_point(place->record, metric, place->x_name, place->x, accuracy);
        else
            record_metric(place->record, metric, accuracy);
    }
}

/* The labels that neighbours give to held signals, in the arena; NULL with an error. */
static const uint16_t *vote(const Features *features, size_t k, NeighboursMetric metric, Arena *work, Error *error) {
    Neighbours found;
    uint16_t *voted = arena_alloc(work, features->held.n, sizeof *voted);
    if (neighbours_find(&features->held, &features->train, k, metric, NULL, work, &found, error)) return NULL;
    neighbours_vote(&found, k, features->data->train.labels, voted);
    return voted;
}

static int measure_probe(const Features *features, LinearProbeOptions options, const char *twin, const Place *place,
                         Arena *work, Error *error) {
    LinearProbe probe;
    uint16_t *predicted = arena_alloc(work, features->held.n, sizeof *predicted);
    if (linear_probe_fit(&features->train, features->data->train.labels, CLASSES, &options, work, &probe, error))
        return -1;
    linear_probe_predict(&probe, &features->held, predicted);
    record_accuracy(place, twin, features, predicted, ALL_CLASSES);
    return 0;
}

/* ---- one cell ---- */

typedef struct Run {
    const Cell *cell;
    Data data;
    Encoder encoder;
    EncoderTail tail;
    Learner *learner;
    Pairs pairs;
    const uint16_t *labels; /* of signals that the encoder learns from; NULL: not told */
    Mt19937 numpy, torch;
    size_t neighbours;
    Record *record;
    Error *error;
} Run;

/* As published: neighbours in the outputs, the linear classifier in the representation.  Before and after training on
 * fresh signals too, after it also class by class. */
static int evaluate(const Run *run, long long epoch, int after) {
    Record *record = run->record;
    Error *error = run->error;
    const size_t n_held = epoch == 0 || after ? run->data.held.n : run->data.n_test;
    const Place place = {record, "epoch", (double)epoch};
    Arena *work = arena_create(0);
    const Features outputs =
        features_of(&run->encoder, encoder_layers(&run->encoder.model) - 1, &run->data, n_held, work);
    const Features representation = features_of(&run->encoder, ENCODER_CONVOLUTIONS, &run->data, n_held, work);
    const uint16_t *voted = vote(&outputs, run->neighbours, map_metric(run->cell), work, error);
    int status = voted ? 0 : -1;
    if (!status) record_accuracy(&place, "fresh_knn_accuracy", &outputs, voted, ALL_CLASSES);
    for (int c = 0; after && !status && c < CLASSES; c++)
        record_accuracy(&(Place){record, "class", c}, "fresh_class_knn_accuracy", &outputs, voted, c);
    if (!status)
        status =
            measure_probe(&representation, linear_probe_as_sklearn(), "fresh_linear_accuracy", &place, work, error);
    arena_destroy(work);
    return status;
}

static int evaluate_layer(const Run *run, size_t layer, Record *record, Error *error) {
    const Place place = {record, "layer", (double)layer}, signals = {record, NULL, 0};
    Arena *work = arena_create(0);
    const Features all = features_of(&run->encoder, layer, &run->data, run->data.held.n, work);
    Features test = all;
    test.held.n = run->data.n_test;
    int status = measure_probe(&all, linear_probe_as_sklearn(), "fresh_layer_linear_accuracy", &place, work, error) ||
                 measure_probe(&all, linear_probe_optimum(), "fresh_layer_optimum_accuracy", &place, work, error);
    const uint16_t *voted = status ? NULL : vote(&test, run->neighbours, map_metric(run->cell), work, error);
    if (voted) record_accuracy(&place, "fresh_layer_knn_accuracy", &test, voted, ALL_CLASSES);
    if (voted && layer == 0) { /* the published nearest signals are those in Euclidean distance */
        voted = vote(&all, run->neighbours, NEIGHBOURS_EUCLIDEAN, work, error);
        if (voted) record_accuracy(&signals, "fresh_signal_knn_accuracy", &all, voted, ALL_CLASSES);
    }
    arena_destroy(work);
    return voted ? 0 : -1;
}

static int record_map(const Run *run, const char *prefix, double from, double to, Arena *arena, Record *record,
                      Error *error) {
    if (cell_is(run->cell, "map", "none")) return 0;
    const size_t layer = encoder_layers(&run->encoder.model) - 1;
    const Rows outputs = rows_of(&run->encoder, layer, run->data.train.n, &run->data.train, arena);
    const Map map = {&outputs, run->data.train.labels, CLASSES, prefix, from, to};
    return map_record(run->cell, &map, arena, record, error);
}

/* How far the outputs spread over the training signals, each signal's scaled to length 1: the standard deviation of a unit,
 * mean of the units.  0: all signals have the same; 1 / sqrt(units): they lie evenly on the sphere. */
static void record_spread(const Run *run, Record *record) {
    Arena *work = arena_create(0);
    const Data *data = &run->data;
    const Rows outputs =
        rows_of(&run->encoder, encoder_layers(&run->encoder.model) - 1, data->train.n, &data->train, work);
    const size_t n = outputs.n, units = outputs.length;
    double *sum = arena_alloc_zero(work, units, sizeof *sum), *squares = arena_alloc_zero(work, units, sizeof *squares);
    double spread = 0;
    for (size_t i = 0; i < n; i++) {
        const float *y = outputs.f4 + i * units;
        double length = 0;
        for (size_t k = 0; k < units; k++) length = fma(y[k], y[k], length);
        for (size_t k = 0; k < units && length > 0; k++) {
            const double value = y[k] / sqrt(length);
            sum[k] += value;
            squares[k] = fma(value, value, squares[k]);
        }
    }
    for (size_t k = 0; k < units; k++) {
        const double mean = sum[k] / (double)n;
        spread += sqrt(fmax(squares[k] / (double)n - mean * mean, 0));
    }
    record_metric(record, "train_output_spread", spread / (double)units);
    arena_destroy(work);
}

/* The loss, and in head the tail that it wants: a classifier, or what predicts the outputs of the other view. */
static int choose_loss(Run *run, EncoderHead *head, Error *error) {
    const Cell *cell = run->cell;
    const PairLossKind *kind = pair_loss_named(cell_choice(cell, "loss"));
    const size_t channels = (size_t)cell_integer(cell, "channels");
    if (kind->labels && cell_is(cell, "unlabelled", "all"))
        return error_set(error,
                         "the loss %s learns from labels, and those of the test set are for measuring: leave "
                         "--unlabelled at train",
                         kind->name);
    run->tail = (EncoderTail){kind->tail_layers, (size_t)cell_integer(cell, "predictor-width"),
                              kind->labels ? CLASSES : model_encoder(LENGTH, channels, *head).classes};
    if (kind->tail_layers) head->tail = &run->tail;
    if (kind->labels) run->labels = run->data.train.labels;
    run->pairs.tail_outputs = kind->tail_layers ? run->tail.outputs : 0;
    run->pairs.loss = kind->loss;
    run->pairs.settings = (PairLossSettings){.temperature = (real)cell_real(cell, "temperature"),
                                             .margin = (real)cell_real(cell, "margin"),
                                             .redundancy = (real)cell_real(cell, "redundancy"),
                                             .invariance = (real)cell_real(cell, "invariance"),
                                             .variance = (real)cell_real(cell, "variance"),
                                             .covariance = (real)cell_real(cell, "covariance")};
    return 0;
}

static int prepare(Run *run, Arena *arena, Error *error) {
    const Cell *cell = run->cell;
    if (make_data(cell, arena, &run->data, error)) return -1;
    EncoderHead head = {(size_t)cell_integer(cell, "head-layers"), (size_t)cell_integer(cell, "head-width"),
                        (size_t)cell_integer(cell, "outputs"), NULL};
    const ViewOptions options = {(size_t)cell_integer(cell, "shifts"), cell_real(cell, "slope-sd"),
                                 cell_real(cell, "offset-sd")};
    run->neighbours = (size_t)cell_integer(cell, "neighbours");
    run->pairs = pairs_of(run->data.n_unlabelled, LENGTH, run->data.unlabelled, options,
                          (size_t)cell_integer(cell, "batch"), &run->numpy, &run->torch, arena);
    if (choose_loss(run, &head, error)) return -1;
    mt19937_seed(&run->numpy, cell_seed(cell));
    mt19937_seed(&run->torch, cell_seed(cell));
    const Model model = model_encoder(LENGTH, (size_t)cell_integer(cell, "channels"), head);
    run->learner = learner_create(model_network(&model, arena), arena);
    run->encoder = (Encoder){model, run->learner->weights};
    model_initialize(&model, &run->torch, run->encoder.weights);
    return 0;
}

static int after_epoch(Learner *learner, const Progress *progress, void *context) {
    const Run *run = context;
    const long long epochs = cell_integer(run->cell, "epochs"), every = cell_integer(run->cell, "evaluate-every");
    const long long epoch = (long long)progress->epochs;
    const int last = epoch == epochs;
    const double loss = progress->epoch.loss;
    (void)learner;
    if (!isfinite(loss))
        return error_set(run->error, "the loss of epoch %lld is not a finite number: give a smaller --learning-rate",
                         epoch);
    record_point(run->record, "train_loss", "epoch", (double)epoch, loss);
    if ((last || epoch % every == 0) && evaluate(run, epoch, last)) return -1;
    cell_progress(run->cell, 0.1 + 0.6 * (double)epoch / (double)epochs);
    return study_stopping();
}

static int train(Run *run) {
    const LabelledSet set = pairs_set(&run->pairs, run->labels);
    Protocol protocol = pairs_protocol(&set);
    protocol.epochs = (size_t)cell_integer(run->cell, "epochs");
    protocol.optimizer =
        (OptimizerSettings){.kind = OPTIMIZER_ADAM, .learning_rate = cell_real(run->cell, "learning-rate")};
    protocol.after_epoch = after_epoch;
    protocol.context = run;
    return evaluate(run, 0, 0) || fit(run->learner, &protocol) ? -1 : 0;
}

static int run_cell(const Cell *cell, Arena *arena, Record *record, Error *error) {
    Run *run = arena_alloc_zero(arena, 1, sizeof *run);
    run->cell = cell;
    run->record = record;
    run->error = error;
    if (prepare(run, arena, error)) return -1;
    record_metric(record, "n_parameters", (double)run->encoder.model.n_parameters);
    record_trends(&run->data.train, record);
    int status = record_map(run, "before_", 0, 0.1, arena, record, error);
    if (!status) status = train(run);
    const size_t layers = encoder_layers(&run->encoder.model);
    for (size_t layer = 0; layer < layers && !status; layer++) {
        status = evaluate_layer(run, layer, record, error);
        cell_progress(cell, 0.7 + 0.2 * (double)(layer + 1) / (double)layers);
        if (!status && study_stopping()) status = -1;
    }
    if (!status && cell_is(cell, "measures", "more")) record_spread(run, record);
    if (!status) status = record_map(run, "", 0.9, 1, arena, record, error);
    learner_destroy(run->learner);
    return status;
}

/* Core-seconds: of training, by the size of the head; of an evaluation; of the classifiers of each layer; of maps. */
static double cost(const Cell *cell) {
    const double share = (double)cell_integer(cell, "num-samples") / 5000;
    const double layers = (double)cell_integer(cell, "head-layers"), epochs = (double)cell_integer(cell, "epochs");
    const double epoch = (0.01 + 0.003 * layers) * (cell_is(cell, "unlabelled", "all") ? 1.25 : 1);
    const double evaluations = 2 + epochs / (double)cell_integer(cell, "evaluate-every");
    const double maps = 2 * map_cost(cell, (size_t)(4000 * share), (size_t)cell_integer(cell, "outputs"));
    return share * (epoch * epochs + 0.25 * evaluations + 4.5 + 1.6 * layers) +
           (cell_is(cell, "map", "none") ? 0 : maps);
}

const Method self_supervised = {.name = "self-supervised",
                                .title = "Self-supervised learning on MNIST-1D",
                                .parameters = parameters,
                                .smoke = "epochs=3 evaluate-every=2 num-samples=300 fresh-examples=200",
                                .run = run_cell,
                                .cost = cost,
                                .source = "reproduce/self_supervised.c"};
