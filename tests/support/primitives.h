/* Every primitive there is, for tests that must visit all: each file of grad/ lists its own. */
#ifndef SCALEDOWN_TESTS_PRIMITIVES_H
#define SCALEDOWN_TESTS_PRIMITIVES_H

#include "grad/batch_norm.h"
#include "grad/convolution.h"
#include "grad/derivative.h"
#include "grad/dropout.h"
#include "grad/elementwise.h"
#include "grad/gru.h"
#include "grad/learned_activation.h"
#include "grad/linear.h"
#include "grad/local_response_norm.h"
#include "grad/loss.h"
#include "grad/matmul.h"
#include "grad/nonlinearity.h"
#include "grad/pooling.h"
#include "grad/primitive.h"
#include "grad/reduce.h"
#include "grad/reshape.h"
#include "grad/sparse.h"

static const Primitive *const *const all_primitives[] = {elementwise_primitives,
                                                         reshape_primitives,
                                                         reduce_primitives,
                                                         matmul_primitives,
                                                         convolution_primitives,
                                                         linear_primitives,
                                                         loss_primitives,
                                                         gru_primitives,
                                                         pooling_primitives,
                                                         sparse_primitives,
                                                         learned_activation_primitives,
                                                         dropout_primitives,
                                                         batch_norm_primitives,
                                                         local_response_norm_primitives,
                                                         nonlinearity_primitives};
enum { N_PRIMITIVE_FILES = sizeof all_primitives / sizeof *all_primitives };

#endif
