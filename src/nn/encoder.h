/* The encoder of the paper's self-supervised learning: the three convolutions of cnn.h, whose flattened outputs are the
 * representation, and behind them a projection head of linear layers, which training alone needs. */
#ifndef SCALEDOWN_NN_ENCODER_H
#define SCALEDOWN_NN_ENCODER_H

#include "nn/model.h"

/* Linear layers behind the outputs for losses that want some: as a head, but that they are no layers of the encoder. */
typedef struct EncoderTail {
    size_t layers, width, outputs;
} EncoderTail;

/* layers: of the head; 0: no head, and the outputs are the representation.  All but the last are `width` wide and have
 * relu; the last has `outputs` units and none.  Published: 2, 125 and 16.  tail: borrowed; NULL: none. */
typedef struct EncoderHead {
    size_t layers, width, outputs;
    const EncoderTail *tail;
} EncoderHead;
enum { ENCODER_CONVOLUTIONS = 3 };

/* x [inputs][batch] is one channel of inputs positions, at least 3; channels: of each convolution (published: 25).
 * Tensors conv1, conv2, conv3, linear1, linear2 ..., tail1, tail2, each with .weight and .bias.  Run forward the model
 * gives the outputs and, in rows behind them, those of the tail if it has one. */
Model model_encoder(size_t inputs, size_t channels, EncoderHead head);

/* Layer 0 is the signal, 1 to 3 are the convolutions behind their relu, channel by channel (3: the representation), 4
 * and more those of the head. */
size_t encoder_layers(const Model *encoder); /* how many, the signal included */
size_t encoder_layer_units(const Model *encoder, size_t layer);
/* The activations [units][batch] of a layer; weights are the tensors up to there as tape variables. */
Var encoder_activations(Tape *tape, const Model *encoder, const Var *weights, Var x, size_t layer);
/* The same of many signals, rows [n][inputs]: features [n][units]. */
void encoder_features(const Model *encoder, const real *weights, size_t layer, size_t n, const float *rows,
                      float *features);

#endif
