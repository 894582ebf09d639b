#include "command/claims.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "command/data_folder.h"
#include "command/judged.h"
#include "command/provenance.h"
#include "command/stored.h"
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
    {"fresh", NULL, NULL, "list what is judged on fresh test signals, too, and where that differs"},
    {"all", NULL, NULL, "list headline claims, curves and single numbers before the summary"},
    {"check", NULL, NULL,
     "compare verdicts with the recorded ones, by the seeds of the tables though more are there; fail when one "
     "differs"},
    {"update", NULL, NULL, "record these verdicts, and checksums of the published numbers"},
    {NULL, NULL, NULL, NULL}};

typedef struct Judging {
    Judged judged;
    const char *report;
    size_t n;                  /* verdicts that are shown */
    Verdict *shown;            /* [n]: those of the papers, moved up */
    Text provenance;           /* of the paper: provenance.csv */
    const Experiment **absent; /* [n_absent]: experiments without results */
    size_t n_absent;
    const Experiment **skipped; /* [n_skipped]: those that have none because files are not there, */
    const char **needs;         /* [n_skipped]: and these */
    size_t n_skipped;
} Judging;

/* ---- the data of a paper ---- */

static int is_selected(const Command *command, const Experiment *experiment) {
    const Selection *selection = &command->selection;
    size_t i = 0;
    while (i < selection->n && selection->chosen[i].experiment != experiment) i++;
    return i < selection->n;
}

static int is_shown(const Command *command, const ClaimRow *row) {
    const char *only = command->selection.only;
    return is_selected(command, row->experiment) && (!only || item_matches(row->item, only));
}

/* An experiment whose rows or claims are what is asked for. */
static int is_wanted(const Judging *judging, const Experiment *experiment) {
    const Command *command = judging->judged.command;
    const ClaimList *list = &judging->judged.list;
    const char *only = command->selection.only;
    if (!is_selected(command, experiment)) return 0;
    for (size_t r = 0; only && r < experiment->n_rows; r++)
        if (item_matches(experiment->rows[r].item, only)) return 1;
    for (size_t r = 0; only && r < list->n_rows; r++)
        if (list->rows[r].experiment == experiment && item_matches(list->rows[r].item, only)) return 1;
    return !only;
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
static int copy_published(const char *references, const Paper *paper, DataFolder *folder, Error *error) {
    Arena *arena = arena_create(0);
    Sums sums;
    const char *published = arena_format(arena, "%s/%s/published", references, paper->name);
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

static int write_provenance(const Text *provenance, DataFolder *folder, Error *error) {
    Text *text = data_add(folder, "provenance.csv", error);
    if (!text) return -1;
    text_add_bytes(text, provenance->data, provenance->size);
    data_flush(folder);
    return 0;
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
    const char *needs = opened_needs(&judging->judged.opened, experiment);
    if (needs) {
        judging->skipped[judging->n_skipped] = experiment;
        judging->needs[judging->n_skipped++] = needs;
    } else
        judging->absent[judging->n_absent++] = experiment;
}

/* A claim about what cannot be run here is not judged, and that is no fault. */
static void excuse(Judging *judging, Verdict *verdict) {
    const Quantity *const quantities[] = {verdict->claim->a, verdict->claim->b};
    for (int q = 0; q < 2; q++) {
        size_t n = 0;
        const Experiment *const *of = quantities[q] ? quantity_experiments(quantities[q], &n) : NULL;
        for (size_t i = 0; i < n && !verdict->excused; i++) {
            const char *needs = opened_needs(&judging->judged.opened, of[i]);
            if (needs)
                verdict_excuse(verdict, arena_format(judging->judged.command->arena, "%s/%s was not run: %s",
                                                     of[i]->paper->name, of[i]->name, needs));
        }
    }
}

/* The claims about one experiment, which are the next in the list; its results go to the folder on the way. */
static int measure_experiment(Judging *judging, const Experiment *experiment, DataFolder *folder, Error *error) {
    Judged *judged = &judging->judged;
    if (is_wanted(judging, experiment)) {
        const Results *results = opened_get(&judged->opened, experiment, error);
        if (!results && error->text[0]) return -1;
        if (!results) note_absent(judging, experiment);
        if (results && copy_results(results, folder, error)) return -1;
        if (provenance_experiment(judged->command, experiment, results,
                                  options_given(&judged->command->options, "recorded"), &judging->provenance, error))
            return -1;
    }
    return judged_measure(judged, experiment, error);
}

/* The claims of one paper, whose experiments are the next ones; *next is behind the last. */
static int judge_paper(Judging *judging, size_t first, size_t *next, Error *error) {
    Judged *judged = &judging->judged;
    const Chosen *chosen = judged->papers.chosen;
    const Paper *paper = chosen[first].experiment->paper;
    const size_t first_verdict = judged->n, first_shown = judging->n, first_skipped = judging->n_skipped;
    Arena *arena = arena_create(0);
    DataFolder folder = data_begin(path_join(arena, judging->report, paper->name), arena);
    int status = 0;
    size_t i = first;
    text_clear(&judging->provenance);
    provenance_paper(paper, options_given(&judged->command->options, "recorded"), &judged->command->selection,
                     &judging->provenance);
    for (; i < judged->papers.n && chosen[i].experiment->paper == paper; i++)
        if (!status) status = measure_experiment(judging, chosen[i].experiment, &folder, error);
    *next = i;
    if (!status) judged_judge(judged, first_verdict);
    for (size_t r = 0; r < judged->list.n_rows; r++) {
        const ClaimRow *row = &judged->list.rows[r];
        if (row->experiment->paper == paper && is_shown(judged->command, row))
            provenance_row(&judged->list.claims[row->first], &judging->provenance);
    }
    for (size_t v = first_verdict; !status && v < judged->n; v++)
        if (judged->verdicts.all[v].judgement == NOT_RUN) excuse(judging, &judged->verdicts.all[v]);
    for (size_t v = first_verdict; !status && v < judged->n; v++)
        if (is_shown(judged->command, judged->verdicts.all[v].claim->row))
            judging->shown[judging->n++] = judged->verdicts.all[v];
    if (!status && options_given(&judged->command->options, "update"))
        status = published_record(judged->references, paper, error);
    if (!status) status = copy_published(judged->references, paper, &folder, error);
    if (!status) status = write_verdicts(judging->shown + first_shown, judging->n - first_shown, &folder, error);
    if (!status) status = write_skipped(judging, first_skipped, &folder, error);
    if (!status) status = write_provenance(&judging->provenance, &folder, error);
    if (!status) status = data_commit(&folder, error);
    data_abandon(&folder);
    arena_destroy(arena);
    return status;
}

/* ---- printing ---- */

/* Columns of the longest line of a table. */
static size_t width_of(const Table *table) {
    size_t width = 2 * (table->n_columns - 1);
    for (size_t c = 0; c < table->n_columns; c++) {
        size_t longest = 0;
        for (size_t i = c; i < table->n; i += table->n_columns)
            if (text_columns(table->cells[i]) > longest) longest = text_columns(table->cells[i]);
        width += longest;
    }
    return width;
}

/* A claim or a curve. */
static void print_verdict(const Verdict *v, Table *table, Arena *arena) {
    const char *published = v->outside ? count_text(v->claim->row->n, "point", arena) : published_text(v, arena);
    const char *ours = v->outside ? difference_text(v, arena) : ours_text(v, arena);
    const char *margin = v->claim->kind == CLAIM_REPORT ? "" : arena_format(arena, "%.3g", v->margin);
    if (table) {
        const char *const cells[] = {
            judgement_names[v->judgement], v->claim->id, v->claim->item, published, margin, ours};
        for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) table_add(table, cells[i]);
        return;
    }
    printf("%-19s  %s\n%21s", judgement_names[v->judgement], v->claim->id, "");
    const char *before_published = v->outside ? "" : v->claim->published ? "published " : "claimed ";
    const char *before_ours = !*ours ? "" : v->outside ? "; mean difference " : "; ours ";
    const char *words = arena_format(arena, "%s: %s%s%s%s%s%s", v->claim->item, before_published, published,
                                     *margin ? ", margin " : "", margin, before_ours, ours);
    text_print_words(text_printable(arena, words), 21, (size_t)output_columns(), stdout);
    puts("");
}

/* Is it a point of a curve?  Those are in claims.csv. */
static int is_point_of_curve(const Verdict *v) {
    return v->claim->row->curve && !v->outside;
}

/* A line for each claim of a level, two where the terminal is too narrow for a table. */
static void print_level(const Judging *judging, ClaimLevel level) {
    static const char *const titles[] = {"headline claims", "curves", "single numbers"};
    Arena *arena = arena_create(0);
    Table table = table_create("llllll", arena);
    table_header(&table, level == LEVEL_CURVE ? "verdict,curve,item,published,margin,mean difference (95 % interval)"
                                              : "verdict,claim,item,published,margin,ours (95 % interval)");
    size_t n = 0;
    for (size_t i = 0; i < judging->n; i++)
        if (judging->shown[i].level == level && !is_point_of_curve(&judging->shown[i]))
            print_verdict(&judging->shown[i], &table, arena), n++;
    if (n) printf("%s\n", titles[level]);
    if (n && width_of(&table) <= (size_t)output_columns())
        table_print(&table, 0, stdout);
    else
        for (size_t i = 0; i < judging->n; i++)
            if (judging->shown[i].level == level && !is_point_of_curve(&judging->shown[i]))
                print_verdict(&judging->shown[i], NULL, arena);
    if (n) puts("");
    arena_destroy(arena);
}

/* What has a second verdict: both, those that differ first. */
static void print_fresh(const Judging *judging) {
    Arena *arena = arena_create(0);
    Table table = table_create("lll", arena);
    size_t differ;
    if (verdicts_fresh(judging->shown, judging->n, &differ) == 0) {
        puts("nothing is judged on fresh test signals: no recorded metric of a comparison has a fresh twin");
    } else {
        puts("judged on fresh test signals, too");
        table_header(&table, "verdict,on fresh signals,claim");
        for (int same = 0; same < 2; same++)
            for (size_t i = 0; i < judging->n; i++) {
                const Verdict *v = &judging->shown[i];
                if (!v->fresh || (v->fresh->judgement == v->judgement) != same) continue;
                table_add(&table, judgement_names[v->judgement]);
                table_add(&table, same ? "the same" : judgement_names[v->fresh->judgement]);
                table_add(&table, v->claim->id);
            }
        table_print(&table, 0, stdout);
    }
    puts("");
    arena_destroy(arena);
}

enum { SUMMARY_LINES = 24, SUMMARY_NAMES = 3 };

/* Headline claims that did not hold, as many as there are lines for. */
static size_t print_contradicted(const Judging *judging, size_t lines) {
    size_t n = 0, printed = 0;
    for (size_t i = 0; i < judging->n; i++)
        n += judging->shown[i].level == LEVEL_HEADLINE && judging->shown[i].judgement == CONTRADICTED;
    if (n == 0 || lines < 3) return 0;
    Arena *arena = arena_create(0);
    puts("contradicted headline claims:");
    for (size_t i = 0; i < judging->n; i++) {
        const Verdict *v = &judging->shown[i];
        if (v->level != LEVEL_HEADLINE || v->judgement != CONTRADICTED) continue;
        if (printed + 2 == lines && n > printed + 1) {
            printf("  and %zu more\n", n - printed);
            break;
        }
        const char *line = text_printable(arena, arena_format(arena, "  %s  %s", v->claim->id, v->claim->text));
        const size_t columns = (size_t)output_columns(), length = strlen(line);
        printf("%.*s%s\n", (int)(length > columns ? columns - 3 : length), line, length > columns ? "..." : "");
        printed++;
    }
    arena_destroy(arena);
    return n;
}

/* "32 of 536 points lie outside their intervals, where chance gives 26.8; ..." */
static const char *outside_text(const Judging *judging, Arena *arena) {
    size_t points = 0, outside = 0, bh = 0, by = 0;
    for (size_t i = 0; i < judging->n; i++) {
        const Verdict *v = &judging->shown[i];
        if (v->level != LEVEL_POINT || isnan(v->p_difference)) continue;
        points++;
        outside += v->p_difference <= 0.05;
        bh += v->p_bh <= 0.05;
        by += v->p_by <= 0.05;
    }
    if (points == 0) return "";
    return arena_format(arena,
                        "%s with an interval: %zu outside it, where chance gives %.1f; %zu after "
                        "Benjamini-Hochberg within their experiments, %zu after Benjamini-Yekutieli",
                        count_text(points, "point", arena), outside, 0.05 * (double)points, bh, by);
}

/* "40 orderings are judged on fresh test signals, too: 2 differ; ..." */
static const char *fresh_text(const Judging *judging, Arena *arena) {
    size_t differ;
    const size_t judged = verdicts_fresh(judging->shown, judging->n, &differ);
    if (judged == 0) return "";
    return arena_format(
        arena, "%s judged on fresh test signals, too, %zu of them otherwise; `scaledown claims --fresh` lists %s",
        count_text(judged, "comparison", arena), differ, judged == 1 ? "it" : "them");
}

static const char *absent_text(const Judging *judging, Arena *arena) {
    if (judging->n_absent == 0) return "";
    return arena_format(arena, "without results: %s%s",
                        experiments_text(judging->n_absent, judging->absent, SUMMARY_NAMES, arena),
                        judging->n_absent > SUMMARY_NAMES ? "; `scaledown list` names experiments" : "");
}

/* Counts by level, and what did not hold: at most SUMMARY_LINES lines. */
static void print_summary(const Judging *judging) {
    static const char *const names[] = {"headline claims", "curves", "points"};
    const size_t columns = (size_t)output_columns();
    Arena *arena = arena_create(0);
    size_t lines = 1, unmeasured = 0; /* which are rare, and have a column only where there are some */
    for (size_t i = 0; i < judging->n; i++) unmeasured += judging->shown[i].judgement == NOT_MEASURED;
    Table table = table_create(unmeasured ? "lrrrrrrr" : "lrrrrrr", arena);
    table_header(&table, unmeasured
                             ? "level,claims,reproduced,not distinguishable,contradicted,reported,not measured,not run"
                             : "level,claims,reproduced,not distinguishable,contradicted,reported,not run");
    for (int level = 0; level < N_LEVELS; level++) {
        const Tally tally = verdicts_tally(judging->shown, judging->n, (ClaimLevel)level);
        if (tally.n == 0) continue;
        table_add(&table, names[level]);
        table_format(&table, "%zu", tally.n);
        for (int j = 0; j < N_JUDGEMENTS; j++)
            if (j != NOT_MEASURED || unmeasured) table_format(&table, "%zu", tally.by_judgement[j]);
        lines++;
    }
    if (width_of(&table) <= columns)
        table_print(&table, 0, stdout);
    else {
        lines = 0;
        for (int level = 0; level < N_LEVELS; level++) {
            const Tally tally = verdicts_tally(judging->shown, judging->n, (ClaimLevel)level);
            if (tally.n == 0) continue;
            const char *line = arena_format(arena, "%s: %s", names[level], tally_text(&tally, arena));
            text_print_words(line, 2, columns, stdout);
            puts("");
            lines += text_count_lines(line, 2, columns);
        }
    }
    const char **ends = arena_alloc(arena, judging->n_skipped + 4, sizeof *ends);
    size_t n_ends = 0, below = 0;
    ends[n_ends++] = outside_text(judging, arena);
    ends[n_ends++] = fresh_text(judging, arena);
    ends[n_ends++] = absent_text(judging, arena);
    n_ends += skipped_lines(judging->n_skipped, judging->skipped, judging->needs, SUMMARY_NAMES, arena, ends + n_ends);
    ends[n_ends++] = "`scaledown claims --all` lists claims, `scaledown show CLAIM` gives the evidence for one";
    for (size_t i = 0; i < n_ends; i++)
        if (*ends[i]) below += text_count_lines(ends[i], 2, columns);
    print_contradicted(judging, lines + below < SUMMARY_LINES ? SUMMARY_LINES - lines - below : 0);
    for (size_t i = 0; i < n_ends; i++) {
        if (!*ends[i]) continue;
        text_print_words(ends[i], 2, columns, stdout);
        puts("");
    }
    arena_destroy(arena);
}

/* ---- claims ---- */

/* Before anything is written: is there something to judge, and something to judge it by? */
static int nothing_to_judge(Judging *judging, Error *error) {
    const Judged *judged = &judging->judged;
    const Selection *selection = &judged->command->selection;
    size_t n_wanted = 0, n_lacking = 0; /* files to be run with */
    const char *needs = NULL, *hint = "";
    for (size_t i = 0; i < selection->n; i++) {
        const Experiment *experiment = selection->chosen[i].experiment;
        if (!is_wanted(judging, experiment)) continue;
        n_wanted++;
        if (judged->opened.directory && !*hint && judged->opened.seeds <= 0)
            hint = stored_hint(judged->opened.directory, experiment, judged->command->arena);
        const char *lacks = opened_needs(&judging->judged.opened, experiment);
        n_lacking += lacks != NULL;
        if (!needs) needs = lacks;
        if (opened_exists(&judged->opened, experiment)) return 0;
    }
    if (n_wanted == 0)
        return error_set(error, "nothing is about \"%.80s\"; `scaledown list` and `scaledown claims` name items",
                         selection->only);
    const char *what = n_wanted == 1 ? "this experiment" : "these experiments";
    if (n_lacking == n_wanted) return error_set(error, "no results of %s: %s", what, needs);
    if (!judged->opened.directory)
        return error_set(error, "no recorded results of %s in %s/%s/golden/", what, judged->references,
                         selection->chosen[0].experiment->paper->name);
    const long long seeds = judged->opened.seeds;
    return error_set(
        error,
        "no results of %s in %s%s; %s%s`scaledown run` computes them, and `scaledown claims --recorded` judges by the "
        "recorded ones",
        what, judged->opened.directory,
        seeds > 0 ? arena_format(judged->command->arena, " with --seeds %lld", seeds) : "", hint, *hint ? "; " : "");
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

/* What was judged is shown, recorded, or compared with what is recorded. */
static int tell(const Judging *judging, Error *error) {
    const Command *command = judging->judged.command;
    const Options *options = &command->options;
    const char *references = judging->judged.references;
    const long long seeds = judging->judged.opened.seeds;
    if (options_given(options, "check")) {
        size_t not_run = 0, unrecorded;
        if (verdicts_compare(references, judging->shown, judging->n, selects_papers(command), &unrecorded, error))
            return -1;
        for (size_t i = 0; i < judging->n; i++) not_run += judging->shown[i].judgement == NOT_RUN;
        printf("verdicts: all %zu equal the recorded ones, by the seeds of the tables", judging->n - not_run);
        if (not_run) printf("; %zu were not run", not_run);
        if (unrecorded) printf(", %zu of them without a recorded verdict", unrecorded);
        puts("");
        print_skipped(judging->n_skipped, judging->skipped, judging->needs, stdout);
        return 0;
    }
    for (int level = 0; level < N_LEVELS && options_given(options, "all"); level++)
        print_level(judging, (ClaimLevel)level);
    if (options_given(options, "fresh")) print_fresh(judging);
    print_summary(judging);
    if (seeds > 0) {
        const char *line =
            arena_format(command->arena,
                         "judged by %s of each experiment%s; the verdicts on a paper are those by the "
                         "seeds of its tables or more",
                         count_text((size_t)seeds, "seed", command->arena),
                         seeds == 1 ? ": that gives no interval, and what needs one is not distinguishable" : "");
        text_print_words(line, 2, (size_t)output_columns(), stdout);
        puts("");
    }
    return options_given(options, "update") ? verdicts_record(references, judging->shown, judging->n, error) : 0;
}

static int claims_work(Command *command, Error *error) {
    const Options *options = &command->options;
    const int recorded = options_given(options, "recorded"), update = options_given(options, "update");
    Judging judging = {.report = options_text(options, "report"), .provenance = text_create(command->arena)};
    if (!judging.report) judging.report = recorded ? "build/recorded/report" : "build/report";
    if (update && !selects_papers(command))
        return error_set(error, "claims --update records the verdicts of whole papers; name a paper or none"),
               EXIT_USAGE;
    if (options_given(options, "seeds") && (update || options_given(options, "check")))
        return error_set(error, "claims --%s is about verdicts by the seeds of the tables; leave out --seeds",
                         update ? "update" : "check"),
               EXIT_USAGE;
    if (update && options_given(options, "check"))
        return error_set(error, "claims --update records what --check compares with; give one of them"), EXIT_USAGE;
    int status = judged_begin(&judging.judged, command, recorded, update, error);
    if (status) return status;
    judging.shown = judging.judged.verdicts.all;
    judging.absent = arena_alloc(command->arena, judging.judged.papers.n, sizeof *judging.absent);
    judging.skipped = arena_alloc(command->arena, judging.judged.papers.n, sizeof *judging.skipped);
    judging.needs = arena_alloc(command->arena, judging.judged.papers.n, sizeof *judging.needs);
    status = nothing_to_judge(&judging, error);
    for (size_t i = 0; !status && i < judging.judged.papers.n;) status = judge_paper(&judging, i, &i, error);
    if (!status) status = tell(&judging, error);
    judged_end(&judging.judged);
    return status ? EXIT_FAILURE : 0;
}

int claims_command(const Method *const *methods, int argc, char **argv, Error *error) {
    static const CommandKind kind = {
        "claims",
        "[EXPERIMENT|PAPER|all]",
        "Judges every claim by the results, and writes claims.csv and checked copies of results and published numbers, "
        "from which figures and report are made.",
        TAKES_RESULTS | TAKES_SEEDS | TAKES_REFERENCES | ITEMS_OF_CLAIMS,
        claims_options,
        claims_work};
    return command_run(&kind, methods, argc, argv, error);
}
