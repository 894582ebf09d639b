/* scaledown run: computes the cells of experiments that are not stored, and merges their results. */
#ifndef SCALEDOWN_COMMAND_RUN_H
#define SCALEDOWN_COMMAND_RUN_H

#include "study/method.h"

/* argv[0] is the first word behind the name; methods ends with NULL.  Returns an exit status, 128 + its number after a
 * signal, with an error unless it is 0. */
int run_command(const Method *const *methods, int argc, char **argv, Error *error);

#endif
