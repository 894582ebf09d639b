#include "registry.h"

const Study *const studies[] = {
    &classification, &lottery, &double_descent, &meta_learning_rate, &meta_activation, &meta_activation_deep,
    &pooling,        NULL};
