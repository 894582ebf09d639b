/* The two networks of KANN's public table (github.com/attractivechaos/kann, README) on MNIST: time and test accuracy.
 *
 *     mlp   784-64-10 with relu, published for 20 epochs
 *     cnn   two convolutions of 32 channels, 3x3, with relu; maxima of 2x2; 128 units with relu; dropout of a fifth in
 *           front of both linear layers; published for 15 epochs
 *
 * As KANN trains them: all 60000 images, shuffled every epoch, minibatches of 64, RMSprop with rate 0.001 and decay 0.9,
 * bytes as b/255.  Two things are ours: the loss is the softmax cross-entropy, not ten binary ones, and weights start as
 * PyTorch's.
 *
 * Prints CSV: network,threads,epochs,examples,seconds,cpu_seconds,test_accuracy; reading the data and evaluating are not in
 * the times.  bench/kann.sh runs KANN's own programs beside it.
 * usage: bench_kann [FOLDER [NETWORK [EPOCHS [EXAMPLES]]]]; FOLDER is that of `make data` (data), NETWORK mlp, cnn or all,
 * EPOCHS 1 unless said, EXAMPLES the first so many of the training set.  Without MNIST it says so and measures nothing. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "data/image_sets.h"
#include "kernels/threads.h"
#include "nn/fit.h"
#include "nn/layers.h"

enum { CLASSES = 10, BATCH = 64, SEED = 11 };

static Var mlp(Pass *p, const void *settings, Var x) {
    (void)settings;
    return linear(p, "fc2", CLASSES, linear_relu(p, "fc1", 64, flatten(p, x)));
}

static Var cnn(Pass *p, const void *settings, Var x) {
    (void)settings;
    const Filters filters = {.channels = 32, .window = 3};
    x = convolution(p, "conv2", filters, convolution_relu(p, "conv1", filters, x));
    x = flatten(p, relu_max_pooling(p, 2, 2, 0, x));
    x = linear_relu(p, "fc1", 128, dropout(p, "dropout1", 0.2, x));
    return linear(p, "fc2", CLASSES, dropout(p, "dropout2", 0.2, x));
}

static const struct {
    const char *name;
    NetworkFunction *function;
} networks[] = {{"mlp", mlp}, {"cnn", cnn}};
enum { NETWORKS = sizeof networks / sizeof *networks };

static void bench(size_t which, const ImageSet *images, size_t epochs, size_t examples) {
    static const float mean = 0, deviation = 1;
    Arena *arena = arena_create(0);
    Mt19937 stream;
    const LabelledSet train = set_of_images(&images->train, examples, CLASSES, &mean, &deviation, arena);
    const LabelledSet test = set_of_images(&images->test, images->test.n, CLASSES, &mean, &deviation, arena);
    Learner *learner = learner_create(
        network_create(networks[which].name, networks[which].function, NULL, train.example, arena), arena);
    mt19937_seed(&stream, SEED);
    network_initialize(learner->network, &stream, learner->weights);
    const double start = clock_seconds();
    const clock_t cpu = clock();
    fit(learner, &(Protocol){.train = &train,
                             .batch = BATCH,
                             .order = ORDER_SHUFFLED,
                             .stream = &stream,
                             .epochs = epochs,
                             .optimizer = {.kind = OPTIMIZER_RMSPROP, .learning_rate = 0.001, .alpha = 0.9},
                             .noise_seed = SEED});
    const double seconds = clock_seconds() - start, cpu_seconds = (double)(clock() - cpu) / CLOCKS_PER_SEC;
    printf("%s,%zu,%zu,%zu,%.2f,%.2f,%.2f\n", networks[which].name, threads_most(), epochs, examples, seconds,
           cpu_seconds, percent_correct(learner_evaluate(learner, &test)));
    fflush(stdout);
    learner_destroy(learner);
    arena_destroy(arena);
}

int main(int argc, char **argv) {
    const char *network = argc > 2 ? argv[2] : "all";
    const long epochs = argc > 3 ? strtol(argv[3], NULL, 10) : 1;
    Error error = {""};
    image_sets_folder(argc > 1 ? argv[1] : "data");
    if (argc < 2 && image_set_check("mnist", &error)) {
        printf("bench_kann: left out: %s\n", error.text);
        return EXIT_SUCCESS;
    }
    const ImageSet *images = image_set("mnist", &error);
    const long examples = argc > 4 ? strtol(argv[4], NULL, 10) : images ? (long)images->train.n : 0;
    size_t measured = 0;
    if (images && epochs > 0 && examples > 0 && (size_t)examples <= images->train.n)
        for (size_t n = 0; n < NETWORKS; n++) {
            if (strcmp(network, "all") && strcmp(network, networks[n].name)) continue;
            if (!measured++) puts("network,threads,epochs,examples,seconds,cpu_seconds,test_accuracy");
            bench(n, images, (size_t)epochs, (size_t)examples);
        }
    if (measured) return EXIT_SUCCESS;
    fprintf(stderr, "bench_kann: %s\n",
            images ? "usage: bench_kann [FOLDER [mlp|cnn|all [EPOCHS [EXAMPLES]]]], up to 60000 examples" : error.text);
    return EXIT_FAILURE;
}
