#include "study/verdict.h"

#include <math.h>
#include <string.h>

#include "base/file.h"
#include "base/map.h"

int verdict_decimals(const Verdict *verdict) {
    const Published *published = verdict->claim->published;
    const double magnitude = verdict->a && !verdict->outside ? verdict->ours.mean : published ? published->value : 0;
    return fabs(magnitude) < 10 ? 4 : 2;
}

Tally verdicts_tally(const Verdict *verdicts, size_t n, ClaimLevel level) {
    Tally tally = {0};
    for (size_t i = 0; i < n; i++) {
        if (verdicts[i].level != level) continue;
        tally.n++;
        tally.by_judgement[verdicts[i].judgement]++;
    }
    return tally;
}

size_t verdicts_fresh(const Verdict *verdicts, size_t n, size_t *differ) {
    size_t judged = 0;
    *differ = 0;
    for (size_t i = 0; i < n; i++) {
        if (!verdicts[i].fresh) continue;
        judged++;
        *differ += verdicts[i].fresh->judgement != verdicts[i].judgement;
    }
    return judged;
}

/* ---- what is measured ---- */

static Verdict blank(const Claim *claim, ClaimLevel level) {
    const Sample none = {0, NAN, NAN};
    const Interval unknown = {NAN, NAN};
    return (Verdict){.claim = claim,
                     .level = level,
                     .judgement = NOT_RUN,
                     .alone = NOT_RUN,
                     .half = NOT_RUN,
                     .twice = NOT_RUN,
                     .first_seed = claim->row->experiment->first_seed,
                     .ours = none,
                     .other = none,
                     .difference = NAN,
                     .ours_interval = unknown,
                     .interval = unknown,
                     .interval90 = unknown,
                     .margin = NAN,
                     .p = NAN,
                     .p_adjusted = NAN,
                     .p_level = NAN,
                     .p_difference = NAN,
                     .p_holm = NAN,
                     .p_bh = NAN,
                     .p_by = NAN,
                     .sd = NAN,
                     .shared_sd = NAN,
                     .df = NAN,
                     .with_published = unknown,
                     .by_interval = NOT_RUN,
                     .family = ""};
}

void verdict_forget(Verdict *v) {
    Outside *outside = v->outside;
    const Verdict measured = *v;
    *v = blank(v->claim, v->level);
    v->margin = measured.margin;
    v->not_run = "it was not run";
    v->grim = measured.grim;
    v->outside = outside;
    if (outside) *outside = (Outside){0};
    if (v->claim->kind == CLAIM_REPORT) v->judgement = v->alone = v->half = v->twice = REPORTED;
}

Verdicts verdicts_create(const ClaimList *list, Arena *arena) {
    Verdicts verdicts = {.list = list, .n = list->n};
    for (size_t r = 0; r < list->n_rows; r++) verdicts.n += (size_t)list->rows[r].curve;
    verdicts.all = arena_alloc(arena, verdicts.n, sizeof *verdicts.all);
    verdicts.of_row = arena_alloc(arena, list->n_rows, sizeof *verdicts.of_row);
    size_t at = 0;
    for (size_t r = 0; r < list->n_rows; r++) {
        const ClaimRow *row = &list->rows[r];
        verdicts.of_row[r] = at;
        if (row->curve) {
            Claim *curve = arena_alloc_small(arena, 1, sizeof *curve);
            *curve = (Claim){.id = row->id,
                             .item = row->item,
                             .text = row->text,
                             .row = row,
                             .kind = row->kind,
                             .margin = list->claims[row->first].margin,
                             .note = row->note[0] ? row->note : NULL};
            verdicts.all[at] = blank(curve, row->level);
            verdicts.all[at].outside = arena_alloc_zero(arena, 1, sizeof(Outside));
            at++;
        }
        for (size_t i = 0; i < row->n; i++)
            verdicts.all[at++] = blank(&list->claims[row->first + i], row->curve ? LEVEL_POINT : row->level);
    }
    return verdicts;
}

/* What the quantities of a claim are over seeds, and how far apart; n_twins: on fresh test signals (quantity.h), else NULL.
 */
static Measured measure(Verdict *v, const ResultsSource *source, size_t *n_twins, Arena *arena, Error *error) {
    const Claim *claim = v->claim;
    Measured measured = quantity_fresh_values(claim->a, source, arena, &v->n, &v->first_seed, &v->a, n_twins, error);
    if (measured != MEASURED) return measured;
    v->ours = sample_of(v->n, v->a);
    v->sd = v->n >= 2 ? v->ours.sd : NAN;
    if (v->n >= 2) v->ours_interval = interval_of(&v->ours);
    if (!claim->b) {
        v->difference = (claim->kind == CLAIM_SAME_RUN ? v->a[0] : v->ours.mean) - claim->published->value;
        return MEASURED;
    }
    size_t n;
    unsigned first_seed;
    measured = quantity_fresh_values(claim->b, source, arena, &n, &first_seed, &v->b, n_twins, error);
    if (measured != MEASURED) return measured;
    if (n != v->n || first_seed != v->first_seed)
        return error_set(error, "a has %zu seeds from %u on, b %zu from %u on; seeds are compared in pairs", v->n,
                         v->first_seed, n, first_seed),
               MEASURE_FAILED;
    double *paired = arena_alloc_small(arena, n, sizeof *paired);
    for (size_t s = 0; s < n; s++) paired[s] = v->a[s] - v->b[s];
    const Sample sample = sample_of(n, paired);
    v->other = sample_of(n, v->b);
    v->difference = sample.mean;
    if (n >= 2) v->sd = sample.sd;
    return MEASURED;
}

/* The second verdict of a comparison, where its metrics have fresh twins. */
static Measured measure_fresh(Verdict *verdict, const ResultsSource *source, Arena *arena, Error *error) {
    size_t n_twins = 0;
    Verdict fresh = blank(verdict->claim, verdict->level);
    const Measured measured = measure(&fresh, source, &n_twins, arena, error);
    if (n_twins == 0 || (measured != MEASURED && measured != MEASURE_NO_VALUE)) return measured;
    if (measured == MEASURE_NO_VALUE) {
        fresh = blank(verdict->claim, verdict->level);
        fresh.no_value = arena_copy_text(arena, error->text);
    }
    fresh.margin = verdict->margin;
    verdict->fresh = arena_alloc_small(arena, 1, sizeof *verdict->fresh);
    *verdict->fresh = fresh;
    return measured;
}

int verdict_measure(Verdict *verdict, const ResultsSource *source, Arena *arena, Error *error) {
    const Claim *claim = verdict->claim;
    const ClaimKind kind = claim->kind;
    const Published *published = claim->published;
    Verdict v = *verdict;
    if (published && published->examples) { /* is the number possible as it is printed? */
        const double count = (double)published->examples * (double)(published->n ? published->n : 1);
        v.grim = grim_possible(published->value, (int)published->digits, count) ? GRIM_POSSIBLE : GRIM_IMPOSSIBLE;
    }
    v.margin = claim->margin; /* its own, else the published uncertainty */
    if (kind != CLAIM_ABOVE && kind != CLAIM_REPORT && !(claim->margin > 0))
        v.margin = published ? published->uncertainty : NAN;
    if (!(v.margin >= 0))
        return error_set(error, "claim %s has neither a margin nor a published uncertainty", claim->id);
    *verdict = v;
    if (!claim->a) return 0;
    Error cause = {""};
    Measured measured = measure(&v, source, NULL, arena, &cause);
    v.not_run = NULL;
    if (measured == MEASURED)
        *verdict = v;
    else if (measured == MEASURE_NOT_RUN)
        verdict->not_run = arena_copy_text(arena, cause.text);
    else if (measured == MEASURE_NO_VALUE)
        verdict->no_value = arena_copy_text(arena, cause.text);
    if (measured == MEASURED && claim->b) measured = measure_fresh(verdict, source, arena, &cause);
    return measured == MEASURE_FAILED ? error_set(error, "claim %s: %s", claim->id, cause.text) : 0;
}

void verdict_excuse(Verdict *verdict, const char *why) {
    verdict->excused = 1;
    verdict->not_run = why;
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

/* One that can be recorded. */
static int is_judgement(const char *name) {
    int j = 0;
    while (j < NOT_RUN && strcmp(judgement_names[j], name) != 0) j++;
    return j < NOT_RUN;
}

static const char *fresh_name(const Verdict *verdict) {
    return verdict->fresh ? judgement_names[verdict->fresh->judgement] : "";
}

static size_t count_judged(const Verdict *verdicts, size_t n) {
    size_t judged = 0;
    for (size_t i = 0; i < n; i++) judged += verdicts[i].judgement != NOT_RUN;
    return judged;
}

static int compare_paper(const char *path, const Verdict *verdicts, size_t n, int whole, size_t *unrecorded,
                         Arena *arena, Error *error) {
    CsvTable table;
    if (!file_exists(path) && count_judged(verdicts, n) == 0) return *unrecorded += n, 0;
    if (!file_exists(path))
        return error_set(error, "%s: no such file; `scaledown claims --update` records the verdicts", path);
    if (csv_read(path, arena, &table, error) || csv_columns_and(&table, "id,verdict", "fresh", error)) return -1;
    const int with_fresh = table.columns > 2;
    Map *recorded = map_create(arena), *made = map_create(arena);
    for (size_t i = 0; i < n; i++) map_put(made, verdicts[i].claim->id, i);
    for (size_t r = 0; r < table.rows; r++) {
        const char *id = csv_text(&table, r, 0), *verdict = csv_text(&table, r, 1);
        const size_t before = map_put(recorded, id, r);
        if (before != MAP_ABSENT)
            return error_set(error, "%s, line %zu: claim %s is recorded in line %zu already", path, table.lines[r], id,
                             table.lines[before]);
        if (!is_judgement(verdict) || (with_fresh && *csv_text(&table, r, 2) && !is_judgement(csv_text(&table, r, 2))))
            return error_set(error, "%s, line %zu: claim %s has the unknown verdict \"%.60s\"", path, table.lines[r],
                             id, is_judgement(verdict) ? csv_text(&table, r, 2) : verdict);
        if (whole && map_get(made, id) == MAP_ABSENT)
            return error_set(
                error, "%s, line %zu: unknown claim %.100s; `scaledown claims --update` records those that there are",
                path, table.lines[r], id);
    }
    for (size_t i = 0; i < n; i++) {
        const char *id = verdicts[i].claim->id, *now = judgement_names[verdicts[i].judgement];
        const size_t row = map_get(recorded, id);
        if (verdicts[i].judgement == NOT_RUN && row == MAP_ABSENT) ++*unrecorded;
        if (verdicts[i].judgement == NOT_RUN && (!whole || verdicts[i].excused || row == MAP_ABSENT)) continue;
        if (row == MAP_ABSENT) return error_set(error, "%s: no verdict is recorded for claim %s", path, id);
        if (strcmp(csv_text(&table, row, 1), now) != 0)
            return error_set(error, "claim %s: recorded as %s, now %s; `scaledown show %s` gives the evidence", id,
                             csv_text(&table, row, 1), now, id);
        const char *then = with_fresh ? csv_text(&table, row, 2) : fresh_name(&verdicts[i]);
        now = fresh_name(&verdicts[i]);
        if (strcmp(then, now) != 0)
            return error_set(
                error, "claim %s: on fresh test signals recorded as %s, now %s; `scaledown show %s` gives the evidence",
                id, *then ? then : "not judged", *now ? now : "not judged", id);
    }
    return 0;
}

int verdicts_compare(const char *references, const Verdict *verdicts, size_t n, int whole, size_t *unrecorded,
                     Error *error) {
    Arena *arena = arena_create(0);
    int status = 0;
    *unrecorded = 0;
    for (size_t i = 0, count; i < n && !status; i += count) {
        count = same_paper(verdicts + i, n - i);
        status = compare_paper(recorded_path(references, paper_of(&verdicts[i]), arena), verdicts + i, count, whole,
                               unrecorded, arena, error);
    }
    arena_destroy(arena);
    return status;
}

/* A recorded verdict is not lost because its experiment has no results here. */
static int loses_none(const char *path, const Verdict *verdicts, size_t n, Arena *arena, Error *error) {
    CsvTable table;
    if (!file_exists(path)) return 0;
    if (csv_read(path, arena, &table, error) || csv_columns_and(&table, "id,verdict", "fresh", error)) return -1;
    Map *recorded = map_create(arena);
    for (size_t r = 0; r < table.rows; r++) map_put(recorded, csv_text(&table, r, 0), r);
    for (size_t i = 0; i < n; i++) {
        const Verdict *v = &verdicts[i];
        const size_t row = v->judgement == NOT_RUN ? map_get(recorded, v->claim->id) : MAP_ABSENT;
        if (row != MAP_ABSENT)
            return error_set(error,
                             "claim %s: %s, and is recorded as %s; verdicts are recorded when all that have one are "
                             "judged again",
                             v->claim->id, v->not_run ? v->not_run : "it was not run", csv_text(&table, row, 1));
    }
    return 0;
}

int verdicts_record(const char *references, const Verdict *verdicts, size_t n, Error *error) {
    Arena *arena = arena_create(0);
    Text text = text_create(NULL);
    int status = 0;
    for (size_t i = 0, count; i < n && !status; i += count) {
        count = same_paper(verdicts + i, n - i);
        status = loses_none(recorded_path(references, paper_of(&verdicts[i]), arena), verdicts + i, count, arena, error);
    }
    for (size_t i = 0, count; i < n && !status; i += count) {
        count = same_paper(verdicts + i, n - i);
        if (count_judged(verdicts + i, count) == 0) continue;
        size_t differ;
        const int with_fresh = verdicts_fresh(verdicts + i, count, &differ) > 0;
        text_clear(&text);
        text_format(&text, "id,verdict%s\n", with_fresh ? ",fresh" : "");
        for (size_t k = i; k < i + count; k++)
            if (verdicts[k].judgement != NOT_RUN)
                text_format(&text, "%s,%s%s%s\n", verdicts[k].claim->id, judgement_names[verdicts[k].judgement],
                            with_fresh ? "," : "", with_fresh ? fresh_name(&verdicts[k]) : "");
        status = file_write(recorded_path(references, paper_of(&verdicts[i]), arena), text.data, text.size, error);
    }
    text_destroy(&text);
    arena_destroy(arena);
    return status;
}
