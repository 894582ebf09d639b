/* Readers of data files as targets for fuzzing: given any bytes, a reader refuses them in one line that names the file, or what
 * it returns is whole, within its limits, and can be read to its last byte (AddressSanitizer sees where it cannot). */
#ifndef SCALEDOWN_TESTS_READER_TARGET_H
#define SCALEDOWN_TESTS_READER_TARGET_H

#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"

typedef struct ReaderTarget {
    const char *name; /* "idx-images" */
    /* 0: read; -1 with an error.  fault: what must never be, NULL as long as all is well. */
    int (*read)(const char *path, Arena *arena, const char **fault, Error *error);
} ReaderTarget;
extern const ReaderTarget reader_targets[]; /* ends with a NULL name */

/* Gives these bytes to the reader as the file at path, which is written.  What is wrong with what it did, or NULL; outcome
 * is 0 where the bytes were read, else its error, in which numbers and the path do not count. */
const char *reader_try(const ReaderTarget *target, const char *path, const unsigned char *data, size_t size,
                       Arena *arena, unsigned long *outcome);

#endif
