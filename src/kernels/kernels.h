/* Kernels: raw pointers and shapes, no allocation visible to the caller, no knowledge of a tape.
 *
 * Layout.  Activations keep examples innermost: a matrix of features is [features][batch], a signal
 * [channels][length][batch], all row-major and dense, so loops over a batch vectorise whatever the features do.
 * Weights have PyTorch's layout: linear [out][in], convolution [out][in][k].
 *
 * Order of operations.  Every output element is one chain written down here; tiling, vector width and threads
 * decide who computes it, never how.  All kernels obey: an output column (one example) depends on its own
 * example only, except where the sum over the batch is the result.
 *
 * Threads.  A kernel spreads over OpenMP threads only when the work is worth it and the caller is not already
 * inside a parallel region; outputs are disjoint.  There is no float reduction and no float atomic. */
#ifndef SCALEDOWN_KERNELS_KERNELS_H
#define SCALEDOWN_KERNELS_KERNELS_H

#include <stddef.h>
#include <stdint.h>

#include "base/real.h"

/* ---- matrix products: c[m][n] = sum over l of A[m][l] B[l][n], chain: acc = first; for l = 0..k-1
 * acc = fma(A, B, acc), where first is 0, or c's old value when accumulate is set.  Row strides in elements.
 * nn: a[m][k] b[k][n];  tn: a[k][m] b[k][n];  nt: a[m][k] b[n][k]. ---- */
void gemm_nn(size_t m, size_t n, size_t k, const real *a, size_t lda, const real *b, size_t ldb, real *c, size_t ldc,
             int accumulate);
void gemm_tn(size_t m, size_t n, size_t k, const real *a, size_t lda, const real *b, size_t ldb, real *c, size_t ldc,
             int accumulate);
void gemm_nt(size_t m, size_t n, size_t k, const real *a, size_t lda, const real *b, size_t ldb, real *c, size_t ldc,
             int accumulate);

/* ---- linear layer with bias and optional relu: y[out][batch] = f(W[out][in] x[in][batch] + b[out]);
 * chain: acc = b; then as gemm_nn; then relu. ---- */
typedef enum Activation { ACTIVATION_NONE, ACTIVATION_RELU } Activation;
void linear_forward(size_t out, size_t in, size_t batch, const real *weight, const real *bias, const real *x,
                    Activation activation, real *y);
/* Its gradients: gw[out][in] = g[out][batch] x[in][batch]^T as gemm_nt, and gx[in][batch] = W^T g as gemm_tn.  Rows of
 * g that are zero throughout, as of units that a rectifier silences for a whole minibatch, are not multiplied when what
 * they would be multiplied with is finite: their terms are zeros, with which a chain stays what it is (a chain that an
 * underflow has brought to -0 would become +0; sparse.h says why that is never seen). */
void linear_weight_gradient(size_t out, size_t in, size_t batch, const real *g, const real *x, real *gw);
void linear_input_gradient(size_t out, size_t in, size_t batch, const real *weight, const real *g, real *gx);

/* ---- one-dimensional convolution (cross-correlation), zero padding on both sides.
 * output length = (length + 2 padding - width) / stride + 1.
 * forward  y[co][l][n]  = chain over (k, ci) in order from the bias (0 if NULL), taps outside the signal skipped;
 * input    gx[ci][i][n] = chain over (k, co) in order, taps with an output outside skipped;
 * weight   gw[co][ci][k]= sum over (l, n): 16 lanes by n mod 16, each a chain over (l, n) in order with the batch
 *                         filled up by zeros to whole lanes and zeros for taps outside, lanes added as in row_sums.
 * ---- */
typedef struct Conv1d {
    size_t batch, in_channels, out_channels, length, width, stride, padding;
} Conv1d;
size_t conv1d_output_length(const Conv1d *conv);
void conv1d_forward(const Conv1d *conv, const real *x, const real *weight, const real *bias, Activation activation,
                    real *y);
void conv1d_input_gradient(const Conv1d *conv, const real *gy, const real *weight, real *gx);
void conv1d_weight_gradient(const Conv1d *conv, const real *gy, const real *x, real *gw);

/* ---- pooling over pairs of neighbouring positions: window 2, stride 2, no padding, as PyTorch's pooling with
 * kernel 2.  Long signals are [channels][length][batch], short ones [channels][length / 2][batch] (rounded down: an odd
 * length's last position is left out, and its gradient is 0).  With a and b the pair behind an output y:
 *
 * max_pool     y = b where b > a, else a: ties and NaN take the first; with a relu before it 0 unless that is above 0.
 *              choice says which was taken, first, second or, by a relu, neither.  step: from channel to channel of y
 *              and of choice, which may be parts of longer signals.
 *
 * chosen_pool  y = the one of the pair that the choice takes, or 0.
 *
 * chosen_unpool  the one taken is g, the other 0: its adjoint.
 *
 * sum_pool     y = factor (a + b);  sum_unpool: both of the pair are factor g.
 *
 * l2_pool      y = sqrt(fma(b, b, a a));  l2_unpool: q = g / y where y > 0, else 0; the pair is (q a, q b).  ---- */
typedef struct Pool {
    size_t channels, length, batch;
} Pool;
size_t pool_output_length(size_t length);
void max_pool(const Pool *pool, Activation before, const real *x, real *y, int32_t *choice, size_t step);
void chosen_pool(const Pool *pool, const int32_t *choice, const real *values, real *y);
void chosen_unpool(const Pool *pool, const int32_t *choice, const real *gy, real *gx);
/* max_pool after a relu of conv1d_forward, of which only a few positions are in memory at a time. */
void conv1d_relu_max_pool(const Conv1d *conv, const real *x, const real *weight, const real *bias, real *y,
                          int32_t *choice);
void sum_pool(const Pool *pool, real factor, const real *x, real *y);
void sum_unpool(const Pool *pool, real factor, const real *gy, real *gx);
void l2_pool(const Pool *pool, const real *x, real *y);
void l2_unpool(const Pool *pool, const real *x, const real *y, const real *gy, real *gx);

/* ---- rows and columns of [rows][columns] ---- */
/* out[r] = sum over c of x[r][c]: 16 lanes by c mod 16, combined by halving (i with i+8, i+4, i+2, i+1). */
void row_sums(size_t rows, size_t columns, const real *x, real *out);
/* out[c] = chain of additions over r in order. */
void column_sums(size_t rows, size_t columns, const real *x, real *out);
/* the whole vector in the order of row_sums with one row */
real vector_sum(size_t count, const real *x);
void transpose(size_t rows, size_t columns, const real *x, size_t ldx, real *y, size_t ldy); /* y[c][r] = x[r][c] */

/* ---- softmax cross-entropy over columns: logits [classes][batch], labels [batch] in 0..classes-1.
 * loss = mean over the batch of -log softmax;  probabilities (may be NULL) [classes][batch] are kept for the
 * gradient: glogits = scale * (probabilities - onehot) / batch. ---- */
real softmax_cross_entropy(size_t classes, size_t batch, const real *logits, const uint8_t *labels,
                           real *probabilities);
void softmax_cross_entropy_gradient(size_t classes, size_t batch, const real *probabilities, const uint8_t *labels,
                                    real scale, real *glogits);
/* How many columns have their first largest entry at the label. */
size_t count_correct(size_t classes, size_t batch, const real *logits, const uint8_t *labels);

/* ---- gated recurrent unit over scalars or vectors, PyTorch's equations, one direction (a bidirectional layer is two).
 * x [length][in][batch], weights w_ih [3h][in], w_hh [3h][h], b_ih [3h], b_hh [3h] (rows r, z, n), hidden states out:
 * y [length] rows of [h][batch] at y + t * y_stride (y_stride in elements), h0 = 0.  saved: gru_saved_count elements,
 * written by forward (states, inputs and gates in a layout of its own), read by backward.  reverse walks t downwards.
 * backward adds nothing: it writes gx [length][in][batch] (may be NULL) and overwrites the four weight gradients, which
 * are sums over (t, batch).  Chains in gru.c; the batch is filled up by zeros to whole groups of 16 lanes. ---- */
typedef struct Gru {
    size_t batch, length, in, hidden;
    int reverse;
} Gru;
size_t gru_saved_count(const Gru *gru);
void gru_forward(const Gru *gru, const real *x, const real *w_ih, const real *w_hh, const real *b_ih, const real *b_hh,
                 real *y, size_t y_stride, real *saved);
void gru_backward(const Gru *gru, const real *w_ih, const real *w_hh, const real *saved, const real *gy,
                  size_t gy_stride, real *gx, real *gw_ih, real *gw_hh, real *gb_ih, real *gb_hh);

/* ---- optimiser updates over count parameters, elementwise ----
 * Adam (Kingma & Ba 2015, PyTorch's form), step counts from 1:
 *   m = b1 m + (1-b1) g;  v = b2 v + (1-b2) g g;  w = w - [lr/(1-b1^t)] m / (sqrt(v)/sqrt(1-b2^t) + eps) */
typedef struct AdamStep {
    real beta1, beta2, one_minus_beta1, one_minus_beta2, step_size, inverse_root_correction, epsilon;
} AdamStep;
AdamStep adam_step(double learning_rate, double beta1, double beta2, double epsilon, long step);
void adam_update(size_t count, const AdamStep *step, const real *gradient, real *weight, real *m, real *v);
/* SGD with momentum (PyTorch's form): u = mu u + g;  w = w - lr u */
void sgd_update(size_t count, real learning_rate, real momentum, const real *gradient, real *weight, real *velocity);

/* ---- elementwise, out may equal an input ---- */
void vector_add(size_t count, const real *a, const real *b, real *out);
void vector_sub(size_t count, const real *a, const real *b, real *out);
void vector_mul(size_t count, const real *a, const real *b, real *out);
void vector_div(size_t count, const real *a, const real *b, real *out);
void vector_scale(size_t count, real factor, const real *a, real *out);
void vector_add_scaled(size_t count, const real *a, real factor, const real *b, real *out); /* fma(factor, b, a) */
void vector_relu(size_t count, const real *a, real *out);                                   /* a > 0 ? a : 0 */
void vector_relu_gradient(size_t count, const real *y, const real *g, real *out);           /* y > 0 ? g : 0 */
void vector_exp(size_t count, const real *a, real *out);
void vector_log(size_t count, const real *a, real *out);
void vector_tanh(size_t count, const real *a, real *out);
void vector_sigmoid(size_t count, const real *a, real *out);
void vector_sqrt(size_t count, const real *a, real *out);

#endif
