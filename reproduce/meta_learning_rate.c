/* Metalearning a learning rate: Figure 6 and the third panel of the authors' notebook.
 *
 * The inner problem: a network 40-50-10 with tanh learns MNIST-1D (the frozen data, seed 42) for 200 steps of plain
 * gradient descent on minibatches of 50, in data order and around again.  The outer objective is the mean of the 200
 * losses, each taken before its update; its exact derivative with respect to the learning rate, through all steps,
 * moves that rate by gradient descent (rate 0.3, 50 outer steps).  The seed of a cell draws the initial weights as
 * torch.manual_seed does, once: every outer step starts from the same ones.  The published run has seed 0. */
#include <math.h>

#include "grad/derivative.h"
#include "grad/loss.h"
#include "grad/unroll.h"
#include "nn/inner.h"
#include "nn/mnist1d_sets.h"
#include "nn/tanh_mlp.h"
#include "registry.h"

#define LENGTH 40
#define CLASSES 10
#define DATA_SEED 42

static const Parameter parameters[] = {
    {"initial-rate", PARAMETER_REAL, "1.5", 1e-12, 1e6, NULL, "learning rate before the first outer step", NULL},
    {"meta-rate", PARAMETER_REAL, "0.3", 0, 1e6, NULL, "learning rate of the learning rate", NULL},
    {"outer-steps", PARAMETER_INTEGER, "50", 1, 1000000, NULL, "updates of the learning rate", NULL},
    {"inner-steps", PARAMETER_INTEGER, "200", 1, 100000, NULL, "updates of the weights per outer step", NULL},
    {"batch", PARAMETER_INTEGER, "50", 1, 100000, NULL, "examples per update; divides the training set", NULL},
    {"hidden", PARAMETER_INTEGER, "50", 1, 10000, NULL, "width of the network", NULL},
    {"num-samples", PARAMETER_INTEGER, "5000", 10, 10000000, NULL, "examples generated; four fifths train", NULL},
    {NULL, PARAMETER_REAL, NULL, 0, 0, NULL, NULL, NULL}};

typedef struct Inner {
    Model model;
    Batches batches;
} Inner;

static Var inner_step(Tape *t, void *context, size_t number, const Var *state, const Var *meta, Var *next) {
    const Inner *inner = context;
    const Batches *batches = &inner->batches;
    const size_t first = number % batches->count * batches->batch, n = inner->model.n_tensors;
    Var gradients[MODEL_MAX_TENSORS];
    Var x = tape_input(t, shape_matrix(batches->inputs, batches->batch), batches->x + first * batches->inputs);
    Var loss = op_softmax_cross_entropy(t, inner->model.forward(t, &inner->model, state, x), batches->y + first);
    tape_gradient(t, loss, n, state, gradients);
    for (size_t i = 0; i < n; i++) next[i] = inner_sgd(t, state[i], gradients[i], meta[0]);
    return loss;
}

/* The outer loop.  An outer step records the losses of its inner run, which has the rate before the update, and the rate
 * after the update, as published.  Once the rate is not finite, the steps that follow are recorded as diverged without
 * being computed. */
static int learn(const Cell *cell, const Unroll *unroll, const real *weights, Record *record) {
    const real meta_rate = (real)cell_real(cell, "meta-rate");
    real rate = (real)cell_real(cell, "initial-rate");
    Arena *step = arena_create(0); /* not the cell's, in which the record grows */
    int status = 0;
    for (long long k = 0; !status && k < cell_integer(cell, "outer-steps"); k++) {
        double objective = NAN, last = NAN;
        if (isfinite(rate)) {
            UnrollResult result;
            if ((status = unroll_run(unroll, weights, &rate, 0, study_stopping, step, &result)) != 0) break;
            objective = result.objective;
            last = (double)result.losses[unroll->steps - 1];
            rate -= meta_rate * result.meta_gradient[0];
        }
        record_either(record, "mean_inner_loss", "outer_step", (double)k, objective);
        record_either(record, "final_inner_loss", "outer_step", (double)k, last);
        record_either(record, "learned_rate", "outer_step", (double)k, (double)rate);
        arena_reset(step);
    }
    arena_destroy(step);
    return status;
}

static int run_cell(const Cell *cell, Arena *arena, Record *record, Error *error) {
    Mnist1dOptions options = mnist1d_defaults();
    Mnist1dSets sets;
    Mt19937 torch;
    options.num_samples = (size_t)cell_integer(cell, "num-samples");
    options.seed = DATA_SEED;
    if (mnist1d_sets_make(&options, (size_t)cell_integer(cell, "batch"), 0, 0, arena, &sets, error)) return -1;
    Inner inner = {model_tanh_mlp(LENGTH, 1, (size_t)cell_integer(cell, "hidden"), CLASSES), sets.train};
    real *weights = arena_alloc(arena, inner.model.n_parameters, sizeof *weights);
    mt19937_seed(&torch, cell_seed(cell));
    model_initialize(&inner.model, &torch, weights);
    Unroll unroll = {.step = inner_step,
                     .context = &inner,
                     .steps = (size_t)cell_integer(cell, "inner-steps"),
                     .n_state = inner.model.n_tensors,
                     .n_meta = 1,
                     .meta = {shape_scalar()}};
    for (size_t i = 0; i < unroll.n_state; i++) unroll.state[i] = inner.model.tensors[i].shape;
    real *mean = arena_alloc(arena, unroll.steps, sizeof *mean); /* the weight of each loss in the objective */
    for (size_t k = 0; k < unroll.steps; k++) mean[k] = 1 / (real)unroll.steps;
    unroll.weights = mean;
    return learn(cell, &unroll, weights, record);
}

/* Core-seconds of a trial at the published sizes, and what they grow with. */
static double cost(const Cell *cell) {
    return 0.7 * (double)cell_integer(cell, "outer-steps") / 50 * (double)cell_integer(cell, "inner-steps") / 200 *
           (double)cell_integer(cell, "batch") / 50 * (double)cell_integer(cell, "hidden") / 50;
}

const Method meta_learning_rate = {.name = "meta-learning-rate",
                                   .title = "A learning rate learned by gradients through training",
                                   .parameters = parameters,
                                   .smoke = "outer-steps=4 inner-steps=40 num-samples=1000",
                                   .run = run_cell,
                                   .cost = cost,
                                   .source = "reproduce/meta_learning_rate.c"};
