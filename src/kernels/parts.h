/* Dividing work into parts. */
#ifndef SCALEDOWN_KERNELS_PARTS_H
#define SCALEDOWN_KERNELS_PARTS_H

#include <stddef.h>

/* How many parts of at most so many elements n elements need: n / part, rounded up. */
static inline size_t parts_of(size_t n, size_t part) {
    return (n + part - 1) / part;
}

static inline size_t at_most(size_t a, size_t limit) {
    return a < limit ? a : limit;
}

#endif
