/* Derivatives through training against five-point finite differences of the whole training run, in binary64.
 *
 * A small tanh network learns for STEPS steps with SGD, momentum, RMSprop, the same corrected, or Adam; the objective
 * weighs the losses of the last steps.  Its derivative along random directions of the initial state (weights and accumulators) and of the
 * meta-parameters (learning rate, and a scale of each hidden unit) must agree with the difference: truncation
 * h^4 f''''' / 30 and rounding 2^-52 f / h are both below 1e-11 for h = 2^-11 unless the fifth derivative, in units of
 * the objective, exceeds 2^17; the tolerance is 2^-30. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "grad/derivative.h"
#include "grad/elementwise.h"
#include "grad/linear.h"
#include "grad/loss.h"
#include "grad/reduce.h"
#include "grad/tape.h"
#include "grad/unroll.h"
#include "nn/inner.h"
#include "random/random.h"
#include "suite.h"

enum { IN = 4, HIDDEN = 5, CLASSES = 3, BATCH = 6, STEPS = 24, WEIGHTS = 4 };

static const double STEP = 0x1p-11, TOLERANCE = 0x1p-30;

typedef enum Rule { SGD, MOMENTUM, RMSPROP, CORRECTED, ADAM, N_RULES } Rule;

typedef struct Task {
    Rule rule;
    real x[STEPS][IN * BATCH];
    uint16_t y[STEPS][BATCH];
} Task;

static Var train_step(Tape *t, void *context, size_t number, const Var *state, const Var *meta, Var *next) {
    const Task *task = context;
    Var gradients[WEIGHTS];
    Var hidden = op_tanh(
        t, op_linear(t, state[0], state[1], tape_input(t, shape_matrix(IN, BATCH), task->x[number]), ACTIVATION_NONE));
    hidden = op_mul(t, hidden, op_expand_columns(t, meta[1], BATCH));
    Var loss = op_softmax_cross_entropy(t, op_linear(t, state[2], state[3], hidden, ACTIVATION_NONE), task->y[number]);
    tape_gradient(t, loss, WEIGHTS, state, gradients);
    for (size_t i = 0; i < WEIGHTS; i++) {
        if (task->rule == SGD) next[i] = inner_sgd(t, state[i], gradients[i], meta[0]);
        if (task->rule == MOMENTUM)
            inner_momentum(t, state[i], state[WEIGHTS + i], gradients[i], meta[0], 0.9, &next[i], &next[WEIGHTS + i]);
        if (task->rule == RMSPROP)
            inner_rmsprop(t, state[i], state[WEIGHTS + i], gradients[i], meta[0], 0.4, 1e-8, 1, &next[i],
                          &next[WEIGHTS + i]);
        if (task->rule == CORRECTED)
            inner_rmsprop(t, state[i], state[WEIGHTS + i], gradients[i], meta[0], 0.9, 1e-8,
                          inner_correction(0.9, number + 1), &next[i], &next[WEIGHTS + i]);
        if (task->rule == ADAM)
            inner_adam(t, state[i], state[WEIGHTS + i], state[2 * WEIGHTS + i], gradients[i], meta[0], number + 1,
                       &next[i], &next[WEIGHTS + i], &next[2 * WEIGHTS + i]);
    }
    return loss;
}

typedef struct Problem {
    Task task;
    Unroll unroll;
    real weights[STEPS], state[256], meta[1 + HIDDEN];
} Problem;

static void make_problem(Problem *p, Rule rule) {
    static const double rates[N_RULES] = {0.5, 0.1, 0.05, 0.02, 0.02};
    const Shape shapes[WEIGHTS] = {shape_matrix(HIDDEN, IN), shape_vector(HIDDEN), shape_matrix(CLASSES, HIDDEN),
                                   shape_vector(CLASSES)};
    Philox philox;
    uint64_t draw = 0;
    memset(p, 0, sizeof *p);
    philox_seed(&philox, 7, (uint64_t)rule);
    p->task.rule = rule;
    p->unroll = (Unroll){.step = train_step,
                         .context = &p->task,
                         .steps = STEPS,
                         .n_state = rule == SGD    ? WEIGHTS
                                    : rule == ADAM ? 3 * WEIGHTS
                                                   : 2 * WEIGHTS,
                         .n_meta = 2,
                         .meta = {shape_scalar(), shape_vector(HIDDEN)},
                         .weights = p->weights};
    for (size_t i = 0; i < p->unroll.n_state; i++) p->unroll.state[i] = shapes[i % WEIGHTS];
    for (int s = 0; s < STEPS; s++) {
        p->weights[s] = s < 4 ? 0 : 0.25; /* the first losses do not count, as in the published study */
        for (int i = 0; i < IN * BATCH; i++) p->task.x[s][i] = philox_normal(&philox, draw++);
        for (int i = 0; i < BATCH; i++) p->task.y[s][i] = (uint16_t)philox_below(&philox, draw++, CLASSES);
    }
    const size_t size = unroll_state_count(&p->unroll), n = size / (p->unroll.n_state / WEIGHTS);
    ck_assert_uint_le(size, 256);
    for (size_t i = 0; i < size; i++) p->state[i] = i < n ? philox_normal(&philox, draw++) : rule != MOMENTUM;
    p->meta[0] = rates[rule];
    for (int i = 0; i < HIDDEN; i++) p->meta[1 + i] = 1 + 0.1 * i;
}

static double objective(const Problem *p, const real *state, const real *meta) {
    Arena *arena = arena_create(0);
    UnrollResult result;
    ck_assert_int_eq(unroll_run(&p->unroll, state, meta, 1, NULL, arena, &result), 0);
    double value = result.objective;
    ck_assert_ptr_null(result.meta_gradient);
    arena_destroy(arena);
    return value;
}

/* The difference of the objective along a direction in one of the two arguments. */
static double difference(const Problem *p, int of_meta, size_t count, const real *direction) {
    double f[5];
    for (int s = -2; s <= 2; s++) {
        Problem moved = *p;
        real *flat = of_meta ? moved.meta : moved.state;
        for (size_t i = 0; i < count; i++) flat[i] += s * STEP * direction[i];
        f[s + 2] = objective(p, moved.state, moved.meta);
    }
    return (8 * (f[3] - f[1]) - (f[4] - f[0])) / (12 * STEP);
}

static void check_gradient(const Problem *p, int of_meta, size_t count, const real *gradient, const char *what) {
    Philox philox;
    real direction[256];
    for (uint64_t trial = 0; trial < 4; trial++) {
        double inner = 0, scale = 0;
        philox_seed(&philox, 99, trial);
        for (size_t i = 0; i < count; i++) {
            /* accumulators of squares start from 1: small steps keep them positive; a rate is of the size 0.1 */
            direction[i] = 0.25 * (2 * philox_uniform(&philox, i) - 1) * (of_meta && i == 0 ? 0.25 : 1);
            inner += gradient[i] * direction[i];
            scale += fabs(gradient[i] * direction[i]);
        }
        ck_assert_msg(scale > 1e-3, "%s: the gradient vanishes", what);
        double expected = difference(p, of_meta, count, direction);
        ck_assert_msg(fabs(expected - inner) <= TOLERANCE * (1 + scale), "%s, rule %d: %.15g, difference %.15g, %.2g",
                      what, (int)p->task.rule, inner, expected, fabs(expected - inner));
    }
}

START_TEST(gradients_through_training_agree_with_finite_differences) {
    Problem p;
    Arena *arena = arena_create(0);
    UnrollResult result;
    make_problem(&p, (Rule)_i);
    ck_assert_int_eq(unroll_run(&p.unroll, p.state, p.meta, 0, NULL, arena, &result), 0);
    ck_assert(result.objective == objective(&p, p.state, p.meta));
    check_gradient(&p, 1, 1, result.meta_gradient, "learning rate");
    check_gradient(&p, 1, 1 + HIDDEN, result.meta_gradient, "meta-parameters");
    check_gradient(&p, 0, unroll_state_count(&p.unroll), result.state_gradient, "initial state");
    arena_destroy(arena);
}
END_TEST

/* The same objective on one tape that holds all steps. */
static double whole_tape_gradient(const Problem *p, real *meta_gradient) {
    Tape *t = tape_create();
    Var state[3 * WEIGHTS] = {NULL}, next[3 * WEIGHTS] = {NULL}, meta[2], gradients[2], total = NULL;
    const real *flat = p->state;
    for (size_t i = 0; i < p->unroll.n_state; flat += shape_count(p->unroll.state[i++]))
        state[i] = tape_input(t, p->unroll.state[i], flat);
    meta[0] = tape_input(t, p->unroll.meta[0], p->meta);
    meta[1] = tape_input(t, p->unroll.meta[1], p->meta + 1);
    for (size_t s = 0; s < STEPS; s++) {
        Var loss = op_scale(t, train_step(t, (void *)&p->task, s, state, meta, next), p->weights[s]);
        total = total ? op_add(t, total, loss) : loss;
        memcpy(state, next, sizeof state);
    }
    tape_gradient(t, total, 2, meta, gradients);
    meta_gradient[0] = var_scalar(gradients[0]);
    memcpy(meta_gradient + 1, var_data(gradients[1]), HIDDEN * sizeof *meta_gradient);
    double value = var_scalar(total);
    tape_destroy(t);
    return value;
}

START_TEST(steps_rebuilt_one_by_one_equal_one_tape_of_all) {
    Problem p;
    Arena *arena = arena_create(0);
    UnrollResult result;
    real whole[1 + HIDDEN];
    make_problem(&p, (Rule)_i);
    ck_assert_int_eq(unroll_run(&p.unroll, p.state, p.meta, 0, NULL, arena, &result), 0);
    ck_assert_double_eq_tol(whole_tape_gradient(&p, whole), result.objective, 1e-13 * result.objective);
    for (int i = 0; i < 1 + HIDDEN; i++)
        ck_assert_double_eq_tol(whole[i], result.meta_gradient[i], 1e-12 * (1 + fabs(whole[i])));
    arena_destroy(arena);
}
END_TEST

static int stop_now(void) {
    return 1;
}

START_TEST(a_request_to_stop_ends_the_loop) {
    Problem p;
    Arena *arena = arena_create(0);
    UnrollResult result;
    make_problem(&p, SGD);
    ck_assert_int_eq(unroll_run(&p.unroll, p.state, p.meta, 0, stop_now, arena, &result), -1);
    arena_destroy(arena);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("unrolled loops in binary64");
    TCase *tcase = tcase_create("training");
    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, gradients_through_training_agree_with_finite_differences, 0, N_RULES);
    tcase_add_loop_test(tcase, steps_rebuilt_one_by_one_equal_one_tape_of_all, 0, N_RULES);
    tcase_add_test(tcase, a_request_to_stop_ends_the_loop);
    suite_add_tcase(suite, tcase);
    return run_suite(suite);
}
