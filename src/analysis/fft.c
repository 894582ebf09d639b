#include "analysis/fft.h"

#include <math.h>
#include <string.h>

#include "exact/exact.h"
#include "kernels/simd.h"

Fft fft_create(size_t n, Arena *arena) {
    Fft fft = {.n = n, .cosine = arena_alloc(arena, n, sizeof(double)), .sine = arena_alloc(arena, n, sizeof(double))};
    for (size_t k = 0; k < n; k++) { /* from the first eighth of the circle: exact symmetries */
        const size_t quarter = n / 4, turns = quarter ? k / quarter : 2 * k, rest = quarter ? k % quarter : 0;
        const int beyond = 2 * rest > quarter;
        const double angle = 6.283185307179586 * (double)(beyond ? quarter - rest : rest) / (double)n;
        const double c = beyond ? exact_sin(angle) : exact_cos(angle), s = beyond ? exact_cos(angle) : exact_sin(angle);
        fft.cosine[k] = turns == 0 ? c : turns == 1 ? -s : turns == 2 ? -c : s;
        fft.sine[k] = turns == 0 ? s : turns == 1 ? c : turns == 2 ? -s : -c;
    }
    return fft;
}

typedef struct Signal {
    double *re, *im;
} Signal;

static Signal signal_at(Signal x, size_t index) {
    return (Signal){x.re + index * FFT_WIDTH, x.im + index * FFT_WIDTH};
}

/* One step of 4: m transforms' length so far left, s of them side by side. */
static void step_of_4(const Fft *fft, size_t m, size_t s, Signal x, Signal y) {
    const size_t quarter = m / 4;
    for (size_t p = 0; p < quarter; p++) {
        const double c1 = fft->cosine[p * s], s1 = -fft->sine[p * s], c2 = fft->cosine[2 * p * s],
                     s2 = -fft->sine[2 * p * s], c3 = fft->cosine[3 * p * s], s3 = -fft->sine[3 * p * s];
        const Signal a = signal_at(x, s * p), b = signal_at(x, s * (p + quarter)),
                     c = signal_at(x, s * (p + 2 * quarter)), d = signal_at(x, s * (p + 3 * quarter));
        const Signal y0 = signal_at(y, s * 4 * p), y1 = signal_at(y0, s), y2 = signal_at(y0, 2 * s),
                     y3 = signal_at(y0, 3 * s);
        SIMD for (size_t q = 0; q < s * FFT_WIDTH; q++) {
            const double ac_re = a.re[q] + c.re[q], ac_im = a.im[q] + c.im[q];
            const double bd_re = b.re[q] + d.re[q], bd_im = b.im[q] + d.im[q];
            const double am_re = a.re[q] - c.re[q], am_im = a.im[q] - c.im[q];
            const double bm_re = b.re[q] - d.re[q], bm_im = b.im[q] - d.im[q];
            const double p1_re = am_re + bm_im, p1_im = am_im - bm_re;
            const double p2_re = ac_re - bd_re, p2_im = ac_im - bd_im;
            const double p3_re = am_re - bm_im, p3_im = am_im + bm_re;
            y0.re[q] = ac_re + bd_re;
            y0.im[q] = ac_im + bd_im;
            y1.re[q] = fma(c1, p1_re, -(s1 * p1_im));
            y1.im[q] = fma(c1, p1_im, s1 * p1_re);
            y2.re[q] = fma(c2, p2_re, -(s2 * p2_im));
            y2.im[q] = fma(c2, p2_im, s2 * p2_re);
            y3.re[q] = fma(c3, p3_re, -(s3 * p3_im));
            y3.im[q] = fma(c3, p3_im, s3 * p3_re);
        }
    }
}

static void step_of_2(size_t s, Signal x, Signal y) {
    const Signal b = signal_at(x, s), y1 = signal_at(y, s);
    SIMD for (size_t q = 0; q < s * FFT_WIDTH; q++) {
        y.re[q] = x.re[q] + b.re[q];
        y.im[q] = x.im[q] + b.im[q];
        y1.re[q] = x.re[q] - b.re[q];
        y1.im[q] = x.im[q] - b.im[q];
    }
}

void fft_forward(const Fft *fft, double *re, double *im, double *work) {
    Signal x = {re, im}, y = {work, work + fft->n * FFT_WIDTH};
    size_t s = 1;
    for (size_t m = fft->n; m > 1;) {
        const size_t step = m >= 4 ? 4 : 2;
        if (step == 4)
            step_of_4(fft, m, s, x, y);
        else
            step_of_2(s, x, y);
        m /= step;
        s *= step;
        const Signal swap = x;
        x = y;
        y = swap;
    }
    if (x.re == re) return;
    memcpy(re, x.re, fft->n * FFT_WIDTH * sizeof *re);
    memcpy(im, x.im, fft->n * FFT_WIDTH * sizeof *im);
}
