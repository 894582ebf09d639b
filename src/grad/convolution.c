#include "grad/convolution.h"

#include "grad/elementwise.h"
#include "grad/primitive.h"
#include "grad/reduce.h"
#include "grad/reshape.h"

/* The attributes of the three products. */
typedef struct Convolution {
    ConvGeometry geometry;
} Convolution;

static ConvGeometry geometry_of(Var node) {
    return ((const Convolution *)node->attributes)->geometry;
}

Conv1d conv1d_of(Shape x, Shape weight, ConvGeometry g) {
    return (Conv1d){.batch = x.dim[2],
                    .in_channels = x.dim[0],
                    .out_channels = weight.dim[0],
                    .length = x.dim[1],
                    .width = weight.dim[2],
                    .stride = g.stride,
                    .padding = g.padding};
}

static Shape conv1d_shape(const char *primitive, Shape x, Shape weight, ConvGeometry g) {
    shape_require(x.rank == 3 && weight.rank == 3 && x.dim[0] == weight.dim[1] && g.stride > 0 &&
                      x.dim[1] + 2 * g.padding >= weight.dim[2],
                  primitive, x, weight);
    Conv1d conv = conv1d_of(x, weight, g);
    return shape_signal(weight.dim[0], conv1d_output_length(&conv), x.dim[2]);
}

static void forward_conv1d(Tape *t, Node *node, real *out) {
    (void)t;
    Var x = node->input[0], weight = node->input[1];
    Conv1d conv = conv1d_of(x->shape, weight->shape, geometry_of(node));
    conv1d_forward(&conv, x->data, weight->data, NULL, ACTIVATION_NONE, out);
}

static void forward_conv1d_input_gradient(Tape *t, Node *node, real *out) {
    (void)t;
    Var gy = node->input[0], weight = node->input[1];
    Conv1d conv = conv1d_of(node->shape, weight->shape, geometry_of(node));
    conv1d_input_gradient(&conv, gy->data, weight->data, out);
}

static void forward_conv1d_weight_gradient(Tape *t, Node *node, real *out) {
    (void)t;
    Var gy = node->input[0], x = node->input[1];
    Conv1d conv = conv1d_of(x->shape, node->shape, geometry_of(node));
    conv1d_weight_gradient(&conv, gy->data, x->data, out);
}

/* Each of the three is bilinear, and <y, conv(x, w)> = <x, input_gradient(y, w)> = <w, weight_gradient(y, x)>. */
static void rule_conv1d(Tape *t, Var node, Var g, unsigned wanted, Var *out) {
    Var x = node->input[0], weight = node->input[1];
    const ConvGeometry geometry = geometry_of(node);
    if (wants(wanted, 0)) out[0] = op_conv1d_input_gradient(t, g, weight, x->shape.dim[1], geometry);
    if (wants(wanted, 1)) out[1] = op_conv1d_weight_gradient(t, g, x, weight->shape.dim[2], geometry);
}

static void rule_conv1d_input_gradient(Tape *t, Var node, Var g, unsigned wanted, Var *out) {
    Var gy = node->input[0], weight = node->input[1];
    const ConvGeometry geometry = geometry_of(node);
    if (wants(wanted, 0)) out[0] = op_conv1d(t, g, weight, geometry);
    if (wants(wanted, 1)) out[1] = op_conv1d_weight_gradient(t, gy, g, weight->shape.dim[2], geometry);
}

static void rule_conv1d_weight_gradient(Tape *t, Var node, Var g, unsigned wanted, Var *out) {
    Var gy = node->input[0], x = node->input[1];
    const ConvGeometry geometry = geometry_of(node);
    if (wants(wanted, 0)) out[0] = op_conv1d(t, x, g, geometry);
    if (wants(wanted, 1)) out[1] = op_conv1d_input_gradient(t, gy, g, x->shape.dim[1], geometry);
}

static const Primitive row_conv1d = {"conv1d", forward_conv1d, rule_conv1d, sizeof(Convolution)};
static const Primitive row_conv1d_input_gradient = {"conv1d_input_gradient", forward_conv1d_input_gradient,
                                                    rule_conv1d_input_gradient, sizeof(Convolution)};
static const Primitive row_conv1d_weight_gradient = {"conv1d_weight_gradient", forward_conv1d_weight_gradient,
                                                     rule_conv1d_weight_gradient, sizeof(Convolution)};

Var op_conv1d(Tape *t, Var x, Var weight, ConvGeometry g) {
    Shape shape = conv1d_shape("conv1d", x->shape, weight->shape, g);
    return tape_apply(t, &row_conv1d, shape, &(Convolution){g}, 2, (const Var[]){x, weight});
}

Var op_conv1d_input_gradient(Tape *t, Var gy, Var weight, size_t length, ConvGeometry g) {
    Shape shape = shape_signal(weight->shape.dim[1], length, gy->shape.dim[2]);
    shape_require(shape_equal(gy->shape, conv1d_shape("conv1d_input_gradient", shape, weight->shape, g)),
                  "conv1d_input_gradient", gy->shape, weight->shape);
    return tape_apply(t, &row_conv1d_input_gradient, shape, &(Convolution){g}, 2, (const Var[]){gy, weight});
}

Var op_conv1d_weight_gradient(Tape *t, Var gy, Var x, size_t width, ConvGeometry g) {
    Shape shape = shape_signal(gy->shape.dim[0], x->shape.dim[0], width);
    shape_require(shape_equal(gy->shape, conv1d_shape("conv1d_weight_gradient", x->shape, shape, g)),
                  "conv1d_weight_gradient", gy->shape, x->shape);
    return tape_apply(t, &row_conv1d_weight_gradient, shape, &(Convolution){g}, 2, (const Var[]){gy, x});
}

/* ---- convolution with bias and activation ---- */

typedef struct BiasedConvolution {
    ConvGeometry geometry;
    Activation activation;
} BiasedConvolution;

Shape conv1d_bias_shape(const char *primitive, Shape x, Shape weight, Shape bias, ConvGeometry g) {
    const Shape shape = conv1d_shape(primitive, x, weight, g);
    shape_require(shape_equal(bias, shape_vector(weight.dim[0])), primitive, weight, bias);
    return shape;
}

static void forward_conv1d_bias(Tape *t, Node *node, real *out) {
    (void)t;
    const BiasedConvolution *attributes = node->attributes;
    Var x = node->input[0], weight = node->input[1], bias = node->input[2];
    Conv1d conv = conv1d_of(x->shape, weight->shape, attributes->geometry);
    conv1d_forward(&conv, x->data, weight->data, bias->data, attributes->activation, out);
}

void conv1d_bias_gradients(Tape *t, Var x, Var weight, ConvGeometry geometry, Var g, unsigned wanted, Var *out) {
    Shape rows = shape_matrix(g->shape.dim[0], g->shape.dim[1] * g->shape.dim[2]);
    if (wants(wanted, 0)) out[0] = op_conv1d_input_gradient(t, g, weight, x->shape.dim[1], geometry);
    if (wants(wanted, 1)) out[1] = op_conv1d_weight_gradient(t, g, x, weight->shape.dim[2], geometry);
    if (wants(wanted, 2)) out[2] = op_sum_columns(t, op_reshape(t, g, rows));
}

static void rule_conv1d_bias(Tape *t, Var node, Var g, unsigned wanted, Var *out) {
    const BiasedConvolution *attributes = node->attributes;
    if (attributes->activation == ACTIVATION_RELU) g = op_relu_gate(t, node, g);
    conv1d_bias_gradients(t, node->input[0], node->input[1], attributes->geometry, g, wanted, out);
}

static const Primitive row_conv1d_bias = {"conv1d_bias", forward_conv1d_bias, rule_conv1d_bias,
                                          sizeof(BiasedConvolution)};

Var op_conv1d_bias(Tape *t, Var x, Var weight, Var bias, ConvGeometry g, Activation activation) {
    const Shape shape = conv1d_bias_shape("conv1d_bias", x->shape, weight->shape, bias->shape, g);
    return tape_apply(t, &row_conv1d_bias, shape, &(BiasedConvolution){g, activation}, 3,
                      (const Var[]){x, weight, bias});
}

const Primitive *const convolution_primitives[] = {&row_conv1d, &row_conv1d_input_gradient, &row_conv1d_weight_gradient,
                                                   &row_conv1d_bias, NULL};
