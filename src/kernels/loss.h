/* Softmax cross-entropy over columns: logits [classes][batch], labels [batch] in 0..classes-1.
 *
 * Chains, per column n: largest = maximum in order; e[c] = exp(x[c] - largest); sum = chain of additions of e from 0;
 * probability = e[c] * (1 / sum); loss = log(sum) - (x[label] - largest).  The mean loss is the sum over the batch in
 * 16 lanes (lanes.h) divided by the batch. */
#ifndef SCALEDOWN_KERNELS_LOSS_H
#define SCALEDOWN_KERNELS_LOSS_H

#include <stddef.h>
#include <stdint.h>

#include "base/real.h"

/* The mean loss; probabilities (may be NULL) [classes][batch] are kept for the gradient. */
real softmax_cross_entropy(size_t classes, size_t batch, const real *logits, const uint16_t *labels,
                           real *probabilities);
/* glogits = factor * (probability - 1) at the label and factor * probability elsewhere, factor = scale / batch. */
void softmax_cross_entropy_gradient(size_t classes, size_t batch, const real *probabilities, const uint16_t *labels,
                                    real scale, real *glogits);
/* How many columns have their first largest entry at the label. */
size_t count_correct(size_t classes, size_t batch, const real *logits, const uint16_t *labels);
/* How many columns have fewer than `top` entries that are greater than the one at the label; NaN counts as greater. */
size_t count_among(size_t top, size_t classes, size_t batch, const real *logits, const uint16_t *labels);

#endif
