/* Verdicts: the rule, the statistics, and that no fault in a claim or a result becomes a verdict. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "base/file.h"
#include "base/sha256.h"
#include "fake_results.h"
#include "files.h"
#include "registry.h"
#include "suite.h"

static FakeResults fake;

#define CLAIMS "id,item,kind,a,b,published,margin,why,text,note\n"
#define PUBLISHED "id,series,metric,x,value,uncertainty,unit,n,kind,source\n"
#define P1 "[model=plain width=1]"
#define P2 "[model=plain width=2]"

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
    /* equal variances and sizes: twice the degrees of freedom */
    ck_assert_double_eq_tol(welch_half_width(2, 5, 2, 5), student_t_975(10) * 2, 1e-12);
    ck_assert_double_eq_tol(welch_half_width(4, 5, 0, 3), student_t_975(5) * 2, 1e-12);
    ck_assert_double_eq(welch_half_width(0, 4, 0, 2), 0);
}
END_TEST

/* ---- the rule ---- */

static const struct {
    ClaimKind kind;
    double low, high, margin;
    Judgement expected;
} rule[] = {
    {CLAIM_VALUE, -1, 1, 2, REPRODUCED},
    {CLAIM_VALUE, -2, 2, 2, REPRODUCED},
    {CLAIM_VALUE, -2.1, 0, 2, NOT_DISTINGUISHABLE},
    {CLAIM_VALUE, -9, 9, 2, NOT_DISTINGUISHABLE},
    {CLAIM_VALUE, 2.1, 3, 2, CONTRADICTED},
    {CLAIM_VALUE, -3, -2.1, 2, CONTRADICTED},
    {CLAIM_VALUE, 0, 0, 0, REPRODUCED},
    {CLAIM_VALUE, 0.1, 0.1, 0, CONTRADICTED},
    {CLAIM_VALUE, 0.1 + 0.2 - 0.3, 0.1 + 0.2 - 0.3, 0, REPRODUCED}, /* 5.6e-17, the rounding of decimals */
    {CLAIM_EQUAL, -1, 1.5, 2, REPRODUCED},
    {CLAIM_EQUAL, 1.5, 2.5, 2, NOT_DISTINGUISHABLE},
    {CLAIM_EQUAL, 2.5, 3.5, 2, CONTRADICTED},
    {CLAIM_ABOVE, 0.1, 5, 0, REPRODUCED},
    {CLAIM_ABOVE, 0, 0, 0, NOT_DISTINGUISHABLE},
    {CLAIM_ABOVE, -0.1, 5, 0, NOT_DISTINGUISHABLE},
    {CLAIM_ABOVE, -5, -0.1, 0, CONTRADICTED},
    {CLAIM_ABOVE, 2.1, 5, 2, REPRODUCED}, /* by more than the margin */
    {CLAIM_ABOVE, 1.9, 5, 2, NOT_DISTINGUISHABLE},
    {CLAIM_ABOVE, 0.1, 1.9, 2, CONTRADICTED},
    {CLAIM_AT_LEAST, 0, 0, 0, REPRODUCED},
    {CLAIM_AT_LEAST, -0.4, 90, 0.5, REPRODUCED},
    {CLAIM_AT_LEAST, -0.6, 0, 0.5, NOT_DISTINGUISHABLE},
    {CLAIM_AT_LEAST, -3, -0.6, 0.5, CONTRADICTED},
    {CLAIM_VALUE, NAN, NAN, 2, NOT_DISTINGUISHABLE},
    {CLAIM_ONE_RUN, -1, 1.5, 2, REPRODUCED},
    {CLAIM_ONE_RUN, -1, 2.5, 2, NOT_DISTINGUISHABLE},
    {CLAIM_ONE_RUN, 0.1, 0.2, 2, CONTRADICTED},
    {CLAIM_ONE_RUN, -3, -0.1, 2, CONTRADICTED},
    {CLAIM_ONE_RUN, 0, 0, 2, REPRODUCED},
    {CLAIM_ONE_RUN, NAN, NAN, 2, NOT_DISTINGUISHABLE},
};

START_TEST(rule_of_judgement) {
    Interval interval = {rule[_i].low, rule[_i].high};
    ck_assert_int_eq(judge(rule[_i].kind, interval, rule[_i].margin, 1), rule[_i].expected);
}
END_TEST

/* ---- one verdict through files ---- */

/* The verdicts of here/fake with these rows, claims and published numbers; NULL where one fails. */
static Verdict *verdicts_of(const char *claims, const char *published, size_t *n, Error *error) {
    ClaimList list;
    fake_file(&fake, "here/claims/fake.csv", arena_format(fake.arena, "%s%s", CLAIMS, claims));
    fake_file(&fake, "here/published/fake.csv", arena_format(fake.arena, "%s%s", PUBLISHED, published));
    if (fake_claims(&fake, &list, error)) return NULL;
    Verdict *verdicts = arena_alloc(fake.arena, list.n, sizeof *verdicts);
    for (*n = 0; *n < list.n; ++*n)
        if (verdict_make(&list.claims[*n], &fake.source, fake.arena, &verdicts[*n], error)) return NULL;
    return verdicts;
}

static Verdict verdict_of(const char *claim, const char *published) {
    Error error = {""};
    size_t n;
    const Verdict *verdicts = verdicts_of(arena_format(fake.arena, "%s\n", claim), published, &n, &error);
    ck_assert_msg(verdicts != NULL, "%s", error.text);
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
    /* noisy: 2 and a standard deviation of 0.1291; t(3) = 3.18245: 0.20543 */
    {"x,T,value,noisy" P2 ",,p,,,Text.,", "p,,,,2.0,0.25,,3,table,T\n", REPRODUCED, 0, 0.2054260},
    {"x,T,value,noisy" P2 ",,p,,,Text.,", "p,,,,2.0,0.2,,3,table,T\n", NOT_DISTINGUISHABLE, 0, 0.2054260},
    {"x,T,value,noisy" P2 ",,p,,,Text.,", "p,,,,3.0,0.2,,3,table,T\n", CONTRADICTED, -1, 0.2054260},
    {"x,T,at-least,level" P1 ",,p,,,Text.,", "p,,,,1.2,0.25,,,text,T\n", REPRODUCED, -0.2, 0},
    {"x,T,at-least,level" P1 ",,p,,,Text.,", "p,,,,1.5,0.25,,,text,T\n", CONTRADICTED, -0.5, 0},
    {"x,T,above,level" P1 ",,p,,,Text.,", "p,,,,0.9,0.05,,,text,T\n", REPRODUCED, 0.1, 0},
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
    ck_assert_msg(verdict.judgement == judged[_i].judgement, "%s: %s", judged[_i].claim, verdict.explanation);
    ck_assert_msg(fabs(verdict.difference - judged[_i].difference) < 1e-9 || isnan(judged[_i].difference), "%s: %g",
                  judged[_i].claim, verdict.difference);
    ck_assert_msg(isnan(judged[_i].half) ? isnan(half) : fabs(half - judged[_i].half) < 1e-6, "%s: half width %.7f",
                  judged[_i].claim, half);
    ck_assert_uint_eq(verdict.n, verdict.judgement == REPORTED ? 0 : 4);
    ck_assert_uint_eq(verdict.first_seed, 42);
    ck_assert(verdict.explanation[0] && !strchr(verdict.explanation, '\n'));
}
END_TEST

START_TEST(own_margin_brings_in_the_published_spread) {
    const double v = 0.05 / 3 / 4, theirs = 0.09 / 9; /* of noisy: squares sum to 0.05 */
    static const char claim[] = "x,T,value,noisy" P2 ",,p,1,,Text.,";
    Verdict verdict = verdict_of(claim, "p,,,,2.5,0.3,,9,plot,F\n");
    ck_assert_double_eq_tol(verdict.interval.high - verdict.difference, welch_half_width(v, 3, theirs, 8), 1e-12);
    verdict = verdict_of(claim, "p,,,,2.5,,,1,plot,F\n");
    ck_assert_double_eq_tol(verdict.interval.high - verdict.difference, student_t_975(3) * sqrt(v + 4 * v), 1e-12);
    verdict = verdict_of(claim, "p,,,,2.5,0.3,,1,plot,F\n");
    ck_assert_double_eq_tol(verdict.interval.high - verdict.difference, student_t_975(3) * sqrt(v + 4 * v) + 0.3,
                            1e-12);
    verdict = verdict_of(claim, "p,,,,2.5,0.3,,,plot,F\n");
    ck_assert_double_eq_tol(verdict.interval.high - verdict.difference, student_t_975(3) * sqrt(v) + 0.3, 1e-12);
    verdict = verdict_of("x,T,value,noisy" P2 ",,p,,,Text.,", "p,,,,2.5,0.3,,9,plot,F\n"); /* told, not counted */
    ck_assert_double_eq_tol(verdict.interval.high - verdict.difference, student_t_975(3) * sqrt(v), 1e-12);
    ck_assert_ptr_nonnull(strstr(verdict.explanation, "were the published spread over 9 runs counted too: ["));
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
    ck_assert_str_eq(verdict.explanation, "one seed gives no interval; run with more seeds");
    ck_assert_str_eq(ours_text(&verdict, fake.arena), "1.0000");
    ck_assert_str_eq(difference_text(&verdict, fake.arena), "");
    ck_assert_int_eq(verdict_of(same, published).judgement, REPRODUCED);
    grid->first_seed = 43;
    ck_assert_int_eq(verdict_of(same, published).judgement, NOT_DISTINGUISHABLE);
    ck_assert_str_eq(verdict_of(same, published).explanation, "the published run has seed 42, which was not run");
}
END_TEST

/* ---- what a reader sees ---- */

static const struct {
    const char *claim, *published, *ours, *theirs, *difference;
} shown[] = {
    {"x,T,value,noisy" P2 ",,p,,,Text.,", "p,,,,68.0,2.0,,3,table,T\n", "2.0000 [1.7946, 2.2054]", "68 +- 2",
     "-66.0000 [-66.2054, -65.7946]"},
    {"x,T,value,20 * noisy" P2 ",,p,,,Text.,", "p,,,,1.6467,1e-6,,3,table,T\n", "40.00 [35.89, 44.11]",
     "1.6467 +- 1e-06", "+38.35 [+34.24, +42.46]"},
    {"x,T,value,noisy" P2 ",,p,,,Text.,", "p,,,,0.62035,1e-4,,3,table,T\n", "2.0000 [1.7946, 2.2054]",
     "0.62035 +- 0.0001", "+1.3796 [+1.1742, +1.5851]"},
    {"x,T,value,noisy" P2 ",,p,,,Text.,", "p,,,,0.62035,1e-2,,3,table,T\n", "2.0000 [1.7946, 2.2054]", "0.6203 +- 0.01",
     "+1.3797 [+1.1742, +1.5851]"},
    {"x,T,one-run,noisy" P2 ",,p,1,,Text.,", "p,,,,0.333333333333333,,,1,plot,T\n", "2.0000 [1.7946, 2.2054]", "0.3333",
     "+1.6667 [+1.2073, +2.1260]"},
    {"x,T,at-least,level" P2 ",,p,,,Text.,", "p,,,,64.9,1.23,,,text,T\n", "2.0000 [2.0000, 2.0000]", ">= 64.9 +- 1.2",
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
    const Verdict *verdicts = verdicts_of(MANY, THREE, &n, &error);
    ck_assert_msg(verdicts != NULL, "%s", error.text);
    Text text = text_create(fake.arena);
    verdicts_csv_header(&text);
    verdicts_csv(verdicts, n, &text);
    ck_assert_int_eq(csv_parse("claims.csv", text.data, text.size, fake.arena, &table, &error), 0);
    ck_assert_uint_eq(table.rows, 5);
    static const char *const expected[] = {
        "curve-2",
        "curve",
        "fake",
        "Fig. 1",
        "value",
        "At 2 it is 2.25.",
        "4",
        "2.0",
        "2.0",
        "2.0",
        "2.25",
        "",
        "-0.25",
        "-0.25",
        "-0.25",
        "0.5",
        "reproduced",
        "2.0000 [2.0000, 2.0000]",
        "2.25",
        "-0.2500 [-0.2500, -0.2500]",
        "difference -0.2500, interval [-0.2500, -0.2500] over 4 seeds lies within the margin of 0.5",
        "T",
        "a note",
        "why, so",
        "At 1..3 it is 1..9."};
    ck_assert_uint_eq(table.columns, sizeof expected / sizeof *expected);
    for (size_t c = 0; c < table.columns; c++) ck_assert_str_eq(csv_text(&table, 2, c), expected[c]);
    ck_assert_str_eq(csv_text(&table, 0, 1), ""); /* no point of a curve */
    ck_assert_str_eq(csv_text(&table, 4, 7), ""); /* nothing of ours */
    ck_assert_str_eq(counts_text(verdicts, n, fake.arena),
                     "3 reproduced, 1 contradicted, 1 reported");
    ck_assert_str_eq(counts_text(verdicts + 1, 3, fake.arena), "2 reproduced, 1 contradicted");
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
    {"x,T,value,lost" P1 ",,p-1,,,Text.,\n", "seed 42: lost diverged"},
    {"x,T,value,ramp" P1 "@77,,p-1,,,Text.,\n", "not recorded at epoch 77"},
    {"x,T,above,level" P1 ",lost" P1 ",,,,Text.,\n", "claim x: position 1"},
    {"x,T,value,1 / ramp" P1 "@0,,p-1,,,Text.,\n", "not a finite number"},
    {"x,T,above,level" P1 ",lone:level,,,,Text.,\n", "a has 4 seeds from 42 on, b 2 from 42 on"},
};

START_TEST(what_cannot_be_judged_is_a_failure) {
    Error error = {""};
    size_t n;
    ck_assert_ptr_null(verdicts_of(unjudgeable[_i].claim, THREE, &n, &error));
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
    ck_assert_ptr_null(verdicts_of("x,T,value,level" P1 ",,p-1,,,Text.,\n", THREE, &n, &error));
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
    {"curve-1", "one", "line 3: claim one is recorded in line 2 already"},
    {"reproduced", "reprodused", "line 2: claim one has the unknown verdict \"reprodused\""},
    {"id,verdict", "id,result", "the columns must be id,verdict"},
};

START_TEST(changed_verdicts_are_failures) {
    Error error = {""};
    size_t n;
    const Verdict *verdicts = verdicts_of(MANY, THREE, &n, &error);
    ck_assert_msg(verdicts != NULL, "%s", error.text);
    const char *path = path_join(fake.arena, fake.references, "here/verdicts.csv");
    ck_assert_int_eq(verdicts_compare(fake.references, verdicts, n, 1, &error), -1);
    ck_assert_ptr_nonnull(strstr(error.text, "verdicts.csv: no such file"));
    ck_assert_int_eq(verdicts_record(fake.references, verdicts, n, &error), 0);
    char *recorded = slurp(path);
    ck_assert_str_eq(recorded,
                     "id,verdict\none,reproduced\ncurve-1,reproduced\ncurve-2,reproduced\ncurve-3,contradicted\n"
                     "last,reported\n");
    free(recorded);
    ck_assert_int_eq(verdicts_compare(fake.references, verdicts, n, 1, &error), 0);
    ck_assert_int_eq(verdicts_compare(fake.references, verdicts + 1, 2, 0, &error), 0); /* a part of them */
    ck_assert_int_eq(verdicts_compare(fake.references, verdicts + 1, 2, 1, &error), -1);
    ck_assert_ptr_nonnull(strstr(error.text, "unknown claim one"));
    ck_assert_int_eq(edit_file(path, recorded_damage[_i].old, recorded_damage[_i].replacement), 1);
    ck_assert_int_eq(verdicts_compare(fake.references, verdicts, n, 1, &error), -1);
    ck_assert_msg(strstr(error.text, recorded_damage[_i].says) != NULL, "%s", error.text);
}
END_TEST

START_TEST(each_paper_has_its_own_verdicts) {
    Error error = {""};
    size_t n;
    fake_file(&fake, "there/claims/fake.csv", CLAIMS "there,Fig. 1,report,,,p,,,Shown.,\n");
    fake_file(&fake, "there/published/fake.csv", PUBLISHED "p,,,,1.0,0.25,,3,table,T\n");
    const Verdict *verdicts = verdicts_of(MANY, THREE, &n, &error);
    ck_assert_uint_eq(n, 6);
    ck_assert_int_eq(verdicts_record(fake.references, verdicts, n, &error), 0);
    char *recorded = slurp(path_join(fake.arena, fake.references, "there/verdicts.csv"));
    ck_assert_str_eq(recorded, "id,verdict\nthere,reported\n");
    free(recorded);
    ck_assert_int_eq(verdicts_compare(fake.references, verdicts, n, 1, &error), 0);
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
    Verdict *verdicts = verdicts_of(MANY, THREE, &n, &error), without[5];
    ck_assert_msg(verdicts != NULL, "%s", error.text);
    ck_assert_int_eq(verdicts_record(fake.references, verdicts, n, &error), 0);
    const ResultsSource none = {.open = open_nothing};
    for (size_t i = 0; i < n; i++)
        ck_assert_int_eq(verdict_make(verdicts[i].claim, &none, fake.arena, &without[i], &error), 0);
    ck_assert_str_eq(counts_text(without, n, fake.arena), "1 reported, 4 not run");
    ck_assert_str_eq(without[0].explanation, "here/fake was not run");
    ck_assert_str_eq(ours_text(&without[0], fake.arena), "");
    ck_assert_int_eq(verdicts_compare(fake.references, without, n, 0, &error), 0);
    ck_assert_int_eq(verdicts_compare(fake.references, without, n, 1, &error), -1);
    ck_assert_ptr_nonnull(strstr(error.text, "claim one: recorded as reproduced, now not run"));
    ck_assert_int_eq(verdicts_record(fake.references, without, n, &error), -1);
    ck_assert_ptr_nonnull(strstr(error.text, "claim one: here/fake was not run"));
}
END_TEST

/* ---- the repository's own ---- */

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
    Verdict *verdicts = arena_alloc(own.arena, list.n, sizeof *verdicts);
    for (size_t i = 0; i < list.n; i++)
        ck_assert_msg(verdict_make(&list.claims[i], &own.source, own.arena, &verdicts[i], &error) == 0, "%s",
                      error.text);
    ck_assert_msg(verdicts_compare(own.references, verdicts, list.n, 1, &error) == 0, "%s", error.text);
    ck_assert_uint_ge(list.n, 2058);
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
    LOOP(rule_of_judgement, rule);
    LOOP(claims_are_judged, judged);
    tcase_add_test(t, own_margin_brings_in_the_published_spread);
    tcase_add_test(t, one_seed_is_no_interval_and_another_seed_not_the_same_run);
    LOOP(texts_have_the_digits_that_mean_something, shown);
    tcase_add_test(t, the_table_of_verdicts);
    LOOP(what_cannot_be_judged_is_a_failure, unjudgeable);
    LOOP(altered_results_are_failures, damage);
    LOOP(changed_verdicts_are_failures, recorded_damage);
    tcase_add_test(t, each_paper_has_its_own_verdicts);
    tcase_add_test(t, what_was_not_run_is_no_failure);
    tcase_add_test(t, recorded_results_give_the_recorded_verdicts);
    suite_add_tcase(s, t);
    return run_suite(s);
}
