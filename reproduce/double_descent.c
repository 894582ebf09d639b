/* Deep double descent: Figure 5.
 *
 * An MLP with two hidden layers of equal width, without (a) and with (b) label noise, and a CNN with noise (c), grow
 * past the size at which they can fit 4000 training signals; the 12000 test signals keep their true labels.  SGD with
 * momentum, minibatches of 100 shuffled every epoch, 500 epochs, then one evaluation.  The training error is counted
 * against the labels that were trained on.
 *
 * The noise continues NumPy's stream after the data set is made: each label is drawn anew with probability 0.15, which
 * selects 639 of 4000 and changes 577.  It is the same for all cells.  The seed of a cell is torch.manual_seed: the
 * initial weights, then the order of every epoch, come from that one stream.
 *
 * The published text says one hidden layer; its code has two.  The published figure cuts errors down to whole per cent,
 * because its arrays are of integers; the values compared with here are those that the notebook printed. */
#include <math.h>
#include <string.h>

#include "data/label_noise.h"
#include "data/mnist1d.h"
#include "nn/train.h"
#include "registry.h"

#define CLASSES 10
#define LENGTH 40
#define DATA_SEED 42

/* The published widths: numpy's unique(geomspace(2, 300, 20, dtype=int)); and channels. */
#define MLP_WIDTHS "2,3,4,5,7,9,12,16,21,27,36,47,61,80,104,135,177,230,300"
#define CNN_CHANNELS "2,4,6,8,10,12,14,16,18,20,22,24,26,28,30,35,40,45,50,55,60,65,70,75,80,85,90,95,100"

static const Parameter parameters[] = {
    {"model", PARAMETER_CHOICE, "mlp", NULL, 0, 0, "mlp,cnn", "the classifier"},
    {"label-noise", PARAMETER_REAL, "0", NULL, 0, 1, NULL, "part of the training labels that is drawn anew"},
    {"widths", PARAMETER_INTEGER, "20", NULL, 1, 5000, NULL, "hidden units per layer of the MLP, channels of the CNN"},
    {"epochs", PARAMETER_INTEGER, "500", "4", 1, 1000000, NULL, "passes over the training set"},
    {"batch", PARAMETER_INTEGER, "100", NULL, 1, 100000, NULL, "examples per update"},
    {"learning-rate", PARAMETER_REAL, "0.01", NULL, 1e-12, 1e3, NULL, "of SGD"},
    {"momentum", PARAMETER_REAL, "0.9", NULL, 0, 0.999999, NULL, "of SGD"},
    {"num-samples", PARAMETER_INTEGER, "16000", "4000", 10, 10000000, NULL, "examples generated"},
    {"train-split", PARAMETER_REAL, "0.25", NULL, 1e-6, 0.999999, NULL, "part of the examples that trains"},
    {NULL, PARAMETER_REAL, NULL, NULL, 0, 0, NULL, NULL}};

static const Panel panels[] = {
    {"Fig. 5a", "model=mlp label-noise=0 widths=" MLP_WIDTHS, "model=mlp label-noise=0 widths=4,21"},
    {"Fig. 5b", "model=mlp label-noise=0.15 widths=" MLP_WIDTHS, "model=mlp label-noise=0.15 widths=4,21"},
    {"Fig. 5c", "model=cnn label-noise=0.15 widths=" CNN_CHANNELS, "model=cnn label-noise=0.15 widths=4,10"},
    {NULL, NULL, NULL}};

/* ---- data ---- */

typedef struct Data {
    size_t n_train;
    const float *rows;     /* [n_train][LENGTH] */
    const uint8_t *labels; /* [n_train], noisy */
    Examples train, test;
} Data;

static int make_data(const Cell *cell, Arena *arena, Data *data, Error *error) {
    Mnist1dOptions options = mnist1d_defaults();
    options.num_samples = (size_t)cell_integer(cell, "num-samples");
    options.train_split = cell_real(cell, "train-split");
    options.seed = DATA_SEED;
    const char *fault = mnist1d_check(&options);
    if (fault) return error_set(error, "options --num-samples and --train-split: %s", fault);
    Mnist1d raw;
    if (mnist1d_make(&options, arena, &raw, error)) return -1;
    double noise = cell_real(cell, "label-noise");
    if (noise > 0) label_noise_apply(&raw.stream, noise, CLASSES, raw.n_train, raw.y);
    const float *test = mnist1d_binary32(raw.n_test * LENGTH, raw.x_test, arena);
    data->n_train = raw.n_train;
    data->rows = mnist1d_binary32(raw.n_train * LENGTH, raw.x, arena);
    data->labels = raw.y;
    data->train = examples_make(raw.n_train, LENGTH, data->rows, raw.y, NULL, arena);
    data->test = examples_make(raw.n_test, LENGTH, test, raw.y_test, NULL, arena);
    return 0;
}

/* ---- one cell ---- */

static void record_evaluation(Trainer *trainer, const Examples *set, const char *error, const char *loss,
                              Record *record) {
    const Evaluation evaluation = trainer_evaluate(trainer, set);
    record_metric(record, error, (double)(evaluation.n - evaluation.correct) * 100 / (double)evaluation.n);
    if (isfinite(evaluation.loss))
        record_metric(record, loss, evaluation.loss);
    else
        record_diverged(record, loss, NULL, 0);
}

static int train_cell(const Cell *cell, Trainer *trainer, Loader *loader) {
    const long long epochs = cell_integer(cell, "epochs");
    for (long long epoch = 0; epoch < epochs; epoch++) {
        const size_t batches = loader_shuffle(loader);
        for (size_t b = 0; b < batches; b++) trainer_step_from(trainer, loader, b);
        if (study_stopping()) return -1;
    }
    return 0;
}

static int run_cell(const Cell *cell, Arena *arena, Record *record, Error *error) {
    Data data;
    Mt19937 torch;
    if (make_data(cell, arena, &data, error)) return -1;
    const size_t width = (size_t)cell_integer(cell, "widths");
    const Model model =
        cell_is(cell, "model", "mlp") ? model_mlp(LENGTH, width, CLASSES) : model_cnn(LENGTH, width, CLASSES);
    real *weights = arena_alloc(arena, model.n_parameters, sizeof *weights);
    mt19937_seed(&torch, cell_seed(cell));
    model_initialize(&model, &torch, weights);
    Optimizer sgd = optimizer_create(OPTIMIZER_SGD, cell_real(cell, "learning-rate"), cell_real(cell, "momentum"),
                                     model.n_parameters, arena);
    Trainer *trainer = trainer_create(&model, weights, sgd, arena);
    Loader loader =
        loader_create(data.n_train, LENGTH, (size_t)cell_integer(cell, "batch"), data.rows, data.labels, &torch, arena);
    const int status = train_cell(cell, trainer, &loader);
    if (!status) {
        record_evaluation(trainer, &data.train, "train_error", "train_loss", record);
        record_evaluation(trainer, &data.test, "test_error", "test_loss", record);
    }
    trainer_destroy(trainer);
    return status;
}

/* Core-seconds of 500 epochs at the published sizes, and what they grow with. */
static double cost(const Cell *cell) {
    const double width = (double)cell_integer(cell, "widths");
    const double updates = (double)cell_integer(cell, "epochs") * (double)cell_integer(cell, "num-samples") *
                           cell_real(cell, "train-split") / 2e6;
    const double step = cell_is(cell, "model", "mlp") ? 0.5 + 0.02 * width + 1.4e-4 * width * width
                                                      : 1.0 + 0.15 * width + 0.007 * width * width;
    return 0.3 + step * updates;
}

/* ---- claims ---- */

/* A single published run is reproduced when ours tell it to within these: less than the rises that the figure is about
 * (6.8 points with noise, 3 nats without), so that a curve without them would not pass. */
#define ERROR_MARGIN 6.0
#define TEST_LOSS_MARGIN 1.0
#define TRAIN_LOSS_MARGIN 0.2
#define RUN_NOTE                                                                                                       \
    "Each point is one published run without a seed, as printed; the figure shows errors cut down to whole per cent."
#define AGAIN_NOTE "Each point is one run without a seed that an earlier version of the authors' notebook printed."

#define MEASURED(run, words, curve, over, what, measure, margin, item, note)                                           \
    {                                                                                                                  \
        "double-descent-" run "-" what, item, words, CLAIM_ONE_RUN, curve, measure, "widths", over, run "-" what,      \
            margin, note                                                                                               \
    }
/* One published run: what it printed at every width. */
#define PUBLISHED_RUN(run, item, of, curve, over, note)                                                                \
    MEASURED(run, "Training error of " of, curve, over, "train-error", "train_error", ERROR_MARGIN, item, note),       \
        MEASURED(run, "Test error of " of, curve, over, "test-error", "test_error", ERROR_MARGIN, item, note),         \
        MEASURED(run, "Training loss of " of, curve, over, "train-loss", "train_loss", TRAIN_LOSS_MARGIN, item, note), \
        MEASURED(run, "Test loss of " of, curve, over, "test-loss", "test_loss", TEST_LOSS_MARGIN, item, note)

#define CLEAN_MLP "model=mlp label-noise=0"
#define NOISY_MLP "model=mlp label-noise=0.15"
#define NOISY_CNN "model=cnn label-noise=0.15"

static const ClaimSeries series[] = {
    PUBLISHED_RUN("5a", "Fig. 5a", "the MLP without label noise", CLEAN_MLP, MLP_WIDTHS, RUN_NOTE),
    PUBLISHED_RUN("5b", "Fig. 5b", "the MLP with label noise", NOISY_MLP, MLP_WIDTHS, RUN_NOTE),
    PUBLISHED_RUN("5c", "Fig. 5c", "the CNN with label noise", NOISY_CNN, CNN_CHANNELS, RUN_NOTE),
    PUBLISHED_RUN("5b-again", "Notebook", "the MLP with label noise, second run", NOISY_MLP, MLP_WIDTHS, AGAIN_NOTE),
    PUBLISHED_RUN("5b-third", "Notebook", "the MLP with label noise, third run", NOISY_MLP, MLP_WIDTHS, AGAIN_NOTE),
    PUBLISHED_RUN("5c-again", "Notebook", "the CNN with label noise, second run", NOISY_CNN, CNN_CHANNELS, AGAIN_NOTE),
    {NULL, NULL, NULL, CLAIM_REPORT, NULL, NULL, NULL, NULL, NULL, 0, NULL}};

#define OVER(curve, widths, metric)                                                                                    \
    { curve " widths=" widths, metric, NAN }
#define NONE                                                                                                           \
    { NULL, NULL, NAN }
/* a > b, both over curves */
#define ABOVE(id, panel, text, a, b, note)                                                                             \
    { "double-descent-" id, panel, text, CLAIM_ABOVE, a, b, NULL, 0, note }
/* the largest training error from a width on is 0, as printed with two decimals */
#define FITS(id, panel, text, curve, widths)                                                                           \
    {                                                                                                                  \
        "double-descent-" id, panel, text, CLAIM_VALUE, OVER(curve, widths, "max train_error"), NONE, "train-zero", 0, \
            "Printed as 0.00: within half a hundredth of a per cent."                                                  \
    }

#define PEAK_NOTE "For each seed, the largest at these widths against the largest at the others."

static const Claim claims[] = {
    ABOVE("mlp-noise-rises", "Fig. 5b",
          "With label noise the test error of the MLP rises from 16 hidden units to 47-61.",
          OVER(NOISY_MLP, "47,61", "mean test_error"), OVER(NOISY_MLP, "16", "test_error"), NULL),
    ABOVE("mlp-noise-peak", "Fig. 5b", "With label noise its peak from 21 units on lies between 36 and 61.",
          OVER(NOISY_MLP, "36,47,61", "max test_error"),
          OVER(NOISY_MLP, "21,27,80,104,135,177,230,300", "max test_error"),
          PEAK_NOTE " The three published runs peak at 47, 36 and 47."),
    {"double-descent-mlp-noise-peak-width", "Section 5.2", "The peak is around 50 neurons.", CLAIM_VALUE,
     OVER(NOISY_MLP, "21,27,36,47,61,80,104,135,177,230,300", "argmax test_error"), NONE, "text-peak", 15,
     "Width of the largest test error from 21 units on, for each seed; the margin is a step of the grid there."},
    ABOVE("mlp-noise-falls", "Fig. 5b", "With label noise the test error of the MLP falls again towards 300 units.",
          OVER(NOISY_MLP, "47,61", "mean test_error"), OVER(NOISY_MLP, "300", "test_error"), NULL),
    ABOVE("mlp-clean-no-rise", "Fig. 5a",
          "Without label noise there is no rise: less test error at 47-61 units than at 16.",
          OVER(CLEAN_MLP, "16", "test_error"), OVER(CLEAN_MLP, "47,61", "mean test_error"), NULL),
    ABOVE("mlp-clean-no-peak", "Fig. 5a",
          "Without label noise there is no peak: nowhere from 27 units on is the test error above that at 21.",
          OVER(CLEAN_MLP, "21", "test_error"), OVER(CLEAN_MLP, "27,36,47,61,80,104,135,177,230,300", "max test_error"),
          NULL),
    ABOVE("mlp-clean-loss-peak", "Notebook",
          "Without label noise the test loss, which no figure shows, does peak between 36 and 61 units.",
          OVER(CLEAN_MLP, "36,47,61", "max test_loss"),
          OVER(CLEAN_MLP, "2,3,4,5,7,9,12,16,21,27,80,104,135,177,230,300", "max test_loss"), PEAK_NOTE),
    ABOVE("mlp-clean-falls", "Fig. 5a", "Without label noise the test error falls further, from 47-61 units to 300.",
          OVER(CLEAN_MLP, "47,61", "mean test_error"), OVER(CLEAN_MLP, "300", "test_error"), NULL),
    ABOVE("mlp-noise-hurts", "Fig. 5", "Label noise raises the test error of the MLP at 47-61 units.",
          OVER(NOISY_MLP, "47,61", "mean test_error"), OVER(CLEAN_MLP, "47,61", "mean test_error"), NULL),
    ABOVE("cnn-minimum", "Fig. 5c", "The test error of the CNN is least near 10 channels (6 to 14).",
          OVER(NOISY_CNN, "2,4,16,18,20,22,24,26,28,30,35,40,45,50,55,60,65,70,75,80,85,90,95,100", "min test_error"),
          OVER(NOISY_CNN, "6,8,10,12,14", "min test_error"), NULL),
    ABOVE("cnn-peak", "Fig. 5c", "From 10 channels on its peak lies between 16 and 24.",
          OVER(NOISY_CNN, "16,18,20,22,24", "max test_error"),
          OVER(NOISY_CNN, "10,12,14,26,28,30,35,40,45,50,55,60,65,70,75,80,85,90,95,100", "max test_error"), NULL),
    ABOVE("cnn-rises", "Fig. 5c", "The test error of the CNN rises from 10 channels to 18-20.",
          OVER(NOISY_CNN, "18,20", "mean test_error"), OVER(NOISY_CNN, "10", "test_error"), NULL),
    ABOVE("cnn-falls", "Fig. 5c", "The test error of the CNN falls from 18-20 channels to 95-100.",
          OVER(NOISY_CNN, "18,20", "mean test_error"), OVER(NOISY_CNN, "95,100", "mean test_error"), NULL),
    ABOVE("cnn-best-is-small", "Fig. 5c", "The widest CNN stays above the minimum at 10 channels.",
          OVER(NOISY_CNN, "95,100", "mean test_error"), OVER(NOISY_CNN, "10", "test_error"), NULL),
    FITS("mlp-clean-fits", "Fig. 5a", "Without label noise the training error is 0 from 47 hidden units on.", CLEAN_MLP,
         "47,61,80,104,135,177,230,300"),
    FITS("mlp-noise-fits", "Fig. 5b", "With label noise the training error of the MLP is 0 from 61 hidden units on.",
         NOISY_MLP, "61,80,104,135,177,230,300"),
    FITS("cnn-fits", "Fig. 5c", "The training error of the CNN is 0 from 24 channels on.", NOISY_CNN,
         "24,26,28,30,35,40,45,50,55,60,65,70,75,80,85,90,95,100"),
    {"double-descent-noise", "Section 5.2", "15 % of the training labels are wrong.", CLAIM_REPORT, NONE, NONE,
     "text-label-noise", 0,
     "The published code draws 639 of 4000 labels (16.0 %) anew and so changes 577 (14.4 %); ours are the same ones."},
    {NULL, NULL, NULL, CLAIM_REPORT, NONE, NONE, NULL, 0, NULL}};

const Study double_descent = {.name = "double-descent",
                              .title = "Deep double descent with and without label noise",
                              .item = "Fig. 5",
                              .parameters = parameters,
                              .panels = panels,
                              .paper_seeds = 3,
                              .smoke_seeds = 2,
                              .first_seed = 42,
                              .run = run_cell,
                              .cost = cost,
                              .claims = claims,
                              .series = series,
                              .source = "reproduce/double_descent.c"};
