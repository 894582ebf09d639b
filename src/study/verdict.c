#include "study/verdict.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"

const char *const judgement_names[4] = {"reproduced", "not distinguishable", "contradicted", "reported"};

int verdict_decimals(const Verdict *verdict) {
    double magnitude = verdict->a ? verdict->ours.mean : verdict->published ? verdict->published->value : 0;
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

/* ---- the interval of the difference ---- */

static Interval around(double centre, double half) {
    Interval interval = {centre - half, centre + half};
    return interval;
}

/* The published spread enters only when it is not already the margin: see verdict.h. */
static Interval difference_from_published(const Verdict *verdict) {
    const Published *published = verdict->published;
    double n = (double)verdict->n, sd = verdict->ours.sd, ours = sd * sd / n, reading = 0, theirs = 0, df = n - 1;
    if (verdict->claim->margin > 0) {
        double spread = isnan(published->uncertainty) ? 0 : published->uncertainty;
        if (published->n >= 2 && !isnan(published->uncertainty))
            theirs = spread * spread / (double)published->n, df = (double)published->n - 1;
        else if (published->n >= 1)
            ours += sd * sd / (double)published->n, reading = spread;
        else
            reading = spread;
    }
    return around(verdict->difference, welch_half_width(ours, n - 1, theirs, df) + reading);
}

static void compare_with_cell(Verdict *verdict, Arena *arena) {
    double *paired = arena_alloc(arena, verdict->n, sizeof *paired);
    for (size_t s = 0; s < verdict->n; s++) paired[s] = verdict->a[s] - verdict->b[s];
    Sample sample = sample_of(verdict->n, paired);
    verdict->other = sample_of(verdict->n, verdict->b);
    verdict->difference = sample.mean;
    if (verdict->n >= 2) verdict->interval = interval_of(&sample);
}

static void compare_with_published(Verdict *verdict) {
    verdict->difference = verdict->ours.mean - verdict->published->value;
    if (verdict->n >= 2) verdict->interval = difference_from_published(verdict);
}

static void compare_same_run(Verdict *verdict) {
    double d = verdict->difference = verdict->a[0] - verdict->published->value;
    verdict->judgement = verdict->first_seed == verdict->study->first_seed
                             ? judge(CLAIM_VALUE, around(d, 0), verdict->margin, fabs(verdict->published->value))
                             : NOT_DISTINGUISHABLE;
}

/* ---- in words ---- */

static const char *explain_same_run(const Verdict *v, Arena *arena) {
    if (v->judgement == NOT_DISTINGUISHABLE)
        return arena_format(arena, "the published run has seed %u, which was not run", v->study->first_seed);
    return arena_format(arena, "difference %+.2g of seed %u, the published one, lies %s the margin of %.2g",
                        v->difference, v->first_seed, v->judgement == REPRODUCED ? "within" : "outside", v->margin);
}

static const char *relation(const Verdict *verdict) {
    static const char *const value[] = {"lies within the margin", "reaches over the edge of the margin",
                                        "lies wholly outside the margin", ""};
    static const char *const above[] = {"lies wholly above", "includes", "lies wholly below", ""};
    static const char *const least[] = {"does not fall below the threshold by more than the margin",
                                        "reaches over the edge of the margin below the threshold",
                                        "falls below the threshold by more than the margin", ""};
    static const char *const run[] = {"holds 0 and lies within the margin",
                                      "holds 0, but reaches over the edge of the margin",
                                      "does not hold 0, whatever the margin", ""};
    ClaimKind kind = verdict->claim->kind;
    return (kind == CLAIM_ABOVE      ? above
            : kind == CLAIM_AT_LEAST ? least
            : kind == CLAIM_ONE_RUN  ? run
                                     : value)[verdict->judgement];
}

static const char *explain(const Verdict *v, Arena *arena) {
    if (v->claim->kind == CLAIM_REPORT) return "a published constant, shown and not judged";
    if (v->claim->kind == CLAIM_SAME_RUN) return explain_same_run(v, arena);
    if (v->n < 2) return "one seed gives no interval; run with more seeds";
    int digits = verdict_decimals(v);
    const char *text = arena_format(arena, "%s %+.*f, interval [%+.*f, %+.*f] over %zu seeds %s",
                                    v->b ? "paired difference" : "difference", digits, v->difference, digits,
                                    v->interval.low, digits, v->interval.high, v->n, relation(v));
    text = arena_format(arena, "%s %s%.4g", text, v->claim->kind == CLAIM_ABOVE ? "" : "of ", v->margin);
    const Published *p = v->published;
    if (!p || v->claim->margin > 0 || p->n < 2 || isnan(p->uncertainty)) return text;
    double n = (double)v->n, runs = (double)p->n;
    double half =
        welch_half_width(v->ours.sd * v->ours.sd / n, n - 1, p->uncertainty * p->uncertainty / runs, runs - 1);
    return arena_format(arena, "%s (were the published spread over %lld runs counted too: [%+.*f, %+.*f])", text, p->n,
                        digits, v->difference - half, digits, v->difference + half);
}

/* ---- one claim ---- */

static int set_margin(Verdict *verdict, Error *error) {
    const Claim *claim = verdict->claim;
    verdict->margin = claim->margin;
    if (claim->kind == CLAIM_ABOVE || claim->kind == CLAIM_REPORT || claim->margin > 0) return 0;
    if (!verdict->published || isnan(verdict->published->uncertainty))
        return error_set(error, "claim %s has neither a margin nor a published uncertainty", claim->id);
    verdict->margin = verdict->published->uncertainty;
    return 0;
}

static int finite_values(const char *id, size_t n, const double *values, Error *error) {
    for (size_t s = 0; s < n; s++)
        if (!isfinite(values[s])) return error_set(error, "claim %s: a value over the seeds is not finite", id);
    return 0;
}

static int quantity_values(const Results *results, const Claim *claim, const Quantity *quantity, Arena *arena,
                           const double **values, Error *error) {
    double *found;
    Error cause = {""};
    if (results_quantity(results, quantity, arena, &found, &cause))
        return error_set(error, "claim %s: %s", claim->id, cause.text);
    *values = found;
    return finite_values(claim->id, results->grid.n_seeds, found, error);
}

int verdict_make(const Results *results, const Claim *claim, const PublishedTable *published, Arena *arena,
                 Verdict *verdict, Error *error) {
    *verdict = (Verdict){.study = results->grid.study,
                         .claim = claim,
                         .first_seed = results->grid.first_seed,
                         .judgement = REPORTED,
                         .ours = {0, NAN, NAN},
                         .other = {0, NAN, NAN},
                         .difference = NAN,
                         .ours_interval = {NAN, NAN},
                         .interval = {NAN, NAN}};
    if (results->grid.size == SIZE_SMOKE)
        return error_set(error,
                         "the results of study %s are of the smoke size, which makes no claims; `scaledown run %s` "
                         "makes those of the paper's size",
                         verdict->study->name, verdict->study->name);
    if (claim->published && !(verdict->published = published_find(published, claim->published, error))) return -1;
    if (set_margin(verdict, error)) return -1;
    if (claim->a.cell && quantity_values(results, claim, &claim->a, arena, &verdict->a, error)) return -1;
    if (claim->b.cell && quantity_values(results, claim, &claim->b, arena, &verdict->b, error)) return -1;
    if (verdict->a) {
        verdict->n = results->grid.n_seeds;
        verdict->ours = sample_of(verdict->n, verdict->a);
        if (verdict->n >= 2) verdict->ours_interval = interval_of(&verdict->ours);
    }
    if (claim->kind == CLAIM_SAME_RUN)
        compare_same_run(verdict);
    else if (claim->kind != CLAIM_REPORT) {
        if (verdict->b)
            compare_with_cell(verdict, arena);
        else
            compare_with_published(verdict);
        double reference = verdict->b ? verdict->other.mean : verdict->published->value;
        verdict->judgement = verdict->n < 2 ? NOT_DISTINGUISHABLE
                                            : judge(claim->kind, verdict->interval, verdict->margin, fabs(reference));
    }
    verdict->explanation = explain(verdict, arena);
    return 0;
}

/* ---- recorded verdicts ---- */

static int row_of(const CsvTable *table, const char *id, size_t *row) {
    for (*row = 0; *row < table->rows; ++*row)
        if (strcmp(csv_text(table, *row, 0), id) == 0) return 1;
    return 0;
}

static int claim_known(const Study *const *studies, const char *id, Arena *arena) {
    for (; *studies; studies++) {
        ClaimList list = study_claims(*studies, arena);
        for (size_t i = 0; i < list.n; i++)
            if (strcmp(list.claims[i].id, id) == 0) return 1;
    }
    return 0;
}

static int check_recorded(const CsvTable *table, const Study *const *known, Arena *arena, Error *error) {
    if (table->columns != 2 || strcmp(table->names[0], "id") != 0 || strcmp(table->names[1], "verdict") != 0)
        return error_set(error, "%s: the columns must be id,verdict", table->path);
    for (size_t r = 0; r < table->rows; r++) {
        const char *id = csv_text(table, r, 0), *verdict = csv_text(table, r, 1);
        size_t first;
        int named = 0;
        if (!claim_known(known, id, arena)) return error_set(error, "%s: unknown claim %s", table->path, id);
        if (row_of(table, id, &first) && first != r)
            return error_set(error, "%s: claim %s is recorded twice", table->path, id);
        for (size_t j = 0; j < 4; j++) named |= strcmp(judgement_names[j], verdict) == 0;
        if (!named) return error_set(error, "%s: claim %s has the unknown verdict \"%s\"", table->path, id, verdict);
    }
    return 0;
}

int verdicts_compare(const char *path, const Verdict *verdicts, size_t n, const Study *const *known, Arena *arena,
                     Error *error) {
    CsvTable table;
    if (!file_exists(path))
        return error_set(error, "%s: no such file; `scaledown claims --update` records the verdicts", path);
    if (csv_read(path, arena, &table, error) || check_recorded(&table, known, arena, error)) return -1;
    for (size_t i = 0; i < n; i++) {
        size_t row;
        const char *id = verdicts[i].claim->id, *now = judgement_names[verdicts[i].judgement];
        if (!row_of(&table, id, &row)) return error_set(error, "%s: no verdict is recorded for claim %s", path, id);
        if (strcmp(csv_text(&table, row, 1), now) != 0)
            return error_set(error, "claim %s: recorded as %s, now %s; `scaledown show %s` gives the evidence", id,
                             csv_text(&table, row, 1), now, id);
    }
    return 0;
}

int verdicts_record(const char *path, const Verdict *verdicts, size_t n, Error *error) {
    AtomicFile file;
    if (atomic_open(&file, path, error)) return -1;
    text_add(&file.text, "id,verdict\n");
    for (size_t i = 0; i < n; i++)
        text_format(&file.text, "%s,%s\n", verdicts[i].claim->id, judgement_names[verdicts[i].judgement]);
    return atomic_commit(&file, error);
}
