/* The methods: one line and one file each. */
#ifndef SCALEDOWN_REPRODUCE_REGISTRY_H
#define SCALEDOWN_REPRODUCE_REGISTRY_H

#include "study/method.h"

extern const Method *const methods[]; /* ends with NULL */

extern const Method airbench, classification, dataset, double_descent, embedding, finite_sample, generalization,
    kernel_interpolation, lottery, meta_activation, meta_learning_rate, pooling, questions, self_supervised;

#endif
