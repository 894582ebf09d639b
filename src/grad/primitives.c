/* The unfused rows of the table: kernel, rule and constructor of each primitive side by side. */
#include <string.h>

#include "grad/primitive.h"

#define RULE(name) static void name(Tape *t, Var node, Var g, unsigned wanted, Var *out)
#define FORWARD(name) static void name(Tape *t, Node *node, real *out)
#define IF_FIRST if (wanted & 1)
#define IF_SECOND if (wanted & 2)

static const Attributes NONE = {0};

/* ---- elementwise ---- */

FORWARD(forward_unary) {
    (void)t;
    node->primitive->unary(shape_count(node->shape), node->input[0]->data, out);
}

FORWARD(forward_binary) {
    (void)t;
    node->primitive->binary(shape_count(node->shape), node->input[0]->data, node->input[1]->data, out);
}

static Var unary(Tape *t, const Primitive *row, Var a) {
    return tape_apply(t, row, a->shape, NONE, 1, &a);
}

static Var binary(Tape *t, const Primitive *row, Var a, Var b) {
    shape_require(shape_equal(a->shape, b->shape), row->name, a->shape, b->shape);
    return tape_apply(t, row, a->shape, NONE, 2, (const Var[]){a, b});
}

RULE(rule_add) {
    (void)t, (void)node;
    IF_FIRST out[0] = g;
    IF_SECOND out[1] = g;
}

RULE(rule_sub) {
    (void)node;
    IF_FIRST out[0] = g;
    IF_SECOND out[1] = op_scale(t, g, -1);
}

RULE(rule_mul) {
    IF_FIRST out[0] = op_mul(t, g, node->input[1]);
    IF_SECOND out[1] = op_mul(t, g, node->input[0]);
}

RULE(rule_div) { /* y = a / b: dy/db = -y / b */
    Var quotient = op_div(t, g, node->input[1]);
    IF_FIRST out[0] = quotient;
    IF_SECOND out[1] = op_scale(t, op_mul(t, quotient, node), -1);
}

RULE(rule_scale) {
    IF_FIRST out[0] = op_scale(t, g, node->attributes.constant);
}

RULE(rule_add_constant) {
    (void)t, (void)node;
    IF_FIRST out[0] = g;
}

RULE(rule_exp) {
    IF_FIRST out[0] = op_mul(t, g, node);
}

RULE(rule_log) {
    IF_FIRST out[0] = op_div(t, g, node->input[0]);
}

RULE(rule_sqrt) {
    IF_FIRST out[0] = op_scale(t, op_div(t, g, node), REAL(0.5));
}

RULE(rule_tanh) { /* 1 - y^2 */
    IF_FIRST out[0] = op_mul(t, g, op_add_constant(t, op_scale(t, op_mul(t, node, node), -1), 1));
}

RULE(rule_sigmoid) { /* y (1 - y) */
    IF_FIRST out[0] = op_mul(t, g, op_mul(t, node, op_add_constant(t, op_scale(t, node, -1), 1)));
}

RULE(rule_relu) {
    IF_FIRST out[0] = op_relu_gate(t, node, g);
}

RULE(rule_relu_gate) {
    IF_SECOND out[1] = op_relu_gate(t, node->input[0], g);
}

FORWARD(forward_scale) {
    (void)t;
    vector_scale(shape_count(node->shape), node->attributes.constant, node->input[0]->data, out);
}

FORWARD(forward_add_constant) {
    (void)t;
    const real *a = node->input[0]->data, constant = node->attributes.constant;
    const size_t count = shape_count(node->shape);
    for (size_t i = 0; i < count; i++) out[i] = a[i] + constant;
}

#define ROW(op, ...) static const Primitive row_##op = {.name = #op, .rule = rule_##op, __VA_ARGS__}
#define BINARY(op, kernel)                                                                                             \
    ROW(op, .forward = forward_binary, .binary = kernel);                                                              \
    Var op_##op(Tape *t, Var a, Var b) {                                                                               \
        return binary(t, &row_##op, a, b);                                                                             \
    }
#define UNARY(op, kernel)                                                                                              \
    ROW(op, .forward = forward_unary, .unary = kernel);                                                                \
    Var op_##op(Tape *t, Var a) {                                                                                      \
        return unary(t, &row_##op, a);                                                                                 \
    }

BINARY(add, vector_add)
BINARY(sub, vector_sub)
BINARY(mul, vector_mul)
BINARY(div, vector_div)
BINARY(relu_gate, vector_relu_gradient)
UNARY(exp, vector_exp)
UNARY(log, vector_log)
UNARY(sqrt, vector_sqrt)
UNARY(tanh, vector_tanh)
UNARY(sigmoid, vector_sigmoid)
UNARY(relu, vector_relu)
ROW(scale, .forward = forward_scale);
ROW(add_constant, .forward = forward_add_constant);

Var op_scale(Tape *t, Var a, real factor) {
    return tape_apply(t, &row_scale, a->shape, (Attributes){.constant = factor}, 1, &a);
}

Var op_add_constant(Tape *t, Var a, real constant) {
    return tape_apply(t, &row_add_constant, a->shape, (Attributes){.constant = constant}, 1, &a);
}

/* ---- shape ---- */

RULE(rule_reshape) {
    IF_FIRST out[0] = op_reshape(t, g, node->input[0]->shape);
}

RULE(rule_slice) {
    IF_FIRST out[0] = op_embed(t, g, node->attributes.offset, node->input[0]->shape);
}

ROW(reshape, .forward = NULL);
ROW(slice, .forward = NULL);

static Var view(Tape *t, const Primitive *row, Var a, size_t offset, Shape shape) {
    Node *node = tape_append(t, row, shape, (Attributes){.offset = offset}, 1, &a);
    node->data = a->data + offset;
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

FORWARD(forward_embed) {
    (void)t;
    Var a = node->input[0];
    memset(out, 0, shape_count(node->shape) * sizeof *out);
    memcpy(out + node->attributes.offset, a->data, shape_count(a->shape) * sizeof *out);
}

RULE(rule_embed) {
    IF_FIRST out[0] = op_slice(t, g, node->attributes.offset, node->input[0]->shape);
}

ROW(embed, .forward = forward_embed);

Var op_embed(Tape *t, Var a, size_t offset, Shape shape) {
    shape_require(offset + shape_count(a->shape) <= shape_count(shape), "embed", a->shape, shape);
    return tape_apply(t, &row_embed, shape, (Attributes){.offset = offset}, 1, &a);
}

FORWARD(forward_transpose) {
    (void)t;
    size_t rows = node->shape.dim[1], columns = node->shape.dim[0];
    transpose(rows, columns, node->input[0]->data, columns, out, rows);
}

RULE(rule_transpose) {
    (void)node;
    IF_FIRST out[0] = op_transpose(t, g);
}

ROW(transpose, .forward = forward_transpose);

Var op_transpose(Tape *t, Var a) {
    Shape shape = shape_matrix(a->shape.dim[1], a->shape.dim[0]);
    shape_require(a->shape.rank == 2, "transpose", a->shape, shape);
    return tape_apply(t, &row_transpose, shape, NONE, 1, &a);
}

FORWARD(forward_concat) {
    (void)t;
    size_t count = shape_count(node->input[0]->shape);
    memcpy(out, node->input[0]->data, count * sizeof *out);
    memcpy(out + count, node->input[1]->data, shape_count(node->input[1]->shape) * sizeof *out);
}

RULE(rule_concat) {
    Shape a = node->input[0]->shape, b = node->input[1]->shape;
    IF_FIRST out[0] = op_slice(t, g, 0, a);
    IF_SECOND out[1] = op_slice(t, g, shape_count(a), b);
}

ROW(concat, .forward = forward_concat);

Var op_concat(Tape *t, Var a, Var b) {
    Shape shape = a->shape, same_rows = b->shape;
    same_rows.dim[0] = shape.dim[0];
    shape_require(shape.rank > 0 && shape_equal(shape, same_rows), "concat", a->shape, b->shape);
    shape.dim[0] += b->shape.dim[0];
    return tape_apply(t, &row_concat, shape, NONE, 2, (const Var[]){a, b});
}

Var concat_all(Tape *t, size_t count, const Var *parts) {
    if (count == 1) return parts[0];
    Var front = concat_all(t, count / 2, parts), back = concat_all(t, count - count / 2, parts + count / 2);
    return op_concat(t, front, back);
}

/* ---- broadcast and sum ---- */

FORWARD(forward_expand) {
    (void)t;
    real value = node->input[0]->data[0];
    const size_t count = shape_count(node->shape);
    for (size_t i = 0; i < count; i++) out[i] = value;
}

RULE(rule_expand) {
    IF_FIRST out[0] = op_reshape(t, op_sum(t, g), node->input[0]->shape);
}

ROW(expand, .forward = forward_expand);

Var op_expand(Tape *t, Var a, Shape shape) {
    shape_require(shape_count(a->shape) == 1, "expand", a->shape, shape);
    return tape_apply(t, &row_expand, shape, NONE, 1, &a);
}

FORWARD(forward_sum) {
    (void)t;
    out[0] = vector_sum(shape_count(node->input[0]->shape), node->input[0]->data);
}

RULE(rule_sum) {
    IF_FIRST out[0] = op_expand(t, g, node->input[0]->shape);
}

ROW(sum, .forward = forward_sum);

Var op_sum(Tape *t, Var a) {
    return tape_apply(t, &row_sum, shape_scalar(), NONE, 1, &a);
}

FORWARD(forward_expand_columns) {
    (void)t;
    const real *a = node->input[0]->data;
    size_t columns = node->shape.dim[1];
    for (size_t r = 0; r < node->shape.dim[0]; r++)
        for (size_t c = 0; c < columns; c++) out[r * columns + c] = a[r];
}

RULE(rule_expand_columns) {
    (void)node;
    IF_FIRST out[0] = op_sum_columns(t, g);
}

ROW(expand_columns, .forward = forward_expand_columns);

Var op_expand_columns(Tape *t, Var a, size_t columns) {
    Shape shape = shape_matrix(a->shape.dim[0], columns);
    shape_require(a->shape.rank == 1, "expand_columns", a->shape, shape);
    return tape_apply(t, &row_expand_columns, shape, NONE, 1, &a);
}

FORWARD(forward_sum_columns) {
    (void)t;
    Var a = node->input[0];
    row_sums(a->shape.dim[0], a->shape.dim[1], a->data, out);
}

RULE(rule_sum_columns) {
    IF_FIRST out[0] = op_expand_columns(t, g, node->input[0]->shape.dim[1]);
}

ROW(sum_columns, .forward = forward_sum_columns);

Var op_sum_columns(Tape *t, Var a) {
    Shape shape = shape_vector(a->shape.dim[0]);
    shape_require(a->shape.rank == 2, "sum_columns", a->shape, shape);
    return tape_apply(t, &row_sum_columns, shape, NONE, 1, &a);
}

FORWARD(forward_expand_rows) {
    (void)t;
    size_t columns = node->shape.dim[1];
    for (size_t r = 0; r < node->shape.dim[0]; r++)
        memcpy(out + r * columns, node->input[0]->data, columns * sizeof *out);
}

RULE(rule_expand_rows) {
    (void)node;
    IF_FIRST out[0] = op_sum_rows(t, g);
}

ROW(expand_rows, .forward = forward_expand_rows);

Var op_expand_rows(Tape *t, Var a, size_t rows) {
    Shape shape = shape_matrix(rows, a->shape.dim[0]);
    shape_require(a->shape.rank == 1, "expand_rows", a->shape, shape);
    return tape_apply(t, &row_expand_rows, shape, NONE, 1, &a);
}

FORWARD(forward_sum_rows) {
    (void)t;
    Var a = node->input[0];
    column_sums(a->shape.dim[0], a->shape.dim[1], a->data, out);
}

RULE(rule_sum_rows) {
    IF_FIRST out[0] = op_expand_rows(t, g, node->input[0]->shape.dim[0]);
}

ROW(sum_rows, .forward = forward_sum_rows);

Var op_sum_rows(Tape *t, Var a) {
    Shape shape = shape_vector(a->shape.dim[1]);
    shape_require(a->shape.rank == 2, "sum_rows", a->shape, shape);
    return tape_apply(t, &row_sum_rows, shape, NONE, 1, &a);
}

/* ---- matrix products ---- */

FORWARD(forward_matmul_nn) {
    (void)t;
    Var a = node->input[0], b = node->input[1];
    size_t m = node->shape.dim[0], n = node->shape.dim[1], k = a->shape.dim[1];
    gemm_nn(m, n, k, a->data, k, b->data, n, out, n, 0);
}

FORWARD(forward_matmul_tn) {
    (void)t;
    Var a = node->input[0], b = node->input[1];
    size_t m = node->shape.dim[0], n = node->shape.dim[1], k = a->shape.dim[0];
    linear_input_gradient(k, m, n, a->data, b->data, out);
}

FORWARD(forward_matmul_nt) {
    (void)t;
    Var a = node->input[0], b = node->input[1];
    size_t m = node->shape.dim[0], n = node->shape.dim[1], k = a->shape.dim[1];
    linear_weight_gradient(m, n, k, a->data, b->data, out);
}

RULE(rule_matmul_nn) { /* C = A B */
    IF_FIRST out[0] = op_matmul_nt(t, g, node->input[1]);
    IF_SECOND out[1] = op_matmul_tn(t, node->input[0], g);
}

RULE(rule_matmul_tn) { /* C = A' B */
    IF_FIRST out[0] = op_matmul_nt(t, node->input[1], g);
    IF_SECOND out[1] = op_matmul_nn(t, node->input[0], g);
}

RULE(rule_matmul_nt) { /* C = A B' */
    IF_FIRST out[0] = op_matmul_nn(t, g, node->input[1]);
    IF_SECOND out[1] = op_matmul_tn(t, g, node->input[0]);
}

ROW(matmul_nn, .forward = forward_matmul_nn);
ROW(matmul_tn, .forward = forward_matmul_tn);
ROW(matmul_nt, .forward = forward_matmul_nt);

/* inner_a, inner_b: which dimension of each is summed over */
static Var matmul(Tape *t, const Primitive *row, Var a, int inner_a, Var b, int inner_b) {
    shape_require(a->shape.rank == 2 && b->shape.rank == 2 && a->shape.dim[inner_a] == b->shape.dim[inner_b], row->name,
                  a->shape, b->shape);
    Shape shape = shape_matrix(a->shape.dim[!inner_a], b->shape.dim[!inner_b]);
    return tape_apply(t, row, shape, NONE, 2, (const Var[]){a, b});
}

Var op_matmul_nn(Tape *t, Var a, Var b) {
    return matmul(t, &row_matmul_nn, a, 1, b, 0);
}

Var op_matmul_tn(Tape *t, Var a, Var b) {
    return matmul(t, &row_matmul_tn, a, 0, b, 0);
}

Var op_matmul_nt(Tape *t, Var a, Var b) {
    return matmul(t, &row_matmul_nt, a, 1, b, 1);
}

/* ---- convolutions ---- */

Conv1d conv1d_of(Shape x, Shape weight, ConvGeometry g) {
    return (Conv1d){.batch = x.dim[2],
                    .in_channels = x.dim[0],
                    .out_channels = weight.dim[0],
                    .length = x.dim[1],
                    .width = weight.dim[2],
                    .stride = g.stride,
                    .padding = g.padding};
}

Shape conv1d_shape(const char *primitive, Shape x, Shape weight, ConvGeometry g) {
    shape_require(x.rank == 3 && weight.rank == 3 && x.dim[0] == weight.dim[1] && g.stride > 0 &&
                      x.dim[1] + 2 * g.padding >= weight.dim[2],
                  primitive, x, weight);
    Conv1d conv = conv1d_of(x, weight, g);
    return shape_signal(weight.dim[0], conv1d_output_length(&conv), x.dim[2]);
}

FORWARD(forward_conv1d) {
    (void)t;
    Var x = node->input[0], weight = node->input[1];
    Conv1d conv = conv1d_of(x->shape, weight->shape, node->attributes.geometry);
    conv1d_forward(&conv, x->data, weight->data, NULL, ACTIVATION_NONE, out);
}

FORWARD(forward_conv1d_input_gradient) {
    (void)t;
    Var gy = node->input[0], weight = node->input[1];
    Conv1d conv = conv1d_of(node->shape, weight->shape, node->attributes.geometry);
    conv1d_input_gradient(&conv, gy->data, weight->data, out);
}

FORWARD(forward_conv1d_weight_gradient) {
    (void)t;
    Var gy = node->input[0], x = node->input[1];
    Conv1d conv = conv1d_of(x->shape, node->shape, node->attributes.geometry);
    conv1d_weight_gradient(&conv, gy->data, x->data, out);
}

/* Each of the three is bilinear, and <y, conv(x, w)> = <x, input_gradient(y, w)> = <w, weight_gradient(y, x)>. */
RULE(rule_conv1d) {
    Var x = node->input[0], weight = node->input[1];
    ConvGeometry geometry = node->attributes.geometry;
    IF_FIRST out[0] = op_conv1d_input_gradient(t, g, weight, x->shape.dim[1], geometry);
    IF_SECOND out[1] = op_conv1d_weight_gradient(t, g, x, weight->shape.dim[2], geometry);
}

RULE(rule_conv1d_input_gradient) {
    Var gy = node->input[0], weight = node->input[1];
    ConvGeometry geometry = node->attributes.geometry;
    IF_FIRST out[0] = op_conv1d(t, g, weight, geometry);
    IF_SECOND out[1] = op_conv1d_weight_gradient(t, gy, g, weight->shape.dim[2], geometry);
}

RULE(rule_conv1d_weight_gradient) {
    Var gy = node->input[0], x = node->input[1];
    ConvGeometry geometry = node->attributes.geometry;
    IF_FIRST out[0] = op_conv1d(t, x, g, geometry);
    IF_SECOND out[1] = op_conv1d_input_gradient(t, gy, g, x->shape.dim[1], geometry);
}

ROW(conv1d, .forward = forward_conv1d);
ROW(conv1d_input_gradient, .forward = forward_conv1d_input_gradient);
ROW(conv1d_weight_gradient, .forward = forward_conv1d_weight_gradient);

Var op_conv1d(Tape *t, Var x, Var weight, ConvGeometry g) {
    Shape shape = conv1d_shape("conv1d", x->shape, weight->shape, g);
    return tape_apply(t, &row_conv1d, shape, (Attributes){.geometry = g}, 2, (const Var[]){x, weight});
}

Var op_conv1d_input_gradient(Tape *t, Var gy, Var weight, size_t length, ConvGeometry g) {
    Shape shape = shape_signal(weight->shape.dim[1], length, gy->shape.dim[2]);
    shape_require(shape_equal(gy->shape, conv1d_shape("conv1d_input_gradient", shape, weight->shape, g)),
                  "conv1d_input_gradient", gy->shape, weight->shape);
    return tape_apply(t, &row_conv1d_input_gradient, shape, (Attributes){.geometry = g}, 2, (const Var[]){gy, weight});
}

Var op_conv1d_weight_gradient(Tape *t, Var gy, Var x, size_t width, ConvGeometry g) {
    Shape shape = shape_signal(gy->shape.dim[0], x->shape.dim[0], width);
    shape_require(shape_equal(gy->shape, conv1d_shape("conv1d_weight_gradient", x->shape, shape, g)),
                  "conv1d_weight_gradient", gy->shape, x->shape);
    return tape_apply(t, &row_conv1d_weight_gradient, shape, (Attributes){.geometry = g}, 2, (const Var[]){gy, x});
}

/* ---- the table ---- */

const Primitive *const primitive_table[] = {&row_add,
                                            &row_sub,
                                            &row_mul,
                                            &row_div,
                                            &row_scale,
                                            &row_add_constant,
                                            &row_exp,
                                            &row_log,
                                            &row_sqrt,
                                            &row_tanh,
                                            &row_sigmoid,
                                            &row_relu,
                                            &row_relu_gate,
                                            &row_reshape,
                                            &row_transpose,
                                            &row_slice,
                                            &row_embed,
                                            &row_concat,
                                            &row_expand,
                                            &row_sum,
                                            &row_expand_columns,
                                            &row_sum_columns,
                                            &row_expand_rows,
                                            &row_sum_rows,
                                            &row_matmul_nn,
                                            &row_matmul_tn,
                                            &row_matmul_nt,
                                            &row_conv1d,
                                            &row_conv1d_input_gradient,
                                            &row_conv1d_weight_gradient,
                                            &row_max_pool,
                                            &row_chosen_pool,
                                            &row_chosen_unpool,
                                            &row_conv1d_relu_max_pool,
                                            &row_sum_pool,
                                            &row_sum_unpool,
                                            &row_divide_or_zero,
                                            &row_l2_pool,
                                            &row_l2_unpool,
                                            &row_linear,
                                            &row_conv1d_bias,
                                            &row_softmax_cross_entropy,
                                            &row_softmax_cross_entropy_backward,
                                            &row_bidirectional_gru,
                                            &row_bidirectional_gru_backward,
                                            &row_learned_activation,
                                            &row_learned_activation_backward,
                                            &row_sparse_linear,
                                            &row_sparse_input_gradient,
                                            &row_sparse_weight_gradient,
                                            NULL};
