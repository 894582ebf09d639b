/* Inception v3 (Szegedy, Vanhoucke, Ioffe, Shlens, Wojna 2016, "Rethinking the Inception architecture for computer vision") with
 * torchvision's names: batch normalisation with epsilon 0.001 and relu behind every convolution, of which none has a bias. */
#ifndef SCALEDOWN_NN_INCEPTION_V3_H
#define SCALEDOWN_NN_INCEPTION_V3_H

#include "nn/network.h"

enum {
    INCEPTION_V3_SIZE = 299, /* of published inputs; the least that has places enough for the auxiliary head */
    INCEPTION_V3_LEAST = 75, /* leaves one place at the end */
    INCEPTION_V3_MOST = 1024,
    IMAGENET_CLASSES = 1000
};

typedef struct InceptionV3 {
    size_t size, outputs;    /* images are [3][size][size] */
    int auxiliary;           /* has the auxiliary head, whose outputs stand behind the others */
    double auxiliary_weight; /* of its loss; torchvision's training has 0.4 */
    double dropout;          /* in front of the last layer; 0.5 */
    size_t thinner;          /* channels are divided by this: 1, or for tests a divisor of 16 */
} InceptionV3;

/* As published: 27,161,264 parameters for 1000 classes, without the auxiliary head 23,834,568. */
extern const InceptionV3 inception_v3_published;
/* The settings, borrowed, must last as long as the network. */
Network *inception_v3_create(const InceptionV3 *settings, Arena *arena);
/* For the protocol of fit.h: the cross-entropy, plus that of the auxiliary head times its weight. */
Var inception_v3_loss(Pass *p, Var outputs, const uint16_t *labels, const void *unused);

#endif
