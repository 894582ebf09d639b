#include "analysis/matrix64.h"

#include <math.h>

#include "base/arena.h"
#include "kernels/simd.h"
#include "kernels/threads.h"

enum { TILE_ROWS = 4, TILE_COLUMNS = 16, TASK_ROWS = 64, BLOCK = 64 };

/* ---- products ---- */

/* b as tiles of TILE_COLUMNS of its rows: [tile][k][TILE_COLUMNS], zeros behind the last one. */
typedef struct Packed {
    const Product64 *product;
    double *b;
} Packed;

static void pack_tile(const void *context, size_t tile) {
    const Packed *packed = context;
    const Product64 *p = packed->product;
    double *out = packed->b + tile * TILE_COLUMNS * p->depth;
    for (size_t j = 0; j < TILE_COLUMNS; j++) {
        const size_t column = tile * TILE_COLUMNS + j;
        for (size_t k = 0; k < p->depth; k++)
            out[k * TILE_COLUMNS + j] = column < p->columns ? p->b[column * p->ldb + k] : 0;
    }
}

/* sums [TILE_ROWS][TILE_COLUMNS] go on over all k; a: TILE_ROWS rows apart by lda. */
static void add_tile(size_t depth, double sign, const double *a, size_t lda, const double *restrict b,
                     double *restrict sums) {
    double s[TILE_ROWS][TILE_COLUMNS];
    for (size_t r = 0; r < TILE_ROWS; r++)
        for (size_t c = 0; c < TILE_COLUMNS; c++) s[r][c] = sums[r * TILE_COLUMNS + c];
    for (size_t k = 0; k < depth; k++) {
        const double *row = b + k * TILE_COLUMNS;
        UNROLL_ALL for (size_t r = 0; r < TILE_ROWS; r++) {
            const double factor = sign * a[r * lda + k];
            SIMD for (size_t c = 0; c < TILE_COLUMNS; c++) s[r][c] = fma(factor, row[c], s[r][c]);
        }
    }
    for (size_t r = 0; r < TILE_ROWS; r++)
        for (size_t c = 0; c < TILE_COLUMNS; c++) sums[r * TILE_COLUMNS + c] = s[r][c];
}

/* One row at a time, for the last rows. */
static void add_row(size_t depth, double sign, const double *a, const double *restrict b, double *restrict sums) {
    for (size_t k = 0; k < depth; k++)
        SIMD for (size_t c = 0; c < TILE_COLUMNS; c++) sums[c] = fma(sign * a[k], b[k * TILE_COLUMNS + c], sums[c]);
}

/* The rows from `first` on, `rows` of them, at one tile of columns. */
static void add_block(const Product64 *p, const double *b, size_t first, size_t rows, size_t column) {
    const size_t width = p->columns - column < TILE_COLUMNS ? p->columns - column : TILE_COLUMNS;
    double sums[TILE_ROWS * TILE_COLUMNS] = {0};
    for (size_t r = 0; r < rows; r++)
        for (size_t c = 0; c < width; c++) sums[r * TILE_COLUMNS + c] = p->c[(first + r) * p->ldc + column + c];
    const double *a = p->a + first * p->lda;
    if (rows == TILE_ROWS)
        add_tile(p->depth, p->sign, a, p->lda, b, sums);
    else
        for (size_t r = 0; r < rows; r++) add_row(p->depth, p->sign, a + r * p->lda, b, sums + r * TILE_COLUMNS);
    for (size_t r = 0; r < rows; r++)
        for (size_t c = 0; c < width; c++) p->c[(first + r) * p->ldc + column + c] = sums[r * TILE_COLUMNS + c];
}

static void product_task(const void *context, size_t task) {
    const Packed *packed = context;
    const Product64 *p = packed->product;
    const size_t end = (task + 1) * TASK_ROWS < p->rows ? (task + 1) * TASK_ROWS : p->rows;
    for (size_t column = 0; column < p->columns && (!p->lower || column < end); column += TILE_COLUMNS)
        for (size_t i = task * TASK_ROWS; i < end; i += TILE_ROWS)
            add_block(p, packed->b + column * p->depth, i, end - i < TILE_ROWS ? end - i : TILE_ROWS, column);
}

void matrix64_add_product(const Product64 *product) {
    const size_t tiles = (product->columns + TILE_COLUMNS - 1) / TILE_COLUMNS;
    const int parallel = threads_worth(product->rows * product->columns * product->depth);
    if (!product->rows || !product->columns || !product->depth) return;
    const Packed packed = {product, memory_alloc(tiles * TILE_COLUMNS * product->depth, sizeof(double))};
    threads_run(tiles, parallel, pack_tile, &packed);
    threads_run((product->rows + TASK_ROWS - 1) / TASK_ROWS, parallel, product_task, &packed);
    memory_free(packed.b);
}

/* ---- Cholesky ---- */

typedef struct Panel {
    size_t n, first, width; /* columns first to first + width - 1 */
    double *a;
} Panel;

/* Row i of the panel, whose chains have come as far as column `first`; of the diagonal block up to the diagonal.  Whether a
 * diagonal element has a root. */
static int panel_row(const Panel *panel, size_t i) {
    double *row = panel->a + i * panel->n;
    const size_t end = panel->first + panel->width;
    for (size_t j = panel->first; j < end && j <= i; j++) {
        const double *other = panel->a + j * panel->n;
        double sum = row[j];
        for (size_t k = panel->first; k < j; k++) sum = fma(-row[k], other[k], sum);
        if (i == j && !(sum > 0)) return 0;
        row[j] = i == j ? sqrt(sum) : sum / other[j];
    }
    return 1;
}

static void panel_task(const void *context, size_t task) {
    const Panel *panel = context;
    const size_t first = panel->first + panel->width + task * TASK_ROWS;
    for (size_t i = first; i < first + TASK_ROWS && i < panel->n; i++) panel_row(panel, i);
}

size_t cholesky_factor(size_t n, double *a) {
    for (size_t first = 0; first < n; first += BLOCK) {
        const Panel panel = {n, first, n - first < BLOCK ? n - first : BLOCK, a};
        const size_t next = first + panel.width, left = n - next;
        for (size_t i = first; i < next; i++)
            if (!panel_row(&panel, i)) return i + 1;
        threads_run((left + TASK_ROWS - 1) / TASK_ROWS, threads_worth(left * BLOCK * BLOCK / 2), panel_task, &panel);
        const double *below = a + next * n + first;
        const Product64 rest = {-1, left, left, panel.width, below, below, a + next * n + next, n, n, n, 1};
        matrix64_add_product(&rest);
    }
    return 0;
}

void cholesky_solve(size_t n, size_t columns, const double *l, double *b) {
    for (size_t i = 0; i < n; i++)
        for (size_t c = 0; c < columns; c++) {
            double sum = b[i * columns + c];
            for (size_t k = 0; k < i; k++) sum = fma(-l[i * n + k], b[k * columns + c], sum);
            b[i * columns + c] = sum / l[i * n + i];
        }
    for (size_t i = n; i-- > 0;) {
        for (size_t c = 0; c < columns; c++) b[i * columns + c] /= l[i * n + i];
        for (size_t k = 0; k < i; k++)
            for (size_t c = 0; c < columns; c++)
                b[k * columns + c] = fma(-l[i * n + k], b[i * columns + c], b[k * columns + c]);
    }
}
