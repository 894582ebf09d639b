/* Layers for the functions of networks (network.h).  x and the result have examples innermost: features [in][batch],
 * signals [channels][length][batch], images [channels][rows][columns][batch].  A layer with a name has tensors NAME.weight
 * and NAME.bias, or draws noise; it is listed by `scaledown models` under that name. */
#ifndef SCALEDOWN_NN_LAYERS_H
#define SCALEDOWN_NN_LAYERS_H

#include "nn/network.h"

/* W x + b, W [out][in]; and likewise with relu behind it: the same bits in one pass. */
Var linear(Pass *p, const char *name, size_t out, Var x);
Var linear_relu(Pass *p, const char *name, size_t out, Var x);

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

/* Activations, element by element. */
Var relu(Pass *p, Var x);

/* [a][b]...[batch] to [a b ...][batch]: PyTorch's order of features. */
Var flatten(Pass *p, Var x);

#endif
