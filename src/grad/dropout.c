#include "grad/dropout.h"

#include "grad/primitive.h"

typedef struct Dropout {
    size_t rows, positions, batch;
    const uint8_t *keep; /* [rows][batch], on the tape: the gradient's too */
    real scale;
} Dropout;

static void forward_dropout(Tape *t, Node *node, real *out) {
    (void)t;
    const Dropout *d = node->attributes;
    dropout_apply(d->rows, d->positions, d->batch, d->keep, d->scale, node->input[0]->data, out);
}

static void rule_dropout(Tape *t, Var node, Var g, unsigned wanted, Var *out) {
    if (wants(wanted, 0)) out[0] = tape_apply(t, node->primitive, node->shape, node->attributes, 1, &g);
}

static const Primitive row_dropout = {"dropout", forward_dropout, rule_dropout, sizeof(Dropout)};

static Var apply_dropout(Tape *t, Var x, size_t rows, double p, const DropoutNoise *noise) {
    if (p == 0) return x;
    const size_t batch = x->shape.dim[x->shape.rank - 1];
    uint8_t *keep = tape_alloc(t, rows * batch, sizeof *keep);
    dropout_mask(noise, p, rows, batch, keep);
    const Dropout attributes = {rows, shape_count(x->shape) / (rows * batch), batch, keep, dropout_scale(p)};
    return tape_apply(t, &row_dropout, x->shape, &attributes, 1, &x);
}

Var op_dropout(Tape *t, Var x, double p, const DropoutNoise *noise) {
    shape_require(x->shape.rank >= 2 && p >= 0 && p <= 1, "dropout", x->shape, x->shape);
    return apply_dropout(t, x, shape_count(x->shape) / x->shape.dim[x->shape.rank - 1], p, noise);
}

Var op_channel_dropout(Tape *t, Var x, double p, const DropoutNoise *noise) {
    shape_require(x->shape.rank >= 2 && p >= 0 && p <= 1, "channel_dropout", x->shape, x->shape);
    return apply_dropout(t, x, x->shape.dim[0], p, noise);
}

const Primitive *const dropout_primitives[] = {&row_dropout, NULL};
