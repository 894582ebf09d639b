/* Reading a file that may be compressed, from its beginning to its end: gzip (RFC 1952, one member or several), xz (one
 * stream or several), or neither.  Its first bytes tell which, whatever its name.
 *
 * Nothing of the file is believed: no more is unpacked than is asked for, the decoder has PACKED_MEMORY, and a file that
 * is cut off, damaged, or does not have the checksum it states, is an error that names it. */
#ifndef SCALEDOWN_BASE_PACKED_H
#define SCALEDOWN_BASE_PACKED_H

#include "base/arena.h"
#include "base/error.h"
#include "base/sha256.h"

enum { PACKED_MOST_BYTES = 1 << 30 /* of the file on the disk */, PACKED_MEMORY = 128 << 20 };

typedef struct Packing Packing;

typedef struct PackedFile {
    const char *path;
    const Packing *packing;
    Arena *arena; /* of the file's own bytes */
    const unsigned char *next;
    size_t left; /* of them, from next on */
    void *decoder;
    int ended; /* all is unpacked, and the checksums are right */
    Sha256 hash;
} PackedFile;

/* path must last as long as the file is open.  A folder or a pipe is refused. */
int packed_open(PackedFile *file, const char *path, Error *error);
/* The next size bytes; fewer only at the file's end, which is reached when there are. */
int packed_read(PackedFile *file, void *data, size_t size, size_t *got, Error *error);
/* Of all that was read. */
void packed_sha256(const PackedFile *file, char hex[SHA256_HEX]);
void packed_close(PackedFile *file); /* safe after a failed packed_open */

#endif
