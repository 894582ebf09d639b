/* The learned activation function in binary64: the fused row against the composition that it stands for, in value and
 * in all that a training step and the derivative through it ask for. */
#include <check.h>
#include <math.h>
#include <string.h>

#include "grad/derivative.h"
#include "grad/elementwise.h"
#include "grad/learned_activation.h"
#include "grad/linear.h"
#include "grad/reshape.h"
#include "grad/tape.h"
#include "kernels/learned_activation.h"
#include "random/random.h"
#include "suite.h"

enum { ROWS = 7, COLUMNS = 11, UNITS = 13, UNITS2 = 9, COUNT = ROWS * COLUMNS };

static const double SCALE = 0.2;

static Var matrix_of(Tape *t, Var a, size_t rows, size_t columns) {
    return op_reshape(t, a, shape_matrix(rows, columns));
}

static Var elu(Tape *t, Var x) {
    Var below = op_exp(t, op_scale(t, op_relu(t, op_scale(t, x, -1)), -1));
    Var above = op_relu(t, x);
    return op_add_constant(t, op_add(t, above, below), -1);
}

static Var fused(Tape *t, Var x, const Var *network, size_t n_network, real scale) {
    return op_learned_activation(t, x, n_network, network, scale);
}

static Var composition(Tape *t, Var x, const Var *network, size_t n_network, real scale) {
    Var flat = matrix_of(t, x, 1, COUNT);
    Var weight_in = matrix_of(t, network[0], UNITS, 1), weight_out;
    Var hidden = op_tanh(t, op_linear(t, weight_in, network[1], flat, ACTIVATION_NONE));
    if (n_network > 4) hidden = op_tanh(t, op_linear(t, network[2], network[3], hidden, ACTIVATION_NONE));
    const size_t last = shape_count(var_shape(network[n_network - 2]));
    weight_out = matrix_of(t, network[n_network - 2], 1, last);
    Var bias = op_reshape(t, network[n_network - 1], shape_vector(1));
    Var out = op_scale(t, op_linear(t, weight_out, bias, hidden, ACTIVATION_NONE), scale);
    return matrix_of(t, op_add(t, elu(t, flat), out), ROWS, COLUMNS);
}

typedef Var Apply(Tape *t, Var x, const Var *network, size_t n_network, real scale);

enum { MOST = 7, LARGEST = COUNT > UNITS *UNITS2 ? COUNT : UNITS *UNITS2 };
static const Shape shallow[] = {
    {2, {ROWS, COLUMNS, 1}}, {1, {UNITS, 1, 1}}, {1, {UNITS, 1, 1}}, {1, {UNITS, 1, 1}}, {1, {1, 1, 1}}};
static const Shape deep[] = {{2, {ROWS, COLUMNS, 1}}, {1, {UNITS, 1, 1}},  {1, {UNITS, 1, 1}}, {2, {UNITS2, UNITS, 1}},
                             {1, {UNITS2, 1, 1}},     {1, {UNITS2, 1, 1}}, {1, {1, 1, 1}}};

/* f, its gradient with respect to x under a seed, and the gradients of <both, weights> with respect to all inputs. */
static size_t everything(Apply *apply, size_t inputs, const Shape *shapes, real data[MOST][LARGEST],
                         real weights[3][COUNT], real *out) {
    Tape *t = tape_create();
    Var in[MOST], results[2 + MOST], gx;
    for (size_t i = 0; i < inputs; i++) in[i] = tape_input(t, shapes[i], data[i]);
    Var y = apply(t, in[0], in + 1, inputs - 1, SCALE);
    tape_vjp(t, y, tape_input(t, shapes[0], weights[0]), 1, in, &gx);
    const Var outputs[2] = {y, gx};
    const Var seeds[2] = {tape_input(t, shapes[0], weights[1]), tape_input(t, shapes[0], weights[2])};
    tape_vjp_many(t, 2, outputs, seeds, inputs, in, results + 2);
    results[0] = y, results[1] = gx;
    size_t n = 0;
    for (size_t i = 0; i < 2 + inputs; i++) {
        const size_t count = shape_count(var_shape(results[i]));
        memcpy(out + n, var_data(results[i]), count * sizeof *out);
        n += count;
    }
    tape_destroy(t);
    return n;
}

START_TEST(equals_the_composition_to_second_order) {
    static real data[MOST][LARGEST], weights[3][COUNT], ours[(MOST + 2) * LARGEST], composed[(MOST + 2) * LARGEST];
    const size_t inputs = _i ? 7 : 5;
    const Shape *shapes = _i ? deep : shallow;
    Philox philox;
    uint64_t draw = 0;
    philox_seed(&philox, 3, 5);
    for (size_t i = 0; i < inputs; i++)
        for (size_t j = 0; j < shape_count(shapes[i]); j++) data[i][j] = philox_normal(&philox, draw++);
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < COUNT; j++) weights[i][j] = philox_normal(&philox, draw++);
    size_t n = everything(fused, inputs, shapes, data, weights, ours);
    ck_assert_uint_eq(n, everything(composition, inputs, shapes, data, weights, composed));
    ck_assert_uint_gt(n, 3 * COUNT + 3 * UNITS);
    for (size_t i = 0; i < n; i++) {
        double bound = 1e-12 * (1 + fabs(composed[i])) * (i < 3 * COUNT ? 1 : COUNT);
        ck_assert_msg(fabs(ours[i] - composed[i]) <= bound, "%zu: %.15g, %.15g", i, ours[i], composed[i]);
    }
}
END_TEST

int main(void) {
    Suite *suite = suite_create("learned activation in binary64");
    TCase *tcase = tcase_create("learned activation");
    tcase_add_loop_test(tcase, equals_the_composition_to_second_order, 0, 2);
    suite_add_tcase(suite, tcase);
    return run_suite(suite);
}
