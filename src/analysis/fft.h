/* Fourier transforms whose length is a power of two, in binary64.
 *
 * FFT_WIDTH signals at a time, element (index, signal) at index * FFT_WIDTH + signal: loops run over signals.  Stockham's
 * form with steps of 4, and one of 2 at the end when the power is odd; the order of operations is that of the source and
 * does not depend on the machine.  Relative error of the root mean square about 1e-16 log2 n (tested). */
#ifndef SCALEDOWN_ANALYSIS_FFT_H
#define SCALEDOWN_ANALYSIS_FFT_H

#include <stddef.h>

#include "base/arena.h"

enum { FFT_WIDTH = 8 };

typedef struct Fft {
    size_t n;
    double *cosine, *sine; /* [n]: cos and sin of 2 pi k / n, within one unit in the last place */
} Fft;

/* n: a power of two, at least 1. */
Fft fft_create(size_t n, Arena *arena);
/* In place, without a factor: out[k] = sum over j of in[j] exp(-2 pi i j k / n).  re, im: [n][FFT_WIDTH]; work:
 * 2 * n * FFT_WIDTH elements.  The inverse, times n: the same with re and im exchanged. */
void fft_forward(const Fft *fft, double *re, double *im, double *work);

#endif
