/* The tape on binary32: bits of whole gradients against the formulas written out, what it computes and what it
 * leaves out, and its memory. */
#include <check.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "grad/batch_norm.h"
#include "grad/convolution.h"
#include "grad/derivative.h"
#include "grad/dropout.h"
#include "grad/elementwise.h"
#include "grad/gru.h"
#include "grad/linear.h"
#include "grad/local_response_norm.h"
#include "grad/loss.h"
#include "grad/matmul.h"
#include "grad/pooling.h"
#include "grad/reduce.h"
#include "grad/reshape.h"
#include "grad/tape.h"
#include "slow_kernels.h"
#include "suite.h"

enum { IN = 7, HIDDEN = 5, CLASSES = 3, BATCH = 19, LENGTH = 6 };

static real w1[HIDDEN * IN], b1[HIDDEN], w2[CLASSES * HIDDEN], b2[CLASSES], x[IN * BATCH];
static uint16_t labels[BATCH];
static Tape *tape;

static void fill(real *data, size_t count, uint32_t *state) {
    for (size_t i = 0; i < count; i++) {
        *state = *state * 1664525u + 1013904223u;
        data[i] = (real)(*state >> 8) / (real)(1 << 23) - 1;
    }
}

static void setup(void) {
    uint32_t state = 1;
    fill(w1, HIDDEN * IN, &state);
    fill(b1, HIDDEN, &state);
    fill(w2, CLASSES * HIDDEN, &state);
    fill(b2, CLASSES, &state);
    fill(x, IN * BATCH, &state);
    for (size_t i = 0; i < BATCH; i++) labels[i] = (uint16_t)(i * i % CLASSES);
    tape = tape_create();
}

static void teardown(void) {
    tape_destroy(tape);
}

static void assert_bits(Var v, const real *expected, size_t count) {
    ck_assert_uint_eq(shape_count(var_shape(v)), count);
    ck_assert_mem_eq(var_data(v), expected, count * sizeof *expected);
}

/* A perceptron with one hidden layer; wrt gets its four tensors; returns the loss. */
static Var perceptron(Var wrt[4]) {
    wrt[0] = tape_input(tape, shape_matrix(HIDDEN, IN), w1);
    wrt[1] = tape_input(tape, shape_vector(HIDDEN), b1);
    wrt[2] = tape_input(tape, shape_matrix(CLASSES, HIDDEN), w2);
    wrt[3] = tape_input(tape, shape_vector(CLASSES), b2);
    Var h = op_linear(tape, wrt[0], wrt[1], tape_input(tape, shape_matrix(IN, BATCH), x), ACTIVATION_RELU);
    return op_softmax_cross_entropy(tape, op_linear(tape, wrt[2], wrt[3], h, ACTIVATION_NONE), labels);
}

START_TEST(gradients_have_the_bits_of_the_written_out_backward_pass) {
    real h[HIDDEN * BATCH], o[CLASSES * BATCH], p[CLASSES * BATCH], go[CLASSES * BATCH], gh[HIDDEN * BATCH];
    real gw2[CLASSES * HIDDEN], gb2[CLASSES], gw1[HIDDEN * IN], gb1[HIDDEN];
    slow_linear_forward(HIDDEN, IN, BATCH, w1, b1, x, ACTIVATION_RELU, h);
    slow_linear_forward(CLASSES, HIDDEN, BATCH, w2, b2, h, ACTIVATION_NONE, o);
    real loss = slow_softmax_cross_entropy(CLASSES, BATCH, o, labels, p);
    slow_softmax_cross_entropy_gradient(CLASSES, BATCH, p, labels, 1, go);
    slow_gemm_nt(CLASSES, HIDDEN, BATCH, go, BATCH, h, BATCH, gw2, HIDDEN, 0);
    slow_row_sums(CLASSES, BATCH, go, gb2);
    slow_gemm_tn(HIDDEN, BATCH, CLASSES, w2, HIDDEN, go, BATCH, gh, BATCH, 0);
    slow_vector_relu_gradient(HIDDEN * BATCH, h, gh, gh);
    slow_gemm_nt(HIDDEN, IN, BATCH, gh, BATCH, x, BATCH, gw1, IN, 0);
    slow_row_sums(HIDDEN, BATCH, gh, gb1);

    Var wrt[4], gradient[4], output = perceptron(wrt);
    tape_gradient(tape, output, 4, wrt, gradient);
    assert_bits(output, &loss, 1);
    assert_bits(gradient[0], gw1, HIDDEN * IN);
    assert_bits(gradient[1], gb1, HIDDEN);
    assert_bits(gradient[2], gw2, CLASSES * HIDDEN);
    assert_bits(gradient[3], gb2, CLASSES);
}
END_TEST

START_TEST(only_what_is_asked_for_is_computed) {
    Var wrt[4], gradient[4], output = perceptron(wrt);
    tape_gradient(tape, output, 4, wrt, gradient);
    ck_assert_uint_eq(tape_count_of(tape, "matmul_tn"), 1); /* the hidden layer's, not the data's */
    ck_assert_uint_eq(tape_count_of(tape, "matmul_nt"), 2);
    ck_assert_uint_eq(tape_count_of(tape, "add"), 0);
    tape_reset(tape);
    output = perceptron(wrt);
    tape_gradient(tape, output, 1, wrt + 3, gradient); /* the last bias alone */
    ck_assert_uint_eq(tape_count_of(tape, "sum_columns"), 1);
    ck_assert_uint_eq(tape_count_of(tape, "matmul_nt") + tape_count_of(tape, "matmul_tn"), 0);
    ck_assert_uint_eq(tape_count_of(tape, "relu_gate"), 0);
}
END_TEST

START_TEST(uses_of_a_tensor_add_up) {
    Var a = tape_input(tape, shape_vector(IN), x), g;
    Var square = op_mul(tape, a, a), twice = op_add(tape, a, a), sum = op_sum(tape, op_add(tape, square, twice));
    tape_gradient(tape, sum, 1, &a, &g);
    for (size_t i = 0; i < IN; i++) ck_assert(var_data(g)[i] == 2 + x[i] + x[i]); /* newest use first */
    tape_gradient(tape, op_sum(tape, g), 1, &a, &g);
    for (size_t i = 0; i < IN; i++) ck_assert(var_data(g)[i] == 2);
}
END_TEST

START_TEST(gradients_of_intermediate_and_of_unrelated_tensors) {
    Var a = tape_input(tape, shape_vector(IN), x), b = op_exp(tape, a), output = op_sum(tape, op_mul(tape, b, b));
    Var later = tape_input(tape, shape_matrix(2, 2), x), wrt[4] = {b, later, output, a}, g[4];
    tape_gradient(tape, output, 4, wrt, g);
    for (size_t i = 0; i < IN; i++) ck_assert(var_data(g[0])[i] == 2 * var_data(b)[i]);
    for (size_t i = 0; i < 4; i++) ck_assert(var_data(g[1])[i] == 0);
    ck_assert(shape_count(var_shape(g[1])) == 4 && var_scalar(g[2]) == 1);
    for (size_t i = 0; i < IN; i++) ck_assert(var_data(g[3])[i] == 2 * var_data(b)[i] * var_data(b)[i]);
}
END_TEST

START_TEST(gate_passes_nothing_to_what_it_looks_at) {
    Var y = tape_input(tape, shape_vector(IN), x), g;
    Var output = op_sum(tape, op_relu_gate(tape, y, tape_fill(tape, shape_vector(IN), 3)));
    ck_assert(var_scalar(output) > 0);
    tape_gradient(tape, output, 1, &y, &g);
    for (size_t i = 0; i < IN; i++) ck_assert(var_data(g)[i] == 0);
}
END_TEST

START_TEST(views_share_memory) {
    Var a = tape_input(tape, shape_matrix(IN, BATCH), x);
    ck_assert_ptr_eq(var_data(a), x);
    ck_assert_ptr_eq(var_data(op_reshape(tape, a, shape_vector(IN * BATCH))), x);
    ck_assert_ptr_eq(var_data(op_slice(tape, a, BATCH, shape_vector(BATCH))), x + BATCH);
}
END_TEST

/* Parts of 1, 2, 3 ... channels, few and more than a node may have inputs; elements and the weights of the sum are counted
 * up, so that each must be in its place. */
START_TEST(parts_are_joined_by_channel_and_found_again) {
    enum { MOST = 40, POSITION = 2 * 3 * 2, ELEMENTS = MOST * (MOST + 1) / 2 * POSITION };
    const size_t parts = _i ? MOST : 4;
    static real counted[ELEMENTS];
    Var part[MOST], g[MOST];
    size_t channels = 0;
    for (size_t i = 0; i < ELEMENTS; i++) counted[i] = (real)i;
    for (size_t i = 0; i < parts; i++) {
        part[i] = tape_input(tape, shape_image(i + 1, 2, 3, 2), counted + channels * POSITION);
        channels += i + 1;
    }
    Var whole = op_concat_all(tape, parts, part);
    ck_assert(shape_equal(var_shape(whole), shape_image(channels, 2, 3, 2)));
    assert_bits(whole, counted, channels * POSITION);
    if (!_i) ck_assert_uint_eq(tape_count_of(tape, "concat"), 1);
    tape_vjp(tape, whole, tape_input(tape, var_shape(whole), counted), parts, part, g);
    for (size_t i = 0, first = 0; i < parts; first += ++i) {
        Var again = op_slice(tape, whole, first * POSITION, shape_image(i + 1, 2, 3, 2));
        ck_assert(shape_equal(var_shape(again), var_shape(part[i])) &&
                  shape_equal(var_shape(g[i]), var_shape(part[i])));
        assert_bits(again, var_data(part[i]), (i + 1) * POSITION);
        assert_bits(g[i], var_data(part[i]), (i + 1) * POSITION);
    }
}
END_TEST

/* Both directions of a unit and all gradients: one kernel node each way. */
START_TEST(gated_unit_needs_one_backward_node) {
    enum { H = 4, N_INPUTS = 1 + GRU_WEIGHTS };
    const Shape shapes[4] = {shape_matrix(3 * H, 1), shape_matrix(3 * H, H), shape_vector(3 * H), shape_vector(3 * H)};
    real data[8][3 * H * H], signal[LENGTH * BATCH];
    uint32_t state = 5;
    Var in[N_INPUTS], g[N_INPUTS];
    fill(signal, LENGTH * BATCH, &state);
    in[0] = tape_input(tape, shape_signal(LENGTH, 1, BATCH), signal);
    for (size_t i = 0; i < GRU_WEIGHTS; i++) {
        fill(data[i], 3 * H * H, &state);
        in[1 + i] = tape_input(tape, shapes[i % 4], data[i]);
    }
    Var y = op_bidirectional_gru(tape, in[0], in + 1), seed = tape_fill(tape, var_shape(y), 1);
    tape_vjp(tape, y, seed, N_INPUTS, in, g);
    ck_assert_uint_eq(tape_count_of(tape, "bidirectional_gru_backward"), 1);
    real kept[N_INPUTS][3 * H * H];
    for (size_t i = 1; i < N_INPUTS; i++) memcpy(kept[i], var_data(g[i]), shape_count(var_shape(g[i])) * sizeof(real));
    tape_vjp(tape, y, seed, GRU_WEIGHTS, in + 1, g + 1); /* the same without the input's */
    for (size_t i = 1; i < N_INPUTS; i++) assert_bits(g[i], kept[i], shape_count(var_shape(in[i])));
}
END_TEST

START_TEST(steps_reuse_the_memory) {
    Var wrt[4], gradient[4], second[4];
    size_t peak = 0;
    real first_loss = 0;
    for (int step = 0; step < 1000; step++) {
        tape_reset(tape);
        Var output = perceptron(wrt);
        tape_gradient(tape, output, 4, wrt, gradient);
        tape_gradient(tape, op_sum(tape, op_mul(tape, gradient[2], gradient[2])), 4, wrt, second);
        if (step == 0) {
            peak = tape_peak_bytes(tape);
            first_loss = var_scalar(output);
        }
        ck_assert_uint_eq(tape_peak_bytes(tape), peak);
        ck_assert(var_scalar(output) == first_loss);
    }
    ck_assert_uint_gt(peak, 0);
    ck_assert_uint_lt(peak, 1 << 18);
}
END_TEST

START_TEST(wrong_shapes_abort) {
    Var a = tape_input(tape, shape_matrix(IN, BATCH), x), b = tape_input(tape, shape_matrix(BATCH, IN), x);
    ck_assert_ptr_nonnull(freopen("/dev/null", "w", stderr)); /* the message */
    if (_i == 0) op_add(tape, a, b);
    if (_i == 1) op_matmul_nn(tape, a, a);
    if (_i == 2) op_reshape(tape, a, shape_vector(IN));
    if (_i == 3) op_slice(tape, a, 1, shape_vector(IN * BATCH));
    if (_i == 4) op_concat(tape, a, b);
    if (_i == 5) tape_gradient(tape, a, 1, &a, &b);
    if (_i == 6) op_linear(tape, b, tape_input(tape, shape_vector(IN), x), a, ACTIVATION_NONE); /* bias [BATCH] */
    if (_i == 7) op_convolution(tape, a, b, (ConvGeometry){.stride = 1, .padding = 0});         /* rank 2 */
    if (_i == 8) op_concat_all(tape, 3, (const Var[]){a, a, b});
    if (_i == 9) op_slice(tape, a, IN * BATCH, shape_vector(1));
    if (_i == 10) op_batch_norm(tape, tape_input(tape, shape_matrix(IN, 1), x), b, b, 1e-5); /* no variance */
    if (_i == 11) op_dropout(tape, a, 1.5, &(DropoutNoise){0});
    if (_i == 12) op_max_pool(tape, tape_input(tape, shape_image(1, 2, 2, 4), x), window_square(3, 1, 2));
    if (_i == 13) op_average_pool(tape, tape_input(tape, shape_image(1, 2, 2, 4), x), window_square(3, 1, 0));
    if (_i == 14) op_local_response_norm(tape, a, (LocalResponse){.size = 5, .alpha = 1}); /* k = 0 */
}
END_TEST

int main(void) {
    Suite *suite = suite_create("tape");
    TCase *tcase = tcase_create("tape");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, gradients_have_the_bits_of_the_written_out_backward_pass);
    tcase_add_test(tcase, only_what_is_asked_for_is_computed);
    tcase_add_test(tcase, uses_of_a_tensor_add_up);
    tcase_add_test(tcase, gradients_of_intermediate_and_of_unrelated_tensors);
    tcase_add_test(tcase, gate_passes_nothing_to_what_it_looks_at);
    tcase_add_test(tcase, views_share_memory);
    tcase_add_loop_test(tcase, parts_are_joined_by_channel_and_found_again, 0, 2);
    tcase_add_test(tcase, gated_unit_needs_one_backward_node);
    tcase_add_test(tcase, steps_reuse_the_memory);
    suite_add_tcase(suite, tcase);
    const char *fork = getenv("CK_FORK"); /* Check's own switch: without a process of its own an abort ends the tests */
    if (!fork || strcmp(fork, "no") != 0) tcase_add_loop_test_raise_signal(tcase, wrong_shapes_abort, SIGABRT, 0, 15);
    return run_suite(suite);
}
