/* Matrix products against the core's measured peak: each line is a shape, GFLOP/s and the share of the peak. */
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "kernels/gemm.h"
#include "peak.h"

static const size_t shapes[][3] = {{100, 40, 100},  {100, 100, 100},    {100, 500, 500},    {256, 256, 256},
                                   {512, 512, 512}, {1000, 1000, 1000}, {1024, 1024, 1024}, {2048, 2048, 2048}};

typedef void Gemm(size_t m, size_t n, size_t k, const real *a, size_t lda, const real *b, size_t ldb, real *c,
                  size_t ldc, int accumulate);

static double measure_gemm(Gemm *gemm, const size_t *s, size_t lda, size_t ldb) {
    const double work = 2.0 * (double)s[0] * (double)s[1] * (double)s[2];
    real *a = memory_alloc_zero(s[0] * s[2], sizeof(real)), *b = memory_alloc_zero(s[1] * s[2], sizeof(real));
    real *c = memory_alloc_zero(s[0] * s[1], sizeof(real));
    const int calls = (int)(4e8 / work) + 1;
    double best = 0;
    for (int repeat = 0; repeat < 12; repeat++) {
        const double start = clock_seconds();
        for (int i = 0; i < calls; i++) gemm(s[0], s[1], s[2], a, lda, b, ldb, c, s[1], 0);
        const double rate = work * calls / (clock_seconds() - start);
        if (rate > best) best = rate;
    }
    memory_free(a);
    memory_free(b);
    memory_free(c);
    return best;
}

int main(void) {
    const double peak = measure_peak();
    printf("kernel,m,n,k,gflops,share_of_peak\npeak,,,,%.1f,1.00\n", peak / 1e9);
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        const size_t *s = shapes[i];
        const double rates[] = {measure_gemm(gemm_nn, s, s[2], s[1]), measure_gemm(gemm_tn, s, s[0], s[1]),
                                measure_gemm(gemm_nt, s, s[2], s[2])};
        const char *const names[] = {"gemm_nn", "gemm_tn", "gemm_nt"};
        for (int t = 0; t < 3; t++)
            printf("%s,%zu,%zu,%zu,%.1f,%.2f\n", names[t], s[0], s[1], s[2], rates[t] / 1e9, rates[t] / peak);
    }
    return 0;
}
