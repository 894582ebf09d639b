/* Images with their labels, as data sets have them. */
#ifndef SCALEDOWN_DATA_IMAGES_H
#define SCALEDOWN_DATA_IMAGES_H

#include <stddef.h>
#include <stdint.h>

typedef struct Images {
    size_t n, channels, height, width; /* each at least 1 */
    const uint8_t *pixels;             /* [n][channels][height][width] */
    const uint16_t *labels;            /* [n] */
} Images;

#endif
