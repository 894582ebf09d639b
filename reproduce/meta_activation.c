/* Metalearning an activation function: Figure 7.
 *
 * The inner problem: a network 40-128-10 learns MNIST-1D (10000 samples: 8000 train) for 301 steps of RMSprop whose
 * accumulator starts from 1, on minibatches of 100 in data order.  Its activation function is elu(x) + 0.2 m(x) with m
 * a network of one input, 100 units with tanh, and one output.  Every forward pass adds one noise vector, the same for
 * the whole batch, to the hidden vector of either network, in testing too.  The outer objective is the mean of the last
 * 200 losses; its exact derivative with respect to the parameters of m, through all 301 steps, is clamped elementwise
 * and moves them by gradient descent, 301 times.  The same inner problem with six known activation functions is the
 * baseline; it is also run with the piecewise linear function by which the authors' notebook approximates what it learned.
 * All of them train by one inner step on a tape, updates and all, since the learned function is differentiated through it
 * (grad/unroll.h), which nn/fit.h's updates do not allow, and since what is compared shall differ in the function alone.
 * Beside the test set, fresh test signals measure the known functions, every 20th outer step and the last 100.
 *
 * The seed of a cell is that of PyTorch's stream, in the published order: the network m, the inner network; before
 * every inner run the stream starts again from the seed, and draws noise for the training step and, from step 1 on,
 * for a test.  So the noise is the same in every outer step, and so are, from the second one on, the initial weights.
 * The published run has seed 0.
 *
 * The paper describes m as 1-100-100-1, which its code does not use: that is meta-layers=2.  Noise is then added to its
 * last hidden vector.  Outer steps end in checkpoints, from which an interrupted cell goes on.
 *
 * Ablations: noise that differs from example to example (of the inner network's hidden units, in training only), or none;
 * an accumulator that starts from 0 and is corrected for it; a bound of the whole outer gradient.  outer-steps=0 runs the
 * known functions alone.
 *
 * inner-seeds asks what the learned function is worth in networks that it was not made with: after the last outer step
 * networks with other weights and noise are trained with it, with each known function, and with the pieces refitted to it
 * by least squares, and are tested without noise, by 2000 examples and by fresh signals.  transfer-steps does the same
 * with Adam and with longer training. */
#include <math.h>
#include <string.h>

#include "grad/derivative.h"
#include "grad/elementwise.h"
#include "grad/learned_activation.h"
#include "grad/linear.h"
#include "grad/loss.h"
#include "grad/reduce.h"
#include "grad/reshape.h"
#include "grad/tape.h"
#include "grad/unroll.h"
#include "kernels/loss.h"
#include "nn/inner.h"
#include "nn/known_activations.h"
#include "nn/mnist1d_sets.h"
#include "nn/tanh_mlp.h"
#include "registry.h"

#define LENGTH 40
#define CLASSES 10
#define DATA_SEED 42
#define FIRST_TESTS 500 /* published accuracies are those on the first 500 test examples */
#define TENSORS 4
#define CURVE_POINTS 100
#define CURVE_X(i) (-5 + (i) * (10.0 / (CURVE_POINTS - 1)))
#define CURVE_EVERY 20      /* outer steps between curves of the learned function, */
#define CURVE_EVERY_MORE 60 /* with measures=more */
#define AVERAGED 100        /* last outer steps, whose accuracies are averaged */
#define SAVE_EVERY 5 /* outer steps between checkpoints, each of which writes the whole record; 1 when steps are slow */
#define EPSILON 1e-8
#define SPREAD_FROM 30 /* the spread of the learned function is taken over every sixth outer step from this one on */
#define SPREAD_EVERY 6
#define MOST_INNER_SEEDS 100

static const Parameter parameters[] = {
    {"outer-steps", PARAMETER_INTEGER, "301", 0, 1000000, NULL, "updates of the activation function", NULL},
    {"inner-steps", PARAMETER_INTEGER, "301", 1, 100000, NULL, "updates of the weights per outer step", NULL},
    {"measured-steps", PARAMETER_INTEGER, "200", 1, 100000, NULL, "last inner steps that make the objective", NULL},
    {"batch", PARAMETER_INTEGER, "100", 1, 100000, NULL, "examples per update; divides the training set", NULL},
    {"hidden", PARAMETER_INTEGER, "128", 1, 10000, NULL, "width of the inner network", NULL},
    {"meta-layers", PARAMETER_INTEGER, "1", 1, 2, NULL, "hidden layers of the activation function's network", NULL},
    {"meta-hidden", PARAMETER_INTEGER, "100", 1, 10000, NULL, "units of each of these layers", NULL},
    {"learning-rate", PARAMETER_REAL, "0.01", 1e-12, 1e6, NULL, "of the inner RMSprop", NULL},
    {"decay", PARAMETER_REAL, "0.4", 0, 1, NULL, "of RMSprop's accumulator", NULL},
    {"meta-rate", PARAMETER_REAL, "0.3", 0, 1e6, NULL, "learning rate of the activation function", NULL},
    {"clamp", PARAMETER_REAL, "0.1", 0, 1e6, NULL, "bound of each element of the outer gradient", NULL},
    {"noise", PARAMETER_REAL, "0.1", 0, 1e6, NULL, "half width of the noise on hidden units", NULL},
    {"scale", PARAMETER_REAL, "0.2", 0, 1e6, NULL, "of the network in the activation function", NULL},
    {"num-samples", PARAMETER_INTEGER, "10000", 10, 10000000, NULL, "examples generated; four fifths train", NULL},
    FRESH_TEST_PARAMETER,
    {"noise-kind", PARAMETER_CHOICE, "shared", 0, 0, "shared,example,none",
     "one vector for a batch, or for each example", NULL},
    {"accumulator", PARAMETER_CHOICE, "one", 0, 0, "one,corrected", "RMSprop's: from 1, or from 0 and corrected", NULL},
    {"gradient-bound", PARAMETER_REAL, "0", 0, 1e6, NULL, "of the clamped gradient's norm; 0: none", NULL},
    {"measures", PARAMETER_CHOICE, "published", 0, 0, "published,more", "more: GELU, leaky ReLU, spread of curves",
     NULL},
    {"inner-seeds", PARAMETER_INTEGER, "0", 0, MOST_INNER_SEEDS, NULL, "networks to try the learned function in", NULL},
    {"transfer-steps", PARAMETER_INTEGER, "0", 0, 100000, NULL, "also so many inner steps, and Adam; 0: not", NULL},
    {NULL, PARAMETER_REAL, NULL, 0, 0, NULL, NULL, NULL}};

/* ---- activation functions ---- */

typedef enum Optimiser { RMSPROP, CORRECTED_RMSPROP, ADAM } Optimiser;

typedef struct Inner {
    Minibatches train, test, fresh; /* of the latter two, as many in each as published accuracies are of */
    Model model, meta_model;
    size_t steps, first_step; /* of training, of which a run may begin with a later one */
    Optimiser optimiser;
    real rate, decay, scale;
    Activate *known;      /* NULL: pieces, */
    const Pieces *pieces; /* NULL: the learned function */
    /* noise of every training step and of the last test: [steps + 1] rows; meta_noise only for the learned function */
    real *noise, *meta_noise;
    real *example_noise; /* [steps][hidden][batch], or NULL */
} Inner;

/* Tensor i of m as its primitive wants it: a vector, but for the weights between hidden layers. */
static Shape meta_shape(const Inner *inner, size_t i) {
    const Shape shape = inner->meta_model.tensors[i].shape;
    const int between = i == 2 && inner->meta_model.n_tensors > TENSORS;
    return between ? shape : shape_vector(shape_count(shape));
}

/* The noise on the last hidden units of m is the same for all x, so it moves the output by a constant: the sum of noise
 * times last weights, which is added to the last bias. */
static Var activate_learned(Tape *t, const Inner *inner, Var x, const Var *meta, const real *noise) {
    const size_t n = inner->meta_model.n_tensors;
    Var network[MODEL_MAX_TENSORS];
    Var weighted = op_mul(t, meta[n - 2], tape_input(t, shape_vector(inner->meta_model.hidden), noise));
    Var shift = op_reshape(t, op_sum(t, weighted), shape_vector(1));
    for (size_t i = 0; i + 1 < n; i++) network[i] = meta[i];
    network[n - 1] = op_add(t, meta[n - 1], shift);
    return op_learned_activation(t, x, n, network, inner->scale);
}

/* Leaves over flat parameters of m. */
static void meta_leaves(Tape *t, const Inner *inner, const real *meta, Var *out) {
    for (size_t i = 0; i < inner->meta_model.n_tensors; i++)
        out[i] = tape_input(t, meta_shape(inner, i), meta + inner->meta_model.tensors[i].offset);
}

enum { RIVALS = N_PUBLISHED_ACTIVATIONS }; /* of the published gain; measures=more runs all known functions */

static Var activate(Tape *t, const Inner *inner, Var x, const Var *meta, size_t noise_row) {
    if (inner->known) return inner->known(t, x);
    if (inner->pieces) return piecewise_linear(t, x, inner->pieces);
    return activate_learned(t, inner, x, meta, inner->meta_noise + noise_row * inner->meta_model.hidden);
}

/* ---- the inner problem ---- */

/* The noise on the hidden units is the same for all examples: W2 noise + b2 is the bias of the last layer. */
static Var logits_of(Tape *t, const Inner *inner, const Var *weights, const Var *meta, Var x, size_t noise_row) {
    const size_t hidden = inner->model.hidden;
    Var noise = tape_input(t, shape_matrix(hidden, 1), inner->noise + noise_row * hidden);
    Var before = op_linear(t, weights[0], weights[1], x, ACTIVATION_NONE);
    Var after = activate(t, inner, before, meta, noise_row);
    if (inner->example_noise && noise_row < inner->steps) {
        const Shape shape = var_shape(before);
        after = op_add(t, after, tape_input(t, shape, inner->example_noise + noise_row * shape_count(shape)));
    }
    Var bias = op_linear(t, weights[2], weights[3], noise, ACTIVATION_NONE);
    return op_linear(t, weights[2], op_reshape(t, bias, shape_vector(CLASSES)), after, ACTIVATION_NONE);
}

static Var inner_step(Tape *t, void *context, size_t number, const Var *state, const Var *meta, Var *next) {
    const Inner *inner = context;
    const size_t step = inner->first_step + number;
    const Minibatch *minibatch = &inner->train.all[step % inner->train.count];
    Var gradients[TENSORS];
    Var x = tape_input(t, shape_matrix(LENGTH, minibatch->n), minibatch->x);
    Var loss = op_softmax_cross_entropy(t, logits_of(t, inner, state, meta, x, step), minibatch->y);
    Var rate = tape_fill(t, shape_scalar(), inner->rate);
    tape_gradient(t, loss, TENSORS, state, gradients);
    const real correction =
        inner->optimiser == CORRECTED_RMSPROP ? inner_correction((double)inner->decay, step + 1) : 1;
    for (size_t i = 0; i < TENSORS; i++)
        if (inner->optimiser == ADAM)
            inner_adam(t, state[i], state[TENSORS + i], state[2 * TENSORS + i], gradients[i], rate, step + 1, &next[i],
                       &next[TENSORS + i], &next[2 * TENSORS + i]);
        else
            inner_rmsprop(t, state[i], state[TENSORS + i], gradients[i], rate, inner->decay, (real)EPSILON, correction,
                          &next[i], &next[TENSORS + i]);
    return loss;
}

typedef struct Accuracies {
    double first, all, fresh; /* per cent, of the first test examples, of all, and of fresh signals */
} Accuracies;

/* Per cent correct of all minibatches; first: of the first one. */
static double test_on(const Minibatches *set, const Inner *inner, const real *weights, const real *meta,
                      double *first) {
    size_t correct = 0, n = 0;
    Tape *t = tape_create();
    for (size_t b = 0; b < set->count; b++) {
        const Minibatch *minibatch = &set->all[b];
        Var w[TENSORS], m[MODEL_MAX_TENSORS];
        tape_reset(t);
        for (size_t i = 0; i < TENSORS; i++)
            w[i] = tape_input(t, inner->model.tensors[i].shape, weights + inner->model.tensors[i].offset);
        meta_leaves(t, inner, meta, m);
        Var x = tape_input(t, shape_matrix(LENGTH, minibatch->n), minibatch->x);
        Var logits = logits_of(t, inner, w, m, x, inner->steps);
        correct += count_correct(CLASSES, minibatch->n, var_data(logits), minibatch->y);
        n += minibatch->n;
        if (b == 0) *first = (double)correct * 100 / (double)n;
    }
    tape_destroy(t);
    return (double)correct * 100 / (double)n;
}

/* fresh: of fresh signals too, where there are any; else that accuracy is NaN. */
static Accuracies test(const Inner *inner, const real *weights, const real *meta, int fresh) {
    Accuracies accuracies = {.fresh = NAN};
    double first_fresh;
    accuracies.all = test_on(&inner->test, inner, weights, meta, &accuracies.first);
    if (fresh && inner->fresh.count) accuracies.fresh = test_on(&inner->fresh, inner, weights, meta, &first_fresh);
    return accuracies;
}

/* ---- the stream of random numbers ---- */

static void draw_noise(Mt19937 *mt, real noise, size_t count, real *out) {
    for (size_t i = 0; i < count; i++) out[i] = noise * (2 * (real)torch_rand(mt) - 1);
}

/* Draws the noise of an inner run.  Shared: in the published order, that of each training step and, from step 1 on, that
 * of a test after it.  Only the last test is made here, so each test's noise replaces the one before.  meta_hidden is 0
 * for known activation functions, which draw none.  Of each example: from a counter-based stream of the seed, while the
 * published one stays where it is, as it does without noise. */
static void draw_run(const Cell *cell, Inner *inner, Mt19937 *mt, unsigned seed, size_t meta_hidden) {
    const size_t hidden = inner->model.hidden;
    const real noise = (real)cell_real(cell, "noise");
    if (cell_is(cell, "noise-kind", "example")) {
        const size_t count = inner->steps * hidden * inner->train.all->n;
        Philox philox;
        philox_seed(&philox, seed, 0);
        for (size_t i = 0; i < count; i++) inner->example_noise[i] = noise * (2 * (real)philox_uniform(&philox, i) - 1);
    }
    if (!cell_is(cell, "noise-kind", "shared")) return;
    for (size_t k = 0; k < inner->steps; k++) {
        draw_noise(mt, noise, meta_hidden, inner->meta_noise + k * meta_hidden);
        draw_noise(mt, noise, hidden, inner->noise + k * hidden);
        if (k == 0) continue;
        draw_noise(mt, noise, meta_hidden, inner->meta_noise + inner->steps * meta_hidden);
        draw_noise(mt, noise, hidden, inner->noise + inner->steps * hidden);
    }
}

/* Room for the noise of so many steps and of a test, all 0. */
static void make_noise(const Cell *cell, Inner *inner, size_t steps, Arena *arena) {
    const size_t hidden = inner->model.hidden;
    inner->steps = steps;
    inner->noise = arena_alloc_zero(arena, (steps + 1) * hidden, sizeof(real));
    inner->meta_noise = arena_alloc_zero(arena, (steps + 1) * inner->meta_model.hidden, sizeof(real));
    inner->example_noise = NULL;
    if (cell_is(cell, "noise-kind", "example"))
        inner->example_noise = arena_alloc(arena, steps * hidden * inner->train.all->n, sizeof(real));
}

/* ---- one inner run ---- */

static size_t state_tensors(const Inner *inner) {
    return inner->optimiser == ADAM ? 3 * TENSORS : 2 * TENSORS;
}

/* Weights drawn from the stream, then the accumulators of the optimiser: RMSprop's at 1, others at 0. */
static real *initial_state(const Inner *inner, Mt19937 *mt, Arena *arena) {
    const size_t n = inner->model.n_parameters, size = n * state_tensors(inner) / TENSORS;
    real *state = arena_alloc(arena, size, sizeof *state);
    model_initialize(&inner->model, mt, state);
    for (size_t i = n; i < size; i++) state[i] = inner->optimiser == RMSPROP ? 1 : 0;
    return state;
}

/* A run of so many steps; its objective is the mean of the last measured-steps losses. */
static Unroll make_unroll(const Cell *cell, Inner *inner, size_t steps, Arena *arena) {
    const size_t asked = (size_t)cell_integer(cell, "measured-steps");
    const size_t measured = asked < steps ? asked : steps;
    Unroll unroll = {.step = inner_step, .context = inner, .steps = steps, .n_state = state_tensors(inner)};
    real *weights = arena_alloc(arena, steps, sizeof *weights);
    for (size_t k = 0; k < steps; k++) weights[k] = k + measured < steps ? 0 : 1 / (real)measured;
    unroll.n_meta = inner->meta_model.n_tensors;
    for (size_t i = 0; i < unroll.n_state; i++) unroll.state[i] = inner->model.tensors[i % TENSORS].shape;
    for (size_t i = 0; i < unroll.n_meta; i++) unroll.meta[i] = meta_shape(inner, i);
    unroll.weights = weights;
    return unroll;
}

/* ---- baselines ---- */

/* The inner problem with a known function; its accuracies. */
static int run_baseline(const Cell *cell, Inner *inner, const char *name, Arena *arena, Record *record,
                        Accuracies *accuracies) {
    Mt19937 torch;
    UnrollResult run;
    mt19937_seed(&torch, cell_seed(cell));
    real *state = initial_state(inner, &torch, arena);
    real *unused = arena_alloc_zero(arena, inner->meta_model.n_parameters, sizeof *unused);
    mt19937_seed(&torch, cell_seed(cell));
    draw_run(cell, inner, &torch, cell_seed(cell), 0);
    const Unroll unroll = make_unroll(cell, inner, inner->steps, arena);
    if (unroll_run(&unroll, state, unused, 1, study_stopping, arena, &run)) return -1;

    double loss = 0;
    for (size_t k = 0; k < inner->steps; k++) loss += (double)run.losses[k];
    loss /= (double)inner->steps;
    *accuracies = (Accuracies){NAN, NAN, NAN};
    if (isfinite(loss)) *accuracies = test(inner, run.final_state, unused, 1);
    record_either(record, arena_format(arena, "%s_mean_loss", name), NULL, 0, loss);
    record_either(record, arena_format(arena, "%s_accuracy_500", name), NULL, 0, accuracies->first);
    record_either(record, arena_format(arena, "%s_accuracy", name), NULL, 0, accuracies->all);
    if (inner->fresh.count)
        record_either(record, arena_format(arena, "fresh_%s_accuracy", name), NULL, 0, accuracies->fresh);
    return 0;
}

/* Every known function; best is raised to the best accuracies among the rivals. */
static int run_baselines(const Cell *cell, Inner *inner, Arena *arena, Record *record, Accuracies *best) {
    const int n = cell_is(cell, "measures", "more") ? N_KNOWN_ACTIVATIONS : RIVALS;
    Accuracies accuracies;
    int status = 0;
    for (int i = 0; i < n && !status; i++) {
        inner->known = known_activations[i].function;
        status = run_baseline(cell, inner, known_activations[i].name, arena, record, &accuracies);
        if (i >= RIVALS) continue;
        if (accuracies.first > best->first) best->first = accuracies.first;
        if (accuracies.all > best->all) best->all = accuracies.all;
        if (accuracies.fresh > best->fresh) best->fresh = accuracies.fresh;
    }
    inner->known = NULL;
    inner->pieces = &published_pieces;
    if (!status) status = run_baseline(cell, inner, "piecewise", arena, record, &accuracies);
    inner->pieces = NULL;
    return status;
}

/* ---- the outer loop ---- */

/* Gradient descent by the clamped gradient, whose norm is bounded where limit is not 0.  Returns the sum of the squares of
 * the clamped elements, NaN when an element is not finite. */
static double update(size_t n, real rate, real bound, double limit, const real *gradient, real *meta) {
    double squares = 0;
    for (size_t i = 0; i < n; i++) {
        const real g = gradient[i] > bound ? bound : gradient[i] < -bound ? -bound : gradient[i];
        squares += isfinite(gradient[i]) ? (double)g * (double)g : NAN;
    }
    if (limit > 0 && squares > limit * limit) rate *= (real)(limit / sqrt(squares));
    for (size_t i = 0; i < n; i++) {
        const real g = gradient[i] > bound ? bound : gradient[i] < -bound ? -bound : gradient[i];
        meta[i] -= rate * g;
    }
    return squares;
}

/* The learned function at count points. */
static void sample(const Inner *inner, const real *meta, const real *noise, size_t count, const double *x, double *y) {
    Tape *t = tape_create();
    Var m[MODEL_MAX_TENSORS];
    real *points = memory_alloc(count, sizeof *points);
    for (size_t i = 0; i < count; i++) points[i] = (real)x[i];
    meta_leaves(t, inner, meta, m);
    Var out = activate_learned(t, inner, tape_input(t, shape_matrix(1, count), points), m, noise);
    for (size_t i = 0; i < count; i++) y[i] = (double)var_data(out)[i];
    tape_destroy(t);
    memory_free(points);
}

static void sample_curve(const Inner *inner, const real *meta, const real *noise, double curve[CURVE_POINTS]) {
    double x[CURVE_POINTS];
    for (int i = 0; i < CURVE_POINTS; i++) x[i] = CURVE_X(i);
    sample(inner, meta, noise, CURVE_POINTS, x, curve);
}

/* The shape of the learned function on [-5, 5]: its inner maxima, its inner extrema, and how far it falls below the
 * greatest value to the left. */
static void record_shape(const Inner *inner, const real *meta, const real *noise, Record *record) {
    double curve[CURVE_POINTS];
    int peaks = 0, dips = 0, finite = 1;
    double fall = 0, top;
    sample_curve(inner, meta, noise, curve);
    top = curve[0];
    for (int i = 0; i < CURVE_POINTS; i++) {
        finite &= isfinite(curve[i]) != 0;
        if (i > 0 && i + 1 < CURVE_POINTS) {
            peaks += curve[i] > curve[i - 1] && curve[i] >= curve[i + 1];
            dips += curve[i] < curve[i - 1] && curve[i] <= curve[i + 1];
        }
        if (curve[i] > top) top = curve[i];
        if (top - curve[i] > fall) fall = top - curve[i];
    }
    record_either(record, "peaks", NULL, 0, finite ? (double)peaks : (double)NAN);
    record_either(record, "turns", NULL, 0, finite ? (double)(peaks + dips) : (double)NAN);
    record_either(record, "largest_fall", NULL, 0, finite ? fall : NAN);
}

/* What a checkpoint keeps: one block of memory, this and then the parameters of m. */
typedef struct Outer {
    long long steps;    /* done */
    long long averaged; /* of these, those whose accuracies are in the sums */
    long long lost;     /* the gradient was not finite: what follows is recorded as diverged, without being computed */
    double sum_first, sum_all, sum_fresh, best_first;
    Accuracies known;                                   /* the best of the known functions */
    double lowest[CURVE_POINTS], highest[CURVE_POINTS]; /* of the learned function, over the steps of its spread */
} Outer;

typedef struct Learning {
    const Cell *cell;
    Record *record;
    Inner *inner;
    Outer *outer;
    real *meta;  /* the parameters of m, behind outer */
    size_t size; /* bytes of both */
    Unroll unroll;
    const real *initial[2]; /* states of the inner problem: that of outer step 0 and that of all others */
    const real *curve_noise;
} Learning;

/* Everything that the outer loop draws from the stream, in the published order.  The parameters of m are those of the
 * checkpoint where there is one. */
static void draw_learning(Learning *learning, Arena *arena) {
    Mt19937 mt;
    Inner *inner = learning->inner;
    const Cell *cell = learning->cell;
    const size_t meta_hidden = inner->meta_model.hidden, n_meta = inner->meta_model.n_parameters;
    real *first = arena_alloc(arena, n_meta, sizeof *first);
    real *curve_noise = arena_alloc_zero(arena, meta_hidden, sizeof *curve_noise);
    mt19937_seed(&mt, cell_seed(cell));
    model_initialize(&inner->meta_model, &mt, first);
    learning->initial[0] = initial_state(inner, &mt, arena);
    mt19937_seed(&mt, cell_seed(cell));
    draw_run(cell, inner, &mt, cell_seed(cell), meta_hidden);
    if (cell_is(cell, "noise-kind", "shared"))
        draw_noise(&mt, (real)cell_real(cell, "noise"), meta_hidden, curve_noise);
    learning->initial[1] = initial_state(inner, &mt, arena);
    learning->curve_noise = curve_noise;
    if (learning->outer->steps == 0) memcpy(learning->meta, first, n_meta * sizeof *first);
}

static int outer_step(const Learning *learning, Arena *arena) {
    const Cell *cell = learning->cell;
    Inner *inner = learning->inner;
    Outer *outer = learning->outer;
    Record *record = learning->record;
    UnrollResult run;
    const long long step = outer->steps;
    double objective = NAN, last = NAN, squares = NAN;
    const int averaged = step >= cell_integer(cell, "outer-steps") - AVERAGED;
    const int fresh = inner->fresh.count > 0 && (averaged || step % CURVE_EVERY == 0);
    Accuracies accuracies = {NAN, NAN, NAN};
    if (!outer->lost) {
        const Unroll *unroll = &learning->unroll;
        if (unroll_run(unroll, learning->initial[step > 0], learning->meta, 0, study_stopping, arena, &run)) return -1;
        objective = run.objective;
        last = (double)run.losses[unroll->steps - 1];
        if (isfinite(objective) && isfinite(last)) accuracies = test(inner, run.final_state, learning->meta, fresh);
        squares =
            update(inner->meta_model.n_parameters, (real)cell_real(cell, "meta-rate"), (real)cell_real(cell, "clamp"),
                   cell_real(cell, "gradient-bound"), run.meta_gradient, learning->meta);
        outer->lost = !isfinite(squares);
    }
    record_either(record, "outer_objective", "outer_step", (double)step, objective);
    record_either(record, "final_inner_loss", "outer_step", (double)step, last);
    record_either(record, "test_accuracy_500", "outer_step", (double)step, accuracies.first);
    record_either(record, "test_accuracy", "outer_step", (double)step, accuracies.all);
    if (fresh) record_either(record, "fresh_test_accuracy", "outer_step", (double)step, accuracies.fresh);
    record_either(record, "gradient_squares", "outer_step", (double)step, squares);
    if (accuracies.first > outer->best_first) outer->best_first = accuracies.first;
    if (averaged) {
        outer->sum_first += accuracies.first;
        outer->sum_all += accuracies.all;
        outer->sum_fresh += accuracies.fresh;
        outer->averaged++;
    }
    outer->steps++;
    return 0;
}

/* Outer steps that take time: with two hidden layers the gradient of the published settings is no longer finite at step
 * 76, and later steps are not computed. */
static double costly_steps(const Cell *cell) {
    const double steps = (double)cell_integer(cell, "outer-steps");
    const int remedied = cell_real(cell, "gradient-bound") > 0 || cell_real(cell, "meta-rate") < 0.3;
    return cell_integer(cell, "meta-layers") > 1 && !remedied ? fmin(steps, 76) : steps;
}

/* Takes the learned function of this step into its spread. */
static void widen_spread(const Learning *learning) {
    Outer *outer = learning->outer;
    const long long step = outer->steps - 1;
    double curve[CURVE_POINTS];
    if (step < SPREAD_FROM || step % SPREAD_EVERY) return;
    sample_curve(learning->inner, learning->meta, learning->curve_noise, curve);
    for (int i = 0; i < CURVE_POINTS; i++) {
        outer->lowest[i] = step == SPREAD_FROM ? curve[i] : fmin(curve[i], outer->lowest[i]);
        outer->highest[i] = step == SPREAD_FROM ? curve[i] : fmax(curve[i], outer->highest[i]);
    }
}

/* The mean over x of how far the learned functions of different outer steps lie apart. */
static double mean_spread(const Outer *outer) {
    double sum = 0;
    for (int i = 0; i < CURVE_POINTS; i++) sum += outer->highest[i] - outer->lowest[i];
    return sum / CURVE_POINTS;
}

static int learn(Learning *learning, Arena *arena, Accuracies *result, Error *error) {
    const Cell *cell = learning->cell;
    Outer *outer = learning->outer;
    Record *record = learning->record;
    const long long steps = cell_integer(cell, "outer-steps");
    const long long save_every = cell_integer(cell, "meta-layers") > 1 ? 1 : SAVE_EVERY;
    const long long curve_every = cell_is(cell, "measures", "more") ? CURVE_EVERY_MORE : CURVE_EVERY;
    draw_learning(learning, arena);
    learning->unroll = make_unroll(cell, learning->inner, learning->inner->steps, arena);
    Arena *scratch = arena_create(0); /* of one outer step; the cell's, in which the record grows, cannot be reset */
    int status = 0;
    while (!status && outer->steps < steps) {
        const long long step = outer->steps;
        cell_progress(cell, fmin(1, (double)step / costly_steps(cell)));
        status = outer_step(learning, scratch);
        arena_reset(scratch);
        if (status) break;
        widen_spread(learning);
        if (step % curve_every == 0) {
            double curve[CURVE_POINTS];
            const char *metric = arena_format(arena, "activation_at_%lld", step);
            sample_curve(learning->inner, learning->meta, learning->curve_noise, curve);
            for (int i = 0; i < CURVE_POINTS; i++) record_either(record, metric, "x", CURVE_X(i), curve[i]);
        }
        if (outer->steps % save_every == 0) status = cell_save(cell, record, outer, learning->size, error);
    }
    arena_destroy(scratch);
    if (status) return -1;

    record_shape(learning->inner, learning->meta, learning->curve_noise, record);
    if (cell_is(cell, "measures", "more") && steps > SPREAD_FROM)
        record_either(record, "curve_spread", NULL, 0, outer->lost ? NAN : mean_spread(outer));
    const double averaged = (double)outer->averaged;
    *result = (Accuracies){outer->sum_first / averaged, outer->sum_all / averaged, outer->sum_fresh / averaged};
    record_either(record, "mean_accuracy_500", NULL, 0, result->first);
    record_either(record, "mean_accuracy", NULL, 0, result->all);
    record_either(record, "best_accuracy_500", NULL, 0, outer->lost ? NAN : outer->best_first);
    if (learning->inner->fresh.count) record_either(record, "fresh_mean_accuracy", NULL, 0, result->fresh);
    return 0;
}

/* ---- the learned function in other networks ---- */

#define FIT_POINTS 1001 /* of [-5, 5], through which the pieces are refitted */

/* Of one function, in networks of every inner seed: per cent correct, [condition][inner seed], of the test set and of
 * fresh signals.  The conditions are the optimiser's and the two numbers of steps. */
enum { SHORT, LONG, ADAM_SHORT, ADAM_LONG, N_CONDITIONS };
static const char *const condition_names[N_CONDITIONS] = {"inner", "long", "adam", "long_adam"};
typedef struct Trial {
    double all[N_CONDITIONS][MOST_INNER_SEEDS], fresh[N_CONDITIONS][MOST_INNER_SEEDS];
} Trial;

/* Trains from the state the steps from first_step on, which replace it, and tests without noise. */
static int train_on(const Cell *cell, Inner *inner, size_t first_step, size_t steps, const real *meta, real *state,
                    Arena *arena, Accuracies *accuracies) {
    UnrollResult run;
    inner->first_step = first_step;
    const Unroll unroll = make_unroll(cell, inner, steps, arena);
    const int status = unroll_run(&unroll, state, meta, 1, study_stopping, arena, &run);
    inner->first_step = 0;
    if (status) return -1;
    memcpy(state, run.final_state, unroll_state_count(&unroll) * sizeof *state);
    *accuracies = (Accuracies){NAN, NAN, NAN};
    if (isfinite(run.losses[steps - 1])) *accuracies = test(inner, state, meta, 1);
    return 0;
}

/* The inner network's function, in one network for each inner seed.  The same seed draws the same weights, and of the
 * shared noise the same, for all known functions. */
static int try_function(const Cell *cell, Inner *inner, const real *meta, Trial *trial) {
    const size_t steps = (size_t)cell_integer(cell, "inner-steps"), more = (size_t)cell_integer(cell, "transfer-steps");
    const size_t hidden = inner->model.hidden, meta_hidden = inner->meta_model.hidden;
    const int learned = !inner->known && !inner->pieces;
    const Optimiser own = inner->optimiser;
    Arena *arena = arena_create(0);
    int status = 0;
    for (long long i = 0; i < cell_integer(cell, "inner-seeds") && !status; i++) {
        Mt19937 torch;
        const unsigned seed = 1000 + MOST_INNER_SEEDS * cell_seed(cell) + (unsigned)i;
        mt19937_seed(&torch, seed);
        draw_run(cell, inner, &torch, seed, learned ? meta_hidden : 0);
        memset(inner->noise + inner->steps * hidden, 0, hidden * sizeof(real));
        memset(inner->meta_noise + inner->steps * meta_hidden, 0, meta_hidden * sizeof(real));
        for (int condition = SHORT; condition <= (more ? ADAM_SHORT : SHORT) && !status; condition += ADAM_SHORT) {
            Accuracies brief = {NAN, NAN, NAN}, longer = brief;
            inner->optimiser = condition == SHORT ? own : ADAM;
            mt19937_seed(&torch, seed);
            real *state = initial_state(inner, &torch, arena);
            status = train_on(cell, inner, 0, steps, meta, state, arena, &brief);
            if (!status && more > steps)
                status = train_on(cell, inner, steps, more - steps, meta, state, arena, &longer);
            trial->all[condition][i] = brief.all, trial->fresh[condition][i] = brief.fresh;
            trial->all[condition + LONG][i] = longer.all, trial->fresh[condition + LONG][i] = longer.fresh;
        }
        inner->optimiser = own;
        arena_reset(arena);
    }
    arena_destroy(arena);
    return status;
}

static double mean_of(size_t n, const double *values) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += values[i];
    return sum / (double)n;
}

/* Records a function's accuracies under every condition there is, and raises the best means among its rivals. */
static void record_trial(const Cell *cell, const Inner *inner, const Trial *trial, const char *name, Arena *arena,
                         Record *record, double best[2][N_CONDITIONS]) {
    const size_t n = (size_t)cell_integer(cell, "inner-seeds");
    const long long more = cell_integer(cell, "transfer-steps");
    for (int c = 0; c < N_CONDITIONS; c++) {
        if (c != SHORT && !more) continue;
        if ((c == LONG || c == ADAM_LONG) && more <= cell_integer(cell, "inner-steps")) continue;
        for (int fresh = 0; fresh <= (inner->fresh.count > 0); fresh++) {
            const double *values = fresh ? trial->fresh[c] : trial->all[c];
            const char *prefix = arena_format(arena, "%s%s", fresh ? "fresh_" : "", condition_names[c]);
            const char *metric = arena_format(arena, "%s_%s_accuracy", prefix, name);
            const double mean = mean_of(n, values);
            for (size_t i = 0; i < n; i++) record_either(record, metric, "inner_seed", (double)i, values[i]);
            if (strcmp(name, "learned") == 0)
                record_either(record, arena_format(arena, "%s_gain", prefix), NULL, 0, mean - best[fresh][c]);
            if (mean > best[fresh][c]) best[fresh][c] = mean;
        }
    }
}

typedef struct Tried { /* as in Inner */
    const char *name;
    Activate *known;
    const Pieces *pieces;
} Tried;

/* The known functions, then the learned one, whose gain is its mean accuracy less the best of theirs, then the pieces: the
 * published ones, and those fitted to the learned function. */
static int try_functions(const Cell *cell, Inner *inner, const real *meta, Arena *arena, Record *record) {
    const int n = cell_is(cell, "measures", "more") ? N_KNOWN_ACTIVATIONS : RIVALS;
    const size_t steps = (size_t)cell_integer(cell, "inner-steps"), more = (size_t)cell_integer(cell, "transfer-steps");
    double best[2][N_CONDITIONS] = {{0}}, x[FIT_POINTS], y[FIT_POINTS];
    Trial *trial = arena_alloc(arena, 1, sizeof *trial);
    make_noise(cell, inner, more > steps ? more : steps, arena);
    for (int i = 0; i < FIT_POINTS; i++) x[i] = -5 + i * (10.0 / (FIT_POINTS - 1));
    sample(inner, meta, inner->meta_noise, FIT_POINTS, x, y);
    const Pieces refitted = pieces_fit(FIT_POINTS, x, y);
    Tried all[N_KNOWN_ACTIVATIONS + 3];
    int count = 0, status = 0;
    for (; count < n; count++)
        all[count] = (Tried){known_activations[count].name, known_activations[count].function, NULL};
    all[count++] = (Tried){"learned", NULL, NULL};
    all[count++] = (Tried){"piecewise", NULL, &published_pieces};
    all[count++] = (Tried){"refitted", NULL, &refitted};
    for (int i = 0; i < count && !status; i++) {
        inner->known = all[i].known;
        inner->pieces = all[i].pieces;
        if ((status = try_function(cell, inner, meta, trial)) == 0)
            record_trial(cell, inner, trial, all[i].name, arena, record, best);
    }
    inner->known = NULL;
    inner->pieces = NULL;
    return status;
}

/* ---- one cell ---- */

static int run_cell(const Cell *cell, Arena *arena, Record *record, Error *error) {
    Inner inner = {.rate = (real)cell_real(cell, "learning-rate"),
                   .decay = (real)cell_real(cell, "decay"),
                   .scale = (real)cell_real(cell, "scale"),
                   .optimiser = cell_is(cell, "accumulator", "one") ? RMSPROP : CORRECTED_RMSPROP};
    Mnist1dOptions options = mnist1d_defaults();
    options.num_samples = (size_t)cell_integer(cell, "num-samples");
    options.seed = DATA_SEED;
    if (inner.optimiser == CORRECTED_RMSPROP && cell_real(cell, "decay") >= 1)
        return error_set(error,
                         "option --accumulator=corrected: with --decay=1 nothing is accumulated to be corrected");
    const size_t batch = (size_t)cell_integer(cell, "batch");
    Mnist1dParts parts;
    if (mnist1d_parts_make(&options, (size_t)cell_integer(cell, "fresh-examples"), arena, &parts, error) ||
        minibatches_check("batch", batch, parts.train.n, error))
        return -1;
    const Mnist1dSets sets = mnist1d_sets_of(&parts, NULL, arena);
    inner.train = minibatches_of(&sets.train, batch, arena);
    inner.test = minibatches_of(&sets.test, FIRST_TESTS, arena);
    inner.fresh = minibatches_of(&sets.fresh, FIRST_TESTS, arena);
    inner.model = model_tanh_mlp(LENGTH, 1, (size_t)cell_integer(cell, "hidden"), CLASSES);
    inner.meta_model =
        model_tanh_mlp(1, (size_t)cell_integer(cell, "meta-layers"), (size_t)cell_integer(cell, "meta-hidden"), 1);
    make_noise(cell, &inner, (size_t)cell_integer(cell, "inner-steps"), arena);

    const size_t size = sizeof(Outer) + inner.meta_model.n_parameters * sizeof(real);
    Outer *outer = arena_alloc_zero(arena, size, 1);
    Learning learning = {
        .cell = cell, .record = record, .inner = &inner, .outer = outer, .meta = (real *)(outer + 1), .size = size};
    Accuracies learned;
    if (!cell_resume(cell, record, outer, size) && run_baselines(cell, &inner, arena, record, &outer->known)) return -1;
    if (cell_integer(cell, "outer-steps") == 0) return 0;
    if (learn(&learning, arena, &learned, error)) return -1;
    record_either(record, "gain_500", NULL, 0, learned.first - outer->known.first);
    record_either(record, "gain", NULL, 0, learned.all - outer->known.all);
    if (inner.fresh.count) {
        /* Under the names of both, of which either may be compared with something: only comparisons are judged on fresh
         * signals, too, and these are the same whether 500 or all test examples stand beside them. */
        record_either(record, "fresh_gain_500", NULL, 0, learned.fresh - outer->known.fresh);
        record_either(record, "fresh_gain", NULL, 0, learned.fresh - outer->known.fresh);
    }
    return cell_integer(cell, "inner-seeds") > 0 ? try_functions(cell, &inner, learning.meta, arena, record) : 0;
}

/* Core-seconds at the published sizes, and what they grow with. */
static double cost(const Cell *cell) {
    const int deep = cell_integer(cell, "meta-layers") > 1;
    const double longer = (double)cell_integer(cell, "transfer-steps") / (double)cell_integer(cell, "inner-steps");
    const double trials = (double)cell_integer(cell, "inner-seeds") * (1 + 2 * longer); /* of all functions */
    const double inner = (double)cell_integer(cell, "inner-steps") / 301 * (double)cell_integer(cell, "batch") / 100 *
                         (double)cell_integer(cell, "hidden") / 128;
    return inner * (0.8 + (145.0 * costly_steps(cell) / 301 + trials) * (double)cell_integer(cell, "meta-hidden") /
                              100 * (deep ? 15 : 1));
}

const Method meta_activation = {
    .name = "meta-activation",
    .title = "An activation function learned by gradients through training",
    .parameters = parameters,
    .smoke = "outer-steps=3 inner-steps=30 measured-steps=20 hidden=32 meta-hidden=20 num-samples=1000 "
             "fresh-examples=1000",
    .run = run_cell,
    .cost = cost,
    .source = "reproduce/meta_activation.c"};
