/* The gated recurrent unit over a sequence, PyTorch's equations, one direction (a bidirectional layer is two).
 *
 * Shapes: x [length][in][batch], weights w_ih [3h][in], w_hh [3h][h], b_ih [3h], b_hh [3h] (rows r, z, n); hidden
 * states out: length rows of [h][batch] at y + t * y_stride (y_stride in elements); h0 = 0.  saved: gru_saved_count
 * elements, written by forward, read by backward.  reverse walks t downwards.  Backward adds nothing to what it is
 * given: it writes gx [length][in][batch] (may be NULL) and overwrites the four weight gradients, sums over (t, batch).
 *
 * Chains: gi = from b_ih over the inputs, gh = from b_hh over the hidden units, by fma;
 *   r = sigmoid(gi_r + gh_r);  z = sigmoid(gi_z + gh_z);  n = tanh(fma(r, gh_n, gi_n));  h' = fma(z, h - n, n).
 * Backward, from the last step to the first, the carry starting at 0:
 *   dh = gy + carry;  dn = dh (1 - z) fma(-n, n, 1);  dr = (dn gh_n) (r (1 - r));  dz = (dh (h - n)) (z (1 - z));
 *   dm = dn r;  carry = from dh z over the 3h rows of w_hh with (dr, dz, dm) by fma;
 *   gx = from 0 over the 3h rows of w_ih with (dr, dz, dn) by fma;
 *   gradients of weights: lane n mod 16 is a chain over (steps as walked, n) by fma, of biases by addition; the lanes
 *   are added by halving. */
#ifndef SCALEDOWN_KERNELS_GRU_H
#define SCALEDOWN_KERNELS_GRU_H

#include <stddef.h>

#include "base/real.h"

typedef struct Gru {
    size_t batch, length, in, hidden;
    int reverse;
} Gru;
size_t gru_saved_count(const Gru *gru);
void gru_forward(const Gru *gru, const real *x, const real *w_ih, const real *w_hh, const real *b_ih, const real *b_hh,
                 real *y, size_t y_stride, real *saved);
void gru_backward(const Gru *gru, const real *w_ih, const real *w_hh, const real *saved, const real *gy,
                  size_t gy_stride, real *gx, real *gw_ih, real *gw_hh, real *gb_ih, real *gb_hh);

#endif
