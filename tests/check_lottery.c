/* Masks, pruning and sparse training: the same bits as with every weight multiplied, PyTorch's losses, and the random
 * masks of the published figure. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "csv_values.h"
#include "data/mnist1d.h"
#include "experiment_runs.h"
#include "fake_project.h"
#include "kernels/elementwise.h"
#include "kernels/gemm.h"
#include "kernels/linear.h"
#include "nn/fit.h"
#include "nn/logistic.h"
#include "nn/mask.h"
#include "nn/mlp.h"
#include "suite.h"

enum { INPUTS = 40, CLASSES = 10, HIDDEN = 500, BATCH = 100, FIRST_LAYER = HIDDEN * INPUTS };

static Arena *arena;

static void setup(void) {
    arena = arena_create(0);
}

static void teardown(void) {
    arena_destroy(arena);
}

static LabelledSet load(void) {
    Mnist1d set;
    const Mnist1dOptions options = mnist1d_defaults();
    ck_assert_int_eq(mnist1d_make(&options, arena, &set, NULL), 0);
    return set_of_rows(set.n_train, INPUTS, CLASSES, mnist1d_binary32(set.n_train * INPUTS, set.x, arena), set.y, NULL,
                       arena);
}

/* Initial weights of a seed, and the random mask of a round of the published search. */
static void published_trial(const Model *model, uint32_t seed, int round, real *weights, uint8_t *keep) {
    Mt19937 mt;
    real *scores = arena_alloc(arena, model->n_parameters, sizeof *scores);
    mt19937_seed(&mt, seed);
    model_initialize(model, &mt, weights);
    for (int r = 0; r <= round; r++) random_scores(model, &mt, scores);
    mask_prune(model, round / 99., scores, keep);
}

/* ---- kernels: awkward sizes, densities on both sides of the choice, the dense product of the same weights ---- */

static const struct {
    size_t out, in, batch;
    double density;
} shapes[] = {{7, 13, 1, 0.3},      {33, 40, 100, 0.08},  {64, 64, 96, 0.05},   {50, 70, 203, 0.5},
              {128, 96, 37, 0.2},   {500, 40, 128, 0.02}, {10, 500, 100, 0},    {500, 500, 100, 0.08},
              {130, 150, 500, 0.4}, {70, 200, 9, 0.6},    {90, 300, 130, 0.12}, {1, 129, 17, 0.3},
              {64, 80, 100, 0.8}};
enum { N_SHAPES = sizeof shapes / sizeof *shapes };
static const size_t live_every[] = {1, 2, 20}; /* the other rows of the gradient are zero throughout */
enum { N_LIVE = sizeof live_every / sizeof *live_every };

static real *noise(Mt19937 *mt, size_t count) {
    real *out = arena_alloc(arena, count, sizeof *out);
    for (size_t i = 0; i < count; i++) out[i] = 2 * torch_rand(mt) - 1;
    return out;
}

/* The same bits, but for the sign of zeros where gradients are so tiny that sums underflow (sparse.h). */
static void assert_same_gradients(int tiny, size_t count, const real *a, const real *b) {
    if (!tiny) ck_assert_mem_eq(a, b, count * sizeof *a);
    for (size_t i = 0; i < count; i++) ck_assert(a[i] == b[i]);
}

START_TEST(sparse_kernels_have_the_dense_bits) {
    const size_t out = shapes[_i % N_SHAPES].out, in = shapes[_i % N_SHAPES].in, batch = shapes[_i % N_SHAPES].batch;
    Mt19937 mt;
    mt19937_seed(&mt, 1);
    uint8_t *keep = arena_alloc(arena, out * in, 1);
    real *weight = noise(&mt, out * in), *bias = noise(&mt, out), *x = noise(&mt, in * batch);
    real *g = noise(&mt, out * batch), *values = noise(&mt, out * in), *gw = noise(&mt, out * in);
    real *dense = noise(&mt, out * in), *left = noise(&mt, out * in);
    real *y[2] = {noise(&mt, out * batch), noise(&mt, out * batch)},
         *gx[2] = {noise(&mt, in * batch), noise(&mt, in * batch)};
    for (size_t i = 0; i < out * in; i++) keep[i] = (double)torch_rand(&mt) < shapes[_i % N_SHAPES].density;
    for (size_t i = 0; i < out * batch; i++)
        if (i / batch % live_every[_i / N_SHAPES % N_LIVE]) g[i] = i % 3 ? 0 : -0.0f;
    const int tiny = _i >= N_SHAPES * N_LIVE; /* gradients of all sizes, one in seven subnormal */
    if (tiny)
        for (size_t i = 0; i < out * batch; i++) g[i] = ldexpf(g[i], -(int)(i % 149));
    vector_mask(out * in, keep, weight, weight);
    const SparsePattern p = sparse_pattern(out, in, keep, arena);
    sparse_gather(&p, weight, values);
    sparse_scatter(&p, values, dense);
    ck_assert_mem_eq(dense, weight, out * in * sizeof(real));
    linear_forward(out, in, batch, weight, bias, x, ACTIVATION_RELU, y[0]);
    gemm_tn(in, batch, out, weight, in, g, batch, gx[0], batch, 0);
    gemm_nt(out, in, batch, g, batch, x, batch, dense, in, 0);
    sparse_gather(&p, dense, left);
    for (int chosen = 0; chosen < 2; chosen++) {
        (chosen ? masked_forward : sparse_forward)(&p, batch, values, bias, x, ACTIVATION_RELU, y[1]);
        (chosen ? masked_input_gradient : sparse_input_gradient)(&p, batch, values, g, gx[1]);
        ck_assert_mem_eq(y[0], y[1], out * batch * sizeof(real));
        assert_same_gradients(tiny, in * batch, gx[0], gx[1]);
    }
    masked_weight_gradient(&p, batch, g, x, gw);
    assert_same_gradients(tiny, p.count, gw, left);
}
END_TEST

static void assert_same_numbers(size_t count, const real *a, const real *b) {
    for (size_t i = 0; i < count; i++) ck_assert(isnan(a[i]) ? isnan(b[i]) : memcmp(a + i, b + i, sizeof *a) == 0);
}

/* A zero of the gradient times infinity is not left out. */
START_TEST(infinite_factors_are_multiplied_with_zeros) {
    enum { OUT = 50, IN = 70, COLUMNS = 33, LIVE_EVERY = 10 };
    Mt19937 mt;
    mt19937_seed(&mt, 1);
    uint8_t *keep = arena_alloc(arena, OUT * IN, 1);
    real *weight = noise(&mt, OUT * IN), *x = noise(&mt, IN * COLUMNS), *g = noise(&mt, OUT * COLUMNS);
    real *values = noise(&mt, OUT * IN), *dense = noise(&mt, OUT * IN), *gw = noise(&mt, OUT * IN);
    real *left = noise(&mt, OUT * IN), *gx = noise(&mt, IN * COLUMNS), *expected = noise(&mt, IN * COLUMNS);
    for (size_t i = 0; i < OUT * COLUMNS; i++)
        if (i / COLUMNS % LIVE_EVERY) g[i] = 0;
    for (size_t i = 0; i < OUT * IN; i++) keep[i] = i % 20 == 15;
    vector_mask(OUT * IN, keep, weight, weight);
    weight[15 * IN + 5] = x[5 * COLUMNS + 3] = INFINITY; /* row 15 is not live */
    ck_assert(keep[15 * IN + 5]);
    const SparsePattern p = sparse_pattern(OUT, IN, keep, arena);
    sparse_gather(&p, weight, values);
    masked_input_gradient(&p, COLUMNS, values, g, gx);
    gemm_tn(IN, COLUMNS, OUT, weight, IN, g, COLUMNS, expected, COLUMNS, 0);
    assert_same_numbers(IN * COLUMNS, gx, expected);
    masked_weight_gradient(&p, COLUMNS, g, x, gw);
    gemm_nt(OUT, IN, COLUMNS, g, COLUMNS, x, COLUMNS, dense, IN, 0);
    sparse_gather(&p, dense, left);
    assert_same_numbers(p.count, gw, left);
}
END_TEST

/* ---- pruning ---- */

static size_t dropped(const uint8_t *keep, size_t start, size_t n) {
    size_t count = 0;
    for (size_t i = start; i < start + n; i++) count += !keep[i];
    return count;
}

START_TEST(as_many_are_dropped_in_each_layer_as_published) {
    static const size_t expected[2][3] = {{18636, 227727, 4554}, {18843, 230257, 4605}};
    const Model model = model_residual_mlp(INPUTS, HIDDEN, CLASSES);
    real *weights = arena_alloc(arena, model.n_parameters, sizeof *weights);
    uint8_t *keep = arena_alloc(arena, model.n_parameters, 1);
    for (int i = 0; i < 2; i++) {
        published_trial(&model, 42, 90 + i, weights, keep);
        ck_assert_uint_eq(dropped(keep, 0, 20500), expected[i][0]);
        ck_assert_uint_eq(dropped(keep, 20500, 250500), expected[i][1]);
        ck_assert_uint_eq(dropped(keep, 271000, 5010), expected[i][2]);
    }
}
END_TEST

START_TEST(lowest_scores_go_and_the_first_of_equals) {
    const Model model = model_logistic(3, 2); /* 6 weights and 2 biases, one layer */
    const real scores[8] = {0.5f, 0.25f, 1, 0.25f, 0, 2, 0.25f, 3};
    uint8_t keep[8];
    mask_prune(&model, 0.375, scores, keep); /* 3 of 8 */
    const uint8_t expected[8] = {1, 0, 1, 0, 0, 1, 1, 1};
    ck_assert_mem_eq(keep, expected, 8);
    mask_prune(&model, 0.49, scores, keep); /* truncated: 3.92 is 3 */
    ck_assert_mem_eq(keep, expected, 8);
    mask_prune(&model, 1, scores, keep);
    ck_assert_uint_eq(dropped(keep, 0, 8), 8);
    mask_prune(&model, 0, scores, keep);
    ck_assert_uint_eq(dropped(keep, 0, 8), 0);
    const real lost[8] = {0.5f, (real)NAN, 1, 0, (real)NAN, 2, (real)NAN, 3};
    const uint8_t without_lost[8] = {1, 0, 1, 0, 0, 1, 0, 1};
    mask_prune(&model, 0.5, lost, keep);
    ck_assert_mem_eq(keep, without_lost, 8);
}
END_TEST

/* Decoded cell by cell from Figure S2: weights of the first layer, runs of 2, 3 and 4, units without an input. */
START_TEST(random_masks_are_those_of_the_published_figure) {
    static const size_t expected[2][5] = {{1620, 144, 18, 2, 13}, {1617, 124, 13, 1, 14}};
    const Model model = model_residual_mlp(INPUTS, HIDDEN, CLASSES);
    real *weights = arena_alloc(arena, model.n_parameters, sizeof *weights);
    uint8_t *keep = arena_alloc(arena, model.n_parameters, 1);
    for (uint32_t trial = 0; trial < 2; trial++) {
        size_t counts[5] = {0};
        published_trial(&model, 42 + trial, 91, weights, keep);
        for (size_t u = 0; u < HIDDEN; u++) {
            size_t run = 0, all = 0;
            for (size_t j = 0; j < INPUTS; j++) {
                run = keep[u * INPUTS + j] ? run + 1 : 0;
                all += run > 0;
                for (size_t length = 2; length <= 4 && length <= run; length++) counts[length - 1]++;
            }
            counts[0] += all;
            counts[4] += all == 0;
        }
        for (int i = 0; i < 5; i++) ck_assert_uint_eq(counts[i], expected[trial][i]);
    }
}
END_TEST

/* ---- training ---- */

static int note_loss(Learner *learner, const Progress *progress, void *context) {
    double *losses = context;
    (void)learner;
    losses[progress->updates - 1] = progress->last.loss;
    return 0;
}

/* Losses of steps under a mask, and the weights it ends with in the whole vector. */
static void train(const Model *model, const LabelledSet *set, const uint8_t *keep, const real *initial, MaskedForm form,
                  size_t steps, double *losses, real *weights) {
    const Masked masked = masked_create(model, keep, initial, form, arena);
    Learner *learner = learner_create(model_network(&masked.model, arena), arena);
    learner->weights = masked.weights;
    fit(learner, &(Protocol){.train = set,
                             .batch = BATCH,
                             .updates = steps,
                             .optimizer = {.kind = OPTIMIZER_ADAM, .learning_rate = 0.02},
                             .keep = masked.keep,
                             .after_update = note_loss,
                             .context = losses});
    masked_weights(&masked, weights);
    learner_destroy(learner);
}

START_TEST(sparse_training_has_the_bits_of_the_whole) {
    enum { STEPS = 30 };
    const Model model = model_residual_mlp(INPUTS, HIDDEN, CLASSES);
    const LabelledSet set = load();
    const size_t n = model.n_parameters;
    real *initial = arena_alloc(arena, n, sizeof *initial);
    real *weights[2] = {arena_alloc(arena, n, sizeof(real)), arena_alloc(arena, n, sizeof(real))};
    uint8_t *keep = arena_alloc(arena, n, 1);
    double losses[2][STEPS];
    for (int round = 60; round < 99; round += 16) { /* 60 %, 77 %, 93 % */
        published_trial(&model, 42, round, initial, keep);
        train(&model, &set, keep, initial, MASKED_WHOLE, STEPS, losses[0], weights[0]);
        train(&model, &set, keep, initial, MASKED_SPARSE, STEPS, losses[1], weights[1]);
        ck_assert_mem_eq(losses[0], losses[1], sizeof losses[0]);
        ck_assert_mem_eq(weights[0], weights[1], n * sizeof(real));
        for (size_t i = 0; i < n; i++) ck_assert(keep[i] || weights[0][i] == 0);
    }
}
END_TEST

/* At this rate the whole network amplifies rounding by orders of magnitude in a few steps (its loss jumps from 2.3 to
 * 8.8); the ticket does not.  The tolerance of the ticket is the rounding of sums of 500 products in binary32 over 40
 * updates; that of the whole network holds for its first steps, before the amplification. */
START_TEST(losses_follow_pytorch) {
    enum { STEPS = 40, WHOLE_STEPS = 5 };
    const Model model = model_residual_mlp(INPUTS, HIDDEN, CLASSES);
    const LabelledSet set = load();
    real *initial = arena_alloc(arena, model.n_parameters, sizeof *initial);
    real *weights = arena_alloc(arena, model.n_parameters, sizeof *weights);
    uint8_t *keep = arena_alloc(arena, model.n_parameters, 1);
    double ticket[STEPS], whole[STEPS], theirs;
    CsvTable table;
    Error error = {""};
    ck_assert_msg(csv_read("tests/oracle/lottery_loss.csv", arena, &table, &error) == 0, "%s", error.text);
    published_trial(&model, 42, 91, initial, keep);
    train(&model, &set, keep, initial, MASKED_SPARSE, STEPS, ticket, weights);
    mask_fill(&model, keep);
    train(&model, &set, keep, initial, MASKED_WHOLE, STEPS, whole, weights);
    ck_assert_uint_eq(table.rows, STEPS);
    for (size_t step = 0; step < STEPS; step++) {
        ck_assert_int_eq(csv_number(&table, step, 2, &theirs, &error), 0);
        ck_assert_msg(fabs(ticket[step] - theirs) < 1e-6 * theirs, "ticket, step %zu: %.9g, PyTorch %.9g", step,
                      ticket[step], theirs);
        ck_assert_int_eq(csv_number(&table, step, 1, &theirs, &error), 0);
        ck_assert_msg(step >= WHOLE_STEPS || fabs(whole[step] - theirs) < 1e-6 * theirs,
                      "whole, step %zu: %.9g, PyTorch %.9g", step, whole[step], theirs);
    }
}
END_TEST

/* ---- silent units ---- */

START_TEST(without_weights_every_unit_is_silent) {
    const CsvTable results =
        run_experiment("lottery", "--size=smoke --seeds=1 --rounds=2 --ticket-round=1 --steps=5 --score-step=3", arena);
    size_t found = 0;
    for (size_t row = 0; row < results.rows; row++) {
        if (strcmp(csv_text(&results, row, 3), "lottery_silent_units") != 0) continue;
        const double round = table_number(&results, row, 5), silent = table_number(&results, row, 6);
        ck_assert(round > 0 ? silent == 100 : silent < 50);
        found++;
    }
    ck_assert_uint_eq(found, 2);
}
END_TEST

/* ---- fresh test signals ---- */

/* Rows about the metric at the greatest x; NAN without one. */
static double last_of(const CsvTable *results, const char *metric) {
    double value = NAN;
    for (size_t row = 0; row < results->rows; row++)
        if (!strcmp(csv_text(results, row, 3), metric)) value = table_number(results, row, 6);
    return value;
}

/* All other rows are the same without them, and each retraining is measured on signals in its own order of features:
 * within 3 standard deviations of 1000 test signals and 1000 fresh ones, where another order costs 15 points. */
START_TEST(fresh_signals_change_nothing_else) {
    const char *options = "--size=smoke --seeds=1 --num-samples=5000 --retrain-steps=300";
    const CsvTable with = run_experiment("lottery", options, arena);
    const CsvTable without = run_experiment("lottery", arena_format(arena, "%s --fresh-examples=0", options), arena);
    size_t same = 0, retrained = 0, searched = 0;
    for (size_t row = 0; row < with.rows; row++) {
        const char *metric = csv_text(&with, row, 3);
        if (strncmp(metric, "fresh_", 6) != 0) {
            for (size_t column = 2; column < 7; column++)
                ck_assert_str_eq(csv_text(&with, row, column), csv_text(&without, same, column));
            same++;
        } else if (strcmp(csv_text(&with, row, 4), "step") == 0) {
            const double on_test = last_of(&with, metric + 6);
            ck_assert_msg(fabs(table_number(&with, row, 6) - on_test) < 6.7, "%s: %g", metric, on_test);
            retrained++;
        } else {
            const double round = table_number(&with, row, 5);
            ck_assert_msg(round == 0 || round == 3 || round == 4, "%s, round %g", metric, round);
            searched++;
        }
    }
    ck_assert_uint_eq(same, without.rows);
    ck_assert_uint_eq(retrained, 18);
    ck_assert_uint_eq(searched, 2 * 2 * 3);
}
END_TEST

/* The random mask of the next trial is what that trial finds, whichever scores it draws. */
START_TEST(next_random_is_that_of_the_next_seed) {
    static const char *const masks[] = {"anew", "nested"};
    const char *options = arena_format(arena, "--size=smoke --seeds=2 --random-masks=%s", masks[_i]);
    const CsvTable results = run_experiment("lottery", options, arena);
    size_t compared = 0;
    for (size_t row = 0; row < results.rows; row++) {
        const char *metric = csv_text(&results, row, 3);
        if (strncmp(metric, "next_", 5) || strcmp(csv_text(&results, row, 2), "42")) continue;
        for (size_t other = 0; other < results.rows; other++)
            if (!strcmp(csv_text(&results, other, 3), metric + 5) && !strcmp(csv_text(&results, other, 2), "43") &&
                !strcmp(csv_text(&results, other, 5), csv_text(&results, row, 5))) {
                ck_assert_str_eq(csv_text(&results, other, 6), csv_text(&results, row, 6));
                compared++;
            }
    }
    ck_assert_uint_eq(compared, 3 + 2 * 3);
}
END_TEST

/* ---- a trial that is killed between rounds ---- */

START_TEST(killed_trial_goes_on_from_its_last_round) {
    check_killed_run("lottery", "--size=smoke --seeds=1 --steps=601", _i ? KILLED_AND_DAMAGED : KILLED);
}
END_TEST

/* ---- what is kept between rounds: a cell that stops before its fourth round of five ---- */

static int stop_before = 3, rounds_run;

static int run_rounds(const Cell *cell, Arena *own, Record *record, Error *error) {
    double state[2] = {0, 1}; /* rounds done; a value that every round doubles */
    (void)own;
    cell_resume(cell, record, state, sizeof state);
    for (; state[0] < 5; cell_progress(cell, state[0] / 5)) {
        if ((int)state[0] == stop_before) return error_set(error, "stopped");
        rounds_run++;
        state[0]++;
        state[1] *= 2;
        record_point(record, "value", "round", state[0], state[1] / 3);
        if (cell_save(cell, record, state, sizeof state, error)) return -1;
    }
    return 0;
}

static const Parameter no_parameters[] = {{NULL, PARAMETER_REAL, NULL, 0, 0, NULL, NULL, NULL}};
static const Method rounds_method = {
    .name = "rounds", .title = "Rounds", .parameters = no_parameters, .run = run_rounds};
static const Method *const rounds_methods[] = {&rounds_method, NULL};

START_TEST(only_what_is_left_is_run) {
    char *folder = fresh_directory();
    const Catalogue catalogue =
        project_with(folder, rounds_methods, EXPERIMENTS_HEADER "rounds,none,Rounds,rounds,,,1,1,42\n", arena);
    const Experiment *experiment = find_experiment(&catalogue, "rounds");
    Error error = {""};
    Run run;
    stop_before = 3, rounds_run = 0;
    ck_assert_int_ne(run_in(experiment, "", folder, arena, &run, &error), 0);
    ck_assert_int_eq(rounds_run, 3);
    stop_before = -1, rounds_run = 0;
    ck_assert_msg(run_in(experiment, _i ? "--fresh" : "", folder, arena, &run, &error) == 0, "%s", error.text);
    ck_assert_int_eq(rounds_run, _i ? 5 : 2); /* --fresh begins anew */
    char *text = slurp(arena_format(arena, "%s.csv", run.stem));
    ck_assert_str_eq(text, "study,cell,seed,metric,x_name,x,value\n"
                           "rounds,default,42,value,round,1,0.6666666666666666\n"
                           "rounds,default,42,value,round,2,1.3333333333333333\n"
                           "rounds,default,42,value,round,3,2.6666666666666665\n"
                           "rounds,default,42,value,round,4,5.333333333333333\n"
                           "rounds,default,42,value,round,5,10.666666666666666\n");
    free(text);
    remove_tree(folder);
    free(folder);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("lottery");
    TCase *t = tcase_create("lottery");
    tcase_set_timeout(t, 300);
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_loop_test(t, sparse_kernels_have_the_dense_bits, 0, 2 * N_SHAPES * N_LIVE);
    tcase_add_test(t, infinite_factors_are_multiplied_with_zeros);
    tcase_add_test(t, as_many_are_dropped_in_each_layer_as_published);
    tcase_add_test(t, lowest_scores_go_and_the_first_of_equals);
    tcase_add_test(t, random_masks_are_those_of_the_published_figure);
    tcase_add_test(t, sparse_training_has_the_bits_of_the_whole);
    tcase_add_test(t, losses_follow_pytorch);
    tcase_add_test(t, without_weights_every_unit_is_silent);
    tcase_add_test(t, fresh_signals_change_nothing_else);
    tcase_add_loop_test(t, next_random_is_that_of_the_next_seed, 0, 2);
    tcase_add_loop_test(t, killed_trial_goes_on_from_its_last_round, 0, 2);
    tcase_add_loop_test(t, only_what_is_left_is_run, 0, 2);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
