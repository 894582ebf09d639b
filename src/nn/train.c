#include "nn/train.h"

#include <string.h>

#include "grad/derivative.h"
#include "grad/loss.h"
#include "kernels/elementwise.h"

enum { EVALUATION_BLOCK = 128 }; /* columns at a time: activations stay in cache */

struct Trainer {
    Model model;
    Optimizer optimizer;
    Tape *tape;
    real *weights;
    const uint8_t *keep;
    real *block; /* [inputs][EVALUATION_BLOCK] */
};

Trainer *trainer_create(const Model *model, real *weights, Optimizer optimizer, Arena *arena) {
    Trainer *trainer = arena_alloc(arena, 1, sizeof *trainer);
    *trainer = (Trainer){.model = *model,
                         .optimizer = optimizer,
                         .tape = tape_create(),
                         .weights = weights,
                         .block = arena_alloc(arena, model->inputs * EVALUATION_BLOCK, sizeof(real))};
    return trainer;
}

void trainer_mask(Trainer *trainer, const uint8_t *keep) {
    trainer->keep = keep;
}

void trainer_destroy(Trainer *trainer) {
    if (trainer) tape_destroy(trainer->tape);
}

/* A fresh tape with the weights as leaves. */
static void begin(Trainer *trainer, Var tensors[MODEL_MAX_TENSORS]) {
    const Model *model = &trainer->model;
    tape_reset(trainer->tape);
    for (size_t i = 0; i < model->n_tensors; i++)
        tensors[i] = tape_input(trainer->tape, model->tensors[i].shape, trainer->weights + model->tensors[i].offset);
}

static Var logits_of(Tape *tape, const Model *model, const Var *tensors, size_t batch, const real *x) {
    return model->forward(tape, model, tensors, tape_input(tape, shape_matrix(model->inputs, batch), x));
}

double trainer_step_of(Trainer *trainer, TrainerLoss *build, const void *context) {
    Var tensors[MODEL_MAX_TENSORS], gradients[MODEL_MAX_TENSORS];
    GradientPart parts[MODEL_MAX_TENSORS];
    begin(trainer, tensors);
    Var loss = build(trainer->tape, &trainer->model, tensors, context);
    tape_gradient(trainer->tape, loss, trainer->model.n_tensors, tensors, gradients);
    for (size_t i = 0; i < trainer->model.n_tensors; i++)
        parts[i] = (GradientPart){trainer->model.tensors[i].name, trainer->model.tensors[i].offset,
                                  shape_count(trainer->model.tensors[i].shape), var_data(gradients[i]), 0};
    optimizer_update(&trainer->optimizer, trainer->model.n_tensors, parts, trainer->weights);
    if (trainer->keep) vector_mask(trainer->model.n_parameters, trainer->keep, trainer->weights);
    return (double)var_scalar(loss);
}

typedef struct Minibatch {
    size_t batch;
    const real *x;
    const uint16_t *y;
} Minibatch;

static Var cross_entropy(Tape *tape, const Model *model, const Var *tensors, const void *context) {
    const Minibatch *minibatch = context;
    return op_softmax_cross_entropy(tape, logits_of(tape, model, tensors, minibatch->batch, minibatch->x),
                                    minibatch->y);
}

double trainer_step(Trainer *trainer, size_t batch, const real *x, const uint16_t *y) {
    return trainer_step_of(trainer, cross_entropy, &(Minibatch){batch, x, y});
}

/* ---- evaluation ---- */

const real *trainer_logits(Trainer *trainer, size_t batch, const real *x) {
    Var tensors[MODEL_MAX_TENSORS];
    begin(trainer, tensors);
    return var_data(logits_of(trainer->tape, &trainer->model, tensors, batch, x));
}

Evaluation trainer_evaluate(Trainer *trainer, const Examples *set) {
    Evaluation sums = {0, 0, 0, 0};
    for (size_t first = 0; first < set->n; first += EVALUATION_BLOCK) {
        const size_t left = set->n - first, batch = left < EVALUATION_BLOCK ? left : EVALUATION_BLOCK;
        for (size_t i = 0; i < set->inputs; i++)
            memcpy(trainer->block + i * batch, set->x + i * set->n + first, batch * sizeof *set->x);
        evaluation_add(&sums, trainer->model.classes, batch, trainer_logits(trainer, batch, trainer->block),
                       set->y + first);
    }
    return evaluation_mean(sums);
}

/* ---- data ---- */

static void examples_transpose(size_t n, size_t inputs, const float *rows, const size_t *columns, real *x) {
    for (size_t i = 0; i < inputs; i++)
        for (size_t j = 0; j < n; j++) x[i * n + j] = rows[j * inputs + (columns ? columns[i] : i)];
}

int batches_make(size_t n, size_t inputs, size_t batch, const float *rows, const uint8_t *labels, const size_t *columns,
                 Arena *arena, Batches *batches, Error *error) {
    if (batch == 0 || n == 0 || n % batch)
        return error_set(error, "batch size %zu does not divide the %zu training examples: choose one that does", batch,
                         n);
    *batches = (Batches){.batch = batch,
                         .count = n / batch,
                         .inputs = inputs,
                         .x = arena_alloc(arena, n * inputs, sizeof(real)),
                         .y = arena_alloc(arena, n, sizeof(uint16_t))};
    for (size_t b = 0; b < batches->count; b++)
        examples_transpose(batch, inputs, rows + b * batch * inputs, columns, batches->x + b * batch * inputs);
    for (size_t i = 0; i < n; i++) batches->y[i] = labels[i];
    return 0;
}

Examples examples_make(size_t n, size_t inputs, const float *rows, const uint8_t *labels, const size_t *columns,
                       Arena *arena) {
    real *x = arena_alloc(arena, n * inputs, sizeof *x);
    uint16_t *y = arena_alloc(arena, n, sizeof *y);
    examples_transpose(n, inputs, rows, columns, x);
    for (size_t i = 0; i < n; i++) y[i] = labels[i];
    return (Examples){inputs, n, x, y};
}

double trainer_step_on(Trainer *trainer, const Batches *batches, size_t step) {
    const size_t b = step % batches->count, first = b * batches->batch;
    return trainer_step(trainer, batches->batch, batches->x + first * batches->inputs, batches->y + first);
}

/* ---- shuffled minibatches ---- */

Loader loader_create(size_t n, size_t inputs, size_t batch, const float *rows, const uint8_t *labels, Mt19937 *stream,
                     Arena *arena) {
    return (Loader){.n = n,
                    .inputs = inputs,
                    .batch = batch,
                    .rows = rows,
                    .labels = labels,
                    .stream = stream,
                    .order = arena_alloc(arena, n, sizeof(size_t)),
                    .gathered = arena_alloc(arena, batch * inputs, sizeof(float)),
                    .x = arena_alloc(arena, batch * inputs, sizeof(real)),
                    .y = arena_alloc(arena, batch, sizeof(uint16_t))};
}

size_t loader_shuffle(Loader *loader) {
    torch_shuffle_epoch(loader->stream, loader->n, loader->order);
    return loader->n / loader->batch + (loader->n % loader->batch > 0);
}

/* Whole rows first, then the transposition within the cache: picking single elements from far rows is slower. */
double trainer_step_from(Trainer *trainer, Loader *loader, size_t b) {
    const size_t *order = loader->order + b * loader->batch, left = loader->n - b * loader->batch;
    const size_t batch = left < loader->batch ? left : loader->batch;
    for (size_t j = 0; j < batch; j++) {
        memcpy(loader->gathered + j * loader->inputs, loader->rows + order[j] * loader->inputs,
               loader->inputs * sizeof *loader->rows);
        loader->y[j] = loader->labels[order[j]];
    }
    examples_transpose(batch, loader->inputs, loader->gathered, NULL, loader->x);
    return trainer_step(trainer, batch, loader->x, loader->y);
}
