#include "grad/fused.h"

#include "grad/derivative.h"
#include "grad/primitive.h"
#include "grad/reshape.h"

void fused_rule(Tape *t, const Primitive *backward, Var node, Var g, unsigned computed, unsigned wanted, Var *out) {
    Var inputs[MOST_INPUTS] = {NULL};
    size_t count = 0, offset = 0;
    for (unsigned i = 0; i < node->n_inputs; i++) {
        inputs[i] = node->input[i];
        if (wants(computed, i)) count += shape_count(inputs[i]->shape);
    }
    shape_require(node->n_inputs < MOST_INPUTS, backward->name, node->shape, g->shape);
    inputs[node->n_inputs] = g;
    const Backward attributes = {node, computed};
    Var flat = tape_apply(t, backward, shape_vector(count), &attributes, node->n_inputs + 1, inputs);
    for (unsigned i = 0; i < node->n_inputs; i++) {
        if (wants(wanted, i)) out[i] = op_slice(t, flat, offset, inputs[i]->shape);
        if (wants(computed, i)) offset += shape_count(inputs[i]->shape);
    }
}

void fused_backward_rule(Tape *t, Reference *reference, Var node, Var g, unsigned wanted, Var *out) {
    const Backward *backward = node->attributes;
    Var views[MOST_INPUTS] = {NULL}, wrt[MOST_INPUTS], gradients[MOST_INPUTS];
    const unsigned n_forward = node->n_inputs - 1;
    unsigned n = 0;
    for (unsigned i = 0; i < node->n_inputs; i++) views[i] = op_reshape(t, node->input[i], node->input[i]->shape);
    Var output = reference(t, backward->forward, views);
    for (unsigned i = 0; i < n_forward; i++)
        if (wants(backward->computed, i)) wrt[n++] = views[i];
    tape_vjp(t, output, views[n_forward], n, wrt, gradients);
    for (unsigned i = 0; i < n; i++)
        gradients[i] = op_reshape(t, gradients[i], shape_vector(shape_count(wrt[i]->shape)));
    Var flat = op_reshape(t, op_concat_all(t, n, gradients), node->shape);
    n = 0;
    for (unsigned i = 0; i < node->n_inputs; i++)
        if (wants(wanted, i)) wrt[n++] = views[i];
    tape_vjp(t, flat, g, n, wrt, gradients);
    n = 0;
    for (unsigned i = 0; i < node->n_inputs; i++)
        if (wants(wanted, i)) out[i] = gradients[n++];
}
