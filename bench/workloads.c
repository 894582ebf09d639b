#include "workloads.h"

#include <string.h>

#include "nn/cnn.h"
#include "nn/encoder.h"
#include "nn/gru.h"
#include "nn/logistic.h"
#include "nn/mlp.h"
#include "nn/pairs.h"
#include "nn/pooling_cnn.h"
#include "nn/train.h"

enum { INPUTS = 40, CLASSES = 10 };
static const WorkloadSize usual = {0, 100, 4000};

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

/* Batches in order with Adam, shuffled every epoch with SGD and momentum, or pairs of views with Adam. */
typedef enum Order { IN_ORDER, SHUFFLED, PAIRS } Order;

static const struct {
    const char *name;
    Model (*model)(size_t inputs, size_t width, size_t classes);
    size_t width;
    Order order;
} workloads[] = {
    {"classify-logistic", logistic, 0, IN_ORDER}, {"classify-mlp", model_residual_mlp, 100, IN_ORDER},
    {"classify-cnn", model_cnn, 25, IN_ORDER},    {"classify-gru", model_gru, 6, IN_ORDER},
    {"descent-mlp20", model_mlp, 20, SHUFFLED},   {"descent-mlp300", model_mlp, 300, SHUFFLED},
    {"descent-cnn100", model_cnn, 100, SHUFFLED}, {"lottery-mlp500", model_residual_mlp, 500, IN_ORDER},
    {"pooling-none", pooling_none, 20, IN_ORDER}, {"pooling-stride", pooling_stride, 20, IN_ORDER},
    {"pooling-max", pooling_max, 20, IN_ORDER},   {"pooling-average", pooling_average, 20, IN_ORDER},
    {"pooling-l2", pooling_l2, 20, IN_ORDER},     {"pairs-default", encoder, 2, PAIRS},
    {"pairs-none", encoder, 0, PAIRS},            {"pairs-deep", encoder, 4, PAIRS}};
enum { WORKLOADS = sizeof workloads / sizeof *workloads };

struct Workload {
    Arena *arena;
    Order order;
    Mt19937 mt;
    Model model;
    Trainer *trainer;
    Batches batches;
    Loader loader;
    Pairs pairs;
    size_t step, steps_of_epoch;
};

const char *workload_name(size_t i) {
    return i < WORKLOADS ? workloads[i].name : NULL;
}

Workload *workload_create(const char *name, WorkloadSize size) {
    size_t w = 0;
    while (w < WORKLOADS && strcmp(workloads[w].name, name) != 0) w++;
    if (w == WORKLOADS) return NULL;
    const size_t batch = size.batch ? size.batch : usual.batch, n = size.examples ? size.examples : usual.examples;
    Arena *arena = arena_create(0);
    Workload *run = arena_alloc(arena, 1, sizeof *run);
    *run = (Workload){.arena = arena, .order = workloads[w].order, .steps_of_epoch = n / batch};
    float *rows = arena_alloc(arena, n * INPUTS, sizeof *rows);
    uint8_t *labels = arena_alloc(arena, n, 1);
    mt19937_seed(&run->mt, 0);
    torch_normal(&run->mt, 0, 1, n * INPUTS, rows);
    for (size_t i = 0; i < n; i++) labels[i] = (uint8_t)(mt19937_next(&run->mt) % CLASSES);
    if (run->order == IN_ORDER && batches_make(n, INPUTS, batch, rows, labels, NULL, arena, &run->batches, NULL)) {
        arena_destroy(arena);
        return NULL;
    }
    if (run->order == SHUFFLED) run->loader = loader_create(n, INPUTS, batch, rows, labels, &run->mt, arena);
    if (run->order == PAIRS)
        run->pairs = pairs_of(n, INPUTS, rows, (ViewOptions){10, 0.04, 0.3}, batch, &run->mt, &run->mt, arena);
    run->model = workloads[w].model(INPUTS, size.width ? size.width : workloads[w].width, CLASSES);
    real *weights = arena_alloc(arena, run->model.n_parameters, sizeof *weights);
    mt19937_seed(&run->mt, 42);
    model_initialize(&run->model, &run->mt, weights);
    const int sgd = run->order == SHUFFLED;
    run->trainer = trainer_create(&run->model, weights,
                                  optimizer_create(sgd ? OPTIMIZER_SGD : OPTIMIZER_ADAM, 0.01, sgd ? 0.9 : 0,
                                                   run->model.n_parameters, arena),
                                  arena);
    return run;
}

void workload_run(Workload *run, size_t steps) {
    for (; steps > 0; steps--, run->step++) {
        const size_t b = run->step % run->steps_of_epoch;
        if (run->order == IN_ORDER) {
            trainer_step_on(run->trainer, &run->batches, run->step);
        } else if (run->order == PAIRS) {
            if (b == 0) pairs_shuffle(&run->pairs);
            trainer_step_on_pairs(run->trainer, &run->pairs, b);
        } else {
            if (b == 0) loader_shuffle(&run->loader);
            trainer_step_from(run->trainer, &run->loader, b);
        }
    }
}

void workload_destroy(Workload *run) {
    trainer_destroy(run->trainer);
    arena_destroy(run->arena);
}
