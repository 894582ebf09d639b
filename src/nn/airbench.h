/* The network of airbench94 (Jordan 2024, "94% on CIFAR-10 in 3.29 Seconds on a Single GPU", arXiv:2404.00498): for images of 32 x 32
 * with three channels and ten classes.
 *
 * A convolution of 2 x 2 with 24 filters, for patch_whitening (analysis/patch_whitening.h) to fill in, and biases; three groups of
 * `width`, 4 width and 4 width channels, each a convolution, maxima of 2 x 2, batch normalisation, a convolution, batch
 * normalisation, all convolutions of 3 x 3 with padding and without biases; maxima of 3 x 3; a linear layer without biases, and
 * a ninth of what it gives.  GELU behind the first convolution and each batch normalisation, which learns shifts alone; it has
 * an epsilon of 1e-12, and a batch weighs 0.4 in its running statistics. */
#ifndef SCALEDOWN_NN_AIRBENCH_H
#define SCALEDOWN_NN_AIRBENCH_H

#include "nn/network.h"

enum {
    AIRBENCH_WIDTH = 64, /* the published one */
    AIRBENCH_SIDE = 32,
    AIRBENCH_CLASSES = 10,
    AIRBENCH_CHANNELS = 3,
    AIRBENCH_WINDOW = 2,
    AIRBENCH_WHITENERS = 2 * AIRBENCH_CHANNELS * AIRBENCH_WINDOW * AIRBENCH_WINDOW
};

/* The first tensors are whiten.weight, of zeros at the start, and whiten.bias. */
Network *airbench_create(size_t width, Arena *arena);

#endif
