#include "study/commands.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/options.h"
#include "study/claims_output.h"
#include "study/golden.h"
#include "study/manifest.h"

#define MAX_STUDIES 64
#define MAX_OPTIONS 96

/* ---- what the commands share ---- */

static const Option run_options[] = {
    {"seeds", "N", NULL, "number of seeds (default: the study's)"},
    {"first-seed", "S", NULL, "the first of the consecutive seeds"},
    {"size", "SIZE", "paper", "paper: the published protocol; smoke: tiny, makes no claims"},
    {"results", "DIR", "results", "where cells and merged results are"},
    {"threads", "N", NULL, "cores to use (default: all)"},
    {"manifest", "FILE", "build/manifest.txt", "where to note machine, compiler and times"},
    {"fresh", NULL, NULL, "compute cells again that are stored already"},
    {"quiet", NULL, NULL, "no progress, no closing line"},
    {"help", NULL, NULL, "this text"},
    {NULL, NULL, NULL, NULL}};

static const Option list_options[] = {{"results", "DIR", "results", "where cells and merged results are"},
                                      {"seeds", "N", NULL, "number of seeds (default: the study's)"},
                                      {"first-seed", "S", NULL, "the first of the consecutive seeds"},
                                      {"size", "SIZE", "paper", "paper or smoke"},
                                      {"threads", "N", NULL, "cores to use (default: all)"},
                                      {"help", NULL, NULL, "this text"},
                                      {NULL, NULL, NULL, NULL}};

static const Option claims_options[] = {
    {"results", "DIR", "results", "where cells and merged results are"},
    {"references", "DIR", "reference_results", "where published/ and claims.csv are"},
    {"report", "DIR", "build/report", "where claims.csv and the tables and numbers of the report go"},
    {"check", NULL, NULL, "fail when a verdict differs from the recorded one"},
    {"update", NULL, NULL, "record these verdicts, and checksums of the published numbers, in the references"},
    {"help", NULL, NULL, "this text"},
    {NULL, NULL, NULL, NULL}};

static const Option show_options[] = {{"results", "DIR", "results", "where cells and merged results are"},
                                      {"references", "DIR", "reference_results", "where published/ is"},
                                      {"help", NULL, NULL, "this text"},
                                      {NULL, NULL, NULL, NULL}};

static const Option verify_options[] = {{"results", "DIR", "results", "where the merged results are"},
                                        {"references", "DIR", "reference_results", "where golden/ is"},
                                        {"update", NULL, NULL, "make these results the golden ones"},
                                        {"help", NULL, NULL, "this text"},
                                        {NULL, NULL, NULL, NULL}};

/* Options, studies and memory of one command; everything ends with the arena. */
typedef struct Command {
    Arena *arena;
    Option table[MAX_OPTIONS];
    Options options;
    const Study *selected[MAX_STUDIES + 1]; /* ends with NULL */
    size_t n_selected;
    const char *only; /* the word after the command, or NULL */
} Command;

static size_t add_options(Command *command, size_t n, const Option *rows) {
    for (; rows->name && n < MAX_OPTIONS - 1; rows++) command->table[n++] = *rows;
    command->table[n] = (Option){NULL, NULL, NULL, NULL};
    return n;
}

static void add_parameters(Command *command, size_t n, const Study *study) {
    for (const Parameter *p = study->parameters; p->name && n < MAX_OPTIONS - 1; p++) {
        const char *kind = p->type == PARAMETER_CHOICE ? p->choices : "LIST";
        command->table[n++] =
            (Option){p->name, kind, NULL, arena_format(command->arena, "%s (paper: %s)", p->help, p->paper)};
    }
    command->table[n] = (Option){NULL, NULL, NULL, NULL};
}

static int parse(Command *command, int argc, char **argv, Error *error) {
    return options_parse(&command->options, command->table, argc, argv, command->arena, error);
}

static int select_studies(Command *command, const Study *const *studies, const char *name, Error *error) {
    int all = !name || strcmp(name, "all") == 0;
    command->n_selected = 0;
    for (size_t i = 0; all && studies[i] && i < MAX_STUDIES; i++) command->selected[command->n_selected++] = studies[i];
    if (!all && !(command->selected[command->n_selected++] = study_find(studies, name, error))) return -1;
    command->selected[command->n_selected] = NULL;
    return 0;
}

static void print_help(const Command *command, const char *usage, const char *purpose) {
    printf("usage: scaledown %s\n%s\n\n", usage, purpose);
    options_help(&command->options, stdout);
}

static int request_grid(const Command *command, const Study *study, int with_parameters, GridRequest *request,
                        Error *error) {
    const Options *options = &command->options;
    int size;
    if (options_choice(options, "size", size_names, &size, error)) return -1;
    *request = (GridRequest){.size = (Size)size, .first_seed = -1};
    if (options_given(options, "seeds") && options_integer(options, "seeds", 1, 100000, &request->seeds, error))
        return -1;
    if (options_given(options, "first-seed") &&
        options_integer(options, "first-seed", 0, 0xffffffffLL, &request->first_seed, error))
        return -1;
    if (!with_parameters) return 0;
    const char **values = arena_alloc_zero(command->arena, parameter_count(study), sizeof *values);
    for (size_t p = 0; study->parameters[p].name; p++) values[p] = options_text(options, study->parameters[p].name);
    request->values = values;
    return 0;
}

static int thread_count(const Options *options, int *threads, Error *error) {
    long long given = default_threads();
    if (options_given(options, "threads") && options_integer(options, "threads", 1, MAX_THREADS, &given, error))
        return -1;
    *threads = (int)given;
    return 0;
}

static int make_grids(Command *command, int with_parameters, Grid **grids, Error *error) {
    *grids = arena_alloc(command->arena, command->n_selected, sizeof **grids);
    for (size_t g = 0; g < command->n_selected; g++) {
        GridRequest request;
        const Study *study = command->selected[g];
        if (study_check(study, error) || request_grid(command, study, with_parameters, &request, error) ||
            grid_make(study, &request, command->arena, &(*grids)[g], error))
            return -1;
    }
    return 0;
}

/* ---- run ---- */

static int merge(const Command *command, const char *directory, const Grid *grids, Error *error) {
    for (size_t g = 0; g < command->n_selected; g++) {
        Arena *arena = arena_create(0);
        Results results;
        int status =
            results_load(directory, &grids[g], arena, &results, error) || results_write(directory, &results, error);
        arena_destroy(arena);
        if (status) return -1;
    }
    return 0;
}

static int run_selected(Command *command, int with_parameters, Error *error) {
    const Options *options = &command->options;
    Schedule schedule = {.results = options_text(options, "results"),
                         .fresh = options_given(options, "fresh"),
                         .quiet = options_given(options, "quiet")};
    Grid *grids;
    if (thread_count(options, &schedule.threads, error) || make_grids(command, with_parameters, &grids, error))
        return EXIT_USAGE;
    if (!manifest_can_be_written(options_text(options, "manifest"), error) || directory_create(schedule.results, error))
        return 1;
    double start = clock_seconds();
    int status = schedule_run(&schedule, grids, command->n_selected, command->arena, error);
    if (status == SCHEDULE_STOPPED) {
        error_set(error, "interrupted: %zu of %zu cells are stored; the same command goes on from there",
                  schedule.n_stored + schedule.n_run, schedule.n_cells);
        return EXIT_INTERRUPTED;
    }
    if (status || merge(command, schedule.results, grids, error)) return 1;
    double seconds = clock_seconds() - start;
    if (manifest_write(options_text(options, "manifest"), &schedule, grids, command->n_selected, seconds, error))
        return 1;
    if (!schedule.quiet)
        printf("%zu cells (%zu run, %zu stored before) in %.1f s; merged results in %s/\n", schedule.n_cells,
               schedule.n_run, schedule.n_stored, seconds, schedule.results);
    return 0;
}

static int run_with(Command *command, const Study *const *studies, int argc, char **argv, Error *error) {
    static const char usage[] = "run STUDY|all [options]";
    static const char purpose[] = "Run the unfinished cells of a study and merge its results.  Comma lists make axes.";
    int named = argc > 0 && argv[0][0] != '-', single = named && strcmp(argv[0], "all") != 0;
    size_t n = add_options(command, 0, run_options);
    if (named && select_studies(command, studies, argv[0], error)) return EXIT_USAGE;
    if (single) add_parameters(command, n, command->selected[0]);
    if (parse(command, argc - named, argv + named, error)) return EXIT_USAGE;
    if (options_given(&command->options, "help")) return print_help(command, usage, purpose), 0;
    if (!named)
        return error_set(error, "run: expected the name of a study, or all, first; `scaledown list` names them"),
               EXIT_USAGE;
    if (command->options.n_words)
        return error_set(error, "run: unexpected word \"%s\"", command->options.words[0]), EXIT_USAGE;
    return run_selected(command, single, error);
}

int run_command(const Study *const *studies, int argc, char **argv, Error *error) {
    Command command = {.arena = arena_create(0)};
    int code = run_with(&command, studies, argc, argv, error);
    arena_destroy(command.arena);
    return code;
}

/* ---- the other commands: options, then at most one word ---- */

typedef struct CommandRow {
    const char *usage, *purpose;
    const Option *options;
    int takes_claim; /* the word is a claim's id, not a study */
    int (*work)(Command *, const Study *const *, Error *);
} CommandRow;

static int command_with(const CommandRow *row, const Study *const *studies, int argc, char **argv, Error *error) {
    Command command = {.arena = arena_create(0)};
    int code = EXIT_USAGE;
    add_options(&command, 0, row->options);
    if (parse(&command, argc, argv, error)) goto done;
    if (options_given(&command.options, "help")) {
        print_help(&command, row->usage, row->purpose);
        code = 0;
        goto done;
    }
    if (command.options.n_words > 1) {
        error_set(error, "unexpected word \"%s\"; usage: scaledown %s", command.options.words[1], row->usage);
        goto done;
    }
    command.only = command.options.n_words ? command.options.words[0] : NULL;
    if (select_studies(&command, studies, row->takes_claim ? NULL : command.only, error)) goto done;
    code = row->work(&command, studies, error);
done:
    arena_destroy(command.arena);
    return code;
}

/* ---- list, estimate ---- */

static double expected_seconds(const Grid *grid, double cost, int threads, double speed) {
    double cores = (double)threads < (double)grid->n_cells ? (double)threads : (double)grid->n_cells;
    return cost * speed / cores;
}

static int list_work(Command *command, const Study *const *studies, Error *error) {
    (void)studies;
    Grid *grids;
    int threads;
    if (thread_count(&command->options, &threads, error) || make_grids(command, 0, &grids, error)) return EXIT_USAGE;
    double speed = calibrate();
    char left[32];
    printf("%-24s %8s %8s  %-12s  %s\n", "study", "cells", "done", "time left", "items");
    for (size_t g = 0; g < command->n_selected; g++) {
        double cost;
        size_t done = schedule_count_stored(options_text(&command->options, "results"), &grids[g], &cost);
        double seconds = expected_seconds(&grids[g], cost, threads, speed);
        printf("%-24s %8zu %8zu  %-12s  %s: %s\n", grids[g].study->name, grids[g].n_cells, done,
               done == grids[g].n_cells ? "-" : format_estimate(seconds, left), grids[g].study->item,
               grids[g].study->title);
    }
    return 0;
}

static int estimate_work(Command *command, const Study *const *studies, Error *error) {
    (void)studies;
    Grid *grids;
    int threads;
    double total = 0;
    if (thread_count(&command->options, &threads, error) || make_grids(command, 0, &grids, error)) return EXIT_USAGE;
    double speed = calibrate();
    char left[32];
    for (size_t g = 0; g < command->n_selected; g++) {
        double cost;
        size_t done = schedule_count_stored(options_text(&command->options, "results"), &grids[g], &cost);
        double seconds = expected_seconds(&grids[g], cost, threads, speed);
        printf("%-24s %zu of %zu cells left, about %s\n", grids[g].study->name, grids[g].n_cells - done,
               grids[g].n_cells, format_estimate(seconds, left));
        total += seconds;
    }
    printf(
        "about %s in all on %d cores (this machine needs %.2f times as long as the one the costs were measured on)\n",
        format_estimate(total, left), threads, speed);
    return 0;
}

int list_command(const Study *const *studies, int argc, char **argv, Error *error) {
    static const CommandRow row = {"list [STUDY] [options]",
                                   "The studies: paper items, cells, what is done, time left here.", list_options, 0,
                                   list_work};
    return command_with(&row, studies, argc, argv, error);
}

int estimate_command(const Study *const *studies, int argc, char **argv, Error *error) {
    static const CommandRow row = {"estimate [STUDY] [options]",
                                   "How long the unfinished cells will take on this machine.", list_options, 0,
                                   estimate_work};
    return command_with(&row, studies, argc, argv, error);
}

/* ---- claims, show ---- */

/* The verdicts of one study, or of one claim when only is given. */
static int study_verdicts(Command *command, const Study *study, const char *only, Verdict *verdicts, size_t *n,
                          Error *error) {
    const Options *options = &command->options;
    Results results;
    PublishedTable published;
    const char *path =
        arena_format(command->arena, "%s/published/%s.csv", options_text(options, "references"), study->name);
    if (study_check(study, error) || published_read(path, command->arena, &published, error) ||
        results_open(options_text(options, "results"), study, command->arena, &results, error))
        return -1;
    const char *folder = path_join(command->arena, options_text(options, "references"), "published");
    if (!options_given(options, "update") && published_check(folder, study, command->arena, error)) return -1;
    ClaimList list = study_claims(study, command->arena);
    for (size_t i = 0; i < list.n; i++) {
        if (only && strcmp(only, list.claims[i].id) != 0) continue;
        if (verdict_make(&results, &list.claims[i], &published, command->arena, &verdicts[*n], error)) return -1;
        verdicts[(*n)++].series = list.series[i];
    }
    return 0;
}

static int check_names(const Verdict *verdicts, size_t n, Arena *arena, Error *error) {
    const char **names = arena_alloc(arena, n, sizeof *names);
    for (size_t i = 0; i < n; i++) {
        names[i] = tex_name(verdicts[i].claim->id, arena);
        for (size_t j = 0; j < i; j++)
            if (strcmp(names[i], names[j]) == 0)
                return error_set(error, "claims %s and %s are the same name in TeX", verdicts[j].claim->id,
                                 verdicts[i].claim->id);
    }
    return 0;
}

static int claims_work(Command *command, const Study *const *studies, Error *error) {
    const Options *options = &command->options;
    size_t n = 0, total = 0;
    if (options_given(options, "update") && command->only && strcmp(command->only, "all") != 0)
        return error_set(error, "claims --update records all studies; leave out \"%s\"", command->only), EXIT_USAGE;
    for (size_t s = 0; s < command->n_selected; s++) total += study_claims(command->selected[s], command->arena).n;
    Verdict *verdicts = arena_alloc(command->arena, total, sizeof *verdicts);
    for (size_t s = 0; s < command->n_selected; s++)
        if (study_verdicts(command, command->selected[s], NULL, verdicts, &n, error)) return 1;
    if (check_names(verdicts, n, command->arena, error)) return 1;
    verdicts_print(stdout, verdicts, n);
    if (verdicts_write(options_text(options, "report"), verdicts, n, error)) return 1;
    const char *recorded = path_join(command->arena, options_text(options, "references"), "claims.csv");
    if (options_given(options, "update")) {
        const char *published = path_join(command->arena, options_text(options, "references"), "published");
        if (verdicts_record(recorded, verdicts, n, error) || published_record(published, command->arena, error))
            return 1;
    }
    if (options_given(options, "check") && verdicts_compare(recorded, verdicts, n, studies, command->arena, error))
        return 1;
    return 0;
}

static const Study *study_of_claim(const Study *const *studies, const char *id, Arena *arena, Error *error) {
    const char *names[1024] = {NULL};
    size_t n = 0;
    for (; *studies; studies++) {
        ClaimList list = study_claims(*studies, arena);
        for (size_t i = 0; i < list.n; i++) {
            if (strcmp(list.claims[i].id, id) == 0) return *studies;
            if (n < 1023) names[n++] = list.claims[i].id;
        }
    }
    error_set(error, "unknown claim \"%s\" (nearest: %s); `scaledown claims` names them all", id,
              nearest_name(id, names));
    return NULL;
}

static int show_work(Command *command, const Study *const *studies, Error *error) {
    if (!command->only)
        return error_set(error, "show: expected the id of a claim; `scaledown claims` names them"), EXIT_USAGE;
    const Study *study = study_of_claim(studies, command->only, command->arena, error);
    Verdict verdict;
    size_t n = 0;
    if (!study) return EXIT_USAGE;
    if (study_verdicts(command, study, command->only, &verdict, &n, error)) return 1;
    verdict_show(stdout, &verdict);
    return 0;
}

int claims_command(const Study *const *studies, int argc, char **argv, Error *error) {
    static const CommandRow row = {"claims [STUDY] [options]",
                                   "Judge every claim by the stored results and write the tables of the report.",
                                   claims_options, 0, claims_work};
    return command_with(&row, studies, argc, argv, error);
}

int show_command(const Study *const *studies, int argc, char **argv, Error *error) {
    static const CommandRow row = {"show CLAIM [options]", "The evidence behind one verdict, and how to make it again.",
                                   show_options, 1, show_work};
    return command_with(&row, studies, argc, argv, error);
}

/* ---- verify ---- */

/* Only results of the published size, which their cells bear out, become golden. */
static int make_golden(const char *golden, const char *results, const Study *study, Arena *arena, Error *error) {
    Results checked;
    if (results_open(results, study, arena, &checked, error)) return -1;
    if (checked.grid.size != SIZE_PAPER)
        return error_set(error, "the results of study %s in %s are of the smoke size: they cannot become golden",
                         study->name, results);
    return golden_update(golden, results, study, error);
}

static int verify_work(Command *command, const Study *const *studies, Error *error) {
    (void)studies;
    const Options *options = &command->options;
    const char *results = options_text(options, "results");
    const char *golden = path_join(command->arena, options_text(options, "references"), "golden");
    int update = options_given(options, "update");
    for (size_t s = 0; s < command->n_selected; s++) {
        const Study *study = command->selected[s];
        Arena *arena = arena_create(0);
        int status =
            update ? make_golden(golden, results, study, arena, error) : golden_verify(golden, results, study, error);
        arena_destroy(arena);
        if (status) return 1;
        printf("%-24s %s\n", study->name, update ? "is golden now" : "equals the golden results bit for bit");
    }
    return 0;
}

int verify_command(const Study *const *studies, int argc, char **argv, Error *error) {
    static const CommandRow row = {"verify [STUDY] [options]", "Compare the results with the golden ones, bit for bit.",
                                   verify_options, 0, verify_work};
    return command_with(&row, studies, argc, argv, error);
}
