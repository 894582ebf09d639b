/* Verdicts: families, curves, headline claims, and that no fault in a claim or a result becomes a verdict. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "base/file.h"
#include "base/map.h"
#include "base/sha256.h"
#include "fake_results.h"
#include "files.h"
#include "registry.h"
#include "suite.h"

static FakeResults fake;

#define CLAIMS "id,item,kind,a,b,published,margin,why,text,note\n"
#define LEVELS "id,item,kind,a,b,published,margin,why,text,note,level,family\n"
#define PUBLISHED "id,series,metric,x,value,uncertainty,unit,n,kind,source\n"
#define P1 "[model=plain width=1]"
#define P2 "[model=plain width=2]"

static size_t unrecorded; /* of the last comparison */

static void setup(void) {
    fake_results_begin(&fake);
}
static void teardown(void) {
    fake_results_end(&fake);
}

/* ---- statistics ---- */

START_TEST(quantiles_of_t) {
    ck_assert_double_eq_tol(student_t_975(1), 12.706204736, 1e-8);
    ck_assert_double_eq_tol(student_t_975(4.99), 2.776445105, 1e-8);
    ck_assert_double_eq_tol(student_t_975(30), 2.042272456, 1e-8);
    ck_assert_double_eq_tol(student_t_975(31), 2.039513446, 2e-6);
    ck_assert_double_eq_tol(student_t_975(120), 1.979930405, 1e-8);
    ck_assert_double_eq_tol(student_t_975(1e9), 1.959963985, 1e-8);
    ck_assert_double_eq(student_t_975(0.2), student_t_975(1));
}
END_TEST

START_TEST(samples_and_intervals) {
    const double values[] = {1, 2, 3, 4}, equal[] = {31.6, 31.6, 31.6};
    Sample sample = sample_of(4, values), constant = sample_of(3, equal);
    ck_assert_double_eq(sample.mean, 2.5);
    ck_assert_double_eq_tol(sample.sd, 1.2909944487358056, 1e-15);
    ck_assert_double_eq_tol(interval_of(&sample).high, 2.5 + 3.182446305 * 1.2909944487358056 / 2, 1e-8);
    ck_assert_double_eq(constant.mean, 31.6);
    ck_assert_double_eq(constant.sd, 0);
    ck_assert_double_eq(interval_of(&constant).low, 31.6);
    ck_assert_double_eq(sample_of(1, values).sd, 0);
}
END_TEST

/* ---- one verdict through files ---- */

/* The verdicts on the fakes, judged as one paper, with these rows of here/fake and published numbers; NULL where one
 * fails. */
static Verdict *verdicts_of(const char *claims, const char *published, size_t *n, Error *error) {
    ClaimList *list = arena_alloc(fake.arena, 1, sizeof *list);
    fake_file(&fake, "here/claims/fake.csv", claims);
    fake_file(&fake, "here/published/fake.csv", arena_format(fake.arena, "%s%s", PUBLISHED, published));
    if (fake_claims(&fake, list, error)) return NULL;
    const Verdicts verdicts = verdicts_create(list, fake.arena);
    *n = verdicts.n;
    for (size_t i = 0; i < *n; i++)
        if (!verdicts.all[i].outside && verdict_measure(&verdicts.all[i], &fake.source, fake.arena, error)) return NULL;
    verdicts_judge(&verdicts, 0, *n, fake.arena);
    return verdicts.all;
}

static Verdict *judged_table(const char *header, const char *claims, const char *published, size_t *n) {
    Error error = {""};
    Verdict *verdicts = verdicts_of(arena_format(fake.arena, "%s%s", header, claims), published, n, &error);
    ck_assert_msg(verdicts != NULL, "%s", error.text);
    return verdicts;
}

static Verdict verdict_of(const char *claim, const char *published) {
    size_t n;
    const Verdict *verdicts = judged_table(CLAIMS, arena_format(fake.arena, "%s\n", claim), published, &n);
    ck_assert_uint_eq(n, 1);
    return verdicts[0];
}

static const struct {
    const char *claim, *published;
    Judgement judgement;
    double difference, half; /* of the interval; NAN: none */
} judged[] = {
    /* constant over seeds: 1.0 in 1.1 +- 0.2, +- 0.05, and at the edge */
    {"x,T,value,level" P1 ",,p,,,Text.,", "p,,,,1.1,0.2,,3,table,T\n", REPRODUCED, -0.1, 0},
    {"x,T,value,level" P1 ",,p,,,Text.,", "p,,,,1.1,0.05,,3,table,T\n", CONTRADICTED, -0.1, 0},
    {"x,T,value,level" P1 ",,p,,,Text.,", "p,,,,1.1,0.1,,3,table,T\n", REPRODUCED, -0.1, 0},
    /* noisy: 2 and a standard deviation of 0.1291; 95 %: t(3) = 3.18245, 0.20543; 90 %: t(3) = 2.35336, 0.15191 */
    {"x,T,value,noisy" P2 ",,p,,,Text.,", "p,,,,2.0,0.16,,3,table,T\n", REPRODUCED, 0, 0.2054260},
    {"x,T,value,noisy" P2 ",,p,,,Text.,", "p,,,,2.0,0.15,,3,table,T\n", NOT_DISTINGUISHABLE, 0, 0.2054260},
    {"x,T,value,noisy" P2 ",,p,,,Text.,", "p,,,,3.0,0.2,,3,table,T\n", CONTRADICTED, -1, 0.2054260},
    {"x,T,at-least,level" P1 ",,p,,,Text.,", "p,,,,1.2,0.25,,,text,T\n", REPRODUCED, -0.2, 0},
    {"x,T,at-least,level" P1 ",,p,,,Text.,", "p,,,,1.5,0.25,,,text,T\n", CONTRADICTED, -0.5, 0},
    {"x,T,at-most,level" P1 ",,p,,,Text.,", "p,,,,0.8,0.25,,,text,T\n", REPRODUCED, 0.2, 0},
    {"x,T,at-most,level" P1 ",,p,,,Text.,", "p,,,,0.5,0.25,,,text,T\n", CONTRADICTED, 0.5, 0},
    {"x,T,above,level" P1 ",,p,,,Text.,", "p,,,,0.9,0.05,,,text,T\n", REPRODUCED, 0.1, 0.05}, /* as read */
    {"x,T,above,level" P1 ",,p,,,Text.,", "p,,,,0.9,0.15,,,text,T\n", NOT_DISTINGUISHABLE, 0.1, 0.15},
    {"x,T,above,level" P1 ",,p,0.1,,Text.,", "p,,,,0.9,,,,text,T\n", NOT_DISTINGUISHABLE, 0.1, 0},
    /* pairs: the seeds' own noise cancels */
    {"x,T,above,noisy[model=fancy width=1],noisy" P1 ",,,,Text.,", "", REPRODUCED, 10, 0},
    {"x,T,above,noisy[model=fancy width=1],noisy" P1 ",,10.5,,Text.,", "", CONTRADICTED, 10, 0},
    {"x,T,equal,noisy" P2 ",noisy" P1 ",,1.5,,Text.,", "", REPRODUCED, 1, 0},
    {"x,T,equal,noisy" P2 ",noisy" P1 ",,0.5,,Text.,", "", CONTRADICTED, 1, 0},
    /* one more run: sd sqrt(1 + 1/4) 3.18245 = 0.459347 */
    {"x,T,one-run,noisy" P2 ",,p,0.5,,Text.,", "p,,,,2.0,,,1,printed,T\n", REPRODUCED, 0, 0.4593466},
    {"x,T,one-run,noisy" P2 ",,p,0.4,,Text.,", "p,,,,2.0,,,1,printed,T\n", NOT_DISTINGUISHABLE, 0, 0.4593466},
    {"x,T,one-run,noisy" P2 ",,p,9,,Text.,", "p,,,,2.5,,,1,printed,T\n", CONTRADICTED, -0.5, 0.4593466},
    /* the first seed: 1.85 */
    {"x,T,same-run,noisy" P2 ",,p,,,Text.,", "p,,,,1.9,0.05,,,printed,T\n", REPRODUCED, -0.05, NAN},
    {"x,T,same-run,noisy" P2 ",,p,,,Text.,", "p,,,,1.9,0.04,,,printed,T\n", CONTRADICTED, -0.05, NAN},
    {"x,T,same-run,noisy" P2 ",,p,0.1,,Text.,", "p,,,,1.9,0.04,,,printed,T\n", REPRODUCED, -0.05, NAN},
    {"x,T,report,,,p,,,Text.,", "p,,,,1.9,0.04,,,printed,T\n", REPORTED, NAN, NAN},
    /* reductions are judged like metrics */
    {"x,T,value,argmax(bump" P2 "@*),,p,0.5,,Text.,", "p,,,,4.0,,,,text,T\n", REPRODUCED, 0, 0},
    {"x,T,above,mean(noisy[model=fancy width=*]) - 10,mean(noisy[model=plain width=*]),,,,Text.,", "",
     NOT_DISTINGUISHABLE, 0, 0},
};

START_TEST(claims_are_judged) {
    const Verdict verdict = verdict_of(judged[_i].claim, judged[_i].published);
    const double half = (verdict.interval.high - verdict.interval.low) / 2;
    ck_assert_msg(verdict.judgement == judged[_i].judgement, "%s: %s", judged[_i].claim,
                  explanation_text(&verdict, fake.arena));
    ck_assert_msg(fabs(verdict.difference - judged[_i].difference) < 1e-9 || isnan(judged[_i].difference), "%s: %g",
                  judged[_i].claim, verdict.difference);
    ck_assert_msg(isnan(judged[_i].half) ? isnan(half) : fabs(half - judged[_i].half) < 1e-6, "%s: half width %.7f",
                  judged[_i].claim, half);
    ck_assert_uint_eq(verdict.n, verdict.judgement == REPORTED ? 0 : 4);
    ck_assert_uint_eq(verdict.first_seed, 42);
    ck_assert(explanation_text(&verdict, fake.arena)[0] && !strchr(explanation_text(&verdict, fake.arena), '\n'));
}
END_TEST

START_TEST(own_margin_brings_in_the_published_spread) {
    const double v = 0.05 / 3 / 4, theirs = 0.09 / 9, t3 = t_quantile(0.975, 3); /* of noisy: squares sum to 0.05 */
    static const char claim[] = "x,T,value,noisy" P2 ",,p,1,,Text.,";
    const double welch = (v + theirs) * (v + theirs) / (v * v / 3 + theirs * theirs / 8);
    Verdict verdict = verdict_of(claim, "p,,,,2.5,0.3,,9,plot,F\n");
    ck_assert_double_eq_tol(verdict.df, welch, 1e-9);
    ck_assert_double_eq_tol(verdict.interval.high - verdict.difference, t_quantile(0.975, welch) * sqrt(v + theirs),
                            1e-12);
    verdict = verdict_of(claim, "p,,,,2.5,,,1,plot,F\n");
    ck_assert_double_eq_tol(verdict.interval.high - verdict.difference, t3 * sqrt(v + 4 * v), 1e-12);
    verdict = verdict_of(claim, "p,,,,2.5,,,2,plot,F\n");
    ck_assert_double_eq_tol(verdict.interval.high - verdict.difference, t3 * sqrt(v + 2 * v), 1e-12);
    verdict = verdict_of(claim, "p,,,,2.5,0.3,,1,plot,F\n");
    ck_assert_double_eq_tol(verdict.interval.high - verdict.difference, t3 * sqrt(v + 4 * v) + 0.3, 1e-12);
    verdict = verdict_of(claim, "p,,,,2.5,0.3,,,plot,F\n");
    ck_assert_double_eq_tol(verdict.interval.high - verdict.difference, t3 * sqrt(v) + 0.3, 1e-12);
    verdict = verdict_of("x,T,value,noisy" P2 ",,p,,,Text.,", "p,,,,2.5,0.3,,9,plot,F\n"); /* told, not counted */
    ck_assert_double_eq_tol(verdict.interval.high - verdict.difference, t3 * sqrt(v), 1e-12);
    ck_assert_ptr_nonnull(
        strstr(explanation_text(&verdict, fake.arena), "were the published spread over 9 runs counted too"));
}
END_TEST

/* ---- families ---- */

#define FAMILY                                                                                                         \
    "one,T,value,noisy" P1 ",,p,0.2,,Text.,,,%s\n"                                                                     \
    "again,T,value,noisy" P1 ",,p,0.1,,Text.,,,%s\n"                                                                   \
    "wide,T,value,3 * noisy" P2 ",,p,0.2,,Text.,,,%s\n"                                                                \
    "still,T,value,level" P2 ",,p,0.2,,Text.,,,%s\n"
#define P "p,,,,1.0,,,,table,T\n"

/* Variances of 1/60, 9/60 and 0 on 3 degrees of freedom; that of two claims about the same quantity counts once. */
START_TEST(a_family_shares_its_variances) {
    size_t n;
    const double s2[] = {0.05 / 3, 0.45 / 3, 0}, df[] = {3, 3, 3};
    const VariancePrior prior = prior_fit(3, s2, df);
    const Verdict *v = judged_table(LEVELS, arena_format(fake.arena, FAMILY, "f", "f", "f", "f"), P, &n);
    ck_assert(prior.df > 0 && !isinf(prior.df));
    for (size_t i = 0; i < n; i++) {
        const double own = s2[i < 2 ? 0 : i - 1];
        ck_assert_str_eq(v[i].family, "f");
        ck_assert_uint_eq(v[i].prior->n, 3);
        ck_assert_uint_eq(v[i].prior->n_zero, 1);
        ck_assert_double_eq_tol(v[i].prior->df, prior.df, 1e-9 * prior.df);
        ck_assert_double_eq_tol(v[i].shared_sd, sqrt(prior_variance(&prior, own, 3)), 1e-12);
        ck_assert_double_eq_tol(v[i].df, prior_df(&prior, 3), 1e-9);
        ck_assert_double_eq_tol(v[i].interval.high - v[i].difference,
                                t_quantile(0.975, prior_df(&prior, 3)) * sqrt(prior_variance(&prior, own, 3) / 4),
                                1e-9);
    }
    /* by themselves: those about one metric */
    v = judged_table(LEVELS, arena_format(fake.arena, FAMILY, "", "", "", ""), P, &n);
    static const char *const names[] = {"noisy", "noisy", "3 * noisy", "level"};
    for (size_t i = 0; i < n; i++) ck_assert_str_eq(v[i].family, names[i]);
    for (size_t i = 0; i < n; i++) ck_assert_double_eq(v[i].df, 3);
    ck_assert_double_eq(v[3].shared_sd, 0);
}
END_TEST

START_TEST(paired_claims_are_families_of_differences) {
    size_t n;
    const Verdict *v = judged_table(CLAIMS,
                                    "one,T,above,2 * noisy" P2 ",noisy" P1 ",,,,Text.,\n"
                                    "two,T,above,noisy[model=fancy width=1],noisy" P1 ",,,,Text.,\n"
                                    "three,T,equal,level" P2 ",noisy" P1 ",,1,,Text.,\n",
                                    "", &n);
    ck_assert_str_eq(v[0].family, "differences of noisy");
    ck_assert_str_eq(v[1].family, "differences of noisy");
    ck_assert_str_eq(v[2].family, "differences of level, noisy");
    ck_assert_uint_eq(v[0].prior->n, 2);
    ck_assert_uint_eq(v[2].prior->n, 1);
    ck_assert_double_eq_tol(v[0].sd, 0.1290994, 1e-6);
    ck_assert_double_eq(v[1].sd, 0);
}
END_TEST

/* Spreads that are printed are shared among the published numbers of the family. */
START_TEST(published_spreads_are_shared_too) {
    size_t n;
    const double u2[] = {0.04, 0.09}, df[] = {1, 1}, own[] = {0.05 / 3, 0.05 / 3}, own_df[] = {3, 3};
    const VariancePrior theirs = prior_fit(2, u2, df), ours = prior_fit(2, own, own_df);
    const Verdict *v = judged_table(CLAIMS,
                                    "one,T,value,noisy" P1 ",,p,1,,Text.,\n"
                                    "two,T,value,noisy" P2 ",,q,1,,Text.,\n",
                                    "p,,,,1.0,0.2,,2,table,T\nq,,,,2.0,0.3,,2,table,T\n", &n);
    for (size_t i = 0; i < n; i++) {
        const double a = prior_variance(&ours, own[i], 3) / 4, b = prior_variance(&theirs, u2[i], 1) / 2;
        const double welch = (a + b) * (a + b) / (a * a / prior_df(&ours, 3) + b * b / prior_df(&theirs, 1));
        ck_assert_double_eq_tol(v[i].df, welch, 1e-9);
        ck_assert_double_eq_tol(v[i].interval.high - v[i].difference, t_quantile(0.975, welch) * sqrt(a + b), 1e-9);
    }
}
END_TEST

/* ---- headline claims ---- */

#define ORDER(id, quantity, level) id ",T,above," quantity ",level" P1 ",,,,Text.,," level "," id "\n"

/* Claims of one paper are decided together: a p-value of 0.04 stands alone, and not among nine that say nothing. */
START_TEST(headline_claims_are_judged_together) {
    size_t n;
    Text text = text_create(fake.arena);
    /* mean 0.2 with standard error 0.0645 on 3 degrees of freedom: p = 0.0534; 0.23: 0.0376 */
    text_add(&text, ORDER("near", "noisy" P1 " + 0.23", "headline"));
    const Verdict *v = judged_table(LEVELS, text.data, "", &n);
    ck_assert_int_eq(v[0].judgement, REPRODUCED);
    ck_assert_double_eq(v[0].p_adjusted, v[0].p);
    ck_assert_double_eq_tol(v[0].p, t_two_sided(0.23 / sqrt(0.05 / 12), 3), 1e-9);
    for (int i = 0; i < 9; i++)
        text_format(&text, "none-%d,T,above,noisy" P1 " + 0.00%d,level" P1 ",,,,Text.,,%s,none-%d\n", i, i,
                    i % 2 ? "headline" : "", i);
    v = judged_table(LEVELS, text.data, "", &n);
    ck_assert_uint_eq(n, 10);
    ck_assert_int_eq(v[0].judgement, NOT_DISTINGUISHABLE); /* of five headline claims; single numbers do not count */
    ck_assert_int_eq(v[0].alone, REPRODUCED);
    ck_assert_double_eq_tol(v[0].p_adjusted, fmin(1, 5 * v[0].p), 1e-12);
    ck_assert_ptr_nonnull(
        strstr(explanation_text(&v[0], fake.arena), "after Benjamini-Hochberg over 5 headline claims"));
    ck_assert_ptr_nonnull(strstr(explanation_text(&v[0], fake.arena), "alone it would be reproduced"));
    ck_assert_double_eq(v[1].p_adjusted, v[1].p);
}
END_TEST

/* ---- a second verdict, on fresh test signals ---- */

static const struct {
    const char *claim;
    Judgement judgement, fresh; /* N_JUDGEMENTS: none */
    double difference;          /* of the second */
} second[] = {
    {"x,T,above,score" P2 ",score" P1 ",,,,Text.,", REPRODUCED, CONTRADICTED, -1},
    {"x,T,equal,score" P2 ",score" P1 ",,1.5,,Text.,", REPRODUCED, REPRODUCED, -1},
    {"x,T,above,score" P1 " - train_score" P2 ",score" P2 " - train_score" P1 ",,,,Text.,", CONTRADICTED,
     NOT_DISTINGUISHABLE, 0},
    {"x,T,above,path" P1 "@3,path" P1 "@1,,,,Text.,", REPRODUCED, CONTRADICTED, -2},
    {"x,T,above,max(path" P1 "@3..3),score" P1 ",,,,Text.,", REPRODUCED, CONTRADICTED, -6},
    {"x,T,above,max(score[model=plain width=*]),score" P2 ",,,,Text.,", REPRODUCED, REPRODUCED, 1},
    {"x,T,above,fine" P2 ",score" P1 ",,,,Text.,", REPRODUCED, NOT_MEASURED, NAN},
    /* no metric of the test set, or one that has no twin, or has none in that cell or at that x */
    {"x,T,above,train_score" P2 ",train_score" P1 ",,,,Text.,", REPRODUCED, N_JUDGEMENTS, 0},
    {"x,T,above,score" P2 ",noisy" P1 ",,,,Text.,", REPRODUCED, N_JUDGEMENTS, 0},
    {"x,T,above,part" P2 ",part" P1 ",,,,Text.,", REPRODUCED, N_JUDGEMENTS, 0},
    {"x,T,above,mean(part[model=plain width=1..2]),part" P1 ",,,,Text.,", REPRODUCED, N_JUDGEMENTS, 0},
    {"x,T,above,path" P1 "@2,path" P1 "@1,,,,Text.,", REPRODUCED, N_JUDGEMENTS, 0},
    {"x,T,above,max(path" P1 "@*),path" P1 "@1,,,,Text.,", REPRODUCED, N_JUDGEMENTS, 0},
    {"x,T,above,fresh_score" P1 ",fresh_score" P2 ",,,,Text.,", REPRODUCED, N_JUDGEMENTS, 0}, /* is one already */
    /* published numbers are of the published test set */
    {"x,T,above,score" P2 ",,p,,,Text.,", REPRODUCED, N_JUDGEMENTS, 0},
    {"x,T,value,score" P2 ",,p,9,,Text.,", REPRODUCED, N_JUDGEMENTS, 0},
};

START_TEST(comparisons_are_judged_on_fresh_signals_too) {
    const Verdict v = verdict_of(second[_i].claim, "p,,,,1.0,,,,table,T\n");
    size_t differ;
    ck_assert_msg(v.judgement == second[_i].judgement, "%s: %s", second[_i].claim, judgement_names[v.judgement]);
    if (second[_i].fresh == N_JUDGEMENTS) {
        ck_assert_ptr_null(v.fresh);
        ck_assert_uint_eq(verdicts_fresh(&v, 1, &differ), 0);
        return;
    }
    ck_assert_ptr_nonnull(v.fresh);
    ck_assert_msg(v.fresh->judgement == second[_i].fresh, "%s: %s", second[_i].claim,
                  explanation_text(v.fresh, fake.arena));
    ck_assert(isnan(second[_i].difference) ? isnan(v.fresh->difference)
                                           : fabs(v.fresh->difference - second[_i].difference) < 1e-9);
    ck_assert_uint_eq(verdicts_fresh(&v, 1, &differ), 1);
    ck_assert_uint_eq(differ, v.judgement != v.fresh->judgement);
    ck_assert_ptr_null(v.fresh->fresh);
}
END_TEST

/* The second verdict is decided at the level of the first, and the headline claims are those of the published test set. */
START_TEST(second_verdicts_count_among_no_headline_claims) {
    size_t n;
    Text text = text_create(fake.arena);
    text_add(&text, "near,T,above,score" P2 " + 0.23,train_score" P2 ",,,,Text.,,headline,near\n");
    for (int i = 0; i < 4; i++)
        text_format(&text, "none-%d,T,above,noisy" P1 " + 0.00%d,level" P1 ",,,,Text.,,headline,none-%d\n", i, i, i);
    const Verdict *v = judged_table(LEVELS, text.data, "", &n);
    ck_assert_uint_eq(n, 5);
    ck_assert_uint_eq(v[0].together, 5);
    ck_assert_double_eq_tol(v[0].p_adjusted, fmin(1, 5 * v[0].p), 1e-12);
    ck_assert_int_eq(v[0].judgement, NOT_DISTINGUISHABLE);
    ck_assert_double_eq(v[0].p_level, 0.05 / 5);
    const Verdict *fresh = v[0].fresh; /* the same numbers */
    ck_assert_double_eq_tol(fresh->p, v[0].p, 1e-9);
    ck_assert_double_eq(fresh->p_adjusted, fresh->p);
    ck_assert_int_eq(fresh->judgement, NOT_DISTINGUISHABLE);
    ck_assert_int_eq(fresh->alone, REPRODUCED);
    ck_assert_ptr_nonnull(
        strstr(explanation_text(fresh, fake.arena), "above the level of 0.01 (at 0.05 it would be reproduced)"));
    ck_assert_uint_eq(fresh->prior->n, 1); /* a family of its own */
}
END_TEST

START_TEST(second_verdicts_are_written_and_recorded) {
    size_t n;
    Error error = {""};
    CsvTable table;
    const Verdict *v = judged_table(CLAIMS,
                                    "turned,T,above,path" P1 "@3,path" P1 "@1,,,,Text.,\n"
                                    "plain,T,above,noisy" P2 ",noisy" P1 ",,,,Text.,\n",
                                    "", &n);
    Text text = text_create(fake.arena);
    verdicts_csv_header(&text);
    verdicts_csv(v, n, &text);
    ck_assert_int_eq(csv_parse("claims.csv", text.data, text.size, fake.arena, &table, &error), 0);
    static const char *const expected[][2] = {{"fresh_verdict", "contradicted"},
                                              {"fresh_ours", "-3.0"},
                                              {"fresh_against", "-1.0"},
                                              {"fresh_difference", "-2.0"},
                                              {"fresh_difference_low", "-2.0"},
                                              {"fresh_difference_high", "-2.0"},
                                              {"fresh_difference_text", "-2.0000 [-2.0000, -2.0000]"},
                                              {"fresh_p", "0.0"}};
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        size_t c = 0;
        while (c + 1 < table.columns && strcmp(table.names[c], expected[i][0]) != 0) c++;
        ck_assert_msg(strcmp(csv_text(&table, 0, c), expected[i][1]) == 0, "%s: %s", expected[i][0],
                      csv_text(&table, 0, c));
        ck_assert_str_eq(csv_text(&table, 1, c), "");
    }
    const char *path = path_join(fake.arena, fake.references, "here/verdicts.csv");
    ck_assert_int_eq(verdicts_record(fake.references, v, n, &error), 0);
    char *recorded = slurp(path);
    ck_assert_str_eq(recorded, "id,verdict,fresh\nturned,reproduced,contradicted\nplain,reproduced,\n");
    free(recorded);
    ck_assert_int_eq(verdicts_compare(fake.references, v, n, 1, &unrecorded, &error), 0);
    ck_assert_int_eq(edit_file(path, "plain,reproduced,", "plain,reproduced,reproduced"), 1);
    ck_assert_int_eq(verdicts_compare(fake.references, v, n, 1, &unrecorded, &error), -1);
    ck_assert_ptr_nonnull(strstr(error.text, "plain: on fresh test signals recorded as reproduced, now not judged"));
    ck_assert_int_eq(edit_file(path, "turned,reproduced,contradicted", "turned,reproduced,reproduced"), 1);
    ck_assert_int_eq(verdicts_compare(fake.references, v, n, 1, &unrecorded, &error), -1);
    ck_assert_ptr_nonnull(strstr(error.text, "turned: on fresh test signals recorded as reproduced, now contradicted"));
    ck_assert_int_eq(edit_file(path, "turned,reproduced,reproduced", "turned,reproduced,nonsense"), 1);
    ck_assert_int_eq(verdicts_compare(fake.references, v, n, 1, &unrecorded, &error), -1);
    ck_assert_ptr_nonnull(strstr(error.text, "claim turned has the unknown verdict \"nonsense\""));
    spill(path, "id,verdict\nturned,reproduced\nplain,reproduced\n"); /* recorded before there were any */
    ck_assert_int_eq(verdicts_compare(fake.references, v, n, 1, &unrecorded, &error), 0);
}
END_TEST

/* ---- curves ---- */

#define CURVE(kind, margin) "c,T," kind ",noisy[model=plain width={x}],,p-*," margin ",,At {x}.,\n"

static const struct {
    const char *claims, *published;
    Judgement judgement;
    double difference;
    size_t counted, holm;
} curves[] = {
    /* noisy is 1, 2, 3 with a standard error of 0.0645; each seed is off by the same everywhere */
    {CURVE("value", "0.5"), "p-1,,,,1.0,,,,t,T\np-2,,,,2.0,,,,t,T\np-3,,,,3.0,,,,t,T\n", REPRODUCED, 0, 0, 0},
    {CURVE("value", "0.5"), "p-1,,,,1.7,,,,t,T\np-2,,,,2.7,,,,t,T\np-3,,,,3.7,,,,t,T\n", CONTRADICTED, -0.7, 3, 3},
    {CURVE("value", "0.1"), "p-1,,,,1.0,,,,t,T\np-2,,,,2.0,,,,t,T\np-3,,,,3.0,,,,t,T\n", NOT_DISTINGUISHABLE, 0, 0, 0},
    /* right on average, and of another shape: two points off by more than the margin, or by less */
    {CURVE("value", "0.5"), "p-1,,,,1.6,,,,t,T\np-2,,,,2.0,,,,t,T\np-3,,,,2.4,,,,t,T\n", CONTRADICTED, 0, 2, 2},
    {CURVE("value", "0.5"), "p-1,,,,1.4,,,,t,T\np-2,,,,2.0,,,,t,T\np-3,,,,2.6,,,,t,T\n", NOT_DISTINGUISHABLE, 0, 2, 2},
    /* one run: the prediction is 0.1291 sqrt(1 + 1/4) t to each side */
    {CURVE("one-run", "0.5"), "p-1,,,,1.1,,,1,t,T\np-2,,,,2.1,,,1,t,T\np-3,,,,3.1,,,1,t,T\n", REPRODUCED, -0.1, 0, 0},
    {CURVE("one-run", "0.4"), "p-1,,,,1.1,,,1,t,T\np-2,,,,2.1,,,1,t,T\np-3,,,,3.1,,,1,t,T\n", NOT_DISTINGUISHABLE, -0.1,
     0, 0},
    {CURVE("one-run", "9"), "p-1,,,,1.5,,,1,t,T\np-2,,,,2.5,,,1,t,T\np-3,,,,3.5,,,1,t,T\n", CONTRADICTED, -0.5, 3, 3},
    /* the first seed alone: 0.85, 1.85, 2.85 */
    {CURVE("same-run", "0.01"), "p-1,,,,0.85,,,,t,T\np-2,,,,1.85,,,,t,T\n", REPRODUCED, NAN, 0, 0},
    {CURVE("same-run", "0.01"), "p-1,,,,0.85,,,,t,T\np-2,,,,1.9,,,,t,T\n", CONTRADICTED, NAN, 0, 0},
};

START_TEST(curves_are_judged_as_one) {
    size_t n;
    char *published = arena_copy_text(fake.arena, curves[_i].published);
    Text text = text_create(fake.arena);
    for (char *at = published; *at; at++) { /* t is short for table */
        if (strncmp(at, ",t,", 3) == 0)
            text_add(&text, ",table"), at++;
        else
            text_add_character(&text, *at);
    }
    const Verdict *v = judged_table(CLAIMS, curves[_i].claims, text.data, &n);
    ck_assert_ptr_nonnull(v[0].outside);
    ck_assert_int_eq(v[0].level, LEVEL_CURVE);
    ck_assert_uint_eq(n, v[0].claim->row->n + 1);
    ck_assert_str_eq(v[0].claim->id, "c");
    ck_assert_msg(v[0].judgement == curves[_i].judgement, "%s: %s", judgement_names[v[0].judgement],
                  explanation_text(&v[0], fake.arena));
    ck_assert(isnan(curves[_i].difference) ? isnan(v[0].difference)
                                           : fabs(v[0].difference - curves[_i].difference) < 1e-9);
    ck_assert_uint_eq(v[0].outside->counted, curves[_i].counted);
    ck_assert_uint_eq(v[0].outside->holm, curves[_i].holm);
    for (size_t i = 1; i < n; i++) ck_assert_int_eq(v[i].level, LEVEL_POINT);
    if (v[0].judgement == CONTRADICTED && curves[_i].difference == 0) /* by points alone */
        ck_assert_ptr_nonnull(strstr(explanation_text(&v[0], fake.arena), "is off by more than the margin"));
    if (v[0].judgement != CONTRADICTED)
        ck_assert_ptr_null(strstr(explanation_text(&v[0], fake.arena), "is off by more than the margin"));
    if (isnan(curves[_i].difference)) return;
    for (size_t i = 1; i < n; i++) {
        ck_assert(v[i].p_holm >= v[i].p_difference && v[i].p_bh >= v[i].p_difference && v[i].p_by >= v[i].p_bh);
        ck_assert_uint_eq(v[i].prior->n, n - 1);
    }
}
END_TEST

/* ---- margins, and the printed number ---- */

START_TEST(half_and_twice_the_margin) {
    const Verdict v = verdict_of("x,T,value,noisy" P2 ",,p,0.2,,Text.,", "p,,,,2.0,,,,table,T\n");
    ck_assert_int_eq(v.half, NOT_DISTINGUISHABLE);
    ck_assert_int_eq(v.judgement, REPRODUCED);
    ck_assert_int_eq(v.twice, REPRODUCED);
    const Verdict far = verdict_of("x,T,value,noisy" P2 ",,p,0.2,,Text.,", "p,,,,2.5,,,,table,T\n");
    ck_assert_int_eq(far.judgement, CONTRADICTED);
    ck_assert_int_eq(far.twice, NOT_DISTINGUISHABLE);
    ck_assert_int_eq(far.seeds, 0); /* asked only where it is not decided */
    const Verdict wide = verdict_of("x,T,value,noisy" P2 ",,p,0.1,,Text.,", "p,,,,2.0,,,,table,T\n");
    ck_assert_int_eq(wide.judgement, NOT_DISTINGUISHABLE);
    ck_assert_int_ge(wide.seeds, 8);
    ck_assert_ptr_nonnull(strstr(explanation_text(&wide, fake.arena), seeds_text(&wide, fake.arena)));
    const Verdict two = verdict_of("x,T,value,noisy" P2 ",,p,0.1,,Text.,", "p,,,,2.0,0.3,,2,table,T\n");
    ck_assert_int_eq(two.seeds, SEEDS_NEVER);
    ck_assert_ptr_nonnull(strstr(explanation_text(&two, fake.arena), "undecidable: the published n of 2 forbids it"));
}
END_TEST

START_TEST(an_impossible_number_is_marked) {
    size_t n;
    fake_file(&fake, "here/claims/fake.csv",
              CLAIMS "a,T,value,level" P1 ",,p,1,,Text.,\nb,T,value,level" P1 ",,q,1,,Text.,\nc,T,value,level" P1
                     ",,r,1,,Text.,\n");
    fake_file(&fake, "here/published/fake.csv",
              "id,series,metric,x,value,uncertainty,unit,n,kind,source,examples,digits\n"
              "p,,,,78.25,,%,1,printed,T,1000,2\nq,,,,78.25,,%,2,printed,T,1000,2\nr,,,,1.0,,,,printed,T,,\n");
    ClaimList list;
    Error error = {""};
    ck_assert_msg(fake_claims(&fake, &list, &error) == 0, "%s", error.text);
    const Verdicts verdicts = verdicts_create(&list, fake.arena);
    for (n = 0; n < verdicts.n; n++)
        ck_assert_int_eq(verdict_measure(&verdicts.all[n], &fake.source, fake.arena, &error), 0);
    verdicts_judge(&verdicts, 0, n, fake.arena);
    ck_assert_int_eq(verdicts.all[0].grim, GRIM_IMPOSSIBLE); /* 782.5 of 1000 */
    ck_assert_int_eq(verdicts.all[1].grim, GRIM_POSSIBLE);
    ck_assert_int_eq(verdicts.all[2].grim, GRIM_UNTESTED);
    ck_assert_ptr_nonnull(strstr(explanation_text(&verdicts.all[0], fake.arena), "impossible as printed"));
}
END_TEST

START_TEST(one_seed_is_no_interval_and_another_seed_not_the_same_run) {
    static const char value[] = "x,T,value,other:level,,p,,,Text.,", same[] = "x,T,same-run,other:level,,p,,,Text.,";
    static const char published[] = "p,,,,1.0,0.2,,3,table,T\n";
    ck_assert_int_eq(verdict_of(value, published).judgement, REPRODUCED);
    ck_assert_int_eq(verdict_of(same, published).judgement, REPRODUCED);
    Grid *grid = &fake.opened[0].results.grid; /* of one cell, as if it had been run with fewer seeds */
    grid->n_seeds = 1;
    const Verdict verdict = verdict_of(value, published);
    ck_assert_int_eq(verdict.judgement, NOT_DISTINGUISHABLE);
    ck_assert_str_eq(explanation_text(&verdict, fake.arena), "one seed gives no interval; run with more seeds");
    ck_assert_str_eq(ours_text(&verdict, fake.arena), "1.0000");
    ck_assert_str_eq(difference_text(&verdict, fake.arena), "");
    ck_assert_int_eq(verdict_of(same, published).judgement, REPRODUCED);
    grid->first_seed = 43;
    ck_assert_int_eq(verdict_of(same, published).judgement, NOT_DISTINGUISHABLE);
    const Verdict other = verdict_of(same, published);
    ck_assert_str_eq(explanation_text(&other, fake.arena), "the published run has seed 42, which was not run");
}
END_TEST

/* ---- what a reader sees ---- */

static const struct {
    const char *claim, *published, *ours, *theirs, *difference;
} shown[] = {
    {"x,T,value,noisy" P2 ",,p,,,Text.,", "p,,,,68.0,2.0,,3,table,T\n", "2.0000 [1.7946, 2.2054]", "68 +- 2",
     "-66.0000 [-66.2054, -65.7946]"},
    {"x,T,value,20 * noisy" P2 ",,p,,,Text.,", "p,,,,1.6467,1e-6,,3,table,T\n", "40.00 [35.89, 44.11]",
     "1.6467 +- 0.000001", "+38.35 [+34.24, +42.46]"},
    {"x,T,value,noisy" P2 ",,p,,,Text.,", "p,,,,0.62035,1e-4,,3,table,T\n", "2.0000 [1.7946, 2.2054]",
     "0.62035 +- 0.0001", "+1.3796 [+1.1742, +1.5851]"},
    {"x,T,value,noisy" P2 ",,p,,,Text.,", "p,,,,0.62035,1e-2,,3,table,T\n", "2.0000 [1.7946, 2.2054]", "0.6203 +- 0.01",
     "+1.3797 [+1.1742, +1.5851]"},
    {"x,T,one-run,noisy" P2 ",,p,1,,Text.,", "p,,,,0.333333333333333,,,1,plot,T\n", "2.0000 [1.7946, 2.2054]", "0.3333",
     "+1.6667 [+1.2073, +2.1260]"},
    {"x,T,at-least,level" P2 ",,p,,,Text.,", "p,,,,64.9,1.23,,,text,T\n", "2.0000 [2.0000, 2.0000]", ">= 64.9 +- 1.2",
     "-62.9000 [-62.9000, -62.9000]"},
    {"x,T,at-most,level" P2 ",,p,,,Text.,", "p,,,,64.9,1.23,,,text,T\n", "2.0000 [2.0000, 2.0000]", "<= 64.9 +- 1.2",
     "-62.9000 [-62.9000, -62.9000]"},
    {"x,T,above,level" P2 ",,p,,,Text.,", "p,,,,1.0,,,,text,T\n", "2.0000 [2.0000, 2.0000]", "> 1",
     "+1.0000 [+1.0000, +1.0000]"},
    {"x,T,above,level" P2 ",level" P1 ",,,,Text.,", "", "2.0000 against 1.0000", "above", "+1.0000 [+1.0000, +1.0000]"},
    {"x,T,above,level" P2 ",level" P1 ",,0.5,,Text.,", "", "2.0000 against 1.0000", "above by 0.5",
     "+1.0000 [+1.0000, +1.0000]"},
    {"x,T,equal,level" P2 ",level" P1 ",,0.5,,Text.,", "", "2.0000 against 1.0000", "equal",
     "+1.0000 [+1.0000, +1.0000]"},
    {"x,T,same-run,noisy" P2 ",,p,,,Text.,", "p,,,,1.9,0.05,,,printed,T\n", "1.8500 (one seed)", "1.9 +- 0.05", ""},
    {"x,T,report,,,p,,,Text.,", "p,,,,1.9,0.05,,,printed,T\n", "", "1.9 +- 0.05", ""},
    {"x,T,report,,,p,,,Text.,", "p,,,,1900.0,150.0,,,printed,T\n", "", "1900 +- 150", ""},
};

START_TEST(texts_have_the_digits_that_mean_something) {
    const Verdict verdict = verdict_of(shown[_i].claim, shown[_i].published);
    ck_assert_str_eq(ours_text(&verdict, fake.arena), shown[_i].ours);
    ck_assert_str_eq(published_text(&verdict, fake.arena), shown[_i].theirs);
    const char *difference = difference_text(&verdict, fake.arena);
    if (_i == 2) return; /* 1.37965 is a tie that binary numbers decide */
    ck_assert_str_eq(difference, shown[_i].difference);
    ck_assert(rule_text(verdict.claim->kind)[0]);
}
END_TEST

#define MANY                                                                                                           \
    "one,Table 1,value,level" P1 ",,p-1,,,It is {}.,\n"                                                                \
    "curve,Fig. 1,value,level[model=plain width={x}],,p-*,0.5,\"why, so\",At {x} it is {}.,a note\n"                   \
    "last,Table 1,report,,,p-1,,,Shown.,\n"
#define THREE "p-1,,,,1.0,0.25,,,table,\"T, 1\"\np-2,,,,2.25,,,,table,T\np-3,,,,9.0,,,,table,T\n"

START_TEST(the_table_of_verdicts) {
    size_t n;
    Error error = {""};
    CsvTable table;
    const Verdict *verdicts = verdicts_of(CLAIMS MANY, THREE, &n, &error);
    ck_assert_msg(verdicts != NULL, "%s", error.text);
    Text text = text_create(fake.arena);
    verdicts_csv_header(&text);
    verdicts_csv(verdicts, n, &text);
    ck_assert_int_eq(csv_parse("claims.csv", text.data, text.size, fake.arena, &table, &error), 0);
    ck_assert_uint_eq(table.rows, 6);
    static const char *const expected[][2] = {{"id", "curve-2"},
                                              {"curve", "curve"},
                                              {"experiment", "fake"},
                                              {"item", "Fig. 1"},
                                              {"kind", "value"},
                                              {"text", "At 2 it is 2.25."},
                                              {"n", "4"},
                                              {"ours", "2.0"},
                                              {"low", "2.0"},
                                              {"high", "2.0"},
                                              {"published", "2.25"},
                                              {"uncertainty", ""},
                                              {"difference", "-0.25"},
                                              {"difference_low", "-0.25"},
                                              {"difference_high", "-0.25"},
                                              {"margin", "0.5"},
                                              {"verdict", "reproduced"},
                                              {"ours_text", "2.0000 [2.0000, 2.0000]"},
                                              {"published_text", "2.25"},
                                              {"difference_text", "-0.2500 [-0.2500, -0.2500]"},
                                              {"explanation",
                                               "difference -0.2500 over 4 seeds: the 90 % interval [-0.2500, "
                                               "-0.2500] lies within the margin of 0.5; p < 0.0001"},
                                              {"source", "T"},
                                              {"note", "a note"},
                                              {"why", "why, so"},
                                              {"curve_text", "At 1, 2 and 3 it is 1..9."},
                                              {"level", "point"},
                                              {"family", "level"},
                                              {"p", "0.0"},
                                              {"p_adjusted", "0.0"},
                                              {"difference90_low", "-0.25"},
                                              {"difference90_high", "-0.25"},
                                              {"sd", "0.0"},
                                              {"sd_shared", "0.0"},
                                              {"df", "3.0"},
                                              {"verdict_alone", "reproduced"},
                                              {"verdict_half", "reproduced"},
                                              {"verdict_double", "reproduced"},
                                              {"seeds_needed", ""},
                                              {"seeds_text", ""},
                                              {"ranges_over", ""},
                                              {"grim", ""},
                                              {"p_difference", "0.0"},
                                              {"p_holm", "0.0"},
                                              {"p_bh", "0.0"},
                                              {"p_by", "0.0"},
                                              {"points", ""},
                                              {"outside", ""},
                                              {"outside_expected", ""},
                                              {"outside_holm", ""},
                                              {"outside_bh", ""},
                                              {"outside_by", ""},
                                              {"fresh_verdict", ""},
                                              {"fresh_ours", ""},
                                              {"fresh_against", ""},
                                              {"fresh_difference", ""},
                                              {"fresh_difference_low", ""},
                                              {"fresh_difference_high", ""},
                                              {"fresh_p", ""},
                                              {"fresh_difference_text", ""},
                                              {"fresh_explanation", ""}};
    ck_assert_uint_eq(table.columns, sizeof expected / sizeof *expected);
    for (size_t c = 0; c < table.columns; c++) {
        ck_assert_str_eq(table.names[c], expected[c][0]);
        ck_assert_msg(strcmp(csv_text(&table, 3, c), expected[c][1]) == 0, "%s: %s", expected[c][0],
                      csv_text(&table, 3, c));
    }
    static const struct {
        size_t row, column;
        const char *text;
    } others[] = {{0, 1, ""},
                  {0, 25, "point"},
                  {1, 0, "curve"},
                  {1, 1, ""},
                  {1, 5, "At 1, 2 and 3 it is 1..9."},
                  {1, 7, ""},
                  {1, 10, ""},
                  {1, 12, "-2.0833333333333335"},
                  {1, 16, "contradicted"},
                  {1, 17, ""},
                  {1, 18, "3 points"},
                  {1, 25, "curve"},
                  {1, 45, "3"},
                  {1, 46, "2"},
                  {1, 47, "0.15"},
                  {1, 48, "2"},
                  {5, 7, ""},
                  {5, 16, "reported"}};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        ck_assert_msg(strcmp(csv_text(&table, others[i].row, others[i].column), others[i].text) == 0, "%zu, %s: %s",
                      others[i].row, table.names[others[i].column], csv_text(&table, others[i].row, others[i].column));
    Tally tally = verdicts_tally(verdicts, n, LEVEL_POINT);
    ck_assert_uint_eq(tally.n, 5);
    ck_assert_str_eq(tally_text(&tally, fake.arena), "3 reproduced, 1 contradicted, 1 reported");
    tally = verdicts_tally(verdicts, n, LEVEL_CURVE);
    ck_assert_str_eq(tally_text(&tally, fake.arena), "1 contradicted");
}
END_TEST

/* ---- no value ---- */

/* A quantity without a value is that of its own claim: all others are judged, and it counts among none. */
START_TEST(a_quantity_without_a_value_ends_no_other_verdict) {
    size_t n;
    Error error = {""};
    const Verdict *v = judged_table(
        LEVELS,
        "never,T,value,first(ramp" P1 "@* > 9),,p-1,,,Text.,,headline,\n"
        "lost,T,above,level" P1 ",lost" P1 ",,,,Text.,,headline,\n"
        "tie,T,above,spearman(flat" P1 "@*),level" P1 ",,,,Text.,,headline,\n"
        "good,T,above,noisy" P2 ",level" P1 ",,,,Text.,,headline,\n"
        "curve,T,value,first(ramp" P1 "@* > {x}),,at-*,1,,At {x}.,,,\n"
        "whole,T,value,level[model=plain width={x}],,p-*,9,,At {x}.,,,\n",
        "p-1,,,,1.0,0.25,,,table,T\np-2,,,,2.0,,,,table,T\nat-8,,,,9.0,,,,table,T\nat-9,,,,9.0,,,,table,T\n", &n);
    static const Judgement expected[] = {NOT_MEASURED, NOT_MEASURED, NOT_MEASURED, REPRODUCED, NOT_MEASURED,
                                         REPRODUCED,   NOT_MEASURED, REPRODUCED,   REPRODUCED, REPRODUCED};
    ck_assert_uint_eq(n, sizeof expected / sizeof *expected);
    for (size_t i = 0; i < n; i++)
        ck_assert_msg(v[i].judgement == expected[i], "%s: %s", v[i].claim->id, judgement_names[v[i].judgement]);
    ck_assert_str_eq(
        explanation_text(&v[0], fake.arena),
        "it has no value: position 1 of \"first(ramp[model=plain width=1]@* > 9)\": seed 42: the condition "
        "holds at none of the x");
    ck_assert_ptr_nonnull(strstr(explanation_text(&v[1], fake.arena), "seed 42: lost diverged"));
    ck_assert_ptr_nonnull(strstr(explanation_text(&v[4], fake.arena), "a point of it has no value: position 1 of"));
    ck_assert_uint_eq(v[3].together, 1);
    ck_assert(v[0].half == NOT_MEASURED && v[0].twice == NOT_MEASURED && v[0].alone == NOT_MEASURED);
    ck_assert(isnan(v[1].p) && !v[1].a && v[1].n == 0 && v[1].seeds == 0);
    Tally tally = verdicts_tally(v, n, LEVEL_HEADLINE);
    ck_assert_str_eq(tally_text(&tally, fake.arena), "1 reproduced, 3 not measured");
    ck_assert_int_eq(verdicts_record(fake.references, v, n, &error), 0);
    ck_assert_int_eq(verdicts_compare(fake.references, v, n, 1, &unrecorded, &error), 0);
    ck_assert_int_eq(
        edit_file(path_join(fake.arena, fake.references, "here/verdicts.csv"), "lost,not measured", "lost,reproduced"),
        1);
    ck_assert_int_eq(verdicts_compare(fake.references, v, n, 1, &unrecorded, &error), -1);
    ck_assert_ptr_nonnull(strstr(error.text, "claim lost: recorded as reproduced, now not measured"));
}
END_TEST

/* ---- faults in the results ---- */

static const struct {
    const char *claim, *says;
} unjudgeable[] = {
    {"x,T,value,levl" P1 ",,p-1,,,Text.,\n",
     "claim x: position 1 of \"levl[model=plain width=1]\": experiment fake, cell model=plain "
     "width=1: no metric \"levl\"; nearest: level"},
    {"x,T,value,level[model=plain width=9],,p-1,,,Text.,\n", "no cell with width 9"},
    {"x,T,value,ramp" P1 "@77,,p-1,,,Text.,\n", "not recorded at epoch 77"},
    {"x,T,value,1 / ramp" P1 "@0,,p-1,,,Text.,\n", "not a finite number"},
    {"x,T,above,level" P1 ",lone:level,,,,Text.,\n", "a has 4 seeds from 42 on, b 2 from 42 on"},
};

START_TEST(what_cannot_be_judged_is_a_failure) {
    Error error = {""};
    size_t n;
    ck_assert_ptr_null(verdicts_of(arena_format(fake.arena, "%s%s", CLAIMS, unjudgeable[_i].claim), THREE, &n, &error));
    ck_assert_msg(strstr(error.text, unjudgeable[_i].says) != NULL, "%s", error.text);
}
END_TEST

static const struct {
    const char *old, *replacement; /* in the recorded results, under a checksum that is right again or not */
    int renewed;
    const char *says;
} damage[] = {
    {"level,,,1.0", "level,,,1.5", 0, "altered, SHA256SUMS has another hash"},
    {"level,,,1.0", "level,,,1", 1, "integer where a real number belongs"},
    {"level,,,1.0", "level,,,nan", 1, "not a finite number"},
    {"fake,model=plain width=1,43,level,,,1.0\n", "", 1, "seed 43 did not measure what seed 42 did"},
    {"fake,model=plain width=1,42,", "fake,model=plain width=7,42,", 1, "is missing, or not in the order"},
    {"42,noisy,,,", "42,level,,,", 1, "cell \"model=plain width=1\", seed 42: metric level is recorded twice"},
};

START_TEST(altered_results_are_failures) {
    Error error = {""};
    size_t n;
    char hash[SHA256_HEX];
    const char *folder = path_join(fake.arena, fake.references, "here/golden");
    const char *path = path_join(fake.arena, folder, "fake.csv"), *sums = path_join(fake.arena, folder, "SHA256SUMS");
    char *list = slurp(sums);
    ck_assert_int_eq(sha256_file(path, hash, &error), 0);
    ck_assert_int_eq(edit_file(path, damage[_i].old, damage[_i].replacement), 1);
    if (damage[_i].renewed) {
        char renewed[SHA256_HEX];
        ck_assert_int_eq(sha256_file(path, renewed, &error), 0);
        ck_assert_int_eq(edit_file(sums, hash, renewed), 1);
    }
    ck_assert_ptr_null(verdicts_of(CLAIMS "x,T,value,level" P1 ",,p-1,,,Text.,\n", THREE, &n, &error));
    ck_assert_msg(strstr(error.text, damage[_i].says) != NULL, "%s", error.text);
    free(list);
}
END_TEST

/* ---- recorded verdicts ---- */

static const struct {
    const char *old, *replacement, *says;
} recorded_damage[] = {
    {"one,reproduced", "one,contradicted", "claim one: recorded as contradicted, now reproduced; `scaledown show one`"},
    {"one,reproduced\n", "", "no verdict is recorded for claim one"},
    {"one,", "ome,", "verdicts.csv, line 2: unknown claim ome"},
    {"curve-1", "one", "line 4: claim one is recorded in line 2 already"},
    {"reproduced", "reprodused", "line 2: claim one has the unknown verdict \"reprodused\""},
    {"id,verdict", "id,result", "the columns must be id,verdict"},
};

START_TEST(changed_verdicts_are_failures) {
    Error error = {""};
    size_t n;
    const Verdict *verdicts = verdicts_of(CLAIMS MANY, THREE, &n, &error);
    ck_assert_msg(verdicts != NULL, "%s", error.text);
    const char *path = path_join(fake.arena, fake.references, "here/verdicts.csv");
    ck_assert_int_eq(verdicts_compare(fake.references, verdicts, n, 1, &unrecorded, &error), -1);
    ck_assert_ptr_nonnull(strstr(error.text, "verdicts.csv: no such file"));
    ck_assert_int_eq(verdicts_record(fake.references, verdicts, n, &error), 0);
    char *recorded = slurp(path);
    ck_assert_str_eq(
        recorded,
        "id,verdict\none,reproduced\ncurve,contradicted\ncurve-1,reproduced\ncurve-2,reproduced\ncurve-3,contradicted\n"
        "last,reported\n");
    free(recorded);
    ck_assert_int_eq(verdicts_compare(fake.references, verdicts, n, 1, &unrecorded, &error), 0);
    ck_assert_int_eq(verdicts_compare(fake.references, verdicts + 1, 2, 0, &unrecorded, &error), 0); /* a part of them */
    ck_assert_int_eq(verdicts_compare(fake.references, verdicts + 1, 2, 1, &unrecorded, &error), -1);
    ck_assert_ptr_nonnull(strstr(error.text, "unknown claim one"));
    ck_assert_int_eq(edit_file(path, recorded_damage[_i].old, recorded_damage[_i].replacement), 1);
    ck_assert_int_eq(verdicts_compare(fake.references, verdicts, n, 1, &unrecorded, &error), -1);
    ck_assert_msg(strstr(error.text, recorded_damage[_i].says) != NULL, "%s", error.text);
}
END_TEST

START_TEST(each_paper_has_its_own_verdicts) {
    Error error = {""};
    size_t n;
    fake_file(&fake, "there/claims/fake.csv", CLAIMS "there,Fig. 1,report,,,p,,,Shown.,\n");
    fake_file(&fake, "there/published/fake.csv", PUBLISHED "p,,,,1.0,0.25,,3,table,T\n");
    const Verdict *verdicts = verdicts_of(CLAIMS MANY, THREE, &n, &error);
    ck_assert_uint_eq(n, 7);
    ck_assert_int_eq(verdicts_record(fake.references, verdicts, n, &error), 0);
    char *recorded = slurp(path_join(fake.arena, fake.references, "there/verdicts.csv"));
    ck_assert_str_eq(recorded, "id,verdict\nthere,reported\n");
    free(recorded);
    ck_assert_int_eq(verdicts_compare(fake.references, verdicts, n, 1, &unrecorded, &error), 0);
}
END_TEST

/* ---- what was not run ---- */

static const Results *open_nothing(void *context, const Experiment *experiment, Error *error) {
    (void)context, (void)experiment, (void)error;
    return NULL;
}

START_TEST(what_was_not_run_is_no_failure) {
    Error error = {""};
    size_t n;
    const Verdict *verdicts = verdicts_of(CLAIMS MANY, THREE, &n, &error);
    ck_assert_msg(verdicts != NULL, "%s", error.text);
    ck_assert_int_eq(verdicts_record(fake.references, verdicts, n, &error), 0);
    const ResultsSource none = {.open = open_nothing};
    ClaimList list;
    ck_assert_int_eq(fake_claims(&fake, &list, &error), 0);
    const Verdicts without = verdicts_create(&list, fake.arena);
    for (size_t i = 0; i < without.n; i++)
        ck_assert_int_eq(without.all[i].outside ? 0 : verdict_measure(&without.all[i], &none, fake.arena, &error), 0);
    verdicts_judge(&without, 0, n, fake.arena);
    const Tally tally = verdicts_tally(without.all, n, LEVEL_POINT);
    ck_assert_str_eq(tally_text(&tally, fake.arena), "1 reported, 4 not run");
    ck_assert_int_eq(without.all[1].judgement, NOT_RUN); /* the curve */
    ck_assert_str_eq(explanation_text(&without.all[0], fake.arena), "here/fake was not run");
    ck_assert_str_eq(ours_text(&without.all[0], fake.arena), "");
    ck_assert_int_eq(verdicts_compare(fake.references, without.all, n, 0, &unrecorded, &error), 0);
    ck_assert_int_eq(verdicts_compare(fake.references, without.all, n, 1, &unrecorded, &error), -1);
    ck_assert_ptr_nonnull(strstr(error.text, "claim one: recorded as reproduced, now not run"));
    ck_assert_int_eq(verdicts_record(fake.references, without.all, n, &error), -1);
    ck_assert_ptr_nonnull(strstr(error.text, "claim one: here/fake was not run, and is recorded as reproduced"));
}
END_TEST

/* Of these verdicts, what the first n_run claims say; the others were not run. */
static Verdicts partly_run(const ClaimList *list, size_t n_run) {
    const ResultsSource none = {.open = open_nothing};
    const Verdicts verdicts = verdicts_create(list, fake.arena);
    Error error = {""};
    for (size_t i = 0, claims = 0; i < verdicts.n; i++) {
        if (verdicts.all[i].outside) continue;
        const ResultsSource *source = claims++ < n_run ? &fake.source : &none;
        ck_assert_msg(verdict_measure(&verdicts.all[i], source, fake.arena, &error) == 0, "%s", error.text);
    }
    verdicts_judge(&verdicts, 0, verdicts.n, fake.arena);
    return verdicts;
}

/* Verdicts of a paper part of whose experiments have results are recorded as far as they go, and never fewer again. */
START_TEST(verdicts_of_a_part_are_recorded) {
    Error error = {""};
    ClaimList list;
    size_t n;
    ck_assert_ptr_nonnull(verdicts_of(CLAIMS MANY, THREE, &n, &error));
    ck_assert_int_eq(fake_claims(&fake, &list, &error), 0);
    const Verdicts two = partly_run(&list, 2), three = partly_run(&list, 3), all = partly_run(&list, SIZE_MAX);
    const Verdicts nothing = partly_run(&list, 0);
    const char *path = path_join(fake.arena, fake.references, "here/verdicts.csv");
    ck_assert_int_eq(nothing.all[n - 1].judgement, REPORTED); /* and the others were not run */
    ck_assert_int_eq(verdicts_record(fake.references, nothing.all, n - 1, &error), 0);
    ck_assert_int_eq(file_exists(path), 0);
    ck_assert_int_eq(verdicts_compare(fake.references, nothing.all, n - 1, 1, &unrecorded, &error), 0);
    ck_assert_uint_eq(unrecorded, n - 1);
    static const char recorded_two[] = "id,verdict\none,reproduced\ncurve-1,reproduced\nlast,reported\n";
    ck_assert_int_eq(verdicts_record(fake.references, two.all, n, &error), 0);
    char *recorded = slurp(path);
    ck_assert_str_eq(recorded, recorded_two); /* the curve waits for its points; what is only shown needs no run */
    free(recorded);
    ck_assert_msg(verdicts_compare(fake.references, two.all, n, 1, &unrecorded, &error) == 0, "%s", error.text);
    ck_assert_uint_eq(unrecorded, 3);
    ck_assert_int_eq(verdicts_compare(fake.references, three.all, n, 1, &unrecorded, &error), -1);
    ck_assert_ptr_nonnull(strstr(error.text, "no verdict is recorded for claim curve-2"));
    ck_assert_int_eq(verdicts_record(fake.references, three.all, n, &error), 0);
    ck_assert_int_eq(verdicts_record(fake.references, two.all, n, &error), -1);
    ck_assert_ptr_nonnull(strstr(error.text, "claim curve-2: here/fake was not run, and is recorded as reproduced"));
    ck_assert_int_eq(verdicts_compare(fake.references, three.all, n, 1, &unrecorded, &error), 0); /* it was kept */
    ck_assert_uint_eq(unrecorded, 2);
    ck_assert_int_eq(verdicts_record(fake.references, all.all, n, &error), 0);
    ck_assert_int_eq(verdicts_compare(fake.references, all.all, n, 1, &unrecorded, &error), 0);
    ck_assert_uint_eq(unrecorded, 0);
    spill(path, "one,reproduced\n");
    ck_assert_int_eq(verdicts_record(fake.references, all.all, n, &error), -1); /* what was recorded cannot be told */
}
END_TEST

/* A claim that was not run counts among headline claims by results that stand in for its own, and is not run still. */
START_TEST(recorded_results_stand_in_for_what_was_not_run) {
    size_t n;
    Error error = {""};
    static const char two[] = ORDER("near", "noisy" P1 " + 0.23", "headline") ORDER("none", "noisy" P1, "headline");
    const Verdict *both = judged_table(LEVELS, two, "", &n);
    const double together = both[0].p_adjusted;
    ck_assert_double_eq_tol(together, 2 * both[0].p, 1e-12);
    ClaimList list;
    ck_assert_int_eq(fake_claims(&fake, &list, &error), 0);
    const Verdicts partial = verdicts_create(&list, fake.arena);
    for (size_t i = 0; i < 2; i++)
        ck_assert_int_eq(verdict_measure(&partial.all[i], &fake.source, fake.arena, &error), 0);
    partial.all[1].stands_in = 1;
    verdicts_judge(&partial, 0, 2, fake.arena);
    ck_assert_double_eq(partial.all[0].p_adjusted, together);
    ck_assert_int_eq(partial.all[1].judgement, NOT_RUN);
    ck_assert_uint_eq(partial.all[1].n, 0);
    ck_assert(isnan(partial.all[1].p) && isnan(partial.all[1].difference));
}
END_TEST

/* ---- the repository's own ---- */

static double field(const CsvTable *table, size_t row, size_t column) {
    double value = NAN;
    if (csv_text(table, row, column)[0]) ck_assert_int_eq(parse_double(csv_text(table, row, column), &value), 0);
    return value;
}

/* Four families of real results, as R and limma judge them (tests/oracle/judge.R). */
static void agree_with_R(const Verdicts *verdicts) {
    CsvTable table;
    Error error = {""};
    Map *known = map_create(fake.arena);
    ck_assert_msg(csv_read("tests/oracle/judge.csv", fake.arena, &table, &error) == 0, "%s", error.text);
    for (size_t i = 0; i < verdicts->n; i++) map_put(known, verdicts->all[i].claim->id, i);
    ck_assert_uint_ge(table.rows, 138);
    for (size_t r = 0; r < table.rows; r++) {
        const size_t found = map_get(known, csv_text(&table, r, 0));
        ck_assert_msg(found != MAP_ABSENT, "no claim %s", csv_text(&table, r, 0));
        const Verdict *v = &verdicts->all[found];
        const double got[] = {v->difference,     v->shared_sd,       v->df, v->interval.low, v->interval.high,
                              v->interval90.low, v->interval90.high, v->p,  v->p_difference, v->p_holm};
        for (size_t c = 0; c < sizeof got / sizeof *got; c++) {
            const double wanted = field(&table, r, c + 1);
            if (isnan(wanted)) continue;
            ck_assert_msg(fabs(got[c] - wanted) <= 1e-8 * fabs(wanted) + 1e-12, "%s, %s: %.17g, R says %.17g",
                          v->claim->id, table.names[c + 1], got[c], wanted);
        }
    }
}

/* Every claim of every paper, judged by the recorded results, is as recorded. */
START_TEST(recorded_results_give_the_recorded_verdicts) {
    FakeResults own = {.arena = fake.arena, .references = "reference_results"};
    Error error = {""};
    ClaimList list;
    own.source = (ResultsSource){fake.source.open, &own};
    ck_assert_msg(catalogue_read(".", methods, own.arena, &own.catalogue, &error) == 0 &&
                      selection_make(&own.catalogue, NULL, NULL, NULL, own.arena, &own.all, &error) == 0 &&
                      fake_claims(&own, &list, &error) == 0,
                  "%s", error.text);
    const Verdicts verdicts = verdicts_create(&list, own.arena);
    size_t compared = 0;
    for (size_t i = 0; i < verdicts.n; i++)
        ck_assert_msg(verdicts.all[i].outside || verdict_measure(&verdicts.all[i], &own.source, own.arena, &error) == 0,
                      "%s", error.text);
    for (size_t i = 0, end; i < verdicts.n; i = end) { /* paper by paper */
        const Paper *paper = verdicts.all[i].claim->row->experiment->paper;
        for (end = i; end < verdicts.n && verdicts.all[end].claim->row->experiment->paper == paper;) end++;
        verdicts_judge(&verdicts, i, end, own.arena);
        ck_assert_msg(verdicts_compare(own.references, &verdicts.all[i], end - i, 1, &unrecorded, &error) == 0, "%s", error.text);
        compared += end - i - unrecorded;
    }
    agree_with_R(&verdicts);
    ck_assert_uint_ge(compared, 3934);
}
END_TEST

#define LOOP(test, table) tcase_add_loop_test(t, test, 0, (int)(sizeof(table) / sizeof *(table)))

int main(void) {
    Suite *s = suite_create("verdict");
    TCase *t = tcase_create("verdict");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 60);
    tcase_add_test(t, quantiles_of_t);
    tcase_add_test(t, samples_and_intervals);
    LOOP(claims_are_judged, judged);
    tcase_add_test(t, own_margin_brings_in_the_published_spread);
    tcase_add_test(t, a_family_shares_its_variances);
    tcase_add_test(t, paired_claims_are_families_of_differences);
    tcase_add_test(t, published_spreads_are_shared_too);
    tcase_add_test(t, headline_claims_are_judged_together);
    LOOP(comparisons_are_judged_on_fresh_signals_too, second);
    tcase_add_test(t, second_verdicts_count_among_no_headline_claims);
    tcase_add_test(t, second_verdicts_are_written_and_recorded);
    LOOP(curves_are_judged_as_one, curves);
    tcase_add_test(t, half_and_twice_the_margin);
    tcase_add_test(t, an_impossible_number_is_marked);
    tcase_add_test(t, one_seed_is_no_interval_and_another_seed_not_the_same_run);
    LOOP(texts_have_the_digits_that_mean_something, shown);
    tcase_add_test(t, the_table_of_verdicts);
    tcase_add_test(t, a_quantity_without_a_value_ends_no_other_verdict);
    LOOP(what_cannot_be_judged_is_a_failure, unjudgeable);
    LOOP(altered_results_are_failures, damage);
    LOOP(changed_verdicts_are_failures, recorded_damage);
    tcase_add_test(t, each_paper_has_its_own_verdicts);
    tcase_add_test(t, what_was_not_run_is_no_failure);
    tcase_add_test(t, verdicts_of_a_part_are_recorded);
    tcase_add_test(t, recorded_results_stand_in_for_what_was_not_run);
    tcase_add_test(t, recorded_results_give_the_recorded_verdicts);
    suite_add_tcase(s, t);
    return run_suite(s);
}
