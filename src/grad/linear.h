/* The linear layer, fused with bias and activation.  Chains: kernels/linear.h. */
#ifndef SCALEDOWN_GRAD_LINEAR_H
#define SCALEDOWN_GRAD_LINEAR_H

#include "grad/tape.h"
#include "kernels/activation.h"

/* activation(W x + b): weight [out][in], bias [out], x [in][n] -> [out][n] */
Var op_linear(Tape *t, Var weight, Var bias, Var x, Activation activation);

extern const Primitive *const linear_primitives[]; /* ends with NULL; for tests */

#endif
