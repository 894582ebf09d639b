#include "grad/local_response_norm.h"

#include "grad/elementwise.h"
#include "grad/fused.h"
#include "grad/pooling.h"
#include "grad/primitive.h"
#include "grad/reshape.h"

/* The attributes of the forward row. */
typedef struct Normalised {
    LocalResponse norm;
} Normalised;

static size_t count_of(Var x) { /* elements of a channel */
    return shape_count(x->shape) / x->shape.dim[0];
}

static void forward_local_response_norm(Tape *t, Node *node, real *out) {
    (void)t;
    const Normalised *normalised = node->attributes;
    Var x = node->input[0];
    local_response_norm_forward(&normalised->norm, x->shape.dim[0], count_of(x), x->data, out);
}

static void forward_backward(Tape *t, Node *node, real *out) {
    (void)t;
    const Normalised *normalised = ((const Backward *)node->attributes)->forward->attributes;
    Var x = node->input[0], g = node->input[1];
    local_response_norm_gradient(&normalised->norm, x->shape.dim[0], count_of(x), x->data, g->data, out);
}

/* Channels are the rows of one image here, over which a window slides.  One of even size lies before its channel by one
 * more than behind, as the padding on both sides then makes it, and there is an output too many at the end. */
static Var reference(Tape *t, Var forward, const Var *inputs) {
    const LocalResponse *norm = &((const Normalised *)forward->attributes)->norm;
    const size_t channels = forward->shape.dim[0], count = count_of(forward);
    const Window window = {.rows = {norm->size, 1, norm->size / 2}, .columns = {1, 1, 0}};
    Var x = op_reshape(t, inputs[0], shape_image(1, channels, 1, count));
    Var sums = op_sum_pool(t, op_mul(t, x, x), window, 1);
    sums = op_slice(t, sums, 0, x->shape);
    Var d = op_add_constant(t, op_scale(t, sums, (real)(norm->alpha / (double)norm->size)), (real)norm->k);
    Var power = op_exp(t, op_scale(t, op_log(t, d), (real)-norm->beta));
    return op_reshape(t, op_mul(t, x, power), forward->shape);
}

static void rule_backward(Tape *t, Var node, Var g, unsigned wanted, Var *out) {
    fused_backward_rule(t, reference, node, g, wanted, out);
}

static const Primitive row_backward = {"local_response_norm_backward", forward_backward, rule_backward,
                                       sizeof(Backward)};

static void rule_local_response_norm(Tape *t, Var node, Var g, unsigned wanted, Var *out) {
    fused_rule(t, &row_backward, node, g, 1, wanted, out);
}

static const Primitive row_local_response_norm = {"local_response_norm", forward_local_response_norm,
                                                  rule_local_response_norm, sizeof(Normalised)};

Var op_local_response_norm(Tape *t, Var x, LocalResponse norm) {
    shape_require(x->shape.rank >= 2 && norm.size > 0 && norm.alpha >= 0 && norm.k > 0, "local_response_norm", x->shape,
                  shape_vector(norm.size));
    return tape_apply(t, &row_local_response_norm, x->shape, &(Normalised){norm}, 1, &x);
}

const Primitive *const local_response_norm_primitives[] = {&row_local_response_norm, &row_backward, NULL};
