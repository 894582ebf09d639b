#include "command/trained.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/csv.h"
#include "base/file.h"
#include "base/npy.h"

const Option trained_options[] = {
    {"trace", "FILE", NULL, "write step,train_loss as CSV: the loss of each minibatch before its update"},
    {"save-init", "FILE", NULL, "write the initial parameters as .npy"},
    {"save-final", "FILE", NULL, "write the final parameters as .npy"},
    {"help", NULL, NULL, "this list"},
    {0}};

static const char diverged[] = "diverged";

/* ---- files ---- */

static int same_file(const char *a, const char *b) {
    return a && b && !strcmp(a, b);
}

int trained_files_read(const Options *o, TrainedFiles *files, Error *error) {
    *files = (TrainedFiles){options_text(o, "trace"), options_text(o, "save-init"), options_text(o, "save-final")};
    if (same_file(files->trace, files->save_init) || same_file(files->trace, files->save_final) ||
        same_file(files->save_init, files->save_final))
        return error_set(error, "--trace, --save-init and --save-final must be different files");
    return 0;
}

int trained_files_check(const TrainedFiles *files, Error *error) {
    const char *const paths[] = {files->trace, files->save_init, files->save_final};
    for (int i = 0; i < 3; i++)
        if (paths[i] && !file_can_be_written(paths[i], error)) return -1;
    return 0;
}

static int write_trace(AtomicFile *file, long long steps, const float *losses) {
    text_add(&file->text, "step,train_loss\n");
    for (long long step = 0; step < steps; step++) {
        char number[32];
        text_format(&file->text, "%lld,%s\n", step,
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

int trained_files_write(const TrainedFiles *asked, size_t count, const real *initial, const real *final,
                        long long steps, const float *losses, Arena *arena, Error *error) {
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

/* ---- standard output ---- */

void trained_header(int n_sets) {
    puts(n_sets > 1 ? "step,train_loss,train_accuracy,test_loss,test_accuracy" : "step,train_loss,train_accuracy");
}

int trained_print(long long step, int n_sets, const Evaluation *evaluations) {
    int finite = 1;
    printf("%lld", step);
    for (int i = 0; i < n_sets; i++) {
        char loss[32], accuracy[32];
        /* Without a finite loss the count of right predictions means nothing. */
        if (!isfinite(evaluations[i].loss))
            finite = 0, printf(",%s,%s", diverged, diverged);
        else
            printf(",%s,%s", format_double(evaluations[i].loss, loss),
                   format_double(percent_correct(evaluations[i]), accuracy));
    }
    putchar('\n');
    return finite;
}

void trained_say_diverged(long long step, long long steps, double learning_rate, const TrainedFiles *files) {
    char rate[32];
    fprintf(stderr,
            "scaledown: training diverged: the loss is not finite %s %lld; \"%s\" stands for it%s.  A --learning-rate "
            "below %s may help\n",
            step < steps ? "from step" : "after step", step, diverged, files->trace ? ", in the trace as well" : "",
            format_double(learning_rate, rate));
}
