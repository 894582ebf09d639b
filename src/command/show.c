#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/csv.h"
#include "command/claims.h"
#include "command/judged.h"
#include "command/stored.h"
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

/* "d in [low, high]" of the difference, at both levels of confidence. */
static void show_difference(const Verdict *v, Arena *arena) {
    const char *what = v->claim->kind == CLAIM_ONE_RUN ? "prediction" : "interval";
    if (isnan(v->difference)) return;
    if (isnan(v->interval.low)) {
        line("difference", arena_format(arena, "%+.4f", v->difference));
        return;
    }
    line("difference", arena_format(arena, "%+.4f, 95 %% %s [%+.4f, %+.4f], 90 %% [%+.4f, %+.4f]", v->difference, what,
                                    v->interval.low, v->interval.high, v->interval90.low, v->interval90.high));
    const VariancePrior *prior = v->prior;
    const char *shared = isinf(prior->df) ? "all of its spread"
                         : prior->df <= 0 ? "nothing: its own spread counts alone"
                                          : arena_format(arena, "%.3g degrees of freedom", prior->df);
    line("spread", arena_format(arena, "sd of a run%s %.4g by itself, %.4g with its family, %.3g degrees of freedom",
                                v->b ? "'s difference" : "", v->sd, v->shared_sd, v->df));
    line("family", arena_format(arena, "%s: %zu variances, of which %zu are 0; the prior gives %s, sd %.4g", v->family,
                                prior->n, prior->n_zero, shared, sqrt(prior->variance)));
}

static void show_tests(const Verdict *v, Arena *arena) {
    Text text = text_create(arena);
    if (!isnan(v->p)) text_add(&text, p_text(v->p, arena));
    if (v->level == LEVEL_HEADLINE && !isnan(v->p))
        text_format(&text, "; %s after Benjamini-Hochberg over the paper's headline claims",
                    p_text(v->p_adjusted, arena));
    if (!isnan(v->p_difference))
        text_format(&text, "%sof no difference at all: %s", text.size ? "; " : "", p_text(v->p_difference, arena));
    if (!isnan(v->p_holm)) text_format(&text, "; after Holm within the curve: %s", p_text(v->p_holm, arena));
    if (!isnan(v->p_bh))
        text_format(&text, "; after Benjamini-Hochberg within the experiment: %s (Benjamini-Yekutieli: %s)",
                    p_text(v->p_bh, arena), p_text(v->p_by, arena));
    if (text.size) line("tests", text.data);
    if (v->outside && v->outside->points)
        line("points",
             arena_format(arena,
                          "%zu of %zu outside their intervals, where chance gives %.1f; %zu after Holm, %zu after "
                          "Benjamini-Hochberg within the experiment, %zu after Benjamini-Yekutieli",
                          v->outside->counted, v->outside->points, 0.05 * (double)v->outside->points, v->outside->holm,
                          v->outside->bh, v->outside->by));
}

/* The second verdict, and the values that it rests on. */
static void show_fresh(const Verdict *v, Arena *arena) {
    const Verdict *fresh = v->fresh;
    line("fresh", arena_format(arena, "on fresh test signals %s%s: %s",
                               fresh->judgement == v->judgement ? "" : "otherwise: ", judgement_names[fresh->judgement],
                               explanation_text(fresh, arena)));
    for (size_t s = 0; s < fresh->ours.n; s++) {
        char a[40], b[40];
        printf("%*s  seed %u: %s against %s\n", INDENTATION, "", fresh->first_seed + (unsigned)s,
               real_text(fresh->a[s], a), real_text(fresh->b[s], b));
    }
}

/* Margin, rule, verdict, and what would change it. */
static void show_judgement(const Verdict *v, Arena *arena) {
    const Claim *claim = v->claim;
    const int has_margin = claim->kind != CLAIM_REPORT && (claim->kind != CLAIM_ABOVE || v->margin > 0);
    if (has_margin)
        line("margin", arena_format(arena, "%g%s%s", v->margin, *claim->row->why ? ": " : "", claim->row->why));
    line("rule", v->outside ? arena_format(arena, "a curve, of points judged so: %s", rule_text(claim->kind))
                            : rule_text(claim->kind));
    line("verdict", arena_format(arena, "%s: %s", judgement_names[v->judgement], explanation_text(v, arena)));
    if (has_margin && v->judgement != NOT_RUN && v->judgement != NOT_MEASURED)
        line("", arena_format(arena, "with half the margin %s, with twice %s", judgement_names[v->half],
                              judgement_names[v->twice]));
    if (v->seeds)
        line("seeds",
             arena_format(arena, "%s%s", seeds_text(v, arena), v->seeds > 0 ? " decide it with 80 % power" : ""));
    if (v->n && *claim->row->experiment->varies) line("ranges over", claim->row->experiment->varies);
    if (v->grim != GRIM_UNTESTED)
        line("printed",
             arena_format(arena, "%s: %lld decimals, a share of %lld examples in each of %lld run%s",
                          v->grim == GRIM_POSSIBLE ? "a possible number" : "impossible as printed",
                          claim->published->digits, claim->published->examples,
                          claim->published->n ? claim->published->n : 1, claim->published->n > 1 ? "s" : ""));
    if (v->fresh) show_fresh(v, arena);
    if (claim->note && *claim->note) line("note", claim->note);
}

static void show_verdict(const Verdict *v, Arena *arena) {
    const Claim *claim = v->claim;
    line("claim", arena_format(arena, "%s (%s; %s)", claim->id, claim->item,
                               v->level == LEVEL_POINT   ? "a single number"
                               : v->level == LEVEL_CURVE ? "a curve"
                                                         : "headline"));
    line("says", claim->text);
    if (claim->published) show_published(claim->published, arena);
    if (claim->a && v->a) show_values("ours", claim->a, &v->ours, v->a, v->first_seed, arena);
    if (v->b) show_values("against", claim->b, &v->other, v->b, v->first_seed, arena);
    if (claim->a && v->a && !v->b && v->n >= 2)
        line("interval",
             arena_format(arena, "[%.4f, %.4f], 95 %% of the mean", v->ours_interval.low, v->ours_interval.high));
    show_difference(v, arena);
    show_tests(v, arena);
    show_judgement(v, arena);
}

/* The commands that make the results of the experiment, with as many seeds as are there; or where those of fewer are. */
static void show_run(const Command *command, const char *directory, const Experiment *experiment,
                     const Results *results, Arena *arena) {
    Text text = text_create(arena);
    command_line(command, "run", arena_format(arena, "%s/%s", experiment->paper->name, experiment->name), &text);
    if (results && results->grid.n_seeds != experiment->seeds && !options_given(&command->options, "seeds"))
        text_format(&text, " --seeds %zu", results->grid.n_seeds);
    printf("%*s%s\n", INDENTATION, "", text_printable(arena, text.data));
    const char *hint =
        results || options_given(&command->options, "seeds") ? "" : stored_hint(directory, experiment, arena);
    if (*hint) line("", hint);
}

/* Does a claim, or a curve's points, need the experiment? */
static int needs(const ClaimList *list, const Verdict *v, const Experiment *experiment) {
    const ClaimRow *row = v->claim->row;
    const Claim *claim = v->outside ? &list->claims[row->first] : v->claim;
    const Quantity *const quantities[] = {claim->a, claim->b};
    int needed = row->experiment == experiment;
    for (int q = 0; q < 2; q++) {
        size_t n = 0;
        const Experiment *const *of = quantities[q] ? quantity_experiments(quantities[q], &n) : NULL;
        for (size_t j = 0; j < n; j++) needed |= of[j] == experiment;
    }
    return needed;
}

/* Commands that give this evidence again; recorded results need none that makes them. */
static void show_again(Judged *judged, const Verdict *v, Arena *arena) {
    OpenedResults *opened = &judged->opened;
    Text text = text_create(arena);
    puts("again");
    for (size_t i = 0; opened->directory && i < opened->n; i++) { /* each experiment once */
        Error ignored = {""};
        const Experiment *experiment = opened->experiments[i].experiment;
        if (needs(&judged->list, v, experiment))
            show_run(judged->command, opened->directory, experiment, opened_get(opened, experiment, &ignored), arena);
    }
    command_line(judged->command, "show", NULL, &text);
    printf("%*s%s\n", INDENTATION, "", text_printable(arena, text.data));
}

static int show_work(Command *command, Error *error) {
    Judged judged;
    if (!command->word)
        return error_set(error, "show: expected the id of a claim; `scaledown claims --all` names them"), EXIT_USAGE;
    int status = judged_begin(&judged, command, options_given(&command->options, "recorded"), 0, error);
    if (status) return status;
    const Verdict *verdict = NULL; /* of the claim or curve of that id */
    for (size_t i = 0; i < judged.verdicts.n && !verdict; i++)
        if (strcmp(judged.verdicts.all[i].claim->id, command->word) == 0) verdict = &judged.verdicts.all[i];
    if (!verdict) {
        size_t ignored;
        claims_find(&judged.list, command->word, &ignored, error);
        return EXIT_USAGE;
    }
    if (judged_paper(&judged, verdict->claim->row->experiment->paper, error))
        status = EXIT_FAILURE;
    else {
        show_verdict(verdict, command->arena);
        show_again(&judged, verdict, command->arena);
    }
    judged_end(&judged);
    return status;
}

int show_command(const Method *const *methods, int argc, char **argv, Error *error) {
    static const CommandKind kind = {"show",
                                     "CLAIM",
                                     "The evidence behind one verdict, and how to make it again.",
                                     TAKES_RESULTS | TAKES_SEEDS | TAKES_REFERENCES | WORD_IS_A_CLAIM,
                                     show_options,
                                     show_work};
    return command_run(&kind, methods, argc, argv, error);
}
