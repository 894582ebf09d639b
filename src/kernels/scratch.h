/* Working memory of kernels, one set of buffers per thread, kept from call to call: allocating per call would hand
 * large buffers back to the system and fault them in again each time.  They are freed when the thread ends. */
#ifndef SCALEDOWN_KERNELS_SCRATCH_H
#define SCALEDOWN_KERNELS_SCRATCH_H

#include <stddef.h>

typedef enum ScratchUse {
    SCRATCH_GEMM,
    SCRATCH_POINTERS,
    SCRATCH_COPY,
    SCRATCH_WEIGHTS,
    SCRATCH_TAPS,
    SCRATCH_PACKS,
    SCRATCH_RUNS,
    SCRATCH_NORM,
    SCRATCH_SUMS,
    SCRATCH_ROWS,
    SCRATCH_LEFT,
    SCRATCH_RIGHT,
    SCRATCH_GRU,
    SCRATCH_SPARSE,
    SCRATCH_ACTIVATION,
    SCRATCH_NONZERO,
    SCRATCH_NONZERO_WEIGHTS,
    SCRATCH_NONZERO_ROWS,
    SCRATCH_FACTORS,
    SCRATCH_TRANSPOSED,
    SCRATCH_USES
} ScratchUse;

/* At least count * size bytes, aligned to 64, undefined contents, valid until this thread asks for the same use
 * again. */
void *scratch_get(ScratchUse use, size_t count, size_t size);

#endif
