/* Quantities: what an expression means, seed by seed, and that no fault in one becomes a number. */
#include <check.h>
#include <math.h>
#include <string.h>

#include "fake_results.h"
#include "suite.h"

static FakeResults fake;

static void setup(void) {
    fake_results_begin(&fake);
}
static void teardown(void) {
    fake_results_end(&fake);
}

enum { REFUSED = -2 };

/* What quantity_values returns, or REFUSED by the parser. */
static int value_of(const char *text, const double **values, Error *error) {
    const Quantity *quantity;
    size_t n;
    unsigned first_seed;
    if (quantity_parse(text, "claims.csv, line 7, column a", &fake.catalogue, fake_experiment(&fake, "here/fake"),
                       fake.arena, &quantity, error))
        return REFUSED;
    ck_assert_str_eq(quantity_text(quantity), text);
    const Measured measured = quantity_values(quantity, &fake.source, fake.arena, &n, &first_seed, values, error);
    if (measured != MEASURED) return measured;
    ck_assert_uint_eq(n, 4);
    ck_assert_uint_eq(first_seed, 42);
    return 0;
}

#define SAME(x)                                                                                                        \
    { x, x, x, x }
#define NOISE(x)                                                                                                       \
    { (x) - 0.15, (x)-0.05, (x) + 0.05, (x) + 0.15 }
#define NOISE_TIMES(x, k)                                                                                              \
    { (k) * ((x)-0.15), (k) * ((x)-0.05), (k) * ((x) + 0.05), (k) * ((x) + 0.15) }
#define PLAIN2 "[model=plain width=2]"

static const struct {
    const char *text;
    double expected[4];
} meaning[] = {
    {"level" PLAIN2, SAME(2)},
    {"level[width=2 model=plain]", SAME(2)},
    {"level[ width=2  model=plain ]", SAME(2)},
    {"level[width=2 model=plain rate=1e-1]", SAME(2)}, /* values in their canonical form */
    {"noisy" PLAIN2, NOISE(2)},
    {"ramp" PLAIN2 "@7", SAME(7)},
    {"ramp" PLAIN2 "@7.0", SAME(7)},
    {"mean(ramp" PLAIN2 "@2..5)", SAME(3.5)},
    {"mean(ramp" PLAIN2 "@1.5..3e0)", SAME(2.5)},
    {"mean(ramp" PLAIN2 "@1,2,9)", SAME(4)},
    {"last(ramp" PLAIN2 "@9,2,1)", SAME(1)},
    {"mean(ramp" PLAIN2 "@0,7..9)", SAME(6)},
    {"max(ramp" PLAIN2 "@*)", SAME(9)},
    {"min(ramp" PLAIN2 "@*)", SAME(0)},
    {"last(ramp" PLAIN2 "@-5..8)", SAME(8)},
    {"max(bump" PLAIN2 "@*)", NOISE(2)},
    {"argmax(bump" PLAIN2 "@*)", SAME(4)},
    {"argmin(bump" PLAIN2 "@*)", SAME(9)},
    {"argmax(bump" PLAIN2 "@0..1,8..9)", SAME(1)},
    {"argmax(flat" PLAIN2 "@*)", SAME(0)}, /* the first of equals */
    {"argmin(flat" PLAIN2 "@*)", SAME(0)},
    {"first(ramp" PLAIN2 "@* > 6.5)", SAME(7)},
    {"first(ramp" PLAIN2 "@*>6)", SAME(7)},
    {"first(fall" PLAIN2 "@* < -8)", SAME(3)},
    {"first(ramp" PLAIN2 "@* > 3 + bump" PLAIN2 "@*)", SAME(5)},
    {"first(ramp" PLAIN2 "@1..9 > level" PLAIN2 ")", SAME(3)},
    {"spearman(ramp" PLAIN2 "@*)", SAME(1)},
    {"spearman(fall" PLAIN2 "@*)", SAME(-1)},
    {"spearman(bump" PLAIN2 "@3..5)", SAME(0)},
    {"last(smoothed(0.5, ramp" PLAIN2 "@1..3))", SAME((0.25 * 1 + 0.5 * 2 + 3) / 1.75)},
    {"max(smoothed(0.5, fall" PLAIN2 "@1..3))", SAME(-1)}, /* the first point stays as it is */
    {"last(smoothed(0, ramp" PLAIN2 "@*))", SAME(9)},
    {"mean(smoothed( 0.6 ,flat" PLAIN2 "@*))", SAME(1)},
    {"first(smoothed(0.5, ramp" PLAIN2 "@*) > 3)", SAME(4)}, /* 3 is at 2.2, 4 at 3.1 */
    {"max(smoothed(0.5, ramp" PLAIN2 "@1..3) - ramp" PLAIN2 "@1..3)", SAME(0)},
    {"argmax(smoothed(0.9, bump" PLAIN2 "@3..5))", SAME(4)},
    {"last(smoothed(0.5, level[model=plain width=3,1]))", SAME((0.5 * 3 + 1) / 1.5)},
    {"last(smoothed(0.5, noisy" PLAIN2 " * ramp" PLAIN2 "@1..2))", NOISE_TIMES(2, 2.5 / 1.5)},
    {"max(level[model=plain width=1..3])", SAME(3)},
    {"max(level[model=plain width=*])", SAME(3)},
    {"argmax(level[model=plain width=1..2])", SAME(2)},
    {"mean(noisy[width=3,1 model=plain])", NOISE(2)},
    {"last(level[width=3,1 model=plain])", SAME(1)},
    {"last(level[width=2..3,1 model=plain])", SAME(1)},
    {"argmin(ramp[model=plain width=2,3]@5)", SAME(2)},
    {"min(level[model=plain,fancy width=2])", SAME(2)},
    {"max(level[model=* width=2])", SAME(12)},
    {"mean(level[model=fancy width=*] - level[model=plain width=*])", SAME(10)},
    {"max(level[model=fancy,plain width=2] - noisy[model=fancy,plain width=2])", {0.15, 0.05, -0.05, -0.15}},
    {"level[model=fancy width=1] / level" PLAIN2 " * 2", SAME(11)},
    {"1 - 2 - 3 + level" PLAIN2, SAME(-2)},
    {"8/2/2 * level" PLAIN2, SAME(4)},
    {"8/(2/2) * level" PLAIN2, SAME(16)},
    {"-level" PLAIN2 " - -3", SAME(1)},
    {"2 + 3 * level" PLAIN2, SAME(8)},
    {"(2 + 3) * level" PLAIN2, SAME(10)},
    {"1.5e1 + level" PLAIN2, SAME(17)},
    {"ramp" PLAIN2 "@5-2 * 1", SAME(3)},
    {"mean(2 * ramp" PLAIN2 "@0..1)", SAME(1)},
    {"other:level", SAME(1)},
    {"here/other:level + there/fake:level + there/fake:level", SAME(11)},
    {"max(other:ramp@* - ramp" PLAIN2 "@*)", SAME(0)},
    {"late" PLAIN2 "@1", SAME(1)},
    /* a range, or *, is a curve even where it holds one point */
    {"mean(ramp" PLAIN2 "@3..3)", SAME(3)},
    {"max(level[model=plain width=2..2])", SAME(2)},
    {"argmax(level[model=plain width=3..9])", SAME(3)},
    /* in the order of numbers, whichever row of the table has them and whenever they were recorded */
    {"last(level[model=fancy width=*] - 10)", SAME(3)},
    {"last(mixed:level[model=fancy width=*])", SAME(13)},
    {"last(mixed:level[model=fancy width=1..2])", SAME(12)},
    {"last(mixed:level[model=fancy width=3,1..2])", SAME(12)},
    {"last(mixed:level[model=fancy width=2,1])", SAME(11)},
    {"first(mixed:level[model=fancy width=*] > 11)", SAME(2)},
    {"argmax(mixed:flat[model=fancy width=*]@1)", SAME(1)},
    {"max(mixed:level[model=fancy width=*] - level[model=fancy width=*])", SAME(0)},
    {"max(mixed:level[model=* width=2] - level[model=* width=2])", SAME(0)},
    {"last(back" PLAIN2 "@*)", SAME(3)},
    {"last(back" PLAIN2 "@0..2)", SAME(2)},
    {"first(back" PLAIN2 "@* > 0.5)", SAME(1)},
    {"max(back" PLAIN2 "@* - ramp" PLAIN2 "@0..3)", SAME(0)},
};

START_TEST(expressions_mean_what_the_header_says) {
    Error error = {""};
    const double *values = NULL;
    ck_assert_msg(value_of(meaning[_i].text, &values, &error) == 0, "%s: %s", meaning[_i].text, error.text);
    for (int s = 0; s < 4; s++)
        ck_assert_msg(fabs(values[s] - meaning[_i].expected[s]) < 1e-12, "%s: seed %d gives %g, not %g",
                      meaning[_i].text, 42 + s, values[s], meaning[_i].expected[s]);
}
END_TEST

START_TEST(equal_values_share_their_rank) {
    Error error = {""};
    const double *values;
    const char *text = "spearman((ramp" PLAIN2 "@0..3 - 1) * (ramp" PLAIN2 "@0..3 - 2))"; /* 2 0 0 2 */
    ck_assert_msg(value_of(text, &values, &error) == 0, "%s", error.text);
    ck_assert_double_eq_tol(values[0], 0, 1e-12);
    text = "spearman((ramp" PLAIN2 "@0..3 - 1) * (ramp" PLAIN2 "@0..3 - 1))"; /* 1 0 1 4: ranks 2.5 1 2.5 4 */
    ck_assert_msg(value_of(text, &values, &error) == 0, "%s", error.text);
    ck_assert_double_eq_tol(values[0], 3.0 / sqrt(5 * 4.5), 1e-12);
}
END_TEST

/* Found without results: position and reason. */
static const struct {
    const char *text, *says;
} malformed[] = {
    {"", "position 1 of \"\": a metric, a function, a finite number or a ( is expected"},
    {"  ", "position 3"},
    {"level +", "position 8"},
    {"level level", "position 7 of \"level level\": an operator or the end"},
    {"level]", "position 6"},
    {"3", "no metric is named"},
    {"levél", "position 4"},
    {"Level", "position 1"},
    {"a-b", "position 1 of \"a-b\": \"a-b\": a metric's name has no hyphens; a minus has blanks around it"},
    {"level[", "position 6 of \"level[\": the [ is never closed"},
    {"level[]", "no parameter is named"},
    {"level[width]", "position 7 of \"level[width]\": parameter=value"},
    {"level[width=2", "never closed"},
    {"level[width=2, model=plain]", "a blank is between settings, a comma between the values of one"},
    {"level[width=2,model=plain]", "a blank is between settings, a comma between the values of one"},
    {"level[widht=2]", "no parameter \"widht\"; nearest: width"},
    {"level[width=2 width=3]", "position 15 of \"level[width=2 width=3]\": width is set twice"},
    {"level[width=x]", "width: \"x\" is not an integer from 1 to 9"},
    {"level[width=10]", "is not an integer from 1 to 9"},
    {"level[width=]", "is not an integer"},
    {"level[width=2,]", "a blank is between settings"},
    {"level[model=plane]", "nearest: plain); one of plain,fancy"},
    {"level[model=plain..fancy]", "one of plain,fancy"},
    {"max(level[width=3..2])", "\"3..2\" is not a range"},
    {"max(level[width=1..])", "is not a range"},
    {"max(level[width=1,1])", "names what the list has already"},
    {"max(level[width=1,*])", "names what the list has already"},
    {"max(level[model=plain,plain])", "names what the list has already"},
    {"max(ramp@1..3,2)", "position 15 of \"max(ramp@1..3,2)\": \"2\" names what"},
    {"max(level[width=1,2 model=*])", "position 21 of \"max(level[width=1,2 model=*])\": a curve runs along one"},
    {"max(ramp[width=1,2]@1..2)", "a curve runs along one thing"},
    {"ramp@", "\"\" is not an x"},
    {"ramp@x", "\"\" is not an x"},
    {"ramp@1e999", "is not an x"},
    {"ramp@1.2.3", "expected"},
    {"ramp@nan", "is not an x"},
    {"ramp@5[width=2]", "the cell stands before the x"},
    {"ramp@1..5", "this is a curve; say what of it counts"},
    {"level[width=*]", "this is a curve"},
    {"mean(level)", "mean() needs a curve"},
    {"mean(3)", "mean() needs a curve"},
    {"mean(ramp@*", "position 12 of \"mean(ramp@*\": a ) is expected here, for mean("},
    {"meen(ramp@*)", "no function \"meen\"; there are mean, min"},
    {"mean()", "position 6"},
    {"argmax(level[model=*])", "argmax() needs a curve along numbers"},
    {"spearman(level[model=*])", "along numbers"},
    {"last(level[model=*])", "position 1 of \"last(level[model=*])\": last() needs a curve along numbers, not along"},
    {"first(level[model=*] > 3)", "along numbers"},
    {"smoothed(0.6, ramp@*)", "this is a curve"},
    {"last(smoothed(ramp@*))", "position 15 of \"last(smoothed(ramp@*))\": a weight from 0 to below 1"},
    {"last(smoothed(1, ramp@*))", "a weight from 0 to below 1"},
    {"last(smoothed(-0.1, ramp@*))", "a weight from 0 to below 1"},
    {"last(smoothed(nan, ramp@*))", "a weight from 0 to below 1"},
    {"last(smoothed(0.6 ramp@*))", "position 19 of \"last(smoothed(0.6 ramp@*))\": a , is expected"},
    {"last(smoothed(0.6, ramp))", "smoothed() needs a curve"},
    {"mean(smoothed(0.6, level[model=*]))", "smoothed() needs a curve along numbers"},
    {"last(smoothed(0.6, ramp@*)", "a ) is expected here, for last("},
    {"first(ramp@*)", "a > or < is expected"},
    {"first(ramp@* > )", "position 16"},
    {"ramp@1 > 2", "a comparison belongs into first()"},
    {"mean(level[model=*] + ramp@*)", "one of these curves runs along choices"},
    {"(level", "position 1 of \"(level\": the ( is never closed"},
    {"level)", "position 6"},
    {"fakr:level", "position 1 of \"fakr:level\": unknown experiment \"fakr\" (nearest: fake)"},
    {"there/other:level", "position 1"},
    {"nowhere/fake:level", "unknown paper \"nowhere"},
    {"other:", "position 7 of \"other:\": a metric's name"},
    {"other:[width=2]", "a metric's name"},
    {"1e999 * level", "a finite number"},
    {"0x10 * level", "position 2"},
};

START_TEST(malformed_quantities_are_errors_at_a_place) {
    Error error = {""};
    const double *values;
    ck_assert_msg(value_of(malformed[_i].text, &values, &error) == REFUSED, "accepted: %s", malformed[_i].text);
    ck_assert_msg(strstr(error.text, malformed[_i].says) != NULL, "%s: %s", malformed[_i].text, error.text);
    ck_assert_ptr_eq(strstr(error.text, "claims.csv, line 7, column a, position "), error.text);
}
END_TEST

/* Found in the results. */
static const struct {
    const char *text, *says;
} unanswered[] = {
    {"level", "several cells of experiment fake are named; say width=1 or width=2"},
    {"level[width=2]", "say model=plain or model=fancy"},
    {"max(level[width=*])", "say model=plain or model=fancy"},
    {"level[model=plain width=7]", "no cell with width 7 that fits what is named before it; there width is 1, 2, 3"},
    {"level[rate=5 model=plain width=1]", "no cell with rate 5 that fits what is named before it; there rate is 0.1"},
    {"max(level[model=plain width=1,7])", "no cell with width 7"},
    {"max(level[model=plain width=4..9])", "no cell with width in this range"},
    {"levl" PLAIN2, "experiment fake, cell model=plain width=2: no metric \"levl\"; nearest: level"},
    {"level" PLAIN2 "@3", "level is one number, without x; leave out the @"},
    {"max(level" PLAIN2 "@*)", "level is one number"},
    {"ramp" PLAIN2, "ramp needs an x: metric@x, where epoch is 0 .. 9"},
    {"ramp" PLAIN2 "@2.5", "ramp was not recorded at epoch 2.5; it was at 10 places, 0 .. 9"},
    {"max(ramp" PLAIN2 "@2,10)", "not recorded at epoch 10"},
    {"max(ramp" PLAIN2 "@20..30)", "not recorded at epoch 20"},
    {"level" PLAIN2 " / (level" PLAIN2 " - 2)", "position 28 of"},
    {"last(smoothed(0.9, 1e307 * level" PLAIN2 " * ramp" PLAIN2 "@7..8))", "position 6 of"}, /* its sum is not finite */
    {"1e300 * 1e300 * level" PLAIN2, "not a finite number for seed 42"},
    {"first(level" PLAIN2 " / ramp" PLAIN2 "@* < 1)", "not a finite number"},
    {"max(ramp" PLAIN2 "@1..3 - ramp" PLAIN2 "@2..4)", "the two curves do not have the same x (3 and 3 points)"},
    {"max(ramp" PLAIN2 "@1..3 - level[model=plain width=1..2])",
     "the two curves do not have the same x (3 and 2 points)"},
    {"max(level[model=plain,fancy width=1] - level[model=fancy,plain width=1])", "do not have the same x"},
    {"level" PLAIN2 " + lone:level",
     "experiments fake and lone were run with different seeds, 4 from 42 on and 2 from 42"},
};

START_TEST(what_the_results_lack_is_an_error) {
    Error error = {""};
    const double *values;
    ck_assert_msg(value_of(unanswered[_i].text, &values, &error) == MEASURE_FAILED, "accepted: %s",
                  unanswered[_i].text);
    ck_assert_msg(strstr(error.text, unanswered[_i].says) != NULL, "%s: %s", unanswered[_i].text, error.text);
}
END_TEST

/* What was measured, and is no number. */
static const struct {
    const char *text, *says;
} without_value[] = {
    {"lost" PLAIN2, "seed 42: lost diverged"},
    {"late" PLAIN2 "@2", "seed 42: late diverged at epoch 2"},
    {"mean(late" PLAIN2 "@*)", "late diverged at epoch 2"},
    {"first(ramp" PLAIN2 "@* > 9)", "seed 42: the condition holds at none of the x"},
    {"first(bump" PLAIN2 "@* > 2)", "seed 42: the condition"}, /* holds for other seeds */
    {"spearman(flat" PLAIN2 "@*)", "no rank correlation"},
    {"spearman(ramp" PLAIN2 "@2.5..3)", "no rank correlation"},
    {"spearman(ramp" PLAIN2 "@3..3)", "no rank correlation"}, /* one x */
    {"level" PLAIN2 " + 2 * first(fall" PLAIN2 "@* > level" PLAIN2 ")", "position 34 of"},
};

START_TEST(a_quantity_may_have_no_value) {
    Error error = {""};
    const double *values;
    ck_assert_int_eq(value_of(without_value[_i].text, &values, &error), MEASURE_NO_VALUE);
    ck_assert_msg(strstr(error.text, without_value[_i].says) != NULL, "%s: %s", without_value[_i].text, error.text);
}
END_TEST

START_TEST(a_range_does_not_leave_out_rows_that_were_not_run) {
    Error error = {""};
    const Quantity *quantity;
    const double *values;
    size_t n;
    unsigned first_seed;
    const Experiment *experiment = fake_experiment(&fake, "here/fake");
    ck_assert_int_eq(value_of("max(level[model=* width=2])", &values, &error), 0); /* opens the results */
    unsigned char rows[2] = {1, 0};
    fake.opened[0].results.grid.rows = rows;
    ck_assert_int_eq(
        quantity_parse("max(level[model=* width=2])", "", &fake.catalogue, experiment, fake.arena, &quantity, &error),
        0);
    ck_assert_int_eq(quantity_values(quantity, &fake.source, fake.arena, &n, &first_seed, &values, &error),
                     MEASURE_NOT_RUN);
    ck_assert_msg(strstr(error.text, "line 3 (Fig. 1b; Table 1), which were not run") != NULL, "%s", error.text);
    fake.opened[0].results.grid.n_groups = 3; /* only the first row's cells are there */
    ck_assert_int_eq(
        quantity_parse("level[model=fancy width=2]", "", &fake.catalogue, experiment, fake.arena, &quantity, &error),
        0);
    ck_assert_int_eq(quantity_values(quantity, &fake.source, fake.arena, &n, &first_seed, &values, &error),
                     MEASURE_NOT_RUN);
    ck_assert_int_eq(
        quantity_parse("level[model=plain width=9]", "", &fake.catalogue, experiment, fake.arena, &quantity, &error),
        0);
    ck_assert_int_eq(quantity_values(quantity, &fake.source, fake.arena, &n, &first_seed, &values, &error),
                     MEASURE_FAILED);
    fake.opened[0].results.grid.n_groups = 6;
    ck_assert_int_eq(value_of("max(level[model=plain width=*])", &values, &error), 0); /* has nothing there */
}
END_TEST

static const struct {
    const char *text, *outline, *metrics, *cell;
} outlines[] = {
    {"level[model=plain width=1]", "level", "level", "[model=plain width=1]"},
    {"other:level", "other:level", "level", ""},
    {"bump[model=plain width=1]@4", "bump", "bump", "[model=plain width=1]"},
    {"max(bump[model=plain width=1]@0..4,6)", "max(bump)", "bump", ""},
    {"last(smoothed(0.6, bump[model=plain width=1]@0..4))", "last(smoothed(0.6, bump))", "bump", ""},
    {"noisy[model=plain width=1] - 2 * level[model=plain width=1]", "noisy - 2 * level", "level, noisy", ""},
};

START_TEST(what_a_quantity_is_about) {
    Error error = {""};
    const Quantity *quantity;
    const Experiment *experiment = fake_experiment(&fake, "here/fake");
    ck_assert_msg(quantity_parse(outlines[_i].text, "", &fake.catalogue, experiment, fake.arena, &quantity, &error) ==
                      0,
                  "%s", error.text);
    ck_assert_str_eq(quantity_outline(quantity, fake.arena), outlines[_i].outline);
    ck_assert_str_eq(quantity_metrics(quantity, NULL, fake.arena), outlines[_i].metrics);
    ck_assert_str_eq(quantity_metrics(quantity, quantity, fake.arena), outlines[_i].metrics);
    ck_assert_str_eq(quantity_cell(quantity, fake.arena), outlines[_i].cell);
}
END_TEST

START_TEST(experiments_are_listed_once_in_order) {
    Error error = {""};
    const Quantity *quantity;
    size_t n;
    ck_assert_int_eq(quantity_parse("other:level + level" PLAIN2 " - there/fake:level * other:noisy + here/other:level",
                                    "w", &fake.catalogue, fake_experiment(&fake, "here/fake"), fake.arena, &quantity,
                                    &error),
                     0);
    const Experiment *const *needed = quantity_experiments(quantity, &n);
    ck_assert_uint_eq(n, 3);
    ck_assert_ptr_eq(needed[0], fake_experiment(&fake, "here/other"));
    ck_assert_ptr_eq(needed[1], fake_experiment(&fake, "here/fake"));
    ck_assert_ptr_eq(needed[2], fake_experiment(&fake, "there/fake"));
}
END_TEST

START_TEST(depth_and_length_are_bounded) {
    static const char *const pieces[] = {"(", "-", "mean(", "1+", "1*", "first(", "level[", ",", "a:"};
    for (size_t p = 0; p < sizeof pieces / sizeof *pieces; p++)
        for (size_t n = 10; n <= 1000000; n *= 10) {
            Text text = text_create(NULL);
            Error error = {""};
            const double *values;
            for (size_t i = 0; i < n; i++) text_add(&text, pieces[p]);
            ck_assert_int_ne(value_of(text.data, &values, &error), 0);
            text_destroy(&text);
        }
    Text text = text_create(fake.arena);
    Error error = {""};
    const double *values;
    for (int i = 0; i < 1000; i++) text_add(&text, "0 + ");
    text_add(&text, "level" PLAIN2);
    ck_assert_msg(value_of(text.data, &values, &error) == 0, "%s", error.text);
    ck_assert_double_eq(values[3], 2);
    for (int n = 50; n <= 150; n += 100) {
        text_clear(&text);
        for (int i = 0; i < n; i++) text_add(&text, "(");
        text_add(&text, "level" PLAIN2);
        for (int i = 0; i < n; i++) text_add(&text, ")");
        ck_assert_int_eq(value_of(text.data, &values, &error), n < 100 ? 0 : REFUSED);
    }
    ck_assert_ptr_nonnull(strstr(error.text, "position 101 of"));
}
END_TEST

/* Whatever a table holds: an error with a reason, or finite numbers. */
START_TEST(mutants_do_no_harm) {
    static const char alphabet[] = "abelmnoprwx_-0123456789.,:/@[]()<>=+*{} \x1b\n\t%\"";
    unsigned long long state = 1;
    size_t accepted = 0;
    for (int round = 0; round < 20000; round++) {
        const size_t n = sizeof meaning / sizeof *meaning;
        char text[400];
        snprintf(text, sizeof text, "%s", meaning[(size_t)round % n].text);
        for (int edit = 0; edit < 1 + round % 3; edit++) {
            state = state * 6364136223846793005u + 1442695040888963407u;
            const size_t length = strlen(text), at = (size_t)(state >> 33) % (length + 1);
            const char with = alphabet[(state >> 20) % (sizeof alphabet - 1)];
            if ((state >> 13) % 3 == 0 && at < length)
                memmove(text + at, text + at + 1, length - at);
            else if ((state >> 13) % 3 == 1 && length + 2 < sizeof text)
                memmove(text + at + 1, text + at, length - at + 1), text[at] = with;
            else if (at < length)
                text[at] = with;
        }
        Error error = {""};
        const double *values = NULL;
        const ArenaMark mark = arena_mark(fake.arena);
        const size_t opened = fake.n_opened;
        const int status = value_of(text, &values, &error);
        for (int s = 0; s < 4 && status == 0; s++) ck_assert_msg(isfinite(values[s]), "%s", text);
        if (status) ck_assert_msg(error.text[0] && !strpbrk(error.text, "\x1b\n"), "%s", text);
        accepted += status == 0;
        if (opened == fake.n_opened) arena_rewind(fake.arena, mark);
    }
    ck_assert_uint_gt(accepted, 100);
}
END_TEST

#define LOOP(test, table) tcase_add_loop_test(t, test, 0, (int)(sizeof(table) / sizeof *(table)))

int main(void) {
    Suite *s = suite_create("quantity");
    TCase *t = tcase_create("quantity");
    tcase_add_unchecked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 60);
    LOOP(expressions_mean_what_the_header_says, meaning);
    tcase_add_test(t, equal_values_share_their_rank);
    LOOP(malformed_quantities_are_errors_at_a_place, malformed);
    LOOP(what_the_results_lack_is_an_error, unanswered);
    LOOP(a_quantity_may_have_no_value, without_value);
    tcase_add_loop_test(t, what_a_quantity_is_about, 0, (int)(sizeof outlines / sizeof *outlines));
    tcase_add_test(t, a_range_does_not_leave_out_rows_that_were_not_run);
    tcase_add_test(t, experiments_are_listed_once_in_order);
    tcase_add_test(t, depth_and_length_are_bounded);
    tcase_add_test(t, mutants_do_no_harm);
    suite_add_tcase(s, t);
    return run_suite(s);
}
