/* The networks of the fifteen questions against PyTorch's losses to the end of what was recorded.
 *
 * Two correct programs that round differently part as fast as training amplifies rounding: faster with Adam, which divides
 * small gradients by their size, and in jumps where a rectifier's argument or the difference of two candidates for a maximum
 * is within rounding of zero.  How fast that is, the test measures: it trains copies whose initial weights are moved by -1,
 * 0 or +1 unit in the last place, and takes the largest of their relative differences to the run that is not moved, over all
 * copies and steps so far.  PyTorch, which rounds otherwise in every step, must stay within GROWTH times that plus FLOOR.
 *
 * Seen (printed by each run), largest differences up to steps:
 */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/image_sets.h"
#include "files.h"
#include "nn/fit.h"
#include "nn/question_networks.h"
#include "suite.h"

enum { MOST = 235, COPIES = 4 };
static const double growth = 10, floor_error = 5e-7;

static const struct {
    const char *name, *oracle;
    OptimizerSettings optimizer;
    size_t updates;
} followed[] = {{"default",
                 "tests/oracle/questions_default_mnist_loss.csv",
                 {.kind = OPTIMIZER_SGD, .learning_rate = 0.01, .momentum = 0.5},
                 235},
                {"ultimate",
                 "tests/oracle/questions_ultimate_mnist_loss.csv",
                 {.kind = OPTIMIZER_ADAM, .learning_rate = 0.001},
                 60}};

static int note_loss(Learner *learner, const Progress *progress, void *context) {
    double *losses = context;
    (void)learner;
    losses[progress->updates - 1] = progress->last.loss;
    return 0;
}

/* copy 0: not moved. */
static void train(int which, int copy, const LabelledSet *set, double losses[MOST]) {
    const QuestionSettings settings = {.scales = {INITIAL_CONSTANT, 1}}; /* no dropout */
    Arena *arena = arena_create(0);
    Error error;
    const QuestionNetwork *kind = question_network_by_name(followed[which].name, &error);
    const Network *network = question_network_create(kind, &settings, set->example, arena);
    Learner *learner = learner_create(network, arena);
    Mt19937 mt;
    mt19937_seed(&mt, 1);
    network_initialize(network, &mt, learner->weights);
    mt19937_seed(&mt, (uint32_t)copy);
    for (size_t i = 0; copy && i < network->n_parameters; i++) {
        const uint32_t direction = mt19937_next(&mt) % 3;
        if (direction) learner->weights[i] = nextafterf(learner->weights[i], direction == 1 ? INFINITY : -INFINITY);
    }
    fit(learner, &(Protocol){.train = set,
                             .batch = 256,
                             .order = ORDER_SEQUENTIAL,
                             .updates = followed[which].updates,
                             .optimizer = followed[which].optimizer,
                             .after_update = note_loss,
                             .context = losses});
    learner_destroy(learner);
    arena_destroy(arena);
}

static void read_oracle(int which, double losses[MOST]) {
    char *text = slurp(followed[which].oracle);
    size_t n = 0;
    ck_assert_ptr_nonnull(text);
    for (char *line = strchr(text, '\n'); line && line[1] && n < MOST; line = strchr(line + 1, '\n'))
        losses[n++] = strtod(strchr(line + 1, ',') + 1, NULL);
    free(text);
    ck_assert_uint_eq(n, followed[which].updates);
}

static void print_largest(int which, const char *what, const double *largest) {
    printf("%-9s %-22s", followed[which].name, what);
    for (size_t i = 1; i <= 6; i++) {
        const size_t step = followed[which].updates * i / 6 - 1;
        printf("  %zu: %.1e", step, largest[step]);
    }
    putchar('\n');
}

START_TEST(losses_follow_pytorch_as_closely_as_rounding_allows) {
    static const float mean = 0.1307f, deviation = 0.3081f;
    const char *folder = getenv("SCALEDOWN_DATA");
    Error error;
    image_sets_folder(folder ? folder : "data");
    if (image_set_check("mnist", &error)) {
        printf("slow_networks: losses on MNIST are not tested: %s\n", error.text);
        return;
    }
    const ImageSet *images = image_set("mnist", &error);
    ck_assert_msg(images != NULL, "%s", error.text);
    Arena *arena = arena_create(0);
    const LabelledSet set = set_of_images(&images->train, images->train.n, 10, &mean, &deviation, arena);
    double ours[MOST], moved[MOST], theirs[MOST], reach[MOST] = {0}, apart[MOST];
    train(_i, 0, &set, ours);
    read_oracle(_i, theirs);
    for (int copy = 1; copy <= COPIES; copy++) {
        train(_i, copy, &set, moved);
        for (size_t i = 0; i < followed[_i].updates; i++) reach[i] = fmax(reach[i], fabs(moved[i] - ours[i]) / ours[i]);
    }
    for (size_t i = 0; i < followed[_i].updates; i++) {
        if (i) reach[i] = fmax(reach[i], reach[i - 1]);
        apart[i] = fmax(i ? apart[i - 1] : 0, fabs(theirs[i] - ours[i]) / theirs[i]);
    }
    print_largest(_i, "to PyTorch", apart);
    print_largest(_i, "one ulp at the start", reach);
    for (size_t i = 0; i < followed[_i].updates; i++)
        ck_assert_msg(apart[i] <= growth * reach[i] + floor_error, "step %zu: %.2g from PyTorch, copies %.2g", i,
                      apart[i], reach[i]);
    arena_destroy(arena);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("networks, to the end");
    TCase *tests = tcase_create("networks, to the end");
    tcase_set_timeout(tests, 1200);
    tcase_add_loop_test(tests, losses_follow_pytorch_as_closely_as_rounding_allows, 0, 2);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
