/* Batch normalisation against PyTorch, its statistics, and what evaluation reads. */
#include <check.h>
#include <stdlib.h>

#include "base/arena.h"
#include "grad/batch_norm.h"
#include "grad/derivative.h"
#include "oracle.h"
#include "suite.h"

enum { CHANNELS = 3, COUNT = 2 * 4 * 5, ALL = CHANNELS * COUNT };
static const double EPSILON = 1e-5;

static Arena *arena;
static Tape *tape;
static Oracle oracle;
static Var in[3], seed; /* x, gamma, beta; the gradient of the output */

static void setup(void) {
    arena = arena_create(0);
    tape = tape_create();
    oracle = oracle_read("tests/oracle/batch_norm.csv", arena);
    const Shape x = shape_image(CHANNELS, 2, 4, 5);
    in[0] = tape_input(tape, x, oracle_values(&oracle, "x", ALL));
    in[1] = tape_input(tape, shape_vector(CHANNELS), oracle_values(&oracle, "gamma", CHANNELS));
    in[2] = tape_input(tape, shape_vector(CHANNELS), oracle_values(&oracle, "beta", CHANNELS));
    seed = tape_input(tape, x, oracle_values(&oracle, "g", ALL));
}

static void teardown(void) {
    tape_destroy(tape);
    arena_destroy(arena);
}

/* A difference of so much of the largest value is what the order of PyTorch's sums and its rounding of factors cost. */
static const double ROUNDING = 4 * 0x1p-24;

static void like(const char *quantity, size_t count, const real *ours) {
    oracle_compare(&oracle, quantity, count, ours, ROUNDING);
}

START_TEST(training_follows_pytorch) {
    Var gradients[3], y = op_batch_norm(tape, in[0], in[1], in[2], EPSILON);
    real running_mean[CHANNELS] = {0}, running_variance[CHANNELS] = {1, 1, 1};
    like("y", ALL, var_data(y));
    tape_vjp(tape, y, seed, 3, in, gradients);
    like("gx", ALL, var_data(gradients[0]));
    like("ggamma", CHANNELS, var_data(gradients[1]));
    like("gbeta", CHANNELS, var_data(gradients[2]));
    batch_norm_running(batch_norm_of(y), 0.1, running_mean, running_variance);
    like("running_mean", CHANNELS, running_mean);
    like("running_variance", CHANNELS, running_variance);
}
END_TEST

START_TEST(evaluation_follows_pytorch) {
    const real *mean = oracle_values(&oracle, "running_mean", CHANNELS);
    const real *variance = oracle_values(&oracle, "running_variance", CHANNELS);
    Var gradients[3], y = op_batch_norm_by(tape, in[0], in[1], in[2], EPSILON, mean, variance);
    like("eval_y", ALL, var_data(y));
    tape_vjp(tape, y, seed, 3, in, gradients);
    like("eval_gx", ALL, var_data(gradients[0]));
    like("eval_ggamma", CHANNELS, var_data(gradients[1]));
    like("eval_gbeta", CHANNELS, var_data(gradients[2]));
}
END_TEST

/* A channel of 1 and 3: mean 2, biased variance 1, unbiased 2; and one whose elements are equal. */
START_TEST(statistics_by_hand) {
    const real x[] = {1, 3, 5, 5}, gamma[] = {2, 2}, beta[] = {1, 7};
    real running_mean[2] = {0}, running_variance[2] = {1, 1};
    Var y = op_batch_norm(tape, tape_input(tape, shape_matrix(2, 2), x), tape_input(tape, shape_vector(2), gamma),
                          tape_input(tape, shape_vector(2), beta), 0x1p-60);
    const real expected[] = {-1, 3, 7, 7};
    ck_assert_mem_eq(var_data(y), expected, sizeof expected);
    batch_norm_running(batch_norm_of(y), 0.25, running_mean, running_variance);
    ck_assert(running_mean[0] == REAL(0.5) && running_mean[1] == REAL(1.25));
    ck_assert(running_variance[0] == REAL(1.25) && running_variance[1] == REAL(0.75));
}
END_TEST

/* An example's output in evaluation does not depend on those beside it. */
START_TEST(evaluation_knows_no_batch) {
    const real *mean = oracle_values(&oracle, "running_mean", CHANNELS);
    const real *variance = oracle_values(&oracle, "running_variance", CHANNELS);
    Var all = op_batch_norm_by(tape, in[0], in[1], in[2], EPSILON, mean, variance);
    real one[CHANNELS * 8];
    for (size_t n = 0; n < 5; n++) {
        for (size_t i = 0; i < CHANNELS * 8; i++) one[i] = var_data(in[0])[i * 5 + n];
        Var x = tape_input(tape, shape_image(CHANNELS, 2, 4, 1), one);
        const real *y = var_data(op_batch_norm_by(tape, x, in[1], in[2], EPSILON, mean, variance));
        for (size_t i = 0; i < CHANNELS * 8; i++) ck_assert(y[i] == var_data(all)[i * 5 + n]);
    }
}
END_TEST

int main(void) {
    Suite *suite = suite_create("batch normalisation");
    TCase *tcase = tcase_create("batch normalisation");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, training_follows_pytorch);
    tcase_add_test(tcase, evaluation_follows_pytorch);
    tcase_add_test(tcase, statistics_by_hand);
    tcase_add_test(tcase, evaluation_knows_no_batch);
    suite_add_tcase(suite, tcase);
    return run_suite(suite);
}
