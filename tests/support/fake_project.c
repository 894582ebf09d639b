#include "fake_project.h"

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/file.h"
#include "base/sha256.h"
#include "study/method.h"

/* ---- the method ---- */

volatile int fake_runs, fake_at_once, fake_delay_ms, fake_nan_seed, fake_diverge_seed, fake_wrong_seed;
const char *fake_asks, *fake_cost_asks;
static volatile int running;

void fake_reset(void) {
    fake_runs = fake_at_once = fake_delay_ms = running = 0;
    fake_nan_seed = fake_diverge_seed = fake_wrong_seed = -1;
    fake_asks = fake_cost_asks = NULL;
}

static const Parameter parameters[] = {
    {"model", PARAMETER_CHOICE, "plain", 0, 0, "plain,fancy,other", "which curve", NULL},
    {"width", PARAMETER_INTEGER, "1", 1, 1000, NULL, "a factor", NULL},
    {"rate", PARAMETER_REAL, "0.1", 0, 1, NULL, "another factor", NULL},
    {NULL, PARAMETER_REAL, NULL, 0, 0, NULL, NULL, NULL}};

static int run_fake(const Cell *cell, Arena *arena, Record *record, Error *error) {
    const struct timespec pause = {fake_delay_ms / 1000, fake_delay_ms % 1000 * 1000000L};
    const int seed = (int)cell_seed(cell);
    (void)arena, (void)error;
    const int at_once = __sync_add_and_fetch(&running, 1);
    for (int most; at_once > (most = __sync_fetch_and_add(&fake_at_once, 0));)
        if (__sync_bool_compare_and_swap(&fake_at_once, most, at_once)) break;
    __sync_add_and_fetch(&fake_runs, 1);
    if (fake_delay_ms) nanosleep(&pause, NULL);
    if (fake_asks) cell_integer(cell, fake_asks);
    const double level = (double)cell_integer(cell, "width") + (cell_is(cell, "model", "fancy") ? 10 : 0);
    if (seed == fake_diverge_seed)
        record_diverged(record, "level", NULL, 0);
    else
        record_metric(record, "level", seed == fake_nan_seed ? NAN : level + (seed == fake_wrong_seed));
    record_metric(record, "noisy", level + cell_real(cell, "rate") * (seed - 43.5));
    for (int step = 0; step < 3; step++) record_point(record, "curve", "step", step, level / 3 + step * (double)seed);
    record_diverged(record, "lost", NULL, 0);
    __sync_sub_and_fetch(&running, 1);
    return 0;
}

static double fake_cost(const Cell *cell) {
    if (fake_cost_asks) cell_integer(cell, fake_cost_asks);
    return (double)cell_integer(cell, "width");
}

const Method fake_method = {.name = "fake",
                            .title = "A method that costs nothing",
                            .parameters = parameters,
                            .run = run_fake,
                            .cost = fake_cost};
const Method *const fake_methods[] = {&fake_method, NULL};

/* ---- the project ---- */

static const char paper_table[] = "name,value\n"
                                  "title,Fakes\n"
                                  "authors,Nobody\n"
                                  "venue,Nowhere\n"
                                  "year,2000\n"
                                  "url,https://example.org\n";

const char fake_experiments[] = EXPERIMENTS_HEADER
    "fake,Table 1,Every model and width,fake,\"model=plain,fancy width=1,2,3\",,4,2,42\n"
    "panels,Fig. 5a,Three panels,fake,\"model=plain width=1,2,3\",model=plain width=1,2,2,42\n"
    "panels,Fig. 5b,,,\"model=plain rate=0.5 width=2,3\",,,,\n"
    "panels,Fig. 5c,,,model=fancy rate=0.5 width=7,,,,\n"
    "shared,Fig. 10; Section 2.1,Cells of the first and more seeds,fake,\"model=fancy width=2,3\",width=2,6,2,42\n";

static const char claims[] =
    "id,item,kind,a,b,published,margin,why,text,note\n"
    "fake-level,Table 1,value,level[model=plain width=1],,level,,,The plain level is {}.,\n"
    "fake-order,Fig. 1,above,noisy[model=fancy width=1],noisy[model=plain width=1],,,,Fancy is above plain.,\n"
    "fake-curve,Fig. 1,value,curve[model=plain width=1]@2,,curve,1,It is a test.,At step 2.,a note\n";

static const char published[] = "id,series,metric,x,value,uncertainty,unit,n,kind,source\n"
                                "level,plain,level,,1.0,0.1,units,,printed,Table 1\n"
                                "curve,plain,curve,2,87.0,0.5,units,3,printed,Fig. 1\n";

static void write_file(const char *folder, const char *path, const char *text) {
    char whole[4096];
    Error error = {""};
    snprintf(whole, sizeof whole, "%s/%s", folder, path);
    *strrchr(whole, '/') = 0;
    ck_assert_msg(directory_create(whole, &error) == 0, "%s", error.text);
    whole[strlen(whole)] = '/';
    spill(whole, text);
}

void write_paper(const char *folder, const char *paper, const char *experiments) {
    char path[256];
    snprintf(path, sizeof path, "reproduce/%s/paper.csv", paper);
    write_file(folder, path, paper_table);
    snprintf(path, sizeof path, "reproduce/%s/experiments.csv", paper);
    write_file(folder, path, experiments);
}

Catalogue project_with(const char *folder, const Method *const *methods, const char *experiments, Arena *arena) {
    Catalogue catalogue;
    Error error = {""};
    write_paper(folder, "fakes", experiments);
    ck_assert_msg(catalogue_read(folder, methods, arena, &catalogue, &error) == 0, "%s", error.text);
    return catalogue;
}

Catalogue fake_project(const char *folder, Arena *arena) {
    char hex[SHA256_HEX], sums[128];
    sha256_hex(published, sizeof published - 1, hex);
    snprintf(sums, sizeof sums, "%s  fake.csv\n", hex);
    write_file(folder, "reference_results/fakes/published/fake.csv", published);
    write_file(folder, "reference_results/fakes/published/SHA256SUMS", sums);
    write_file(folder, "reference_results/fakes/claims/fake.csv", claims);
    return project_with(folder, fake_methods, fake_experiments, arena);
}
