/* The multilayer perceptron with tanh, of any number of hidden layers. */
#ifndef SCALEDOWN_NN_TANH_MLP_H
#define SCALEDOWN_NN_TANH_MLP_H

#include "nn/model.h"

/* linear and tanh in each of the hidden layers, all of one width, then linear; at most MODEL_MAX_TENSORS / 2 - 1 hidden
 * layers.  Tensors linear1, linear2 ..., each with .weight and .bias. */
Model model_tanh_mlp(size_t inputs, size_t hidden_layers, size_t hidden, size_t outputs);

#endif
