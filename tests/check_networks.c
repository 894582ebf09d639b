/* Networks described by one function, and their training: counts, names and initialisations, noise that depends on names
 * alone, running statistics, what a protocol does; the networks of the fifteen questions against PyTorch's starts and, where
 * MNIST is there (SCALEDOWN_DATA), losses. */
#include <check.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "base/file.h"
#include "base/npy.h"
#include "base/sha256.h"
#include "command/train.h"
#include "data/image_sets.h"
#include "files.h"
#include "grad/loss.h"
#include "nn/fit.h"
#include "nn/layers.h"
#include "nn/lookahead.h"
#include "nn/question_networks.h"
#include "suite.h"

static Arena *arena;

static void begin(void) {
    arena = arena_create(0);
}

static void end(void) {
    arena_destroy(arena);
}

static Network *question(const char *name, QuestionSettings settings, Shape input) {
    Error error;
    const QuestionNetwork *kind = question_network_by_name(name, &error);
    ck_assert_msg(kind != NULL, "%s", error.text);
    return question_network_create(kind, &settings, input, arena);
}

static Network *image_network(const char *name) {
    return question(name, question_settings(), shape_image(1, 28, 28, 1));
}

/* ---- the published counts ---- */

static const struct {
    const char *name;
    size_t parameters, multiply_adds;
} published[] = {{"default", 21840, 480500},
                 {"half", 5675, 156250},
                 {"half-channels", 9950, 160500},
                 {"double", 85670, 1633000},
                 {"double-channels", 53120, 1600500},
                 {"batch-norm", 21860, 480500},
                 {"batch-norm-dropout", 21860, 480500},
                 {"dropout-batch-norm", 21860, 480500},
                 {"third-convolution", 17270, 492100},
                 {"third-block", 11080, 495300},
                 {"one-linear-relu", 8490, 467200},
                 {"one-linear", 8490, 467200},
                 {"one-block", 72820, 216500},
                 {"ultimate", 698218, 1580416},
                 {"ultimate-second", 347118, 6929880}};
enum { N_PUBLISHED = sizeof published / sizeof *published };

START_TEST(counts_are_the_published_ones) {
    const Network *network = image_network(published[_i].name);
    ck_assert_uint_eq(network->n_parameters, published[_i].parameters);
    ck_assert_uint_eq(network_multiply_adds(network), published[_i].multiply_adds);
    ck_assert_uint_eq(question_networks[_i].parameters, published[_i].parameters);
    ck_assert_uint_eq(question_networks[_i].multiply_adds, published[_i].multiply_adds);
    ck_assert(shape_equal(network->output, shape_matrix(10, 1)));
    ck_assert_ptr_null(question_networks[N_PUBLISHED].name);
}
END_TEST

typedef struct Line {
    const char *name;
    Shape output;
    size_t parameters, multiply_adds;
} Line;

static void check_lines(const Network *network, const Line *lines) {
    size_t n = 0;
    for (; lines[n].name; n++) {
        const NetworkLayer *layer = &network->layers[n];
        ck_assert_uint_lt(n, network->n_layers);
        ck_assert_str_eq(layer->name, lines[n].name);
        ck_assert_msg(shape_equal(layer->output, lines[n].output), "%s, layer %zu", network->name, n);
        ck_assert_uint_eq(layer->parameters, lines[n].parameters);
        ck_assert_uint_eq(layer->multiply_adds, lines[n].multiply_adds);
    }
    ck_assert_uint_eq(n, network->n_layers);
}

START_TEST(layers_are_the_published_ones) {
    static const Line plain[] = {{"conv1", {4, {10, 24, 24, 1}}, 260, 144000},
                                 {"", {4, {10, 12, 12, 1}}, 0, 0},
                                 {"conv2", {4, {20, 8, 8, 1}}, 5020, 320000},
                                 {"", {4, {20, 4, 4, 1}}, 0, 0},
                                 {"", {2, {320, 1}}, 0, 0},
                                 {"fc1", {2, {50, 1}}, 16050, 16000},
                                 {"dropout", {2, {50, 1}}, 0, 0},
                                 {"fc2", {2, {10, 1}}, 510, 500},
                                 {NULL, {0, {0}}, 0, 0}};
    static const Line ultimate[] = {{"conv1", {4, {32, 26, 26, 1}}, 320, 194688},
                                    {"bn1", {4, {32, 26, 26, 1}}, 64, 0},
                                    {"dropout1", {4, {32, 26, 26, 1}}, 0, 0},
                                    {"conv2", {4, {32, 13, 13, 1}}, 4128, 692224},
                                    {"bn2", {4, {32, 13, 13, 1}}, 64, 0},
                                    {"dropout2", {4, {32, 13, 13, 1}}, 0, 0},
                                    {"", {2, {5408, 1}}, 0, 0},
                                    {"fc1", {2, {128, 1}}, 692352, 692224},
                                    {"fc2", {2, {10, 1}}, 1290, 1280},
                                    {NULL, {0, {0}}, 0, 0}};
    check_lines(image_network("default"), plain);
    check_lines(image_network("ultimate"), ultimate);
}
END_TEST

/* 40-36-18-14-7: the counterpart for MNIST-1D reads 140 features. */
START_TEST(signals_run_through_the_same_functions) {
    const Network *network = question("default", question_settings(), shape_signal(1, 40, 1));
    ck_assert(shape_equal(network->tensors[4].shape, shape_matrix(50, 140)));
    ck_assert_str_eq(network->tensors[4].name, "fc1.weight");
    ck_assert_uint_eq(network->n_parameters, 60 + 1020 + 7050 + 510);
    for (size_t i = 0; i < N_PUBLISHED; i++)
        ck_assert(shape_equal(question(published[i].name, question_settings(), shape_signal(1, 40, 1))->output,
                              shape_matrix(10, 1)));
}
END_TEST

/* ---- declaring ---- */

static Var nested(Pass *p, const void *settings, Var x) {
    const size_t *blocks = settings;
    for (size_t i = 0; i < *blocks; i++) {
        char name[32];
        snprintf(name, sizeof name, "block%zu", i);
        const char *outside = pass_enter(p, name);
        const char *inside = pass_enter(p, "inner");
        x = linear_relu(p, "fc", 3, x);
        pass_leave(p, inside);
        x = batch_norm(p, "bn", x);
        pass_leave(p, outside);
    }
    return linear(p, "last", 2, x);
}

START_TEST(names_nest_and_tensors_have_no_limit) {
    const size_t blocks = 300;
    const Network *network = network_create("nested", nested, &blocks, shape_matrix(3, 1), arena);
    ck_assert_uint_eq(network->n_tensors, 4 * blocks + 2);
    ck_assert_str_eq(network->tensors[0].name, "block0.inner.fc.weight");
    ck_assert_str_eq(network->tensors[4 * blocks - 1].name, "block299.bn.bias");
    ck_assert_str_eq(network->tensors[4 * blocks].name, "last.weight");
    ck_assert_str_eq(network->buffer_tensors[1].name, "block0.bn.running_var");
    size_t next = 0;
    for (size_t i = 0; i < network->n_tensors; i++) {
        ck_assert_uint_eq(network->tensors[i].offset, next);
        next += shape_count(network->tensors[i].shape);
    }
    ck_assert_uint_eq(next, network->n_parameters);
    Learner *learner = learner_create(network, arena);
    const real x[6] = {1, 2, 3, 4, 5, 6};
    for (size_t i = 0; i < network->n_buffers; i++) ck_assert(learner->buffers[i] == (real)(i / 3 % 2));
    ck_assert(learner_outputs(learner, 2, x)[0] == 0); /* all weights are 0 */
    learner_destroy(learner);
}
END_TEST

static Var same_name(Pass *p, const void *settings, Var x) {
    (void)settings;
    return linear(p, "fc", 3, linear(p, "fc", 3, x));
}

static Var same_noise(Pass *p, const void *settings, Var x) {
    (void)settings;
    return dropout(p, "dropout", 0.5, dropout(p, "dropout", 0.5, x));
}

static Var fewer_in_training(Pass *p, const void *settings, Var x) {
    (void)settings;
    x = linear(p, "fc1", 3, x);
    return p->mode == PASS_TRAIN ? x : linear(p, "fc2", 3, x);
}

START_TEST(faulty_functions_abort) {
    static NetworkFunction *const functions[] = {same_name, same_noise, fewer_in_training};
    const Network *network = network_create("faulty", functions[_i], NULL, shape_matrix(3, 1), arena);
    const real weights[24] = {0}, x[3] = {0};
    Tape *tape = tape_create();
    Pass *p = pass_create(network, arena);
    pass_begin(p, tape, PASS_TRAIN, weights, NULL);
    pass_run(p, tape_input(tape, network->input, x));
}
END_TEST

/* ---- initialisation ---- */

static Initial initial_weights;

static Var one_convolution(Pass *p, const void *settings, Var x) {
    (void)settings;
    p->weights = initial_weights;
    p->biases = (Initial){INITIAL_CONSTANT, 0.25};
    return convolution(p, "conv", (Filters){.channels = 40, .window = 5}, x);
}

/* 40 filters over 20 channels of 5 x 5: fan_in 500, fan_out 1000. */
static const struct {
    Initial initial;
    double low, high, deviation; /* bounds, and what the standard deviation is */
} initials[] = {{{INITIAL_TORCH, 0}, -0.044721361, 0.044721361, 0.0258199},
                {{INITIAL_XAVIER, 0}, -0.063245554, 0.063245554, 0.0365148},
                {{INITIAL_HE, 0}, -0.4, 0.4, 0.0632456},
                {{INITIAL_HE_UNIFORM, 0}, -0.10954452, 0.10954452, 0.0632456},
                {{INITIAL_SYMMETRIC, 0.5}, -0.5, 0.5, 0.288675},
                {{INITIAL_HE_FAN_OUT, 0}, -0.3, 0.3, 0.0447214},
                {{INITIAL_NORMAL, 0.5}, -3, 3, 0.5},
                {{INITIAL_TRUNCATED, 0.5}, -1, 1, 0.43981}, /* 0.8796 of the whole one's */
                {{INITIAL_UNIFORM, 1}, 0, 1, 0.288675},
                {{INITIAL_CONSTANT, 3}, 3, 3, 0}};

START_TEST(initialisations_have_their_distributions) {
    Mt19937 mt;
    initial_weights = initials[_i].initial;
    const Network *network = network_create("one", one_convolution, NULL, shape_image(20, 8, 8, 1), arena);
    const size_t n = network->n_parameters - 40;
    real *weights = arena_alloc(arena, network->n_parameters, sizeof *weights);
    double sum = 0, squares = 0, largest = -INFINITY, smallest = INFINITY;
    mt19937_seed(&mt, 1);
    network_initialize(network, &mt, weights);
    for (size_t i = 0; i < n; i++) sum += (double)weights[i];
    for (size_t i = 0; i < n; i++) {
        const double w = (double)weights[i], from_mean = w - sum / (double)n;
        squares += from_mean * from_mean;
        if (w > largest) largest = w;
        if (w < smallest) smallest = w;
    }
    const double deviation = sqrt(squares / (double)n), wanted = initials[_i].deviation;
    ck_assert(n == 20000 && smallest >= initials[_i].low && largest <= initials[_i].high);
    ck_assert_msg(fabs(deviation - wanted) <= 0.02 * wanted, "%g, not %g", deviation, wanted); /* 4 standard errors */
    if (initials[_i].initial.kind == INITIAL_TRUNCATED) ck_assert_double_gt(largest, 0.99);
    for (size_t i = n; i < network->n_parameters; i++) ck_assert(weights[i] == 0.25f);
}
END_TEST

static Var identities(Pass *p, const void *settings, Var x) {
    const size_t *channels = settings;
    p->weights = (Initial){INITIAL_DIRAC, 0};
    return convolution(p, "conv", (Filters){.channels = *channels, .window = 3, .padding = 1, .without_bias = 1}, x);
}

/* What it is given comes out of the first filters, of images and of signals; filters beyond start as PyTorch's, and where there
 * are fewer than channels each passes its channel on. */
START_TEST(filters_of_dirac_pass_channels_on) {
    static const Shape inputs[2] = {{4, {5, 4, 3, 1}}, {3, {5, 12, 1}}};
    static const size_t filters[2] = {8, 3};
    for (int i = 0; i < 4; i++) {
        const size_t out = filters[i / 2], passed = out < 5 ? out : 5;
        Learner *learner = learner_create(network_create("one", identities, &out, inputs[i % 2], arena), arena);
        const size_t of_filter = learner->network->n_parameters / out;
        real x[5 * 12];
        Mt19937 mt, twin;
        mt19937_seed(&mt, 3), mt19937_seed(&twin, 3);
        network_initialize(learner->network, &mt, learner->weights);
        for (size_t j = 0; j < 5 * 12; j++) x[j] = (real)j;
        ck_assert_mem_eq(learner_outputs(learner, 1, x), x, passed * 12 * sizeof *x);
        float *drawn = arena_alloc(arena, out * of_filter, sizeof *drawn);
        const double bound = 1 / sqrt((double)of_filter);
        torch_uniform(&twin, -bound, bound, out * of_filter, drawn);
        for (size_t j = passed * of_filter; j < out * of_filter; j++)
            ck_assert_double_eq_tol((double)learner->weights[j], (double)drawn[j], 1e-7);
        learner_destroy(learner);
    }
}
END_TEST

START_TEST(the_questions_networks_start_at_the_bits_of_pytorch) {
    const char *names[] = {"default", "ultimate"};
    QuestionSettings settings = question_settings();
    settings.scales = (Initial){INITIAL_CONSTANT, 1};
    const Network *network = question(names[_i], settings, shape_image(1, 28, 28, 1));
    const size_t bytes = network->n_parameters * sizeof(float);
    float *weights = arena_alloc(arena, network->n_parameters, sizeof *weights);
    Mt19937 mt;
    mt19937_seed(&mt, 1);
    network_initialize(network, &mt, weights);
    if (_i == 0) {
        NpyArray oracle;
        Error error;
        ck_assert_msg(npy_read("tests/oracle/questions_default_mnist_init.npy", arena, &oracle, &error) == 0, "%s",
                      error.text);
        ck_assert_uint_eq(npy_count(&oracle), network->n_parameters);
        ck_assert_int_eq(memcmp(oracle.data, weights, bytes), 0);
    } else {
        Sha256 hash;
        char hex[SHA256_HEX], *wanted = slurp("tests/oracle/questions_ultimate_mnist_init.sha256");
        sha256_begin(&hash);
        sha256_add(&hash, weights, bytes);
        sha256_end(&hash, hex);
        ck_assert_int_eq(strncmp(wanted, hex, 64), 0);
        free(wanted);
    }
}
END_TEST

/* ---- noise and running statistics ---- */

static Var two_dropouts(Pass *p, const void *settings, Var x) {
    const char *const *names = settings;
    Var a = dropout(p, names[0], 0.5, x);
    (void)a;
    return dropout(p, names[1], 0.5, x);
}

/* The outputs of a pass in training mode on ones. */
static void noisy(const char *const *names, uint64_t seed, uint32_t step, size_t batch, real *y) {
    const Network *network = network_create("noisy", two_dropouts, names, shape_matrix(50, 1), arena);
    Tape *tape = tape_create();
    Pass *p = pass_create(network, arena);
    uint32_t examples[8] = {10, 11, 12, 13, 14, 15, 16, 17};
    pass_begin(p, tape, PASS_TRAIN, NULL, NULL);
    p->noise = (DropoutNoise){seed, step, 0, examples};
    Var out = pass_run(p, tape_fill(tape, shape_matrix(50, batch), 1));
    memcpy(y, var_data(out), 50 * batch * sizeof *y);
    tape_destroy(tape);
}

START_TEST(noise_depends_on_seed_step_name_and_example_alone) {
    static const char *const ab[] = {"a", "b"}, *const cb[] = {"c", "b"}, *const ba[] = {"b", "a"};
    static const struct {
        const char *const *names;
        uint64_t seed;
        uint32_t step;
        int same;
    } others[] = {{cb, 1, 5, 1}, {ba, 1, 5, 0}, {ab, 2, 5, 0}, {ab, 1, 6, 0}};
    real first[400], other[400];
    noisy(ab, 1, 5, 8, first);
    for (size_t i = 0; i < 4; i++) {
        noisy(others[i].names, others[i].seed, others[i].step, 8, other);
        ck_assert_int_eq(memcmp(first, other, sizeof first) == 0, others[i].same);
    }
    noisy(ab, 1, 5, 3, other);
    for (size_t i = 0; i < 50; i++)
        for (size_t n = 0; n < 3; n++) ck_assert(first[i * 8 + n] == other[i * 3 + n]);
}
END_TEST

static Var normalised(Pass *p, const void *settings, Var x) {
    if (settings) p->norm_momentum = *(const double *)settings;
    return batch_norm(p, "bn", x);
}

/* Two channels of six numbers: means 3 and 0, variances 4 and 5/3, unbiased 4.8 and 2, which running averages take
 * with weight 0.1, or another. */
START_TEST(training_moves_running_statistics_and_evaluation_uses_them) {
    static const real x[12] = {0, 1, 3, 4, 6, 4, -2, 2, 0, 0, 1, -1};
    const Network *network = network_create("normalised", normalised, NULL, shape_signal(2, 2, 1), arena);
    Learner *learner = learner_create(network, arena);
    Mt19937 mt;
    mt19937_seed(&mt, 1);
    network_initialize(network, &mt, learner->weights);
    const real *y = learner_outputs(learner, 3, x);
    for (size_t i = 0; i < 12; i++) ck_assert(fabs((double)(y[i] - x[i])) < 1e-4);
    pass_begin(learner->pass, learner->tape, PASS_TRAIN, learner->weights, learner->buffers);
    y = var_data(pass_run(learner->pass, tape_input(learner->tape, shape_signal(2, 2, 3), x)));
    ck_assert(fabs((double)y[0] + 3.0 / 2) < 1e-4);
    static const double running[4] = {0.3, 0, 0.9 + 0.48, 0.9 + 0.2};
    for (size_t i = 0; i < 4; i++) ck_assert(fabs((double)learner->buffers[i] - running[i]) < 1e-6);
    y = learner_outputs(learner, 3, x);
    ck_assert(fabs((double)y[0] + 0.3 / sqrt(1.38)) < 1e-4);
    ck_assert(fabs((double)learner->buffers[0] - 0.3) < 1e-6);
    learner_destroy(learner);
    static const double momentum = 0.4;
    learner = learner_create(network_create("another", normalised, &momentum, shape_signal(2, 2, 1), arena), arena);
    pass_begin(learner->pass, learner->tape, PASS_TRAIN, learner->weights, learner->buffers);
    pass_run(learner->pass, tape_input(learner->tape, shape_signal(2, 2, 3), x));
    ck_assert(fabs((double)learner->buffers[0] - 1.2) < 1e-6 && fabs((double)learner->buffers[2] - 2.52) < 1e-6);
    learner_destroy(learner);
}
END_TEST

/* ---- the protocol ---- */

enum { EXAMPLES = 22, INPUTS = 3 };

static float rows[EXAMPLES * INPUTS];
static uint16_t labels[EXAMPLES];

static Var only_linear(Pass *p, const void *settings, Var x) {
    (void)settings;
    return linear(p, "fc", 4, x);
}

/* Notes which examples it sees. */
static void note(const LabelledSet *set, size_t batch, const DropoutNoise *noise, real *x) {
    size_t *seen = (size_t *)set->transform_context;
    for (size_t n = 0; n < batch; n++) {
        ck_assert(x[n] == rows[noise->example[n] * INPUTS]);
        seen[noise->example[n]] += 1 + 100 * noise->step;
    }
}

static LabelledSet small_set(size_t *seen) {
    for (size_t i = 0; i < EXAMPLES * INPUTS; i++) rows[i] = (float)(i * 37 % 64) / 32 - 1;
    for (size_t i = 0; i < EXAMPLES; i++) labels[i] = (uint16_t)(i * 3 % 4);
    return (LabelledSet){.example = shape_matrix(INPUTS, 1),
                         .n = EXAMPLES,
                         .classes = 4,
                         .rows = rows,
                         .labels = labels,
                         .transform = seen ? note : NULL,
                         .transform_context = seen};
}

static Learner *small_learner(void) {
    Mt19937 mt;
    Learner *learner =
        learner_create(network_create("small", only_linear, NULL, shape_matrix(INPUTS, 1), arena), arena);
    mt19937_seed(&mt, 7);
    network_initialize(learner->network, &mt, learner->weights);
    return learner;
}

typedef struct Seen {
    size_t updates, epochs, end_after;
    double loss;
    size_t correct;
} Seen;

static int count_update(Learner *learner, const Progress *progress, void *context) {
    Seen *seen = context;
    (void)learner;
    ck_assert_uint_eq(progress->updates, ++seen->updates);
    seen->loss += progress->last.loss * (double)progress->last.n;
    seen->correct += progress->last.correct;
    return seen->updates == seen->end_after ? 5 : 0;
}

static int count_epoch(Learner *learner, const Progress *progress, void *context) {
    Seen *seen = context;
    (void)learner;
    ck_assert_uint_eq(progress->epochs, ++seen->epochs);
    ck_assert_uint_eq(progress->epoch.correct, seen->correct);
    ck_assert(fabs(progress->epoch.loss - seen->loss / (double)progress->epoch.n) < 1e-12);
    seen->loss = 0, seen->correct = 0;
    return 0;
}

START_TEST(shuffled_epochs_meet_every_example_once) {
    size_t seen[EXAMPLES] = {0}, in_order = 1;
    const LabelledSet set = small_set(seen);
    Learner *learner = small_learner();
    Mt19937 mt, twin;
    Seen counts = {0, 0, 0, 0, 0};
    size_t order[EXAMPLES];
    mt19937_seed(&mt, 9);
    mt19937_seed(&twin, 9);
    Protocol protocol = {.train = &set,
                         .batch = 8,
                         .order = ORDER_SHUFFLED,
                         .stream = &mt,
                         .epochs = 1,
                         .optimizer = {.kind = OPTIMIZER_SGD, .learning_rate = 0.1},
                         .after_update = count_update,
                         .after_epoch = count_epoch,
                         .context = &counts};
    ck_assert_int_eq(fit(learner, &protocol), 0);
    torch_shuffle_epoch(&twin, EXAMPLES, order);
    for (size_t i = 0; i < EXAMPLES; i++) { /* number i of the order is in minibatch i / 8, the last of which has 6 */
        ck_assert_uint_eq(seen[order[i]], 1 + 100 * (i / 8));
        in_order &= order[i] == i;
    }
    ck_assert(!in_order && counts.updates == 3 && counts.epochs == 1);
    learner_destroy(learner);
}
END_TEST

enum { VIEWS = 2, OF_BATCH = 8 };

/* Of a set of views: which examples the minibatches had, in order. */
typedef struct Met {
    size_t n;
    uint32_t examples[2 * EXAMPLES];
} Met;

static void double_second_views(const LabelledSet *set, size_t columns, const DropoutNoise *noise, real *x) {
    Met *met = *(Met *const *)set->transform_context;
    ck_assert_uint_eq(columns, VIEWS * OF_BATCH);
    for (size_t j = 0; j < OF_BATCH; j++) {
        ck_assert_uint_eq(noise->example[OF_BATCH + j], noise->example[j]);
        met->examples[met->n++] = noise->example[j];
        for (size_t i = 0; i < INPUTS; i++) {
            ck_assert(x[i * columns + j] == set->rows[noise->example[j] * INPUTS + i]);
            ck_assert(x[i * columns + j] == x[i * columns + OF_BATCH + j]);
            x[i * columns + OF_BATCH + j] *= 2;
        }
    }
}

/* The network has no biases: its outputs for second views are twice those for first ones, but for rounding. */
static Var loss_of_views(Pass *p, Var outputs, const uint16_t *given, const void *context) {
    const real *y = var_data(outputs);
    ck_assert_str_eq(context, "of the loss");
    ck_assert_uint_eq(var_shape(outputs).dim[1], VIEWS * OF_BATCH);
    for (size_t j = 0; j < OF_BATCH; j++) {
        ck_assert_double_eq_tol((double)y[OF_BATCH + j], 2 * (double)y[j], 1e-5);
        ck_assert(given[j] == 0 && given[OF_BATCH + j] == 0); /* labels that are not known */
    }
    return op_softmax_cross_entropy(p->tape, outputs, given);
}

static Var without_biases(Pass *p, const void *settings, Var x) {
    (void)settings;
    p->biases = (Initial){INITIAL_CONSTANT, 0};
    return linear(p, "fc", 4, x);
}

/* Of 22 examples, 16 make whole minibatches, others in the second epoch; the views of an example stand a batch apart. */
START_TEST(permuted_epochs_leave_the_rest_and_views_differ_by_their_transform) {
    Met met = {0, {0}}, *where = &met;
    LabelledSet set = small_set(NULL);
    Learner *learner =
        learner_create(network_create("views", without_biases, NULL, shape_matrix(INPUTS, 1), arena), arena);
    Seen counts = {0, 0, 0, 0, 0};
    Mt19937 mt, twin;
    mt19937_seed(&mt, 5), mt19937_seed(&twin, 5);
    network_initialize(learner->network, &mt, learner->weights);
    mt19937_seed(&mt, 5);
    set.transform = double_second_views;
    set.transform_context = &where;
    set.labels = NULL;
    set.classes = 0;
    const Protocol protocol = {.train = &set,
                               .batch = OF_BATCH,
                               .views = VIEWS,
                               .order = ORDER_PERMUTED,
                               .stream = &mt,
                               .epochs = 2,
                               .optimizer = {.kind = OPTIMIZER_SGD, .learning_rate = 0}, /* the biases stay 0 */
                               .loss = loss_of_views,
                               .loss_context = "of the loss",
                               .after_update = count_update,
                               .context = &counts};
    ck_assert_int_eq(fit(learner, &protocol), 0);
    ck_assert_uint_eq(met.n, 4 * OF_BATCH);
    for (size_t epoch = 0; epoch < 2; epoch++) {
        size_t order[EXAMPLES];
        numpy_permutation(&twin, EXAMPLES, order);
        for (size_t i = 0; i < 2 * OF_BATCH; i++) ck_assert_uint_eq(met.examples[epoch * 2 * OF_BATCH + i], order[i]);
    }
    ck_assert(counts.updates == 4 && counts.correct == 0);
    learner_destroy(learner);
}
END_TEST

START_TEST(sequential_epochs_are_of_whole_minibatches) {
    size_t seen[EXAMPLES] = {0};
    const LabelledSet set = small_set(seen);
    Learner *learner = small_learner();
    Seen counts = {0, 0, 0, 0, 0};
    Protocol protocol = {.train = &set,
                         .batch = 8,
                         .order = ORDER_SEQUENTIAL,
                         .updates = 3,
                         .optimizer = {.kind = OPTIMIZER_ADAM, .learning_rate = 0.1},
                         .after_update = count_update,
                         .after_epoch = count_epoch,
                         .context = &counts};
    ck_assert_int_eq(fit(learner, &protocol), 0);
    for (size_t i = 0; i < EXAMPLES; i++)
        ck_assert_uint_eq(seen[i], i < 8 ? 202 : i < 16 ? 101 : 0); /* updates 0 and 2, update 1, left over */
    ck_assert(counts.updates == 3 && counts.epochs == 1);
    counts = (Seen){0, 0, 2, 0, 0};
    ck_assert_int_eq(fit(learner, &protocol), 5);
    ck_assert_uint_eq(counts.updates, 2);
    learner_destroy(learner);
}
END_TEST

/* The loss of whole sets falls with the updates, and a second call goes on from the weights of the first. */
START_TEST(training_goes_on_from_call_to_call) {
    const LabelledSet set = small_set(NULL);
    Learner *once = small_learner(), *twice = small_learner();
    Protocol protocol = {.train = &set,
                         .batch = EXAMPLES,
                         .order = ORDER_SEQUENTIAL,
                         .updates = 20,
                         .optimizer = {.kind = OPTIMIZER_SGD, .learning_rate = 0.5}};
    const double before = learner_evaluate(once, &set).loss;
    fit(once, &protocol);
    ck_assert_double_lt(learner_evaluate(once, &set).loss, 0.9 * before);
    protocol.updates = 10;
    fit(twice, &protocol);
    fit(twice, &protocol);
    ck_assert_mem_eq(once->weights, twice->weights, once->network->n_parameters * sizeof(real));
    learner_destroy(once);
    learner_destroy(twice);
}
END_TEST

/* A rate that falls to 0 after three updates leaves the weights as they are then; another momentum and a weight decay move
 * them elsewhere. */
START_TEST(optimiser_and_schedule_are_the_protocols) {
    const LabelledSet set = small_set(NULL);
    Learner *learners[4];
    for (int i = 0; i < 4; i++) {
        Protocol protocol = {.train = &set,
                             .batch = 8,
                             .order = ORDER_SEQUENTIAL,
                             .updates = 3,
                             .optimizer = {.kind = OPTIMIZER_RMSPROP, .learning_rate = 0.01}};
        if (i == 1)
            protocol.updates = 9, protocol.schedule = (LearningRate){.kind = RATE_STEP, .initial = 0.01, .period = 3};
        if (i == 2) protocol.optimizer.momentum = 0.5;
        if (i == 3) protocol.optimizer.weight_decay = 0.1;
        learners[i] = small_learner();
        fit(learners[i], &protocol);
    }
    for (int i = 1; i < 4; i++)
        ck_assert_int_eq(memcmp(learners[0]->weights, learners[i]->weights, 16 * sizeof(real)) == 0, i == 1);
    for (int i = 0; i < 4; i++) learner_destroy(learners[i]);
}
END_TEST

static Var two_layers(Pass *p, const void *settings, Var x) {
    (void)settings;
    x = tanh_activation(p, linear(p, "first", 5, x));
    return linear_without_bias(p, "second", 4, x);
}

/* first.weight is never trained, first.bias for two updates, the rest twice as fast. */
static double some_faster(const NetworkTensor *tensor, size_t updates, const void *context) {
    ck_assert_str_eq(context, "of the hooks");
    return !strcmp(tensor->name, "first.weight") ? 0 : !strcmp(tensor->name, "first.bias") ? updates < 2 : 2;
}

/* Nodes of the first layer's weight gradient on the tape tell that none is computed for what is not trained. */
static int count_products(Learner *learner, const Progress *progress, void *context) {
    (void)context;
    const size_t products = tape_count_of(learner->tape, "matmul_nt"), bias_sums = progress->updates <= 2;
    ck_assert_uint_eq(products, 1); /* second.weight's */
    ck_assert_uint_eq(tape_count_of(learner->tape, "sum_columns"), bias_sums);
    return 0;
}

/* The weights after so many updates. */
static const real *trained_two_layers(size_t updates, double rate, int some) {
    const LabelledSet set = small_set(NULL);
    Learner *learner = learner_create(network_create("two", two_layers, NULL, set.example, arena), arena);
    Mt19937 mt;
    mt19937_seed(&mt, 1);
    network_initialize(learner->network, &mt, learner->weights);
    fit(learner, &(Protocol){.train = &set,
                             .batch = EXAMPLES,
                             .order = ORDER_SEQUENTIAL,
                             .updates = updates,
                             .optimizer = {.kind = OPTIMIZER_SGD, .learning_rate = rate},
                             .faster = some ? some_faster : NULL,
                             .after_update = some ? count_products : NULL,
                             .context = (void *)"of the hooks"});
    learner_destroy(learner);
    return learner->weights; /* in the arena */
}

START_TEST(tensors_are_trained_faster_or_not_at_all) {
    enum { BIAS = 5 * INPUTS, SECOND = BIAS + 5, ALL = SECOND + 4 * 5 };
    const real *start = trained_two_layers(1, 0, 0), *usual = trained_two_layers(1, 0.25, 0);
    const real *twice = trained_two_layers(1, 0.5, 0), *one = trained_two_layers(1, 0.25, 1);
    const real *two = trained_two_layers(2, 0.25, 1), *three = trained_two_layers(3, 0.25, 1);
    ck_assert_mem_eq(three, start, BIAS * sizeof *start);
    ck_assert_mem_eq(one + BIAS, usual + BIAS, (SECOND - BIAS) * sizeof *start);
    ck_assert_mem_eq(one + SECOND, twice + SECOND, (ALL - SECOND) * sizeof *start);
    ck_assert_mem_eq(three + BIAS, two + BIAS, (SECOND - BIAS) * sizeof *start);
    for (size_t i = BIAS; i < ALL; i++) ck_assert(one[i] != two[i] && (i < SECOND || two[i] != three[i]));
}
END_TEST

/* Slow weights go a quarter of the way, to where the learner goes back. */
START_TEST(slow_weights_follow_and_are_gone_on_from) {
    Learner *learner = learner_create(network_create("bn", normalised, NULL, shape_signal(1, 2, 1), arena), arena);
    Lookahead slow = lookahead_create(
        learner->network,
        arena_alloc(arena, learner->network->n_parameters + learner->network->n_buffers, sizeof(real)));
    real *w = learner->weights, *buffers = learner->buffers;
    w[0] = 8, w[1] = -2, buffers[0] = 1, buffers[1] = 5;
    lookahead_update(&slow, learner, 0.5);
    ck_assert(slow.begun && w[0] == 8 && buffers[1] == 5);
    w[0] = 16, w[1] = 2, buffers[0] = 5, buffers[1] = 1;
    lookahead_update(&slow, learner, 0.75);
    ck_assert(w[0] == 10 && w[1] == -1 && buffers[0] == 2 && buffers[1] == 4);
    w[0] = 100, buffers[0] = 100;
    lookahead_update(&slow, learner, 1);
    ck_assert(w[0] == 10 && buffers[0] == 2 && slow.weights[1] == -1);
    learner_destroy(learner);
}
END_TEST

static Var branches(Pass *p, const void *settings, Var x) {
    (void)settings;
    Var a = convolution_relu(p, "a", (Filters){.channels = 3, .window = 1}, x);
    Var b = convolution(p, "b", (Filters){.channels = 5, .window = 3, .padding = 1, .without_bias = 1}, x);
    Var c = convolution(p, "c", (Filters){.channels = 2, .window = 7, .padding = 3, .row_window = 1}, x);
    Var d = average_pooling(p, 3, 1, 1, x);
    return global_average_pooling(p, swish(p, concatenate(p, 4, (const Var[]){a, b, c, d})));
}

START_TEST(branches_join_by_channel) {
    const Network *network = network_create("branches", branches, NULL, shape_image(4, 6, 6, 1), arena);
    ck_assert(shape_equal(network->output, shape_matrix(3 + 5 + 2 + 4, 1)));
    ck_assert_uint_eq(network->n_parameters, 3 * 4 + 3 + 5 * 4 * 9 + 2 * 4 * 7 + 2);
    ck_assert_uint_eq(network_multiply_adds(network), 36 * (3 * 4 + 5 * 4 * 9 + 2 * 4 * 7));
    ck_assert_str_eq(network->tensors[2].name, "b.weight");
    Learner *learner = learner_create(network, arena);
    real x[4 * 36 * 2];
    for (size_t i = 0; i < 4 * 36 * 2; i++) x[i] = (real)(i / 72 + 1); /* channel c is c + 1 everywhere */
    const real *y = learner_outputs(learner, 2, x);
    ck_assert(y[0] == 0 && y[13 * 2] > 0 && y[13 * 2] == y[13 * 2 + 1] && y[13 * 2] > y[12 * 2]);
    learner_destroy(learner);
}
END_TEST

START_TEST(bytes_become_numbers_as_torchvision_makes_them) {
    static const uint8_t pixels[8] = {0, 255, 33, 7, 128, 1, 2, 254};
    static const uint16_t numbers[2] = {3, 9};
    static const float mean = 0.1307f, deviation = 0.3081f;
    const Images images = {2, 1, 2, 2, pixels, numbers};
    const LabelledSet set = set_of_images(&images, 2, 10, &mean, &deviation, arena);
    ck_assert(shape_equal(set.example, shape_image(1, 2, 2, 1)) && set.labels[1] == 9);
    ck_assert(set.value_of[0] == (0.0f - 0.1307f) / 0.3081f && set.value_of[255] == (1.0f - 0.1307f) / 0.3081f);
    ck_assert(fabs((double)set.value_of[33] + 0.00418) < 1e-5); /* 33 is next to the mean of MNIST */
}
END_TEST

/* ---- MNIST ---- */

static const ImageSet *mnist(void) {
    const char *folder = getenv("SCALEDOWN_DATA");
    Error error;
    image_sets_folder(folder ? folder : "data");
    if (image_set_check("mnist", &error)) {
        printf("check_networks: losses on MNIST are not tested: %s\n", error.text);
        return NULL;
    }
    const ImageSet *set = image_set("mnist", &error);
    ck_assert_msg(set != NULL, "%s", error.text);
    return set;
}

static size_t read_trace(const char *path, size_t most, double *losses) {
    char *text = slurp(path);
    size_t n = 0;
    ck_assert_msg(text != NULL, "%s is not there", path);
    for (char *line = strchr(text, '\n'); line && line[1] && n < most; line = strchr(line + 1, '\n'))
        losses[n++] = strtod(strchr(line + 1, ',') + 1, NULL);
    free(text);
    return n;
}

/* How far a run is from PyTorch's, as the largest relative difference of the losses so far.
 *   default   2.4e-7 up to step 120, 1.6e-6 up to 150; then a rectifier's argument or the difference of two candidates for a
 *             maximum is within rounding of zero somewhere, which grows to 3e-3 by step 234.  The same training in binary64
 *             meets such a place earlier: it is 3e-5 from both at step 79, and 3e-3 at 199.
 *   ultimate  4e-7 up to step 9, 2e-6 up to 24, 6e-3 at 59.  Here it is PyTorch that leaves: our losses stay within 1.4e-6 of
 *             those in binary64 up to step 53, and within 8.2e-6 to the end, PyTorch's within 1.1e-6 only up to 23. */
static const struct {
    const char *name, *oracle;
    OptimizerSettings optimizer;
    size_t updates;
    double bound; /* of the relative difference */
} followed[] = {{"default",
                 "tests/oracle/questions_default_mnist_loss.csv",
                 {.kind = OPTIMIZER_SGD, .learning_rate = 0.01, .momentum = 0.5},
                 100,
                 5e-7},
                {"ultimate",
                 "tests/oracle/questions_ultimate_mnist_loss.csv",
                 {.kind = OPTIMIZER_ADAM, .learning_rate = 0.001},
                 20,
                 2e-6}};

static int note_loss(Learner *learner, const Progress *progress, void *context) {
    double *losses = context;
    (void)learner;
    losses[progress->updates - 1] = progress->last.loss;
    return 0;
}

START_TEST(losses_on_mnist_follow_pytorch) {
    static const float mean = 0.1307f, deviation = 0.3081f;
    const ImageSet *images = mnist();
    if (!images) return;
    QuestionSettings settings = {.scales = {INITIAL_CONSTANT, 1}}; /* no dropout */
    const LabelledSet set = set_of_images(&images->train, images->train.n, 10, &mean, &deviation, arena);
    Learner *learner = learner_create(question(followed[_i].name, settings, set.example), arena);
    double ours[100], theirs[100];
    const size_t updates = followed[_i].updates;
    Mt19937 mt;
    mt19937_seed(&mt, 1);
    network_initialize(learner->network, &mt, learner->weights);
    fit(learner, &(Protocol){.train = &set,
                             .batch = 256,
                             .order = ORDER_SEQUENTIAL,
                             .updates = updates,
                             .optimizer = followed[_i].optimizer,
                             .after_update = note_loss,
                             .context = ours});
    ck_assert_uint_eq(read_trace(followed[_i].oracle, updates, theirs), updates);
    for (size_t i = 0; i < updates; i++)
        ck_assert_msg(fabs(ours[i] - theirs[i]) <= followed[_i].bound * theirs[i], "step %zu: %.9g, PyTorch %.9g", i,
                      ours[i], theirs[i]);
    learner_destroy(learner);
}
END_TEST

/* ---- the command ---- */

START_TEST(the_command_refuses_what_it_cannot_do) {
    static const struct {
        const char *words, *said;
    } refused[] = {{"questions-defult", "nearest: default"},
                   {"questions-default --data mnst", "mnist"},
                   {"questions-default --dropout 1.5", "--dropout"},
                   {"questions-default --optimizer adam --momentum 0.5", "no meaning for adam"},
                   {"questions-default --order random", "--order"},
                   {"questions-default --hidden 10", "hidden"},
                   {"--steps 1 questions-default stray", "unexpected word \"stray\""},
                   {"questions-default --data-dir nowhere", "make data"},
                   {"questions-default --trace x --save-init x", "different files"}};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        char text[200], *argv[16];
        int argc = 0;
        Error error = {""};
        strcpy(text, refused[i].words);
        for (char *word = strtok(text, " "); word; word = strtok(NULL, " ")) argv[argc++] = word;
        ck_assert_msg(train_command(argc, argv, &error) > 0, "%s", refused[i].words);
        ck_assert_msg(strstr(error.text, refused[i].said) != NULL, "%s: %s", refused[i].words, error.text);
    }
}
END_TEST

int main(void) {
    Suite *suite = suite_create("networks");
    TCase *tests = tcase_create("networks");
    const char *fork = getenv("CK_FORK");
    tcase_add_checked_fixture(tests, begin, end);
    tcase_set_timeout(tests, 60);
    tcase_add_loop_test(tests, counts_are_the_published_ones, 0, N_PUBLISHED);
    tcase_add_test(tests, layers_are_the_published_ones);
    tcase_add_test(tests, signals_run_through_the_same_functions);
    tcase_add_test(tests, names_nest_and_tensors_have_no_limit);
    if (!fork || strcmp(fork, "no") != 0)
        tcase_add_loop_test_raise_signal(tests, faulty_functions_abort, SIGABRT, 0, 3);
    tcase_add_loop_test(tests, initialisations_have_their_distributions, 0, sizeof initials / sizeof *initials);
    tcase_add_test(tests, filters_of_dirac_pass_channels_on);
    tcase_add_loop_test(tests, the_questions_networks_start_at_the_bits_of_pytorch, 0, 2);
    tcase_add_test(tests, noise_depends_on_seed_step_name_and_example_alone);
    tcase_add_test(tests, training_moves_running_statistics_and_evaluation_uses_them);
    tcase_add_test(tests, shuffled_epochs_meet_every_example_once);
    tcase_add_test(tests, permuted_epochs_leave_the_rest_and_views_differ_by_their_transform);
    tcase_add_test(tests, sequential_epochs_are_of_whole_minibatches);
    tcase_add_test(tests, training_goes_on_from_call_to_call);
    tcase_add_test(tests, optimiser_and_schedule_are_the_protocols);
    tcase_add_test(tests, tensors_are_trained_faster_or_not_at_all);
    tcase_add_test(tests, slow_weights_follow_and_are_gone_on_from);
    tcase_add_test(tests, branches_join_by_channel);
    tcase_add_test(tests, bytes_become_numbers_as_torchvision_makes_them);
    tcase_add_loop_test(tests, losses_on_mnist_follow_pytorch, 0, 2);
    tcase_add_test(tests, the_command_refuses_what_it_cannot_do);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
