/* Lookahead (Zhang, Lucas, Ba, Hinton 2019): slow weights follow those that are trained, which then go on from them. */
#ifndef SCALEDOWN_NN_LOOKAHEAD_H
#define SCALEDOWN_NN_LOOKAHEAD_H

#include "nn/fit.h"

typedef struct Lookahead {
    size_t n_weights, n_buffers;
    real *weights, *buffers; /* the slow ones */
    int begun;
} Lookahead;
/* numbers: the caller's, [n_parameters + n_buffers], where the slow ones are. */
Lookahead lookahead_create(const Network *network, real *numbers);
/* The first time the slow weights become the learner's.  From then on each is slow = fma(1 - decay, w - slow, slow), and then
 * w = slow; of buffers likewise.  decay, from 0 to 1, may change: with 1 the learner goes back to the slow weights. */
void lookahead_update(Lookahead *lookahead, Learner *learner, double decay);

#endif
