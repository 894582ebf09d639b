#include "registry.h"

const Study *const studies[] = {&classification, NULL};
