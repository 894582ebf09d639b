/* From what was measured to verdicts: families, the rule, curves, and many claims at once. */
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "study/family.h"
#include "study/verdict.h"

#define LEVEL 0.05

typedef struct Judging {
    Verdict *all; /* of one paper */
    size_t n;
    size_t *own, *theirs; /* [n]: numbers of their families; NO_FAMILY */
    Spread *spreads;      /* [n] */
    Estimate *estimates;  /* [n]; df 0 where there is no test */
    Families families;
    VariancePrior *priors; /* of the families, kept */
    Arena *arena, *scratch;
    Arena *words; /* for what is needed only for a moment */
} Judging;

#define NO_FAMILY SIZE_MAX

/* ---- what is shared ---- */

static int is_compared(const Verdict *v) {
    const ClaimKind kind = v->claim->kind;
    return v->a && v->n >= 2 && kind != CLAIM_SAME_RUN && kind != CLAIM_REPORT && !isnan(v->difference);
}

/* Does the spread of the published runs enter? */
static int has_printed_spread(const Verdict *v) {
    const Published *p = v->claim->published;
    return p && p->n >= 2 && p->uncertainty > 0 && v->claim->kind != CLAIM_ONE_RUN &&
           (v->claim->margin > 0 || v->claim->kind == CLAIM_ABOVE);
}

/* The part of a key behind "EXPERIMENT|KIND|". */
static const char *name_of(const Families *families, size_t family) {
    return strchr(strchr(families->all[family].key, '|') + 1, '|') + 1;
}

/* A claim's variance goes to its family, and that of the published number to theirs. */
static void join_family(Judging *judging, size_t i) {
    Verdict *v = &judging->all[i];
    const Claim *claim = v->claim;
    Arena *words = judging->words;
    if (!v->a || v->n < 2 || claim->kind == CLAIM_REPORT || isnan(v->sd)) return;
    const char *name = claim->row->family;
    if (!*name && claim->b)
        name = arena_format(words, "differences of %s", quantity_metrics(claim->a, claim->b, words));
    else if (!*name)
        name = quantity_outline(claim->a, words);
    const char *key =
        arena_format(words, "%s|%s|%s", claim->row->experiment->name, claim->b ? "paired" : "single", name);
    const char *member = arena_format(words, "%s|%s", quantity_text(claim->a), claim->b ? quantity_text(claim->b) : "");
    judging->own[i] = families_add(&judging->families, key, member, v->sd * v->sd, (double)(v->n - 1));
    v->family = name_of(&judging->families, judging->own[i]);
    if (has_printed_spread(v)) {
        const Published *p = claim->published;
        judging->theirs[i] = families_add(&judging->families, arena_format(words, "published|%s", key), p->id,
                                          p->uncertainty * p->uncertainty, (double)(p->n - 1));
    }
    arena_reset(words);
}

/* The mean differences of a curve's points, one for each seed, and their variance's family; points follow the curve. */
static void measure_curve(Judging *judging, size_t c) {
    Verdict *curve = &judging->all[c];
    const Verdict *points = curve + 1;
    const ClaimRow *row = curve->claim->row;
    double margin = 0;
    size_t n = points[0].n;
    for (size_t k = 0; k < row->n; k++) {
        if (points[k].no_value) curve->no_value = points[k].no_value;
        if (!points[k].a || points[k].n != n) return;
        margin += points[k].margin / (double)row->n;
    }
    curve->n = n;
    curve->first_seed = points[0].first_seed;
    curve->margin = curve->claim->margin > 0 ? curve->claim->margin : margin;
    if (row->kind != CLAIM_VALUE && row->kind != CLAIM_ONE_RUN) return;
    double *offsets = arena_alloc_small(judging->arena, n, sizeof *offsets);
    for (size_t s = 0; s < n; s++) {
        offsets[s] = 0;
        for (size_t k = 0; k < row->n; k++) offsets[s] += points[k].a[s] - points[k].claim->published->value;
        offsets[s] /= (double)row->n;
    }
    curve->a = offsets;
    curve->ours = sample_of(n, offsets);
    curve->difference = curve->ours.mean;
    if (n < 2) return;
    curve->sd = curve->ours.sd;
    const char *unit = points[0].claim->published->unit, *family = row->family[0] ? row->family : unit;
    const char *key = arena_format(judging->words, "%s|curve|mean differences of curves%s%s", row->experiment->name,
                                   *family ? ", " : "", family);
    judging->own[c] = families_add(&judging->families, key, row->id, curve->sd * curve->sd, (double)(n - 1));
    curve->family = name_of(&judging->families, judging->own[c]);
    arena_reset(judging->words);
}

/* ---- one comparison ---- */

/* How the published number enters: r runs that vary as ours (0: it is exact), and how far it may be misread. */
static void published_part(const Verdict *v, double *r, double *blur) {
    const Claim *claim = v->claim;
    const int curve = v->outside != NULL, own_margin = claim->margin > 0 || claim->kind == CLAIM_ABOVE;
    *r = *blur = 0;
    if (!curve && !claim->published) return;
    if (claim->kind != CLAIM_ONE_RUN && !own_margin) return; /* the margin is the published spread */
    const size_t n = curve ? claim->row->n : 1;
    const Verdict *points = curve ? v + 1 : v;
    double least = HUGE_VAL;
    for (size_t k = 0; k < n; k++) {
        const Published *p = points[k].claim->published;
        least = fmin(least, (double)p->n);
        if (p->n < 2 && !isnan(p->uncertainty)) *blur += p->uncertainty / (double)n;
    }
    *r = claim->kind == CLAIM_ONE_RUN ? fmax(1, least) : least;
}

static void estimate(Judging *judging, size_t i) {
    Verdict *v = &judging->all[i];
    const VariancePrior *prior = &judging->families.all[judging->own[i]].prior;
    Spread *spread = &judging->spreads[i];
    double r, blur;
    const double df = (double)(v->n - 1);
    published_part(v, &r, &blur);
    *spread = (Spread){.own = prior_variance(prior, v->sd * v->sd, df),
                       .prior_df = prior->df,
                       .members = prior->total_df / df,
                       .as_ours = r > 0 ? 1 / r : 0};
    if (!v->outside && judging->theirs[i] != NO_FAMILY) {
        const Published *p = v->claim->published;
        const VariancePrior *published = &judging->families.all[judging->theirs[i]].prior;
        const double theirs = (double)(p->n - 1);
        spread->as_ours = 0;
        spread->published = prior_variance(published, p->uncertainty * p->uncertainty, theirs) / (double)p->n;
        spread->published_df = prior_df(published, theirs);
    }
    Estimate *e = &judging->estimates[i];
    *e = (Estimate){.difference = v->difference,
                    .blur = blur,
                    .magnitude = fabs(v->b                  ? v->other.mean
                                      : v->claim->published ? v->claim->published->value
                                                            : v[1].claim->published->value)};
    spread_at(spread, (double)v->n, &e->standard_error, &e->df);
    v->prior = &judging->priors[judging->own[i]];
    v->shared_sd = sqrt(spread->own);
    v->df = e->df;
    if (!v->b && !v->outside && v->ours.n >= 2) {
        const double half =
            spread->own > 0 ? t_quantile(0.975, prior_df(prior, df)) * sqrt(spread->own / (double)v->n) : 0;
        v->ours_interval = (Interval){v->ours.mean - half, v->ours.mean + half};
    }
}

/* A point or a single claim with the margin times a factor. */
static Judgement judge_single(const Judging *judging, size_t i, double factor, double level, Decision *decision) {
    const Verdict *v = &judging->all[i];
    const ClaimKind kind = v->claim->kind;
    *decision = (Decision){NOT_DISTINGUISHABLE, NAN, NAN, {NAN, NAN}, {NAN, NAN}};
    if (kind == CLAIM_REPORT) return REPORTED;
    if (!v->a || isnan(v->difference)) return v->no_value ? NOT_MEASURED : NOT_RUN;
    if (kind == CLAIM_SAME_RUN) {
        const Estimate exact = {v->difference, 0, 1, 0, fabs(v->claim->published->value)};
        if (v->first_seed != v->claim->row->experiment->first_seed) return NOT_DISTINGUISHABLE;
        return judge(CLAIM_VALUE, &exact, factor * v->margin, level).judgement;
    }
    if (!(judging->estimates[i].df > 0)) return NOT_DISTINGUISHABLE; /* one seed */
    *decision = judge(kind, &judging->estimates[i], factor * v->margin, level);
    if (!v->claim->published) decision->p_difference = NAN;
    return decision->judgement;
}

/* What is left of a curve after its points were judged: p is that of the mean difference, or, where single points decide,
 * theirs. */
static Judgement judge_curve(const Judging *judging, size_t c, double factor, double level, Decision *decision) {
    const Verdict *curve = &judging->all[c], *points = curve + 1;
    const ClaimRow *row = curve->claim->row;
    const int by_mean = row->kind == CLAIM_VALUE || row->kind == CLAIM_ONE_RUN;
    size_t of[N_JUDGEMENTS] = {0};
    double beyond = 1, least = 1, greatest = 0;
    int outside = 0;
    *decision = (Decision){NOT_DISTINGUISHABLE, NAN, NAN, {NAN, NAN}, {NAN, NAN}};
    for (size_t k = 0; k < row->n; k++) {
        const Verdict *point = &points[k];
        Decision single;
        of[judge_single(judging, c + 1 + k, factor, level, &single)]++;
        if (single.p > greatest) greatest = single.p;
        if (!by_mean && single.p < least) least = single.p;
        if (!by_mean || !(point->p_holm <= LEVEL)) continue;
        outside = 1;
        if (fabs(point->difference) - judging->estimates[c + 1 + k].blur > factor * point->margin)
            beyond = fmin(beyond, point->p_holm);
    }
    if (of[NOT_RUN]) return NOT_RUN;
    if (of[NOT_MEASURED]) return NOT_MEASURED;
    if (of[REPORTED] == row->n) return REPORTED;
    if (!by_mean) {
        const int tested = row->kind != CLAIM_SAME_RUN;
        if (of[CONTRADICTED] && (!tested || least * (double)row->n <= level)) {
            if (tested) decision->p = fmin(1, least * (double)row->n);
            return CONTRADICTED;
        }
        if (tested && curve->n >= 2) decision->p = greatest;
        return of[REPRODUCED] == row->n ? REPRODUCED : NOT_DISTINGUISHABLE;
    }
    if (!(judging->estimates[c].df > 0)) return NOT_DISTINGUISHABLE;
    *decision = judge(row->kind, &judging->estimates[c], factor * curve->margin, level);
    if (decision->judgement == CONTRADICTED) return CONTRADICTED;
    if (beyond <= LEVEL) return decision->p = beyond, CONTRADICTED;
    return outside ? NOT_DISTINGUISHABLE : decision->judgement;
}

static Judgement judge_with(const Judging *judging, size_t i, double factor, double level, Decision *decision) {
    return (judging->all[i].outside ? judge_curve : judge_single)(judging, i, factor, level, decision);
}

static void decide(Judging *judging, size_t i) {
    Verdict *v = &judging->all[i];
    Decision decision;
    v->alone = v->judgement = judge_with(judging, i, 1, LEVEL, &decision);
    v->by_interval = decision.judgement;
    v->p = v->p_adjusted = decision.p;
    v->p_difference = decision.p_difference;
    v->interval = decision.interval;
    v->interval90 = decision.interval90;
}

/* The 95 % interval that a claim would have, which takes the published spread for its margin, were that counted too. */
static void count_published_spread(Judging *judging, size_t i) {
    Verdict *v = &judging->all[i];
    const Published *p = v->claim->published;
    const ClaimKind kind = v->claim->kind;
    if (!p || v->claim->margin > 0 || (kind != CLAIM_VALUE && kind != CLAIM_AT_LEAST && kind != CLAIM_AT_MOST)) return;
    if (p->n < 2 || !(p->uncertainty > 0) || !(judging->estimates[i].df > 0)) return;
    Spread spread = judging->spreads[i];
    Estimate both = judging->estimates[i];
    spread.published = p->uncertainty * p->uncertainty / (double)p->n;
    spread.published_df = (double)(p->n - 1);
    spread_at(&spread, (double)v->n, &both.standard_error, &both.df);
    v->with_published = judge(CLAIM_VALUE, &both, v->margin, LEVEL).interval;
}

/* ---- many at once ---- */

typedef void Adjust(size_t n, const double *p, double *adjusted);

static void adjust(Judging *judging, const size_t *which, size_t n, Adjust *how, size_t offset) {
    double *p = arena_alloc_small(judging->scratch, 2 * n + 1, sizeof *p), *adjusted = p + n;
    for (size_t k = 0; k < n; k++) p[k] = judging->all[which[k]].p_difference;
    how(n, p, adjusted);
    for (size_t k = 0; k < n; k++) *(double *)((char *)&judging->all[which[k]] + offset) = adjusted[k];
}

/* The points of a curve after Holm, then those of an experiment after Benjamini-Hochberg and Benjamini-Yekutieli. */
static void adjust_points(Judging *judging) {
    size_t *which = arena_alloc_small(judging->scratch, judging->n + 1, sizeof *which);
    for (size_t i = 0; i < judging->n; i++) {
        if (!judging->all[i].outside) continue;
        const size_t n = judging->all[i].claim->row->n;
        for (size_t k = 0; k < n; k++) which[k] = i + 1 + k;
        adjust(judging, which, n, adjust_holm, offsetof(Verdict, p_holm));
    }
    for (size_t first = 0, end; first < judging->n; first = end) {
        size_t n = 0;
        for (end = first;
             end < judging->n && judging->all[end].claim->row->experiment == judging->all[first].claim->row->experiment;
             end++)
            if (judging->all[end].level == LEVEL_POINT && !isnan(judging->all[end].p_difference)) which[n++] = end;
        adjust(judging, which, n, adjust_benjamini_hochberg, offsetof(Verdict, p_bh));
        adjust(judging, which, n, adjust_benjamini_yekutieli, offsetof(Verdict, p_by));
    }
}

static void count_outside(Verdict *curve) {
    for (size_t k = 0; k < curve->claim->row->n; k++) {
        const Verdict *point = curve + 1 + k;
        if (isnan(point->p_difference)) continue;
        curve->outside->points++;
        curve->outside->counted += point->p_difference <= LEVEL;
        curve->outside->holm += point->p_holm <= LEVEL;
        curve->outside->bh += point->p_bh <= LEVEL;
        curve->outside->by += point->p_by <= LEVEL;
    }
}

/* Headline claims are decided when they survive among all of them.  Returns the level of a p-value that this amounts to at
 * present: with R of n rejected, 5 % R / n. */
static double adjust_headlines(Judging *judging) {
    double *p = arena_alloc_small(judging->scratch, 2 * judging->n + 1, sizeof *p), *adjusted = p + judging->n;
    size_t *which = arena_alloc_small(judging->scratch, judging->n + 1, sizeof *which), n = 0, rejected = 0;
    for (size_t i = 0; i < judging->n; i++)
        if (judging->all[i].level == LEVEL_HEADLINE && !isnan(judging->all[i].p))
            p[n] = judging->all[i].p, which[n++] = i;
    adjust_benjamini_hochberg(n, p, adjusted);
    for (size_t k = 0; k < n; k++) {
        Verdict *v = &judging->all[which[k]];
        const int rests_on_p = v->claim->kind != CLAIM_ONE_RUN || v->alone == CONTRADICTED;
        v->p_adjusted = adjusted[k];
        v->together = n;
        rejected += adjusted[k] <= LEVEL;
        if (rests_on_p && (v->alone == REPRODUCED || v->alone == CONTRADICTED) && adjusted[k] > LEVEL)
            v->judgement = NOT_DISTINGUISHABLE;
    }
    return n ? LEVEL * (double)(rejected ? rejected : 1) / (double)n : LEVEL;
}

/* ---- all of it ---- */

/* Families, what they share, and the standard error of each difference. */
static void share(Judging *judging) {
    const size_t n = judging->n;
    for (size_t i = 0; i < n; i++) {
        judging->own[i] = judging->theirs[i] = NO_FAMILY;
        judging->estimates[i] = (Estimate){.df = 0};
        if (judging->all[i].outside)
            measure_curve(judging, i);
        else
            join_family(judging, i);
    }
    families_fit(&judging->families);
    judging->priors = arena_alloc_small(judging->arena, judging->families.n + 1, sizeof *judging->priors);
    for (size_t f = 0; f < judging->families.n; f++) judging->priors[f] = judging->families.all[f].prior;
    for (size_t i = 0; i < n; i++)
        if (judging->own[i] != NO_FAMILY && (judging->all[i].outside || is_compared(&judging->all[i])))
            estimate(judging, i);
}

static Judging judging_begin(Verdict *all, size_t n, Arena *arena) {
    Arena *scratch = arena_create(0);
    return (Judging){.all = all,
                     .n = n,
                     .own = arena_alloc(scratch, n, sizeof(size_t)),
                     .theirs = arena_alloc(scratch, n, sizeof(size_t)),
                     .spreads = arena_alloc(scratch, n, sizeof(Spread)),
                     .estimates = arena_alloc(scratch, n, sizeof(Estimate)),
                     .families = families_create(arena, scratch),
                     .arena = arena,
                     .scratch = scratch,
                     .words = arena_create(4096)};
}

static void judging_end(Judging *judging) {
    arena_destroy(judging->words);
    arena_destroy(judging->scratch);
}

/* The second verdicts, on fresh test signals, by themselves, each at the level of the first one. */
static void judge_fresh(const Judging *judging) {
    Verdict *all = arena_alloc(judging->scratch, judging->n, sizeof *all);
    size_t n = 0;
    for (size_t i = 0; i < judging->n; i++)
        if (judging->all[i].fresh) all[n++] = *judging->all[i].fresh;
    Judging fresh = judging_begin(all, n, judging->arena);
    share(&fresh);
    n = 0;
    for (size_t i = 0; i < judging->n; i++) {
        if (!judging->all[i].fresh) continue;
        Decision ignored;
        decide(&fresh, n);
        all[n].p_level = judging->all[i].p_level;
        all[n].judgement = judge_single(&fresh, n, 1, all[n].p_level, &ignored);
        *judging->all[i].fresh = all[n++];
    }
    judging_end(&fresh);
}

void verdicts_judge(const Verdicts *verdicts, size_t first, size_t end, Arena *arena) {
    const size_t n = end - first;
    Judging judging = judging_begin(verdicts->all + first, n, arena);
    share(&judging);
    for (size_t i = 0; i < n; i++)
        if (!judging.all[i].outside) decide(&judging, i);
    adjust_points(&judging);
    for (size_t i = 0; i < n; i++)
        if (judging.all[i].outside) decide(&judging, i), count_outside(&judging.all[i]);
    const double headline_level = adjust_headlines(&judging);
    for (size_t i = 0; i < n; i++) {
        Verdict *v = &judging.all[i];
        Decision ignored;
        v->p_level = v->level == LEVEL_HEADLINE ? headline_level : LEVEL;
        v->half = judge_with(&judging, i, 0.5, v->p_level, &ignored);
        v->twice = judge_with(&judging, i, 2, v->p_level, &ignored);
        if (judging.estimates[i].df > 0 && (v->judgement == NOT_DISTINGUISHABLE || v->level == LEVEL_HEADLINE))
            v->seeds =
                seeds_to_decide(v->claim->kind, &judging.estimates[i], &judging.spreads[i], v->margin, v->p_level);
        count_published_spread(&judging, i);
    }
    judge_fresh(&judging);
    for (size_t i = 0; i < n; i++)
        if (judging.all[i].stands_in) verdict_forget(&judging.all[i]);
    judging_end(&judging);
}
