#include "nn/pairs.h"

#include <string.h>

#include "grad/reshape.h"

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
                   .numbers = numbers,
                   .partners = partners};
}

static void draw_views(const LabelledSet *set, size_t columns, const DropoutNoise *noise, real *x) {
    const Pairs *pairs = set->transform_context;
    const size_t n = columns / 2;
    for (size_t view = 0; view < 2; view++)
        views_draw(&pairs->views, n, noise->example, pairs->numpy, pairs->torch, columns, x + view * n);
}

LabelledSet pairs_set(const Pairs *pairs, const uint16_t *labels) {
    return (LabelledSet){.example = shape_signal(1, pairs->views.length, 1),
                         .n = pairs->n,
                         .labels = labels,
                         .transform = draw_views,
                         .transform_context = pairs};
}

static Var pairs_loss(Pass *p, Var outputs, const uint16_t *labels, const void *context) {
    const Pairs *pairs = context;
    const Shape shape = var_shape(outputs);
    const Shape z = shape_matrix(shape.dim[0] - pairs->tail_outputs, shape.dim[1]);
    PairOutputs seen = {.z = outputs, .numbers = pairs->numbers, .partners = pairs->partners, .labels = labels};
    if (pairs->tail_outputs) {
        seen.z = op_slice(p->tape, outputs, 0, z);
        seen.tail = op_slice(p->tape, outputs, shape_count(z), shape_matrix(pairs->tail_outputs, shape.dim[1]));
    }
    return pairs->loss(p->tape, &seen, &pairs->settings);
}

Protocol pairs_protocol(const LabelledSet *set) {
    const Pairs *pairs = set->transform_context;
    return (Protocol){.train = set,
                      .batch = pairs->batch,
                      .views = 2,
                      .order = ORDER_PERMUTED,
                      .stream = pairs->numpy,
                      .loss = pairs_loss,
                      .loss_context = pairs};
}
