/* Asking for memory before its turn.  It changes no result, and a compiler without a word for it does nothing. */
#ifndef SCALEDOWN_KERNELS_PREFETCH_H
#define SCALEDOWN_KERNELS_PREFETCH_H

#include "base/real.h"

enum { LINE_ELEMENTS = 64 / sizeof(real) }; /* of a line of the caches */

/* To the first level of the caches or the second, or for writing. */
#ifdef __GNUC__
#define PREFETCH(address, level) __builtin_prefetch(address, 0, 4 - (level))
#define PREFETCH_TO_WRITE(address) __builtin_prefetch(address, 1)
#else
#define PREFETCH(address, level) (void)(address)
#define PREFETCH_TO_WRITE(address) (void)(address)
#endif

#endif
