/* The binary version of CIFAR-10: records of a label (a byte) and an image of 3 x 32 x 32 bytes, red, green, blue, one
 * after the other, without a header.  The file may be compressed (base/packed.h). */
#ifndef SCALEDOWN_DATA_CIFAR_H
#define SCALEDOWN_DATA_CIFAR_H

#include "base/arena.h"
#include "base/error.h"
#include "base/sha256.h"
#include "data/images.h"

enum { CIFAR_CHANNELS = 3, CIFAR_SIDE = 32, CIFAR_CLASSES = 10, CIFAR_MOST_RECORDS = 100000 };

/* At least one record and at most most of them, up to CIFAR_MOST_RECORDS; a label above 9, a record that is not whole,
 * or more records are errors.  sha256 is that of the file, not compressed. */
int cifar_read(const char *path, size_t most, Arena *arena, Images *images, char sha256[SHA256_HEX], Error *error);

#endif
