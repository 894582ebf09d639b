/* Functions of single elements; two operands have equal shapes.  Chains: kernels/elementwise.h. */
#ifndef SCALEDOWN_GRAD_ELEMENTWISE_H
#define SCALEDOWN_GRAD_ELEMENTWISE_H

#include "grad/tape.h"

Var op_add(Tape *t, Var a, Var b);
Var op_sub(Tape *t, Var a, Var b);
Var op_mul(Tape *t, Var a, Var b);
Var op_div(Tape *t, Var a, Var b);
Var op_divide_or_zero(Tape *t, Var a, Var b); /* a / b where b > 0, else 0 */
Var op_scale(Tape *t, Var a, real factor);    /* by a constant */
Var op_add_constant(Tape *t, Var a, real constant);
Var op_exp(Tape *t, Var a);
Var op_log(Tape *t, Var a);
Var op_sqrt(Tape *t, Var a);
Var op_tanh(Tape *t, Var a);
Var op_sigmoid(Tape *t, Var a);
Var op_relu(Tape *t, Var a);
Var op_relu_gate(Tape *t, Var y, Var g); /* g where y > 0, else 0; derivative with respect to g only */

extern const Primitive *const elementwise_primitives[]; /* ends with NULL; for tests */

#endif
