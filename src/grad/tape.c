#include "grad/tape.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
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
    int only_shapes;
};

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

void tape_only_shapes(Tape *tape) {
    tape->only_shapes = 1;
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

real *tape_kept(Tape *tape, size_t count, int *computed) {
    *computed = tape->kept && tape->replaying && tape->position < tape->replay_end;
    if (*computed) return tape->results[tape->position++];
    if (!tape->kept || tape->replaying) return tape_alloc(tape, count, sizeof(real));
    if (tape->n_results == tape->capacity) {
        const size_t capacity = 2 * tape->capacity + 64;
        real **results = memory_alloc(capacity, sizeof *results);
        for (size_t i = 0; i < tape->n_results; i++) results[i] = tape->results[i];
        memory_free(tape->results);
        tape->results = results;
        tape->capacity = capacity;
    }
    return tape->results[tape->n_results++] = arena_alloc(tape->kept, count, sizeof(real));
}

size_t tape_new_walk(Tape *tape) {
    return ++tape->walks;
}

size_t tape_count_of(const Tape *tape, const char *primitive) {
    size_t count = 0;
    for (const Node *node = tape->first; node; node = node->next) count += !strcmp(node->primitive->name, primitive);
    return count;
}

void *tape_alloc(Tape *tape, size_t count, size_t size) {
    return arena_alloc(tape->arena, count, size);
}

/* Attributes may hold doubles and pointers: they begin at a multiple of 16 bytes behind the node's inputs. */
Node *tape_append(Tape *tape, const Primitive *row, Shape shape, const void *attributes, unsigned n_inputs,
                  const Var *inputs) {
    if (n_inputs > MOST_INPUTS) {
        fprintf(stderr, "%s: %u inputs, of at most %d\n", row->name, n_inputs, MOST_INPUTS);
        abort();
    }
    const size_t size = (sizeof(Node) + n_inputs * sizeof *inputs + 15) / 16 * 16;
    Node *node = tape_alloc(tape, 1, size + row->attributes_size);
    node->primitive = row;
    node->shape = shape;
    node->index = tape->count++;
    node->previous = tape->last;
    node->next = NULL;
    node->path = 0;
    node->attributes = NULL;
    if (row->attributes_size) node->attributes = memcpy((char *)node + size, attributes, row->attributes_size);
    node->n_inputs = n_inputs;
    for (unsigned i = 0; i < n_inputs; i++) node->input[i] = inputs[i];
    *(tape->last ? &tape->last->next : &tape->first) = node;
    return tape->last = node;
}

Var tape_apply(Tape *tape, const Primitive *row, Shape shape, const void *attributes, unsigned n_inputs,
               const Var *inputs) {
    Node *node = tape_append(tape, row, shape, attributes, n_inputs, inputs);
    node->data = NULL;
    if (tape->only_shapes) return node;
    real *out = tape_alloc(tape, shape_count(shape), sizeof *out);
    node->data = out;
    row->forward(tape, node, out);
    return node;
}

/* ---- leaves and values ---- */

Var tape_input(Tape *tape, Shape shape, const real *data) {
    static const Primitive leaf = {.name = "leaf"};
    Node *node = tape_append(tape, &leaf, shape, NULL, 0, NULL);
    node->data = data;
    return node;
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
