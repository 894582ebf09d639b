/* A linear layer whose weights are those of a pattern (kernels/sparse.h), which is borrowed until reset: values [count],
 * bias [out], x [in][n] -> [out][n]; and its gradients, given that of the output, g [out][n].  The three are closed under
 * differentiation. */
#ifndef SCALEDOWN_GRAD_SPARSE_H
#define SCALEDOWN_GRAD_SPARSE_H

#include "grad/tape.h"
#include "kernels/sparse.h"

Var op_sparse_linear(Tape *t, Var values, Var bias, Var x, const SparsePattern *pattern, Activation activation);
Var op_sparse_input_gradient(Tape *t, Var values, Var g, const SparsePattern *pattern); /* -> [in][n] */
Var op_sparse_weight_gradient(Tape *t, Var g, Var x, const SparsePattern *pattern);     /* -> [count] */

extern const Primitive *const sparse_primitives[]; /* ends with NULL; for tests */

#endif
