/* Training steps of the studies (workloads.h), on one core and on all, beside PyTorch where it is installed; and how a step's
 * time grows with the width of the network, the batch and the data. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "bench.h"
#include "workloads.h"

/* ---- ours ---- */

/* now: by the clock where several threads are compared, else of the thread. */
typedef struct Ours {
    Workload *workload;
    int threads;
    double (*now)(void);
} Ours;

static double seconds_of_ours(void *context, size_t calls) {
    const Ours *ours = context;
    bench_set_threads(ours->threads);
    const double taken = workload_seconds(ours->workload, calls, ours->now);
    bench_set_threads(1);
    return taken;
}

/* ---- PyTorch ---- */

/* A Python that runs torch_steps.py on so many threads and waits for "NAME CALLS", which it answers with seconds a step. */
typedef struct Torch {
    FILE *ask, *answer;
    pid_t process;
} Torch;

static void torch_close(Torch *torch) {
    if (torch->ask) fclose(torch->ask);
    if (torch->answer) fclose(torch->answer);
    if (torch->process > 0) waitpid(torch->process, NULL, 0);
    *torch = (Torch){NULL, NULL, 0};
}

/* Nothing is open where python is NULL or has no torch. */
static Torch torch_open(const char *python, const char *script, int threads) {
    Torch torch = {NULL, NULL, 0};
    int asked[2], answered[2];
    char line[64] = "", count[16];
    snprintf(count, sizeof count, "%d", threads);
    if (!python || !*python || pipe(asked) || pipe(answered)) return torch;
    torch.process = fork();
    if (torch.process == 0) {
        dup2(asked[0], STDIN_FILENO), dup2(answered[1], STDOUT_FILENO);
        close(asked[0]), close(asked[1]), close(answered[0]), close(answered[1]);
        setenv("OPENBLAS_NUM_THREADS", count, 1), setenv("OMP_NUM_THREADS", count, 1); /* read when it is loaded */
        unsetenv("OMP_WAIT_POLICY");                                                   /* ours (cores.h) */
        execlp(python, python, script, count, (char *)NULL);
        _exit(127);
    }
    close(asked[0]), close(answered[1]);
    torch.ask = fdopen(asked[1], "w"), torch.answer = fdopen(answered[0], "r");
    if (torch.process < 0 || !fgets(line, sizeof line, torch.answer) || strcmp(line, "ready\n") != 0) {
        fprintf(stderr, "bench_training: without PyTorch: %s cannot run %s\n", python, script);
        torch_close(&torch);
    }
    return torch;
}

typedef struct Theirs {
    Torch *torch;
    const char *name;
} Theirs;

static double seconds_of_torch(void *context, size_t calls) {
    const Theirs *theirs = context;
    char line[64];
    double seconds;
    fprintf(theirs->torch->ask, "%s %zu\n", theirs->name, calls);
    fflush(theirs->torch->ask);
    if (fgets(line, sizeof line, theirs->torch->answer) && sscanf(line, "%lf", &seconds) == 1) return seconds;
    fprintf(stderr, "bench_training: PyTorch stopped in %s\n", theirs->name);
    exit(EXIT_FAILURE);
}

/* Does the script know the workload?  Zero steps are an answer of 0, else -1. */
static int torch_knows(Torch *torch, const char *name) {
    return torch->ask && seconds_of_torch(&(Theirs){torch, name}, 0) >= 0;
}

/* ---- what is measured ---- */

static double seconds_of_turn(const Bench *bench) {
    return bench->quick ? 0.02 : 0.1;
}

/* Steps on images take long: a third of the turns. */
static void measure(const Bench *all_turns, size_t w, int cores, Torch *torch, Torch *torch_of_cores) {
    const char *name = workload_name(w);
    Bench turns = *all_turns, *bench = &turns;
    if (workload_has_images(w)) bench->turns = (bench->turns + 2) / 3;
    Workload *workload = workload_create(name, (WorkloadSize){0, 0, 0});
    Ours alone = {workload, 1, thread_seconds}, one = {workload, 1, clock_seconds},
         all = {workload, cores, clock_seconds};
    Theirs torch_one = {torch, name}, torch_all = {torch_of_cores, name};
    const Contender on_one[] = {{"", seconds_of_ours, &alone}, {"pytorch", seconds_of_torch, &torch_one}};
    const Contender on_all[] = {
        {"", seconds_of_ours, &all}, {"one-thread", seconds_of_ours, &one}, {"pytorch", seconds_of_torch, &torch_all}};
    bench_compare(bench, &(Subject){"training", name, 0, 1}, 0, "us", seconds_of_turn(bench),
                  torch_knows(torch, name) ? 2 : 1, on_one);
    if (cores > 1)
        bench_compare(bench, &(Subject){"training", name, 0, cores}, 0, "us", seconds_of_turn(bench),
                      torch_knows(torch_of_cores, name) ? 3 : 2, on_all);
    workload_destroy(workload);
}

static void measure_growth(const Bench *bench, const Subject *subject, const char *name, WorkloadSize size) {
    Workload *workload = workload_create(name, size);
    Ours ours = {workload, 1, thread_seconds};
    const Contender contender = {"", seconds_of_ours, &ours};
    bench_compare(bench, subject, 0, "us", seconds_of_turn(bench), 1, &contender);
    workload_destroy(workload);
}

static const char about[] = "Training steps of the studies' networks, on batches of 100 signals or of 128 or\n"
                            "256 images, on one core and on all, and how the time of a step grows with width,\n"
                            "batch and data: a minute and a half; quick: 15 s, networks up to 300 wide, and\n"
                            "no images. Beside PyTorch where TORCH in the environment names a Python that\n"
                            "has it: five minutes; quick: 40 s.";

int main(int argc, char **argv) {
    static const struct {
        const char *name, *workload;
    } growing[] = {{"mlp", "descent-mlp20"}, {"cnn", "descent-cnn100"}};
    static const size_t widths[] = {10, 30, 100, 300, 1000}, batches[] = {10, 50, 100, 500, 1000},
                        sets[] = {4000, 40000, 400000};
    const Bench bench = bench_begin(argc, argv, 7, 3, about);
    signal(SIGPIPE, SIG_IGN); /* a Python that died is told of */
    const char *python = getenv("TORCH"), *script = "bench/torch_steps.py";
    const int cores = bench_cores();
    Torch torch = torch_open(python, script, 1), torch_of_cores = torch_open(cores > 1 ? python : NULL, script, cores);
    for (size_t w = 0; workload_name(w); w++)
        if (bench_wants(&bench, workload_name(w)) && !(bench.quick && workload_has_images(w)))
            measure(&bench, w, cores, &torch, &torch_of_cores);
    torch_close(&torch_of_cores); /* first: it holds the other's end of standard input, too */
    torch_close(&torch);
    for (size_t g = 0; g < sizeof growing / sizeof *growing; g++) {
        const char *name = growing[g].name, *workload = growing[g].workload;
        if (!bench_wants(&bench, name)) continue;
        for (size_t i = 0; i < sizeof widths / sizeof *widths; i++)
            if (!bench.quick || widths[i] <= 300)
                measure_growth(&bench, &(Subject){"width", name, widths[i], 1}, workload,
                               (WorkloadSize){.width = widths[i]});
        for (size_t i = 0; i < sizeof batches / sizeof *batches; i++)
            measure_growth(&bench, &(Subject){"batch", name, batches[i], 1}, workload,
                           (WorkloadSize){.width = 100, .batch = batches[i]});
        for (size_t i = 0; i < sizeof sets / sizeof *sets; i++)
            measure_growth(&bench, &(Subject){"data", name, sets[i], 1}, workload,
                           (WorkloadSize){.width = 100, .examples = sets[i]});
    }
    return 0;
}
