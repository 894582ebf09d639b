#include "kernels/learned_activation.h"

#include "exact/exact_real.h"
#include "kernels/lanes.h"
#include "kernels/learned_tanh.h"
#include "kernels/parts.h"
#include "kernels/reduce.h"
#include "kernels/simd.h"
#include "kernels/threads.h"

/* BLOCK: elements whose sums over the units stay in registers; the gradient's passes are longer, so that
 * the lanes of a unit are loaded and stored less often. */
enum { BLOCK = 64, BLOCKS_PER_TASK = 5, PASS = 512, UNITS_PER_TASK = 10, COST_OF_TANH = 16 };

real learned_activation_tanh(real z) {
    return learned_tanh(z);
}

/* Sums over the units for BLOCK elements: of w2 tanh, w2 w1 tanh' and w2 w1^2 tanh tanh'. */
static void sum_units(const LearnedActivation *f, const real x[BLOCK], real value[BLOCK], real slope[BLOCK],
                      real curvature[BLOCK]) {
    real v[BLOCK] = {0}, s[BLOCK] = {0}, c[BLOCK] = {0};
    for (size_t u = 0; u < f->units; u++) {
        const real w1 = f->w1[u], b1 = f->b1[u], w2 = f->w2[u], w21 = w2 * w1, w211 = w21 * w1;
        SIMD for (size_t i = 0; i < BLOCK; i++) {
            const real tanh_u = learned_tanh(REAL_FMA(w1, x[i], b1)), prime = REAL_FMA(-tanh_u, tanh_u, 1);
            v[i] = REAL_FMA(w2, tanh_u, v[i]);
            s[i] = REAL_FMA(w21, prime, s[i]);
            c[i] = REAL_FMA(w211, tanh_u * prime, c[i]);
        }
    }
    for (size_t i = 0; i < BLOCK; i++) value[i] = v[i], slope[i] = s[i], curvature[i] = c[i];
}

typedef struct Forward {
    const LearnedActivation *f;
    size_t count;
    const real *x;
    real *value, *slope, *curvature;
} Forward;

enum { ELEMENTS_PER_TASK = BLOCK * BLOCKS_PER_TASK };

static void forward_task(const void *context, size_t task) {
    const Forward *w = context;
    const LearnedActivation *f = w->f;
    const real scale = f->scale, b2 = f->b2[0];
    const size_t last = at_most((task + 1) * ELEMENTS_PER_TASK, w->count);
    for (size_t first = task * ELEMENTS_PER_TASK; first < last; first += BLOCK) {
        const size_t count = at_most(last - first, BLOCK);
        real padded[BLOCK] = {0}, v[BLOCK], s[BLOCK], c[BLOCK];
        for (size_t i = 0; i < count; i++) padded[i] = w->x[first + i];
        sum_units(f, padded, v, s, c);
        for (size_t i = 0; i < BLOCK; i++) {
            const real above = padded[i] > 0 ? padded[i] : 0, e = real_exp(padded[i] > 0 ? 0 : padded[i]);
            v[i] = REAL_FMA(scale, v[i] + b2, above + (e - 1));
            s[i] = REAL_FMA(scale, s[i], e);
            c[i] = REAL_FMA(-2 * scale, c[i], padded[i] > 0 ? 0 : e);
        }
        for (size_t i = 0; i < count; i++)
            w->value[first + i] = v[i], w->slope[first + i] = s[i], w->curvature[first + i] = c[i];
    }
}

void learned_activation_forward(const LearnedActivation *f, size_t count, const real *x, real *value, real *slope,
                                real *curvature) {
    const Forward work = {f, count, x, value, slope, curvature};
    threads_run(parts_of(count, ELEMENTS_PER_TASK), threads_worth(count * f->units * COST_OF_TANH), forward_task,
                &work);
}

/* ---- gradient ---- */

/* Elements of one pass with what multiplies them; padded with zeros to whole lanes. */
typedef struct Pass {
    size_t count;
    real x[PASS], v[PASS], s[PASS], vx[PASS], sx[PASS];
} Pass;

enum { V_TANH, V_PRIME, V_PRIME_X, S_PRIME, S_BOTH, S_BOTH_X, N_SUMS };
typedef real UnitLanes[N_SUMS][LANES];

static void load_pass(Pass *pass, size_t left, const real *x, const real *gv, const real *gs) {
    const size_t n = left < PASS ? left : PASS;
    pass->count = parts_of(n, LANES) * LANES;
    for (size_t i = 0; i < n; i++) {
        pass->x[i] = x[i];
        pass->v[i] = gv[i];
        pass->s[i] = gs[i];
        pass->vx[i] = gv[i] * x[i];
        pass->sx[i] = gs[i] * x[i];
    }
    for (size_t i = n; i < pass->count; i++) pass->x[i] = pass->v[i] = pass->s[i] = pass->vx[i] = pass->sx[i] = 0;
}

static void add_pass(const Pass *pass, real w1, real b1, UnitLanes sums) {
    real v_tanh[LANES], v_prime[LANES], v_prime_x[LANES], s_prime[LANES], s_both[LANES], s_both_x[LANES];
    for (size_t j = 0; j < LANES; j++) {
        v_tanh[j] = sums[V_TANH][j], v_prime[j] = sums[V_PRIME][j], v_prime_x[j] = sums[V_PRIME_X][j];
        s_prime[j] = sums[S_PRIME][j], s_both[j] = sums[S_BOTH][j], s_both_x[j] = sums[S_BOTH_X][j];
    }
    for (size_t i = 0; i < pass->count; i += LANES) {
        const real *x = pass->x + i, *v = pass->v + i, *s = pass->s + i, *vx = pass->vx + i, *sx = pass->sx + i;
        SIMD for (size_t j = 0; j < LANES; j++) {
            const real tanh_u = learned_tanh(REAL_FMA(w1, x[j], b1)), prime = REAL_FMA(-tanh_u, tanh_u, 1);
            const real both = tanh_u * prime;
            v_tanh[j] = REAL_FMA(v[j], tanh_u, v_tanh[j]);
            v_prime[j] = REAL_FMA(v[j], prime, v_prime[j]);
            v_prime_x[j] = REAL_FMA(vx[j], prime, v_prime_x[j]);
            s_prime[j] = REAL_FMA(s[j], prime, s_prime[j]);
            s_both[j] = REAL_FMA(s[j], both, s_both[j]);
            s_both_x[j] = REAL_FMA(sx[j], both, s_both_x[j]);
        }
    }
    for (size_t j = 0; j < LANES; j++) {
        sums[V_TANH][j] = v_tanh[j], sums[V_PRIME][j] = v_prime[j], sums[V_PRIME_X][j] = v_prime_x[j];
        sums[S_PRIME][j] = s_prime[j], sums[S_BOTH][j] = s_both[j], sums[S_BOTH_X][j] = s_both_x[j];
    }
}

typedef struct Gradient {
    const LearnedActivation *f;
    size_t count;
    const real *x, *gv, *gs;
    real *gw1, *gb1, *gw2;
} Gradient;

/* The gradients of UNITS_PER_TASK units. */
static void gradient_task(const void *context, size_t task) {
    const Gradient *g = context;
    const LearnedActivation *f = g->f;
    const size_t first = task * UNITS_PER_TASK, last = at_most(first + UNITS_PER_TASK, f->units);
    UnitLanes sums[UNITS_PER_TASK] = {{{0}}};
    Pass pass;
    for (size_t at = 0; at < g->count; at += PASS) {
        load_pass(&pass, g->count - at, g->x + at, g->gv + at, g->gs + at);
        for (size_t u = first; u < last; u++) add_pass(&pass, f->w1[u], f->b1[u], sums[u - first]);
    }
    for (size_t u = first; u < last; u++) {
        real total[N_SUMS];
        for (int k = 0; k < N_SUMS; k++) total[k] = lanes_sum(sums[u - first][k]);
        const real w1 = f->w1[u], outer = f->scale * f->w2[u];
        g->gw1[u] = outer * (total[V_PRIME_X] + total[S_PRIME] - 2 * w1 * total[S_BOTH_X]);
        g->gb1[u] = outer * (total[V_PRIME] - 2 * w1 * total[S_BOTH]);
        g->gw2[u] = f->scale * (total[V_TANH] + w1 * total[S_PRIME]);
    }
}

void learned_activation_gradient(const LearnedActivation *f, size_t count, const real *x, const real *gv,
                                 const real *gs, real *gw1, real *gb1, real *gw2, real *gb2) {
    const Gradient work = {f, count, x, gv, gs, gw1, gb1, gw2};
    threads_run(parts_of(f->units, UNITS_PER_TASK), threads_worth(count * f->units * COST_OF_TANH), gradient_task,
                &work);
    gb2[0] = f->scale * vector_sum(count, gv);
}
