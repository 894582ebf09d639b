/* Lottery tickets: Figure 4a to g and Figure S2.
 *
 * A residual MLP of 40-500-500-10 is pruned in 100 rounds to sparsities 0, 1/99, ..., 1, layer by layer, biases too.
 * Each round starts again from the trial's initial weights under the round's mask and trains with a fresh Adam, 1502
 * updates in data order.  Two ways to choose what goes: at random, anew in every round, or the smallest weights of the
 * round before as they were after its step 1000 (the published code hands on its last checkpoint, not the end).  A step
 * is one update and steps count from 0; the test set is evaluated after every 100th, from step 0 on.  The masks
 * of round 91, 91.9 % sparse, are then trained for 6001 updates on a second data set (seed 43): as it is, flipped in
 * time, with its features shuffled, and with the halves of the signal exchanged.  The seed of a trial draws initial weights and
 * then random scores as torch.manual_seed does.
 *
 * Whose weights a ticket is retrained from was changed between the published figure and the published code: the run of
 * the figure seeded PyTorch anew and so used the ticket's own initial weights, except in panel f; the later code no
 * longer seeds PyTorch, so that every panel used fresh weights.  Here both are run: the trial's own vector is kept and
 * reused, and "_fresh" metrics are those of the next trial's, as in panel f.
 *
 * "fresh_" metrics are measured on fresh test signals (data/fresh_test.h): of the whole network, of the rounds from the
 * ticket's on, and at the end of each retraining, with its order of features.  They are drawn apart from all streams of
 * the trial and change nothing else.
 *
 * A reproduction varied the search: a schedule that begins with everything pruned (--schedule exponential), Xavier's weights,
 * other learning rates, and the second data set by mistake; and it retrained tickets on noisy and on cropped signals and with
 * permuted labels, which are drawn by the trial's seed (--retraining perturbed).  That list also has tickets of which only part
 * is kept: their places with fresh weights, their places and signs, or as many inputs of every unit at random places, which
 * are "scattered".  Searches that are only looked at need no retraining, nor both ways to choose (--retraining none,
 * --networks).
 *
 * A trial is one cell.  It keeps what it has after every round. */
#include <math.h>
#include <string.h>

#include "data/fresh_test.h"
#include "data/mnist1d.h"
#include "data/perturbation.h"
#include "exact/exact.h"
#include "kernels/linear.h"
#include "kernels/nonlinearity.h"
#include "kernels/nonzero_rows.h"
#include "nn/mask.h"
#include "nn/mlp.h"
#include "nn/mnist1d_sets.h"
#include "registry.h"

#define CLASSES 10
#define LENGTH 40
#define RETRAIN_DATA_SEED 43
#define SHUFFLE_SEED 0
#define NOISE_SD 0.2
#define CROPPED 10

static const Parameter parameters[] = {
    {"hidden", PARAMETER_INTEGER, "500", 1, 10000, NULL, "width of both hidden layers", NULL},
    {"rounds", PARAMETER_INTEGER, "100", 2, 100000, NULL, "of pruning", NULL},
    {"schedule", PARAMETER_CHOICE, "linear", 0, 0, "linear,exponential,geometric",
     "sparsity of round k of R: k / (R - 1), from 0 to 1; exp(-k / (R - 1)), from 1 down, as a reproduction had it; or "
     "1 - keep^k",
     NULL},
    {"keep", PARAMETER_REAL, "0.97", 0.001, 0.999999, NULL, "part of the weights that a round keeps",
     "schedule=geometric"},
    {"pruned-by", PARAMETER_CHOICE, "before", 0, 0, "before,first",
     "whose weights a round is pruned by: those of the round before, or of round 0 (one-shot)", NULL},
    {"random-masks", PARAMETER_CHOICE, "anew", 0, 0, "anew,nested",
     "scores of random pruning: drawn anew in every round, or the same ones in all, so that masks are nested", NULL},
    {"networks", PARAMETER_CHOICE, "both", 0, 0, "both,lottery,random", "ways to choose that are searched", NULL},
    {"ticket-round", PARAMETER_INTEGER, "91", 1, 100000, NULL, "whose masks are retrained; rounds count from 0", NULL},
    {"steps", PARAMETER_INTEGER, "1501", 0, 10000000, NULL,
     "number of a round's last update, from 0: 1501 makes 1502 updates", NULL},
    {"score-step", PARAMETER_INTEGER, "1000", 0, 10000000, NULL,
     "number of the update of a round, from 0, after which its weights are scored", NULL},
    {"batch", PARAMETER_INTEGER, "100", 1, 100000, NULL, "examples per update of a round", NULL},
    {"retrain-steps", PARAMETER_INTEGER, "6000", 0, 10000000, NULL,
     "number of retraining's last update, from 0: 6000 makes 6001 updates", NULL},
    {"retrain-batch", PARAMETER_INTEGER, "500", 1, 100000, NULL, "examples per update of retraining", NULL},
    {"learning-rate", PARAMETER_REAL, "0.02", 1e-12, 1e3, NULL, "of Adam", NULL},
    {"warm-up", PARAMETER_INTEGER, "0", 0, 10000000, NULL,
     "first updates of a training, over which its learning rate rises in equal steps", NULL},
    {"initialization", PARAMETER_CHOICE, "default", 0, 0, "default,xavier",
     "weights: PyTorch's default, or Xavier's with default biases", NULL},
    {"activation", PARAMETER_CHOICE, "relu", 0, 0, "relu,leaky", "of hidden units; leaky: of slope 0.01", NULL},
    {"retraining", PARAMETER_CHOICE, "published", 0, 0, "published,perturbed,none",
     "of tickets: on four orders of the signal, as published; also perturbed data and parts of tickets; or none", NULL},
    {"data-seed", PARAMETER_INTEGER, "42", 0, 4294967295.0, NULL, "of the data set of the search", NULL},
    {"evaluate-every", PARAMETER_INTEGER, "100", 1, 10000000, NULL, "updates between evaluations of the test set",
     NULL},
    {"num-samples", PARAMETER_INTEGER, "5000", 10, 10000000, NULL, "examples generated; four fifths train", NULL},
    {"fresh-rounds", PARAMETER_CHOICE, "ticket", 0, 0, "ticket,all",
     "rounds measured on fresh signals: the first and those from the ticket's on, or all", NULL},
    FRESH_TEST_PARAMETER,
    {NULL, PARAMETER_REAL, NULL, 0, 0, NULL, NULL, NULL}};

/* ---- data ---- */

static int make_rows(const Cell *cell, uint32_t seed, Arena *arena, Mnist1dParts *rows, Error *error) {
    Mnist1dOptions options = mnist1d_defaults();
    options.num_samples = (size_t)cell_integer(cell, "num-samples");
    options.seed = seed;
    return mnist1d_parts_make(&options, (size_t)cell_integer(cell, "fresh-examples"), arena, rows, error);
}

/* ---- changes to the data set of retraining, drawn by the trial's seed ---- */

typedef void Change(const Cell *cell, Mnist1dParts *rows);

typedef enum Drawn { DRAWN_TRAIN, DRAWN_TEST, DRAWN_FRESH, N_DRAWN } Drawn;

static Philox draws_of(const Cell *cell, Drawn part) {
    Philox draws;
    philox_seed(&draws, cell_seed(cell), (uint64_t)part);
    return draws;
}

static void change_noisy(const Cell *cell, Mnist1dParts *rows) {
    const Philox train = draws_of(cell, DRAWN_TRAIN), test = draws_of(cell, DRAWN_TEST),
                 fresh = draws_of(cell, DRAWN_FRESH);
    perturb_with_noise(&train, NOISE_SD, rows->train.n, LENGTH, rows->train.rows);
    perturb_with_noise(&test, NOISE_SD, rows->test.n, LENGTH, rows->test.rows);
    perturb_with_noise(&fresh, NOISE_SD, rows->fresh.n, LENGTH, rows->fresh.rows);
}

static void change_permuted(const Cell *cell, Mnist1dParts *rows) {
    const Philox train = draws_of(cell, DRAWN_TRAIN);
    perturb_label_order(&train, rows->train.n, rows->train.labels);
}

static void change_cropped(const Cell *cell, Mnist1dParts *rows) {
    const Philox train = draws_of(cell, DRAWN_TRAIN), test = draws_of(cell, DRAWN_TEST),
                 fresh = draws_of(cell, DRAWN_FRESH);
    perturb_by_cropping(&train, CROPPED, rows->train.n, LENGTH, rows->train.rows);
    perturb_by_cropping(&test, CROPPED, rows->test.n, LENGTH, rows->test.rows);
    perturb_by_cropping(&fresh, CROPPED, rows->fresh.n, LENGTH, rows->fresh.rows);
}

static Mnist1dPart copied(const Mnist1dPart *part, Arena *arena) {
    const Mnist1dPart copy = {part->n, arena_alloc(arena, part->n * LENGTH, sizeof *copy.rows),
                              arena_alloc(arena, part->n, 1)};
    if (part->n) memcpy(copy.rows, part->rows, part->n * LENGTH * sizeof *copy.rows);
    if (part->n) memcpy(copy.labels, part->labels, part->n);
    return copy;
}

/* The set with its own signals and labels, changed. */
static Mnist1dParts changed_rows(const Cell *cell, const Mnist1dParts *from, Change *change, Arena *arena) {
    Mnist1dParts rows = *from;
    rows.train = copied(&from->train, arena);
    rows.test = copied(&from->test, arena);
    rows.fresh = copied(&from->fresh, arena);
    change(cell, &rows);
    return rows;
}

/* A set in an order of the features, as training takes it. */
typedef struct Data {
    size_t batch;
    LabelledSet train, test, fresh; /* fresh.n 0: there are none */
} Data;

static int make_data(const Cell *cell, const Mnist1dParts *rows, const char *batch_option, const size_t columns[LENGTH],
                     Arena *arena, Data *data, Error *error) {
    const size_t batch = (size_t)cell_integer(cell, batch_option);
    const Mnist1dSets sets = mnist1d_sets_of(rows, columns, arena);
    *data = (Data){batch, sets.train, sets.test, sets.fresh};
    return minibatches_check(batch_option, batch, rows->train.n, error);
}

/* Orders of the 40 features. */
static void order_original(size_t columns[LENGTH]) {
    for (size_t j = 0; j < LENGTH; j++) columns[j] = j;
}

static void order_flipped(size_t columns[LENGTH]) {
    for (size_t j = 0; j < LENGTH; j++) columns[j] = LENGTH - 1 - j;
}

static void order_shuffled(size_t columns[LENGTH]) {
    Mt19937 mt;
    mt19937_seed(&mt, SHUFFLE_SEED);
    numpy_permutation(&mt, LENGTH, columns);
}

static void order_chunks(size_t columns[LENGTH]) {
    static const size_t quarter[] = {2, 3, 0, 1};
    for (size_t j = 0; j < LENGTH; j++) columns[j] = quarter[j / 10] * 10 + j % 10;
}

/* ---- a trial: what stays the same, and the state that goes from round to round ---- */

typedef enum Way { DENSE, LOTTERY, RANDOM, N_NETWORKS, SCATTERED = N_NETWORKS } Way; /* SCATTERED has no search */
static const char *const network_names[] = {"dense", "lottery", "random", "scattered"};

/* Initial weights of a retraining: the trial's own, or those of the next trial, or, under the signs of the trial's own,
 * the magnitudes of the next trial's or their standard deviation in each layer. */
typedef enum Start { OWN, FRESH, OWN_SIGNS, OWN_SIGNS_ALONE } Start;
static const char *const start_names[] = {"", "_fresh", "_signs", "_signs_alone"};

typedef struct Retraining {
    const char *data;
    void (*order)(size_t columns[LENGTH]);
    Change *change; /* or NULL */
    Start start;
    Way network;
} Retraining;

/* A network without pruning, or with a random mask, does not see the order of the features while its initial weights are
 * fresh: it would only be one more seed of "original_fresh", which has both. */
#define EACH_NETWORK(data, order, change, start)                                                                       \
    {data, order, change, start, DENSE}, {data, order, change, start, LOTTERY}, {                                      \
        data, order, change, start, RANDOM                                                                             \
    }
#define PUBLISHED_RETRAININGS                                                                                          \
    EACH_NETWORK("original", order_original, NULL, OWN), EACH_NETWORK("flipped", order_flipped, NULL, OWN),            \
        EACH_NETWORK("shuffled", order_shuffled, NULL, OWN), EACH_NETWORK("chunks", order_chunks, NULL, OWN),          \
        EACH_NETWORK("original", order_original, NULL, FRESH), {"flipped", order_flipped, NULL, FRESH, LOTTERY},       \
        {"shuffled", order_shuffled, NULL, FRESH, LOTTERY}, {                                                          \
        "chunks", order_chunks, NULL, FRESH, LOTTERY                                                                   \
    }
static const Retraining published[] = {PUBLISHED_RETRAININGS};
static const Retraining perturbed[] = {PUBLISHED_RETRAININGS,
                                       EACH_NETWORK("noisy", order_original, change_noisy, OWN),
                                       EACH_NETWORK("noisy", order_original, change_noisy, FRESH),
                                       EACH_NETWORK("permuted", order_original, change_permuted, OWN),
                                       EACH_NETWORK("permuted", order_original, change_permuted, FRESH),
                                       EACH_NETWORK("cropped", order_original, change_cropped, OWN),
                                       EACH_NETWORK("cropped", order_original, change_cropped, FRESH),
                                       {"original", order_original, NULL, OWN_SIGNS, LOTTERY},
                                       {"original", order_original, NULL, OWN_SIGNS_ALONE, LOTTERY},
                                       {"original", order_original, NULL, FRESH, SCATTERED}};

/* What a cell's trial consists of, in this order. */
typedef struct Plan {
    uint64_t random_rounds, lottery_rounds, n_retrainings, units;
    const Retraining *retrainings;
} Plan;

static Plan plan_of(const Cell *cell) {
    const uint64_t rounds = (uint64_t)cell_integer(cell, "rounds");
    Plan plan = {.random_rounds = cell_is(cell, "networks", "lottery") ? 0 : rounds,
                 .lottery_rounds = cell_is(cell, "networks", "random") ? 0 : rounds};
    if (cell_is(cell, "retraining", "published"))
        plan.retrainings = published, plan.n_retrainings = sizeof published / sizeof *published;
    else if (cell_is(cell, "retraining", "perturbed"))
        plan.retrainings = perturbed, plan.n_retrainings = sizeof perturbed / sizeof *perturbed;
    plan.units = plan.random_rounds + plan.lottery_rounds + plan.n_retrainings;
    return plan;
}

/* The part of the weights that a round prunes. */
static double sparsity_of(const Cell *cell, long long round) {
    const double rounds = (double)(cell_integer(cell, "rounds") - 1);
    if (cell_is(cell, "schedule", "linear")) return (double)round / rounds;
    if (cell_is(cell, "schedule", "exponential")) return exact_exp(-(double)round / rounds);
    const double keep = cell_real(cell, "keep");
    double kept = 1;
    for (long long k = 0; k < round; k++) kept *= keep;
    return 1 - kept;
}

/* What a checkpoint keeps: one block of memory, this header and then the arrays to which a Trial points below. */
typedef struct State {
    uint64_t units; /* of the plan that are done */
    Mt19937 scores; /* the stream of random pruning */
} State;

typedef struct Trial {
    const Cell *cell;
    Record *record;
    Arena *arena;
    Model model;
    Data data;               /* of the search */
    Mnist1dParts retraining; /* the data set of the retrainings */
    real *initial;           /* [n_parameters] */
    long long rounds, ticket_round;
    Plan plan;
    Mt19937 first_scores; /* the stream of random pruning as it begins */
    State *state;
    size_t state_size;
    /* in the memory of state: */
    double *accuracy[N_NETWORKS]; /* [rounds], test accuracy at the end of each round; not of DENSE */
    real *scored;                 /* [n_parameters], the weights by whose magnitude the next round prunes */
    uint8_t *ticket[N_NETWORKS];  /* [n_parameters], the masks of ticket_round; that of DENSE keeps everything */
} Trial;

static void draw_weights(const Trial *trial, unsigned seed, Mt19937 *mt, real *weights) {
    mt19937_seed(mt, seed);
    model_initialize(&trial->model, mt, weights);
    if (cell_is(trial->cell, "initialization", "xavier"))
        model_redraw_linear(&trial->model, mt, xavier_uniform_bound, weights);
}

/* Scores of random pruning for the next round; first: the stream as it begins. */
static void next_random_scores(const Trial *trial, const Mt19937 *first, Mt19937 *stream, real *scores) {
    if (cell_is(trial->cell, "random-masks", "nested")) *stream = *first;
    random_scores(&trial->model, stream, scores);
}

/* The random ticket of a trial whose stream begins so, without its random rounds: they would draw the same scores. */
static void draw_random_ticket(const Trial *trial, const Mt19937 *first, uint8_t *keep) {
    Arena *arena = arena_create(0);
    real *scores = arena_alloc(arena, trial->model.n_parameters, sizeof *scores);
    Mt19937 stream = *first;
    for (long long round = 0; round <= trial->ticket_round; round++) next_random_scores(trial, first, &stream, scores);
    mask_prune(&trial->model, sparsity_of(trial->cell, trial->ticket_round), scores, keep);
    arena_destroy(arena);
}

/* The state of a trial that has done nothing yet. */
static void make_state(Trial *trial) {
    const size_t n = trial->model.n_parameters, rounds = (size_t)trial->rounds;
    trial->state_size = sizeof(State) + N_NETWORKS * rounds * sizeof(double) + n * sizeof(real) + N_NETWORKS * n;
    trial->state = arena_alloc_zero(trial->arena, trial->state_size, 1);
    for (size_t i = 0; i < N_NETWORKS; i++) trial->accuracy[i] = (double *)(trial->state + 1) + i * rounds;
    trial->scored = (real *)(trial->accuracy[N_NETWORKS - 1] + rounds);
    for (size_t i = 0; i < N_NETWORKS; i++) trial->ticket[i] = (uint8_t *)(trial->scored + n) + i * n;
    trial->initial = arena_alloc(trial->arena, n, sizeof(real));
    draw_weights(trial, cell_seed(trial->cell), &trial->first_scores, trial->initial);
    trial->state->scores = trial->first_scores;
    memcpy(trial->scored, trial->initial, n * sizeof(real));
    mask_fill(&trial->model, trial->ticket[DENSE]);
    if (trial->plan.n_retrainings && !trial->plan.random_rounds)
        draw_random_ticket(trial, &trial->first_scores, trial->ticket[RANDOM]);
}

/* ---- training under a mask ---- */

typedef struct Run {
    const Trial *trial;
    const Data *data;
    long long steps, score_step; /* score_step: after which the weights are copied to scored, -1 for never */
    const char *curve;           /* metric of the test accuracy after every evaluation, or NULL */
    int with_fresh;              /* the last evaluation is also of the fresh test signals, if there are any */
    double train_loss, test_loss, last, best, mean; /* out: of the last minibatch, and of the test accuracies */
    long long evaluated;                            /* out: the step of the last evaluation */
    Evaluation fresh;                               /* out, with_fresh */
    double dead;                                    /* out, unless there is a curve: see dead_relu_units */
    int with_train;                                 /* at the end the whole training set is evaluated: */
    double train_accuracy;                          /* out */
    double sum;                                     /* of the test accuracies so far */
    int evaluations;
    const Masked *masked;
} Run;

/* Dead ReLU units: per cent of the second hidden layer's units that are zero for all test examples, or with leaky relu
 * nowhere above zero; NAN for weights that are not finite. */
static double dead_relu_units(const Run *run, const Masked *masked, Arena *arena) {
    const Model *model = &run->trial->model;
    const ParameterTensor *tensors = model->tensors;
    const size_t hidden = model->hidden, n = run->data->test.n;
    real *weights = arena_alloc(arena, model->n_parameters, sizeof *weights);
    real *x = arena_alloc(arena, LENGTH * n, sizeof *x);
    real *first = arena_alloc(arena, hidden * n, sizeof *first),
         *second = arena_alloc(arena, hidden * n, sizeof *second);
    uint32_t *live = arena_alloc(arena, hidden, sizeof *live);
    masked_weights(masked, weights);
    if (!all_finite(model->n_parameters, weights)) return NAN;
    for (size_t i = 0; i < LENGTH; i++)
        for (size_t j = 0; j < n; j++) x[i * n + j] = run->data->test.rows[j * LENGTH + i];
    const int leaky = model_is_leaky_residual_mlp(model);
    linear_forward(hidden, LENGTH, n, weights + tensors[0].offset, weights + tensors[1].offset, x,
                   leaky ? ACTIVATION_NONE : ACTIVATION_RELU, first);
    if (leaky) vector_leaky_relu(hidden * n, (real)MLP_LEAKY_SLOPE, first, first);
    linear_forward(hidden, hidden, n, weights + tensors[2].offset, weights + tensors[3].offset, first, ACTIVATION_RELU,
                   second);
    return (double)(hidden - nonzero_rows(hidden, n, second, live)) * 100 / (double)hidden;
}

static int after_update(Learner *learner, const Progress *progress, void *context) {
    Run *run = context;
    const long long step = (long long)progress->updates - 1, every = cell_integer(run->trial->cell, "evaluate-every");
    run->train_loss = progress->last.loss;
    if (step % every == 0) {
        const Evaluation test = learner_evaluate(learner, &run->data->test);
        run->test_loss = test.loss;
        run->last = percent_correct(test);
        run->best = fmax(run->best, run->last);
        run->sum += run->last;
        run->mean = run->sum / ++run->evaluations;
        run->evaluated = step;
        if (run->with_fresh && step > run->steps - every) run->fresh = learner_evaluate(learner, &run->data->fresh);
        if (run->curve) record_point(run->trial->record, run->curve, "step", (double)step, run->last);
    }
    if (step == run->score_step) masked_weights(run->masked, run->trial->scored);
    return study_stopping();
}

/* Trains what the mask leaves of the initial weights [n_parameters]. */
static int train(Run *run, const uint8_t *keep, const real *initial) {
    const Cell *cell = run->trial->cell;
    Arena *arena = arena_create(0);
    const Masked masked = masked_create(&run->trial->model, keep, initial, MASKED_AUTO, arena);
    const double rate = cell_real(cell, "learning-rate");
    run->masked = &masked;
    Learner *learner = learner_create(model_network(&masked.model, arena), arena);
    learner->weights = masked.weights;
    const int status =
        fit(learner, &(Protocol){.train = &run->data->train,
                                 .batch = run->data->batch,
                                 .order = ORDER_SEQUENTIAL,
                                 .updates = (size_t)run->steps + 1,
                                 .optimizer = {.kind = OPTIMIZER_ADAM, .learning_rate = rate},
                                 .schedule = {.initial = rate, .warm_up = (size_t)cell_integer(cell, "warm-up")},
                                 .keep = masked.keep,
                                 .after_update = after_update,
                                 .context = run});
    if (!status && run->with_train) run->train_accuracy = percent_correct(learner_evaluate(learner, &run->data->train));
    if (!status && !run->curve) run->dead = dead_relu_units(run, &masked, arena);
    learner_destroy(learner);
    arena_destroy(arena);
    return status ? -1 : 0;
}

/* ---- what the first layer's weights look like ---- */

static int present(const uint8_t *keep, size_t unit, size_t input) {
    return keep[unit * LENGTH + input];
}

/* How many runs of this length there are among a unit's inputs: neighbours that are all present.  The last input of a
 * run is looked up in last, which is keep but for the fault of the published code. */
static double runs_of(const uint8_t *keep, const uint8_t *last, size_t unit, size_t length) {
    double runs = 0;
    for (size_t j = 0; j + length <= LENGTH; j++) {
        int all = present(last, unit, j + length - 1);
        for (size_t k = 0; k + 1 < length; k++) all = all && present(keep, unit, j + k);
        runs += all;
    }
    return runs;
}

/* Figure 4g: the number of runs divided by the 40 inputs, as published (a run of 2 has 39 places), mean over the units;
 * and its standard error, the standard deviation over units divided by the root of their number. */
static void record_adjacency(const Trial *trial, const char *name, const uint8_t *keep, const uint8_t *last,
                             size_t length) {
    const size_t units = trial->model.hidden;
    double sum = 0, squares = 0;
    for (size_t u = 0; u < units; u++) {
        const double runs = runs_of(keep, last, u, length);
        sum += runs;
        squares += runs * runs;
    }
    const double n = (double)units, variance = (squares - sum * sum / n) / n;
    const char *error = arena_format(trial->arena, "%s_error", name);
    record_point(trial->record, name, "run_length", (double)length, sum / n / LENGTH);
    record_point(trial->record, error, "run_length", (double)length, sqrt(variance / n) / LENGTH);
}

static size_t weights_of(const uint8_t *keep, size_t unit) {
    size_t n = 0;
    for (size_t j = 0; j < LENGTH; j++) n += keep[unit * LENGTH + j];
    return n;
}

/* Figure S2, the picture of a mask, one column a unit: those with the most adjacent pairs first, among equals those with
 * the most weights, then by their number.  A column is recorded as a number whose bit j says that the weight of input j
 * is present. */
static void record_image(const Trial *trial, const char *name, const uint8_t *keep) {
    const char *metric = arena_format(trial->arena, "%s_column", name);
    double rank = 0;
    for (size_t pairs = LENGTH; pairs-- > 0;)
        for (size_t weights = LENGTH + 1; weights-- > 0;)
            for (size_t u = 0; u < trial->model.hidden; u++) {
                if (runs_of(keep, keep, u, 2) != (double)pairs || weights_of(keep, u) != weights) continue;
                double bits = 0;
                for (size_t j = LENGTH; j-- > 0;) bits = 2 * bits + present(keep, u, j);
                record_point(trial->record, metric, "rank", rank++, bits);
            }
}

/* The first layer of a mask: its weights, its units without any, the per cent of its weights that belong to the last five
 * inputs, and its runs. */
static void record_first_layer(const Trial *trial, const char *name, const uint8_t *keep) {
    double weights = 0, idle = 0, late = 0;
    for (size_t u = 0; u < trial->model.hidden; u++) {
        weights += (double)weights_of(keep, u);
        idle += weights_of(keep, u) == 0;
        for (size_t j = LENGTH - 5; j < LENGTH; j++) late += present(keep, u, j);
    }
    record_metric(trial->record, arena_format(trial->arena, "%s_weights", name), weights);
    record_metric(trial->record, arena_format(trial->arena, "%s_idle_units", name), idle);
    record_metric(trial->record, arena_format(trial->arena, "%s_last_inputs", name),
                  weights > 0 ? late * 100 / weights : 0);
    for (size_t length = 2; length <= 4; length++)
        record_adjacency(trial, arena_format(trial->arena, "%s_adjacent", name), keep, keep, length);
}

/* ---- the search ---- */

/* One round: the mask, the training under it, and the numbers that the published code prints.  Accuracies and losses are
 * those of the round's last evaluation, or the best and the mean of all of them. */
static int run_round(const Trial *trial, Way network, long long round) {
    const Model *model = &trial->model;
    const double sparsity = sparsity_of(trial->cell, round);
    Arena *arena = arena_create(0);
    real *scores = arena_alloc(arena, model->n_parameters, sizeof *scores);
    uint8_t *keep = arena_alloc(arena, model->n_parameters, 1);
    if (network == RANDOM)
        next_random_scores(trial, &trial->first_scores, &trial->state->scores, scores);
    else
        magnitude_scores(model, trial->scored, scores);
    mask_prune(model, sparsity, scores, keep);
    if (network == RANDOM || !trial->plan.random_rounds)
        record_point(trial->record, "sparsity", "round", (double)round, sparsity * 100);
    const int searched = trial->plan.n_retrainings > 0;
    if (searched && round == trial->ticket_round) memcpy(trial->ticket[network], keep, model->n_parameters);
    if (trial->plan.retrainings == published && round == trial->ticket_round - 1 && network == LOTTERY) {
        record_first_layer(trial, "pictured", keep); /* Figure S2 shows the round before the one that it names */
        record_image(trial, "pictured", keep);
    }
    const int scores_next = network == LOTTERY && (round == 0 || cell_is(trial->cell, "pruned-by", "before"));
    Run run = {.trial = trial,
               .data = &trial->data,
               .steps = cell_integer(trial->cell, "steps"),
               .with_fresh = trial->data.fresh.n && (round == 0 || (searched && round >= trial->ticket_round) ||
                                                     cell_is(trial->cell, "fresh-rounds", "all")),
               .score_step = scores_next ? cell_integer(trial->cell, "score-step") : -1};
    const int status = train(&run, keep, trial->initial);
    arena_destroy(arena);
    if (status) return status;
    trial->accuracy[network][round] = run.last;
    const struct {
        const char *name;
        double value;
    } metrics[] = {{"test_accuracy", run.last},  {"best_accuracy", run.best},    {"mean_accuracy", run.mean},
                   {"test_loss", run.test_loss}, {"train_loss", run.train_loss}, {"silent_units", run.dead}};
    for (size_t i = 0; i < sizeof metrics / sizeof *metrics; i++) {
        const char *name = arena_format(trial->arena, "%s_%s", network_names[network], metrics[i].name);
        record_either(trial->record, name, "round", (double)round, metrics[i].value);
    }
    if (run.with_fresh) {
        const char *accuracy = arena_format(trial->arena, "fresh_%s_test_accuracy", network_names[network]);
        const char *loss = arena_format(trial->arena, "fresh_%s_test_loss", network_names[network]);
        record_point(trial->record, accuracy, "round", (double)round, percent_correct(run.fresh));
        record_either(trial->record, loss, "round", (double)round, run.fresh.loss);
    }
    return 0;
}

/* The random ticket of the next trial, the second one of Figure S2; its scores follow its initial weights, as ours do. */
static void record_next_random(const Trial *trial) {
    const size_t n = trial->model.n_parameters;
    Arena *arena = arena_create(0);
    real *weights = arena_alloc(arena, n, sizeof *weights);
    uint8_t *keep = arena_alloc(arena, n, 1);
    Mt19937 first_scores;
    draw_weights(trial, cell_seed(trial->cell) + 1, &first_scores, weights);
    draw_random_ticket(trial, &first_scores, keep);
    record_first_layer(trial, "next_random", keep);
    arena_destroy(arena);
}

/* What a published search, of the linear schedule, found: how the first layers of the tickets look; the greatest sparsity at which the ticket is still
 * better than the whole network; where it is best; and how far it is above random pruning between 80 % and 96 %, on
 * average over the rounds. */
static void record_search(const Trial *trial) {
    record_first_layer(trial, "random", trial->ticket[RANDOM]);
    record_first_layer(trial, "lottery", trial->ticket[LOTTERY]);
    record_next_random(trial);
    record_image(trial, "random", trial->ticket[RANDOM]);
    /* The published code has a fault: the fourth weight of a run of the lottery ticket is looked up in the random one. */
    record_adjacency(trial, "lottery_adjacent_as_published", trial->ticket[LOTTERY], trial->ticket[RANDOM], 4);

    const double *ours = trial->accuracy[LOTTERY], *theirs = trial->accuracy[RANDOM];
    const double step = 100 / (double)(trial->rounds - 1);
    long long above = 0, peak = 0, n = 0;
    double gain = 0;
    for (long long round = 1; round < trial->rounds; round++) {
        const double sparsity = (double)round * step;
        if (ours[round] > ours[0]) above = round;
        if (ours[round] > ours[peak]) peak = round;
        if (sparsity >= 80 && sparsity <= 96) gain += ours[round] - theirs[round], n++;
    }
    record_metric(trial->record, "last_above_dense", (double)above * step);
    record_metric(trial->record, "peak_sparsity", (double)peak * step);
    record_metric(trial->record, "peak_accuracy", ours[peak]);
    record_metric(trial->record, "gain_over_random", n ? gain / (double)n : 0);
}

/* ---- retraining ---- */

/* The ticket with as many inputs of every unit of the first layer, at random places. */
static void scatter_inputs(const Trial *trial, uint8_t *keep) {
    Philox draws;
    philox_seed(&draws, cell_seed(trial->cell), N_DRAWN);
    for (size_t u = 0; u < trial->model.hidden; u++)
        for (size_t j = LENGTH; j-- > 1;) {
            const size_t other = philox_below(&draws, u * LENGTH + j, (uint32_t)(j + 1));
            const uint8_t kept = keep[u * LENGTH + j];
            keep[u * LENGTH + j] = keep[u * LENGTH + other];
            keep[u * LENGTH + other] = kept;
        }
}

static void starting_weights(const Trial *trial, Start start, real *weights) {
    const Model *model = &trial->model;
    Mt19937 mt;
    draw_weights(trial, cell_seed(trial->cell) + 1, &mt, weights);
    if (start == OWN) memcpy(weights, trial->initial, model->n_parameters * sizeof *weights);
    if (start == OWN || start == FRESH) return;
    for (size_t t = 0; t < model->n_tensors; t++)
        for (size_t i = model->tensors[t].offset, end = i + shape_count(model->tensors[t].shape); i < end; i++) {
            /* a uniform number within the bound has the standard deviation bound / sqrt(3) */
            const double size = start == OWN_SIGNS ? fabs((double)weights[i]) : model->tensors[t].bound / sqrt(3.0);
            weights[i] = (real)(trial->initial[i] < 0 ? -size : size);
        }
}

static int retrain(const Trial *trial, const Retraining *r, Error *error) {
    const size_t n = trial->model.n_parameters;
    const int published_only = trial->plan.retrainings == published;
    size_t columns[LENGTH];
    Arena *arena = arena_create(0);
    Data data;
    r->order(columns);
    const Mnist1dParts rows =
        r->change ? changed_rows(trial->cell, &trial->retraining, r->change, arena) : trial->retraining;
    int status = make_data(trial->cell, &rows, "retrain-batch", columns, arena, &data, error);
    if (!status) {
        real *weights = arena_alloc(arena, n, sizeof *weights);
        starting_weights(trial, r->start, weights);
        uint8_t *keep = arena_alloc(arena, n, 1);
        memcpy(keep, trial->ticket[r->network == SCATTERED ? LOTTERY : r->network], n);
        if (r->network == SCATTERED) scatter_inputs(trial, keep);
        const char *name =
            arena_format(trial->arena, "%s%s_%s", r->data, start_names[r->start], network_names[r->network]);
        Run run = {.trial = trial,
                   .data = &data,
                   .steps = cell_integer(trial->cell, "retrain-steps"),
                   .with_fresh = data.fresh.n > 0,
                   .with_train = !published_only,
                   .score_step = -1,
                   .curve = arena_format(trial->arena, "%s_accuracy", name)};
        status = train(&run, keep, weights);
        if (!status) {
            Record *record = trial->record;
            const double step = (double)run.evaluated;
            record_metric(record, arena_format(trial->arena, "%s_best", name), run.best);
            record_either(record, arena_format(trial->arena, "%s_loss", name), "step", step, run.test_loss);
            if (run.with_fresh)
                record_point(record, arena_format(trial->arena, "fresh_%s_accuracy", name), "step", step,
                             percent_correct(run.fresh));
            if (run.with_train)
                record_metric(record, arena_format(trial->arena, "%s_train_accuracy", name), run.train_accuracy);
        }
    }
    arena_destroy(arena);
    return status;
}

/* ---- a cell ---- */

/* How long training takes with this part of the weights kept, beside a dense network, as measured at the published sizes.
 * Where nearly all hidden units die, as they do in dense networks, gradients cost little; fewer die the more weights go,
 * while few weights cost little themselves: most is done between. */
static double time_with(double kept) {
    static const struct { double kept, time; } measured[] = {{0, 0.2}, {0.12, 0.9}, {0.4, 1.4}, {0.65, 1}, {1, 1}};
    size_t k = 1;
    while (k + 1 < sizeof measured / sizeof *measured && measured[k].kept < kept) k++;
    const double along = (kept - measured[k - 1].kept) / (measured[k].kept - measured[k - 1].kept);
    return measured[k - 1].time + along * (measured[k].time - measured[k - 1].time);
}

/* Core-seconds of a unit. */
static double unit_cost(const Cell *cell, const Plan *plan, uint64_t unit) {
    const uint64_t rounds = (uint64_t)cell_integer(cell, "rounds"),
                   searched = plan->random_rounds + plan->lottery_rounds;
    const double hidden = (double)cell_integer(cell, "hidden") / 500;
    double kept = 1, examples = (double)(cell_integer(cell, "steps") * cell_integer(cell, "batch"));
    if (unit < searched) {
        kept = 1 - sparsity_of(cell, (long long)(unit % rounds));
    } else {
        examples = (double)(cell_integer(cell, "retrain-steps") * cell_integer(cell, "retrain-batch"));
        if (plan->retrainings[unit - searched].network != DENSE)
            kept = 1 - sparsity_of(cell, cell_integer(cell, "ticket-round"));
    }
    return 0.02 + 1.2e-5 * examples * hidden * hidden * time_with(kept);
}

static double cost(const Cell *cell) {
    const Plan plan = plan_of(cell);
    double total = 0;
    for (uint64_t unit = plan.units; unit-- > 0;) total += unit_cost(cell, &plan, unit);
    return total;
}

static int check(const Trial *trial, Error *error) {
    const Cell *cell = trial->cell;
    if (trial->plan.n_retrainings && trial->ticket_round >= trial->rounds)
        return error_set(error, "option --ticket-round: %lld is not below the %lld rounds", trial->ticket_round,
                         trial->rounds);
    if (trial->plan.n_retrainings && !trial->plan.lottery_rounds)
        return error_set(error,
                         "options --networks and --retraining: random networks alone find no tickets to retrain");
    if (trial->plan.retrainings == published && !trial->plan.random_rounds)
        return error_set(error, "options --networks and --retraining: what is published needs both networks");
    if (trial->plan.retrainings == published && !cell_is(cell, "schedule", "linear"))
        return error_set(error, "options --schedule and --retraining: what is published of a search is of the linear "
                                "schedule: give --retraining perturbed or none");
    if (cell_integer(cell, "score-step") > cell_integer(cell, "steps"))
        return error_set(error, "option --score-step: %lld is after the last step, %lld",
                         cell_integer(cell, "score-step"), cell_integer(cell, "steps"));
    return 0;
}

/* What the search found, once it is done: all that is published, or what the masks look like. */
static void record_found(const Trial *trial) {
    if (trial->plan.retrainings == published) {
        record_search(trial);
    } else if (trial->plan.retrainings == perturbed) {
        record_first_layer(trial, "random", trial->ticket[RANDOM]);
        record_first_layer(trial, "lottery", trial->ticket[LOTTERY]);
    }
}

/* Units in order: random rounds, rounds by magnitude, retrainings.  A checkpoint follows each; those that a former run
 * has done are skipped. */
static int run_cell(const Cell *cell, Arena *arena, Record *record, Error *error) {
    const size_t hidden = (size_t)cell_integer(cell, "hidden");
    Trial trial = {.cell = cell,
                   .record = record,
                   .arena = arena,
                   .model = cell_is(cell, "activation", "leaky") ? model_leaky_residual_mlp(LENGTH, hidden, CLASSES)
                                                                 : model_residual_mlp(LENGTH, hidden, CLASSES),
                   .rounds = cell_integer(cell, "rounds"),
                   .ticket_round = cell_integer(cell, "ticket-round"),
                   .plan = plan_of(cell)};
    const Plan *plan = &trial.plan;
    Mnist1dParts search;
    if (check(&trial, error) || make_rows(cell, (uint32_t)cell_integer(cell, "data-seed"), arena, &search, error) ||
        make_data(cell, &search, "batch", NULL, arena, &trial.data, error) ||
        make_rows(cell, RETRAIN_DATA_SEED, arena, &trial.retraining, error))
        return -1;
    make_state(&trial);
    cell_resume(cell, record, trial.state, trial.state_size);

    const uint64_t searched = plan->random_rounds + plan->lottery_rounds;
    const double total = cost(cell);
    double done = 0;
    for (uint64_t unit = 0; unit < plan->units; unit++) {
        cell_progress(cell, done / total);
        done += unit_cost(cell, plan, unit);
        if (unit < trial.state->units) continue;
        int status;
        if (unit == searched) record_found(&trial);
        if (unit < plan->random_rounds)
            status = run_round(&trial, RANDOM, (long long)unit);
        else if (unit < searched)
            status = run_round(&trial, LOTTERY, (long long)(unit - plan->random_rounds));
        else
            status = retrain(&trial, &plan->retrainings[unit - searched], error);
        if (status) return -1;
        trial.state->units = unit + 1;
        if (cell_save(cell, record, trial.state, trial.state_size, error)) return -1;
    }
    return 0;
}

const Method lottery = {.name = "lottery",
                        .title = "Pruning in rounds, and retraining what is left",
                        .parameters = parameters,
                        .smoke = "hidden=60 rounds=5 ticket-round=3 steps=61 score-step=40 retrain-steps=40 "
                                 "retrain-batch=100 evaluate-every=20 num-samples=1000 fresh-examples=1000",
                        .run = run_cell,
                        .cost = cost,
                        .source = "reproduce/lottery.c"};
