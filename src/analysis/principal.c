#include "analysis/principal.h"

#include <math.h>
#include <string.h>

#include "analysis/eigen.h"
#include "analysis/vector64.h"
#include "base/arena.h"
#include "kernels/gemm.h"
#include "kernels/parts.h"
#include "kernels/threads.h"
#include "random/random.h"

enum { ROW_BLOCK = 512, VECTORS = 10, MOST_COLUMNS = 4096, MOST_ITERATIONS = 300, TILE = 256 };

typedef struct Operator { /* v -> C v, C the covariance matrix times n */
    const Rows *rows;
    double power;
    double *mean;
    size_t length;
    double *matrix; /* [length][length], or NULL: from the rows */
    /* of the task that is running */
    const double *in;
    double *out, *parts;
    real *block; /* [ROW_BLOCK][length] */
    size_t block_rows;
} Operator;

static void load_rows(const Operator *op, size_t first, size_t count, real *block) {
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < op->length; j++)
            block[i * op->length + j] = (float)(rows_at(op->rows, first + i, j) * op->power - op->mean[j]);
}

/* A tile of the products of one block's columns, added to the matrix. */
static void covariance_tile(const void *context, size_t task) {
    const Operator *op = context;
    const size_t length = op->length, tiles = parts_of(length, TILE);
    const size_t top = task / tiles * TILE, left = task % tiles * TILE;
    if (left < top) return; /* symmetric */
    const size_t m = at_most(length - top, TILE), n = at_most(length - left, TILE);
    real *product = memory_alloc(m * n, sizeof *product);
    gemm_tn(m, n, op->block_rows, op->block + top, length, op->block + left, length, product, n, 0);
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j < n; j++) op->matrix[(top + i) * length + left + j] += (double)product[i * n + j];
    memory_free(product);
}

static void make_covariance(Operator *op) {
    const size_t length = op->length, tiles = parts_of(length, TILE);
    op->matrix = memory_alloc_zero(length * length, sizeof *op->matrix);
    op->block = memory_alloc(ROW_BLOCK * length, sizeof *op->block);
    for (size_t first = 0; first < op->rows->n; first += ROW_BLOCK) {
        op->block_rows = at_most(op->rows->n - first, ROW_BLOCK);
        load_rows(op, first, op->block_rows, op->block);
        threads_run(tiles * tiles, threads_worth(op->block_rows * length * length / 2), covariance_tile, op);
    }
    for (size_t i = 0; i < length; i++) /* tiles below the diagonal */
        for (size_t j = 0; j < i; j++) op->matrix[i * length + j] = op->matrix[j * length + i];
    memory_free(op->block);
}

static void multiply_row(const void *context, size_t row) {
    const Operator *op = context;
    for (size_t v = 0; v < VECTORS; v++)
        op->out[v * op->length + row] =
            vector64_dot(op->length, op->matrix + row * op->length, op->in + v * op->length);
}

/* One block's rows: out of parts = X' X in. */
static void multiply_block(const void *context, size_t block) {
    const Operator *op = context;
    const size_t length = op->length, first = block * ROW_BLOCK, rows = at_most(op->rows->n - first, ROW_BLOCK);
    double *part = op->parts + block * VECTORS * length, *row = memory_alloc(length, sizeof *row);
    memset(part, 0, VECTORS * length * sizeof *part);
    for (size_t i = 0; i < rows; i++) {
        for (size_t j = 0; j < length; j++) row[j] = rows_at(op->rows, first + i, j) * op->power - op->mean[j];
        for (size_t v = 0; v < VECTORS; v++)
            vector64_add_scaled(length, vector64_dot(length, row, op->in + v * length), row, part + v * length);
    }
    memory_free(row);
}

static void apply(Operator *op, const double *in, double *out) { /* [VECTORS][length] */
    const size_t size = VECTORS * op->length, blocks = parts_of(op->rows->n, ROW_BLOCK);
    op->in = in;
    op->out = out;
    if (op->matrix) {
        threads_run(op->length, threads_worth(size * op->length), multiply_row, op);
        return;
    }
    op->parts = memory_alloc(blocks * size, sizeof *op->parts);
    threads_run(blocks, threads_worth(2 * size * op->rows->n), multiply_block, op);
    memset(out, 0, size * sizeof *out);
    for (size_t block = 0; block < blocks; block++) vector64_add_scaled(size, 1.0, op->parts + block * size, out);
    memory_free(op->parts);
}

/* Gram-Schmidt, twice; a vector that is nothing but rounding becomes 0. */
static void orthonormalise(size_t length, double *vectors) {
    for (size_t a = 0; a < VECTORS; a++) {
        double *v = vectors + a * length;
        const double before = sqrt(vector64_dot(length, v, v));
        for (int pass = 0; pass < 2; pass++)
            for (size_t b = 0; b < a; b++)
                vector64_add_scaled(length, -vector64_dot(length, v, vectors + b * length), vectors + b * length, v);
        const double norm = sqrt(vector64_dot(length, v, v)), factor = norm > 1e-12 * before ? 1.0 / norm : 0.0;
        for (size_t j = 0; j < length; j++) v[j] *= factor;
    }
}

/* v = the best approximations in their span, largest eigenvalue first, w = C v; returns whether the first two are good. */
static int rayleigh_ritz(size_t length, double *v, double *w) {
    double matrix[VECTORS * VECTORS], rotation[VECTORS * VECTORS], values[VECTORS], residual = 0.0;
    double *old = memory_alloc(2 * VECTORS * length, sizeof *old), *old_w = old + VECTORS * length;
    for (size_t a = 0; a < VECTORS; a++)
        for (size_t b = a; b < VECTORS; b++)
            matrix[a * VECTORS + b] = matrix[b * VECTORS + a] = vector64_dot(length, v + a * length, w + b * length);
    eigen_symmetric(VECTORS, matrix, values, rotation);
    memcpy(old, v, VECTORS * length * sizeof *old);
    memcpy(old_w, w, VECTORS * length * sizeof *old);
    memset(v, 0, VECTORS * length * sizeof *v);
    memset(w, 0, VECTORS * length * sizeof *w);
    for (size_t a = 0; a < VECTORS; a++)
        for (size_t b = 0; b < VECTORS; b++) {
            vector64_add_scaled(length, rotation[a * VECTORS + b], old + b * length, v + a * length);
            vector64_add_scaled(length, rotation[a * VECTORS + b], old_w + b * length, w + a * length);
        }
    for (size_t a = 0; a < 2; a++)
        for (size_t j = 0; j < length; j++)
            residual = fmax(residual, fabs(fma(-values[a], v[a * length + j], w[a * length + j])));
    memory_free(old);
    return residual <= 1e-7 * values[0];
}

static void project(const void *context, size_t block) {
    const Operator *op = context;
    const size_t length = op->length, first = block * ROW_BLOCK, rows = at_most(op->rows->n - first, ROW_BLOCK);
    double *row = memory_alloc(length, sizeof *row);
    for (size_t i = first; i < first + rows; i++) {
        for (size_t j = 0; j < length; j++) row[j] = rows_at(op->rows, i, j) * op->power - op->mean[j];
        for (size_t v = 0; v < 2; v++) op->out[2 * i + v] = vector64_dot(length, row, op->in + v * length) / op->power;
    }
    memory_free(row);
}

void principal_components(const Rows *rows, double *scores) {
    const size_t length = rows->length, size = VECTORS * length;
    Operator op = {.rows = rows, .power = rows_power_below_one(rows, rows), .length = length};
    op.mean = memory_alloc_zero(length, sizeof *op.mean);
    for (size_t i = 0; i < rows->n; i++)
        for (size_t j = 0; j < length; j++) op.mean[j] += rows_at(rows, i, j) * op.power;
    for (size_t j = 0; j < length; j++) op.mean[j] /= (double)rows->n;
    if (length <= MOST_COLUMNS) make_covariance(&op);
    double *v = memory_alloc(2 * size, sizeof *v), *w = v + size;
    Philox philox;
    philox_seed(&philox, 0, 0);
    for (size_t i = 0; i < size; i++) v[i] = philox_normal(&philox, i);
    for (int n = 0; n < MOST_ITERATIONS; n++) {
        orthonormalise(length, v);
        apply(&op, v, w);
        if (rayleigh_ritz(length, v, w)) break;
        memcpy(v, w, size * sizeof *v);
    }
    orthonormalise(length, v);
    for (size_t a = 0; a < 2; a++) {
        size_t largest = 0;
        double *direction = v + a * length;
        for (size_t j = 1; j < length; j++)
            if (fabs(direction[j]) > fabs(direction[largest])) largest = j;
        for (size_t j = 0; j < length && direction[largest] < 0.0; j++)
            if (j != largest) direction[j] = -direction[j];
        if (direction[largest] < 0.0) direction[largest] = -direction[largest];
    }
    op.in = v;
    op.out = scores;
    threads_run(parts_of(rows->n, ROW_BLOCK), threads_worth(2 * rows->n * length), project, &op);
    memory_free(v);
    memory_free(op.mean);
    memory_free(op.matrix);
}
