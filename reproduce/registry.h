/* The studies, in the order in which they are listed and run. */
#ifndef SCALEDOWN_REPRODUCE_REGISTRY_H
#define SCALEDOWN_REPRODUCE_REGISTRY_H

#include "study/study.h"

extern const Study *const studies[]; /* ends with NULL */

extern const Study classification, lottery, double_descent, meta_learning_rate, meta_activation, meta_activation_deep,
    pooling;

#endif
