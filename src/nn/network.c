#include "nn/network.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/options.h"

/* ---- declaring ---- */

static void fault(const Network *network, const char *what, const char *name) {
    fprintf(stderr, "network %s: %s: %s\n", network->name, name, what);
    abort();
}

/* An array in the arena with room for one element more; it doubles at powers of two. */
static void *grown(void *items, size_t n, size_t size, Arena *arena) {
    if (n & (n - 1)) return items;
    char *larger = arena_alloc(arena, n ? 2 * n : 1, size);
    if (n) memcpy(larger, items, n * size);
    return larger;
}

static const char *name_of(const Pass *p, const char *layer, const char *part) {
    return arena_format(p->arena, "%s%s%s%s", p->scope, layer, *layer && *part ? "." : "", part);
}

static void declare(Pass *p, NetworkTensor **tensors, size_t *n, size_t *elements, NetworkTensor tensor) {
    for (size_t i = 0; i < *n; i++)
        if (!strcmp((*tensors)[i].name, tensor.name)) fault(p->network, "a second tensor of this name", tensor.name);
    tensor.offset = *elements;
    *tensors = grown(*tensors, *n, sizeof tensor, p->arena);
    (*tensors)[(*n)++] = tensor;
    *elements += shape_count(tensor.shape);
}

Var pass_tensor(Pass *p, const char *layer, const char *part, Shape shape, Initial initial, size_t fan_in,
                size_t fan_out) {
    Network *network = p->network;
    const size_t i = p->next_tensor++;
    if (p->mode == PASS_DECLARE) {
        declare(p, &network->tensors, &network->n_tensors, &network->n_parameters,
                (NetworkTensor){name_of(p, layer, part), shape, 0, initial, fan_in, fan_out});
        return tape_input(p->tape, shape, NULL);
    }
    if (i >= network->n_tensors || (network->tensors && !shape_equal(network->tensors[i].shape, shape)))
        fault(network, "not the tensor that the network has here", layer);
    return p->tensors[i];
}

real *pass_buffer(Pass *p, const char *layer, const char *part, Shape shape, double value) {
    Network *network = p->network;
    const size_t i = p->next_buffer++;
    if (p->mode == PASS_DECLARE) {
        declare(p, &network->buffer_tensors, &network->n_buffer_tensors, &network->n_buffers,
                (NetworkTensor){name_of(p, layer, part), shape, 0, {INITIAL_CONSTANT, value}, 0, 0});
        return NULL;
    }
    if (i >= network->n_buffer_tensors || !shape_equal(network->buffer_tensors[i].shape, shape) || !p->buffers)
        fault(network, "not the buffer that the network has here", layer);
    return p->buffers + network->buffer_tensors[i].offset;
}

/* FNV-1a of 32 bits. */
static uint32_t number_of(const char *name) {
    uint32_t hash = 2166136261u;
    for (; *name; name++) hash = (hash ^ (unsigned char)*name) * 16777619u;
    return hash;
}

DropoutNoise pass_noise(Pass *p, const char *layer) {
    Network *network = p->network;
    DropoutNoise noise = p->noise;
    const size_t i = p->next_noise++;
    if (p->mode == PASS_DECLARE) {
        const char *name = name_of(p, layer, "");
        const uint32_t number = number_of(name);
        for (size_t other = 0; other < network->n_noises; other++)
            if (network->noises[other] == number) fault(network, "two layers of one name draw noise", name);
        network->noises = grown(network->noises, network->n_noises, sizeof number, p->arena);
        network->noises[network->n_noises++] = number;
        return noise;
    }
    if (i >= network->n_noises) fault(network, "not a layer that draws noise in the network", layer);
    noise.layer = network->noises[i];
    return noise;
}

void pass_layer(Pass *p, const char *layer, Var output, size_t multiply_adds, const char *kind, ...) {
    Network *network = p->network;
    char text[80];
    va_list arguments;
    if (p->mode != PASS_DECLARE) return;
    va_start(arguments, kind);
    vsnprintf(text, sizeof text, kind, arguments);
    va_end(arguments);
    size_t parameters = network->n_parameters;
    for (size_t i = 0; i < network->n_layers; i++) parameters -= network->layers[i].parameters;
    network->layers = grown(network->layers, network->n_layers, sizeof *network->layers, p->arena);
    network->layers[network->n_layers++] =
        (NetworkLayer){*layer ? name_of(p, layer, "") : "", arena_copy_text(p->arena, text), var_shape(output),
                       parameters, multiply_adds};
}

const char *pass_enter(Pass *p, const char *name) {
    const char *scope = p->scope;
    if (p->mode == PASS_DECLARE) p->scope = arena_format(p->arena, "%s%s.", scope, name);
    return scope;
}

void pass_leave(Pass *p, const char *scope) {
    p->scope = scope;
}

/* ---- networks ---- */

const void *network_row(const void *table, size_t size, const char *name, Error *error) {
    Nearest nearest;
    nearest_begin(&nearest, name);
    for (const char *row = table, *known; memcpy(&known, row, sizeof known), known; row += size) {
        if (!strcmp(known, name)) return row;
        nearest_consider(&nearest, known);
    }
    error_set(error, "unknown network \"%.80s\"%s%s; `scaledown models` lists them", name,
              nearest.name ? ", nearest: " : "", nearest.name ? nearest.name : "");
    return NULL;
}

static void begin(Pass *p, Tape *tape, PassMode mode, real *buffers) {
    p->tape = tape;
    p->mode = mode;
    p->buffers = buffers;
    p->weights = p->biases = (Initial){INITIAL_TORCH, 0};
    p->scales = (Initial){INITIAL_CONSTANT, 1};
    p->norm_epsilon = 1e-5;
    p->norm_momentum = 0.1;
    p->next_tensor = p->next_buffer = p->next_noise = 0;
    p->scope = "";
}

Network *network_create(const char *name, NetworkFunction *function, const void *settings, Shape input, Arena *arena) {
    Network *network = arena_alloc_zero(arena, 1, sizeof *network);
    *network = (Network){.name = name, .function = function, .settings = settings, .input = input};
    Pass p = {.network = network, .arena = arena};
    Tape *tape = tape_create();
    tape_only_shapes(tape);
    begin(&p, tape, PASS_DECLARE, NULL);
    network->output = var_shape(function(&p, settings, tape_input(tape, input, NULL)));
    tape_destroy(tape);
    return network;
}

size_t network_multiply_adds(const Network *network) {
    size_t sum = 0;
    for (size_t i = 0; i < network->n_layers; i++) sum += network->layers[i].multiply_adds;
    return sum;
}

/* ---- initialisation ---- */

/* PyTorch's default is for a bias 1/sqrt(fan_in), for a weight kaiming_uniform(a = sqrt 5), which is the same in exact
 * arithmetic. */
static double torch_bound(const NetworkTensor *tensor) {
    const double in = (double)tensor->fan_in;
    return tensor->shape.rank == 1 ? 1.0 / sqrt(in) : sqrt(3.0) * (sqrt(2.0 / (1.0 + 5.0)) / sqrt(in));
}

/* In the order of operations of torch.nn.init. */
double network_uniform_bound(const NetworkTensor *tensor) {
    const double in = (double)tensor->fan_in, both = in + (double)tensor->fan_out;
    switch (tensor->initial.kind) {
    case INITIAL_TORCH:
        return torch_bound(tensor);
    case INITIAL_SYMMETRIC:
        return tensor->initial.value;
    case INITIAL_XAVIER:
        return sqrt(3.0) * sqrt(2.0 / both);
    case INITIAL_HE_UNIFORM:
        return sqrt(3.0) * (sqrt(2.0) / sqrt(in));
    default:
        return NAN;
    }
}

int network_is_weight(const NetworkTensor *tensor) {
    return tensor->shape.rank > 1;
}

static void fill_truncated(Mt19937 *mt, double deviation, size_t count, float *out) {
    for (size_t i = 0; i < count; i++) do
            torch_normal(mt, 0, deviation, 1, &out[i]);
        while (fabs((double)out[i]) > 2 * deviation);
}

/* weight [filters][channels][row taps][column taps], of signals without the rows. */
static void fill_dirac(const NetworkTensor *tensor, Mt19937 *mt, float *out) {
    const size_t *dim = tensor->shape.dim, image = tensor->shape.rank == 4;
    const size_t columns = dim[image ? 3 : 2], rows = image ? dim[2] : 1, of_filter = dim[1] * rows * columns;
    const size_t middle = rows / 2 * columns + columns / 2, bounded = dim[0] < dim[1] ? dim[0] : dim[1];
    torch_uniform(mt, -torch_bound(tensor), torch_bound(tensor), dim[0] * of_filter, out);
    memset(out, 0, bounded * of_filter * sizeof *out);
    for (size_t i = 0; i < bounded; i++) out[i * of_filter + i * rows * columns + middle] = 1;
}

static void fill(const NetworkTensor *tensor, Mt19937 *mt, float *out) {
    const size_t count = shape_count(tensor->shape);
    const double value = tensor->initial.value, bound = network_uniform_bound(tensor);
    switch (tensor->initial.kind) {
    default: /* uniform around 0 */
        torch_uniform(mt, -bound, bound, count, out);
        break;
    case INITIAL_DIRAC:
        fill_dirac(tensor, mt, out);
        break;
    case INITIAL_HE:
        torch_normal(mt, 0, sqrt(2.0) / sqrt((double)tensor->fan_in), count, out);
        break;
    case INITIAL_HE_FAN_OUT:
        torch_normal(mt, 0, sqrt(2.0) / sqrt((double)tensor->fan_out), count, out);
        break;
    case INITIAL_NORMAL:
        torch_normal(mt, 0, value, count, out);
        break;
    case INITIAL_TRUNCATED:
        fill_truncated(mt, value, count, out);
        break;
    case INITIAL_UNIFORM:
        torch_uniform(mt, 0, value, count, out);
        break;
    case INITIAL_CONSTANT:
        for (size_t i = 0; i < count; i++) out[i] = (float)value;
    }
}

static void initialize(size_t n, const NetworkTensor *tensors, Mt19937 *mt, real *values) {
    Arena *scratch = arena_create(0);
    for (size_t i = 0; i < n; i++) {
        const size_t count = shape_count(tensors[i].shape);
        const ArenaMark mark = arena_mark(scratch);
        float *drawn = arena_alloc(scratch, count, sizeof *drawn);
        fill(&tensors[i], mt, drawn);
        for (size_t j = 0; j < count; j++) values[tensors[i].offset + j] = (real)drawn[j];
        arena_rewind(scratch, mark);
    }
    arena_destroy(scratch);
}

void network_initialize(const Network *network, Mt19937 *mt, real *weights) {
    initialize(network->n_tensors, network->tensors, mt, weights);
}

void network_initialize_buffers(const Network *network, real *buffers) {
    initialize(network->n_buffer_tensors, network->buffer_tensors, NULL, buffers);
}

/* ---- passes ---- */

Pass *pass_create(const Network *network, Arena *arena) {
    Pass *p = arena_alloc_zero(arena, 1, sizeof *p);
    p->network = (Network *)network; /* later passes only read it */
    p->leaves = arena_alloc(arena, network->n_tensors, sizeof *p->leaves);
    return p;
}

void pass_begin_with(Pass *p, Tape *tape, PassMode mode, const Var *tensors, real *buffers) {
    begin(p, tape, mode, buffers);
    p->tensors = tensors;
}

void pass_begin(Pass *p, Tape *tape, PassMode mode, const real *weights, real *buffers) {
    const Network *network = p->network;
    tape_reset(tape);
    for (size_t i = 0; i < network->n_tensors; i++)
        p->leaves[i] = tape_input(tape, network->tensors[i].shape, weights + network->tensors[i].offset);
    pass_begin_with(p, tape, mode, p->leaves, buffers);
}

Var pass_run(Pass *p, Var x) {
    const Network *network = p->network;
    Var output = network->function(p, network->settings, x);
    if (p->next_tensor != network->n_tensors || p->next_buffer != network->n_buffer_tensors ||
        p->next_noise != network->n_noises)
        fault(network, "the network has more tensors, buffers or noise than this pass met", "at its end");
    return output;
}
