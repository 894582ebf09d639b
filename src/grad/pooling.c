/* Pooling over pairs.  Rows come in adjoint pairs: chosen_pool and chosen_unpool, sum_pool and sum_unpool; the norm's
 * gradient is written in these and divide_or_zero, which is its own derivative's only other part. */
#include "grad/primitive.h"

static Pool pool_of(Shape x) {
    return (Pool){.channels = x.dim[0], .length = x.dim[1], .batch = x.dim[2]};
}

static Shape pooled(const char *primitive, Shape x) {
    shape_require(x.rank == 3 && x.dim[1] >= 2, primitive, x, x);
    return shape_signal(x.dim[0], pool_output_length(x.dim[1]), x.dim[2]);
}

static const Attributes NONE = {0};

/* ---- maxima: what is chosen is locally constant, so only the values have a derivative ---- */

static size_t short_step(Shape y) {
    return y.dim[1] * y.dim[2];
}

static void forward_max_pool(Tape *t, Node *node, real *out) {
    const Pool pool = pool_of(node->input[0]->shape);
    int32_t *choice = tape_alloc(t, shape_count(node->shape), sizeof *choice);
    node->attributes.choice = choice;
    max_pool(&pool, node->attributes.activation, node->input[0]->data, out, choice, short_step(node->shape));
}

static void rule_max_pool(Tape *t, Var node, Var g, unsigned wanted, Var *out) {
    if (wanted & 1) out[0] = op_chosen_unpool(t, node, g);
}

static void forward_chosen_pool(Tape *t, Node *node, real *out) {
    (void)t;
    const Pool pool = pool_of(node->input[0]->shape);
    chosen_pool(&pool, node->attributes.source->attributes.choice, node->input[0]->data, out);
}

static void rule_chosen_pool(Tape *t, Var node, Var g, unsigned wanted, Var *out) {
    if (wanted & 1) out[0] = op_chosen_unpool(t, node->attributes.source, g);
}

static void forward_chosen_unpool(Tape *t, Node *node, real *out) {
    (void)t;
    const Pool pool = pool_of(node->shape);
    chosen_unpool(&pool, node->attributes.source->attributes.choice, node->input[0]->data, out);
}

static void rule_chosen_unpool(Tape *t, Var node, Var g, unsigned wanted, Var *out) {
    if (wanted & 1) out[0] = op_chosen_pool(t, node->attributes.source, g);
}

/* The convolution is bilinear and its gradients are primitives: relu and maximum are in the choice. */
static void forward_conv1d_relu_max_pool(Tape *t, Node *node, real *out) {
    Var x = node->input[0], weight = node->input[1], bias = node->input[2];
    const Conv1d conv = conv1d_of(x->shape, weight->shape, node->attributes.geometry);
    int32_t *choice = tape_alloc(t, shape_count(node->shape), sizeof *choice);
    node->attributes.choice = choice;
    conv1d_relu_max_pool(&conv, x->data, weight->data, bias->data, out, choice);
}

static void rule_conv1d_relu_max_pool(Tape *t, Var node, Var g, unsigned wanted, Var *out) {
    conv1d_bias_gradients(t, node, op_chosen_unpool(t, node, g), wanted, out);
}

const Primitive row_max_pool = {.name = "max_pool", .forward = forward_max_pool, .rule = rule_max_pool};
const Primitive row_chosen_pool = {.name = "chosen_pool", .forward = forward_chosen_pool, .rule = rule_chosen_pool};
const Primitive row_chosen_unpool = {
    .name = "chosen_unpool", .forward = forward_chosen_unpool, .rule = rule_chosen_unpool};
const Primitive row_conv1d_relu_max_pool = {
    .name = "conv1d_relu_max_pool", .forward = forward_conv1d_relu_max_pool, .rule = rule_conv1d_relu_max_pool};

static Var max_pool_after(Tape *t, Var x, Activation before) {
    return tape_apply(t, &row_max_pool, pooled("max_pool", x->shape),
                      (Attributes){.activation = before, .chosen_of = x->shape}, 1, &x);
}

Var op_max_pool(Tape *t, Var x) {
    return max_pool_after(t, x, ACTIVATION_NONE);
}

Var op_relu_max_pool(Tape *t, Var x) {
    return max_pool_after(t, x, ACTIVATION_RELU);
}

Var op_conv1d_relu_max_pool(Tape *t, Var x, Var weight, Var bias, ConvGeometry g) {
    const Shape all = conv1d_shape("conv1d_relu_max_pool", x->shape, weight->shape, g);
    shape_require(shape_equal(bias->shape, shape_vector(weight->shape.dim[0])), "conv1d_relu_max_pool", weight->shape,
                  bias->shape);
    return tape_apply(t, &row_conv1d_relu_max_pool, pooled("conv1d_relu_max_pool", all),
                      (Attributes){.geometry = g, .chosen_of = all}, 3, (const Var[]){x, weight, bias});
}

Var op_chosen_pool(Tape *t, Var maxima, Var values) {
    shape_require(shape_equal(maxima->attributes.chosen_of, values->shape), "chosen_pool", maxima->attributes.chosen_of,
                  values->shape);
    return tape_apply(t, &row_chosen_pool, maxima->shape, (Attributes){.source = maxima}, 1, &values);
}

Var op_chosen_unpool(Tape *t, Var maxima, Var gy) {
    shape_require(shape_equal(maxima->shape, gy->shape), "chosen_unpool", maxima->shape, gy->shape);
    return tape_apply(t, &row_chosen_unpool, maxima->attributes.chosen_of, (Attributes){.source = maxima}, 1, &gy);
}

/* ---- sums and averages ---- */

static void forward_sum_pool(Tape *t, Node *node, real *out) {
    (void)t;
    const Pool pool = pool_of(node->input[0]->shape);
    sum_pool(&pool, node->attributes.constant, node->input[0]->data, out);
}

static void rule_sum_pool(Tape *t, Var node, Var g, unsigned wanted, Var *out) {
    if (wanted & 1) out[0] = op_sum_unpool(t, g, node->attributes.constant, node->input[0]->shape.dim[1]);
}

static void forward_sum_unpool(Tape *t, Node *node, real *out) {
    (void)t;
    const Pool pool = pool_of(node->shape);
    sum_unpool(&pool, node->attributes.constant, node->input[0]->data, out);
}

static void rule_sum_unpool(Tape *t, Var node, Var g, unsigned wanted, Var *out) {
    if (wanted & 1) out[0] = op_sum_pool(t, g, node->attributes.constant);
}

const Primitive row_sum_pool = {.name = "sum_pool", .forward = forward_sum_pool, .rule = rule_sum_pool};
const Primitive row_sum_unpool = {.name = "sum_unpool", .forward = forward_sum_unpool, .rule = rule_sum_unpool};

Var op_sum_pool(Tape *t, Var x, real factor) {
    return tape_apply(t, &row_sum_pool, pooled("sum_pool", x->shape), (Attributes){.constant = factor}, 1, &x);
}

Var op_sum_unpool(Tape *t, Var gy, real factor, size_t length) {
    const Shape shape = shape_signal(gy->shape.dim[0], length, gy->shape.dim[2]);
    shape_require(shape_equal(pooled("sum_unpool", shape), gy->shape), "sum_unpool", shape, gy->shape);
    return tape_apply(t, &row_sum_unpool, shape, (Attributes){.constant = factor}, 1, &gy);
}

Var op_average_pool(Tape *t, Var x) {
    return op_sum_pool(t, x, REAL(0.5));
}

/* ---- Euclidean norms ---- */

static void forward_divide_or_zero(Tape *t, Node *node, real *out) {
    (void)t;
    const real *a = node->input[0]->data, *b = node->input[1]->data;
    const size_t count = shape_count(node->shape);
    for (size_t i = 0; i < count; i++) {
        const real divisor = b[i] > 0 ? b[i] : 1;
        out[i] = b[i] > 0 ? a[i] / divisor : 0;
    }
}

static void rule_divide_or_zero(Tape *t, Var node, Var g, unsigned wanted, Var *out) { /* dq/db = -q / b */
    Var quotient = op_divide_or_zero(t, g, node->input[1]);
    if (wanted & 1) out[0] = quotient;
    if (wanted & 2) out[1] = op_scale(t, op_mul(t, quotient, node), -1);
}

static void forward_l2_pool(Tape *t, Node *node, real *out) {
    (void)t;
    const Pool pool = pool_of(node->input[0]->shape);
    l2_pool(&pool, node->input[0]->data, out);
}

static void rule_l2_pool(Tape *t, Var node, Var g, unsigned wanted, Var *out) {
    if (wanted & 1) out[0] = op_l2_unpool(t, node->input[0], node, g);
}

static void forward_l2_unpool(Tape *t, Node *node, real *out) {
    (void)t;
    const Pool pool = pool_of(node->shape);
    l2_unpool(&pool, node->input[0]->data, node->input[1]->data, node->input[2]->data, out);
}

/* gx = x S(q) with q = gy / y, where S repeats an element over its pair and its adjoint P adds up the pair. */
static void rule_l2_unpool(Tape *t, Var node, Var g, unsigned wanted, Var *out) {
    Var x = node->input[0], y = node->input[1], gy = node->input[2];
    if (wanted & 1) out[0] = op_l2_unpool(t, g, y, gy);
    if (!(wanted & 6)) return;
    Var quotient = op_divide_or_zero(t, op_sum_pool(t, op_mul(t, g, x), 1), y);
    if (wanted & 4) out[2] = quotient;
    if (wanted & 2) {
        Var q = op_divide_or_zero(t, gy, y);
        out[1] = op_scale(t, op_mul(t, quotient, q), -1);
    }
}

const Primitive row_divide_or_zero = {
    .name = "divide_or_zero", .forward = forward_divide_or_zero, .rule = rule_divide_or_zero};
const Primitive row_l2_pool = {.name = "l2_pool", .forward = forward_l2_pool, .rule = rule_l2_pool};
const Primitive row_l2_unpool = {.name = "l2_unpool", .forward = forward_l2_unpool, .rule = rule_l2_unpool};

Var op_divide_or_zero(Tape *t, Var a, Var b) {
    shape_require(shape_equal(a->shape, b->shape), "divide_or_zero", a->shape, b->shape);
    return tape_apply(t, &row_divide_or_zero, a->shape, NONE, 2, (const Var[]){a, b});
}

Var op_l2_pool(Tape *t, Var x) {
    return tape_apply(t, &row_l2_pool, pooled("l2_pool", x->shape), NONE, 1, &x);
}

Var op_l2_unpool(Tape *t, Var x, Var y, Var gy) {
    shape_require(shape_equal(pooled("l2_unpool", x->shape), gy->shape), "l2_unpool", x->shape, gy->shape);
    shape_require(shape_equal(y->shape, gy->shape), "l2_unpool", y->shape, gy->shape);
    return tape_apply(t, &row_l2_unpool, x->shape, NONE, 3, (const Var[]){x, y, gy});
}
