/* Matrix products on one core beside those of other libraries, each loaded while this runs, where it is installed:
 *     OpenBLAS (libopenblas0-pthread), BLIS (libblis4-pthread), oneDNN (libdnnl2), and LIBXSMM (a libxsmm.so made from
 *     libxsmm-dev) for what it does itself: small matrices, none of them transposed.
 * Shapes are those of the linear layers that the studies spend their time in, each with its three products (gemm.h), and squares.
 * The products must agree. */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/cpu.h"
#include "bench.h"
#include "kernels/gemm.h"
#include "random/random.h"

typedef enum Transposed { NN, TN, NT, N_TRANSPOSED } Transposed;
/* What the layers use them for: y = W x, its gradients by x and by W. */
static const char *const transposed_names[N_TRANSPOSED] = {"forward", "inputs", "weights"};

/* c[m][n] = A[m][k] B[k][n], rows without gaps. */
typedef struct Matrices {
    Transposed transposed;
    size_t m, n, k;
    float *a, *b, *c;
} Matrices;

static size_t a_stride(const Matrices *p) {
    return p->transposed == TN ? p->m : p->k;
}

static size_t b_stride(const Matrices *p) {
    return p->transposed == NT ? p->k : p->n;
}

/* ---- what is compared ---- */

static void multiply_ours(const Matrices *p) {
    static void (*const gemm[N_TRANSPOSED])(size_t, size_t, size_t, const real *, size_t, const real *, size_t, real *,
                                            size_t, int) = {gemm_nn, gemm_tn, gemm_nt};
    gemm[p->transposed](p->m, p->n, p->k, p->a, a_stride(p), p->b, b_stride(p), p->c, p->n, 0);
}

/* How a library's product is called: with the order and transpositions of CBLAS, row by row with letters, or as Fortran
 * does, by columns, where the same memory is the transposed product. */
typedef void Cblas(int order, int transpose_a, int transpose_b, int m, int n, int k, float alpha, const float *a,
                   int lda, const float *b, int ldb, float beta, float *c, int ldc);
typedef int ByRows(char transpose_a, char transpose_b, long m, long n, long k, float alpha, const float *a, long lda,
                   const float *b, long ldb, float beta, float *c, long ldc);
typedef void ByColumns(const char *transpose_a, const char *transpose_b, const int *m, const int *n, const int *k,
                       const float *alpha, const float *a, const int *lda, const float *b, const int *ldb,
                       const float *beta, float *c, const int *ldc);

typedef struct Peer {
    const char *name, *file, *product, *set_threads; /* the last: NULL where nothing need be set */
    enum { CBLAS, BY_ROWS, BY_COLUMNS } convention;
    union {
        void *found; /* NULL: the library is not there */
        Cblas *cblas;
        ByRows *by_rows;
        ByColumns *by_columns;
    } call;
} Peer;

static Peer peers[] = {{"openblas", "libopenblas.so.0", "cblas_sgemm", "openblas_set_num_threads", CBLAS, {NULL}},
                       {"blis", "libblis.so.4", "cblas_sgemm", NULL, CBLAS, {NULL}},
                       {"onednn", "libdnnl.so.2", "dnnl_sgemm", NULL, BY_ROWS, {NULL}},
                       {"libxsmm", "libxsmm.so", "libxsmm_sgemm", NULL, BY_COLUMNS, {NULL}}};
enum { PEERS = sizeof peers / sizeof *peers };

static int can_multiply(const Peer *peer, const Matrices *p) {
    const size_t most = 64 * 64 * 64; /* larger ones LIBXSMM passes on to another library */
    if (peer->convention == BY_COLUMNS && (p->transposed != NN || p->m * p->n * p->k > most)) return 0;
    return peer->call.found != NULL;
}

static void multiply(const Peer *peer, const Matrices *p) {
    enum { ROW_MAJOR = 101, PLAIN = 111, TRANSPOSED = 112 };
    const int m = (int)p->m, n = (int)p->n, k = (int)p->k, lda = (int)a_stride(p), ldb = (int)b_stride(p);
    const int turn_a = p->transposed == TN, turn_b = p->transposed == NT;
    const float one = 1, zero = 0;
    if (peer->convention == CBLAS)
        peer->call.cblas(ROW_MAJOR, turn_a ? TRANSPOSED : PLAIN, turn_b ? TRANSPOSED : PLAIN, m, n, k, 1, p->a, lda,
                         p->b, ldb, 0, p->c, n);
    else if (peer->convention == BY_ROWS)
        peer->call.by_rows(turn_a ? 'T' : 'N', turn_b ? 'T' : 'N', m, n, k, 1, p->a, lda, p->b, ldb, 0, p->c, n);
    else
        peer->call.by_columns(turn_b ? "T" : "N", turn_a ? "T" : "N", &n, &m, &k, &one, p->b, &ldb, p->a, &lda, &zero,
                              p->c, &n);
}

/* Debian 12's OpenBLAS takes kernels of SSE3 for CPUs that are younger than it. */
static void name_core(void) {
    if (cpu_has("avx512f"))
        setenv("OPENBLAS_CORETYPE", "SkylakeX", 0);
    else if (cpu_has("avx2"))
        setenv("OPENBLAS_CORETYPE", "Haswell", 0);
}

static void load_peers(void) {
    name_core();
    setenv("BLIS_NUM_THREADS", "1", 1);
    for (Peer *peer = peers; peer < peers + PEERS; peer++) {
        void *library = dlopen(peer->file, RTLD_NOW | RTLD_LOCAL);
        if (!library) continue;
        peer->call.found = dlsym(library, peer->product);
        union {
            void *found;
            void (*set)(int);
        } threads = {peer->set_threads ? dlsym(library, peer->set_threads) : NULL};
        if (threads.found) threads.set(1);
    }
}

/* ---- measuring ---- */

/* peer NULL: ours. */
typedef struct Turn {
    const Peer *peer;
    const Matrices *matrices;
} Turn;

static double seconds_of(void *context, size_t calls) {
    const Turn *turn = context;
    const double start = thread_seconds();
    for (size_t i = 0; i < calls; i++) {
        if (turn->peer)
            multiply(turn->peer, turn->matrices);
        else
            multiply_ours(turn->matrices);
    }
    return (thread_seconds() - start) / (double)calls;
}

/* Sums are added in other orders: the difference is small beside the norm. */
static void compare(const Peer *peer, const Matrices *p, const float *ours) {
    double difference = 0, norm = 0;
    for (size_t i = 0; i < p->m * p->n; i++) {
        difference += ((double)p->c[i] - (double)ours[i]) * ((double)p->c[i] - (double)ours[i]);
        norm += (double)ours[i] * (double)ours[i];
    }
    if (difference <= 1e-9 * norm) return;
    fprintf(stderr, "bench_products: %s differs in %s of %zu x %zu x %zu\n", peer->name,
            transposed_names[p->transposed], p->m, p->n, p->k);
    exit(EXIT_FAILURE);
}

static float *random_matrix(size_t count, uint32_t stream) {
    float *x = memory_alloc(count, sizeof *x);
    Philox random;
    philox_seed(&random, 1, stream);
    for (size_t i = 0; i < count; i++) x[i] = (float)(philox_uniform(&random, i) - 0.5);
    return x;
}

static void measure(const Bench *bench, const Subject *subject, Matrices p) {
    const double work = 2.0 * (double)p.m * (double)p.n * (double)p.k;
    p.a = random_matrix(p.m * p.k, 0), p.b = random_matrix(p.k * p.n, 1), p.c = memory_alloc(p.m * p.n, sizeof *p.c);
    float *result = memory_alloc(p.m * p.n, sizeof *result);
    multiply_ours(&p);
    memcpy(result, p.c, p.m * p.n * sizeof *result);
    Turn turns[PEERS + 1] = {{NULL, &p}};
    Contender contenders[PEERS + 1] = {{"", seconds_of, &turns[0]}};
    size_t n = 1;
    for (size_t i = 0; i < PEERS; i++) {
        if (!can_multiply(&peers[i], &p)) continue;
        multiply(&peers[i], &p);
        compare(&peers[i], &p, result);
        turns[n] = (Turn){&peers[i], &p};
        contenders[n] = (Contender){peers[i].name, seconds_of, &turns[n]};
        n++;
    }
    bench_compare(bench, subject, work, "GFLOP/s", bench->quick ? 5e-4 : 2e-3, n, contenders);
    memory_free(p.a), memory_free(p.b), memory_free(p.c), memory_free(result);
}

/* ---- shapes ---- */

static const struct {
    const char *what;
    size_t out, in, batch;
} layers[] = {{"classification", 100, 40, 100},
              {"classification", 100, 100, 100},
              {"classification", 10, 100, 100},
              {"double-descent", 20, 40, 100},
              {"double-descent", 300, 300, 100},
              {"lottery", 500, 40, 100},
              {"lottery", 500, 500, 100},
              {"lottery", 10, 500, 100},
              {"lottery-retraining", 500, 500, 500},
              {"metalearning", 100, 40, 500},
              {"metalearning", 500, 100, 500},
              {"questions", 50, 320, 256},
              {"questions-ultimate", 128, 5408, 256},
              {"rethinking", 512, 40, 128},
              {"rethinking", 512, 512, 128},
              {"rethinking", 10, 512, 128},
              {"rethinking-cifar", 512, 2352, 128}};
static const size_t squares[] = {16, 32, 64, 128, 256, 512, 1024, 2048};

enum { QUICK_SQUARE = 512 };

static const char about[] = "Matrix products on one core, of the layers of all studies and squares from 16\n"
                            "to 2048 (quick: to 512), beside OpenBLAS, BLIS, oneDNN and LIBXSMM, those that\n"
                            "are installed: a minute; quick: 10 s.";

int main(int argc, char **argv) {
    const Bench bench = bench_begin(argc, argv, 9, 3, about);
    load_peers();
    for (size_t i = 0; i < sizeof layers / sizeof *layers; i++) {
        const size_t out = layers[i].out, in = layers[i].in, batch = layers[i].batch;
        const Matrices products[] = {{NN, out, batch, in, NULL, NULL, NULL},
                                     {TN, in, batch, out, NULL, NULL, NULL},
                                     {NT, out, in, batch, NULL, NULL, NULL}};
        for (Transposed t = NN; t < N_TRANSPOSED; t++) {
            char name[128];
            snprintf(name, sizeof name, "%s %s %zux%zux%zu", layers[i].what, transposed_names[t], products[t].m,
                     products[t].n, products[t].k);
            if (bench_wants(&bench, name)) measure(&bench, &(Subject){"product", name, 0, 1}, products[t]);
        }
    }
    for (size_t i = 0; i < sizeof squares / sizeof *squares; i++)
        for (Transposed t = NN; t < N_TRANSPOSED; t++) {
            const size_t n = squares[i];
            const Matrices square = {t, n, n, n, NULL, NULL, NULL};
            if (bench.quick && n > QUICK_SQUARE) continue;
            if (bench_wants(&bench, "square")) measure(&bench, &(Subject){"square", transposed_names[t], n, 1}, square);
        }
    return 0;
}
