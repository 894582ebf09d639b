#include "data/image_rows.h"

#include <stdlib.h>
#include <string.h>

#include "data/image_transform.h"

size_t *images_first_of_classes(const Images *images, size_t classes, size_t n, Arena *arena, Error *error) {
    size_t *numbers = arena_alloc(arena, n, sizeof *numbers), *left = arena_alloc(arena, classes, sizeof *left);
    size_t found = 0;
    if (n % classes) {
        error_set(error, "option --train-examples: %zu is no multiple of the %zu classes", n, classes);
        return NULL;
    }
    for (size_t c = 0; c < classes; c++) left[c] = n / classes;
    for (size_t i = 0; i < images->n && found < n; i++) {
        if (!left[images->labels[i]]) continue;
        left[images->labels[i]]--;
        numbers[found++] = i;
    }
    if (found == n) return numbers;
    error_set(error, "option --train-examples: a class has fewer than %zu images", n / classes);
    return NULL;
}

static const uint8_t *channel_of(const Images *images, size_t number, size_t channel) {
    return images->pixels + (number * images->channels + channel) * images->height * images->width;
}

void image_crop(const Images *images, size_t number, size_t row, size_t column, size_t side, float *out) {
    for (size_t c = 0; c < images->channels; c++) {
        const uint8_t *pixels = channel_of(images, number, c) + row * images->width + column;
        for (size_t i = 0; i < side; i++)
            for (size_t j = 0; j < side; j++) *out++ = (float)pixels[i * images->width + j] / 255.0f;
    }
}

void image_crop_middle(const Images *images, size_t number, size_t side, float *out) {
    image_crop(images, number, (images->height - side) / 2, (images->width - side) / 2, side, out);
}

void image_crop_random(const Images *images, const Philox *draws, size_t number, size_t side, float *out) {
    const size_t rows = images->height - side + 1, columns = images->width - side + 1;
    const size_t place = philox_below(draws, 0, (uint32_t)(rows * columns));
    image_crop(images, number, place / columns, place % columns, side, out);
}

void image_crop_augmented(const Images *images, const Philox *draws, size_t number, size_t side, float *out) {
    const size_t size = images->height, edge = (size - side) / 2;
    float *whole = memory_alloc(images->channels * size * size, sizeof *whole);
    image_crop(images, number, 0, 0, size, whole);
    image_augment(draws, size, whole);
    for (size_t c = 0; c < images->channels; c++)
        for (size_t i = 0; i < side; i++)
            memcpy(out + (c * side + i) * side, whole + (c * size + edge + i) * size + edge, side * sizeof *out);
    memory_free(whole);
}

/* Where place i of an axis comes from. */
static size_t reflected(size_t i, int moved, size_t size) {
    const long from = labs((long)i - moved), last = (long)size - 1;
    return (size_t)(from > last ? 2 * last - from : from);
}

void image_moved(const Images *images, size_t number, int down, int right, int mirrored, float *out) {
    const size_t height = images->height, width = images->width;
    for (size_t c = 0; c < images->channels; c++)
        for (size_t i = 0; i < height; i++) {
            const uint8_t *pixels = channel_of(images, number, c) + reflected(i, down, height) * width;
            for (size_t j = 0; j < width; j++)
                *out++ = (float)pixels[reflected(mirrored ? width - 1 - j : j, right, width)] / 255.0f;
        }
}
