#include "fake_results.h"

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/sha256.h"
#include "files.h"

static const Parameter parameters[] = {{"model", PARAMETER_CHOICE, "plain", 0, 0, "plain,fancy", "the model", NULL},
                                       {"width", PARAMETER_INTEGER, "1", 1, 9, NULL, "how wide", NULL},
                                       {"rate", PARAMETER_REAL, "0.1", 0, 10, NULL, "how fast", NULL},
                                       {NULL, PARAMETER_REAL, NULL, 0, 0, NULL, NULL, NULL}};

static int run_nothing(const Cell *cell, Arena *arena, Record *record, Error *error) {
    (void)cell, (void)arena, (void)record;
    return error_set(error, "nothing is run here");
}

static const Method fake = {
    .name = "fake", .title = "A method that runs nothing", .parameters = parameters, .run = run_nothing};
static const Method *const methods_of_fake[] = {&fake, NULL};

static const char paper[] = "name,value\ntitle,A paper\nauthors,Nobody\nvenue,Nowhere\nyear,2000\nurl,none\n";
static const char here[] = "name,item,title,method,settings,smoke,seeds,smoke-seeds,first-seed\n"
                           "fake,Fig. 1a,A fake,fake,\"model=plain width=1,2,3\",width=1,4,2,42\n"
                           "fake,Fig. 1b; Table 1,,,\"model=fancy width=1,2,3\",width=1,,,\n"
                           "other,Fig. 2,Another,fake,,,4,2,42\n"
                           "lone,Fig. 3,A third,fake,,,2,2,42\n"
                           "mixed,Fig. 4,Rows out of order,fake,model=fancy width=3,width=1,4,2,42\n"
                           "mixed,Fig. 4,,,\"model=fancy,plain width=2,1\",width=1,,,\n";
static const char there[] = "name,item,title,method,settings,smoke,seeds,smoke-seeds,first-seed\n"
                            "fake,Fig. 1,Elsewhere,fake,width=5,,4,2,42\n";

static void write_file(const FakeResults *f, const char *folder, const char *name, const char *text) {
    Error error = {""};
    const char *path = arena_format(f->arena, "%s/%s", f->root, folder);
    ck_assert_msg(directory_create(path, &error) == 0, "%s", error.text);
    spill(path_join(f->arena, path, name), text);
}

static void add_row(Text *text, const Cell *cell, const char *experiment, const char *metric, int epoch, double value) {
    text_format(text, "%s,%s,%u,%s,%s,", experiment, cell->label, cell->seed, metric, epoch < 0 ? "" : "epoch");
    if (epoch >= 0) text_format(text, "%d", epoch);
    text_add(text, ",");
    if (isnan(value))
        text_add(text, "diverged");
    else
        text_add_real(text, value);
    text_add(text, "\n");
}

/* Recorded results: the table, the grid, and their checksums, behind those that the paper has already. */
static void record(const FakeResults *f, const Experiment *experiment, Text *sums) {
    Error error = {""};
    Grid grid;
    const GridRequest request = {.first_seed = -1};
    Text table = text_create(f->arena), settings = text_create(f->arena);
    ck_assert_msg(grid_make(experiment, &request, f->arena, &grid, &error) == 0, "%s", error.text);
    text_add(&table, "study,cell,seed,metric,x_name,x,value\n");
    for (size_t i = 0; i < grid.n_cells; i++) {
        const Cell *cell = &grid.cells[i];
        const char *name = experiment->name;
        const double level = (double)cell_integer(cell, "width") + 10 * cell_is(cell, "model", "fancy");
        const double noise = 0.1 * ((double)cell->seed - 43.5);
        add_row(&table, cell, name, "level", -1, level);
        add_row(&table, cell, name, "noisy", -1, level + noise);
        for (int e = 0; e < 10; e++) add_row(&table, cell, name, "ramp", e, e);
        for (int e = 0; e < 10; e++) add_row(&table, cell, name, "bump", e, level - abs(e - 4) + noise);
        for (int e = 0; e < 3; e++) add_row(&table, cell, name, "flat", e, 1);
        for (int e = 0; e < 10; e++) add_row(&table, cell, name, "fall", e, -e * e);
        for (int e = 3; e >= 0; e--) add_row(&table, cell, name, "back", e, e);
        add_row(&table, cell, name, "score", -1, level + noise);
        add_row(&table, cell, name, "fresh_score", -1, 4 - level + noise);
        add_row(&table, cell, name, "train_score", -1, level);
        add_row(&table, cell, name, "part", -1, level);
        if (level < 2) add_row(&table, cell, name, "fresh_part", -1, level);
        for (int e = 0; e < 4; e++) add_row(&table, cell, name, "path", e, e);
        for (int e = 1; e < 4; e += 2) add_row(&table, cell, name, "fresh_path", e, -e);
        add_row(&table, cell, name, "fine", -1, level);
        add_row(&table, cell, name, "fresh_fine", -1, NAN);
        add_row(&table, cell, name, "lost", -1, NAN);
        for (int e = 0; e < 4; e++) add_row(&table, cell, name, "late", e, e < 2 ? 1 : NAN);
    }
    grid_text(&grid, &settings);
    const char *folder = arena_format(f->arena, "reference_results/%s/golden", experiment->paper->name);
    const char *names[] = {arena_format(f->arena, "%s.csv", experiment->name),
                           arena_format(f->arena, "%s_grid.csv", experiment->name)};
    const Text *const texts[] = {&table, &settings};
    for (int i = 0; i < 2; i++) {
        char hash[SHA256_HEX];
        sha256_hex(texts[i]->data, texts[i]->size, hash);
        write_file(f, folder, names[i], texts[i]->data);
        text_format(sums, "%s  %s\n", hash, names[i]);
    }
    write_file(f, folder, "SHA256SUMS", sums->data);
}

static const Results *open_recorded(void *context, const Experiment *experiment, Error *error) {
    FakeResults *f = context;
    for (size_t i = 0; i < f->n_opened; i++)
        if (f->opened[i].experiment == experiment) return &f->opened[i].results;
    ck_assert_uint_lt(f->n_opened, sizeof f->opened / sizeof *f->opened);
    Results *results = &f->opened[f->n_opened].results;
    if (results_recorded(f->references, experiment, f->arena, results, error)) return NULL;
    f->opened[f->n_opened++].experiment = experiment;
    return results;
}

ResultsSource fake_source(FakeResults *f) {
    return (ResultsSource){open_recorded, f};
}

void fake_results_begin(FakeResults *f) {
    Error error = {""};
    *f = (FakeResults){.arena = arena_create(0), .root = fresh_directory()};
    f->references = path_join(f->arena, f->root, "reference_results");
    f->source = fake_source(f);
    write_file(f, "reproduce/here", "paper.csv", paper);
    write_file(f, "reproduce/here", "experiments.csv", here);
    write_file(f, "reproduce/there", "paper.csv", paper);
    write_file(f, "reproduce/there", "experiments.csv", there);
    ck_assert_msg(catalogue_read(f->root, methods_of_fake, f->arena, &f->catalogue, &error) == 0 &&
                      selection_make(&f->catalogue, NULL, NULL, NULL, f->arena, &f->all, &error) == 0,
                  "%s", error.text);
    Text sums = text_create(f->arena);
    for (size_t i = 0; i < f->all.n; i++) {
        const Experiment *experiment = f->all.chosen[i].experiment;
        if (i && experiment->paper != f->all.chosen[i - 1].experiment->paper) text_clear(&sums);
        record(f, experiment, &sums);
    }
}

void fake_results_end(FakeResults *f) {
    remove_tree(f->root);
    free(f->root);
    arena_destroy(f->arena);
}

void fake_bytes(const FakeResults *f, const char *name, const void *data, size_t size) {
    Error error = {""};
    const char *path = path_join(f->arena, f->references, name);
    const char *folder = arena_format(f->arena, "%.*s", (int)(strrchr(path, '/') - path), path);
    ck_assert_msg(directory_create(folder, &error) == 0, "%s", error.text);
    remove(path); /* a file that is written over is flushed to the disk by some file systems */
    FILE *stream = fopen(path, "wb");
    ck_assert_ptr_nonnull(stream);
    ck_assert_uint_eq(fwrite(data, 1, size, stream), size);
    ck_assert_int_eq(fclose(stream), 0);
}

void fake_file(const FakeResults *f, const char *name, const char *text) {
    Error error = {""};
    if (text)
        fake_bytes(f, name, text, strlen(text));
    else
        ck_assert_int_eq(file_remove(path_join(f->arena, f->references, name), &error), 0);
    const char *published = strstr(name, "/published/");
    if (!published) return;
    static const char *const files[] = {"fake.csv", "extra.csv"};
    const char *folder = arena_format(f->arena, "%.*s/published", (int)(published - name), name);
    Text sums = text_create(f->arena);
    for (int i = 0; i < 2; i++) {
        char hash[SHA256_HEX];
        const char *path = arena_format(f->arena, "%s/%s/%s", f->references, folder, files[i]);
        if (file_exists(path) && sha256_file(path, hash, &error) == 0) text_format(&sums, "%s  %s\n", hash, files[i]);
    }
    fake_bytes(f, path_join(f->arena, folder, "SHA256SUMS"), sums.data, sums.size);
}

const Experiment *fake_experiment(const FakeResults *f, const char *name) {
    Error error = {""};
    const Experiment *found = experiment_find(&f->catalogue, NULL, name, &error);
    ck_assert_msg(found != NULL, "%s", error.text);
    return found;
}

int fake_claims(const FakeResults *f, ClaimList *list, Error *error) {
    return claims_read(&f->catalogue, f->references, &f->all, 0, f->arena, list, error);
}
