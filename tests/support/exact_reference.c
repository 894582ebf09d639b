#include "exact_reference.h"

#include <float.h>
#include <math.h>

#include "exact/exact_float.h"

static double reference_sigmoid(double x) {
    return x < 0.0 ? exp(x) / (1.0 + exp(x)) : 1.0 / (1.0 + exp(-x));
}

const FloatFunction float_functions[FLOAT_FUNCTIONS] = {
    {"exp", exact_expf, exp, 0.77},    {"log", exact_logf, log, 0.94},
    {"tanh", exact_tanhf, tanh, 2.40}, {"sigmoid", exact_sigmoidf, reference_sigmoid, 2.30},
    {"erf", exact_erff, erf, 1.10},    {"expm1", exact_expm1f, expm1, 1.30},
};

double ulp_error(float got, double wanted) {
    float rounded = (float)wanted;
    if (isnan(got) || isnan(wanted)) return isnan(got) && isnan(wanted) ? 0.0 : HUGE_VAL;
    if (isinf(got) || isinf(rounded)) return got == rounded ? 0.0 : HUGE_VAL;
    int exponent;
    frexp(wanted, &exponent);
    double ulp = ldexp(1.0, wanted == 0.0 || exponent < -125 ? -149 : exponent - 24);
    return fabs((double)got - wanted) / ulp;
}
