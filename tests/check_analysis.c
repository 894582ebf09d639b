/* Analyses against slow obvious twins, against scikit-learn (tests/oracle/analysis.py), and the same bytes on any number
 * of threads. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#ifdef _OPENMP
#include <omp.h>
#endif

#include "analysis/eigen.h"
#include "analysis/embedding_quality.h"
#include "analysis/fft.h"
#include "analysis/linear_probe.h"
#include "analysis/patch_whitening.h"
#include "analysis/principal.h"
#include "analysis/repulsion.h"
#include "analysis/tsne.h"
#include "analysis/vector64.h"
#include "base/npy.h"
#include "data/mnist1d.h"
#include "random/random.h"
#include "sandbox.h"
#include "suite.h"

enum { TRAIN = 4000, TEST = 1000, LENGTH = 40, CLASSES = 10 };
static Rows train, test;
static uint16_t labels[TRAIN], test_labels[TEST];
static Philox philox;

/* The official data set, in the binary32 of its files. */
static void begin(void) {
    Mnist1d d;
    const Mnist1dOptions options = mnist1d_defaults();
    sandbox_begin();
    philox_seed(&philox, 7, 7);
    ck_assert_int_eq(mnist1d_make(&options, arena, &d, &error), 0);
    train = (Rows){TRAIN, LENGTH, mnist1d_binary32(TRAIN * LENGTH, d.x, arena), NULL};
    test = (Rows){TEST, LENGTH, mnist1d_binary32(TEST * LENGTH, d.x_test, arena), NULL};
    for (size_t i = 0; i < TRAIN; i++) labels[i] = d.y[i];
    for (size_t i = 0; i < TEST; i++) test_labels[i] = d.y_test[i];
}

static void set_threads(int threads) {
#ifdef _OPENMP
    omp_set_num_threads(threads);
#else
    (void)threads;
#endif
}

static double normal(void) {
    static uint64_t next;
    return philox_normal(&philox, next++);
}

static double *normals(size_t n) {
    double *x = arena_alloc(arena, n, sizeof *x);
    for (size_t i = 0; i < n; i++) x[i] = normal();
    return x;
}

/* ---- sums ---- */

START_TEST(test_sums) {
    double x[40], y[40], lanes[VECTOR64_LANES] = {0}, dots[VECTOR64_LANES] = {0};
    for (size_t n = 0; n < 40; n++) {
        x[n] = normal();
        y[n] = normal();
        ck_assert(vector64_total(n, x) == vector64_lanes_sum(lanes));
        ck_assert(vector64_dot(n, x, y) == vector64_lanes_sum(dots));
        lanes[n % VECTOR64_LANES] += x[n];
        dots[n % VECTOR64_LANES] = fma(x[n], y[n], dots[n % VECTOR64_LANES]);
    }
    x[7] = -9.0;
    ck_assert(vector64_max_abs(40, x) == 9.0);
    x[30] = NAN;
    ck_assert(isnan(vector64_max_abs(40, x)));
}
END_TEST

/* ---- L-BFGS ---- */

static double rosenbrock(void *context, const double *x, double *g) {
    const size_t n = *(size_t *)context;
    double f = 0.0;
    memset(g, 0, n * sizeof *g);
    for (size_t i = 0; i + 1 < n; i++) {
        const double a = x[i + 1] - x[i] * x[i], b = 1.0 - x[i];
        f += 100.0 * a * a + b * b;
        g[i] += -400.0 * a * x[i] - 2.0 * b;
        g[i + 1] += 200.0 * a;
    }
    return f;
}

/* 0.1 to 1e3 along the axes, lowest at (1, 2, ...), value -7 */
static double ellipsoid(void *context, const double *x, double *g) {
    const size_t n = *(size_t *)context;
    double f = -7.0;
    for (size_t i = 0; i < n; i++) {
        const double weight = pow(10.0, -1.0 + 4.0 * (double)i / (double)(n - 1)), d = x[i] - (double)(i + 1);
        f += 0.5 * weight * d * d;
        g[i] = weight * d;
    }
    return f;
}

/* log(1 + e^-x) + x^2 / 2: x = 1 / (1 + e^x), 0.40105813754154703565... */
static double logistic(void *context, const double *x, double *g) {
    (void)context;
    g[0] = x[0] - 1.0 / (1.0 + exp(x[0]));
    return log1p(exp(-x[0])) + 0.5 * x[0] * x[0];
}

/* Not finite beyond 1: the line search has to come back. */
static double barrier(void *context, const double *x, double *g) {
    (void)context;
    g[0] = 1.0 / (1.0 - x[0]) - 100.0;
    return -log(1.0 - x[0]) - 100.0 * x[0];
}

START_TEST(test_lbfgs_optima) {
    LbfgsOptions options = lbfgs_defaults();
    options.gradient_tolerance = 1e-9;
    for (size_t n = 2; n <= 100; n *= 7) {
        double x[100];
        for (size_t i = 0; i < n; i++) x[i] = i % 2 ? 1.0 : -1.2;
        LbfgsResult result = lbfgs_minimize(n, rosenbrock, &n, &options, x);
        ck_assert_double_lt(result.value, 1e-17);
        ck_assert_double_le(result.gradient_max, 1e-6);
        for (size_t i = 0; i < n; i++) ck_assert_double_eq_tol(x[i], 1.0, 1e-8);
        for (size_t i = 0; i < n; i++) x[i] = 0.0;
        result = lbfgs_minimize(n, ellipsoid, &n, &options, x);
        ck_assert_double_eq_tol(result.value, -7.0, 1e-12);
        for (size_t i = 0; i < n; i++) ck_assert_double_eq_tol(x[i], (double)(i + 1), 1e-5);
    }
    double x = -30.0;
    LbfgsResult result = lbfgs_minimize(1, logistic, NULL, &options, &x);
    ck_assert_double_eq_tol(x, 0.40105813754154704, 1e-9);
    ck_assert_int_eq(result.end, LBFGS_GRADIENT);
    x = 0.0;
    lbfgs_minimize(1, barrier, NULL, &options, &x);
    ck_assert_double_eq_tol(x, 0.99, 1e-9);
}
END_TEST

/* After any number of iterations the step satisfied both conditions: the walk is repeated one iteration longer. */
START_TEST(test_lbfgs_wolfe) {
    size_t n = 4, evaluations = 0;
    double before[4], after[4], g[4], h[4], d[4];
    for (size_t iterations = 0; iterations < 30; iterations++) {
        LbfgsOptions options = lbfgs_defaults();
        for (size_t i = 0; i < n; i++) before[i] = after[i] = i % 2 ? 1.0 : -1.2;
        options.iterations = iterations;
        LbfgsResult result = lbfgs_minimize(n, rosenbrock, &n, &options, before);
        ck_assert_int_eq(result.end, LBFGS_ITERATIONS);
        ck_assert_uint_gt(result.evaluations, evaluations);
        evaluations = result.evaluations;
        options.iterations++;
        result = lbfgs_minimize(n, rosenbrock, &n, &options, after);
        const double f = rosenbrock(&n, before, g), e = rosenbrock(&n, after, h);
        ck_assert(e == result.value);
        for (size_t i = 0; i < n; i++) d[i] = after[i] - before[i];
        const double slope = vector64_dot(n, d, g);
        ck_assert_double_lt(slope, 0.0);
        ck_assert_double_le(e, f + 1e-3 * slope + 1e-15 * f);
        ck_assert_double_le(fabs(vector64_dot(n, d, h)), -0.9 * slope * (1.0 + 1e-9));
    }
}
END_TEST

/* ---- linear probe ---- */

static const double *oracle(const char *path) {
    NpyArray array;
    ck_assert_msg(npy_read(path, arena, &array, &error) == 0, "%s", error.text);
    ck_assert_uint_eq(npy_count(&array), CLASSES * (LENGTH + 1));
    return array.data;
}

START_TEST(test_probe_sklearn) {
    static const struct {
        const char *path;
        double value, value_tolerance, tolerance;
    } cases[] = {{"tests/oracle/analysis_probe_stopped.npy", 6357.908075402484, 2e-6, 1e-4},
                 {"tests/oracle/analysis_probe_optimum.npy", 6357.907909721086, 1e-8, 1e-5}};
    for (int i = 0; i < 2; i++) {
        const LinearProbeOptions options = i ? linear_probe_optimum() : linear_probe_as_sklearn();
        const double *expected = oracle(cases[i].path);
        uint16_t predicted[TEST];
        LinearProbe probe;
        int right = 0;
        ck_assert_int_eq(linear_probe_fit(&train, labels, CLASSES, &options, arena, &probe, &error), 0);
        if (i == 0) ck_assert_int_le(abs((int)probe.fit.iterations - 162), 3);
        ck_assert_double_eq_tol(probe.fit.value, cases[i].value, cases[i].value_tolerance);
        for (size_t j = 0; j < CLASSES * LENGTH; j++)
            ck_assert_double_eq_tol(probe.weights[j], expected[j], cases[i].tolerance);
        for (size_t c = 0; c < CLASSES; c++)
            ck_assert_double_eq_tol(probe.bias[c], expected[CLASSES * LENGTH + c], cases[i].tolerance);
        linear_probe_predict(&probe, &test, predicted);
        for (size_t t = 0; t < TEST; t++) right += predicted[t] == test_labels[t];
        ck_assert_int_eq(right, 328); /* the published 32.8 % */
    }
}
END_TEST

START_TEST(test_probe_edges) {
    const LinearProbeOptions options = linear_probe_optimum();
    const double x[] = {5.0, 1.0, 5.0, 2.0, 5.0, 4.0, 5.0, 3.0}, bad[] = {1.0, NAN};
    const Rows rows = {4, 2, NULL, x}, not_finite = {1, 2, NULL, bad};
    const uint16_t two[] = {0, 0, 1, 1}, out[] = {0, 0, 1, 2};
    uint16_t predicted[4];
    LinearProbe probe;
    ck_assert_int_eq(linear_probe_fit(&rows, two, 2, &options, arena, &probe, &error), 0);
    ck_assert(probe.scale[0] == 1.0 && probe.weights[0] == 0.0); /* a constant feature */
    linear_probe_predict(&probe, &rows, predicted);
    ck_assert_mem_eq(predicted, two, sizeof two);
    ck_assert_int_eq(linear_probe_fit(&rows, out, 2, &options, arena, &probe, &error), -1);
    check_error_names("label 2", "row 3");
    ck_assert_int_eq(linear_probe_fit(&not_finite, two, 2, &options, arena, &probe, &error), -1);
    check_error_names("row 0", "column 1");
}
END_TEST

/* ---- neighbours ---- */

static double twin_distance(const Rows *a, size_t i, const Rows *b, size_t j, NeighboursMetric metric) {
    long double sum = 0, dot = 0, aa = 0, bb = 0;
    for (size_t c = 0; c < a->length; c++) {
        const long double x = rows_at(a, i, c), y = rows_at(b, j, c);
        sum += (x - y) * (x - y);
        dot += x * y;
        aa += x * x;
        bb += y * y;
    }
    if (metric == NEIGHBOURS_EUCLIDEAN) return (double)sqrtl(sum);
    if (aa == 0 || bb == 0) return aa == bb ? 0.0 : 1.0;
    return (double)(1 - dot / sqrtl(aa * bb));
}

/* Every list is ascending, its distances are right, no index is there twice, and nothing outside it is nearer. */
static void check_neighbours(const Rows *a, const Rows *b, size_t k, NeighboursMetric metric) {
    Neighbours found;
    ck_assert_msg(neighbours_find(a, b, k, metric, NULL, arena, &found, &error) == 0, "%s", error.text);
    int *in = arena_alloc(arena, b->n, sizeof *in);
    for (size_t i = 0; i < a->n; i++) {
        memset(in, 0, b->n * sizeof *in);
        if (a == b) in[i] = 1;
        const uint32_t *index = found.index + i * k;
        const double *distance = found.distance + i * k;
        for (size_t n = 0; n < k; n++) {
            const double expected = twin_distance(a, i, b, index[n], metric);
            ck_assert_int_eq(in[index[n]]++, 0);
            ck_assert_double_eq_tol(distance[n], expected, 1e-12 * (1.0 + expected));
            if (n > 0)
                ck_assert(distance[n - 1] < distance[n] || (distance[n - 1] == distance[n] && index[n - 1] < index[n]));
        }
        for (size_t j = 0; j < b->n; j++) {
            if (in[j]) continue;
            const double other = twin_distance(a, i, b, j, metric);
            ck_assert_double_ge(other, distance[k - 1] * (1.0 - 1e-12) - 1e-15);
        }
    }
}

START_TEST(test_neighbours_twin) {
    enum { N = 700, M = 90, D = 19 };
    double *x = normals(N * D);
    float *y = arena_alloc(arena, M * D, sizeof *y);
    for (size_t i = 0; i < M * D; i++) y[i] = (float)normal();
    for (size_t j = 0; j < 3 * D; j++) x[j] = 0.0;
    for (size_t i = 0; i < N; i++) x[i * D + 3] *= i > 2 ? 1e3 : 0.0; /* one column decides */
    const Rows data = {N, D, NULL, x}, queries = {M, D, y, NULL};
    for (int metric = 0; metric < 2; metric++) {
        check_neighbours(&data, &data, 12, (NeighboursMetric)metric);
        check_neighbours(&queries, &data, 1, (NeighboursMetric)metric);
        check_neighbours(&data, &queries, M, (NeighboursMetric)metric);
        check_neighbours(&queries, &queries, M - 1, (NeighboursMetric)metric);
    }
}
END_TEST

/* Where binary32 sees nothing: rows that differ by 1e-9 of their values, many equal rows, huge and tiny ones. */
START_TEST(test_neighbours_hard) {
    enum { N = 300, D = 7 };
    double *near = normals(N * D), *equal = normals(N * D), *huge = normals(N * D);
    for (size_t i = 0; i < N * D; i++) {
        near[i] = 1e6 + 1e-3 * near[i];
        equal[i] = floor(equal[i]);
        huge[i] = i % 2 ? huge[i] * 1e300 : 1e300;
    }
    const Rows a = {N, D, NULL, near}, b = {N, D, NULL, equal}, c = {N, D, NULL, huge};
    check_neighbours(&a, &a, 20, NEIGHBOURS_EUCLIDEAN);
    check_neighbours(&b, &b, 20, NEIGHBOURS_EUCLIDEAN);
    check_neighbours(&b, &b, 20, NEIGHBOURS_COSINE);
    Neighbours found;
    ck_assert_int_eq(neighbours_find(&c, &c, 5, NEIGHBOURS_EUCLIDEAN, NULL, arena, &found, &error), 0);
    for (size_t i = 0; i < N * 5; i++) ck_assert(isfinite(found.distance[i]) && found.distance[i] > 0.0);
}
END_TEST

START_TEST(test_neighbours_classify) {
    Neighbours found;
    uint16_t voted[TEST];
    int right = 0;
    ck_assert_int_eq(neighbours_find(&test, &train, 10, NEIGHBOURS_EUCLIDEAN, NULL, arena, &found, &error), 0);
    neighbours_vote(&found, 10, labels, voted);
    for (size_t i = 0; i < TEST; i++) right += voted[i] == test_labels[i];
    ck_assert_int_eq(right, 596); /* the published 59.6 % */
    ck_assert(neighbours_accuracy(&found, 10, labels, test_labels) == 59.6);
    uint32_t index[] = {0, 1, 2, 3, 3, 0, 2, 1};
    const uint16_t few[] = {9, 4, 4, 9};
    neighbours_vote(&(Neighbours){2, 4, index, NULL}, 4, few, voted);
    ck_assert_uint_eq(voted[0], 4); /* a draw */
    neighbours_vote(&(Neighbours){2, 4, index, NULL}, 3, few, voted);
    ck_assert_uint_eq(voted[1], 9);
    ck_assert_int_eq(neighbours_find(&test, &test, TEST, NEIGHBOURS_COSINE, NULL, arena, &found, &error), -1);
    check_error_names("1000 neighbours", "1 to 999");
    ck_assert_int_eq(neighbours_find(&test, &train, 0, NEIGHBOURS_COSINE, NULL, arena, &found, &error), -1);
}
END_TEST

/* ---- Fourier transforms ---- */

START_TEST(test_fft_twin) {
    const double pi = acos(-1.0);
    for (size_t n = 1; n <= 256; n *= 2) {
        double *x = normals(2 * n * FFT_WIDTH), *y = arena_alloc(arena, 4 * n * FFT_WIDTH, sizeof *y);
        double *re = y, *im = y + n * FFT_WIDTH, *work = im + n * FFT_WIDTH;
        memcpy(y, x, 2 * n * FFT_WIDTH * sizeof *y);
        const Fft fft = fft_create(n, arena);
        fft_forward(&fft, re, im, work);
        for (size_t k = 0; k < n; k++)
            for (size_t s = 0; s < FFT_WIDTH; s++) {
                double a = 0.0, b = 0.0;
                for (size_t j = 0; j < n; j++) {
                    const double angle = -2.0 * pi * (double)(j * k % n) / (double)n;
                    const double u = x[j * FFT_WIDTH + s], v = x[(n + j) * FFT_WIDTH + s];
                    a += u * cos(angle) - v * sin(angle);
                    b += u * sin(angle) + v * cos(angle);
                }
                ck_assert_double_eq_tol(re[k * FFT_WIDTH + s], a, 1e-13 * (double)n);
                ck_assert_double_eq_tol(im[k * FFT_WIDTH + s], b, 1e-13 * (double)n);
            }
        fft_forward(&fft, im, re, work); /* and back */
        for (size_t i = 0; i < 2 * n * FFT_WIDTH; i++)
            ck_assert_double_eq_tol(y[i], x[i] * (double)n, 1e-13 * (double)n);
    }
}
END_TEST

START_TEST(test_fft_precision) { /* the root mean square of the error of a round trip */
    const size_t n = 4096, size = n * FFT_WIDTH;
    double *x = normals(2 * size), *y = arena_alloc(arena, 4 * size, sizeof *y), sum = 0.0;
    memcpy(y, x, 2 * size * sizeof *y);
    const Fft fft = fft_create(n, arena);
    fft_forward(&fft, y, y + size, y + 2 * size);
    fft_forward(&fft, y + size, y, y + 2 * size);
    for (size_t i = 0; i < 2 * size; i++) sum += (y[i] / (double)n - x[i]) * (y[i] / (double)n - x[i]);
    ck_assert_double_lt(sqrt(sum / (double)(2 * size)), 12 * 1e-16);
    for (size_t k = 0; k < n; k++)
        ck_assert_double_eq_tol(fft.cosine[k], cos(2.0 * acos(-1.0) * (double)k / (double)n), 2e-15);
}
END_TEST

/* ---- principal components ---- */

/* Known directions, orthogonal to each other, in a space that has as many columns as rows and more. */
START_TEST(test_principal_known) {
    static const size_t lengths[] = {2, 5, 300, 4200};
    for (size_t l = 0; l < 4; l++) {
        const size_t n = 257, d = lengths[l];
        double *x = arena_alloc(arena, n * d, sizeof *x), *a = normals(n), *b = normals(n), scores[2 * 257];
        const double mean_a = vector64_total(n, a) / (double)n, mean_b = vector64_total(n, b) / (double)n;
        for (size_t i = 0; i < n; i++) {
            a[i] -= mean_a;
            b[i] -= mean_b;
        }
        const double share = vector64_dot(n, a, b) / vector64_dot(n, a, a);
        for (size_t i = 0; i < n; i++) b[i] = b[i] - share * a[i]; /* scores are not correlated */
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j < d; j++) /* along 0.8, 0.6 and 0.6, -0.8 */
                x[i * d + j] = 1e3 + (j == 0 ? 4.0 * a[i] + 0.6 * b[i] : j == 1 ? 3.0 * a[i] - 0.8 * b[i] : 0.0);
        principal_components(&(Rows){n, d, NULL, x}, scores);
        for (size_t i = 0; i < n; i++) {
            ck_assert_double_eq_tol(scores[2 * i], 5.0 * a[i], 1e-4);
            ck_assert_double_eq_tol(scores[2 * i + 1], -b[i], 1e-4); /* -0.6, 0.8: the largest is positive */
        }
    }
    const double one[] = {1, 2, 4}, same[] = {3, 3, 3, 3, 3, 3};
    double scores[6];
    principal_components(&(Rows){3, 1, NULL, one}, scores);
    ck_assert_double_eq_tol(scores[4], 5.0 / 3.0, 1e-6);
    ck_assert(scores[1] == 0.0 && scores[3] == 0.0 && scores[5] == 0.0);
    principal_components(&(Rows){3, 2, NULL, same}, scores);
    for (int i = 0; i < 6; i++) ck_assert(scores[i] == 0.0);
}
END_TEST

/* ---- eigenvectors and whitening ---- */

/* matrix = sum over i of values[i] times vector i's products, the vectors orthonormal, the values falling. */
static void check_eigen(size_t n, const double *matrix) {
    double *copy = arena_alloc(arena, n * n, sizeof *copy), *vectors = arena_alloc(arena, n * n, sizeof *vectors);
    double *values = arena_alloc(arena, n, sizeof *values);
    memcpy(copy, matrix, n * n * sizeof *copy);
    eigen_symmetric(n, copy, values, vectors);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            double again = 0;
            for (size_t k = 0; k < n; k++) again += values[k] * vectors[k * n + i] * vectors[k * n + j];
            ck_assert_double_eq_tol(again, matrix[i * n + j], 1e-12);
            ck_assert_double_eq_tol(vector64_dot(n, vectors + i * n, vectors + j * n), i == j, 1e-14);
        }
    for (size_t i = 1; i < n; i++) ck_assert_double_ge(values[i - 1], values[i]);
}

START_TEST(test_eigen) {
    static const size_t sizes[] = {1, 2, 3, 12, 31};
    for (size_t s = 0; s < 5; s++) {
        const size_t n = sizes[s];
        double *matrix = normals(n * n);
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j < i; j++) matrix[i * n + j] = matrix[j * n + i];
        check_eigen(n, matrix);
    }
    double known[4] = {2, 1, 1, 2}, values[2], vectors[4], same[9] = {5, 0, 0, 0, 7, 0, 0, 0, 5}, three[9], equal[3];
    check_eigen(2, known);
    eigen_symmetric(2, known, values, vectors);
    ck_assert(fabs(values[0] - 3) < 1e-15 && fabs(values[1] - 1) < 1e-15);
    ck_assert_double_eq_tol(fabs(vectors[0] + vectors[1]), sqrt(2.0), 1e-15);
    eigen_symmetric(3, same, equal, three); /* equal ones stay in order */
    ck_assert(equal[0] == 7 && equal[1] == 5 && three[1] == 1 && three[3] == 1 && three[8] == 1);
}
END_TEST

/* Outputs of the filters on the very patches: the second moment of filter i's is e / (e + epsilon), near 1 where the eigenvalue
 * e is not small, and different ones are not correlated. */
START_TEST(test_patch_whitening) {
    enum { N = 40, CHANNELS = 2, HEIGHT = 7, WIDTH = 9, SIDE = 2, K = CHANNELS * SIDE * SIDE };
    static float rows[N * CHANNELS * HEIGHT * WIDTH];
    static const double epsilon = 1e-3;
    double filters[2 * K * K], moments[K * K] = {0}, patch[K], outputs[K];
    size_t count = 0;
    for (size_t i = 0; i < N * CHANNELS * HEIGHT * WIDTH; i++) /* neighbours are alike */
        rows[i] = (float)(normal() + (i > 0 ? 0.8 * (double)rows[i - 1] : 0) + 0.3);
    patch_whitening(&(Pictures){N, CHANNELS, HEIGHT, WIDTH, rows}, SIDE, epsilon, filters);
    for (size_t place = 0; place < N * HEIGHT * WIDTH; place++) {
        const size_t image = place / (HEIGHT * WIDTH), row = place / WIDTH % HEIGHT, column = place % WIDTH;
        if (row + SIDE > HEIGHT || column + SIDE > WIDTH) continue;
        for (size_t k = 0; k < K; k++)
            patch[k] = (double)rows[((image * CHANNELS + k / 4) * HEIGHT + row + k / 2 % 2) * WIDTH + column + k % 2];
        for (size_t i = 0; i < K; i++) outputs[i] = vector64_dot(K, filters + i * K, patch);
        for (size_t i = 0; i < K * K; i++) moments[i] += outputs[i / K] * outputs[i % K];
        count++;
    }
    ck_assert_uint_eq(count, N * (HEIGHT - 1) * (WIDTH - 1));
    for (size_t i = 0; i < K; i++) {
        const double length = vector64_dot(K, filters + i * K, filters + i * K), value = 1 / length - epsilon;
        size_t largest = 0;
        for (size_t j = 0; j < K; j++) {
            const double wanted = i == j ? value / (value + epsilon) : 0;
            ck_assert_double_eq_tol(moments[i * K + j] / (double)count, wanted, 1e-10);
            ck_assert(filters[(K + i) * K + j] == -filters[i * K + j]);
            if (fabs(filters[i * K + j]) > fabs(filters[i * K + largest])) largest = j;
        }
        ck_assert_double_gt(filters[i * K + largest], 0);
        if (i > 0) ck_assert_double_ge(length, vector64_dot(K, filters + (i - 1) * K, filters + (i - 1) * K));
    }
}
END_TEST

/* ---- repulsion ---- */

typedef struct Field {
    Points points, forces;
    double total;
} Field;

static Points new_points(size_t n) {
    return (Points){n, arena_alloc_zero(arena, n, sizeof(double)), arena_alloc_zero(arena, n, sizeof(double))};
}

/* Clusters over a square of about this side. */
static Field clusters(size_t n, double side) {
    Field f = {new_points(n), new_points(n), 0.0};
    double *centres = normals(2 * 37);
    for (size_t i = 0; i < n; i++) {
        f.points.x[i] = side * (0.2 * centres[i % 37] + 0.04 * normal());
        f.points.y[i] = side * (0.2 * centres[37 + i % 37] + 0.04 * normal());
    }
    return f;
}

static void twin_repulsion(Field *f) {
    const Points *p = &f->points;
    long double total = 0;
    for (size_t i = 0; i < p->n; i++) {
        long double x = 0, y = 0;
        for (size_t j = 0; j < p->n; j++) {
            const long double dx = p->x[i] - p->x[j], dy = p->y[i] - p->y[j], q = 1 / (1 + dx * dx + dy * dy);
            x += q * q * dx;
            y += q * q * dy;
            total += i == j ? 0 : q;
        }
        f->forces.x[i] = (double)x;
        f->forces.y[i] = (double)y;
    }
    f->total = (double)total;
}

/* The root mean square error of forces, relative to that of the forces. */
static double force_error(const Points *a, const Points *expected) {
    double difference = 0.0, size = 0.0;
    for (size_t i = 0; i < a->n; i++) {
        difference += pow(a->x[i] - expected->x[i], 2) + pow(a->y[i] - expected->y[i], 2);
        size += pow(expected->x[i], 2) + pow(expected->y[i], 2);
    }
    return sqrt(difference / size);
}

START_TEST(test_repulsion_twin) {
    static const double sides[] = {1e-4, 1.0, 30.0, 200.0};
    enum { N = 1003 };
    const Points forces = new_points(N);
    for (size_t s = 0; s < 4; s++) {
        Field f = clusters(N, sides[s]);
        twin_repulsion(&f);
        const double tolerance = 1e-12 * f.total;
        Points out = forces;
        ck_assert_double_eq_tol(repulsion_exact(&f.points, &out), f.total, tolerance);
        ck_assert_double_lt(force_error(&forces, &f.forces), 1e-12);
        ck_assert_double_eq_tol(repulsion_barnes_hut(&f.points, 0.0, &out), f.total, tolerance);
        ck_assert_double_lt(force_error(&forces, &f.forces), 1e-12);
        ck_assert_double_eq_tol(repulsion_barnes_hut(&f.points, 0.1, &out), f.total, 1e-3 * f.total);
        ck_assert_double_lt(force_error(&forces, &f.forces), 1e-3);
        ck_assert_double_eq_tol(repulsion_barnes_hut(&f.points, 0.5, &out), f.total, 2e-2 * f.total);
        ck_assert_double_lt(force_error(&forces, &f.forces), 3e-2);
        Interpolation *grid = interpolation_create(N);
        ck_assert_double_eq_tol(repulsion_interpolated(grid, &f.points, &out), f.total, 1e-3 * f.total);
        ck_assert_double_lt(force_error(&forces, &f.forces), 2e-2);
        interpolation_destroy(grid);
    }
}
END_TEST

/* Half the width: the error of forces falls by far more than it would at the third power. */
START_TEST(test_repulsion_interpolation_order) {
    double before = 0.0;
    enum { N = 500 };
    const Points forces = new_points(N);
    for (double side = 39.0; side > 13.0; side /= 2.0) { /* 108 intervals: 0.375, 0.1875 */
        Field f = clusters(N, side);
        f.points.x[0] = -side / 2.0;
        f.points.x[1] = side / 2.0;
        for (size_t i = 0; i < N; i++) {
            f.points.x[i] = fmax(-side / 2.0, fmin(side / 2.0, f.points.x[i]));
            f.points.y[i] = fmax(-side / 2.0, fmin(side / 2.0, f.points.y[i]));
        }
        twin_repulsion(&f);
        Points out = forces;
        Interpolation *grid = interpolation_create(N);
        repulsion_interpolated(grid, &f.points, &out);
        interpolation_destroy(grid);
        const double e = force_error(&forces, &f.forces);
        if (before > 0.0) ck_assert_double_lt(e, before / 12.0);
        before = e;
    }
}
END_TEST

START_TEST(test_repulsion_equal_points) {
    const Points p = new_points(50), forces = new_points(50);
    Points out = forces;
    p.x[49] = 1.0;
    for (int round = 0; round < 2; round++) { /* then all are equal */
        const double total = round ? 50.0 * 49.0 : 49.0 * 48.0 + 49.0;
        Interpolation *grid = interpolation_create(50);
        ck_assert_double_eq_tol(repulsion_barnes_hut(&p, 0.5, &out), total, 1e-9);
        ck_assert_double_eq_tol(repulsion_interpolated(grid, &p, &out), total, 1e-6);
        interpolation_destroy(grid);
        p.x[49] = 0.0;
    }
}
END_TEST

START_TEST(test_repulsion_far_points) { /* no grid could be fine enough */
    const Points p = new_points(50), forces = new_points(50);
    Points out = forces;
    for (size_t i = 0; i < 50; i++) {
        p.x[i] = 1e7 * normal();
        p.y[i] = 1e7 * normal();
    }
    Interpolation *grid = interpolation_create(50);
    ck_assert_double_gt(repulsion_interpolated(grid, &p, &out), 0.0);
    for (size_t i = 0; i < 50; i++) ck_assert(fabs(forces.x[i]) < 1.0 && fabs(forces.y[i]) < 1.0);
    interpolation_destroy(grid);
}
END_TEST

/* ---- t-SNE ---- */

static EmbeddingQuality quality_of(const Rows *rows, NeighboursMetric metric, const double *plane) {
    Neighbours near;
    EmbeddingQuality quality;
    ck_assert_int_eq(embedding_neighbours(plane, rows->n, 12, NULL, arena, &near, &error), 0);
    ck_assert_int_eq(embedding_quality(rows, metric, &near, 1, NULL, &quality, &error), 0);
    return quality;
}

START_TEST(test_affinities) {
    const Rows rows = {500, LENGTH, train.f4, NULL};
    Neighbours near;
    Affinities a;
    ck_assert_int_eq(neighbours_find(&rows, &rows, 90, NEIGHBOURS_EUCLIDEAN, NULL, arena, &near, &error), 0);
    tsne_affinities(&near, 30.0, arena, &a);
    double sum = 0.0, *dense = arena_alloc_zero(arena, 500 * 500, sizeof *dense);
    for (size_t i = 0; i < 500; i++)
        for (size_t e = a.starts[i]; e < a.starts[i + 1]; e++) {
            ck_assert(e == a.starts[i] || a.columns[e - 1] < a.columns[e]);
            dense[i * 500 + a.columns[e]] = a.p[e];
            sum += a.p[e];
        }
    ck_assert_double_eq_tol(sum, 1.0, 1e-12);
    for (size_t i = 0; i < 500; i++)
        for (size_t j = 0; j < 500; j++) ck_assert(dense[i * 500 + j] == dense[j * 500 + i]);
    Field f = {new_points(500), new_points(500), 0.0};
    double plane[1000];
    for (size_t i = 0; i < 500; i++) {
        plane[2 * i] = f.points.x[i] = 10.0 * rows_at(&rows, i, 0);
        plane[2 * i + 1] = f.points.y[i] = 10.0 * rows_at(&rows, i, 1);
    }
    twin_repulsion(&f);
    /* scikit-learn's perplexities are good to 1e-5, and its products of P are binary32 */
    ck_assert_double_eq_tol(tsne_kl(&a, plane, f.total), 3.2223424911499023, 2e-4);
    ck_assert_double_eq_tol(quality_of(&rows, NEIGHBOURS_EUCLIDEAN, plane).trustworthiness, 0.6228788508134302, 1e-12);
    ck_assert_double_eq_tol(quality_of(&rows, NEIGHBOURS_COSINE, plane).trustworthiness, 0.627226375908619, 1e-6);
    EmbeddingQuality quality;
    ck_assert_int_eq(embedding_neighbours(plane, 500, 250, NULL, arena, &near, &error), 0);
    ck_assert_int_eq(embedding_quality(&rows, NEIGHBOURS_COSINE, &near, 1, NULL, &quality, &error), -1);
    check_error_names("neighbourhoods of 250 among 500 rows", "1 to 249");
}
END_TEST

static double fit(const Rows *rows, TsneRepulsion repulsion, size_t iterations, double *embedding) {
    TsneOptions options = tsne_defaults();
    double kl;
    options.repulsion = repulsion;
    options.early_iterations = iterations / 3;
    options.iterations = iterations - iterations / 3;
    ck_assert_msg(tsne_fit(rows, &options, embedding, &kl, &error) == 0, "%s", error.text);
    return kl;
}

/* The three kinds of repulsion part slowly, then end equally well; neighbourhoods are kept. */
START_TEST(test_tsne_kinds) {
    const Rows rows = {1000, LENGTH, train.f4, NULL};
    double *a = arena_alloc(arena, 2000, sizeof *a), *b = arena_alloc(arena, 2000, sizeof *b), kl[3];
    for (int i = 0; i < 3; i++) {
        double difference = 0.0;
        fit(&rows, (TsneRepulsion)(TSNE_EXACT + i), 20, i ? b : a);
        for (int j = 0; i && j < 2000; j++) difference += pow(b[j] - a[j], 2);
        ck_assert_double_le(sqrt(difference), 0.02 * sqrt(vector64_dot(2000, a, a)));
    }
    for (int i = 0; i < 3; i++) {
        kl[i] = fit(&rows, (TsneRepulsion)(TSNE_EXACT + i), 750, a);
        const EmbeddingQuality quality = quality_of(&rows, NEIGHBOURS_EUCLIDEAN, a);
        ck_assert_double_gt(quality.trustworthiness, 0.9);
        ck_assert_double_gt(quality.preservation, 0.3);
        ck_assert_double_eq_tol(kl[i], kl[0], 0.06);
    }
}
END_TEST

START_TEST(test_tsne_refusals) {
    TsneOptions options = tsne_defaults();
    double embedding[182], kl;
    const Rows few = {90, LENGTH, train.f4, NULL}, enough = {91, LENGTH, train.f4, NULL};
    ck_assert_int_eq(tsne_fit(&few, &options, embedding, &kl, &error), -1);
    check_error_names("perplexity 30", "90");
    ck_assert_int_eq(tsne_fit(&enough, &options, embedding, &kl, &error), 0);
    options.perplexity = NAN;
    ck_assert_int_eq(tsne_fit(&enough, &options, embedding, &kl, &error), -1);
    const double same[200] = {0};
    options.perplexity = 5.0;
    ck_assert_int_eq(
        tsne_fit(&(Rows){100, 2, NULL, same}, &options, arena_alloc(arena, 200, sizeof(double)), &kl, &error), 0);
    ck_assert(isfinite(kl));
}
END_TEST

/* Four points on a line and one far away, by hand. */
START_TEST(test_silhouette) {
    const double line[] = {0.0, 0.0, 1.0, 0.0, 5.0, 0.0, 7.0, 0.0, 0.0, 100.0};
    const uint16_t of[] = {0, 0, 1, 1, 2}, one[] = {3, 3, 3, 3, 3};
    const double pairs = (1.0 - 1.0 / 6.0) + (1.0 - 1.0 / 5.0) + (1.0 - 2.0 / 4.5) + (1.0 - 2.0 / 6.5);
    ck_assert_double_eq_tol(embedding_silhouette(line, 5, of, 3, 1), pairs / 5.0, 1e-15);
    ck_assert_double_eq_tol(embedding_silhouette(line, 5, of, 3, 4), (1.0 - 1.0 / 6.0) / 2.0, 1e-15);
    ck_assert(embedding_silhouette(line, 5, one, 4, 1) == 0.0);
}
END_TEST

static int asked;

static int stop_now(void *context) {
    (void)context;
    return ++asked > 3;
}

static void count_iterations(void *context, size_t iterations, double kl) {
    (void)kl;
    *(size_t *)context = iterations;
}

/* Each of the long parts ends soon once its watch says so, and calls it no error. */
START_TEST(test_stopping) {
    enum { N = 3500 };
    const Rows rows = {N, LENGTH, train.f4, NULL};
    const NeighboursWatch watch = {NULL, stop_now, NULL};
    size_t iterations = 0;
    const TsneWatch descent = {count_iterations, stop_now, &iterations};
    TsneOptions options = tsne_defaults();
    double *plane = arena_alloc(arena, 2 * N, sizeof *plane), kl;
    Neighbours near;
    EmbeddingQuality quality;
    set_threads(1);
    asked = 0;
    ck_assert_int_eq(neighbours_find(&rows, &rows, 90, NEIGHBOURS_EUCLIDEAN, &watch, arena, &near, &error), -1);
    ck_assert_int_eq(neighbours_find(&rows, &rows, 90, NEIGHBOURS_EUCLIDEAN, NULL, arena, &near, &error), 0);
    asked = 0;
    options.watch = &descent;
    ck_assert_int_eq(tsne_embed(&rows, &near, &options, plane, &kl), -1);
    ck_assert_uint_eq(iterations, 3);
    asked = 0;
    ck_assert_int_eq(embedding_quality(&rows, NEIGHBOURS_EUCLIDEAN, &near, 1, &watch, &quality, &error), -1);
    asked = 0;
    options.watch = NULL;
    options.search_watch = &watch;
    ck_assert_int_eq(tsne_fit(&rows, &options, plane, &kl, &error), -1);
    ck_assert_str_eq(error.text, "");
}
END_TEST

/* ---- threads ---- */

START_TEST(test_threads) {
    static const int threads[] = {1, 2, 3, 7};
    enum { N = 3500 };
    const Rows rows = {N, LENGTH, train.f4, NULL};
    const LinearProbeOptions options = linear_probe_as_sklearn();
    double *first[4] = {NULL};
    for (int t = 0; t < 4; t++) {
        double *values[4];
        LinearProbe probe;
        Neighbours near;
        set_threads(threads[t]);
        for (int i = 0; i < 3; i++) {
            values[i] = arena_alloc(arena, 2 * N, sizeof(double));
            fit(&rows, (TsneRepulsion)(TSNE_EXACT + i), i ? 60 : 6, values[i]);
        }
        ck_assert_int_eq(linear_probe_fit(&train, labels, CLASSES, &options, arena, &probe, &error), 0);
        values[3] = probe.weights;
        ck_assert_int_eq(neighbours_find(&rows, &rows, 2, NEIGHBOURS_COSINE, NULL, arena, &near, &error), 0);
        if (t == 0) memcpy(first, values, sizeof values);
        for (int i = 0; i < 4; i++)
            ck_assert_mem_eq(values[i], first[i], (i < 3 ? 2 * N : CLASSES * (LENGTH + 1)) * sizeof(double));
    }
}
END_TEST

int main(void) {
    Suite *suite = suite_create("analysis");
    TCase *tests = tcase_create("analysis");
    tcase_add_checked_fixture(tests, begin, sandbox_end);
    tcase_add_test(tests, test_sums);
    tcase_add_test(tests, test_lbfgs_optima);
    tcase_add_test(tests, test_lbfgs_wolfe);
    tcase_add_test(tests, test_probe_sklearn);
    tcase_add_test(tests, test_probe_edges);
    tcase_add_test(tests, test_neighbours_twin);
    tcase_add_test(tests, test_neighbours_hard);
    tcase_add_test(tests, test_neighbours_classify);
    tcase_add_test(tests, test_fft_twin);
    tcase_add_test(tests, test_fft_precision);
    tcase_add_test(tests, test_principal_known);
    tcase_add_test(tests, test_eigen);
    tcase_add_test(tests, test_patch_whitening);
    tcase_add_test(tests, test_repulsion_twin);
    tcase_add_test(tests, test_repulsion_interpolation_order);
    tcase_add_test(tests, test_repulsion_equal_points);
    tcase_add_test(tests, test_repulsion_far_points);
    tcase_add_test(tests, test_affinities);
    tcase_add_test(tests, test_tsne_kinds);
    tcase_add_test(tests, test_tsne_refusals);
    tcase_add_test(tests, test_silhouette);
    tcase_add_test(tests, test_stopping);
    tcase_add_test(tests, test_threads);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
