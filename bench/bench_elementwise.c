/* exp, log and tanh of vectors that the first cache holds, beside libmvec of the C library and SLEEF (libsleef3), those that are
 * installed: each with the widest vectors that this was compiled for. */
#include <dlfcn.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "bench.h"
#include "kernels/elementwise.h"
#include "random/random.h"

enum { COUNT = 2048 };

/* The vector functions of both libraries take and return one register; their names say which. */
#if defined __AVX512F__
#define WIDTH 16
#define MVEC_PREFIX "_ZGVeN16v_"
#define SLEEF_SUFFIX "16_u10"
#elif defined __AVX2__
#define WIDTH 8
#define MVEC_PREFIX "_ZGVdN8v_"
#define SLEEF_SUFFIX "8_u10"
#elif defined __x86_64__
#define WIDTH 4
#define MVEC_PREFIX "_ZGVbN4v_"
#define SLEEF_SUFFIX "4_u10"
#elif defined __aarch64__
#define WIDTH 4
#define MVEC_PREFIX "_ZGVnN4v_"
#define SLEEF_SUFFIX "4_u10"
#endif

static const struct {
    const char *name;
    void (*ours)(size_t count, const real *x, real *y);
    double low, high; /* of the arguments */
} functions[] = {{"exp", vector_exp, -20, 20}, {"log", vector_log, 1e-3, 1e3}, {"tanh", vector_tanh, -5, 5}};
enum { FUNCTIONS = sizeof functions / sizeof *functions };

typedef struct Turn {
    void (*ours)(size_t count, const real *x, real *y);
    void *theirs; /* NULL: ours */
    const real *x;
    real *y;
} Turn;

#ifdef WIDTH
typedef float Vector __attribute__((vector_size(WIDTH * sizeof(float))));
typedef Vector VectorFunction(Vector x);

static void call_theirs(void *function, const real *x, real *y) {
    union {
        void *found;
        VectorFunction *call;
    } f = {function};
    for (size_t i = 0; i < COUNT; i += WIDTH) {
        Vector v;
        memcpy(&v, x + i, sizeof v);
        v = f.call(v);
        memcpy(y + i, &v, sizeof v);
    }
}

/* NULL where it is not installed. */
static void *find(const char *file, const char *before, const char *name, const char *after) {
    char symbol[64];
    void *library = dlopen(file, RTLD_NOW | RTLD_LOCAL);
    snprintf(symbol, sizeof symbol, "%s%sf%s", before, name, after);
    return library ? dlsym(library, symbol) : NULL;
}
#else /* no peers are known for this kind of processor */
#define MVEC_PREFIX ""
#define SLEEF_SUFFIX ""
static void call_theirs(void *function, const real *x, real *y) {
    (void)function, (void)x, (void)y;
}
static void *find(const char *file, const char *before, const char *name, const char *after) {
    (void)file, (void)before, (void)name, (void)after;
    return NULL;
}
#endif

static double seconds_of(void *context, size_t calls) {
    const Turn *turn = context;
    const double start = thread_seconds();
    for (size_t i = 0; i < calls; i++) {
        if (turn->theirs)
            call_theirs(turn->theirs, turn->x, turn->y);
        else
            turn->ours(COUNT, turn->x, turn->y);
    }
    return (thread_seconds() - start) / (double)calls;
}

/* Both are within a few units in the last place. */
static void compare(const char *name, const char *peer, const real *ours, const real *theirs) {
    for (size_t i = 0; i < COUNT; i++)
        if (!(fabsf(ours[i] - theirs[i]) <= 2e-6f * fabsf(ours[i]))) {
            fprintf(stderr, "bench_elementwise: %s of %s differs\n", name, peer);
            exit(EXIT_FAILURE);
        }
}

static void measure(const Bench *bench, size_t f, real *x, real *y, real *result) {
    static const struct {
        const char *name, *file, *before, *after;
    } peers[] = {{"libmvec", "libmvec.so.1", MVEC_PREFIX, ""}, {"sleef", "libsleef.so.3", "Sleef_", SLEEF_SUFFIX}};
    enum { PEERS = sizeof peers / sizeof *peers };
    Philox random;
    philox_seed(&random, 1, (uint32_t)f);
    for (size_t i = 0; i < COUNT; i++)
        x[i] = (real)(functions[f].low + (functions[f].high - functions[f].low) * philox_uniform(&random, i));
    functions[f].ours(COUNT, x, result);
    Turn turns[PEERS + 1] = {{functions[f].ours, NULL, x, y}};
    Contender contenders[PEERS + 1] = {{"", seconds_of, &turns[0]}};
    size_t n = 1;
    for (size_t p = 0; p < PEERS; p++) {
        void *theirs = find(peers[p].file, peers[p].before, functions[f].name, peers[p].after);
        if (!theirs) continue;
        call_theirs(theirs, x, y);
        compare(functions[f].name, peers[p].name, result, y);
        turns[n] = (Turn){NULL, theirs, x, y};
        contenders[n] = (Contender){peers[p].name, seconds_of, &turns[n]};
        n++;
    }
    bench_compare(bench, &(Subject){"elementwise", functions[f].name, 0, 1}, COUNT, "G/s", bench->quick ? 1e-3 : 5e-3,
                  n, contenders);
}

static const char about[] = "exp, log and tanh of 2048 numbers on one core, in 1e9 numbers a second, beside\n"
                            "libmvec and SLEEF, those that are installed: a second.";

int main(int argc, char **argv) {
    const Bench bench = bench_begin(argc, argv, 9, 5, about);
    Arena *arena = arena_create(0);
    real *x = arena_alloc(arena, COUNT, sizeof *x), *y = arena_alloc(arena, COUNT, sizeof *y);
    real *result = arena_alloc(arena, COUNT, sizeof *result);
    for (size_t f = 0; f < FUNCTIONS; f++)
        if (bench_wants(&bench, functions[f].name)) measure(&bench, f, x, y, result);
    arena_destroy(arena);
    return 0;
}
