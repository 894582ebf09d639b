/* What a fused kernel applies to an output once its chain is done: nothing, or y > 0 ? y : 0. */
#ifndef SCALEDOWN_KERNELS_ACTIVATION_H
#define SCALEDOWN_KERNELS_ACTIVATION_H

typedef enum Activation { ACTIVATION_NONE, ACTIVATION_RELU } Activation;

#endif
