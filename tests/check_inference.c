/* Distributions and tests against numbers of R (tests/oracle/inference.R says how they were made). */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/csv.h"
#include "study/inference.h"
#include "suite.h"

static Arena *arena;
static CsvTable table;

static void setup(void) {
    Error error = {""};
    arena = arena_create(0);
    ck_assert_msg(csv_read("tests/oracle/inference.csv", arena, &table, &error) == 0, "%s", error.text);
}

static void teardown(void) {
    arena_destroy(arena);
}

static double number(size_t row, size_t column) {
    const char *text = csv_text(&table, row, column);
    double value = NAN;
    if (strcmp(text, "Inf") == 0) return HUGE_VAL;
    if (*text) ck_assert_int_eq(parse_double(text, &value), 0);
    return value;
}

static void close_to(double got, double wanted, double relative, const char *what, double a, double b) {
    const double error = got == wanted ? 0 : fabs(got - wanted) / fmax(fabs(wanted), 1e-300);
    ck_assert_msg(error <= relative || fabs(got - wanted) < 1e-14, "%s(%.17g, %.17g) = %.17g, wanted %.17g", what, a, b,
                  got, wanted);
}

static double one(double (*f)(double), double a, double b) {
    (void)b;
    return f(a);
}

START_TEST(functions_agree_with_R) {
    static const struct {
        const char *name;
        double (*of_one)(double);
        double (*of_two)(double, double);
        double relative;
    } functions[] = {{"log_gamma", log_gamma, NULL, 1e-13}, {"digamma", digamma, NULL, 1e-13},
                     {"trigamma", trigamma, NULL, 1e-13},   {"trigamma_inverse", trigamma_inverse, NULL, 1e-10},
                     {"t_upper", NULL, t_upper, 1e-9},      {"t_two_sided", NULL, t_two_sided, 1e-9},
                     {"t_quantile", NULL, t_quantile, 1e-9}};
    size_t checked[7] = {0};
    for (size_t r = 0; r < table.rows; r++)
        for (size_t f = 0; f < sizeof functions / sizeof *functions; f++) {
            if (strcmp(csv_text(&table, r, 0), functions[f].name) != 0) continue;
            const double a = number(r, 1), b = number(r, 2);
            const double got = functions[f].of_one ? one(functions[f].of_one, a, b) : functions[f].of_two(a, b);
            close_to(got, number(r, 4), functions[f].relative, functions[f].name, a, b);
            checked[f]++;
        }
    for (size_t f = 0; f < 7; f++) ck_assert_uint_ge(checked[f], 9);
}
END_TEST

START_TEST(variances_are_shared_as_by_limma) {
    for (int family = 1; family <= 6; family++) {
        double value[6][64];
        size_t n = 0;
        for (size_t r = 0; r < table.rows; r++) {
            if (strcmp(csv_text(&table, r, 0), "squeeze") != 0 || number(r, 1) != family) continue;
            const size_t row = (size_t)number(r, 2) - 1;
            value[(size_t)number(r, 3) - 1][row] = number(r, 4);
            if (row >= n) n = row + 1;
        }
        ck_assert_uint_ge(n, 2);
        const VariancePrior prior = prior_fit(n, value[0], value[1]);
        close_to(prior.variance, value[4][0], 1e-8, "prior variance", family, 0);
        close_to(prior.df, value[5][0], 1e-8, "prior df", family, 0);
        for (size_t i = 0; i < n; i++) {
            close_to(prior_variance(&prior, value[0][i], value[1][i]), value[2][i], 1e-8, "variance", family,
                     (double)i);
            close_to(prior_df(&prior, value[1][i]), value[3][i], 1e-8, "df", family, (double)i);
        }
    }
}
END_TEST

START_TEST(many_p_values_are_adjusted_as_by_R) {
    static const struct {
        const char *name;
        void (*adjust)(size_t, const double *, double *);
    } ways[] = {{"holm", adjust_holm}, {"BH", adjust_benjamini_hochberg}, {"BY", adjust_benjamini_yekutieli}};
    double p[10], adjusted[10], with_nan[11], out[11];
    for (size_t r = 0; r < table.rows; r++)
        if (strcmp(csv_text(&table, r, 0), "p") == 0) p[(size_t)number(r, 1) - 1] = number(r, 4);
    for (size_t w = 0; w < 3; w++) {
        ways[w].adjust(10, p, adjusted);
        size_t checked = 0;
        for (size_t r = 0; r < table.rows; r++) {
            if (strcmp(csv_text(&table, r, 0), ways[w].name) != 0) continue;
            close_to(adjusted[(size_t)number(r, 1) - 1], number(r, 4), 1e-14, ways[w].name, number(r, 1), 0);
            checked++;
        }
        ck_assert_uint_eq(checked, 10);
        with_nan[0] = NAN;
        memcpy(with_nan + 1, p, sizeof p);
        ways[w].adjust(11, with_nan, out);
        ck_assert(isnan(out[0]));
        for (size_t i = 0; i < 10; i++) ck_assert_double_eq(out[i + 1], adjusted[i]);
    }
}
END_TEST

START_TEST(equivalence_is_two_one_sided_tests) {
    for (size_t r = 0; r < table.rows; r++)
        if (strcmp(csv_text(&table, r, 0), "equivalence") == 0)
            close_to(equivalence_p(number(r, 1), 1, number(r, 3), number(r, 2)), number(r, 4), 1e-9, "equivalence",
                     number(r, 1), number(r, 2));
    ck_assert_double_eq(equivalence_p(0.4, 0, 3, 0.5), 0);
    ck_assert_double_eq(equivalence_p(0.6, 0, 3, 0.5), 1);
}
END_TEST

START_TEST(power_and_binomial_agree_with_R) {
    size_t power = 0, binomial = 0;
    for (size_t r = 0; r < table.rows; r++) {
        const double a = number(r, 1), b = number(r, 2), c = number(r, 3), wanted = number(r, 4);
        if (strcmp(csv_text(&table, r, 0), "power") == 0) {
            const double got = power_between(isnan(a) ? -HUGE_VAL : a, b, t_quantile(0.95, c), c);
            ck_assert_msg(fabs(got - wanted) < 2e-6, "power(%g, %g, %g) = %.9f, wanted %.9f", a, b, c, got, wanted);
            power++;
        } else if (strcmp(csv_text(&table, r, 0), "binomial") == 0) {
            close_to(binomial_two_sided((size_t)a, (size_t)b, c), wanted, 1e-11, "binomial", a, c);
            binomial++;
        }
    }
    ck_assert_uint_eq(power, 30);
    ck_assert_uint_eq(binomial, 9);
}
END_TEST

START_TEST(impossible_means_are_found) {
    ck_assert(grim_possible(78.2, 1, 1000));   /* 782 of 1000 */
    ck_assert(!grim_possible(78.25, 2, 1000)); /* 782.5 of 1000 */
    ck_assert(grim_possible(78.25, 2, 2000));  /* the mean of two runs */
    ck_assert(grim_possible(0, 2, 7) && grim_possible(100, 1, 7));
    ck_assert(grim_possible(14.29, 2, 7) && !grim_possible(14.30, 2, 7));
}
END_TEST

int main(void) {
    Suite *s = suite_create("inference");
    TCase *t = tcase_create("inference");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, functions_agree_with_R);
    tcase_add_test(t, variances_are_shared_as_by_limma);
    tcase_add_test(t, many_p_values_are_adjusted_as_by_R);
    tcase_add_test(t, equivalence_is_two_one_sided_tests);
    tcase_add_test(t, power_and_binomial_agree_with_R);
    tcase_add_test(t, impossible_means_are_found);
    suite_add_tcase(s, t);
    return run_suite(s);
}
