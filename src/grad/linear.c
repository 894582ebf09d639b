#include "grad/linear.h"

#include "grad/elementwise.h"
#include "grad/matmul.h"
#include "grad/primitive.h"
#include "grad/reduce.h"
#include "kernels/linear.h"

typedef struct Linear {
    Activation activation;
} Linear;

static void forward_linear(Tape *t, Node *node, real *out) {
    (void)t;
    const Linear *linear = node->attributes;
    Var weight = node->input[0], bias = node->input[1], x = node->input[2];
    linear_forward(weight->shape.dim[0], weight->shape.dim[1], x->shape.dim[1], weight->data, bias->data, x->data,
                   linear->activation, out);
}

static void rule_linear(Tape *t, Var node, Var g, unsigned wanted, Var *out) {
    const Linear *linear = node->attributes;
    if (linear->activation == ACTIVATION_RELU) g = op_relu_gate(t, node, g);
    if (wants(wanted, 0)) out[0] = op_matmul_nt(t, g, node->input[2]);
    if (wants(wanted, 1)) out[1] = op_sum_columns(t, g);
    if (wants(wanted, 2)) out[2] = op_matmul_tn(t, node->input[0], g);
}

static const Primitive row_linear = {"linear", forward_linear, rule_linear, sizeof(Linear)};

Var op_linear(Tape *t, Var weight, Var bias, Var x, Activation activation) {
    shape_require(weight->shape.rank == 2 && x->shape.rank == 2 && weight->shape.dim[1] == x->shape.dim[0], "linear",
                  weight->shape, x->shape);
    shape_require(shape_equal(bias->shape, shape_vector(weight->shape.dim[0])), "linear", weight->shape, bias->shape);
    Shape shape = shape_matrix(weight->shape.dim[0], x->shape.dim[1]);
    return tape_apply(t, &row_linear, shape, &(Linear){activation}, 3, (const Var[]){weight, bias, x});
}

const Primitive *const linear_primitives[] = {&row_linear, NULL};
