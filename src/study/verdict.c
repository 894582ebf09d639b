#include "study/verdict.h"

#include <math.h>
#include <string.h>

#include "base/file.h"
#include "base/map.h"

const char *const judgement_names[N_JUDGEMENTS] = {"reproduced", "not distinguishable", "contradicted", "reported",
                                                   "not run"};

int verdict_decimals(const Verdict *verdict) {
    const Published *published = verdict->claim->published;
    const double magnitude = verdict->a ? verdict->ours.mean : published ? published->value : 0;
    return fabs(magnitude) < 10 ? 4 : 2;
}

Judgement judge(ClaimKind kind, Interval interval, double margin, double magnitude) {
    double slack = 1e-9 * (magnitude > 1 ? magnitude : 1);
    double low = kind == CLAIM_ABOVE ? margin : -margin - slack;
    if (kind == CLAIM_ABOVE)
        return interval.low > low + slack    ? REPRODUCED
               : interval.high < low - slack ? CONTRADICTED
                                             : NOT_DISTINGUISHABLE;
    double high = kind == CLAIM_AT_LEAST ? HUGE_VAL : margin + slack;
    if (kind == CLAIM_ONE_RUN && (interval.low > slack || interval.high < -slack)) return CONTRADICTED;
    if (interval.low >= low && interval.high <= high) return REPRODUCED;
    return interval.high < low || interval.low > high ? CONTRADICTED : NOT_DISTINGUISHABLE;
}

/* ---- the difference from a published number ---- */

/* Half the width of its interval over n seeds of standard deviation sd.  The published spread enters only when it is
 * not the margin already: see verdict.h. */
static double half_width(size_t n_seeds, double sd, const Published *published, int own_margin) {
    const double n = (double)n_seeds, runs = (double)published->n;
    const double spread = isnan(published->uncertainty) ? 0 : published->uncertainty;
    if (!own_margin) return welch_half_width(sd * sd / n, n - 1, 0, n - 1);
    if (published->n >= 2 && !isnan(published->uncertainty))
        return welch_half_width(sd * sd / n, n - 1, spread * spread / runs, runs - 1);
    if (published->n >= 1) return welch_half_width(sd * sd / n + sd * sd / runs, n - 1, 0, n - 1) + spread;
    return welch_half_width(sd * sd / n, n - 1, 0, n - 1) + spread;
}

/* ---- in words ---- */

static const char *explain(const Verdict *v, Arena *arena) {
    /* by judgement */
    static const char *const value[] = {"lies within the margin", "reaches over the edge of the margin",
                                        "lies wholly outside the margin"};
    static const char *const above[] = {"lies wholly above", "includes", "lies wholly below"};
    static const char *const least[] = {"does not fall below the threshold by more than the margin",
                                        "reaches over the edge of the margin below the threshold",
                                        "falls below the threshold by more than the margin"};
    static const char *const run[] = {"holds 0 and lies within the margin",
                                      "holds 0, but reaches over the edge of the margin",
                                      "does not hold 0, whatever the margin"};
    static const char *const *const words[] = {[CLAIM_VALUE] = value,
                                               [CLAIM_ABOVE] = above,
                                               [CLAIM_AT_LEAST] = least,
                                               [CLAIM_EQUAL] = value,
                                               [CLAIM_ONE_RUN] = run};
    const ClaimKind kind = v->claim->kind;
    if (kind == CLAIM_REPORT) return "a published constant, shown and not judged";
    if (kind == CLAIM_SAME_RUN && v->judgement == NOT_DISTINGUISHABLE)
        return arena_format(arena, "the published run has seed %u, which was not run",
                            v->claim->row->experiment->first_seed);
    if (kind == CLAIM_SAME_RUN)
        return arena_format(arena, "difference %+.2g of seed %u, the published one, lies %s the margin of %.2g",
                            v->difference, v->first_seed, v->judgement == REPRODUCED ? "within" : "outside", v->margin);
    if (v->n < 2) return "one seed gives no interval; run with more seeds";
    const int digits = verdict_decimals(v);
    const char *text =
        arena_format(arena, "%s %+.*f, interval [%+.*f, %+.*f] over %zu seeds %s %s%.4g",
                     v->b ? "paired difference" : "difference", digits, v->difference, digits, v->interval.low, digits,
                     v->interval.high, v->n, words[kind][v->judgement], kind == CLAIM_ABOVE ? "" : "of ", v->margin);
    const Published *p = v->claim->published;
    if (!p || v->claim->margin > 0 || p->n < 2 || isnan(p->uncertainty)) return text;
    const double half = half_width(v->n, v->ours.sd, p, 1);
    return arena_format(arena, "%s (were the published spread over %lld runs counted too: [%+.*f, %+.*f])", text, p->n,
                        digits, v->difference - half, digits, v->difference + half);
}

/* ---- one claim ---- */

static Interval around(double centre, double half) {
    Interval interval = {centre - half, centre + half};
    return interval;
}

/* As quantity_values, naming the claim. */
static int values_of(const Claim *claim, const Quantity *quantity, const ResultsSource *source, Arena *arena, size_t *n,
                     unsigned *first_seed, const double **values, Error *error) {
    Error cause = {""};
    const int status = quantity_values(quantity, source, arena, n, first_seed, values, &cause);
    if (status < 0) return error_set(error, "claim %s: %s", claim->id, cause.text);
    if (status) *error = cause;
    return status;
}

/* Of a claim about something that was not run. */
static Verdict not_run(Verdict verdict, const Error *reason, Arena *arena) {
    verdict.judgement = NOT_RUN;
    verdict.n = 0;
    verdict.first_seed = verdict.claim->row->experiment->first_seed;
    verdict.a = verdict.b = NULL;
    verdict.ours = (Sample){0, NAN, NAN};
    verdict.ours_interval = (Interval){NAN, NAN};
    verdict.explanation = arena_copy_text(arena, reason->text);
    return verdict;
}

int verdict_make(const Claim *claim, const ResultsSource *source, Arena *arena, Verdict *verdict, Error *error) {
    const ClaimKind kind = claim->kind;
    const Published *published = claim->published;
    const Experiment *experiment = claim->row->experiment;
    const Sample none = {0, NAN, NAN};
    const Interval unknown = {NAN, NAN};
    Error fault = {""};
    Verdict v = {.claim = claim,
                 .judgement = REPORTED,
                 .first_seed = experiment->first_seed,
                 .ours = none,
                 .other = none,
                 .difference = NAN,
                 .ours_interval = unknown,
                 .interval = unknown,
                 .margin = claim->margin};

    /* the margin: the claim's own, else the published uncertainty */
    if (kind != CLAIM_ABOVE && kind != CLAIM_REPORT && !(claim->margin > 0))
        v.margin = published ? published->uncertainty : NAN;
    if (!(v.margin >= 0))
        return error_set(error, "claim %s has neither a margin nor a published uncertainty", claim->id);

    /* ours */
    if (claim->a) {
        const int status = values_of(claim, claim->a, source, arena, &v.n, &v.first_seed, &v.a, &fault);
        if (status < 0) return *error = fault, -1;
        if (status) return *verdict = not_run(v, &fault, arena), 0;
        v.ours = sample_of(v.n, v.a);
        if (v.n >= 2) v.ours_interval = interval_of(&v.ours);
    }

    /* the difference and its interval: paired over seeds, or from the published number */
    if (claim->b) {
        size_t n;
        unsigned first_seed;
        const int status = values_of(claim, claim->b, source, arena, &n, &first_seed, &v.b, &fault);
        if (status < 0) return *error = fault, -1;
        if (status) return *verdict = not_run(v, &fault, arena), 0;
        if (n != v.n || first_seed != v.first_seed)
            return error_set(error,
                             "claim %s: a has %zu seeds from %u on, b %zu from %u on; seeds are compared in pairs",
                             claim->id, v.n, v.first_seed, n, first_seed);
        double *paired = arena_alloc_small(arena, n, sizeof *paired);
        for (size_t s = 0; s < n; s++) paired[s] = v.a[s] - v.b[s];
        const Sample sample = sample_of(n, paired);
        v.other = sample_of(n, v.b);
        v.difference = sample.mean;
        if (n >= 2) v.interval = interval_of(&sample);
    } else if (kind == CLAIM_SAME_RUN)
        v.difference = v.a[0] - published->value;
    else if (kind != CLAIM_REPORT) {
        v.difference = v.ours.mean - published->value;
        if (v.n >= 2) v.interval = around(v.difference, half_width(v.n, v.ours.sd, published, claim->margin > 0));
    }

    /* the rule */
    const double reference = v.b ? v.other.mean : published ? published->value : 0;
    if (kind == CLAIM_SAME_RUN)
        v.judgement = v.first_seed == experiment->first_seed
                          ? judge(CLAIM_VALUE, around(v.difference, 0), v.margin, fabs(reference))
                          : NOT_DISTINGUISHABLE;
    else if (kind != CLAIM_REPORT)
        v.judgement = v.n < 2 ? NOT_DISTINGUISHABLE : judge(kind, v.interval, v.margin, fabs(reference));
    v.explanation = explain(&v, arena);
    *verdict = v;
    return 0;
}

void verdict_excuse(Verdict *verdict, const char *why) {
    verdict->excused = 1;
    verdict->explanation = why;
}

/* ---- recorded verdicts ---- */

static const char *recorded_path(const char *references, const Paper *paper, Arena *arena) {
    return arena_format(arena, "%s/%s/verdicts.csv", references, paper->name);
}

static const Paper *paper_of(const Verdict *verdict) {
    return verdict->claim->row->experiment->paper;
}

/* How many verdicts from the first on are of its paper. */
static size_t same_paper(const Verdict *verdicts, size_t n) {
    size_t count = 1;
    while (count < n && paper_of(&verdicts[count]) == paper_of(verdicts)) count++;
    return count;
}

static int compare_paper(const char *path, const Verdict *verdicts, size_t n, int whole, Arena *arena, Error *error) {
    CsvTable table;
    if (!file_exists(path))
        return error_set(error, "%s: no such file; `scaledown claims --update` records the verdicts", path);
    if (csv_read(path, arena, &table, error) || csv_columns(&table, "id,verdict", error)) return -1;
    Map *recorded = map_create(arena), *made = map_create(arena);
    for (size_t i = 0; i < n; i++) map_put(made, verdicts[i].claim->id, i);
    for (size_t r = 0; r < table.rows; r++) {
        const char *id = csv_text(&table, r, 0), *verdict = csv_text(&table, r, 1);
        const size_t before = map_put(recorded, id, r);
        size_t j = 0;
        while (j < NOT_RUN && strcmp(judgement_names[j], verdict) != 0) j++;
        if (before != MAP_ABSENT)
            return error_set(error, "%s, line %zu: claim %s is recorded in line %zu already", path, table.lines[r], id,
                             table.lines[before]);
        if (j == NOT_RUN)
            return error_set(error, "%s, line %zu: claim %s has the unknown verdict \"%.60s\"", path, table.lines[r],
                             id, verdict);
        if (whole && map_get(made, id) == MAP_ABSENT)
            return error_set(
                error, "%s, line %zu: unknown claim %.100s; `scaledown claims --update` records those that there are",
                path, table.lines[r], id);
    }
    for (size_t i = 0; i < n; i++) {
        const char *id = verdicts[i].claim->id, *now = judgement_names[verdicts[i].judgement];
        const size_t row = map_get(recorded, id);
        if (verdicts[i].judgement == NOT_RUN && (!whole || verdicts[i].excused)) continue;
        if (row == MAP_ABSENT) return error_set(error, "%s: no verdict is recorded for claim %s", path, id);
        if (strcmp(csv_text(&table, row, 1), now) != 0)
            return error_set(error, "claim %s: recorded as %s, now %s; `scaledown show %s` gives the evidence", id,
                             csv_text(&table, row, 1), now, id);
    }
    return 0;
}

int verdicts_compare(const char *references, const Verdict *verdicts, size_t n, int whole, Error *error) {
    Arena *arena = arena_create(0);
    int status = 0;
    for (size_t i = 0, count; i < n && !status; i += count) {
        count = same_paper(verdicts + i, n - i);
        status = compare_paper(recorded_path(references, paper_of(&verdicts[i]), arena), verdicts + i, count, whole,
                               arena, error);
    }
    arena_destroy(arena);
    return status;
}

int verdicts_record(const char *references, const Verdict *verdicts, size_t n, Error *error) {
    Arena *arena = arena_create(0);
    Text text = text_create(NULL);
    int status = 0;
    for (size_t i = 0; i < n && !status; i++)
        if (verdicts[i].judgement == NOT_RUN)
            status = error_set(error, "claim %s: %s; verdicts are recorded when all claims are judged",
                               verdicts[i].claim->id, verdicts[i].explanation);
    for (size_t i = 0, count; i < n && !status; i += count) {
        count = same_paper(verdicts + i, n - i);
        text_clear(&text);
        text_add(&text, "id,verdict\n");
        for (size_t k = i; k < i + count; k++)
            text_format(&text, "%s,%s\n", verdicts[k].claim->id, judgement_names[verdicts[k].judgement]);
        status = file_write(recorded_path(references, paper_of(&verdicts[i]), arena), text.data, text.size, error);
    }
    text_destroy(&text);
    arena_destroy(arena);
    return status;
}
