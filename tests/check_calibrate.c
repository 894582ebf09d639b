/* The judge as an instrument: simulated differences, and our own runs as published ones. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "fake_results.h"
#include "registry.h"
#include "study/calibrate.h"
#include "suite.h"

static Arena *arena;

static void setup(void) {
    arena = arena_create(0);
}
static void teardown(void) {
    arena_destroy(arena);
}

START_TEST(simulated_differences_are_decided_as_the_formula_says) {
    size_t n, again;
    Simulation *simulations = arena_alloc(arena, 100, sizeof *simulations);
    const Simulation *made = calibrate_power(arena, &n), *repeated = calibrate_power(arena, &again);
    ck_assert(calibrate_holds(made, n));
    ck_assert_uint_eq(n, again);
    for (size_t i = 0; i < n; i++) {
        ck_assert_uint_eq(made[i].decided, repeated[i].decided);
        simulations[i] = made[i];
    }
    simulations[1].decided -= simulations[1].trials / 10; /* a judge that finds a tenth less */
    ck_assert(!calibrate_holds(simulations, n));
    simulations[1] = made[1];
    simulations[0].formula -= 0.02; /* a formula that is off by 2 per cent */
    simulations[0].p = binomial_two_sided(simulations[0].decided, simulations[0].trials, simulations[0].formula);
    ck_assert(!calibrate_holds(simulations, n));
}
END_TEST

/* The claims of this project, judged by its recorded results. */
static Verdicts judged_here(FakeResults *own) {
    Error error = {""};
    ClaimList *list = arena_alloc(arena, 1, sizeof *list);
    ck_assert_msg(catalogue_read(".", methods, arena, &own->catalogue, &error) == 0 &&
                      selection_make(&own->catalogue, NULL, "mnist1d", NULL, arena, &own->all, &error) == 0 &&
                      fake_claims(own, list, &error) == 0,
                  "%s", error.text);
    const Verdicts verdicts = verdicts_create(list, arena);
    for (size_t i = 0; i < verdicts.n; i++)
        ck_assert_msg(verdicts.all[i].outside || verdict_measure(&verdicts.all[i], &own->source, arena, &error) == 0,
                      "%s", error.text);
    verdicts_judge(&verdicts, 0, verdicts.n, arena);
    return verdicts;
}

START_TEST(our_own_runs_are_contradicted_at_the_nominal_rate) {
    size_t n, plays = 0, contradicted = 0;
    FakeResults own = {.arena = arena, .references = "reference_results"};
    own.source = fake_source(&own);
    const Verdicts verdicts = judged_here(&own);
    const Calibration *families = calibrate_families(&verdicts, 0, verdicts.n, arena, &n);
    ck_assert_uint_ge(n, 10);
    for (size_t i = 0; i < n; i++) {
        size_t of_seeds = 0;
        for (size_t s = 0; s < families[i].seeds; s++) of_seeds += families[i].of_seed[s];
        ck_assert_uint_eq(of_seeds, families[i].reproduced);
        ck_assert_uint_ge(families[i].cells, 2);
        ck_assert_uint_ge(families[i].seeds, 3);
        ck_assert_msg(families[i].p * (double)n > 0.01, "%s, %s: %zu of %zu", families[i].experiment->name,
                      families[i].family, families[i].contradicted, families[i].cells * families[i].seeds);
        ck_assert_msg(families[i].p_seed * (double)n > 0.01, "%s, %s: a seed stands out", families[i].experiment->name,
                      families[i].family);
        plays += families[i].cells * families[i].seeds;
        contradicted += families[i].contradicted;
    }
    ck_assert_uint_ge(plays, 1000);
    ck_assert_double_eq_tol((double)contradicted / (double)plays, 0.05, 0.02);
    /* a seed that is off in all cells is found */
    Verdict *all = verdicts.all;
    for (size_t i = 0; i < verdicts.n; i++) {
        const char *experiment = all[i].claim->row->experiment->name;
        if (!all[i].a || strcmp(all[i].family, "test_error") != 0 || strcmp(experiment, "double-descent") != 0)
            continue;
        ck_assert_uint_eq(all[i].n, 3);
        double *moved = arena_alloc_small(arena, 3, sizeof *moved);
        memcpy(moved, all[i].a, 3 * sizeof *moved);
        moved[1] += 8;
        all[i].a = moved;
    }
    families = calibrate_families(&verdicts, 0, verdicts.n, arena, &n);
    size_t found = 0;
    for (size_t i = 0; i < n; i++) found += families[i].p < 1e-6;
    ck_assert_uint_eq(found, 1);
}
END_TEST

int main(void) {
    Suite *s = suite_create("calibrate");
    TCase *t = tcase_create("calibrate");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 60);
    tcase_add_test(t, simulated_differences_are_decided_as_the_formula_says);
    tcase_add_test(t, our_own_runs_are_contradicted_at_the_nominal_rate);
    suite_add_tcase(s, t);
    return run_suite(s);
}
