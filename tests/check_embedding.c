/* The method `embedding`, and what methods record of maps. */
#include <check.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "analysis/embedding_quality.h"
#include "analysis/tsne.h"
#include "data/image_sets.h"
#include "data/mnist1d.h"
#include "experiment_runs.h"
#include "files.h"
#include "study/schedule.h"
#include "suite.h"

static Arena *arena;

static void begin(void) {
    arena = arena_create(0);
}

static void end(void) {
    arena_destroy(arena);
}

enum { TRAIN = 300, TEST = 60, N = TRAIN + TEST, LENGTH = 40, K = 7 };
#define SMALL "--train-rows=300 --test-rows=60 --early-iterations=30 --iterations=40 --neighbours=7 --perplexity=12 "

/* The value of a metric of a seed at x (NAN: without x). */
static double value_of(const CsvTable *table, const char *seed, const char *metric, double x) {
    for (size_t r = 0; r < table->rows; r++) {
        const char *at = csv_text(table, r, 5);
        if (strcmp(csv_text(table, r, 2), seed) || strcmp(csv_text(table, r, 3), metric)) continue;
        if (isnan(x) ? !*at : *at && atof(at) == x) return table_number(table, r, 6);
    }
    ck_abort_msg("no %s at %g of seed %s", metric, x, seed);
    return NAN;
}

static size_t count_of(const CsvTable *table, const char *beginning) {
    size_t count = 0;
    for (size_t r = 0; r < table->rows; r++) count += strncmp(csv_text(table, r, 3), beginning, strlen(beginning)) == 0;
    return count;
}

typedef struct Signals {
    float *rows; /* [N][LENGTH]: training signals, then test signals */
    uint16_t labels[N];
} Signals;

static Signals published_signals(void) {
    const Mnist1dOptions options = mnist1d_defaults();
    Mnist1d data;
    Signals signals = {.rows = arena_alloc(arena, N * LENGTH, sizeof(float))};
    ck_assert_int_eq(mnist1d_make(&options, arena, &data, NULL), 0);
    for (size_t i = 0; i < N; i++) {
        const size_t row = i < TRAIN ? i : i - TRAIN;
        for (size_t j = 0; j < LENGTH; j++)
            signals.rows[i * LENGTH + j] = (float)(i < TRAIN ? data.x : data.x_test)[row * LENGTH + j];
        signals.labels[i] = (i < TRAIN ? data.y : data.y_test)[row];
    }
    return signals;
}

/* Per cent of queries from first to last whose label most of their K nearest of the first n_data rows have: one by one. */
static double slow_accuracy(const double *x, size_t length, const uint16_t *labels, size_t first, size_t last,
                            size_t n_data) {
    size_t right = 0;
    for (size_t i = first; i < last; i++) {
        int votes[10] = {0}, taken[N] = {0}, most = 0;
        for (int k = 0; k < K; k++) {
            size_t nearest = N;
            double least = INFINITY;
            for (size_t j = 0; j < n_data; j++) {
                double sum = 0;
                if (taken[j] || j == i) continue;
                for (size_t c = 0; c < length; c++) sum += pow(x[i * length + c] - x[j * length + c], 2);
                if (sum < least) least = sum, nearest = j;
            }
            taken[nearest] = 1;
            votes[labels[nearest]]++;
        }
        for (int c = 9; c >= 0; c--)
            if (votes[c] >= votes[most]) most = c;
        right += most == labels[i];
    }
    return 100.0 * (double)right / (double)(last - first);
}

/* Both seeds at the same places; each is what t-SNE gives for that seed. */
START_TEST(it_records_the_map_of_t_sne) {
    const CsvTable table = run_experiment("embedding", SMALL "--seeds=2", arena);
    const Signals signals = published_signals();
    const Rows rows = {N, LENGTH, signals.rows, NULL};
    TsneOptions options = tsne_defaults();
    double map[2 * N], wide[N * LENGTH], kl;
    Error error = {""};
    options.perplexity = 12.0;
    options.early_iterations = 30;
    options.iterations = 40;
    options.seed = 43;
    ck_assert_int_eq(tsne_fit(&rows, &options, map, &kl, &error), 0);
    ck_assert(value_of(&table, "43", "kl_divergence", 70) == kl);
    ck_assert(value_of(&table, "43", "kl_divergence", 50) > kl);
    ck_assert(value_of(&table, "42", "kl_divergence", 70) != kl);
    ck_assert_uint_eq(count_of(&table, "kl_divergence"), 2 * 2);
    ck_assert_uint_eq(count_of(&table, "map_x_"), 2 * N);
    ck_assert_uint_eq(count_of(&table, "map_y_"), 2 * N);
    for (size_t i = 0; i < N; i++) {
        const int class = signals.labels[i];
        const double x = value_of(&table, "43", arena_format(arena, "map_x_%d", class), (double)i);
        const double y = value_of(&table, "43", arena_format(arena, "map_y_%d", class), (double)i);
        ck_assert_double_eq_tol(x, map[2 * i], 0.000501);
        ck_assert_double_eq_tol(y, map[2 * i + 1], 0.000501);
    }
    for (size_t i = 0; i < N * LENGTH; i++) wide[i] = signals.rows[i];
    ck_assert(value_of(&table, "43", "examples", NAN) == N);
    ck_assert(value_of(&table, "43", "map_accuracy", NAN) == slow_accuracy(map, 2, signals.labels, 0, N, N));
    ck_assert(value_of(&table, "43", "row_accuracy", NAN) == slow_accuracy(wide, LENGTH, signals.labels, 0, N, N));
    ck_assert(value_of(&table, "42", "knn_test_accuracy", NAN) ==
              slow_accuracy(wide, LENGTH, signals.labels, TRAIN, N, TRAIN));
    ck_assert(value_of(&table, "43", "silhouette", NAN) == embedding_silhouette(map, N, signals.labels, 10, 1));
}
END_TEST

/* Where the data are (SCALEDOWN_DATA): the training rows, then the test rows, as bytes. */
START_TEST(it_embeds_images_as_their_bytes) {
    const char *folder = getenv("SCALEDOWN_DATA");
    Error error = {""};
    image_sets_folder(folder ? folder : "data");
    if (image_set_check("mnist", &error)) {
        printf("check_embedding: images are not tested: %s\n", error.text);
        return;
    }
    const ImageSet *mnist = image_set("mnist", &error);
    ck_assert_msg(mnist != NULL, "%s", error.text);
    enum { PIXELS = 28 * 28 };
    float *rows = arena_alloc(arena, N * PIXELS, sizeof *rows);
    double map[2 * N], kl;
    for (size_t i = 0; i < N; i++) {
        const Images *images = i < TRAIN ? &mnist->train : &mnist->test;
        for (size_t j = 0; j < PIXELS; j++)
            rows[i * PIXELS + j] = images->pixels[(i < TRAIN ? i : i - TRAIN) * PIXELS + j];
    }
    TsneOptions options = tsne_defaults();
    options.perplexity = 12.0;
    options.early_iterations = 30;
    options.iterations = 40;
    options.seed = 42;
    ck_assert_int_eq(tsne_fit(&(Rows){N, PIXELS, rows, NULL}, &options, map, &kl, &error), 0);
    const CsvTable table = run_experiment("embedding", SMALL "--seeds=1 --data=mnist", arena);
    ck_assert(value_of(&table, "42", "kl_divergence", 70) == kl);
    for (size_t i = TRAIN; i < N; i++) {
        const char *metric = arena_format(arena, "map_y_%u", (unsigned)mnist->test.labels[i - TRAIN]);
        ck_assert_double_eq_tol(value_of(&table, "42", metric, (double)i), map[2 * i + 1], 0.000501);
    }
}
END_TEST

START_TEST(every_so_manieth_row_stands_for_all) {
    const CsvTable all = run_experiment("embedding", SMALL "--seeds=1", arena);
    const CsvTable some = run_experiment("embedding", SMALL "--seeds=1 --drawn-rows=100 --quality-rows=50", arena);
    ck_assert_uint_eq(count_of(&some, "map_x_"), N / 4);
    for (size_t r = 0; r < some.rows; r++)
        if (!strncmp(csv_text(&some, r, 3), "map_", 4) && *csv_text(&some, r, 5)) {
            const double row = table_number(&some, r, 5);
            ck_assert(fmod(row, 4.0) == 0.0);
            ck_assert(table_number(&some, r, 6) == value_of(&all, "42", csv_text(&some, r, 3), row));
        }
    ck_assert(value_of(&some, "42", "map_accuracy", NAN) == value_of(&all, "42", "map_accuracy", NAN));
    ck_assert(value_of(&some, "42", "preservation", NAN) != value_of(&all, "42", "preservation", NAN));
    ck_assert_double_eq_tol(value_of(&some, "42", "preservation", NAN), value_of(&all, "42", "preservation", NAN), 0.1);
}
END_TEST

START_TEST(the_distance_can_be_chosen) {
    const CsvTable euclidean = run_experiment("embedding", SMALL "--seeds=1", arena);
    const CsvTable cosine = run_experiment("embedding", SMALL "--seeds=1 --metric=cosine", arena);
    static const char *const metrics[] = {"row_accuracy", "knn_test_accuracy", "trustworthiness"};
    for (size_t m = 0; m < sizeof metrics / sizeof *metrics; m++)
        ck_assert(value_of(&cosine, "42", metrics[m], NAN) != value_of(&euclidean, "42", metrics[m], NAN));
}
END_TEST

static const char *const refused[][2] = {
    {"--train-rows=50 --test-rows=10", "perplexity 30 needs more than 90 rows"},
    {"--train-rows=100 --test-rows=10 --perplexity=3", "--neighbours: 10 are more than 3 times --perplexity"},
    {"--train-rows=13 --test-rows=2 --perplexity=4", "--neighbours: 10 are more than"},
    {"--train-rows=5 --test-rows=500", "10 neighbours cannot be found among 5"},
    {"--num-samples=10", "10 neighbours cannot be found among 8"}};

START_TEST(impossible_parameters_are_refused) {
    const char *said = refused_run("embedding", refused[_i][0], arena);
    ck_assert_msg(strstr(said, refused[_i][1]) != NULL, "%s", said);
}
END_TEST

static void ask_to_stop(int signal) {
    (void)signal;
    kill(getpid(), SIGTERM);
}

/* A million iterations would take an hour; after a tenth of a second of computing it is asked to stop. */
START_TEST(a_map_that_is_interrupted_ends_soon) {
    const Catalogue catalogue = real_project(arena);
    const Experiment *experiment = find_experiment(&catalogue, "embedding");
    char *directory = fresh_directory();
    int status;
    fflush(NULL);
    const pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        const struct itimerval tenth = {.it_value = {0, 100000}};
        Run ran;
        Error error = {""};
        signal(SIGPROF, ask_to_stop);
        setitimer(ITIMER_PROF, &tenth, NULL);
        status = run_in(experiment, "--seeds=1 --iterations=1000000 --threads=1", directory, arena, &ran, &error);
        _exit(status == SCHEDULE_STOPPED ? ran.signal : 0);
    }
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == SIGTERM);
    remove_tree(directory);
    free(directory);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("embedding");
    TCase *tcase = tcase_create("embedding");
    tcase_set_timeout(tcase, 60);
    tcase_add_checked_fixture(tcase, begin, end);
    tcase_add_test(tcase, it_records_the_map_of_t_sne);
    tcase_add_test(tcase, it_embeds_images_as_their_bytes);
    tcase_add_test(tcase, every_so_manieth_row_stands_for_all);
    tcase_add_test(tcase, the_distance_can_be_chosen);
    tcase_add_loop_test(tcase, impossible_parameters_are_refused, 0, sizeof refused / sizeof *refused);
    tcase_add_test(tcase, a_map_that_is_interrupted_ends_soon);
    suite_add_tcase(suite, tcase);
    return run_suite(suite);
}
