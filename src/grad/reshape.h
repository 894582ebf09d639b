/* The same elements in another arrangement: views, parts, transposes, joins. */
#ifndef SCALEDOWN_GRAD_RESHAPE_H
#define SCALEDOWN_GRAD_RESHAPE_H

#include "grad/tape.h"

Var op_reshape(Tape *t, Var a, Shape shape);              /* a view */
Var op_transpose(Tape *t, Var a);                         /* [r][c] -> [c][r] */
Var op_slice(Tape *t, Var a, size_t offset, Shape shape); /* contiguous elements from offset of the flat data; a view */
/* Zeros of shape with a's elements at offset: slice's adjoint. */
Var op_embed(Tape *t, Var a, size_t offset, Shape shape);
Var op_columns(Tape *t, Var a, size_t first, size_t count);         /* [r][c] -> [r][count], from column first on */
Var op_embed_columns(Tape *t, Var a, size_t first, size_t columns); /* its adjoint: zeros [r][columns] around a */
/* Along the first dimension, which may differ: channels of images and signals, features of matrices.  At least one part. */
Var op_concat(Tape *t, Var a, Var b);
Var op_concat_all(Tape *t, size_t count, const Var *parts);
/* a when v is op_embed of an a at offset 0, else NULL: for rules that need no more than the first elements. */
Var embedded_at_front(Var v);

extern const Primitive *const reshape_primitives[]; /* ends with NULL; for tests */

#endif
