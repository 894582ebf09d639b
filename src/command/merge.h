/* scaledown merge: brings the cells of several folders together and merges results. */
#ifndef SCALEDOWN_COMMAND_MERGE_H
#define SCALEDOWN_COMMAND_MERGE_H

#include "study/method.h"

/* argv[0] is the first word behind the name; methods ends with NULL.  Returns an exit status, with an error unless it
 * is 0. */
int merge_command(const Method *const *methods, int argc, char **argv, Error *error);

#endif
