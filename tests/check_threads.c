/* Kernels in workers: a thread that was given several cores computes the same bits as one that was given one, whether
 * the worker is a POSIX thread or a thread of a parallel region, and its working memory goes when it ends. */
#include <check.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#ifdef _OPENMP
#include <omp.h>
#endif

#include "base/arena.h"
#include "kernels/batch_norm.h"
#include "kernels/convolution.h"
#include "kernels/convolution_weights.h"
#include "kernels/deep_activation.h"
#include "kernels/elementwise.h"
#include "kernels/gemm.h"
#include "kernels/learned_activation.h"
#include "kernels/local_response_norm.h"
#include "kernels/pooling.h"
#include "kernels/sparse.h"
#include "kernels/threads.h"
#include "nn/optimizer.h"
#include "suite.h"

enum { WORKERS = 3, N = 160, CHANNELS = 23, LENGTH = 40, UNITS = 64, ELEMENTS = 5000 };
enum { GEMM = N * N, SIGNAL = CHANNELS * LENGTH * N, WEIGHTS = CHANNELS * CHANNELS * 3, POOLED = SIGNAL / 2 };
enum { COUNT = GEMM + 12 * SIGNAL + WEIGHTS + POOLED + 5 * ELEMENTS + UNITS * UNITS + 3 * GEMM };

static Arena *arena;
static real *x, *w;
static SparsePattern pattern;

static void set_threads(int threads) {
#ifdef _OPENMP
    omp_set_num_threads(threads);
#else
    (void)threads;
#endif
}

#ifdef _OPENMP
/* Allow regions within regions; gcc before its version 11 asks for a call that others call obsolete. */
static void nest(void) {
#if defined __GNUC__ && !defined __clang__ && __GNUC__ < 11
    omp_set_nested(1);
#endif
    omp_set_max_active_levels(2);
}
#endif

/* Everything that spreads over threads, on more work than pays for it; COUNT results. */
static void compute(real *out) {
    const Convolution conv = {N, CHANNELS, CHANNELS, CONVOLUTION_ONE_ROW, {LENGTH, 3, 1, 1}};
    const LearnedActivation f = {UNITS, w, w + UNITS, w + 2 * UNITS, w + 3 * UNITS, REAL(0.5)};
    const DeepActivation deep = {UNITS, UNITS, w, w + UNITS, x, w + 2 * UNITS, w + 3 * UNITS, w + 4 * UNITS, REAL(0.5)};
    const Pool pool = {CHANNELS, N, {4, 3, 1, 1}, {LENGTH / 4, 3, 1, 1}};
    const LocalResponse response = {5, 0.5, 0.75, 2};
    const BatchNorm norm = {CHANNELS, SIGNAL / CHANNELS, 1, x, x + N}; /* variances of -0.5 at least */
    int32_t *choice = memory_alloc(SIGNAL, sizeof *choice);
    real *g = memory_alloc(ELEMENTS + 6 * UNITS + 2, sizeof *g);
    gemm_nn(N, N, N, x, N, w, N, out, N, 0), out += GEMM;
    convolution_forward(&conv, x, w, NULL, ACTIVATION_NONE, out), out += SIGNAL;
    convolution_input_gradient(&conv, x, w, out), out += SIGNAL;
    convolution_weight_gradient(&conv, x, x + N, out), out += WEIGHTS;
    convolution_relu_max_pool(&conv, x, w, w, out, choice), out += POOLED;
    max_pool(&pool, ACTIVATION_NONE, x, out, choice, SIGNAL / CHANNELS), out += SIGNAL;
    max_unpool(&pool, choice, x, out), out += SIGNAL;
    sum_pool(&pool, 9, x, out), out += SIGNAL;
    sum_unpool(&pool, 9, x, out), out += SIGNAL;
    local_response_norm_forward(&response, CHANNELS, SIGNAL / CHANNELS, x, out), out += SIGNAL;
    local_response_norm_gradient(&response, CHANNELS, SIGNAL / CHANNELS, x, x + N, out), out += SIGNAL;
    learned_activation_forward(&f, ELEMENTS, x, out, out + ELEMENTS, out + 2 * ELEMENTS), out += 3 * ELEMENTS;
    deep_activation_forward(&deep, ELEMENTS, x, out, out + ELEMENTS), out += 2 * ELEMENTS;
    const DeepGradient gradient = {g,
                                   g + ELEMENTS,
                                   g + ELEMENTS + UNITS,
                                   out,
                                   g + ELEMENTS + 2 * UNITS,
                                   g + ELEMENTS + 3 * UNITS,
                                   g + ELEMENTS + 4 * UNITS};
    deep_activation_gradient(&deep, ELEMENTS, x, x + 7, x + 9, &gradient), out += UNITS * UNITS;
    sparse_forward(&pattern, N, w, x, x, ACTIVATION_RELU, out), out += GEMM;
    sparse_input_gradient(&pattern, N, w, x, out), out += GEMM;
    memset(out, 0, GEMM * sizeof *out);
    masked_weight_gradient(&pattern, N, x, x + 5, out), out += GEMM;
    elementwise_unary(vector_relu, SIGNAL, x, out), out += SIGNAL;
    elementwise_binary(vector_mul, SIGNAL, x, x + N, out), out += SIGNAL;
    batch_norm_forward(&norm, x, w, w + N, out), out += SIGNAL;
    memcpy(out, x, SIGNAL * sizeof *out);
    Arena *moments = arena_create(0);
    Optimizer optimizer = optimizer_create(OPTIMIZER_SGD, 0.1, 0.9, SIGNAL, moments);
    optimizer_update(&optimizer, 1, &(GradientPart){.name = "w", .count = SIGNAL, .gradient = x + N}, out);
    arena_destroy(moments);
    memory_free(choice);
    memory_free(g);
}

static void setup(void) {
    uint32_t state = 1;
    arena = arena_create(0);
    x = arena_alloc(arena, SIGNAL + N, sizeof *x);
    w = arena_alloc(arena, N * N, sizeof *w);
    for (size_t i = 0; i < SIGNAL + N; i++)
        x[i] = (real)((state = state * 1664525u + 1013904223u) >> 8) / (1 << 24) - REAL(0.5);
    for (size_t i = 0; i < N * N; i++)
        w[i] = (real)((state = state * 1664525u + 1013904223u) >> 8) / (1 << 24) - REAL(0.5);
    uint8_t *keep = arena_alloc(arena, N * N, 1);
    for (size_t i = 0; i < N * N; i++) keep[i] = i % 3 == 0;
    pattern = sparse_pattern(N, N, keep, arena);
}

static void teardown(void) {
    arena_destroy(arena);
}

static void *worker(void *out) {
    set_threads(3);
    compute(out);
    return NULL;
}

START_TEST(workers_with_several_cores_compute_the_same_bits) {
    real *alone = arena_alloc_zero(arena, COUNT, sizeof *alone), *out[2 * WORKERS];
    pthread_t threads[WORKERS];
    set_threads(1);
    compute(alone);
    for (int i = 0; i < 2 * WORKERS; i++) out[i] = arena_alloc_zero(arena, COUNT, sizeof **out);
    for (int i = 0; i < WORKERS; i++) ck_assert_int_eq(pthread_create(&threads[i], NULL, worker, out[i]), 0);
    for (int i = 0; i < WORKERS; i++) ck_assert_int_eq(pthread_join(threads[i], NULL), 0);
#ifdef _OPENMP
    nest();
#pragma omp parallel for num_threads(WORKERS)
#endif
    for (int i = 0; i < WORKERS; i++) worker(out[WORKERS + i]);
    for (int i = 0; i < 2 * WORKERS; i++)
        ck_assert_msg(!memcmp(alone, out[i], COUNT * sizeof *alone), "worker %d computed other bits", i);
}
END_TEST

#ifdef _OPENMP
static void record(const void *context, size_t i) {
    int *seen = *(int *const *)context;
    seen[i] = 1 + omp_get_num_threads() * !threads_worth((size_t)1 << 40);
}

/* Inside a parallel region too; within a task a kernel has no more threads. */
START_TEST(a_worker_has_the_threads_it_was_given) {
    int seen[8], *context = seen;
    nest();
#pragma omp parallel num_threads(2)
#pragma omp single
    {
        omp_set_num_threads(1);
        ck_assert(!threads_worth((size_t)1 << 40));
        omp_set_num_threads(3);
        ck_assert(threads_worth((size_t)1 << 40) && !threads_worth(1));
        ck_assert_uint_eq(threads_most(), 3);
        threads_run(8, 1, record, &context);
    }
    for (int i = 0; i < 8; i++) ck_assert_int_eq(seen[i], 1 + 3);
}
END_TEST
#endif

int main(void) {
    Suite *suite = suite_create("threads");
    TCase *tcase = tcase_create("workers");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, workers_with_several_cores_compute_the_same_bits);
#ifdef _OPENMP
    tcase_add_test(tcase, a_worker_has_the_threads_it_was_given);
#endif
    suite_add_tcase(suite, tcase);
    return run_suite(suite);
}
