/* The readers of data files for libFuzzer, which is of clang:
 *     make fuzz [MINUTES=5]
 * The first byte of an input chooses the reader, unless TARGET of the environment names one, TARGET=npy. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "reader_target.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static char path[64];
    const char *named = getenv("TARGET");
    size_t n = 0, chosen;
    unsigned long outcome;
    while (reader_targets[n].name) n++;
    for (chosen = 0; named && chosen < n && strcmp(named, reader_targets[chosen].name);) chosen++;
    if (!named || !*named) {
        if (size == 0) return 0;
        chosen = data[0] % n;
        data++, size--;
    }
    if (chosen == n) fprintf(stderr, "fuzz: no reader is named %s\n", named), exit(2);
    if (!*path) snprintf(path, sizeof path, "/tmp/scaledown_fuzz.%ld", (long)getpid());
    Arena *arena = arena_create(0);
    const char *fault = reader_try(&reader_targets[chosen], path, data, size, arena, &outcome);
    arena_destroy(arena);
    unlink(path);
    if (!fault) return 0;
    fprintf(stderr, "fuzz: %s: %s\n", reader_targets[chosen].name, fault);
    abort();
}
