/* Slow twins of the kernels: the same signatures, the obvious loops, and the same chain of operations for every
 * output element, so that fast and slow agree bit for bit.  Where kernels.h leaves the chain to the source, it is
 * written here:
 *
 * lanes     lane[n mod 16] is a chain over its terms in order from 0; then for s = 8, 4, 2, 1: lane[i] += lane[i + s]
 *           for i < s; the sum is lane[0].
 * softmax   per column: largest = max in order; e[c] = exp(x[c] - largest); sum = chain of additions of e from 0;
 *           probability = e[c] * (1 / sum); loss = log(sum) - (x[label] - largest).
 *           The mean is vector_sum of the losses / batch.  Gradient: factor = scale / batch;
 *           factor * (probability - 1) at the label, factor * probability elsewhere.
 * gru       gi = chain over in from b_ih, gh = chain over hidden from b_hh (h0 = 0 multiplied like any other);
 *           r = sigmoid(gi_r + gh_r); z = sigmoid(gi_z + gh_z); n = tanh(fma(r, gh_n, gi_n)); h' = fma(z, h - n, n).
 * backward  walking t against the forward direction, carry = 0 at first:
 *           dh = gy + carry;  dn = dh (1 - z) fma(-n, n, 1);  dz = (dh (h - n)) (z (1 - z));
 *           dr = (dn gh_n) (r (1 - r));  dm = dn r;  carry[i] = chain over the 3h rows of w_hh from dh[i] z[i] with
 *           (dr, dz, dm);  gx = chain over the 3h rows of w_ih from 0 with (dr, dz, dn).
 *           Weight gradients: lanes over (steps in the backward walk, n) of fma(d, x or h, lane), bias gradients: of
 *           additions. */
#ifndef SCALEDOWN_TESTS_SLOW_KERNELS_H
#define SCALEDOWN_TESTS_SLOW_KERNELS_H

#include "kernels/batch_norm.h"
#include "kernels/convolution.h"
#include "kernels/dropout.h"
#include "kernels/elementwise.h"
#include "kernels/gemm.h"
#include "kernels/gru.h"
#include "kernels/linear.h"
#include "kernels/local_response_norm.h"
#include "kernels/loss.h"
#include "kernels/nonlinearity.h"
#include "kernels/optimizer.h"
#include "kernels/pooling.h"
#include "kernels/reduce.h"

void slow_gemm_nn(size_t m, size_t n, size_t k, const real *a, size_t lda, const real *b, size_t ldb, real *c,
                  size_t ldc, int accumulate);
void slow_gemm_tn(size_t m, size_t n, size_t k, const real *a, size_t lda, const real *b, size_t ldb, real *c,
                  size_t ldc, int accumulate);
void slow_gemm_nt(size_t m, size_t n, size_t k, const real *a, size_t lda, const real *b, size_t ldb, real *c,
                  size_t ldc, int accumulate);
void slow_linear_forward(size_t out, size_t in, size_t batch, const real *weight, const real *bias, const real *x,
                         Activation activation, real *y);

void slow_convolution_forward(const Convolution *conv, const real *x, const real *weight, const real *bias,
                              Activation activation, real *y);
void slow_convolution_input_gradient(const Convolution *conv, const real *gy, const real *weight, real *gx);
void slow_convolution_weight_gradient(const Convolution *conv, const real *gy, const real *x, real *gw);

void slow_max_pool(const Pool *pool, const real *x, const real *values, real *y);
void slow_max_unpool(const Pool *pool, const real *x, const real *gy, real *gx);
void slow_sum_pool(const Pool *pool, size_t divisor, const real *x, real *y);
void slow_sum_unpool(const Pool *pool, size_t divisor, const real *gy, real *gx);
void slow_l2_pool(const Pool *pool, const real *x, real *y);
void slow_l2_unpool(const Pool *pool, const real *x, const real *y, const real *gy, real *gx);

void slow_dropout_mask(const DropoutNoise *noise, double p, size_t rows, size_t batch, uint8_t *keep);
void slow_dropout_apply(size_t rows, size_t positions, size_t batch, const uint8_t *keep, real scale, const real *x,
                        real *y);

void slow_batch_norm_statistics(size_t channels, size_t count, const real *x, real *mean, real *variance);
void slow_batch_norm_forward(const BatchNorm *norm, const real *x, const real *gamma, const real *beta, real *y);
void slow_batch_norm_gradient(const BatchNorm *norm, int fixed, const real *x, const real *gamma, const real *g,
                              real *gx, real *ggamma, real *gbeta);

void slow_local_response_norm_forward(const LocalResponse *norm, size_t channels, size_t count, const real *x, real *y);
void slow_local_response_norm_gradient(const LocalResponse *norm, size_t channels, size_t count, const real *x,
                                       const real *g, real *gx);

void slow_row_sums(size_t rows, size_t columns, const real *x, real *out);
void slow_column_sums(size_t rows, size_t columns, const real *x, real *out);
real slow_vector_sum(size_t count, const real *x);
double slow_product_sum(size_t count, const real *a, real from_a, const real *b, real from_b);
void slow_transpose(size_t rows, size_t columns, const real *x, size_t ldx, real *y, size_t ldy);

real slow_softmax_cross_entropy(size_t classes, size_t batch, const real *logits, const uint16_t *labels,
                                real *probabilities);
void slow_softmax_cross_entropy_gradient(size_t classes, size_t batch, const real *probabilities, const uint16_t *labels,
                                         real scale, real *glogits);
size_t slow_count_correct(size_t classes, size_t batch, const real *logits, const uint16_t *labels);

void slow_gru_forward(const Gru *gru, const real *x, const real *w_ih, const real *w_hh, const real *b_ih,
                      const real *b_hh, real *y, size_t y_stride, real *saved);
void slow_gru_backward(const Gru *gru, const real *x, const real *w_ih, const real *w_hh, const real *y,
                       size_t y_stride, const real *saved, const real *gy, size_t gy_stride, real *gx, real *gw_ih,
                       real *gw_hh, real *gb_ih, real *gb_hh);

void slow_optimizer_update(OptimizerKind kind, const OptimizerStep *step, size_t count, const real *gradient,
                           real *weight, real *m, real *v);

void slow_vector_add(size_t count, const real *a, const real *b, real *out);
void slow_vector_sub(size_t count, const real *a, const real *b, real *out);
void slow_vector_mul(size_t count, const real *a, const real *b, real *out);
void slow_vector_div(size_t count, const real *a, const real *b, real *out);
void slow_vector_scale(size_t count, real factor, const real *a, real *out);
void slow_vector_add_scaled(size_t count, const real *a, real factor, const real *b, real *out);
void slow_vector_relu(size_t count, const real *a, real *out);
void slow_vector_relu_gradient(size_t count, const real *y, const real *g, real *out);
void slow_vector_exp(size_t count, const real *a, real *out);
void slow_vector_log(size_t count, const real *a, real *out);
void slow_vector_tanh(size_t count, const real *a, real *out);
void slow_vector_sigmoid(size_t count, const real *a, real *out);
void slow_vector_sqrt(size_t count, const real *a, real *out);

void slow_vector_swish(size_t count, const real *x, real *out);
void slow_vector_swish_gradient(size_t count, const real *x, const real *g, real *out);
void slow_vector_gelu(size_t count, const real *x, real *out);
void slow_vector_gelu_gradient(size_t count, const real *x, const real *g, real *out);
void slow_vector_softplus(size_t count, const real *x, real *out);
void slow_vector_elu(size_t count, real alpha, const real *x, real *out);
void slow_vector_elu_gradient(size_t count, real alpha, const real *x, const real *g, real *out);
void slow_vector_leaky_relu(size_t count, real slope, const real *x, real *out);
void slow_vector_leaky_relu_gradient(size_t count, real slope, const real *x, const real *g, real *out);

#endif
