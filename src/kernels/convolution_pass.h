/* What a convolution (convolution.h) does in one of its directions: which taps meet which position, and the weights in the
 * order of its chains.
 *
 * Forward a position is an output and reads inputs, backward it is an input and reads outputs.  Along an axis it meets a
 * run of taps in an order of their own: by k mod stride, then k, backward, where it meets one residue only; by k
 * forward.  The positions that they read are neighbours, upwards forward and downwards backward. */
#ifndef SCALEDOWN_KERNELS_CONVOLUTION_PASS_H
#define SCALEDOWN_KERNELS_CONVOLUTION_PASS_H

#include "kernels/convolution.h"

typedef enum Direction { FORWARD, BACKWARD } Direction;

typedef struct Taps {
    size_t first, count; /* of the order */
    size_t source;       /* the position that the first of them reads */
} Taps;

/* The weights of a run of column taps, [destination channel][row tap][column tap][source channel], both taps in their
 * order: so the weights of a run of row taps are one run of the chain. */
typedef struct Pack {
    size_t first, count; /* the column taps */
    const real *weights;
    size_t row; /* from a destination channel to the next */
} Pack;

/* What all positions have in common.  x and y are what is read and written, in either direction. */
typedef struct Pass {
    const Convolution *conv;
    Direction direction;
    size_t from, to;                                   /* channels read and written */
    size_t source_rows, source_columns, rows, columns; /* of x, of y */
    const Taps *row_taps, *column_taps;                /* [rows], [columns] */
    const Pack *packs;                                 /* the whole of the taps, then other runs of column taps */
    size_t n_packs;
    const real *x, *bias;
    Activation activation;
    real *y;
} Pass;

/* With x, bias, activation and y left to the caller.  It lives in the calling thread's scratch. */
Pass pass_of(const Convolution *conv, Direction direction, const real *weight);
/* The weights of a position's chain, and, of its index-th tap, the position that it reads. */
const Pack *pass_pack(const Pass *pass, const Taps *across);
size_t pass_source(const Pass *pass, const Taps *taps, size_t index);
/* The end of a run of columns of y from column on, before last, step apart: they meet the same taps, and each reads `advance`
 * columns further than the one before. */
size_t pass_run_end(const Pass *pass, size_t column, size_t last, size_t step, size_t advance);
size_t pass_multiply_adds(const Pass *pass);

#endif
