/* The networks of the fifteen questions about training on MNIST and Fashion-MNIST (Johns Hopkins University, CS 482/682,
 * assignment p02, 2018): the default one, and what the questions change in it, as assigned, as one team coded it, and as
 * another did.
 *
 * Images [1][28][28]; signals [1][length] run through the same functions, with windows of one row.  In a block the
 * convolution comes first, then pooling, then relu. */
#ifndef SCALEDOWN_NN_QUESTION_NETWORKS_H
#define SCALEDOWN_NN_QUESTION_NETWORKS_H

#include "base/error.h"
#include "nn/network.h"

typedef struct QuestionNetwork QuestionNetwork;

typedef struct QuestionSettings {
    double dropout; /* before the last linear layer; published 0.5 */
    double
        channel_dropout; /* of batch-norm-dropout and dropout-batch-norm; published 0.5 by one team, 0.2 by the other */
    double dropout1, dropout2; /* behind the convolutions of ultimate; published 0.3 and 0.4 */
    Initial scales;            /* of batch normalisation: U(0, 1) in PyTorch 0.3, with which was published, else 1 */
    const QuestionNetwork *network; /* set by question_network_create */
} QuestionSettings;
QuestionSettings question_settings(void); /* the published ones, of the first team */

struct QuestionNetwork {
    const char *name, *purpose; /* "half", "Q7 as assigned: half the channels and units" */
    NetworkFunction *function;
    size_t channels1, channels2, hidden; /* of those with two blocks */
    size_t parameters, multiply_adds;    /* published, for images of 28 x 28 */
};
extern const QuestionNetwork question_networks[]; /* ends with a NULL name */

/* NULL for an unknown name, with an error that lists them. */
const QuestionNetwork *question_network_by_name(const char *name, Error *error);
/* The network for inputs of the given shape (network_create); the settings are copied into the arena. */
Network *question_network_create(const QuestionNetwork *kind, const QuestionSettings *settings, Shape input,
                                 Arena *arena);

#endif
