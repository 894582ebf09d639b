/* Fifteen questions about training on MNIST and Fashion-MNIST (Johns Hopkins University, CS 482/682, assignment p02,
 * 2018): what the data, epochs, learning rate, optimiser, dropout, batch, widths, batch normalisation, layers and transfer
 * do to a small convolutional network.
 *
 * Both sets have 60000 training and 10000 test images, whose bytes b become (b/255 - 0.1307)/0.3081, the constants of MNIST
 * for both.  Minibatches are shuffled every epoch, the last one of an epoch is smaller; the softmax cross-entropy is
 * averaged over the minibatch.  After every epoch the whole test set is evaluated, which the source calls validation.
 *
 * Accuracies are in per cent.  For every epoch: what was trained on, averaged over the examples of the epoch as they were
 * met (train_accuracy, train_loss); the last minibatch that the source's program logs, every log-every steps
 * (logged_train_...); the test set (val_...).  The source's plots, and some of its texts, have val_accuracy smoothed: claims
 * smooth what is recorded here (smoothed, src/study/quantity.h).
 *
 * With transfer the trained network goes on to another set: it is evaluated there, at epoch 0 of transfer_val_..., and, when
 * fine-tuned, trained on for transfer-epochs.
 *
 * MNIST-1D takes the place of images for the same questions; its networks have windows of one row.
 *
 * The seed of a cell is torch.manual_seed: the initial weights, then the order of every epoch, come from that one stream;
 * it also draws the noise of dropout. */
#include <math.h>
#include <string.h>

#include "data/fresh_test.h"
#include "nn/mnist1d_sets.h"
#include "nn/question_networks.h"
#include "registry.h"

#define CLASSES 10
#define DATA_SEED 42

#define BATCH_NORM_NETWORKS "network=batch-norm,batch-norm-dropout,dropout-batch-norm,ultimate,ultimate-second"

static const Parameter parameters[] = {
    {"data", PARAMETER_CHOICE, "fashion-mnist", 0, 0, "mnist,fashion-mnist,mnist1d,mnist1d-shuffled",
     "what is trained and tested on", NULL},
    {"network", PARAMETER_CHOICE, "default", 0, 0,
     "default,half,half-channels,double,double-channels,batch-norm,batch-norm-dropout,dropout-batch-norm,"
     "third-convolution,third-block,one-linear-relu,one-linear,one-block,ultimate,ultimate-second",
     "the network; `scaledown models questions-NETWORK` shows its layers", NULL},
    {"epochs", PARAMETER_INTEGER, "10", 1, 100000, NULL, "passes over the training set", NULL},
    {"batch", PARAMETER_INTEGER, "256", 1, 60000, NULL, "examples per update", NULL},
    {"optimizer", PARAMETER_CHOICE, "sgd", 0, 0, "sgd,adam,rmsprop", "the optimiser", NULL},
    {"learning-rate", PARAMETER_REAL, "0.01", 1e-12, 1e3, NULL, "of the optimiser", NULL},
    {"momentum", PARAMETER_REAL, "0.5", 0, 0.999999, NULL, "of SGD", "optimizer=sgd"},
    {"dropout", PARAMETER_REAL, "0.5", 0, 1, NULL, "probability in front of the last linear layer",
     "network=default,half,half-channels,double,double-channels,batch-norm,batch-norm-dropout,dropout-batch-norm,"
     "third-convolution,third-block,one-linear-relu,one-linear,one-block,ultimate-second"},
    {"channel-dropout", PARAMETER_REAL, "0.5", 0, 1, NULL, "probability beside batch normalisation",
     "network=batch-norm-dropout,dropout-batch-norm"},
    {"dropout1", PARAMETER_REAL, "0.3", 0, 1, NULL, "probability behind the first convolution", "network=ultimate"},
    {"dropout2", PARAMETER_REAL, "0.4", 0, 1, NULL, "probability behind the second convolution", "network=ultimate"},
    {"scales", PARAMETER_CHOICE, "uniform", 0, 0, "uniform,one",
     "how those of batch normalisation start: in U(0, 1) as in PyTorch 0.3, or at 1", BATCH_NORM_NETWORKS},
    {"transfer", PARAMETER_CHOICE, "none", 0, 0, "none,evaluate,fine-tune", "what follows on another set", NULL},
    {"transfer-data", PARAMETER_CHOICE, "mnist", 0, 0, "mnist,fashion-mnist,mnist1d,mnist1d-shuffled", "that set",
     "transfer=evaluate,fine-tune"},
    {"transfer-epochs", PARAMETER_INTEGER, "10", 1, 100000, NULL, "passes over it", "transfer=fine-tune"},
    {"transfer-optimizer", PARAMETER_CHOICE, "sgd", 0, 0, "sgd,adam,rmsprop", "the optimiser there",
     "transfer=fine-tune"},
    {"transfer-learning-rate", PARAMETER_REAL, "0.0005", 1e-12, 1e3, NULL, "its rate, published as a twentieth",
     "transfer=fine-tune"},
    {"transfer-momentum", PARAMETER_REAL, "0.5", 0, 0.999999, NULL, "of SGD there", "transfer=fine-tune"},
    {"log-every", PARAMETER_INTEGER, "100", 1, 10000000, NULL,
     "minibatches of an epoch from one that is logged to the next", NULL},
    {"train-examples", PARAMETER_INTEGER, "0", 0, 60000, NULL, "the first of the training set; 0: all of them", NULL},
    {"test-examples", PARAMETER_INTEGER, "0", 0, 10000, NULL, "likewise of the test set", NULL},
    {"fresh-examples", PARAMETER_INTEGER, "20000", 0, 10000000, NULL, "fresh test signals, drawn anew for measuring",
     "data=mnist1d,mnist1d-shuffled"},
    {NULL, PARAMETER_REAL, NULL, 0, 0, NULL, NULL, NULL}};

/* ---- data ---- */

typedef struct Sets {
    LabelledSet train, test, fresh; /* fresh.n 0: there are none */
} Sets;

static int is_images(const char *data) {
    return strncmp(data, "mnist1d", 7) != 0;
}

static size_t chosen(size_t asked, size_t there) {
    return asked && asked < there ? asked : there;
}

static int image_sets(const char *data, size_t n_train, size_t n_test, Arena *arena, Sets *sets, Error *error) {
    static const float mean = 0.1307f, deviation = 0.3081f; /* of MNIST */
    const ImageSet *set = image_set(data, error);
    if (!set) return -1;
    sets->train = set_of_images(&set->train, chosen(n_train, set->train.n), CLASSES, &mean, &deviation, arena);
    sets->test = set_of_images(&set->test, chosen(n_test, set->test.n), CLASSES, &mean, &deviation, arena);
    sets->fresh = (LabelledSet){.n = 0};
    return 0;
}

static LabelledSet signals(const Mnist1dPart *part, size_t length, const size_t *columns, Arena *arena) {
    LabelledSet set = mnist1d_set(part, length, columns, arena);
    set.example = shape_signal(1, length, 1);
    return set;
}

static int signal_sets(const char *data, size_t n_train, size_t n_test, size_t n_fresh, Arena *arena, Sets *sets,
                       Error *error) {
    const Mnist1dOptions options = mnist1d_defaults();
    Mnist1dParts parts;
    if (mnist1d_parts_make(&options, n_fresh, arena, &parts, error)) return -1;
    const size_t *columns = mnist1d_feature_order(parts.length, !strcmp(data, "mnist1d-shuffled"), DATA_SEED, arena);
    parts.train.n = chosen(n_train, parts.train.n);
    parts.test.n = chosen(n_test, parts.test.n);
    sets->train = signals(&parts.train, parts.length, columns, arena);
    sets->test = signals(&parts.test, parts.length, columns, arena);
    sets->fresh = signals(&parts.fresh, parts.length, columns, arena);
    return 0;
}

static int get_sets(const Cell *cell, const char *data, Arena *arena, Sets *sets, Error *error) {
    const size_t n_train = (size_t)cell_integer(cell, "train-examples");
    const size_t n_test = (size_t)cell_integer(cell, "test-examples");
    return is_images(data)
               ? image_sets(data, n_train, n_test, arena, sets, error)
               : signal_sets(data, n_train, n_test, (size_t)cell_integer(cell, "fresh-examples"), arena, sets, error);
}

static int ready(const Cell *cell, Error *error) {
    const char *data = cell_choice(cell, "data"), *transfer = cell_choice(cell, "transfer-data");
    if (is_images(data) && image_set_check(data, error)) return -1;
    return cell_is(cell, "transfer", "none") || !is_images(transfer) ? 0 : image_set_check(transfer, error);
}

/* ---- what is recorded ---- */

/* A run of epochs, on the first set or after the transfer. */
typedef struct Epochs {
    const Cell *cell;
    Record *record;
    const Sets *sets;
    const char *train_accuracy, *train_loss, *logged_accuracy, *logged_loss, *val_accuracy, *val_loss;
    size_t log_every, before, all; /* epochs of the cell before this run, and in all */
    Evaluation logged, val, best;
    int diverged; /* from then on accuracies mean nothing */
} Epochs;

static Epochs epochs_of(const Cell *cell, Record *record, const Sets *sets, int transferred, size_t before,
                        size_t all) {
    Epochs epochs = {.cell = cell,
                     .record = record,
                     .sets = sets,
                     .train_accuracy = transferred ? "transfer_train_accuracy" : "train_accuracy",
                     .train_loss = transferred ? "transfer_train_loss" : "train_loss",
                     .logged_accuracy = transferred ? "transfer_logged_train_accuracy" : "logged_train_accuracy",
                     .logged_loss = transferred ? "transfer_logged_train_loss" : "logged_train_loss",
                     .val_accuracy = transferred ? "transfer_val_accuracy" : "val_accuracy",
                     .val_loss = transferred ? "transfer_val_loss" : "val_loss",
                     .log_every = (size_t)cell_integer(cell, "log-every"),
                     .before = before,
                     .all = all};
    return epochs;
}

static double accuracy_of(const Epochs *epochs, Evaluation evaluation) {
    return epochs->diverged ? NAN : percent_correct(evaluation);
}

static void record_pair(const Epochs *epochs, const char *accuracy, const char *loss, size_t epoch,
                        Evaluation evaluation) {
    record_either(epochs->record, accuracy, "epoch", (double)epoch, accuracy_of(epochs, evaluation));
    record_either(epochs->record, loss, "epoch", (double)epoch, evaluation.loss);
}

static int after_update(Learner *learner, const Progress *progress, void *context) {
    Epochs *epochs = context;
    (void)learner;
    if (progress->minibatch % epochs->log_every == 0) epochs->logged = progress->last;
    if (!isfinite(progress->last.loss)) epochs->diverged = 1;
    return study_stopping();
}

static int after_epoch(Learner *learner, const Progress *progress, void *context) {
    Epochs *epochs = context;
    const size_t epoch = progress->epochs;
    epochs->val = learner_evaluate(learner, &epochs->sets->test);
    if (!isfinite(epochs->val.loss)) epochs->diverged = 1;
    if (epoch == 1 || epochs->val.correct > epochs->best.correct) epochs->best = epochs->val;
    record_pair(epochs, epochs->train_accuracy, epochs->train_loss, epoch, progress->epoch);
    record_pair(epochs, epochs->logged_accuracy, epochs->logged_loss, epoch, epochs->logged);
    record_pair(epochs, epochs->val_accuracy, epochs->val_loss, epoch, epochs->val);
    cell_progress(epochs->cell, (double)(epochs->before + epoch) / (double)epochs->all);
    return 0;
}

/* ---- one cell ---- */

static OptimizerSettings optimizer_settings(const Cell *cell, const char *kind, const char *rate,
                                            const char *momentum) {
    OptimizerSettings settings = {.kind = OPTIMIZER_SGD, .learning_rate = cell_real(cell, rate)};
    if (cell_is(cell, kind, "adam")) settings.kind = OPTIMIZER_ADAM;
    if (cell_is(cell, kind, "rmsprop")) settings.kind = OPTIMIZER_RMSPROP;
    if (settings.kind == OPTIMIZER_SGD) settings.momentum = cell_real(cell, momentum);
    return settings;
}

static const Network *make_network(const Cell *cell, Shape input, Arena *arena, Error *error) {
    const QuestionNetwork *kind = question_network_by_name(cell_choice(cell, "network"), error);
    const QuestionSettings settings = {
        .dropout = cell_real(cell, "dropout"),
        .channel_dropout = cell_real(cell, "channel-dropout"),
        .dropout1 = cell_real(cell, "dropout1"),
        .dropout2 = cell_real(cell, "dropout2"),
        .scales = {cell_is(cell, "scales", "uniform") ? INITIAL_UNIFORM : INITIAL_CONSTANT, 1}};
    return kind ? question_network_create(kind, &settings, input, arena) : NULL;
}

static int train(const Cell *cell, Learner *learner, Mt19937 *torch, size_t n_epochs, OptimizerSettings optimizer,
                 Epochs *epochs) {
    return fit(learner, &(Protocol){.train = &epochs->sets->train,
                                    .batch = (size_t)cell_integer(cell, "batch"),
                                    .order = ORDER_SHUFFLED,
                                    .stream = torch,
                                    .epochs = n_epochs,
                                    .optimizer = optimizer,
                                    .noise_seed = cell_seed(cell),
                                    .after_update = after_update,
                                    .after_epoch = after_epoch,
                                    .context = epochs});
}

static int run_epochs(const Cell *cell, Learner *learner, Mt19937 *torch, const Sets *sets, size_t all,
                      Record *record) {
    const size_t n_epochs = (size_t)cell_integer(cell, "epochs");
    Epochs epochs = epochs_of(cell, record, sets, 0, 0, all);
    if (train(cell, learner, torch, n_epochs, optimizer_settings(cell, "optimizer", "learning-rate", "momentum"),
              &epochs))
        return -1;
    record_either(record, "final_val_accuracy", NULL, 0, accuracy_of(&epochs, epochs.val));
    record_either(record, "final_val_loss", NULL, 0, epochs.val.loss);
    record_metric(record, "best_val_accuracy", percent_correct(epochs.best));
    if (sets->fresh.n)
        record_either(record, "fresh_final_val_accuracy", NULL, 0,
                      accuracy_of(&epochs, learner_evaluate(learner, &sets->fresh)));
    return 0;
}

static int run_transfer(const Cell *cell, Learner *learner, Mt19937 *torch, size_t all, Arena *arena, Record *record,
                        Error *error) {
    const int tuned = cell_is(cell, "transfer", "fine-tune");
    Sets sets;
    if (get_sets(cell, cell_choice(cell, "transfer-data"), arena, &sets, error)) return -1;
    Epochs epochs = epochs_of(cell, record, &sets, 1, (size_t)cell_integer(cell, "epochs"), all);
    const Evaluation first = learner_evaluate(learner, &sets.test);
    epochs.diverged = !isfinite(first.loss);
    record_pair(&epochs, epochs.val_accuracy, epochs.val_loss, 0, first);
    if (!tuned) return 0;
    if (train(cell, learner, torch, (size_t)cell_integer(cell, "transfer-epochs"),
              optimizer_settings(cell, "transfer-optimizer", "transfer-learning-rate", "transfer-momentum"), &epochs))
        return -1;
    record_either(record, "transfer_final_val_accuracy", NULL, 0, accuracy_of(&epochs, epochs.val));
    record_metric(record, "transfer_best_val_accuracy", percent_correct(epochs.best));
    return 0;
}

static size_t all_epochs(const Cell *cell) {
    return (size_t)cell_integer(cell, "epochs") +
           (cell_is(cell, "transfer", "fine-tune") ? (size_t)cell_integer(cell, "transfer-epochs") : 0);
}

static int run_cell(const Cell *cell, Arena *arena, Record *record, Error *error) {
    Sets sets;
    Mt19937 torch;
    if (!cell_is(cell, "transfer", "none") &&
        is_images(cell_choice(cell, "data")) != is_images(cell_choice(cell, "transfer-data")))
        return error_set(error, "options --data and --transfer-data: a network for images cannot go on to signals, nor "
                                "the other way; give two of mnist and fashion-mnist, or of mnist1d and "
                                "mnist1d-shuffled");
    if (get_sets(cell, cell_choice(cell, "data"), arena, &sets, error)) return -1;
    const Network *network = make_network(cell, sets.train.example, arena, error);
    if (!network) return -1;
    Learner *learner = learner_create(network, arena);
    mt19937_seed(&torch, cell_seed(cell));
    network_initialize(network, &torch, learner->weights);
    record_metric(record, "parameters", (double)network->n_parameters);
    record_metric(record, "multiply_adds", (double)network_multiply_adds(network));
    int status = run_epochs(cell, learner, &torch, &sets, all_epochs(cell), record);
    if (!status && !cell_is(cell, "transfer", "none"))
        status = run_transfer(cell, learner, &torch, all_epochs(cell), arena, record, error);
    learner_destroy(learner);
    return status;
}

/* Core-seconds on the machine that costs are measured on (calibrate, study/schedule.h): multiply-adds of an image forward,
 * three times as many to train on, at the speed of a core, which is lower where large images are normalised and dropped
 * from, as memory then limits, and lowest for signals, whose minibatches are small. */
static double cost(const Cell *cell) {
    const int images = is_images(cell_choice(cell, "data"));
    const double speed = cell_is(cell, "network", "ultimate") ? 4e9 : images ? 1e10 : 2e10;
    const double asked_train = (double)cell_integer(cell, "train-examples");
    const double asked_test = (double)cell_integer(cell, "test-examples");
    const double n_train = asked_train > 0 ? asked_train : images ? 60000 : 4000;
    const double n_test = asked_test > 0 ? asked_test : images ? 10000 : 1000;
    double multiply_adds = 0;
    for (const QuestionNetwork *kind = question_networks; kind->name; kind++)
        if (cell_is(cell, "network", kind->name)) multiply_adds = (double)kind->multiply_adds;
    if (!images) multiply_adds /= 20;
    return (images ? 0.3 : 0.05 + 1e-5 * (double)cell_integer(cell, "fresh-examples")) +
           (double)all_epochs(cell) * multiply_adds * (3 * n_train + n_test) / speed;
}

const Method questions = {.name = "questions",
                          .title = "Fifteen questions on MNIST and Fashion-MNIST",
                          .parameters = parameters,
                          .smoke = "train-examples=1000 test-examples=500 epochs=2 transfer-epochs=2 log-every=2 "
                                   "fresh-examples=1000",
                          .run = run_cell,
                          .cost = cost,
                          .ready = ready,
                          .source = "reproduce/questions.c"};
