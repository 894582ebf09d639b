/* Eigenvalues and eigenvectors of symmetric matrices of binary64, by Jacobi's rotations: for matrices of tens of rows. */
#ifndef SCALEDOWN_ANALYSIS_EIGEN_H
#define SCALEDOWN_ANALYSIS_EIGEN_H

#include <stddef.h>

/* matrix [n][n], symmetric and finite, is lost.  values [n]: the greatest first, those before first where equal; row i of
 * vectors [n][n] is the unit eigenvector of values[i], of either sign.  Thirty sweeps over all pairs (p, q) with p < q, row by
 * row, of which those do nothing that find zeros: some eight sweeps reach zero to the last place (Golub & Van Loan,
 * Section 8.5). */
void eigen_symmetric(size_t n, double *matrix, double *values, double *vectors);

#endif
