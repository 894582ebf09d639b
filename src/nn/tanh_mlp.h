/* The multilayer perceptron with tanh. */
#ifndef SCALEDOWN_NN_TANH_MLP_H
#define SCALEDOWN_NN_TANH_MLP_H

#include "nn/model.h"

/* linear and tanh in each of the hidden layers, all of one width, then linear; at most MODEL_MAX_TENSORS / 2 layers */
Model model_tanh_mlp(size_t inputs, size_t hidden_layers, size_t hidden, size_t outputs);

#endif
