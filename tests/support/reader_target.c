#include "reader_target.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/npy.h"
#include "data/cifar.h"
#include "data/idx.h"
#include "data/jpeg.h"

enum { LIMIT = 10000, RECORDS = 10 };

/* Reads every byte; the sum keeps the loop. */
static unsigned touch(const void *data, size_t size) {
    const volatile unsigned char *bytes = data;
    unsigned sum = 0;
    for (size_t i = 0; i < size; i++) sum += bytes[i];
    return sum;
}

static int read_images(const char *path, Arena *arena, const char **fault, Error *error) {
    char sha256[SHA256_HEX];
    Images images;
    if (idx_read_images(path, LIMIT, arena, &images, sha256, error)) return -1;
    const size_t size = images.n * images.channels * images.height * images.width;
    if (size < 1 || size > LIMIT) *fault = "images of no size, or above the limit";
    touch(images.pixels, size);
    return 0;
}

static int read_labels(const char *path, Arena *arena, const char **fault, Error *error) {
    char sha256[SHA256_HEX];
    const uint16_t *labels;
    size_t n;
    if (idx_read_labels(path, LIMIT, arena, &n, &labels, sha256, error)) return -1;
    if (n < 1 || n > LIMIT) *fault = "no labels, or more than the limit";
    touch(labels, n * sizeof *labels);
    return 0;
}

static int read_cifar(const char *path, Arena *arena, const char **fault, Error *error) {
    char sha256[SHA256_HEX];
    Images images;
    if (cifar_read(path, RECORDS, arena, &images, sha256, error)) return -1;
    if (images.n < 1 || images.n > RECORDS) *fault = "no records, or more than were asked for";
    for (size_t i = 0; i < images.n; i++)
        if (images.labels[i] >= CIFAR_CLASSES) *fault = "a label above 9";
    touch(images.pixels, images.n * CIFAR_CHANNELS * CIFAR_SIDE * CIFAR_SIDE);
    return 0;
}

#ifdef HAVE_JPEG
static int read_jpeg(const char *path, Arena *arena, const char **fault, Error *error) {
    ColourImage image;
    if (jpeg_read(path, LIMIT, 0, arena, &image, error)) return -1;
    const size_t pixels = image.width * image.height;
    if (pixels < 1 || pixels > LIMIT) *fault = "an image of no size, or above the limit";
    touch(image.pixels, 3 * pixels);
    return 0;
}
#endif

static int read_npy(const char *path, Arena *arena, const char **fault, Error *error) {
    static const size_t size_of[] = {[NPY_F4] = 4, [NPY_F8] = 8, [NPY_U1] = 1, [NPY_I8] = 8};
    NpyArray array;
    if (npy_read(path, arena, &array, error)) return -1;
    if (array.rank < 0 || array.rank > 4) *fault = "a rank that is not 0 to 4";
    touch(array.data, npy_count(&array) * size_of[array.type]);
    return 0;
}

const ReaderTarget reader_targets[] = {{"idx-images", read_images},
                                       {"idx-labels", read_labels},
                                       {"cifar", read_cifar},
                                       {"npy", read_npy},
#ifdef HAVE_JPEG
                                       {"jpeg", read_jpeg},
#endif
                                       {NULL, NULL}};

/* FNV-1a of the text without digits. */
static unsigned long hash_of(const char *text) {
    unsigned long hash = 2166136261u;
    for (; *text; text++)
        if (!isdigit((unsigned char)*text)) hash = (hash ^ (unsigned char)*text) * 16777619u & 0xffffffffu;
    return hash;
}

const char *reader_try(const ReaderTarget *target, const char *path, const unsigned char *data, size_t size,
                       Arena *arena, unsigned long *outcome) {
    const char *fault = NULL;
    Error error = {""};
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(data, 1, size, file) != size || fclose(file)) return "the file cannot be written";
    *outcome = 0;
    if (target->read(path, arena, &fault, &error) == 0) return fault;
    const char *named = strstr(error.text, path);
    if (!named) return "the error does not name the file";
    if (strchr(error.text, '\n')) return "the error is more than a line";
    *outcome = hash_of(named + strlen(path)) | 1;
    return fault;
}
