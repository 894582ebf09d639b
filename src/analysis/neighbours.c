#include "analysis/neighbours.h"

#include <math.h>
#include <string.h>

#include "analysis/vector64.h"
#include "kernels/gemm.h"
#include "kernels/parts.h"
#include "kernels/simd.h"
#include "kernels/threads.h"

/* Sizes of blocks of queries and of data, and how many candidates more than k are kept: for speed, no result depends on
 * them. */
enum { QUERY_BLOCK = 512, LEAST_QUERY_BLOCK = 32, DATA_BLOCK = 512, SPARE = 8 };

typedef struct Side { /* queries or data */
    const Rows *rows;
    double *scale; /* [n]: s or t above */
    real *centred; /* [n][length] in binary32's precision: scale x - centre */
    double *norm;  /* [n]: of centred, squared */
} Side;

typedef struct Search {
    Side queries, data;
    size_t k, kept, query_block;
    int same;
    double power;    /* euclidean: the scale of all rows; cosine: 0 */
    double farthest; /* the largest norm of a row of data */
    Neighbours *found;
    const NeighboursWatch *watch;
} Search;

/* ---- distances ---- */

typedef struct Neighbour {
    double distance; /* the sum of squares */
    uint32_t index;
} Neighbour;

static int is_before(Neighbour a, Neighbour b) {
    return a.distance < b.distance || (a.distance == b.distance && a.index < b.index);
}

#define SQUARES(type)                                                                                                  \
    static double squares_##type(size_t length, const type *x, double s, const type *y, double t) {                    \
        double lanes[VECTOR64_LANES] = {0};                                                                            \
        size_t j = 0;                                                                                                  \
        for (; j + VECTOR64_LANES <= length; j += VECTOR64_LANES) SIMD for (int l = 0; l < VECTOR64_LANES; l++) {      \
                const double d = (double)x[j + (size_t)l] * s - (double)y[j + (size_t)l] * t;                          \
                lanes[l] = fma(d, d, lanes[l]);                                                                        \
            }                                                                                                          \
        for (int l = 0; j < length; j++, l++) {                                                                        \
            const double d = (double)x[j] * s - (double)y[j] * t;                                                      \
            lanes[l] = fma(d, d, lanes[l]);                                                                            \
        }                                                                                                              \
        return vector64_lanes_sum(lanes);                                                                              \
    }
SQUARES(float)
SQUARES(double)

static double squares_mixed(const Rows *a, size_t i, double s, const Rows *b, size_t j, double t) {
    double lanes[VECTOR64_LANES] = {0};
    for (size_t c = 0; c < a->length; c++) {
        const double d = rows_at(a, i, c) * s - rows_at(b, j, c) * t;
        lanes[c % VECTOR64_LANES] = fma(d, d, lanes[c % VECTOR64_LANES]);
    }
    return vector64_lanes_sum(lanes);
}

static double sum_of_squares(const Search *search, size_t query, size_t row) {
    const Rows *a = search->queries.rows, *b = search->data.rows;
    const double s = search->queries.scale[query], t = search->data.scale[row];
    const size_t length = a->length;
    if (search->power == 0.0 && (s == 0.0) != (t == 0.0)) return 2.0; /* a row of zeros and another */
    if (a->f4 && b->f4) return squares_float(length, a->f4 + query * length, s, b->f4 + row * length, t);
    if (a->f8 && b->f8) return squares_double(length, a->f8 + query * length, s, b->f8 + row * length, t);
    return squares_mixed(a, query, s, b, row, t);
}

/* ---- heaps of the k first, the last of them on top ---- */

static void sink(Neighbour *heap, size_t n, Neighbour value) {
    size_t i = 0;
    for (size_t child; (child = 2 * i + 1) < n; i = child) {
        if (child + 1 < n && is_before(heap[child], heap[child + 1])) child++;
        if (!is_before(value, heap[child])) break;
        heap[i] = heap[child];
    }
    heap[i] = value;
}

static void rise(Neighbour *heap, size_t i, Neighbour value) {
    for (; i > 0 && is_before(heap[(i - 1) / 2], value); i = (i - 1) / 2) heap[i] = heap[(i - 1) / 2];
    heap[i] = value;
}

static void sort_heap(Neighbour *heap, size_t n) {
    while (n-- > 1) {
        const Neighbour last = heap[n];
        heap[n] = heap[0];
        sink(heap, n, last);
    }
}

static void push(Neighbour *heap, size_t *count, size_t room, Neighbour value) {
    if (*count < room)
        rise(heap, (*count)++, value);
    else if (is_before(value, heap[0]))
        sink(heap, room, value);
}

/* ---- what binary32 products rule out ---- */

/* A bound on the error of norm - 2 product, as scan computes it, against the true sum of squares less that of the query:
 * rounding both rows to binary32 (relative u = 2^-24), a chain of length fma, the norm to binary32, and the last fma;
 * the rounding of binary64 when rows are scaled and centred (w for a row), and products below the smallest binary32.
 * a, b: lengths of the centred rows. */
static double key_error(size_t length, double a, double b) {
    const double u = 0x1p-24, n = (double)length, w = 0x1p-52 * sqrt(n), sum = a + b;
    return 1.1 * u * (2.0 * n * a * b + 8.0 * sum * sum) + 4.0 * w * (sum + w) + n * 0x1p-140;
}

/* Take candidates out of a block of products [rows][columns] of queries from first on, data from start on. */
static void scan(const Search *search, size_t first, size_t rows, size_t start, size_t columns, const real *products,
                 const float *norms, Neighbour *heaps, size_t *counts) {
    enum { GROUP = 16 };
    for (size_t i = 0; i < rows; i++) {
        const real *product = products + i * DATA_BLOCK;
        Neighbour *heap = heaps + i * search->kept;
        for (size_t group = 0; group < columns; group += GROUP) {
            float keys[GROUP];
            const float limit = counts[i] < search->kept ? INFINITY : (float)heap[0].distance;
            int any = 0;
            SIMD for (int l = 0; l < GROUP; l++) keys[l] =
                fmaf(-2.0f, (float)product[group + (size_t)l], norms[group + (size_t)l]);
            for (int l = 0; l < GROUP; l++) any |= keys[l] < limit;
            if (!any) continue;
            for (size_t l = 0; l < GROUP && group + l < columns; l++) {
                const size_t row = start + group + l;
                if (search->same && row == first + i) continue;
                push(heap, &counts[i], search->kept, (Neighbour){(double)keys[l], (uint32_t)row});
            }
        }
    }
}

/* The k first by true distances, from the candidates when they are proved to hold them, else from all rows. */
static void settle(const Search *search, size_t query, Neighbour *candidates, size_t count) {
    const size_t k = search->k;
    const double norm = search->queries.norm[query];
    const double limit =
        candidates[0].distance + norm - key_error(search->data.rows->length, sqrt(norm), search->farthest);
    for (size_t i = 0; i < count; i++) candidates[i].distance = sum_of_squares(search, query, candidates[i].index);
    Neighbour *first = memory_alloc(k, sizeof *first);
    size_t n = 0;
    for (size_t i = 0; i < count; i++) push(first, &n, k, candidates[i]);
    const int all = count == search->data.rows->n - (search->same ? 1 : 0);
    if (!all && !(first[0].distance * (1.0 + 1e-9) < limit)) {
        n = 0;
        for (size_t row = 0; row < search->data.rows->n; row++)
            if (!search->same || row != query)
                push(first, &n, k, (Neighbour){sum_of_squares(search, query, row), (uint32_t)row});
    }
    sort_heap(first, k);
    for (size_t i = 0; i < k; i++) {
        const double sum = first[i].distance;
        search->found->index[query * k + i] = first[i].index;
        search->found->distance[query * k + i] = search->power > 0.0 ? sqrt(sum) / search->power : 0.5 * sum;
    }
    memory_free(first);
}

static void find_block(const void *context, size_t block) {
    const Search *search = context;
    const NeighboursWatch *watch = search->watch;
    const size_t length = search->data.rows->length, n = search->data.rows->n;
    const size_t first = block * search->query_block,
                 rows = at_most(search->queries.rows->n - first, search->query_block);
    if (neighbours_stopping(watch)) return;
    real *products = memory_alloc(rows * DATA_BLOCK, sizeof *products);
    float norms[DATA_BLOCK];
    Neighbour *heaps = memory_alloc(rows * search->kept, sizeof *heaps);
    size_t *counts = memory_alloc_zero(rows, sizeof *counts);
    for (size_t start = 0; start < n; start += DATA_BLOCK) {
        const size_t columns = at_most(n - start, DATA_BLOCK);
        for (size_t j = 0; j < DATA_BLOCK; j++) norms[j] = j < columns ? (float)search->data.norm[start + j] : INFINITY;
        gemm_nt(rows, columns, length, search->queries.centred + first * length, length,
                search->data.centred + start * length, length, products, DATA_BLOCK, 0);
        for (size_t i = 0; i < rows && columns < DATA_BLOCK; i++)
            for (size_t j = columns; j < DATA_BLOCK; j++) products[i * DATA_BLOCK + j] = REAL(0.0);
        scan(search, first, rows, start, columns, products, norms, heaps, counts);
    }
    for (size_t i = 0; i < rows; i++) settle(search, first + i, heaps + i * search->kept, counts[i]);
    memory_free(products);
    memory_free(heaps);
    memory_free(counts);
    if (watch && watch->rows_done) watch->rows_done(watch->context, rows);
}

/* ---- preparing ---- */

static double *scales(const Rows *rows, double power) {
    double *scale = memory_alloc(rows->n, sizeof *scale);
    for (size_t i = 0; i < rows->n; i++) {
        double lanes[VECTOR64_LANES] = {0}, most = 0.0;
        scale[i] = power;
        if (power > 0.0) continue;
        for (size_t j = 0; j < rows->length; j++) /* fmax here crashes gcc 12 for aarch64 */
            if (fabs(rows_at(rows, i, j)) > most) most = fabs(rows_at(rows, i, j));
        const Rows row = {.n = 1,
                          .length = rows->length,
                          .f4 = rows->f4 ? rows->f4 + i * rows->length : NULL,
                          .f8 = rows->f8 ? rows->f8 + i * rows->length : NULL};
        const double down = rows_power_below_one(&row, &row);
        for (size_t j = 0; j < rows->length; j++) {
            const double x = rows_at(&row, 0, j) * down;
            lanes[j % VECTOR64_LANES] = fma(x, x, lanes[j % VECTOR64_LANES]);
        }
        scale[i] = most > 0.0 ? down / sqrt(vector64_lanes_sum(lanes)) : 0.0;
    }
    return scale;
}

static double *column_means(const Side *side) {
    const size_t length = side->rows->length;
    double *mean = memory_alloc_zero(length, sizeof *mean);
    for (size_t i = 0; i < side->rows->n; i++)
        for (size_t j = 0; j < length; j++) mean[j] += rows_at(side->rows, i, j) * side->scale[i];
    for (size_t j = 0; j < length; j++) mean[j] /= (double)side->rows->n;
    return mean;
}

static void centre(Side *side, const double *mean) {
    const size_t length = side->rows->length;
    side->centred = memory_alloc(side->rows->n * length, sizeof *side->centred);
    side->norm = memory_alloc(side->rows->n, sizeof *side->norm);
    for (size_t i = 0; i < side->rows->n; i++) {
        double lanes[VECTOR64_LANES] = {0};
        for (size_t j = 0; j < length; j++) {
            const float x = (float)(rows_at(side->rows, i, j) * side->scale[i] - mean[j]);
            side->centred[i * length + j] = x;
            lanes[j % VECTOR64_LANES] = fma((double)x, (double)x, lanes[j % VECTOR64_LANES]);
        }
        side->norm[i] = vector64_lanes_sum(lanes);
    }
}

static void release(Side *side) {
    memory_free(side->scale);
    memory_free(side->centred);
    memory_free(side->norm);
}

static int check(const Rows *queries, const Rows *data, size_t k, Error *error) {
    const size_t candidates = data->n - (queries == data && data->n > 0 ? 1 : 0);
    if (queries->length != data->length)
        return error_set(error, "rows of %zu values cannot be compared with rows of %zu: both need the same columns",
                         queries->length, data->length);
    if (data->length == 0) return error_set(error, "the rows have no columns: nothing can be compared");
    if (data->n > UINT32_MAX)
        return error_set(error, "%zu rows are more than 4294967295: take a part of them", data->n);
    if (k < 1 || k > candidates)
        return error_set(error, "%zu neighbours cannot be found among %zu other rows: ask for 1 to %zu", k, candidates,
                         candidates);
    return rows_check_finite(data, error) || (queries != data && rows_check_finite(queries, error)) ? -1 : 0;
}

int neighbours_find(const Rows *queries, const Rows *data, size_t k, NeighboursMetric metric,
                    const NeighboursWatch *watch, Arena *arena, Neighbours *neighbours, Error *error) {
    if (check(queries, data, k, error)) return -1;
    *neighbours = (Neighbours){.n = queries->n, .k = k};
    neighbours->index = arena_alloc(arena, queries->n * k, sizeof *neighbours->index);
    neighbours->distance = arena_alloc(arena, queries->n * k, sizeof *neighbours->distance);
    Search search = {.queries = {.rows = queries}, .data = {.rows = data}, .k = k, .found = neighbours, .watch = watch};
    search.same = queries == data;
    search.kept = at_most(k + SPARE + k / 16, data->n - (search.same ? 1 : 0));
    search.power = metric == NEIGHBOURS_EUCLIDEAN ? rows_power_below_one(data, queries) : 0.0;
    search.data.scale = scales(data, search.power);
    double *mean = column_means(&search.data);
    centre(&search.data, mean);
    search.queries = search.data;
    if (!search.same) {
        search.queries = (Side){.rows = queries, .scale = scales(queries, search.power)};
        centre(&search.queries, mean);
    }
    for (size_t i = 0; i < data->n; i++) search.farthest = fmax(search.farthest, sqrt(search.data.norm[i]));
    search.query_block = parts_of(queries->n, 64);
    if (search.query_block < LEAST_QUERY_BLOCK) search.query_block = LEAST_QUERY_BLOCK;
    if (search.query_block > QUERY_BLOCK) search.query_block = QUERY_BLOCK;
    const double work = (double)queries->n * (double)data->n * (double)data->length;
    threads_run(parts_of(queries->n, search.query_block), threads_worth(work < 1e15 ? (size_t)work : SIZE_MAX),
                find_block, &search);
    memory_free(mean);
    release(&search.data);
    if (!search.same) release(&search.queries);
    return neighbours_stopping(watch) ? -1 : 0;
}

NeighboursMeasure neighbours_measure(const Rows *rows, NeighboursMetric metric) {
    const double power = metric == NEIGHBOURS_EUCLIDEAN ? rows_power_below_one(rows, rows) : 0.0;
    return (NeighboursMeasure){rows, scales(rows, power), power};
}

double neighbours_squares(const NeighboursMeasure *measure, size_t a, size_t b) {
    const Side side = {.rows = measure->rows, .scale = measure->scale};
    const Search search = {.queries = side, .data = side, .power = measure->power};
    return sum_of_squares(&search, a, b);
}

void neighbours_measure_destroy(NeighboursMeasure *measure) {
    memory_free(measure->scale);
}

/* ---- classification ---- */

void neighbours_vote(const Neighbours *neighbours, size_t k, const uint16_t *labels, uint16_t *voted) {
    for (size_t i = 0; i < neighbours->n; i++) {
        const uint32_t *near = neighbours->index + i * neighbours->k;
        size_t most = 0;
        for (size_t a = 0; a < k; a++) {
            size_t count = 0;
            for (size_t b = 0; b < k; b++) count += labels[near[b]] == labels[near[a]];
            if (count < most || (count == most && labels[near[a]] >= voted[i])) continue;
            most = count;
            voted[i] = labels[near[a]];
        }
    }
}

double neighbours_accuracy(const Neighbours *neighbours, size_t k, const uint16_t *labels,
                           const uint16_t *true_labels) {
    uint16_t *voted = memory_alloc(neighbours->n, sizeof *voted);
    size_t right = 0;
    neighbours_vote(neighbours, k, labels, voted);
    for (size_t i = 0; i < neighbours->n; i++) right += voted[i] == true_labels[i];
    memory_free(voted);
    return 100.0 * (double)right / (double)neighbours->n;
}
