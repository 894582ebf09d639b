/* Our training against PyTorch's: the losses of 200 steps from the same initial parameters on the same batches.
 *
 * Two correct programs that round differently drift apart as fast as the training amplifies rounding errors.  How fast
 * that is, the test measures: it trains PROBES copies that start with every weight moved by -1, 0 or +1 unit in the
 * last place, and takes the median of their differences to the unmoved run, the largest up to each step.  PyTorch must
 * stay within GROWTH times that (it rounds at every operation of every step, not only once at the start) plus FLOOR
 * (the rounding of the loss itself: 10 classes and 100 examples in binary32, a few units in the last place).
 *
 * A rectifier turns rounding into more than rounding when its argument falls within rounding of zero: the gradient
 * jumps there.  That happens once to our run of the cnn, at step 74: the sum of unit 6 of conv1 for example 81 of the
 * batch at position 2 is 1.2e-7, made of terms of magnitude 1.8, whose unit in the last place is 1.2e-7.  PyTorch, and
 * our own training in binary64, find it not positive.  From the update of step 74 on, that channel's weights differ
 * by 3e-5, and the losses from step 77 on by more than rounding.  The test shows that this is the whole difference:
 * with that unit's bias moved down by three such units in the last place before step 74, so that the sum falls on
 * PyTorch's side, our run follows PyTorch's to the end.
 *
 * The networks of the pooling benchmark have 60000 rectifiers and more in a step and meet such a place sooner.  Sums of
 * conv1, in units in the last place of the magnitude of their terms: 3.2 at step 38 without pooling, 0.44 at step 25
 * with maxima, 0.43 at step 23 with norms (found in binary64, with PyTorch's weights of that step).  They are compared
 * up to the loss of that step, and with strides and averages, where no rectifier comes as close, to the end.
 *
 * Seen, as the largest relative difference of the loss in steps 0-49, 50-99, 100-149, 150-199 (printed by each run):
 *   logistic  to PyTorch            1.4e-07  2.1e-07  2.0e-07  2.1e-07
 *             one ulp at the start  1.4e-07  1.4e-07  1.4e-07  1.5e-07
 *   mlp       to PyTorch            2.5e-07  3.5e-07  3.3e-07  6.4e-07
 *             one ulp at the start  2.4e-07  2.7e-07  3.1e-07  6.5e-07
 *   cnn       to PyTorch            2.4e-07  8.7e-04  1.2e-02  3.6e-02
 *             led past the kink     2.4e-07  2.8e-07  2.5e-07  4.5e-07
 *             one ulp at the start  2.0e-07  2.1e-07  2.1e-07  2.7e-07
 *   gru       to PyTorch            2.3e-07  3.3e-07  7.6e-07  1.0e-06
 *             one ulp at the start  1.9e-07  2.3e-07  2.9e-07  3.1e-07 */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "base/file.h"
#include "base/npy.h"
#include "command/dataset.h"
#include "command/exit_status.h"
#include "command/train.h"
#include "csv_values.h"
#include "data/mnist1d.h"
#include "files.h"
#include "nn/fit.h"
#include "nn/models.h"
#include "suite.h"

enum { STEPS = 200, INPUTS = 40, CLASSES = 10, BATCH = 100, PROBES = 9, RANGES = 4 };
static const double growth = 3, floor_error = 4 * 5.96e-8;

/* Where a rectifier's argument within rounding of zero fell on the other side than in PyTorch's run. */
typedef struct Kink {
    size_t step;                               /* 0: none */
    size_t bias, weight;                       /* of the unit, into the flat vector */
    size_t example, position, stride, padding; /* where it met the signal */
    size_t width;
    float nudge; /* added to the bias before the step */
} Kink;

static const struct {
    const char *name, *oracle;
    size_t steps; /* that are compared */
    Kink kink;
} models[] = {{"logistic", "tests/oracle/classification_logistic_loss.csv", STEPS, {0}},
              {"mlp", "tests/oracle/classification_mlp_loss.csv", STEPS, {0}},
              {"cnn",
               "tests/oracle/classification_cnn_loss.csv",
               STEPS,
               {74, 125 + 6, 6 * 5, 81, 2, 2, 1, 5, -3 * 1.1920929e-7f}},
              {"gru", "tests/oracle/classification_gru_loss.csv", STEPS, {0}},
              {"pooling-none", "tests/oracle/pooling_none_loss.csv", 39, {0}},
              {"pooling-stride", "tests/oracle/pooling_stride_loss.csv", STEPS, {0}},
              {"pooling-max", "tests/oracle/pooling_max_loss.csv", 26, {0}},
              {"pooling-average", "tests/oracle/pooling_average_loss.csv", STEPS, {0}},
              {"pooling-l2", "tests/oracle/pooling_l2_loss.csv", 24, {0}}};
enum { N_MODELS = sizeof models / sizeof *models };

static Arena *arena;
static LabelledSet examples;
static char *directory;

static void load(void) {
    Error error;
    Mnist1d set;
    Mnist1dOptions options = mnist1d_defaults();
    arena = arena_create(0);
    directory = fresh_directory();
    ck_assert_msg(mnist1d_make(&options, arena, &set, &error) == 0, "%s", error.text);
    float *rows = arena_alloc(arena, set.n_train * INPUTS, sizeof *rows);
    for (size_t i = 0; i < set.n_train * INPUTS; i++) rows[i] = (float)set.x[i];
    examples = set_of_rows(set.n_train, INPUTS, CLASSES, rows, set.y, NULL, arena);
}

static void unload(void) {
    arena_destroy(arena);
    remove_tree(directory);
    free(directory);
}

/* The unit's sum in binary64, in units in the last place (binary32) of the magnitude of its terms. */
static double distance_from_zero(const Kink *kink, const float *weights) {
    const float *x = examples.rows + (kink->step * BATCH % examples.n + kink->example) * INPUTS;
    double sum = weights[kink->bias], magnitude = fabs(sum);
    for (size_t k = 0; k < kink->width; k++) {
        const size_t i = kink->position * kink->stride + k - kink->padding;
        const double term = (double)weights[kink->weight + k] * (double)x[i];
        sum += term;
        magnitude += fabs(term);
    }
    return fabs(sum) / (magnitude * 5.9604645e-8);
}

typedef struct Followed {
    double *losses;
    const Kink *kink; /* that the run is led past on PyTorch's side; NULL: none */
} Followed;

static int note_loss(Learner *learner, const Progress *progress, void *context) {
    const Followed *followed = context;
    const Kink *kink = followed->kink;
    followed->losses[progress->updates - 1] = progress->last.loss;
    if (kink && kink->step == progress->updates) {
        ck_assert_double_lt(distance_from_zero(kink, learner->weights), 4);
        learner->weights[kink->bias] += kink->nudge;
    }
    return 0;
}

static void follow(Learner *learner, double rate, const Kink *kink, double losses[STEPS]) {
    Followed followed = {losses, kink};
    fit(learner, &(Protocol){.train = &examples,
                             .batch = BATCH,
                             .updates = STEPS,
                             .optimizer = {.kind = OPTIMIZER_ADAM, .learning_rate = rate},
                             .after_update = note_loss,
                             .context = &followed});
}

/* As published, from the weights of torch.manual_seed(42). */
static Learner *published_learner(const char *name, Arena *own) {
    const Model model = model_published(model_kind(name, NULL), INPUTS, CLASSES);
    Learner *learner = learner_create(model_network(&model, own), own);
    Mt19937 mt;
    mt19937_seed(&mt, 42);
    model_initialize(&model, &mt, learner->weights);
    return learner;
}

/* Losses of a run whose initial weights are moved by -1, 0 or +1 unit in the last place; probe 0: not at all.  With a
 * kink, the run is led past it on PyTorch's side. */
static void train(const char *name, int probe, const Kink *kink, double losses[STEPS]) {
    Arena *own = arena_create(0);
    Learner *learner = published_learner(name, own);
    float *weights = learner->weights;
    Mt19937 mt;
    mt19937_seed(&mt, (uint32_t)probe);
    for (size_t i = 0; probe && i < learner->network->n_parameters; i++) {
        const uint32_t direction = mt19937_next(&mt) % 3;
        if (direction) weights[i] = nextafterf(weights[i], direction == 1 ? INFINITY : -INFINITY);
    }
    follow(learner, 0.01, kink, losses);
    learner_destroy(learner);
    arena_destroy(own);
}

static void read_oracle(const char *path, double losses[STEPS]) {
    CsvTable table;
    Error error;
    size_t column;
    ck_assert_msg(csv_read(path, arena, &table, &error) == 0, "%s", error.text);
    ck_assert_msg(csv_column(&table, "train_loss", &column, &error) == 0, "%s", error.text);
    ck_assert_uint_eq(table.rows, STEPS);
    for (size_t step = 0; step < STEPS; step++)
        ck_assert_msg(csv_number(&table, step, column, &losses[step], &error) == 0, "%s", error.text);
}

static double relative(double a, double b) {
    return fabs(a - b) / fabs(b);
}

static void print_ranges(const char *name, const char *what, const double difference[STEPS]) {
    printf("  %-15s %-20s", name, what);
    for (size_t range = 0; range < RANGES; range++) {
        double largest = 0;
        for (size_t step = range * STEPS / RANGES; step < (range + 1) * STEPS / RANGES; step++)
            if (difference[step] > largest) largest = difference[step];
        printf("  %.1e", largest);
    }
    printf("\n");
}

static int compare_doubles(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* How far rounding moves the losses, by each step: the largest median over the probes up to it. */
static void rounding_reach(const char *name, const Kink *kink, const double ours[STEPS], double reach[STEPS]) {
    static double differences[STEPS][PROBES];
    double losses[STEPS];
    for (int probe = 0; probe < PROBES; probe++) {
        train(name, probe + 1, kink, losses);
        for (size_t step = 0; step < STEPS; step++) differences[step][probe] = relative(losses[step], ours[step]);
    }
    for (size_t step = 0; step < STEPS; step++) {
        qsort(differences[step], PROBES, sizeof(double), compare_doubles);
        reach[step] = fmax(differences[step][PROBES / 2], step ? reach[step - 1] : 0);
    }
}

START_TEST(losses_follow_pytorch_as_closely_as_rounding_allows) {
    const char *name = models[_i].name;
    const Kink *kink = &models[_i].kink;
    const size_t steps = models[_i].steps;
    double plain[STEPS], led[STEPS], theirs[STEPS], difference[STEPS], reach[STEPS];
    train(name, 0, NULL, plain);
    train(name, 0, kink, led);
    read_oracle(models[_i].oracle, theirs);
    rounding_reach(name, kink, led, reach);
    for (size_t step = 0; step < STEPS; step++) difference[step] = relative(plain[step], theirs[step]);
    print_ranges(name, "to PyTorch", difference);
    for (size_t step = 0; step < steps; step++) {
        const double bound = growth * reach[step] + floor_error;
        const double led_difference = relative(led[step], theirs[step]);
        ck_assert_msg(led_difference <= bound,
                      "%s step %zu: %.9g, PyTorch %.9g: relative difference %.2g, rounding explains %.2g", name, step,
                      led[step], theirs[step], led_difference, bound);
        ck_assert_msg(difference[step] <= bound || (kink->step && step > kink->step),
                      "%s step %zu: %.9g, PyTorch %.9g, before any kink", name, step, plain[step], theirs[step]);
        difference[step] = led_difference;
    }
    if (kink->step) print_ranges(name, "led past the kink", difference);
    print_ranges(name, "one ulp at the start", reach);
    ck_assert_msg(reach[steps - 1] < 2e-6, "the yardstick itself is too coarse: %.2g", reach[steps - 1]);
}
END_TEST

/* The test above must notice a slightly wrong optimiser: epsilon, bias correction and the like move the loss by far
 * more than rounding.  Here the learning rate is off by one part in 10^4. */
START_TEST(a_slightly_wrong_learning_rate_would_be_seen) {
    double ours[STEPS], others[STEPS], largest = 0;
    Learner *learner = published_learner("mlp", arena);
    train("mlp", 0, NULL, ours);
    follow(learner, 0.010001, NULL, others);
    for (size_t step = 0; step < STEPS; step++) largest = fmax(largest, relative(others[step], ours[step]));
    learner_destroy(learner);
    ck_assert_double_gt(largest, 1e-5);
}
END_TEST

/* ---- the command ---- */

static int call(int (*function)(int, char **, Error *), Error *error, const char *words) {
    char text[512], *argv[48];
    int argc = 0;
    strcpy(text, words);
    for (char *word = strtok(text, " "); word; word = strtok(NULL, " ")) argv[argc++] = word;
    error->text[0] = '\0';
    return function(argc, argv, error);
}

static int command(Error *error, const char *words) {
    return call(train_command, error, words);
}

static void must_train(const char *words) {
    Error error;
    ck_assert_msg(command(&error, words) == 0, "train %s: %s", words, error.text);
}

static char *in_directory(const char *name) {
    return path_join(arena, directory, name);
}

START_TEST(command_refuses_bad_input) {
    static const char *const cases[][2] = {{"", "expected MODEL"},
                                           {"transformer", "logistic, mlp, plain-mlp, tanh-mlp, cnn, gru"},
                                           {"polling-max", "nearest: pooling-max"},
                                           {"mlp cnn", "unexpected word \"cnn\""},
                                           {"mlp --steps -1", "--steps"},
                                           {"mlp --steps 99999999999999999999", "--steps"},
                                           {"mlp --steps 1.5", "--steps"},
                                           {"mlp --batch 0", "--batch"},
                                           {"mlp --seed 4294967296", "--seed"},
                                           {"mlp --learning-rate nan", "--learning-rate"},
                                           {"mlp --learning-rate 0", "--learning-rate"},
                                           {"mlp --optimizer rmsprop", "must be adam or sgd"},
                                           {"mlp --momentum 0.5", "--optimizer sgd"},
                                           {"mlp --optimizer sgd --momentum 1", "--momentum"},
                                           {"mlp --features sorted", "--features"},
                                           {"mlp --num-samples 9", "--num-samples"},
                                           {"mlp --hidden 0", "--hidden"},
                                           {"mlp --hidden 10001", "--hidden"},
                                           {"mlp --channels 5", "--channels has no meaning for mlp"},
                                           {"cnn --hidden 5", "whose width is --channels"},
                                           {"logistic --hidden 5", "has no width"},
                                           {"mlp --layers 2", "tanh-mlp has it"},
                                           {"tanh-mlp --layers 32", "--layers"},
                                           {"mlp --data d --num-samples 100", "--data and --num-samples"},
                                           {"mlp --data d --shuffle-seq", "--data and --shuffle-seq"},
                                           {"mlp --data d --data-seed 1", "--data and --data-seed"},
                                           {"mlp --steps 1 --trace build/x --save-init build/x", "different files"},
                                           {"mlp --speed 1", "--speed"}};
    Error error;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ck_assert_msg(command(&error, cases[i][0]) == EXIT_USAGE, "accepted: train %s", cases[i][0]);
        ck_assert_msg(strstr(error.text, cases[i][1]) != NULL, "train %s: \"%s\" does not name %s", cases[i][0],
                      error.text, cases[i][1]);
    }
}
END_TEST

START_TEST(command_fails_where_it_cannot_go_on) {
    static const char *const cases[][2] = {{"mlp --batch 7", "7 does not divide the 4000 training examples; 5 does"},
                                           {"mlp --num-samples 100", "the 80 training examples; 80 does"},
                                           {"cnn --final-seq-length 2", "cnn needs examples of at least 3 points"},
                                           {"pooling-l2 --final-seq-length 3", "at least 4 points"},
                                           {"mlp --steps 1 --trace build/none/such.csv", "build/none/such.csv"},
                                           {"mlp --data build/none", "build/none/x.npy"}};
    Error error;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ck_assert_msg(command(&error, cases[i][0]) == EXIT_FAILURE, "train %s: %s", cases[i][0], error.text);
        ck_assert_msg(strstr(error.text, cases[i][1]) != NULL, "train %s: \"%s\" does not name %s", cases[i][0],
                      error.text, cases[i][1]);
    }
}
END_TEST

/* The trace in the first column of losses, NAN where it says "diverged"; returns its rows. */
static size_t read_trace(const char *path, double losses[STEPS]) {
    CsvTable table;
    Error error = {""};
    ck_assert_msg(csv_read(path, arena, &table, &error) == 0, "%s", error.text);
    ck_assert(table.columns == 2 && table.rows <= STEPS);
    ck_assert_str_eq(table.names[0], "step");
    ck_assert_str_eq(table.names[1], "train_loss");
    for (size_t step = 0; step < table.rows; step++) {
        ck_assert_str_eq(csv_text(&table, step, 0), arena_format(arena, "%zu", step));
        losses[step] = NAN;
        if (strcmp(csv_text(&table, step, 1), "diverged") != 0)
            ck_assert_msg(csv_number(&table, step, 1, &losses[step], &error) == 0, "%s", error.text);
    }
    return table.rows;
}

START_TEST(divergence_is_recorded) {
    double losses[STEPS];
    const char *trace = in_directory("trace.csv"), *final = in_directory("final.npy");
    must_train(arena_format(arena, "mlp --optimizer sgd --learning-rate 1e6 --steps 50 --trace %s --save-final %s",
                            trace, final));
    ck_assert_uint_eq(read_trace(trace, losses), 50);
    size_t finite = 0;
    while (finite < 50 && isfinite(losses[finite])) finite++;
    ck_assert(finite >= 1 && finite < 10);
    for (size_t step = finite; step < 50; step++) ck_assert(isnan(losses[step]));
    ck_assert(file_exists(final));
}
END_TEST

/* Every width changes the number of parameters as it should. */
static const struct {
    const char *words;
    size_t parameters;
} sized[] = {{"logistic", 410},
             {"mlp --hidden 7", 7 * 41 + 7 * 8 + 10 * 8},
             {"plain-mlp --hidden 7", 7 * 41 + 7 * 8 + 10 * 8},
             {"tanh-mlp --hidden 7", 7 * 41 + 7 * 8 + 10 * 8},
             {"tanh-mlp --hidden 7 --layers 1", 7 * 41 + 10 * 8},
             {"tanh-mlp --hidden 7 --layers 31", 7 * 41 + 30 * 7 * 8 + 10 * 8},
             {"cnn --channels 7", 7 * 6 + 2 * 7 * 22 + 10 * (7 * 5 + 1)},
             {"cnn", 25 * 6 + 2 * 25 * 76 + 10 * 126},
             {"gru --gru-hidden 3", 2 * (9 + 27 + 18) + 10 * (40 * 6 + 1)},
             {"pooling-max --channels 4", 4 * 4 + 4 * 13 + 10 * (4 * 10 + 1)},
             {"pooling-none", 20 * 4 + 20 * 61 + 10 * (20 * 40 + 1)},
             {"mlp --hidden 7 --final-seq-length 12", 7 * 13 + 7 * 8 + 10 * 8},
             {"pooling-l2 --final-seq-length 4 --channels 1", 4 + 4 + 10 * 2},
             {"cnn --final-seq-length 3 --channels 1", 6 + 2 * 4 + 10 * 2}};

START_TEST(widths_and_data_can_be_chosen) {
    NpyArray array;
    Error error;
    const char *initial = in_directory("init.npy");
    must_train(
        arena_format(arena, "%s --steps 2 --num-samples 100 --batch 20 --save-init %s", sized[_i].words, initial));
    ck_assert_msg(npy_read(initial, arena, &array, &error) == 0, "%s", error.text);
    ck_assert_msg(array.shape[0] == sized[_i].parameters, "%s: %zu parameters", sized[_i].words, array.shape[0]);
}
END_TEST

/* What `dataset` wrote trains as what `train` generates itself, in either precision. */
START_TEST(a_folder_trains_as_generated_data_do) {
    static const char generator[] = "--num-samples 1000 --train-split 0.6 --scale-coeff -0.3 --iid-noise-scale 0.1 "
                                    "--padding 10,20 --template-len 14 --final-seq-length 30 --shuffle-seq";
    static const char training[] = "mlp --hidden 20 --steps 60 --features shuffled --data-seed 7";
    const char *data = in_directory("data"), *trace = in_directory("trace.csv");
    double generated[STEPS], exported[STEPS];
    Error error;
    must_train(arena_format(arena, "%s %s --trace %s", training, generator, trace));
    ck_assert_uint_eq(read_trace(trace, generated), 60);
    for (int f8 = 0; f8 < 2; f8++) {
        const char *words = arena_format(arena, "%s --seed 7 --dtype %s --label-dtype %s --out %s", generator,
                                         f8 ? "f8" : "f4", f8 ? "uint8" : "int64", data);
        ck_assert_msg(call(dataset_command, &error, words) == 0, "%s", error.text);
        must_train(arena_format(arena, "%s --data %s --trace %s", training, data, trace));
        ck_assert_uint_eq(read_trace(trace, exported), 60);
        ck_assert_mem_eq(generated, exported, 60 * sizeof *generated);
    }
}
END_TEST

START_TEST(a_folder_may_have_no_test_set_and_more_classes) {
    float x[6][3] = {{0}};
    int64_t y[6] = {0, 1, 2, 0, 1, 12};
    const NpyArray rows = {NPY_F4, 2, {6, 3, 0, 0}, x}, labels = {NPY_I8, 1, {6, 0, 0, 0}, y};
    NpyArray array;
    const char *initial = in_directory("init.npy");
    for (int i = 0; i < 18; i++) x[i / 3][i % 3] = (float)(i * 5 % 7);
    ck_assert_int_eq(npy_write(in_directory("x.npy"), &rows, NULL), 0);
    ck_assert_int_eq(npy_write(in_directory("y.npy"), &labels, NULL), 0);
    must_train(arena_format(arena, "logistic --batch 3 --steps 3 --data %s --save-init %s", directory, initial));
    ck_assert_int_eq(npy_read(initial, arena, &array, NULL), 0);
    ck_assert_uint_eq(array.shape[0], 13 * 4);
}
END_TEST

START_TEST(trace_holds_the_losses) {
    double ours[STEPS], traced[STEPS];
    train("logistic", 0, NULL, ours);
    const char *trace = in_directory("trace.csv");
    must_train(arena_format(arena, "logistic --steps 50 --trace %s", trace));
    ck_assert_uint_eq(read_trace(trace, traced), 50);
    for (size_t step = 0; step < 50; step++) ck_assert((float)traced[step] == (float)ours[step]);
    must_train(arena_format(arena, "logistic --steps 0 --trace %s", trace));
    ck_assert_uint_eq(read_trace(trace, traced), 0);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("training");
    TCase *tests = tcase_create("training");
    tcase_set_timeout(tests, 600);
    tcase_add_checked_fixture(tests, load, unload);
    tcase_add_loop_test(tests, losses_follow_pytorch_as_closely_as_rounding_allows, 0, N_MODELS);
    tcase_add_test(tests, a_slightly_wrong_learning_rate_would_be_seen);
    tcase_add_test(tests, command_refuses_bad_input);
    tcase_add_test(tests, command_fails_where_it_cannot_go_on);
    tcase_add_test(tests, divergence_is_recorded);
    tcase_add_loop_test(tests, widths_and_data_can_be_chosen, 0, sizeof sized / sizeof *sized);
    tcase_add_test(tests, a_folder_trains_as_generated_data_do);
    tcase_add_test(tests, a_folder_may_have_no_test_set_and_more_classes);
    tcase_add_test(tests, trace_holds_the_losses);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
