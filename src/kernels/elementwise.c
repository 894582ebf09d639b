#include "kernels/elementwise.h"

#include <string.h>

#include "exact/exact_real.h"
#include "kernels/threads.h"

/* One loop per function; out may be an input, so no restrict: the compiler checks for overlap once per call. */
#define DEFINE_BINARY(name, expression)                                                                                \
    void name(size_t count, const real *a, const real *b, real *out) {                                                 \
        for (size_t i = 0; i < count; i++) {                                                                           \
            const real x = a[i], y = b[i];                                                                             \
            out[i] = (expression);                                                                                     \
        }                                                                                                              \
    }
#define DEFINE_UNARY(name, expression)                                                                                 \
    void name(size_t count, const real *a, real *out) {                                                                \
        for (size_t i = 0; i < count; i++) {                                                                           \
            const real x = a[i];                                                                                       \
            out[i] = (expression);                                                                                     \
        }                                                                                                              \
    }

DEFINE_BINARY(vector_add, x + y)
DEFINE_BINARY(vector_sub, x - y)
DEFINE_BINARY(vector_mul, x *y)
DEFINE_BINARY(vector_div, x / y)
DEFINE_BINARY(vector_divide_or_zero, y > 0 ? x / (y > 0 ? y : 1) : 0)
DEFINE_BINARY(vector_relu_gradient, x > 0 ? y : 0)
DEFINE_UNARY(vector_relu, x > 0 ? x : 0)
DEFINE_UNARY(vector_exp, real_exp(x))
DEFINE_UNARY(vector_log, real_log(x))
DEFINE_UNARY(vector_tanh, real_tanh(x))
DEFINE_UNARY(vector_sigmoid, real_sigmoid(x))
DEFINE_UNARY(vector_sqrt, REAL_SQRT(x))

void vector_scale(size_t count, real factor, const real *a, real *out) {
    for (size_t i = 0; i < count; i++) out[i] = factor * a[i];
}

void vector_mask(size_t count, const uint8_t *keep, const real *a, real *out) {
    for (size_t i = 0; i < count; i++) out[i] = keep[i] ? a[i] : 0;
}

void vector_add_constant(size_t count, real constant, const real *a, real *out) {
    for (size_t i = 0; i < count; i++) out[i] = a[i] + constant;
}

void vector_copy(size_t count, const real *a, real *out) {
    memmove(out, a, count * sizeof *out);
}

/* ---- many elements ---- */

typedef struct Elements {
    UnaryKernel *unary;
    BinaryKernel *binary;
    const real *a, *b;
    real *out;
} Elements;

static void unary_range(const void *context, size_t first, size_t end) {
    const Elements *e = context;
    e->unary(end - first, e->a + first, e->out + first);
}

static void binary_range(const void *context, size_t first, size_t end) {
    const Elements *e = context;
    e->binary(end - first, e->a + first, e->b + first, e->out + first);
}

void elementwise_unary(UnaryKernel *kernel, size_t count, const real *a, real *out) {
    threads_run_ranges(count, unary_range, &(Elements){.unary = kernel, .a = a, .out = out});
}

void elementwise_binary(BinaryKernel *kernel, size_t count, const real *a, const real *b, real *out) {
    threads_run_ranges(count, binary_range, &(Elements){.binary = kernel, .a = a, .b = b, .out = out});
}
