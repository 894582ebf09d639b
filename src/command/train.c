#include "command/train.h"

#include <string.h>

#include "command/mnist1d_options.h"
#include "command/tool.h"
#include "command/train_images.h"
#include "command/train_questions.h"
#include "command/trained.h"
#include "data/dataset_folder.h"
#include "nn/models.h"

static const Option training_options[] = {
    {"seed", "N", "42", "draws the initial parameters, as torch.manual_seed"},
    {"steps", "N", "200", "updates"},
    {"batch", "N", "100", "examples of a minibatch; divides the training set, which is gone through in order"},
    {"optimizer", "NAME", "adam", "adam or sgd"},
    {"learning-rate", "X", "0.01", "of the optimiser"},
    {"momentum", "X", "0", "of sgd, 0 to below 1"},
    {"hidden", "N", NULL, "units of a hidden layer of mlp, plain-mlp and tanh-mlp (default 100)"},
    {"layers", "N", NULL, "hidden layers of tanh-mlp (default 2)"},
    {"channels", "N", NULL, "channels of cnn (default 25) and pooling-* (default 20)"},
    {"gru-hidden", "N", NULL, "units of gru in each direction (default 6)"},
    {"features", "ORDER", "original", "original or shuffled: the points permuted by --data-seed"},
    {"evaluate-every", "N", "0", "updates between evaluations, from 0 on; 0: only after the last update"},
    {"data", "DIR", NULL, "train on x.npy and y.npy there, and test on x_test.npy and y_test.npy if they are there"},
    {"data-seed", "N", "42", "of the generated MNIST-1D and of --features shuffled"},
    {0}};

static const char purpose[] =
    "Trains logistic, mlp (residual), plain-mlp, tanh-mlp, cnn, gru, or pooling- with none, "
    "stride, max, average or l2 on "
    "generated MNIST-1D or the data of a folder, and prints CSV: step (updates made), loss in "
    "nats and accuracy in per cent "
    "of the whole training and test set, last of all after the last update.  A run that "
    "diverged is a result like another: "
    "\"diverged\" stands for its values from there on, and the exit status is 0.\n"
    "scaledown train questions-NETWORK trains a network for images, scaledown train "
    "inception-v3 Inception v3 on folders of JPEG files; with --help they list their own "
    "options.";

/* The options that set a width (nn/models.h). */
static const struct {
    const char *name;
    long long most;
} widths[] = {{"hidden", 10000}, {"channels", 2000}, {"gru-hidden", 1000}};
enum { N_WIDTHS = sizeof widths / sizeof *widths };

/* ---- the command line ---- */

typedef struct Run {
    const ModelKind *kind;
    size_t width, layers;
    const char *folder; /* NULL: none */
    TrainedFiles files;
    long long seed, steps, batch, evaluate_every, data_seed;
    double learning_rate, momentum;
    OptimizerKind optimizer;
    int shuffled;
    Mnist1dOptions generator; /* without a folder */
} Run;

static int parse_model(const Options *o, Run *run, Error *error) {
    long long number;
    const ModelKind *kind = run->kind = model_kind(o->words[0], error);
    if (!kind) return -1;
    run->width = kind->published_width;
    run->layers = kind->layers;
    for (size_t i = 0; i < N_WIDTHS; i++) {
        if (!options_given(o, widths[i].name)) continue;
        if (options_integer(o, widths[i].name, 1, widths[i].most, &number, error)) return -1;
        if (!kind->width || strcmp(widths[i].name, kind->width) != 0)
            return error_set(error, "option --%s has no meaning for %s, %s%s", widths[i].name, kind->name,
                             kind->width ? "whose width is --" : "which has no width", kind->width ? kind->width : "");
        run->width = (size_t)number;
    }
    if (!options_given(o, "layers")) return 0;
    if (options_integer(o, "layers", 1, MODEL_MOST_LAYERS, &number, error)) return -1;
    if (!kind->layers) return error_set(error, "option --layers has no meaning for %s; tanh-mlp has it", kind->name);
    run->layers = (size_t)number;
    return 0;
}

static int parse_run(const Options *o, Arena *arena, Run *run, Error *error) {
    static const char *const optimizers[] = {"adam", "sgd", NULL}, *const orders[] = {"original", "shuffled", NULL};
    int sgd;
    if (options_integer(o, "seed", 0, 4294967295LL, &run->seed, error) ||
        options_integer(o, "steps", 0, 10000000, &run->steps, error) ||
        options_integer(o, "batch", 1, 1000000, &run->batch, error) ||
        options_integer(o, "evaluate-every", 0, 10000000, &run->evaluate_every, error) ||
        options_integer(o, "data-seed", 0, 4294967295LL, &run->data_seed, error) ||
        options_double(o, "learning-rate", 1e-12, 1e6, &run->learning_rate, error) ||
        options_double(o, "momentum", 0, 0.999999, &run->momentum, error) ||
        options_choice(o, "optimizer", optimizers, &sgd, error) ||
        options_choice(o, "features", orders, &run->shuffled, error) || parse_model(o, run, error))
        return -1;
    run->folder = options_text(o, "data");
    if (!run->folder && mnist1d_options_read(o, "data-seed", arena, &run->generator, error)) return -1;
    const char *given = run->folder ? mnist1d_options_given(o) : NULL;
    if (run->folder && !given && options_given(o, "data-seed") && !run->shuffled) given = "data-seed";
    if (given)
        return error_set(error, "options --data and --%s exclude each other: data of a folder are not generated",
                         given);
    run->optimizer = sgd ? OPTIMIZER_SGD : OPTIMIZER_ADAM;
    if (options_given(o, "momentum") && !sgd) return error_set(error, "option --momentum needs --optimizer sgd");
    return trained_files_read(o, &run->files, error);
}

/* ---- data ---- */

static int get_data(const Run *run, Arena *arena, LabelledData *data, Error *error) {
    Mnist1d set;
    if (run->folder) return dataset_folder_read(run->folder, arena, data, error);
    if (mnist1d_make(&run->generator, arena, &set, error)) return -1;
    *data = (LabelledData){.length = set.length,
                           .n_train = set.n_train,
                           .n_test = set.n_test,
                           .classes = MNIST1D_CLASSES,
                           .x = mnist1d_binary32(set.n_train * set.length, set.x, arena),
                           .x_test = mnist1d_binary32(set.n_test * set.length, set.x_test, arena),
                           .y = set.y,
                           .y_test = set.y_test};
    return 0;
}

/* The sets of the run, and how many points an example has. */
static int load_data(const Run *run, Arena *arena, TrainedRun *trained, size_t *length, Error *error) {
    LabelledData set;
    if (get_data(run, arena, &set, error)) return -1;
    if (set.length < run->kind->least_inputs)
        return error_set(error, "%s needs examples of at least %zu points, but these have %zu", run->kind->name,
                         run->kind->least_inputs, set.length);
    const size_t batch = (size_t)run->batch;
    size_t fitting = batch < set.n_train ? batch : set.n_train;
    while (set.n_train % fitting) fitting--;
    if (fitting != batch)
        return error_set(error, "option --batch: %zu does not divide the %zu training examples; %zu does", batch,
                         set.n_train, fitting);
    const size_t *columns = mnist1d_feature_order(set.length, run->shuffled, (uint32_t)run->data_seed, arena);
    *length = set.length;
    trained->train = set_of_rows(set.n_train, set.length, set.classes, set.x, set.y, columns, arena);
    trained->test = set_of_rows(set.n_test, set.length, set.classes, set.x_test, set.y_test, columns, arena);
    return 0;
}

static int train_model(const Run *run, Arena *arena, Error *error) {
    TrainedRun trained = {.protocol = {.batch = (size_t)run->batch,
                                       .order = ORDER_SEQUENTIAL,
                                       .updates = (size_t)run->steps,
                                       .optimizer = {.kind = run->optimizer,
                                                     .learning_rate = run->learning_rate,
                                                     .momentum = run->momentum}},
                          .evaluate_every = (size_t)run->evaluate_every,
                          .files = run->files};
    size_t length = 0;
    Mt19937 torch;
    if (trained_files_check(&run->files, error) || load_data(run, arena, &trained, &length, error)) return -1;
    const Model model = model_of_kind(run->kind, length, run->width, run->layers, trained.train.classes);
    Learner *learner = learner_create(model_network(&model, arena), arena);
    mt19937_seed(&torch, (uint32_t)run->seed);
    network_initialize(learner->network, &torch, learner->weights);
    const int status = trained_run(&trained, learner, arena, error);
    learner_destroy(learner);
    return status;
}

/* Does the model, a word that is no option's value, begin so? */
static int names_network(const char *beginning, int argc, char **argv) {
    const size_t length = strlen(beginning);
    for (int i = 0; i < argc; i++)
        if (!strncmp(argv[i], beginning, length) && (i == 0 || strncmp(argv[i - 1], "--", 2) != 0)) return 1;
    return 0;
}

static int work(const Options *options, Arena *arena, Error *error) {
    Run run = {0};
    if (parse_run(options, arena, &run, error)) return EXIT_USAGE;
    return train_model(&run, arena, error) ? EXIT_FAILURE : EXIT_SUCCESS;
}

int train_command(int argc, char **argv, Error *error) {
    static const Tool tool = {"train", "MODEL", purpose, 1, 1, {training_options, mnist1d_options, trained_options},
                              work};
    if (names_network("questions-", argc, argv)) return train_questions_command(argc, argv, error);
    if (names_network("inception-v3", argc, argv)) return train_images_command(argc, argv, error);
    return tool_run(&tool, argc, argv, error);
}
