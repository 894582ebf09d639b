/* Dropout's masks: what they depend on and what not, how often they keep, and the two ends of the probability. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "grad/derivative.h"
#include "grad/dropout.h"
#include "grad/reduce.h"
#include "random/random.h"
#include "suite.h"

enum { ROWS = 50, BATCH = 40, COUNT = ROWS * BATCH };

static Tape *tape;
static real x[COUNT];
static const DropoutNoise noise = {.seed = 11, .step = 2, .layer = 3};

static void setup(void) {
    tape = tape_create();
    for (size_t i = 0; i < COUNT; i++) x[i] = (real)i + 1;
}

static void teardown(void) {
    tape_destroy(tape);
}

/* An example has its mask wherever it stands in whatever batch. */
START_TEST(examples_have_masks_of_their_own) {
    uint8_t all[COUNT], part[COUNT];
    uint32_t example[BATCH];
    dropout_mask(&noise, 0.5, ROWS, BATCH, all);
    for (uint32_t batch = 1; batch <= BATCH; batch += 13) {
        DropoutNoise of = noise;
        of.example = example;
        for (uint32_t n = 0; n < batch; n++) example[n] = (7 * n + 3) % BATCH;
        dropout_mask(&of, 0.5, ROWS, batch, part);
        for (size_t i = 0; i < ROWS * batch; i++)
            ck_assert_uint_eq(part[i], all[i / batch * BATCH + example[i % batch]]);
    }
}
END_TEST

/* The header's definition, an element at a time, where the halves of all numbers are large. */
START_TEST(masks_are_words_of_philox) {
    static const DropoutNoise hard = {UINT64_C(0xfedcba9889abcdef), 0x80000003u, 0xc0000001u, NULL};
    const uint32_t key[2] = {(uint32_t)hard.seed, (uint32_t)(hard.seed >> 32)};
    const double p = _i ? 0.3 : 0.9;
    uint8_t keep[COUNT];
    uint32_t example[BATCH];
    for (uint32_t n = 0; n < BATCH; n++) example[n] = n * 0x9e3779b1u;
    for (size_t batch = 1; batch <= BATCH; batch++) {
        DropoutNoise of = hard;
        of.example = example;
        dropout_mask(&of, p, ROWS, batch, keep);
        for (uint32_t i = 0; i < ROWS * batch; i++) {
            const uint32_t row = i / (uint32_t)batch;
            const uint32_t counter[4] = {row / 4, example[i % batch], hard.step, ~hard.layer};
            uint32_t words[4];
            philox_block(counter, key, words);
            ck_assert_uint_eq(keep[i], (double)words[row % 4] >= floor(p * 0x1p32));
        }
    }
}
END_TEST

/* Masks of other seeds, steps and layers agree at about half of the places. */
START_TEST(seeds_steps_and_layers_differ) {
    static const DropoutNoise others[] = {
        {12, 2, 3, NULL}, {11 + (UINT64_C(1) << 32), 2, 3, NULL}, {11, 3, 3, NULL}, {11, 2, 4, NULL}, {11, 3, 2, NULL}};
    uint8_t one[COUNT], other[COUNT];
    size_t equal = 0;
    dropout_mask(&noise, 0.5, ROWS, BATCH, one);
    dropout_mask(&others[_i], 0.5, ROWS, BATCH, other);
    for (size_t i = 0; i < COUNT; i++) equal += one[i] == other[i];
    ck_assert_uint_gt(equal, COUNT / 2 - 112); /* five standard deviations of 22.4 */
    ck_assert_uint_lt(equal, COUNT / 2 + 112);
}
END_TEST

START_TEST(keeps_as_often_as_it_says) {
    enum { MANY = 1000 };
    static const double probabilities[] = {0.1, 0.25, 0.5, 0.9};
    uint8_t *keep = malloc(MANY * MANY);
    size_t kept = 0;
    dropout_mask(&noise, probabilities[_i], MANY, MANY, keep);
    for (size_t i = 0; i < MANY * MANY; i++) kept += keep[i];
    free(keep);
    const double p = probabilities[_i], deviation = 5 * sqrt(p * (1 - p)) / MANY;
    ck_assert_double_eq_tol((double)kept / (MANY * MANY), 1 - p, deviation);
}
END_TEST

START_TEST(kept_elements_are_scaled_and_the_gradient_alike) {
    Var in = tape_input(tape, shape_matrix(ROWS, BATCH), x), g;
    Var out = op_dropout(tape, in, 0.75, &noise);
    size_t kept = 0;
    tape_gradient(tape, op_sum(tape, out), 1, &in, &g);
    for (size_t i = 0; i < COUNT; i++) {
        const real factor = var_data(g)[i];
        ck_assert(factor == 0 || factor == 4);
        ck_assert(var_data(out)[i] == factor * x[i]);
        kept += factor != 0;
    }
    ck_assert_uint_gt(kept, COUNT / 8);
    ck_assert_uint_lt(kept, COUNT / 2);
}
END_TEST

START_TEST(channels_are_kept_at_all_positions) {
    const Shape shape = shape_image(ROWS, 2, 4, BATCH / 8);
    const real *y = var_data(op_channel_dropout(tape, tape_input(tape, shape, x), 0.5, &noise));
    size_t kept = 0;
    for (size_t i = 0; i < COUNT; i++) {
        const size_t first = i / BATCH * BATCH + i % (BATCH / 8); /* of the same channel and example */
        ck_assert_int_eq(y[i] != 0, y[first] != 0);
        ck_assert(y[i] == 0 || y[i] == 2 * x[i]);
        kept += y[i] != 0;
    }
    ck_assert(kept > 0 && kept < COUNT);
}
END_TEST

/* p = 1 is +0 whatever was there and passes no gradient; p = 0 is the tensor itself. */
START_TEST(the_ends) {
    uint8_t keep[COUNT];
    const real zeros[COUNT] = {0};
    x[0] = INFINITY;
    x[1] = NAN;
    x[2] = -1;
    Var in = tape_input(tape, shape_matrix(ROWS, BATCH), x), g;
    Var out = op_dropout(tape, in, 1, &noise);
    ck_assert_mem_eq(var_data(out), zeros, sizeof zeros);
    tape_gradient(tape, op_sum(tape, out), 1, &in, &g);
    ck_assert_mem_eq(var_data(g), zeros, sizeof zeros);
    dropout_mask(&noise, 0x1p-33, ROWS, BATCH, keep);
    for (size_t i = 0; i < COUNT; i++) ck_assert_uint_eq(keep[i], 1);
    ck_assert_ptr_eq(op_dropout(tape, in, 0, &noise), in);
    ck_assert_ptr_eq(op_channel_dropout(tape, in, 0, &noise), in);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("dropout");
    TCase *tcase = tcase_create("dropout");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, examples_have_masks_of_their_own);
    tcase_add_loop_test(tcase, masks_are_words_of_philox, 0, 2);
    tcase_add_loop_test(tcase, seeds_steps_and_layers_differ, 0, 5);
    tcase_add_loop_test(tcase, keeps_as_often_as_it_says, 0, 4);
    tcase_add_test(tcase, kept_elements_are_scaled_and_the_gradient_alike);
    tcase_add_test(tcase, channels_are_kept_at_all_positions);
    tcase_add_test(tcase, the_ends);
    suite_add_tcase(suite, tcase);
    return run_suite(suite);
}
