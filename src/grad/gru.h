/* The bidirectional gated recurrent unit.  Chains: kernels/gru.h. */
#ifndef SCALEDOWN_GRAD_GRU_H
#define SCALEDOWN_GRAD_GRU_H

#include "grad/tape.h"

/* x [length][in][n] -> [length][2h][n], the forward direction's h rows first in every time step (PyTorch's order).
 * weights: w_ih [3h][in], w_hh [3h][h], b_ih [3h], b_hh [3h] of the forward direction, then the same of the reverse
 * one. */
#define GRU_WEIGHTS 8
Var op_bidirectional_gru(Tape *t, Var x, const Var weights[GRU_WEIGHTS]);

extern const Primitive *const gru_primitives[]; /* ends with NULL; for tests */

#endif
