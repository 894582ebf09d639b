/* NumPy .npy files, format 1.0, C order, little-endian on disk on every machine. */
#ifndef SCALEDOWN_BASE_NPY_H
#define SCALEDOWN_BASE_NPY_H

#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/file.h"
#include "base/sha256.h"

typedef enum NpyType { NPY_F4, NPY_F8, NPY_U1, NPY_I8 } NpyType; /* '<f4' '<f8' '|u1' '<i8' */

typedef struct NpyArray {
    NpyType type;
    int rank; /* 0..4 */
    size_t shape[4];
    void *data; /* host byte order */
} NpyArray;

size_t npy_count(const NpyArray *array);
int npy_write(const char *path, const NpyArray *array, Error *error);
/* Into an open file; a failed write shows when it is committed. */
int npy_write_to(AtomicFile *file, const NpyArray *array, Error *error);
/* Of the data as they lie in the file, behind the header: in Python hashlib.sha256(array.tobytes()).hexdigest(). */
void npy_sha256(const NpyArray *array, char hex[SHA256_HEX]);
int npy_read(const char *path, Arena *arena, NpyArray *array, Error *error);

#endif
