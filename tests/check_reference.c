/* What reference_results holds fits the studies: every claim has its published number and its recorded verdict, the
 * golden results are whole, and cells computed now equal the golden ones bit for bit. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/sha256.h"
#include "fake_study.h"
#include "registry.h"
#include "study/commands.h"
#include "study/verdict.h"
#include "suite.h"

START_TEST(claims_have_published_numbers_and_recorded_verdicts) {
    Arena *arena = arena_create(0);
    Error error = {""};
    char *recorded = slurp("reference_results/claims.csv");
    size_t n = 0, lines = 0;
    ck_assert_ptr_nonnull(recorded);
    for (const Study *const *study = studies; *study; study++) {
        PublishedTable table;
        const char *path = arena_format(arena, "reference_results/published/%s.csv", (*study)->name);
        ck_assert_msg(study_check(*study, &error) == 0, "%s", error.text);
        ck_assert_msg(published_read(path, arena, &table, &error) == 0, "%s", error.text);
        ClaimList list = study_claims(*study, arena);
        for (size_t i = 0; i < list.n; i++, n++) {
            const Claim *claim = &list.claims[i];
            if (claim->published)
                ck_assert_msg(published_find(&table, claim->published, &error) != NULL, "%s", error.text);
            ck_assert_msg(strstr(recorded, arena_format(arena, "\n%s,", claim->id)) != NULL, "%s", claim->id);
        }
    }
    for (char *c = recorded; *c; c++) lines += *c == '\n';
    ck_assert_uint_eq(lines, n + 1); /* nothing recorded that is no claim */
    ck_assert_uint_ge(n, 40);
    free(recorded);
    arena_destroy(arena);
}
END_TEST

START_TEST(golden_files_are_whole) {
    char *sums = slurp("reference_results/golden/SHA256SUMS"), hex[SHA256_HEX];
    Error error;
    ck_assert_ptr_nonnull(sums);
    for (const Study *const *study = studies; *study; study++) {
        char path[256], line[512];
        snprintf(path, sizeof path, "reference_results/golden/%s.csv", (*study)->name);
        ck_assert_int_eq(sha256_file(path, hex, &error), 0);
        snprintf(line, sizeof line, "%s  %s.csv\n", hex, (*study)->name);
        ck_assert_msg(strstr(sums, line) != NULL, "%s was altered", path);
    }
    free(sums);
}
END_TEST

/* Every line of the new results, in order, in the golden ones. */
static size_t match_lines(char *fresh, const char *golden) {
    size_t matched = 0;
    for (char *line = strtok(fresh, "\n"); line; line = strtok(NULL, "\n"), matched++) {
        const char *found = strstr(golden, line);
        ck_assert_msg(found && found[strlen(line)] == '\n', "not in the golden results: %s", line);
        golden = found + strlen(line);
    }
    return matched;
}

/* Cheap cells at their published size. */
static const struct {
    const char *study, *options[4];
    size_t lines;
} cells[] = {{"classification", {"--model=logistic,mlp", "--features=original"}, 2 * (25 * 4 + 4)},
             {"double-descent", {"--model=mlp", "--label-noise=0", "--widths=2"}, 4},
             {"double-descent", {"--model=cnn", "--label-noise=0.15", "--widths=2"}, 4},
             {"pooling", {"--pooling=stride,l2", "--train-examples=1000"}, 2 * (2 * 61 + 3 * 7 + 6)}};

START_TEST(cells_equal_the_golden_ones) {
    char *directory = fresh_directory(), results[256], manifest[256], path[256];
    const char *study = cells[_i].study;
    snprintf(results, sizeof results, "--results=%s/r", directory);
    snprintf(manifest, sizeof manifest, "--manifest=%s/m", directory);
    char *argv[9] = {(char *)study, (char *)"--seeds=1", (char *)"--quiet", results, manifest};
    int argc = 5;
    for (const char *const *option = cells[_i].options; *option; option++) argv[argc++] = (char *)*option;
    Error error = {""};
    ck_assert_msg(run_command(studies, argc, argv, &error) == 0, "%s", error.text);
    snprintf(path, sizeof path, "%s/r/%s.csv", directory, study);
    char *fresh = slurp(path);
    snprintf(path, sizeof path, "reference_results/golden/%s.csv", study);
    char *golden = slurp(path);
    ck_assert_ptr_nonnull(fresh);
    ck_assert_ptr_nonnull(golden);
    ck_assert_uint_eq(match_lines(fresh, golden), 1 + cells[_i].lines);
    free(fresh), free(golden);
    remove_tree(directory);
    free(directory);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("reference");
    TCase *t = tcase_create("reference");
    tcase_set_timeout(t, 600);
    tcase_add_test(t, claims_have_published_numbers_and_recorded_verdicts);
    tcase_add_test(t, golden_files_are_whole);
    tcase_add_loop_test(t, cells_equal_the_golden_ones, 0, sizeof cells / sizeof *cells);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
