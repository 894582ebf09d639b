#include "grad/matmul.h"

#include "grad/primitive.h"
#include "kernels/gemm.h"
#include "kernels/linear.h"

static void forward_matmul_nn(Tape *t, Node *node, real *out) {
    (void)t;
    Var a = node->input[0], b = node->input[1];
    size_t m = node->shape.dim[0], n = node->shape.dim[1], k = a->shape.dim[1];
    gemm_nn(m, n, k, a->data, k, b->data, n, out, n, 0);
}

static void forward_matmul_tn(Tape *t, Node *node, real *out) {
    (void)t;
    Var a = node->input[0], b = node->input[1];
    size_t m = node->shape.dim[0], n = node->shape.dim[1], k = a->shape.dim[0];
    linear_input_gradient(k, m, n, a->data, b->data, out);
}

static void forward_matmul_nt(Tape *t, Node *node, real *out) {
    (void)t;
    Var a = node->input[0], b = node->input[1];
    size_t m = node->shape.dim[0], n = node->shape.dim[1], k = a->shape.dim[1];
    linear_weight_gradient(m, n, k, a->data, b->data, out);
}

static void rule_matmul_nn(Tape *t, Var node, Var g, unsigned wanted, Var *out) { /* C = A B */
    if (wants(wanted, 0)) out[0] = op_matmul_nt(t, g, node->input[1]);
    if (wants(wanted, 1)) out[1] = op_matmul_tn(t, node->input[0], g);
}

static void rule_matmul_tn(Tape *t, Var node, Var g, unsigned wanted, Var *out) { /* C = A' B */
    if (wants(wanted, 0)) out[0] = op_matmul_nt(t, node->input[1], g);
    if (wants(wanted, 1)) out[1] = op_matmul_nn(t, node->input[0], g);
}

static void rule_matmul_nt(Tape *t, Var node, Var g, unsigned wanted, Var *out) { /* C = A B' */
    if (wants(wanted, 0)) out[0] = op_matmul_nn(t, g, node->input[1]);
    if (wants(wanted, 1)) out[1] = op_matmul_tn(t, g, node->input[0]);
}

static const Primitive row_matmul_nn = {"matmul_nn", forward_matmul_nn, rule_matmul_nn, 0};
static const Primitive row_matmul_tn = {"matmul_tn", forward_matmul_tn, rule_matmul_tn, 0};
static const Primitive row_matmul_nt = {"matmul_nt", forward_matmul_nt, rule_matmul_nt, 0};

/* inner_a, inner_b: which dimension of each is summed over */
static Var matmul(Tape *t, const Primitive *row, Var a, int inner_a, Var b, int inner_b) {
    shape_require(a->shape.rank == 2 && b->shape.rank == 2 && a->shape.dim[inner_a] == b->shape.dim[inner_b], row->name,
                  a->shape, b->shape);
    Shape shape = shape_matrix(a->shape.dim[!inner_a], b->shape.dim[!inner_b]);
    return tape_apply(t, row, shape, NULL, 2, (const Var[]){a, b});
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

const Primitive *const matmul_primitives[] = {&row_matmul_nn, &row_matmul_tn, &row_matmul_nt, NULL};
