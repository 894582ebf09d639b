#include <stdint.h>

#include "kernels/micro.h"
#include "kernels/scratch.h"
#include "kernels/threads.h"

/* Blocks for the caches: a packed panel of b (K_BLOCK x MICRO_COLUMNS) stays in the first level while the rows of a
 * pass by; a block of a (ROW_BLOCK x K_BLOCK) stays in the second.  Splitting k does not split the chain: a later
 * block continues from c. */
enum { K_BLOCK = 256, ROW_BLOCK = 40 * MICRO_ROWS, PANELS_PER_TASK = 8, ALIGNMENT = 64, COPY_PADDING = 16 };

typedef struct Operand { /* element (row, column) at data[row * row_stride + column * column_stride] */
    const real *data;
    size_t row_stride, column_stride;
} Operand;

static size_t at_most(size_t a, size_t limit) {
    return a < limit ? a : limit;
}

static Operand operand_at(Operand o, size_t row, size_t column) {
    o.data += row * o.row_stride + column * o.column_stride;
    return o;
}

/* Rows of a whole panel have a length that the compiler knows. */
static void pack_panel(Operand b, size_t k, size_t width, real *panel) {
    if (b.column_stride != 1)
        transpose(width, k, b.data, b.column_stride, panel, width);
    else if (width == MICRO_COLUMNS)
        for (size_t l = 0; l < k; l++)
            for (size_t j = 0; j < MICRO_COLUMNS; j++) panel[l * MICRO_COLUMNS + j] = b.data[l * b.row_stride + j];
    else
        for (size_t l = 0; l < k; l++)
            for (size_t j = 0; j < width; j++) panel[l * width + j] = b.data[l * b.row_stride + j];
}

/* Rows a power of two apart fall into the same few cache sets: copy the block with another distance. */
static int rows_collide(Operand a) {
    const size_t stride = a.row_stride > a.column_stride ? a.row_stride : a.column_stride;
    return stride * sizeof(real) % 512 == 0;
}

static Operand copy_block(Operand a, size_t rows, size_t k, real *copy) {
    const int by_rows = a.column_stride == 1;
    const size_t outer = by_rows ? rows : k, inner = by_rows ? k : rows;
    const size_t stride = by_rows ? a.row_stride : a.column_stride;
    const size_t new_stride = (by_rows ? K_BLOCK : ROW_BLOCK) + COPY_PADDING;
    for (size_t i = 0; i < outer; i++)
        for (size_t j = 0; j < inner; j++) copy[i * new_stride + j] = a.data[i * stride + j];
    const Operand result = {copy, by_rows ? new_stride : 1, by_rows ? 1 : new_stride};
    return result;
}

/* Columns [first, last) of a block of rows; product holds c at the block's first row, the start and the finish. */
static void multiply_block(Product product, Operand a, Operand b, size_t first, size_t last, real *copy) {
    real space[K_BLOCK * MICRO_COLUMNS + ALIGNMENT / sizeof(real)];
    real *panel = (real *)(((uintptr_t)space + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
    const real *pointers[K_BLOCK];
    const size_t k = product.k;
    const Activation finish = product.activation;
    real *c = product.c;
    for (size_t k0 = 0; k0 == 0 || k0 < k; k0 += K_BLOCK) {
        product.k = at_most(k - k0, K_BLOCK);
        product.activation = k0 + product.k < k ? ACTIVATION_NONE : finish;
        if (k0 > 0) product.start = START_FROM_C;
        Operand block = operand_at(a, 0, k0);
        if (copy) block = copy_block(block, product.m, product.k, copy);
        product.a = block.data;
        product.a_row_stride = block.row_stride;
        product.a_k_stride = block.column_stride;
        product.b = pointers;
        for (size_t column = first; column < last; column += MICRO_COLUMNS) {
            product.n = at_most(last - column, MICRO_COLUMNS);
            product.c = c + column;
            pack_panel(operand_at(b, k0, column), product.k, product.n, panel);
            for (size_t l = 0; l < product.k; l++) pointers[l] = panel + l * product.n;
            micro_product(&product);
        }
    }
}

static void multiply_task(const Product *whole, Operand a, Operand b, size_t row, size_t first, size_t last) {
    Product product = *whole;
    const int copies = rows_collide(a) && whole->m > MICRO_ROWS && whole->n > 2 * MICRO_COLUMNS;
    real *copy = NULL;
    if (copies) {
        const size_t by_rows = (size_t)ROW_BLOCK * (K_BLOCK + COPY_PADDING);
        const size_t by_k = (size_t)K_BLOCK * (ROW_BLOCK + COPY_PADDING);
        copy = scratch_get(SCRATCH_GEMM, by_rows > by_k ? by_rows : by_k, sizeof(real));
    }
    product.m = at_most(whole->m - row, ROW_BLOCK);
    product.c += row * whole->ldc;
    if (product.bias) product.bias += row;
    multiply_block(product, operand_at(a, row, 0), b, first, last, copy);
}

static void multiply(const Product *whole, Operand a, Operand b) {
    if (whole->m == 0 || whole->n == 0) return;
    const size_t columns = (size_t)PANELS_PER_TASK * MICRO_COLUMNS;
    if (!threads_worth(whole->m * whole->n * whole->k)) {
        for (size_t row = 0; row < whole->m; row += ROW_BLOCK) multiply_task(whole, a, b, row, 0, whole->n);
        return;
    }
    const size_t row_tasks = (whole->m + ROW_BLOCK - 1) / ROW_BLOCK, column_tasks = (whole->n + columns - 1) / columns;
#pragma omp parallel for schedule(dynamic)
    for (size_t task = 0; task < row_tasks * column_tasks; task++) {
        const size_t first = task % column_tasks * columns;
        multiply_task(whole, a, b, task / column_tasks * ROW_BLOCK, first, at_most(first + columns, whole->n));
    }
}

static void multiply_to(size_t m, size_t n, size_t k, Operand a, Operand b, real *c, size_t ldc, int accumulate) {
    const Product product = {
        .m = m, .n = n, .k = k, .c = c, .ldc = ldc, .start = accumulate ? START_FROM_C : START_ZERO};
    multiply(&product, a, b);
}

void gemm_nn(size_t m, size_t n, size_t k, const real *a, size_t lda, const real *b, size_t ldb, real *c, size_t ldc,
             int accumulate) {
    multiply_to(m, n, k, (Operand){a, lda, 1}, (Operand){b, ldb, 1}, c, ldc, accumulate);
}

void gemm_tn(size_t m, size_t n, size_t k, const real *a, size_t lda, const real *b, size_t ldb, real *c, size_t ldc,
             int accumulate) {
    multiply_to(m, n, k, (Operand){a, 1, lda}, (Operand){b, ldb, 1}, c, ldc, accumulate);
}

/* A product with few rows and many columns whose b lies along k: packing b would cost as much as multiplying.  The
 * factors of fma commute, so the transposed product has the same bits. */
static void multiply_transposed(size_t m, size_t n, size_t k, Operand a, Operand b, real *c, size_t ldc) {
    real *transposed = scratch_get(SCRATCH_ROWS, m * n, sizeof(real));
    multiply_to(n, m, k, b, a, transposed, m, 0);
    transpose(n, m, transposed, m, c, ldc);
}

void gemm_nt(size_t m, size_t n, size_t k, const real *a, size_t lda, const real *b, size_t ldb, real *c, size_t ldc,
             int accumulate) {
    if (!accumulate && m <= n / 2 && m <= 2 * MICRO_COLUMNS)
        multiply_transposed(m, n, k, (Operand){a, 1, lda}, (Operand){b, ldb, 1}, c, ldc);
    else
        multiply_to(m, n, k, (Operand){a, lda, 1}, (Operand){b, 1, ldb}, c, ldc, accumulate);
}

void linear_forward(size_t out, size_t in, size_t batch, const real *weight, const real *bias, const real *x,
                    Activation activation, real *y) {
    const Product product = {.m = out,
                             .n = batch,
                             .k = in,
                             .c = y,
                             .ldc = batch,
                             .start = START_FROM_BIAS,
                             .bias = bias,
                             .activation = activation};
    multiply(&product, (Operand){weight, in, 1}, (Operand){x, batch, 1});
}
