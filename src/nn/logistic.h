/* Logistic regression: one linear layer. */
#ifndef SCALEDOWN_NN_LOGISTIC_H
#define SCALEDOWN_NN_LOGISTIC_H

#include "nn/model.h"

Model model_logistic(size_t inputs, size_t classes);

#endif
