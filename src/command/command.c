#include "command/command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cores.h"
#include "base/file.h"
#include "command/table.h"
#include "data/image_sets.h"
#include "study/schedule.h"

enum { EXIT_HELP = -1 }; /* EXIT_HELP: help was printed, nothing is left to do */

const char *command_program = "scaledown";

/* ---- options ---- */

static const struct {
    unsigned takes; /* 0: always there */
    Option option;
} shared[] = {
    {0, {"paper", "PAPER", NULL, "only experiments of this paper"}},
    {0, {"only", "ITEM", NULL, "only what makes this item: \"Fig. 5c\"; \"Fig. 5\" takes 5a, 5b and 5c"}},
    {TAKES_GRID, {"seeds", "N", NULL, "number of seeds (default: the experiment's)"}},
    {TAKES_GRID, {"first-seed", "S", NULL, "the first of these consecutive seeds (default: the experiment's)"}},
    {TAKES_GRID, {"size", "SIZE", "paper", "paper: the published protocol; smoke: tiny, makes no claims"}},
    {TAKES_SEEDS,
     {"seeds", "N", NULL, "read this many seeds of the stored cells (default: the merged results, however many)"}},
    {TAKES_RESULTS, {"results", "DIR", "results", "where cells and merged results are"}},
    {TAKES_REFERENCES,
     {"references", "DIR", NULL,
      "published numbers, claims, recorded results (default: reference_results of the project)"}},
    {TAKES_THREADS, {"threads", "N", NULL, "cores to use (default: all that there are)"}},
    {0,
     {"project", "DIR", NULL, "the folder that holds reproduce/ (default: this one, else the one above the program)"}},
    {0,
     {"data-dir", "DIR", NULL,
      "where `make data` put data sets (default: SCALEDOWN_DATA of the environment, else data of the project)"}},
    {0, {"help", NULL, NULL, "this text"}}};
enum { N_SHARED = sizeof shared / sizeof *shared };

static const Option *plain_options(const CommandKind *kind, Arena *arena) {
    Option *rows = arena_alloc_zero(arena, N_SHARED + 1, sizeof *rows);
    size_t n = 0;
    for (size_t i = 0; i < N_SHARED; i++)
        if (!(kind->takes & WORD_IS_A_CLAIM && i < 2) && (!shared[i].takes || kind->takes & shared[i].takes))
            rows[n++] = shared[i].option;
    return options_join(kind->options, rows, arena);
}

/* What a parameter is left at: the values of the experiment's rows, each once, or the method's own. */
static const char *left_at(const Experiment *experiment, size_t parameter, Size size, Arena *arena) {
    Text text = text_create(arena);
    Axis seen = {0, NULL};
    for (size_t r = 0; r < experiment->n_rows; r++) {
        const Axis axis = row_axis(experiment, &experiment->rows[r], parameter, size);
        const char **values = arena_alloc(arena, seen.n + axis.n, sizeof *values);
        if (seen.n) memcpy(values, seen.values, seen.n * sizeof *values);
        seen.values = values;
        for (size_t i = 0; i < axis.n; i++) {
            size_t known = 0;
            while (known < seen.n && strcmp(seen.values[known], axis.values[i]) != 0) known++;
            if (known < seen.n) continue;
            seen.values[seen.n++] = axis.values[i];
            text_format(&text, "%s%s", text.size ? ", " : "", axis.values[i]);
        }
    }
    return text.data;
}

/* One option for each parameter of the method.  experiment NULL: without what it is left at. */
static const Option *parameter_options(const Method *method, const Experiment *experiment, Size size, Arena *arena) {
    Option *rows = arena_alloc_zero(arena, parameter_count(method) + 1, sizeof *rows);
    for (size_t p = 0; method->parameters[p].name; p++) {
        const Parameter *parameter = &method->parameters[p];
        const char *help = parameter->help;
        if (parameter->type == PARAMETER_CHOICE) help = arena_format(arena, "%s, of %s", help, parameter->choices);
        if (parameter->only) help = arena_format(arena, "%s; only with %s", help, parameter->only);
        rows[p] = (Option){parameter->name, parameter->type == PARAMETER_CHOICE ? "NAMES" : "LIST",
                           experiment ? left_at(experiment, p, size, arena) : NULL, help};
    }
    return rows;
}

/* ---- the project's folder ---- */

static int holds_project(const char *folder, Arena *arena) {
    return access(path_join(arena, folder, "reproduce"), R_OK) == 0;
}

/* The nearest folder above the program, wherever in it the program was built; "." if there is none. */
static const char *folder_above_program(Arena *arena) {
    char *path = arena_alloc_zero(arena, 4096, 1);
    const ssize_t length = readlink("/proc/self/exe", path, 4095);
    if (length <= 0) path = arena_copy_text(arena, command_program);
    for (char *slash; (slash = strrchr(path, '/')) != NULL;) {
        *slash = 0;
        const char *folder = *path ? path : "/";
        if (holds_project(folder, arena)) return folder;
    }
    return ".";
}

static int read_catalogue(Command *command, const Method *const *methods, Error *error) {
    const char *root = options_text(&command->options, "project");
    if (!root) root = holds_project(".", command->arena) ? "." : folder_above_program(command->arena);
    image_sets_find(options_text(&command->options, "data-dir"),
                    strcmp(root, ".") == 0 ? "data" : path_join(command->arena, root, "data"));
    return catalogue_read(root, methods, command->arena, &command->catalogue, error);
}

/* ---- parsing ---- */

/* The experiment that the word names, or NULL when it names something else. */
static const Experiment *named_experiment(const Command *command) {
    Selection selection;
    Error ignored = {""};
    const char *word = command->word, *paper = options_text(&command->options, "paper");
    if (!word || strcmp(word, "all") == 0) return NULL;
    for (size_t p = 0; p < command->catalogue.n_papers; p++)
        if (strcmp(command->catalogue.papers[p].name, word) == 0) return NULL;
    if (selection_make(&command->catalogue, word, paper, NULL, command->arena, &selection, &ignored)) return NULL;
    return selection.chosen[0].experiment;
}

static void print_help(const Command *command, const Option *plain, const Experiment *experiment) {
    const CommandKind *kind = command->kind;
    const Options own = {.table = plain};
    const size_t columns = (size_t)output_columns();
    int size = SIZE_PAPER;
    Error ignored = {""};
    help_print(
        arena_format(command->arena, "usage: scaledown %s %s [options]\n%s\n", kind->name, kind->words, kind->purpose),
        &own);
    if (experiment) {
        const Options *options = &command->options;
        if (options_given(options, "size")) options_choice(options, "size", size_names, &size, &ignored);
        const Option *rows = parameter_options(experiment->method, experiment, (Size)size, command->arena);
        const Options parameters = {.table = rows};
        printf("\nParameters of %s (method %s)\nA comma list makes an axis.\n\n", experiment->name,
               experiment->method->name);
        options_help(&parameters, columns, stdout);
    } else if (kind->takes & TAKES_PARAMETERS) {
        puts("");
        text_print_words(arena_format(command->arena,
                                      "`scaledown %s EXPERIMENT --help` lists the parameters of an experiment.",
                                      kind->name),
                         0, columns, stdout);
        puts("");
    }
}

static int parse(Command *command, const Method *const *methods, int argc, char **argv, Error *error) {
    const CommandKind *kind = command->kind;
    Arena *arena = command->arena;
    Options *options = &command->options;
    const Option *plain = plain_options(kind, arena), *table = plain;
    const Experiment *experiment = NULL;
    const int with_parameters = (kind->takes & TAKES_PARAMETERS) != 0;
    Error fault = {""};
    /* What the word is decides which options there are: until it is known, those of every method. */
    const Option *all = plain;
    for (size_t m = 0; with_parameters && methods[m]; m++)
        all = options_join(all, parameter_options(methods[m], NULL, SIZE_PAPER, arena), arena);
    const int unknown = options_parse(options, all, argc, argv, arena, error);
    if (unknown && !with_parameters) return EXIT_USAGE;
    command->word = options->n_words ? options->words[0] : NULL;
    const int without_project = read_catalogue(command, methods, &fault);
    if (with_parameters && !without_project) experiment = named_experiment(command);
    if (experiment) {
        for (command->first_parameter = 0; plain[command->first_parameter].name;) command->first_parameter++;
        command->method = experiment->method;
        table = options_join(plain, parameter_options(experiment->method, NULL, SIZE_PAPER, arena), arena);
    }
    if (with_parameters && options_parse(options, table, argc, argv, arena, error)) {
        if (!unknown && without_project) return *error = fault, EXIT_FAILURE;
        if (!unknown && !experiment)
            error_set(error, "%s; parameters of a method need one experiment: scaledown %s EXPERIMENT ...", error->text,
                      kind->name);
        return EXIT_USAGE;
    }
    if (options_given(options, "help")) return print_help(command, plain, experiment), EXIT_HELP;
    if (options->n_words > 1)
        return error_set(error, "unexpected word \"%.80s\"; usage: scaledown %s %s [options]", options->words[1],
                         kind->name, kind->words),
               EXIT_USAGE;
    if (without_project) return *error = fault, EXIT_FAILURE;
    return 0;
}

/* What takes a night is left to those who ask for it; a tiny size takes no night. */
static void leave_out_overnight(Command *command) {
    Selection *selection = &command->selection;
    const Experiment **left = arena_alloc(command->arena, selection->n, sizeof *left);
    const char *size = options_text(&command->options, "size");
    size_t kept = 0, n_left = 0;
    if (selection->only || command_names_experiment(command) || (size && strcmp(size, "smoke") == 0)) return;
    for (size_t i = 0; i < selection->n; i++)
        if (experiment_takes_a_night(selection->chosen[i].experiment))
            left[n_left++] = selection->chosen[i].experiment;
        else
            selection->chosen[kept++] = selection->chosen[i];
    if (n_left == 0 || kept == 0) return;
    selection->n = kept;
    text_print_words(arena_format(command->arena, "left for a night: %s: --only overnight, or their names",
                                  experiments_text(n_left, left, 3, command->arena)),
                     0, (size_t)output_columns(), stderr);
    fputc('\n', stderr);
}

/* The item asked for; sections are "Sec. 3" in the report. */
static const char *item_asked(const Options *options, Arena *arena) {
    const char *only = options_text(options, "only");
    return only && strncmp(only, "Sec. ", 5) == 0 ? arena_format(arena, "Section %s", only + 5) : only;
}

int command_run(const CommandKind *kind, const Method *const *methods, int argc, char **argv, Error *error) {
    Command command = {.kind = kind, .arena = arena_create(0)};
    const Options *options = &command.options;
    int status = parse(&command, methods, argc, argv, error);
    const char *word = kind->takes & WORD_IS_A_CLAIM ? NULL : command.word, *only = item_asked(options, command.arena);
    const char *item = kind->takes & ITEMS_OF_CLAIMS ? NULL : only;
    if (!status && selection_make(&command.catalogue, word, options_text(options, "paper"), item, command.arena,
                                  &command.selection, error))
        status = EXIT_USAGE;
    if (!status && only && *only) command.selection.only = only;
    if (!status && kind->takes & TAKES_PARAMETERS) leave_out_overnight(&command);
    if (!status && kind->takes & TAKES_REFERENCES && !options_given(options, "update") &&
        !file_exists(command_references(&command))) {
        error_set(error,
                  "%s: no such folder; --references names the one with published numbers, claims and recorded "
                  "results",
                  command_references(&command));
        status = EXIT_FAILURE;
    }
    if (!status && kind->takes & TAKES_RESULTS && !options_given(options, "recorded") &&
        directory_can_be_read(command_results(&command), error))
        status = EXIT_FAILURE;
    if (!status) status = kind->work(&command, error);
    arena_destroy(command.arena);
    return status == EXIT_HELP ? EXIT_SUCCESS : status;
}

/* ---- what options say ---- */

const char *command_results(const Command *command) {
    return options_text(&command->options, "results");
}

const char *command_references(const Command *command) {
    const char *given = options_text(&command->options, "references");
    return given ? given : path_join(command->arena, command->catalogue.root, "reference_results");
}

int command_threads(const Command *command, int *threads, Error *error) {
    const int usable = cores_usable();
    long long given = cores_default_threads();
    if (options_given(&command->options, "threads") &&
        options_integer(&command->options, "threads", 1, MAX_THREADS, &given, error))
        return -1;
    *threads = given < usable ? (int)given : usable;
    if (given > usable)
        fprintf(stderr, "--threads %lld: this process may use %d core%s, so as many threads are used\n", given, usable,
                usable == 1 ? "" : "s");
    return 0;
}

int command_request(const Command *command, const Experiment *experiment, GridRequest *request, Error *error) {
    const Options *options = &command->options;
    int size;
    if (options_choice(options, "size", size_names, &size, error)) return -1;
    *request = (GridRequest){.size = (Size)size, .first_seed = -1};
    if (options_given(options, "seeds") && options_integer(options, "seeds", 1, MOST_SEEDS, &request->seeds, error))
        return -1;
    if (options_given(options, "first-seed") &&
        options_integer(options, "first-seed", 0, 0xffffffffLL, &request->first_seed, error))
        return -1;
    if (command->method == experiment->method) request->values = options->values + command->first_parameter;
    return 0;
}

int command_grids(const Command *command, Grid **grids, Error *error) {
    const Selection *selection = &command->selection;
    *grids = arena_alloc(command->arena, selection->n, sizeof **grids);
    for (size_t i = 0; i < selection->n; i++) {
        GridRequest request;
        const Chosen *chosen = &selection->chosen[i];
        if (command_request(command, chosen->experiment, &request, error)) return -1;
        request.rows = chosen->rows;
        if (grid_make(chosen->experiment, &request, command->arena, &(*grids)[i], error)) return -1;
    }
    return 0;
}

int command_jobs(const Command *command, const Grid *grids, Jobs *jobs, Error *error) {
    if (jobs_make(grids, command->selection.n, command->arena, jobs, error)) return -1;
    jobs_look(command_results(command), jobs, "computed again");
    return 0;
}

static int is_unfinished(const Job *job, const void *context) {
    (void)context;
    return job->state != STORED_WHOLE;
}

Jobs jobs_unfinished(const Jobs *jobs, Arena *arena) {
    return jobs_filter(jobs, is_unfinished, NULL, arena);
}

static int lacks(const Job *job, const void *context) {
    (void)context;
    return job->needs != NULL;
}

static int is_ready(const Job *job, const void *context) {
    return !lacks(job, context);
}

Jobs jobs_lacking(const Jobs *jobs, Arena *arena) {
    return jobs_filter(jobs, lacks, NULL, arena);
}

Jobs jobs_ready(const Jobs *jobs, Arena *arena) {
    return jobs_filter(jobs, is_ready, NULL, arena);
}

int command_names_experiment(const Command *command) {
    return named_experiment(command) != NULL;
}

const char *experiments_text(size_t n, const Experiment *const *experiments, size_t most, Arena *arena) {
    Text text = text_create(arena);
    for (size_t i = 0, same; i < n; i += same) {
        const Paper *paper = experiments[i]->paper;
        for (same = 1; n > most && i + same < n && experiments[i + same]->paper == paper; same++) continue;
        const char *before = i ? ", " : "";
        if (n > most)
            text_format(&text, "%s%zu of %s", before, same, paper->name);
        else
            text_format(&text, "%s%s/%s", before, paper->name, experiments[i]->name);
    }
    return text.data;
}

size_t skipped_lines(size_t n, const Experiment *const *experiments, const char *const *needs, size_t most,
                     Arena *arena, const char **lines) {
    const Experiment **alike = arena_alloc(arena, n, sizeof *alike);
    size_t n_lines = 0;
    for (size_t i = 0; i < n; i++) {
        size_t first = 0, n_alike = 0;
        while (first < i && (!needs[first] || !needs[i] || strcmp(needs[first], needs[i]) != 0)) first++;
        if (!needs[i] || first < i) continue;
        for (size_t k = i; k < n; k++)
            if (needs[k] && strcmp(needs[k], needs[i]) == 0 && (!n_alike || experiments[k] != alike[n_alike - 1]))
                alike[n_alike++] = experiments[k];
        lines[n_lines++] = text_printable(
            arena, arena_format(arena, "skipped: %s: %s", experiments_text(n_alike, alike, most, arena), needs[i]));
    }
    return n_lines;
}

void print_skipped(size_t n, const Experiment *const *experiments, const char *const *needs, FILE *stream) {
    Arena *arena = arena_create(0);
    const char **lines = arena_alloc(arena, n, sizeof *lines);
    const size_t n_lines = skipped_lines(n, experiments, needs, n, arena, lines);
    for (size_t i = 0; i < n_lines; i++) {
        text_print_words(lines[i], 0, (size_t)output_columns(), stream);
        fputc('\n', stream);
    }
    arena_destroy(arena);
}

const char *count_text(size_t n, const char *what, Arena *arena) {
    return arena_format(arena, "%zu %s%s", n, what, n == 1 ? "" : "s");
}

/* ---- commands to be typed ---- */

void shell_word(const char *word, Text *text) {
    if (*word && !word[strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./=,:+-")]) {
        text_add(text, word);
        return;
    }
    text_add(text, "'");
    for (; *word; word++)
        if (*word == '\'')
            text_add(text, "'\\''");
        else
            text_add_character(text, *word);
    text_add(text, "'");
}

/* Does an option say which cells there are, and where?  Then every sub-command for cells has it. */
static int names_cells(const Command *command, const Option *option) {
    for (size_t i = 0; i < N_SHARED; i++)
        if (strcmp(shared[i].option.name, option->name) == 0)
            return shared[i].takes != TAKES_THREADS && shared[i].takes != TAKES_REFERENCES;
    return command->method && command->method->parameters[parameter_find(command->method, option->name)].name;
}

void command_line(const Command *command, const char *name, const char *word, Text *text) {
    const Options *options = &command->options;
    if (!word) word = command->word;
    if (!word && !options_given(options, "paper") && !options_given(options, "only")) word = "all";
    shell_word(command_program, text);
    text_format(text, " %s", name);
    if (word) {
        text_add(text, " ");
        shell_word(word, text);
    }
    for (int i = 0; i < options->n_given; i++) {
        const GivenOption *given = &options->given[i];
        if (strcmp(name, command->kind->name) != 0 && !names_cells(command, given->option)) continue;
        if (given->option->initial && strcmp(given->value, given->option->initial) == 0) continue; /* not all take it */
        text_format(text, " --%s", given->option->name);
        if (!given->option->placeholder) continue;
        text_add(text, " ");
        shell_word(given->value, text);
    }
}
