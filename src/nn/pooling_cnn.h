/* The network of the MNIST-1D paper's pooling experiment: two convolutions of width 3 and padding 1, each with relu and a
 * halving of the signal by the pooling named, then a linear layer.  Tensors conv1, conv2, linear, each with .weight and
 * .bias. */
#ifndef SCALEDOWN_NN_POOLING_CNN_H
#define SCALEDOWN_NN_POOLING_CNN_H

#include "nn/model.h"

typedef struct Pooling Pooling;
/* "none" (nothing is halved), "stride" (convolutions of stride 2), or over pairs of positions "max", "average", "l2"
 * (the Euclidean norm); NULL for other names. */
const Pooling *pooling_by_name(const char *name);
Model model_pooling(size_t inputs, size_t channels, size_t classes, const Pooling *pooling);

#endif
