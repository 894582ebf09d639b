/* Shapes of tensors: dense, row-major, up to four dimensions, examples innermost: a matrix of features is
 * [features][batch], a signal [channels][length][batch], an image [channels][height][width][batch]. */
#ifndef SCALEDOWN_GRAD_SHAPE_H
#define SCALEDOWN_GRAD_SHAPE_H

#include <stddef.h>

enum { SHAPE_MAX_RANK = 4 };

typedef struct Shape {
    int rank;
    size_t dim[SHAPE_MAX_RANK]; /* the first rank of them have a meaning */
} Shape;
Shape shape_scalar(void);
Shape shape_vector(size_t n);
Shape shape_matrix(size_t rows, size_t columns);
Shape shape_signal(size_t channels, size_t length, size_t batch);
Shape shape_image(size_t channels, size_t height, size_t width, size_t batch);
size_t shape_count(Shape shape);
int shape_equal(Shape a, Shape b);

/* A wrong shape is a bug in the caller: unless holds, the primitive's name and both shapes are reported on standard
 * error and the program aborts. */
void shape_require(int holds, const char *primitive, Shape a, Shape b);

#endif
