#include "grad/pooling.h"

#include "grad/elementwise.h"
#include "grad/primitive.h"
#include "kernels/pooling.h"

static Pool pool_of(Shape x) {
    return (Pool){.channels = x.dim[0], .length = x.dim[1], .batch = x.dim[2]};
}

static Shape pooled(const char *primitive, Shape x) {
    shape_require(x.rank == 3 && x.dim[1] >= 2, primitive, x, x);
    return shape_signal(x.dim[0], pool_output_length(x.dim[1]), x.dim[2]);
}

/* ---- maxima: which of a pair is the larger is locally constant, so only the values have a derivative ---- */

/* The attributes of max_pool and convolution_relu_max_pool. */
typedef struct Maxima {
    Shape of;              /* the signal whose pairs were compared */
    const int32_t *choice; /* which of each pair was taken; filled in by the forward kernel */
    Activation before;     /* of max_pool: relu or nothing, applied to the signal first */
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
    const Pool pool = pool_of(node->input[0]->shape);
    int32_t *choice = tape_alloc(t, shape_count(node->shape), sizeof *choice);
    maxima->choice = choice;
    max_pool(&pool, maxima->before, node->input[0]->data, out, choice, node->shape.dim[1] * node->shape.dim[2]);
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
    const Pool pool = pool_of(maxima->of);
    max_gather(&pool, maxima->choice, node->input[0]->data, out);
}

static void rule_max_gather(Tape *t, Var node, Var g, unsigned wanted, Var *out) {
    if (wants(wanted, 0)) out[0] = op_max_unpool(t, maxima_of(node), g);
}

static void forward_max_unpool(Tape *t, Node *node, real *out) {
    (void)t;
    const Maxima *maxima = maxima_of(node)->attributes;
    const Pool pool = pool_of(maxima->of);
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

Var op_max_pool(Tape *t, Var x) {
    const Maxima maxima = {.of = x->shape, .before = ACTIVATION_NONE};
    return tape_apply(t, &row_max_pool, pooled("max_pool", x->shape), &maxima, 1, &x);
}

Var op_relu_max_pool(Tape *t, Var x) {
    const Maxima maxima = {.of = x->shape, .before = ACTIVATION_RELU};
    return tape_apply(t, &row_max_pool, pooled("max_pool", x->shape), &maxima, 1, &x);
}

Var op_convolution_relu_max_pool(Tape *t, Var x, Var weight, Var bias, ConvGeometry g) {
    const char *name = row_convolution_relu_max_pool.name;
    const Maxima maxima = {.of = convolution_bias_shape(name, x->shape, weight->shape, bias->shape, g), .geometry = g};
    return tape_apply(t, &row_convolution_relu_max_pool, pooled(name, maxima.of), &maxima, 3,
                      (const Var[]){x, weight, bias});
}

/* The shape of the signal that maxima were taken of; another node is a wrong argument. */
static Shape signal_of(const char *primitive, Var maxima, Var other) {
    shape_require(maxima->primitive == &row_max_pool || maxima->primitive == &row_convolution_relu_max_pool, primitive,
                  maxima->shape, other->shape);
    return ((const Maxima *)maxima->attributes)->of;
}

Var op_max_gather(Tape *t, Var maxima, Var values) {
    const Shape signal = signal_of("max_gather", maxima, values);
    shape_require(shape_equal(signal, values->shape), "max_gather", signal, values->shape);
    return tape_apply(t, &row_max_gather, maxima->shape, &(AtMaxima){maxima}, 1, &values);
}

Var op_max_unpool(Tape *t, Var maxima, Var gy) {
    const Shape signal = signal_of("max_unpool", maxima, gy);
    shape_require(shape_equal(maxima->shape, gy->shape), "max_unpool", maxima->shape, gy->shape);
    return tape_apply(t, &row_max_unpool, signal, &(AtMaxima){maxima}, 1, &gy);
}

/* ---- sums and averages: the attribute is the factor ---- */

static void forward_sum_pool(Tape *t, Node *node, real *out) {
    (void)t;
    const Pool pool = pool_of(node->input[0]->shape);
    sum_pool(&pool, *(const real *)node->attributes, node->input[0]->data, out);
}

static void rule_sum_pool(Tape *t, Var node, Var g, unsigned wanted, Var *out) {
    if (wants(wanted, 0)) out[0] = op_sum_unpool(t, g, *(const real *)node->attributes, node->input[0]->shape.dim[1]);
}

static void forward_sum_unpool(Tape *t, Node *node, real *out) {
    (void)t;
    const Pool pool = pool_of(node->shape);
    sum_unpool(&pool, *(const real *)node->attributes, node->input[0]->data, out);
}

static void rule_sum_unpool(Tape *t, Var node, Var g, unsigned wanted, Var *out) {
    if (wants(wanted, 0)) out[0] = op_sum_pool(t, g, *(const real *)node->attributes);
}

static const Primitive row_sum_pool = {"sum_pool", forward_sum_pool, rule_sum_pool, sizeof(real)};
static const Primitive row_sum_unpool = {"sum_unpool", forward_sum_unpool, rule_sum_unpool, sizeof(real)};

Var op_sum_pool(Tape *t, Var x, real factor) {
    return tape_apply(t, &row_sum_pool, pooled("sum_pool", x->shape), &factor, 1, &x);
}

Var op_sum_unpool(Tape *t, Var gy, real factor, size_t length) {
    const Shape shape = shape_signal(gy->shape.dim[0], length, gy->shape.dim[2]);
    shape_require(shape_equal(pooled("sum_unpool", shape), gy->shape), "sum_unpool", shape, gy->shape);
    return tape_apply(t, &row_sum_unpool, shape, &factor, 1, &gy);
}

Var op_average_pool(Tape *t, Var x) {
    return op_sum_pool(t, x, REAL(0.5));
}

/* ---- Euclidean norms ---- */

static void forward_l2_pool(Tape *t, Node *node, real *out) {
    (void)t;
    const Pool pool = pool_of(node->input[0]->shape);
    l2_pool(&pool, node->input[0]->data, out);
}

static void rule_l2_pool(Tape *t, Var node, Var g, unsigned wanted, Var *out) {
    if (wants(wanted, 0)) out[0] = op_l2_unpool(t, node->input[0], node, g);
}

static void forward_l2_unpool(Tape *t, Node *node, real *out) {
    (void)t;
    const Pool pool = pool_of(node->shape);
    l2_unpool(&pool, node->input[0]->data, node->input[1]->data, node->input[2]->data, out);
}

/* gx = x S(q) with q = gy / y, where S repeats an element over its pair and its adjoint P adds up the pair. */
static void rule_l2_unpool(Tape *t, Var node, Var g, unsigned wanted, Var *out) {
    Var x = node->input[0], y = node->input[1], gy = node->input[2];
    if (wants(wanted, 0)) out[0] = op_l2_unpool(t, g, y, gy);
    if (!(wanted & 6)) return;
    Var quotient = op_divide_or_zero(t, op_sum_pool(t, op_mul(t, g, x), 1), y);
    if (wants(wanted, 2)) out[2] = quotient;
    if (wants(wanted, 1)) {
        Var q = op_divide_or_zero(t, gy, y);
        out[1] = op_scale(t, op_mul(t, quotient, q), -1);
    }
}

static const Primitive row_l2_pool = {"l2_pool", forward_l2_pool, rule_l2_pool, 0};
static const Primitive row_l2_unpool = {"l2_unpool", forward_l2_unpool, rule_l2_unpool, 0};

Var op_l2_pool(Tape *t, Var x) {
    return tape_apply(t, &row_l2_pool, pooled("l2_pool", x->shape), NULL, 1, &x);
}

Var op_l2_unpool(Tape *t, Var x, Var y, Var gy) {
    shape_require(shape_equal(pooled("l2_unpool", x->shape), gy->shape), "l2_unpool", x->shape, gy->shape);
    shape_require(shape_equal(y->shape, gy->shape), "l2_unpool", y->shape, gy->shape);
    return tape_apply(t, &row_l2_unpool, x->shape, NULL, 3, (const Var[]){x, y, gy});
}

const Primitive *const pooling_primitives[] = {
    &row_max_pool, &row_max_gather, &row_max_unpool, &row_convolution_relu_max_pool,
    &row_sum_pool, &row_sum_unpool, &row_l2_pool,    &row_l2_unpool,
    NULL};
