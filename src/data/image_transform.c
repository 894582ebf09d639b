#include "data/image_transform.h"

#include <math.h>
#include <string.h>

#include "exact/exact.h"

enum { CHANNELS = 3 };

const float imagenet_mean[CHANNELS] = {0.485f, 0.456f, 0.406f}, imagenet_deviation[CHANNELS] = {0.229f, 0.224f, 0.225f};

/* ---- resizing ---- */

/* The inputs that an output sees. */
typedef struct Taps {
    size_t first, count;
    double *weight; /* [count], of sum 1 */
} Taps;

static Taps *taps_of(size_t inputs, size_t outputs, Arena *arena) {
    const double scale = (double)inputs / (double)outputs, reach = scale > 1 ? scale : 1;
    Taps *taps = arena_alloc(arena, outputs, sizeof *taps);
    for (size_t i = 0; i < outputs; i++) {
        const double position = ((double)i + 0.5) * scale, low = position - reach - 0.5, high = position + reach - 0.5;
        const size_t first = low < 0 ? 0 : (size_t)low + 1, end = high < (double)inputs ? (size_t)high + 1 : inputs;
        double sum = 0;
        taps[i] = (Taps){first, end - first, arena_alloc_small(arena, end - first, sizeof(double))};
        for (size_t j = first; j < end; j++) {
            const double weight = 1 - fabs((double)j + 0.5 - position) / reach;
            taps[i].weight[j - first] = weight > 0 ? weight : 0;
            sum += taps[i].weight[j - first];
        }
        for (size_t j = 0; j < taps[i].count; j++) taps[i].weight[j] /= sum;
    }
    return taps;
}

void image_resize(const ColourImage *image, size_t size, float *out) {
    Arena *arena = arena_create(0);
    const Taps *columns = taps_of(image->width, size, arena), *rows = taps_of(image->height, size, arena);
    float *narrow = arena_alloc(arena, CHANNELS * image->height * size, sizeof *narrow); /* [3][height][size] */
    for (size_t c = 0; c < CHANNELS; c++)
        for (size_t y = 0; y < image->height; y++)
            for (size_t x = 0; x < size; x++) {
                const uint8_t *from = image->pixels + (y * image->width + columns[x].first) * CHANNELS + c;
                double sum = 0;
                for (size_t j = 0; j < columns[x].count; j++) sum += columns[x].weight[j] * (double)from[j * CHANNELS];
                narrow[(c * image->height + y) * size + x] = (float)sum;
            }
    for (size_t c = 0; c < CHANNELS; c++)
        for (size_t y = 0; y < size; y++)
            for (size_t x = 0; x < size; x++) {
                const float *from = narrow + (c * image->height + rows[y].first) * size + x;
                double sum = 0;
                for (size_t j = 0; j < rows[y].count; j++) sum += rows[y].weight[j] * (double)from[j * size];
                out[(c * size + y) * size + x] = (float)sum;
            }
    arena_destroy(arena);
}

/* ---- of pictures [3][size][size] ---- */

void image_normalize(size_t size, const float mean[CHANNELS], const float deviation[CHANNELS], float *image) {
    for (size_t c = 0; c < CHANNELS; c++)
        for (size_t i = c * size * size; i < (c + 1) * size * size; i++)
            image[i] = (image[i] / 255.0f - mean[c]) / deviation[c];
}

void image_flip(size_t size, float *image) {
    for (size_t row = 0; row < CHANNELS * size; row++)
        for (size_t left = 0; left < size / 2; left++) {
            float *a = image + row * size + left, *b = image + (row + 1) * size - 1 - left, kept = *a;
            *a = *b;
            *b = kept;
        }
}

void image_rotate(size_t size, double degrees, const float *image, float *out) {
    const double pi = 3.14159265358979323846, centre = ((double)size - 1) / 2;
    const double sine = exact_sin(degrees * pi / 180), cosine = exact_cos(degrees * pi / 180);
    for (size_t y = 0; y < size; y++)
        for (size_t x = 0; x < size; x++) {
            const double right = (double)x - centre, down = (double)y - centre;
            const double column = centre + cosine * right - sine * down + 0.5;
            const double row = centre + sine * right + cosine * down + 0.5;
            const int inside = column >= 0 && row >= 0 && column < (double)size && row < (double)size;
            const size_t from = inside ? (size_t)row * size + (size_t)column : 0;
            for (size_t c = 0; c < CHANNELS; c++)
                out[(c * size + y) * size + x] = inside ? image[c * size * size + from] : 0;
        }
}

void image_augment(const Philox *draws, size_t size, float *image) {
    Arena *arena = arena_create(0);
    float *turned = arena_alloc(arena, CHANNELS * size * size, sizeof *turned);
    if (philox_uniform(draws, 0) < 0.5) image_flip(size, image);
    image_rotate(size, IMAGE_MOST_DEGREES * (2 * philox_uniform(draws, 1) - 1), image, turned);
    memcpy(image, turned, CHANNELS * size * size * sizeof *image);
    arena_destroy(arena);
}
