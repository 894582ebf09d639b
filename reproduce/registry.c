#include "registry.h"

const Method *const methods[] = {
    &airbench,       &classification,       &dataset, &double_descent,  &embedding,          &finite_sample,
    &generalization, &kernel_interpolation, &lottery, &meta_activation, &meta_learning_rate, &pooling,
    &questions,      &self_supervised,      NULL};
