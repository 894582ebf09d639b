/* The elementary functions of `real` under one name: inlined binary32 for results, calls in the binary64 build. */
#ifndef SCALEDOWN_EXACT_EXACT_REAL_H
#define SCALEDOWN_EXACT_EXACT_REAL_H

#include "exact/exact.h"
#include "exact/exact_float.h"

#ifdef REAL_IS_DOUBLE
#define real_exp_inline exact_exp
#define real_log_inline exact_log
#define real_tanh_inline exact_tanh
#define real_sigmoid_inline exact_sigmoid
#else
#define real_exp_inline exact_expf_inline
#define real_log_inline exact_logf_inline
#define real_tanh_inline exact_tanhf_inline
#define real_sigmoid_inline exact_sigmoidf_inline
#endif

#endif
