/* The fixture of tests about runs of the fake project: that of sandbox.h, with the project in its folder.  (sandbox.h itself is
 * not for them: its error would be hidden by theirs.) */
#ifndef SCALEDOWN_TESTS_FAKE_RUNS_H
#define SCALEDOWN_TESTS_FAKE_RUNS_H

#include "experiment_runs.h"
#include "fake_project.h"

extern Arena *arena;
extern char *directory; /* the sandbox's folder */
extern Catalogue catalogue;
extern const Experiment *fake; /* the experiment of that name; tests may take another */

void fake_runs_begin(void); /* for tcase_add_checked_fixture */
void fake_runs_end(void);

/* A path in the folder. */
const char *in(const char *sub);
/* Runs fake with results there, a fault fails the test; how many cells were run (experiment_runs.h has the options). */
size_t run_fake(const char *sub, const char *options);
/* The merged files of the experiment fake are the same in both places. */
void assert_same_results(const char *sub, const char *other);

#endif
