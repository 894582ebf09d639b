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

real inner_correction(double decay, size_t step) {
    double left = decay;
    for (size_t k = 1; k < step; k++) left *= decay;
    return (real)(1 / (1 - left));
}

void inner_rmsprop(Tape *tape, Var w, Var v, Var g, Var rate, real decay, real epsilon, real correction, Var *next_w,
                   Var *next_v) {
    Var kept = op_scale(tape, v, decay);
    Var square = op_scale(tape, op_mul(tape, g, g), 1 - decay);
    *next_v = op_add(tape, kept, square);
    Var corrected = correction == 1 ? *next_v : op_scale(tape, *next_v, correction);
    *next_w = inner_sgd(tape, w, op_div(tape, g, op_add_constant(tape, op_sqrt(tape, corrected), epsilon)), rate);
}

void inner_adam(Tape *tape, Var w, Var m, Var v, Var g, Var rate, size_t step, Var *next_w, Var *next_m, Var *next_v) {
    const double keep_m = 0.9, keep_v = 0.999;
    Var old_m = op_scale(tape, m, (real)keep_m), old_v = op_scale(tape, v, (real)keep_v);
    Var square = op_scale(tape, op_mul(tape, g, g), (real)(1 - keep_v));
    *next_m = op_add(tape, old_m, op_scale(tape, g, (real)(1 - keep_m)));
    *next_v = op_add(tape, old_v, square);
    Var root = op_sqrt(tape, op_scale(tape, *next_v, inner_correction(keep_v, step)));
    Var moment = op_scale(tape, *next_m, inner_correction(keep_m, step));
    *next_w = inner_sgd(tape, w, op_div(tape, moment, op_add_constant(tape, root, REAL(1e-8))), rate);
}
