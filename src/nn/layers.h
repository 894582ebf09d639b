/* Layers for the functions of networks (network.h).  x and the result have examples innermost: features [in][batch],
 * signals [channels][length][batch], images [channels][rows][columns][batch].  A layer with a name has tensors NAME.weight
 * and NAME.bias, or draws noise; it is listed by `scaledown models` under that name. */
#ifndef SCALEDOWN_NN_LAYERS_H
#define SCALEDOWN_NN_LAYERS_H

#include "kernels/local_response_norm.h"
#include "nn/network.h"

/* W x + b, W [out][in]; and likewise with relu behind it: the same bits in one pass. */
Var linear(Pass *p, const char *name, size_t out, Var x);
Var linear_relu(Pass *p, const char *name, size_t out, Var x);
Var linear_without_bias(Pass *p, const char *name, size_t out, Var x);

typedef struct Filters {
    size_t channels; /* of the output */
    size_t window;   /* taps of the columns, and of the rows of an image unless row_window says otherwise */
    size_t stride;   /* of both; 0 stands for 1 */
    size_t padding;  /* zeros on both sides of the columns, and of the rows unless row_window says otherwise */
    size_t row_window, row_padding; /* of an oblong window; row_window 0: it is square */
    int without_bias;
} Filters;
/* weight [channels][channels of x][row taps][column taps], of signals without the rows. */
Var convolution(Pass *p, const char *name, Filters filters, Var x);
Var convolution_relu(Pass *p, const char *name, Filters filters, Var x);

/* Of a signal, then relu and maxima of pairs, which together do not have the convolution's output in memory. */
Var convolution_relu_max_pooling(Pass *p, const char *name, Filters filters, Var x);

/* A bidirectional GRU reads a signal [length][in][batch] from a state of zeros: all states, [length][2 hidden][batch], those
 * of the forward direction first.  Tensors NAME.weight_ih_l0 and so on, all in U(+-1/sqrt(hidden)) at the start. */
Var bidirectional_gru(Pass *p, const char *name, size_t hidden, Var x);

/* Activations, element by element (grad/elementwise.h, grad/nonlinearity.h). */
Var relu(Pass *p, Var x);
Var tanh_activation(Pass *p, Var x);
Var sigmoid(Pass *p, Var x);
Var swish(Pass *p, Var x);
Var gelu(Pass *p, Var x);
Var softplus(Pass *p, Var x);
Var elu(Pass *p, double alpha, Var x);
Var leaky_relu(Pass *p, double slope, Var x);

/* Pooling over windows of an image, square, or of a signal, as PyTorch's. */
Var max_pooling(Pass *p, size_t window, size_t stride, size_t padding, Var x);
Var relu_max_pooling(Pass *p, size_t window, size_t stride, size_t padding, Var x); /* of relu, in one pass */
Var average_pooling(Pass *p, size_t window, size_t stride, size_t padding, Var x);
Var l2_pooling(Pass *p, size_t window, size_t stride, size_t padding, Var x); /* Euclidean norms */
Var adaptive_average_pooling(Pass *p, size_t rows, size_t columns, Var x);    /* of an image; AdaptiveAvgPool2d */
Var global_average_pooling(Pass *p, Var x); /* [channels][...][batch] to [channels][batch] */

/* Normalises each channel: tensors NAME.weight (its scale, initially p->scales) and NAME.bias, buffers NAME.running_mean
 * and NAME.running_var, which a pass in training mode moves with p->norm_momentum, PyTorch's 0.1 at first.  Without
 * scale: it is 1, and NAME.bias the one tensor. */
Var batch_norm(Pass *p, const char *name, Var x);
Var batch_norm_without_scale(Pass *p, const char *name, Var x);

/* Normalises each element by those at its position in neighbouring channels (kernels/local_response_norm.h). */
Var local_response_norm(Pass *p, LocalResponse norm, Var x);

/* In training each element, or each channel of an example, becomes 0 with probability rate, and what is left is divided by
 * 1 - rate. */
Var dropout(Pass *p, const char *name, double rate, Var x);
Var dropout_channels(Pass *p, const char *name, double rate, Var x);

/* The channels of all parts, in order; other dimensions are the same. */
Var concatenate(Pass *p, size_t count, const Var *parts);
/* [a][b]...[batch] to [a b ...][batch]: PyTorch's order of features. */
Var flatten(Pass *p, Var x);

#endif
