/* Activation functions beside ReLU, tanh and sigmoid (elementwise.h); chains: kernels/nonlinearity.h.  The derivatives of
 * elu and leaky ReLU at 0 are those from below, alpha and slope, as in PyTorch. */
#ifndef SCALEDOWN_GRAD_NONLINEARITY_H
#define SCALEDOWN_GRAD_NONLINEARITY_H

#include "grad/tape.h"

Var op_swish(Tape *t, Var x); /* SiLU */
Var op_gelu(Tape *t, Var x);
Var op_softplus(Tape *t, Var x);
Var op_elu(Tape *t, Var x, real alpha);
Var op_leaky_relu(Tape *t, Var x, real slope);

/* The primitives that their derivatives consist of: g times the derivative at x. */
Var op_swish_gradient(Tape *t, Var x, Var g);
Var op_gelu_gradient(Tape *t, Var x, Var g);
Var op_elu_gradient(Tape *t, Var x, Var g, real alpha);
Var op_leaky_relu_gradient(Tape *t, Var x, Var g, real slope);

extern const Primitive *const nonlinearity_primitives[]; /* ends with NULL; for tests */

#endif
