/* Experiments whose cells read files that are not there: skipped, and named, by every command; all else is done.  Through
 * the commands themselves, with a method that needs "glyphs" when its model is fancy. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "command/claims.h"
#include "command/list.h"
#include "command/merge.h"
#include "command/run.h"
#include "command/verify.h"
#include "fake_project.h"
#include "sandbox.h"
#include "suite.h"

static int glyphs_there;

static int ready(const Cell *cell, Error *fault) {
    if (glyphs_there || !cell_is(cell, "model", "fancy")) return 0;
    return error_set(fault, "Glyphs are not in attic; `make glyphs` fetches them");
}

static int asks_wrongly(const Cell *cell, Error *fault) {
    (void)fault;
    return cell_integer(cell, "model") < 0;
}

static Method method;
static const Method *const methods[] = {&method, NULL};

/* The experiments of fake_project, and one that needs nothing: fake (half of its cells need glyphs), panels (those of its
 * third row), shared (all). */
static void begin(void) {
    sandbox_begin();
    fake_reset();
    glyphs_there = 0;
    method = fake_method;
    method.ready = ready;
    fake_project(folder, arena);
    write_paper(
        folder, "fakes",
        arena_format(arena, "%seasy,Fig. 20,It needs nothing,fake,model=plain width=9,,2,2,42\n", fake_experiments));
    setenv("COLUMNS", "1000", 1);
    unsetenv("SCALEDOWN_DATA"); /* which may have data sets */
}

static char *said; /* by the last command, on both streams */

/* A command with the word, and an option with its value unless NULL. */
static int command(int (*run)(const Method *const *, int, char **, Error *), const char *word, const char *option,
                   const char *value) {
    char *arguments[12] = {arena_copy_text(arena, word), "--project", folder};
    int n = 3;
    if (run != audit_command) arguments[n++] = "--results", arguments[n++] = in_folder("results");
    if (option) arguments[n++] = arena_copy_text(arena, option);
    if (value) arguments[n++] = arena_copy_text(arena, value);
    if (run == run_command) arguments[n++] = "--manifest", arguments[n++] = in_folder("manifest.txt");
    if (run == claims_command) arguments[n++] = "--report", arguments[n++] = in_folder("report");
    fflush(NULL);
    const int out = dup(1), err = dup(2);
    ck_assert_ptr_nonnull(freopen(in_folder("said"), "w", stdout));
    dup2(1, 2);
    error.text[0] = 0;
    const int status = run(methods, n, arguments, &error);
    fflush(NULL);
    dup2(out, 1);
    dup2(err, 2);
    close(out);
    close(err);
    char *text = slurp(in_folder("said"));
    said = arena_copy_text(arena, text);
    free(text);
    char *end = said; /* however lines are broken */
    for (const char *c = said; *c; c++)
        if (*c != '\n' && *c != ' ')
            *end++ = *c;
        else if (end > said && end[-1] != ' ')
            *end++ = ' ';
    *end = 0;
    return status;
}

static void says(const char *words) {
    ck_assert_msg(strstr(said, words) != NULL, "not \"%s\" but: %s%s", words, said, error.text);
}

static void says_not(const char *words) {
    ck_assert_msg(strstr(said, words) == NULL, "\"%s\" in: %s", words, said);
}

static const char needs[] = "Glyphs are not in attic; `make glyphs` fetches them";
static const char skipped[] =
    "skipped: fakes/fake, fakes/panels, fakes/shared: Glyphs are not in attic; `make glyphs` fetches them";

START_TEST(list_and_estimate_name_them) {
    ck_assert_msg(command(list_command, "all", "--threads", "1") == 0, "%s", error.text);
    says(skipped);
    says("needs data");
    says("data sets found: none (make data)");
    ck_assert_int_eq(command(list_command, "all", "--format", "csv"), 0);
    says(",core_seconds,seconds,needs ");
    says(needs);
    ck_assert_int_eq(command(list_command, "easy", "--threads", "1"), 0);
    says_not("needs data");
    ck_assert_int_eq(command(estimate_command, "all", "--threads", "1"), 0);
    says(skipped);
    glyphs_there = 1;
    ck_assert_int_eq(command(list_command, "all", "--threads", "1"), 0);
    says_not("needs data");
    says_not("skipped");
}
END_TEST

START_TEST(run_leaves_them_out) {
    ck_assert_msg(command(run_command, "all", "--threads", "1") == 0, "%s", error.text);
    says(skipped);
    says("36 cells: 18 run, 0 stored before, 18 skipped"); /* each cell once, though fake and shared have the same */
    says("easy.csv");
    says("panels.csv (of its items: Fig. 5a; Fig. 5b)");
    says("skipped: fakes/fake, 12 of 24 cells");
    says("skipped: fakes/panels, 2 of 12 cells");
    ck_assert_int_eq(fake_runs, 18);
    ck_assert(file_exists(in_folder("results/fakes/easy.csv")));
    ck_assert(!file_exists(in_folder("results/fakes/fake.csv")));
    ck_assert(!file_exists(in_folder("results/fakes/shared.csv")));
    /* again, with the means of what was not skipped */
    ck_assert_int_eq(command(run_command, "all", "--format", "csv"), 0);
    says("0 run, 18 stored before, 18 skipped");
    says("fakes,easy,");
    says_not("fakes,shared,");
    ck_assert_int_eq(command(merge_command, "shared", NULL, NULL), 1);
    says(needs);
    /* what is stored needs nothing more */
    glyphs_there = 1;
    ck_assert_int_eq(command(run_command, "all", "--quiet", NULL), 0);
    ck_assert_int_eq(fake_runs, 36);
    glyphs_there = 0;
    ck_assert_msg(command(run_command, "shared", NULL, NULL) == 0, "%s", error.text);
    says("0 run");
    ck_assert_int_eq(command(list_command, "all", "--threads", "1"), 0);
    says_not("needs data");
    ck_assert_int_eq(command(run_command, "shared", "--fresh", NULL), 1);
    check_error_names("fakes/shared cannot be run", needs);
}
END_TEST

START_TEST(by_name_they_are_errors) {
    ck_assert_int_eq(command(run_command, "shared", "--threads", "1"), 1);
    check_error_names("fakes/shared cannot be run", needs);
    ck_assert_int_eq(command(run_command, "fakes/fake", "--threads", "1"), 1);
    check_error_names("fakes/fake cannot be run", needs);
    ck_assert_int_eq(command(run_command, "all", "--only", "Fig. 10"), 1); /* there is nothing else */
    check_error_names("fakes/shared cannot be run", needs);
    ck_assert_int_eq(fake_runs, 0);
    ck_assert(!file_exists(in_folder("results")));
    ck_assert_msg(command(run_command, "fake", "--model", "plain") == 0, "%s", error.text); /* what was asked for */
    ck_assert_int_eq(fake_runs, 12);
    ck_assert_int_eq(command(claims_command, "shared", NULL, NULL), 1);
    check_error_names("no results of this experiment", needs);
    method.ready = asks_wrongly;
    ck_assert_int_eq(command(list_command, "all", "--threads", "1"), 1);
    check_error_names("method fake: whether it is ready asks for \"model\"", "");
}
END_TEST

START_TEST(claims_verify_and_audit_excuse_them) {
    glyphs_there = 1;
    ck_assert_msg(command(run_command, "all", "--quiet", NULL) == 0, "%s", error.text);
    ck_assert_msg(command(verify_command, "all", "--update", NULL) == 0, "%s", error.text);
    ck_assert_msg(command(claims_command, "all", "--update", NULL) == 0, "%s", error.text);
    ck_assert_msg(command(claims_command, "all", "--check", NULL) == 0, "%s", error.text);
    ck_assert(!file_exists(in_folder("report/fakes/skipped.csv")));
    remove_tree(in_folder("results"));
    glyphs_there = 0;
    ck_assert_int_eq(command(run_command, "all", "--quiet", NULL), 0);

    ck_assert_msg(command(claims_command, "all", "--check", NULL) == 0, "%s", error.text);
    says("verdicts: all 0 equal the recorded ones, by the seeds of the tables; 3 were not run");
    says("skipped: fakes/fake, fakes/shared: Glyphs"); /* panels has results */
    says_not("without results");
    check_content(in_folder("report/fakes/skipped.csv"),
                  arena_format(arena, "experiment,why\nfake,%s\nshared,%s\n", needs, needs));
    char *table = slurp(in_folder("report/fakes/claims.csv"));
    ck_assert_ptr_nonnull(strstr(table, "fakes/fake was not run: Glyphs are not in attic"));
    free(table);
    ck_assert_int_eq(command(claims_command, "all", "--update", NULL), 1); /* recorded are only all */
    check_error_names("fake", needs);

    ck_assert_msg(command(verify_command, "all", NULL, NULL) == 0, "%s", error.text);
    says("no results in");
    says("skipped: Glyphs are not in attic");
    says("which lack 1 of the rows; skipped: Glyphs");
    ck_assert_int_eq(command(verify_command, "shared", NULL, NULL), 1);
    says(needs);

    ck_assert_msg(command(audit_command, "all", "--minutes", "1000") == 0, "%s", error.text);
    says("18 recorded cells left out: Glyphs");
    says("18 of 36 recorded cells");
    ck_assert_int_eq(command(audit_command, "shared", NULL, NULL), 1);
    check_error_names("none of these recorded cells can be computed", needs);

    glyphs_there = 1; /* then there is no excuse */
    ck_assert_int_eq(command(claims_command, "all", "--check", NULL), 1);
    check_error_names("now not run", "");
    ck_assert_int_eq(command(verify_command, "all", NULL, NULL), 1);
    ck_assert_msg(command(run_command, "all", "--quiet", NULL) == 0, "%s", error.text);
    ck_assert_msg(command(verify_command, "all", NULL, NULL) == 0, "%s", error.text);
    ck_assert_msg(command(claims_command, "all", "--check", NULL) == 0, "%s", error.text);
    ck_assert(!file_exists(in_folder("report/fakes/skipped.csv")));
}
END_TEST

int main(void) {
    Suite *suite = suite_create("skipping");
    TCase *tests = tcase_create("all");
    tcase_add_checked_fixture(tests, begin, sandbox_end);
    tcase_add_test(tests, list_and_estimate_name_them);
    tcase_add_test(tests, run_leaves_them_out);
    tcase_add_test(tests, by_name_they_are_errors);
    tcase_add_test(tests, claims_verify_and_audit_excuse_them);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
