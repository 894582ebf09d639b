#include "fake_study.h"

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

volatile int fake_runs, fake_delay_ms, fake_nan_seed = -1;

static const Parameter parameters[] = {
    {"model", PARAMETER_CHOICE, "plain,fancy", NULL, 0, 0, "plain,fancy,other", "which curve"},
    {"width", PARAMETER_INTEGER, "1,2,3", "1", 1, 1000, NULL, "a factor"},
    {"rate", PARAMETER_REAL, "0.1", NULL, 0, 1, NULL, "another factor"},
    {NULL, PARAMETER_REAL, NULL, NULL, 0, 0, NULL, NULL}};

static int run_fake(const Cell *cell, Arena *arena, Record *record, Error *error) {
    (void)arena, (void)error;
    struct timespec pause = {fake_delay_ms / 1000, fake_delay_ms % 1000 * 1000000L};
    if (fake_delay_ms) nanosleep(&pause, NULL);
#ifdef _OPENMP
#pragma omp atomic
#endif
    fake_runs++;
    double seed = cell_seed(cell),
           level = (double)cell_integer(cell, "width") + (cell_is(cell, "model", "fancy") ? 10 : 0);
    record_metric(record, "level", (int)seed == fake_nan_seed ? NAN : level);
    record_metric(record, "noisy", level + cell_real(cell, "rate") * (seed - 43.5));
    for (int step = 0; step < 3; step++) record_point(record, "curve", "step", step, level / 3 + step * seed);
    record_diverged(record, "lost", NULL, 0);
    return 0;
}

static double fake_cost(const Cell *cell) {
    return (double)cell_integer(cell, "width");
}

#define PLAIN "model=plain width=1"
#define FANCY "model=fancy width=1"
static const Claim claims[] = {
    {"fake-level",
     "Table 1",
     "The plain level is one.",
     CLAIM_VALUE,
     {PLAIN, "level", NAN},
     {NULL, NULL, 0},
     "level",
     0,
     NULL},
    {"fake-order",
     "Fig 1",
     "Fancy is above plain.",
     CLAIM_ABOVE,
     {FANCY, "noisy", NAN},
     {PLAIN, "noisy", NAN},
     NULL,
     0,
     NULL},
    {"fake-curve", "Fig 1", "At step 2.", CLAIM_VALUE, {PLAIN, "curve", 2}, {NULL, NULL, 0}, "curve", 1, "a note"},
    {NULL, NULL, NULL, CLAIM_REPORT, {NULL, NULL, 0}, {NULL, NULL, 0}, NULL, 0, NULL}};

const Study fake_study = {.name = "fake",
                          .title = "A study that costs nothing",
                          .item = "Table 1",
                          .parameters = parameters,
                          .paper_seeds = 4,
                          .smoke_seeds = 2,
                          .first_seed = 42,
                          .run = run_fake,
                          .cost = fake_cost,
                          .claims = claims};
const Study *const fake_studies[] = {&fake_study, NULL};

/* ---- files ---- */

char *fresh_directory(void) {
    char pattern[] = "/tmp/scaledown_test_XXXXXX";
    if (!mkdtemp(pattern)) abort();
    char *copy = malloc(sizeof pattern);
    if (!copy) abort();
    return memcpy(copy, pattern, sizeof pattern);
}

void remove_tree(const char *path) {
    DIR *directory = opendir(path);
    struct dirent *entry;
    while (directory && (entry = readdir(directory))) {
        char child[4096];
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
        snprintf(child, sizeof child, "%s/%s", path, entry->d_name);
        if (unlink(child)) remove_tree(child);
    }
    if (directory) closedir(directory);
    rmdir(path);
}

char *slurp(const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file) return NULL;
    char *text = NULL;
    size_t size = 0;
    FILE *memory = open_memstream(&text, &size);
    for (int c; (c = getc(file)) != EOF;) putc(c, memory);
    fclose(memory);
    fclose(file);
    return text;
}

void spill(const char *path, const char *text) {
    FILE *file = fopen(path, "wb");
    if (!file || fputs(text, file) < 0 || fclose(file)) abort();
}

int edit_file(const char *path, const char *old, const char *replacement) {
    char *text = slurp(path), *found = text ? strstr(text, old) : NULL;
    if (found) {
        FILE *file = fopen(path, "wb");
        if (!file) abort();
        fwrite(text, 1, (size_t)(found - text), file);
        fputs(replacement, file);
        fputs(found + strlen(old), file);
        fclose(file);
    }
    free(text);
    return found != NULL;
}
