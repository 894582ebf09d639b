/* scaledown calibrate: the judge tested as an instrument. */
#ifndef SCALEDOWN_COMMAND_CALIBRATE_H
#define SCALEDOWN_COMMAND_CALIBRATE_H

#include "study/method.h"

/* argv[0] is the first word behind the name; methods ends with NULL.  Returns an exit status, with an error unless it is
 * 0. */
int calibrate_command(const Method *const *methods, int argc, char **argv, Error *error);

#endif
