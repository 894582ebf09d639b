#include "workloads.h"

#include <string.h>

#include "nn/cnn.h"
#include "nn/encoder.h"
#include "nn/fit.h"
#include "nn/gru.h"
#include "nn/logistic.h"
#include "nn/mlp.h"
#include "nn/pairs.h"
#include "nn/pooling_cnn.h"

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
typedef enum Kind { IN_ORDER, SHUFFLED, PAIRS } Kind;

static const struct {
    const char *name;
    Model (*model)(size_t inputs, size_t width, size_t classes);
    size_t width;
    Kind kind;
} workloads[] = {{"classify-logistic", logistic, 0, IN_ORDER},
                 {"classify-mlp", model_residual_mlp, 100, IN_ORDER},
                 {"classify-cnn", model_cnn, 25, IN_ORDER},
                 {"classify-gru", model_gru, 6, IN_ORDER},
                 {"descent-mlp20", model_mlp, 20, SHUFFLED},
                 {"descent-mlp300", model_mlp, 300, SHUFFLED},
                 {"descent-cnn100", model_cnn, 100, SHUFFLED},
                 {"lottery-mlp500", model_residual_mlp, 500, IN_ORDER},
                 {"pooling-none", pooling_none, 20, IN_ORDER},
                 {"pooling-stride", pooling_stride, 20, IN_ORDER},
                 {"pooling-max", pooling_max, 20, IN_ORDER},
                 {"pooling-average", pooling_average, 20, IN_ORDER},
                 {"pooling-l2", pooling_l2, 20, IN_ORDER},
                 {"pairs-default", encoder, 2, PAIRS},
                 {"pairs-none", encoder, 0, PAIRS},
                 {"pairs-deep", encoder, 4, PAIRS}};
enum { WORKLOADS = sizeof workloads / sizeof *workloads };

struct Workload {
    Arena *arena;
    Mt19937 mt;
    Pairs pairs;
    LabelledSet set;
    Protocol protocol;
    Learner *learner;
    double (*now)(void);
    double start, end; /* of what workload_seconds measures */
};

const char *workload_name(size_t i) {
    return i < WORKLOADS ? workloads[i].name : NULL;
}

static int note_time(Learner *learner, const Progress *progress, void *context) {
    Workload *run = context;
    (void)learner;
    if (progress->updates == 1) run->start = run->now();
    if (progress->updates == run->protocol.updates) run->end = run->now();
    return 0;
}

Workload *workload_create(const char *name, WorkloadSize size) {
    size_t w = 0;
    while (w < WORKLOADS && strcmp(workloads[w].name, name) != 0) w++;
    if (w == WORKLOADS) return NULL;
    const size_t batch = size.batch ? size.batch : usual.batch, n = size.examples ? size.examples : usual.examples;
    const Kind kind = workloads[w].kind;
    Arena *arena = arena_create(0);
    Workload *run = arena_alloc_zero(arena, 1, sizeof *run);
    float *rows = arena_alloc(arena, n * INPUTS, sizeof *rows);
    uint8_t *labels = arena_alloc(arena, n, 1);
    run->arena = arena;
    mt19937_seed(&run->mt, 0);
    torch_normal(&run->mt, 0, 1, n * INPUTS, rows);
    for (size_t i = 0; i < n; i++) labels[i] = (uint8_t)(mt19937_next(&run->mt) % CLASSES);
    if (kind == PAIRS) {
        run->pairs = pairs_of(n, INPUTS, rows, (ViewOptions){10, 0.04, 0.3}, batch, &run->mt, &run->mt, arena);
        run->set = pairs_set(&run->pairs, NULL);
        run->protocol = pairs_protocol(&run->set);
    } else {
        run->set = set_of_rows(n, INPUTS, CLASSES, rows, labels, NULL, arena);
        run->protocol = (Protocol){
            .train = &run->set, .batch = batch, .order = kind == SHUFFLED ? ORDER_SHUFFLED : ORDER_SEQUENTIAL};
    }
    run->protocol.stream = &run->mt;
    run->protocol.optimizer = (OptimizerSettings){.kind = kind == SHUFFLED ? OPTIMIZER_SGD : OPTIMIZER_ADAM,
                                                  .learning_rate = 0.01,
                                                  .momentum = kind == SHUFFLED ? 0.9 : 0};
    run->protocol.after_update = note_time;
    run->protocol.context = run;
    const Model model = workloads[w].model(INPUTS, size.width ? size.width : workloads[w].width, CLASSES);
    run->learner = learner_create(model_network(&model, arena), arena);
    mt19937_seed(&run->mt, 42);
    model_initialize(&model, &run->mt, run->learner->weights);
    return run;
}

double workload_seconds(Workload *run, size_t steps, double (*now)(void)) {
    run->protocol.updates = steps + 1; /* the first one's end is where time begins */
    run->now = now;
    fit(run->learner, &run->protocol);
    return (run->end - run->start) / (double)steps;
}

void workload_destroy(Workload *run) {
    learner_destroy(run->learner);
    arena_destroy(run->arena);
}
