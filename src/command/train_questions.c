#include "command/train_questions.h"

#include <stdlib.h>
#include <string.h>

#include "command/tool.h"
#include "command/trained.h"
#include "nn/question_networks.h"

static const Option questions_options[] = {
    {"data", "SET", "mnist", "mnist or fashion-mnist"},
    {"data-dir", "DIR", NULL, "where `make data` put it (default: SCALEDOWN_DATA of the environment, else data)"},
    {"seed", "N", "1", "draws the initial parameters, then the orders, as torch.manual_seed; and the noise of dropout"},
    {"steps", "N", "235", "updates"},
    {"batch", "N", "256", "examples of a minibatch"},
    {"order", "NAME", "shuffled", "shuffled anew every epoch, or sequential: whole minibatches in file order"},
    {"optimizer", "NAME", "sgd", "sgd, adam or rmsprop"},
    {"learning-rate", "X", NULL, "of the optimiser (default 0.01, of adam 0.001)"},
    {"momentum", "X", "0", "of sgd and rmsprop, 0 to below 1; published 0.5"},
    {"dropout", "X", NULL, "probability in all layers of dropout, 0 to 1 (default: those that were published)"},
    {"scales", "NAME", "one", "how those of batch normalisation start: one, or uniform (in [0, 1), as PyTorch 0.3)"},
    {"evaluate-every", "N", "0", "updates between evaluations, from 0 on; 0: only after the last update"},
    {0}};

static const char purpose[] =
    "Trains one of the networks that `scaledown models` lists under questions- on a data set of images, whose bytes "
    "b become (b/255 - 0.1307)/0.3081, and prints CSV as scaledown train does.";

typedef struct Run {
    const QuestionNetwork *kind;
    QuestionSettings settings;
    const char *data;
    long long seed;
    TrainedRun trained;
} Run;

/* ---- the command line ---- */

static int parse_optimizer(const Options *o, OptimizerSettings *optimizer, Error *error) {
    static const char *const names[] = {"sgd", "adam", "rmsprop", NULL};
    static const OptimizerKind kinds[] = {OPTIMIZER_SGD, OPTIMIZER_ADAM, OPTIMIZER_RMSPROP};
    int kind;
    if (options_choice(o, "optimizer", names, &kind, error)) return -1;
    *optimizer = (OptimizerSettings){.kind = kinds[kind]};
    optimizer->learning_rate = kinds[kind] == OPTIMIZER_ADAM ? 0.001 : 0.01;
    if (options_given(o, "momentum") && kinds[kind] == OPTIMIZER_ADAM)
        return error_set(error, "option --momentum has no meaning for adam; it is for sgd and rmsprop");
    if (options_double(o, "momentum", 0, 0.999999, &optimizer->momentum, error)) return -1;
    if (!options_given(o, "learning-rate")) return 0;
    return options_double(o, "learning-rate", 1e-12, 1e6, &optimizer->learning_rate, error);
}

static int parse_run(const Options *o, Run *run, Error *error) {
    static const char *const sets[] = {"mnist", "fashion-mnist", NULL}, *const starts[] = {"one", "uniform", NULL};
    static const char *const orders[] = {"sequential", "shuffled", NULL}; /* as Order has them */
    Protocol *protocol = &run->trained.protocol;
    int set, order, uniform;
    long long steps, batch, evaluate_every;
    double rate;
    if (!(run->kind = question_network_by_name(o->words[0] + strlen("questions-"), error)) ||
        options_choice(o, "data", sets, &set, error) || options_choice(o, "order", orders, &order, error) ||
        options_choice(o, "scales", starts, &uniform, error) ||
        options_integer(o, "seed", 0, 4294967295LL, &run->seed, error) ||
        options_integer(o, "steps", 0, 10000000, &steps, error) ||
        options_integer(o, "batch", 1, 60000, &batch, error) ||
        options_integer(o, "evaluate-every", 0, 10000000, &evaluate_every, error) ||
        parse_optimizer(o, &protocol->optimizer, error) || trained_files_read(o, &run->trained.files, error))
        return -1;
    protocol->batch = (size_t)batch;
    protocol->order = (Order)order;
    protocol->updates = (size_t)steps;
    protocol->noise_seed = (uint64_t)run->seed;
    run->trained.evaluate_every = (size_t)evaluate_every;
    run->data = sets[set];
    run->settings = question_settings();
    run->settings.scales = uniform ? (Initial){INITIAL_UNIFORM, 1} : (Initial){INITIAL_CONSTANT, 1};
    if (!options_given(o, "dropout")) return 0;
    if (options_double(o, "dropout", 0, 1, &rate, error)) return -1;
    run->settings.dropout = run->settings.channel_dropout = rate;
    run->settings.dropout1 = run->settings.dropout2 = rate;
    return 0;
}

static int train_network(Run *run, Arena *arena, Error *error) {
    static const float mean = 0.1307f, deviation = 0.3081f;
    TrainedRun *trained = &run->trained;
    Mt19937 torch;
    if (trained_files_check(&trained->files, error)) return -1;
    const ImageSet *images = image_set(run->data, error);
    if (!images) return -1;
    const size_t classes = images->source->classes;
    trained->train = set_of_images(&images->train, images->train.n, classes, &mean, &deviation, arena);
    trained->test = set_of_images(&images->test, images->test.n, classes, &mean, &deviation, arena);
    trained->protocol.stream = &torch;
    Learner *learner =
        learner_create(question_network_create(run->kind, &run->settings, trained->train.example, arena), arena);
    mt19937_seed(&torch, (uint32_t)run->seed);
    network_initialize(learner->network, &torch, learner->weights);
    const int status = trained_run(trained, learner, arena, error);
    learner_destroy(learner);
    return status;
}

static int work(const Options *options, Arena *arena, Error *error) {
    Run run = {0};
    if (parse_run(options, &run, error)) return EXIT_USAGE;
    image_sets_find(options_text(options, "data-dir"), "data");
    return train_network(&run, arena, error) ? EXIT_FAILURE : EXIT_SUCCESS;
}

int train_questions_command(int argc, char **argv, Error *error) {
    static const Tool tool = {
        "train questions-NETWORK", NULL, purpose, 1, 1, {questions_options, trained_options}, work};
    return tool_run(&tool, argc, argv, error);
}
