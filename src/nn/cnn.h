/* The convolutional network: three strided convolutions (k5 s2 p1, k3 s2 p1 twice), each with relu, then a linear
 * layer. */
#ifndef SCALEDOWN_NN_CNN_H
#define SCALEDOWN_NN_CNN_H

#include "nn/model.h"

Model model_cnn(size_t inputs, size_t channels, size_t classes);

#endif
