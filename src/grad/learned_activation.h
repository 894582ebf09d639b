/* A learned activation function of x, elementwise: elu(x) + scale times a network of one hidden layer
 * (kernels/learned_activation.h), w1 [units] b1 [units] w2 [units] b2 of one element, or two
 * (kernels/deep_activation.h), w1 [units1] b1 [units1] w2 [units2][units1] b2 [units2] w3 [units2] b3 of one element.
 */
#ifndef SCALEDOWN_GRAD_LEARNED_ACTIVATION_H
#define SCALEDOWN_GRAD_LEARNED_ACTIVATION_H

#include "grad/tape.h"

/* network: the 4 or 6 tensors.  Costly, so its results are kept by a recording tape. */
Var op_learned_activation(Tape *t, Var x, size_t n_network, const Var *network, real scale);

extern const Primitive *const learned_activation_primitives[]; /* ends with NULL; for tests */

#endif
