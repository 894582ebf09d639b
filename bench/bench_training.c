/* Seconds per training step at batch 100 on noise of MNIST-1D's size: the models of classification and pooling with
 * Adam on batches in order, those of double descent with SGD and momentum on batches shuffled every epoch, the encoders of
 * self-supervised learning on pairs of views.
 * Prints CSV: workload,threads,unit,seconds_per_unit; the median of seven slices of about SECONDS / 7 each.
 * usage: bench_training [SECONDS [WORKLOAD]]; WORKLOAD is a part of the names, such as "descent" */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/csv.h"
#include "kernels/threads.h"
#include "nn/cnn.h"
#include "nn/encoder.h"
#include "nn/gru.h"
#include "nn/logistic.h"
#include "nn/mlp.h"
#include "nn/pairs.h"
#include "nn/pooling_cnn.h"
#include "turns.h"

enum { EXAMPLES = 4000, INPUTS = 40, CLASSES = 10, BATCH = 100, SLICES = 7 };

/* Stretches of updates: one to warm up, one that tells how long the others may be, and those that count. */
typedef struct Stretches {
    double budget, start, seconds_per_update[2 + SLICES];
    size_t done, length, left;
} Stretches;

static int after_update(Learner *learner, const Progress *progress, void *context) {
    Stretches *s = context;
    (void)learner, (void)progress;
    if (--s->left) return 0;
    const double now = clock_seconds();
    s->seconds_per_update[s->done++] = (now - s->start) / (double)s->length;
    if (s->done == 2) s->length = (size_t)(s->budget / SLICES / s->seconds_per_update[1]) + 1;
    s->left = s->length;
    s->start = now;
    return s->done == 2 + SLICES;
}

static Model logistic(size_t inputs, size_t unused, size_t classes) {
    (void)unused;
    return model_logistic(inputs, classes);
}

#define DEFINE_POOLING(method)                                                                                         \
    static Model pooling_##method(size_t inputs, size_t channels, size_t classes) {                                    \
        return model_pooling(inputs, channels, classes, pooling_by_name(#method));                                     \
    }
DEFINE_POOLING(none)
DEFINE_POOLING(stride)
DEFINE_POOLING(max)
DEFINE_POOLING(average)
DEFINE_POOLING(l2)

static Model encoder(size_t inputs, size_t head_layers, size_t unused) {
    (void)unused;
    return model_encoder(inputs, 25, (EncoderHead){head_layers, 125, 16, NULL});
}

static const struct {
    const char *name;
    Model (*model)(size_t inputs, size_t width, size_t classes);
    size_t width;
    OptimizerKind optimizer;
} workloads[] = {
    {"classify-logistic", logistic, 0, OPTIMIZER_ADAM}, {"classify-mlp", model_residual_mlp, 100, OPTIMIZER_ADAM},
    {"classify-cnn", model_cnn, 25, OPTIMIZER_ADAM},    {"classify-gru", model_gru, 6, OPTIMIZER_ADAM},
    {"descent-mlp20", model_mlp, 20, OPTIMIZER_SGD},    {"descent-mlp300", model_mlp, 300, OPTIMIZER_SGD},
    {"descent-cnn100", model_cnn, 100, OPTIMIZER_SGD},  {"lottery-mlp500", model_residual_mlp, 500, OPTIMIZER_ADAM},
    {"pooling-none", pooling_none, 20, OPTIMIZER_ADAM}, {"pooling-stride", pooling_stride, 20, OPTIMIZER_ADAM},
    {"pooling-max", pooling_max, 20, OPTIMIZER_ADAM},   {"pooling-average", pooling_average, 20, OPTIMIZER_ADAM},
    {"pooling-l2", pooling_l2, 20, OPTIMIZER_ADAM},     {"pairs-default", encoder, 2, OPTIMIZER_ADAM},
    {"pairs-none", encoder, 0, OPTIMIZER_ADAM},         {"pairs-deep", encoder, 4, OPTIMIZER_ADAM}};
enum { WORKLOADS = sizeof workloads / sizeof *workloads };

static void bench(size_t w, double budget) {
    Arena *arena = arena_create(0);
    Mt19937 mt;
    float *rows = arena_alloc(arena, EXAMPLES * INPUTS, sizeof *rows);
    uint8_t *labels = arena_alloc(arena, EXAMPLES, 1);
    mt19937_seed(&mt, 0);
    torch_normal(&mt, 0, 1, EXAMPLES * INPUTS, rows);
    for (size_t i = 0; i < EXAMPLES; i++) labels[i] = (uint8_t)(mt19937_next(&mt) % CLASSES);
    const Model model = workloads[w].model(INPUTS, workloads[w].width, CLASSES);
    const int adam = workloads[w].optimizer == OPTIMIZER_ADAM, views = workloads[w].model == encoder;
    const Pairs pairs = pairs_of(EXAMPLES, INPUTS, rows, (ViewOptions){10, 0.04, 0.3}, BATCH, &mt, &mt, arena);
    const LabelledSet set =
        views ? pairs_set(&pairs, NULL) : set_of_rows(EXAMPLES, INPUTS, CLASSES, rows, labels, NULL, arena);
    Protocol protocol = {.train = &set, .batch = BATCH, .order = adam ? ORDER_SEQUENTIAL : ORDER_SHUFFLED};
    if (views) protocol = pairs_protocol(&set);
    protocol.stream = &mt;
    protocol.updates = SIZE_MAX;
    protocol.optimizer =
        (OptimizerSettings){.kind = workloads[w].optimizer, .learning_rate = 0.01, .momentum = adam ? 0 : 0.9};
    Learner *learner = learner_create(model_network(&model, arena), arena);
    mt19937_seed(&mt, 42);
    model_initialize(&model, &mt, learner->weights);
    Stretches stretches = {.budget = budget, .start = clock_seconds(), .length = 40, .left = 40};
    protocol.after_update = after_update;
    protocol.context = &stretches;
    fit(learner, &protocol);
    printf("%s,%zu,step,%.6g\n", workloads[w].name, threads_most(), median(SLICES, stretches.seconds_per_update + 2));
    fflush(stdout);
    learner_destroy(learner);
    arena_destroy(arena);
}

int main(int argc, char **argv) {
    double budget = 3;
    if (argc > 3 || (argc > 1 && (parse_double(argv[1], &budget) || budget <= 0))) {
        fprintf(stderr, "usage: %s [SECONDS [WORKLOAD]]\n", argv[0]);
        return EXIT_FAILURE;
    }
    printf("workload,threads,unit,seconds_per_unit\n");
    for (size_t w = 0; w < WORKLOADS; w++)
        if (argc < 3 || strstr(workloads[w].name, argv[2])) bench(w, budget);
    return EXIT_SUCCESS;
}
