/* The sub-commands of scaledown that concern studies.  Each takes the words behind its name and returns an exit code:
 * 0, 1 (failure), 2 (usage) or 130 (interrupted), with error filled unless there is nothing to add. */
#ifndef SCALEDOWN_STUDY_COMMANDS_H
#define SCALEDOWN_STUDY_COMMANDS_H

#include "study/study.h"

#define EXIT_USAGE 2
#define EXIT_INTERRUPTED 130

/* studies: ends with NULL */
int run_command(const Study *const *studies, int argc, char **argv, Error *error);
int list_command(const Study *const *studies, int argc, char **argv, Error *error);
int estimate_command(const Study *const *studies, int argc, char **argv, Error *error);
int claims_command(const Study *const *studies, int argc, char **argv, Error *error);
int show_command(const Study *const *studies, int argc, char **argv, Error *error);
int verify_command(const Study *const *studies, int argc, char **argv, Error *error);

#endif
