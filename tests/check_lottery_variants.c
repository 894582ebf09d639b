/* The lottery tickets of the ablations: perturbed data, schedules, parts of the search and of tickets. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data/perturbation.h"
#include "experiment_runs.h"
#include "files.h"
#include "nn/fit.h"
#include "nn/mask.h"
#include "nn/mlp.h"
#include "suite.h"

enum { LENGTH = 40, N = 3000 };

static Arena *arena;

static void setup(void) {
    arena = arena_create(0);
}

static void teardown(void) {
    arena_destroy(arena);
}

/* ---- perturbations ---- */

static Philox draws_of(uint64_t seed) {
    Philox draws;
    philox_seed(&draws, seed, 0);
    return draws;
}

START_TEST(noise_has_its_deviation) {
    float *rows = arena_alloc_zero(arena, N * LENGTH, sizeof *rows), *again = arena_alloc_zero(arena, 2 * LENGTH, sizeof *again);
    const Philox draws = draws_of(3);
    perturb_with_noise(&draws, 0.2, N, LENGTH, rows);
    perturb_with_noise(&draws, 0.2, 2, LENGTH, again);
    ck_assert_mem_eq(rows, again, 2 * LENGTH * sizeof *rows); /* an example does not depend on how many there are */
    double sum = 0, squares = 0;
    for (size_t i = 0; i < N * LENGTH; i++) sum += (double)rows[i], squares += (double)rows[i] * (double)rows[i];
    ck_assert_double_eq_tol(sum / (N * LENGTH), 0, 4 * 0.2 / sqrt(N * LENGTH));
    ck_assert_double_eq_tol(squares / (N * LENGTH), 0.04, 4 * 0.04 * sqrt(2.0 / (N * LENGTH)));
}
END_TEST

START_TEST(cropping_zeroes_neighbours_everywhere_alike) {
    float *rows = arena_alloc(arena, N * LENGTH, sizeof *rows);
    size_t at[31] = {0};
    for (size_t i = 0; i < N * LENGTH; i++) rows[i] = 1;
    const Philox draws = draws_of(4);
    perturb_by_cropping(&draws, 10, N, LENGTH, rows);
    for (size_t i = 0; i < N; i++) {
        const float *row = rows + i * LENGTH;
        size_t start = 0, zeros = 0;
        while (row[start] != 0) start++;
        for (size_t j = start; j < LENGTH && row[j] == 0; j++) zeros++;
        for (size_t j = start + zeros; j < LENGTH; j++) ck_assert(row[j] == 1);
        ck_assert_uint_eq(zeros, 10);
        ck_assert_uint_lt(start, 31);
        at[start]++;
    }
    for (size_t start = 0; start < 31; start++) /* binomial: 96.8, standard deviation 9.7 */
        ck_assert_msg(at[start] > 55 && at[start] < 140, "%zu: %zu", start, at[start]);
}
END_TEST

START_TEST(labels_change_places) {
    uint8_t labels[N];
    size_t counts[10] = {0}, stayed = 0;
    for (size_t i = 0; i < N; i++) labels[i] = (uint8_t)(i / (N / 10));
    const Philox draws = draws_of(5);
    perturb_label_order(&draws, N, labels);
    for (size_t i = 0; i < N; i++) counts[labels[i]]++, stayed += labels[i] == i / (N / 10);
    for (size_t c = 0; c < 10; c++) ck_assert_uint_eq(counts[c], N / 10);
    ck_assert_msg(stayed > 235 && stayed < 365, "%zu", stayed); /* of chance 300, standard deviation 16 */
}
END_TEST

/* ---- networks ---- */

/* Of leaky networks, too, the sparse form has the bits of the whole one; and leaky relu is another function than relu. */
START_TEST(sparse_leaky_training_has_the_bits_of_the_whole) {
    enum { HIDDEN = 60, BATCH = 50, STEPS = 20 };
    const Model leaky = model_leaky_residual_mlp(LENGTH, HIDDEN, 10), relu = model_residual_mlp(LENGTH, HIDDEN, 10);
    const Model *models[] = {&leaky, &leaky, &relu};
    const MaskedForm forms[] = {MASKED_WHOLE, MASKED_SPARSE, MASKED_SPARSE};
    const size_t n = leaky.n_parameters;
    Mt19937 mt;
    uint8_t *keep = arena_alloc(arena, n, 1);
    uint8_t y[BATCH];
    real *initial = arena_alloc(arena, n, sizeof *initial), *x = arena_alloc(arena, LENGTH * BATCH, sizeof *x);
    real *weights[3];
    mt19937_seed(&mt, 1);
    model_initialize(&leaky, &mt, initial);
    for (size_t i = 0; i < n; i++) keep[i] = torch_rand(&mt) < 0.2F;
    for (size_t i = 0; i < LENGTH * BATCH; i++) x[i] = 2 * torch_rand(&mt) - 1;
    for (size_t i = 0; i < BATCH; i++) y[i] = (uint8_t)(i % 10);
    const LabelledSet set = set_of_rows(BATCH, LENGTH, 10, x, y, NULL, arena);
    for (size_t v = 0; v < 3; v++) {
        const Masked masked = masked_create(models[v], keep, initial, forms[v], arena);
        ck_assert((masked.patterns != NULL) == (forms[v] == MASKED_SPARSE));
        Learner *learner = learner_create(model_network(&masked.model, arena), arena);
        learner->weights = masked.weights;
        fit(learner, &(Protocol){.train = &set,
                                 .batch = BATCH,
                                 .updates = STEPS,
                                 .optimizer = {.kind = OPTIMIZER_ADAM, .learning_rate = 0.02},
                                 .keep = masked.keep});
        weights[v] = arena_alloc(arena, n, sizeof(real));
        masked_weights(&masked, weights[v]);
        learner_destroy(learner);
    }
    ck_assert_mem_eq(weights[0], weights[1], n * sizeof(real));
    ck_assert(memcmp(weights[1], weights[2], n * sizeof(real)) != 0);
}
END_TEST

/* Xavier's weights lie within sqrt(6 / (in + out)), wider than PyTorch's default where the layer is wide; He's within
 * sqrt(6 / in); biases stay. */
START_TEST(redrawn_weights_fill_their_bounds) {
    const Model model = model_residual_mlp(LENGTH, 200, 10);
    double (*const bounds[])(size_t in, size_t out) = {he_uniform_bound, xavier_uniform_bound};
    const double expected[2][3] = {{sqrt(6 / 40.), sqrt(6 / 200.), sqrt(6 / 200.)},
                                   {sqrt(6 / 240.), sqrt(6 / 400.), sqrt(6 / 210.)}};
    real *before = arena_alloc(arena, model.n_parameters, sizeof *before),
         *after = arena_alloc(arena, model.n_parameters, sizeof *after);
    for (size_t b = 0; b < 2; b++) {
        Mt19937 mt;
        mt19937_seed(&mt, 9);
        model_initialize(&model, &mt, before);
        memcpy(after, before, model.n_parameters * sizeof *after);
        model_redraw_linear(&model, &mt, bounds[b], after);
        for (size_t l = 0; l < 3; l++) {
            const ParameterTensor *weight = &model.tensors[2 * l], *bias = weight + 1;
            double largest = 0;
            for (size_t i = 0; i < shape_count(weight->shape); i++)
                largest = fmax(largest, fabs((double)after[weight->offset + i]));
            ck_assert_msg(largest <= expected[b][l] * (1 + 1e-6) && largest > 0.99 * expected[b][l], "%g", largest);
            ck_assert_mem_eq(after + bias->offset, before + bias->offset, shape_count(bias->shape) * sizeof *after);
        }
    }
}
END_TEST

/* ---- trials ---- */

static CsvTable run(const char *options) {
    return run_experiment("mnist1d/lottery", arena_format(arena, "--size=smoke --seeds=1 %s", options), arena);
}

/* The value of a metric at x (NAN: without), which must be there once. */
static double value_of(const CsvTable *results, const char *metric, double x) {
    double value = NAN;
    size_t found = 0;
    for (size_t row = 0; row < results->rows; row++)
        if (!strcmp(csv_text(results, row, 3), metric) && (isnan(x) || table_number(results, row, 5) == x))
            value = table_number(results, row, 6), found++;
    ck_assert_msg(found == 1, "%s: %zu times", metric, found);
    return value;
}

static size_t rows_of(const CsvTable *results, const char *prefix) {
    size_t n = 0;
    for (size_t row = 0; row < results->rows; row++) n += strncmp(csv_text(results, row, 3), prefix, strlen(prefix)) == 0;
    return n;
}

/* Without the random search, the lottery's is the same, and so is the random ticket, and all that is retrained with both. */
START_TEST(parts_of_a_trial_are_those_of_the_whole) {
    const CsvTable whole = run(""), part = run("--networks=lottery --retraining=perturbed"),
                   none = run("--networks=random --retraining=none");
    size_t compared = 0, random = 0;
    for (size_t row = 0; row < part.rows; row++) {
        const char *metric = csv_text(&part, row, 3), *x = csv_text(&part, row, 5);
        for (size_t other = 0; other < whole.rows; other++)
            if (!strcmp(csv_text(&whole, other, 3), metric) && !strcmp(csv_text(&whole, other, 5), x)) {
                ck_assert_str_eq(csv_text(&whole, other, 6), csv_text(&part, row, 6));
                compared++;
            }
    }
    for (size_t row = 0; row < none.rows; row++)
        for (size_t other = 0; other < whole.rows; other++)
            if (!strcmp(csv_text(&whole, other, 3), csv_text(&none, row, 3)) &&
                !strcmp(csv_text(&whole, other, 5), csv_text(&none, row, 5))) {
                ck_assert_str_eq(csv_text(&whole, other, 6), csv_text(&none, row, 6));
                random++;
            }
    ck_assert_uint_eq(random, none.rows);
    ck_assert_uint_eq(rows_of(&part, "random_test"), 0);
    ck_assert_uint_eq(rows_of(&none, "lottery"), 0);
    /* 5 rounds of 7 values, those of 3 rounds on fresh signals, two masks, 18 retrainings of 3 evaluations and 3 values */
    ck_assert_uint_eq(compared, 5 * 7 + 2 * 3 + 2 * 9 + 18 * 6);
    ck_assert_uint_eq(rows_of(&part, "noisy"), 6 * 6);
    ck_assert_uint_eq(rows_of(&part, "original_signs_alone_lottery"), 6);
    ck_assert_uint_eq(rows_of(&part, "original_fresh_scattered"), 6);
}
END_TEST

START_TEST(schedules_are_those_of_their_formulas) {
    static const char *const options[] = {"--schedule=linear", "--schedule=exponential",
                                          "--schedule=geometric --keep=0.8"};
    for (size_t s = 0; s < 3; s++) {
        const CsvTable results = run(arena_format(arena, "--networks=lottery --retraining=none %s", options[s]));
        for (int k = 0; k < 5; k++) {
            const double expected[] = {k / 4., exp(-k / 4.), 1 - pow(0.8, k)};
            ck_assert_double_eq_tol(value_of(&results, "sparsity", k), 100 * expected[s], 1e-12);
        }
        ck_assert_uint_eq(rows_of(&results, "lottery_test_accuracy"), 5);
    }
}
END_TEST

/* The first two rounds, of which the second is pruned by the first, are the same; later ones are not. */
START_TEST(one_shot_prunes_by_the_first_round) {
    const char *options = "--networks=lottery --retraining=none --steps=200 --score-step=150";
    const CsvTable before = run(options), first = run(arena_format(arena, "%s --pruned-by=first", options));
    for (int k = 0; k < 2; k++)
        ck_assert(value_of(&before, "lottery_test_loss", k) == value_of(&first, "lottery_test_loss", k));
    ck_assert(value_of(&before, "lottery_test_loss", 3) != value_of(&first, "lottery_test_loss", 3));
}
END_TEST

/* Nested random masks are the first draw's; warm-up, leaky relu, Xavier's weights and other data change the first round. */
START_TEST(variants_change_what_they_name) {
    const CsvTable plain = run("--retraining=none"), nested = run("--retraining=none --random-masks=nested");
    ck_assert(value_of(&plain, "random_test_loss", 0) == value_of(&nested, "random_test_loss", 0));
    ck_assert(value_of(&plain, "random_test_loss", 2) != value_of(&nested, "random_test_loss", 2));
    ck_assert(value_of(&plain, "lottery_test_loss", 2) == value_of(&nested, "lottery_test_loss", 2));
    static const char *const variants[] = {"--warm-up=30", "--activation=leaky", "--initialization=xavier",
                                           "--data-seed=43"};
    for (size_t v = 0; v < 4; v++) {
        const CsvTable other = run(arena_format(arena, "--retraining=none %s", variants[v]));
        ck_assert_msg(value_of(&plain, "lottery_test_loss", 0) != value_of(&other, "lottery_test_loss", 0), "%s",
                      variants[v]);
    }
    const CsvTable once = run("--retraining=none --warm-up=1"); /* the whole rate at once */
    ck_assert(value_of(&plain, "lottery_test_loss", 2) == value_of(&once, "lottery_test_loss", 2));
    const CsvTable all = run("--retraining=none --fresh-rounds=all");
    ck_assert_uint_eq(rows_of(&plain, "fresh_"), 2 * 2);
    ck_assert_uint_eq(rows_of(&all, "fresh_"), 2 * 2 * 5);
}
END_TEST

/* Permuted training labels can be learned only by heart; cropped and noisy signals are harder than the original. */
START_TEST(perturbed_data_are_what_they_are_called) {
    const CsvTable results = run("--networks=lottery --retraining=perturbed --retrain-steps=400 --num-samples=5000");
    ck_assert_double_lt(value_of(&results, "permuted_dense_accuracy", 400), 25);
    ck_assert_double_gt(value_of(&results, "original_dense_accuracy", 400),
                        value_of(&results, "cropped_dense_accuracy", 400) + 5);
    ck_assert_double_gt(value_of(&results, "fresh_original_dense_accuracy", 400),
                        value_of(&results, "fresh_noisy_dense_accuracy", 400));
    ck_assert_double_gt(value_of(&results, "original_dense_train_accuracy", NAN),
                        value_of(&results, "original_dense_accuracy", 400));
}
END_TEST

START_TEST(parts_that_do_not_fit_are_refused) {
    static const struct {
        const char *options, *error;
    } cases[] = {{"--networks=lottery", "both networks"},
                 {"--networks=random --retraining=perturbed", "find no tickets"},
                 {"--schedule=geometric", "of the linear schedule"},
                 {"--schedule=exponential", "of the linear schedule"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *options = arena_format(arena, "--size=smoke --seeds=1 %s", cases[i].options);
        const char *said = refused_run("mnist1d/lottery", options, arena);
        ck_assert_msg(strstr(said, cases[i].error) != NULL, "%s", said);
    }
}
END_TEST

int main(void) {
    Suite *suite = suite_create("lottery variants");
    TCase *t = tcase_create("lottery variants");
    tcase_set_timeout(t, 60);
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, noise_has_its_deviation);
    tcase_add_test(t, cropping_zeroes_neighbours_everywhere_alike);
    tcase_add_test(t, labels_change_places);
    tcase_add_test(t, sparse_leaky_training_has_the_bits_of_the_whole);
    tcase_add_test(t, redrawn_weights_fill_their_bounds);
    tcase_add_test(t, parts_of_a_trial_are_those_of_the_whole);
    tcase_add_test(t, schedules_are_those_of_their_formulas);
    tcase_add_test(t, one_shot_prunes_by_the_first_round);
    tcase_add_test(t, variants_change_what_they_name);
    tcase_add_test(t, perturbed_data_are_what_they_are_called);
    tcase_add_test(t, parts_that_do_not_fit_are_refused);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
