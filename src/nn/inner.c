#include "nn/inner.h"

#include "grad/elementwise.h"
#include "grad/reduce.h"

Var inner_sgd(Tape *tape, Var w, Var g, Var rate) {
    return op_sub(tape, w, op_mul(tape, op_expand(tape, rate, var_shape(g)), g));
}

void inner_momentum(Tape *tape, Var w, Var u, Var g, Var rate, real mu, Var *next_w, Var *next_u) {
    *next_u = op_add(tape, op_scale(tape, u, mu), g);
    *next_w = inner_sgd(tape, w, *next_u, rate);
}

void inner_rmsprop(Tape *tape, Var w, Var v, Var g, Var rate, real decay, real epsilon, Var *next_w, Var *next_v) {
    Var kept = op_scale(tape, v, decay);
    Var square = op_scale(tape, op_mul(tape, g, g), 1 - decay);
    *next_v = op_add(tape, kept, square);
    *next_w = inner_sgd(tape, w, op_div(tape, g, op_add_constant(tape, op_sqrt(tape, *next_v), epsilon)), rate);
}
