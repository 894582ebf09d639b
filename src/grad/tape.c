#include "grad/tape.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "grad/primitive.h"

struct Tape {
    Arena *arena;
    Node *first, *last;
    size_t count; /* nodes */
    size_t walks; /* calls of tape_vjp so far: names the marks of each */
    Arena *kept;  /* results of costly primitives, once it has recorded */
    real **results;
    size_t n_results, capacity, position, replay_end;
    int replaying;
};

/* ---- shapes ---- */

Shape shape_scalar(void) {
    return (Shape){0, {1, 1, 1}};
}

Shape shape_vector(size_t n) {
    return (Shape){1, {n, 1, 1}};
}

Shape shape_matrix(size_t rows, size_t columns) {
    return (Shape){2, {rows, columns, 1}};
}

Shape shape_signal(size_t channels, size_t length, size_t batch) {
    return (Shape){3, {channels, length, batch}};
}

size_t shape_count(Shape shape) {
    return shape.dim[0] * shape.dim[1] * shape.dim[2];
}

int shape_equal(Shape a, Shape b) {
    return a.rank == b.rank && a.dim[0] == b.dim[0] && a.dim[1] == b.dim[1] && a.dim[2] == b.dim[2];
}

static void shape_print(Shape shape) {
    fputc(' ', stderr);
    if (shape.rank == 0) fputs("scalar", stderr);
    for (int i = 0; i < shape.rank; i++) fprintf(stderr, "[%zu]", shape.dim[i]);
}

void shape_require(int holds, const char *primitive, Shape a, Shape b) {
    if (holds) return;
    fprintf(stderr, "%s: wrong shapes", primitive);
    shape_print(a);
    shape_print(b);
    fputc('\n', stderr);
    abort();
}

/* ---- the tape ---- */

Tape *tape_create(void) {
    Tape *tape = memory_alloc_zero(1, sizeof *tape);
    tape->arena = arena_create(0);
    return tape;
}

void tape_destroy(Tape *tape) {
    if (!tape) return;
    arena_destroy(tape->arena);
    arena_destroy(tape->kept);
    memory_free(tape->results);
    memory_free(tape);
}

void tape_reset(Tape *tape) {
    arena_reset(tape->arena);
    tape->first = tape->last = NULL;
    tape->count = 0;
}

size_t tape_peak_bytes(const Tape *tape) {
    return arena_peak(tape->arena);
}

/* ---- results kept across resets ---- */

void tape_record(Tape *tape) {
    if (!tape->kept) tape->kept = arena_create(0);
    tape->replaying = 0;
}

size_t tape_position(const Tape *tape) {
    return tape->n_results;
}

void tape_replay(Tape *tape, size_t position, size_t end) {
    tape->replaying = 1;
    tape->position = position;
    tape->replay_end = end;
}

static void add_result(Tape *tape, real *result) {
    if (tape->n_results == tape->capacity) {
        const size_t capacity = 2 * tape->capacity + 64;
        real **results = memory_alloc(capacity, sizeof *results);
        for (size_t i = 0; i < tape->n_results; i++) results[i] = tape->results[i];
        memory_free(tape->results);
        tape->results = results;
        tape->capacity = capacity;
    }
    tape->results[tape->n_results++] = result;
}

real *tape_kept(Tape *tape, size_t count, int *computed) {
    *computed = tape->kept && tape->replaying && tape->position < tape->replay_end;
    if (*computed) return tape->results[tape->position++];
    if (!tape->kept || tape->replaying) return tape_alloc(tape, count, sizeof(real));
    real *result = arena_alloc(tape->kept, count, sizeof *result);
    add_result(tape, result);
    return result;
}

size_t tape_count_of(const Tape *tape, const char *primitive) {
    size_t count = 0;
    for (const Node *node = tape->first; node; node = node->next) count += !strcmp(node->primitive->name, primitive);
    return count;
}

size_t primitive_count(void) {
    size_t count = 0;
    while (primitive_table[count]) count++;
    return count;
}

const char *primitive_name(size_t index) {
    return primitive_table[index]->name;
}

void *tape_alloc(Tape *tape, size_t count, size_t size) {
    return arena_alloc(tape->arena, count, size);
}

Node *tape_append(Tape *tape, const Primitive *row, Shape shape, Attributes attributes, unsigned n_inputs,
                  const Var *inputs) {
    Node *node = tape_alloc(tape, 1, sizeof *node + n_inputs * sizeof *inputs);
    node->primitive = row;
    node->shape = shape;
    node->index = tape->count++;
    node->previous = tape->last;
    node->next = NULL;
    node->path = 0;
    node->attributes = attributes;
    node->n_inputs = n_inputs;
    for (unsigned i = 0; i < n_inputs; i++) node->input[i] = inputs[i];
    *(tape->last ? &tape->last->next : &tape->first) = node;
    return tape->last = node;
}

Var tape_apply(Tape *tape, const Primitive *row, Shape shape, Attributes attributes, unsigned n_inputs,
               const Var *inputs) {
    Node *node = tape_append(tape, row, shape, attributes, n_inputs, inputs);
    real *out = tape_alloc(tape, shape_count(shape), sizeof *out);
    node->data = out;
    row->forward(tape, node, out);
    return node;
}

/* ---- leaves and values ---- */

Var tape_input(Tape *tape, Shape shape, const real *data) {
    static const Primitive leaf = {.name = "leaf"};
    Node *node = tape_append(tape, &leaf, shape, (Attributes){0}, 0, NULL);
    node->data = data;
    return node;
}

Var tape_copy_of(Tape *tape, Shape shape, const real *data) {
    real *copy = tape_alloc(tape, shape_count(shape), sizeof *copy);
    memcpy(copy, data, shape_count(shape) * sizeof *copy);
    return tape_input(tape, shape, copy);
}

Var tape_fill(Tape *tape, Shape shape, real value) {
    real *data = tape_alloc(tape, shape_count(shape), sizeof *data);
    const size_t count = shape_count(shape);
    for (size_t i = 0; i < count; i++) data[i] = value;
    return tape_input(tape, shape, data);
}

const real *var_data(Var v) {
    return v->data;
}

Shape var_shape(Var v) {
    return v->shape;
}

real var_scalar(Var v) {
    shape_require(shape_count(v->shape) == 1, "var_scalar", v->shape, shape_scalar());
    return v->data[0];
}

/* ---- reverse mode ---- */

/* Nodes belong to the tape; a Var is const for its holders only. */
static Node *writable(Var v) {
    return (Node *)v;
}

/* Marks the nodes up to last that depend on a wrt; returns the oldest wrt. */
static Node *mark_paths(Node *last, size_t count, const Var *wrt, size_t walk) {
    Node *oldest = last;
    for (size_t i = 0; i < count; i++) {
        Node *node = writable(wrt[i]);
        node->path = walk;
        node->adjoint = NULL;
        if (node->index < oldest->index) oldest = node;
    }
    for (Node *node = oldest; node && node->index <= last->index; node = node->next) {
        node->adjoint = NULL;
        for (unsigned i = 0; i < node->n_inputs && node->path != walk; i++)
            if (node->input[i]->path == walk) node->path = walk;
    }
    return oldest;
}

static void add_adjoint(Tape *tape, Node *node, Var gradient) {
    node->adjoint = node->adjoint ? op_add(tape, node->adjoint, gradient) : gradient;
}

/* Passes the adjoint of one node on to those of its inputs that lie on a path. */
static void propagate(Tape *tape, Var node, size_t walk) {
    Var gradients[GRU_WEIGHTS + 2] = {NULL}; /* as many as the widest primitive has inputs */
    unsigned wanted = 0;
    for (unsigned i = 0; i < node->n_inputs; i++)
        if (node->input[i]->path == walk) wanted |= 1u << i;
    if (!wanted) return;
    node->primitive->rule(tape, node, node->adjoint, wanted, gradients);
    for (unsigned i = 0; i < node->n_inputs; i++) {
        if (!gradients[i] || !(wanted >> i & 1)) continue;
        add_adjoint(tape, writable(node->input[i]), gradients[i]);
    }
}

/* A rule may call tape_vjp again (reference_rule) as long as that walk stays among nodes made since. */
void tape_vjp_many(Tape *tape, size_t n_outputs, const Var *outputs, const Var *seeds, size_t count, const Var *wrt,
                   Var *gradients) {
    size_t walk = ++tape->walks;
    Node *last = writable(outputs[0]);
    for (size_t i = 0; i < n_outputs; i++) {
        shape_require(shape_equal(outputs[i]->shape, seeds[i]->shape), "tape_vjp", outputs[i]->shape, seeds[i]->shape);
        if (outputs[i]->index > last->index) last = writable(outputs[i]);
    }
    Node *oldest = mark_paths(last, count, wrt, walk);
    for (size_t i = 0; i < n_outputs; i++)
        if (outputs[i]->path == walk) add_adjoint(tape, writable(outputs[i]), seeds[i]);
    for (Node *node = last; node; node = node == oldest ? NULL : node->previous)
        if (node->path == walk && node->adjoint) propagate(tape, node, walk);
    for (size_t i = 0; i < count; i++)
        gradients[i] = wrt[i]->adjoint ? wrt[i]->adjoint : tape_fill(tape, wrt[i]->shape, 0);
}

void tape_vjp(Tape *tape, Var output, Var seed, size_t count, const Var *wrt, Var *gradients) {
    tape_vjp_many(tape, 1, &output, &seed, count, wrt, gradients);
}

void tape_gradient(Tape *tape, Var output, size_t count, const Var *wrt, Var *gradients) {
    shape_require(shape_count(output->shape) == 1, "tape_gradient", output->shape, shape_scalar());
    tape_vjp(tape, output, tape_fill(tape, output->shape, 1), count, wrt, gradients);
}
