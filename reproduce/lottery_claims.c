#include "lottery_claims.h"

#include <math.h>
#include <stddef.h>

#define CELL "default"
#define NONE                                                                                                           \
    { NULL, NULL, NAN }
#define AT(metric, x)                                                                                                  \
    { CELL, metric, x }
#define FINAL(run) AT(run "_accuracy", 6000)
/* Two whole points, as for the recorded runs of the classification benchmark; and one tenth of a nat. */
#define POINTS 2.0
#define NATS 0.1

#define ABOVE(id, item, text, a, b, note)                                                                              \
    { "lottery-" id, item, text, CLAIM_ABOVE, a, b, NULL, 0, note }
#define VALUE(id, item, text, a, published, margin, note)                                                              \
    { "lottery-" id, item, text, CLAIM_VALUE, a, NONE, published, margin, note }

#define BAR(net, kind, length, margin, metric, text, note)                                                             \
    {                                                                                                                  \
        "lottery-adjacent-" net "-" #length, "Fig. 4g", text, kind, AT(metric, length), NONE,                          \
            "adjacent-" net "-" #length, margin, note                                                                  \
    }
#define SAME_MASK "The random scores follow PyTorch's stream, so that trial 1 has the published mask."
#define HALF "The margin is half of what is published between ticket and random mask."

/* The random ticket of trial 1 of the published figure, which ours must be. */
#define IMAGE_RANDOM(what, metric, x, text)                                                                            \
    {                                                                                                                  \
        "lottery-image-random-" what, "Fig. S2", text, CLAIM_SAME_RUN, AT(metric, x), NONE, "images-random-" what, 0,  \
            SAME_MASK                                                                                                  \
    }
#define IMAGE_TICKET(what, metric, x, text)                                                                            \
    VALUE("image-lottery-" what, "Fig. S2", text, AT(metric, x), "images-lottery-" what, 0,                            \
          "The pictured masks are those of round 90, one round before the one in the caption.")

#define OWN "Own initial weights, as in the run of the figure."
#define FRESH                                                                                                          \
    "In the later notebook, whose tickets have fresh weights throughout, the flipped one ends just below its dense "   \
    "network: 62.8 against 63.05."

const Claim lottery_claims[] = {
    ABOVE("better-at-91", "Fig. 4b", "At 91.9 % sparsity the ticket is better than the dense network.",
          AT("lottery_test_accuracy", 91), AT("lottery_test_accuracy", 0), NULL),
    ABOVE("better-at-95", "Section 5.1", "More than 95 % sparse, the ticket is better than the dense network.",
          AT("lottery_test_accuracy", 95), AT("lottery_test_accuracy", 0), "Round 95 has 96.0 %."),
    ABOVE("better-at-96", "Fig. 4b", "It still is at 97.0 %.", AT("lottery_test_accuracy", 96),
          AT("lottery_test_accuracy", 0), NULL),
    ABOVE("worse-at-97", "Fig. 4b", "At 98.0 % it is worse than the dense network.", AT("lottery_test_accuracy", 0),
          AT("lottery_test_accuracy", 97), NULL),
    ABOVE("worse-at-98", "Fig. 4b", "At 99.0 % it is worse than the dense network.", AT("lottery_test_accuracy", 0),
          AT("lottery_test_accuracy", 98), NULL),
    VALUE("last-above-dense", "Fig. 4b", "The ticket is above the dense network up to 97.0 % sparsity.",
          AT("last_above_dense", NAN), "last-above-dense", 1.5, "The margin is a round and a half."),
    ABOVE("above-random-at-91", "Fig. 4b", "At 91.9 % the ticket is better than random pruning.",
          AT("lottery_test_accuracy", 91), AT("random_test_accuracy", 91), NULL),
    VALUE("gain-over-random", "Fig. 4b", "Between 80 % and 96 % the ticket is 9.3 points better than random pruning.",
          AT("gain_over_random", NAN), "gain-over-random", POINTS, "Mean over the rounds."),
    VALUE("peak-accuracy", "Fig. 4b", "The best round of a trial reaches 75.3 %.", AT("peak_accuracy", NAN),
          "peak-accuracy", POINTS, "Chosen by the test set, and so flatters."),
    VALUE("peak-sparsity", "Fig. 4b", "That is at 86 % sparsity.", AT("peak_sparsity", NAN), "peak-sparsity", 0,
          "The published trials have their best rounds at 80 % and 92 %."),
    ABOVE("loss-below-dense", "Fig. 4a", "At 97.0 % sparsity the ticket's test loss is below the dense network's.",
          AT("lottery_test_loss", 0), AT("lottery_test_loss", 96), NULL),
    ABOVE("loss-lowest", "Fig. 4a", "The ticket's test loss is lower at 98.0 % sparsity than at 91.9 %.",
          AT("lottery_test_loss", 91), AT("lottery_test_loss", 97), NULL),
    VALUE("loss-all-pruned", "Fig. 4a", "With everything pruned the loss is ln 10.", AT("lottery_test_loss", 99),
          "search-loss-99", 0, NULL),
    VALUE("asymptote", "Section 5.1", "Retrained, the ticket reaches about 70 %.", FINAL("original_lottery"),
          "text-asymptote", POINTS, NULL),
    VALUE("asymptote-flipped", "Section 5.1", "On flipped data too it reaches about 70 %.", FINAL("flipped_lottery"),
          "text-flipped", POINTS, "The figure ends at 68.75 %."),
    ABOVE("original-above-dense", "Fig. 4c", "Retrained, the ticket is better than the dense network.",
          FINAL("original_lottery"), FINAL("original_dense"), OWN),
    ABOVE("original-above-random", "Fig. 4c", "Retrained, the ticket is better than a random mask.",
          FINAL("original_lottery"), FINAL("original_random"), OWN),
    ABOVE("original-random-below", "Fig. 4c", "Retrained, a random mask is worse than the dense network.",
          FINAL("original_dense"), FINAL("original_random"), NULL),
    ABOVE("flipped-above-dense", "Fig. 4d", "The ticket is better than the dense network on flipped data.",
          FINAL("flipped_lottery"), FINAL("flipped_dense"), OWN),
    ABOVE("flipped-below-original", "Fig. 4d", "The ticket is worse on flipped data than on the original.",
          FINAL("original_lottery"), FINAL("flipped_lottery"), OWN),
    ABOVE("shuffled-below-dense", "Fig. 4e", "On shuffled data the ticket falls below the dense network.",
          FINAL("shuffled_dense"), FINAL("shuffled_lottery"), OWN),
    ABOVE("shuffled-above-random", "Fig. 4e", "On shuffled data it is still better than a random mask.",
          FINAL("shuffled_lottery"), FINAL("shuffled_random"), OWN),
    ABOVE("shuffled-below-original", "Fig. 4e", "Shuffling makes the ticket worse.", FINAL("original_lottery"),
          FINAL("shuffled_lottery"), OWN),
    ABOVE("reinit-above-dense", "Fig. 4f", "With fresh weights the ticket is better than the dense network.",
          FINAL("original_fresh_lottery"), FINAL("original_fresh_dense"), NULL),
    ABOVE("reinit-above-random", "Fig. 4f", "With fresh weights the ticket is better than a random mask.",
          FINAL("original_fresh_lottery"), FINAL("original_fresh_random"), NULL),
    ABOVE("reinit-below-own", "Fig. 4f", "With fresh weights the ticket is worse than with its own.",
          FINAL("original_lottery"), FINAL("original_fresh_lottery"), NULL),
    ABOVE("chunks-above-dense", "notebook", "With its quarters moved around the ticket is better than the dense one.",
          FINAL("chunks_lottery"), FINAL("chunks_dense"), OWN),
    ABOVE("flipped-fresh-above-dense", "Fig. 4d",
          "With fresh weights, too, the ticket is better than the dense network on flipped data.",
          FINAL("flipped_fresh_lottery"), FINAL("flipped_dense"), FRESH),
    ABOVE("flipped-fresh-below-own", "Fig. 4d", "On flipped data its own weights are better than fresh ones.",
          FINAL("flipped_lottery"), FINAL("flipped_fresh_lottery"), NULL),
    ABOVE("shuffled-fresh-below-dense", "Fig. 4e",
          "With fresh weights, too, the ticket falls below the dense network on shuffled data.",
          FINAL("shuffled_dense"), FINAL("shuffled_fresh_lottery"), NULL),
    BAR("random", CLAIM_SAME_RUN, 2, 0, "random_adjacent", "The random mask has 144 pairs.", SAME_MASK),
    BAR("random", CLAIM_SAME_RUN, 3, 0, "random_adjacent", "The random mask has 18 runs of three.", SAME_MASK),
    BAR("random", CLAIM_SAME_RUN, 4, 0, "random_adjacent", "The random mask has 2 runs of four.", SAME_MASK),
    BAR("lottery", CLAIM_ONE_RUN, 2, 7e-4, "lottery_adjacent", "The ticket has 172 pairs.", HALF),
    BAR("lottery", CLAIM_ONE_RUN, 3, 6.25e-4, "lottery_adjacent", "The ticket has 43 runs of three.", HALF),
    BAR("lottery", CLAIM_ONE_RUN, 4, 1.25e-4, "lottery_adjacent_as_published", "The ticket has 7 runs of four.",
        "As published, with its fault: the fourth weight is looked up in the random mask.  " HALF),
    ABOVE("more-pairs", "Fig. 4g", "The ticket has more adjacent weights than the random mask.",
          AT("lottery_adjacent", 2), AT("random_adjacent", 2), NULL),
    ABOVE("more-threes", "Fig. 4g", "The ticket has more runs of three than the random mask.",
          AT("lottery_adjacent", 3), AT("random_adjacent", 3), NULL),
    ABOVE("more-fours-as-published", "Fig. 4g", "The ticket has more runs of four than the random mask.",
          AT("lottery_adjacent_as_published", 4), AT("random_adjacent", 4), "As published, with its fault."),
    ABOVE("more-fours", "Fig. 4g", "The ticket has more runs of four than the random mask.", AT("lottery_adjacent", 4),
          AT("random_adjacent", 4), "As corrected."),
    ABOVE("fault-hides-fours", "Fig. 4g", "The fault makes the runs of four too few.", AT("lottery_adjacent", 4),
          AT("lottery_adjacent_as_published", 4), "Not a claim of the paper: what the correction changes."),
    IMAGE_RANDOM("weights", "random_weights", NAN, "The random mask leaves 1620 weights of the first layer."),
    IMAGE_RANDOM("idle-units", "random_idle_units", NAN, "It leaves 13 units without an input."),
    IMAGE_RANDOM("last-inputs", "random_last_inputs", NAN, "12.2 % of its weights are on the last five inputs."),
    IMAGE_RANDOM("adjacent-2", "random_adjacent", 2, "It has 144 pairs."),
    IMAGE_RANDOM("adjacent-3", "random_adjacent", 3, "It has 18 runs of three."),
    IMAGE_RANDOM("adjacent-4", "random_adjacent", 4, "It has 2 runs of four."),
    IMAGE_TICKET("weights", "pictured_weights", NAN, "The tickets leave 1556 weights of the first layer."),
    IMAGE_TICKET("idle-units", "pictured_idle_units", NAN, "They leave 108 units without an input."),
    IMAGE_TICKET("last-inputs", "pictured_last_inputs", NAN, "5.3 % of their weights are on the last five inputs."),
    IMAGE_TICKET("adjacent-2", "pictured_adjacent", 2, "They have 203 pairs."),
    IMAGE_TICKET("adjacent-3", "pictured_adjacent", 3, "They have 54 runs of three."),
    IMAGE_TICKET("adjacent-4", "pictured_adjacent", 4, "They have 22 runs of four."),
    ABOVE("more-idle-units", "Fig. S2", "The ticket leaves more units without an input than the random mask.",
          AT("lottery_idle_units", NAN), AT("random_idle_units", NAN),
          "Seen in the images; the paper does not say it."),
    ABOVE("fewer-last-inputs", "Fig. S2", "The ticket leaves fewer weights on the last five inputs.",
          AT("random_last_inputs", NAN), AT("lottery_last_inputs", NAN),
          "Seen in the images; the paper does not say it."),
    {"lottery-runtime", "Fig. 4", "Search and retraining take 30 minutes on a GPU.", CLAIM_REPORT, NONE, NONE,
     "runtime", 0, "The notebook says one hour.  `scaledown estimate` tells what this machine takes."},
    {NULL, NULL, NULL, CLAIM_REPORT, NONE, NONE, NULL, 0, NULL}};

/* ---- every printed number of the run of the figure ---- */

#define ROUNDS "0," ROUNDS_FROM_1
#define ROUNDS_FROM_1                                                                                                  \
    "1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,32,33,34,35,"                 \
    "36,37,38,39,40,41,42,43,44,45,46,47,48,49,50,51,52,53,54,55,56,57,58,59,60,61,62,63,64,65,66,67,"                 \
    "68,69,70,71,72,73,74,75,76,77,78,79,80,81,82,83,84,85,86,87,88,89,90,91,92,93,94,95,96,97,98,99"
#define ROUNDS_BELOW_99                                                                                                \
    "0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,32,33,34,"                  \
    "35,36,37,38,39,40,41,42,43,44,45,46,47,48,49,50,51,52,53,54,55,56,57,58,59,60,61,62,63,64,65,66,"                 \
    "67,68,69,70,71,72,73,74,75,76,77,78,79,80,81,82,83,84,85,86,87,88,89,90,91,92,93,94,95,96,97,98"
/* Those that can be told apart in the plot. */
#define ROUNDS_RANDOM_LOSS                                                                                             \
    "1,3,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,32,34,35,36,37,"                  \
    "38,39,40,42,43,44,46,47,48,49,50,51,52,54,55,56,57,58,59,60,61,62,63,64,65,66,67,68,69,70,71,72,"                 \
    "73,74,75,76,77,78,79,80,81,82,83,84,85,86,87,88,89,90,91,92,93,94,95,96,97,98"
#define STEPS "1000,2000,3000,4000,5000,6000"

#define SEARCH(net, short, metric, text, rounds, margin)                                                               \
    {                                                                                                                  \
        "lottery-search-" net "-" short, "Fig. 4", text, CLAIM_VALUE, CELL, net "_" metric, "at round", rounds,        \
            "search-" net "-" short, margin, NULL                                                                      \
    }
#define SEARCHES(net, rounds, text)                                                                                    \
    SEARCH(net, "accuracy", "test_accuracy", "Test accuracy at the end of each round, " text, rounds, POINTS),         \
        SEARCH(net, "best", "best_accuracy", "Best test accuracy of each round, " text, rounds, POINTS),               \
        SEARCH(net, "mean", "mean_accuracy", "Mean test accuracy of each round, " text, rounds, POINTS),               \
        SEARCH(net, "train-loss", "train_loss", "Loss of the last minibatch of each round, " text, rounds, 0)
#define RETRAIN(series, metric, item, text)                                                                            \
    { "lottery-" series, item, text, CLAIM_VALUE, CELL, metric, "at step", STEPS, series, POINTS, NULL }
#define PANEL(condition, metric, item, text)                                                                           \
    RETRAIN("retrain-" condition "-dense", metric "_dense_accuracy", item, "Dense, " text),                            \
        RETRAIN("retrain-" condition "-lottery", metric "_lottery_accuracy", item, "Ticket, " text),                   \
        RETRAIN("retrain-" condition "-random", metric "_random_accuracy", item, "Random mask, " text)
#define LATER(condition, metric, text)                                                                                 \
    RETRAIN("later-" condition, metric "_accuracy", "notebook", "Later notebook, fresh weights: " text)

const ClaimSeries lottery_series[] = {
    SEARCHES("lottery", ROUNDS, "magnitude pruning"),
    SEARCHES("random", ROUNDS_FROM_1, "random pruning"),
    SEARCH("lottery", "loss", "test_loss", "Test loss, magnitude pruning", ROUNDS_BELOW_99, NATS),
    SEARCH("random", "loss", "test_loss", "Test loss, random pruning", ROUNDS_RANDOM_LOSS, NATS),
    PANEL("original", "original", "Fig. 4c", "original data"),
    PANEL("flipped", "flipped", "Fig. 4d", "flipped data"),
    PANEL("shuffled", "shuffled", "Fig. 4e", "shuffled data"),
    PANEL("original-fresh", "original_fresh", "Fig. 4f", "fresh weights"),
    PANEL("chunks", "chunks", "notebook", "quarters moved around"),
    LATER("original-lottery", "original_fresh_lottery", "ticket, original data"),
    LATER("flipped-lottery", "flipped_fresh_lottery", "ticket, flipped data"),
    LATER("shuffled-lottery", "shuffled_fresh_lottery", "ticket, shuffled data"),
    LATER("chunks-lottery", "chunks_fresh_lottery", "ticket, quarters moved around"),
    LATER("original-fresh-dense", "original_fresh_dense", "dense, original data"),
    LATER("original-fresh-lottery", "original_fresh_lottery", "ticket, original data again"),
    LATER("original-fresh-random", "original_fresh_random", "random mask, original data"),
    {NULL, NULL, NULL, CLAIM_REPORT, NULL, NULL, NULL, NULL, NULL, 0, NULL}};
