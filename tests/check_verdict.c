/* Verdicts: the rule, the statistics, and that no fault in a reference or a result becomes a verdict. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/sha256.h"
#include "fake_study.h"
#include "study/claims_output.h"
#include "study/commands.h"
#include "suite.h"

static char *directory;
static Arena *arena;

#define HEADER "id,series,metric,x,value,uncertainty,unit,n,kind,source\n"
#define LEVEL "level,plain,level,,1.1,0.2,,3,table,Table 1\n"
#define CURVE "curve,plain,curve,2,90.0,0.5,,,plot,Fig 1\n"

static char *path_in(const char *name) {
    return arena_format(arena, "%s/%s", directory, name);
}

static void references(const char *text) {
    Error error;
    ck_assert_int_eq(directory_create(path_in("references/published"), &error), 0);
    spill(path_in("references/published/fake.csv"), text);
    char hex[SHA256_HEX];
    ck_assert_int_eq(sha256_file(path_in("references/published/fake.csv"), hex, &error), 0);
    spill(path_in("references/published/SHA256SUMS"), arena_format(arena, "%s  fake.csv\n", hex));
}

static int call_list(int (*command)(const Study *const *, int, char **, Error *), const Study *const *studies,
                     const char *words, Error *error) {
    char *argv[32], *text = arena_copy_text(arena, words);
    int argc = 0;
    for (char *word = strtok(text, " "); word; word = strtok(NULL, " ")) argv[argc++] = word;
    argv[argc++] = arena_format(arena, "--results=%s", path_in("r"));
    if (command == run_command) {
        argv[argc++] = arena_format(arena, "--manifest=%s", path_in("manifest.txt"));
        argv[argc++] = arena_copy_text(arena, "--quiet");
    } else {
        argv[argc++] = arena_format(arena, "--references=%s", path_in("references"));
        if (command == claims_command) argv[argc++] = arena_format(arena, "--report=%s", path_in("report"));
    }
    return command(studies, argc, argv, error);
}

static int claims(const char *words, Error *error) {
    return call_list(claims_command, fake_studies, words, error);
}
static int run(const char *words, Error *error) {
    return call_list(run_command, fake_studies, words, error);
}

static void setup(void) {
    Error error = {""};
    directory = fresh_directory();
    arena = arena_create(0);
    fake_nan_seed = -1;
    fake_delay_ms = 0;
    references(HEADER LEVEL CURVE);
    ck_assert_int_eq(run("fake", &error), 0);
}

static void teardown(void) {
    remove_tree(directory);
    free(directory);
    arena_destroy(arena);
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

static int verdict_of(const char *rows, size_t claim, Verdict *verdict, Error *error) {
    PublishedTable published;
    Results results;
    references(rows);
    return published_read(path_in("references/published/fake.csv"), arena, &published, error) ||
                   results_open(path_in("r"), &fake_study, arena, &results, error) ||
                   verdict_make(&results, &fake_study.claims[claim], &published, arena, verdict, error)
               ? -1
               : 0;
}

START_TEST(value_within_its_published_spread) {
    Verdict verdict;
    Error error;
    ck_assert_int_eq(verdict_of(HEADER LEVEL CURVE, 0, &verdict, &error), 0); /* 1.0 in 1.1 +- 0.2 */
    ck_assert_int_eq(verdict.judgement, REPRODUCED);
    ck_assert_double_eq_tol(verdict.difference, -0.1, 1e-15);
    ck_assert_uint_eq(verdict.n, 4);
    ck_assert_int_eq(verdict_of(HEADER "level,,,,1.1,0.05,,3,table,T\n", 0, &verdict, &error), 0);
    ck_assert_int_eq(verdict.judgement, CONTRADICTED);
    ck_assert_int_eq(verdict_of(HEADER "level,,,,1.1,0.1,,3,table,T\n", 0, &verdict, &error), 0); /* at the edge */
    ck_assert_int_eq(verdict.judgement, REPRODUCED);
}
END_TEST

START_TEST(own_margin_brings_in_the_published_spread) {
    /* curve at 2: 1/3 + 2 seed over 42..45: mean 87.333.., sd 2.58199; margin 1 */
    Verdict verdict;
    Error error;
    double v = 2.581988897471611 * 2.581988897471611 / 4, theirs = 0.09 / 9;
    ck_assert_int_eq(verdict_of(HEADER LEVEL "curve,,,2,87.0,0.3,,9,plot,F\n", 2, &verdict, &error), 0);
    ck_assert_double_eq_tol(verdict.interval.high - verdict.difference, welch_half_width(v, 3, theirs, 8), 1e-12);
    ck_assert_int_eq(verdict_of(HEADER LEVEL "curve,,,2,87.0,,,1,plot,F\n", 2, &verdict, &error), 0);
    ck_assert_double_eq_tol(verdict.interval.high - verdict.difference, student_t_975(3) * sqrt(v + 4 * v), 1e-12);
    ck_assert_int_eq(verdict_of(HEADER LEVEL "curve,,,2,87.0,0.3,,,plot,F\n", 2, &verdict, &error), 0);
    ck_assert_double_eq_tol(verdict.interval.high - verdict.difference, student_t_975(3) * sqrt(v) + 0.3, 1e-12);
    ck_assert_int_eq(verdict.judgement, NOT_DISTINGUISHABLE);
}
END_TEST

START_TEST(pairs_by_seed) {
    Verdict verdict;
    Error error;
    ck_assert_int_eq(verdict_of(HEADER LEVEL CURVE, 1, &verdict, &error), 0);
    ck_assert_int_eq(verdict.judgement, REPRODUCED);
    ck_assert_double_eq_tol(verdict.difference, 10, 1e-12); /* the seeds' own noise cancels */
    ck_assert_double_eq_tol(verdict.interval.high - verdict.interval.low, 0, 1e-9);
}
END_TEST

/* Widths 1, 2, 3 of the plain model measure level 1, 2, 3, and noisy the same and 0.1 (seed - 43.5). */
static const struct {
    const char *cell, *metric;
    double expected[4]; /* NAN: an error that names the cell or the metric */
} curves[] = {
    {"model=plain width=1,2,3", "max level", {3, 3, 3, 3}},
    {"model=plain width=1,2", "max noisy", {1.85, 1.95, 2.05, 2.15}},
    {"model=plain width=3,1,2", "argmax noisy", {3, 3, 3, 3}},
    {"model=plain width=3,1,2", "argmin noisy", {1, 1, 1, 1}},
    {"model=plain width=3,2", "min level", {2, 2, 2, 2}},
    {"model=plain width=1,3", "mean noisy", {1.85, 1.95, 2.05, 2.15}},
    {"model=plain width=2,1", "min curve", {1. / 3, 1. / 3, 1. / 3, 1. / 3}},
    {"model=plain width=1,2", "level", {NAN}},
    {"model=plain width=1,2", "most level", {NAN}},
    {"model=plain width=1,2", "max nothing", {NAN}},
    {"model=plain width=1,7", "max level", {NAN}},
    {"model=plain width=1,2", "max lost", {NAN}},
};

START_TEST(curves_are_reduced_seed_by_seed) {
    Results results;
    Error error = {""};
    double *values;
    Quantity quantity = {curves[_i].cell, curves[_i].metric, strstr(curves[_i].metric, "curve") ? 0 : NAN};
    ck_assert_int_eq(results_open(path_in("r"), &fake_study, arena, &results, &error), 0);
    int status = results_quantity(&results, &quantity, arena, &values, &error);
    ck_assert_int_eq(status, isnan(curves[_i].expected[0]) ? -1 : 0);
    for (int s = 0; s < 4 && !status; s++) ck_assert_double_eq_tol(values[s], curves[_i].expected[s], 1e-12);
    if (status) ck_assert_ptr_nonnull(strstr(error.text, "width="));
}
END_TEST

static const ClaimSeries series[] = {{"fake-series", "Fig 2", "The plain level", CLAIM_ONE_RUN, "model=plain", "noisy",
                                      "width", "1,2,3", "level", 0.9, NULL},
                                     {NULL, NULL, NULL, CLAIM_REPORT, NULL, NULL, NULL, NULL, NULL, 0, NULL}};

START_TEST(series_are_claims_one_by_one_and_a_row_in_tables) {
    Study study = fake_study;
    const Study *list[] = {&study, NULL};
    Error error = {""};
    study.series = series;
    ck_assert_uint_eq(study_claims(&study, arena).n, 6);
    references(HEADER LEVEL CURVE "level-1,s,m,,1.1,0.0,,1,printed,T\nlevel-2,s,m,,5.0,0.0,,1,printed,T\n");
    ck_assert_int_eq(call_list(claims_command, list, "", &error), 1); /* a missing point is a failure */
    ck_assert_ptr_nonnull(strstr(error.text, "level-3"));
    references(HEADER LEVEL CURVE "level-1,s,m,,1.1,0.0,,1,printed,T\nlevel-2,s,m,,5.0,0.0,,1,printed,T\n"
                                  "level-3,s,m,,3.0,2.0,,1,printed,T\n");
    ck_assert_msg(call_list(claims_command, list, "--update", &error) == 0, "%s", error.text);
    char *table = slurp(path_in("report/claims_fake.tex")), *numbers = slurp(path_in("report/numbers.tex"));
    char *csv = slurp(path_in("report/claims.csv")), *recorded = slurp(path_in("references/claims.csv"));
    ck_assert_ptr_nonnull(strstr(table, "3 points, each judged by itself} & 1 reproduced, 1 not distinguishable, "
                                        "1 contradicted"));
    ck_assert_ptr_nonnull(strstr(numbers, "\\def\\resultFakeSeriesPoints{3}"));
    ck_assert_ptr_nonnull(strstr(numbers, "\\def\\resultFakeSeriesContradicted{1}"));
    ck_assert_ptr_nonnull(strstr(csv, "\nfake-series-3,"));
    ck_assert_ptr_nonnull(strstr(recorded, "\nfake-series-1,reproduced\nfake-series-2,contradicted\n"
                                           "fake-series-3,not distinguishable\n"));
    ck_assert_int_eq(call_list(claims_command, list, "--check", &error), 0);
    ck_assert_int_eq(call_list(show_command, list, "fake-series-2", &error), 0);
    free(table), free(numbers), free(csv), free(recorded);
}
END_TEST

/* The plain model of width 2 measures noisy 2 + 0.1 (seed - 43.5): 1.85 for the first seed, 42. */
static const struct {
    const char *published, *first_seed;
    Judgement expected;
} same_run[] = {
    {"1.9,0.05", "42", REPRODUCED}, {"1.9,0.04", "42", CONTRADICTED}, {"1.9,0.05", "43", NOT_DISTINGUISHABLE}};

START_TEST(the_same_run_is_judged_by_the_first_seed_alone) {
    const ClaimSeries one[] = {{"fake-same", "Fig 2", "The curve", CLAIM_SAME_RUN, "model=plain width=2", "curve",
                                "at epoch", "1", "curve", 0, NULL},
                               {NULL, NULL, NULL, CLAIM_REPORT, NULL, NULL, NULL, NULL, NULL, 0, NULL}};
    const Claim claim = {
        "fake-same", "Fig 2", "Noisy.", CLAIM_SAME_RUN, {"model=plain width=2", "noisy", NAN}, {NULL, NULL, NAN},
        "noisy",     0,       NULL};
    PublishedTable published;
    Results results;
    Verdict verdict;
    Study study = fake_study;
    Error error = {""};
    ck_assert_int_eq(run(arena_format(arena, "fake --seeds 1 --first-seed %s", same_run[_i].first_seed), &error), 0);
    references(arena_format(arena, HEADER "noisy,,,,%s,,,printed,T\n", same_run[_i].published));
    ck_assert_int_eq(published_read(path_in("references/published/fake.csv"), arena, &published, &error), 0);
    ck_assert_int_eq(results_open(path_in("r"), &fake_study, arena, &results, &error), 0);
    ck_assert_msg(verdict_make(&results, &claim, &published, arena, &verdict, &error) == 0, "%s", error.text);
    ck_assert_int_eq(verdict.judgement, same_run[_i].expected);
    study.claims = NULL, study.series = one; /* a series along x */
    const Claim *point = &study_claims(&study, arena).claims[0];
    ck_assert_str_eq(point->a.cell, "model=plain width=2");
    ck_assert_double_eq(point->a.x, 1);
    ck_assert_str_eq(point->text, "The curve (at epoch 1).");
}
END_TEST

START_TEST(one_seed_is_no_interval) {
    Verdict verdict;
    Error error;
    ck_assert_int_eq(run("fake --seeds 1", &error), 0);
    ck_assert_int_eq(verdict_of(HEADER LEVEL CURVE, 0, &verdict, &error), 0);
    ck_assert_int_eq(verdict.judgement, NOT_DISTINGUISHABLE);
    ck_assert_ptr_nonnull(strstr(verdict.explanation, "one seed"));
}
END_TEST

/* ---- what a reader sees ---- */

static const struct {
    double value, uncertainty;
    const char *text;
} printed[] = {{68, 2, "68 +- 2"},
               {1.6467, 1e-6, "1.6467 +- 1e-06"},
               {0.62035, 1e-4, "0.62035 +- 0.0001"},
               {0.62035, 1e-2, "0.6203 +- 0.01"},
               {64.9, 1.23, "64.9 +- 1.2"},
               {1.0 / 3, NAN, "0.3333"},
               {1.0 / 3, 0, "0.33333333333 +- 0"}};

START_TEST(published_numbers_have_the_digits_of_their_uncertainty) {
    const Published published = {.value = printed[_i].value, .uncertainty = printed[_i].uncertainty};
    const Claim claim = {.kind = CLAIM_VALUE};
    const Verdict verdict = {.claim = &claim, .published = &published};
    ck_assert_str_eq(verdict_published_text(&verdict, arena), printed[_i].text);
}
END_TEST

/* ---- faults in the references ---- */

static const struct {
    const char *rows, *says;
} bad_references[] = {
    {HEADER CURVE, "no row with the id level"},
    {HEADER LEVEL LEVEL CURVE, "occurs twice"},
    {HEADER "level,,,,1,0.2,,3,table,T\n" CURVE, "integer where a real number belongs"},
    {HEADER "level,,,,1.1,1,,3,table,T\n" CURVE, "integer where a real number belongs"},
    {HEADER "level,,,,nan,0.2,,3,table,T\n" CURVE, "not a finite number"},
    {HEADER "level,,,,1.1x,0.2,,3,table,T\n" CURVE, "not a finite number"},
    {HEADER "level,,,,,0.2,,3,table,T\n" CURVE, "not a finite number"},
    {HEADER "level,,,,1.1,-0.2,,3,table,T\n" CURVE, "negative"},
    {HEADER "level,,,,1.1,0.2,,3.0,table,T\n" CURVE, "not a positive integer"},
    {HEADER "level,,,,1.1,0.2,,0,table,T\n" CURVE, "not a positive integer"},
    {HEADER "level,,,,1.1,0.2,,3,guess,T\n" CURVE, "unknown kind"},
    {HEADER "level,,,,1.1,0.2,,3,table,\n" CURVE, "no source"},
    {HEADER "level,,,,1.1,,,3,table,T\n" CURVE, "neither a margin nor"},
    {HEADER "level,,,,1.1,0.2,,3,table\n" CURVE, "fake.csv"},
    {"id,value\nlevel,1.1\n", "columns"},
    {"", "fake.csv"},
};

START_TEST(bad_references_are_failures) {
    Error error = {""};
    references(bad_references[_i].rows);
    ck_assert_int_eq(claims("", &error), 1);
    ck_assert_msg(strstr(error.text, bad_references[_i].says) != NULL, "%s", error.text);
    ck_assert_int_eq(file_exists(path_in("report/claims.csv")), 0);
}
END_TEST

START_TEST(missing_reference_file_is_a_failure) {
    Error error = {""};
    ck_assert_int_eq(file_remove(path_in("references/published/fake.csv"), &error), 0);
    ck_assert_int_eq(claims("", &error), 1);
    ck_assert_ptr_nonnull(strstr(error.text, "no such file"));
}
END_TEST

/* ---- faults in the results ---- */

START_TEST(missing_cell_is_a_failure) {
    Error error = {""};
    ck_assert_int_eq(run("fake --model plain", &error), 0); /* claims need fancy, too */
    ck_assert_int_eq(claims("", &error), 1);
    ck_assert_ptr_nonnull(strstr(error.text, "model=fancy width=1"));
    ck_assert_int_eq(run("fake", &error), 0);
    ck_assert_int_eq(claims("", &error), 0);
    ck_assert_int_eq(edit_file(path_in("r/fake_grid.csv"), "seeds,4", "seeds,5"), 1); /* a seed that was never run */
    ck_assert_int_eq(claims("", &error), 1);
    ck_assert_ptr_nonnull(strstr(error.text, "seed=46"));
}
END_TEST

START_TEST(no_results_is_a_failure) {
    Error error = {""};
    remove_tree(path_in("r"));
    ck_assert_int_eq(claims("", &error), 1);
    ck_assert_ptr_nonnull(strstr(error.text, "scaledown run fake"));
}
END_TEST

START_TEST(smoke_makes_no_claims) {
    Error error = {""};
    ck_assert_int_eq(run("fake --size smoke", &error), 0);
    ck_assert_int_eq(claims("", &error), 1);
    ck_assert_ptr_nonnull(strstr(error.text, "smoke"));
}
END_TEST

static const struct {
    const char *old, *replacement;
} merged_damage[] = {
    {"level,,,1.0", "level,,,1.1"}, {"level,,,1.0", "level,,,1"}, {"level,,,1.0", "level,,,nan"}, {"fake,", ""}};

START_TEST(altered_merged_results_are_failures) {
    Error error = {""};
    ck_assert_int_eq(edit_file(path_in("r/fake.csv"), merged_damage[_i].old, merged_damage[_i].replacement), 1);
    ck_assert_int_eq(claims("", &error), 1);
    ck_assert_ptr_nonnull(strstr(error.text, "fake.csv is not what its cells give"));
}
END_TEST

/* ---- recorded verdicts ---- */

static const struct {
    const char *old, *replacement, *says;
} recorded_damage[] = {
    {"fake-level,reproduced", "fake-level,contradicted", "recorded as contradicted, now reproduced"},
    {"fake-level,reproduced\n", "", "no verdict is recorded for claim fake-level"},
    {"fake-level", "fake-lovel", "unknown claim fake-lovel"},
    {"fake-order", "fake-level", "recorded twice"},
    {"reproduced", "reprodused", "unknown verdict"},
    {"id,verdict", "id,result", "columns"},
};

START_TEST(changed_verdicts_are_failures) {
    Error error = {""};
    ck_assert_int_eq(claims("--check", &error), 1); /* nothing recorded */
    ck_assert_int_eq(claims("--update", &error), 0);
    ck_assert_int_eq(claims("--check", &error), 0);
    char *path = path_in("references/claims.csv");
    ck_assert_int_eq(edit_file(path, recorded_damage[_i].old, recorded_damage[_i].replacement), 1);
    ck_assert_int_eq(claims("", &error), 0); /* only --check compares */
    ck_assert_int_eq(claims("--check", &error), 1);
    ck_assert_msg(strstr(error.text, recorded_damage[_i].says) != NULL, "%s", error.text);
}
END_TEST

START_TEST(verdicts_are_recorded_of_all_studies_or_none) {
    Error error = {""};
    ck_assert_int_eq(claims("fake --update", &error), EXIT_USAGE);
    ck_assert_ptr_nonnull(strstr(error.text, "leave out \"fake\""));
    ck_assert_ptr_null(slurp(path_in("references/claims.csv")));
    ck_assert_ptr_null(slurp(path_in("report/numbers.tex")));
    ck_assert_int_eq(claims("all --update", &error), 0);
    ck_assert_int_eq(claims("all --check", &error), 0);
}
END_TEST

START_TEST(showing_a_claim_changes_nothing) {
    Error error = {""};
    ck_assert_int_eq(call_list(show_command, fake_studies, "fake-level --update", &error), EXIT_USAGE);
    ck_assert_ptr_nonnull(strstr(error.text, "--update"));
}
END_TEST

START_TEST(duplicate_claims_are_refused) {
    static Claim doubled[3];
    static Study study;
    Error error = {""};
    doubled[0] = doubled[1] = fake_study.claims[0];
    study = fake_study;
    study.claims = doubled;
    ck_assert_int_ne(study_check(&study, &error), 0);
    ck_assert_ptr_nonnull(strstr(error.text, "twice"));
    doubled[1].id = "fake_level"; /* malformed */
    ck_assert_int_ne(study_check(&study, &error), 0);
    doubled[1] = doubled[0];
    doubled[1].id = "other";
    ck_assert_int_eq(study_check(&study, &error), 0);
    doubled[1].published = NULL;
    ck_assert_int_ne(study_check(&study, &error), 0);
    doubled[1] = doubled[0];
    doubled[1].id = "other";
    doubled[1].a.metric = "absent";
    const Study *const list[] = {&study, NULL};
    ck_assert_int_eq(call_list(claims_command, list, "", &error), 1);
    ck_assert_ptr_nonnull(strstr(error.text, "no metric absent"));
    doubled[1].a.metric = "lost"; /* diverged */
    ck_assert_int_eq(call_list(claims_command, list, "", &error), 1);
    ck_assert_ptr_nonnull(strstr(error.text, "diverged"));
}
END_TEST

START_TEST(unknown_claim_and_study) {
    Error error = {""};
    ck_assert_int_eq(call_list(show_command, fake_studies, "fake-lovel", &error), EXIT_USAGE);
    ck_assert_ptr_nonnull(strstr(error.text, "nearest: fake-level"));
    ck_assert_int_eq(claims("foke", &error), EXIT_USAGE);
    ck_assert_int_eq(call_list(show_command, fake_studies, "fake-level", &error), 0);
}
END_TEST

/* ---- files for the report ---- */

START_TEST(report_files) {
    Error error = {""};
    ck_assert_int_eq(claims("", &error), 0);
    char *table = slurp(path_in("report/claims_fake.tex")), *numbers = slurp(path_in("report/numbers.tex"));
    ck_assert_ptr_nonnull(strstr(table, "Table 1 & The plain level is one. & 1.1 \\ensuremath{\\pm} 0.2 & "
                                        "1.0000 [1.0000, 1.0000] & reproduced \\\\\n"));
    ck_assert_ptr_nonnull(strstr(numbers, "\\def\\resultFakeLevelOurs{1.0000}\n"));
    ck_assert_ptr_nonnull(strstr(numbers, "\\def\\resultFakeLevelVerdict{reproduced}\n"));
    ck_assert_ptr_nonnull(strstr(numbers, "% study: fake\n"));
    ck_assert_ptr_nonnull(strstr(numbers, "\\def\\resultFakeCountReproduced{"));
    free(table), free(numbers);
    ck_assert_str_eq(tex_name("classification-table1-mlp", arena), "ClassificationTableOneMlp");
    ck_assert_str_eq(tex_escape("a_b 5% {x} \\ ~", arena), "a\\_b 5\\% \\{x\\} \\textbackslash{} \\textasciitilde{}");
}
END_TEST

#define LOOP(test, table) tcase_add_loop_test(t, test, 0, (int)(sizeof(table) / sizeof *(table)))

static Suite *suite(void) {
    Suite *s = suite_create("verdict");
    TCase *t = tcase_create("verdict");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 60);
    tcase_add_test(t, quantiles_of_t);
    tcase_add_test(t, samples_and_intervals);
    LOOP(rule_of_judgement, rule);
    tcase_add_test(t, value_within_its_published_spread);
    tcase_add_test(t, own_margin_brings_in_the_published_spread);
    tcase_add_test(t, pairs_by_seed);
    tcase_add_test(t, one_seed_is_no_interval);
    LOOP(published_numbers_have_the_digits_of_their_uncertainty, printed);
    LOOP(the_same_run_is_judged_by_the_first_seed_alone, same_run);
    tcase_add_loop_test(t, curves_are_reduced_seed_by_seed, 0, sizeof curves / sizeof *curves);
    tcase_add_test(t, series_are_claims_one_by_one_and_a_row_in_tables);
    LOOP(bad_references_are_failures, bad_references);
    tcase_add_test(t, missing_reference_file_is_a_failure);
    tcase_add_test(t, missing_cell_is_a_failure);
    tcase_add_test(t, no_results_is_a_failure);
    tcase_add_test(t, smoke_makes_no_claims);
    LOOP(altered_merged_results_are_failures, merged_damage);
    LOOP(changed_verdicts_are_failures, recorded_damage);
    tcase_add_test(t, verdicts_are_recorded_of_all_studies_or_none);
    tcase_add_test(t, showing_a_claim_changes_nothing);
    tcase_add_test(t, duplicate_claims_are_refused);
    tcase_add_test(t, unknown_claim_and_study);
    tcase_add_test(t, report_files);
    suite_add_tcase(s, t);
    return s;
}

int main(void) {
    return run_suite(suite());
}
