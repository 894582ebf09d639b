#include "kernels/gemm.h"

#include <string.h>

#include "kernels/micro.h"
#include "kernels/parts.h"
#include "kernels/reduce.h"
#include "kernels/scratch.h"
#include "kernels/threads.h"

/* Blocks for the caches: a block of b (K_BLOCK rows, TASK_PANELS panels of MICRO_COLUMNS columns) is packed once and
 * stays in the second level; a few rows of a stay in the first while all panels stream past them.  Splitting k does not
 * split the chain: a later block continues from c. */
enum {
    K_BLOCK = 256,
    TASK_PANELS = 16,
    ROW_GROUP = 4,
    DIRECT_ROWS = 512,
    DIRECT_COLUMNS = 128,
    NEAR_ELEMENTS = 1 << 14,
    FAR_ROWS = 128,
    COPY_PADDING = 16,
    ALIGNMENT = 64,
    PANEL = (K_BLOCK + 2) * MICRO_COLUMNS
};

typedef struct Operand { /* element (row, column) at data[row * row_stride + column * column_stride] */
    const real *data;
    size_t row_stride, column_stride;
} Operand;

static Operand operand_at(Operand o, size_t row, size_t column) {
    o.data += row * o.row_stride + column * o.column_stride;
    return o;
}

/* What is on the right: rows where the pointers lead, from a column on, or, without pointers, an operand. */
typedef struct Right {
    const real *const *rows;
    size_t column;
    Operand operand;
} Right;

/* A block of b by panels of MICRO_COLUMNS columns; pointers lead to their rows, K_BLOCK per panel.  A row is read on and on:
 * rows are pages apart.  Panels are a few cache lines more than their rows apart, or all would fall into the same sets.
 * Rows of a whole panel have a length that the compiler knows. */
static void pack_rows(const Right *b, size_t k0, size_t k, size_t columns, real *packed, const real **pointers) {
    for (size_t l = 0; l < k; l++) {
        const real *row = b->rows[k0 + l] + b->column;
        real *to = packed + l * MICRO_COLUMNS;
        const real **pointer = pointers + l;
        for (size_t column = 0; column < columns; column += MICRO_COLUMNS, to += PANEL, pointer += K_BLOCK) {
            *pointer = to;
            if (columns - column >= MICRO_COLUMNS)
                for (size_t j = 0; j < MICRO_COLUMNS; j++) to[j] = row[column + j];
            else
                for (size_t j = 0; j < columns - column; j++) to[j] = row[column + j];
        }
    }
}

static void pack_operand(Operand b, size_t k, size_t columns, real *packed, const real **pointers) {
    for (size_t column = 0; column < columns; column += MICRO_COLUMNS, pointers += K_BLOCK) {
        const Operand from = operand_at(b, 0, column);
        const size_t width = at_most(columns - column, MICRO_COLUMNS);
        if (b.column_stride != 1)
            transpose(width, k, from.data, from.column_stride, packed, width);
        else if (width == MICRO_COLUMNS)
            for (size_t l = 0; l < k; l++)
                for (size_t j = 0; j < MICRO_COLUMNS; j++)
                    packed[l * MICRO_COLUMNS + j] = from.data[l * from.row_stride + j];
        else
            for (size_t l = 0; l < k; l++)
                for (size_t j = 0; j < width; j++) packed[l * width + j] = from.data[l * from.row_stride + j];
        for (size_t l = 0; l < k; l++, packed += width) pointers[l] = packed;
    }
}

static size_t group_start(const Product *p, size_t group) {
    const size_t blocks = micro_block_count(p->m);
    return micro_block_start(p->m, blocks, at_most(group * ROW_GROUP, blocks));
}

/* Rows of a, laid out so that whole cache lines of the copy are read. */
static Operand copy_rows(Operand a, size_t rows, size_t k, real *copy) {
    if (a.column_stride == 1) {
        for (size_t i = 0; i < rows; i++)
            memcpy(copy + i * (K_BLOCK + COPY_PADDING), a.data + i * a.row_stride, k * sizeof(real));
        return (Operand){copy, K_BLOCK + COPY_PADDING, 1};
    }
    enum { WHOLE = ROW_GROUP * MICRO_ROWS }; /* most often: a length that the compiler knows */
    if (rows == WHOLE)
        for (size_t l = 0; l < k; l++) memcpy(copy + l * WHOLE, a.data + l * a.column_stride, WHOLE * sizeof(real));
    else
        for (size_t l = 0; l < k; l++) memcpy(copy + l * rows, a.data + l * a.column_stride, rows * sizeof(real));
    return (Operand){copy, 1, rows};
}

/* Rows [row, row + product.m) of a packed block of columns: the rows stay, the panels pass. */
static void multiply_rows(Product product, Operand a, const real *const *pointers) {
    const size_t columns = product.n, m = product.m, blocks = micro_block_count(m);
    real *const c = product.c;
    const real *const bias = product.bias;
    const int ahead = product.start == START_FROM_C || micro_writes_limit(&product);
    product.a_row_stride = a.row_stride;
    product.a_k_stride = a.column_stride;
    for (size_t i = 0; i < blocks; i++) {
        const size_t row = micro_block_start(m, blocks, i);
        product.m = micro_block_start(m, blocks, i + 1) - row;
        product.a = a.data + row * a.row_stride;
        product.bias = bias ? bias + row : NULL;
        for (size_t column = 0; column < columns; column += MICRO_COLUMNS) {
            product.n = at_most(columns - column, MICRO_COLUMNS);
            product.c = c + row * product.ldc + column;
            product.b = pointers + column / MICRO_COLUMNS * K_BLOCK;
            if (ahead && column + 2 * MICRO_COLUMNS <= columns) micro_prefetch(&product, 0, product.m, MICRO_COLUMNS);
            micro_product(&product);
        }
    }
}

/* product holds c, the start and the finish of a block of rows and columns. */
static void multiply_block(Product product, Operand a, const Right *b) {
    const Activation finish = product.activation;
    const size_t k = product.k, panels = parts_of(product.n, MICRO_COLUMNS);
    const size_t groups = parts_of(micro_block_count(product.m), ROW_GROUP);
    real *const packed = scratch_get(SCRATCH_GEMM, panels * PANEL, sizeof(real));
    const real **pointers = scratch_get(SCRATCH_POINTERS, panels * K_BLOCK, sizeof *pointers);
    /* Rows of a are read in place unless they fall into the same few cache sets, or a's columns lie together: then
     * those of ROW_GROUP blocks are copied, where enough columns use them. */
    const int scattered = a.column_stride != 1 || a.row_stride * sizeof(real) % 512 == 0;
    real *copy = NULL;
    if (scattered && product.m > MICRO_ROWS && product.n > 2 * MICRO_COLUMNS)
        copy = scratch_get(SCRATCH_COPY, (size_t)ROW_GROUP * MICRO_ROWS * (K_BLOCK + COPY_PADDING), sizeof(real));
    for (size_t k0 = 0; k0 == 0 || k0 < k; k0 += K_BLOCK) {
        product.k = at_most(k - k0, K_BLOCK);
        product.activation = k0 + product.k < k ? ACTIVATION_NONE : finish;
        if (k0 > 0) product.start = START_FROM_C;
        if (b->rows)
            pack_rows(b, k0, product.k, product.n, packed, pointers);
        else
            pack_operand(operand_at(b->operand, k0, 0), product.k, product.n, packed, pointers);
        for (size_t group = 0; group < groups; group++) {
            const size_t row = group_start(&product, group);
            Product part = product;
            part.m = group_start(&product, group + 1) - row;
            part.c += row * part.ldc;
            if (part.bias) part.bias += row;
            Operand rows = operand_at(a, row, k0);
            if (copy) rows = copy_rows(rows, part.m, part.k, copy);
            multiply_rows(part, rows, pointers);
        }
    }
}

static const size_t task_columns = (size_t)TASK_PANELS * MICRO_COLUMNS;

typedef struct Multiplication {
    const Product *whole;
    Operand a, b;
    size_t row_tasks, column_tasks;
} Multiplication;

/* One part of the rows and task_columns of the columns.  Small products of rows that lie together need no packing, unless
 * a's columns do and there are so many rows that a would be read from far away for every tile of columns. */
static void multiply_task(const void *context, size_t task) {
    const Multiplication *m = context;
    Product part = *m->whole;
    const size_t i = task / m->column_tasks, column = task % m->column_tasks * task_columns;
    const size_t row = part.m * i / m->row_tasks;
    const Operand a = operand_at(m->a, row, 0), b = operand_at(m->b, 0, column);
    part.m = part.m * (i + 1) / m->row_tasks - row;
    part.n = at_most(part.n - column, task_columns);
    part.c += row * part.ldc + column;
    if (part.bias) part.bias += row;
    const int far =
        a.column_stride != 1 && part.m >= FAR_ROWS && part.m * part.k > NEAR_ELEMENTS && part.n > 2 * MICRO_COLUMNS;
    if (b.column_stride != 1 || part.k > DIRECT_ROWS || part.n > DIRECT_COLUMNS || far) {
        multiply_block(part, a, &(Right){NULL, 0, b});
        return;
    }
    const real *pointers[DIRECT_ROWS];
    for (size_t l = 0; l < part.k; l++) pointers[l] = b.data + l * b.row_stride;
    part.a = a.data;
    part.a_row_stride = a.row_stride;
    part.a_k_stride = a.column_stride;
    part.b = pointers;
    micro_product(&part);
}

static void multiply(const Product *whole, Operand a, Operand b) {
    if (whole->m == 0 || whole->n == 0) return;
    const int parallel = threads_worth(whole->m * whole->n * whole->k);
    Multiplication m = {whole, a, b, 1, parts_of(whole->n, task_columns)};
    if (parallel) m.row_tasks = parts_of(2 * threads_most(), m.column_tasks);
    threads_run(m.row_tasks * m.column_tasks, parallel, multiply_task, &m);
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

/* As many columns or more as a whole number of widest tiles and one narrower one cover (micro.h). */
static size_t whole_tiles(size_t columns) {
    const size_t rest = columns % (size_t)MICRO_COLUMNS;
    size_t width = MICRO_COLUMNS;
    while (width / 2 >= rest && width / 2 >= MICRO_NARROW) width /= 2;
    return columns - rest + (rest ? width : 0);
}

/* A product with few rows and many columns whose b lies along k: packing b would cost as much as multiplying.  The
 * factors of fma commute, so the transposed product has the same bits. */
void gemm_nt(size_t m, size_t n, size_t k, const real *a, size_t lda, const real *b, size_t ldb, real *c, size_t ldc,
             int accumulate) {
    if (accumulate || m > n / 2 || m > 2 * MICRO_COLUMNS) {
        multiply_to(m, n, k, (Operand){a, lda, 1}, (Operand){b, 1, ldb}, c, ldc, accumulate);
        return;
    }
    const size_t width = whole_tiles(m);
    real *columns = scratch_get(SCRATCH_ROWS, (k + n) * width, sizeof(real)), *transposed = columns + k * width;
    if (width > m) memset(columns, 0, k * width * sizeof *columns);
    transpose(m, k, a, lda, columns, width);
    multiply_to(n, width, k, (Operand){b, ldb, 1}, (Operand){columns, width, 1}, transposed, width, 0);
    transpose(n, m, transposed, width, c, ldc);
}

void gemm_nn_bias(size_t m, size_t n, size_t k, const real *a, size_t lda, const real *b, size_t ldb, const real *bias,
                  Activation activation, real *c, size_t ldc) {
    const Product product = {
        .m = m, .n = n, .k = k, .c = c, .ldc = ldc, .start = START_FROM_BIAS, .bias = bias, .activation = activation};
    multiply(&product, (Operand){a, lda, 1}, (Operand){b, ldb, 1});
}

void gemm_by_rows(const Product *product) {
    const Operand a = {product->a, product->a_row_stride, product->a_k_stride};
    Product part = *product;
    for (size_t column = 0; column < product->n; column += task_columns) {
        part.n = at_most(product->n - column, task_columns);
        part.c = product->c + column;
        multiply_block(part, a, &(Right){.rows = product->b, .column = column});
    }
}
