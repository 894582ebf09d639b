/* scaledown tsne: rows of numbers as points of the plane. */
#ifndef SCALEDOWN_COMMAND_TSNE_H
#define SCALEDOWN_COMMAND_TSNE_H

#include "base/error.h"

/* argv holds the words after "tsne".  Writes OUT.npy and prints the divergence as CSV.  Returns 0, 1 when that failed, 2
 * when the words are at fault; then with error. */
int tsne_command(int argc, char **argv, Error *error);

#endif
