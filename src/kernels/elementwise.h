/* Functions of single elements: one operation each, or one of exact/.  out may be an input.  Each is computed by the calling
 * thread; elementwise_unary and elementwise_binary have all threads that it may use, where elements are many. */
#ifndef SCALEDOWN_KERNELS_ELEMENTWISE_H
#define SCALEDOWN_KERNELS_ELEMENTWISE_H

#include <stddef.h>
#include <stdint.h>

#include "base/real.h"

void vector_add(size_t count, const real *a, const real *b, real *out);
void vector_sub(size_t count, const real *a, const real *b, real *out);
void vector_mul(size_t count, const real *a, const real *b, real *out);
void vector_div(size_t count, const real *a, const real *b, real *out);
void vector_divide_or_zero(size_t count, const real *a, const real *b, real *out); /* b > 0 ? a / b : 0 */
void vector_scale(size_t count, real factor, const real *a, real *out);
void vector_add_constant(size_t count, real constant, const real *a, real *out);
void vector_relu(size_t count, const real *a, real *out);                         /* a > 0 ? a : 0 */
void vector_relu_gradient(size_t count, const real *y, const real *g, real *out); /* y > 0 ? g : 0 */
void vector_exp(size_t count, const real *a, real *out);
void vector_log(size_t count, const real *a, real *out);
void vector_tanh(size_t count, const real *a, real *out);
void vector_sigmoid(size_t count, const real *a, real *out);
void vector_sqrt(size_t count, const real *a, real *out);
void vector_mask(size_t count, const uint8_t *keep, const real *a, real *out); /* keep ? a : 0 */
void vector_copy(size_t count, const real *a, real *out);

typedef void UnaryKernel(size_t count, const real *a, real *out);
typedef void BinaryKernel(size_t count, const real *a, const real *b, real *out);
void elementwise_unary(UnaryKernel *kernel, size_t count, const real *a, real *out);
void elementwise_binary(BinaryKernel *kernel, size_t count, const real *a, const real *b, real *out);

#endif
