/* The networks of "Understanding deep learning requires rethinking generalization" (Zhang et al. 2017), those of its
 * replications, and their counterparts for signals, which run through the same functions with windows of one row.
 *
 * The paper prints the numbers of parameters of its networks on 28 x 28 crops of CIFAR-10 (Table 1), which these have.
 * Padding keeps sizes (28-14-7, 40-20-10); batch normalisation learns shifts alone, in whose place the network without it
 * has biases.  How the paper's networks start is not published: here weights in front of relu as He et al. (2015) have
 * them, N(0, sqrt(2/fan_in)), biases at 0, the last layer as PyTorch's. */
#ifndef SCALEDOWN_NN_GENERALIZATION_NETWORKS_H
#define SCALEDOWN_NN_GENERALIZATION_NETWORKS_H

#include "base/error.h"
#include "nn/network.h"

typedef struct GeneralizationNetwork {
    const char *name, *purpose; /* "inception", "small Inception, Table 1" */
    NetworkFunction *function;
    Shape input;           /* of one example */
    size_t thinner;        /* channels are divided by this */
    size_t smaller_hidden; /* of the AlexNets: hidden units likewise */
    size_t depth;          /* of MLPs: hidden layers; of wide residual networks: blocks of each of three groups */
    int without_batch_norm;
    int replicated; /* as a replication has it: weights start as PyTorch's, and its small Inception is another */
    size_t parameters, multiply_adds;
} GeneralizationNetwork;
extern const GeneralizationNetwork generalization_networks[]; /* ends with a NULL name */

typedef struct GeneralizationSettings {
    const GeneralizationNetwork *network;
    double dropout; /* in front of the last linear layer of the paper's networks; 0: none.  The others have their own */
} GeneralizationSettings;

/* NULL for an unknown name, with an error that lists them. */
const GeneralizationNetwork *generalization_network_by_name(const char *name, Error *error);
/* network_create for the kind's input; the settings are copied into the arena. */
Network *generalization_network_create(const GeneralizationNetwork *kind, double dropout, Arena *arena);

#endif
