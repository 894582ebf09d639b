#include "study/calibrate.h"

#include <math.h>
#include <string.h>

#include "base/map.h"
#include "random/random.h"

#define LEVEL 0.05

/* ---- each seed in turn plays the published run ---- */

typedef struct Member {
    const double *values;
    double margin;
} Member;

typedef struct Group {
    const Experiment *experiment;
    const char *family;
    size_t n, capacity, seeds;
    Member *members;
} Group;

static void add_member(Group *group, Member member, Arena *arena) {
    if (group->n == group->capacity) {
        Member *old = group->members;
        group->capacity = group->capacity ? 2 * group->capacity : 8;
        group->members = arena_alloc_small(arena, group->capacity, sizeof *group->members);
        if (group->n) memcpy(group->members, old, group->n * sizeof *old);
    }
    group->members[group->n++] = member;
}

/* The families of single quantities with three seeds, of each of whose cells the first one counts. */
static Group *group_families(const Verdict *verdicts, size_t count, Arena *arena, size_t *n) {
    Map *families = map_create(arena), *cells = map_create(arena);
    Group *groups = arena_alloc(arena, count, sizeof *groups);
    *n = 0;
    for (size_t i = 0; i < count; i++) {
        const Verdict *v = &verdicts[i];
        const ClaimKind kind = v->claim->kind;
        if (v->outside || !v->a || v->b || v->stands_in || v->n < 3) continue;
        if (kind != CLAIM_VALUE && kind != CLAIM_ONE_RUN) continue;
        const Experiment *experiment = v->claim->row->experiment;
        const char *key = arena_format(arena, "%s|%s", experiment->name, v->family);
        size_t g = map_put(families, key, *n);
        if (g == MAP_ABSENT) {
            g = (*n)++;
            groups[g] = (Group){.experiment = experiment, .family = v->family, .seeds = v->n};
        }
        const char *cell = arena_format(arena, "%zu|%s", g, quantity_cell(v->claim->a, arena));
        if (map_put(cells, cell, 0) == MAP_ABSENT) add_member(&groups[g], (Member){v->a, v->margin}, arena);
    }
    return groups;
}

/* One seed of a family plays the published run. */
static void play(const Group *group, size_t seed, Calibration *result, Arena *arena) {
    const size_t rest = group->seeds - 1;
    double *others = arena_alloc_small(arena, rest, sizeof *others);
    Sample *samples = arena_alloc_small(arena, group->n, sizeof *samples);
    double *s2 = arena_alloc_small(arena, 2 * group->n, sizeof *s2), *df = s2 + group->n;
    for (size_t k = 0; k < group->n; k++) {
        const double *values = group->members[k].values;
        for (size_t s = 0; s < rest; s++) others[s] = values[s + (s >= seed)];
        samples[k] = sample_of(rest, others);
        s2[k] = samples[k].sd * samples[k].sd;
        df[k] = (double)(rest - 1);
    }
    const VariancePrior prior = prior_fit(group->n, s2, df);
    for (size_t k = 0; k < group->n; k++) {
        const double published = group->members[k].values[seed];
        const Estimate e = {.difference = samples[k].mean - published,
                            .standard_error = sqrt(prior_variance(&prior, s2[k], df[k]) * (1 + 1 / (double)rest)),
                            .df = prior_df(&prior, df[k]),
                            .magnitude = fabs(published)};
        const Judgement judgement = judge(CLAIM_ONE_RUN, &e, group->members[k].margin, LEVEL).judgement;
        result->contradicted += judgement == CONTRADICTED;
        result->reproduced += judgement == REPRODUCED;
        result->of_seed[seed] += judgement == REPRODUCED;
    }
}

/* Is any seed reproduced more or less often than the others? */
static double test_seeds(const Calibration *c, Arena *arena) {
    const double rate = (double)c->reproduced / (double)(c->cells * c->seeds);
    double *p = arena_alloc_small(arena, c->seeds, sizeof *p), least = 1;
    if (c->reproduced == 0 || rate == 1) return 1;
    for (size_t s = 0; s < c->seeds; s++) p[s] = binomial_two_sided(c->of_seed[s], c->cells, rate);
    adjust_holm(c->seeds, p, p);
    for (size_t s = 0; s < c->seeds; s++) least = fmin(least, p[s]);
    return least;
}

const Calibration *calibrate_families(const Verdicts *verdicts, size_t first, size_t end, Arena *arena, size_t *n) {
    Arena *scratch = arena_create(0);
    size_t n_groups;
    const Group *groups = group_families(verdicts->all + first, end - first, scratch, &n_groups);
    Calibration *results = arena_alloc(arena, n_groups, sizeof *results);
    *n = 0;
    for (size_t g = 0; g < n_groups; g++) {
        const Group *group = &groups[g];
        if (group->n < 2) continue; /* nothing is shared, and there is little to count */
        Calibration *result = &results[(*n)++];
        *result = (Calibration){.experiment = group->experiment,
                                .family = group->family,
                                .cells = group->n,
                                .seeds = group->seeds,
                                .of_seed = arena_alloc_zero(arena, group->seeds, sizeof(size_t))};
        for (size_t s = 0; s < group->seeds; s++) play(group, s, result, scratch);
        result->p = binomial_two_sided(result->contradicted, result->cells * result->seeds, LEVEL);
        result->p_seed = test_seeds(result, scratch);
    }
    arena_destroy(scratch);
    return results;
}

/* ---- differences of known size ---- */

static const Simulation designs[] = {
    /* kind, family, seeds, runs, difference, margin */
    {CLAIM_VALUE, 1, 3, 0, 0, 3, 0, 0, 0, 0},    {CLAIM_VALUE, 1, 5, 0, 0, 2, 0, 0, 0, 0},
    {CLAIM_VALUE, 1, 5, 0, 0.5, 2, 0, 0, 0, 0},  {CLAIM_VALUE, 1, 5, 0, 2, 2, 0, 0, 0, 0}, /* at the edge */
    {CLAIM_VALUE, 1, 5, 0, 4, 2, 0, 0, 0, 0},    {CLAIM_VALUE, 1, 10, 3, 0, 1.5, 0, 0, 0, 0},
    {CLAIM_VALUE, 20, 2, 0, 0.5, 2, 0, 0, 0, 0}, {CLAIM_VALUE, 20, 5, 0, 2.8, 2, 0, 0, 0, 0},
    {CLAIM_VALUE, 20, 2, 0, 2, 2, 0, 0, 0, 0}, /* at the edge */
    {CLAIM_ABOVE, 1, 2, 0, 8, 0, 0, 0, 0, 0},    {CLAIM_ABOVE, 1, 5, 0, 1.5, 0, 0, 0, 0, 0},
    {CLAIM_ABOVE, 20, 2, 0, 2, 0, 0, 0, 0, 0},   {CLAIM_ABOVE, 20, 3, 0, 1, 0, 0, 0, 0, 0},
    {CLAIM_ABOVE, 20, 2, 0, 0, 0, 0, 0, 0, 0}, /* nothing there */
    {CLAIM_ONE_RUN, 1, 5, 1, 0, 0, 0, 0, 0, 0},  {CLAIM_ONE_RUN, 1, 5, 1, 4, 0, 0, 0, 0, 0},
    {CLAIM_ONE_RUN, 20, 3, 1, 0, 0, 0, 0, 0, 0}, {CLAIM_ONE_RUN, 20, 3, 1, 3, 0, 0, 0, 0, 0}};

enum { CLAIMS_OF_A_DESIGN = 8000 };

/* The claims of one family, once: seeds and published runs are drawn, and the rule is applied.  Counts those decided on the
 * side where the difference lies. */
static size_t simulate(const Simulation *design, const Philox *philox, uint64_t first, Arena *arena) {
    const size_t n = design->seeds, k = design->family, runs = (size_t)design->runs;
    double *values = arena_alloc_small(arena, n, sizeof *values);
    double *s2 = arena_alloc_small(arena, 3 * k, sizeof *s2), *df = s2 + k, *difference = df + k;
    for (size_t i = 0; i < k; i++) {
        const uint64_t at = first + i * (n + runs);
        double published = 0;
        for (size_t s = 0; s < n; s++) values[s] = design->difference + philox_normal(philox, at + s);
        for (size_t r = 0; r < runs; r++) published += philox_normal(philox, at + n + r) / (double)runs;
        const Sample sample = sample_of(n, values);
        s2[i] = sample.sd * sample.sd;
        df[i] = (double)(n - 1);
        difference[i] = sample.mean - published;
    }
    const VariancePrior prior = prior_fit(k, s2, df);
    size_t decided = 0;
    for (size_t i = 0; i < k; i++) {
        const Spread spread = {.own = prior_variance(&prior, s2[i], df[i]),
                               .prior_df = prior.df,
                               .members = (double)k,
                               .as_ours = runs ? 1 / (double)runs : 0};
        Estimate e = {.difference = difference[i], .magnitude = 1};
        spread_at(&spread, (double)n, &e.standard_error, &e.df);
        const Judgement judgement = judge(design->kind, &e, design->margin, LEVEL).judgement;
        const int inside = design->kind == CLAIM_VALUE && fabs(design->difference) <= design->margin;
        decided += design->kind == CLAIM_ABOVE
                       ? judgement == REPRODUCED || (design->difference <= design->margin && judgement == CONTRADICTED)
                       : judgement == (inside ? REPRODUCED : CONTRADICTED);
    }
    return decided;
}

const Simulation *calibrate_power(Arena *arena, size_t *n) {
    *n = sizeof designs / sizeof *designs;
    Simulation *results = arena_alloc(arena, *n, sizeof *results);
    Arena *scratch = arena_create(0);
    for (size_t d = 0; d < *n; d++) {
        Simulation *design = &results[d];
        *design = designs[d];
        Philox philox;
        philox_seed(&philox, 20240611, d);
        const size_t draws = design->family * (design->seeds + (size_t)design->runs);
        for (uint64_t i = 0; design->trials < CLAIMS_OF_A_DESIGN; i++, arena_reset(scratch)) {
            design->decided += simulate(design, &philox, i * draws, scratch);
            design->trials += design->family;
        }
        /* the family's spread is the same throughout: all is shared */
        const Spread spread = {.own = 1,
                               .prior_df = design->family > 1 ? HUGE_VAL : 0,
                               .members = (double)design->family,
                               .as_ours = design->runs > 0 ? 1 / design->runs : 0};
        Estimate e = {.difference = design->difference, .magnitude = 1};
        spread_at(&spread, (double)design->seeds, &e.standard_error, &e.df);
        design->formula = judge_power(design->kind, &e, design->margin, LEVEL);
        if (design->difference == 0 && design->kind != CLAIM_VALUE) design->formula = LEVEL; /* on either side */
        /* claims of a family are decided by one prior, so not independently */
        design->p = design->family > 1 ? NAN : binomial_two_sided(design->decided, design->trials, design->formula);
    }
    arena_destroy(scratch);
    return results;
}

int calibrate_holds(const Simulation *simulations, size_t n) {
    int holds = 1;
    Arena *arena = arena_create(4096);
    double *p = arena_alloc_small(arena, n + 1, sizeof *p);
    for (size_t i = 0; i < n; i++) {
        const Simulation *s = &simulations[i];
        p[i] = s->p;
        holds &= fabs((double)s->decided / (double)s->trials - s->formula) < 0.06;
    }
    adjust_holm(n, p, p);
    for (size_t i = 0; i < n; i++) holds &= isnan(p[i]) || p[i] >= 0.001;
    arena_destroy(arena);
    return holds;
}
