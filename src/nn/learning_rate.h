/* Learning-rate schedules: the rate of an update as a function of its number alone.
 *
 * Time t is the number of the update, from 0, or of its epoch.  With the initial rate r, the factor f and the period p:
 *   constant      r
 *   step          r f^floor(t / p)                  PyTorch's StepLR
 *   exponential   r f^t                             ExponentialLR; per epoch, the factor of each epoch
 *   cosine        minimum + (r - minimum) (1 + cos(pi min(t, p) / p)) / 2     CosineAnnealingLR, which stays down at its end
 *   triangular    straight from `start` at t = 0 to r at t = peak, then to minimum at t = p, where it stays
 * (cosine: Loshchilov & Hutter 2017).  During the first warm_up updates that rate is multiplied by (n + 1) / warm_up,
 * n the number of the update (Goyal et al. 2017).  Binary64; powers by repeated multiplication, the cosine is exact_cos. */
#ifndef SCALEDOWN_NN_LEARNING_RATE_H
#define SCALEDOWN_NN_LEARNING_RATE_H

#include <stddef.h>

typedef enum RateKind { RATE_CONSTANT, RATE_STEP, RATE_EXPONENTIAL, RATE_COSINE, RATE_TRIANGULAR } RateKind;

typedef struct LearningRate {
    RateKind kind;
    double initial;
    double factor;  /* of step and exponential */
    size_t period;  /* of step, cosine and triangular, in units of time; at least 1 */
    double minimum; /* of cosine and triangular */
    int per_epoch;  /* time counts epochs, not updates */
    size_t warm_up; /* updates; 0: none */
    double start;   /* of triangular */
    size_t peak;    /* likewise, in units of time; below period */
} LearningRate;

/* The rate of update number update, from 0; updates_per_epoch at least 1, read only when time counts epochs. */
double learning_rate_at(const LearningRate *rate, size_t update, size_t updates_per_epoch);

#endif
