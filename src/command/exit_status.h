/* What a sub-command returns: EXIT_SUCCESS, EXIT_FAILURE, or EXIT_USAGE when the words it was called with are at fault.
 */
#ifndef SCALEDOWN_COMMAND_EXIT_STATUS_H
#define SCALEDOWN_COMMAND_EXIT_STATUS_H

#include <stdlib.h>

#define EXIT_USAGE 2

#endif
