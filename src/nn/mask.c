#include "nn/mask.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "grad/elementwise.h"
#include "grad/sparse.h"
#include "kernels/elementwise.h"
#include "nn/layers.h"
#include "nn/mlp.h"

/* ---- masks ---- */

void mask_fill(const Model *model, uint8_t *keep) {
    memset(keep, 1, model->n_parameters);
}

typedef struct Scored {
    real score;
    uint32_t index;
} Scored;

/* Of a network that diverged scores may be no numbers: they come first. */
static int by_score(const void *a, const void *b) {
    const Scored *p = a, *q = b;
    const int p_lost = isnan(p->score), q_lost = isnan(q->score);
    if (p_lost != q_lost) return p_lost ? -1 : 1;
    if (!p_lost && p->score != q->score) return p->score < q->score ? -1 : 1;
    return p->index < q->index ? -1 : p->index > q->index;
}

void mask_prune(const Model *model, double fraction, const real *scores, uint8_t *keep) {
    mask_fill(model, keep);
    for (size_t l = 0; 2 * l < model->n_tensors; l++) {
        /* A layer is the tensors 2 l and 2 l + 1. */
        const size_t start = model->tensors[2 * l].offset;
        const size_t end = 2 * l + 2 < model->n_tensors ? model->tensors[2 * l + 2].offset : model->n_parameters;
        const size_t n = end - start;
        Scored *sorted = memory_alloc(n, sizeof *sorted);
        for (size_t i = 0; i < n; i++) sorted[i] = (Scored){scores[start + i], (uint32_t)i};
        qsort(sorted, n, sizeof *sorted, by_score);
        for (size_t i = 0; i < (size_t)(fraction * (double)n); i++) keep[start + sorted[i].index] = 0;
        memory_free(sorted);
    }
}

void magnitude_scores(const Model *model, const real *weights, real *scores) {
    for (size_t i = 0; i < model->n_parameters; i++) scores[i] = weights[i] < 0 ? -weights[i] : weights[i];
}

void random_scores(const Model *model, Mt19937 *mt, real *scores) {
    for (size_t i = 0; i < model->n_parameters; i++) scores[i] = (real)torch_rand(mt);
}

/* ---- what a mask leaves ---- */

/* A linear layer of the weights that are present. */
static Var sparse_linear(Pass *p, const char *name, const SparsePattern *pattern, Activation activation, Var x) {
    const Initial none = {INITIAL_CONSTANT, 0};
    Var values = pass_tensor(p, name, "weight", shape_vector(pattern->count), none, 0, 0);
    Var bias = pass_tensor(p, name, "bias", shape_vector(pattern->out), none, 0, 0);
    return op_sparse_linear(p->tape, values, bias, x, pattern, activation);
}

static Var sparse_mlp(Pass *p, const void *settings, Var x) {
    const SparsePattern *patterns = ((const NetworkSize *)settings)->details;
    x = sparse_linear(p, "linear1", &patterns[0], ACTIVATION_RELU, x);
    x = op_add(p->tape, x, sparse_linear(p, "linear2", &patterns[1], ACTIVATION_RELU, x));
    return sparse_linear(p, "linear3", &patterns[2], ACTIVATION_NONE, x);
}

static Var sparse_leaky_mlp(Pass *p, const void *settings, Var x) {
    const SparsePattern *patterns = ((const NetworkSize *)settings)->details;
    x = leaky_relu(p, MLP_LEAKY_SLOPE, sparse_linear(p, "linear1", &patterns[0], ACTIVATION_NONE, x));
    x = op_add(p->tape, x,
               leaky_relu(p, MLP_LEAKY_SLOPE, sparse_linear(p, "linear2", &patterns[1], ACTIVATION_NONE, x)));
    return sparse_linear(p, "linear3", &patterns[2], ACTIVATION_NONE, x);
}

/* The sparse form: its tensors are the present weights and the whole bias of each layer, so that only biases have zeros
 * in its mask. */
static Masked make_sparse(const Model *whole, const uint8_t *keep, Arena *arena) {
    SparsePattern *patterns = arena_alloc(arena, whole->n_tensors / 2, sizeof *patterns);
    for (size_t i = 0; i < whole->n_tensors; i += 2) {
        const ParameterTensor *weight = &whole->tensors[i];
        patterns[i / 2] = sparse_pattern(weight->shape.dim[0], weight->shape.dim[1], keep + weight->offset, arena);
    }
    NetworkSize size = whole->size;
    size.details = patterns;
    Masked masked = {.model = model_of(whole->name, model_is_residual_mlp(whole) ? sparse_mlp : sparse_leaky_mlp, size,
                                       whole->input),
                     .patterns = patterns,
                     .whole = whole};
    const Model *model = &masked.model;
    uint8_t *left = arena_alloc(arena, model->n_parameters, 1);
    memset(left, 1, model->n_parameters);
    for (size_t i = 1; i < whole->n_tensors; i += 2)
        memcpy(left + model->tensors[i].offset, keep + whole->tensors[i].offset, shape_count(whole->tensors[i].shape));
    masked.keep = left;
    return masked;
}

enum { SPARSE_PERCENT = 38 }; /* about where the sparse products break even with the dense ones */

/* True when the density of the weights is low, and every layer has some: a tensor cannot be empty. */
static int worth_sparse(const Model *whole, const uint8_t *keep) {
    size_t left = 0;
    for (size_t l = 0; 2 * l < whole->n_tensors; l++) {
        const ParameterTensor *weight = &whole->tensors[2 * l];
        size_t in_layer = 0;
        for (size_t i = 0; i < shape_count(weight->shape); i++) in_layer += keep[weight->offset + i];
        if (!in_layer) return 0;
        left += in_layer;
    }
    return left * 100 <= whole->n_parameters * SPARSE_PERCENT;
}

Masked masked_create(const Model *whole, const uint8_t *keep, const real *weights, MaskedForm form, Arena *arena) {
    const int sparse = form != MASKED_WHOLE && (model_is_residual_mlp(whole) || model_is_leaky_residual_mlp(whole)) &&
                       (form == MASKED_SPARSE || worth_sparse(whole, keep));
    Masked masked;
    if (sparse) {
        masked = make_sparse(whole, keep, arena);
    } else {
        uint8_t *copy = arena_alloc(arena, whole->n_parameters, 1);
        memcpy(copy, keep, whole->n_parameters);
        masked = (Masked){.model = *whole, .keep = copy, .whole = whole};
    }
    masked.weights = arena_alloc(arena, masked.model.n_parameters, sizeof(real));
    for (size_t i = 0; i < whole->n_tensors; i++) {
        const real *from = weights + whole->tensors[i].offset;
        real *to = masked.weights + masked.model.tensors[i].offset;
        if (sparse && i % 2 == 0)
            sparse_gather(&masked.patterns[i / 2], from, to);
        else
            memcpy(to, from, shape_count(whole->tensors[i].shape) * sizeof *to);
    }
    vector_mask(masked.model.n_parameters, masked.keep, masked.weights, masked.weights);
    return masked;
}

void masked_weights(const Masked *masked, real *weights) {
    const Model *model = &masked->model;
    for (size_t i = 0; i < model->n_tensors; i++) {
        const real *from = masked->weights + model->tensors[i].offset;
        real *to = weights + masked->whole->tensors[i].offset;
        if (masked->patterns && i % 2 == 0)
            sparse_scatter(&masked->patterns[i / 2], from, to);
        else
            memcpy(to, from, shape_count(model->tensors[i].shape) * sizeof *to);
    }
}
