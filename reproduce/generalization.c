/* Networks that fit random labels (Zhang, Bengio, Hardt, Recht, Vinyals 2017, "Understanding deep learning requires
 * rethinking generalization"), on MNIST-1D in place of CIFAR-10.
 *
 * The data: 4000 signals to train on and 1000 to test, ten classes.  Labels: with probability label-corruption, each by
 * itself, a training label is drawn anew from all classes.  Inputs: as they are; shuffled, in one random order of positions
 * for all signals of both sets; random, each signal in an order of its own; gaussian, each value a normal number of the mean
 * and variance of the training set.  All of this is drawn once, from streams of the cell's seed, and stays the same in all
 * epochs.  Then every signal is whitened by itself.
 *
 * Training: SGD with momentum on minibatches of 128, shuffled each epoch, the last one of an epoch smaller; the rate falls by
 * the factor decay every decay-every updates, 391 as in an epoch of CIFAR-10.  Weight decay is for weights, not for biases and
 * shifts, of the AlexNet for those of its two hidden linear layers alone.  Augmentation draws a signal anew every time that
 * it is trained on: a crop of it padded by 4 zeros on both sides, or with a factor and noise besides.  Where it is augmented,
 * what is recorded of training is about the signals as they were met.
 *
 * For every epoch, or every record-every-th: train_loss and train_accuracy, averaged over the epoch as it went;
 * test_accuracy, on clean labels.  Accuracies are in per cent.  final_plain_train_accuracy is that of the trained network
 * in evaluation mode, without augmentation.  Training ends early when an epoch's train_loss is at most until-loss: from
 * there on the curves stay at their last values.  train_epochs_to_fit is the first epoch with a train_loss of at most
 * fit-loss: by which criterion the paper counts its time to overfit is not published, and 0.05 is the one whose counts are
 * those of its figures.  When it is not met there is none.
 *
 * The seed of a cell is torch.manual_seed, from whose stream come the initial weights and the order of every epoch, and that
 * of the streams of corruption, dropout and augmentation. */
#include <math.h>
#include <string.h>

#include "data/label_noise.h"
#include "data/mnist1d.h"
#include "data/perturbation.h"
#include "data/whitening.h"
#include "nn/generalization_networks.h"
#include "nn/mnist1d_sets.h"
#include "registry.h"

enum { CLASSES = MNIST1D_CLASSES, LENGTH = 40 };

static const Parameter parameters[] = {
    {"network", PARAMETER_CHOICE, "inception", 0, 0,
     "inception,inception-without-norm,inception-half,alexnet,mlp-1x512,mlp-3x512,wrn-10-1",
     "the network; `scaledown models rethinking-signal-NETWORK` shows its layers", NULL},
    {"inputs", PARAMETER_CHOICE, "true", 0, 0, "true,shuffled,random,gaussian", "what the signals are", NULL},
    {"label-corruption", PARAMETER_REAL, "0", 0, 1, NULL, "probability that a training label is drawn anew", NULL},
    {"epochs", PARAMETER_INTEGER, "100", 1, 100000, NULL, "passes over the training set at most", NULL},
    {"until-loss", PARAMETER_REAL, "0.001", 0, 100, NULL, "training ends at this mean loss of an epoch; 0: never",
     NULL},
    {"fit-loss", PARAMETER_REAL, "0.05", 0, 100, NULL, "at this one the training set counts as fitted", NULL},
    {"batch", PARAMETER_INTEGER, "128", 1, 1000000, NULL, "examples per update", NULL},
    {"learning-rate", PARAMETER_REAL, "0.1", 1e-12, 1e3, NULL, "of SGD", NULL},
    {"momentum", PARAMETER_REAL, "0.9", 0, 0.999999, NULL, "of SGD", NULL},
    {"decay", PARAMETER_REAL, "0.95", 1e-6, 1, NULL, "factor by which the rate falls", NULL},
    {"decay-every", PARAMETER_INTEGER, "391", 1, 100000000, NULL, "updates from one fall to the next", NULL},
    {"weight-decay", PARAMETER_REAL, "0", 0, 10, NULL, "of SGD", NULL},
    {"dropout", PARAMETER_REAL, "0", 0, 0.99, NULL, "probability in front of the last linear layer",
     "network=inception,inception-without-norm,inception-half,alexnet,mlp-1x512,mlp-3x512"},
    {"augmentation", PARAMETER_CHOICE, "none", 0, 0, "none,crop,all",
     "what happens to a signal each time: nothing, a crop, or a factor and noise too", NULL},
    {"follow", PARAMETER_CHOICE, "usual", 0, 0, "usual,corrupted,top3",
     "what else is evaluated each epoch: examples by whether their labels are corrupted, or the three best classes",
     NULL},
    {"record-every", PARAMETER_INTEGER, "1", 1, 100000, NULL, "epochs from one point of a curve to the next", NULL},
    {"train-examples", PARAMETER_INTEGER, "0", 0, 1000000, NULL, "the first of the training set; 0: all of them", NULL},
    FRESH_TEST_PARAMETER,
    {NULL, PARAMETER_REAL, NULL, 0, 0, NULL, NULL, NULL}};

/* ---- data ---- */

/* The streams of the cell's seed. */
enum { OF_LABELS, OF_TEST_LABELS, OF_COMMON_ORDER, OF_TRAIN, OF_TEST, OF_FRESH };
/* The key of augmentation is the seed with this. */
#define AUGMENTATION_KEY ((uint64_t)1 << 63)

typedef struct Sets {
    LabelledSet train, test, fresh; /* fresh.n 0: there are none */
    LabelledSet plain;              /* train without augmentation */
    LabelledSet corrupted_test;     /* test with labels corrupted as those of training */
    LabelledSet kept, corrupted;    /* training examples whose labels are the true ones, and those with another */
} Sets;

/* Mean and variance of the training set. */
typedef struct Moments {
    double mean, sd;
} Moments;

static Moments moments_of(size_t count, const float *values) {
    double sum = 0, squares = 0;
    for (size_t i = 0; i < count; i++) sum += (double)values[i];
    const double mean = sum / (double)count;
    for (size_t i = 0; i < count; i++) squares += ((double)values[i] - mean) * ((double)values[i] - mean);
    return (Moments){mean, sqrt(squares / (double)count)};
}

static void corrupt_inputs(const Cell *cell, uint64_t stream, Moments moments, size_t n, float *rows) {
    Philox draws;
    const int shuffled = cell_is(cell, "inputs", "shuffled");
    philox_seed(&draws, cell_seed(cell), shuffled ? OF_COMMON_ORDER : stream);
    if (shuffled) perturb_by_shuffling(&draws, 0, n, 1, LENGTH, rows);
    if (cell_is(cell, "inputs", "random")) perturb_by_shuffling(&draws, 1, n, 1, LENGTH, rows);
    if (cell_is(cell, "inputs", "gaussian")) perturb_to_noise(&draws, moments.mean, moments.sd, n, LENGTH, rows);
}

static LabelledSet signal_set(size_t n, const float *rows, const uint8_t *labels, Arena *arena) {
    LabelledSet set = set_of_rows(n, LENGTH, CLASSES, rows, labels, NULL, arena);
    set.example = shape_signal(1, LENGTH, 1);
    return set;
}

static uint8_t *corrupted_labels(const Cell *cell, uint64_t stream, size_t n, const uint8_t *labels, Arena *arena) {
    uint8_t *mine = arena_alloc(arena, n, 1);
    Philox draws;
    memcpy(mine, labels, n);
    philox_seed(&draws, cell_seed(cell), stream);
    label_noise_apply_philox(&draws, cell_real(cell, "label-corruption"), CLASSES, n, mine);
    return mine;
}

/* Each column becomes an augmented signal. */
static void augment(const LabelledSet *set, size_t batch, const DropoutNoise *noise, real *x) {
    float out[LENGTH];
    Philox draws;
    for (size_t b = 0; b < batch; b++) {
        const uint32_t example = noise->example[b];
        philox_seed(&draws, noise->seed | AUGMENTATION_KEY, (uint64_t)noise->step << 32 | example);
        augment_signal(set->transform_context, &draws, LENGTH, set->rows + example * LENGTH, out);
        for (size_t j = 0; j < LENGTH; j++) x[j * batch + b] = (real)out[j];
    }
}

/* The training examples whose label was changed, or was not. */
static LabelledSet part_of(const LabelledSet *train, const uint8_t *labels, const uint8_t *given, int changed,
                           Arena *arena) {
    float *rows = arena_alloc(arena, train->n * LENGTH, sizeof *rows);
    uint8_t *of_part = arena_alloc(arena, train->n, 1);
    size_t n = 0;
    for (size_t i = 0; i < train->n; i++) {
        if ((labels[i] != given[i]) != changed) continue;
        memcpy(rows + n * LENGTH, train->rows + i * LENGTH, LENGTH * sizeof *rows);
        of_part[n++] = given[i];
    }
    return signal_set(n, rows, of_part, arena);
}

static void training_set(const Cell *cell, Moments moments, size_t n, float *rows, const uint8_t *labels,
                         const Augmentation *augmentation, Arena *arena, Sets *sets) {
    const uint8_t *given = corrupted_labels(cell, OF_LABELS, n, labels, arena);
    corrupt_inputs(cell, OF_TRAIN, moments, n, rows);
    float *whitened = arena_alloc(arena, n * LENGTH, sizeof *whitened);
    memcpy(whitened, rows, n * LENGTH * sizeof *whitened);
    whiten_rows(n, LENGTH, whitened);
    sets->train = sets->plain = signal_set(n, whitened, given, arena);
    if (augmentation) { /* whitens by itself */
        sets->train.rows = rows;
        sets->train.transform = augment;
        sets->train.transform_context = augmentation;
    }
    sets->kept = part_of(&sets->plain, labels, given, 0, arena);
    sets->corrupted = part_of(&sets->plain, labels, given, 1, arena);
}

static int get_sets(const Cell *cell, const Augmentation *augmentation, Arena *arena, Sets *sets, Error *error) {
    const Mnist1dOptions options = mnist1d_defaults();
    const size_t asked = (size_t)cell_integer(cell, "train-examples");
    const size_t n_fresh = (size_t)cell_integer(cell, "fresh-examples");
    Mnist1d raw;
    FreshTest fresh;
    if (mnist1d_make(&options, arena, &raw, error)) return -1;
    if (fresh_test_make(n_fresh, &options, &raw, arena, &fresh, error)) return -1;
    float *rows = mnist1d_binary32(raw.n_train * LENGTH, raw.x, arena);
    float *rows_test = mnist1d_binary32(raw.n_test * LENGTH, raw.x_test, arena);
    float *rows_fresh = arena_alloc(arena, fresh.n * LENGTH, sizeof *rows_fresh);
    const Moments moments = moments_of(raw.n_train * LENGTH, rows);
    const size_t n = asked && asked < raw.n_train ? asked : raw.n_train;
    if (fresh.n) memcpy(rows_fresh, fresh.rows, fresh.n * LENGTH * sizeof *rows_fresh);
    training_set(cell, moments, n, rows, raw.y, augmentation, arena, sets);
    corrupt_inputs(cell, OF_TEST, moments, raw.n_test, rows_test);
    whiten_rows(raw.n_test, LENGTH, rows_test);
    sets->test = signal_set(raw.n_test, rows_test, raw.y_test, arena);
    sets->corrupted_test =
        signal_set(raw.n_test, rows_test, corrupted_labels(cell, OF_TEST_LABELS, raw.n_test, raw.y_test, arena), arena);
    corrupt_inputs(cell, OF_FRESH, moments, fresh.n, rows_fresh);
    whiten_rows(fresh.n, LENGTH, rows_fresh);
    sets->fresh = signal_set(fresh.n, rows_fresh, fresh.labels, arena);
    return 0;
}

/* ---- what is recorded ---- */

typedef struct Curve {
    const char *metric;
    double *value; /* [epochs] */
} Curve;

enum { TRAIN_LOSS, TRAIN_ACCURACY, TEST_ACCURACY, FOLLOWED, MORE_FOLLOWED, N_CURVES };

typedef struct Epochs {
    const Cell *cell;
    const Sets *sets;
    size_t all, done;       /* epochs */
    size_t fitted;          /* the first one at fit-loss; 0: none yet */
    Curve curves[N_CURVES]; /* one without a metric is not recorded */
    double best;            /* of test_accuracy */
    int diverged;           /* from then on accuracies mean nothing */
} Epochs;

static Epochs epochs_of(const Cell *cell, const Sets *sets, Arena *arena) {
    const int corrupted = cell_is(cell, "follow", "corrupted"), top3 = cell_is(cell, "follow", "top3");
    Epochs epochs = {.cell = cell, .sets = sets, .all = (size_t)cell_integer(cell, "epochs")};
    epochs.curves[TRAIN_LOSS].metric = "train_loss";
    epochs.curves[TRAIN_ACCURACY].metric = "train_accuracy";
    epochs.curves[TEST_ACCURACY].metric = "test_accuracy";
    if (corrupted) epochs.curves[FOLLOWED].metric = "true_train_accuracy";
    if (corrupted) epochs.curves[MORE_FOLLOWED].metric = "corrupted_train_accuracy";
    if (top3) epochs.curves[FOLLOWED].metric = "train_top3_accuracy";
    if (top3) epochs.curves[MORE_FOLLOWED].metric = "test_top3_accuracy";
    for (size_t i = 0; i < N_CURVES; i++)
        epochs.curves[i].value = arena_alloc(arena, epochs.all, sizeof *epochs.curves[i].value);
    return epochs;
}

/* Per cent of examples whose label is among the three classes of the greatest logits. */
static double top3_accuracy(Learner *learner, const LabelledSet *set) {
    enum { BLOCK = 128 };
    real x[LENGTH * BLOCK];
    size_t correct = 0;
    for (size_t first = 0; first < set->n; first += BLOCK) {
        const size_t n = set->n - first < BLOCK ? set->n - first : BLOCK;
        for (size_t i = 0; i < LENGTH; i++)
            for (size_t b = 0; b < n; b++) x[i * n + b] = (real)set->rows[(first + b) * LENGTH + i];
        const real *logits = learner_outputs(learner, n, x);
        for (size_t b = 0; b < n; b++) {
            const real own = logits[set->labels[first + b] * n + b];
            size_t above = 0;
            for (size_t c = 0; c < CLASSES; c++) above += logits[c * n + b] > own;
            correct += above < 3;
        }
    }
    return 100 * (double)correct / (double)set->n;
}

static double accuracy_on(Learner *learner, const LabelledSet *set) {
    return percent_correct(learner_evaluate(learner, set));
}

static void follow(Learner *learner, Epochs *epochs, double *first, double *second) {
    const Sets *sets = epochs->sets;
    if (cell_is(epochs->cell, "follow", "corrupted")) {
        *first = accuracy_on(learner, &sets->kept);
        *second = accuracy_on(learner, &sets->corrupted);
    } else if (cell_is(epochs->cell, "follow", "top3")) {
        *first = top3_accuracy(learner, &sets->plain);
        *second = top3_accuracy(learner, &sets->test);
    }
}

static int after_update(Learner *learner, const Progress *progress, void *context) {
    Epochs *epochs = context;
    (void)learner;
    if (!isfinite(progress->last.loss)) epochs->diverged = 1;
    return epochs->diverged || study_stopping();
}

/* Ends the training when the loss is low. */
static int after_epoch(Learner *learner, const Progress *progress, void *context) {
    Epochs *epochs = context;
    const Evaluation test = learner_evaluate(learner, &epochs->sets->test);
    const size_t i = epochs->done++;
    if (!isfinite(test.loss)) epochs->diverged = 1;
    if (epochs->diverged) return 1;
    epochs->curves[TRAIN_LOSS].value[i] = progress->epoch.loss;
    epochs->curves[TRAIN_ACCURACY].value[i] = percent_correct(progress->epoch);
    epochs->curves[TEST_ACCURACY].value[i] = percent_correct(test);
    follow(learner, epochs, &epochs->curves[FOLLOWED].value[i], &epochs->curves[MORE_FOLLOWED].value[i]);
    if (i == 0 || percent_correct(test) > epochs->best) epochs->best = percent_correct(test);
    if (!epochs->fitted && progress->epoch.loss <= cell_real(epochs->cell, "fit-loss")) epochs->fitted = i + 1;
    cell_progress(epochs->cell, (double)epochs->done / (double)epochs->all);
    return progress->epoch.loss <= cell_real(epochs->cell, "until-loss");
}

static void record_curves(const Epochs *epochs, Record *record) {
    const size_t every = (size_t)cell_integer(epochs->cell, "record-every");
    for (size_t c = 0; c < N_CURVES; c++)
        for (size_t i = every - 1; i < epochs->all && epochs->curves[c].metric; i += every) {
            const size_t at = i < epochs->done ? i : epochs->done - 1;
            const double value = epochs->diverged ? NAN : epochs->curves[c].value[at];
            record_either(record, epochs->curves[c].metric, "epoch", (double)i + 1, value);
        }
}

static void record_end(const Epochs *epochs, Learner *learner, Record *record) {
    const Sets *sets = epochs->sets;
    const int lost = epochs->diverged;
    const size_t last = epochs->done - 1;
    record_metric(record, "train_epochs", (double)epochs->done);
    record_either(record, "train_epochs_to_fit", NULL, 0, epochs->fitted ? (double)epochs->fitted : NAN);
    record_either(record, "final_train_loss", NULL, 0, lost ? NAN : epochs->curves[TRAIN_LOSS].value[last]);
    record_either(record, "final_train_accuracy", NULL, 0, lost ? NAN : epochs->curves[TRAIN_ACCURACY].value[last]);
    record_either(record, "final_plain_train_accuracy", NULL, 0, lost ? NAN : accuracy_on(learner, &sets->plain));
    record_either(record, "final_test_accuracy", NULL, 0, lost ? NAN : epochs->curves[TEST_ACCURACY].value[last]);
    record_either(record, "best_test_accuracy", NULL, 0, lost ? NAN : epochs->best);
    record_either(record, "final_corrupted_test_accuracy", NULL, 0,
                  lost ? NAN : accuracy_on(learner, &sets->corrupted_test));
    if (sets->fresh.n)
        record_either(record, "fresh_final_test_accuracy", NULL, 0, lost ? NAN : accuracy_on(learner, &sets->fresh));
}

/* ---- one cell ---- */

static int is_weight(const NetworkTensor *tensor) {
    return tensor->shape.rank > 1;
}

static int is_hidden_linear(const NetworkTensor *tensor) {
    return !strcmp(tensor->name, "fc3.weight") || !strcmp(tensor->name, "fc4.weight");
}

static const Network *make_network(const Cell *cell, Arena *arena, Error *error) {
    const char *name = arena_format(arena, "signal-%s", cell_choice(cell, "network"));
    const GeneralizationNetwork *kind = generalization_network_by_name(name, error);
    return kind ? generalization_network_create(kind, cell_real(cell, "dropout"), arena) : NULL;
}

static int train(const Cell *cell, Learner *learner, Mt19937 *torch, Epochs *epochs) {
    const double rate = cell_real(cell, "learning-rate");
    return fit(learner, &(Protocol){.train = &epochs->sets->train,
                                    .batch = (size_t)cell_integer(cell, "batch"),
                                    .order = ORDER_SHUFFLED,
                                    .stream = torch,
                                    .epochs = epochs->all,
                                    .optimizer = {.kind = OPTIMIZER_SGD,
                                                  .learning_rate = rate,
                                                  .momentum = cell_real(cell, "momentum"),
                                                  .weight_decay = cell_real(cell, "weight-decay")},
                                    .decays = cell_is(cell, "network", "alexnet") ? is_hidden_linear : is_weight,
                                    .schedule = {.kind = RATE_STEP,
                                                 .initial = rate,
                                                 .factor = cell_real(cell, "decay"),
                                                 .period = (size_t)cell_integer(cell, "decay-every")},
                                    .noise_seed = cell_seed(cell),
                                    .after_update = after_update,
                                    .after_epoch = after_epoch,
                                    .context = epochs});
}

static int run_cell(const Cell *cell, Arena *arena, Record *record, Error *error) {
    static const Augmentation crop = {4, 0, 0}, all = {4, 0.2, 0.05};
    const Augmentation *augmentation = cell_is(cell, "augmentation", "crop")  ? &crop
                                       : cell_is(cell, "augmentation", "all") ? &all
                                                                              : NULL;
    Sets sets;
    Mt19937 torch;
    if (get_sets(cell, augmentation, arena, &sets, error)) return -1;
    if (cell_is(cell, "follow", "corrupted") && (!sets.kept.n || !sets.corrupted.n))
        return error_set(error,
                         "option --follow: corrupted wants both true and corrupted labels among the %zu; give "
                         "--label-corruption between 0 and 1",
                         sets.train.n);
    const Network *network = make_network(cell, arena, error);
    if (!network) return -1;
    Learner *learner = learner_create(network, arena);
    Epochs epochs = epochs_of(cell, &sets, arena);
    mt19937_seed(&torch, cell_seed(cell));
    network_initialize(network, &torch, learner->weights);
    record_metric(record, "parameters", (double)network->n_parameters);
    train(cell, learner, &torch, &epochs);
    const int stopped = study_stopping();
    if (!stopped) record_curves(&epochs, record);
    if (!stopped) record_end(&epochs, learner, record);
    learner_destroy(learner);
    return stopped ? -1 : 0;
}

/* Core-seconds: three times the multiply-adds of a signal forward to train on, at the speed of a core on these small
 * layers, for as many epochs as fitting takes: more with more random labels. */
static double cost(const Cell *cell) {
    const double asked = (double)cell_integer(cell, "train-examples"), n = asked > 0 ? asked : 4000;
    double multiply_adds = 0;
    for (const GeneralizationNetwork *kind = generalization_networks; kind->name; kind++)
        if (!strncmp(kind->name, "signal-", 7) && cell_is(cell, "network", kind->name + 7))
            multiply_adds = (double)kind->multiply_adds;
    return 0.3 + (double)cell_integer(cell, "epochs") * multiply_adds * (3 * n + 1000) / 1e10;
}

const Method generalization = {.name = "generalization",
                               .title = "Networks that fit random labels",
                               .parameters = parameters,
                               .smoke = "train-examples=300 epochs=3 fresh-examples=1000",
                               .run = run_cell,
                               .cost = cost,
                               .source = "reproduce/generalization.c"};
