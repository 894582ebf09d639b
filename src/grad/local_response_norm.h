/* Local response normalisation (kernels/local_response_norm.h) of x [channels][...]. */
#ifndef SCALEDOWN_GRAD_LOCAL_RESPONSE_NORM_H
#define SCALEDOWN_GRAD_LOCAL_RESPONSE_NORM_H

#include "grad/tape.h"
#include "kernels/local_response_norm.h"

Var op_local_response_norm(Tape *t, Var x, LocalResponse norm);

extern const Primitive *const local_response_norm_primitives[]; /* ends with NULL; for tests */

#endif
