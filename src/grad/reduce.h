/* Sums, and their adjoints, which repeat elements.  Chains: kernels/reduce.h. */
#ifndef SCALEDOWN_GRAD_REDUCE_H
#define SCALEDOWN_GRAD_REDUCE_H

#include "grad/tape.h"

Var op_expand(Tape *t, Var a, Shape shape);            /* one element to every element */
Var op_sum(Tape *t, Var a);                            /* every element to one */
Var op_expand_columns(Tape *t, Var a, size_t columns); /* [rows] -> [rows][columns], a[r] along row r */
Var op_sum_columns(Tape *t, Var a);                    /* [rows][columns] -> [rows] (row_sums) */
Var op_expand_rows(Tape *t, Var a, size_t rows);       /* [columns] -> [rows][columns] */
Var op_sum_rows(Tape *t, Var a);                       /* [rows][columns] -> [columns] (column_sums) */

extern const Primitive *const reduce_primitives[]; /* ends with NULL; for tests */

#endif
