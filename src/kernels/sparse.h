/* The linear layer whose weight matrix is mostly zero, in a fixed pattern: zeros are not multiplied.
 *
 * Chains are those of the dense kernels with the terms of absent weights left out.  A dense term of an absent weight
 * is fma(0, x, acc): for finite x that is acc, bit for bit, with one exception: acc = -0 and a product of +0 give +0.
 * An accumulator is -0 only after a bias of -0 or where a term underflows, and then only the sign of a zero can differ,
 * which relu, the softmax and Adam do not pass on: losses, weights and moments of a training agree in every bit.  A
 * masked bias is +0. */
#ifndef SCALEDOWN_KERNELS_SPARSE_H
#define SCALEDOWN_KERNELS_SPARSE_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/real.h"
#include "kernels/activation.h"

/* Where the entries of a matrix [rows][columns] are: by strips of neighbouring columns, within a strip by rows, and
 * ascending within a row.  A strip of the other factor stays in the first-level cache while all rows use it; with few
 * entries there is one strip. */
typedef struct SparseLists {
    size_t rows, columns, strip; /* strip: columns of all strips but the last */
    uint32_t *start;             /* [strips * rows + 1]: entries of row i in strip s from start[s * rows + i] on */
    uint32_t *column;            /* [count] */
} SparseLists;

/* Where the weights of W[out][in] are.  values[] of a layer follow by_rows. */
typedef struct SparsePattern {
    size_t out, in, count;
    SparseLists by_rows, by_columns; /* of W and of its transpose */
    uint32_t *position;              /* [count]: where the values of by_columns are among those of by_rows */
    /* The same weights by tiles of SPARSE_TILE rows and columns, row of tiles by row of tiles, each padded to groups
     * of SPARSE_TILE lanes; NULL where the machine has no use for it. */
    uint32_t *tile_start;            /* [tiles + 1], in groups */
    int32_t *lane_row, *lane_column; /* [groups][SPARSE_TILE], within the tile */
    uint32_t *lane_value;            /* which of values; count where the lane is empty */
} SparsePattern;
enum { SPARSE_TILE = 16 };

/* From keep[out][in], non-zero where a weight is present. */
SparsePattern sparse_pattern(size_t out, size_t in, const uint8_t *keep, Arena *arena);
void sparse_gather(const SparsePattern *pattern, const real *dense, real *values);
void sparse_scatter(const SparsePattern *pattern, const real *values, real *dense); /* zeros elsewhere */

/* y[out][batch] = f(W x[in][batch] + b[out]), as linear_forward; bias NULL: chains start from 0. */
void sparse_forward(const SparsePattern *pattern, size_t batch, const real *values, const real *bias, const real *x,
                    Activation activation, real *y);
/* gx[in][batch] = W^T g[out][batch], as gemm_tn */
void sparse_input_gradient(const SparsePattern *pattern, size_t batch, const real *values, const real *g, real *gx);

/* The same with a choice by measured costs: of the sparse kernels, of the dense ones on a scattered copy of the
 * weights, and, as linear_weight_gradient and linear_input_gradient do, of leaving out the rows of g that are zero
 * throughout. gw[count] = the entries of g[out][batch] x[in][batch]^T that are in the pattern, as gemm_nt. */
void masked_forward(const SparsePattern *pattern, size_t batch, const real *values, const real *bias, const real *x,
                    Activation activation, real *y);
void masked_input_gradient(const SparsePattern *pattern, size_t batch, const real *values, const real *g, real *gx);
void masked_weight_gradient(const SparsePattern *pattern, size_t batch, const real *g, const real *x, real *gw);

#endif
