/* What no kernel can exceed on one core. */
#ifndef SCALEDOWN_BENCH_PEAK_H
#define SCALEDOWN_BENCH_PEAK_H

#include "base/clock.h"
#include "kernels/micro.h"
#include "kernels/simd.h"

static volatile real sink;

/* In FLOP/s: nothing but fused multiply-adds on registers, all different. */
static double measure_peak(void) {
    enum { CHAINS = MICRO_ROWS, STEPS = 4000 };
    double best = 0;
    for (int repeat = 0; repeat < 300; repeat++) {
        real acc[CHAINS][MICRO_COLUMNS];
        for (size_t i = 0; i < CHAINS; i++)
            for (size_t j = 0; j < (size_t)MICRO_COLUMNS; j++) acc[i][j] = sink + (real)(i + j);
        const real factor = sink + REAL(0.5), term = sink + REAL(0.25);
        const double start = clock_seconds();
        for (int step = 0; step < STEPS; step++)
            for (size_t i = 0; i < CHAINS; i++)
                SIMD for (size_t j = 0; j < (size_t)MICRO_COLUMNS; j++) acc[i][j] = REAL_FMA(acc[i][j], factor, term);
        const double rate = 2.0 * STEPS * CHAINS * MICRO_COLUMNS / (clock_seconds() - start);
        for (size_t i = 0; i < CHAINS; i++)
            for (size_t j = 0; j < (size_t)MICRO_COLUMNS; j++) sink = acc[i][j] * 0; /* every chain is used */
        if (rate > best) best = rate;
    }
    return best;
}

#endif
