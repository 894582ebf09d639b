#include "command/trained.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/csv.h"
#include "base/file.h"
#include "base/npy.h"
#include "base/output.h"
#include "base/state_trace.h"

const Option trained_options[] = {
    {"trace", "FILE", NULL, "write step,train_loss as CSV: the loss of each minibatch before its update"},
    {"state-trace", "FILE", NULL,
     "write step,state,hash as CSV: hashes of the initial weights, and of the gradients and weights of each update; "
     "`scaledown diverge` compares two such files"},
    {"save-init", "FILE", NULL, "write the initial parameters as .npy"},
    {"save-final", "FILE", NULL, "write the final parameters as .npy"},
    {0}};

static const char diverged[] = "diverged";

/* ---- files ---- */

enum { N_FILES = 4 };
#define FILES_OF(files)                                                                                                \
    { (files)->trace, (files)->save_init, (files)->save_final, (files)->state_trace }

static int same_file(const char *a, const char *b) {
    return a && b && !strcmp(a, b);
}

int trained_files_read(const Options *o, TrainedFiles *files, Error *error) {
    *files = (TrainedFiles){options_text(o, "trace"), options_text(o, "save-init"), options_text(o, "save-final"),
                            options_text(o, "state-trace")};
    const char *const paths[N_FILES] = FILES_OF(files);
    for (int i = 0; i < N_FILES; i++)
        for (int k = 0; k < i; k++)
            if (same_file(paths[i], paths[k]))
                return error_set(error, "--trace, --state-trace, --save-init and --save-final must be different files");
    return 0;
}

int trained_files_check(const TrainedFiles *files, Error *error) {
    const char *const paths[N_FILES] = FILES_OF(files);
    for (int i = 0; i < N_FILES; i++)
        if (paths[i] && !file_can_be_written(paths[i], error)) return -1;
    return 0;
}

static int write_trace(AtomicFile *file, size_t steps, const float *losses) {
    text_add(&file->text, "step,train_loss\n");
    for (size_t step = 0; step < steps; step++) {
        char number[32];
        text_format(&file->text, "%zu,%s\n", step,
                    isfinite(losses[step]) ? format_float(losses[step], number) : diverged);
        atomic_flush(file);
    }
    return 0;
}

static int write_parameters(AtomicFile *file, size_t count, const real *weights, Arena *arena, Error *error) {
    float *cast = arena_alloc(arena, count, sizeof *cast);
    for (size_t i = 0; i < count; i++) cast[i] = (float)weights[i];
    const NpyArray array = {.type = NPY_F4, .rank = 1, .shape = {count}, .data = cast};
    return npy_write_to(file, &array, error);
}

/* Those that were asked for, all or none.  losses [steps]: not finite from where the run diverged. */
static int write_files(const TrainedFiles *asked, size_t count, const real *initial, const real *final, size_t steps,
                       const float *losses, Arena *arena, Error *error) {
    AtomicFile files[3] = {{0}};
    size_t n = 0;
    if ((asked->save_init && (atomic_open(&files[n], asked->save_init, error) ||
                              write_parameters(&files[n++], count, initial, arena, error))) ||
        (asked->save_final && (atomic_open(&files[n], asked->save_final, error) ||
                               write_parameters(&files[n++], count, final, arena, error))) ||
        (asked->trace && (atomic_open(&files[n], asked->trace, error) || write_trace(&files[n++], steps, losses)))) {
        for (size_t i = 0; i < 3; i++) atomic_abandon(&files[i]);
        return -1;
    }
    return atomic_commit_all(files, n, error);
}

/* ---- the run ---- */

typedef struct Training {
    const TrainedRun *run;
    float *losses;
    int diverged;
    size_t first_bad; /* the update with the first loss that is not finite; all of them: only the last evaluation */
    Error *error;
    int failed;
} Training;

static int print_set(Learner *learner, const LabelledSet *set, int dead) {
    const Evaluation evaluation = dead ? (Evaluation){.loss = NAN} : learner_evaluate(learner, set);
    char loss[32], accuracy[32];
    /* Without a finite loss the count of right predictions means nothing. */
    if (!isfinite(evaluation.loss)) return printf(",%s,%s", diverged, diverged), 0;
    printf(",%s,%s", format_double(evaluation.loss, loss), format_double(percent_correct(evaluation), accuracy));
    return 1;
}

/* One line, after so many updates; nonzero when all is over. */
static int print_evaluation(Learner *learner, Training *training, size_t updates) {
    const TrainedRun *run = training->run;
    const int dead = training->diverged;
    printf("%zu", updates);
    int finite = print_set(learner, &run->train, dead);
    if (run->test.n) finite &= print_set(learner, &run->test, dead);
    putchar('\n');
    if (updates == run->protocol.updates && !finite && !dead) training->diverged = 1, training->first_bad = updates;
    training->failed = output_flush(training->error);
    return training->failed;
}

static int is_due(const TrainedRun *run, size_t updates) {
    return updates == run->protocol.updates || (run->evaluate_every && updates % run->evaluate_every == 0);
}

/* Whoever has seen enough of the output needs no more of it, unless there are files. */
static int is_wanted(const TrainedFiles *files) {
    return files->trace || files->save_init || files->save_final || files->state_trace || output_is_read();
}

static int after_update(Learner *learner, const Progress *progress, void *context) {
    Training *training = context;
    const size_t updates = progress->updates;
    training->losses[updates - 1] = (float)progress->last.loss;
    if (!isfinite(progress->last.loss)) {
        training->diverged = 1;
        training->first_bad = updates - 1;
        return 1;
    }
    if (is_due(training->run, updates) && print_evaluation(learner, training, updates)) return 1;
    return !is_wanted(&training->run->files);
}

/* Updates and evaluations; a run that has diverged makes no more updates, and the lines that are due say so. */
static int train(Training *training, Learner *learner) {
    const TrainedRun *run = training->run;
    Protocol protocol = run->protocol;
    protocol.train = &run->train;
    protocol.after_update = after_update;
    protocol.context = training;
    puts(run->test.n ? "step,train_loss,train_accuracy,test_loss,test_accuracy" : "step,train_loss,train_accuracy");
    if (is_due(run, 0) && print_evaluation(learner, training, 0)) return -1;
    if (!training->diverged) fit(learner, &protocol);
    if (!training->diverged || training->failed || training->first_bad == protocol.updates)
        return training->failed ? -1 : 0;
    for (size_t step = training->first_bad; step < protocol.updates && is_wanted(&run->files); step++) {
        training->losses[step] = NAN;
        if (is_due(run, step + 1) && print_evaluation(learner, training, step + 1)) return -1;
    }
    return 0;
}

int trained_run(const TrainedRun *run, Learner *learner, Arena *arena, Error *error) {
    const size_t count = learner->network->n_parameters, steps = run->protocol.updates;
    Training training = {.run = run, .losses = arena_alloc(arena, steps, sizeof(float)), .error = error};
    real *initial = arena_alloc(arena, count, sizeof *initial);
    memcpy(initial, learner->weights, count * sizeof *initial);
    if ((run->files.state_trace && state_trace_open(run->files.state_trace, error)) || train(&training, learner) ||
        (run->files.state_trace && state_trace_close(error)) ||
        write_files(&run->files, count, initial, learner->weights, steps, training.losses, arena, error)) {
        state_trace_abandon();
        return -1;
    }
    if (!training.diverged) return 0;
    char rate[32];
    fprintf(stderr,
            "scaledown: training diverged: the loss is not finite %s %zu; \"%s\" stands for it%s.  A --learning-rate "
            "below %s may help\n",
            training.first_bad < steps ? "from step" : "after step", training.first_bad, diverged,
            run->files.trace ? ", in the trace as well" : "",
            format_double(run->protocol.optimizer.learning_rate, rate));
    return 0;
}
