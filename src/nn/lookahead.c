#include "nn/lookahead.h"

#include <string.h>

Lookahead lookahead_create(const Network *network, real *numbers) {
    return (Lookahead){.n_weights = network->n_parameters,
                       .n_buffers = network->n_buffers,
                       .weights = numbers,
                       .buffers = numbers + network->n_parameters};
}

static void follow(size_t n, real rate, real *slow, real *fast) {
    for (size_t i = 0; i < n; i++) slow[i] = REAL_FMA(rate, fast[i] - slow[i], slow[i]);
    memcpy(fast, slow, n * sizeof *fast);
}

void lookahead_update(Lookahead *lookahead, Learner *learner, double decay) {
    const size_t n = lookahead->n_weights, n_buffers = lookahead->n_buffers;
    if (lookahead->begun) {
        follow(n, (real)(1 - decay), lookahead->weights, learner->weights);
        follow(n_buffers, (real)(1 - decay), lookahead->buffers, learner->buffers);
        return;
    }
    memcpy(lookahead->weights, learner->weights, n * sizeof(real));
    memcpy(lookahead->buffers, learner->buffers, n_buffers * sizeof(real));
    lookahead->begun = 1;
}
