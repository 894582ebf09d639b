#include "data/cifar.h"

#include <string.h>

#include "base/packed.h"

enum { IMAGE_BYTES = CIFAR_CHANNELS * CIFAR_SIDE * CIFAR_SIDE, RECORD_BYTES = 1 + IMAGE_BYTES };

int cifar_read(const char *path, size_t most, Arena *arena, Images *images, char sha256[SHA256_HEX], Error *error) {
    PackedFile file;
    size_t got = 0;
    if (most > CIFAR_MOST_RECORDS) most = CIFAR_MOST_RECORDS;
    const size_t room = most * RECORD_BYTES + 1; /* a byte more shows that the file is longer */
    unsigned char *records = memory_alloc(room, 1);
    int status = packed_open(&file, path, error) || packed_read(&file, records, room, &got, error) ? -1 : 0;
    if (!status) packed_sha256(&file, sha256);
    packed_close(&file);
    const size_t n = got / RECORD_BYTES;
    if (!status && got == room)
        status = error_set(error,
                           "cannot use %.600s: it has more than the %zu records that are allowed; check that it "
                           "is the right file",
                           path, most);
    else if (!status && (got % RECORD_BYTES || n == 0))
        status = error_set(error,
                           "cannot use %.600s: it has %zu records of %d bytes and %zu bytes more; fetch the file "
                           "again",
                           path, n, RECORD_BYTES, got % RECORD_BYTES);
    uint8_t *pixels = arena_alloc(arena, status ? 0 : n, IMAGE_BYTES);
    uint16_t *labels = arena_alloc(arena, status ? 0 : n, sizeof *labels);
    for (size_t i = 0; i < n && !status; i++) {
        const unsigned char *record = records + i * RECORD_BYTES;
        if (record[0] >= CIFAR_CLASSES)
            status = error_set(error, "cannot use %.600s: the label of image %zu (from 0) is %d, but must be below %d",
                               path, i, record[0], CIFAR_CLASSES);
        labels[i] = record[0];
        memcpy(pixels + i * IMAGE_BYTES, record + 1, IMAGE_BYTES);
    }
    memory_free(records);
    if (!status) *images = (Images){n, CIFAR_CHANNELS, CIFAR_SIDE, CIFAR_SIDE, pixels, labels};
    return status;
}
