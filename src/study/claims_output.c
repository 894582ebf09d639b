#include "study/claims_output.h"

#include <math.h>
#include <string.h>

#include "base/csv.h"

/* ---- for people ---- */

const char *ours_text(const Verdict *verdict, Arena *arena) {
    if (!verdict->a || verdict->outside) return "";
    const int digits = verdict_decimals(verdict);
    if (verdict->b)
        return arena_format(arena, "%.*f against %.*f", digits, verdict->ours.mean, digits, verdict->other.mean);
    if (verdict->claim->kind == CLAIM_SAME_RUN) return arena_format(arena, "%.*f (one seed)", digits, verdict->a[0]);
    if (verdict->n < 2) return arena_format(arena, "%.*f", digits, verdict->ours.mean);
    return arena_format(arena, "%.*f [%.*f, %.*f]", digits, verdict->ours.mean, digits, verdict->ours_interval.low,
                        digits, verdict->ours_interval.high);
}

/* Two digits that count, fewer where the rest is zeros, and never an exponent. */
static const char *uncertainty_text(double uncertainty, Arena *arena) {
    int decimals = 0;
    for (double scaled = uncertainty; scaled > 0 && scaled < 10 && decimals < 12; scaled *= 10) decimals++;
    char *text = arena_format(arena, "%.*f", decimals, uncertainty);
    if (decimals) {
        size_t length = strlen(text);
        while (text[length - 1] == '0') text[--length] = '\0';
        if (text[length - 1] == '.') text[--length] = '\0';
    }
    return text;
}

/* The value with four digits, or as many as it takes to be told from its neighbours at a tenth of the uncertainty. */
const char *published_text(const Verdict *verdict, Arena *arena) {
    const Published *p = verdict->claim->published;
    const ClaimKind kind = verdict->claim->kind;
    if (verdict->outside) return arena_format(arena, "%zu points", verdict->claim->row->n);
    if (!p && kind == CLAIM_EQUAL) return "equal";
    if (!p) return verdict->margin > 0 ? arena_format(arena, "above by %.4g", verdict->margin) : "above";
    const char *bound = kind == CLAIM_AT_LEAST  ? ">= "
                        : kind == CLAIM_AT_MOST ? "<= "
                        : kind == CLAIM_ABOVE   ? "> "
                                                : "";
    if (isnan(p->uncertainty)) return arena_format(arena, "%s%.4g", bound, p->value);
    const char *value;
    double shown;
    int digits = 4;
    do {
        value = arena_format(arena, "%.*g", digits, p->value);
        if (parse_double(value, &shown)) break;
    } while (++digits < 12 && fabs(shown - p->value) > p->uncertainty / 10);
    return arena_format(arena, "%s%s +- %s", bound, value, uncertainty_text(p->uncertainty, arena));
}

const char *difference_text(const Verdict *verdict, Arena *arena) {
    const int digits = verdict_decimals(verdict);
    if (isnan(verdict->interval.low)) return "";
    return arena_format(arena, "%+.*f [%+.*f, %+.*f]", digits, verdict->difference, digits, verdict->interval.low,
                        digits, verdict->interval.high);
}

const char *tally_text(const Tally *tally, Arena *arena) {
    Text text = text_create(arena);
    for (int j = 0; j < N_JUDGEMENTS; j++)
        if (tally->by_judgement[j])
            text_format(&text, "%s%zu %s", text.size ? ", " : "", tally->by_judgement[j], judgement_names[j]);
    return text.data;
}

const char *rule_text(ClaimKind kind) {
    static const char *const rules[] = {
        [CLAIM_VALUE] =
            "two one-sided tests: reproduced when the 90 % interval of the difference lies within the margin, "
            "contradicted when the 95 % interval lies wholly outside",
        [CLAIM_ABOVE] =
            "reproduced when the 95 % interval of the difference lies above 0, or the margin, contradicted when "
            "below",
        [CLAIM_AT_LEAST] = "reproduced when the 95 % interval does not reach below the threshold less the margin, "
                           "contradicted when wholly below",
        [CLAIM_AT_MOST] = "reproduced when the 95 % interval does not reach above the threshold plus the margin, "
                          "contradicted when wholly above",
        [CLAIM_EQUAL] =
            "two one-sided tests: reproduced when the 90 % interval of the paired difference lies within the "
            "margin, contradicted when the 95 % interval lies wholly outside",
        [CLAIM_REPORT] = "a published constant, shown and not judged",
        [CLAIM_ONE_RUN] =
            "contradicted when the 95 % prediction interval of one more run leaves out the published one, "
            "reproduced when it does not and is no wider than the margin to either side",
        [CLAIM_SAME_RUN] = "the published run has the first seed: reproduced when that seed's value lies within the "
                           "margin, else contradicted"};
    return rules[kind];
}

const char *p_text(double p, Arena *arena) {
    return p < 0.0001 ? "p < 0.0001" : arena_format(arena, "p = %.*f", p < 0.01 ? 4 : 3, p);
}

/* ---- an explanation ---- */

static const char *interval_text(Interval interval, int digits, Arena *arena) {
    return arena_format(arena, "[%+.*f, %+.*f]", digits, interval.low, digits, interval.high);
}

/* What the interval does, by kind and by the verdict that the claim alone would have. */
static const char *interval_says(const Verdict *v, int digits, Arena *arena) {
    const ClaimKind kind = v->claim->kind;
    const Judgement j = v->by_interval;
    const char *i95 = interval_text(v->interval, digits, arena), *i90 = interval_text(v->interval90, digits, arena);
    const double m = v->margin;
    if (kind == CLAIM_ABOVE)
        return arena_format(arena, "the 95 %% interval %s %s %.4g", i95,
                            j == REPRODUCED     ? "lies above"
                            : j == CONTRADICTED ? "lies below"
                                                : "holds",
                            m);
    if (kind == CLAIM_AT_LEAST || kind == CLAIM_AT_MOST) {
        const char *beyond = kind == CLAIM_AT_LEAST ? "below" : "above";
        if (j == NOT_DISTINGUISHABLE)
            return arena_format(arena, "the 95 %% interval %s reaches over the edge of the margin of %.4g", i95, m);
        return arena_format(arena, "the 95 %% interval %s %s %s the threshold by more than the margin of %.4g", i95,
                            j == REPRODUCED ? "does not reach" : "lies", beyond, m);
    }
    if (kind == CLAIM_ONE_RUN)
        return arena_format(arena, "one more run would fall within %s, which %s%.4g", i95,
                            j == CONTRADICTED ? "does not hold 0, whatever the margin of "
                            : (v->interval.high - v->interval.low) / 2 <= m * (1 + 1e-9)
                                ? "holds 0 and is no wider than the margin of "
                                : "holds 0, but is wider to each side than the margin of ",
                            m);
    if (j == CONTRADICTED) return arena_format(arena, "the 95 %% interval %s lies outside the margin of %.4g", i95, m);
    if (j == REPRODUCED) return arena_format(arena, "the 90 %% interval %s lies within the margin of %.4g", i90, m);
    if (fabs(v->difference) > m)
        return arena_format(arena, "the 95 %% interval %s does not lie wholly outside the margin of %.4g", i95, m);
    return arena_format(arena, "the 90 %% interval %s reaches over the edge of the margin of %.4g", i90, m);
}

const char *seeds_text(const Verdict *v, Arena *arena) {
    if (v->seeds > 0) return arena_format(arena, "%d seeds", v->seeds);
    if (v->seeds == SEEDS_TOO_MANY) return arena_format(arena, "more than %d seeds", MOST_SEEDS_TO_DECIDE);
    if (v->seeds == 0) return "";
    long long least = 0;
    const Verdict *points = v->outside ? v + 1 : v;
    for (size_t k = 0; k < (v->outside ? v->claim->row->n : 1); k++)
        if (points[k].claim->published && (k == 0 || points[k].claim->published->n < least))
            least = points[k].claim->published->n;
    if (v->claim->kind == CLAIM_ONE_RUN) return "undecidable: the published n of 1 forbids it";
    return least ? arena_format(arena, "undecidable: the published n of %lld forbids it", least)
                 : "undecidable: the difference lies at the edge of the margin";
}

/* How many points lie outside, and the names of those that remain, "98, 99", as many as a line has room for. */
static void add_outside(const Verdict *v, Text *text) {
    enum { MOST = 5 };
    const Outside *o = v->outside;
    size_t n = 0;
    if (!o->points) return;
    text_format(text, "; %zu of %zu points %s outside %s, where chance gives %.3g; %zu after Holm's correction",
                o->counted, o->points, o->counted == 1 ? "lies" : "lie",
                o->points == 1 ? "its interval" : "their intervals", 0.05 * (double)o->points, o->holm);
    for (size_t k = 0; k < v->claim->row->n && n <= MOST; k++) {
        if (!(v[1 + k].p_holm <= 0.05)) continue;
        n++;
        text_format(text, "%s%s", n > 1 ? ", " : " (",
                    n > MOST ? "..." : v[1 + k].claim->id + strlen(v->claim->id) + 1);
    }
    if (n) text_add(text, ")");
}

static void explain_curve(const Verdict *v, Text *text, Arena *arena) {
    const int by_mean = v->claim->kind == CLAIM_VALUE || v->claim->kind == CLAIM_ONE_RUN;
    if (by_mean && !isnan(v->interval.low)) {
        const int digits = verdict_decimals(v);
        if (v->judgement == CONTRADICTED && v->by_interval != CONTRADICTED)
            text_add(text, "a point that remains outside after Holm's correction is off by more than the margin; ");
        text_format(text, "mean difference %+.*f over %zu points and %zu seeds: %s", digits, v->difference,
                    v->claim->row->n, v->n, interval_says(v, digits, arena));
    } else {
        size_t of[N_JUDGEMENTS] = {0};
        const char *before = " ";
        for (size_t k = 0; k < v->claim->row->n; k++) of[v[1 + k].judgement]++;
        text_format(text, "of %zu points", v->claim->row->n);
        for (int j = 0; j < N_JUDGEMENTS; j++) {
            if (!of[j]) continue;
            text_format(text, "%s%zu %s %s", before, of[j], of[j] == 1 ? "is" : "are", judgement_names[j]);
            before = ", ";
        }
    }
    add_outside(v, text);
}

/* A printed number may be that of one of our runs all the same. */
static void add_repeated(const Verdict *v, Text *text) {
    const Published *published = v->claim->published;
    const double slack = 1e-9 * fmax(1, fabs(published->value));
    const int printed = !strcmp(published->kind, "printed") || !strcmp(published->kind, "table");
    for (size_t s = 0; s < v->n && printed; s++)
        if (fabs(v->a[s] - published->value) <= published->uncertainty + slack)
            text_format(text, "; the run of seed %u has the published number, as printed", v->first_seed + (unsigned)s);
}

const char *explanation_text(const Verdict *v, Arena *arena) {
    const Claim *claim = v->claim;
    Text text = text_create(arena);
    if (v->judgement == NOT_RUN) return v->not_run ? v->not_run : "points of it were not run";
    if (v->judgement == NOT_MEASURED)
        text_format(&text, "%s: %s", v->outside ? "a point of it has no value" : "it has no value", v->no_value);
    else if (v->judgement == REPORTED)
        text_add(&text, "a published constant, shown and not judged");
    else if (v->outside)
        explain_curve(v, &text, arena);
    else if (claim->kind == CLAIM_SAME_RUN && v->judgement == NOT_DISTINGUISHABLE)
        text_format(&text, "the published run has seed %u, which was not run", claim->row->experiment->first_seed);
    else if (claim->kind == CLAIM_SAME_RUN)
        text_format(&text, "difference %+.2g of seed %u, the published one, lies %s the margin of %.2g", v->difference,
                    v->first_seed, v->judgement == REPRODUCED ? "within" : "outside", v->margin);
    else if (isnan(v->p))
        text_add(&text, "one seed gives no interval; run with more seeds");
    else {
        const int digits = verdict_decimals(v);
        text_format(&text, "%s %+.*f over %zu seeds: %s", v->b ? "paired difference" : "difference", digits,
                    v->difference, v->n, interval_says(v, digits, arena));
        if (claim->kind == CLAIM_ONE_RUN && v->by_interval == CONTRADICTED) add_repeated(v, &text);
    }
    if (!isnan(v->p)) text_format(&text, "; %s", p_text(v->p, arena));
    if (v->together) {
        text_format(&text, ", %s after Benjamini-Hochberg over %zu headline claims", p_text(v->p_adjusted, arena),
                    v->together);
        if (v->judgement != v->alone) text_format(&text, " (alone it would be %s)", judgement_names[v->alone]);
    }
    if (!v->together && v->judgement != v->alone)
        text_format(&text, ", above the level of %.3g (at 0.05 it would be %s)", v->p_level, judgement_names[v->alone]);
    if (!isnan(v->p) && v->judgement == NOT_DISTINGUISHABLE && v->seeds)
        text_format(&text, "; %s%s", seeds_text(v, arena),
                    v->seeds == SEEDS_NEVER
                        ? ""
                        : " would decide it with 80 % power, were this the true difference and spread");
    if (!isnan(v->with_published.low))
        text_format(&text, "; were the published spread over %lld runs counted too, the 95 %% interval would be %s",
                    claim->published->n, interval_text(v->with_published, verdict_decimals(v), arena));
    if (v->grim == GRIM_IMPOSSIBLE) text_add(&text, "; the published number is impossible as printed");
    return text.data;
}

/* ---- for programs ---- */

void verdicts_csv_header(Text *text) {
    text_add(
        text,
        "id,curve,experiment,item,kind,text,n,ours,low,high,published,uncertainty,difference,difference_low,"
        "difference_high,margin,verdict,ours_text,published_text,difference_text,explanation,source,note,why,"
        "curve_text,level,family,p,p_adjusted,difference90_low,difference90_high,sd,sd_shared,df,verdict_alone,"
        "verdict_half,verdict_double,seeds_needed,seeds_text,ranges_over,grim,p_difference,p_holm,p_bh,p_by,points,"
        "outside,outside_expected,outside_holm,outside_bh,outside_by,fresh_verdict,fresh_ours,fresh_against,"
        "fresh_difference,fresh_difference_low,fresh_difference_high,fresh_p,fresh_difference_text,fresh_"
        "explanation\n");
}

static void add_texts(Text *text, const char *const *fields, size_t n, char end) {
    for (size_t i = 0; i < n; i++) {
        text_add_csv(text, fields[i]);
        text_add_character(text, i + 1 < n ? ',' : end);
    }
}

/* NAN leaves the field empty. */
static void add_numbers(Text *text, const double *numbers, size_t n) {
    for (size_t i = 0; i < n; i++) {
        if (!isnan(numbers[i])) text_add_real(text, numbers[i]);
        text_add_character(text, ',');
    }
}

static void add_counts(const Outside *o, Text *text) {
    if (!o || !o->points)
        text_add(text, ",,,,,,");
    else
        text_format(text, "%zu,%zu,%.2f,%zu,%zu,%zu,", o->points, o->counted, 0.05 * (double)o->points, o->holm, o->bh,
                    o->by);
}

/* The second verdict; v NULL where there is none. */
static void add_fresh(const Verdict *v, Text *text, Arena *arena) {
    if (!v) {
        text_add(text, ",,,,,,,,\n");
        return;
    }
    const char *const texts[] = {difference_text(v, arena), explanation_text(v, arena)};
    const double numbers[] = {v->ours.mean, v->other.mean, v->difference, v->interval.low, v->interval.high, v->p};
    text_format(text, "%s,", judgement_names[v->judgement]);
    add_numbers(text, numbers, sizeof numbers / sizeof *numbers);
    add_texts(text, texts, sizeof texts / sizeof *texts, '\n');
}

void verdicts_csv(const Verdict *verdicts, size_t n, Text *text) {
    static const char *const grims[] = {"", "possible", "impossible"};
    Arena *arena = arena_create(16384);
    for (size_t i = 0; i < n; i++, arena_reset(arena)) {
        const Verdict *v = &verdicts[i];
        const Claim *claim = v->claim;
        const ClaimRow *row = claim->row;
        const Published *p = claim->published;
        const int point = row->curve && !v->outside, curve = v->outside != NULL;
        const char *const what[] = {claim->id,   point ? row->id : "",     row->experiment->name,
                                    claim->item, claim_kinds[claim->kind], claim->text};
        const double numbers[] = {curve ? NAN : v->ours.mean,
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
                                     explanation_text(v, arena),
                                     p ? p->source : "",
                                     claim->note ? claim->note : "",
                                     row->why,
                                     point ? row->text : "",
                                     claim_levels[v->level],
                                     v->family};
        const double tests[] = {v->p, v->p_adjusted, v->interval90.low, v->interval90.high, v->sd, v->shared_sd, v->df};
        const char *const judged[] = {judgement_names[v->alone],
                                      judgement_names[v->half],
                                      judgement_names[v->twice],
                                      v->seeds > 0 ? arena_format(arena, "%d", v->seeds)
                                      : v->seeds == SEEDS_TOO_MANY
                                          ? arena_format(arena, "more than %d", MOST_SEEDS_TO_DECIDE)
                                      : v->seeds == SEEDS_NEVER ? "never"
                                                                : "",
                                      seeds_text(v, arena),
                                      v->n ? row->experiment->varies : "",
                                      grims[v->grim]};
        const double adjusted[] = {v->p_difference, v->p_holm, v->p_bh, v->p_by};
        add_texts(text, what, sizeof what / sizeof *what, ',');
        text_format(text, "%zu,", v->n);
        add_numbers(text, numbers, sizeof numbers / sizeof *numbers);
        add_texts(text, found, sizeof found / sizeof *found, ',');
        add_numbers(text, tests, sizeof tests / sizeof *tests);
        add_texts(text, judged, sizeof judged / sizeof *judged, ',');
        add_numbers(text, adjusted, sizeof adjusted / sizeof *adjusted);
        add_counts(v->outside, text);
        add_fresh(v->fresh, text, arena);
    }
    arena_destroy(arena);
}
