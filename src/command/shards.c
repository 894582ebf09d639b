#include "command/shards.h"

#include <stdio.h>

#include "base/clock.h"
#include "command/command.h"
#include "command/table.h"
#include "study/schedule.h"

/* ---- plan ---- */

static const char *const formats[] = {"table", "csv", NULL};
static const Option plan_options[] = {{"shards", "N", NULL, "into how many parts the cells are shared, 1 to 1000000"},
                                      {"format", "FORMAT", "table", "table, or csv for programs"},
                                      {NULL, NULL, NULL, NULL}};

typedef struct Shard {
    size_t cells, done;
    double cost, left; /* core-seconds where costs are measured: of all cells, of those not stored */
} Shard;

static Shard *sum_shards(const Jobs *jobs, size_t n, Arena *arena) {
    Shard *shards = arena_alloc_zero(arena, n, sizeof *shards);
    for (size_t i = 0; i < jobs->n; i++) {
        const Job *job = &jobs->jobs[i];
        Shard *shard = &shards[job->shard - 1];
        const int done = job->state == STORED_WHOLE;
        shard->cells++;
        shard->done += (size_t)done;
        shard->cost += job->cost;
        shard->left += done ? 0 : job->cost;
    }
    return shards;
}

static int plan_work(Command *command, Error *error) {
    const Options *options = &command->options;
    Arena *arena = command->arena;
    Grid *grids;
    Jobs jobs;
    long long n;
    int format;
    if (options_integer(options, "shards", 1, 1000000, &n, error) ||
        options_choice(options, "format", formats, &format, error) || command_grids(command, &grids, error))
        return EXIT_USAGE;
    if (command_jobs(command, grids, &jobs, error)) return EXIT_FAILURE;
    jobs_shard(&jobs, (size_t)n);
    const Shard *shards = sum_shards(&jobs, (size_t)n, arena);
    const double time_scale = measure_time_scale();
    Table table = table_create("rrrrrl", arena);
    table_header(&table, format ? "shard,cells,done,core_seconds,core_seconds_left,command"
                                : "shard,cells,done,core time,left,command");
    for (long long s = 0; s < n; s++) {
        const double times[] = {shards[s].cost * time_scale, shards[s].left * time_scale};
        table_format(&table, "%lld/%lld", s + 1, n);
        table_format(&table, "%zu", shards[s].cells);
        table_format(&table, "%zu", shards[s].done);
        for (int i = 0; i < 2; i++) {
            char duration[32];
            if (format)
                table_format(&table, "%.0f", times[i]);
            else
                table_add(&table, times[i] > 0 ? format_estimate(times[i], duration) : "-");
        }
        Text line = text_create(NULL);
        command_line(command, "run", NULL, &line);
        text_format(&line, " --shard %lld/%lld", s + 1, n);
        table_add(&table, line.data);
        text_destroy(&line);
    }
    if (format) return table_csv(&table, stdout), 0;
    table_print(&table, 0, stdout);
    Text line = text_create(arena);
    command_line(command, "merge", NULL, &line);
    puts("");
    text_print_words(
        "Each shard may run on another machine: with the same --results where machines share a folder, else "
        "with one each, which `merge --from DIR` brings together.  When all are done:",
        0, (size_t)output_columns(), stdout);
    printf("\n%s\n", text_printable(arena, line.data));
    return 0;
}

int plan_command(const Method *const *methods, int argc, char **argv, Error *error) {
    static const CommandKind kind = {
        "plan",
        "[EXPERIMENT|PAPER|all] --shards N",
        "Shares the cells among N parts that cost about the same, for as many machines or jobs.  The parts depend on "
        "the cells alone, not on what is done already, so that every machine agrees.",
        TAKES_RESULTS | TAKES_GRID | TAKES_PARAMETERS,
        plan_options,
        plan_work};
    return command_run(&kind, methods, argc, argv, error);
}

/* ---- missing ---- */

static int missing_work(Command *command, Error *error) {
    Arena *arena = command->arena;
    Grid *grids;
    Jobs jobs;
    char duration[32];
    if (command_grids(command, &grids, error)) return EXIT_USAGE;
    if (command_jobs(command, grids, &jobs, error)) return EXIT_FAILURE;
    const Jobs left = jobs_unfinished(&jobs, arena);
    const double time_scale = measure_time_scale();
    for (size_t i = 0; i < left.n; i++) {
        const Job *job = &left.jobs[i];
        const Experiment *experiment = job->grid->experiment;
        printf("%s\t%.1f\t%s/%s\t%s\t%u\n", job->key, job->cost * time_scale, experiment->paper->name, experiment->name,
               job->cell->label, job->cell->seed);
    }
    if (left.n == 0) return fprintf(stderr, "all is stored: %s\n", count_text(jobs.n, "cell", arena)), 0;
    Text line = text_create(arena);
    command_line(command, "run", NULL, &line);
    fprintf(stderr, "not stored: %zu of %s, %s of one core here.  Each line is a job:\n  %s --cell KEY\n", left.n,
            count_text(jobs.n, "cell", arena), format_estimate(jobs_cost(&left) * time_scale, duration),
            text_printable(arena, line.data));
    return 0;
}

int missing_command(const Method *const *methods, int argc, char **argv, Error *error) {
    static const CommandKind kind = {
        "missing",
        "[EXPERIMENT|PAPER|all]",
        "A line for every cell that is not stored, the longest first, for the jobs of a batch system: key, seconds on "
        "one core here, experiment, parameters that vary, seed; apart by tabs.  `scaledown run --cell KEY` computes "
        "one.",
        TAKES_RESULTS | TAKES_GRID | TAKES_PARAMETERS,
        NULL,
        missing_work};
    return command_run(&kind, methods, argc, argv, error);
}
