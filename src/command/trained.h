/* What `train` leaves behind, of any kind of model: evaluations on standard output, and the files that were asked for. */
#ifndef SCALEDOWN_COMMAND_TRAINED_H
#define SCALEDOWN_COMMAND_TRAINED_H

#include "base/arena.h"
#include "base/options.h"
#include "nn/evaluation.h"

/* Rows --trace, --save-init, --save-final and --help, and a row of zeros. */
extern const Option trained_options[];

typedef struct TrainedFiles {
    const char *trace, *save_init, *save_final; /* NULL: none */
} TrainedFiles;
int trained_files_read(const Options *options, TrainedFiles *files, Error *error);
/* Whether the files can be created is known before a long run rather than after it. */
int trained_files_check(const TrainedFiles *files, Error *error);
/* Those that were asked for, all or none.  losses [steps]: of the minibatch before each update, not finite from where the
 * run diverged; initial and final [count]. */
int trained_files_write(const TrainedFiles *files, size_t count, const real *initial, const real *final,
                        long long steps, const float *losses, Arena *arena, Error *error);

/* Prints the header and then, for each evaluation, "step,loss,accuracy" and the same of the test set, if n_sets is 2;
 * "diverged" where a loss is not finite.  Returns whether all are. */
void trained_header(int n_sets);
int trained_print(long long step, int n_sets, const Evaluation *evaluations);
/* Says on standard error from which step on the run diverged (at the number of steps: only its last evaluation). */
void trained_say_diverged(long long step, long long steps, double learning_rate, const TrainedFiles *files);

#endif
