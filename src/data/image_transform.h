/* What is done to a picture before a network sees it, as by torchvision's Resize, ToTensor, Normalize, RandomHorizontalFlip
 * and RandomRotation, in this order.
 *
 * Resizing is bilinear, each axis by itself: output i looks at position p = (i + 1/2) scale of an axis with scale = inputs /
 * outputs, where input j has weight max(0, 1 - |j + 1/2 - p| / max(scale, 1)) over the sum of all weights.  So an axis that
 * shrinks is averaged (Pillow's BILINEAR, but for its rounding to bytes), and one that grows is interpolated, its ends
 * repeated.  Columns first, then rows, sums in order in binary64, each axis rounded once to binary32. */
#ifndef SCALEDOWN_DATA_IMAGE_TRANSFORM_H
#define SCALEDOWN_DATA_IMAGE_TRANSFORM_H

#include "data/jpeg.h"
#include "random/random.h"

/* out [3][size][size], values 0 to 255. */
void image_resize(const ColourImage *image, size_t size, float *out);
/* value becomes (value / 255 - mean) / deviation, in binary32; of ImageNet's training set, per channel. */
extern const float imagenet_mean[3], imagenet_deviation[3];
void image_normalize(size_t size, const float mean[3], const float deviation[3], float *image);
/* Left becomes right. */
void image_flip(size_t size, float *image);
/* Counterclockwise about the centre; each place takes the value nearest to where it came from, 0 from outside. */
void image_rotate(size_t size, double degrees, const float *image, float *out);

enum { IMAGE_MOST_DEGREES = 25 };
/* With probability 1/2 (value 0 of the draws) flipped, then rotated by an angle uniform in [-25, 25) degrees (value 1). */
void image_augment(const Philox *draws, size_t size, float *image);

#endif
