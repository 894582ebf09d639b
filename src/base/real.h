/* The scalar type of tensors.  The library is built twice from the same sources: binary32 for every
 * result, and binary64 (-DREAL_IS_DOUBLE) for the finite-difference checks of derivatives. */
#ifndef SCALEDOWN_BASE_REAL_H
#define SCALEDOWN_BASE_REAL_H

#include <math.h>

#ifdef REAL_IS_DOUBLE
typedef double real;
#define REAL_FMA fma
#define REAL_SQRT sqrt
#define REAL(x) (x)
#else
typedef float real;
#define REAL_FMA fmaf
#define REAL_SQRT sqrtf
#define REAL(x) (x##f)
#endif

#endif
