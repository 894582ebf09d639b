/* The recurrent network of the MNIST-1D paper: a bidirectional GRU reads the signal, one scalar a time step, and a linear
 * layer the states of all steps and both directions, in the order [inputs][2 hidden]. */
#ifndef SCALEDOWN_NN_GRU_H
#define SCALEDOWN_NN_GRU_H

#include "nn/model.h"

/* hidden: units of each direction (published: 6).  The tensors have PyTorch's names, gru.weight_ih_l0 and so on; all of
 * the GRU's start in U(+-1/sqrt(hidden)). */
Model model_gru(size_t inputs, size_t hidden, size_t classes);
/* The same of an image [rows][columns][batch], a row of it each time step. */
Model model_row_gru(size_t rows, size_t columns, size_t hidden, size_t classes);

#endif
