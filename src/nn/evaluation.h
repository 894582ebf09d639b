/* How well predictions do over a set of examples. */
#ifndef SCALEDOWN_NN_EVALUATION_H
#define SCALEDOWN_NN_EVALUATION_H

#include <stddef.h>
#include <stdint.h>

#include "base/real.h"

typedef struct Evaluation {
    double loss;       /* mean, in nats */
    double accuracy;   /* correct / n */
    size_t n, correct; /* examples; those whose first largest logit is at the label */
} Evaluation;

/* Adds the examples of a block to the sums of those before it: of their losses, softmax cross-entropies in binary64 added
 * in order, and of counts.  sums begins as (Evaluation){0}; evaluation_mean makes means of it.  logits [classes][batch],
 * labels [batch]. */
void evaluation_add(Evaluation *sums, size_t classes, size_t batch, const real *logits, const uint16_t *labels);
Evaluation evaluation_mean(Evaluation sums);
/* 100 correct / n, from the counts: 638 of 1000 is 63.8 and not its neighbour.  n > 0. */
double percent_correct(Evaluation evaluation);

#endif
