#include "nn/pairs.h"

Pairs pairs_of(size_t n, size_t length, const float *rows, ViewOptions options, size_t batch, double temperature,
               Mt19937 *numpy, Mt19937 *torch, Arena *arena) {
    uint16_t *numbers = arena_alloc(arena, batch, sizeof *numbers);
    for (size_t i = 0; i < batch; i++) numbers[i] = (uint16_t)i;
    return (Pairs){.views = views_of(n, length, rows, options, batch, arena),
                   .n = n,
                   .batch = batch,
                   .temperature = (real)temperature,
                   .numpy = numpy,
                   .torch = torch,
                   .order = arena_alloc(arena, n, sizeof(size_t)),
                   .x = arena_alloc(arena, length * 2 * batch, sizeof(real)),
                   .numbers = numbers};
}

size_t pairs_shuffle(Pairs *pairs) {
    numpy_permutation(pairs->numpy, pairs->n, pairs->order);
    return pairs->n / pairs->batch;
}

static Var pairs_loss(Tape *tape, const Model *model, const Var *tensors, const void *context) {
    const Pairs *pairs = context;
    const Var x = tape_input(tape, shape_matrix(model->inputs, 2 * pairs->batch), pairs->x);
    const Var z = unit_columns(tape, model->forward(tape, model, tensors, x));
    return contrastive_loss(tape, z, pairs->temperature, pairs->numbers);
}

double trainer_step_on_pairs(Trainer *trainer, Pairs *pairs, size_t b) {
    for (size_t view = 0; view < 2; view++)
        views_draw(&pairs->views, pairs->batch, pairs->order + b * pairs->batch, pairs->numpy, pairs->torch,
                   2 * pairs->batch, pairs->x + view * pairs->batch);
    return trainer_step_of(trainer, pairs_loss, pairs);
}
