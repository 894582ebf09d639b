/* The elementary functions of `real` under one name: inlined binary32 for results, functions of exact.h in the
 * binary64 build. */
#ifndef SCALEDOWN_EXACT_EXACT_REAL_H
#define SCALEDOWN_EXACT_EXACT_REAL_H

#include "base/real.h"
#include "exact/exact.h"
#include "exact/exact_float.h"

#ifdef REAL_IS_DOUBLE
#define real_exp exact_exp
#define real_log exact_log
#define real_tanh exact_tanh
#define real_sigmoid exact_sigmoid
#define real_erf exact_erf
#define real_expm1 exact_expm1
#else
#define real_exp exact_expf
#define real_log exact_logf
#define real_tanh exact_tanhf
#define real_sigmoid exact_sigmoidf
#define real_erf exact_erff
#define real_expm1 exact_expm1f
#endif

#endif
