#include "nn/contrastive.h"

#include "grad/batch_norm.h"
#include "grad/elementwise.h"
#include "grad/loss.h"
#include "grad/matmul.h"
#include "grad/pooling.h"
#include "grad/reduce.h"
#include "grad/reshape.h"

/* ---- parts ---- */

Var unit_columns(Tape *t, Var z) {
    const Var squares = op_sum_rows(t, op_mul(t, z, z));
    const Var length = op_sqrt(t, op_add_constant(t, squares, REAL(1e-24)));
    return op_div(t, z, op_expand_rows(t, length, var_shape(z).dim[0]));
}

typedef struct TwoViews {
    size_t d, n;
    Var first, second; /* [d][n] */
} TwoViews;

static TwoViews two_views(Tape *t, Var z) {
    TwoViews views = {.d = var_shape(z).dim[0], .n = var_shape(z).dim[1] / 2};
    views.first = op_columns(t, z, 0, views.n);
    views.second = op_columns(t, z, views.n, views.n);
    return views;
}

/* [n][n]: value on the diagonal, else 0.  In a row of n + 1 elements the diagonal is the first column. */
static Var diagonal(Tape *t, size_t n, real value) {
    const Var column = op_embed_columns(t, tape_fill(t, shape_matrix(n, 1), value), 0, n + 1);
    return op_slice(t, column, 0, shape_matrix(n, n));
}

/* [n][n]: value beside the diagonal, on it other. */
static Var beside_diagonal(Tape *t, size_t n, real value, real other) {
    const Var everywhere = tape_fill(t, shape_matrix(n, n), value);
    return op_add(t, everywhere, diagonal(t, n, other - value));
}

static Var sum_of_squares(Tape *t, Var a) {
    return op_sum(t, op_mul(t, a, a));
}

/* ---- by cosines ---- */

/* Row j of the similarities is the second view of example j, so that the label of column i is i. */
Var contrastive_loss(Tape *t, Var z, real temperature, const uint16_t *numbers) {
    const TwoViews v = two_views(t, z);
    return op_softmax_cross_entropy(t, op_scale(t, op_matmul_tn(t, v.second, v.first), 1 / temperature), numbers);
}

Var info_nce_loss(Tape *t, const PairOutputs *outputs, const PairLossSettings *settings) {
    return contrastive_loss(t, unit_columns(t, outputs->z), settings->temperature, outputs->numbers);
}

/* A view's similarity to itself is lowered until its exponential is 0: a temperature is 0.001 at least. */
Var nt_xent_loss(Tape *t, const PairOutputs *outputs, const PairLossSettings *settings) {
    const Var u = unit_columns(t, outputs->z);
    const Var similar = op_scale(t, op_matmul_tn(t, u, u), 1 / settings->temperature);
    const Var mask = diagonal(t, var_shape(u).dim[1], -10000);
    return op_softmax_cross_entropy(t, op_add(t, similar, mask), outputs->partners);
}

/* Lowered by 4, an example's own similarity is below all others. */
Var triplet_loss(Tape *t, const PairOutputs *outputs, const PairLossSettings *settings) {
    const TwoViews v = two_views(t, unit_columns(t, outputs->z));
    const Var own = op_sum_rows(t, op_mul(t, v.first, v.second));
    const Var similar = op_matmul_tn(t, v.second, v.first);
    const Var others = op_add(t, similar, diagonal(t, v.n, -4));
    const Window column = {{1, 1, 0}, {v.n, v.n, 0}};
    const Var hardest = op_max_pool(t, op_reshape(t, others, shape_signal(1, v.n, v.n)), column);
    const Var gap = op_sub(t, op_reshape(t, hardest, shape_vector(v.n)), own);
    const Var loss = op_relu(t, op_add_constant(t, gap, settings->margin));
    return op_scale(t, op_sum(t, loss), 1 / (real)v.n);
}

static Var alignment(Tape *t, const TwoViews *v) {
    return op_scale(t, sum_of_squares(t, op_sub(t, v->first, v->second)), 1 / (real)v->n);
}

/* u [d][n]; |u_i - u_j|^2 = 2 - 2 c_ij.  Lowered by 10000, the exponential of a view with itself is 0. */
static Var uniformity(Tape *t, size_t n, Var u) {
    const Var closeness = op_add_constant(t, op_scale(t, op_matmul_tn(t, u, u), 4), -4);
    const Var mask = diagonal(t, n, -10000);
    const Var sum = op_sum(t, op_exp(t, op_add(t, closeness, mask)));
    return op_log(t, op_scale(t, sum, 1 / (real)(n * (n - 1))));
}

Var alignment_loss(Tape *t, const PairOutputs *outputs, const PairLossSettings *settings) {
    (void)settings;
    const TwoViews v = two_views(t, unit_columns(t, outputs->z));
    return alignment(t, &v);
}

Var alignment_uniformity_loss(Tape *t, const PairOutputs *outputs, const PairLossSettings *settings) {
    (void)settings;
    const TwoViews v = two_views(t, unit_columns(t, outputs->z));
    const Var aligned = alignment(t, &v);
    const Var first = uniformity(t, v.n, v.first);
    const Var second = uniformity(t, v.n, v.second);
    return op_add(t, aligned, op_scale(t, op_add(t, first, second), REAL(0.5)));
}

/* ---- by statistics of units ---- */

static Var standardised(Tape *t, const TwoViews *v, Var z) {
    const Var scale = tape_fill(t, shape_vector(v->d), 1);
    const Var shift = tape_fill(t, shape_vector(v->d), 0);
    return op_batch_norm(t, z, scale, shift, 1e-5);
}

Var barlow_twins_loss(Tape *t, const PairOutputs *outputs, const PairLossSettings *settings) {
    const TwoViews v = two_views(t, outputs->z);
    const Var first = standardised(t, &v, v.first);
    const Var second = standardised(t, &v, v.second);
    const Var correlation = op_scale(t, op_matmul_nt(t, first, second), 1 / (real)v.n);
    const Var off = op_add(t, correlation, diagonal(t, v.d, -1));
    const Var weight = beside_diagonal(t, v.d, settings->redundancy, 1);
    return op_sum(t, op_mul(t, weight, op_mul(t, off, off)));
}

/* What VICReg asks of the units of the views z [d][n], each part with its weight but for what the two views share. */
static Var spread(Tape *t, const TwoViews *v, Var z, const PairLossSettings *settings) {
    const real d = (real)v->d, n = (real)v->n;
    const Var mean = op_scale(t, op_sum_columns(t, z), 1 / n);
    const Var centred = op_sub(t, z, op_expand_columns(t, mean, v->n));
    const Var variance = op_scale(t, op_sum_columns(t, op_mul(t, centred, centred)), 1 / (n - 1));
    const Var deviation = op_sqrt(t, op_add_constant(t, variance, REAL(1e-4)));
    const Var lacking = op_sum(t, op_relu(t, op_add_constant(t, op_scale(t, deviation, -1), 1)));
    const Var covariance = op_scale(t, op_matmul_nt(t, centred, centred), 1 / (n - 1));
    const Var shared = sum_of_squares(t, op_mul(t, covariance, beside_diagonal(t, v->d, 1, 0)));
    const Var weighed = op_scale(t, lacking, settings->variance / (2 * d));
    return op_add(t, weighed, op_scale(t, shared, settings->covariance / d));
}

Var vicreg_loss(Tape *t, const PairOutputs *outputs, const PairLossSettings *settings) {
    const TwoViews v = two_views(t, outputs->z);
    const Var apart = sum_of_squares(t, op_sub(t, v.first, v.second));
    const Var first = spread(t, &v, v.first, settings);
    const Var second = spread(t, &v, v.second, settings);
    const Var both = op_add(t, first, second);
    return op_add(t, op_scale(t, apart, settings->invariance / (real)(v.d * v.n)), both);
}

/* ---- with a tail ---- */

static Var fixed(Tape *t, Var a) {
    return tape_input(t, var_shape(a), var_data(a));
}

Var simsiam_loss(Tape *t, const PairOutputs *outputs, const PairLossSettings *settings) {
    (void)settings;
    const TwoViews given = two_views(t, unit_columns(t, fixed(t, outputs->z)));
    const TwoViews predicted = two_views(t, unit_columns(t, outputs->tail));
    const Var first = op_sum(t, op_mul(t, predicted.first, given.second));
    const Var second = op_sum(t, op_mul(t, predicted.second, given.first));
    return op_scale(t, op_add(t, first, second), REAL(-0.5) / (real)given.n);
}

Var supervised_loss(Tape *t, const PairOutputs *outputs, const PairLossSettings *settings) {
    (void)settings;
    return op_softmax_cross_entropy(t, outputs->tail, outputs->labels);
}
