/* The convolutional network of the MNIST-1D paper: three convolutions of stride 2 and padding 1 (widths 5, 3 and 3),
 * each with relu, then a linear layer over all channels and positions. */
#ifndef SCALEDOWN_NN_CNN_H
#define SCALEDOWN_NN_CNN_H

#include "nn/model.h"

/* x [inputs][batch] is one channel of inputs positions, at least 3; channels: of each convolution (published: 25).  Tensors
 * conv1, conv2, conv3, linear, each with .weight and .bias. */
Model model_cnn(size_t inputs, size_t channels, size_t classes);
/* The same of an image [1][rows][columns][batch], each side at least 3, with square windows: 5 x 5 and twice 3 x 3. */
Model model_image_cnn(size_t rows, size_t columns, size_t channels, size_t classes);

#endif
