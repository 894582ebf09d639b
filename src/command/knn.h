/* scaledown knn: classify rows by their nearest neighbours. */
#ifndef SCALEDOWN_COMMAND_KNN_H
#define SCALEDOWN_COMMAND_KNN_H

#include "base/error.h"

/* argv holds the words after "knn".  Prints labels or an accuracy.  Returns 0, 1 when that failed, 2 when the words are
 * at fault; then with error. */
int knn_command(int argc, char **argv, Error *error);

#endif
