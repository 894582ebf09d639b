/* The binary32 functions with their binary64 references (libm; errors far below a binary32 ulp). */
#ifndef SCALEDOWN_TESTS_EXACT_REFERENCE_H
#define SCALEDOWN_TESTS_EXACT_REFERENCE_H

typedef struct FloatFunction {
    const char *name;
    float (*ours)(float);
    double (*reference)(double);
    double bound; /* as stated in exact_float.h, in ulp */
} FloatFunction;

enum { FLOAT_FUNCTIONS = 6 };
extern const FloatFunction float_functions[FLOAT_FUNCTIONS];

/* |got - wanted| in units of the last place of wanted rounded to binary32 (2^-149 among the subnormals);
 * 0 when both are NaN or the same infinity, infinite when only one is. */
double ulp_error(float got, double wanted);

#endif
