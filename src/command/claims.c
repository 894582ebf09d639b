#include "command/claims.h"

#include <stdio.h>
#include <string.h>

#include "command/command.h"
#include "command/data_folder.h"
#include "command/opened.h"
#include "command/table.h"
#include "study/claims_output.h"
#include "study/sums.h"

enum { MAX_PUBLISHED_BYTES = 1 << 28, VERDICTS_AT_ONCE = 1000 };

static const Option claims_options[] = {
    {"recorded", NULL, NULL, "judge by the recorded results; nothing needs to have been run"},
    {"report", "DIR", NULL,
     "where claims.csv and the checked data that figures and report are made from go, a folder for each paper "
     "(default: "
     "build/report, with --recorded build/recorded/report)"},
    {"check", NULL, NULL, "fail when a verdict is not the recorded one"},
    {"update", NULL, NULL, "record these verdicts, and checksums of the published numbers"},
    {NULL, NULL, NULL, NULL}};

typedef struct Judging {
    const Command *command;
    const char *references, *report;
    Selection made; /* the experiments whose rows --only asks for, if it does */
    ClaimList list;
    Verdict *verdicts; /* [list.n] */
    size_t n;          /* judged so far */
    OpenedResults opened;
    Text absent; /* names of experiments without results */
    size_t n_absent;
    const Experiment **skipped; /* [n_skipped]: those that have none because files are not there, */
    const char **needs;         /* [n_skipped]: and these */
    size_t n_skipped;
} Judging;

/* ---- the data of a paper ---- */

/* An experiment whose rows or claims are what --only asks for. */
static int is_wanted(const Judging *judging, const Experiment *experiment, size_t n_claims) {
    const int all = !judging->command->selection.only;
    for (size_t i = 0; !all && i < judging->made.n; i++)
        if (judging->made.chosen[i].experiment == experiment) return 1;
    return all || n_claims;
}

/* Copies of the merged results, which the cells bear out. */
static int copy_results(const Results *results, DataFolder *folder, Error *error) {
    Arena *arena = arena_create(0);
    int status = 0;
    for (int file = 0; file < N_RESULT_FILES && !status; file++) {
        const char *name = arena_format(arena, "%s%s", results->grid.experiment->name, result_suffixes[file]);
        Text *text = data_add(folder, name, error);
        if (text) results_text(results, file, text);
        if (text) data_flush(folder);
        status = text ? 0 : -1;
    }
    arena_destroy(arena);
    return status;
}

/* Copies of all published numbers of the paper, which SHA256SUMS bears out. */
static int copy_published(const Judging *judging, const Paper *paper, DataFolder *folder, Error *error) {
    Arena *arena = arena_create(0);
    Sums sums;
    const char *published = arena_format(arena, "%s/%s/published", judging->references, paper->name);
    int status = sums_read(published, arena, &sums, error) < 0 ? -1 : 0;
    for (size_t i = 0; i < sums.n && !status; i++) {
        unsigned char *data;
        size_t size;
        const char *name = sums.names[i];
        if (strchr(name, '/'))
            status = error_set(error, "%s: %s is not a file of that folder", sums.path, name);
        else if (sums_check(&sums, published, name, arena, error) ||
                 file_read(path_join(arena, published, name), MAX_PUBLISHED_BYTES, arena, &data, &size, error))
            status = -1;
        Text *text = status ? NULL : data_add(folder, arena_format(arena, "published/%s", name), error);
        if (text) text_add_bytes(text, data, size);
        if (text) data_flush(folder);
        status = text ? 0 : -1;
    }
    arena_destroy(arena);
    return status;
}

static int write_verdicts(const Verdict *verdicts, size_t n, DataFolder *folder, Error *error) {
    Text *text = data_add(folder, "claims.csv", error);
    if (!text) return -1;
    verdicts_csv_header(text);
    for (size_t i = 0; i < n; i += VERDICTS_AT_ONCE) {
        verdicts_csv(verdicts + i, n - i < VERDICTS_AT_ONCE ? n - i : VERDICTS_AT_ONCE, text);
        data_flush(folder);
    }
    data_flush(folder);
    return 0;
}

/* Names the experiments of the paper that have no results because files are not there, from the first on, for figures
 * and report. */
static int write_skipped(const Judging *judging, size_t first, DataFolder *folder, Error *error) {
    if (first == judging->n_skipped) return 0;
    Text *text = data_add(folder, "skipped.csv", error);
    if (!text) return -1;
    text_add(text, "experiment,why\n");
    for (size_t i = first; i < judging->n_skipped; i++) {
        text_format(text, "%s,", judging->skipped[i]->name);
        text_add_csv(text, judging->needs[i]);
        text_add(text, "\n");
    }
    data_flush(folder);
    return 0;
}

/* ---- judging ---- */

static void note_absent(Judging *judging, const Experiment *experiment) {
    const char *needs = opened_needs(&judging->opened, experiment);
    if (needs) {
        judging->skipped[judging->n_skipped] = experiment;
        judging->needs[judging->n_skipped++] = needs;
    } else
        text_format(&judging->absent, "%s%s/%s", judging->n_absent++ ? ", " : "", experiment->paper->name,
                    experiment->name);
}

/* A claim about what cannot be run here is not judged, and that is no fault. */
static void excuse(Judging *judging, Verdict *verdict) {
    const Quantity *const quantities[] = {verdict->claim->a, verdict->claim->b};
    for (int q = 0; q < 2; q++) {
        size_t n = 0;
        const Experiment *const *of = quantities[q] ? quantity_experiments(quantities[q], &n) : NULL;
        for (size_t i = 0; i < n && !verdict->excused; i++) {
            const char *needs = opened_needs(&judging->opened, of[i]);
            if (needs)
                verdict_excuse(verdict, arena_format(judging->command->arena, "%s/%s was not run: %s",
                                                     of[i]->paper->name, of[i]->name, needs));
        }
    }
}

/* The claims about one experiment, which are the next in the list; its results go to the folder on the way. */
static int judge_experiment(Judging *judging, const Experiment *experiment, DataFolder *folder, Error *error) {
    const ResultsSource source = opened_source(&judging->opened);
    const ClaimList *list = &judging->list;
    size_t end = judging->n;
    while (end < list->n && list->claims[end].row->experiment == experiment) end++;
    if (!is_wanted(judging, experiment, end - judging->n)) return 0;
    const Results *results = opened_get(&judging->opened, experiment, error);
    if (!results && error->text[0]) return -1;
    if (!results) note_absent(judging, experiment);
    if (results && copy_results(results, folder, error)) return -1;
    for (; judging->n < end; judging->n++) {
        Verdict *verdict = &judging->verdicts[judging->n];
        if (verdict_make(&list->claims[judging->n], &source, judging->command->arena, verdict, error)) return -1;
        if (verdict->judgement == NOT_RUN) excuse(judging, verdict);
    }
    opened_close(&judging->opened, end);
    return 0;
}

/* The selected experiments of one paper, from the first on; *next is behind the last. */
static int judge_paper(Judging *judging, size_t first, size_t *next, Error *error) {
    const Selection *selection = &judging->command->selection;
    const Paper *paper = selection->chosen[first].experiment->paper;
    const size_t first_verdict = judging->n, first_skipped = judging->n_skipped;
    Arena *arena = arena_create(0);
    DataFolder folder = data_begin(path_join(arena, judging->report, paper->name), arena);
    int status = 0;
    size_t i = first;
    for (; i < selection->n && selection->chosen[i].experiment->paper == paper; i++)
        if (!status) status = judge_experiment(judging, selection->chosen[i].experiment, &folder, error);
    *next = i;
    if (!status && options_given(&judging->command->options, "update"))
        status = published_record(judging->references, paper, error);
    if (!status) status = copy_published(judging, paper, &folder, error);
    if (!status) status = write_verdicts(judging->verdicts + first_verdict, judging->n - first_verdict, &folder, error);
    if (!status) status = write_skipped(judging, first_skipped, &folder, error);
    if (!status) status = data_commit(&folder, error);
    data_abandon(&folder);
    arena_destroy(arena);
    return status;
}

/* ---- printing ---- */

enum { VERDICT, ID, ITEM, PUBLISHED, OURS, N_FIELDS };

/* What is said of a row of a claims table. */
static void fields_of(const Judging *judging, const ClaimRow *row, Arena *arena, const char *fields[N_FIELDS]) {
    const Verdict *verdict = &judging->verdicts[row->first];
    fields[VERDICT] = row->curve ? "(a curve)" : judgement_names[verdict->judgement];
    fields[ID] = text_printable(arena, row->curve ? arena_format(arena, "%s-...", row->id) : row->id);
    fields[ITEM] = text_printable(arena, row->item);
    fields[PUBLISHED] = row->curve ? count_text(row->n, "point", arena) : published_text(verdict, arena);
    fields[OURS] = row->curve ? counts_text(verdict, row->n, arena) : ours_text(verdict, arena);
}

/* One line for each row of the claims tables, or two where the terminal is too narrow for that. */
static void print_rows(const Judging *judging) {
    static const char *const header[N_FIELDS] = {"verdict", "claim", "item", "published", "ours (95 % interval)"};
    const ClaimList *list = &judging->list;
    const char *fields[N_FIELDS];
    Arena *arena = arena_create(0);
    size_t widths[N_FIELDS], total = 2 * (N_FIELDS - 1);
    for (int f = 0; f < N_FIELDS; f++) widths[f] = text_columns(header[f]);
    for (size_t r = 0; r < list->n_rows; r++, arena_reset(arena)) {
        fields_of(judging, &list->rows[r], arena, fields);
        for (int f = 0; f < N_FIELDS; f++)
            if (text_columns(fields[f]) > widths[f]) widths[f] = text_columns(fields[f]);
    }
    for (int f = 0; f < N_FIELDS; f++) total += widths[f];
    const int as_table = total <= (size_t)output_columns();
    for (int f = 0; as_table && f < N_FIELDS; f++)
        printf("%-*s%s", f + 1 < N_FIELDS ? (int)widths[f] + 2 : 0, header[f], f + 1 < N_FIELDS ? "" : "\n");
    for (size_t r = 0; r < list->n_rows; r++, arena_reset(arena)) {
        const ClaimRow *row = &list->rows[r];
        fields_of(judging, row, arena, fields);
        for (int f = 0; as_table && f < N_FIELDS; f++)
            printf("%s%*s", fields[f], f + 1 < N_FIELDS ? (int)(widths[f] - text_columns(fields[f])) + 2 : 0, "");
        if (!as_table) {
            const char *published = row->curve ? "" : list->claims[row->first].published ? "published " : "claimed ";
            const char *ours = row->curve ? ": " : *fields[OURS] ? "; ours " : "";
            printf("%-19s  %s\n%21s", fields[VERDICT], fields[ID], "");
            text_print_words(
                arena_format(arena, "%s: %s%s%s%s", fields[ITEM], published, fields[PUBLISHED], ours, fields[OURS]), 21,
                (size_t)output_columns(), stdout);
        }
        puts("");
    }
    arena_destroy(arena);
}

static void print_verdicts(const Judging *judging) {
    Arena *arena = arena_create(0);
    const size_t n = judging->list.n;
    if (n) print_rows(judging);
    text_print_words(arena_format(arena, "%s: %s", count_text(n, "claim", arena),
                                  n ? counts_text(judging->verdicts, n, arena) : "none"),
                     0, (size_t)output_columns(), stdout);
    puts("");
    if (judging->n_absent) {
        text_print_words(arena_format(arena, "without results: %s", judging->absent.data), 0, (size_t)output_columns(),
                         stdout);
        puts("");
    }
    print_skipped(judging->n_skipped, judging->skipped, judging->needs, stdout);
    arena_destroy(arena);
}

/* ---- claims ---- */

static int judge_all(Judging *judging, Error *error) {
    const Selection *selection = &judging->command->selection;
    for (size_t i = 0; i < selection->n;)
        if (judge_paper(judging, i, &i, error)) return -1;
    return 0;
}

/* Before anything is written: is there something to judge, and something to judge it by? */
static int nothing_to_judge(Judging *judging, Error *error) {
    const Command *command = judging->command;
    const Selection *selection = &command->selection;
    size_t n_wanted = 0;
    const char *needs = NULL;
    for (size_t i = 0, c = 0; i < selection->n; i++) {
        const Experiment *experiment = selection->chosen[i].experiment;
        const size_t first = c;
        while (c < judging->list.n && judging->list.claims[c].row->experiment == experiment) c++;
        if (!is_wanted(judging, experiment, c - first)) continue;
        n_wanted++;
        if (!needs) needs = opened_needs(&judging->opened, experiment);
        if (opened_exists(&judging->opened, experiment)) return 0;
    }
    if (n_wanted == 0)
        return error_set(error, "nothing is about \"%.80s\"; `scaledown list` and `scaledown claims` name items",
                         selection->only);
    const char *what = n_wanted == 1 ? "this experiment" : "these experiments";
    if (needs) return error_set(error, "no results of %s: %s", what, needs);
    if (!judging->opened.directory)
        return error_set(error, "no recorded results of %s in %s", what, judging->references);
    return error_set(
        error,
        "no results of %s in %s; `scaledown run` computes them, and `scaledown claims --recorded` judges by "
        "the recorded ones",
        what, judging->opened.directory);
}

/* Are whole papers selected, with all that is claimed about them? */
static int selects_papers(const Command *command) {
    const Selection *selection = &command->selection;
    size_t n = 0;
    for (size_t i = 0; i < selection->n; i++) {
        const Paper *paper = selection->chosen[i].experiment->paper;
        if (i == 0 || paper != selection->chosen[i - 1].experiment->paper) n += paper->n_experiments;
    }
    return n == selection->n && !selection->only;
}

static int claims_work(Command *command, Error *error) {
    const Options *options = &command->options;
    const int recorded = options_given(options, "recorded"), update = options_given(options, "update");
    Judging judging = {.command = command,
                       .references = command_references(command),
                       .report = options_text(options, "report"),
                       .absent = text_create(command->arena)};
    const int whole = selects_papers(command);
    judging.skipped = arena_alloc(command->arena, command->selection.n, sizeof *judging.skipped);
    judging.needs = arena_alloc(command->arena, command->selection.n, sizeof *judging.needs);
    Error no_row = {""}; /* an item of claims alone */
    if (command->selection.only)
        selection_make(&command->catalogue, command->word, options_text(options, "paper"), command->selection.only,
                       command->arena, &judging.made, &no_row);
    if (!judging.report) judging.report = recorded ? "build/recorded/report" : "build/report";
    if (update && !whole)
        return error_set(error, "claims --update records the verdicts of whole papers; name a paper or none"),
               EXIT_USAGE;
    if (recorded && options_given(options, "results"))
        return error_set(error, "--recorded and --results both say which results; give one of them"), EXIT_USAGE;
    if (claims_read(&command->catalogue, judging.references, &command->selection, update, command->arena, &judging.list,
                    error))
        return EXIT_FAILURE;
    judging.verdicts = arena_alloc(command->arena, judging.list.n, sizeof *judging.verdicts);
    judging.opened = opened_create(&command->catalogue, recorded ? NULL : command_results(command), judging.references,
                                   &judging.list, command->arena);
    if (nothing_to_judge(&judging, error) || judge_all(&judging, error)) return EXIT_FAILURE;
    print_verdicts(&judging);
    if (update && verdicts_record(judging.references, judging.verdicts, judging.n, error)) return EXIT_FAILURE;
    if (options_given(options, "check") &&
        verdicts_compare(judging.references, judging.verdicts, judging.n, whole, error))
        return EXIT_FAILURE;
    return 0;
}

int claims_command(const Method *const *methods, int argc, char **argv, Error *error) {
    static const CommandKind kind = {
        "claims",
        "[EXPERIMENT|PAPER|all]",
        "Judges every claim by the results, and writes claims.csv and checked copies of results and published numbers, "
        "from which figures and report are made.",
        TAKES_RESULTS | TAKES_REFERENCES | ITEMS_OF_CLAIMS,
        claims_options,
        claims_work};
    return command_run(&kind, methods, argc, argv, error);
}
