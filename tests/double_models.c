/* The gradient of each whole model's loss, in binary64, against central differences.
 *
 * With a step of 2^-17 the difference quotient errs by about 1e-11 times the third derivative, and by rounding of the
 * loss, 1e-15 / 2^-17; a rectifier that changes sides within the step would show as an error of a different order, and
 * none does on this data. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "grad/derivative.h"
#include "grad/loss.h"
#include "grad/tape.h"
#include "nn/contrastive.h"
#include "nn/models.h"
#include "suite.h"

enum { INPUTS = 40, CLASSES = 10, BATCH = 5, PER_TENSOR = 60 };
static const char *const names[] = {
    "logistic", "mlp", "cnn", "gru", "pooling-none", "pooling-stride", "pooling-max", "pooling-average", "pooling-l2"};
enum { N_MODELS = sizeof names / sizeof *names };

static const uint16_t labels[BATCH] = {3, 0, 9, 3, 6};

static Var loss_on(Tape *tape, const Model *model, const real *weights, const real *x, Var tensors[MODEL_MAX_TENSORS]) {
    tape_reset(tape);
    for (size_t i = 0; i < model->n_tensors; i++)
        tensors[i] = tape_input(tape, model->tensors[i].shape, weights + model->tensors[i].offset);
    Var input = tape_input(tape, shape_matrix(INPUTS, BATCH), x);
    return op_softmax_cross_entropy(tape, model->forward(tape, model, tensors, input), labels);
}

static double loss_at(Tape *tape, const Model *model, real *weights, size_t i, double shift, const real *x) {
    Var tensors[MODEL_MAX_TENSORS];
    const real old = weights[i];
    weights[i] = old + shift;
    const double loss = var_scalar(loss_on(tape, model, weights, x, tensors));
    weights[i] = old;
    return loss;
}

START_TEST(gradient_equals_central_differences) {
    const double step = 1.0 / 131072;
    Arena *arena = arena_create(0);
    Tape *tape = tape_create();
    const Model model = model_published(model_kind(names[_i], NULL), INPUTS, CLASSES);
    Mt19937 mt;
    Var tensors[MODEL_MAX_TENSORS], gradients[MODEL_MAX_TENSORS];
    real *weights = arena_alloc(arena, model.n_parameters, sizeof *weights), x[INPUTS * BATCH];
    real *gradient = arena_alloc(arena, model.n_parameters, sizeof *gradient);
    mt19937_seed(&mt, strcmp(names[_i], "pooling-none") ? 7 : 8); /* with 7 a rectifier of that one changes sides */
    model_initialize(&model, &mt, weights);
    for (size_t i = 0; i < INPUTS * BATCH; i++) x[i] = numpy_randn(&mt);

    tape_gradient(tape, loss_on(tape, &model, weights, x, tensors), model.n_tensors, tensors, gradients);
    for (size_t t = 0; t < model.n_tensors; t++)
        for (size_t i = 0; i < shape_count(model.tensors[t].shape); i++)
            gradient[model.tensors[t].offset + i] = var_data(gradients[t])[i];
    for (size_t t = 0; t < model.n_tensors; t++) {
        const size_t count = shape_count(model.tensors[t].shape), stride = count / PER_TENSOR + 1;
        double largest = 0;
        for (size_t i = 0; i < count; i += stride) {
            const size_t at = model.tensors[t].offset + i;
            const double slope =
                (loss_at(tape, &model, weights, at, step, x) - loss_at(tape, &model, weights, at, -step, x)) /
                (2 * step);
            ck_assert_msg(fabs(slope - gradient[at]) < 2e-9, "%s %s[%zu]: gradient %.12g, difference quotient %.12g",
                          model.name, model.tensors[t].name, i, gradient[at], slope);
            largest = fmax(largest, fabs(gradient[at]));
        }
        ck_assert_msg(largest > 1e-4, "%s %s: all gradients vanish", model.name, model.tensors[t].name);
    }
    tape_destroy(tape);
    arena_destroy(arena);
}
END_TEST

/* Likewise of the contrastive loss, by the encoder's outputs. */
START_TEST(contrastive_gradient_equals_central_differences) {
    enum { UNITS = 4, PAIRS = 5, COUNT = UNITS * 2 * PAIRS };
    static const uint16_t numbers[PAIRS] = {0, 1, 2, 3, 4};
    const double step = 1.0 / 131072;
    Tape *tape = tape_create();
    Mt19937 mt;
    Var input, slopes;
    real z[COUNT], gradient[COUNT];
    mt19937_seed(&mt, 1);
    for (size_t i = 0; i < COUNT; i++) z[i] = numpy_randn(&mt);
    input = tape_input(tape, shape_matrix(UNITS, 2 * PAIRS), z);
    tape_gradient(tape, contrastive_loss(tape, unit_columns(tape, input), 0.5, numbers), 1, &input, &slopes);
    memcpy(gradient, var_data(slopes), sizeof gradient);
    for (size_t i = 0; i < COUNT; i++) {
        double loss[2];
        const real old = z[i];
        for (int side = 0; side < 2; side++) {
            tape_reset(tape);
            z[i] = old + (side ? step : -step);
            input = tape_input(tape, shape_matrix(UNITS, 2 * PAIRS), z);
            loss[side] = var_scalar(contrastive_loss(tape, unit_columns(tape, input), 0.5, numbers));
        }
        z[i] = old;
        ck_assert_double_eq_tol((loss[1] - loss[0]) / (2 * step), gradient[i], 1e-9);
        ck_assert_double_gt(fabs(gradient[i]), 1e-5);
    }
    tape_destroy(tape);
}
END_TEST

/* The other losses: where one takes the outputs as given, the slope is that by way of its tail, z [UNITS][2 PAIRS] standing
 * for both in turn. */
static const struct {
    PairLoss *loss;
    int of_tail;
} losses[] = {
    {info_nce_loss, 0},     {nt_xent_loss, 0}, {triplet_loss, 0}, {alignment_loss, 0}, {alignment_uniformity_loss, 0},
    {barlow_twins_loss, 0}, {vicreg_loss, 0},  {simsiam_loss, 1}, {supervised_loss, 1}};
enum { N_LOSSES = sizeof losses / sizeof *losses, UNITS = 4, PAIRS = 5, VALUES = UNITS * 2 * PAIRS };

static Var pair_loss_on(Tape *tape, size_t which, const real *z, const real *tail, Var *inputs) {
    static const uint16_t counts[2 * PAIRS] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
    static const uint16_t partners[2 * PAIRS] = {5, 6, 7, 8, 9, 0, 1, 2, 3, 4};
    static const uint16_t classes[2 * PAIRS] = {3, 0, 1, 3, 2, 3, 0, 1, 3, 2};
    const PairLossSettings settings = {0.5, 0.5, 0.005, 25, 25, 1};
    tape_reset(tape);
    inputs[0] = tape_input(tape, shape_matrix(UNITS, 2 * PAIRS), z);
    inputs[1] = tape_input(tape, shape_matrix(UNITS, 2 * PAIRS), tail);
    const PairOutputs outputs = {inputs[0], inputs[1], counts, partners, classes};
    return losses[which].loss(tape, &outputs, &settings);
}

START_TEST(pair_losses_have_the_slopes_of_central_differences) {
    const double step = 1.0 / 131072;
    Tape *tape = tape_create();
    Mt19937 mt;
    Var inputs[2], slopes[2];
    real given[2][VALUES], gradient[2][VALUES];
    const int moved = losses[_i].of_tail;
    double largest = 0;
    mt19937_seed(&mt, 1);
    for (size_t i = 0; i < 2 * VALUES; i++) given[i / VALUES][i % VALUES] = 0.5 * numpy_randn(&mt);
    tape_gradient(tape, pair_loss_on(tape, (size_t)_i, given[0], given[1], inputs), 2, inputs, slopes);
    for (int k = 0; k < 2; k++) memcpy(gradient[k], var_data(slopes[k]), sizeof gradient[k]);
    for (size_t i = 0; i < VALUES; i++) {
        double loss[2];
        real *value = &given[moved][i];
        const real old = *value;
        for (int side = 0; side < 2; side++) {
            *value = old + (side ? step : -step);
            loss[side] = var_scalar(pair_loss_on(tape, (size_t)_i, given[0], given[1], inputs));
        }
        *value = old;
        ck_assert_double_eq_tol((loss[1] - loss[0]) / (2 * step), gradient[moved][i], 1e-7);
        ck_assert_double_eq(gradient[!moved][i], 0); /* what it does not see, or takes as given */
        largest = fmax(largest, fabs(gradient[moved][i]));
    }
    ck_assert_double_gt(largest, 1e-2);
    tape_destroy(tape);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("models, binary64");
    TCase *tests = tcase_create("gradients");
    tcase_set_timeout(tests, 120);
    tcase_add_loop_test(tests, gradient_equals_central_differences, 0, N_MODELS);
    tcase_add_test(tests, contrastive_gradient_equals_central_differences);
    tcase_add_loop_test(tests, pair_losses_have_the_slopes_of_central_differences, 0, N_LOSSES);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
