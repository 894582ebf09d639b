/* A training run from the command line, of any kind of network: evaluations on standard output, and files. */
#ifndef SCALEDOWN_COMMAND_TRAINED_H
#define SCALEDOWN_COMMAND_TRAINED_H

#include "base/arena.h"
#include "base/options.h"
#include "nn/fit.h"

/* Rows --trace, --state-trace, --save-init, --save-final and --help, and a row of zeros. */
extern const Option trained_options[];

typedef struct TrainedFiles {
    const char *trace, *save_init, *save_final, *state_trace; /* NULL: none */
} TrainedFiles;
int trained_files_read(const Options *options, TrainedFiles *files, Error *error);
/* Whether the files can be created is known before a long run rather than after it. */
int trained_files_check(const TrainedFiles *files, Error *error);

typedef struct TrainedRun {
    LabelledSet train, test; /* test.n 0: there is none */
    Protocol protocol;       /* how it is trained, but for the set and the hooks; `updates` says how long */
    size_t evaluate_every;   /* updates from evaluation to evaluation, from 0 on; 0: only after the last */
    TrainedFiles files;
} TrainedRun;
/* Trains the learner, whose weights are initialised, and prints and writes what train.h says.  -1 with error. */
int trained_run(const TrainedRun *run, Learner *learner, Arena *arena, Error *error);

#endif
