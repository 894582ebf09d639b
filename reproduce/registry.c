#include "registry.h"

const Method *const methods[] = {
    &classification,     &dataset, &double_descent, &embedding,       &lottery, &meta_activation,
    &meta_learning_rate, &pooling, &questions,      &self_supervised, NULL};
