#include "data/views.h"

static double centred(size_t length, size_t position) {
    return (double)position - (double)(length - 1) / 2;
}

void signal_trend(size_t length, const float *x, double *offset, double *slope) {
    double sum = 0, moment = 0, squares = 0;
    for (size_t j = 0; j < length; j++) {
        const double t = centred(length, j);
        sum += (double)x[j];
        moment += (double)x[j] * t;
        squares += t * t;
    }
    *offset = sum / (double)length;
    *slope = squares > 0 ? moment / squares : 0;
}

Views views_of(size_t n, size_t length, const float *rows, ViewOptions options, size_t most, Arena *arena) {
    const Views views = {.options = options,
                         .length = length,
                         .rest = arena_alloc(arena, n * length, sizeof(double)),
                         .shift = arena_alloc(arena, most, sizeof(uint32_t)),
                         .draws = arena_alloc(arena, 2 * most, sizeof(float))};
    for (size_t i = 0; i < n; i++) {
        double offset, slope;
        signal_trend(length, rows + i * length, &offset, &slope);
        for (size_t j = 0; j < length; j++)
            views.rest[i * length + j] = (double)rows[i * length + j] - offset - slope * centred(length, j);
    }
    return views;
}

void views_draw(const Views *views, size_t count, const uint32_t *examples, Mt19937 *numpy, Mt19937 *torch,
                size_t columns, real *x) {
    const size_t length = views->length;
    float *slopes = views->draws, *offsets = views->draws + count;
    for (size_t c = 0; c < count; c++) views->shift[c] = numpy_randint(numpy, (uint32_t)views->options.shifts);
    torch_normal(torch, 0, views->options.slope_sd, count, slopes);
    torch_normal(torch, 0, views->options.offset_sd, count, offsets);
    for (size_t c = 0; c < count; c++) {
        const double *rest = views->rest + examples[c] * length;
        for (size_t j = 0; j < length; j++) {
            const size_t to = (j + views->shift[c]) % length;
            x[to * columns + c] = (real)(rest[j] + (double)slopes[c] * centred(length, to) + (double)offsets[c]);
        }
    }
}
