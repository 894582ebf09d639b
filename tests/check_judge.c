/* The rule between a difference and a margin, and how many seeds it takes. */
#include <check.h>
#include <math.h>

#include "random/random.h"
#include "study/judge.h"
#include "suite.h"

/* With df infinite: 1.96 and 1.645 standard errors. */
static const struct {
    ClaimKind kind;
    double difference, standard_error, blur, margin;
    Judgement expected;
} rule[] = {
    {CLAIM_VALUE, 0, 0.6, 0, 1, REPRODUCED}, /* 0.987 */
    {CLAIM_VALUE, 0, 0.61, 0, 1, NOT_DISTINGUISHABLE},
    {CLAIM_VALUE, -0.3, 0.42, 0, 1, REPRODUCED}, /* 0.691 */
    {CLAIM_VALUE, -0.3, 0.43, 0, 1, NOT_DISTINGUISHABLE},
    {CLAIM_VALUE, 2, 0.5, 0, 1, CONTRADICTED}, /* 1.02 */
    {CLAIM_VALUE, 2, 0.52, 0, 1, NOT_DISTINGUISHABLE},
    {CLAIM_VALUE, -2, 0.5, 0, 1, CONTRADICTED},
    {CLAIM_VALUE, -2, 0.5, 0.1, 1, NOT_DISTINGUISHABLE}, /* 2 - 0.98 - 0.1 */
    {CLAIM_VALUE, 0, 0.6, 0.05, 1, NOT_DISTINGUISHABLE},
    {CLAIM_VALUE, 0, 0.01, 1.1, 1, NOT_DISTINGUISHABLE}, /* read no better than the margin */
    {CLAIM_VALUE, 0, 0, 0, 0, REPRODUCED},
    {CLAIM_VALUE, 0.1, 0, 0, 0, CONTRADICTED},
    {CLAIM_VALUE, 0.1 + 0.2 - 0.3, 0, 0, 0, REPRODUCED}, /* 5.6e-17, the rounding of decimals */
    {CLAIM_VALUE, 1, 0, 0, 1, REPRODUCED},
    {CLAIM_EQUAL, 0.5, 0.3, 0, 1, REPRODUCED},
    {CLAIM_EQUAL, 0.5, 0.31, 0, 1, NOT_DISTINGUISHABLE},
    {CLAIM_EQUAL, 2, 0.4, 0, 1, CONTRADICTED},
    {CLAIM_ABOVE, 1, 0.5, 0, 0, REPRODUCED}, /* 0.98 */
    {CLAIM_ABOVE, 1, 0.52, 0, 0, NOT_DISTINGUISHABLE},
    {CLAIM_ABOVE, -1, 0.5, 0, 0, CONTRADICTED},
    {CLAIM_ABOVE, 1, 0.4, 0.3, 0, NOT_DISTINGUISHABLE},
    {CLAIM_ABOVE, 3, 0.5, 0, 2, REPRODUCED}, /* by more than the margin */
    {CLAIM_ABOVE, 2.5, 0.5, 0, 2, NOT_DISTINGUISHABLE},
    {CLAIM_ABOVE, 0.9, 0.5, 0, 2, CONTRADICTED},
    {CLAIM_ABOVE, 0, 0, 0, 0, NOT_DISTINGUISHABLE},
    {CLAIM_ABOVE, 0.1, 0, 0, 0, REPRODUCED},
    {CLAIM_AT_LEAST, 0, 0, 0, 0, REPRODUCED},
    {CLAIM_AT_LEAST, -0.5, 0, 0, 0.5, REPRODUCED},
    {CLAIM_AT_LEAST, 0.5, 0.5, 0, 0.5, REPRODUCED},
    {CLAIM_AT_LEAST, 0.4, 0.5, 0, 0.5, NOT_DISTINGUISHABLE},
    {CLAIM_AT_LEAST, -2, 0.5, 0, 0.5, CONTRADICTED},
    {CLAIM_AT_MOST, 0, 0, 0, 0, REPRODUCED},
    {CLAIM_AT_MOST, 0.5, 0, 0, 0.5, REPRODUCED},
    {CLAIM_AT_MOST, -0.5, 0.5, 0, 0.5, REPRODUCED},
    {CLAIM_AT_MOST, -0.4, 0.5, 0, 0.5, NOT_DISTINGUISHABLE},
    {CLAIM_AT_MOST, 2, 0.5, 0, 0.5, CONTRADICTED},
    {CLAIM_ONE_RUN, 0.3, 0.5, 0, 1, REPRODUCED}, /* 0.98 to each side, and 0 within */
    {CLAIM_ONE_RUN, 0.9, 0.5, 0, 1, REPRODUCED},
    {CLAIM_ONE_RUN, 0.3, 0.52, 0, 1, NOT_DISTINGUISHABLE},
    {CLAIM_ONE_RUN, 1, 0.5, 0, 9, CONTRADICTED},
    {CLAIM_ONE_RUN, 1, 0.5, 0.1, 9, REPRODUCED},
    {CLAIM_ONE_RUN, 0, 0, 0, 2, REPRODUCED},
    {CLAIM_ONE_RUN, 0.1, 0, 0, 2, CONTRADICTED},
};

static Estimate estimate_of(double difference, double standard_error, double df, double blur) {
    return (Estimate){difference, standard_error, df, blur, 1};
}

START_TEST(rule_of_judgement) {
    const Estimate e = estimate_of(rule[_i].difference, rule[_i].standard_error, HUGE_VAL, rule[_i].blur);
    ck_assert_int_eq(judge(rule[_i].kind, &e, rule[_i].margin, 0.05).judgement, rule[_i].expected);
}
END_TEST

/* The verdict by p is that of the intervals, whatever the numbers. */
START_TEST(p_values_are_those_of_the_intervals) {
    static const ClaimKind kinds[] = {CLAIM_VALUE, CLAIM_ABOVE, CLAIM_AT_LEAST, CLAIM_ONE_RUN, CLAIM_AT_MOST};
    static const double dfs[] = {1, 2, 5.5, 40};
    Philox philox;
    philox_seed(&philox, 5, 0);
    size_t of[N_JUDGEMENTS] = {0};
    for (uint64_t i = 0; i < 2000; i++) {
        const ClaimKind kind = kinds[i % 5];
        const Estimate e = estimate_of(4 * philox_normal(&philox, 4 * i), philox_uniform(&philox, 4 * i + 1),
                                       dfs[i / 4 % 4], i % 3 ? 0 : 0.2);
        const double m = 3 * philox_uniform(&philox, 4 * i + 2);
        const Decision d = judge(kind, &e, m, 0.05);
        const Interval i95 = d.interval, i90 = d.interval90;
        Judgement expected = NOT_DISTINGUISHABLE;
        if (kind == CLAIM_VALUE)
            expected = i90.low >= -m && i90.high <= m ? REPRODUCED
                       : i95.low > m || i95.high < -m ? CONTRADICTED
                                                      : NOT_DISTINGUISHABLE;
        else if (kind == CLAIM_ONE_RUN)
            expected = i95.low > 0 || i95.high < 0     ? CONTRADICTED
                       : (i95.high - i95.low) / 2 <= m ? REPRODUCED
                                                       : NOT_DISTINGUISHABLE;
        else if (kind == CLAIM_AT_MOST)
            expected = i95.high < m ? REPRODUCED : i95.low > m ? CONTRADICTED : NOT_DISTINGUISHABLE;
        else {
            const double threshold = kind == CLAIM_ABOVE ? m : -m;
            expected = i95.low > threshold ? REPRODUCED : i95.high < threshold ? CONTRADICTED : NOT_DISTINGUISHABLE;
        }
        ck_assert_msg(d.judgement == expected, "kind %d, d %g, se %g, df %g, m %g: %s", kind, e.difference,
                      e.standard_error, e.df, m, judgement_names[d.judgement]);
        ck_assert((d.p_difference <= 0.05) == (i95.low > 0 || i95.high < 0));
        ck_assert(d.p >= 0 && d.p <= 1 && d.p_difference >= 0 && d.p_difference <= 1);
        of[d.judgement]++;
    }
    for (int j = 0; j < 3; j++) ck_assert_uint_ge(of[j], 100);
}
END_TEST

START_TEST(a_stricter_level_decides_less) {
    const Estimate e = estimate_of(1, 0.45, HUGE_VAL, 0); /* p 0.026 */
    ck_assert_int_eq(judge(CLAIM_ABOVE, &e, 0, 0.05).judgement, REPRODUCED);
    ck_assert_int_eq(judge(CLAIM_ABOVE, &e, 0, 0.02).judgement, NOT_DISTINGUISHABLE);
    ck_assert_double_eq_tol(judge(CLAIM_ABOVE, &e, 0, 0.05).p, 0.026262, 1e-5);
}
END_TEST

/* ---- how many seeds ---- */

START_TEST(what_a_standard_error_is_made_of) {
    double se, df;
    const Spread own = {.own = 4, .prior_df = 0, .members = 1}, shared = {.own = 4, .prior_df = 3, .members = 2};
    spread_at(&own, 4, &se, &df);
    ck_assert_double_eq(se, 1);
    ck_assert_double_eq(df, 3);
    spread_at(&shared, 4, &se, &df);
    ck_assert_double_eq(df, 6); /* 3 + 3 */
    const Spread capped = {.own = 4, .prior_df = HUGE_VAL, .members = 2};
    spread_at(&capped, 4, &se, &df);
    ck_assert_double_eq(df, 6); /* of the family */
    const Spread run = {.own = 4, .members = 1, .as_ours = 1};
    spread_at(&run, 4, &se, &df);
    ck_assert_double_eq_tol(se, sqrt(5), 1e-15);
    /* Welch and Satterthwaite: 1 + 1 on 3 and 1 degrees of freedom */
    const Spread published = {.own = 4, .members = 1, .published = 1, .published_df = 1};
    spread_at(&published, 4, &se, &df);
    ck_assert_double_eq_tol(se, sqrt(2), 1e-15);
    ck_assert_double_eq_tol(df, 4 / (1.0 / 3 + 1), 1e-14);
}
END_TEST

/* The textbook's numbers: one-sample t tests at 5 %, 80 % power.  From R: power.t.test(delta = d, sd = 1, power = 0.8, type
 * = "one.sample"), rounded up. */
static const struct {
    double d;
    int n;
} seeds[] = {{0.5, 34}, {0.8, 15}, {1, 10}, {1.5, 6}, {2, 5}, {3, 4}};

START_TEST(seeds_are_those_of_the_textbook) {
    const Spread spread = {.own = 1, .members = 1};
    const Estimate e = estimate_of(seeds[_i].d, 9, 1, 0);
    ck_assert_int_eq(seeds_to_decide(CLAIM_ABOVE, &e, &spread, 0, 0.05), seeds[_i].n);
    /* a difference beyond the margin is the same distance away */
    const Estimate beyond = estimate_of(-3 - seeds[_i].d, 9, 1, 0);
    ck_assert_int_eq(seeds_to_decide(CLAIM_VALUE, &beyond, &spread, 3, 0.05), seeds[_i].n);
}
END_TEST

START_TEST(some_claims_no_number_of_seeds_decides) {
    const Spread spread = {.own = 1, .members = 1};
    const Spread two = {.own = 1, .members = 1, .published = 1, .published_df = 1};
    const Spread run = {.own = 1, .members = 1, .as_ours = 1};
    const Estimate at_edge = estimate_of(1, 1, 1, 0), near = estimate_of(0.999, 1, 1, 0),
                   none = estimate_of(0, 1, 1, 0);
    ck_assert_int_eq(seeds_to_decide(CLAIM_VALUE, &at_edge, &spread, 1, 0.05), SEEDS_NEVER);
    ck_assert_int_eq(seeds_to_decide(CLAIM_VALUE, &near, &spread, 1, 0.05), SEEDS_TOO_MANY);
    ck_assert_int_eq(seeds_to_decide(CLAIM_VALUE, &none, &two, 1, 0.05), SEEDS_NEVER);     /* theirs is too uncertain */
    ck_assert_int_eq(seeds_to_decide(CLAIM_ONE_RUN, &none, &run, 1.9, 0.05), SEEDS_NEVER); /* 1.96 to each side */
    ck_assert_int_eq(seeds_to_decide(CLAIM_ONE_RUN, &none, &run, 2.2, 0.05), 16); /* t(15) sqrt(1 + 1/16) = 2.197 */
}
END_TEST

int main(void) {
    Suite *s = suite_create("judge");
    TCase *t = tcase_create("judge");
    tcase_add_loop_test(t, rule_of_judgement, 0, (int)(sizeof rule / sizeof *rule));
    tcase_add_test(t, p_values_are_those_of_the_intervals);
    tcase_add_test(t, a_stricter_level_decides_less);
    tcase_add_test(t, what_a_standard_error_is_made_of);
    tcase_add_loop_test(t, seeds_are_those_of_the_textbook, 0, (int)(sizeof seeds / sizeof *seeds));
    tcase_add_test(t, some_claims_no_number_of_seeds_decides);
    suite_add_tcase(s, t);
    return run_suite(s);
}
