/* The learned activation function whose network has two hidden layers: in blocks of elements, value and derivatives
 * side by side through the second layer as columns of one matrix product. */
#include "kernels/deep_activation.h"

#include <string.h>

#include "exact/exact_real.h"
#include "kernels/elementwise.h"
#include "kernels/gemm.h"
#include "kernels/lanes.h"
#include "kernels/learned_tanh.h"
#include "kernels/parts.h"
#include "kernels/reduce.h"
#include "kernels/scratch.h"
#include "kernels/simd.h"
#include "kernels/threads.h"

/* BLOCK: elements at a time; SLICES: parts of the elements whose sums are made apart and added in order. */
enum { BLOCK = 64, SLICES = 8 };

/* Row u of the first layer: tanh, then its derivative with respect to x. */
static void first_layer(const DeepActivation *f, const real x[BLOCK], real *rows) {
    for (size_t u = 0; u < f->units1; u++) {
        const real w1 = f->w1[u], b1 = f->b1[u];
        real *row = rows + u * 2 * BLOCK;
        SIMD for (size_t i = 0; i < BLOCK; i++) {
            const real t = learned_tanh(REAL_FMA(w1, x[i], b1));
            row[i] = t;
            row[BLOCK + i] = w1 * REAL_FMA(-t, t, 1);
        }
    }
}

/* elu'(x), and elu(x) = max(x, 0) + elu'(x) - 1. */
static real elu_slope(real x) {
    return real_exp(x > 0 ? 0 : x);
}

typedef struct Forward {
    const DeepActivation *f;
    size_t count;
    const real *x;
    real *value, *slope;
} Forward;

/* One block of elements. */
static void forward_task(const void *context, size_t block) {
    const Forward *work = context;
    const DeepActivation *f = work->f;
    const size_t at = block * BLOCK, count = at_most(work->count - at, BLOCK);
    const real *x = work->x + at;
    const size_t width = 2 * BLOCK;
    real padded[BLOCK] = {0}, v[BLOCK] = {0}, s[BLOCK] = {0};
    real *first = scratch_get(SCRATCH_ACTIVATION, width * (f->units1 + f->units2), sizeof *first);
    real *second = first + f->units1 * width;
    for (size_t i = 0; i < count; i++) padded[i] = x[i];
    first_layer(f, padded, first);
    gemm_nn(f->units2, width, f->units1, f->w2, f->units1, first, width, second, width, 0);
    for (size_t u = 0; u < f->units2; u++) {
        const real b2 = f->b2[u], w3 = f->w3[u], *z = second + u * width;
        SIMD for (size_t i = 0; i < BLOCK; i++) {
            const real t = learned_tanh(z[i] + b2), prime = REAL_FMA(-t, t, 1);
            v[i] = REAL_FMA(w3, t, v[i]);
            s[i] = REAL_FMA(w3, prime * z[BLOCK + i], s[i]);
        }
    }
    for (size_t i = 0; i < count; i++) {
        const real above = x[i] > 0 ? x[i] : 0, e = elu_slope(x[i]);
        work->value[at + i] = REAL_FMA(f->scale, v[i] + f->b3[0], above + (e - 1));
        work->slope[at + i] = REAL_FMA(f->scale, s[i], e);
    }
}

void deep_activation_forward(const DeepActivation *f, size_t count, const real *x, real *value, real *slope) {
    const Forward work = {f, count, x, value, slope};
    threads_run(parts_of(count, BLOCK), threads_worth(2 * count * f->units1 * f->units2), forward_task, &work);
}

/* ---- gradient ---- */

/* Sums over the elements of a slice, and its working memory. */
typedef struct Slice {
    real (*w1)[LANES], (*b1)[LANES], (*b2)[LANES], (*w3)[LANES]; /* [units] rows of lanes */
    real *w2;                                                    /* [units2][units1] */
    real *first, *second, *first_adjoint;                        /* [units][2 BLOCK] */
} Slice;

static size_t slice_count(const DeepActivation *f) {
    const size_t units = f->units1 + f->units2;
    return 2 * units * LANES + f->units1 * f->units2 + 2 * BLOCK * (units + f->units1);
}

static Slice slice_in(const DeepActivation *f, real *memory) {
    const size_t n1 = f->units1, n2 = f->units2;
    Slice slice;
    memset(memory, 0, slice_count(f) * sizeof *memory);
    slice.w1 = (real(*)[LANES])memory;
    slice.b1 = slice.w1 + n1;
    slice.b2 = slice.b1 + n1;
    slice.w3 = slice.b2 + n2;
    slice.w2 = (real *)(slice.w3 + n2);
    slice.first = slice.w2 + n1 * n2;
    slice.second = slice.first + 2 * BLOCK * n1;
    slice.first_adjoint = slice.second + 2 * BLOCK * n2;
    return slice;
}

/* From z and dz of the second layer's units to their adjoints, in place. */
static void second_adjoint(const DeepActivation *f, const real gv[BLOCK], const real gs[BLOCK], const Slice *slice) {
    for (size_t u = 0; u < f->units2; u++) {
        const real b2 = f->b2[u], w3 = f->w3[u];
        real *z = slice->second + u * 2 * BLOCK, *dz = z + BLOCK, *sum_w3 = slice->w3[u], *sum_b2 = slice->b2[u];
        for (size_t at = 0; at < BLOCK; at += LANES) {
            SIMD for (size_t j = 0; j < LANES; j++) {
                const size_t i = at + j;
                const real t = learned_tanh(z[i] + b2), prime = REAL_FMA(-t, t, 1), slope = prime * dz[i];
                sum_w3[j] = REAL_FMA(gs[i], slope, REAL_FMA(gv[i], t, sum_w3[j]));
                z[i] = w3 * REAL_FMA(-2 * t * slope, gs[i], prime * gv[i]);
                dz[i] = w3 * (prime * gs[i]);
                sum_b2[j] += z[i];
            }
        }
    }
}

/* The first layer's share: its sums, and at_x, the adjoint of x, to which every unit adds. */
static void add_first_layer(const DeepActivation *f, const real x[BLOCK], const Slice *slice, real at_x[BLOCK]) {
    for (size_t u = 0; u < f->units1; u++) {
        const real w1 = f->w1[u], *t = slice->first + u * 2 * BLOCK;
        const real *at_t = slice->first_adjoint + u * 2 * BLOCK, *at_slope = at_t + BLOCK;
        real *sum_w1 = slice->w1[u], *sum_b1 = slice->b1[u];
        for (size_t at = 0; at < BLOCK; at += LANES) {
            SIMD for (size_t j = 0; j < LANES; j++) {
                const size_t i = at + j;
                const real prime = REAL_FMA(-t[i], t[i], 1);
                const real adjoint = prime * REAL_FMA(-2 * t[i] * w1, at_slope[i], at_t[i]);
                sum_w1[j] = REAL_FMA(adjoint, x[i], REAL_FMA(at_slope[i], prime, sum_w1[j]));
                sum_b1[j] += adjoint;
                at_x[i] = REAL_FMA(w1, adjoint, at_x[i]);
            }
        }
    }
}

typedef struct Gradient {
    const DeepActivation *f;
    size_t count;
    const real *x, *gv, *gs;
    Slice *slices;
    real *memory, *gx; /* memory: slice_count elements for each of the slices */
} Gradient;

/* The sums of slice k, and the gradient of x in its elements, block by block. */
static void gradient_task(const void *context, size_t k) {
    const Gradient *g = context;
    const DeepActivation *f = g->f;
    const size_t blocks = parts_of(g->count, BLOCK), n1 = f->units1, n2 = f->units2, width = 2 * BLOCK;
    const Slice *slice = &g->slices[k];
    g->slices[k] = slice_in(f, g->memory + k * slice_count(f));
    for (size_t b = blocks * k / SLICES; b < blocks * (k + 1) / SLICES; b++) {
        const size_t at = b * BLOCK, count = at_most(g->count - at, BLOCK);
        const real *x = g->x + at, *gv = g->gv + at, *gs = g->gs + at;
        real padded[BLOCK] = {0}, at_value[BLOCK] = {0}, at_slope[BLOCK] = {0}, at_x[BLOCK] = {0};
        for (size_t i = 0; i < count; i++)
            padded[i] = x[i], at_value[i] = f->scale * gv[i], at_slope[i] = f->scale * gs[i];
        first_layer(f, padded, slice->first);
        gemm_nn(n2, width, n1, f->w2, n1, slice->first, width, slice->second, width, 0);
        second_adjoint(f, at_value, at_slope, slice);
        gemm_nt(n2, n1, width, slice->second, width, slice->first, width, slice->w2, n1, 1);
        gemm_tn(n1, width, n2, f->w2, n1, slice->second, width, slice->first_adjoint, width, 0);
        add_first_layer(f, padded, slice, at_x);
        for (size_t i = 0; i < count; i++) {
            const real e = elu_slope(x[i]);
            g->gx[at + i] = REAL_FMA(gs[i], x[i] > 0 ? 0 : e, REAL_FMA(gv[i], e, at_x[i]));
        }
    }
}

void deep_activation_gradient(const DeepActivation *f, size_t count, const real *x, const real *gv, const real *gs,
                              const DeepGradient *out) {
    const size_t size = slice_count(f), n1 = f->units1, n2 = f->units2;
    real *memory = scratch_get(SCRATCH_ACTIVATION, SLICES * size, sizeof *memory);
    Slice slices[SLICES];
    const Gradient work = {f, count, x, gv, gs, slices, memory, out->x};
    threads_run(SLICES, threads_worth(6 * count * n1 * n2), gradient_task, &work);
    for (size_t k = 1; k < SLICES; k++) /* lanes and w2 lie end to end */
        vector_add(2 * (n1 + n2) * LANES + n1 * n2, memory, memory + k * size, memory);
    for (size_t u = 0; u < n1; u++) out->w1[u] = lanes_sum(slices[0].w1[u]), out->b1[u] = lanes_sum(slices[0].b1[u]);
    for (size_t u = 0; u < n2; u++) out->b2[u] = lanes_sum(slices[0].b2[u]), out->w3[u] = lanes_sum(slices[0].w3[u]);
    memcpy(out->w2, slices[0].w2, n1 * n2 * sizeof *out->w2);
    out->b3[0] = f->scale * vector_sum(count, gv);
}
