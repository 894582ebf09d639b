/* scaledown claims, scaledown show: published claims judged by results, and the evidence behind one verdict. */
#ifndef SCALEDOWN_COMMAND_CLAIMS_H
#define SCALEDOWN_COMMAND_CLAIMS_H

#include "study/method.h"

/* argv[0] is the first word behind the name; methods ends with NULL.  Return an exit status, with an error unless it is
 * 0. */
int claims_command(const Method *const *methods, int argc, char **argv, Error *error);
int show_command(const Method *const *methods, int argc, char **argv, Error *error);

#endif
