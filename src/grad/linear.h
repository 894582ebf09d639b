/* The linear layer, fused with bias and activation.  Chains: kernels/linear.h. */
#ifndef SCALEDOWN_GRAD_LINEAR_H
#define SCALEDOWN_GRAD_LINEAR_H

#include "grad/tape.h"
#include "kernels/activation.h"

Var op_linear(Tape *t, Var weight, Var bias, Var x, Activation activation); /* [out][in] [out] [in][n] */

extern const Primitive *const linear_primitives[]; /* ends with NULL; for tests */

#endif
