#include "command/knn.h"

#include <stdio.h>

#include "analysis/neighbours.h"
#include "base/csv.h"
#include "base/file.h"
#include "base/npy.h"
#include "base/progress.h"
#include "command/row_files.h"
#include "command/tool.h"

static const Option options_table[] = {
    {"k", "N", "10", "neighbours that vote"},
    {"metric", "euclidean|cosine", "euclidean", "distance of rows"},
    {"out", "FILE", NULL, "also write the labels given to the test rows, int64, as .npy"},
    {"threads", "N", NULL, "cores to use; changes no result (default: all)"},
    {0}};

static const char purpose[] = "Gives each row of TEST_X.npy the label that most of its k nearest rows of TRAIN_X.npy "
                              "have, of several the smallest.  "
                              "Rows are f4, f8, u1 or i8, labels uint8 or int64.  Neighbours are exact; equally near "
                              "ones come by index.  Prints the "
                              "labels, one a line, or with TEST_Y.npy CSV: how many are right.";

typedef struct Run {
    const char *train_x, *train_y, *test_x, *test_y, *out; /* the last two may be NULL */
    long long k;
    int metric;
} Run;

static int read_run(const Options *o, Run *run, Error *error) {
    *run = (Run){.train_x = o->words[0], .train_y = o->words[1], .test_x = o->words[2]};
    run->test_y = o->n_words == 4 ? o->words[3] : NULL;
    run->out = options_text(o, "out");
    return options_integer(o, "k", 1, 1000000, &run->k, error) || row_command_metric(o, &run->metric, error) ||
                   row_command_threads(o, error)
               ? -1
               : 0;
}

static void show_rows(void *context, size_t rows) {
    progress_add(context, (double)rows, 0, 0);
}

static void print_accuracy(const Run *run, size_t n, const uint16_t *voted, const uint16_t *labels) {
    char number[32];
    size_t right = 0;
    for (size_t i = 0; i < n; i++) right += voted[i] == labels[i];
    printf("k,metric,rows,right,accuracy\n%lld,%s,%zu,%zu,%s\n", run->k, run->metric ? "cosine" : "euclidean", n, right,
           format_double(100.0 * (double)right / (double)n, number));
}

static int write_labels(const char *path, size_t n, const uint16_t *voted, Arena *arena, Error *error) {
    int64_t *wide = arena_alloc(arena, n, sizeof *wide);
    for (size_t i = 0; i < n; i++) wide[i] = voted[i];
    const NpyArray array = {.type = NPY_I8, .rank = 1, .shape = {n}, .data = wide};
    return npy_write(path, &array, error);
}

static int classify(const Run *run, Arena *arena, Error *error) {
    Rows train, test;
    uint16_t *train_labels, *test_labels = NULL;
    Neighbours neighbours;
    if ((run->out && !file_can_be_written(run->out, error)) || row_file_read(run->train_x, arena, &train, error) ||
        label_file_read(run->train_y, train.n, run->train_x, arena, &train_labels, error) ||
        row_file_read(run->test_x, arena, &test, error) ||
        (run->test_y && label_file_read(run->test_y, test.n, run->test_x, arena, &test_labels, error)))
        return -1;
    Progress *progress = progress_begin("nearest neighbours", (double)test.n);
    const NeighboursWatch watch = {show_rows, NULL, progress};
    const int failed = neighbours_find(&test, &train, (size_t)run->k, (NeighboursMetric)run->metric, &watch, arena,
                                       &neighbours, error);
    progress_end(progress);
    if (failed) return -1;
    uint16_t *voted = arena_alloc(arena, test.n, sizeof *voted);
    neighbours_vote(&neighbours, neighbours.k, train_labels, voted);
    if (run->out && write_labels(run->out, test.n, voted, arena, error)) return -1;
    if (test_labels) print_accuracy(run, test.n, voted, test_labels);
    for (size_t i = 0; !test_labels && i < test.n; i++) printf("%u\n", (unsigned)voted[i]);
    return 0;
}

static int work(const Options *options, Arena *arena, Error *error) {
    Run run;
    if (read_run(options, &run, error)) return EXIT_USAGE;
    return classify(&run, arena, error) ? EXIT_FAILURE : EXIT_SUCCESS;
}

int knn_command(int argc, char **argv, Error *error) {
    static const Tool tool = {"knn", "TRAIN_X.npy TRAIN_Y.npy TEST_X.npy [TEST_Y.npy]", purpose, 3, 4, {options_table},
                              work};
    return tool_run(&tool, argc, argv, error);
}
