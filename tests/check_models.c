/* Models: PyTorch's initialisation bit for bit, sizes, logits that do not depend on the batch, errors. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/npy.h"
#include "nn/cnn.h"
#include "nn/fit.h"
#include "nn/gru.h"
#include "nn/logistic.h"
#include "nn/mask.h"
#include "nn/mlp.h"
#include "nn/models.h"
#include "suite.h"

static const struct {
    const char *name, *init;
    size_t n_parameters;
} models[] = {{"logistic", "tests/oracle/classification_logistic_init.npy", 410},
              {"mlp", "tests/oracle/classification_mlp_init.npy", 15210},
              {"cnn", "tests/oracle/classification_cnn_init.npy", 5210},
              {"gru", "tests/oracle/classification_gru_init.npy", 5134},
              {"pooling-none", "tests/oracle/pooling_none_init.npy", 9310},
              {"pooling-stride", "tests/oracle/pooling_max_init.npy", 3310}, /* the shapes and draws are the same */
              {"pooling-max", "tests/oracle/pooling_max_init.npy", 3310},
              {"pooling-average", "tests/oracle/pooling_max_init.npy", 3310},
              {"pooling-l2", "tests/oracle/pooling_max_init.npy", 3310}};
enum { N_MODELS = sizeof models / sizeof *models, INPUTS = 40, CLASSES = 10 };

static real *initialized(const char *name, Model *model, Arena *arena) {
    Mt19937 mt;
    Error error;
    const ModelKind *kind = model_kind(name, &error);
    ck_assert_msg(kind != NULL, "%s", error.text);
    *model = model_published(kind, INPUTS, CLASSES);
    real *weights = arena_alloc(arena, model->n_parameters, sizeof *weights);
    mt19937_seed(&mt, 42);
    model_initialize(model, &mt, weights);
    return weights;
}

static Learner *learner_with(const Model *model, real *weights, Arena *arena) {
    Learner *learner = learner_create(model_network(model, arena), arena);
    learner->weights = weights;
    return learner;
}

START_TEST(initial_parameters_equal_pytorch) {
    Arena *arena = arena_create(0);
    Model model;
    Error error;
    NpyArray oracle;
    const float *weights = initialized(models[_i].name, &model, arena);
    ck_assert_msg(npy_read(models[_i].init, arena, &oracle, &error) == 0, "%s", error.text);
    ck_assert_int_eq(oracle.type, NPY_F4);
    ck_assert_uint_eq(model.n_parameters, models[_i].n_parameters);
    ck_assert_uint_eq(npy_count(&oracle), models[_i].n_parameters);
    for (size_t i = 0; i < model.n_parameters; i++)
        ck_assert_msg(memcmp(weights + i, (const float *)oracle.data + i, sizeof(float)) == 0,
                      "%s parameter %zu: %.9g, PyTorch %.9g", model.name, i, (double)weights[i],
                      (double)((const float *)oracle.data)[i]);
    arena_destroy(arena);
}
END_TEST

START_TEST(tensors_tile_the_flat_vector) {
    Arena *arena = arena_create(0);
    Model model;
    size_t end = 0;
    initialized(models[_i].name, &model, arena);
    for (size_t i = 0; i < model.n_tensors; i++) {
        ck_assert_uint_eq(model.tensors[i].offset, end);
        end += shape_count(model.tensors[i].shape);
    }
    ck_assert_uint_eq(end, model.n_parameters);
    arena_destroy(arena);
}
END_TEST

static float signal_value(size_t example, size_t i) {
    return (float)((example * 7919 + i * 104729 + example * i * 31) % 2003) / 500.0f - 2.0f;
}

/* Logits of examples first..first+batch-1, each column of the answer to out [CLASSES][100] at its example. */
static void logits_of(Learner *learner, size_t first, size_t batch, float *out) {
    float x[INPUTS * 100] = {0};
    for (size_t i = 0; i < INPUTS; i++)
        for (size_t n = 0; n < batch; n++) x[i * batch + n] = signal_value(first + n, i);
    const float *logits = learner_outputs(learner, batch, x);
    for (size_t c = 0; c < CLASSES; c++)
        for (size_t n = 0; n < batch; n++) out[c * 100 + first + n] = logits[c * batch + n];
}

START_TEST(logits_do_not_depend_on_the_batch) {
    static const size_t batches[] = {1, 7, 16, 33};
    static float whole[CLASSES * 100], parts[CLASSES * 100];
    Arena *arena = arena_create(0);
    Model model;
    real *weights = initialized(models[_i].name, &model, arena);
    Learner *learner = learner_with(&model, weights, arena);
    logits_of(learner, 0, 100, whole);
    ck_assert(memcmp(whole, whole + 1, 64) != 0); /* not all the same */
    for (size_t b = 0; b < sizeof batches / sizeof *batches; b++) {
        memset(parts, 0, sizeof parts);
        for (size_t first = 0; first < 100; first += batches[b])
            logits_of(learner, first, first + batches[b] > 100 ? 100 - first : batches[b], parts);
        ck_assert_msg(memcmp(whole, parts, sizeof whole) == 0, "%s: batches of %zu give other logits", model.name,
                      batches[b]);
    }
    learner_destroy(learner);
    arena_destroy(arena);
}
END_TEST

/* learner_evaluate against a count and a sum over single examples: 300 examples are three blocks, one of them short. */
START_TEST(evaluation_counts_every_example_once) {
    enum { N = 300 };
    static float rows[N * INPUTS];
    static uint8_t labels[N];
    Arena *arena = arena_create(0);
    Model model;
    real *weights = initialized(models[_i].name, &model, arena);
    Learner *learner = learner_with(&model, weights, arena);
    size_t right = 0;
    double loss = 0;
    for (size_t n = 0; n < N; n++) {
        float column[INPUTS];
        for (size_t i = 0; i < INPUTS; i++) rows[n * INPUTS + i] = column[i] = signal_value(n, i);
        const float *logits = learner_outputs(learner, 1, column);
        size_t best = 0;
        double sum = 0;
        for (size_t c = 0; c < CLASSES; c++) {
            sum += exp((double)logits[c]);
            if (logits[c] > logits[best]) best = c;
        }
        labels[n] = (uint8_t)(n % 3 ? best : (best + 1 + n % 9) % CLASSES);
        right += labels[n] == best;
        loss += log(sum) - (double)logits[labels[n]];
    }
    const LabelledSet set = set_of_rows(N, INPUTS, CLASSES, rows, labels, NULL, arena);
    const Evaluation evaluation = learner_evaluate(learner, &set);
    ck_assert_double_eq(evaluation.accuracy, (double)right / N);
    ck_assert_uint_eq(right, 200);
    ck_assert_double_eq_tol(evaluation.loss, loss / N, 1e-13); /* 300 additions and functions of binary64 */
    learner_destroy(learner);
    arena_destroy(arena);
}
END_TEST

START_TEST(unknown_model_lists_the_known_ones) {
    Error error;
    ck_assert_ptr_null(model_kind("transformer", &error));
    ck_assert_ptr_nonnull(strstr(error.text, "transformer"));
    for (size_t i = 0; i < N_MODELS; i++) ck_assert_ptr_nonnull(strstr(error.text, models[i].name));
}
END_TEST

START_TEST(minibatches_keep_order_and_permute_features) {
    static const size_t columns[3] = {2, 0, 1};
    static const float rows[5 * 3] = {0, 1, 2, 10, 11, 12, 20, 21, 22, 30, 31, 32, 40, 41, 42};
    static const real expected[3][2 * 3] = {{2, 12, 0, 10, 1, 11}, {22, 32, 20, 30, 21, 31}, {42, 40, 41}};
    static const uint8_t labels[5] = {3, 1, 4, 1, 5};
    Arena *arena = arena_create(0);
    const LabelledSet set = set_of_rows(5, 3, 6, rows, labels, columns, arena);
    const Minibatches minibatches = minibatches_of(&set, 2, arena);
    ck_assert_uint_eq(minibatches.count, 3);
    for (size_t b = 0; b < 3; b++) {
        const Minibatch *minibatch = &minibatches.all[b];
        ck_assert_uint_eq(minibatch->n, b < 2 ? 2 : 1);
        ck_assert_mem_eq(minibatch->x, expected[b], minibatch->n * 3 * sizeof(real));
        for (size_t j = 0; j < minibatch->n; j++) ck_assert_uint_eq(minibatch->y[j], labels[2 * b + j]);
    }
    ck_assert_uint_eq(minibatches_of(&set, 5, arena).count, 1);
    arena_destroy(arena);
}
END_TEST

START_TEST(percentages_are_those_of_the_counts) {
    ck_assert(percent_correct((Evaluation){.n = 1000, .correct = 638}) == 63.8);
    ck_assert(percent_correct((Evaluation){.n = 3, .correct = 3}) == 100);
}
END_TEST

/* A unit of an active MLP is its relu under the mask of the layer and of the pass, scaled; nothing is dropped otherwise. */
START_TEST(dropout_is_that_of_layer_and_pass) {
    enum { HIDDEN = 3, BATCH = 50 };
    Arena *arena = arena_create(0);
    MlpDropout dropout = {.rate = 0.4, .noise = {.seed = 7}};
    const Model model = model_deep_mlp(2, 2, HIDDEN, 1, &dropout);
    real *w = arena_alloc(arena, model.n_parameters, sizeof *w), x[2 * BATCH];
    for (size_t i = 0; i < model.n_parameters; i++) w[i] = (real)((double)(i * 7 % 11) / 8 - 0.5);
    for (size_t i = 0; i < 2 * BATCH; i++) x[i] = (real)((double)(i * 5 % 13) / 4 - 1.5);
    Learner *learner = learner_with(&model, w, arena);
    for (uint32_t pass = 0; pass < 3; pass++) {
        dropout.active = pass != 1;
        const real *logits = learner_outputs(learner, BATCH, x);
        DropoutNoise noise = {.seed = 7, .step = pass / 2};
        for (size_t b = 0; b < BATCH; b++) {
            double h[HIDDEN] = {(double)x[b], (double)x[BATCH + b]}, sum = 0;
            for (size_t l = 0, inputs = 2; l < 2; l++, inputs = HIDDEN) {
                const real *weight = w + model.tensors[2 * l].offset, *bias = w + model.tensors[2 * l + 1].offset;
                uint8_t keep[HIDDEN * BATCH];
                double next[HIDDEN];
                noise.layer = (uint32_t)l;
                dropout_mask(&noise, 0.4, HIDDEN, BATCH, keep);
                for (size_t u = 0; u < HIDDEN; u++) {
                    next[u] = (double)bias[u];
                    for (size_t i = 0; i < inputs; i++) next[u] += (double)weight[u * inputs + i] * h[i];
                    next[u] = next[u] > 0 ? next[u] : 0;
                    if (pass != 1) next[u] = keep[u * BATCH + b] ? next[u] / 0.6 : 0;
                }
                memcpy(h, next, sizeof h);
            }
            for (size_t u = 0; u < HIDDEN; u++) sum += (double)w[model.tensors[4].offset + u] * h[u];
            ck_assert_double_eq_tol((double)logits[b], sum + (double)w[model.tensors[5].offset], 1e-5);
        }
    }
    learner_destroy(learner);
    arena_destroy(arena);
}
END_TEST

/* Most of a model without a sparse form is pruned. */
START_TEST(models_without_a_sparse_form_stay_whole) {
    Arena *arena = arena_create(0);
    static const MaskedForm forms[] = {MASKED_AUTO, MASKED_SPARSE};
    const Model residual = model_residual_mlp(INPUTS, 20, CLASSES), plain = model_mlp(INPUTS, 20, CLASSES);
    uint8_t *keep = arena_alloc_zero(arena, plain.n_parameters, 1);
    real *weights = arena_alloc_zero(arena, plain.n_parameters, sizeof *weights);
    for (size_t i = 0; i < plain.n_parameters; i += 10) keep[i] = 1;
    for (size_t i = 0; i < 2; i++) {
        const Masked masked = masked_create(&plain, keep, weights, forms[i], arena);
        ck_assert(masked.model.forward == plain.forward && !masked.patterns);
        ck_assert_ptr_nonnull(masked_create(&residual, keep, weights, forms[i], arena).patterns);
    }
    arena_destroy(arena);
}
END_TEST

/* ---- of images ---- */

/* Counted by hand: 784 (10) + 10; 784 (100) + 100, 100 (100) + 100, 100 (10) + 10; 25 (25) + 25, twice 25 (225) + 25, then
 * 4 x 4 positions of 25 channels; two directions of 18 (28 + 6) + 36, then 28 (12) states. */
START_TEST(parameters_of_image_models) {
    ck_assert_uint_eq(model_logistic(784, CLASSES).n_parameters, 7850);
    ck_assert_uint_eq(model_residual_mlp(784, 100, CLASSES).n_parameters, 89610);
    ck_assert_uint_eq(model_image_cnn(28, 28, 25, CLASSES).n_parameters, 15960);
    ck_assert_uint_eq(model_row_gru(28, 28, 6, CLASSES).n_parameters, 4666);
}
END_TEST

enum { FEW = 5 };

/* Logits [CLASSES][FEW] of examples of which element i is value(example, i). */
static void logits_with(Model model, real *weights, float (*value)(size_t example, size_t i), Arena *arena, real *out) {
    real *x = arena_alloc(arena, model.inputs * FEW, sizeof *x);
    Learner *learner = learner_with(&model, weights, arena);
    for (size_t i = 0; i < model.inputs; i++)
        for (size_t n = 0; n < FEW; n++) x[i * FEW + n] = value(n, i);
    memcpy(out, learner_outputs(learner, FEW, x), CLASSES * FEW * sizeof *out);
    learner_destroy(learner);
}

/* Rows of one pixel are a signal. */
START_TEST(gru_of_one_column_is_that_of_signals) {
    Arena *arena = arena_create(0);
    Model model;
    real signal[CLASSES * FEW], image[CLASSES * FEW];
    real *weights = initialized("gru", &model, arena);
    logits_with(model, weights, signal_value, arena, signal);
    logits_with(model_row_gru(INPUTS, 1, 6, CLASSES), weights, signal_value, arena, image);
    ck_assert_mem_eq(signal, image, sizeof signal);
    arena_destroy(arena);
}
END_TEST

/* Three rows: the signal is the middle one. */
static float middle_row(size_t example, size_t i) {
    return i / INPUTS == 1 ? signal_value(example, i % INPUTS) : (float)(i % 3);
}

/* Windows with weights in one row alone: that which lies on the middle row of the image, and then on the only row there is. */
START_TEST(cnn_of_one_row_is_that_of_signals) {
    Arena *arena = arena_create(0);
    Model model;
    real signal[CLASSES * FEW], image[CLASSES * FEW];
    real *weights = initialized("cnn", &model, arena);
    const Model square = model_image_cnn(3, INPUTS, 25, CLASSES);
    real *in_one_row = arena_alloc_zero(arena, square.n_parameters, sizeof *in_one_row);
    for (size_t t = 0; t < model.n_tensors; t++) {
        const Shape shape = model.tensors[t].shape;
        const size_t taps = shape.rank == 3 ? shape.dim[2] : 0, row = taps == 5 ? 2 : 1;
        for (size_t i = 0; i < shape_count(shape); i++) {
            const size_t at = taps ? (i / taps * taps + row) * taps + i % taps : i;
            in_one_row[square.tensors[t].offset + at] = weights[model.tensors[t].offset + i];
        }
    }
    logits_with(model, weights, signal_value, arena, signal);
    logits_with(square, in_one_row, middle_row, arena, image);
    ck_assert_mem_eq(signal, image, sizeof signal);
    arena_destroy(arena);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("models");
    TCase *tests = tcase_create("models");
    tcase_add_loop_test(tests, initial_parameters_equal_pytorch, 0, N_MODELS);
    tcase_add_loop_test(tests, tensors_tile_the_flat_vector, 0, N_MODELS);
    tcase_add_loop_test(tests, logits_do_not_depend_on_the_batch, 0, N_MODELS);
    tcase_add_loop_test(tests, evaluation_counts_every_example_once, 0, N_MODELS);
    tcase_add_test(tests, percentages_are_those_of_the_counts);
    tcase_add_test(tests, dropout_is_that_of_layer_and_pass);
    tcase_add_test(tests, models_without_a_sparse_form_stay_whole);
    tcase_add_test(tests, parameters_of_image_models);
    tcase_add_test(tests, gru_of_one_column_is_that_of_signals);
    tcase_add_test(tests, cnn_of_one_row_is_that_of_signals);
    tcase_add_test(tests, unknown_model_lists_the_known_ones);
    tcase_add_test(tests, minibatches_keep_order_and_permute_features);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
