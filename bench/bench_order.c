/* The price of determinism: the library's own sources compiled with -Ofast, free to contract, to reorder sums and to divide by
 * multiplying, beside the library as it is: matrix products, convolutions, sums and whole training steps. */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "bench.h"
#include "kernels/convolution.h"
#include "kernels/convolution_weights.h"
#include "kernels/elementwise.h"
#include "kernels/gemm.h"
#include "kernels/reduce.h"
#include "random/random.h"
#include "workloads.h"

typedef void AnyFunction(void);

/* ---- kernels ---- */

/* SIDE: of square matrices.  COUNT: of vectors.  The convolution is that of a layer of 32 channels on 16 x 16 images. */
enum { SIDE = 256, COUNT = SIDE * SIDE, CHANNELS = 32, IMAGE = 16, WINDOW = 3, BATCH = 32 };
static const Convolution layer = {BATCH, CHANNELS, CHANNELS, {IMAGE, WINDOW, 1, 1}, {IMAGE, WINDOW, 1, 1}};

typedef struct Data {
    real *a, *b, *c; /* each enough for any kernel */
} Data;

static void call_gemm(AnyFunction *f, const Data *d) {
    ((void (*)(size_t, size_t, size_t, const real *, size_t, const real *, size_t, real *, size_t, int))f)(
        SIDE, SIDE, SIDE, d->a, SIDE, d->b, SIDE, d->c, SIDE, 0);
}

static void call_forward(AnyFunction *f, const Data *d) {
    ((void (*)(const Convolution *, const real *, const real *, const real *, Activation, real *))f)(
        &layer, d->a, d->b, NULL, ACTIVATION_NONE, d->c);
}

static void call_weights(AnyFunction *f, const Data *d) {
    ((void (*)(const Convolution *, const real *, const real *, real *))f)(&layer, d->a, d->b, d->c);
}

static void call_vector(AnyFunction *f, const Data *d) {
    ((void (*)(size_t, const real *, real *))f)(COUNT, d->a, d->c);
}

static void call_sum(AnyFunction *f, const Data *d) {
    d->c[0] = ((real(*)(size_t, const real *))f)(COUNT, d->a);
}

static void call_sums(AnyFunction *f, const Data *d) {
    ((void (*)(size_t, size_t, const real *, real *))f)(SIDE, SIDE, d->a, d->c);
}

static const struct Kernel {
    const char *name, *symbol;
    AnyFunction *ours;
    void (*call)(AnyFunction *f, const Data *d);
} kernels[] = {
    {"product forward", "gemm_nn", (AnyFunction *)gemm_nn, call_gemm},
    {"product inputs", "gemm_tn", (AnyFunction *)gemm_tn, call_gemm},
    {"product weights", "gemm_nt", (AnyFunction *)gemm_nt, call_gemm},
    {"convolution forward", "convolution_forward", (AnyFunction *)convolution_forward, call_forward},
    {"convolution weights", "convolution_weight_gradient", (AnyFunction *)convolution_weight_gradient, call_weights},
    {"sum", "vector_sum", (AnyFunction *)vector_sum, call_sum},
    {"sums of rows", "row_sums", (AnyFunction *)row_sums, call_sums},
    {"sums of columns", "column_sums", (AnyFunction *)column_sums, call_sums},
    {"exp", "vector_exp", (AnyFunction *)vector_exp, call_vector},
    {"tanh", "vector_tanh", (AnyFunction *)vector_tanh, call_vector}};
enum { KERNELS = sizeof kernels / sizeof *kernels };

typedef struct KernelTurn {
    const struct Kernel *kernel;
    AnyFunction *function;
    const Data *data;
} KernelTurn;

static double seconds_of_kernel(void *context, size_t calls) {
    const KernelTurn *turn = context;
    const double start = thread_seconds();
    for (size_t i = 0; i < calls; i++) turn->kernel->call(turn->function, turn->data);
    return (thread_seconds() - start) / (double)calls;
}

/* ---- training steps, but those on images, which take long ---- */

typedef struct StepTurn {
    double (*seconds)(Workload *workload, size_t steps, double (*now)(void));
    Workload *workload;
} StepTurn;

static double seconds_of_steps(void *context, size_t calls) {
    const StepTurn *turn = context;
    return turn->seconds(turn->workload, calls, thread_seconds);
}

/* ---- both ---- */

static AnyFunction *find(void *library, const char *symbol) {
    union {
        void *found;
        AnyFunction *function;
    } f = {dlsym(library, symbol)};
    if (f.found) return f.function;
    fprintf(stderr, "bench_order: free_order.so has no %s\n", symbol);
    exit(EXIT_FAILURE);
}

static void measure_kernels(const Bench *bench, void *library) {
    enum { ROOM = BATCH * CHANNELS * IMAGE * IMAGE }; /* of an image, the largest of all */
    Data data = {memory_alloc(ROOM, sizeof(real)), memory_alloc(ROOM, sizeof(real)), memory_alloc(ROOM, sizeof(real))};
    Philox random;
    philox_seed(&random, 1, 0);
    for (size_t i = 0; i < ROOM; i++) data.a[i] = data.b[i] = (real)(philox_uniform(&random, i) - 0.5);
    for (const struct Kernel *kernel = kernels; kernel < kernels + KERNELS; kernel++) {
        KernelTurn ours = {kernel, kernel->ours, &data}, free_order = {kernel, find(library, kernel->symbol), &data};
        const Contender contenders[] = {{"", seconds_of_kernel, &ours}, {"free-order", seconds_of_kernel, &free_order}};
        if (bench_wants(bench, kernel->name))
            bench_compare(bench, &(Subject){"order", kernel->name, 0, 1}, 0, "us", bench->quick ? 1e-3 : 5e-3, 2,
                          contenders);
    }
    memory_free(data.a), memory_free(data.b), memory_free(data.c);
}

static void measure_training(const Bench *bench, void *library) {
    Workload *(*const create)(const char *, WorkloadSize) =
        (Workload * (*)(const char *, WorkloadSize)) find(library, "workload_create");
    double (*const seconds)(Workload *, size_t, double (*)(void)) =
        (double (*)(Workload *, size_t, double (*)(void)))find(library, "workload_seconds");
    void (*const destroy)(Workload *) = (void (*)(Workload *))find(library, "workload_destroy");
    for (size_t w = 0; workload_name(w); w++) {
        if (workload_has_images(w) || !bench_wants(bench, workload_name(w))) continue;
        char name[64];
        snprintf(name, sizeof name, "training %s", workload_name(w));
        const WorkloadSize usual = {0, 0, 0};
        StepTurn ours = {workload_seconds, workload_create(workload_name(w), usual)};
        StepTurn free_order = {seconds, create(workload_name(w), usual)};
        const Contender contenders[] = {{"", seconds_of_steps, &ours}, {"free-order", seconds_of_steps, &free_order}};
        bench_compare(bench, &(Subject){"order", name, 0, 1}, 0, "us", bench->quick ? 0.01 : 0.05, 2, contenders);
        workload_destroy(ours.workload);
        destroy(free_order.workload);
    }
}

static const char about[] = "The price of determinism on one core: kernels and training steps beside the\n"
                            "same sources compiled with -Ofast, which may contract and reorder: half a\n"
                            "minute; quick: 5 s.";

int main(int argc, char **argv) {
    const Bench bench = bench_begin(argc, argv, 9, 3, about);
    void *library = dlopen(bench_beside(argv[0], "free_order.so"), RTLD_NOW | RTLD_LOCAL);
    if (!library) return fprintf(stderr, "bench_order: %s (make bench-programs)\n", dlerror()), EXIT_FAILURE;
    measure_kernels(&bench, library);
    measure_training(&bench, library);
    return EXIT_SUCCESS;
}
