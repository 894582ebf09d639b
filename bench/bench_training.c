/* Seconds per training step of the models at batch 100, Adam, on noise of MNIST-1D's size.
 * Prints CSV: workload,threads,unit,seconds_per_unit; the median of seven slices of about SECONDS / 7 each.
 * usage: bench_training [SECONDS [MODEL]] */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#ifdef _OPENMP
#include <omp.h>
#endif

#include "base/clock.h"
#include "base/csv.h"
#include "nn/train.h"

enum { EXAMPLES = 4000, INPUTS = 40, CLASSES = 10, BATCH = 100, SLICES = 7 };

static int compare_doubles(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double seconds_of(Trainer *trainer, const Batches *batches, size_t first, size_t count) {
    const double start = clock_seconds();
    for (size_t i = 0; i < count; i++) trainer_step_on(trainer, batches, first + i);
    return (clock_seconds() - start) / (double)count;
}

static double median_step(Trainer *trainer, const Batches *batches, double budget) {
    double slices[SLICES];
    seconds_of(trainer, batches, 0, 20);
    const double one = seconds_of(trainer, batches, 20, 20);
    const size_t count = (size_t)(budget / SLICES / one) + 1;
    for (size_t i = 0; i < SLICES; i++) slices[i] = seconds_of(trainer, batches, 40 + i * count, count);
    qsort(slices, SLICES, sizeof *slices, compare_doubles);
    return slices[SLICES / 2];
}

static Batches noise(Arena *arena) {
    Batches batches;
    Mt19937 mt;
    float *rows = arena_alloc(arena, EXAMPLES * INPUTS, sizeof *rows);
    uint8_t *labels = arena_alloc(arena, EXAMPLES, 1);
    mt19937_seed(&mt, 0);
    torch_normal(&mt, 0, 1, EXAMPLES * INPUTS, rows);
    for (size_t i = 0; i < EXAMPLES; i++) labels[i] = (uint8_t)(mt19937_next(&mt) % CLASSES);
    batches_make(EXAMPLES, INPUTS, BATCH, rows, labels, NULL, arena, &batches, NULL);
    return batches;
}

/* "pooling-max" and its like, or a model of the classification benchmark */
static int named_model(const char *name, Model *model) {
    if (strncmp(name, "pooling-", 8)) return model_by_name(name, INPUTS, CLASSES, model, NULL);
    *model = model_pooling(INPUTS, 20, CLASSES, pooling_by_name(name + 8));
    return 0;
}

static void bench(const char *name, double budget) {
    Arena *arena = arena_create(0);
    const Batches batches = noise(arena);
    Model model;
    Mt19937 mt;
    int threads = 1;
#ifdef _OPENMP
    threads = omp_get_max_threads();
#endif
    named_model(name, &model);
    real *weights = arena_alloc(arena, model.n_parameters, sizeof *weights);
    mt19937_seed(&mt, 42);
    model_initialize(&model, &mt, weights);
    Optimizer adam = optimizer_create(OPTIMIZER_ADAM, 0.01, 0, model.n_parameters, arena);
    Trainer *trainer = trainer_create(&model, weights, adam, arena);
    printf("%s%s,%d,step,%.6g\n", strchr(name, '-') ? "" : "classify-", name, threads,
           median_step(trainer, &batches, budget));
    fflush(stdout);
    trainer_destroy(trainer);
    arena_destroy(arena);
}

int main(int argc, char **argv) {
    static const char *const names[] = {
        "logistic",        "mlp",       "cnn", "gru", "pooling-none", "pooling-stride", "pooling-max",
        "pooling-average", "pooling-l2"};
    double budget = 3;
    if (argc > 3 || (argc > 1 && (parse_double(argv[1], &budget) || budget <= 0))) {
        fprintf(stderr, "usage: %s [SECONDS [MODEL]]\n", argv[0]);
        return EXIT_FAILURE;
    }
    printf("workload,threads,unit,seconds_per_unit\n");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (argc < 3 || !strcmp(argv[2], names[i])) bench(names[i], budget);
    return EXIT_SUCCESS;
}
