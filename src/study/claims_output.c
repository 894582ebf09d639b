#include "study/claims_output.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

#include "base/csv.h"
#include "base/file.h"

/* ---- pieces of text ---- */

const char *verdict_ours_text(const Verdict *verdict, Arena *arena) {
    if (!verdict->a) return "";
    int digits = verdict_decimals(verdict);
    if (verdict->b)
        return arena_format(arena, "%.*f against %.*f", digits, verdict->ours.mean, digits, verdict->other.mean);
    if (verdict->claim->kind == CLAIM_SAME_RUN) return arena_format(arena, "%.*f (one seed)", digits, verdict->a[0]);
    if (verdict->n < 2) return arena_format(arena, "%.*f", digits, verdict->ours.mean);
    return arena_format(arena, "%.*f [%.*f, %.*f]", digits, verdict->ours.mean, digits, verdict->ours_interval.low,
                        digits, verdict->ours_interval.high);
}

/* With four digits, or as many as it takes to be told from its neighbours at a tenth of the uncertainty. */
static const char *to_uncertainty(const Published *p, Arena *arena) {
    const char *text;
    double shown;
    int digits = 4;
    do {
        text = arena_format(arena, "%.*g", digits, p->value);
        if (parse_double(text, &shown)) break;
    } while (++digits < 12 && fabs(shown - p->value) > p->uncertainty / 10);
    return text;
}

const char *verdict_published_text(const Verdict *verdict, Arena *arena) {
    const Published *p = verdict->published;
    if (!p && verdict->claim->kind == CLAIM_EQUAL) return "equal";
    if (!p) return verdict->margin > 0 ? arena_format(arena, "above by %.4g", verdict->margin) : "above";
    const char *bound = verdict->claim->kind == CLAIM_AT_LEAST ? ">= "
                        : verdict->claim->kind == CLAIM_ABOVE  ? "> "
                                                               : "";
    if (isnan(p->uncertainty)) return arena_format(arena, "%s%.4g", bound, p->value);
    return arena_format(arena, "%s%s +- %.2g", bound, to_uncertainty(p, arena), p->uncertainty);
}

const char *tex_escape(const char *text, Arena *arena) {
    static const struct {
        const char *plain, *tex;
    } table[] = {{"+-", "\\ensuremath{\\pm}"},
                 {">=", "\\ensuremath{\\ge}"},
                 {"<=", "\\ensuremath{\\le}"},
                 {"<", "\\ensuremath{<}"},
                 {">", "\\ensuremath{>}"},
                 {"&", "\\&"},
                 {"%", "\\%"},
                 {"$", "\\$"},
                 {"#", "\\#"},
                 {"_", "\\_"},
                 {"{", "\\{"},
                 {"}", "\\}"},
                 {"~", "\\textasciitilde{}"},
                 {"^", "\\textasciicircum{}"},
                 {"\\", "\\textbackslash{}"}};
    char *out = arena_alloc(arena, 20 * strlen(text) + 1, 1), *end = out;
    while (*text) {
        size_t i = 0, n = sizeof table / sizeof *table;
        while (i < n && strncmp(text, table[i].plain, strlen(table[i].plain)) != 0) i++;
        if (i == n)
            *end++ = *text++;
        else {
            text += strlen(table[i].plain);
            memcpy(end, table[i].tex, strlen(table[i].tex));
            end += strlen(table[i].tex);
        }
    }
    *end = 0;
    return out;
}

const char *tex_name(const char *id, Arena *arena) {
    static const char *const digits[] = {"Zero", "One", "Two",   "Three", "Four",
                                         "Five", "Six", "Seven", "Eight", "Nine"};
    char *out = arena_alloc(arena, 5 * strlen(id) + 1, 1), *end = out;
    int start = 1;
    for (; *id; id++) {
        if (isdigit((unsigned char)*id)) {
            const char *word = digits[*id - '0'];
            memcpy(end, word, strlen(word));
            end += strlen(word);
            start = 1;
        } else if (isalpha((unsigned char)*id)) {
            *end++ = (char)(start ? toupper((unsigned char)*id) : *id);
            start = 0;
        } else
            start = 1;
    }
    *end = 0;
    return out;
}

/* ---- the terminal ---- */

/* How many of the verdicts from i on belong to the same series as verdict i; 0 for one that stands alone. */
static size_t series_count(const Verdict *verdicts, size_t n, size_t i, int counts[4]) {
    size_t end = i;
    if (!verdicts[i].series) return 0;
    for (; end < n && verdicts[end].series == verdicts[i].series; end++) counts[verdicts[end].judgement]++;
    return end - i;
}

static const char *series_text(const int counts[4], Arena *arena) {
    return arena_format(arena, "%d reproduced, %d not distinguishable, %d contradicted", counts[REPRODUCED],
                        counts[NOT_DISTINGUISHABLE], counts[CONTRADICTED]);
}

static size_t longest_id(const Verdict *verdicts, size_t n) {
    size_t width = 5;
    for (size_t i = 0; i < n; i++) {
        const ClaimSeries *series = verdicts[i].series;
        const size_t length = series ? strlen(series->id) + strlen("-...") : strlen(verdicts[i].claim->id);
        if (length > width) width = length;
    }
    return width;
}

void verdicts_print(FILE *stream, const Verdict *verdicts, size_t n) {
    Arena *arena = arena_create(0);
    int width = (int)longest_id(verdicts, n), counts[4] = {0};
    fprintf(stream, "%-*s  %-15s  %-14s  %-24s  %s\n", width, "claim", "item", "published", "ours (95 % interval)",
            "verdict");
    for (size_t i = 0; i < n; i++) {
        const Verdict *v = &verdicts[i];
        int own[4] = {0};
        size_t points = series_count(verdicts, n, i, own);
        for (int j = 0; j < 4; j++) counts[j] += own[j];
        if (points) {
            fprintf(stream, "%-*s  %-15s  %zu points: %s\n", width, arena_format(arena, "%s-...", v->series->id),
                    v->series->item, points, series_text(own, arena));
            i += points - 1;
            continue;
        }
        counts[v->judgement]++;
        fprintf(stream, "%-*s  %-15s  %-14s  %-24s  %s\n", width, v->claim->id, v->claim->item,
                verdict_published_text(v, arena), verdict_ours_text(v, arena), judgement_names[v->judgement]);
    }
    fprintf(stream, "%zu claims: %d reproduced, %d not distinguishable, %d contradicted, %d reported\n", n,
            counts[REPRODUCED], counts[NOT_DISTINGUISHABLE], counts[CONTRADICTED], counts[REPORTED]);
    arena_destroy(arena);
}

static void show_values(FILE *stream, const char *who, const Quantity *quantity, const Sample *sample,
                        const double *values, unsigned first_seed) {
    char buffer[40];
    fprintf(stream, "%-12s %s of \"%s\"", who, quantity->metric, quantity->cell);
    if (!isnan(quantity->x)) fprintf(stream, " at %g", quantity->x);
    fprintf(stream, "\n");
    for (size_t s = 0; s < sample->n; s++)
        fprintf(stream, "%14s seed %u: %s\n", "", first_seed + (unsigned)s, real_text(values[s], buffer));
    fprintf(stream, "%14s mean %.4f, sd %.4f, n %zu\n", "", sample->mean, sample->sd, sample->n);
}

static void show_published(FILE *stream, const Published *p) {
    fprintf(stream, "%-12s %g", "published", p->value);
    if (!isnan(p->uncertainty)) fprintf(stream, " +- %g", p->uncertainty);
    fprintf(stream, " %s", p->unit);
    if (p->n) fprintf(stream, ", n %lld", p->n);
    fprintf(stream, " (%s, %s; row %s)\n", p->source, p->kind, p->id);
}

static const char *const rules[] = {
    "reproduced when the interval of the difference lies within the margin, contradicted when wholly outside",
    "reproduced when the interval of the difference lies above 0, or the margin, contradicted when below",
    "reproduced when the interval does not reach below the threshold minus the margin, contradicted when wholly below",
    "reproduced when the interval of the paired difference lies within the margin, contradicted when wholly outside",
    "a published constant, shown and not judged",
    "contradicted when the interval of one more run leaves out the published one, else reproduced within the margin",
    "the published run has the first seed: reproduced when that seed's value lies within the margin, else contradicted",
};

void verdict_show(FILE *stream, const Verdict *v) {
    const Claim *claim = v->claim;
    Arena *arena = arena_create(0);
    unsigned first_seed = v->first_seed;
    fprintf(stream, "%-12s %s (%s)\n%-12s %s\n", "claim", claim->id, claim->item, "says", claim->text);
    if (v->published) show_published(stream, v->published);
    if (v->a) show_values(stream, "ours", &claim->a, &v->ours, v->a, first_seed);
    if (v->b) show_values(stream, "against", &claim->b, &v->other, v->b, first_seed);
    if (v->a && !v->b && v->n >= 2)
        fprintf(stream, "%-12s [%.4f, %.4f], 95 %% of the mean\n", "interval", v->ours_interval.low,
                v->ours_interval.high);
    if (claim->kind != CLAIM_REPORT) {
        fprintf(stream, "%-12s %+.4f", "difference", v->difference);
        if (!isnan(v->interval.low))
            fprintf(stream, ", 95 %% interval [%+.4f, %+.4f]", v->interval.low, v->interval.high);
        fprintf(stream, "\n");
        if (claim->kind != CLAIM_ABOVE || v->margin > 0) fprintf(stream, "%-12s %g\n", "margin", v->margin);
    }
    fprintf(stream, "%-12s %s\n%-12s %s: %s\n", "rule", rules[claim->kind], "verdict", judgement_names[v->judgement],
            v->explanation);
    if (claim->note) fprintf(stream, "%-12s %s\n", "note", claim->note);
    fprintf(stream, "%-12s scaledown run %s --seeds %zu --first-seed %u && scaledown show %s\n", "again",
            v->study->name, v->n ? v->n : (size_t)v->study->paper_seeds, first_seed, claim->id);
    arena_destroy(arena);
}

/* ---- files ---- */

static void csv_cell(Text *out, const char *text, char end) {
    text_add_csv(out, text);
    text_add_character(out, end);
}

static void csv_real(Text *out, double value, char end) {
    char buffer[40];
    if (!isnan(value)) text_add(out, real_text(value, buffer));
    text_add_character(out, end);
}

static void write_csv(Text *out, const Verdict *verdicts, size_t n) {
    text_add(
        out,
        "id,item,text,n,ours,low,high,published,uncertainty,difference,difference_low,difference_high,margin,verdict,"
        "explanation,source,note\n");
    for (size_t i = 0; i < n; i++) {
        const Verdict *v = &verdicts[i];
        const Published *p = v->published;
        csv_cell(out, v->claim->id, ',');
        csv_cell(out, v->claim->item, ',');
        csv_cell(out, v->claim->text, ',');
        text_format(out, "%zu,", v->n);
        const double numbers[] = {v->ours.mean,
                                  v->ours_interval.low,
                                  v->ours_interval.high,
                                  p ? p->value : v->other.mean,
                                  p ? p->uncertainty : NAN,
                                  v->difference,
                                  v->interval.low,
                                  v->interval.high,
                                  v->margin};
        for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++) csv_real(out, numbers[k], ',');
        csv_cell(out, judgement_names[v->judgement], ',');
        csv_cell(out, v->explanation, ',');
        csv_cell(out, p ? p->source : "", ',');
        csv_cell(out, v->claim->note ? v->claim->note : "", '\n');
    }
}

/* Verdicts of one study follow each other: how many, from the first of n. */
static size_t same_study(const Verdict *verdicts, size_t n) {
    size_t count = 1;
    while (count < n && verdicts[count].study == verdicts[0].study) count++;
    return count;
}

static void write_table(Text *out, const Verdict *verdicts, size_t n) {
    Arena *arena = arena_create(0);
    for (size_t i = 0; i < n; i++) {
        const Verdict *v = &verdicts[i];
        int own[4] = {0};
        size_t points = series_count(verdicts, n, i, own);
        if (points) {
            text_format(out, "%s & %s. & \\multicolumn{2}{l}{%zu points, each judged by itself} & %s \\\\\n",
                        tex_escape(v->series->item, arena), tex_escape(v->series->text, arena), points,
                        series_text(own, arena));
            i += points - 1;
            continue;
        }
        text_format(out, "%s & %s & %s & %s & %s \\\\\n", tex_escape(v->claim->item, arena),
                    tex_escape(v->claim->text, arena), tex_escape(verdict_published_text(v, arena), arena),
                    tex_escape(verdict_ours_text(v, arena), arena), judgement_names[v->judgement]);
    }
    arena_destroy(arena);
}

static void write_macro(Text *out, const char *id, const char *field, const char *text, Arena *arena) {
    text_format(out, "\\def\\result%s%s{%s}\n", tex_name(id, arena), field, tex_escape(text, arena));
}

/* The macros of one claim; those that it has nothing for are empty. */
static void write_claim_macros(Text *out, const Verdict *v, Arena *arena) {
    const char *id = v->claim->id, *interval = "", *difference = "";
    const int digits = verdict_decimals(v), one_run = v->claim->kind == CLAIM_SAME_RUN;
    if (v->n >= 2 && !one_run) {
        interval = arena_format(arena, "[%.*f, %.*f]", digits, v->ours_interval.low, digits, v->ours_interval.high);
        difference = arena_format(arena, "%+.*f [%+.*f, %+.*f]", digits, v->difference, digits, v->interval.low, digits,
                                  v->interval.high);
    }
    const double ours = one_run ? v->a[0] : v->ours.mean;
    write_macro(out, id, "Ours", v->a ? arena_format(arena, "%.*f", digits, ours) : "", arena);
    write_macro(out, id, "Interval", interval, arena);
    write_macro(out, id, "Difference", difference, arena);
    write_macro(out, id, "Published", v->published ? verdict_published_text(v, arena) : "", arena);
    write_macro(out, id, "Verdict", judgement_names[v->judgement], arena);
    write_macro(out, id, "Explanation", v->explanation, arena);
}

static const char *const judgement_macros[] = {"Reproduced", "NotDistinguishable", "Contradicted", "Reported"};

static void write_counts(Text *out, const char *prefix, const Verdict *verdicts, size_t n) {
    int counts[4] = {0};
    for (size_t i = 0; i < n; i++) counts[verdicts[i].judgement]++;
    for (int j = 0; j < 4; j++)
        text_format(out, "\\def\\result%sCount%s{%d}\n", prefix, judgement_macros[j], counts[j]);
    text_format(out, "\\def\\result%sCountClaims{%zu}\n", prefix, n);
}

static void write_numbers(Text *out, const Verdict *verdicts, size_t n) {
    Arena *arena = arena_create(0);
    for (size_t i = 0; i < n; i++) write_claim_macros(out, &verdicts[i], arena);
    for (size_t i = 0; i < n; i += same_study(verdicts + i, n - i)) {
        text_format(out, "%% study: %s\n", verdicts[i].study->name);
        write_counts(out, tex_name(verdicts[i].study->name, arena), verdicts + i, same_study(verdicts + i, n - i));
    }
    for (size_t i = 0, points; i < n; i += points ? points : 1) {
        int own[4] = {0};
        points = series_count(verdicts, n, i, own);
        if (points) write_macro(out, verdicts[i].series->id, "Points", arena_format(arena, "%zu", points), arena);
        for (int j = 0; points && j < 3; j++)
            write_macro(out, verdicts[i].series->id, judgement_macros[j], arena_format(arena, "%d", own[j]), arena);
    }
    write_counts(out, "", verdicts, n);
    arena_destroy(arena);
}

typedef void (*VerdictWriter)(Text *out, const Verdict *verdicts, size_t n);

static int open_and_write(const char *path, AtomicFile *file, VerdictWriter writer, const Verdict *verdicts, size_t n,
                          Error *error) {
    if (atomic_open(file, path, error)) return -1;
    writer(&file->text, verdicts, n);
    return 0;
}

/* All files or none: a table of one run beside the numbers of another would mislead. */
int verdicts_write(const char *directory, const Verdict *verdicts, size_t n, Error *error) {
    if (directory_create(directory, error)) return -1;
    directory_remove_stale(directory);
    Arena *arena = arena_create(0);
    AtomicFile *files = arena_alloc_zero(arena, n + 2, sizeof *files);
    size_t k = 2;
    int status =
        open_and_write(path_join(arena, directory, "claims.csv"), &files[0], write_csv, verdicts, n, error) ||
        open_and_write(path_join(arena, directory, "numbers.tex"), &files[1], write_numbers, verdicts, n, error);
    for (size_t i = 0, count; i < n && !status; i += count, k++) {
        count = same_study(verdicts + i, n - i);
        const char *name = arena_format(arena, "claims_%s.tex", verdicts[i].study->name);
        status = open_and_write(path_join(arena, directory, name), &files[k], write_table, verdicts + i, count, error);
    }
    if (!status)
        status = atomic_commit_all(files, k, error);
    else
        for (size_t i = 0; i < k; i++) atomic_abandon(&files[i]);
    arena_destroy(arena);
    return status ? -1 : 0;
}
