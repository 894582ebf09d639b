#include "grad/pointwise.h"

void forward_unary(Tape *t, Node *node, real *out) {
    (void)t;
    const Unary *unary = node->attributes;
    elementwise_unary(unary->kernel, shape_count(node->shape), node->input[0]->data, out);
}

Var apply_unary(Tape *t, const Primitive *row, UnaryKernel *kernel, Var a) {
    return tape_apply(t, row, a->shape, &(Unary){kernel}, 1, &a);
}

void forward_binary(Tape *t, Node *node, real *out) {
    (void)t;
    const Binary *binary = node->attributes;
    elementwise_binary(binary->kernel, shape_count(node->shape), node->input[0]->data, node->input[1]->data, out);
}

Var apply_binary(Tape *t, const Primitive *row, BinaryKernel *kernel, Var a, Var b) {
    shape_require(shape_equal(a->shape, b->shape), row->name, a->shape, b->shape);
    return tape_apply(t, row, a->shape, &(Binary){kernel}, 2, (const Var[]){a, b});
}
