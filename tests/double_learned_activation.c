/* The learned activation function in binary64: the fused row against the composition that it stands for, in value and
 * in all that a training step and the derivative through it ask for. */
#include <check.h>
#include <math.h>
#include <string.h>

#include "grad/tape.h"
#include "kernels/learned_activation.h"
#include "random/random.h"

enum { ROWS = 7, COLUMNS = 11, UNITS = 13, COUNT = ROWS * COLUMNS };

static const double SCALE = 0.2;

static Var matrix_of(Tape *t, Var a, size_t rows, size_t columns) {
    return op_reshape(t, a, shape_matrix(rows, columns));
}

static Var elu(Tape *t, Var x) {
    Var below = op_exp(t, op_scale(t, op_relu(t, op_scale(t, x, -1)), -1));
    Var above = op_relu(t, x);
    return op_add_constant(t, op_add(t, above, below), -1);
}

static Var composition(Tape *t, Var x, const Var network[4], real scale) {
    Var flat = matrix_of(t, x, 1, COUNT);
    Var weight_in = matrix_of(t, network[0], UNITS, 1), weight_out = matrix_of(t, network[2], 1, UNITS);
    Var hidden = op_tanh(t, op_linear(t, weight_in, network[1], flat, ACTIVATION_NONE));
    Var bias = op_reshape(t, network[3], shape_vector(1));
    Var out = op_scale(t, op_linear(t, weight_out, bias, hidden, ACTIVATION_NONE), scale);
    return matrix_of(t, op_add(t, elu(t, flat), out), ROWS, COLUMNS);
}

typedef Var Apply(Tape *t, Var x, const Var network[4], real scale);

enum { INPUTS = 5 };
static const size_t counts[INPUTS] = {COUNT, UNITS, UNITS, UNITS, 1};

/* f, its gradient with respect to x under a seed, and the gradients of <both, weights> with respect to all inputs. */
static size_t everything(Apply *apply, real data[INPUTS][COUNT], real weights[3][COUNT], real *out) {
    Tape *t = tape_create();
    const Shape shape = shape_matrix(ROWS, COLUMNS);
    Var in[INPUTS], gradients[INPUTS], gx;
    for (int i = 0; i < INPUTS; i++) in[i] = tape_input(t, i ? shape_vector(counts[i]) : shape, data[i]);
    Var y = apply(t, in[0], in + 1, SCALE);
    tape_vjp(t, y, tape_input(t, shape, weights[0]), 1, in, &gx);
    const Var outputs[2] = {y, gx};
    const Var seeds[2] = {tape_input(t, shape, weights[1]), tape_input(t, shape, weights[2])};
    tape_vjp_many(t, 2, outputs, seeds, INPUTS, in, gradients);
    const Var results[2 + INPUTS] = {y, gx, gradients[0], gradients[1], gradients[2], gradients[3], gradients[4]};
    size_t n = 0;
    for (int i = 0; i < 2 + INPUTS; i++) {
        const size_t count = shape_count(var_shape(results[i]));
        memcpy(out + n, var_data(results[i]), count * sizeof *out);
        n += count;
    }
    tape_destroy(t);
    return n;
}

START_TEST(equals_the_composition_to_second_order) {
    static real data[INPUTS][COUNT], weights[3][COUNT], fused[3 * COUNT + 4 * COUNT], composed[3 * COUNT + 4 * COUNT];
    Philox philox;
    uint64_t draw = 0;
    philox_seed(&philox, 3, 5);
    for (int i = 0; i < INPUTS; i++)
        for (size_t j = 0; j < counts[i]; j++) data[i][j] = 1.5 * philox_normal(&philox, draw++);
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < COUNT; j++) weights[i][j] = philox_normal(&philox, draw++);
    size_t n = everything(op_learned_activation, data, weights, fused);
    ck_assert_uint_eq(n, everything(composition, data, weights, composed));
    ck_assert_uint_eq(n, 3 * COUNT + 3 * UNITS + 1);
    for (size_t i = 0; i < n; i++) {
        double bound = 1e-13 * (1 + fabs(composed[i])) * (i < 3 * COUNT ? 1 : COUNT);
        ck_assert_msg(fabs(fused[i] - composed[i]) <= bound, "%zu: %.15g, %.15g", i, fused[i], composed[i]);
    }
}
END_TEST

int main(void) {
    Suite *suite = suite_create("learned activation in binary64");
    TCase *tcase = tcase_create("learned activation");
    tcase_add_test(tcase, equals_the_composition_to_second_order);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
