/* The network of airbench94 to the unit, and its method: where CIFAR-10 is there, runs on a few images, one
 * of them beside PyTorch. */
#include <check.h>
#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "data/image_sets.h"
#include "experiment_runs.h"
#include "nn/airbench.h"
#include "nn/fit.h"
#include "oracle.h"
#include "suite.h"

static Arena *arena;

static void begin(void) {
    arena = arena_create(0);
}

static void end(void) {
    arena_destroy(arena);
}

/* ---- the network ---- */

/* 24 x 13 + 9 (24 x 64 + 64 x 64 + 64 x 256 + 3 x 256 x 256) + 2 (64 + 256 + 256) + 2560; outputs of 31, 15, 7, 3. */
START_TEST(counts_are_the_published_ones) {
    const Network *network = airbench_create(AIRBENCH_WIDTH, arena);
    const size_t convolutions = 9 * (24 * 64 + 64 * 64 + 64 * 256 + 3 * 256 * 256);
    ck_assert_uint_eq(network->n_parameters, 24 * 13 + convolutions + 2 * (64 + 256 + 256) + 2560);
    ck_assert_uint_eq(network->n_parameters, 1971640);
    ck_assert_uint_eq(network->n_buffers, 2 * 2 * (64 + 256 + 256));
    const size_t of_groups[3] = {961 * 24 * 64 + 225 * 64 * 64, 225 * 64 * 256 + 49 * 256 * 256, 58 * 256 * 256};
    ck_assert_uint_eq(network_multiply_adds(network),
                      961 * 24 * 12 + 9 * (of_groups[0] + of_groups[1] + of_groups[2]) + 2560);
    ck_assert(shape_equal(network->output, shape_matrix(10, 1)));
    ck_assert_str_eq(network->tensors[0].name, "whiten.weight");
    ck_assert_str_eq(network->tensors[1].name, "whiten.bias");
    ck_assert_uint_eq(network->n_tensors, 2 + 3 * 4 + 1);
}
END_TEST

/* Groups start as identities where the channels suffice, shifts and what is to be filled in at 0. */
START_TEST(the_network_starts_as_said) {
    const Network *network = airbench_create(6, arena); /* groups of 6, 24 and 24 channels */
    real *weights = arena_alloc(arena, network->n_parameters, sizeof *weights);
    Mt19937 mt;
    mt19937_seed(&mt, 1);
    network_initialize(network, &mt, weights);
    for (size_t i = 0; i < network->n_tensors; i++) {
        const NetworkTensor *tensor = &network->tensors[i];
        const real *w = weights + tensor->offset;
        const int whitens = !strncmp(tensor->name, "whiten", 6), last = !strcmp(tensor->name, "fc.weight");
        for (size_t j = 0; j < shape_count(tensor->shape) && (whitens || !network_is_weight(tensor)); j++)
            ck_assert(w[j] == 0);
        if (whitens || last || !network_is_weight(tensor)) continue;
        const size_t filters = tensor->shape.dim[0], channels = tensor->shape.dim[1];
        for (size_t f = 0; f < filters && f < channels; f++)
            for (size_t j = 0; j < channels * 9; j++) ck_assert(w[f * channels * 9 + j] == (j == f * 9 + 4));
    }
}
END_TEST

/* Logits are a ninth of the linear layer's outputs: ones in place of its weights, shifts that GELU lets through. */
START_TEST(logits_are_a_ninth) {
    const Network *network = airbench_create(1, arena);
    Learner *learner = learner_create(network, arena);
    real *x = arena_alloc_zero(arena, 3 * 32 * 32, sizeof *x);
    for (size_t i = 0; i < network->n_tensors; i++) {
        const NetworkTensor *tensor = &network->tensors[i];
        const real value = !strcmp(tensor->name, "group3.norm2.bias") ? 50 : !strcmp(tensor->name, "fc.weight") ? 1 : 0;
        for (size_t j = 0; j < shape_count(tensor->shape); j++) learner->weights[tensor->offset + j] = value;
    }
    const real *y = learner_outputs(learner, 1, x);
    for (size_t i = 0; i < 10; i++) ck_assert_double_eq_tol((double)y[i], 4 * 50 / 9.0, 1e-5);
    learner_destroy(learner);
}
END_TEST

/* ---- the method ---- */

static int there_are_images;

/* In the process from which all tests are forked, so that they are loaded once. */
static void load_images(void) {
    const char *folder = getenv("SCALEDOWN_DATA");
    Error error;
    image_sets_folder(folder ? folder : "data");
    there_are_images = !image_set_check("cifar-10", &error) && image_set("cifar-10", &error);
    if (!there_are_images) printf("check_airbench: runs are not tested: %s\n", error.text);
}

static CsvTable small_run(const char *options) {
    return run_experiment("cifar-airbench",
                          arena_format(arena,
                                       "--seeds=1 --width=4 --train-examples=60 --test-examples=10 "
                                       "--whitening-images=50 --batch=15 %s",
                                       options),
                          arena);
}

/* Every option is another run, which begins near ln 10; two epochs and a half are three. */
START_TEST(options_make_other_runs) {
    static const char *const options[] = {"--flip=alternating",   "--flip=random",         "--flip=none",
                                          "--translation=0",      "--label-smoothing=0",   "--shift-rate=1",
                                          "--whitening-epochs=1", "--whitening-images=20", "--lookahead-after=0",
                                          "--weight-decay=100"};
    enum { WAYS = sizeof options / sizeof *options };
    double losses[WAYS];
    if (!there_are_images) return;
    for (size_t i = 0; i < WAYS; i++) {
        const CsvTable results = small_run(arena_format(arena, "--threads=1 --epochs=2.5 %s", options[i]));
        losses[i] = measured(&results, "", "train_loss", "3");
        ck_assert_msg(losses[i] > 1.5 && losses[i] < 3, "%s: %g", options[i], losses[i]);
        for (size_t j = 0; j < i; j++) ck_assert_msg(losses[i] != losses[j], "%s, %s", options[i], options[j]);
        ck_assert(isnan(measured(&results, "", "train_loss", "4")));
    }
}
END_TEST

/* Sixty images are learned by heart, as long as they are not moved. */
START_TEST(a_few_images_are_learned) {
    if (!there_are_images) return;
    const CsvTable results = run_experiment("cifar-airbench",
                                            "--threads=1 --seeds=1 --width=8 --train-examples=60 --test-examples=100 "
                                            "--whitening-images=60 --batch=20 --epochs=25 --learning-rate=100 "
                                            "--flip=none --translation=0",
                                            arena);
    ck_assert_double_gt(measured(&results, "", "train_accuracy", "25"), 90);
    ck_assert_double_lt(measured(&results, "", "train_loss", "25"), measured(&results, "", "train_loss", "1") - 0.8);
    ck_assert_double_gt(measured(&results, "", "final_test_accuracy", ""), 12);
}
END_TEST

/* The settings of tests/oracle/airbench.py. */
static CsvTable oracle_run(const char *options) {
    return run_experiment("cifar-airbench",
                          arena_format(arena,
                                       "--threads=1 --seeds=1 --width=8 --train-examples=200 --batch=200 "
                                       "--epochs=16 --flip=none --translation=0 --whitening-images=200 "
                                       "--epoch-test-examples=1 --weight-decay=0.25 %s",
                                       options),
                          arena);
}

/* Losses of the whole recipe, and of one with slightly another rate of shifts, by their largest difference from PyTorch's. */
START_TEST(the_recipe_follows_pytorch) {
    enum { EPOCHS = 16 };
    static const char *const ends[] = {"final_plain_test_accuracy", "final_test_accuracy"};
    if (!there_are_images) return;
    const Oracle oracle = oracle_read("tests/oracle/airbench.csv", arena);
    const real *theirs = oracle_values(&oracle, "train_loss", EPOCHS);
    const CsvTable results = oracle_run("--test-examples=500"), other = oracle_run("--test-examples=1 --shift-rate=60");
    real ours[EPOCHS];
    double largest = 0;
    for (size_t i = 0; i < EPOCHS; i++) {
        const char *epoch = arena_format(arena, "%zu", i + 1);
        ours[i] = (real)measured(&results, "", "train_loss", epoch);
        largest = fmax(largest, fabs(measured(&other, "", "train_loss", epoch) - (double)theirs[i]));
    }
    oracle_compare(&oracle, "train_loss", EPOCHS, ours, 2e-6);
    ck_assert_double_gt(largest, 10 * 2e-6 * (double)theirs[0]);
    for (size_t i = 0; i < 2; i++) /* within an image: rounding may decide a near tie */
        ck_assert_double_eq_tol(measured(&results, "", ends[i], ""), (double)*oracle_values(&oracle, ends[i], 1), 0.21);
}
END_TEST

/* At its first update, or in an epoch in which slow weights follow. */
START_TEST(a_killed_cell_goes_on_with_the_same_bits) {
    if (!there_are_images) return;
    check_killed_run("cifar-airbench",
                     "--seeds=1 --threads=1 --width=4 --train-examples=200 --test-examples=10 --whitening-images=50 "
                     "--batch=10 --epochs=6.5 --lookahead-after=0",
                     (Killing)_i);
}
END_TEST

START_TEST(bits_do_not_depend_on_threads) {
    static const char *const metrics[] = {"train_loss", "train_accuracy", "test_accuracy"};
    if (!there_are_images) return;
    const CsvTable one = small_run("--epochs=2 --threads=1"), two = small_run("--epochs=2 --threads=2");
    for (size_t i = 0; i < 3; i++)
        ck_assert_double_eq(measured(&one, "", metrics[i], "2"), measured(&two, "", metrics[i], "2"));
    ck_assert_double_eq(measured(&one, "", "final_test_accuracy", ""), measured(&two, "", "final_test_accuracy", ""));
}
END_TEST

/* A decay that throws weights to the other side of 0, further each time: whole epochs are lost, and the end. */
START_TEST(divergence_is_recorded) {
    if (!there_are_images) return;
    const CsvTable results = run_experiment("cifar-airbench",
                                            "--threads=1 --seeds=1 --width=2 --train-examples=120 --test-examples=10 "
                                            "--whitening-images=20 --batch=60 --epochs=20 --weight-decay=1000",
                                            arena);
    const size_t lost = count_diverged(&results);
    ck_assert_msg(lost > 2 && lost % 3 == 2, "%zu", lost);
}
END_TEST

START_TEST(what_cannot_be_is_refused) {
    if (!there_are_images) return;
    ck_assert_ptr_nonnull(strstr(refused_run("cifar-airbench", "--train-examples=20 --batch=21", arena), "--batch"));
    ck_assert_ptr_nonnull(
        strstr(refused_run("cifar-airbench", "--train-examples=25 --batch=5", arena), "--train-examples"));
}
END_TEST

int main(void) {
    Suite *suite = suite_create("airbench");
    load_images();
    TCase *network = tcase_create("network"), *method = tcase_create("method");
    tcase_add_checked_fixture(network, begin, end);
    tcase_add_test(network, counts_are_the_published_ones);
    tcase_add_test(network, the_network_starts_as_said);
    tcase_add_test(network, logits_are_a_ninth);
    suite_add_tcase(suite, network);
    tcase_add_checked_fixture(method, begin, end);
    tcase_add_test(method, options_make_other_runs);
    tcase_add_test(method, a_few_images_are_learned);
    tcase_add_test(method, the_recipe_follows_pytorch);
    tcase_add_test(method, bits_do_not_depend_on_threads);
    tcase_add_loop_test(method, a_killed_cell_goes_on_with_the_same_bits, 0, 3);
    tcase_add_test(method, divergence_is_recorded);
    tcase_add_test(method, what_cannot_be_is_refused);
    suite_add_tcase(suite, method);
    return run_suite(suite);
}
