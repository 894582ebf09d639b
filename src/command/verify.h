/* scaledown verify, scaledown audit: results against the recorded ones, bit for bit. */
#ifndef SCALEDOWN_COMMAND_VERIFY_H
#define SCALEDOWN_COMMAND_VERIFY_H

#include "study/method.h"

/* argv[0] is the first word behind the name; methods ends with NULL.  Return an exit status, with an error unless it is
 * 0. */
int verify_command(const Method *const *methods, int argc, char **argv, Error *error);
int audit_command(const Method *const *methods, int argc, char **argv, Error *error);

#endif
