/* Activation functions without parameters to learn, built of primitives. */
#ifndef SCALEDOWN_NN_KNOWN_ACTIVATIONS_H
#define SCALEDOWN_NN_KNOWN_ACTIVATIONS_H

#include "grad/tape.h"

typedef Var Activate(Tape *tape, Var x); /* elementwise */

typedef struct KnownActivation {
    const char *name; /* "leaky_relu" */
    Activate *function;
} KnownActivation;

/* relu, swish (x sigmoid(x), which is SiLU too), elu, softplus, tanh, sigmoid, gelu, leaky_relu (slope
 * 0.01 below 0).  The first N_PUBLISHED_ACTIVATIONS are those of Greydanus' notebook. */
enum { N_PUBLISHED_ACTIVATIONS = 6, N_KNOWN_ACTIVATIONS = 8 };
extern const KnownActivation known_activations[N_KNOWN_ACTIVATIONS];

/* A line on each of the six intervals that -2, -1, -0.25, 0.1 and 0.6 part, and 0 where two of them meet: how that
 * notebook writes down the function that it learned. */
enum { N_PIECES = 6 };
typedef struct Pieces {
    real slope[N_PIECES], intercept[N_PIECES];
} Pieces;
extern const Pieces published_pieces; /* the notebook's, set by hand */
Var piecewise_linear(Tape *tape, Var x, const Pieces *pieces);
/* The least-squares line through the points (x, y) of each interval, in binary64; an interval without two different x
 * gets slope 0 and the mean, or 0 without any. */
Pieces pieces_fit(size_t n, const double *x, const double *y);

#endif
