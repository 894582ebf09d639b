/* Convolutions against the direct ones of oneDNN (dnnl.h, of version 2; where it may choose, it takes those of Winograd for
 * windows of 3, whose sums are others): forward, and the gradients of inputs and of weights, on one core, at
 * the shapes of the networks that are trained here.  oneDNN has the layout that it chooses itself; rearranging into it and
 * back is not timed.  The results must agree. */
#include <dnnl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "bench.h"
#include "kernels/convolution.h"
#include "kernels/convolution_weights.h"
#include "random/random.h"

/* Square images and windows. */
typedef struct Layer {
    const char *network, *name;
    size_t batch, in, out, size, window, stride, padding;
    int first; /* nobody wants the gradient of its inputs */
} Layer;

static const Layer layers[] = {{"default", "conv1", 256, 1, 10, 28, 5, 1, 0, 1},
                               {"default", "conv2", 256, 10, 20, 12, 5, 1, 0, 0},
                               {"third-convolution", "conv3", 256, 20, 30, 4, 3, 1, 0, 0},
                               {"ultimate", "conv1", 256, 1, 32, 28, 3, 1, 0, 1},
                               {"ultimate", "conv2", 256, 32, 32, 26, 2, 2, 0, 0},
                               {"ultimate-second", "conv1", 64, 1, 25, 28, 5, 1, 2, 1},
                               {"ultimate-second", "conv2", 64, 25, 50, 14, 5, 1, 2, 0},
                               {"inception", "conv1", 128, 3, 96, 28, 3, 1, 1, 1},
                               {"inception", "inc1.1x1", 128, 96, 32, 28, 1, 1, 0, 0},
                               {"inception", "inc1.3x3", 128, 96, 32, 28, 3, 1, 1, 0},
                               {"inception", "inc2.1x1", 128, 64, 32, 28, 1, 1, 0, 0},
                               {"inception", "inc2.3x3", 128, 64, 48, 28, 3, 1, 1, 0},
                               {"inception", "down1", 128, 80, 80, 28, 3, 2, 1, 0},
                               {"inception", "inc3.1x1", 128, 160, 112, 14, 1, 1, 0, 0},
                               {"inception", "inc3.3x3", 128, 160, 48, 14, 3, 1, 1, 0},
                               {"inception", "inc6.3x3", 128, 160, 96, 14, 3, 1, 1, 0},
                               {"inception", "down2", 128, 144, 96, 14, 3, 2, 1, 0},
                               {"inception", "inc7.1x1", 128, 240, 176, 7, 1, 1, 0, 0},
                               {"inception", "inc7.3x3", 128, 240, 160, 7, 3, 1, 1, 0},
                               {"inception", "inc8.1x1", 128, 336, 176, 7, 1, 1, 0, 0},
                               {"inception", "inc8.3x3", 128, 336, 160, 7, 3, 1, 1, 0},
                               {"alexnet", "conv1", 128, 3, 64, 28, 5, 1, 2, 1},
                               {"alexnet", "conv2", 128, 64, 64, 14, 5, 1, 2, 0},
                               {"wrn", "conv1", 128, 3, 16, 32, 3, 1, 1, 1},
                               {"wrn", "group1", 128, 16, 16, 32, 3, 1, 1, 0},
                               {"wrn", "group2.conv1", 128, 16, 32, 32, 3, 2, 1, 0},
                               {"wrn", "group2.shortcut", 128, 16, 32, 32, 1, 2, 0, 0},
                               {"wrn", "group2", 128, 32, 32, 16, 3, 1, 1, 0},
                               {"wrn", "group3.conv1", 128, 32, 64, 16, 3, 2, 1, 0},
                               {"wrn", "group3.shortcut", 128, 32, 64, 16, 1, 2, 0, 0},
                               {"wrn", "group3", 128, 64, 64, 8, 3, 1, 1, 0}};

typedef enum Direction { FORWARD, INPUTS, WEIGHTS, DIRECTIONS } Direction;
static const char *const direction_names[DIRECTIONS] = {"forward", "inputs", "weights"};

/* x, weights and y, or their gradients: two are read, and the one of the direction is written. */
enum { X, W, Y, TENSORS };
static const int written[DIRECTIONS] = {Y, X, W};

static dnnl_engine_t engine;
static dnnl_stream_t stream;

static void must(dnnl_status_t status) {
    if (status == dnnl_success) return;
    fprintf(stderr, "bench_convolution: oneDNN answers with status %d\n", (int)status);
    exit(1);
}

static size_t side(const Layer *l) {
    return (l->size + 2 * l->padding - l->window) / l->stride + 1;
}

/* ---- oneDNN ---- */

/* A tensor as oneDNN sees it, and in what layout: ours, or any that it likes. */
static dnnl_memory_desc_t description(const Layer *l, int tensor, int ours) {
    const dnnl_dim_t n = (dnnl_dim_t)l->batch, area = (dnnl_dim_t)(tensor == X ? l->size : side(l));
    const dnnl_dim_t in = (dnnl_dim_t)l->in, out = (dnnl_dim_t)l->out, k = (dnnl_dim_t)l->window;
    const dnnl_dims_t image = {n, tensor == X ? in : out, area, area}, image_steps = {1, area * area * n, area * n, n};
    const dnnl_dims_t weights = {out, in, k, k}, weights_steps = {in * k * k, k * k, k, 1};
    dnnl_memory_desc_t d;
    if (ours)
        must(dnnl_memory_desc_init_by_strides(&d, 4, tensor == W ? weights : image, dnnl_f32,
                                              tensor == W ? weights_steps : image_steps));
    else
        must(dnnl_memory_desc_init_by_tag(&d, 4, tensor == W ? weights : image, dnnl_f32, dnnl_format_tag_any));
    return d;
}

typedef struct Peer {
    dnnl_primitive_desc_t description;
    dnnl_primitive_t primitive;
    dnnl_memory_t memory[TENSORS];
    dnnl_exec_arg_t arguments[TENSORS];
} Peer;

static dnnl_primitive_desc_t described(const Layer *l, Direction direction, dnnl_primitive_desc_t forward) {
    const dnnl_memory_desc_t x = description(l, X, 0), w = description(l, W, 0), y = description(l, Y, 0);
    const dnnl_dims_t strides = {(dnnl_dim_t)l->stride, (dnnl_dim_t)l->stride};
    const dnnl_dims_t before = {(dnnl_dim_t)l->padding, (dnnl_dim_t)l->padding};
    /* As much behind as the last window reaches. */
    const dnnl_dim_t reach = (dnnl_dim_t)((side(l) - 1) * l->stride + l->window);
    const dnnl_dim_t after = reach - (dnnl_dim_t)(l->size + l->padding);
    const dnnl_dims_t behind = {after, after};
    const dnnl_alg_kind_t kind = dnnl_convolution_direct;
    dnnl_convolution_desc_t d;
    dnnl_primitive_desc_t made;
    if (direction == FORWARD)
        must(dnnl_convolution_forward_desc_init(&d, dnnl_forward_training, kind, &x, &w, NULL, &y, strides, before,
                                                behind));
    else if (direction == INPUTS)
        must(dnnl_convolution_backward_data_desc_init(&d, kind, &x, &w, &y, strides, before, behind));
    else
        must(dnnl_convolution_backward_weights_desc_init(&d, kind, &x, &w, NULL, &y, strides, before, behind));
    must(dnnl_primitive_desc_create(&made, &d, NULL, engine, forward));
    return made;
}

static void rearrange(dnnl_memory_t from, dnnl_memory_t to) {
    const dnnl_memory_desc_t *of_from, *of_to;
    dnnl_primitive_desc_t d;
    dnnl_primitive_t reorder;
    must(dnnl_memory_get_memory_desc(from, &of_from));
    must(dnnl_memory_get_memory_desc(to, &of_to));
    must(dnnl_reorder_primitive_desc_create(&d, of_from, engine, of_to, engine, NULL));
    must(dnnl_primitive_create(&reorder, d));
    must(dnnl_primitive_execute(reorder, stream, 2,
                                (const dnnl_exec_arg_t[]){{DNNL_ARG_FROM, from}, {DNNL_ARG_TO, to}}));
    must(dnnl_stream_wait(stream));
    dnnl_primitive_destroy(reorder);
    dnnl_primitive_desc_destroy(d);
}

/* To or from a tensor of ours. */
static void exchange(const Layer *l, int tensor, real *ours, dnnl_memory_t theirs, int to_ours) {
    const dnnl_memory_desc_t d = description(l, tensor, 1);
    dnnl_memory_t memory;
    must(dnnl_memory_create(&memory, &d, engine, ours));
    if (to_ours)
        rearrange(theirs, memory);
    else
        rearrange(memory, theirs);
    dnnl_memory_destroy(memory);
}

static Peer peer_create(const Layer *l, Direction direction, real *const ours[TENSORS]) {
    static const dnnl_query_t queries[DIRECTIONS][TENSORS] = {
        {dnnl_query_src_md, dnnl_query_weights_md, dnnl_query_dst_md},
        {dnnl_query_diff_src_md, dnnl_query_weights_md, dnnl_query_diff_dst_md},
        {dnnl_query_src_md, dnnl_query_diff_weights_md, dnnl_query_diff_dst_md}};
    static const int names[DIRECTIONS][TENSORS] = {{DNNL_ARG_SRC, DNNL_ARG_WEIGHTS, DNNL_ARG_DST},
                                                   {DNNL_ARG_DIFF_SRC, DNNL_ARG_WEIGHTS, DNNL_ARG_DIFF_DST},
                                                   {DNNL_ARG_SRC, DNNL_ARG_DIFF_WEIGHTS, DNNL_ARG_DIFF_DST}};
    Peer peer;
    const dnnl_primitive_desc_t forward = described(l, FORWARD, NULL);
    peer.description = described(l, direction, direction == FORWARD ? NULL : forward);
    dnnl_primitive_desc_destroy(forward);
    must(dnnl_primitive_create(&peer.primitive, peer.description));
    for (int t = 0; t < TENSORS; t++) {
        const dnnl_memory_desc_t *d = dnnl_primitive_desc_query_md(peer.description, queries[direction][t], 0);
        must(dnnl_memory_create(&peer.memory[t], d, engine, DNNL_MEMORY_ALLOCATE));
        peer.arguments[t] = (dnnl_exec_arg_t){names[direction][t], peer.memory[t]};
        if (t != written[direction]) exchange(l, t, ours[t], peer.memory[t], 0);
    }
    return peer;
}

static void peer_run(const Peer *peer) {
    must(dnnl_primitive_execute(peer->primitive, stream, TENSORS, peer->arguments));
    must(dnnl_stream_wait(stream));
}

static void peer_destroy(Peer *peer) {
    for (int t = 0; t < TENSORS; t++) dnnl_memory_destroy(peer->memory[t]);
    dnnl_primitive_destroy(peer->primitive);
    dnnl_primitive_desc_destroy(peer->description);
}

/* ---- ours ---- */

static void run_ours(const Convolution *conv, Direction direction, real *const *t) {
    if (direction == FORWARD)
        convolution_forward(conv, t[X], t[W], NULL, ACTIVATION_NONE, t[Y]);
    else if (direction == INPUTS)
        convolution_input_gradient(conv, t[Y], t[W], t[X]);
    else
        convolution_weight_gradient(conv, t[Y], t[X], t[W]);
}

/* ---- both ---- */

typedef struct Turn {
    const Convolution *shape;
    Direction direction;
    real *const *tensors;
    const Peer *peer;
} Turn;

static double seconds_of_ours(void *context, size_t calls) {
    const Turn *turn = context;
    const double start = thread_seconds();
    for (size_t i = 0; i < calls; i++) run_ours(turn->shape, turn->direction, turn->tensors);
    return (thread_seconds() - start) / (double)calls;
}

static double seconds_of_peer(void *context, size_t calls) {
    const Turn *turn = context;
    const double start = thread_seconds();
    for (size_t i = 0; i < calls; i++) peer_run(turn->peer);
    return (thread_seconds() - start) / (double)calls;
}

/* They agree where the difference is small beside the norms: sums are long, and added in other orders. */
static void compare(const Layer *l, Direction direction, size_t count, const real *ours, const real *theirs) {
    double difference = 0, norm = 0;
    for (size_t i = 0; i < count; i++) {
        const double d = (double)ours[i] - (double)theirs[i];
        difference += d * d;
        norm += (double)ours[i] * (double)ours[i];
    }
    if (difference <= 1e-9 * norm) return;
    fprintf(stderr, "bench_convolution: %s %s %s differs from oneDNN's\n", l->network, l->name,
            direction_names[direction]);
    exit(1);
}

static void measure(const Bench *bench, const char *name, const Layer *l, Direction direction) {
    const size_t area = side(l) * side(l);
    const size_t counts[TENSORS] = {l->in * l->size * l->size * l->batch, l->in * l->out * l->window * l->window,
                                    l->out * area * l->batch};
    const ConvolutionAxis axis = {l->size, l->window, l->stride, l->padding};
    const Convolution conv = {l->batch, l->in, l->out, axis, axis};
    const double work = 2.0 * (double)(counts[W] * area * l->batch);
    const int result = written[direction];
    real *t[TENSORS];
    Philox random;
    philox_seed(&random, 1, direction);
    for (int i = 0; i < TENSORS; i++) {
        t[i] = memory_alloc_zero(counts[i], sizeof(real));
        for (size_t j = 0; i != result && j < counts[i]; j++) t[i][j] = (real)(philox_uniform(&random, j) - 0.5);
    }
    Peer peer = peer_create(l, direction, t);
    real *copy = memory_alloc_zero(counts[result], sizeof(real));
    run_ours(&conv, direction, t);
    peer_run(&peer);
    exchange(l, result, copy, peer.memory[result], 1);
    compare(l, direction, counts[result], t[result], copy);
    Turn turn = {&conv, direction, t, &peer};
    const Contender contenders[] = {{"", seconds_of_ours, &turn}, {"onednn", seconds_of_peer, &turn}};
    bench_compare(bench, &(Subject){"convolution", name, 0, 1}, work, "GFLOP/s", bench->quick ? 5e-4 : 2e-3, 2,
                  contenders);
    peer_destroy(&peer);
    memory_free(copy);
    for (int i = 0; i < TENSORS; i++) memory_free(t[i]);
}

static const char about[] = "Convolutions on one core, of the networks of all studies, beside the direct\n"
                            "ones of oneDNN: a minute; quick: 20 s.";

int main(int argc, char **argv) {
    const Bench bench = bench_begin(argc, argv, 7, 3, about);
    must(dnnl_engine_create(&engine, dnnl_cpu, 0));
    must(dnnl_stream_create(&stream, engine, dnnl_stream_default_flags));
    for (size_t i = 0; i < sizeof layers / sizeof *layers; i++)
        for (Direction direction = FORWARD; direction < DIRECTIONS; direction++) {
            char name[64];
            snprintf(name, sizeof name, "%s %s %s", layers[i].network, layers[i].name, direction_names[direction]);
            if (bench_wants(&bench, name) && !(layers[i].first && direction == INPUTS))
                measure(&bench, name, &layers[i], direction);
        }
    dnnl_stream_destroy(stream);
    dnnl_engine_destroy(engine);
    return 0;
}
