/* Two convolutions (k3 p1), each with relu and a halving of the signal by the pooling named, then a linear layer. */
#ifndef SCALEDOWN_NN_POOLING_CNN_H
#define SCALEDOWN_NN_POOLING_CNN_H

#include "nn/model.h"

typedef struct Pooling Pooling;
/* "none" (nothing is halved), "stride" (convolutions of stride 2), "max", "average", "l2"; NULL for other names. */
const Pooling *pooling_by_name(const char *name);
const char *pooling_name(size_t index); /* of all of them from 0 on; NULL beyond the last */
Model model_pooling(size_t inputs, size_t channels, size_t classes, const Pooling *pooling);

#endif
