/* Matrix products; the three are closed under differentiation.  nn: A B;  tn: A^T B;  nt: A B^T.  Chains:
 * kernels/gemm.h; tn and nt leave zero rows out as the gradients of kernels/linear.h do. */
#ifndef SCALEDOWN_GRAD_MATMUL_H
#define SCALEDOWN_GRAD_MATMUL_H

#include "grad/tape.h"

Var op_matmul_nn(Tape *t, Var a, Var b);
Var op_matmul_tn(Tape *t, Var a, Var b);
Var op_matmul_nt(Tape *t, Var a, Var b);

extern const Primitive *const matmul_primitives[]; /* ends with NULL; for tests */

#endif
