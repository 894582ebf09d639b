#include "grad/pooling.h"

#include "grad/elementwise.h"
#include "grad/primitive.h"
#include "grad/reshape.h"
#include "kernels/adaptive_pooling.h"
#include "kernels/pooling.h"

Window window_pairs(void) {
    return (Window){.rows = {1, 1, 0}, .columns = {2, 2, 0}};
}

Window window_square(size_t taps, size_t stride, size_t padding) {
    return (Window){.rows = {taps, stride, padding}, .columns = {taps, stride, padding}};
}

static ConvolutionAxis axis_of(size_t size, WindowAxis axis) {
    return (ConvolutionAxis){size, axis.taps, axis.stride, axis.padding};
}

static Pool pool_of(Shape x, Window window) {
    const int last = x.rank - 2; /* the columns, behind the rows of an image */
    return (Pool){.channels = x.dim[0],
                  .batch = x.dim[x.rank - 1],
                  .rows = axis_of(x.rank == 4 ? x.dim[1] : 1, window.rows),
                  .columns = axis_of(x.dim[last], window.columns)};
}

static int fits(const ConvolutionAxis *axis) {
    return axis->stride > 0 && axis->taps > 0 && 2 * axis->padding <= axis->taps &&
           axis->size + 2 * axis->padding >= axis->taps;
}

static Shape pooled(const char *primitive, Shape x, Window window) {
    shape_require(x.rank == 3 || x.rank == 4, primitive, x, x);
    const Pool pool = pool_of(x, window);
    shape_require(fits(&pool.rows) && fits(&pool.columns) && (x.rank == 4 || window.rows.padding == 0), primitive, x,
                  shape_matrix(window.rows.taps, window.columns.taps));
    const size_t rows = axis_outputs(&pool.rows), columns = axis_outputs(&pool.columns);
    return x.rank == 4 ? shape_image(pool.channels, rows, columns, pool.batch)
                       : shape_signal(pool.channels, columns, pool.batch);
}

/* ---- maxima: which element of a window is the largest is locally constant, so only the values have a derivative ---- */

/* The attributes of max_pool and convolution_relu_max_pool. */
typedef struct Maxima {
    Shape of; /* what the windows were laid over */
    Window window;
    const int32_t *choice; /* which element of each window was taken; filled in by the forward kernel */
    Activation before;     /* of max_pool: relu or nothing, applied first */
    ConvGeometry geometry; /* of convolution_relu_max_pool */
} Maxima;

/* The attributes of max_gather and max_unpool. */
typedef struct AtMaxima {
    Var maxima;
} AtMaxima;

static Var maxima_of(Var node) {
    return ((const AtMaxima *)node->attributes)->maxima;
}

static void forward_max_pool(Tape *t, Node *node, real *out) {
    Maxima *maxima = node->attributes;
    const Pool pool = pool_of(maxima->of, maxima->window);
    const size_t count = shape_count(node->shape);
    int32_t *choice = tape_alloc(t, count, sizeof *choice);
    maxima->choice = choice;
    max_pool(&pool, maxima->before, node->input[0]->data, out, choice, count / pool.channels);
}

static void rule_max_pool(Tape *t, Var node, Var g, unsigned wanted, Var *out) {
    if (wants(wanted, 0)) out[0] = op_max_unpool(t, node, g);
}

static void forward_convolution_relu_max_pool(Tape *t, Node *node, real *out) {
    Maxima *maxima = node->attributes;
    Var x = node->input[0], weight = node->input[1], bias = node->input[2];
    const Convolution conv = convolution_of(x->shape, weight->shape, maxima->geometry);
    int32_t *choice = tape_alloc(t, shape_count(node->shape), sizeof *choice);
    maxima->choice = choice;
    convolution_relu_max_pool(&conv, x->data, weight->data, bias->data, out, choice);
}

/* The convolution is bilinear and its gradients are primitives; relu and maximum are in the choice. */
static void rule_convolution_relu_max_pool(Tape *t, Var node, Var g, unsigned wanted, Var *out) {
    const Maxima *maxima = node->attributes;
    convolution_bias_gradients(t, node->input[0], node->input[1], maxima->geometry, op_max_unpool(t, node, g), wanted,
                               out);
}

static void forward_max_gather(Tape *t, Node *node, real *out) {
    (void)t;
    const Maxima *maxima = maxima_of(node)->attributes;
    const Pool pool = pool_of(maxima->of, maxima->window);
    max_gather(&pool, maxima->choice, node->input[0]->data, out);
}

static void rule_max_gather(Tape *t, Var node, Var g, unsigned wanted, Var *out) {
    if (wants(wanted, 0)) out[0] = op_max_unpool(t, maxima_of(node), g);
}

static void forward_max_unpool(Tape *t, Node *node, real *out) {
    (void)t;
    const Maxima *maxima = maxima_of(node)->attributes;
    const Pool pool = pool_of(maxima->of, maxima->window);
    max_unpool(&pool, maxima->choice, node->input[0]->data, out);
}

static void rule_max_unpool(Tape *t, Var node, Var g, unsigned wanted, Var *out) {
    if (wants(wanted, 0)) out[0] = op_max_gather(t, maxima_of(node), g);
}

static const Primitive row_max_pool = {"max_pool", forward_max_pool, rule_max_pool, sizeof(Maxima)};
static const Primitive row_convolution_relu_max_pool = {"convolution_relu_max_pool", forward_convolution_relu_max_pool,
                                                        rule_convolution_relu_max_pool, sizeof(Maxima)};
static const Primitive row_max_gather = {"max_gather", forward_max_gather, rule_max_gather, sizeof(AtMaxima)};
static const Primitive row_max_unpool = {"max_unpool", forward_max_unpool, rule_max_unpool, sizeof(AtMaxima)};

static Var maxima_of_windows(Tape *t, Var x, Window window, Activation before) {
    const Maxima maxima = {.of = x->shape, .window = window, .before = before};
    return tape_apply(t, &row_max_pool, pooled("max_pool", x->shape, window), &maxima, 1, &x);
}

Var op_max_pool(Tape *t, Var x, Window window) {
    return maxima_of_windows(t, x, window, ACTIVATION_NONE);
}

Var op_relu_max_pool(Tape *t, Var x, Window window) {
    return maxima_of_windows(t, x, window, ACTIVATION_RELU);
}

Var op_convolution_relu_max_pool(Tape *t, Var x, Var weight, Var bias, ConvGeometry g) {
    const char *name = row_convolution_relu_max_pool.name;
    const Maxima maxima = {.of = convolution_bias_shape(name, x->shape, weight->shape, bias->shape, g),
                           .window = window_pairs(),
                           .geometry = g};
    shape_require(x->shape.rank == 3, name, x->shape, weight->shape);
    return tape_apply(t, &row_convolution_relu_max_pool, pooled(name, maxima.of, maxima.window), &maxima, 3,
                      (const Var[]){x, weight, bias});
}

/* The shape of what maxima were taken of; another node is a wrong argument. */
static Shape shape_of_compared(const char *primitive, Var maxima, Var other) {
    shape_require(maxima->primitive == &row_max_pool || maxima->primitive == &row_convolution_relu_max_pool, primitive,
                  maxima->shape, other->shape);
    return ((const Maxima *)maxima->attributes)->of;
}

Var op_max_gather(Tape *t, Var maxima, Var values) {
    const Shape compared = shape_of_compared("max_gather", maxima, values);
    shape_require(shape_equal(compared, values->shape), "max_gather", compared, values->shape);
    return tape_apply(t, &row_max_gather, maxima->shape, &(AtMaxima){maxima}, 1, &values);
}

Var op_max_unpool(Tape *t, Var maxima, Var gy) {
    const Shape compared = shape_of_compared("max_unpool", maxima, gy);
    shape_require(shape_equal(maxima->shape, gy->shape), "max_unpool", maxima->shape, gy->shape);
    return tape_apply(t, &row_max_unpool, compared, &(AtMaxima){maxima}, 1, &gy);
}

/* ---- sums and averages ---- */

typedef struct Summed {
    Window window;
    size_t divisor;
} Summed;

static void forward_sum_pool(Tape *t, Node *node, real *out) {
    (void)t;
    const Summed *summed = node->attributes;
    const Pool pool = pool_of(node->input[0]->shape, summed->window);
    sum_pool(&pool, summed->divisor, node->input[0]->data, out);
}

static void rule_sum_pool(Tape *t, Var node, Var g, unsigned wanted, Var *out) {
    const Summed *summed = node->attributes;
    if (wants(wanted, 0)) out[0] = op_sum_unpool(t, g, node->input[0]->shape, summed->window, summed->divisor);
}

static void forward_sum_unpool(Tape *t, Node *node, real *out) {
    (void)t;
    const Summed *summed = node->attributes;
    const Pool pool = pool_of(node->shape, summed->window);
    sum_unpool(&pool, summed->divisor, node->input[0]->data, out);
}

static void rule_sum_unpool(Tape *t, Var node, Var g, unsigned wanted, Var *out) {
    const Summed *summed = node->attributes;
    if (wants(wanted, 0)) out[0] = op_sum_pool(t, g, summed->window, summed->divisor);
}

static const Primitive row_sum_pool = {"sum_pool", forward_sum_pool, rule_sum_pool, sizeof(Summed)};
static const Primitive row_sum_unpool = {"sum_unpool", forward_sum_unpool, rule_sum_unpool, sizeof(Summed)};

Var op_sum_pool(Tape *t, Var x, Window window, size_t divisor) {
    return tape_apply(t, &row_sum_pool, pooled("sum_pool", x->shape, window), &(Summed){window, divisor}, 1, &x);
}

Var op_sum_unpool(Tape *t, Var gy, Shape x, Window window, size_t divisor) {
    shape_require(shape_equal(pooled("sum_unpool", x, window), gy->shape), "sum_unpool", x, gy->shape);
    return tape_apply(t, &row_sum_unpool, x, &(Summed){window, divisor}, 1, &gy);
}

Var op_average_pool(Tape *t, Var x, Window window) {
    return op_sum_pool(t, x, window, window.rows.taps * window.columns.taps);
}

Var op_global_average_pool(Tape *t, Var x) {
    const Shape s = x->shape;
    const Window whole = {.rows = {s.rank == 4 ? s.dim[1] : 1, 1, 0}, .columns = {s.dim[s.rank == 4 ? 2 : 1], 1, 0}};
    Var average = op_average_pool(t, x, whole);
    return op_reshape(t, average, shape_matrix(s.dim[0], s.dim[s.rank - 1]));
}

static AdaptivePool adaptive_pool_of(Shape x, Shape y) {
    return (AdaptivePool){x.dim[0], x.dim[1], x.dim[2], x.dim[3], y.dim[1], y.dim[2]};
}

static void forward_adaptive_pool(Tape *t, Node *node, real *out) {
    (void)t;
    const AdaptivePool pool = adaptive_pool_of(node->input[0]->shape, node->shape);
    adaptive_average_pool(&pool, node->input[0]->data, out);
}

static void rule_adaptive_pool(Tape *t, Var node, Var g, unsigned wanted, Var *out) {
    if (wants(wanted, 0)) out[0] = op_adaptive_average_unpool(t, g, node->input[0]->shape);
}

static void forward_adaptive_unpool(Tape *t, Node *node, real *out) {
    (void)t;
    const AdaptivePool pool = adaptive_pool_of(node->shape, node->input[0]->shape);
    adaptive_average_unpool(&pool, node->input[0]->data, out);
}

static void rule_adaptive_unpool(Tape *t, Var node, Var g, unsigned wanted, Var *out) {
    const Shape of = node->input[0]->shape;
    if (wants(wanted, 0)) out[0] = op_adaptive_average_pool(t, g, of.dim[1], of.dim[2]);
}

static const Primitive row_adaptive_pool = {"adaptive_average_pool", forward_adaptive_pool, rule_adaptive_pool, 0};
static const Primitive row_adaptive_unpool = {"adaptive_average_unpool", forward_adaptive_unpool, rule_adaptive_unpool,
                                              0};

Var op_adaptive_average_pool(Tape *t, Var x, size_t rows, size_t columns) {
    shape_require(x->shape.rank == 4 && rows > 0 && columns > 0, "adaptive_average_pool", x->shape,
                  shape_matrix(rows, columns));
    return tape_apply(t, &row_adaptive_pool, shape_image(x->shape.dim[0], rows, columns, x->shape.dim[3]), NULL, 1, &x);
}

Var op_adaptive_average_unpool(Tape *t, Var gy, Shape x) {
    shape_require(x.rank == 4 && gy->shape.rank == 4 && x.dim[0] == gy->shape.dim[0] && x.dim[3] == gy->shape.dim[3],
                  "adaptive_average_unpool", x, gy->shape);
    return tape_apply(t, &row_adaptive_unpool, x, NULL, 1, &gy);
}

/* ---- Euclidean norms ---- */

/* The attributes of both. */
typedef struct Normed {
    Window window;
} Normed;

static Window window_of_norms(Var node) {
    return ((const Normed *)node->attributes)->window;
}

static void forward_l2_pool(Tape *t, Node *node, real *out) {
    (void)t;
    const Pool pool = pool_of(node->input[0]->shape, window_of_norms(node));
    l2_pool(&pool, node->input[0]->data, out);
}

static void rule_l2_pool(Tape *t, Var node, Var g, unsigned wanted, Var *out) {
    if (wants(wanted, 0)) out[0] = op_l2_unpool(t, node->input[0], node, g, window_of_norms(node));
}

static void forward_l2_unpool(Tape *t, Node *node, real *out) {
    (void)t;
    const Pool pool = pool_of(node->shape, window_of_norms(node));
    l2_unpool(&pool, node->input[0]->data, node->input[1]->data, node->input[2]->data, out);
}

/* gx = x S(q) with q = gy / y, where S gives an element the sum over its windows and its adjoint P adds up a window. */
static void rule_l2_unpool(Tape *t, Var node, Var g, unsigned wanted, Var *out) {
    Var x = node->input[0], y = node->input[1], gy = node->input[2];
    const Window window = window_of_norms(node);
    if (wants(wanted, 0)) out[0] = op_l2_unpool(t, g, y, gy, window);
    if (!(wanted & 6)) return;
    Var quotient = op_divide_or_zero(t, op_sum_pool(t, op_mul(t, g, x), window, 1), y);
    if (wants(wanted, 2)) out[2] = quotient;
    if (wants(wanted, 1)) {
        Var q = op_divide_or_zero(t, gy, y);
        out[1] = op_scale(t, op_mul(t, quotient, q), -1);
    }
}

static const Primitive row_l2_pool = {"l2_pool", forward_l2_pool, rule_l2_pool, sizeof(Normed)};
static const Primitive row_l2_unpool = {"l2_unpool", forward_l2_unpool, rule_l2_unpool, sizeof(Normed)};

Var op_l2_pool(Tape *t, Var x, Window window) {
    return tape_apply(t, &row_l2_pool, pooled("l2_pool", x->shape, window), &(Normed){window}, 1, &x);
}

Var op_l2_unpool(Tape *t, Var x, Var y, Var gy, Window window) {
    shape_require(shape_equal(pooled("l2_unpool", x->shape, window), gy->shape), "l2_unpool", x->shape, gy->shape);
    shape_require(shape_equal(y->shape, gy->shape), "l2_unpool", y->shape, gy->shape);
    return tape_apply(t, &row_l2_unpool, x->shape, &(Normed){window}, 3, (const Var[]){x, y, gy});
}

const Primitive *const pooling_primitives[] = {
    &row_max_pool, &row_max_gather, &row_max_unpool,    &row_convolution_relu_max_pool, &row_sum_pool, &row_sum_unpool,
    &row_l2_pool,  &row_l2_unpool,  &row_adaptive_pool, &row_adaptive_unpool,           NULL};
