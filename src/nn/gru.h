/* A bidirectional GRU over the signal, one scalar a step, all of whose states, time-major, go to a linear layer. */
#ifndef SCALEDOWN_NN_GRU_H
#define SCALEDOWN_NN_GRU_H

#include "nn/model.h"

Model model_gru(size_t inputs, size_t hidden, size_t classes);

#endif
