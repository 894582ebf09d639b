#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/csv.h"
#include "command/claims.h"
#include "command/command.h"
#include "command/opened.h"
#include "command/table.h"
#include "study/claims_output.h"

static const Option show_options[] = {
    {"recorded", NULL, NULL, "by the recorded results; nothing needs to have been run"}, {NULL, NULL, NULL, NULL}};

enum { INDENTATION = 13 };

/* "name         text", the text as a terminal may show it, in as many lines as it takes. */
static void line(const char *name, const char *text) {
    Arena *arena = arena_create(0);
    printf("%-*s", INDENTATION, name);
    text_print_words(text_printable(arena, text), INDENTATION, (size_t)output_columns(), stdout);
    puts("");
    arena_destroy(arena);
}

static void show_published(const Published *p, Arena *arena) {
    char value[32], uncertainty[32];
    Text text = text_create(arena);
    text_format(&text, "%s", format_double(p->value, value));
    if (!isnan(p->uncertainty)) text_format(&text, " +- %s", format_double(p->uncertainty, uncertainty));
    text_format(&text, " %s", p->unit);
    if (p->n) text_format(&text, ", n %lld", p->n);
    text_format(&text, " (%s, %s; row %s)", p->source, p->kind, p->id);
    line("published", text.data);
}

static void show_values(const char *who, const Quantity *quantity, const Sample *sample, const double *values,
                        unsigned first_seed, Arena *arena) {
    line(who, quantity_text(quantity));
    for (size_t s = 0; s < sample->n; s++) {
        char buffer[40];
        printf("%*s  seed %u: %s\n", INDENTATION, "", first_seed + (unsigned)s, real_text(values[s], buffer));
    }
    line("", arena_format(arena, "mean %.4f, sd %.4f, n %zu", sample->mean, sample->sd, sample->n));
}

static void show_verdict(const Verdict *v, Arena *arena) {
    const Claim *claim = v->claim;
    line("claim", arena_format(arena, "%s (%s)", claim->id, claim->item));
    line("says", claim->text);
    if (claim->published) show_published(claim->published, arena);
    if (v->a) show_values("ours", claim->a, &v->ours, v->a, v->first_seed, arena);
    if (v->b) show_values("against", claim->b, &v->other, v->b, v->first_seed, arena);
    if (v->a && !v->b && v->n >= 2)
        line("interval",
             arena_format(arena, "[%.4f, %.4f], 95 %% of the mean", v->ours_interval.low, v->ours_interval.high));
    if (!isnan(v->interval.low))
        line("difference", arena_format(arena, "%+.4f, 95 %% interval [%+.4f, %+.4f]", v->difference, v->interval.low,
                                        v->interval.high));
    else if (!isnan(v->difference))
        line("difference", arena_format(arena, "%+.4f", v->difference));
    if (claim->kind != CLAIM_REPORT && (claim->kind != CLAIM_ABOVE || v->margin > 0))
        line("margin", arena_format(arena, "%g%s%s", v->margin, *claim->row->why ? ": " : "", claim->row->why));
    line("rule", rule_text(claim->kind));
    line("verdict", arena_format(arena, "%s: %s", judgement_names[v->judgement], v->explanation));
    if (claim->note && *claim->note) line("note", claim->note);
}

/* The commands that make the results of the experiment, with as many seeds as are there. */
static void show_run(const Command *command, const Experiment *experiment, const Results *results, Arena *arena) {
    Text text = text_create(arena);
    command_line(command, "run", arena_format(arena, "%s/%s", experiment->paper->name, experiment->name), &text);
    if (results && results->grid.n_seeds != experiment->seeds)
        text_format(&text, " --seeds %zu", results->grid.n_seeds);
    printf("%*s%s\n", INDENTATION, "", text_printable(arena, text.data));
}

static void show_again(const Command *command, const Claim *claim, OpenedResults *opened, Arena *arena) {
    const Quantity *const quantities[] = {claim->a, claim->b};
    Text text = text_create(arena);
    puts("again");
    for (size_t i = 0; i < opened->n; i++) { /* each experiment once */
        const Experiment *experiment = opened->experiments[i].experiment;
        int needed = claim->row->experiment == experiment;
        for (int q = 0; q < 2; q++) {
            size_t n = 0;
            const Experiment *const *of = quantities[q] ? quantity_experiments(quantities[q], &n) : NULL;
            for (size_t j = 0; j < n; j++) needed |= of[j] == experiment;
        }
        Error ignored = {""};
        if (needed) show_run(command, experiment, opened_get(opened, experiment, &ignored), arena);
    }
    command_line(command, "show", NULL, &text);
    printf("%*s%s\n", INDENTATION, "", text_printable(arena, text.data));
}

static int show_work(Command *command, Error *error) {
    ClaimList list;
    size_t index;
    Verdict verdict;
    const int recorded = options_given(&command->options, "recorded");
    const char *references = command_references(command);
    if (!command->word)
        return error_set(error, "show: expected the id of a claim; `scaledown claims` names them"), EXIT_USAGE;
    if (recorded && options_given(&command->options, "results"))
        return error_set(error, "--recorded and --results both say which results; give one of them"), EXIT_USAGE;
    if (claims_read(&command->catalogue, references, &command->selection, 0, command->arena, &list, error))
        return EXIT_FAILURE;
    if (claims_find(&list, command->word, &index, error)) return EXIT_USAGE;
    OpenedResults opened = opened_create(&command->catalogue, recorded ? NULL : command_results(command), references,
                                         &list, command->arena);
    const ResultsSource source = opened_source(&opened);
    if (verdict_make(&list.claims[index], &source, command->arena, &verdict, error)) return EXIT_FAILURE;
    show_verdict(&verdict, command->arena);
    show_again(command, &list.claims[index], &opened, command->arena);
    opened_close(&opened, list.n);
    return 0;
}

int show_command(const Method *const *methods, int argc, char **argv, Error *error) {
    static const CommandKind kind = {"show",
                                     "CLAIM",
                                     "The evidence behind one verdict, and how to make it again.",
                                     TAKES_RESULTS | TAKES_REFERENCES | WORD_IS_A_CLAIM,
                                     show_options,
                                     show_work};
    return command_run(&kind, methods, argc, argv, error);
}
