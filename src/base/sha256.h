/* SHA-256 (FIPS 180-4). */
#ifndef SCALEDOWN_BASE_SHA256_H
#define SCALEDOWN_BASE_SHA256_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

#define SHA256_HEX 65 /* 64 digits and a NUL */

typedef struct Sha256 {
    uint32_t state[8];
    uint64_t length;
    unsigned char block[64];
} Sha256;

void sha256_begin(Sha256 *hash);
void sha256_add(Sha256 *hash, const void *data, size_t size);
void sha256_end(Sha256 *hash, char hex[SHA256_HEX]);
void sha256_hex(const void *data, size_t size, char hex[SHA256_HEX]);
int sha256_file(const char *path, char hex[SHA256_HEX], Error *error);

#endif
