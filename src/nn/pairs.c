#include "nn/pairs.h"

#include <string.h>

static const PairLossKind losses[] = {{"info-nce", info_nce_loss, 0, 0},
                                      {"nt-xent", nt_xent_loss, 0, 0},
                                      {"triplet", triplet_loss, 0, 0},
                                      {"alignment", alignment_loss, 0, 0},
                                      {"alignment-uniformity", alignment_uniformity_loss, 0, 0},
                                      {"barlow-twins", barlow_twins_loss, 0, 0},
                                      {"vicreg", vicreg_loss, 0, 0},
                                      {"simsiam", simsiam_loss, 2, 0},
                                      {"supervised", supervised_loss, 1, 1}};

const PairLossKind *pair_loss_named(const char *name) {
    for (size_t i = 0; i < sizeof losses / sizeof *losses; i++)
        if (!strcmp(losses[i].name, name)) return &losses[i];
    return NULL;
}

Pairs pairs_of(size_t n, size_t length, const float *rows, ViewOptions options, size_t batch, Mt19937 *numpy,
               Mt19937 *torch, Arena *arena) {
    uint16_t *numbers = arena_alloc(arena, 2 * batch, sizeof *numbers);
    uint16_t *partners = arena_alloc(arena, 2 * batch, sizeof *partners);
    for (size_t i = 0; i < 2 * batch; i++) numbers[i] = (uint16_t)i;
    for (size_t i = 0; i < 2 * batch; i++) partners[i] = (uint16_t)((i + batch) % (2 * batch));
    return (Pairs){.views = views_of(n, length, rows, options, batch, arena),
                   .n = n,
                   .batch = batch,
                   .loss = info_nce_loss,
                   .settings = {.temperature = REAL(0.5)},
                   .numpy = numpy,
                   .torch = torch,
                   .order = arena_alloc(arena, n, sizeof(size_t)),
                   .x = arena_alloc(arena, length * 2 * batch, sizeof(real)),
                   .numbers = numbers,
                   .partners = partners,
                   .labels_of_views = arena_alloc(arena, 2 * batch, sizeof(uint16_t))};
}

size_t pairs_shuffle(Pairs *pairs) {
    numpy_permutation(pairs->numpy, pairs->n, pairs->order);
    return pairs->n / pairs->batch;
}

static Var pairs_loss(Tape *tape, const Model *model, const Var *tensors, const void *context) {
    const Pairs *pairs = context;
    const Var x = tape_input(tape, shape_matrix(model->inputs, 2 * pairs->batch), pairs->x);
    PairOutputs outputs = {.numbers = pairs->numbers, .partners = pairs->partners};
    outputs.z = encoder_activations(tape, model, tensors, x, encoder_layers(model) - 1);
    if (model->size.details) outputs.tail = encoder_tail(tape, model, tensors, outputs.z);
    if (pairs->labels) outputs.labels = pairs->labels_of_views;
    return pairs->loss(tape, &outputs, &pairs->settings);
}

double trainer_step_on_pairs(Trainer *trainer, Pairs *pairs, size_t b) {
    const size_t *examples = pairs->order + b * pairs->batch;
    for (size_t view = 0; view < 2; view++)
        views_draw(&pairs->views, pairs->batch, examples, pairs->numpy, pairs->torch, 2 * pairs->batch,
                   pairs->x + view * pairs->batch);
    for (size_t i = 0; pairs->labels && i < 2 * pairs->batch; i++)
        pairs->labels_of_views[i] = pairs->labels[examples[i % pairs->batch]];
    return trainer_step_of(trainer, pairs_loss, pairs);
}
