/* The fast GRU against its slow twin, bit for bit: odd batches, both directions, several inputs, other hidden sizes. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "slow_kernels.h"
#include "suite.h"

static void fill(size_t count, real scale, unsigned seed, real *out) {
    unsigned long long state = seed * 2654435761u + 12345u;
    for (size_t i = 0; i < count; i++) {
        state = state * 6364136223846793005ull + 1442695040888963407ull;
        out[i] = scale * ((real)(long long)(state >> 40) / REAL(8388608.0) - 1);
    }
}

static void assert_same(const char *what, const Gru *g, size_t count, const real *fast, const real *slow) {
    for (size_t i = 0; i < count; i++)
        ck_assert_msg(memcmp(fast + i, slow + i, sizeof *fast) == 0,
                      "%s[%zu]: fast %.9g, slow %.9g (batch %zu length %zu in %zu hidden %zu reverse %d)", what, i,
                      (double)fast[i], (double)slow[i], g->batch, g->length, g->in, g->hidden, g->reverse);
}

typedef struct Weights {
    real *w_ih, *w_hh, *b_ih, *b_hh;
    size_t n_ih, n_hh, n_bias;
} Weights;

static Weights weights_of(const Gru *g, Arena *arena) {
    Weights w = {.n_ih = 3 * g->hidden * g->in, .n_hh = 3 * g->hidden * g->hidden, .n_bias = 3 * g->hidden};
    w.w_ih = arena_alloc(arena, w.n_ih, sizeof(real));
    w.w_hh = arena_alloc(arena, w.n_hh, sizeof(real));
    w.b_ih = arena_alloc(arena, w.n_bias, sizeof(real));
    w.b_hh = arena_alloc(arena, w.n_bias, sizeof(real));
    return w;
}

static void compare(Gru g) {
    Arena *arena = arena_create(0);
    const size_t inputs = g.length * g.in * g.batch, states = g.hidden * g.batch, stride = 2 * states + 3;
    Weights w = weights_of(&g, arena), fast = weights_of(&g, arena), slow = weights_of(&g, arena);
    real *x = arena_alloc(arena, inputs, sizeof *x), *gy = arena_alloc(arena, g.length * stride, sizeof *gy);
    real *y = arena_alloc_zero(arena, g.length * stride, sizeof *y), *gx = arena_alloc(arena, inputs, sizeof *gx);
    real *slow_y = arena_alloc_zero(arena, g.length * stride, sizeof *y),
         *slow_gx = arena_alloc(arena, inputs, sizeof *gx);
    real *saved = arena_alloc(arena, gru_saved_count(&g), sizeof *saved);
    real *slow_saved = arena_alloc(arena, g.length * 4 * states, sizeof *saved);
    fill(inputs, 2, 1, x);
    fill(g.length * stride, 1, 2, gy);
    fill(w.n_ih, 1, 3, w.w_ih);
    fill(w.n_hh, REAL(0.7), 4, w.w_hh);
    fill(w.n_bias, REAL(0.5), 5, w.b_ih);
    fill(w.n_bias, REAL(0.5), 6, w.b_hh);

    gru_forward(&g, x, w.w_ih, w.w_hh, w.b_ih, w.b_hh, y, stride, saved);
    slow_gru_forward(&g, x, w.w_ih, w.w_hh, w.b_ih, w.b_hh, slow_y, stride, slow_saved);
    assert_same("y", &g, g.length * stride, y, slow_y);
    gru_backward(&g, w.w_ih, w.w_hh, saved, gy, stride, gx, fast.w_ih, fast.w_hh, fast.b_ih, fast.b_hh);
    slow_gru_backward(&g, x, w.w_ih, w.w_hh, slow_y, stride, slow_saved, gy, stride, slow_gx, slow.w_ih, slow.w_hh,
                      slow.b_ih, slow.b_hh);
    assert_same("gx", &g, inputs, gx, slow_gx);
    assert_same("gw_ih", &g, w.n_ih, fast.w_ih, slow.w_ih);
    assert_same("gw_hh", &g, w.n_hh, fast.w_hh, slow.w_hh);
    assert_same("gb_ih", &g, w.n_bias, fast.b_ih, slow.b_ih);
    assert_same("gb_hh", &g, w.n_bias, fast.b_hh, slow.b_hh);
    arena_destroy(arena);
}

START_TEST(same_bits_as_the_slow_twin) {
    static const size_t batches[] = {1, 7, 16, 100, 101};
    static const size_t sizes[][3] = {{6, 1, 40}, {6, 1, 1}, {6, 3, 5}, {1, 1, 4}, {5, 2, 7}, {8, 1, 6}};
    for (size_t b = 0; b < sizeof batches / sizeof *batches; b++)
        for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++)
            for (int reverse = 0; reverse < 2; reverse++)
                compare((Gru){batches[b], sizes[s][2], sizes[s][1], sizes[s][0], reverse});
}
END_TEST

int main(void) {
    Suite *suite = suite_create("gru");
    TCase *tests = tcase_create("gru");
    tcase_add_test(tests, same_bits_as_the_slow_twin);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
