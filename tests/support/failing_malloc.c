/* A library for LD_PRELOAD that counts allocations and lets them fail, for tests/memory_faults.sh.
 *
 *   FAIL_FROM=n   the n-th allocation fails, counted from 1 over all threads; 0: none
 *   FAIL_COUNT=k  so many from there on; 0: all of them
 *   FAIL_LOG=FILE at the end the number of allocations and the milliseconds taken are appended to FILE, as a line
 *
 * posix_memalign, aligned_alloc, malloc, calloc and realloc count; free does not. */
#define _GNU_SOURCE /* RTLD_NEXT */

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static unsigned long count, fail_from, fail_count;
static int log_file = -1;
static struct timespec began;

static void *(*real_malloc)(size_t);
static void *(*real_calloc)(size_t, size_t);
static void *(*real_realloc)(void *, size_t);
static int (*real_posix_memalign)(void **, size_t, size_t);
static void *(*real_aligned_alloc)(size_t, size_t);
static void (*real_free)(void *);

/* dlsym allocates before it has found malloc: from here, never given back. */
static unsigned char early[1 << 16] __attribute__((aligned(16)));
static size_t early_used;

static void *allocate_early(size_t size) {
    size = (size + 15) & ~(size_t)15;
    if (size > sizeof early - early_used) _exit(99);
    early_used += size;
    return early + early_used - size;
}

static int is_early(const void *pointer) {
    return (uintptr_t)pointer >= (uintptr_t)early && (uintptr_t)pointer < (uintptr_t)early + sizeof early;
}

/* ISO C has no conversion from dlsym's pointer to a function's. */
static void find(void *function, const char *name) {
    void *symbol = dlsym(RTLD_NEXT, name);
    if (!symbol) _exit(99);
    memcpy(function, &symbol, sizeof symbol);
}

__attribute__((constructor)) static void begin(void) {
    find(&real_free, "free");
    find(&real_calloc, "calloc");
    find(&real_realloc, "realloc");
    find(&real_posix_memalign, "posix_memalign");
    find(&real_aligned_alloc, "aligned_alloc");
    find(&real_malloc, "malloc");
    const char *from = getenv("FAIL_FROM"), *number = getenv("FAIL_COUNT"), *path = getenv("FAIL_LOG");
    if (path) log_file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    fail_count = number ? strtoul(number, NULL, 10) : 1;
    fail_from = from ? strtoul(from, NULL, 10) : 0;
    clock_gettime(CLOCK_MONOTONIC, &began);
    __atomic_store_n(&count, 0, __ATOMIC_SEQ_CST);
}

__attribute__((destructor)) static void end(void) {
    char line[64];
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    long milliseconds = (now.tv_sec - began.tv_sec) * 1000L + (now.tv_nsec - began.tv_nsec) / 1000000L;
    int length = snprintf(line, sizeof line, "%lu %ld\n", count, milliseconds);
    if (log_file < 0 || write(log_file, line, (size_t)length) < 0) return;
}

static int fails(void) {
    unsigned long n = __atomic_add_fetch(&count, 1, __ATOMIC_SEQ_CST);
    if (!fail_from || n < fail_from || (fail_count && n >= fail_from + fail_count)) return 0;
    errno = ENOMEM;
    return 1;
}

void *malloc(size_t size) {
    if (!real_malloc) return allocate_early(size);
    return fails() ? NULL : real_malloc(size);
}

void *calloc(size_t number, size_t size) {
    if (!real_malloc) return memset(allocate_early(number * size), 0, number * size);
    return fails() ? NULL : real_calloc(number, size);
}

void *realloc(void *pointer, size_t size) {
    if (!real_malloc || is_early(pointer)) {
        void *larger = allocate_early(size);
        return pointer ? memcpy(larger, pointer, size) : larger;
    }
    return fails() ? NULL : real_realloc(pointer, size);
}

int posix_memalign(void **pointer, size_t alignment, size_t size) {
    if (!real_malloc) return ENOMEM;
    return fails() ? ENOMEM : real_posix_memalign(pointer, alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
    if (!real_malloc) return NULL;
    return fails() ? NULL : real_aligned_alloc(alignment, size);
}

void free(void *pointer) {
    if (pointer && !is_early(pointer) && real_free) real_free(pointer);
}
