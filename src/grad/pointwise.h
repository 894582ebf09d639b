/* Inside grad: primitives of single elements, whose attribute is their kernel. */
#ifndef SCALEDOWN_GRAD_POINTWISE_H
#define SCALEDOWN_GRAD_POINTWISE_H

#include "grad/primitive.h"
#include "kernels/elementwise.h"

typedef struct Unary {
    UnaryKernel *kernel;
} Unary;
void forward_unary(Tape *t, Node *node, real *out);
Var apply_unary(Tape *t, const Primitive *row, UnaryKernel *kernel, Var a);

typedef struct Binary {
    BinaryKernel *kernel;
} Binary;
void forward_binary(Tape *t, Node *node, real *out);
Var apply_binary(Tape *t, const Primitive *row, BinaryKernel *kernel, Var a, Var b); /* of equal shapes */

#endif
