#include "nn/contrastive.h"

#include "grad/elementwise.h"
#include "grad/loss.h"
#include "grad/matmul.h"
#include "grad/reduce.h"
#include "grad/reshape.h"

Var unit_columns(Tape *t, Var z) {
    const Var squares = op_sum_rows(t, op_mul(t, z, z));
    const Var length = op_sqrt(t, op_add_constant(t, squares, REAL(1e-24)));
    return op_div(t, z, op_expand_rows(t, length, var_shape(z).dim[0]));
}

/* Row j of the similarities is the second view of example j, so that the label of column i is i. */
Var contrastive_loss(Tape *t, Var z, real temperature, const uint16_t *numbers) {
    const size_t n = var_shape(z).dim[1] / 2;
    const Var first = op_columns(t, z, 0, n);
    const Var second = op_columns(t, z, n, n);
    return op_softmax_cross_entropy(t, op_scale(t, op_matmul_tn(t, second, first), 1 / temperature), numbers);
}
