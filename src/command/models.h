/* scaledown models [NAME]: the networks, their layers, parameters and multiply-adds. */
#ifndef SCALEDOWN_COMMAND_MODELS_H
#define SCALEDOWN_COMMAND_MODELS_H

#include "base/error.h"

/* argv[0] is the first word after "models".  Without a name prints a line for each network; with one its layers, a line
 * each: name, kind, output of one example, parameters, multiply-adds of one example forward, and a line of sums.  Aligned
 * for a terminal, or with --csv as CSV.  Returns an exit status, with error unless it is 0. */
int models_command(int argc, char **argv, Error *error);

#endif
