#include "grad/shape.h"

#include <stdio.h>
#include <stdlib.h>

Shape shape_scalar(void) {
    return (Shape){0, {1, 1, 1, 1}};
}

Shape shape_vector(size_t n) {
    return (Shape){1, {n, 1, 1, 1}};
}

Shape shape_matrix(size_t rows, size_t columns) {
    return (Shape){2, {rows, columns, 1, 1}};
}

Shape shape_signal(size_t channels, size_t length, size_t batch) {
    return (Shape){3, {channels, length, batch, 1}};
}

Shape shape_image(size_t channels, size_t height, size_t width, size_t batch) {
    return (Shape){4, {channels, height, width, batch}};
}

size_t shape_count(Shape shape) {
    size_t count = 1;
    for (int i = 0; i < shape.rank; i++) count *= shape.dim[i];
    return count;
}

int shape_equal(Shape a, Shape b) {
    int equal = a.rank == b.rank;
    for (int i = 0; i < a.rank && equal; i++) equal = a.dim[i] == b.dim[i];
    return equal;
}

static void shape_print(Shape shape) {
    fputc(' ', stderr);
    if (shape.rank == 0) fputs("scalar", stderr);
    for (int i = 0; i < shape.rank; i++) fprintf(stderr, "[%zu]", shape.dim[i]);
}

void shape_require(int holds, const char *primitive, Shape a, Shape b) {
    if (holds) return;
    fprintf(stderr, "%s: wrong shapes", primitive);
    shape_print(a);
    shape_print(b);
    fputc('\n', stderr);
    abort();
}
