/* The gated recurrent unit.  Columns (examples) are independent, so every loop runs over the batch, padded to
 * whole groups of 16 columns: there are no remainder loops over the expensive functions, and a group is the sixteen
 * lanes of a sum over the batch.  The columns beyond the batch have an input of 0 and a gradient of 0.
 *
 * saved, by step of the walk: rows of the state before the step (h), the input (in), r, z, n, W_hn h + b_hn (h each);
 * one more block of h rows takes the last state.
 *
 * The body is compiled a second time for the published sizes as constants, so that its inner loops unroll into
 * registers; the chains are the same. */
#include "kernels/gru.h"

#include "base/arena.h"
#include "exact/exact_real.h"
#include "kernels/lanes.h"
#include "kernels/parts.h"
#include "kernels/simd.h"

#ifdef __GNUC__
#define ALWAYS_INLINE inline __attribute__((always_inline))
#else
#define ALWAYS_INLINE inline
#endif

typedef struct Walk { /* sizes and strides, which the compiler may know */
    size_t hidden, in, groups, width, rows;
} Walk;

static ALWAYS_INLINE Walk walk_of(const Gru *gru, size_t hidden, size_t in) {
    const size_t groups = parts_of(gru->batch, LANES);
    const Walk walk = {hidden, in, groups, groups * LANES, 5 * hidden + in};
    return walk;
}

size_t gru_saved_count(const Gru *gru) {
    const Walk walk = walk_of(gru, gru->hidden, gru->in);
    return (gru->length * walk.rows + gru->hidden) * walk.width;
}

static size_t time_of(const Gru *gru, size_t step) {
    return gru->reverse ? gru->length - 1 - step : step;
}

static void copy_rows(size_t rows, size_t batch, const real *from, size_t from_stride, real *to, size_t to_stride,
                      size_t width) {
    for (size_t i = 0; i < rows; i++) {
        for (size_t n = 0; n < batch; n++) to[i * to_stride + n] = from[i * from_stride + n];
        for (size_t n = batch; n < width; n++) to[i * to_stride + n] = 0;
    }
}

/* ---- forward ---- */

/* The sums of hidden unit i into the rows of its gates: r and z whole, n's input and hidden side apart. */
static ALWAYS_INLINE void unit_sums(Walk w, size_t i, const real *restrict state, const real *restrict x,
                                    const real *restrict w_ih, const real *restrict w_hh, const real *restrict b_ih,
                                    const real *restrict b_hh, real *restrict gates) {
    const size_t h = w.hidden;
    for (size_t j = 0; j < w.groups * LANES; j++) {
        real ri = b_ih[i], zi = b_ih[h + i], ni = b_ih[2 * h + i];
        real rh = b_hh[i], zh = b_hh[h + i], nh = b_hh[2 * h + i];
        for (size_t k = 0; k < w.in; k++) {
            const real value = x[k * w.width + j];
            ri = REAL_FMA(w_ih[i * w.in + k], value, ri);
            zi = REAL_FMA(w_ih[(h + i) * w.in + k], value, zi);
            ni = REAL_FMA(w_ih[(2 * h + i) * w.in + k], value, ni);
        }
        for (size_t k = 0; k < h; k++) {
            const real value = state[k * w.width + j];
            rh = REAL_FMA(w_hh[i * h + k], value, rh);
            zh = REAL_FMA(w_hh[(h + i) * h + k], value, zh);
            nh = REAL_FMA(w_hh[(2 * h + i) * h + k], value, nh);
        }
        gates[i * w.width + j] = ri + rh;
        gates[(h + i) * w.width + j] = zi + zh;
        gates[(2 * h + i) * w.width + j] = ni;
        gates[(3 * h + i) * w.width + j] = nh;
    }
}

/* Sums to gates in place, and the new state, over hidden rows of whole groups: groups counts those of all rows. */
static void gates_and_state(size_t groups, const real *restrict state, real *restrict r_row, real *restrict z_row,
                            real *restrict n_row, const real *restrict m_row, real *restrict new_state) {
    for (size_t j = 0; j < groups * LANES; j++) {
        const real r = real_sigmoid(r_row[j]), z = real_sigmoid(z_row[j]);
        const real n = real_tanh(REAL_FMA(r, m_row[j], n_row[j]));
        r_row[j] = r;
        z_row[j] = z;
        n_row[j] = n;
        new_state[j] = REAL_FMA(z, state[j] - n, n);
    }
}

static ALWAYS_INLINE void forward(const Gru *gru, Walk w, const real *x, const real *w_ih, const real *w_hh,
                                  const real *b_ih, const real *b_hh, real *y, size_t y_stride, real *saved) {
    const size_t block = w.hidden * w.width;
    for (size_t j = 0; j < block; j++) saved[j] = 0;
    for (size_t step = 0; step < gru->length; step++) {
        const size_t t = time_of(gru, step);
        real *state = saved + step * w.rows * w.width, *input = state + block, *gates = input + w.in * w.width;
        real *new_state = state + w.rows * w.width;
        copy_rows(w.in, gru->batch, x + t * w.in * gru->batch, gru->batch, input, w.width, w.width);
        for (size_t i = 0; i < w.hidden; i++) unit_sums(w, i, state, input, w_ih, w_hh, b_ih, b_hh, gates);
        gates_and_state(w.hidden * w.groups, state, gates, gates + block, gates + 2 * block, gates + 3 * block,
                        new_state);
        copy_rows(w.hidden, gru->batch, new_state, w.width, y + t * y_stride, gru->batch, gru->batch);
    }
}

static int is_published_size(const Gru *gru) {
    return gru->hidden == 6 && gru->in == 1;
}

void gru_forward(const Gru *gru, const real *x, const real *w_ih, const real *w_hh, const real *b_ih, const real *b_hh,
                 real *y, size_t y_stride, real *saved) {
    if (is_published_size(gru))
        forward(gru, walk_of(gru, 6, 1), x, w_ih, w_hh, b_ih, b_hh, y, y_stride, saved);
    else
        forward(gru, walk_of(gru, gru->hidden, gru->in), x, w_ih, w_hh, b_ih, b_hh, y, y_stride, saved);
}

/* ---- backward ---- */

/* d: the gradients at the sums r, z, n (input side), m (hidden side of n); carry: dh in, the direct part dh z out. */
static void gate_gradients(size_t groups, const real *restrict state, const real *restrict r_row,
                           const real *restrict z_row, const real *restrict n_row, const real *restrict m_row,
                           real *restrict carry, real *restrict dr, real *restrict dz, real *restrict dn,
                           real *restrict dm) {
    for (size_t j = 0; j < groups * LANES; j++) {
        const real r = r_row[j], z = z_row[j], n = n_row[j], dh = carry[j];
        const real d = dh * (1 - z) * REAL_FMA(-n, n, 1);
        dr[j] = (d * m_row[j]) * (r * (1 - r));
        dz[j] = (dh * (state[j] - n)) * (z * (1 - z));
        dn[j] = d;
        dm[j] = d * r;
        carry[j] = dh * z;
    }
}

static ALWAYS_INLINE void carry_unit(Walk w, size_t i, const real *restrict w_hh, const real *restrict d,
                                     real *restrict carry) {
    const size_t block = w.hidden * w.width;
    for (size_t j = 0; j < w.groups * LANES; j++) {
        real sum = carry[i * w.width + j];
        for (size_t k = 0; k < 2 * w.hidden; k++) sum = REAL_FMA(w_hh[k * w.hidden + i], d[k * w.width + j], sum);
        for (size_t k = 0; k < w.hidden; k++)
            sum = REAL_FMA(w_hh[(2 * w.hidden + k) * w.hidden + i], d[3 * block + k * w.width + j], sum);
        carry[i * w.width + j] = sum;
    }
}

/* Two rows of d against TILE_COLUMNS rows of state and input, into lanes [TILE_COLUMNS][LANES] of each.  As in
 * convolution_weights.c, the bounds are constants and the loop over groups runs at least once: the sums then stay in registers
 * throughout. */
enum { TILE_COLUMNS = 7 };
#define ADD_COLUMN(k)                                                                                                  \
    SIMD for (size_t l = 0; l < LANES; l++) {                                                                          \
        sums[0][k][l] = REAL_FMA(d[n + l], source[k * width + n + l], sums[0][k][l]);                                  \
        sums[1][k][l] = REAL_FMA(d[width + n + l], source[k * width + n + l], sums[1][k][l]);                          \
    }
static void lane_tile(size_t groups, size_t width, const real *restrict d, const real *restrict source,
                      real *restrict lanes0, real *restrict lanes1) {
    real sums[2][TILE_COLUMNS][LANES];
    for (size_t k = 0; k < TILE_COLUMNS; k++)
        for (size_t l = 0; l < LANES; l++) {
            sums[0][k][l] = lanes0[k * LANES + l];
            sums[1][k][l] = lanes1[k * LANES + l];
        }
    size_t n = 0;
    do {
        ADD_COLUMN(0) ADD_COLUMN(1) ADD_COLUMN(2) ADD_COLUMN(3) ADD_COLUMN(4) ADD_COLUMN(5) ADD_COLUMN(6) n += LANES;
    } while (n < groups * LANES);
    for (size_t k = 0; k < TILE_COLUMNS; k++)
        for (size_t l = 0; l < LANES; l++) {
            lanes0[k * LANES + l] = sums[0][k][l];
            lanes1[k * LANES + l] = sums[1][k][l];
        }
}

/* One row of d against one row. */
static void lane_row(size_t groups, const real *restrict d, const real *restrict source, real *restrict lanes) {
    for (size_t g = 0; g < groups; g++)
        for (size_t l = 0; l < LANES; l++) lanes[l] = REAL_FMA(d[g * LANES + l], source[g * LANES + l], lanes[l]);
}

static void bias_lanes(size_t groups, const real *restrict d, real *restrict lanes) {
    real sums[LANES];
    for (size_t l = 0; l < LANES; l++) sums[l] = lanes[l];
    for (size_t g = 0; g < groups; g++)
        for (size_t l = 0; l < LANES; l++) sums[l] += d[g * LANES + l];
    for (size_t l = 0; l < LANES; l++) lanes[l] = sums[l];
}

/* All 4h rows of d against the h + in rows of state and input, and against 1: lanes [4h][h + in + 1][LANES]. */
static ALWAYS_INLINE void weight_lanes(Walk w, const real *restrict d, const real *restrict source,
                                       real *restrict lanes) {
    const size_t columns = w.hidden + w.in, row = (columns + 1) * LANES;
    for (size_t j = 0; j < 4 * w.hidden; j += 2) {
        if (columns == TILE_COLUMNS)
            lane_tile(w.groups, w.width, d + j * w.width, source, lanes + j * row, lanes + (j + 1) * row);
        else
            for (size_t k = 0; k < 2 * columns; k++)
                lane_row(w.groups, d + (j + k % 2) * w.width, source + k / 2 * w.width,
                         lanes + (j + k % 2) * row + k / 2 * LANES);
        bias_lanes(w.groups, d + j * w.width, lanes + j * row + columns * LANES);
        bias_lanes(w.groups, d + (j + 1) * w.width, lanes + (j + 1) * row + columns * LANES);
    }
}

static void input_gradient(Walk w, size_t batch, const real *w_ih, const real *d, real *gx) {
    for (size_t i = 0; i < w.in; i++)
        for (size_t n = 0; n < batch; n++) {
            real sum = 0;
            for (size_t k = 0; k < 3 * w.hidden; k++) sum = REAL_FMA(w_ih[k * w.in + i], d[k * w.width + n], sum);
            gx[i * batch + n] = sum;
        }
}

static ALWAYS_INLINE void backward(const Gru *gru, Walk w, const real *w_ih, const real *w_hh, const real *saved,
                                   const real *gy, size_t gy_stride, real *gx, real *lanes, real *carry, real *d) {
    const size_t block = w.hidden * w.width;
    for (size_t back = 0; back < gru->length; back++) {
        const size_t step = gru->length - 1 - back, t = time_of(gru, step);
        const real *state = saved + step * w.rows * w.width, *gates = state + block + w.in * w.width;
        for (size_t i = 0; i < w.hidden; i++)
            for (size_t n = 0; n < gru->batch; n++) carry[i * w.width + n] += gy[t * gy_stride + i * gru->batch + n];
        gate_gradients(w.hidden * w.groups, state, gates, gates + block, gates + 2 * block, gates + 3 * block, carry, d,
                       d + block, d + 2 * block, d + 3 * block);
        for (size_t i = 0; i < w.hidden; i++) carry_unit(w, i, w_hh, d, carry);
        weight_lanes(w, d, state, lanes);
        if (gx) input_gradient(w, gru->batch, w_ih, d, gx + t * w.in * gru->batch);
    }
}

void gru_backward(const Gru *gru, const real *w_ih, const real *w_hh, const real *saved, const real *gy,
                  size_t gy_stride, real *gx, real *gw_ih, real *gw_hh, real *gb_ih, real *gb_hh) {
    const Walk w = walk_of(gru, gru->hidden, gru->in);
    const size_t h = w.hidden, row = (h + w.in + 1) * LANES, lane_count = 4 * h * row, block = h * w.width;
    real *lanes = memory_alloc_zero(lane_count + 5 * block, sizeof *lanes), *carry = lanes + lane_count;
    if (is_published_size(gru))
        backward(gru, walk_of(gru, 6, 1), w_ih, w_hh, saved, gy, gy_stride, gx, lanes, carry, carry + block);
    else
        backward(gru, w, w_ih, w_hh, saved, gy, gy_stride, gx, lanes, carry, carry + block);
    for (size_t j = 0; j < 3 * h; j++) {
        const real *at_input = lanes + j * row, *at_hidden = lanes + (j < 2 * h ? j : j + h) * row;
        for (size_t k = 0; k < h; k++) gw_hh[j * h + k] = lanes_sum(at_hidden + k * LANES);
        for (size_t k = 0; k < w.in; k++) gw_ih[j * w.in + k] = lanes_sum(at_input + (h + k) * LANES);
        gb_ih[j] = lanes_sum(at_input + (h + w.in) * LANES);
        gb_hh[j] = lanes_sum(at_hidden + (h + w.in) * LANES);
    }
    memory_free(lanes);
}
