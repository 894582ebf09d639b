/* IDX, the format of MNIST: 0, 0, the type of the numbers, how many dimensions there are, each dimension in 4 bytes, the
 * numbers; all big-endian.  The file may be compressed (base/packed.h).
 *
 * A file that is not what its header says, or of which the header says more than limit bytes of data, is an error that
 * names it and what is wrong. */
#ifndef SCALEDOWN_DATA_IDX_H
#define SCALEDOWN_DATA_IDX_H

#include "base/arena.h"
#include "base/error.h"
#include "base/sha256.h"
#include "data/images.h"

enum { IDX_MOST_DIMENSIONS = 4, IDX_MOST_BYTES = 1 << 30 };

typedef struct IdxArray {
    int size;                          /* bytes of a number: 1 (0 to 255), 2 or 4 (signed) */
    int rank;                          /* 1 to IDX_MOST_DIMENSIONS */
    size_t shape[IDX_MOST_DIMENSIONS]; /* each at least 1 */
    size_t bytes;
    const unsigned char *data; /* as in the file */
    char sha256[SHA256_HEX];   /* of the whole file, not compressed */
} IdxArray;

/* Numbers of 8, 16 and 32 bits. */
int idx_read(const char *path, size_t limit, Arena *arena, IdxArray *array, Error *error);
/* Bytes in three dimensions [n][height][width] or four [n][channels][height][width]; the labels are left NULL. */
int idx_read_images(const char *path, size_t limit, Arena *arena, Images *images, char sha256[SHA256_HEX],
                    Error *error);
/* Numbers from 0 to 65535 in one dimension. */
int idx_read_labels(const char *path, size_t limit, Arena *arena, size_t *n, const uint16_t **labels,
                    char sha256[SHA256_HEX], Error *error);

#endif
