/* Metalearning a learning rate: Figure 6 and the third panel of the authors' notebook.
 *
 * The inner problem: a network 40-50-10 with tanh learns MNIST-1D (the frozen data, seed 42) for 200 steps of plain
 * gradient descent on minibatches of 50, in data order and around again.  The outer objective is the mean of the 200
 * losses, each taken before its update; its exact derivative with respect to the learning rate, through all steps,
 * moves that rate by gradient descent (rate 0.3, 50 outer steps).  Its steps lie on a tape that is differentiated through
 * (grad/unroll.h), updates and all, which nn/fit.h's updates do not allow.  The seed of a cell draws the initial weights
 * as torch.manual_seed does, once: every outer step starts from the same ones.  The published run has seed 0.
 *
 * Ways to disturb it: other starts, widths, rates and lengths; the last loss alone as the objective; a derivative that is
 * multiplied by 1 + Gaussian noise, or bounded; and the rival that no derivative is needed for, rates drawn at random,
 * log-uniformly, each tried from the same weights for the same steps. */
#include <math.h>
#include <stdlib.h>

#include "exact/exact.h"
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
#define LEAST_RATE 1e-3 /* of those drawn at random */
#define MOST_RATE 3.0
#define SETTLED 0.01                /* a rate that moves by less in the last outer steps has converged */
#define SETTLED_IN 10               /* so many of them */
enum { NOISE_STREAM, RATE_STREAM }; /* of the cell's seed, counter-based */

static const Parameter parameters[] = {
    {"initial-rate", PARAMETER_REAL, "1.5", 1e-12, 1e6, NULL, "learning rate before the first outer step", NULL},
    {"meta-rate", PARAMETER_REAL, "0.3", 0, 1e6, NULL, "learning rate of the learning rate", NULL},
    {"outer-steps", PARAMETER_INTEGER, "50", 1, 1000000, NULL, "updates of the learning rate", NULL},
    {"inner-steps", PARAMETER_INTEGER, "200", 1, 100000, NULL, "updates of the weights per outer step", NULL},
    {"batch", PARAMETER_INTEGER, "50", 1, 100000, NULL, "examples per update; divides the training set", NULL},
    {"hidden", PARAMETER_INTEGER, "50", 1, 10000, NULL, "width of the network", NULL},
    {"num-samples", PARAMETER_INTEGER, "5000", 10, 10000000, NULL, "examples generated; four fifths train", NULL},
    {"objective", PARAMETER_CHOICE, "mean", 0, 0, "mean,last", "of the inner losses: their mean, or the last", NULL},
    {"gradient-noise", PARAMETER_REAL, "0", 0, 1e6, NULL, "sd of the noise that the derivative is multiplied by", NULL},
    {"gradient-bound", PARAMETER_REAL, "0", 0, 1e6, NULL, "of the derivative's magnitude; 0: none", NULL},
    {"diverged-above", PARAMETER_REAL, "0", 0, 1e20, NULL, "tells the outcome: diverged beyond it; 0: not told", NULL},
    {"record-every", PARAMETER_INTEGER, "1", 1, 1000000, NULL, "outer steps that are recorded: each such, and the last",
     NULL},
    {"random-rates", PARAMETER_INTEGER, "0", 0, 100000, NULL, "rates drawn at random and tried, too", NULL},
    {NULL, PARAMETER_REAL, NULL, 0, 0, NULL, NULL, NULL}};

typedef struct Inner {
    Model model;
    Minibatches train;
} Inner;

static Var inner_step(Tape *t, void *context, size_t number, const Var *state, const Var *meta, Var *next) {
    const Inner *inner = context;
    const Minibatch *minibatch = &inner->train.all[number % inner->train.count];
    const size_t n = inner->model.n_tensors;
    Var gradients[MODEL_MAX_TENSORS];
    Var x = tape_input(t, shape_matrix(LENGTH, minibatch->n), minibatch->x);
    Var loss = op_softmax_cross_entropy(t, inner->model.forward(t, &inner->model, state, x), minibatch->y);
    tape_gradient(t, loss, n, state, gradients);
    for (size_t i = 0; i < n; i++) next[i] = inner_sgd(t, state[i], gradients[i], meta[0]);
    return loss;
}

/* The derivative that moves the rate: noise multiplies it, then its magnitude is bounded. */
static real disturbed(const Cell *cell, long long outer_step, real derivative) {
    Philox philox;
    const double noise = cell_real(cell, "gradient-noise");
    const real bound = (real)cell_real(cell, "gradient-bound");
    if (noise > 0) {
        philox_seed(&philox, cell_seed(cell), NOISE_STREAM);
        derivative *= (real)(1 + noise * philox_normal(&philox, (uint64_t)outer_step));
    }
    if (bound > 0 && derivative > bound) derivative = bound;
    if (bound > 0 && derivative < -bound) derivative = -bound;
    return derivative;
}

/* What became of the rates after each outer step: 0 converged, 1 still drifting, 2 diverged, and after how many steps. */
static void record_outcome(const Cell *cell, const real *rates, Record *record) {
    const double limit = cell_real(cell, "diverged-above");
    const long long steps = cell_integer(cell, "outer-steps");
    long long sound = 0;
    while (sound < steps && isfinite(rates[sound]) && fabs((double)rates[sound]) <= limit) sound++;
    double least = INFINITY, most = -INFINITY;
    for (long long k = steps > SETTLED_IN ? steps - SETTLED_IN : 0; k < sound; k++) {
        if ((double)rates[k] < least) least = (double)rates[k]; /* fmin and fmax here crash gcc 12 for aarch64 */
        if ((double)rates[k] > most) most = (double)rates[k];
    }
    record_metric(record, "outcome", sound < steps ? 2 : most - least > SETTLED ? 1 : 0);
    record_metric(record, "sound_steps", (double)sound);
}

/* The outer loop.  An outer step records the losses of its inner run, which has the rate before the update, and the rate
 * after the update, as published.  Once the rate is not finite, the steps that follow are recorded as diverged without
 * being computed. */
static int learn(const Cell *cell, const Unroll *unroll, const real *weights, Arena *arena, Record *record) {
    const real meta_rate = (real)cell_real(cell, "meta-rate");
    const long long steps = cell_integer(cell, "outer-steps");
    real rate = (real)cell_real(cell, "initial-rate"), *rates = arena_alloc(arena, (size_t)steps, sizeof *rates);
    Arena *step = arena_create(0); /* not the cell's, in which the record grows */
    int status = 0;
    for (long long k = 0; k < steps; k++) {
        double objective = NAN, last = NAN;
        if (isfinite(rate)) {
            UnrollResult result;
            if ((status = unroll_run(unroll, weights, &rate, 0, study_stopping, step, &result)) != 0) break;
            objective = result.objective;
            last = (double)result.losses[unroll->steps - 1];
            rate -= meta_rate * disturbed(cell, k, result.meta_gradient[0]);
        }
        if (k % cell_integer(cell, "record-every") == 0 || k + 1 == steps) {
            record_either(record, "mean_inner_loss", "outer_step", (double)k, objective);
            record_either(record, "final_inner_loss", "outer_step", (double)k, last);
            record_either(record, "learned_rate", "outer_step", (double)k, (double)rate);
        }
        rates[k] = rate;
        arena_reset(step);
    }
    arena_destroy(step);
    if (!status && cell_real(cell, "diverged-above") > 0) record_outcome(cell, rates, record);
    return status;
}

static int ascending(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Rates drawn at random, with the objective that each reaches; of all their objectives the least and the median, in which
 * one that is not finite counts as greater than any. */
static int try_random_rates(const Cell *cell, const Unroll *unroll, const real *weights, Arena *arena, Record *record) {
    const size_t n = (size_t)cell_integer(cell, "random-rates");
    double *objectives = arena_alloc(arena, n, sizeof *objectives);
    Philox philox;
    Arena *trial = arena_create(0);
    int status = 0;
    philox_seed(&philox, cell_seed(cell), RATE_STREAM);
    for (size_t k = 0; k < n; k++) {
        UnrollResult result;
        const double where = philox_uniform(&philox, k);
        const real rate = (real)exact_exp(exact_log(LEAST_RATE) + where * exact_log(MOST_RATE / LEAST_RATE));
        if ((status = unroll_run(unroll, weights, &rate, 1, study_stopping, trial, &result)) != 0) break;
        objectives[k] = isfinite(result.objective) ? result.objective : INFINITY;
        record_point(record, "random_rate", "draw", (double)k, (double)rate);
        record_either(record, "random_objective", "draw", (double)k, result.objective);
        arena_reset(trial);
    }
    arena_destroy(trial);
    if (status) return -1;
    qsort(objectives, n, sizeof *objectives, ascending);
    record_either(record, "best_random_objective", NULL, 0, objectives[0]);
    record_either(record, "median_random_objective", NULL, 0, (objectives[(n - 1) / 2] + objectives[n / 2]) / 2);
    return 0;
}

static int run_cell(const Cell *cell, Arena *arena, Record *record, Error *error) {
    Mnist1dOptions options = mnist1d_defaults();
    Mnist1dParts parts;
    Mt19937 torch;
    options.num_samples = (size_t)cell_integer(cell, "num-samples");
    options.seed = DATA_SEED;
    const size_t batch = (size_t)cell_integer(cell, "batch");
    if (mnist1d_parts_make(&options, 0, arena, &parts, error) ||
        minibatches_check("batch", batch, parts.train.n, error))
        return -1;
    const LabelledSet train = mnist1d_set(&parts.train, LENGTH, NULL, arena);
    Inner inner = {model_tanh_mlp(LENGTH, 1, (size_t)cell_integer(cell, "hidden"), CLASSES),
                   minibatches_of(&train, batch, arena)};
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
    const int last_alone = cell_is(cell, "objective", "last");
    real *shares = arena_alloc(arena, unroll.steps, sizeof *shares); /* the weight of each loss in the objective */
    for (size_t k = 0; k < unroll.steps; k++)
        shares[k] = !last_alone ? 1 / (real)unroll.steps : k + 1 == unroll.steps ? 1 : 0;
    unroll.weights = shares;
    if (learn(cell, &unroll, weights, arena, record)) return -1;
    return cell_integer(cell, "random-rates") > 0 ? try_random_rates(cell, &unroll, weights, arena, record) : 0;
}

/* Core-seconds of a trial at the published sizes, and what they grow with. */
static double cost(const Cell *cell) {
    const double runs = (double)cell_integer(cell, "outer-steps") + 0.3 * (double)cell_integer(cell, "random-rates");
    return 0.7 * runs / 50 * (double)cell_integer(cell, "inner-steps") / 200 * (double)cell_integer(cell, "batch") /
           50 * (double)cell_integer(cell, "hidden") / 50;
}

const Method meta_learning_rate = {.name = "meta-learning-rate",
                                   .title = "A learning rate learned by gradients through training",
                                   .parameters = parameters,
                                   .smoke = "outer-steps=4 inner-steps=40 num-samples=1000",
                                   .run = run_cell,
                                   .cost = cost,
                                   .source = "reproduce/meta_learning_rate.c"};
