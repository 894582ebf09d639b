#include "grad/convolution.h"

#include "grad/elementwise.h"
#include "grad/primitive.h"
#include "grad/reduce.h"
#include "grad/reshape.h"
#include "kernels/convolution_weights.h"

/* The attributes of the three products. */
typedef struct Convolved {
    ConvGeometry geometry;
} Convolved;

static ConvGeometry geometry_of(Var node) {
    return ((const Convolved *)node->attributes)->geometry;
}

Convolution convolution_of(Shape x, Shape weight, ConvGeometry g) {
    const int last = x.rank - 2; /* the columns, behind the rows of an image */
    return (Convolution){.batch = x.dim[x.rank - 1],
                         .in_channels = x.dim[0],
                         .out_channels = weight.dim[0],
                         .rows = x.rank == 4 ? (ConvolutionAxis){x.dim[1], weight.dim[2], g.stride, g.row_padding}
                                             : (ConvolutionAxis)CONVOLUTION_ONE_ROW,
                         .columns = {x.dim[last], weight.dim[last + 1], g.stride, g.padding}};
}

static int fits(const ConvolutionAxis *axis) {
    return axis->stride > 0 && axis->taps > 0 && axis->size + 2 * axis->padding >= axis->taps;
}

static Shape convolution_shape(const char *primitive, Shape x, Shape weight, ConvGeometry g) {
    const int ranks = (x.rank == 3 && g.row_padding == 0) || x.rank == 4;
    shape_require(ranks && weight.rank == x.rank && x.dim[0] == weight.dim[1], primitive, x, weight);
    const Convolution conv = convolution_of(x, weight, g);
    shape_require(fits(&conv.rows) && fits(&conv.columns), primitive, x, weight);
    const size_t rows = axis_outputs(&conv.rows), columns = axis_outputs(&conv.columns);
    return x.rank == 4 ? shape_image(weight.dim[0], rows, columns, conv.batch)
                       : shape_signal(weight.dim[0], columns, conv.batch);
}

static void forward_convolution(Tape *t, Node *node, real *out) {
    (void)t;
    Var x = node->input[0], weight = node->input[1];
    const Convolution conv = convolution_of(x->shape, weight->shape, geometry_of(node));
    convolution_forward(&conv, x->data, weight->data, NULL, ACTIVATION_NONE, out);
}

static void forward_convolution_input_gradient(Tape *t, Node *node, real *out) {
    (void)t;
    Var gy = node->input[0], weight = node->input[1];
    const Convolution conv = convolution_of(node->shape, weight->shape, geometry_of(node));
    convolution_input_gradient(&conv, gy->data, weight->data, out);
}

static void forward_convolution_weight_gradient(Tape *t, Node *node, real *out) {
    (void)t;
    Var gy = node->input[0], x = node->input[1];
    const Convolution conv = convolution_of(x->shape, node->shape, geometry_of(node));
    convolution_weight_gradient(&conv, gy->data, x->data, out);
}

/* Each of the three is bilinear, and <y, conv(x, w)> = <x, input_gradient(y, w)> = <w, weight_gradient(y, x)>. */
static void rule_convolution(Tape *t, Var node, Var g, unsigned wanted, Var *out) {
    Var x = node->input[0], weight = node->input[1];
    const ConvGeometry geometry = geometry_of(node);
    if (wants(wanted, 0)) out[0] = op_convolution_input_gradient(t, g, weight, x->shape, geometry);
    if (wants(wanted, 1)) out[1] = op_convolution_weight_gradient(t, g, x, weight->shape, geometry);
}

static void rule_convolution_input_gradient(Tape *t, Var node, Var g, unsigned wanted, Var *out) {
    Var gy = node->input[0], weight = node->input[1];
    const ConvGeometry geometry = geometry_of(node);
    if (wants(wanted, 0)) out[0] = op_convolution(t, g, weight, geometry);
    if (wants(wanted, 1)) out[1] = op_convolution_weight_gradient(t, gy, g, weight->shape, geometry);
}

static void rule_convolution_weight_gradient(Tape *t, Var node, Var g, unsigned wanted, Var *out) {
    Var gy = node->input[0], x = node->input[1];
    const ConvGeometry geometry = geometry_of(node);
    if (wants(wanted, 0)) out[0] = op_convolution(t, x, g, geometry);
    if (wants(wanted, 1)) out[1] = op_convolution_input_gradient(t, gy, g, x->shape, geometry);
}

static const Primitive row_convolution = {"convolution", forward_convolution, rule_convolution, sizeof(Convolved)};
static const Primitive row_convolution_input_gradient = {"convolution_input_gradient",
                                                         forward_convolution_input_gradient,
                                                         rule_convolution_input_gradient, sizeof(Convolved)};
static const Primitive row_convolution_weight_gradient = {"convolution_weight_gradient",
                                                          forward_convolution_weight_gradient,
                                                          rule_convolution_weight_gradient, sizeof(Convolved)};

Var op_convolution(Tape *t, Var x, Var weight, ConvGeometry g) {
    Shape shape = convolution_shape("convolution", x->shape, weight->shape, g);
    return tape_apply(t, &row_convolution, shape, &(Convolved){g}, 2, (const Var[]){x, weight});
}

Var op_convolution_input_gradient(Tape *t, Var gy, Var weight, Shape x, ConvGeometry g) {
    shape_require(shape_equal(gy->shape, convolution_shape("convolution_input_gradient", x, weight->shape, g)),
                  "convolution_input_gradient", gy->shape, weight->shape);
    return tape_apply(t, &row_convolution_input_gradient, x, &(Convolved){g}, 2, (const Var[]){gy, weight});
}

Var op_convolution_weight_gradient(Tape *t, Var gy, Var x, Shape weight, ConvGeometry g) {
    shape_require(shape_equal(gy->shape, convolution_shape("convolution_weight_gradient", x->shape, weight, g)),
                  "convolution_weight_gradient", gy->shape, x->shape);
    return tape_apply(t, &row_convolution_weight_gradient, weight, &(Convolved){g}, 2, (const Var[]){gy, x});
}

/* ---- convolution with bias and activation ---- */

typedef struct BiasedConvolution {
    ConvGeometry geometry;
    Activation activation;
} BiasedConvolution;

Shape convolution_bias_shape(const char *primitive, Shape x, Shape weight, Shape bias, ConvGeometry g) {
    const Shape shape = convolution_shape(primitive, x, weight, g);
    shape_require(shape_equal(bias, shape_vector(weight.dim[0])), primitive, weight, bias);
    return shape;
}

static void forward_convolution_bias(Tape *t, Node *node, real *out) {
    (void)t;
    const BiasedConvolution *attributes = node->attributes;
    Var x = node->input[0], weight = node->input[1], bias = node->input[2];
    const Convolution conv = convolution_of(x->shape, weight->shape, attributes->geometry);
    convolution_forward(&conv, x->data, weight->data, bias->data, attributes->activation, out);
}

void convolution_bias_gradients(Tape *t, Var x, Var weight, ConvGeometry geometry, Var g, unsigned wanted, Var *out) {
    const Shape rows = shape_matrix(g->shape.dim[0], shape_count(g->shape) / g->shape.dim[0]);
    if (wants(wanted, 0)) out[0] = op_convolution_input_gradient(t, g, weight, x->shape, geometry);
    if (wants(wanted, 1)) out[1] = op_convolution_weight_gradient(t, g, x, weight->shape, geometry);
    if (wants(wanted, 2)) out[2] = op_sum_columns(t, op_reshape(t, g, rows));
}

static void rule_convolution_bias(Tape *t, Var node, Var g, unsigned wanted, Var *out) {
    const BiasedConvolution *attributes = node->attributes;
    if (attributes->activation == ACTIVATION_RELU) g = op_relu_gate(t, node, g);
    convolution_bias_gradients(t, node->input[0], node->input[1], attributes->geometry, g, wanted, out);
}

static const Primitive row_convolution_bias = {"convolution_bias", forward_convolution_bias, rule_convolution_bias,
                                               sizeof(BiasedConvolution)};

Var op_convolution_bias(Tape *t, Var x, Var weight, Var bias, ConvGeometry g, Activation activation) {
    const Shape shape = convolution_bias_shape("convolution_bias", x->shape, weight->shape, bias->shape, g);
    return tape_apply(t, &row_convolution_bias, shape, &(BiasedConvolution){g, activation}, 3,
                      (const Var[]){x, weight, bias});
}

const Primitive *const convolution_primitives[] = {&row_convolution, &row_convolution_input_gradient,
                                                   &row_convolution_weight_gradient, &row_convolution_bias, NULL};
