/* Multilayer perceptrons of two equal hidden layers with relu. */
#ifndef SCALEDOWN_NN_MLP_H
#define SCALEDOWN_NN_MLP_H

#include "nn/model.h"

Model model_mlp(size_t inputs, size_t hidden, size_t classes);
Model model_residual_mlp(size_t inputs, size_t hidden, size_t classes); /* h1 = relu; h2 = h1 + relu; linear */
int model_is_residual_mlp(const Model *model);

#endif
