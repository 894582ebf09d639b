#include "grad/loss.h"

#include <string.h>

#include "grad/elementwise.h"
#include "grad/fused.h"
#include "grad/primitive.h"
#include "grad/reduce.h"
#include "kernels/loss.h"

typedef struct SoftmaxCrossEntropy {
    const uint16_t *labels; /* borrowed */
    real *probabilities;    /* of the forward pass, for the backward one */
} SoftmaxCrossEntropy;

static void forward_softmax_cross_entropy(Tape *t, Node *node, real *out) {
    Var logits = node->input[0];
    SoftmaxCrossEntropy *attributes = node->attributes;
    attributes->probabilities = tape_alloc(t, shape_count(logits->shape), sizeof *out);
    out[0] = softmax_cross_entropy(logits->shape.dim[0], logits->shape.dim[1], logits->data, attributes->labels,
                                   attributes->probabilities);
}

static void forward_softmax_cross_entropy_backward(Tape *t, Node *node, real *out) {
    (void)t;
    const SoftmaxCrossEntropy *forward = ((const Backward *)node->attributes)->forward->attributes;
    Var logits = node->input[0], g = node->input[1];
    softmax_cross_entropy_gradient(logits->shape.dim[0], logits->shape.dim[1], forward->probabilities, forward->labels,
                                   g->data[0], out);
}

/* mean over columns of log sum exp(x - m) - (x - m)[label], with m the largest entry of the column: a constant, for
 * the loss does not depend on it. */
static Var reference(Tape *t, Var forward, const Var *inputs) {
    const SoftmaxCrossEntropy *attributes = forward->attributes;
    Var logits = inputs[0];
    size_t classes = logits->shape.dim[0], batch = logits->shape.dim[1];
    real *largest = tape_alloc(t, classes * batch, sizeof *largest);
    real *onehot = tape_alloc(t, classes * batch, sizeof *onehot);
    memcpy(largest, logits->data, batch * sizeof *largest);
    for (size_t i = 0; i < classes * batch; i++) {
        size_t column = i % batch;
        onehot[i] = attributes->labels[column] == i / batch ? 1 : 0;
        if (logits->data[i] > largest[column]) largest[column] = logits->data[i];
    }
    for (size_t i = batch; i < classes * batch; i++) largest[i] = largest[i - batch];
    Var shifted = op_sub(t, logits, tape_input(t, logits->shape, largest));
    Var normalizer = op_sum(t, op_log(t, op_sum_rows(t, op_exp(t, shifted))));
    Var at_labels = op_sum(t, op_mul(t, shifted, tape_input(t, logits->shape, onehot)));
    return op_scale(t, op_sub(t, normalizer, at_labels), 1 / (real)batch);
}

static void rule_backward(Tape *t, Var node, Var g, unsigned wanted, Var *out) {
    fused_backward_rule(t, reference, node, g, wanted, out);
}

static const Primitive row_softmax_cross_entropy_backward = {
    "softmax_cross_entropy_backward", forward_softmax_cross_entropy_backward, rule_backward, sizeof(Backward)};

static void rule_softmax_cross_entropy(Tape *t, Var node, Var g, unsigned wanted, Var *out) {
    fused_rule(t, &row_softmax_cross_entropy_backward, node, g, wanted, wanted, out);
}

static const Primitive row_softmax_cross_entropy = {"softmax_cross_entropy", forward_softmax_cross_entropy,
                                                    rule_softmax_cross_entropy, sizeof(SoftmaxCrossEntropy)};

Var op_softmax_cross_entropy(Tape *t, Var logits, const uint16_t *labels) {
    shape_require(logits->shape.rank == 2, "softmax_cross_entropy", logits->shape, shape_scalar());
    return tape_apply(t, &row_softmax_cross_entropy, shape_scalar(), &(SoftmaxCrossEntropy){labels, NULL}, 1, &logits);
}

Var op_smoothed_cross_entropy(Tape *t, Var logits, const uint16_t *labels, double smoothing) {
    const Shape shape = logits->shape;
    const size_t classes = shape.dim[0], batch = shape.dim[1];
    real *factors = tape_alloc(t, classes * batch, sizeof *factors);
    for (size_t i = 0; i < classes * batch; i++) {
        const double label = labels[i % batch] == i / batch ? 1 : 0;
        factors[i] = (real)(smoothing * (label - 1 / (double)classes) / (double)batch);
    }
    Var plain = op_softmax_cross_entropy(t, logits, labels);
    Var smoother = op_sum(t, op_mul(t, logits, tape_input(t, shape, factors)));
    return op_add(t, plain, smoother);
}

const Primitive *const loss_primitives[] = {&row_softmax_cross_entropy, &row_softmax_cross_entropy_backward, NULL};
