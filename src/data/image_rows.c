#include "data/image_rows.h"

#include <math.h>

#include "exact/exact.h"

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

/* A pixel of a channel, 0 outside of it. */
static double pixel(const Images *images, const uint8_t *pixels, double row, double column) {
    const int inside = row >= 0 && column >= 0 && row < (double)images->height && column < (double)images->width;
    return inside ? pixels[(size_t)row * images->width + (size_t)column] / 255.0 : 0;
}

static double between(const Images *images, const uint8_t *pixels, double row, double column) {
    const double top = floor(row), left = floor(column), down = row - top, right = column - left;
    const double above = (1 - right) * pixel(images, pixels, top, left) + right * pixel(images, pixels, top, left + 1);
    const double below =
        (1 - right) * pixel(images, pixels, top + 1, left) + right * pixel(images, pixels, top + 1, left + 1);
    return (1 - down) * above + down * below;
}

void image_flip_rotate(const Images *images, const Philox *draws, double degrees, size_t number, size_t side,
                       float *out) {
    const double pi = 3.14159265358979323846;
    const double flip = philox_uniform(draws, 0) < 0.5 ? -1 : 1;
    const double angle = degrees * (2 * philox_uniform(draws, 1) - 1) * pi / 180;
    const double cosine = exact_cos(angle), sine = exact_sin(angle), middle = (double)(side - 1) / 2;
    const double row_middle = (double)(images->height - 1) / 2, column_middle = (double)(images->width - 1) / 2;
    for (size_t c = 0; c < images->channels; c++) {
        const uint8_t *pixels = channel_of(images, number, c);
        for (size_t i = 0; i < side; i++)
            for (size_t j = 0; j < side; j++) {
                const double y = (double)i - middle, x = (double)j - middle;
                *out++ = (float)between(images, pixels, row_middle + cosine * y + sine * x,
                                        column_middle + flip * (cosine * x - sine * y));
            }
    }
}
