/* The scaledown command: a table of sub-commands.  This file is compiled without ARCH: see base/cpu.h. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#ifdef _OPENMP
#include <omp.h>
#endif

#include "base/arena.h"
#include "base/cores.h"
#include "base/cpu.h"
#include "base/file.h"
#include "base/options.h"
#include "base/output.h"
#include "base/text.h"
#include "command/calibrate.h"
#include "command/claims.h"
#include "command/command.h"
#include "command/dataset.h"
#include "command/diverge.h"
#include "command/image_folder.h"
#include "command/knn.h"
#include "command/list.h"
#include "command/merge.h"
#include "command/models.h"
#include "command/run.h"
#include "command/shards.h"
#include "command/table.h"
#include "command/train.h"
#include "command/tsne.h"
#include "command/verify.h"
#include "exact/exact.h"
#include "registry.h"
#include "study/store.h"

#define VERSION "0.1.0"

typedef struct SubCommand {
    const char *name, *help;
    int (*experiments)(const Method *const *methods, int argc, char **argv, Error *error);
    int (*plain)(int argc, char **argv, Error *error);
} SubCommand;

static const SubCommand commands[] = {
    {"list", "the experiments of each paper: cells, what is done, time left", list_command, NULL},
    {"estimate", "how long the unfinished cells will take here", estimate_command, NULL},
    {"run", "run an experiment, a paper, or all: scaledown run classification", run_command, NULL},
    {"plan", "share the cells among machines or jobs", plan_command, NULL},
    {"missing", "the unfinished cells, a line each, for a job array", missing_command, NULL},
    {"merge", "bring cells of several folders together and merge results", merge_command, NULL},
    {"claims", "judge the published claims by the results", claims_command, NULL},
    {"show", "the evidence behind one verdict", show_command, NULL},
    {"calibrate", "test the judge itself, with our own runs and with simulated ones", calibrate_command, NULL},
    {"verify", "compare results with the recorded ones, bit for bit", verify_command, NULL},
    {"audit", "compute recorded cells again, drawn at random, and compare", audit_command, NULL},
    {"diverge", "where two traces of state part: the first step and tensor", NULL, diverge_command},
    {"dataset", "write MNIST-1D in any size as .npy or .csv", NULL, dataset_command},
    {"image-folder", "write images of a data set as folders of JPEG files", NULL, image_folder_command},
    {"models", "the networks: layers, parameters, multiply-adds", NULL, models_command},
    {"train", "train one model and trace its loss", NULL, train_command},
    {"tsne", "embed the rows of a .npy file in the plane by t-SNE", NULL, tsne_command},
    {"knn", "classify the rows of a .npy file by nearest neighbours", NULL, knn_command},
};
#define N_COMMANDS (sizeof commands / sizeof *commands)

static void print_help(FILE *stream) {
    const size_t columns = (size_t)output_columns();
    fputs("usage: scaledown COMMAND [options]\n\n", stream);
    for (size_t i = 0; i < N_COMMANDS; i++) {
        fprintf(stream, "  %-12s ", commands[i].name);
        text_print_words(commands[i].help, 15, columns, stream);
        fputc('\n', stream);
    }
    fputc('\n', stream);
    text_print_words("`scaledown COMMAND --help` lists a command's options; --version prints the version.", 0, columns,
                     stream);
    fputc('\n', stream);
}

static void out_of_memory(size_t bytes) {
    char line[128];
    temporaries_remove();
    int length =
        snprintf(line, sizeof line,
                 "scaledown: out of memory (%zu bytes asked for); use fewer threads or a smaller size\n", bytes);
    ssize_t ignored = write(STDERR_FILENO, line, (size_t)length);
    (void)ignored;
    _exit(EXIT_FAILURE);
}

static int unknown_command(const char *name, Error *error) {
    const char *names[N_COMMANDS + 1] = {NULL};
    for (size_t i = 0; i < N_COMMANDS; i++) names[i] = commands[i].name;
    const char *near = nearest_of(name, names);
    error_set(error, "unknown command \"%.120s\"%s%s%s; see scaledown --help", name, near ? " (nearest: " : "",
              near ? near : "", near ? ")" : "");
    return EXIT_USAGE;
}

static int dispatch(int argc, char **argv, Error *error) {
    if (argc > 0) command_program = argv[0];
    if (argc < 2) return print_help(stderr), EXIT_USAGE;
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) return print_help(stdout), EXIT_SUCCESS;
    if (strcmp(argv[1], "--version") == 0 || (argc == 3 && strcmp(argv[2], "--version") == 0))
        return printf("scaledown %s (sources %.12s)\n", VERSION, source_hash_common()), EXIT_SUCCESS;
    for (size_t i = 0; i < N_COMMANDS; i++) {
        if (strcmp(argv[1], commands[i].name) != 0) continue;
        if (exact_check_environment(error)) return EXIT_FAILURE;
        int code = commands[i].experiments ? commands[i].experiments(methods, argc - 2, argv + 2, error)
                                           : commands[i].plain(argc - 2, argv + 2, error);
        return code < 0 ? EXIT_FAILURE : code;
    }
    return unknown_command(argv[1], error);
}

static const int fatal_signals[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGABRT, SIGXCPU};

/* No half-written file stays; then the signal ends the process as if nobody had caught it: the shell says 128 + its
 * number.  After a fault in memory (SIGSEGV) nothing can be trusted: the next run finds what stays. */
static void on_fatal_signal(int number) {
    temporaries_remove();
    signal(number, SIG_DFL);
    sigset_t only;
    sigemptyset(&only);
    sigaddset(&only, number);
    raise(number);
    pthread_sigmask(SIG_UNBLOCK, &only, NULL);
    _exit(128 + number);
}

/* Whoever started us may have them ignored (nohup): they stay so. */
static void catch_fatal_signals(void) {
    for (size_t i = 0; i < sizeof fatal_signals / sizeof *fatal_signals; i++) {
        struct sigaction action;
        if (sigaction(fatal_signals[i], NULL, &action) != 0 || action.sa_handler != SIG_DFL) continue;
        action.sa_handler = on_fatal_signal;
        sigfillset(&action.sa_mask);
        sigaction(fatal_signals[i], &action, NULL);
    }
}

/* Whatever OMP_NUM_THREADS says: more threads than cores only wait for each other. */
static void limit_threads(void) {
#ifdef _OPENMP
    Error note = {""};
    omp_set_num_threads(cores_startable_threads(cores_default_threads(), &note));
    if (note.text[0]) fprintf(stderr, "scaledown: %s\n", note.text);
#endif
}

/* Arenas come and go with every outer step and cell: memory that went back to the system each time would be faulted in
 * page by page again. */
static void keep_freed_memory(void) {
#ifdef __GLIBC__
    mallopt(M_ARENA_MAX, 1);
    mallopt(M_MMAP_THRESHOLD, 1 << 28);
    mallopt(M_TRIM_THRESHOLD, 1 << 29);
#endif
}

int main(int argc, char **argv) {
    const char *problem = cpu_problem();
    if (problem) return fprintf(stderr, "scaledown: %s\n", problem), EXIT_FAILURE;
    Error error = {""};
    cores_wait_passively(argv);
    keep_freed_memory();
    if (output_prepare()) _exit(EXIT_FAILURE);
    memory_set_exhausted_handler(out_of_memory);
    atexit(temporaries_remove); /* for libraries that end the process */
    catch_fatal_signals();
    limit_threads();
    int code = dispatch(argc, argv, &error);
    if (code != EXIT_SUCCESS && error.text[0]) {
        output_flush(&(Error){""}); /* what it is about comes first, in a file that takes both too */
        fprintf(stderr, "scaledown: %s\n", error.text);
    }
    if (output_finish(&error) == 0 || code != EXIT_SUCCESS) return code;
    fprintf(stderr, "scaledown: %s\n", error.text);
    return EXIT_FAILURE;
}
