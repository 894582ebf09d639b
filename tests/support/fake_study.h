/* Studies that cost nothing, to test the runtime with. */
#ifndef SCALEDOWN_TESTS_FAKE_STUDY_H
#define SCALEDOWN_TESTS_FAKE_STUDY_H

#include "study/study.h"

extern const Study fake_study;            /* "fake": 2 x 3 x 4 seeds */
extern const Study *const fake_studies[]; /* only fake_study */

extern volatile int fake_runs;     /* cells run so far in this process */
extern volatile int fake_delay_ms; /* each cell takes that long */
extern volatile int fake_nan_seed; /* the seed whose cell measures NaN; -1: none */

/* A new empty directory under build/; to be freed. */
char *fresh_directory(void);
void remove_tree(const char *path);
/* Contents as a NUL-terminated text, to be freed; NULL if the file is absent. */
char *slurp(const char *path);
void spill(const char *path, const char *text);
/* Replace the first occurrence of old; 0 if there was none. */
int edit_file(const char *path, const char *old, const char *replacement);

#endif
