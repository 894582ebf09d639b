/* Seconds per training step at batch 100 on noise of MNIST-1D's size: the models of classification and pooling with
 * Adam on batches in order, those of double descent with SGD and momentum on batches shuffled every epoch, the encoders of
 * self-supervised learning on pairs of views.
 * Prints CSV: workload,threads,unit,seconds_per_unit; the median of seven slices of about SECONDS / 7 each.
 * usage: bench_training [SECONDS [WORKLOAD]]; WORKLOAD is a part of the names, such as "descent" */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#ifdef _OPENMP
#include <omp.h>
#endif

#include "base/clock.h"
#include "base/csv.h"
#include "nn/cnn.h"
#include "nn/encoder.h"
#include "nn/gru.h"
#include "nn/logistic.h"
#include "nn/mlp.h"
#include "nn/pairs.h"
#include "nn/pooling_cnn.h"
#include "nn/train.h"
#include "turns.h"

enum { EXAMPLES = 4000, INPUTS = 40, CLASSES = 10, BATCH = 100, SLICES = 7 };

/* batches in order, a loader that shuffles, or pairs of views; the others are NULL. */
typedef struct Run {
    Trainer *trainer;
    const Batches *batches;
    Loader *loader;
    Pairs *pairs;
} Run;

static void step(const Run *run, size_t number) {
    if (run->batches) {
        trainer_step_on(run->trainer, run->batches, number);
        return;
    }
    const size_t b = number % (EXAMPLES / BATCH);
    if (run->pairs) {
        if (b == 0) pairs_shuffle(run->pairs);
        trainer_step_on_pairs(run->trainer, run->pairs, b);
        return;
    }
    if (b == 0) loader_shuffle(run->loader);
    trainer_step_from(run->trainer, run->loader, b);
}

static double seconds_of(const Run *run, size_t first, size_t count) {
    const double start = clock_seconds();
    for (size_t i = 0; i < count; i++) step(run, first + i);
    return (clock_seconds() - start) / (double)count;
}

static double median_step(const Run *run, double budget) {
    double slices[SLICES];
    seconds_of(run, 0, 40);
    const double one = seconds_of(run, 40, 40);
    const size_t count = (size_t)(budget / SLICES / one) + 1;
    for (size_t i = 0; i < SLICES; i++) slices[i] = seconds_of(run, 80 + i * count, count);
    return median(SLICES, slices);
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
    int threads = 1;
#ifdef _OPENMP
    threads = omp_get_max_threads();
#endif
    float *rows = arena_alloc(arena, EXAMPLES * INPUTS, sizeof *rows);
    uint8_t *labels = arena_alloc(arena, EXAMPLES, 1);
    mt19937_seed(&mt, 0);
    torch_normal(&mt, 0, 1, EXAMPLES * INPUTS, rows);
    for (size_t i = 0; i < EXAMPLES; i++) labels[i] = (uint8_t)(mt19937_next(&mt) % CLASSES);
    Batches batches;
    batches_make(EXAMPLES, INPUTS, BATCH, rows, labels, NULL, arena, &batches, NULL);
    Loader loader = loader_create(EXAMPLES, INPUTS, BATCH, rows, labels, &mt, arena);
    const Model model = workloads[w].model(INPUTS, workloads[w].width, CLASSES);
    real *weights = arena_alloc(arena, model.n_parameters, sizeof *weights);
    mt19937_seed(&mt, 42);
    model_initialize(&model, &mt, weights);
    const int adam = workloads[w].optimizer == OPTIMIZER_ADAM, views = workloads[w].model == encoder;
    Pairs pairs = pairs_of(EXAMPLES, INPUTS, rows, (ViewOptions){10, 0.04, 0.3}, BATCH, &mt, &mt, arena);
    Optimizer optimizer = optimizer_create(workloads[w].optimizer, 0.01, adam ? 0 : 0.9, model.n_parameters, arena);
    Run run = {trainer_create(&model, weights, optimizer, arena), adam && !views ? &batches : NULL,
               adam ? NULL : &loader, views ? &pairs : NULL};
    printf("%s,%d,step,%.6g\n", workloads[w].name, threads, median_step(&run, budget));
    fflush(stdout);
    trainer_destroy(run.trainer);
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
