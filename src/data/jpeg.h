/* JPEG files to red, green and blue and back, by libjpeg: libjpeg-turbo, or another library with its interface.
 *
 * Read are baseline and progressive files of grey (all three colours become it), YCbCr, RGB, CMYK and YCCK; CMYK becomes
 * red = (1 - cyan) (1 - black) and so on, and where there is an Adobe marker the file holds 1 - cyan, as Adobe writes it.
 * Orientation and colour profiles in the file are not looked at.  What decides the pixels is fixed: the integer inverse
 * transform of full accuracy, and chroma repeated, not interpolated; the library may still differ from version to version.
 *
 * Nothing of a file is believed: one that is cut off, damaged, of another kind, or larger than is allowed, is an error that
 * names it.  Garbage between markers and behind the end, which takes nothing away, is passed over. */
#ifndef SCALEDOWN_DATA_JPEG_H
#define SCALEDOWN_DATA_JPEG_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"

enum {
    JPEG_MOST_BYTES = 1 << 26,  /* of a file */
    JPEG_MOST_PIXELS = 1 << 26, /* of an image: 8192 x 8192; a progressive one takes 9 bytes for each */
    JPEG_MOST_SCANS = 100       /* of a progressive file; usual are 10 */
};

typedef struct ColourImage {
    size_t width, height;
    uint8_t *pixels; /* [height][width][3]: red, green, blue */
} ColourImage;

/* An image of at most most_pixels, and of JPEG_MOST_PIXELS; the pixels are in the arena.  Where the shorter side is at least
 * twice, four or eight times `enough`, the image is decoded at half, a quarter or an eighth of its size, which is faster;
 * enough 0: always whole.  In a build without libjpeg this is an error. */
int jpeg_read(const char *path, size_t most_pixels, size_t enough, Arena *arena, ColourImage *image, Error *error);

/* Baseline, chroma at full resolution; quality 1 to 100.  The file is whole or absent. */
int jpeg_write(const char *path, const ColourImage *image, int quality, Error *error);

#endif
