/* Networks that fit random labels (Zhang, Bengio, Hardt, Recht, Vinyals 2017, "Understanding deep learning requires
 * rethinking generalization"), on CIFAR-10 and, in its place, on MNIST-1D.
 *
 * The data: 4000 signals to train on and 1000 to test, or 50000 and 10000 images, all of ten classes; of images a part may
 * be taken, the first of each class.  Networks for crops of 28 x 28 are given the middle of an image.  Labels: with
 * probability label-corruption, each by itself, a training label is drawn anew from all classes.  Inputs: as they are;
 * shuffled, in one random order of positions for all examples of both sets; random, each example in an order of its own;
 * gaussian, each value a normal number of the mean and variance of its channel in the training set.  The channels of an
 * image move together.  All of this is drawn once, from streams of the cell's seed, and stays the same in all epochs.
 * Then every example is whitened by itself; images may be scaled otherwise.  Noise is a data set of its own: normal
 * numbers, 28 x 28, with labels that tell nothing.
 *
 * Training: SGD with momentum on minibatches of 128, shuffled each epoch, the last one of an epoch smaller; the rate falls by
 * the factor decay every decay-every updates, 391 as in an epoch of CIFAR-10.  Weight decay is for weights, not for biases and
 * shifts, of the AlexNet for those of its two hidden linear layers alone.  Augmentation draws an example anew every time that
 * it is trained on: of a signal, a crop of it padded by 4 zeros on both sides, or with a factor and noise besides; of an
 * image, another crop, or the middle after a flip and a rotation.  Where it is augmented, what is recorded of training is
 * about the examples as they were met.
 *
 * For every epoch, or every record-every-th: train_loss and train_accuracy, averaged over the epoch as it went;
 * test_accuracy, on clean labels, of the first epoch-test-examples.  Accuracies are in per cent.
 * final_plain_train_accuracy is that of the trained network in evaluation mode, without augmentation, final_test_accuracy
 * that on the whole test set.  Training ends early when an epoch's train_loss is at most until-loss: from there on the
 * curves stay at their last values.  train_epochs_to_fit is the first epoch with a train_loss of at most fit-loss: by which
 * criterion the paper counts its time to overfit is not published, and 0.05 is the one whose counts are those of its
 * figures.  When it is not met there is none.
 *
 * The seed of a cell is torch.manual_seed, from whose stream come the initial weights and the order of every epoch, and that
 * of the streams of corruption, dropout and augmentation. */
#include <math.h>
#include <string.h>

#include "data/fresh_test.h"
#include "data/image_rows.h"
#include "data/label_noise.h"
#include "data/perturbation.h"
#include "data/whitening.h"
#include "kept_training.h"
#include "kernels/parts.h"
#include "nn/fit.h"
#include "nn/generalization_networks.h"
#include "registry.h"

enum { CLASSES = 10 }; /* of all data sets */

static const Parameter parameters[] = {
    {"data", PARAMETER_CHOICE, "mnist1d", 0, 0, "mnist1d,cifar-10,mnist,noise", "what is learned", NULL},
    {"network", PARAMETER_CHOICE, "inception", 0, 0,
     "inception,inception-without-norm,inception-half,alexnet,mlp-1x512,mlp-3x512,wrn-10-1,inception-quarter,"
     "inception-quarter-without-norm,wrn-28-1,mlp-512-whole,mlp-512-whole-without-biases,inception-replicated-quarter,"
     "inception-replicated-quarter-without-norm,inception-replicated-whole-quarter",
     "the network; `scaledown models` shows those for CIFAR-10 as rethinking-NETWORK, for signals as "
     "rethinking-signal-NETWORK, for images of one channel as rethinking-grey-NETWORK",
     NULL},
    {"inputs", PARAMETER_CHOICE, "true", 0, 0, "true,shuffled,random,gaussian", "what the examples are", NULL},
    {"scale", PARAMETER_CHOICE, "whitened", 0, 0, "whitened,standardised,centred",
     "each image has mean 0 and deviation 1; each channel has, over the training set; or 0 to 1 becomes -1 to 1",
     "data=cifar-10,mnist,noise"},
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
     "network=inception,inception-without-norm,inception-half,inception-quarter,inception-quarter-without-norm,alexnet,"
     "mlp-1x512,mlp-3x512"},
    {"augmentation", PARAMETER_CHOICE, "none", 0, 0, "none,crop,all",
     "what happens to an example each time: nothing; a crop; or of signals a factor and noise too, of images a flip "
     "and a rotation",
     "data=mnist1d,cifar-10"},
    {"follow", PARAMETER_CHOICE, "usual", 0, 0, "usual,corrupted,top3,test-labels",
     "what else is evaluated each epoch: examples by whether their labels are corrupted, the three best classes, or "
     "the test set with labels corrupted likewise",
     NULL},
    {"record-every", PARAMETER_INTEGER, "1", 1, 100000, NULL, "epochs from one point of a curve to the next", NULL},
    {"train-examples", PARAMETER_INTEGER, "0", 0, 1000000, NULL,
     "the first of the training set, of images as many of each class; 0: all of them, 50000 of noise", NULL},
    {"test-examples", PARAMETER_INTEGER, "0", 0, 10000, NULL, "the first of the test set; 0: all of them",
     "data=cifar-10,mnist,noise"},
    {"epoch-test-examples", PARAMETER_INTEGER, "0", 0, 10000, NULL,
     "of these the first, which are evaluated after every epoch; at the end all are; 0: all",
     "data=cifar-10,mnist,noise"},
    {"fresh-examples", PARAMETER_INTEGER, "20000", 0, 10000000, NULL, "fresh test signals, drawn anew for measuring",
     "data=mnist1d"},
    {NULL, PARAMETER_REAL, NULL, 0, 0, NULL, NULL, NULL}};

/* ---- data ---- */

/* The streams of the cell's seed. */
enum { OF_LABELS, OF_TEST_LABELS, OF_COMMON_ORDER, OF_TRAIN, OF_TEST, OF_FRESH, OF_NOISE };

/* The network's row for the data of the cell; NULL: there is none. */
static const GeneralizationNetwork *kind_of(const Cell *cell) {
    const char *prefix = cell_is(cell, "data", "mnist1d")    ? "signal-"
                         : cell_is(cell, "data", "cifar-10") ? ""
                                                             : "grey-";
    const size_t length = strlen(prefix);
    for (const GeneralizationNetwork *kind = generalization_networks; kind->name; kind++)
        if (!strncmp(kind->name, prefix, length) && !strcmp(kind->name + length, cell_choice(cell, "network")))
            return kind;
    return NULL;
}

/* Labelled rows [n][channels][positions]. */
typedef struct Rows {
    size_t n;
    float *rows;
    const uint8_t *labels;
} Rows;

/* The data before anything is corrupted or whitened. */
typedef struct Raw {
    Shape example;
    size_t channels, positions;
    Rows train, test, fresh;
    Moments moments[3];    /* of the training set's channels */
    const Images *images;  /* from which the training rows are crops; NULL: signals or noise */
    const size_t *numbers; /* [train.n] of these */
} Raw;

static Moments moments_of(size_t n, size_t channels, size_t positions, size_t channel, const float *rows) {
    double sum = 0, squares = 0;
    const double count = (double)(n * positions);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < positions; j++) sum += (double)rows[(i * channels + channel) * positions + j];
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < positions; j++) {
            const double off = (double)rows[(i * channels + channel) * positions + j] - sum / count;
            squares += off * off;
        }
    return (Moments){sum / count, sqrt(squares / count)};
}

static Rows rows_of(const Mnist1dPart *part) {
    return (Rows){part->n, part->rows, part->labels};
}

static int get_signals(const Cell *cell, Arena *arena, Raw *raw, Error *error) {
    const Mnist1dOptions options = mnist1d_defaults();
    const size_t asked = (size_t)cell_integer(cell, "train-examples");
    Mnist1dParts parts;
    if (mnist1d_parts_make(&options, (size_t)cell_integer(cell, "fresh-examples"), arena, &parts, error)) return -1;
    raw->moments[0] = moments_of(parts.train.n, 1, raw->positions, 0, parts.train.rows);
    if (asked) parts.train.n = at_most(asked, parts.train.n);
    raw->train = rows_of(&parts.train);
    raw->test = rows_of(&parts.test);
    raw->fresh = rows_of(&parts.fresh);
    return 0;
}

/* The middles of the images of these numbers. */
static Rows middles(const Raw *raw, const Images *images, size_t n, const size_t *numbers, Arena *arena) {
    const size_t inputs = raw->channels * raw->positions;
    float *rows = arena_alloc(arena, n * inputs, sizeof *rows);
    uint8_t *labels = arena_alloc(arena, n, 1);
    for (size_t i = 0; i < n; i++) {
        image_crop_middle(images, numbers[i], raw->example.dim[1], rows + i * inputs);
        labels[i] = (uint8_t)images->labels[numbers[i]];
    }
    return (Rows){n, rows, labels};
}

static int get_images(const Cell *cell, Arena *arena, Raw *raw, Error *error) {
    const ImageSet *set = image_set(cell_choice(cell, "data"), error);
    if (!set) return -1;
    const size_t asked = (size_t)cell_integer(cell, "train-examples"), n = asked ? asked : set->train.n;
    if (n > set->train.n) return error_set(error, "option --train-examples: there are %zu images", set->train.n);
    const size_t n_test = (size_t)cell_integer(cell, "test-examples");
    size_t *all = arena_alloc(arena, set->train.n + set->test.n, sizeof *all);
    for (size_t i = 0; i < set->train.n + set->test.n; i++) all[i] = i;
    raw->images = &set->train;
    raw->numbers = asked ? images_first_of_classes(&set->train, CLASSES, n, arena, error) : all;
    if (!raw->numbers) return -1;
    raw->train = middles(raw, &set->train, n, raw->numbers, arena);
    raw->test = middles(raw, &set->test, n_test ? at_most(n_test, set->test.n) : set->test.n, all, arena);
    for (size_t c = 0; c < raw->channels; c++)
        raw->moments[c] = moments_of(n, raw->channels, raw->positions, c, raw->train.rows);
    return 0;
}

/* Normal numbers, each row with a label of its own that tells nothing. */
static void get_noise(const Cell *cell, Arena *arena, Raw *raw) {
    enum { TRAIN = 50000, TEST = 2000 };
    const size_t asked = (size_t)cell_integer(cell, "train-examples"), n = asked ? asked : TRAIN;
    const size_t n_test = (size_t)cell_integer(cell, "test-examples");
    float *rows = arena_alloc(arena, (n + TEST) * raw->positions, sizeof *rows);
    uint8_t *labels = arena_alloc(arena, n + TEST, 1);
    Philox draws;
    raw->moments[0] = (Moments){0, 1};
    philox_seed(&draws, cell_seed(cell), OF_NOISE);
    perturb_to_noise(&draws, raw->moments, n + TEST, 1, raw->positions, rows);
    for (size_t i = 0; i < n + TEST; i++)
        labels[i] = (uint8_t)philox_below(&draws, (n + TEST) * raw->positions + i, CLASSES);
    raw->train = (Rows){n, rows, labels};
    raw->test = (Rows){n_test ? at_most(n_test, TEST) : TEST, rows + n * raw->positions, labels + n};
}

static int get_raw(const Cell *cell, Shape example, Arena *arena, Raw *raw, Error *error) {
    *raw = (Raw){.example = example, .channels = example.dim[0]};
    raw->positions = shape_count(example) / raw->channels;
    if (cell_is(cell, "data", "mnist1d")) return get_signals(cell, arena, raw, error);
    if (!cell_is(cell, "data", "noise")) return get_images(cell, arena, raw, error);
    get_noise(cell, arena, raw);
    return 0;
}

static int ready(const Cell *cell, Error *error) {
    const int made = cell_is(cell, "data", "mnist1d") || cell_is(cell, "data", "noise");
    return made ? 0 : image_set_check(cell_choice(cell, "data"), error);
}

static void corrupt_inputs(const Cell *cell, uint64_t stream, const Raw *raw, Rows set) {
    Philox draws;
    const int shuffled = cell_is(cell, "inputs", "shuffled"), each = cell_is(cell, "inputs", "random");
    philox_seed(&draws, cell_seed(cell), shuffled ? OF_COMMON_ORDER : stream);
    if (shuffled || each) perturb_by_shuffling(&draws, each, set.n, raw->channels, raw->positions, set.rows);
    if (cell_is(cell, "inputs", "gaussian"))
        perturb_to_noise(&draws, raw->moments, set.n, raw->channels, raw->positions, set.rows);
}

/* What networks are given in place of these values. */
static void scale(const Cell *cell, const Raw *raw, size_t n, float *rows) {
    const size_t inputs = raw->channels * raw->positions;
    if (cell_is(cell, "scale", "whitened")) {
        whiten_rows(n, inputs, rows);
        return;
    }
    const int centred = cell_is(cell, "scale", "centred");
    for (size_t i = 0; i < n * inputs; i++) {
        const Moments moments = centred ? (Moments){0.5, 0.5} : raw->moments[i / raw->positions % raw->channels];
        rows[i] = (float)(((double)rows[i] - moments.mean) / moments.sd);
    }
}

typedef struct Sets {
    LabelledSet train, test, fresh; /* fresh.n 0: there are none */
    LabelledSet watched;            /* of test, evaluated every epoch */
    LabelledSet plain;              /* train without augmentation */
    LabelledSet corrupted_test;     /* test with labels corrupted as those of training */
    LabelledSet kept, corrupted;    /* training examples whose labels are the true ones, and those with another */
} Sets;

static LabelledSet set_of(const Raw *raw, size_t n, const float *rows, const uint8_t *labels, Arena *arena) {
    LabelledSet set = set_of_rows(n, raw->channels * raw->positions, CLASSES, rows, labels, NULL, arena);
    set.example = raw->example;
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

/* How training examples are met. */
typedef struct Augmenting {
    const Cell *cell;
    const Raw *raw;
    int all; /* of signals a factor and noise besides, of images a flip and a rotation in place of a crop */
    float *row;
} Augmenting;

static void augment_row(const Augmenting *augmenting, const Philox *draws, size_t example) {
    static const Augmentation crop = {4, 0, 0}, all = {4, 0.2, 0.05};
    const Raw *raw = augmenting->raw;
    const size_t side = raw->example.dim[1];
    if (!raw->images)
        augment_signal(augmenting->all ? &all : &crop, draws, raw->positions,
                       raw->train.rows + example * raw->positions, augmenting->row);
    else if (augmenting->all)
        image_crop_augmented(raw->images, draws, raw->numbers[example], side, augmenting->row);
    else
        image_crop_random(raw->images, draws, raw->numbers[example], side, augmenting->row);
    if (raw->images) scale(augmenting->cell, raw, 1, augmenting->row);
}

/* Each column becomes an augmented example. */
static void augment(const LabelledSet *set, size_t batch, const DropoutNoise *noise, real *x) {
    const Augmenting *augmenting = set->transform_context;
    const size_t inputs = shape_count(set->example);
    Philox draws;
    for (size_t b = 0; b < batch; b++) {
        const uint32_t example = noise->example[b];
        philox_seed(&draws, noise->seed | TRANSFORM_KEY, (uint64_t)noise->step << 32 | example);
        augment_row(augmenting, &draws, example);
        for (size_t j = 0; j < inputs; j++) x[j * batch + b] = (real)augmenting->row[j];
    }
}

/* The training examples whose label was changed, or was not. */
static LabelledSet part_of(const Raw *raw, const float *all, const uint8_t *given, int changed, Arena *arena) {
    const size_t inputs = raw->channels * raw->positions;
    float *rows = arena_alloc(arena, raw->train.n * inputs, sizeof *rows);
    uint8_t *of_part = arena_alloc(arena, raw->train.n, 1);
    size_t n = 0;
    for (size_t i = 0; i < raw->train.n; i++) {
        if ((raw->train.labels[i] != given[i]) != changed) continue;
        memcpy(rows + n * inputs, all + i * inputs, inputs * sizeof *rows);
        of_part[n++] = given[i];
    }
    return set_of(raw, n, rows, of_part, arena);
}

static void training_set(const Cell *cell, const Raw *raw, Arena *arena, Sets *sets) {
    const size_t n = raw->train.n, inputs = raw->channels * raw->positions;
    const uint8_t *given = corrupted_labels(cell, OF_LABELS, n, raw->train.labels, arena);
    const int augmented = !cell_is(cell, "augmentation", "none");
    float *rows = raw->train.rows;
    corrupt_inputs(cell, OF_TRAIN, raw, raw->train);
    if (augmented && !raw->images) { /* signals are augmented before they are whitened */
        rows = arena_alloc(arena, n * inputs, sizeof *rows);
        memcpy(rows, raw->train.rows, n * inputs * sizeof *rows);
    }
    scale(cell, raw, n, rows);
    sets->train = sets->plain = set_of(raw, n, rows, given, arena);
    if (augmented) {
        Augmenting *augmenting = arena_alloc(arena, 1, sizeof *augmenting);
        *augmenting =
            (Augmenting){cell, raw, cell_is(cell, "augmentation", "all"), arena_alloc(arena, inputs, sizeof(float))};
        sets->train.transform = augment;
        sets->train.transform_context = augmenting;
    }
    if (!cell_is(cell, "follow", "corrupted")) return;
    sets->kept = part_of(raw, rows, given, 0, arena);
    sets->corrupted = part_of(raw, rows, given, 1, arena);
}

static LabelledSet evaluation_set(const Cell *cell, uint64_t stream, const Raw *raw, Rows rows, Arena *arena) {
    corrupt_inputs(cell, stream, raw, rows);
    scale(cell, raw, rows.n, rows.rows);
    return set_of(raw, rows.n, rows.rows, rows.labels, arena);
}

static void make_sets(const Cell *cell, const Raw *raw, Arena *arena, Sets *sets) {
    const size_t watched = (size_t)cell_integer(cell, "epoch-test-examples");
    *sets = (Sets){.kept = {.n = 0}};
    training_set(cell, raw, arena, sets);
    sets->test = sets->watched = evaluation_set(cell, OF_TEST, raw, raw->test, arena);
    if (watched) sets->watched.n = at_most(watched, sets->test.n);
    sets->corrupted_test = set_of(raw, raw->test.n, raw->test.rows,
                                  corrupted_labels(cell, OF_TEST_LABELS, raw->test.n, raw->test.labels, arena), arena);
    sets->fresh = evaluation_set(cell, OF_FRESH, raw, raw->fresh, arena);
}

/* ---- what is recorded ---- */

/* What is kept of a cell that another run goes on with (kept_training.h); the values of all curves [N_CURVES][epochs] are behind
 * it. */
typedef struct Own {
    size_t done;   /* epochs */
    size_t fitted; /* the first one at fit-loss; 0: none yet */
    double best;   /* of test_accuracy */
} Own;

typedef struct Curve {
    const char *metric;
    double *value; /* [epochs], of what is kept */
} Curve;

enum { TRAIN_LOSS, TRAIN_ACCURACY, TEST_ACCURACY, FOLLOWED, MORE_FOLLOWED, N_CURVES };

typedef struct Epochs {
    const Cell *cell;
    const Sets *sets;
    size_t all;             /* epochs */
    Curve curves[N_CURVES]; /* one without a metric is not recorded */
    int diverged;           /* from then on accuracies mean nothing */
    KeptTraining kept;
    Own *own; /* of it */
} Epochs;

static Epochs epochs_of(const Cell *cell, const Sets *sets, const Network *network, Record *record, Arena *arena,
                        Error *error) {
    const int corrupted = cell_is(cell, "follow", "corrupted"), top3 = cell_is(cell, "follow", "top3");
    const int test_labels = cell_is(cell, "follow", "test-labels");
    Epochs epochs = {.cell = cell, .sets = sets, .all = (size_t)cell_integer(cell, "epochs")};
    epochs.curves[TRAIN_LOSS].metric = "train_loss";
    epochs.curves[TRAIN_ACCURACY].metric = "train_accuracy";
    epochs.curves[TEST_ACCURACY].metric = "test_accuracy";
    if (corrupted) epochs.curves[FOLLOWED].metric = "true_train_accuracy";
    if (corrupted) epochs.curves[MORE_FOLLOWED].metric = "corrupted_train_accuracy";
    if (test_labels) epochs.curves[FOLLOWED].metric = "corrupted_test_accuracy";
    if (top3) epochs.curves[FOLLOWED].metric = "train_top3_accuracy";
    if (top3) epochs.curves[MORE_FOLLOWED].metric = "test_top3_accuracy";
    const size_t size = sizeof(Own) + N_CURVES * epochs.all * sizeof(double);
    epochs.kept = kept_training_create(cell, record, size, network, OPTIMIZER_SGD, arena, error);
    epochs.own = epochs.kept.own;
    for (size_t i = 0; i < N_CURVES; i++) epochs.curves[i].value = (double *)(epochs.own + 1) + i * epochs.all;
    return epochs;
}

/* Per cent of examples whose label is among the three classes of the greatest logits. */
static double top3_accuracy(Learner *learner, const LabelledSet *set) {
    size_t among;
    learner_evaluate_top(learner, set, 3, &among);
    return 100 * (double)among / (double)set->n;
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
        *second = top3_accuracy(learner, &sets->watched);
    } else if (cell_is(epochs->cell, "follow", "test-labels")) {
        *first = accuracy_on(learner, &sets->corrupted_test);
    }
}

/* At the end of an epoch it is after_epoch that saves. */
static int after_update(Learner *learner, const Progress *progress, void *context) {
    Epochs *epochs = context;
    if (!isfinite(progress->last.loss)) epochs->diverged = 1;
    if (epochs->diverged || progress->ends_epoch) return epochs->diverged;
    return kept_training_ends(&epochs->kept, learner, progress);
}

/* Ends the training when the loss is low. */
static int after_epoch(Learner *learner, const Progress *progress, void *context) {
    Epochs *epochs = context;
    const Evaluation test = learner_evaluate(learner, &epochs->sets->watched);
    const size_t i = epochs->own->done++;
    if (!isfinite(test.loss)) epochs->diverged = 1;
    if (epochs->diverged) return 1;
    epochs->curves[TRAIN_LOSS].value[i] = progress->epoch.loss;
    epochs->curves[TRAIN_ACCURACY].value[i] = percent_correct(progress->epoch);
    epochs->curves[TEST_ACCURACY].value[i] = percent_correct(test);
    follow(learner, epochs, &epochs->curves[FOLLOWED].value[i], &epochs->curves[MORE_FOLLOWED].value[i]);
    if (i == 0 || percent_correct(test) > epochs->own->best) epochs->own->best = percent_correct(test);
    if (!epochs->own->fitted && progress->epoch.loss <= cell_real(epochs->cell, "fit-loss"))
        epochs->own->fitted = i + 1;
    cell_progress(epochs->cell, (double)epochs->own->done / (double)epochs->all);
    if (progress->epoch.loss <= cell_real(epochs->cell, "until-loss")) return 1;
    return kept_training_ends(&epochs->kept, learner, progress);
}

static void record_curves(const Epochs *epochs, Record *record) {
    const size_t every = (size_t)cell_integer(epochs->cell, "record-every");
    for (size_t c = 0; c < N_CURVES; c++)
        for (size_t i = every - 1; i < epochs->all && epochs->curves[c].metric; i += every) {
            const size_t at = i < epochs->own->done ? i : epochs->own->done - 1;
            const double value = epochs->diverged ? NAN : epochs->curves[c].value[at];
            record_either(record, epochs->curves[c].metric, "epoch", (double)i + 1, value);
        }
}

static void record_end(const Epochs *epochs, Learner *learner, Record *record) {
    const Sets *sets = epochs->sets;
    const int lost = epochs->diverged;
    const Own *own = epochs->own;
    const size_t last = own->done - 1;
    record_metric(record, "train_epochs", (double)own->done);
    record_either(record, "train_epochs_to_fit", NULL, 0, own->fitted ? (double)own->fitted : NAN);
    record_either(record, "final_train_loss", NULL, 0, lost ? NAN : epochs->curves[TRAIN_LOSS].value[last]);
    record_either(record, "final_train_accuracy", NULL, 0, lost ? NAN : epochs->curves[TRAIN_ACCURACY].value[last]);
    record_either(record, "final_plain_train_accuracy", NULL, 0, lost ? NAN : accuracy_on(learner, &sets->plain));
    record_either(record, "final_test_accuracy", NULL, 0, lost ? NAN : accuracy_on(learner, &sets->test));
    record_either(record, "best_test_accuracy", NULL, 0, lost ? NAN : own->best);
    record_either(record, "final_corrupted_test_accuracy", NULL, 0,
                  lost ? NAN : accuracy_on(learner, &sets->corrupted_test));
    if (sets->fresh.n)
        record_either(record, "fresh_final_test_accuracy", NULL, 0, lost ? NAN : accuracy_on(learner, &sets->fresh));
}

/* ---- one cell ---- */

static int is_hidden_linear(const NetworkTensor *tensor) {
    return !strcmp(tensor->name, "fc3.weight") || !strcmp(tensor->name, "fc4.weight");
}

/* from: where a former run got to, or NULL. */
static void train(const Cell *cell, Learner *learner, Mt19937 *torch, const FitState *from, Epochs *epochs) {
    const double rate = cell_real(cell, "learning-rate");
    fit(learner, &(Protocol){.train = &epochs->sets->train,
                             .batch = (size_t)cell_integer(cell, "batch"),
                             .order = ORDER_SHUFFLED,
                             .stream = torch,
                             .epochs = epochs->all,
                             .from = from,
                             .optimizer = {.kind = OPTIMIZER_SGD,
                                           .learning_rate = rate,
                                           .momentum = cell_real(cell, "momentum"),
                                           .weight_decay = cell_real(cell, "weight-decay")},
                             .decays = cell_is(cell, "network", "alexnet") ? is_hidden_linear : network_is_weight,
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
    const GeneralizationNetwork *kind = kind_of(cell);
    Raw raw;
    Sets sets;
    Mt19937 torch;
    if (!kind)
        return error_set(error, "option --network: there is no %s for --data %s", cell_choice(cell, "network"),
                         cell_choice(cell, "data"));
    if (get_raw(cell, kind->input, arena, &raw, error)) return -1;
    if (raw.images && !cell_is(cell, "augmentation", "none") && !cell_is(cell, "inputs", "true"))
        return error_set(error,
                         "option --augmentation: images are cropped before they are corrupted; give --inputs true");
    make_sets(cell, &raw, arena, &sets);
    if (cell_is(cell, "follow", "corrupted") && (!sets.kept.n || !sets.corrupted.n))
        return error_set(error,
                         "option --follow: corrupted wants both true and corrupted labels among the %zu; give "
                         "--label-corruption between 0 and 1",
                         sets.train.n);
    const Network *network = generalization_network_create(kind, cell_real(cell, "dropout"), arena);
    Learner *learner = learner_create(network, arena);
    Epochs epochs = epochs_of(cell, &sets, network, record, arena, error);
    mt19937_seed(&torch, cell_seed(cell));
    network_initialize(network, &torch, learner->weights);
    const FitState *from = kept_training_resume(&epochs.kept, learner);
    if (!from) record_metric(record, "parameters", (double)network->n_parameters);
    train(cell, learner, &torch, from, &epochs);
    const int unfinished = epochs.kept.unfinished;
    if (!unfinished) record_curves(&epochs, record);
    if (!unfinished) record_end(&epochs, learner, record);
    learner_destroy(learner);
    return unfinished ? -1 : 0;
}

/* Core-seconds: three times the multiply-adds of an example forward to train on, at the speed of a core on these layers,
 * which is the least on small ones, for as many epochs as there may be. */
static double cost(const Cell *cell) {
    const GeneralizationNetwork *kind = kind_of(cell);
    const int signals = cell_is(cell, "data", "mnist1d");
    const double asked = (double)cell_integer(cell, "train-examples"), n = asked > 0 ? asked : signals ? 4000 : 50000;
    const double watched = (double)cell_integer(cell, "epoch-test-examples");
    const double tested = (double)cell_integer(cell, "test-examples"), all = signals      ? 1000
                                                                             : tested > 0 ? tested
                                                                                          : 10000;
    const double n_test = watched > 0 ? fmin(watched, all) : all;
    const double multiply_adds = kind ? (double)kind->multiply_adds : 0;
    const double speed = signals ? 1e10 : strncmp(cell_choice(cell, "network"), "mlp", 3) ? 3e10 : 6e10;
    return (signals ? 0.3 : 2) + (double)cell_integer(cell, "epochs") * multiply_adds * (3 * n + n_test) / speed;
}

const Method generalization = {.name = "generalization",
                               .title = "Networks that fit random labels",
                               .parameters = parameters,
                               .smoke = "train-examples=300 epochs=3 test-examples=100 fresh-examples=1000",
                               .run = run_cell,
                               .cost = cost,
                               .ready = ready,
                               .source = "reproduce/generalization.c"};
