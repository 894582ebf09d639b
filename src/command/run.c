#include "command/run.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/csv.h"
#include "base/file.h"
#include "base/map.h"
#include "base/state_trace.h"
#include "command/means.h"
#include "command/merging.h"
#include "command/table.h"
#include "study/manifest.h"
#include "study/schedule.h"

static const Option run_options[] = {
    {"shard", "I/N", NULL, "only shard I of N, equal in cost (`scaledown plan`); nothing is merged"},
    {"cell", "KEYS", NULL, "only these cells (`scaledown missing` prints keys); nothing is merged"},
    {"fresh", NULL, NULL, "compute cells again that are stored already"},
    {"state-trace", "FILE", NULL,
     "write hashes of the state of a single cell (--cell) after each of its steps, as CSV step,state,hash; the cell is "
     "computed again.  `scaledown diverge` compares two such files"},
    {"format", "FORMAT", NULL,
     "end with the means over seeds: table, csv or json.  A run with parameters ends with the table anyway.  95 % "
     "intervals are Student's; those of percentages (metrics named _accuracy or _error) are cut at 0 and 100"},
    {"manifest", "FILE", "build/manifest.txt",
     "where to note machine, compiler and times; of a shard build/manifest-I-of-N.txt, of --cell none"},
    {"quiet", NULL, NULL, "no progress, and nothing at the end that was not asked for"},
    {NULL, NULL, NULL, NULL}};

/* ---- which cells ---- */

typedef struct Part {
    long long shard, n_shards; /* n_shards 0: no shards */
    size_t n_keys;             /* 0: no single cells */
    const char **keys;         /* of the jobs found */
} Part;

static int read_part(const Command *command, Part *part, Error *error) {
    const char *shard = options_text(&command->options, "shard"), *slash = shard ? strchr(shard, '/') : NULL;
    const char *keys = options_text(&command->options, "cell");
    *part = (Part){0, 0, 0, NULL};
    if (shard && keys) return error_set(error, "--shard and --cell both say which cells; give one of them");
    if (shard && (!slash || parse_integer(slash + 1, 1, 1000000, &part->n_shards) ||
                  parse_integer(arena_format(command->arena, "%.*s", (int)(slash - shard), shard), 1, part->n_shards,
                                &part->shard)))
        return error_set(error, "option --shard is '%.80s', but must be I/N with I from 1 to N, at most 1000000",
                         shard);
    return 0;
}

static int in_part(const Job *job, const void *context) {
    const Part *part = context;
    if (part->n_shards) return job->shard == (size_t)part->shard;
    for (size_t i = 0; i < part->n_keys; i++)
        if (strcmp(part->keys[i], job->key) == 0) return 1;
    return part->n_keys == 0;
}

/* The jobs of the shard, or those whose keys are given, or all. */
static int pick_jobs(const Command *command, Part *part, Jobs *jobs, Error *error) {
    const char *keys = options_text(&command->options, "cell");
    Arena *arena = command->arena;
    if (part->n_shards) jobs_shard(jobs, (size_t)part->n_shards);
    if (keys) part->keys = arena_alloc(arena, strlen(keys) + 1, sizeof *part->keys);
    for (const char *word = keys; word; word = *word ? word + 1 : NULL) {
        const size_t length = strcspn(word, ",");
        const Job *job = jobs_find(jobs, arena_format(arena, "%.*s", (int)length, word), error);
        if (!job) return -1;
        part->keys[part->n_keys++] = job->key;
        word += length;
    }
    *jobs = jobs_filter(jobs, in_part, part, arena);
    return 0;
}

/* ---- what is not there ---- */

/* Takes those out of the jobs to be run that read files which are not there, and names their experiments; -1 when these
 * were asked for by name, or are all of the n_all that were asked for. */
static int skip_lacking(const Command *command, const Grid *grids, const Part *part, size_t n_all, Jobs *jobs,
                        Error *error) {
    Arena *arena = command->arena;
    const Jobs lacking = jobs_lacking(jobs, arena);
    if (lacking.n == 0) return 0;
    const Job *first = &lacking.jobs[0];
    if (part->n_keys || command_names_experiment(command) || lacking.n == n_all)
        return error_set(error, "%s/%s cannot be run: %s", first->grid->experiment->paper->name,
                         first->grid->experiment->name, first->needs);
    const size_t n = command->selection.n;
    const Experiment **experiments = arena_alloc(arena, n, sizeof *experiments);
    const char **needs = arena_alloc_zero(arena, n, sizeof *needs);
    Map *known = map_create(arena);
    for (size_t i = 0; i < lacking.n; i++) map_put(known, lacking.jobs[i].key, i);
    for (size_t i = 0; i < n; i++) {
        Jobs own;
        experiments[i] = grids[i].experiment;
        if (jobs_make(&grids[i], 1, arena, &own, error)) return -1;
        for (size_t k = 0; k < own.n && !needs[i]; k++)
            if (map_get(known, own.jobs[k].key) != MAP_ABSENT) needs[i] = own.jobs[k].needs;
    }
    print_skipped(n, experiments, needs, stderr);
    *jobs = jobs_ready(jobs, arena);
    return 0;
}

/* ---- the end ---- */

/* NULL: none is written. */
static const char *manifest_path(const Command *command, const Part *part) {
    if (!options_given(&command->options, "manifest") && part->n_keys) return NULL;
    if (!options_given(&command->options, "manifest") && part->n_shards)
        return arena_format(command->arena, "build/manifest-%lld-of-%lld.txt", part->shard, part->n_shards);
    return options_text(&command->options, "manifest");
}

/* Of those that were not skipped. */
static int print_means(const Command *command, const Grid *grids, const int *skipped, int format, Error *error) {
    int status = 0, first = 1;
    means_begin(format, stdout);
    for (size_t i = 0; i < command->selection.n && !status; i++) {
        Results results;
        if (skipped[i]) continue;
        Arena *arena = arena_create(0);
        status = results_load(command_results(command), &grids[i], arena, &results, error);
        if (!status) means_add(format, &results, first, stdout);
        first = 0;
        arena_destroy(arena);
    }
    means_end(format, stdout);
    return status;
}

/* skipped[i] is set where cells lack something that is not there. */
static int merge_all(const Command *command, const Grid *grids, int *skipped, FILE *said, Error *error) {
    for (size_t i = 0; i < command->selection.n; i++) {
        Merged merged;
        if (merge_grid(command, &grids[i], &merged, error)) return -1;
        skipped[i] = merged.needs != NULL;
        if (merged.n_missing && !merged.needs)
            return error_set(error, "experiment %s: %s after the run; were cells removed meanwhile? Run it again",
                             grids[i].experiment->name, count_text(merged.n_missing, "missing cell", command->arena));
        if (said && merged.written) print_merged(command, &merged, said);
        if (said && merged.needs)
            fprintf(said, "skipped: %s/%s, %zu of %s\n", grids[i].experiment->paper->name, grids[i].experiment->name,
                    merged.n_missing, count_text(grids[i].n_cells, "cell", command->arena));
    }
    return 0;
}

/* ---- run ---- */

/* What of the command line a run needs besides its cells. */
typedef struct RunOptions {
    Schedule schedule;
    Part part;
    int format;              /* of the means at the end; -1: none */
    FILE *said;              /* where the last lines go, or NULL */
    const char *state_trace; /* a file, or NULL */
} RunOptions;

static int read_options(const Command *command, RunOptions *run, Error *error) {
    const Options *options = &command->options;
    run->schedule = (Schedule){.results = command_results(command),
                               .title = "run",
                               .fresh = options_given(options, "fresh") || options_given(options, "state-trace"),
                               .quiet = options_given(options, "quiet")};
    run->format = -1;
    run->state_trace = options_text(options, "state-trace");
    if (!command->word && !options_given(options, "paper") && !options_given(options, "only") &&
        !options_given(options, "cell"))
        return error_set(error, "run: expected an experiment, a paper or all; `scaledown list` names them");
    const char *part = options_given(options, "shard") ? "shard" : options_given(options, "cell") ? "cell" : NULL;
    if (options_given(options, "format") && part)
        return error_set(error,
                         "--format prints means, which the cells of --%s have not; leave it out, and give it to a "
                         "run of all cells when they are merged",
                         part);
    if (options_given(options, "format") && options_choice(options, "format", means_formats, &run->format, error))
        return -1;
    if (command_threads(command, &run->schedule.threads, error) || read_part(command, &run->part, error)) return -1;
    run->said = run->schedule.quiet ? NULL : run->format > MEANS_TABLE ? stderr : stdout;
    return 0;
}

/* Before anything is computed: where results go that are not the experiments' own, and what judges by them. */
static void say_where(const Command *command, const Grid *grids, FILE *said) {
    Arena *arena = command->arena;
    Text fewer = text_create(arena), line = text_create(arena), judge = text_create(arena);
    size_t n = 0;
    if (grids[0].size != SIZE_PAPER) return;
    for (size_t i = 0; i < command->selection.n; i++) {
        const Experiment *experiment = grids[i].experiment;
        if (grid_is_own(&grids[i])) continue;
        if (*grids[i].given || grids[i].first_seed != experiment->first_seed) {
            text_format(&line,
                        "results go to %s/%s.csv, a place of their own; claims are about the experiment's own settings "
                        "and seeds, and are not judged by them",
                        command_results(command), grid_stem(&grids[i], arena));
            break;
        }
        text_format(&fewer, "%s%s (%zu of %zu)", n++ ? ", " : "", experiment->name, grids[i].n_seeds,
                    experiment->seeds);
    }
    if (!line.size && n) {
        text_format(&line,
                    "fewer seeds than in the tables: %s.  Their results go to %s/PAPER/variants/.  To judge by them, "
                    "where one seed gives no interval:",
                    fewer.data, command_results(command));
        command_line(command, "claims", NULL, &judge);
    }
    if (!line.size) return;
    text_print_words(text_printable(arena, line.data), 0, (size_t)output_columns(), said);
    fprintf(said, judge.size ? "\n  %s\n" : "\n", text_printable(arena, judge.data));
    fflush(said);
}

/* Runs what is not stored and notes how; the exit status. */
static int compute(const Command *command, RunOptions *run, const Grid *grids, const Jobs *jobs, Error *error) {
    Arena *arena = command->arena;
    const double start = clock_seconds();
    Jobs unfinished = run->schedule.fresh ? *jobs : jobs_unfinished(jobs, arena);
    const size_t n_unfinished = unfinished.n;
    if (skip_lacking(command, grids, &run->part, jobs->n, &unfinished, error)) return EXIT_FAILURE;
    const char *manifest_file = manifest_path(command, &run->part);
    if ((run->state_trace && !file_can_be_written(run->state_trace, error)) ||
        (manifest_file && !manifest_can_be_written(manifest_file, error)) ||
        directory_create(run->schedule.results, error))
        return EXIT_FAILURE;
    for (size_t i = 0; i < command->selection.n; i++)
        directory_remove_stale(
            arena_format(arena, "%s/cells/%s", run->schedule.results, grids[i].experiment->method->name));
    Manifest manifest = {.threads = run->schedule.threads,
                         .n_stored = jobs->n - n_unfinished,
                         .grids = grids,
                         .n_grids = command->selection.n};
    for (size_t i = 0; i < jobs->n; i++) manifest.n_damaged += jobs->jobs[i].state == STORED_DAMAGED;
    if (run->state_trace && state_trace_open(run->state_trace, error)) return EXIT_FAILURE;
    int status = schedule_run(&run->schedule, &unfinished, error);
    if (run->state_trace && !status) status = state_trace_close(error);
    state_trace_abandon();
    manifest.n_run = run->schedule.n_run;
    if (status == SCHEDULE_STOPPED) {
        size_t n_begun = 0;
        for (size_t i = 0; i < unfinished.n; i++)
            n_begun += (size_t)checkpoint_exists(run->schedule.results, unfinished.jobs[i].cell);
        error_set(error, "interrupted: %zu of %zu cells are stored%s; the same command%s goes on from there",
                  manifest.n_stored + manifest.n_run, jobs->n,
                  n_begun ? arena_format(arena, ", and %zu begun", n_begun) : "",
                  run->schedule.fresh ? " without --fresh" : "");
        return 128 + run->schedule.signal;
    }
    if (status) return EXIT_FAILURE;
    manifest.core_seconds = run->schedule.seconds;
    manifest.wall_seconds = clock_seconds() - start;
    if (manifest_file && manifest_write(manifest_file, &manifest, error)) return EXIT_FAILURE;
    if (!run->said) return 0;
    char duration[32];
    const size_t n_skipped = n_unfinished - unfinished.n;
    fprintf(run->said, "%s: %zu run, %zu stored before%s, in %s\n", count_text(jobs->n, "cell", arena), manifest.n_run,
            manifest.n_stored, n_skipped ? arena_format(arena, ", %zu skipped", n_skipped) : "",
            format_duration(manifest.wall_seconds, duration));
    return 0;
}

static int run_work(Command *command, Error *error) {
    RunOptions run;
    Grid *grids;
    Jobs jobs;
    if (read_options(command, &run, error) || command_grids(command, &grids, error)) return EXIT_USAGE;
    if (command_jobs(command, grids, &jobs, error)) return EXIT_FAILURE;
    if (pick_jobs(command, &run.part, &jobs, error)) return EXIT_USAGE;
    if (run.state_trace && jobs.n != 1)
        return error_set(error,
                         "--state-trace is of one cell, and these are %zu: give --cell a key that `scaledown "
                         "missing` prints",
                         jobs.n),
               EXIT_USAGE;
    const int is_part = run.part.n_shards || run.part.n_keys;
    for (size_t i = 0; i < command->selection.n && !is_part; i++)
        if (merge_refused(command, &grids[i], error)) return EXIT_USAGE;
    if (run.said && !is_part) say_where(command, grids, run.said);
    const int status = compute(command, &run, grids, &jobs, error);
    if (status) return status;
    if (is_part) {
        Text again = text_create(command->arena);
        command_line(command, "merge", NULL, &again);
        if (run.said) fprintf(run.said, "when all are done: %s\n", text_printable(command->arena, again.data));
        return 0;
    }
    int *skipped = arena_alloc(command->arena, command->selection.n, sizeof *skipped);
    if (merge_all(command, grids, skipped, run.said, error)) return EXIT_FAILURE;
    const int sweep = command->selection.n == 1 && *grids[0].given && run.said;
    if (run.format < 0 && !sweep) return 0;
    if (run.said == stdout) puts("");
    return print_means(command, grids, skipped, run.format < 0 ? MEANS_TABLE : run.format, error) ? EXIT_FAILURE : 0;
}

int run_command(const Method *const *methods, int argc, char **argv, Error *error) {
    static const CommandKind kind = {
        "run",
        "EXPERIMENT|PAPER|all",
        "Runs the cells of experiments that are not stored yet, and merges the results.  It can be interrupted at any "
        "time: the same command goes on.  Parameters given here make a sweep, whose results have a place of their own.",
        TAKES_RESULTS | TAKES_GRID | TAKES_PARAMETERS | TAKES_THREADS,
        run_options,
        run_work};
    return command_run(&kind, methods, argc, argv, error);
}
