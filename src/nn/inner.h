/* Optimiser updates on a tape, for loops that are differentiated through (grad/unroll.h).  Each moves one parameter
 * tensor w by its gradient g; rate is a tensor of one element, so that it can be learned.  The state before and after
 * (u, v) has the shape of w. */
#ifndef SCALEDOWN_NN_INNER_H
#define SCALEDOWN_NN_INNER_H

#include "grad/tape.h"

/* w - rate g */
Var inner_sgd(Tape *tape, Var w, Var g, Var rate);
/* u' = mu u + g;  w' = w - rate u' */
void inner_momentum(Tape *tape, Var w, Var u, Var g, Var rate, real mu, Var *next_w, Var *next_u);
/* v' = decay v + (1 - decay) g^2;  w' = w - rate g / (sqrt(v') + epsilon) */
void inner_rmsprop(Tape *tape, Var w, Var v, Var g, Var rate, real decay, real epsilon, Var *next_w, Var *next_v);

#endif
