/* scaledown plan, scaledown missing: how cells are shared among machines or the jobs of a batch system. */
#ifndef SCALEDOWN_COMMAND_SHARDS_H
#define SCALEDOWN_COMMAND_SHARDS_H

#include "study/method.h"

/* argv[0] is the first word behind the name; methods ends with NULL.  Return an exit status, with an error unless it is
 * 0. */
int plan_command(const Method *const *methods, int argc, char **argv, Error *error);
int missing_command(const Method *const *methods, int argc, char **argv, Error *error);

#endif
