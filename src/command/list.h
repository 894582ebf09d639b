/* scaledown list, scaledown estimate: what there is, what is done, how long the rest takes here. */
#ifndef SCALEDOWN_COMMAND_LIST_H
#define SCALEDOWN_COMMAND_LIST_H

#include "study/method.h"

/* argv[0] is the first word behind the name; methods ends with NULL.  Return an exit status, with an error unless it is
 * 0. */
int list_command(const Method *const *methods, int argc, char **argv, Error *error);
int estimate_command(const Method *const *methods, int argc, char **argv, Error *error);

#endif
