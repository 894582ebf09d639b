#include "registry.h"

const Study *const studies[] = {&classification, &double_descent, &meta_learning_rate, NULL};
