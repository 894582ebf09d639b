#include "registry.h"

const Study *const studies[] = {&classification, &meta_learning_rate, NULL};
