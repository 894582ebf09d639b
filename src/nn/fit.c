#include "nn/fit.h"

#include <string.h>

#include "grad/derivative.h"
#include "grad/loss.h"
#include "kernels/loss.h"
#include "kernels/parts.h"
#include "kernels/reduce.h"

enum {
    EVALUATION_BLOCK = 128,     /* columns at a time: activations stay in cache */
    EVALUATION_MEMORY = 1 << 30 /* bytes: fewer columns of a network whose layers have more outputs */
};

/* ---- sets ---- */

LabelledSet set_of_images(const Images *images, size_t n, size_t classes, const float *mean, const float *deviation,
                          Arena *arena) {
    real *value_of = arena_alloc(arena, images->channels * 256, sizeof *value_of);
    for (size_t c = 0; c < images->channels; c++)
        for (size_t byte = 0; byte < 256; byte++)
            value_of[c * 256 + byte] = (real)(((float)byte / 255.0f - mean[c]) / deviation[c]);
    return (LabelledSet){.example = shape_image(images->channels, images->height, images->width, 1),
                         .n = n,
                         .classes = classes,
                         .bytes = images->pixels,
                         .value_of = value_of,
                         .labels = images->labels};
}

LabelledSet set_of_rows(size_t n, size_t inputs, size_t classes, const float *rows, const uint8_t *labels,
                        const size_t *columns, Arena *arena) {
    if (columns) {
        float *ordered = arena_alloc(arena, n * inputs, sizeof *ordered);
        for (size_t j = 0; j < n; j++)
            for (size_t i = 0; i < inputs; i++) ordered[j * inputs + i] = rows[j * inputs + columns[i]];
        rows = ordered;
    }
    uint16_t *wide = arena_alloc(arena, n, sizeof *wide);
    for (size_t j = 0; j < n; j++) wide[j] = labels[j];
    return (LabelledSet){.example = shape_matrix(inputs, 1), .n = n, .classes = classes, .rows = rows, .labels = wide};
}

static Minibatch minibatch_create(Shape example, size_t most, Arena *arena) {
    return (Minibatch){.numbers = arena_alloc(arena, most, sizeof(uint32_t)),
                       .x = arena_alloc(arena, most * shape_count(example), sizeof(real)),
                       .y = arena_alloc(arena, most, sizeof(uint16_t))};
}

/* Inputs first to first + count of an example. */
static void get_inputs(const LabelledSet *set, size_t example, size_t first, size_t count, real *inputs) {
    const size_t all = shape_count(set->example), of_channel = all / set->example.dim[0], at = example * all + first;
    if (set->rows) {
        for (size_t i = 0; i < count; i++) inputs[i] = (real)set->rows[at + i];
        return;
    }
    for (size_t i = 0; i < count;) {
        const size_t channel = (first + i) / of_channel, end = at_most((channel + 1) * of_channel - first, count);
        const real *value_of = set->value_of + channel * 256;
        for (; i < end; i++) inputs[i] = value_of[set->bytes[at + i]];
    }
}

/* Examples innermost: parts of a few rows are brought together in the first cache and transposed there. */
static void gather(const LabelledSet *set, Minibatch *m) {
    enum { ROWS = 16, COLUMNS = 256 };
    const size_t inputs = shape_count(set->example), n = m->n;
    real part[ROWS * COLUMNS];
    for (size_t row = 0; row < n && (set->rows || set->bytes); row += ROWS)
        for (size_t column = 0; column < inputs; column += COLUMNS) {
            const size_t rows = at_most(n - row, ROWS), columns = at_most(inputs - column, COLUMNS);
            for (size_t j = 0; j < rows; j++) get_inputs(set, m->numbers[row + j], column, columns, part + j * COLUMNS);
            transpose(rows, columns, part, COLUMNS, m->x + column * n + row, n);
        }
    for (size_t j = 0; j < n; j++) m->y[j] = set->labels ? set->labels[m->numbers[j]] : 0;
}

static void make_minibatch(const LabelledSet *set, const DropoutNoise *noise, Minibatch *m) {
    DropoutNoise of_examples = *noise;
    of_examples.example = m->numbers;
    gather(set, m);
    if (set->transform) set->transform(set, m->n, &of_examples, m->x);
}

/* Of so many examples, one with the rest where batch does not divide n. */
static size_t minibatches_with_rest(size_t n, size_t batch) {
    return n / batch + (n % batch > 0);
}

Minibatches minibatches_of(const LabelledSet *set, size_t batch, Arena *arena) {
    const size_t count = minibatches_with_rest(set->n, batch);
    Minibatch *all = arena_alloc(arena, count, sizeof *all);
    for (size_t b = 0; b < count; b++) {
        const size_t first = b * batch, left = set->n - first;
        all[b] = minibatch_create(set->example, left < batch ? left : batch, arena);
        all[b].n = left < batch ? left : batch;
        for (size_t j = 0; j < all[b].n; j++) all[b].numbers[j] = (uint32_t)(first + j);
        gather(set, &all[b]);
    }
    return (Minibatches){count, all};
}

int minibatches_check(const char *option, size_t batch, size_t n, Error *error) {
    if (n % batch == 0) return 0;
    return error_set(error, "option --%s: %zu does not divide the %zu training examples; choose one that does", option,
                     batch, n);
}

/* ---- learners ---- */

static size_t evaluation_block(const Network *network) {
    size_t outputs = shape_count(network->input);
    for (size_t i = 0; i < network->n_layers; i++) outputs += shape_count(network->layers[i].output);
    const size_t most = EVALUATION_MEMORY / (outputs * sizeof(real));
    return most < 1 ? 1 : most < EVALUATION_BLOCK ? most : EVALUATION_BLOCK;
}

Learner *learner_create(const Network *network, Arena *arena) {
    const size_t block = evaluation_block(network);
    Learner *learner = arena_alloc(arena, 1, sizeof *learner);
    *learner = (Learner){.network = network,
                         .weights = arena_alloc_zero(arena, network->n_parameters, sizeof(real)),
                         .buffers = arena_alloc_zero(arena, network->n_buffers, sizeof(real)),
                         .tape = tape_create(),
                         .pass = pass_create(network, arena),
                         .block_size = block,
                         .block = minibatch_create(network->input, block, arena)};
    network_initialize_buffers(network, learner->buffers);
    return learner;
}

void learner_destroy(Learner *learner) {
    if (learner) tape_destroy(learner->tape);
}

static Var run(Learner *learner, PassMode mode, DropoutNoise noise, size_t batch, const real *x) {
    Shape shape = learner->network->input;
    shape.dim[shape.rank - 1] = batch;
    pass_begin(learner->pass, learner->tape, mode, learner->weights, learner->buffers);
    learner->pass->noise = noise;
    return pass_run(learner->pass, tape_input(learner->tape, shape, x));
}

const real *learner_outputs(Learner *learner, size_t batch, const real *x) {
    return var_data(run(learner, PASS_EVALUATE, (DropoutNoise){0, 0, 0, NULL}, batch, x));
}

Evaluation learner_evaluate_top(Learner *learner, const LabelledSet *set, size_t top, size_t *among) {
    const DropoutNoise none = {0, 0, 0, NULL};
    Minibatch *m = &learner->block;
    Evaluation sums = {0, 0, 0, 0};
    *among = 0;
    for (size_t first = 0; first < set->n; first += m->n) {
        m->n = set->n - first < learner->block_size ? set->n - first : learner->block_size;
        for (size_t j = 0; j < m->n; j++) m->numbers[j] = (uint32_t)(first + j);
        make_minibatch(set, &none, m);
        const real *outputs = learner_outputs(learner, m->n, m->x);
        evaluation_add(&sums, set->classes, m->n, outputs, m->y);
        if (top) *among += count_among(top, set->classes, m->n, outputs, m->y);
    }
    return evaluation_mean(sums);
}

Evaluation learner_evaluate(Learner *learner, const LabelledSet *set) {
    size_t none;
    return learner_evaluate_top(learner, set, 0, &none);
}

/* ---- the protocol ---- */

typedef struct Fitting {
    Learner *learner;
    const Protocol *protocol;
    Optimizer optimizer;
    Minibatch minibatch;
    Minibatches kept; /* of the epoch, each made once; none: they are made again */
    Var *trained, *gradients;
    GradientPart *parts;
    size_t *order; /* of the epoch; NULL: sequential */
    Progress progress;
} Fitting;

/* Minibatches of an epoch. */
static size_t epoch_length(const Protocol *protocol) {
    const size_t n = protocol->train->n, whole = n / protocol->batch;
    return protocol->order == ORDER_SHUFFLED || !whole ? minibatches_with_rest(n, protocol->batch) : whole;
}

static size_t views_of_example(const Protocol *protocol) {
    return protocol->views ? protocol->views : 1;
}

/* Minibatch b of the epoch. */
static const Minibatch *next_minibatch(Fitting *f, size_t b, const DropoutNoise *noise) {
    const Protocol *protocol = f->protocol;
    const size_t first = b * protocol->batch, left = protocol->train->n - first;
    const size_t examples = left < protocol->batch ? left : protocol->batch;
    Minibatch *m = &f->minibatch;
    if (f->kept.count) return &f->kept.all[b];
    m->n = examples * views_of_example(protocol);
    for (size_t j = 0; j < m->n; j++) {
        const size_t at = first + j % examples;
        m->numbers[j] = (uint32_t)(f->order ? f->order[at] : at);
    }
    make_minibatch(protocol->train, noise, m);
    return m;
}

/* The tensors that this update trains, and all of their parts but the gradients; how many. */
static size_t trained_parts(Fitting *f) {
    const Protocol *protocol = f->protocol;
    const Network *network = f->learner->network;
    size_t n = 0;
    for (size_t i = 0; i < network->n_tensors; i++) {
        const NetworkTensor *tensor = &network->tensors[i];
        const double faster = protocol->faster ? protocol->faster(tensor, f->progress.updates, protocol->context) : 1;
        if (faster == 0) continue;
        f->trained[n] = f->learner->pass->tensors[i];
        f->parts[n++] = (GradientPart){.name = tensor->name,
                                       .at = tensor->offset,
                                       .count = shape_count(tensor->shape),
                                       .undecayed = protocol->decays && !protocol->decays(tensor),
                                       .keep = protocol->keep ? protocol->keep + tensor->offset : NULL,
                                       .faster = faster};
    }
    return n;
}

/* One update on minibatch b of the epoch; what it was evaluated at before. */
static Evaluation update(Fitting *f, size_t b) {
    Learner *learner = f->learner;
    const Protocol *protocol = f->protocol;
    DropoutNoise noise = {protocol->noise_seed, (uint32_t)f->progress.updates, 0, NULL};
    const Minibatch *m = next_minibatch(f, b, &noise);
    noise.example = m->numbers;
    Var outputs = run(learner, PASS_TRAIN, noise, m->n, m->x);
    Var loss = protocol->loss ? protocol->loss(learner->pass, outputs, m->y, protocol->loss_context)
                              : op_softmax_cross_entropy(learner->tape, outputs, m->y);
    const size_t trained = trained_parts(f);
    tape_gradient(learner->tape, loss, trained, f->trained, f->gradients);
    for (size_t i = 0; i < trained; i++) f->parts[i].gradient = var_data(f->gradients[i]);
    if (protocol->schedule.initial > 0)
        f->optimizer.settings.learning_rate =
            learning_rate_at(&protocol->schedule, f->progress.updates, epoch_length(protocol));
    optimizer_update(&f->optimizer, trained, f->parts, learner->weights);
    const size_t classes = protocol->train->classes;
    const size_t correct = classes ? count_correct(classes, m->n, var_data(outputs), m->y) : 0;
    if (protocol->top) f->progress.among += count_among(protocol->top, classes, m->n, var_data(outputs), m->y);
    return (Evaluation){(double)var_scalar(loss), (double)correct / (double)m->n, m->n, correct};
}

/* ---- to go on from ---- */

/* Packed are a FitState without its moments; weights, first moments, buffers, and the second moments of rules that have them. */
size_t fit_packed_size(const Network *network, OptimizerKind kind) {
    const size_t vectors = optimizer_has_v(kind) ? 3 : 2;
    return sizeof(FitState) + (vectors * network->n_parameters + network->n_buffers) * sizeof(real);
}

void fit_pack(const Learner *learner, const Progress *progress, void *bytes) {
    const size_t n = learner->network->n_parameters, n_buffers = learner->network->n_buffers;
    FitState *state = bytes;
    real *numbers = (real *)(state + 1);
    *state = (FitState){.updates = progress->updates, .sums = progress->sums, .among = progress->among};
    memcpy(numbers, learner->weights, n * sizeof *numbers);
    memcpy(numbers + n, progress->optimizer->m, n * sizeof *numbers);
    memcpy(numbers + 2 * n, learner->buffers, n_buffers * sizeof *numbers);
    if (progress->optimizer->v) memcpy(numbers + 2 * n + n_buffers, progress->optimizer->v, n * sizeof *numbers);
}

FitState fit_unpack(void *bytes, Learner *learner) {
    const size_t n = learner->network->n_parameters, n_buffers = learner->network->n_buffers;
    FitState state = *(const FitState *)bytes;
    real *numbers = (real *)((FitState *)bytes + 1);
    memcpy(learner->weights, numbers, n * sizeof *numbers);
    memcpy(learner->buffers, numbers + 2 * n, n_buffers * sizeof *numbers);
    state.m = numbers + n;
    state.v = numbers + 2 * n + n_buffers;
    return state;
}

/* ---- the protocol, update by update ---- */

static void shuffle(Fitting *f) {
    const Protocol *protocol = f->protocol;
    if (protocol->order == ORDER_SHUFFLED) torch_shuffle_epoch(protocol->stream, protocol->train->n, f->order);
    if (protocol->order == ORDER_PERMUTED) numpy_permutation(protocol->stream, protocol->train->n, f->order);
}

/* To where a former training got: its orders are drawn again. */
static void go_on(Fitting *f, const FitState *from, size_t of_epoch) {
    const size_t n = f->learner->network->n_parameters;
    f->progress.updates = from->updates;
    f->progress.epochs = from->updates / of_epoch;
    f->progress.sums = from->sums;
    f->progress.among = from->among;
    f->optimizer.step = (long)from->updates;
    memcpy(f->optimizer.m, from->m, n * sizeof *from->m);
    if (f->optimizer.v) memcpy(f->optimizer.v, from->v, n * sizeof *from->v);
    for (size_t begun = 0; begun < from->updates; begun += of_epoch) shuffle(f);
}

static int epochs(Fitting *f) {
    const Protocol *protocol = f->protocol;
    Progress *progress = &f->progress;
    const size_t of_epoch = epoch_length(protocol);
    const size_t updates = protocol->epochs ? protocol->epochs * of_epoch : protocol->updates;
    Evaluation *sums = &progress->sums;
    int status = 0;
    progress->optimizer = &f->optimizer;
    if (protocol->from) go_on(f, protocol->from, of_epoch);
    while (progress->updates < updates && !status) {
        const size_t b = progress->minibatch = progress->updates % of_epoch;
        if (b == 0) {
            *sums = (Evaluation){0, 0, 0, 0};
            progress->among = 0;
            shuffle(f);
        }
        const Evaluation last = progress->last = update(f, b);
        sums->n += last.n;
        sums->correct += last.correct;
        sums->loss += last.loss * (double)last.n;
        progress->epoch = evaluation_mean(*sums);
        progress->updates++;
        progress->ends_epoch = b + 1 == of_epoch;
        progress->epochs += (size_t)progress->ends_epoch;
        if (protocol->after_update) status = protocol->after_update(f->learner, progress, protocol->context);
        if (!status && progress->ends_epoch && protocol->after_epoch)
            status = protocol->after_epoch(f->learner, progress, protocol->context);
    }
    return status;
}

int fit(Learner *learner, const Protocol *protocol) {
    const Network *network = learner->network;
    const LabelledSet *train = protocol->train;
    Arena *arena = arena_create(0);
    /* Rows are given where sets are small: in file order they are transposed once. */
    const size_t columns = protocol->batch * views_of_example(protocol);
    const int sequential = protocol->order == ORDER_SEQUENTIAL;
    const int keeps = sequential && train->rows && !train->transform && columns == protocol->batch;
    Fitting fitting = {.learner = learner,
                       .protocol = protocol,
                       .kept = keeps ? minibatches_of(train, protocol->batch, arena) : (Minibatches){0, NULL},
                       .optimizer = optimizer_of(protocol->optimizer, network->n_parameters, arena),
                       .minibatch = minibatch_create(network->input, columns, arena),
                       .trained = arena_alloc(arena, network->n_tensors, sizeof(Var)),
                       .gradients = arena_alloc(arena, network->n_tensors, sizeof(Var)),
                       .parts = arena_alloc(arena, network->n_tensors, sizeof(GradientPart)),
                       .order = sequential ? NULL : arena_alloc(arena, train->n, sizeof(size_t))};
    const int status = epochs(&fitting);
    arena_destroy(arena);
    return status;
}
