#include "grad/reduce.h"

#include <string.h>

#include "grad/primitive.h"
#include "grad/reshape.h"
#include "kernels/reduce.h"

static void forward_expand(Tape *t, Node *node, real *out) {
    (void)t;
    real value = node->input[0]->data[0];
    const size_t count = shape_count(node->shape);
    for (size_t i = 0; i < count; i++) out[i] = value;
}

static void rule_expand(Tape *t, Var node, Var g, unsigned wanted, Var *out) {
    if (wants(wanted, 0)) out[0] = op_reshape(t, op_sum(t, g), node->input[0]->shape);
}

static const Primitive row_expand = {"expand", forward_expand, rule_expand, 0};

Var op_expand(Tape *t, Var a, Shape shape) {
    shape_require(shape_count(a->shape) == 1, "expand", a->shape, shape);
    return tape_apply(t, &row_expand, shape, NULL, 1, &a);
}

static void forward_sum(Tape *t, Node *node, real *out) {
    (void)t;
    out[0] = vector_sum(shape_count(node->input[0]->shape), node->input[0]->data);
}

static void rule_sum(Tape *t, Var node, Var g, unsigned wanted, Var *out) {
    if (wants(wanted, 0)) out[0] = op_expand(t, g, node->input[0]->shape);
}

static const Primitive row_sum = {"sum", forward_sum, rule_sum, 0};

Var op_sum(Tape *t, Var a) {
    return tape_apply(t, &row_sum, shape_scalar(), NULL, 1, &a);
}

static void forward_expand_columns(Tape *t, Node *node, real *out) {
    (void)t;
    const real *a = node->input[0]->data;
    size_t columns = node->shape.dim[1];
    for (size_t r = 0; r < node->shape.dim[0]; r++)
        for (size_t c = 0; c < columns; c++) out[r * columns + c] = a[r];
}

static void rule_expand_columns(Tape *t, Var node, Var g, unsigned wanted, Var *out) {
    (void)node;
    if (wants(wanted, 0)) out[0] = op_sum_columns(t, g);
}

static const Primitive row_expand_columns = {"expand_columns", forward_expand_columns, rule_expand_columns, 0};

Var op_expand_columns(Tape *t, Var a, size_t columns) {
    Shape shape = shape_matrix(a->shape.dim[0], columns);
    shape_require(a->shape.rank == 1, "expand_columns", a->shape, shape);
    return tape_apply(t, &row_expand_columns, shape, NULL, 1, &a);
}

static void forward_sum_columns(Tape *t, Node *node, real *out) {
    (void)t;
    Var a = node->input[0];
    row_sums(a->shape.dim[0], a->shape.dim[1], a->data, out);
}

static void rule_sum_columns(Tape *t, Var node, Var g, unsigned wanted, Var *out) {
    if (wants(wanted, 0)) out[0] = op_expand_columns(t, g, node->input[0]->shape.dim[1]);
}

static const Primitive row_sum_columns = {"sum_columns", forward_sum_columns, rule_sum_columns, 0};

Var op_sum_columns(Tape *t, Var a) {
    Shape shape = shape_vector(a->shape.dim[0]);
    shape_require(a->shape.rank == 2, "sum_columns", a->shape, shape);
    return tape_apply(t, &row_sum_columns, shape, NULL, 1, &a);
}

static void forward_expand_rows(Tape *t, Node *node, real *out) {
    (void)t;
    size_t columns = node->shape.dim[1];
    for (size_t r = 0; r < node->shape.dim[0]; r++)
        memcpy(out + r * columns, node->input[0]->data, columns * sizeof *out);
}

static void rule_expand_rows(Tape *t, Var node, Var g, unsigned wanted, Var *out) {
    (void)node;
    if (wants(wanted, 0)) out[0] = op_sum_rows(t, g);
}

static const Primitive row_expand_rows = {"expand_rows", forward_expand_rows, rule_expand_rows, 0};

Var op_expand_rows(Tape *t, Var a, size_t rows) {
    Shape shape = shape_matrix(rows, a->shape.dim[0]);
    shape_require(a->shape.rank == 1, "expand_rows", a->shape, shape);
    return tape_apply(t, &row_expand_rows, shape, NULL, 1, &a);
}

static void forward_sum_rows(Tape *t, Node *node, real *out) {
    (void)t;
    Var a = node->input[0];
    column_sums(a->shape.dim[0], a->shape.dim[1], a->data, out);
}

static void rule_sum_rows(Tape *t, Var node, Var g, unsigned wanted, Var *out) {
    if (wants(wanted, 0)) out[0] = op_expand_rows(t, g, node->input[0]->shape.dim[0]);
}

static const Primitive row_sum_rows = {"sum_rows", forward_sum_rows, rule_sum_rows, 0};

Var op_sum_rows(Tape *t, Var a) {
    Shape shape = shape_vector(a->shape.dim[1]);
    shape_require(a->shape.rank == 2, "sum_rows", a->shape, shape);
    return tape_apply(t, &row_sum_rows, shape, NULL, 1, &a);
}

const Primitive *const reduce_primitives[] = {
    &row_expand, &row_sum, &row_expand_columns, &row_sum_columns, &row_expand_rows, &row_sum_rows, NULL};
