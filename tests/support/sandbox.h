/* What the tests of the ground floor share: a folder, an arena and an error, new for each test. */
#ifndef SCALEDOWN_TESTS_SANDBOX_H
#define SCALEDOWN_TESTS_SANDBOX_H

#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"

extern char folder[64];
extern Arena *arena;
extern Error error;

/* The checked fixture: tcase_add_checked_fixture(tests, sandbox_begin, sandbox_end). */
void sandbox_begin(void);
void sandbox_end(void);

char *in_folder(const char *name); /* its path */
int files_in_folder(void);
void check_content(const char *path, const char *expected);
/* error is one line that contains both words. */
void check_error_names(const char *a, const char *b);
uint64_t next_random(void); /* the same in every run */

#endif
