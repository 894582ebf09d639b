/* The arithmetic contract: IEEE-754, round to nearest, no flush-to-zero, no excess precision, contraction off;
 * elementary functions made only of +, -, *, /, fma, sqrt and integer operations, so that every machine
 * computes the same bits.  Branch-free in the common path: loops over them vectorise. */
#ifndef SCALEDOWN_EXACT_EXACT_H
#define SCALEDOWN_EXACT_EXACT_H

#include "base/error.h"

/* -1 with an error that names the remedy when the float environment of this program is not that of the contract:
 * rounding mode, flush-to-zero, denormals-are-zero, FLT_EVAL_METHOD, contraction of a*b+c, fma that is not fused. */
int exact_check_environment(Error *error);

/* The functions of binary32 are in exact_float.h, to be inlined in loops; exact_real.h has those of `real` under one name.
 *
 * binary64, for the generators, for evaluations and for the double-precision build; not vectorised.  Errors
 * are below 1.3 units in the last place, of expm1 below 2, of tanh below 3.5, of sigmoid below 5 and of erf below 8
 * (sampled in tests/check_exact.c).  sin and cos: |x| up to 2^30, NaN beyond. */
double exact_exp(double x);
double exact_log(double x);
double exact_sin(double x);
double exact_cos(double x);
double exact_tanh(double x);
double exact_sigmoid(double x);
double exact_expm1(double x); /* exp(x) - 1 without cancellation */
double exact_erf(double x);
/* base to the exponent by repeated multiplication: as many roundings as the exponent has binary digits, at most twice. */
double exact_whole_power(double base, unsigned long exponent);

#endif
