/* Images as rows of numbers: which of a set, crops of them, and their random augmentation.  A pixel is its byte / 255, in
 * binary32; a row is [channels][side][side]. */
#ifndef SCALEDOWN_DATA_IMAGE_ROWS_H
#define SCALEDOWN_DATA_IMAGE_ROWS_H

#include "base/arena.h"
#include "base/error.h"
#include "data/images.h"
#include "random/random.h"

/* The first n / classes images of each class: their numbers [n] in the order of the file.  NULL with an error that names
 * the option --train-examples when classes does not divide n, or a class has fewer. */
size_t *images_first_of_classes(const Images *images, size_t classes, size_t n, Arena *arena, Error *error);

/* The square of an image that begins at a row and a column. */
void image_crop(const Images *images, size_t number, size_t row, size_t column, size_t side, float *out);
/* That in the middle: (height - side) / 2 rows and (width - side) / 2 columns are left out in front of it. */
void image_crop_middle(const Images *images, size_t number, size_t side, float *out);
/* Any of the (height - side + 1) (width - side + 1) squares, by value 0 of the draws. */
void image_crop_random(const Images *images, const Philox *draws, size_t number, size_t side, float *out);
/* The square in the middle after image_augment (image_transform.h), a flip and a rotation; of square images of three
 * channels. */
void image_crop_augmented(const Images *images, const Philox *draws, size_t number, size_t side, float *out);

/* The whole image after its content has moved down and to the right by so many pixels, or up and to the left by negative
 * numbers, less than its height and width; what comes in is reflected at the first or last row or column, which is not
 * repeated (PyTorch's "reflect" padding).  mirrored: after that, left becomes right. */
void image_moved(const Images *images, size_t number, int down, int right, int mirrored, float *out);

#endif
