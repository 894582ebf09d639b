#include "nn/known_activations.h"

#include <math.h>

#include "grad/elementwise.h"
#include "grad/nonlinearity.h"

/* Swish, ELU and softplus are composed, as they were when results with them were recorded: the primitives of
 * grad/nonlinearity.h round differently. */

static Var swish(Tape *t, Var x) {
    return op_mul(t, x, op_sigmoid(t, x));
}

/* max(x, 0) + exp(min(x, 0)) - 1 */
static Var elu(Tape *t, Var x) {
    Var below = op_exp(t, op_scale(t, op_relu(t, op_scale(t, x, -1)), -1));
    return op_add_constant(t, op_add(t, op_relu(t, x), below), -1);
}

/* max(x, 0) + log(1 + exp(-|x|)), and -|x| = x - 2 max(x, 0) */
static Var softplus(Tape *t, Var x) {
    Var above = op_relu(t, x);
    Var minus_magnitude = op_sub(t, x, op_scale(t, above, 2));
    return op_add(t, above, op_log(t, op_add_constant(t, op_exp(t, minus_magnitude), 1)));
}

static Var leaky_relu(Tape *t, Var x) {
    return op_leaky_relu(t, x, REAL(0.01));
}

const KnownActivation known_activations[N_KNOWN_ACTIVATIONS] = {
    {"relu", op_relu}, {"swish", swish},        {"elu", elu},      {"softplus", softplus},
    {"tanh", op_tanh}, {"sigmoid", op_sigmoid}, {"gelu", op_gelu}, {"leaky_relu", leaky_relu}};

static const real knots[N_PIECES + 1] = {-INFINITY, -2, -1, REAL(-0.25), REAL(0.1), REAL(0.6), INFINITY};

const Pieces published_pieces = {
    {REAL(0.15), REAL(-0.25), REAL(-1.2), REAL(-0.5), REAL(0.2), REAL(1.2)},
    {REAL(0.9), REAL(0.1), REAL(-0.85), REAL(-0.75), REAL(-0.85), REAL(-1.4)},
};

Var piecewise_linear(Tape *t, Var x, const Pieces *pieces) {
    Var y = op_scale(t, x, 0);
    for (size_t i = 0; i < N_PIECES; i++) {
        Var above = op_add_constant(t, x, -knots[i]);
        Var below = op_add_constant(t, op_scale(t, x, -1), knots[i + 1]);
        Var line = op_add_constant(t, op_scale(t, x, pieces->slope[i]), pieces->intercept[i]);
        y = op_add(t, y, op_relu_gate(t, above, op_relu_gate(t, below, line)));
    }
    return y;
}

Pieces pieces_fit(size_t n, const double *x, const double *y) {
    Pieces pieces;
    for (size_t i = 0; i < N_PIECES; i++) {
        double count = 0, mean_x = 0, mean_y = 0, xx = 0, xy = 0;
        for (size_t k = 0; k < n; k++)
            if (x[k] > (double)knots[i] && x[k] < (double)knots[i + 1]) count++, mean_x += x[k], mean_y += y[k];
        if (count > 0) mean_x /= count, mean_y /= count;
        for (size_t k = 0; k < n; k++)
            if (x[k] > (double)knots[i] && x[k] < (double)knots[i + 1]) {
                xx += (x[k] - mean_x) * (x[k] - mean_x);
                xy += (x[k] - mean_x) * (y[k] - mean_y);
            }
        const double slope = xx > 0 ? xy / xx : 0;
        pieces.slope[i] = (real)slope;
        pieces.intercept[i] = (real)(mean_y - slope * mean_x);
    }
    return pieces;
}
