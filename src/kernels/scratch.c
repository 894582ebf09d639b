#include "kernels/scratch.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"

typedef struct Buffer {
    void *data;
    size_t bytes;
} Buffer;

/* The buffers of a thread are its value of this key, so that they are freed when it ends, whoever started it. */
static pthread_key_t key;
static pthread_once_t key_made = PTHREAD_ONCE_INIT;

static void free_buffers(void *value) {
    Buffer *buffers = value;
    for (int use = 0; use < SCRATCH_USES; use++) memory_free(buffers[use].data);
    memory_free(buffers);
}

static void make_key(void) {
    if (!pthread_key_create(&key, free_buffers)) return;
    fputs("scaledown: the system has no key left for data of threads\n", stderr);
    abort();
}

void *scratch_get(ScratchUse use, size_t count, size_t size) {
    pthread_once(&key_made, make_key);
    Buffer *buffers = pthread_getspecific(key);
    if (!buffers) {
        buffers = memory_alloc_zero(SCRATCH_USES, sizeof *buffers);
        if (pthread_setspecific(key, buffers)) {
            fputs("scaledown: out of memory for a thread's working memory\n", stderr);
            abort();
        }
    }
    Buffer *b = &buffers[use];
    if (b->bytes / size < count) {
        memory_free(b->data);
        *b = (Buffer){NULL, 0};
        b->data = memory_alloc(count, size);
        b->bytes = count * size;
    }
    return b->data;
}
