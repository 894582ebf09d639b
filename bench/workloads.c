#include "workloads.h"

#include <string.h>

#include "grad/loss.h"
#include "grad/unroll.h"
#include "nn/cnn.h"
#include "nn/encoder.h"
#include "nn/fit.h"
#include "nn/generalization_networks.h"
#include "nn/gru.h"
#include "nn/inner.h"
#include "nn/logistic.h"
#include "nn/mlp.h"
#include "nn/pairs.h"
#include "nn/pooling_cnn.h"
#include "nn/question_networks.h"
#include "nn/tanh_mlp.h"

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

static Model tanh_mlp(size_t inputs, size_t width, size_t classes) {
    return model_tanh_mlp(inputs, 1, width, classes);
}

/* Batches in order with Adam, shuffled every epoch with SGD and momentum, pairs of views with Adam, or an outer step: the
 * derivative of the mean loss of gradient descent, through all of its steps, with respect to its rate. */
typedef enum Kind { IN_ORDER, SHUFFLED, PAIRS, OUTER } Kind;
enum { INNER_STEPS = 200, INNER_BATCH = 50 };

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
                 {"meta-learning-rate", tanh_mlp, 50, OUTER},
                 {"pairs-default", encoder, 2, PAIRS},
                 {"pairs-none", encoder, 0, PAIRS},
                 {"pairs-deep", encoder, 4, PAIRS}};
enum { WORKLOADS = sizeof workloads / sizeof *workloads };

/* Behind these, those for images. */
typedef struct ImageTraining {
    const char *name;
    size_t batch;
    double learning_rate, momentum;
} ImageTraining;
static const ImageTraining image_trainings[] = {{"rethinking-inception", 128, 0.1, 0.9},
                                                {"rethinking-alexnet", 128, 0.01, 0.9},
                                                {"rethinking-wrn-28-1", 128, 0.001, 0.9},
                                                {"rethinking-mlp-1x512", 128, 0.01, 0.9},
                                                {"questions-default", 256, 0.01, 0.5}};
enum { IMAGE_TRAININGS = sizeof image_trainings / sizeof *image_trainings, IMAGE_BATCHES = 10 };

struct Workload {
    Arena *arena;
    Mt19937 mt;
    LabelledSet set;
    Model model; /* not of images */
    /* but of an outer step */
    Pairs pairs;
    Protocol protocol;
    Learner *learner;
    double (*now)(void);
    size_t unmeasured; /* updates at the beginning of a measurement */
    double start, end; /* of what workload_seconds measures */
    /* of an outer step; learner NULL */
    Minibatches train;
    Unroll unroll;
    real *weights;
    Arena *outer;
};

const char *workload_name(size_t i) {
    return i < WORKLOADS                     ? workloads[i].name
           : i < WORKLOADS + IMAGE_TRAININGS ? image_trainings[i - WORKLOADS].name
                                             : NULL;
}

int workload_has_images(size_t i) {
    return i >= WORKLOADS;
}

static int note_time(Learner *learner, const Progress *progress, void *context) {
    Workload *run = context;
    (void)learner;
    if (progress->updates == run->unmeasured) run->start = run->now();
    if (progress->updates == run->protocol.updates) run->end = run->now();
    return 0;
}

static void prepare_training(Workload *run, Kind kind, size_t batch) {
    run->protocol = kind == PAIRS ? pairs_protocol(&run->set)
                                  : (Protocol){.train = &run->set,
                                               .batch = batch,
                                               .order = kind == SHUFFLED ? ORDER_SHUFFLED : ORDER_SEQUENTIAL};
    run->protocol.stream = &run->mt;
    run->protocol.optimizer = (OptimizerSettings){.kind = kind == SHUFFLED ? OPTIMIZER_SGD : OPTIMIZER_ADAM,
                                                  .learning_rate = 0.01,
                                                  .momentum = kind == SHUFFLED ? 0.9 : 0};
    run->unmeasured = 1;
    run->learner = learner_create(model_network(&run->model, run->arena), run->arena);
}

static Var inner_step(Tape *t, void *context, size_t number, const Var *state, const Var *meta, Var *next) {
    const Workload *run = context;
    const Minibatch *minibatch = &run->train.all[number % run->train.count];
    const size_t n = run->model.n_tensors;
    Var gradients[MODEL_MAX_TENSORS];
    const Var x = tape_input(t, shape_matrix(INPUTS, minibatch->n), minibatch->x);
    const Var loss = op_softmax_cross_entropy(t, run->model.forward(t, &run->model, state, x), minibatch->y);
    tape_gradient(t, loss, n, state, gradients);
    for (size_t i = 0; i < n; i++) next[i] = inner_sgd(t, state[i], gradients[i], meta[0]);
    return loss;
}

static void prepare_outer_steps(Workload *run) {
    real *shares = arena_alloc(run->arena, INNER_STEPS, sizeof *shares);
    for (size_t i = 0; i < INNER_STEPS; i++) shares[i] = REAL(1.0) / INNER_STEPS;
    run->train = minibatches_of(&run->set, INNER_BATCH, run->arena);
    run->weights = arena_alloc(run->arena, run->model.n_parameters, sizeof *run->weights);
    run->outer = arena_create(0);
    run->unroll = (Unroll){.step = inner_step,
                           .context = run,
                           .steps = INNER_STEPS,
                           .n_state = run->model.n_tensors,
                           .n_meta = 1,
                           .meta = {shape_scalar()},
                           .weights = shares};
    for (size_t i = 0; i < run->unroll.n_state; i++) run->unroll.state[i] = run->model.tensors[i].shape;
}

static void make_noise(Workload *run, size_t n, size_t inputs) {
    float *rows = arena_alloc(run->arena, n * inputs, sizeof *rows);
    uint8_t *labels = arena_alloc(run->arena, n, 1);
    mt19937_seed(&run->mt, 0);
    torch_normal(&run->mt, 0, 1, n * inputs, rows);
    for (size_t i = 0; i < n; i++) labels[i] = (uint8_t)(mt19937_next(&run->mt) % CLASSES);
    run->set = set_of_rows(n, inputs, CLASSES, rows, labels, NULL, run->arena);
}

static void prepare_signals(Workload *run, size_t w, WorkloadSize size) {
    const size_t batch = size.batch ? size.batch : usual.batch, n = size.examples ? size.examples : usual.examples;
    const Kind kind = workloads[w].kind;
    make_noise(run, n, INPUTS);
    run->model = workloads[w].model(INPUTS, size.width ? size.width : workloads[w].width, CLASSES);
    if (kind == PAIRS) {
        run->pairs = pairs_of(n, INPUTS, run->set.rows, (ViewOptions){10, 0.04, 0.3}, batch, &run->mt, &run->mt,
                              run->arena);
        run->set = pairs_set(&run->pairs, NULL);
    }
    if (kind == OUTER)
        prepare_outer_steps(run);
    else
        prepare_training(run, kind, batch);
    mt19937_seed(&run->mt, 42);
    model_initialize(&run->model, &run->mt, kind == OUTER ? run->weights : run->learner->weights);
}

static const Network *image_network(const char *name, Arena *arena) {
    static const char questions[] = "questions-", rethinking[] = "rethinking-";
    const QuestionSettings settings = question_settings();
    Error error;
    return strncmp(name, questions, sizeof questions - 1) == 0
               ? question_network_create(question_network_by_name(name + sizeof questions - 1, &error), &settings,
                                         shape_image(1, 28, 28, 1), arena)
               : generalization_network_create(
                     generalization_network_by_name(name + sizeof rethinking - 1, &error), 0, arena);
}

static void prepare_images(Workload *run, const ImageTraining *training, WorkloadSize size) {
    const Network *network = image_network(training->name, run->arena);
    const size_t batch = size.batch ? size.batch : training->batch;
    make_noise(run, size.examples ? size.examples : IMAGE_BATCHES * batch, shape_count(network->input));
    run->set.example = network->input;
    run->protocol = (Protocol){.train = &run->set,
                               .batch = batch,
                               .order = ORDER_SHUFFLED,
                               .stream = &run->mt,
                               .optimizer = {.kind = OPTIMIZER_SGD,
                                             .learning_rate = training->learning_rate,
                                             .momentum = training->momentum}};
    run->learner = learner_create(network, run->arena);
    mt19937_seed(&run->mt, 42);
    network_initialize(network, &run->mt, run->learner->weights);
}

Workload *workload_create(const char *name, WorkloadSize size) {
    size_t w = 0;
    while (workload_name(w) && strcmp(workload_name(w), name) != 0) w++;
    if (!workload_name(w)) return NULL;
    Arena *arena = arena_create(0);
    Workload *run = arena_alloc_zero(arena, 1, sizeof *run);
    run->arena = arena;
    if (workload_has_images(w))
        prepare_images(run, &image_trainings[w - WORKLOADS], size);
    else
        prepare_signals(run, w, size);
    run->protocol.after_update = note_time;
    run->protocol.context = run;
    return run;
}

static double seconds_of_outer_steps(Workload *run, size_t steps, double (*now)(void)) {
    const real rate = REAL(0.5);
    const double start = now();
    for (size_t i = 0; i < steps; i++) {
        UnrollResult result;
        unroll_run(&run->unroll, run->weights, &rate, 0, NULL, run->outer, &result);
        arena_reset(run->outer);
    }
    return (now() - start) / (double)steps;
}

double workload_seconds(Workload *run, size_t steps, double (*now)(void)) {
    if (!run->learner) return seconds_of_outer_steps(run, steps, now);
    run->protocol.updates = run->unmeasured + steps;
    run->now = now;
    run->start = now(); /* again at the end of what is not measured */
    fit(run->learner, &run->protocol);
    return (run->end - run->start) / (double)steps;
}

void workload_destroy(Workload *run) {
    if (run->learner) learner_destroy(run->learner);
    arena_destroy(run->outer);
    arena_destroy(run->arena);
}
