/* Optimisers, clipping and schedules against PyTorch, and schedules by hand. */
#include <check.h>
#include <math.h>
#include <stdlib.h>

#include "base/arena.h"
#include "kernels/reduce.h"
#include "nn/learning_rate.h"
#include "nn/optimizer.h"
#include "oracle.h"
#include "random/random.h"
#include "suite.h"

enum { COUNT = 6, STEPS = 8 };

static Arena *arena;

static void setup(void) {
    arena = arena_create(0);
}

static void teardown(void) {
    arena_destroy(arena);
}

/* The runs of tests/oracle/image_primitives.py. */
static const struct {
    const char *name;
    OptimizerSettings settings;
} runs[] = {
    {"adam", {.kind = OPTIMIZER_ADAM, .learning_rate = 0.01}},
    {"adam_decay",
     {.kind = OPTIMIZER_ADAM,
      .learning_rate = 0.01,
      .weight_decay = 0.1,
      .beta1 = 0.8,
      .beta2 = 0.95,
      .epsilon = 1e-4}},
    {"sgd", {.kind = OPTIMIZER_SGD, .learning_rate = 0.1}},
    {"sgd_momentum", {.kind = OPTIMIZER_SGD, .learning_rate = 0.1, .momentum = 0.9, .weight_decay = 0.01}},
    {"sgd_nesterov",
     {.kind = OPTIMIZER_SGD, .learning_rate = 0.1, .momentum = 0.9, .weight_decay = 0.01, .nesterov = 1}},
    {"sgd_clipped", {.kind = OPTIMIZER_SGD, .learning_rate = 0.1, .momentum = 0.5, .clip_norm = 2}},
    {"rmsprop", {.kind = OPTIMIZER_RMSPROP, .learning_rate = 0.01}},
    {"rmsprop_momentum",
     {.kind = OPTIMIZER_RMSPROP,
      .learning_rate = 0.02,
      .momentum = 0.5,
      .weight_decay = 0.05,
      .alpha = 0.9,
      .epsilon = 1e-5}},
};
enum { RUNS = sizeof runs / sizeof *runs };

/* Weights in two parts, so that the norm to be clipped is that of several tensors. */
START_TEST(updates_follow_pytorch) {
    const Oracle oracle = oracle_read("tests/oracle/optimizer.csv", arena);
    const real *start = oracle_values(&oracle, "start", COUNT);
    const real *gradients = oracle_values(&oracle, "gradients", STEPS * COUNT);
    Optimizer optimizer = optimizer_of(runs[_i].settings, COUNT, arena);
    real weights[COUNT], path[STEPS * COUNT];
    for (size_t i = 0; i < COUNT; i++) weights[i] = start[i];
    for (size_t step = 0; step < STEPS; step++) {
        const real *gradient = gradients + step * COUNT;
        const GradientPart parts[] = {{.name = "a", .count = 4, .gradient = gradient},
                                      {.name = "b", .at = 4, .count = 2, .gradient = gradient + 4}};
        optimizer_update(&optimizer, 2, parts, weights);
        for (size_t i = 0; i < COUNT; i++) path[step * COUNT + i] = weights[i];
    }
    oracle_compare(&oracle, runs[_i].name, STEPS * COUNT, path, 0x1p-22);
}
END_TEST

/* ---- elements at rest (kernels/optimizer.c): the chains of optimizer.h, written out ---- */

static void chain(const OptimizerSettings *settings, const OptimizerStep *s, float gradient, float *w, float *m,
                  float *v) {
    float g = s->scale * gradient;
    if (s->weight_decay != 0) g = fmaf(s->weight_decay, *w, g);
    if (settings->kind == OPTIMIZER_ADAM) {
        *m = fmaf(s->one_minus_beta1, g, s->beta1 * *m);
        *v = fmaf(s->one_minus_beta2 * g, g, s->beta2 * *v);
        *w = fmaf(-s->rate, *m / fmaf(sqrtf(*v), s->inverse_root_correction, s->epsilon), *w);
    } else {
        *m = fmaf(s->momentum, *m, g);
        *w = fmaf(-s->rate, s->nesterov ? fmaf(s->momentum, *m, g) : *m, *w);
    }
}

static const OptimizerSettings resting[] = {
    {.kind = OPTIMIZER_ADAM, .learning_rate = 0.001},
    {.kind = OPTIMIZER_ADAM, .learning_rate = 0.01, .beta1 = 0.5, .beta2 = 0.8},
    {.kind = OPTIMIZER_ADAM, .learning_rate = 0.001, .epsilon = 1e-20},
    {.kind = OPTIMIZER_ADAM, .learning_rate = 0.001, .weight_decay = 0.1},
    {.kind = OPTIMIZER_SGD, .learning_rate = 0.1, .momentum = 0.9},
    {.kind = OPTIMIZER_SGD, .learning_rate = 0.1, .momentum = 0.99},
    {.kind = OPTIMIZER_SGD, .learning_rate = 0.1, .momentum = 0.5, .nesterov = 1},
    {.kind = OPTIMIZER_SGD, .learning_rate = 0.1},
    {.kind = OPTIMIZER_SGD, .learning_rate = 1e20, .momentum = 0.9},
};
enum { RESTING = sizeof resting / sizeof *resting };

/* Weights and moments of every size, both zeros and subnormal numbers among them; gradients that are zeros of both signs in
 * nine of ten updates, so that moments come to a rest and wake again. */
START_TEST(elements_at_rest_follow_the_chain) {
    enum { ELEMENTS = 1000, UPDATES = 1500 };
    static float g[ELEMENTS], w[ELEMENTS], m[ELEMENTS], v[ELEMENTS], own_w[ELEMENTS], own_m[ELEMENTS], own_v[ELEMENTS];
    const OptimizerSettings *settings = &resting[_i];
    size_t rested = 0;
    Philox numbers;
    philox_seed(&numbers, 7, (uint32_t)_i);
    for (size_t i = 0; i < ELEMENTS; i++) {
        const double normal = philox_normal(&numbers, 3 * i), size = philox_normal(&numbers, 3 * i + 1);
        w[i] = own_w[i] = i % 40 == 1 ? -0.0f : i % 40 == 2 ? 0.0f : (float)ldexp(normal, i % 40 == 3 ? -70 : -2);
        m[i] = own_m[i] = i % 9 == 1 ? 0.0f : i % 9 == 2 ? -0.0f : (float)ldexp(size, -(int)(i % 150));
        v[i] = own_v[i] = (float)ldexp(size * size, -(int)(i % 40));
    }
    for (long k = 0; k < UPDATES; k++) {
        const OptimizerStep step = optimizer_step(settings, settings->learning_rate, k % 2 ? 1 : 0.25, k + 1);
        for (size_t i = 0; i < ELEMENTS; i++) {
            const double draw = philox_normal(&numbers, 3 * ELEMENTS + (size_t)k * ELEMENTS + i);
            g[i] = i % 3 == 0 && k % 700 > 630 ? (float)(0.01 * draw) : draw > 0 ? 0.0f : -0.0f;
        }
        optimizer_rules[settings->kind].update(&step, ELEMENTS, g, w, m, v);
        for (size_t i = 0; i < ELEMENTS; i++) {
            chain(settings, &step, g[i], &own_w[i], &own_m[i], &own_v[i]);
            rested += own_m[i] != 0 && fabsf(own_m[i]) < 0x1p-126f;
        }
        ck_assert_mem_eq(w, own_w, sizeof w);
        ck_assert_mem_eq(m, own_m, sizeof m);
        ck_assert_mem_eq(v, own_v, sizeof v);
    }
    if (settings->momentum > 0 || settings->kind == OPTIMIZER_ADAM) ck_assert(rested > 1000);
}
END_TEST

/* Weights that a mask leaves out stay at +0, whatever their gradient; the others are trained as without it. */
START_TEST(weights_that_are_not_kept_stay_at_zero) {
    enum { WEIGHTS = 2500, UPDATES = 5 };
    static float g[WEIGHTS], w[2][WEIGHTS];
    static uint8_t keep[WEIGHTS];
    const OptimizerSettings settings = {.kind = (OptimizerKind)_i, .learning_rate = 0.1, .momentum = 0.9};
    Optimizer all = optimizer_of(settings, WEIGHTS, arena), some = optimizer_of(settings, WEIGHTS, arena);
    Philox numbers;
    philox_seed(&numbers, 3, 0);
    for (size_t i = 0; i < WEIGHTS; i++) {
        keep[i] = i % 7 != 0 && i != WEIGHTS - 1;
        w[0][i] = w[1][i] = keep[i] ? (float)philox_normal(&numbers, i) : 0.0f;
    }
    for (size_t k = 1; k <= UPDATES; k++) {
        for (size_t i = 0; i < WEIGHTS; i++) g[i] = (float)philox_normal(&numbers, k * WEIGHTS + i);
        optimizer_update(&all, 1, &(GradientPart){.name = "w", .count = WEIGHTS, .gradient = g}, w[0]);
        optimizer_update(&some, 1, &(GradientPart){.name = "w", .count = WEIGHTS, .gradient = g, .keep = keep}, w[1]);
    }
    for (size_t i = 0; i < WEIGHTS; i++) {
        const float expected = keep[i] ? w[0][i] : 0.0f;
        ck_assert_mem_eq(&expected, &w[1][i], sizeof expected);
    }
}
END_TEST

/* Where a tensor is trained 64 times as fast, the gradient moves it 64 times as far and the decay as far as before. */
START_TEST(faster_tensors_decay_no_faster) {
    for (int decayed = 0; decayed < 2; decayed++) {
        const OptimizerSettings settings = {
            .kind = OPTIMIZER_SGD, .learning_rate = 0.125, .weight_decay = decayed ? 0.5 : 0};
        Optimizer optimizer = optimizer_of(settings, 2, arena);
        const real gradient[2] = {0.25, 0.25};
        real weights[2] = {1, 1};
        const GradientPart parts[] = {{.name = "a", .count = 1, .gradient = gradient, .faster = 1},
                                      {.name = "b", .at = 1, .count = 1, .gradient = gradient + 1, .faster = 64}};
        optimizer_update(&optimizer, 2, parts, weights);
        const double decay = decayed ? 0.0625 : 0;
        ck_assert((double)weights[0] == 1 - 0.03125 - decay && (double)weights[1] == 1 - 2 - decay);
    }
}
END_TEST

START_TEST(clipping_scales_to_the_norm) {
    const real x[] = {3, 4};
    ck_assert(product_sum(2, x, 0, x, 0) == 25);
    ck_assert_double_eq_tol(clip_scale(25, 1), 0.2, 1e-6);
    ck_assert(clip_scale(25, 6) == 1 && clip_scale(0, 1) == 1);
}
END_TEST

static const struct {
    const char *name;
    LearningRate rate;
} schedules[] = {
    {"step", {.kind = RATE_STEP, .initial = 0.1, .factor = 0.2, .period = 3, .per_epoch = 1}},
    {"exponential", {.kind = RATE_EXPONENTIAL, .initial = 0.1, .factor = 0.95, .per_epoch = 1}},
    {"cosine", {.kind = RATE_COSINE, .initial = 0.1, .minimum = 0.001, .period = 10, .per_epoch = 1}},
};
enum { SCHEDULES = sizeof schedules / sizeof *schedules };

/* Each epoch of 7 updates has PyTorch's rate, from its first update to its last. */
START_TEST(schedules_follow_pytorch) {
    enum { EPOCHS = 10, LENGTH = 7 };
    const Oracle oracle = oracle_read("tests/oracle/learning_rate.csv", arena);
    real first[EPOCHS], last[EPOCHS];
    for (size_t epoch = 0; epoch < EPOCHS; epoch++) {
        first[epoch] = (real)learning_rate_at(&schedules[_i].rate, epoch * LENGTH, LENGTH);
        last[epoch] = (real)learning_rate_at(&schedules[_i].rate, epoch * LENGTH + LENGTH - 1, LENGTH);
    }
    oracle_compare(&oracle, schedules[_i].name, EPOCHS, first, 0x1p-23);
    oracle_compare(&oracle, schedules[_i].name, EPOCHS, last, 0x1p-23);
}
END_TEST

START_TEST(schedules_by_hand) {
    const LearningRate constant = {.initial = 0.5};
    const LearningRate halved = {.kind = RATE_STEP, .initial = 1, .factor = 0.5, .period = 391};
    const LearningRate cosine = {.kind = RATE_COSINE, .initial = 2, .minimum = 1, .period = 4};
    const LearningRate warm = {.kind = RATE_EXPONENTIAL, .initial = 1, .factor = 0.5, .warm_up = 4};
    ck_assert(learning_rate_at(&constant, 0, 1) == 0.5 && learning_rate_at(&constant, 1000000, 1) == 0.5);
    ck_assert(learning_rate_at(&halved, 390, 1) == 1 && learning_rate_at(&halved, 391, 1) == 0.5);
    ck_assert(learning_rate_at(&halved, 3 * 391, 1) == 0.125);
    ck_assert(learning_rate_at(&cosine, 0, 1) == 2 && learning_rate_at(&cosine, 4, 1) == 1);
    ck_assert(learning_rate_at(&cosine, 2, 1) == 1.5 && learning_rate_at(&cosine, 9, 1) == 1);
    ck_assert(learning_rate_at(&warm, 0, 1) == 0.25 && learning_rate_at(&warm, 1, 1) == 0.25);
    const LearningRate triangle = {
        .kind = RATE_TRIANGULAR, .start = 1, .initial = 5, .minimum = 3, .peak = 4, .period = 8};
    static const double points[] = {1, 2, 3, 4, 5, 4.5, 4, 3.5, 3, 3};
    for (size_t i = 0; i < 10; i++) ck_assert(learning_rate_at(&triangle, i, 1) == points[i]);
    const LearningRate falling = {.kind = RATE_TRIANGULAR, .start = 9, .initial = 4, .period = 4};
    ck_assert(learning_rate_at(&falling, 0, 1) == 4 && learning_rate_at(&falling, 3, 1) == 1);
    ck_assert(learning_rate_at(&warm, 3, 1) == 0.125 && learning_rate_at(&warm, 4, 1) == 0.0625);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("optimisers");
    TCase *tcase = tcase_create("optimisers");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, updates_follow_pytorch, 0, RUNS);
    tcase_add_loop_test(tcase, elements_at_rest_follow_the_chain, 0, RESTING);
    tcase_add_test(tcase, clipping_scales_to_the_norm);
    tcase_add_test(tcase, faster_tensors_decay_no_faster);
    tcase_add_loop_test(tcase, weights_that_are_not_kept_stay_at_zero, 0, OPTIMIZER_KINDS);
    tcase_add_loop_test(tcase, schedules_follow_pytorch, 0, SCHEDULES);
    tcase_add_test(tcase, schedules_by_hand);
    suite_add_tcase(suite, tcase);
    return run_suite(suite);
}
