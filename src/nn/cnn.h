/* The convolutional network of the MNIST-1D paper: three convolutions of stride 2 and padding 1 (widths 5, 3 and 3),
 * each with relu, then a linear layer over all channels and positions. */
#ifndef SCALEDOWN_NN_CNN_H
#define SCALEDOWN_NN_CNN_H

#include "nn/model.h"

/* x [inputs][batch] is one channel of inputs positions, at least 3; channels: of each convolution (published: 25).  Tensors
 * conv1, conv2, conv3, linear, each with .weight and .bias. */
Model model_cnn(size_t inputs, size_t channels, size_t classes);

#endif
