/* Multilayer perceptrons of equal hidden layers with relu. */
#ifndef SCALEDOWN_NN_MLP_H
#define SCALEDOWN_NN_MLP_H

#include "grad/dropout.h"
#include "nn/model.h"

/* Tensors linear1, linear2, linear3, each with .weight and .bias.
 * Plain:    h1 = relu(linear1(x));  h2 = relu(linear2(h1));       logits = linear3(h2)
 * Residual: h1 = relu(linear1(x));  h2 = h1 + relu(linear2(h1));  logits = linear3(h2) */

/* Dropout after the relu of every hidden layer, as long as it is active; each pass that drops takes noise of its own. */
typedef struct MlpDropout {
    double rate; /* the probability of dropping */
    int active;
    DropoutNoise noise; /* the seed is the caller's; the step grows by one with every such pass */
} MlpDropout;
/* Plain, of any number of hidden layers from 1 on; dropout is borrowed, NULL for none. */
Model model_deep_mlp(size_t inputs, size_t layers, size_t hidden, size_t classes, MlpDropout *dropout);
Model model_mlp(size_t inputs, size_t hidden, size_t classes);          /* of two, without dropout */
Model model_residual_mlp(size_t inputs, size_t hidden, size_t classes); /* that of the MNIST-1D paper, hidden = 100 */
/* The residual one with leaky relu instead of relu. */
#define MLP_LEAKY_SLOPE 0.01 /* PyTorch's default */
Model model_leaky_residual_mlp(size_t inputs, size_t hidden, size_t classes);
int model_is_residual_mlp(const Model *model); /* with relu */
int model_is_leaky_residual_mlp(const Model *model);

#endif
