#include "grad/reshape.h"

#include <string.h>

#include "grad/primitive.h"
#include "kernels/elementwise.h"
#include "kernels/reduce.h"

/* The attributes of slice, embed, columns and embed_columns: an element of the flat data, or a column. */
typedef struct Offset {
    size_t offset;
} Offset;

static void rule_reshape(Tape *t, Var node, Var g, unsigned wanted, Var *out) {
    if (wants(wanted, 0)) out[0] = op_reshape(t, g, node->input[0]->shape);
}

static void rule_slice(Tape *t, Var node, Var g, unsigned wanted, Var *out) {
    if (wants(wanted, 0)) out[0] = op_embed(t, g, ((const Offset *)node->attributes)->offset, node->input[0]->shape);
}

static const Primitive row_reshape = {"reshape", NULL, rule_reshape, 0};
static const Primitive row_slice = {"slice", NULL, rule_slice, sizeof(Offset)};

static Var view(Tape *t, const Primitive *row, Var a, size_t offset, Shape shape) {
    Node *node = tape_append(t, row, shape, &(Offset){offset}, 1, &a);
    node->data = a->data ? a->data + offset : NULL; /* a tape of shapes has none */
    return node;
}

Var op_reshape(Tape *t, Var a, Shape shape) {
    shape_require(shape_count(a->shape) == shape_count(shape), "reshape", a->shape, shape);
    return view(t, &row_reshape, a, 0, shape);
}

Var op_slice(Tape *t, Var a, size_t offset, Shape shape) {
    shape_require(offset + shape_count(shape) <= shape_count(a->shape), "slice", a->shape, shape);
    return view(t, &row_slice, a, offset, shape);
}

static void forward_embed(Tape *t, Node *node, real *out) {
    (void)t;
    Var a = node->input[0];
    memset(out, 0, shape_count(node->shape) * sizeof *out);
    memcpy(out + ((const Offset *)node->attributes)->offset, a->data, shape_count(a->shape) * sizeof *out);
}

static void rule_embed(Tape *t, Var node, Var g, unsigned wanted, Var *out) {
    if (wants(wanted, 0)) out[0] = op_slice(t, g, ((const Offset *)node->attributes)->offset, node->input[0]->shape);
}

static const Primitive row_embed = {"embed", forward_embed, rule_embed, sizeof(Offset)};

Var op_embed(Tape *t, Var a, size_t offset, Shape shape) {
    shape_require(offset + shape_count(a->shape) <= shape_count(shape), "embed", a->shape, shape);
    return tape_apply(t, &row_embed, shape, &(Offset){offset}, 1, &a);
}

Var embedded_at_front(Var v) {
    return v->primitive == &row_embed && ((const Offset *)v->attributes)->offset == 0 ? v->input[0] : NULL;
}

/* ---- columns ---- */

static void forward_columns(Tape *t, Node *node, real *out) {
    (void)t;
    const Var a = node->input[0];
    const size_t count = node->shape.dim[1], first = ((const Offset *)node->attributes)->offset;
    for (size_t r = 0; r < node->shape.dim[0]; r++)
        memcpy(out + r * count, a->data + r * a->shape.dim[1] + first, count * sizeof *out);
}

static void rule_columns(Tape *t, Var node, Var g, unsigned wanted, Var *out) {
    const size_t first = ((const Offset *)node->attributes)->offset;
    if (wants(wanted, 0)) out[0] = op_embed_columns(t, g, first, node->input[0]->shape.dim[1]);
}

static const Primitive row_columns = {"columns", forward_columns, rule_columns, sizeof(Offset)};

Var op_columns(Tape *t, Var a, size_t first, size_t count) {
    const Shape shape = shape_matrix(a->shape.dim[0], count);
    shape_require(a->shape.rank == 2 && first + count <= a->shape.dim[1], "columns", a->shape, shape);
    return tape_apply(t, &row_columns, shape, &(Offset){first}, 1, &a);
}

static void forward_embed_columns(Tape *t, Node *node, real *out) {
    (void)t;
    const Var a = node->input[0];
    const size_t count = a->shape.dim[1], first = ((const Offset *)node->attributes)->offset;
    memset(out, 0, shape_count(node->shape) * sizeof *out);
    for (size_t r = 0; r < node->shape.dim[0]; r++)
        memcpy(out + r * node->shape.dim[1] + first, a->data + r * count, count * sizeof *out);
}

static void rule_embed_columns(Tape *t, Var node, Var g, unsigned wanted, Var *out) {
    const size_t first = ((const Offset *)node->attributes)->offset;
    if (wants(wanted, 0)) out[0] = op_columns(t, g, first, node->input[0]->shape.dim[1]);
}

static const Primitive row_embed_columns = {"embed_columns", forward_embed_columns, rule_embed_columns, sizeof(Offset)};

Var op_embed_columns(Tape *t, Var a, size_t first, size_t columns) {
    const Shape shape = shape_matrix(a->shape.dim[0], columns);
    shape_require(a->shape.rank == 2 && first + a->shape.dim[1] <= columns, "embed_columns", a->shape, shape);
    return tape_apply(t, &row_embed_columns, shape, &(Offset){first}, 1, &a);
}

/* ---- transposes and joins ---- */

static void forward_transpose(Tape *t, Node *node, real *out) {
    (void)t;
    size_t rows = node->shape.dim[1], columns = node->shape.dim[0];
    transpose(rows, columns, node->input[0]->data, columns, out, rows);
}

static void rule_transpose(Tape *t, Var node, Var g, unsigned wanted, Var *out) {
    (void)node;
    if (wants(wanted, 0)) out[0] = op_transpose(t, g);
}

static const Primitive row_transpose = {"transpose", forward_transpose, rule_transpose, 0};

Var op_transpose(Tape *t, Var a) {
    Shape shape = shape_matrix(a->shape.dim[1], a->shape.dim[0]);
    shape_require(a->shape.rank == 2, "transpose", a->shape, shape);
    return tape_apply(t, &row_transpose, shape, NULL, 1, &a);
}

static void forward_concat(Tape *t, Node *node, real *out) {
    (void)t;
    for (unsigned i = 0; i < node->n_inputs; i++) {
        const size_t count = shape_count(node->input[i]->shape);
        elementwise_unary(vector_copy, count, node->input[i]->data, out);
        out += count;
    }
}

static void rule_concat(Tape *t, Var node, Var g, unsigned wanted, Var *out) {
    size_t offset = 0;
    for (unsigned i = 0; i < node->n_inputs; i++) {
        const Shape part = node->input[i]->shape;
        if (wants(wanted, i)) out[i] = op_slice(t, g, offset, part);
        offset += shape_count(part);
    }
}

static const Primitive row_concat = {"concat", forward_concat, rule_concat, 0};

Var op_concat_all(Tape *t, size_t count, const Var *parts) {
    if (count > MOST_INPUTS) {
        Var front = op_concat_all(t, count / 2, parts), back = op_concat_all(t, count - count / 2, parts + count / 2);
        return op_concat(t, front, back);
    }
    Shape shape = parts[0]->shape;
    shape.dim[0] = 0;
    for (size_t i = 0; i < count; i++) {
        Shape same_channels = parts[i]->shape;
        same_channels.dim[0] = parts[0]->shape.dim[0];
        shape_require(shape.rank > 0 && shape_equal(parts[0]->shape, same_channels), "concat", parts[0]->shape,
                      parts[i]->shape);
        shape.dim[0] += parts[i]->shape.dim[0];
    }
    return count == 1 ? parts[0] : tape_apply(t, &row_concat, shape, NULL, (unsigned)count, parts);
}

Var op_concat(Tape *t, Var a, Var b) {
    return op_concat_all(t, 2, (const Var[]){a, b});
}

const Primitive *const reshape_primitives[] = {&row_reshape,       &row_slice,     &row_embed,  &row_columns,
                                               &row_embed_columns, &row_transpose, &row_concat, NULL};
