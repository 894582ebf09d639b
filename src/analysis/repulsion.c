#include "analysis/repulsion.h"

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "analysis/fft.h"
#include "analysis/vector64.h"
#include "base/arena.h"
#include "kernels/parts.h"
#include "kernels/simd.h"
#include "kernels/threads.h"

typedef struct Box {
    double left, right, bottom, top;
} Box;

static Box box_around(size_t n, const double *x, const double *y) {
    Box box = {x[0], x[0], y[0], y[0]};
    for (size_t i = 1; i < n; i++) {
        box.left = x[i] < box.left ? x[i] : box.left;
        box.right = x[i] > box.right ? x[i] : box.right;
        box.bottom = y[i] < box.bottom ? y[i] : box.bottom;
        box.top = y[i] > box.top ? y[i] : box.top;
    }
    return box;
}

static double box_side(Box box) {
    const double width = box.right - box.left, height = box.top - box.bottom;
    return width > height ? width : height;
}

/* ---- all pairs ---- */

typedef struct Pairs {
    const Points *points;
    Points *forces;
    double *sums; /* [n]: of q_ij over j, with j = i */
} Pairs;

enum { GROUP = 16, GROUPS_OF_TASK = 4 };

/* Sixteen points and all others: sums stay in registers, each point's chain runs over the others in order. */
static void sum_group(size_t n, const double *x, const double *y, const double *mass, const double px[GROUP],
                      const double py[GROUP], double fx[GROUP], double fy[GROUP], double sum[GROUP]) {
    double sums[GROUP] = {0}, gx[GROUP] = {0}, gy[GROUP] = {0};
    for (size_t j = 0; j < n; j++) {
        const double xj = x[j], yj = y[j], m = mass[j];
        SIMD for (int l = 0; l < GROUP; l++) {
            const double dx = px[l] - xj, dy = py[l] - yj;
            const double q = 1.0 / fma(dy, dy, fma(dx, dx, 1.0)), mq = m * q, mq2 = mq * q;
            sums[l] += mq;
            gx[l] = fma(mq2, dx, gx[l]);
            gy[l] = fma(mq2, dy, gy[l]);
        }
    }
    memcpy(sum, sums, sizeof sums);
    memcpy(fx, gx, sizeof gx);
    memcpy(fy, gy, sizeof gy);
}

static void exact_group(const void *context, size_t group) {
    const Pairs *p = context;
    const size_t n = p->points->n, first = group * GROUP, count = at_most(n - first, GROUP);
    double px[GROUP], py[GROUP], fx[GROUP], fy[GROUP], sum[GROUP];
    double *ones = memory_alloc(n, sizeof *ones);
    for (size_t j = 0; j < n; j++) ones[j] = 1.0;
    for (size_t l = 0; l < GROUP; l++) {
        px[l] = p->points->x[first + (l < count ? l : 0)];
        py[l] = p->points->y[first + (l < count ? l : 0)];
    }
    sum_group(n, p->points->x, p->points->y, ones, px, py, fx, fy, sum);
    memcpy(p->forces->x + first, fx, count * sizeof *fx);
    memcpy(p->forces->y + first, fy, count * sizeof *fy);
    memcpy(p->sums + first, sum, count * sizeof *sum);
    memory_free(ones);
}

double repulsion_exact(const Points *points, Points *forces) {
    const Pairs p = {points, forces, memory_alloc(points->n, sizeof(double))};
    threads_run(parts_of(points->n, GROUP), threads_worth(points->n * points->n), exact_group, &p);
    const double total = vector64_total(points->n, p.sums) - (double)points->n;
    memory_free(p.sums);
    return total;
}

/* ---- Barnes-Hut ---- */

enum { LEVELS = 24, LEAF_POINTS = 8, DIGIT = 8, DIGITS = 1 << DIGIT };

typedef struct Cell { /* in the order of a walk: a cell's children follow it */
    double x, y, mass, side;
    uint32_t first, end; /* its points */
    uint32_t next;       /* the cell behind all that are in this one */
    int is_leaf;
} Cell;

typedef struct Keyed {
    uint64_t key;
    uint32_t index;
} Keyed;

typedef struct Tree {
    size_t n;
    double theta, side;
    Keyed *sorted;
    double *x, *y; /* sorted */
    Cell *cells;
    size_t n_cells, capacity;
    Points *forces;
    double *sums;
} Tree;

/* The place on Hilbert's curve through a square of 2^LEVELS cells each way: two digits for each level, so that the cells
 * of every level are intervals. */
static uint64_t hilbert_key(uint32_t x, uint32_t y) {
    uint64_t key = 0;
    for (int level = LEVELS - 1; level >= 0; level--) {
        const uint32_t right = x >> level & 1, upper = y >> level & 1;
        key = key << 2 | ((3 * right) ^ upper);
        if (upper) continue;
        if (right) {
            x = ~x;
            y = ~y;
        }
        const uint32_t swap = x;
        x = y;
        y = swap;
    }
    return key;
}

static void radix_sort(size_t n, Keyed *items, Keyed *work) {
    for (int shift = 0; shift < 2 * LEVELS; shift += DIGIT) {
        size_t starts[DIGITS + 1] = {0};
        for (size_t i = 0; i < n; i++) starts[(items[i].key >> shift & (DIGITS - 1)) + 1]++;
        for (int d = 0; d < DIGITS; d++) starts[d + 1] += starts[d];
        for (size_t i = 0; i < n; i++) work[starts[items[i].key >> shift & (DIGITS - 1)]++] = items[i];
        Keyed *swap = items;
        items = work;
        work = swap;
    }
}

static uint32_t grid_place(double x, double low, double scale) {
    const double place = (x - low) * scale, most = (double)((1 << LEVELS) - 1);
    return (uint32_t)(place < most ? place : most);
}

/* The cell of points [first, end) at this level, level 0 the whole square, and all within; its place. */
static size_t build_cell(Tree *tree, uint32_t first, uint32_t end, int level, double side) {
    if (tree->n_cells == tree->capacity) {
        Cell *grown = memory_alloc(2 * tree->capacity, sizeof *grown);
        memcpy(grown, tree->cells, tree->n_cells * sizeof *grown);
        memory_free(tree->cells);
        tree->cells = grown;
        tree->capacity *= 2;
    }
    const size_t place = tree->n_cells++;
    Cell cell = {.side = side, .first = first, .end = end, .mass = (double)(end - first)};
    cell.is_leaf = end - first <= LEAF_POINTS || level == LEVELS;
    double x = 0.0, y = 0.0;
    if (cell.is_leaf) {
        for (uint32_t i = first; i < end; i++) {
            x += tree->x[i];
            y += tree->y[i];
        }
    } else {
        const int shift = 2 * (LEVELS - 1 - level);
        for (uint32_t start = first, stop; start < end; start = stop) {
            const uint64_t digits = tree->sorted[start].key >> shift;
            for (stop = start + 1; stop < end && tree->sorted[stop].key >> shift == digits;) stop++;
            const size_t child = build_cell(tree, start, stop, level + 1, 0.5 * side);
            x = fma(tree->cells[child].x, tree->cells[child].mass, x);
            y = fma(tree->cells[child].y, tree->cells[child].mass, y);
        }
    }
    cell.x = x / cell.mass;
    cell.y = y / cell.mass;
    cell.next = (uint32_t)tree->n_cells;
    tree->cells[place] = cell;
    return place;
}

typedef struct List { /* what a group of points is repelled by */
    size_t n;
    double *x, *y, *mass;
} List;

static void walk(const Tree *tree, Box box, uint32_t first, uint32_t end, List *list) {
    const double theta2 = tree->theta * tree->theta;
    list->n = 0;
    for (size_t i = 0; i < tree->n_cells;) {
        const Cell *cell = &tree->cells[i];
        const double dx = fmax(0.0, fmax(box.left - cell->x, cell->x - box.right));
        const double dy = fmax(0.0, fmax(box.bottom - cell->y, cell->y - box.top));
        const int own = cell->first < end && first < cell->end;
        if (!own && cell->side * cell->side < theta2 * fma(dx, dx, dy * dy)) {
            list->x[list->n] = cell->x;
            list->y[list->n] = cell->y;
            list->mass[list->n++] = cell->mass;
            i = cell->next;
        } else if (cell->is_leaf) {
            for (uint32_t p = cell->first; p < cell->end; p++) {
                list->x[list->n] = tree->x[p];
                list->y[list->n] = tree->y[p];
                list->mass[list->n++] = 1.0;
            }
            i = cell->next;
        } else {
            i++;
        }
    }
}

static void tree_task(const void *context, size_t task) {
    const Tree *tree = context;
    double *memory = memory_alloc(3 * tree->n, sizeof *memory);
    List list = {.x = memory, .y = memory + tree->n, .mass = memory + 2 * tree->n};
    for (size_t group = task * GROUPS_OF_TASK; group < (task + 1) * GROUPS_OF_TASK && group * GROUP < tree->n;
         group++) {
        const size_t first = group * GROUP, count = at_most(tree->n - first, GROUP);
        double px[GROUP], py[GROUP], fx[GROUP], fy[GROUP], sum[GROUP];
        for (size_t l = 0; l < GROUP; l++) {
            px[l] = tree->x[first + (l < count ? l : 0)];
            py[l] = tree->y[first + (l < count ? l : 0)];
        }
        walk(tree, box_around(GROUP, px, py), (uint32_t)first, (uint32_t)(first + count), &list);
        sum_group(list.n, list.x, list.y, list.mass, px, py, fx, fy, sum);
        for (size_t l = 0; l < count; l++) {
            const uint32_t i = tree->sorted[first + l].index;
            tree->forces->x[i] = fx[l];
            tree->forces->y[i] = fy[l];
            tree->sums[i] = sum[l];
        }
    }
    memory_free(memory);
}

double repulsion_barnes_hut(const Points *points, double theta, Points *forces) {
    const size_t n = points->n;
    const Box box = box_around(n, points->x, points->y);
    Tree tree = {.n = n, .theta = theta, .side = box_side(box), .capacity = n + 16, .forces = forces};
    const double scale = tree.side > 0.0 ? (double)(1 << LEVELS) / tree.side : 0.0;
    tree.sorted = memory_alloc(2 * n, sizeof *tree.sorted);
    tree.x = memory_alloc(3 * n, sizeof(double));
    tree.y = tree.x + n;
    tree.sums = tree.y + n;
    tree.cells = memory_alloc(tree.capacity, sizeof *tree.cells);
    for (size_t i = 0; i < n; i++)
        tree.sorted[i] =
            (Keyed){hilbert_key(grid_place(points->x[i], box.left, scale), grid_place(points->y[i], box.bottom, scale)),
                    (uint32_t)i};
    radix_sort(n, tree.sorted, tree.sorted + n); /* an even number of digits: sorted in place */
    for (size_t i = 0; i < n; i++) {
        tree.x[i] = points->x[tree.sorted[i].index];
        tree.y[i] = points->y[tree.sorted[i].index];
    }
    build_cell(&tree, 0, (uint32_t)n, 0, tree.side);
    threads_run(parts_of(n, GROUP * GROUPS_OF_TASK), threads_worth(n * 400), tree_task, &tree);
    const double total = vector64_total(n, tree.sums) - (double)n;
    memory_free(tree.sorted);
    memory_free(tree.x);
    memory_free(tree.cells);
    return total;
}

/* ---- interpolation ---- */

/* A grid of `nodes` x `nodes`, transforms of twice that.  A point lies in cell c = floor(u), u its place in intervals, and
 * has the nodes c - 2 .. c + 3.  The outermost MARGIN intervals stay empty: there the periodic kernel has a crease. */
enum { ORDER = 6, MARGIN = 10, LEAST_NODES = 128, MOST_NODES = 4096, ROWS_OF_TASK = 8, POINTS_OF_TASK = 512 };

struct Interpolation {
    size_t n, nodes;
    double interval;  /* of the kernel below */
    Arena *arena;     /* what depends on nodes */
    Fft fft;          /* of 2 nodes */
    double *kernel;   /* [nodes + 1][nodes + FFT_WIDTH]: its transform, even in both directions, less the splines' */
    double *grid;     /* [nodes][nodes]: charges, then potentials */
    double *re, *im;  /* [nodes][nodes + FFT_WIDTH]: transformed in y only, x is the first index */
    uint32_t *row;    /* [n]: of a point's cell */
    uint32_t *sorted; /* [n]: points by row */
    size_t *starts;   /* [nodes + 1]: where rows begin there */
    double *sums;
    /* of the call that is running */
    Points points, *forces;
    double left, bottom, inverse;
};

Interpolation *interpolation_create(size_t n) {
    Interpolation *g = memory_alloc_zero(1, sizeof *g);
    g->n = n;
    g->arena = arena_create(0);
    g->row = memory_alloc(n, sizeof *g->row);
    g->sorted = memory_alloc(n, sizeof *g->sorted);
    g->sums = memory_alloc(n, sizeof *g->sums);
    return g;
}

void interpolation_destroy(Interpolation *g) {
    if (!g) return;
    arena_destroy(g->arena);
    memory_free(g->row);
    memory_free(g->sorted);
    memory_free(g->sums);
    memory_free(g);
}

static size_t columns_of(size_t nodes) { /* of a transformed row: nodes + 1, filled up */
    return nodes + FFT_WIDTH;
}

static void set_nodes(Interpolation *g, size_t nodes) {
    if (g->nodes == nodes) return;
    arena_reset(g->arena);
    g->nodes = nodes;
    g->interval = 0.0;
    g->fft = fft_create(2 * nodes, g->arena);
    g->kernel = arena_alloc(g->arena, (nodes + 1) * columns_of(nodes), sizeof(double));
    g->grid = arena_alloc(g->arena, nodes * nodes, sizeof(double));
    g->re = arena_alloc_zero(g->arena, nodes * columns_of(nodes), sizeof(double));
    g->im = arena_alloc_zero(g->arena, nodes * columns_of(nodes), sizeof(double));
    g->starts = arena_alloc(g->arena, nodes + 1, sizeof *g->starts);
}

typedef struct Batch { /* FFT_WIDTH signals */
    double *re, *im, *work;
} Batch;

static Batch batch_create(const Interpolation *g) {
    const size_t size = 2 * g->nodes * FFT_WIDTH;
    double *memory = memory_alloc(4 * size, sizeof *memory);
    return (Batch){memory, memory + size, memory + 2 * size};
}

/* ---- the transformed kernel ---- */

/* Columns [first, first + 2 FFT_WIDTH) of the even kernel along y, two real signals in one: the transforms of both are
 * real. */
static void kernel_along_y(const void *context, size_t task) {
    const Interpolation *g = context;
    const size_t nodes = g->nodes, n = 2 * nodes, columns = columns_of(nodes), first = task * 2 * FFT_WIDTH;
    const double square = g->interval * g->interval;
    Batch batch = batch_create(g);
    for (size_t y = 0; y < n; y++)
        for (size_t l = 0; l < FFT_WIDTH; l++) {
            const double dy = (double)(y <= nodes ? y : n - y), a = (double)(first + l),
                         b = (double)(first + FFT_WIDTH + l);
            batch.re[y * FFT_WIDTH + l] = 1.0 / fma(square, fma(dy, dy, a * a), 1.0);
            batch.im[y * FFT_WIDTH + l] = 1.0 / fma(square, fma(dy, dy, b * b), 1.0);
        }
    fft_forward(&g->fft, batch.re, batch.im, batch.work);
    for (size_t l = 0; l < 2 * FFT_WIDTH && first + l <= nodes; l++) /* as rows: the kernel is symmetric */
        for (size_t y = 0; y <= nodes; y++)
            g->kernel[(first + l) * columns + y] = (l < FFT_WIDTH ? batch.re : batch.im)[y * FFT_WIDTH + l % FFT_WIDTH];
    memory_free(batch.re);
}

/* The transform of the values of the spline of degree 5 at whole numbers. */
static double spline_transform(const Fft *fft, size_t k) {
    return fma(2.0 * fft->cosine[2 * k % fft->n], 1.0, fma(52.0, fft->cosine[k], 66.0)) / 120.0;
}

/* Then along x, with what interpolation in both arguments and the inverse transforms divide by. */
static void kernel_along_x(const void *context, size_t task) {
    const Interpolation *g = context;
    const size_t nodes = g->nodes, n = 2 * nodes, columns = columns_of(nodes), first = task * FFT_WIDTH;
    Batch batch = batch_create(g);
    for (size_t x = 0; x < n; x++)
        for (size_t l = 0; l < FFT_WIDTH; l++) {
            const size_t row = x <= nodes ? x : n - x;
            batch.re[x * FFT_WIDTH + l] = first + l <= nodes ? g->kernel[row * columns + first + l] : 0.0;
            batch.im[x * FFT_WIDTH + l] = 0.0;
        }
    fft_forward(&g->fft, batch.re, batch.im, batch.work);
    for (size_t x = 0; x <= nodes; x++)
        for (size_t l = 0; l < FFT_WIDTH; l++) {
            const double s = spline_transform(&g->fft, x) * spline_transform(&g->fft, (first + l) % n);
            g->kernel[x * columns + first + l] =
                first + l <= nodes ? batch.re[x * FFT_WIDTH + l] / (s * s * (double)n * (double)n) : 0.0;
        }
    memory_free(batch.re);
}

static void set_interval(Interpolation *g, double interval) {
    if (g->interval == interval) return;
    g->interval = interval;
    threads_run(parts_of(g->nodes + 1, 2 * FFT_WIDTH), threads_worth(g->nodes * g->nodes * 40), kernel_along_y, g);
    threads_run(parts_of(g->nodes + 1, FFT_WIDTH), threads_worth(g->nodes * g->nodes * 40), kernel_along_x, g);
}

/* ---- the convolution ---- */

/* Along y for FFT_WIDTH columns of the left half and the same of the right half, two real signals in one.  z = a + i b:
 * 2 A[k] = Z[k] + conj Z[n - k], 2 i B[k] = Z[k] - conj Z[n - k]. */
static void transform_columns(const void *context, size_t task) {
    const Interpolation *g = context;
    const size_t nodes = g->nodes, n = 2 * nodes, half = nodes / 2, columns = columns_of(nodes),
                 first = task * FFT_WIDTH;
    Batch batch = batch_create(g);
    for (size_t y = 0; y < nodes; y++) {
        memcpy(batch.re + y * FFT_WIDTH, g->grid + y * nodes + first, FFT_WIDTH * sizeof(double));
        memcpy(batch.im + y * FFT_WIDTH, g->grid + y * nodes + half + first, FFT_WIDTH * sizeof(double));
    }
    memset(batch.re + nodes * FFT_WIDTH, 0, nodes * FFT_WIDTH * sizeof(double));
    memset(batch.im + nodes * FFT_WIDTH, 0, nodes * FFT_WIDTH * sizeof(double));
    fft_forward(&g->fft, batch.re, batch.im, batch.work);
    for (size_t l = 0; l < FFT_WIDTH; l++) {
        double *a_re = g->re + (first + l) * columns, *a_im = g->im + (first + l) * columns;
        double *b_re = a_re + half * columns, *b_im = a_im + half * columns;
        for (size_t k = 0; k <= nodes; k++) {
            const size_t at = k * FFT_WIDTH + l, mirror = (n - k) % n * FFT_WIDTH + l;
            a_re[k] = 0.5 * (batch.re[at] + batch.re[mirror]);
            a_im[k] = 0.5 * (batch.im[at] - batch.im[mirror]);
            b_re[k] = 0.5 * (batch.im[at] + batch.im[mirror]);
            b_im[k] = 0.5 * (batch.re[mirror] - batch.re[at]);
        }
    }
    memory_free(batch.re);
}

/* Along x for FFT_WIDTH values of k, times the kernel, and back. */
static void convolve_rows(const void *context, size_t task) {
    const Interpolation *g = context;
    const size_t nodes = g->nodes, n = 2 * nodes, columns = columns_of(nodes), first = task * FFT_WIDTH;
    Batch batch = batch_create(g);
    for (size_t x = 0; x < nodes; x++) {
        memcpy(batch.re + x * FFT_WIDTH, g->re + x * columns + first, FFT_WIDTH * sizeof(double));
        memcpy(batch.im + x * FFT_WIDTH, g->im + x * columns + first, FFT_WIDTH * sizeof(double));
    }
    memset(batch.re + nodes * FFT_WIDTH, 0, nodes * FFT_WIDTH * sizeof(double));
    memset(batch.im + nodes * FFT_WIDTH, 0, nodes * FFT_WIDTH * sizeof(double));
    fft_forward(&g->fft, batch.re, batch.im, batch.work);
    for (size_t x = 0; x < n; x++) {
        const double *kernel = g->kernel + (x <= nodes ? x : n - x) * columns + first;
        SIMD for (size_t l = 0; l < FFT_WIDTH; l++) {
            batch.re[x * FFT_WIDTH + l] *= kernel[l];
            batch.im[x * FFT_WIDTH + l] *= kernel[l];
        }
    }
    fft_forward(&g->fft, batch.im, batch.re, batch.work);
    for (size_t x = 0; x < nodes; x++) {
        memcpy(g->re + x * columns + first, batch.re + x * FFT_WIDTH, FFT_WIDTH * sizeof(double));
        memcpy(g->im + x * columns + first, batch.im + x * FFT_WIDTH, FFT_WIDTH * sizeof(double));
    }
    memory_free(batch.re);
}

/* Back along y: the inverse of transform_columns; Z[k] = A[k] + i B[k], Z[n - k] = conj A[k] + i conj B[k]. */
static void restore_columns(const void *context, size_t task) {
    const Interpolation *g = context;
    const size_t nodes = g->nodes, n = 2 * nodes, half = nodes / 2, columns = columns_of(nodes),
                 first = task * FFT_WIDTH;
    Batch batch = batch_create(g);
    for (size_t l = 0; l < FFT_WIDTH; l++) {
        const double *a_re = g->re + (first + l) * columns, *a_im = g->im + (first + l) * columns;
        const double *b_re = a_re + half * columns, *b_im = a_im + half * columns;
        for (size_t k = 0; k <= nodes; k++) {
            const size_t at = k * FFT_WIDTH + l, mirror = (n - k) % n * FFT_WIDTH + l;
            batch.re[mirror] = a_re[k] + b_im[k];
            batch.im[mirror] = b_re[k] - a_im[k];
            batch.re[at] = a_re[k] - b_im[k];
            batch.im[at] = a_im[k] + b_re[k];
        }
    }
    fft_forward(&g->fft, batch.im, batch.re, batch.work);
    for (size_t y = 0; y < nodes; y++) {
        memcpy(g->grid + y * nodes + first, batch.re + y * FFT_WIDTH, FFT_WIDTH * sizeof(double));
        memcpy(g->grid + y * nodes + half + first, batch.im + y * FFT_WIDTH, FFT_WIDTH * sizeof(double));
    }
    memory_free(batch.re);
}

static void convolve(Interpolation *g) {
    const int parallel = threads_worth(g->nodes * g->nodes * 40);
    threads_run(g->nodes / 2 / FFT_WIDTH, parallel, transform_columns, g);
    threads_run(parts_of(g->nodes + 1, FFT_WIDTH), parallel, convolve_rows, g);
    threads_run(g->nodes / 2 / FFT_WIDTH, parallel, restore_columns, g);
}

/* ---- points and the grid ---- */

/* Values of the spline of degree 5 (order 6) at the six nodes around a point that lies t behind node 2 of them, and its
 * derivatives there, by the recurrence of de Boor and Cox. */
static inline void spline_weights(double t, double weights[ORDER], double slopes[ORDER]) {
    double w[ORDER] = {t, 1.0 - t}; /* of order 2; w[i] is that of the spline that ends i intervals before the last */
    for (int order = 3; order <= ORDER; order++) {
        const double scale = 1.0 / (order - 1);
        if (order == ORDER) {
            slopes[0] = w[0];
            for (int i = 1; i < ORDER - 1; i++) slopes[i] = w[i] - w[i - 1];
            slopes[ORDER - 1] = -w[ORDER - 2];
        }
        w[order - 1] = scale * (1.0 - t) * w[order - 2];
        for (int i = order - 2; i >= 1; i--) w[i] = scale * ((t + i) * w[i] + ((double)(order - i) - t) * w[i - 1]);
        w[0] = scale * t * w[0];
    }
    for (int i = 0; i < ORDER; i++) weights[i] = w[i];
}

typedef struct Place { /* in one direction: the first of the six nodes, and the values there */
    size_t first;
    double weights[ORDER], slopes[ORDER];
} Place;

static inline Place place_of(const Interpolation *g, double x, double low) {
    Place place;
    double weights[ORDER], slopes[ORDER];
    const double u = fma(x - low, g->inverse, (double)MARGIN);
    const size_t cell = (size_t)u;
    spline_weights(u - (double)cell, weights, slopes);
    place.first = cell - 2;
    for (int i = 0; i < ORDER; i++) { /* w[0] belongs to the last node */
        place.weights[i] = weights[ORDER - 1 - i];
        place.slopes[i] = slopes[ORDER - 1 - i];
    }
    return place;
}

static void sort_by_row(Interpolation *g) {
    memset(g->starts, 0, (g->nodes + 1) * sizeof *g->starts);
    for (size_t i = 0; i < g->n; i++) {
        g->row[i] = (uint32_t)fma(g->points.y[i] - g->bottom, g->inverse, (double)MARGIN);
        g->starts[g->row[i] + 1]++;
    }
    for (size_t r = 0; r < g->nodes; r++) g->starts[r + 1] += g->starts[r];
    for (size_t i = 0; i < g->n; i++) g->sorted[g->starts[g->row[i]]++] = (uint32_t)i;
    for (size_t r = g->nodes; r > 0; r--) g->starts[r] = g->starts[r - 1];
    g->starts[0] = 0;
}

/* Rows of the grid: the chain of each node runs over the points by the row of their cell, then by index. */
static void spread(const void *context, size_t task) {
    const Interpolation *g = context;
    const size_t nodes = g->nodes, top = task * ROWS_OF_TASK, end = top + ROWS_OF_TASK;
    memset(g->grid + top * nodes, 0, ROWS_OF_TASK * nodes * sizeof *g->grid);
    const size_t first = top > 3 ? top - 3 : 0, last = at_most(end + 2, nodes);
    for (size_t p = g->starts[first]; p < g->starts[last]; p++) {
        const size_t i = g->sorted[p];
        const Place x = place_of(g, g->points.x[i], g->left), y = place_of(g, g->points.y[i], g->bottom);
        for (size_t r = 0; r < ORDER; r++) {
            if (y.first + r < top || y.first + r >= end) continue;
            double *row = g->grid + (y.first + r) * nodes + x.first;
            for (size_t c = 0; c < ORDER; c++) row[c] = fma(y.weights[r], x.weights[c], row[c]);
        }
    }
}

static void gather(const void *context, size_t task) {
    const Interpolation *g = context;
    for (size_t p = task * POINTS_OF_TASK; p < at_most((task + 1) * POINTS_OF_TASK, g->n); p++) {
        const size_t i = g->sorted[p];
        const Place x = place_of(g, g->points.x[i], g->left), y = place_of(g, g->points.y[i], g->bottom);
        double potential = 0.0, along_x = 0.0, along_y = 0.0;
        for (size_t r = 0; r < ORDER; r++) {
            const double *row = g->grid + (y.first + r) * g->nodes + x.first;
            double value = 0.0, slope = 0.0;
            for (size_t c = 0; c < ORDER; c++) {
                value = fma(x.weights[c], row[c], value);
                slope = fma(x.slopes[c], row[c], slope);
            }
            potential = fma(y.weights[r], value, potential);
            along_x = fma(y.weights[r], slope, along_x);
            along_y = fma(y.slopes[r], value, along_y);
        }
        g->sums[i] = potential;
        g->forces->x[i] = -0.5 * g->inverse * along_x;
        g->forces->y[i] = -0.5 * g->inverse * along_y;
    }
}

/* The smallest number of 5 binary digits that is not below x > 0. */
static double rounded_up(double x) {
    int exponent;
    const double digits = frexp(x, &exponent);
    return ldexp(ceil(digits * 32.0), exponent - 5);
}

double repulsion_interpolated(Interpolation *g, const Points *points, Points *forces) {
    const Box box = box_around(g->n, points->x, points->y);
    const double side = fmax(box_side(box), DBL_MIN * 0x1p100);
    size_t nodes = LEAST_NODES;
    while (nodes < MOST_NODES && rounded_up(side / (double)(nodes - 2 * MARGIN - 1)) > REPULSION_LARGEST_INTERVAL)
        nodes *= 2;
    set_nodes(g, nodes);
    set_interval(g, rounded_up(side / (double)(nodes - 2 * MARGIN - 1)));
    g->points = *points;
    g->forces = forces;
    g->left = box.left;
    g->bottom = box.bottom;
    g->inverse = 1.0 / g->interval;
    sort_by_row(g);
    threads_run(nodes / ROWS_OF_TASK, threads_worth(g->n * 200), spread, g);
    convolve(g);
    threads_run(parts_of(g->n, POINTS_OF_TASK), threads_worth(g->n * 200), gather, g);
    return fmax(vector64_total(g->n, g->sums) - (double)g->n, 1e-9 * (double)g->n);
}
