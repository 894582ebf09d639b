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
/* v' = decay v + (1 - decay) g^2;  w' = w - rate g / (sqrt(correction v') + epsilon).  correction is 1 where v starts from
 * something, inner_correction(decay, step) where it starts from 0. */
void inner_rmsprop(Tape *tape, Var w, Var v, Var g, Var rate, real decay, real epsilon, real correction, Var *next_w,
                   Var *next_v);
/* m' = 0.9 m + 0.1 g;  v' = 0.999 v + 0.001 g^2, both from 0;  w' = w - rate c1 m' / (sqrt(c2 v') + 1e-8) with the
 * corrections of either, step counted from 1 (Kingma and Ba 2015). */
void inner_adam(Tape *tape, Var w, Var m, Var v, Var g, Var rate, size_t step, Var *next_w, Var *next_m, Var *next_v);
/* 1 / (1 - decay^step), by step - 1 multiplications in binary64: what a mean that decays from 0 lacks after that many. */
real inner_correction(double decay, size_t step);

#endif
