/* Fresh test signals of MNIST-1D, drawn by the generator with a seed that nothing else uses.
 *
 * A published test set of 1000 signals leaves a sampling error of one to two points of accuracy that is the same for
 * every network measured on it.  The data are synthetic, so that error can be made small: what a method measures on its
 * test set it measures on these signals too, as metrics named "fresh_" and the name of the first, "fresh_test_accuracy".
 * Claims about an order are judged on both. */
#ifndef SCALEDOWN_DATA_FRESH_TEST_H
#define SCALEDOWN_DATA_FRESH_TEST_H

#include "data/mnist1d.h"

#define FRESH_TEST_SEED 201114439u /* arXiv 2011.14439 */
/* A method's parameter that says how many; 0: none are made and nothing is measured on them.  A multiple of 10, since
 * each class has as many as the others. */
#define FRESH_TEST_PARAMETER                                                                                           \
    {                                                                                                                  \
        "fresh-examples", PARAMETER_INTEGER, "20000", 0, 10000000, NULL,                                               \
            "fresh test signals, drawn anew for measuring", NULL                                                       \
    }

/* The signals to measure with beside `set`, which was made with `options`: of the same options but for the seed and the
 * number, standardised by the mean and the standard deviation of `set`, so that they are on the scale that networks were
 * trained on.  count 0 gives n = 0.  -1 with error as mnist1d_make, and, naming
 * the option --fresh-examples, for a count that is no multiple of 10, and for options with shuffle_seq, whose order of
 * positions the fresh seed would change. */
int fresh_test_make(size_t count, const Mnist1dOptions *options, const Mnist1d *set, Arena *arena, Mnist1dPart *fresh,
                    Error *error);

/* A whole data set with fresh signals beside it.  In memory the test set follows the training set, rows and labels. */
typedef struct Mnist1dParts {
    size_t length;
    Mnist1dPart train, test, fresh;
    Mt19937 stream; /* as in Mnist1d */
} Mnist1dParts;
/* So many fresh signals; errors are those of mnist1d_make and fresh_test_make. */
int mnist1d_parts_make(const Mnist1dOptions *options, size_t fresh, Arena *arena, Mnist1dParts *parts, Error *error);

#endif
