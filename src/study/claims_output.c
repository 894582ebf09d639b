#include "study/claims_output.h"

#include <math.h>

#include "base/csv.h"

/* ---- for people ---- */

const char *ours_text(const Verdict *verdict, Arena *arena) {
    if (!verdict->a) return "";
    const int digits = verdict_decimals(verdict);
    if (verdict->b)
        return arena_format(arena, "%.*f against %.*f", digits, verdict->ours.mean, digits, verdict->other.mean);
    if (verdict->claim->kind == CLAIM_SAME_RUN) return arena_format(arena, "%.*f (one seed)", digits, verdict->a[0]);
    if (verdict->n < 2) return arena_format(arena, "%.*f", digits, verdict->ours.mean);
    return arena_format(arena, "%.*f [%.*f, %.*f]", digits, verdict->ours.mean, digits, verdict->ours_interval.low,
                        digits, verdict->ours_interval.high);
}

/* The value with four digits, or as many as it takes to be told from its neighbours at a tenth of the uncertainty. */
const char *published_text(const Verdict *verdict, Arena *arena) {
    const Published *p = verdict->claim->published;
    const ClaimKind kind = verdict->claim->kind;
    if (!p && kind == CLAIM_EQUAL) return "equal";
    if (!p) return verdict->margin > 0 ? arena_format(arena, "above by %.4g", verdict->margin) : "above";
    const char *bound = kind == CLAIM_AT_LEAST ? ">= " : kind == CLAIM_ABOVE ? "> " : "";
    if (isnan(p->uncertainty)) return arena_format(arena, "%s%.4g", bound, p->value);
    const char *value;
    double shown;
    int digits = 4;
    do {
        value = arena_format(arena, "%.*g", digits, p->value);
        if (parse_double(value, &shown)) break;
    } while (++digits < 12 && fabs(shown - p->value) > p->uncertainty / 10);
    return arena_format(arena, "%s%s +- %.2g", bound, value, p->uncertainty);
}

const char *difference_text(const Verdict *verdict, Arena *arena) {
    const int digits = verdict_decimals(verdict);
    if (isnan(verdict->interval.low)) return "";
    return arena_format(arena, "%+.*f [%+.*f, %+.*f]", digits, verdict->difference, digits, verdict->interval.low,
                        digits, verdict->interval.high);
}

const char *counts_text(const Verdict *verdicts, size_t n, Arena *arena) {
    size_t counts[N_JUDGEMENTS] = {0};
    const char *text = "";
    for (size_t i = 0; i < n; i++) counts[verdicts[i].judgement]++;
    for (int j = 0; j < N_JUDGEMENTS; j++)
        if (counts[j]) text = arena_format(arena, "%s%s%zu %s", text, *text ? ", " : "", counts[j], judgement_names[j]);
    return text;
}

const char *rule_text(ClaimKind kind) {
    static const char *const rules[] = {
        [CLAIM_VALUE] =
            "reproduced when the interval of the difference lies within the margin, contradicted when wholly "
            "outside",
        [CLAIM_ABOVE] = "reproduced when the interval of the difference lies above 0, or the margin, contradicted when "
                        "below",
        [CLAIM_AT_LEAST] = "reproduced when the interval does not reach below the threshold minus the margin, "
                           "contradicted when wholly below",
        [CLAIM_EQUAL] =
            "reproduced when the interval of the paired difference lies within the margin, contradicted when "
            "wholly outside",
        [CLAIM_REPORT] = "a published constant, shown and not judged",
        [CLAIM_ONE_RUN] =
            "contradicted when the interval of one more run leaves out the published one, else reproduced "
            "within the margin",
        [CLAIM_SAME_RUN] = "the published run has the first seed: reproduced when that seed's value lies within the "
                           "margin, else contradicted"};
    return rules[kind];
}

/* ---- for programs ---- */

void verdicts_csv_header(Text *text) {
    text_add(text,
             "id,curve,experiment,item,kind,text,n,ours,low,high,published,uncertainty,difference,difference_low,"
             "difference_high,margin,verdict,ours_text,published_text,difference_text,explanation,source,note,why,"
             "curve_text\n");
}

static void add_texts(Text *text, const char *const *fields, size_t n, char end) {
    for (size_t i = 0; i < n; i++) {
        text_add_csv(text, fields[i]);
        text_add_character(text, i + 1 < n ? ',' : end);
    }
}

void verdicts_csv(const Verdict *verdicts, size_t n, Text *text) {
    Arena *arena = arena_create(16384);
    for (size_t i = 0; i < n; i++, arena_reset(arena)) {
        const Verdict *v = &verdicts[i];
        const Claim *claim = v->claim;
        const ClaimRow *row = claim->row;
        const Published *p = claim->published;
        const char *const what[] = {claim->id,   row->curve ? row->id : "", row->experiment->name,
                                    claim->item, claim_kinds[claim->kind],  claim->text};
        const double numbers[] = {v->ours.mean,
                                  v->ours_interval.low,
                                  v->ours_interval.high,
                                  p ? p->value : v->other.mean,
                                  p ? p->uncertainty : NAN,
                                  v->difference,
                                  v->interval.low,
                                  v->interval.high,
                                  v->margin};
        const char *const found[] = {judgement_names[v->judgement],
                                     ours_text(v, arena),
                                     published_text(v, arena),
                                     difference_text(v, arena),
                                     v->explanation,
                                     p ? p->source : "",
                                     claim->note ? claim->note : "",
                                     row->why,
                                     row->curve ? row->text : ""};
        add_texts(text, what, sizeof what / sizeof *what, ',');
        text_format(text, "%zu,", v->n);
        for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++) {
            if (!isnan(numbers[k])) text_add_real(text, numbers[k]);
            text_add_character(text, ',');
        }
        add_texts(text, found, sizeof found / sizeof *found, '\n');
    }
    arena_destroy(arena);
}
