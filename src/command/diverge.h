/* scaledown diverge: where two traces of state (base/state_trace.h) part. */
#ifndef SCALEDOWN_COMMAND_DIVERGE_H
#define SCALEDOWN_COMMAND_DIVERGE_H

#include "base/error.h"

/* argv holds the words after "diverge".  Prints that the traces are equal, or the first step and state in which they differ.
 * Returns 0 when they are equal, 1 when they part or cannot be read, 2 when the words are at fault or the traces are not
 * of the same kind of run; with error unless it is 0. */
int diverge_command(int argc, char **argv, Error *error);

#endif
