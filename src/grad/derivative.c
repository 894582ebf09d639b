#include "grad/derivative.h"

#include "grad/elementwise.h"
#include "grad/primitive.h"

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
    Var gradients[MOST_INPUTS] = {NULL};
    unsigned wanted = 0;
    for (unsigned i = 0; i < node->n_inputs; i++)
        if (node->input[i]->path == walk) wanted |= 1u << i;
    if (!wanted) return;
    node->primitive->rule(tape, node, node->adjoint, wanted, gradients);
    for (unsigned i = 0; i < node->n_inputs; i++) {
        if (!gradients[i] || !wants(wanted, i)) continue;
        add_adjoint(tape, writable(node->input[i]), gradients[i]);
    }
}

/* A rule may call tape_vjp again, as fused_backward_rule does, when that walk stays among nodes made since this one
 * began: each node has one mark and one adjoint, those of the last walk. */
void tape_vjp_many(Tape *tape, size_t n_outputs, const Var *outputs, const Var *seeds, size_t count, const Var *wrt,
                   Var *gradients) {
    const size_t walk = tape_new_walk(tape);
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
