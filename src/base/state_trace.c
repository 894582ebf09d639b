#include "base/state_trace.h"

#include <stdint.h>

#include "base/file.h"
#include "base/sha256.h"

static AtomicFile file;
static int is_open;
static size_t steps; /* begun so far */

int state_trace_open(const char *path, Error *error) {
    if (atomic_open(&file, path, error)) return -1;
    text_add(&file.text, STATE_TRACE_COLUMNS "\n");
    is_open = 1;
    steps = 0;
    return 0;
}

void state_trace_step(void) {
    if (is_open) steps++;
}

/* Blocks of elements, turned where the machine has the highest byte first. */
static void hash_elements(Sha256 *hash, size_t count, size_t width, const unsigned char *bytes) {
    const uint16_t one = 1;
    unsigned char turned[1024];
    if (*(const unsigned char *)&one == 1) {
        sha256_add(hash, bytes, count * width);
        return;
    }
    const size_t block = sizeof turned / width;
    for (size_t first = 0; first < count; first += block) {
        const size_t n = count - first < block ? count - first : block;
        for (size_t i = 0; i < n; i++)
            for (size_t k = 0; k < width; k++) turned[i * width + k] = bytes[(first + i) * width + width - 1 - k];
        sha256_add(hash, turned, n * width);
    }
}

void state_trace_tensor(const char *role, const char *name, size_t count, size_t width, const void *elements) {
    Sha256 hash;
    char hex[SHA256_HEX];
    if (!is_open) return;
    sha256_begin(&hash);
    hash_elements(&hash, count, width, elements);
    sha256_end(&hash, hex);
    text_format(&file.text, "%zu,%s%s%s,%.*s\n", steps ? steps - 1 : 0, role, *role && *name ? " " : "", name,
                STATE_HASH_DIGITS, hex);
    atomic_flush(&file);
}

int state_trace_close(Error *error) {
    is_open = 0;
    if (steps) return atomic_commit(&file, error);
    state_trace_abandon();
    return error_set(error, "no step was traced, and no file written: this cell trains nothing step by step");
}

void state_trace_abandon(void) {
    if (is_open || file.temporary) atomic_abandon(&file);
    is_open = 0;
}
