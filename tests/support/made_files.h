/* Files that tests make: bytes in the arena of the sandbox, packed, damaged, written to its folder. */
#ifndef SCALEDOWN_TESTS_MADE_FILES_H
#define SCALEDOWN_TESTS_MADE_FILES_H

#include <stddef.h>

typedef struct Bytes {
    unsigned char *data;
    size_t size;
} Bytes;

Bytes bytes_of(const void *data, size_t size);
void append(Bytes *bytes, const void *data, size_t size);
Bytes random_bytes(size_t size, unsigned limit); /* each below limit */

/* As they are, ".gz", ".xz": those that this build has. */
typedef struct MadePacking {
    const char *suffix;
    Bytes (*pack)(Bytes bytes);
} MadePacking;
extern const MadePacking packings[];
extern const int n_packings;

#ifdef HAVE_LZMA
Bytes xz(Bytes bytes);
#endif

#ifdef HAVE_JPEG
typedef enum MadeJpeg { JPEG_GREY, JPEG_COLOUR, JPEG_CMYK, JPEG_YCCK } MadeJpeg;
typedef enum MadeScans { SCAN_OF_ALL, SCANS_PROGRESSIVE, SCAN_OF_EACH /* component */, N_SCANS } MadeScans;
/* values [height][width][components]: 1 of grey, 3 of colour, 4 of the others, inverted as Adobe has them. */
Bytes jpeg_of(MadeJpeg kind, MadeScans scans, unsigned width, unsigned height, const unsigned char *values);
#endif

/* One to three changes: a bit, a byte, a part left out, doubled, or put in; the end cut off or something behind it. */
Bytes mutant(Bytes file);
const char *written(const char *name, Bytes bytes); /* its path */

#endif
