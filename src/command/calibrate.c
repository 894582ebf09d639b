#include "command/calibrate.h"

#include <math.h>
#include <stdio.h>

#include "command/judged.h"
#include "command/table.h"
#include "study/calibrate.h"
#include "study/claims_output.h"

static const Option calibrate_options[] = {
    {"recorded", NULL, NULL, "by the recorded results; nothing needs to have been run"}, {NULL, NULL, NULL, NULL}};

static void print_families(const Calibration *families, size_t n, Arena *arena) {
    Table table = table_create("llrrrrrr", arena);
    table_header(&table, "experiment,family,cells,seeds,contradicted,per cent,p,p of seeds");
    size_t plays = 0, contradicted = 0;
    for (size_t i = 0; i < n; i++) {
        const Calibration *c = &families[i];
        table_add(&table, c->experiment->name);
        table_add(&table, c->family);
        table_format(&table, "%zu", c->cells);
        table_format(&table, "%zu", c->seeds);
        table_format(&table, "%zu of %zu", c->contradicted, c->cells * c->seeds);
        table_format(&table, "%.1f", 100.0 * (double)c->contradicted / (double)(c->cells * c->seeds));
        table_format(&table, "%.3f", c->p);
        table_format(&table, "%.3f", c->p_seed);
        plays += c->cells * c->seeds;
        contradicted += c->contradicted;
    }
    puts("Each of our own seeds in turn plays the published run; 5 per cent should be contradicted.");
    table_print(&table, 0, stdout);
    if (plays)
        printf("together %zu of %zu, %.1f per cent\n", contradicted, plays,
               100.0 * (double)contradicted / (double)plays);
}

static void print_simulations(const Simulation *simulations, size_t n, Arena *arena) {
    Table table = table_create("lrrrrrrr", arena);
    table_header(&table, "kind,family,seeds,difference,margin,decided,formula,p");
    for (size_t i = 0; i < n; i++) {
        const Simulation *s = &simulations[i];
        table_add(&table, claim_kinds[s->kind]);
        table_format(&table, "%zu", s->family);
        table_format(&table, "%zu", s->seeds);
        table_format(&table, "%g", s->difference);
        table_format(&table, "%g", s->margin);
        table_format(&table, "%.2f %%", 100.0 * (double)s->decided / (double)s->trials);
        table_format(&table, "%.2f %%", 100 * s->formula);
        table_add(&table, isnan(s->p) ? "" : arena_format(arena, "%.3f", s->p));
    }
    puts("\nSimulated differences, in standard deviations of one run, and how often they are decided.");
    table_print(&table, 0, stdout);
}

/* The least p-value after Holm. */
static double least_of(const double *p, size_t n, Arena *arena) {
    double *adjusted = arena_alloc_small(arena, n + 1, sizeof *adjusted), least = 1;
    adjust_holm(n, p, adjusted);
    for (size_t i = 0; i < n; i++)
        if (adjusted[i] < least) least = adjusted[i];
    return least;
}

/* A table for each paper that was judged, then that of the simulations. */
static int print_calibration(Judged *judged, Error *error) {
    Arena *arena = judged->command->arena;
    size_t n;
    for (size_t i = 0; i < judged->papers.n;) {
        const Paper *paper = judged->papers.chosen[i].experiment->paper;
        const size_t first = judged->n;
        if (judged_paper(judged, paper, error)) return EXIT_FAILURE;
        while (i < judged->papers.n && judged->papers.chosen[i].experiment->paper == paper) i++;
        const Calibration *families = calibrate_families(&judged->verdicts, first, judged->n, arena, &n);
        double *p = arena_alloc_small(arena, 2 * n + 1, sizeof *p);
        for (size_t k = 0; k < n; k++) p[k] = families[k].p, p[n + k] = families[k].p_seed;
        print_families(families, n, arena);
        printf("the least p after Holm's correction: %.3f of the rates, %.3f of the seeds\n", least_of(p, n, arena),
               least_of(p + n, n, arena));
    }
    const Simulation *simulations = calibrate_power(arena, &n);
    print_simulations(simulations, n, arena);
    if (calibrate_holds(simulations, n)) return 0;
    return error_set(error, "simulated differences are not decided as the power formula says"), EXIT_FAILURE;
}

static int calibrate_work(Command *command, Error *error) {
    Judged judged;
    int status = judged_begin(&judged, command, options_given(&command->options, "recorded"), 0, error);
    if (status) return status;
    status = print_calibration(&judged, error);
    judged_end(&judged);
    return status;
}

int calibrate_command(const Method *const *methods, int argc, char **argv, Error *error) {
    static const CommandKind kind = {
        "calibrate",
        "[EXPERIMENT|PAPER|all]",
        "Tests the judge: whether our own runs, taken for the published one, are contradicted at the nominal rate, and "
        "whether differences of known size are found at the rate that the power formula says.",
        TAKES_RESULTS | TAKES_REFERENCES,
        calibrate_options,
        calibrate_work};
    return command_run(&kind, methods, argc, argv, error);
}
