/* The networks of the study of random labels: published parameters, multiply-adds and shapes to the unit, and a step of
 * gradient descent through each kind for signals. */
#include <check.h>
#include <math.h>
#include <omp.h>
#include <string.h>

#include "kernels/adaptive_pooling.h"
#include "nn/fit.h"
#include "nn/generalization_networks.h"
#include "suite.h"

static Arena *arena;

static void begin(void) {
    omp_set_num_threads(1); /* the networks are small */
    arena = arena_create(0);
}

static void end(void) {
    arena_destroy(arena);
}

static const Network *network_of(const char *name) {
    Error error;
    const GeneralizationNetwork *kind = generalization_network_by_name(name, &error);
    ck_assert_msg(kind != NULL, "%s", error.text);
    return generalization_network_create(kind, 0, arena);
}

static const struct {
    const char *name;
    size_t parameters, multiply_adds, outputs;
} published[] = {{"inception", 1649402, 204219680, 10},
                 {"inception-without-norm", 1649402, 204219680, 10},
                 {"inception-half", 414274, 51563792, 10},
                 {"inception-quarter", 104534, 13145384, 10},
                 {"inception-quarter-without-norm", 104534, 13145384, 10},
                 {"alexnet", 1387786, 25113472, 10},
                 {"mlp-1x512", 1209866, 1209344, 10},
                 {"mlp-3x512", 1735178, 1733632, 10},
                 {"mlp-512-whole", 1578506, 1577984, 10},
                 {"mlp-512-whole-without-biases", 1577984, 1577984, 10},
                 {"inception-replicated", 1814106, 144894368, 10},
                 {"inception-replicated-whole", 1814106, 197971872, 10},
                 {"inception-replicated-without-norm", 1810682, 144894368, 10},
                 {"inception-replicated-quarter", 145710, 9415304, 10},
                 {"inception-replicated-quarter-without-norm", 144854, 9415304, 10},
                 {"inception-replicated-whole-quarter", 145710, 12841512, 10},
                 {"wrn-28-1", 369498, 54968960, 10},
                 {"torchvision-alexnet", 61100840, 714188480, 1000},
                 {"grey-mlp-1x512", 407050, 406528, 10},
                 {"grey-mlp-3x512", 932362, 930816, 10},
                 {"signal-inception", 42230, 588680, 10},
                 {"signal-inception-without-norm", 42230, 588680, 10},
                 {"signal-inception-half", 166210, 2347280, 10},
                 {"signal-alexnet", 41306, 144608, 10},
                 {"signal-mlp-1x512", 26122, 25600, 10},
                 {"signal-mlp-3x512", 551434, 549888, 10},
                 {"signal-wrn-10-1", 28314, 371200, 10}};
enum { N_PUBLISHED = sizeof published / sizeof *published, FIRST_SIGNAL = 20 };

START_TEST(counts_are_the_published_ones) {
    const GeneralizationNetwork *kind = &generalization_networks[_i];
    const Network *network = network_of(published[_i].name);
    ck_assert_str_eq(kind->name, published[_i].name);
    ck_assert_uint_eq(network->n_parameters, published[_i].parameters);
    ck_assert_uint_eq(kind->parameters, published[_i].parameters);
    ck_assert_uint_eq(kind->multiply_adds, network_multiply_adds(network));
    ck_assert_uint_eq(network_multiply_adds(network), published[_i].multiply_adds);
    ck_assert(shape_equal(network->output, shape_matrix(published[_i].outputs, 1)));
    ck_assert_ptr_null(generalization_networks[N_PUBLISHED].name);
}
END_TEST

/* Parameters and multiply-adds of all layers whose names begin so, and the output of the last of the nameless ones behind
 * them, which pool and join. */
static void check_part(const Network *network, const char *name, size_t parameters, size_t multiply_adds,
                       Shape output) {
    size_t sum = 0, products = 0, last = 0;
    for (size_t i = 0; i < network->n_layers; i++)
        if (strncmp(network->layers[i].name, name, strlen(name)) == 0) {
            sum += network->layers[i].parameters;
            products += network->layers[i].multiply_adds;
            last = i;
        }
    while (strncmp(network->layers[last].kind, "concatenation", 13) != 0 && !*network->layers[last + 1].name &&
           strcmp(network->layers[last + 1].kind, "flatten") != 0)
        last++;
    ck_assert_msg(sum == parameters && products == multiply_adds, "%s: %zu parameters, %zu multiply-adds", name, sum,
                  products);
    ck_assert_msg(shape_equal(network->layers[last].output, output), "%s", name);
}

START_TEST(parts_are_the_published_ones) {
    const Network *network = network_of("inception");
    check_part(network, "conv1", 2688, 2032128, shape_image(96, 28, 28, 1));
    check_part(network, "inception1", 3104 + 27680, 2408448 + 21676032, shape_image(64, 28, 28, 1));
    check_part(network, "inception2", 2080 + 27696, 1605632 + 21676032, shape_image(80, 28, 28, 1));
    check_part(network, "downsample1", 57680, 11289600, shape_image(160, 14, 14, 1));
    check_part(network, "inception6", 7728 + 138336, 1505280 + 27095040, shape_image(144, 14, 14, 1));
    check_part(network, "downsample2", 124512, 6096384, shape_image(240, 7, 7, 1));
    check_part(network, "inception8", 59312 + 484000, 2897664 + 23708160, shape_image(336, 7, 7, 1));
    check_part(network_of("inception-without-norm"), "inception7", 42416 + 345760, 2069760 + 16934400,
               shape_image(336, 7, 7, 1));
    network = network_of("alexnet");
    check_part(network, "conv2", 102464, 20070400, shape_image(64, 7, 7, 1));
    check_part(network, "fc3", 1204608, 1204224, shape_matrix(384, 1));
    network = network_of("signal-inception");
    check_part(network, "inception3", 1148 + 1452, 22400 + 28800, shape_signal(40, 20, 1));
    check_part(network, "inception8", 3740 + 10120, 36960 + 100800, shape_signal(84, 10, 1));
    check_part(network_of("signal-alexnet"), "fc3", 30816, 30720, shape_matrix(96, 1));
}
END_TEST

/* Batch normalisation without a scale has one tensor; biases and shifts start at 0, weights as He et al. have them. */
START_TEST(tensors_start_as_said) {
    const Network *network = network_of("inception");
    Mt19937 mt;
    real *weights = arena_alloc(arena, network->n_parameters, sizeof *weights);
    ck_assert_str_eq(network->tensors[0].name, "conv1.weight");
    ck_assert_str_eq(network->tensors[1].name, "conv1.bias");
    ck_assert_str_eq(network->tensors[2].name, "inception1.1x1.weight");
    mt19937_seed(&mt, 5);
    network_initialize(network, &mt, weights);
    for (size_t i = 0; i < network->n_tensors; i++) {
        const NetworkTensor *tensor = &network->tensors[i];
        const size_t n = shape_count(tensor->shape);
        double squares = 0;
        for (size_t j = 0; j < n; j++) {
            const double weight = (double)weights[tensor->offset + j];
            squares += weight * weight;
        }
        if (tensor->shape.rank == 1 && strcmp(tensor->name, "fc.bias") != 0) ck_assert(squares == 0);
        if (tensor->shape.rank == 4) /* within four standard errors */
            ck_assert(fabs(squares / 2 * (double)tensor->fan_in / (double)n - 1) < 4 * sqrt(2.0 / (double)n));
    }
}
END_TEST

enum { EXAMPLES = 4 };

/* A loss near ln 10 at the start, which falls below ln 4, that of knowing the classes alone. */
START_TEST(networks_for_signals_learn) {
    const Network *network = network_of(published[FIRST_SIGNAL + _i].name);
    float rows[EXAMPLES * 40];
    uint16_t labels[EXAMPLES];
    Mt19937 mt;
    for (size_t i = 0; i < EXAMPLES * 40; i++) rows[i] = (float)((i * 7919 + i / 40 * 31) % 2003) / 500.0f - 2.0f;
    for (size_t i = 0; i < EXAMPLES; i++) labels[i] = (uint16_t)(i % 10);
    const LabelledSet set = {.example = network->input, .n = EXAMPLES, .classes = 10, .rows = rows, .labels = labels};
    Learner *learner = learner_create(network, arena);
    mt19937_seed(&mt, 1);
    network_initialize(network, &mt, learner->weights);
    const double before = learner_evaluate(learner, &set).loss;
    fit(learner, &(Protocol){.train = &set,
                             .batch = EXAMPLES,
                             .order = ORDER_SEQUENTIAL,
                             .updates = 80,
                             .optimizer = {.kind = OPTIMIZER_SGD, .learning_rate = 0.05, .momentum = 0.9}});
    const double after = learner_evaluate(learner, &set).loss;
    ck_assert_msg(before > 1.5 && before < 4, "%s starts at %g", network->name, before);
    ck_assert_msg(after < 1.3, "%s: from %g to %g", network->name, before, after);
    learner_destroy(learner);
}
END_TEST

/* 5 to 7 and 6 to 7: windows from floor(i n / 7) to ceil((i + 1) n / 7). */
START_TEST(adaptive_windows_are_pytorchs) {
    static const double of_five[7] = {0, 0.5, 1.5, 2, 2.5, 3.5, 4}, of_six[7] = {0, 0.5, 1.5, 2.5, 3.5, 4.5, 5};
    const real x5[10] = {0, 1, 2, 3, 4, 0, 1, 2, 3, 4}, x6[6] = {0, 1, 2, 3, 4, 5};
    real y[14], gx[6];
    const AdaptivePool five = {2, 1, 5, 1, 1, 7}, six = {1, 6, 1, 1, 7, 1};
    adaptive_average_pool(&five, x5, y);
    for (size_t i = 0; i < 14; i++) ck_assert_double_eq((double)y[i], of_five[i % 7]);
    adaptive_average_pool(&six, x6, y);
    for (size_t i = 0; i < 7; i++) ck_assert_double_eq((double)y[i], of_six[i]);
    for (size_t i = 0; i < 7; i++) y[i] = 1;
    adaptive_average_unpool(&six, y, gx);
    for (size_t i = 0; i < 6; i++) ck_assert_double_eq((double)gx[i], i == 0 || i == 5 ? 1.5 : 1);
}
END_TEST

START_TEST(an_unknown_network_is_refused) {
    Error error;
    ck_assert_ptr_null(generalization_network_by_name("inceptio", &error));
    ck_assert_ptr_nonnull(strstr(error.text, "nearest: inception"));
}
END_TEST

int main(void) {
    Suite *suite = suite_create("generalization_networks");
    TCase *tests = tcase_create("networks");
    tcase_add_checked_fixture(tests, begin, end);
    tcase_add_loop_test(tests, counts_are_the_published_ones, 0, N_PUBLISHED);
    tcase_add_test(tests, parts_are_the_published_ones);
    tcase_add_test(tests, tensors_start_as_said);
    tcase_add_loop_test(tests, networks_for_signals_learn, 0, N_PUBLISHED - FIRST_SIGNAL);
    tcase_add_test(tests, adaptive_windows_are_pytorchs);
    tcase_add_test(tests, an_unknown_network_is_refused);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
