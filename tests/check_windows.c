/* Pooling of images and local response normalisation against PyTorch. */
#include <check.h>
#include <stdlib.h>

#include "base/arena.h"
#include "grad/derivative.h"
#include "grad/local_response_norm.h"
#include "grad/pooling.h"
#include "grad/reshape.h"
#include "oracle.h"
#include "suite.h"

/* A difference of so much of the largest value is what other orders of sums and a rounded exponent cost. */
static const double ROUNDING = 4 * 0x1p-24;

static Arena *arena;
static Tape *tape;

static void setup(void) {
    arena = arena_create(0);
    tape = tape_create();
}

static void teardown(void) {
    tape_destroy(tape);
    arena_destroy(arena);
}

static const struct {
    const char *name;
    Window window;
} windows[] = {
    {"3x3_stride2_padding1", {{3, 2, 1}, {3, 2, 1}}},
    {"2x3_stride3x1_padding1x0", {{2, 3, 1}, {3, 1, 0}}},
    {"5x4_stride1_padding2x1", {{5, 1, 2}, {4, 1, 1}}},
    {"whole", {{7, 1, 0}, {6, 1, 0}}},
};
enum { WINDOWS = sizeof windows / sizeof *windows };

/* The output is PyTorch's to the bit; the gradient of overlapping windows is a sum in an order of its own. */
static void check_pooling(const Oracle *oracle, const char *kind, const char *window, Var x, Var y) {
    const char *name = arena_format(arena, "%s_%s", kind, window);
    const size_t count = shape_count(var_shape(y));
    Var gx;
    oracle_compare(oracle, name, count, var_data(y), 0);
    const real *g = oracle_values(oracle, arena_format(arena, "%s_g", name), count);
    tape_vjp(tape, y, tape_input(tape, var_shape(y), g), 1, &x, &gx);
    oracle_compare(oracle, arena_format(arena, "%s_gx", name), shape_count(var_shape(x)), var_data(gx), ROUNDING);
}

START_TEST(windows_follow_pytorch) {
    const Oracle oracle = oracle_read("tests/oracle/windows.csv", arena);
    const Shape shape = shape_image(2, 7, 6, 3);
    Var x = tape_input(tape, shape, oracle_values(&oracle, "x", shape_count(shape)));
    check_pooling(&oracle, "max", windows[_i].name, x, op_max_pool(tape, x, windows[_i].window));
    check_pooling(&oracle, "average", windows[_i].name, x, op_average_pool(tape, x, windows[_i].window));
}
END_TEST

START_TEST(a_global_average_is_one_of_the_whole_image) {
    const Oracle oracle = oracle_read("tests/oracle/windows.csv", arena);
    const Shape shape = shape_image(2, 7, 6, 3);
    Var x = tape_input(tape, shape, oracle_values(&oracle, "x", shape_count(shape)));
    Var y = op_global_average_pool(tape, x), signal = op_reshape(tape, x, shape_signal(2, 42, 3));
    ck_assert(shape_equal(var_shape(y), shape_matrix(2, 3)));
    oracle_compare(&oracle, "average_whole", 6, var_data(y), 0);
    oracle_compare(&oracle, "average_whole", 6, var_data(op_global_average_pool(tape, signal)), 0);
}
END_TEST

static const struct {
    const char *name;
    LocalResponse norm;
} norms[] = {
    {"default", {5, 1e-4, 0.75, 1}},
    {"alexnet", {5, 1e-4, 0.75, 2}},
    {"even", {4, 0.5, 0.75, 1}},
    {"wide", {9, 2, 1.5, 0.5}},
};
enum { NORMS = sizeof norms / sizeof *norms };

START_TEST(local_responses_follow_pytorch) {
    const Oracle oracle = oracle_read("tests/oracle/local_response_norm.csv", arena);
    const Shape shape = shape_image(7, 2, 4, 3);
    const size_t count = shape_count(shape);
    Var x = tape_input(tape, shape, oracle_values(&oracle, "x", count)), gx;
    Var y = op_local_response_norm(tape, x, norms[_i].norm);
    oracle_compare(&oracle, arena_format(arena, "%s_y", norms[_i].name), count, var_data(y), ROUNDING);
    tape_vjp(tape, y, tape_input(tape, shape, oracle_values(&oracle, "g", count)), 1, &x, &gx);
    oracle_compare(&oracle, arena_format(arena, "%s_gx", norms[_i].name), count, var_data(gx), ROUNDING);
}
END_TEST

/* With d = 1 nothing is left to round. */
START_TEST(a_response_of_one_changes_nothing) {
    const Oracle oracle = oracle_read("tests/oracle/local_response_norm.csv", arena);
    const Shape shape = shape_matrix(7, 24);
    Var x = tape_input(tape, shape, oracle_values(&oracle, "x", 7 * 24));
    Var y = op_local_response_norm(tape, x, (LocalResponse){.size = 5, .alpha = 0, .beta = 0.75, .k = 1});
    ck_assert_mem_eq(var_data(y), var_data(x), 7 * 24 * sizeof(real));
}
END_TEST

int main(void) {
    Suite *suite = suite_create("windows");
    TCase *tcase = tcase_create("windows");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, windows_follow_pytorch, 0, WINDOWS);
    tcase_add_test(tcase, a_global_average_is_one_of_the_whole_image);
    tcase_add_loop_test(tcase, local_responses_follow_pytorch, 0, NORMS);
    tcase_add_test(tcase, a_response_of_one_changes_nothing);
    suite_add_tcase(suite, tcase);
    return run_suite(suite);
}
