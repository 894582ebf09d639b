#include "kernels/scratch.h"

#include "base/arena.h"

static struct Buffer {
    void *data;
    size_t bytes;
} buffers[SCRATCH_USES];
#ifdef _OPENMP
#pragma omp threadprivate(buffers)
#endif

void *scratch_get(ScratchUse use, size_t count, size_t size) {
    struct Buffer *b = &buffers[use];
    if (b->bytes / size < count) {
        memory_free(b->data);
        b->data = memory_alloc(count, size);
        b->bytes = count * size;
    }
    return b->data;
}

void scratch_release(void) {
    for (int use = 0; use < SCRATCH_USES; use++) {
        memory_free(buffers[use].data);
        buffers[use] = (struct Buffer){0, 0};
    }
}
