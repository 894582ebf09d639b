#include "command/train_images.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/csv.h"
#include "base/file.h"
#include "base/options.h"
#include "base/output.h"
#include "base/text.h"
#include "command/checkpoint.h"
#include "command/tool.h"
#include "nn/image_folder_set.h"
#include "nn/inception_v3.h"

static const Option train_images_options[] = {
    {"train", "DIR", NULL, "train on the JPEG files there, those of each class in a folder of its own (needed)"},
    {"test", "DIR", NULL, "test on those there, of the same classes"},
    {"size", "N", "299", "side of the square that images are resized to, 75 to 1024"},
    {"outputs", "N", NULL, "of the network, at least as many as classes (default: the classes; ImageNet has 1000)"},
    {"auxiliary-weight", "X", "0.4", "of the auxiliary head's loss; below size 299 there is no such head"},
    {"without-auxiliary", NULL, NULL, "no auxiliary head at size 299 and above either"},
    {"thinner", "N", "1", "channels are divided by 1, 2, 4, 8 or 16"},
    {"dropout", "X", "0.5", "probability in front of the last layer"},
    {"augment", NULL, NULL, "images are flipped and rotated by up to 25 degrees, anew every epoch"},
    {"seed", "N", "1", "of initial parameters, orders, dropout and augmentation"},
    {"batch", "N", "32", "examples of a minibatch"},
    {"epochs", "N", "10", "passes over the training set"},
    {"updates", "N", NULL, "so many updates instead"},
    {"learning-rate", "X", "0.1", "of SGD"},
    {"decay", "X", "1", "factor of the rate from epoch to epoch"},
    {"momentum", "X", "0.9", "of SGD, 0 to below 1"},
    {"weight-decay", "X", "0", "of SGD, for weights of convolutions and linear layers"},
    {"checkpoint", "FILE", NULL, "write to it after every epoch; go on from it when it is there"},
    {"checkpoint-every", "N", NULL, "and after every N updates"},
    {0}};

static const char purpose[] =
    "Trains Inception v3 on a folder of JPEG files, one folder in it for each class, and prints CSV: epochs completed, "
    "updates, and loss in nats and top-1 and top-5 accuracy in per cent of the training set, as it went through the "
    "epoch, and of the test set.  The same command goes on from its --checkpoint, to the same bits.  On ImageNet "
    "itself "
    "an epoch is 44 PFLOP, days of a machine with a few cores: what runs in minutes is small folders, a mechanism and "
    "not ImageNet (scaledown image-folder writes one).";

enum { TOP = 5 };

typedef struct Run {
    InceptionV3 network;
    const char *train_path, *test_path, *checkpoint;
    size_t checkpoint_every; /* 0: only after epochs */
    long long seed, outputs;
    double decay;
    int augment;
    Protocol protocol;
} Run;

/* ---- the command line ---- */

static int parse_network(const Options *o, Run *run, Error *error) {
    InceptionV3 *network = &run->network;
    static const char *const divisors[] = {"1", "2", "4", "8", "16", NULL};
    long long size;
    int divisor;
    run->outputs = 0;
    *network = inception_v3_published;
    if (options_integer(o, "size", INCEPTION_V3_LEAST, INCEPTION_V3_MOST, &size, error) ||
        options_choice(o, "thinner", divisors, &divisor, error) ||
        options_double(o, "dropout", 0, 0.99, &network->dropout, error) ||
        options_double(o, "auxiliary-weight", 0, 100, &network->auxiliary_weight, error) ||
        (options_given(o, "outputs") && options_integer(o, "outputs", 1, 65535, &run->outputs, error)))
        return -1;
    network->size = (size_t)size;
    network->thinner = (size_t)1 << divisor;
    network->auxiliary = size >= INCEPTION_V3_SIZE && !options_given(o, "without-auxiliary");
    if (options_given(o, "auxiliary-weight") && !network->auxiliary)
        return error_set(error, "option --auxiliary-weight has no meaning without that head, which %s",
                         size < INCEPTION_V3_SIZE ? "needs --size 299 or more" : "--without-auxiliary leaves out");
    return 0;
}

static int parse_protocol(const Options *o, Run *run, Error *error) {
    Protocol *protocol = &run->protocol;
    OptimizerSettings *optimizer = &protocol->optimizer;
    long long batch, epochs, updates = 0, every = 0;
    optimizer->kind = OPTIMIZER_SGD;
    if (options_integer(o, "seed", 0, 4294967295LL, &run->seed, error) ||
        options_integer(o, "batch", 2, 100000, &batch, error) ||
        options_integer(o, "epochs", 1, 1000000, &epochs, error) ||
        (options_given(o, "updates") && options_integer(o, "updates", 1, 1000000000, &updates, error)) ||
        (options_given(o, "checkpoint-every") &&
         options_integer(o, "checkpoint-every", 1, 1000000000, &every, error)) ||
        options_double(o, "learning-rate", 1e-12, 1e6, &optimizer->learning_rate, error) ||
        options_double(o, "decay", 1e-6, 1, &run->decay, error) ||
        options_double(o, "momentum", 0, 0.999999, &optimizer->momentum, error) ||
        options_double(o, "weight-decay", 0, 10, &optimizer->weight_decay, error))
        return -1;
    if (options_given(o, "epochs") && updates)
        return error_set(error, "options --epochs and --updates exclude each other: both say how long");
    if (every && !run->checkpoint) return error_set(error, "option --checkpoint-every needs --checkpoint FILE");
    protocol->batch = (size_t)batch;
    protocol->epochs = updates ? 0 : (size_t)epochs;
    protocol->updates = (size_t)updates;
    run->checkpoint_every = (size_t)every;
    return 0;
}

static int parse_run(const Options *o, Run *run, Error *error) {
    if (strcmp(o->words[0], "inception-v3") != 0)
        return error_set(error, "unknown network \"%.80s\": inception-v3 is meant?", o->words[0]);
    run->train_path = options_text(o, "train");
    run->test_path = options_text(o, "test");
    run->checkpoint = options_text(o, "checkpoint");
    run->augment = options_given(o, "augment");
    if (!run->train_path)
        return error_set(error, "inception-v3 needs --train DIR, a folder with a folder of JPEG files for each class");
    return parse_network(o, run, error) || parse_protocol(o, run, error) ? -1 : 0;
}

/* ---- the training ---- */

typedef struct Training {
    const Run *run;
    const char *identity;
    LabelledSet train, test; /* test.n 0: there is none */
    size_t last;             /* updates in all */
    Error fault;             /* of an image */
    Error *error;
    int failed;
} Training;

/* What the numbers of a training depend on, but for the contents of images. */
static const char *identity_of(const Run *run, const ImageFolder *folder, Arena *arena) {
    const InceptionV3 *network = &run->network;
    const OptimizerSettings *optimizer = &run->protocol.optimizer;
    char sha256[SHA256_HEX];
    Text text = text_create(arena);
    image_folder_sha256(folder, sha256);
    text_format(&text, "network,inception-v3\nimages,%zu\nnames,%s\nsize,%zu\noutputs,%zu\nauxiliary,%d\nthinner,%zu\n",
                folder->n, sha256, network->size, network->outputs, network->auxiliary, network->thinner);
    text_format(&text, "augment,%d\nseed,%lld\nbatch,%zu\n", run->augment, run->seed, run->protocol.batch);
    const struct {
        const char *name;
        double value;
    } numbers[] = {{"auxiliary-weight", network->auxiliary_weight},
                   {"dropout", network->dropout},
                   {"learning-rate", optimizer->learning_rate},
                   {"decay", run->decay},
                   {"momentum", optimizer->momentum},
                   {"weight-decay", optimizer->weight_decay}};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        text_format(&text, "%s,", numbers[i].name);
        text_add_number(&text, numbers[i].value);
        text_add_character(&text, '\n');
    }
    return text.data;
}

/* ",loss,top-1,top-5"; a loss that is not finite leaves no meaning to the others. */
static void print_evaluation(Evaluation evaluation, size_t among) {
    const double top = 100 * (double)among / (double)evaluation.n;
    char loss[32], first[32], five[32];
    if (isfinite(evaluation.loss))
        printf(",%s,%s,%s", format_double(evaluation.loss, loss), format_double(percent_correct(evaluation), first),
               format_double(top, five));
    else
        fputs(",diverged,diverged,diverged", stdout);
}

static int write_checkpoint(const Learner *learner, const Progress *progress, Training *training) {
    const Optimizer *optimizer = progress->optimizer;
    const FitState state = {progress->updates, progress->sums, progress->among, optimizer->m, optimizer->v};
    return checkpoint_write(training->run->checkpoint, training->identity, learner, &state, training->error);
}

static int print_line(Learner *learner, const Progress *progress, Training *training) {
    printf("%zu,%zu", progress->epochs, progress->updates);
    print_evaluation(progress->epoch, progress->among);
    if (training->test.n) {
        size_t among;
        const Evaluation test = learner_evaluate_top(learner, &training->test, TOP, &among);
        print_evaluation(test, among);
    }
    putchar('\n');
    return output_flush(training->error);
}

/* Ends the training where it fails, or diverges. */
static int after_update(Learner *learner, const Progress *progress, void *context) {
    Training *training = context;
    const Run *run = training->run;
    const int diverged = !isfinite(progress->last.loss);
    const int line = progress->ends_epoch || progress->updates == training->last || diverged;
    const int due = line || (run->checkpoint_every && progress->updates % run->checkpoint_every == 0);
    training->failed =
        training->fault.text[0] || (line && print_line(learner, progress, training)) || training->fault.text[0];
    if (diverged && !training->failed)
        fprintf(stderr,
                "scaledown: training diverged: the loss of update %zu is not finite.  A --learning-rate below %g may "
                "help\n",
                progress->updates, run->protocol.optimizer.learning_rate);
    if (run->checkpoint && due && !diverged && !training->failed)
        training->failed = write_checkpoint(learner, progress, training);
    return training->failed || diverged;
}

/* Makes the protocol go on from the checkpoint, if there is one. */
static int go_on(const Training *training, Learner *learner, Protocol *protocol, Arena *arena, Error *error) {
    const char *path = training->run->checkpoint;
    FitState *state = arena_alloc_zero(arena, 1, sizeof *state);
    if (!path) return 0;
    if (!file_exists(path)) return file_can_be_written(path, error) ? 0 : -1;
    state->m = arena_alloc(arena, learner->network->n_parameters, sizeof *state->m);
    if (checkpoint_read(path, training->identity, learner, state, error)) return -1;
    if (state->updates > training->last)
        return error_set(error, "%.600s is of %zu updates, more than the %zu that are asked for", path, state->updates,
                         training->last);
    fprintf(stderr, "scaledown: going on after update %zu of %zu\n", state->updates, training->last);
    protocol->from = state;
    return 0;
}

static int open_folders(Run *run, ImageFolder *train, ImageFolder *test, Arena *arena, Error *error) {
    if (image_folder_list(run->train_path, arena, train, error)) return -1;
    if (run->test_path &&
        (image_folder_list(run->test_path, arena, test, error) || image_folders_agree(train, test, error)))
        return -1;
    run->network.outputs = run->outputs ? (size_t)run->outputs : train->classes;
    if (run->network.outputs >= train->classes) return 0;
    return error_set(error, "option --outputs: %zu are fewer than the %zu classes of %.600s", run->network.outputs,
                     train->classes, run->train_path);
}

static int train_network(Run *run, Arena *arena, Error *error) {
    ImageFolder train, test = {.n = 0};
    Training training = {.run = run, .error = error};
    Protocol protocol = run->protocol;
    Mt19937 torch;
    if (open_folders(run, &train, &test, arena, error)) return -1;
    const size_t of_epoch = train.n / protocol.batch + (train.n % protocol.batch > 0), outputs = run->network.outputs;
    const FolderImages images = {&train, run->network.size, run->augment ? of_epoch : 0, &training.fault},
                       test_images = {&test, run->network.size, 0, &training.fault};
    training.identity = identity_of(run, &train, arena);
    training.train = set_of_image_folder(&images, outputs);
    training.test = set_of_image_folder(&test_images, outputs);
    training.last = protocol.updates ? protocol.updates : protocol.epochs * of_epoch;
    protocol.train = &training.train;
    protocol.order = ORDER_SHUFFLED;
    protocol.stream = &torch;
    protocol.decays = network_is_weight;
    protocol.schedule = (LearningRate){
        .kind = RATE_EXPONENTIAL, .initial = protocol.optimizer.learning_rate, .factor = run->decay, .per_epoch = 1};
    protocol.noise_seed = (uint64_t)run->seed;
    protocol.loss = inception_v3_loss;
    protocol.top = TOP;
    protocol.after_update = after_update;
    protocol.context = &training;
    Learner *learner = learner_create(inception_v3_create(&run->network, arena), arena);
    mt19937_seed(&torch, (uint32_t)run->seed);
    network_initialize(learner->network, &torch, learner->weights);
    int status = go_on(&training, learner, &protocol, arena, error);
    if (!status) {
        printf("epoch,updates,train_loss,train_top1,train_top5%s\n", test.n ? ",test_loss,test_top1,test_top5" : "");
        fit(learner, &protocol);
        if (training.fault.text[0]) error_set(error, "%s", training.fault.text);
        status = training.failed ? -1 : 0;
    }
    learner_destroy(learner);
    return status;
}

static int work(const Options *options, Arena *arena, Error *error) {
    Run run = {0};
    if (parse_run(options, &run, error)) return EXIT_USAGE;
    return train_network(&run, arena, error) ? EXIT_FAILURE : EXIT_SUCCESS;
}

int train_images_command(int argc, char **argv, Error *error) {
    static const Tool tool = {"train inception-v3", "--train DIR", purpose, 1, 1, {train_images_options}, work};
    return tool_run(&tool, argc, argv, error);
}
