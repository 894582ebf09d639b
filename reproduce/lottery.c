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
 * A trial is one cell.  It keeps what it has after every round. */
#include <math.h>
#include <string.h>

#include "data/fresh_test.h"
#include "data/mnist1d.h"
#include "kernels/linear.h"
#include "kernels/nonzero_rows.h"
#include "nn/mask.h"
#include "nn/mlp.h"
#include "nn/train.h"
#include "registry.h"

#define CLASSES 10
#define LENGTH 40
#define SEARCH_DATA_SEED 42
#define RETRAIN_DATA_SEED 43
#define SHUFFLE_SEED 0

static const Parameter parameters[] = {
    {"hidden", PARAMETER_INTEGER, "500", 1, 10000, NULL, "width of both hidden layers", NULL},
    {"rounds", PARAMETER_INTEGER, "100", 2, 100000, NULL, "of pruning, from sparsity 0 to 1 in equal steps", NULL},
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
    {"evaluate-every", PARAMETER_INTEGER, "100", 1, 10000000, NULL, "updates between evaluations of the test set",
     NULL},
    {"num-samples", PARAMETER_INTEGER, "5000", 10, 10000000, NULL, "examples generated; four fifths train", NULL},
    FRESH_TEST_PARAMETER,
    {NULL, PARAMETER_REAL, NULL, 0, 0, NULL, NULL, NULL}};

/* ---- data ---- */

/* A data set, examples outermost. */
typedef struct Rows {
    size_t n_train, n_test;
    const float *train, *test; /* [n][LENGTH] */
    const uint8_t *train_labels, *test_labels;
    FreshTest fresh;
} Rows;

static int make_rows(const Cell *cell, uint32_t seed, Arena *arena, Rows *rows, Error *error) {
    Mnist1dOptions options = mnist1d_defaults();
    options.num_samples = (size_t)cell_integer(cell, "num-samples");
    options.seed = seed;
    const char *fault = mnist1d_check(&options);
    if (fault) return error_set(error, "option --num-samples: %s", fault);
    Mnist1d raw;
    if (mnist1d_make(&options, arena, &raw, error)) return -1;
    *rows = (Rows){.n_train = raw.n_train,
                   .n_test = raw.n_test,
                   .train = mnist1d_binary32(raw.n_train * LENGTH, raw.x, arena),
                   .test = mnist1d_binary32(raw.n_test * LENGTH, raw.x_test, arena),
                   .train_labels = raw.y,
                   .test_labels = raw.y_test};
    return fresh_test_make((size_t)cell_integer(cell, "fresh-examples"), &options, &raw, arena, &rows->fresh, error);
}

/* It in an order of the features, as training takes it. */
typedef struct Data {
    Batches batches;
    Examples test, fresh; /* fresh.n 0: there are none */
} Data;

static int make_data(const Cell *cell, const Rows *rows, const char *batch_option, const size_t columns[LENGTH],
                     Arena *arena, Data *data, Error *error) {
    const size_t batch = (size_t)cell_integer(cell, batch_option);
    if (rows->n_train % batch)
        return error_set(error, "option --%s: %zu does not divide the %zu training examples", batch_option, batch,
                         rows->n_train);
    data->test = examples_make(rows->n_test, LENGTH, rows->test, rows->test_labels, columns, arena);
    data->fresh = examples_make(rows->fresh.n, LENGTH, rows->fresh.rows, rows->fresh.labels, columns, arena);
    return batches_make(rows->n_train, LENGTH, batch, rows->train, rows->train_labels, columns, arena, &data->batches,
                        error);
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

typedef enum Network { DENSE, LOTTERY, RANDOM, N_NETWORKS } Network;
static const char *const network_names[] = {"dense", "lottery", "random"};

typedef struct Retraining {
    const char *name;
    void (*order)(size_t columns[LENGTH]);
    int fresh; /* initial weights of the next trial; else the ticket's own */
    Network network;
} Retraining;

/* A network without pruning, or with a random mask, does not see the order of the features while its initial weights are
 * fresh: it would only be one more seed of "original_fresh", which has both. */
static const Retraining retrainings[] = {
    {"original", order_original, 0, DENSE},         {"original", order_original, 0, LOTTERY},
    {"original", order_original, 0, RANDOM},        {"flipped", order_flipped, 0, DENSE},
    {"flipped", order_flipped, 0, LOTTERY},         {"flipped", order_flipped, 0, RANDOM},
    {"shuffled", order_shuffled, 0, DENSE},         {"shuffled", order_shuffled, 0, LOTTERY},
    {"shuffled", order_shuffled, 0, RANDOM},        {"chunks", order_chunks, 0, DENSE},
    {"chunks", order_chunks, 0, LOTTERY},           {"chunks", order_chunks, 0, RANDOM},
    {"original_fresh", order_original, 1, DENSE},   {"original_fresh", order_original, 1, LOTTERY},
    {"original_fresh", order_original, 1, RANDOM},  {"flipped_fresh", order_flipped, 1, LOTTERY},
    {"shuffled_fresh", order_shuffled, 1, LOTTERY}, {"chunks_fresh", order_chunks, 1, LOTTERY}};
enum { N_RETRAININGS = sizeof retrainings / sizeof *retrainings };

/* What a checkpoint keeps: one block of memory, this header and then the arrays to which a Trial points below. */
typedef struct State {
    uint64_t units; /* of work that are done: random rounds, then rounds by magnitude, then retrainings */
    Mt19937 scores; /* the stream of random pruning */
} State;

typedef struct Trial {
    const Cell *cell;
    Record *record;
    Arena *arena;
    Model model;
    Data data;       /* of the search */
    Rows retraining; /* the data set of the retrainings */
    real *initial;   /* [n_parameters] */
    long long rounds, ticket_round;
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
    draw_weights(trial, cell_seed(trial->cell), &trial->state->scores, trial->initial);
    memcpy(trial->scored, trial->initial, n * sizeof(real));
    mask_fill(&trial->model, trial->ticket[DENSE]);
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
} Run;

/* Dead ReLU units: per cent of the second hidden layer's units that are zero for all test examples; NAN for weights
 * that are not finite. */
static double dead_relu_units(const Run *run, const Masked *masked, Arena *arena) {
    const Model *model = &run->trial->model;
    const ParameterTensor *tensors = model->tensors;
    const size_t hidden = model->hidden, n = run->data->test.n;
    real *weights = arena_alloc(arena, model->n_parameters, sizeof *weights);
    real *first = arena_alloc(arena, hidden * n, sizeof *first),
         *second = arena_alloc(arena, hidden * n, sizeof *second);
    uint32_t *live = arena_alloc(arena, hidden, sizeof *live);
    masked_weights(masked, weights);
    if (!all_finite(model->n_parameters, weights)) return NAN;
    linear_forward(hidden, LENGTH, n, weights + tensors[0].offset, weights + tensors[1].offset, run->data->test.x,
                   ACTIVATION_RELU, first);
    linear_forward(hidden, hidden, n, weights + tensors[2].offset, weights + tensors[3].offset, first, ACTIVATION_RELU,
                   second);
    return (double)(hidden - nonzero_rows(hidden, n, second, live)) * 100 / (double)hidden;
}

/* Trains what the mask leaves of the initial weights [n_parameters]. */
static int train(Run *run, const uint8_t *keep, const real *initial) {
    const Cell *cell = run->trial->cell;
    Arena *arena = arena_create(0);
    const Masked masked = masked_create(&run->trial->model, keep, initial, MASKED_AUTO, arena);
    Optimizer adam =
        optimizer_create(OPTIMIZER_ADAM, cell_real(cell, "learning-rate"), 0, masked.model.n_parameters, arena);
    Trainer *trainer = trainer_create(&masked.model, masked.weights, adam, arena);
    trainer_mask(trainer, masked.keep);

    const long long every = cell_integer(cell, "evaluate-every");
    double sum = 0;
    int evaluations = 0, status = 0;
    for (long long step = 0; step <= run->steps && !status; step++) {
        run->train_loss = trainer_step_on(trainer, &run->data->batches, (size_t)step);
        if (step % every == 0) {
            const Evaluation test = trainer_evaluate(trainer, &run->data->test);
            run->test_loss = test.loss;
            run->last = percent_correct(test);
            run->best = fmax(run->best, run->last);
            sum += run->last;
            run->mean = sum / ++evaluations;
            run->evaluated = step;
            if (run->with_fresh && step > run->steps - every) run->fresh = trainer_evaluate(trainer, &run->data->fresh);
            if (run->curve) record_point(run->trial->record, run->curve, "step", (double)step, run->last);
        }
        if (step == run->score_step) masked_weights(&masked, run->trial->scored);
        if (study_stopping()) status = -1;
    }
    if (!status && !run->curve) run->dead = dead_relu_units(run, &masked, arena);
    trainer_destroy(trainer);
    arena_destroy(arena);
    return status;
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
static int run_round(const Trial *trial, Network network, long long round) {
    const Model *model = &trial->model;
    const double sparsity = (double)round / (double)(trial->rounds - 1);
    Arena *arena = arena_create(0);
    real *scores = arena_alloc(arena, model->n_parameters, sizeof *scores);
    uint8_t *keep = arena_alloc(arena, model->n_parameters, 1);
    if (network == RANDOM)
        random_scores(model, &trial->state->scores, scores);
    else
        magnitude_scores(model, trial->scored, scores);
    mask_prune(model, sparsity, scores, keep);
    if (network == RANDOM) record_point(trial->record, "sparsity", "round", (double)round, sparsity * 100);
    if (round == trial->ticket_round) memcpy(trial->ticket[network], keep, model->n_parameters);
    if (round == trial->ticket_round - 1 && network == LOTTERY) {
        record_first_layer(trial, "pictured", keep); /* Figure S2 shows the round before the one that it names */
        record_image(trial, "pictured", keep);
    }
    Run run = {.trial = trial,
               .data = &trial->data,
               .steps = cell_integer(trial->cell, "steps"),
               .with_fresh = trial->data.fresh.n && (round == 0 || round >= trial->ticket_round),
               .score_step = network == LOTTERY ? cell_integer(trial->cell, "score-step") : -1};
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
    const Model *model = &trial->model;
    Arena *arena = arena_create(0);
    real *drawn = arena_alloc(arena, model->n_parameters, sizeof *drawn);
    uint8_t *keep = arena_alloc(arena, model->n_parameters, 1);
    Mt19937 mt;
    draw_weights(trial, cell_seed(trial->cell) + 1, &mt, drawn);
    for (long long round = 0; round <= trial->ticket_round; round++) random_scores(model, &mt, drawn);
    mask_prune(model, (double)trial->ticket_round / (double)(trial->rounds - 1), drawn, keep);
    record_first_layer(trial, "next_random", keep);
    arena_destroy(arena);
}

/* What the search found: how the first layers of the tickets look; the greatest sparsity at which the ticket is still
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

static int retrain(const Trial *trial, const Retraining *r, Error *error) {
    size_t columns[LENGTH];
    Arena *arena = arena_create(0);
    Data data;
    Mt19937 mt;
    r->order(columns);
    int status = make_data(trial->cell, &trial->retraining, "retrain-batch", columns, arena, &data, error);
    if (!status) {
        real *fresh = arena_alloc(arena, trial->model.n_parameters, sizeof *fresh);
        draw_weights(trial, cell_seed(trial->cell) + 1, &mt, fresh);
        const char *name = arena_format(trial->arena, "%s_%s", r->name, network_names[r->network]);
        Run run = {.trial = trial,
                   .data = &data,
                   .steps = cell_integer(trial->cell, "retrain-steps"),
                   .with_fresh = data.fresh.n > 0,
                   .score_step = -1,
                   .curve = arena_format(trial->arena, "%s_accuracy", name)};
        status = train(&run, trial->ticket[r->network], r->fresh ? fresh : trial->initial);
        if (!status) {
            Record *record = trial->record;
            const double step = (double)run.evaluated;
            record_metric(record, arena_format(trial->arena, "%s_best", name), run.best);
            record_either(record, arena_format(trial->arena, "%s_loss", name), "step", step, run.test_loss);
            if (run.with_fresh)
                record_point(record, arena_format(trial->arena, "fresh_%s_accuracy", name), "step", step,
                             percent_correct(run.fresh));
        }
    }
    arena_destroy(arena);
    return status;
}

/* ---- a cell ---- */

/* Core-seconds of a unit at the published sizes.  Dense products cost the same whatever the mask; below 38 % of the
 * weights sparse ones take over, which cost less the fewer are left. */
static double unit_cost(const Cell *cell, uint64_t unit) {
    const uint64_t rounds = (uint64_t)cell_integer(cell, "rounds");
    const double hidden = (double)cell_integer(cell, "hidden") / 500;
    double kept = 1, examples = (double)(cell_integer(cell, "steps") * cell_integer(cell, "batch"));
    if (unit < 2 * rounds) {
        kept = 1 - (double)(unit % rounds) / (double)(rounds - 1);
    } else {
        examples = (double)(cell_integer(cell, "retrain-steps") * cell_integer(cell, "retrain-batch"));
        if (retrainings[unit - 2 * rounds].network != DENSE)
            kept = 1 - (double)cell_integer(cell, "ticket-round") / (double)(rounds - 1);
    }
    const double part = kept > 0.38 ? 1 : 0.28 + 1.55 * kept;
    return 0.02 + 0.9e-5 * examples * hidden * hidden * part;
}

static double cost(const Cell *cell) {
    double total = 0;
    for (uint64_t unit = 2 * (uint64_t)cell_integer(cell, "rounds") + N_RETRAININGS; unit-- > 0;)
        total += unit_cost(cell, unit);
    return total;
}

/* Units in order: random rounds, rounds by magnitude, retrainings.  A checkpoint follows each; those that a former run
 * has done are skipped. */
static int run_cell(const Cell *cell, Arena *arena, Record *record, Error *error) {
    Trial trial = {.cell = cell,
                   .record = record,
                   .arena = arena,
                   .model = model_residual_mlp(LENGTH, (size_t)cell_integer(cell, "hidden"), CLASSES),
                   .rounds = cell_integer(cell, "rounds"),
                   .ticket_round = cell_integer(cell, "ticket-round")};
    if (trial.ticket_round >= trial.rounds)
        return error_set(error, "option --ticket-round: %lld is not below the %lld rounds", trial.ticket_round,
                         trial.rounds);
    if (cell_integer(cell, "score-step") > cell_integer(cell, "steps"))
        return error_set(error, "option --score-step: %lld is after the last step, %lld",
                         cell_integer(cell, "score-step"), cell_integer(cell, "steps"));
    Rows search;
    if (make_rows(cell, SEARCH_DATA_SEED, arena, &search, error) ||
        make_data(cell, &search, "batch", NULL, arena, &trial.data, error) ||
        make_rows(cell, RETRAIN_DATA_SEED, arena, &trial.retraining, error))
        return -1;
    make_state(&trial);
    cell_resume(cell, record, trial.state, trial.state_size);

    const uint64_t rounds = (uint64_t)trial.rounds, units = 2 * rounds + N_RETRAININGS;
    const double total = cost(cell);
    double done = 0;
    for (uint64_t unit = 0; unit < units; unit++) {
        cell_progress(cell, done / total);
        done += unit_cost(cell, unit);
        if (unit < trial.state->units) continue;
        int status;
        if (unit == 2 * rounds) record_search(&trial);
        if (unit < rounds)
            status = run_round(&trial, RANDOM, (long long)unit);
        else if (unit < 2 * rounds)
            status = run_round(&trial, LOTTERY, (long long)(unit - rounds));
        else
            status = retrain(&trial, &retrainings[unit - 2 * rounds], error);
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
