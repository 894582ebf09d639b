/* Multinomial logistic regression: one linear layer, whose logits go to the softmax cross-entropy. */
#ifndef SCALEDOWN_NN_LOGISTIC_H
#define SCALEDOWN_NN_LOGISTIC_H

#include "nn/model.h"

Model model_logistic(size_t inputs, size_t classes);

#endif
