/* Recorded results: that an altered file, another parameter or another bit is found; audits; the lists of checksums; what
 * a manifest says. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/sha256.h"
#include "fake_runs.h"
#include "study/audit.h"
#include "study/golden.h"
#include "study/manifest.h"
#include "study/sums.h"
#include "suite.h"

static Results results_of(const Experiment *experiment, const char *options) {
    Run run;
    Results results;
    Error error = {""};
    ck_assert_msg(run_in(experiment, options, in("r"), arena, &run, &error) == 0, "%s", error.text);
    ck_assert_int_eq(results_load(in("r"), &run.grid, arena, &results, &error), 0);
    return results;
}

static Results record_all_of(const char *name) {
    const Results results = results_of(find_experiment(&catalogue, name), "");
    Error error = {""};
    ck_assert_msg(golden_update(in("reference_results"), &results, &error) == 0, "%s", error.text);
    return results;
}

static const char *golden(const char *name) {
    return in(arena_format(arena, "reference_results/fakes/golden/%s", name));
}

/* ---- comparing ---- */

START_TEST(what_was_recorded_is_verified) {
    Results recorded;
    GoldenCount count;
    Error error = {""};
    ck_assert_int_eq(results_recorded(in("reference_results"), fake, arena, &recorded, &error), 1); /* nothing yet */
    const Results ours = results_of(fake, "");
    ck_assert_int_eq(golden_verify(in("reference_results"), &ours, &count, &error), 1);
    ck_assert_str_eq(error.text, "");
    record_all_of("fake");
    ck_assert_msg(golden_verify(in("reference_results"), &ours, &count, &error) == 0, "%s", error.text);
    ck_assert(count.same == 24 && count.unrecorded == 0 && count.missing == 0);
    ck_assert_int_eq(results_recorded(in("reference_results"), fake, arena, &recorded, &error), 0);
    for (int file = 0; file < N_RESULT_FILES; file++) {
        Text a = text_create(arena), b = text_create(arena);
        results_text(&ours, file, &a);
        results_text(&recorded, file, &b);
        ck_assert_str_eq(a.data, b.data);
    }
    /* the summary follows from the first file: only its checksum is kept */
    ck_assert(file_exists(golden("fake.csv")) && file_exists(golden("fake_grid.csv")));
    ck_assert(!file_exists(golden("fake_summary.csv")));
}
END_TEST

START_TEST(parts_and_more_seeds_are_compared_where_both_are) {
    GoldenCount count;
    Error error = {""};
    record_all_of("panels");
    const Experiment *panels = find_experiment(&catalogue, "panels");
    const Results part = results_of(panels, "--rows=1,3"), more = results_of(panels, "--seeds=3 --rows=2");
    ck_assert_int_eq(golden_verify(in("reference_results"), &part, &count, &error), 0);
    ck_assert(count.same == 8 && count.unrecorded == 0 && count.missing == 4);
    ck_assert_int_eq(golden_verify(in("reference_results"), &more, &count, &error), 0);
    ck_assert(count.same == 4 && count.unrecorded == 2 && count.missing == 8);
}
END_TEST

static const struct {
    size_t cell, row;
    double value;
    int diverged;
    const char *metric, *says[2];
} changes[] = {
    {5, 0, 2.5, 0, NULL, {"cell \"model=plain width=2\", seed 43, metric level", "recorded 2.0, ours 2.5"}},
    {5, 0, 2 + 4.44e-16, 0, NULL, {"metric level", "recorded 2.0, ours 2.0000000000000004"}},
    {0, 2, NAN, 1, NULL, {"metric curve at step 0", "recorded 0.3333333333333333, ours diverged"}},
    {23, 5, 1, 0, NULL, {"cell \"model=fancy width=3\", seed 45, metric lost", "recorded diverged, ours 1.0"}},
    {7, 1, 1, 0, "loud", {"seed 45, metric noisy", "ours measured loud there"}},
};

START_TEST(verify_names_the_first_difference) {
    Results ours = record_all_of("fake");
    GoldenCount count;
    Error error = {""};
    Row *row = &ours.records[changes[_i].cell].rows[changes[_i].row];
    row->value = changes[_i].value;
    row->diverged = changes[_i].diverged;
    if (changes[_i].metric) row->metric = changes[_i].metric;
    ck_assert_int_eq(golden_verify(in("reference_results"), &ours, &count, &error), -1);
    for (int i = 0; i < 2; i++)
        ck_assert_msg(strstr(error.text, changes[_i].says[i]) != NULL, "\"%s\" does not say %s", error.text,
                      changes[_i].says[i]);
}
END_TEST

START_TEST(a_lost_row_is_a_difference) {
    Results ours = record_all_of("fake");
    GoldenCount count;
    Error error = {""};
    ours.records[3].n_rows--;
    ck_assert_int_eq(golden_verify(in("reference_results"), &ours, &count, &error), -1);
    ck_assert_msg(strstr(error.text, "number of rows: recorded 6, ours 5") != NULL, "%s", error.text);
}
END_TEST

/* 0.0 and -0.0 are equal numbers, and different bits. */
START_TEST(a_sign_of_zero_is_a_difference) {
    Results ours = record_all_of("fake");
    Results recorded = ours;
    Record record = ours.records[0];
    Error error = {""};
    record.rows = arena_alloc(arena, record.n_rows, sizeof *record.rows);
    memcpy(record.rows, ours.records[0].rows, record.n_rows * sizeof *record.rows);
    ck_assert_int_eq(golden_compare(&recorded, 0, &record, &error), 0);
    recorded.records[0].rows[0].value = 0.0;
    record.rows[0].value = -0.0;
    ck_assert_int_eq(golden_compare(&recorded, 0, &record, &error), -1);
    ck_assert_msg(strstr(error.text, "recorded 0.0, ours -0.0") != NULL, "%s", error.text);
}
END_TEST

/* ---- recording ---- */

START_TEST(only_whole_own_results_are_recorded) {
    static const char *const options[] = {"--size=smoke", "--width=2", "--seeds=3", "--seeds=5", "--first-seed=0"};
    const Results results = results_of(fake, options[_i]);
    Error error = {""};
    ck_assert_int_eq(golden_update(in("reference_results"), &results, &error), -1);
    ck_assert_msg(strstr(error.text, "cannot be recorded") && strstr(error.text, "scaledown run fake"), "%s",
                  error.text);
    ck_assert(!file_exists(golden("fake.csv")) && !file_exists(golden("SHA256SUMS")));
    const Results part = results_of(find_experiment(&catalogue, "panels"), "--rows=1");
    ck_assert_int_eq(golden_update(in("reference_results"), &part, &error), -1);
}
END_TEST

START_TEST(recording_one_experiment_leaves_the_others) {
    record_all_of("fake");
    char *before = slurp(golden("SHA256SUMS"));
    record_all_of("panels");
    record_all_of("fake");
    char *after = slurp(golden("SHA256SUMS"));
    ck_assert_ptr_nonnull(strstr(after, "  panels_summary.csv\n"));
    for (char *line = strtok(before, "\n"); line; line = strtok(NULL, "\n")) ck_assert_ptr_nonnull(strstr(after, line));
    free(before), free(after);
}
END_TEST

/* ---- altered files ---- */

static const struct {
    const char *name, *old, *replacement;
} alterations[] = {{"fake.csv", "level,,,1.0", "level,,,1.5"},
                   {"fake.csv", "fake,model=fancy width=3,45", ""},
                   {"fake.csv", "\n", "\r\n"},
                   {"fake_grid.csv", "rate,0.1", "rate,0.2"},
                   {"SHA256SUMS", "fake.csv", "fame.csv"},
                   {"SHA256SUMS", "  fake_grid", " fake_grid"},
                   {"SHA256SUMS", "  fake_grid.csv\n", "  fake_grid.csv"},
                   {"SHA256SUMS", "fake_grid.csv", "fake.csv"},
                   {"SHA256SUMS", "a", "g"}};

START_TEST(altered_files_are_found) {
    const Results ours = record_all_of("fake");
    Results recorded;
    GoldenCount count;
    Error error = {""};
    ck_assert(edit_file(golden(alterations[_i].name), alterations[_i].old, alterations[_i].replacement));
    ck_assert_int_eq(golden_verify(in("reference_results"), &ours, &count, &error), -1);
    ck_assert_msg(strstr(error.text, "fakes/golden") != NULL, "%s", error.text);
    ck_assert_int_eq(results_recorded(in("reference_results"), fake, arena, &recorded, &error), -1);
}
END_TEST

START_TEST(a_removed_file_is_found) {
    static const char *const names[] = {"fake.csv", "fake_grid.csv", "SHA256SUMS"};
    Results recorded;
    Error error = {""};
    record_all_of("fake");
    ck_assert_int_eq(remove(golden(names[_i])), 0);
    ck_assert_int_eq(results_recorded(in("reference_results"), fake, arena, &recorded, &error), -1);
    ck_assert_msg(strstr(error.text, names[_i]) && strstr(error.text, "golden"), "%s", error.text);
}
END_TEST

/* Changes of a recorded table whose checksum was renewed, too. */
static const struct {
    const char *old, *replacement, *says;
} forgeries[] = {{"fake,model=plain width=2,43,level,,,2.0\n", "fame,model=plain width=2,43,level,,,2.0\n", "missing"},
                 {"fake,model=plain width=2,43,", "fake,model=plain width=9,43,", "width=2"},
                 {"fake,model=plain width=1,42,level,,,1.0", "fake,model=plain width=1,42,level,,,1", "an integer"},
                 {"fake,model=plain width=1,42,level,,,1.0", "fake,model=plain width=1,42,level,,0,1.0", "malformed x"},
                 {"fake,model=plain width=1,43,noisy", "fake,model=plain width=1,43,nosy", "seed 43 did not measure"},
                 {"study,cell", "cell,study", "columns must be"},
                 {"fake,model=fancy width=3,45,lost,,,diverged\n",
                  "fake,model=fancy width=3,45,lost,,,diverged\nfake,model=fancy width=3,46,level,,,1.0\n", "none of"}};

START_TEST(forged_tables_are_refused) {
    char hex[2][SHA256_HEX];
    Results recorded;
    Error error = {""};
    record_all_of("fake");
    ck_assert_int_eq(sha256_file(golden("fake.csv"), hex[0], &error), 0);
    ck_assert(edit_file(golden("fake.csv"), forgeries[_i].old, forgeries[_i].replacement));
    ck_assert_int_eq(sha256_file(golden("fake.csv"), hex[1], &error), 0);
    ck_assert(edit_file(golden("SHA256SUMS"), hex[0], hex[1]));
    ck_assert_int_eq(results_recorded(in("reference_results"), fake, arena, &recorded, &error), -1);
    ck_assert_msg(strstr(error.text, forgeries[_i].says) != NULL, "%s", error.text);
}
END_TEST

/* A default, a row or a seed that is another today makes what was recorded results of something else. */
START_TEST(recorded_results_of_other_tables_are_refused) {
    static const char *const tables[][2] = {{"width=1,2,3\",,4", "width=1,2,4\",,4"},
                                            {"width=1,2,3\",,4", "width=1,2,3 rate=0.2\",,4"},
                                            {"width=1,2,3\",,4", "width=1,2,3\",,5"},
                                            {"width=1,2,3\",,4,2,42", "width=1,2,3\",,4,2,43"}};
    Results recorded;
    Error error = {""};
    record_all_of("fake");
    ck_assert(edit_file(in("reproduce/fakes/experiments.csv"), tables[_i][0], tables[_i][1]));
    ck_assert_int_eq(catalogue_read(directory, fake_methods, arena, &catalogue, &error), 0);
    fake = find_experiment(&catalogue, "fake");
    ck_assert_int_eq(results_recorded(in("reference_results"), fake, arena, &recorded, &error), -1);
    ck_assert_msg(strstr(error.text, "fake_grid.csv, line ") && strstr(error.text, "other parameters"), "%s",
                  error.text);
}
END_TEST

/* A method is given a parameter: what was recorded before was made with its default, and with nothing else. */
START_TEST(a_later_parameter_is_at_its_default) {
    static const struct {
        const char *value; /* of all cells; NULL: the default */
        int accepted;
    } cases[] = {{NULL, 1}, {"3", 0}};
    const size_t n = parameter_count(&fake_method);
    Parameter *parameters = arena_alloc_zero(arena, n + 2, sizeof *parameters);
    Method method = fake_method;
    Results recorded;
    Error error = {""};
    record_all_of("fake");
    memcpy(parameters, fake_method.parameters, n * sizeof *parameters);
    parameters[n] = (Parameter){"later", PARAMETER_INTEGER, "2", 0, 9, NULL, "given later", NULL};
    method.parameters = parameters;
    if (cases[_i].value)
        ck_assert(edit_file(in("reproduce/fakes/experiments.csv"), "width=1,2,3\",,4",
                            arena_format(arena, "width=1,2,3 later=%s\",,4", cases[_i].value)));
    ck_assert_int_eq(catalogue_read(directory, (const Method *const[]){&method, NULL}, arena, &catalogue, &error), 0);
    fake = find_experiment(&catalogue, "fake");
    const int status = results_recorded(in("reference_results"), fake, arena, &recorded, &error);
    ck_assert_msg(status == (cases[_i].accepted ? 0 : -1), "%s", error.text);
    ck_assert(cases[_i].accepted || strstr(error.text, "other parameters"));
}
END_TEST

/* ---- audits ---- */

static Audit audit_of(double seconds, unsigned long long seed, int threads) {
    Audit audit = {.references = in("reference_results"),
                   .seconds = seconds,
                   .time_scale = 1,
                   .seed = seed,
                   .threads = threads,
                   .quiet = 1};
    Selection selection;
    Error error = {""};
    ck_assert_int_eq(selection_make(&catalogue, NULL, NULL, NULL, arena, &selection, &error), 0);
    ck_assert_msg(audit_run(&audit, &selection, &error) == 0, "%s", error.text);
    return audit;
}

START_TEST(an_audit_of_right_results_passes) {
    record_all_of("fake");
    record_all_of("panels");
    fake_runs = 0;
    const Audit audit = audit_of(1000, 1, 2);
    ck_assert_uint_eq(audit.n_recorded, 24 + 6);
    ck_assert_uint_eq(audit.n_eligible, 30);
    ck_assert_uint_eq(audit.n_same, 30);
    ck_assert_uint_eq(audit.n_different, 0);
    ck_assert_uint_eq(audit.n_without, 1);   /* shared */
    ck_assert_int_eq(fake_runs, 30);         /* never from the store */
    ck_assert_uint_eq(audit.n_ruled_out, 1); /* all were drawn: not one is wrong */
    ck_assert_double_eq_tol(audit.cost_share, 1, 1e-12);
    ck_assert_int_eq(audit.signal, 0);
}
END_TEST

/* The file, its line in the list of checksums, and nothing else. */
static void plant(const char *old, const char *replacement) {
    char hex[2][SHA256_HEX];
    Error error = {""};
    ck_assert_int_eq(sha256_file(golden("fake.csv"), hex[0], &error), 0);
    ck_assert(edit_file(golden("fake.csv"), old, replacement));
    ck_assert_int_eq(sha256_file(golden("fake.csv"), hex[1], &error), 0);
    ck_assert(edit_file(golden("SHA256SUMS"), hex[0], hex[1]));
}

START_TEST(an_audit_of_all_cells_finds_the_wrong_one) {
    record_all_of("fake");
    plant("fake,model=fancy width=2,44,noisy,,,12.05", "fake,model=fancy width=2,44,noisy,,,12.050000000000002");
    const Audit audit = audit_of(1000, 1, 2);
    ck_assert_uint_eq(audit.n_same, 23);
    ck_assert_uint_eq(audit.n_different, 1);
    ck_assert_msg(strstr(audit.first.text, "\"model=fancy width=2\", seed 44, metric noisy") &&
                      strstr(audit.first.text, "recorded 12.050000000000002, ours 12.05"),
                  "%s", audit.first.text);
}
END_TEST

/* A cell that breaks a rule now is none of the recorded ones. */
START_TEST(an_audit_finds_a_measurement_that_is_none) {
    record_all_of("fake");
    fake_nan_seed = 43;
    const Audit audit = audit_of(1000, 1, 3);
    ck_assert_uint_eq(audit.n_same, 18);
    ck_assert_uint_eq(audit.n_different, 6);
    ck_assert_msg(strstr(audit.first.text, "seed=43") && strstr(audit.first.text, "NaN"), "%s", audit.first.text);
}
END_TEST

/* Which cells an audit draws shows in those that it finds wrong when all are. */
START_TEST(the_seed_draws_the_cells) {
    record_all_of("fake"); /* widths 1 to 3: 48 seconds */
    size_t drawn[4];
    const char *first[4];
    fake_nan_seed = -1;
    fake_wrong_seed = 42;
    for (int i = 0; i < 4; i++) {
        static const unsigned long long seeds[] = {1, 1, 2, 3};
        const Audit audit = audit_of(12, seeds[i], 1);
        drawn[i] = audit.n_same + audit.n_different;
        first[i] = arena_copy_text(arena, audit.first.text);
        ck_assert_uint_eq(audit.n_eligible, 24);
        ck_assert(drawn[i] >= 4 && drawn[i] <= 12); /* of the time that there is, all but less than a cell */
        ck_assert_double_le(audit.cost_share, 12. / 48);
        ck_assert_double_gt(audit.cost_share, 9. / 48);
    }
    ck_assert_uint_eq(drawn[0], drawn[1]);
    ck_assert_str_eq(first[0], first[1]);
    ck_assert(strcmp(first[0], first[2]) || strcmp(first[0], first[3]) || drawn[0] != drawn[2] || drawn[0] != drawn[3]);
}
END_TEST

/* The probability that n cells drawn of so many, k of them wrong, are all right. */
static double missed(double n, double of, double k) {
    if (of - k < n) return 0;
    return exp(lgamma(of - k + 1) - lgamma(of - k - n + 1) - lgamma(of + 1) + lgamma(of - n + 1));
}

/* Cells are drawn without returning: five of 24 rule out more than five of a multitude. */
START_TEST(what_an_audit_rules_out) {
    record_all_of("fake");
    for (unsigned long long seed = 1; seed < 20; seed++) {
        const Audit audit = audit_of(4 + (double)seed, seed, 1);
        ck_assert(audit.n_same > 0 && audit.n_same < audit.n_eligible && audit.n_ruled_out > 0);
        const double n = (double)audit.n_same, of = (double)audit.n_eligible, k = (double)audit.n_ruled_out;
        ck_assert_double_le(missed(n, of, k), 0.05 + 1e-12);
        ck_assert_double_gt(missed(n, of, k - 1), 0.05 - 1e-12);
    }
}
END_TEST

START_TEST(long_cells_are_not_eligible) {
    record_all_of("fake");
    const Audit audit = audit_of(4, 1, 64); /* at most half of the time on one core: width 3 does not fit */
    ck_assert_uint_eq(audit.n_recorded, 24);
    ck_assert_uint_eq(audit.n_eligible, 16);
    ck_assert_uint_eq(audit.n_same, 16);
    ck_assert_double_eq_tol(audit.cost_share, 24. / 48, 1e-12);
    const Audit none = audit_of(1, 1, 2);
    ck_assert_uint_eq(none.n_same + none.n_eligible, 0);
    ck_assert_uint_eq(none.n_ruled_out, 0);
}
END_TEST

START_TEST(an_audit_needs_recorded_results) {
    Audit audit = {.references = in("reference_results"), .seconds = 9, .time_scale = 1, .threads = 1, .quiet = 1};
    Selection selection;
    Error error = {""};
    ck_assert_int_eq(selection_make(&catalogue, "fake", NULL, NULL, arena, &selection, &error), 0);
    ck_assert_int_eq(audit_run(&audit, &selection, &error), -1);
    ck_assert_msg(strstr(error.text, "recorded results") != NULL, "%s", error.text);
    record_all_of("fake");
    plant("fake,model=plain width=1,42,level,,,1.0", "fake,model=plain width=1,42,level,,,1");
    ck_assert_int_eq(audit_run(&audit, &selection, &error), -1);
}
END_TEST

/* ---- lists of checksums ---- */

static const struct {
    const char *text, *says; /* NULL: fine */
} lists[] = {
    {"", NULL},
    {"0000000000000000000000000000000000000000000000000000000000000000  a\n", NULL},
    {"0000000000000000000000000000000000000000000000000000000000000000  a b\n", NULL},
    {"0000000000000000000000000000000000000000000000000000000000000000  a", "truncated"},
    {"0000000000000000000000000000000000000000000000000000000000000000 a\n", "line 1"},
    {"0000000000000000000000000000000000000000000000000000000000000000  \n", "line 1"},
    {"000000000000000000000000000000000000000000000000000000000000000  a\n", "line 1"},
    {"000000000000000000000000000000000000000000000000000000000000000G  a\n", "line 1"},
    {"0000000000000000000000000000000000000000000000000000000000000000  a\n\n", "line 2"},
    {"0000000000000000000000000000000000000000000000000000000000000000  a\n"
     "0000000000000000000000000000000000000000000000000000000000000001  a\n",
     "a twice"},
};

START_TEST(lists_of_checksums_are_read_or_refused) {
    Sums sums;
    Error error = {""};
    ck_assert_int_eq(sums_read(directory, arena, &sums, &error), 1);
    ck_assert_uint_eq(sums.n, 0);
    spill(in("SHA256SUMS"), lists[_i].text);
    ck_assert_int_eq(sums_read(directory, arena, &sums, &error), lists[_i].says ? -1 : 0);
    if (lists[_i].says)
        ck_assert_msg(strstr(error.text, lists[_i].says) && strstr(error.text, "SHA256SUMS"), "%s", error.text);
}
END_TEST

START_TEST(checksums_are_those_of_sha256sum) {
    char *hashes[] = {(char *)"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
                      (char *)"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"};
    char *names[] = {(char *)"b", (char *)"a"};
    const Sums none = {.n = 0}, fresh = {NULL, 2, hashes, names};
    Sums sums;
    Error error = {""};
    spill(in("b"), "abc");
    spill(in("a"), "");
    ck_assert_int_eq(sums_write(directory, &none, &fresh, arena, &error), 0);
    char *text = slurp(in("SHA256SUMS")); /* sorted by name */
    ck_assert_str_eq(text, arena_format(arena, "%s  a\n%s  b\n", hashes[1], hashes[0]));
    free(text);
    ck_assert_int_eq(sums_read(directory, arena, &sums, &error), 0);
    ck_assert_int_eq(
        sums_check(&sums, directory, "a", arena, &error) | sums_check(&sums, directory, "b", arena, &error), 0);
    ck_assert_int_eq(sums_check(&sums, directory, "c", arena, &error), -1);
    ck_assert_msg(strstr(error.text, "no line for c") != NULL, "%s", error.text);
    spill(in("b"), "abd");
    ck_assert_int_eq(sums_check(&sums, directory, "b", arena, &error), -1);
    ck_assert_msg(strstr(error.text, "altered") != NULL, "%s", error.text);
    ck_assert_int_eq(remove(in("b")), 0);
    ck_assert_int_eq(sums_check(&sums, directory, "b", arena, &error), -1);
    ck_assert_msg(strstr(error.text, "no such file") != NULL, "%s", error.text);
}
END_TEST

/* ---- manifests ---- */

START_TEST(a_manifest_says_how_results_were_made) {
    const Results results = results_of(fake, "");
    const char *path = in("made/manifest.txt");
    char hex[SHA256_HEX];
    Error error = {""};
    const Manifest manifest = {.threads = 3,
                               .n_run = 24,
                               .n_stored = 2,
                               .n_damaged = 1,
                               .core_seconds = 1.5,
                               .wall_seconds = 0.75,
                               .grids = &results.grid,
                               .n_grids = 1};
    ck_assert_int_eq(manifest_can_be_written(path, &error), 1);
    ck_assert(!file_exists(path));
    ck_assert_msg(manifest_write(path, &manifest, &error) == 0, "%s", error.text);
    char *text = slurp(path);
    ck_assert_int_eq(source_hash(&fake_method, hex, &error), 0);
    ck_assert_ptr_nonnull(strstr(text, "\nthreads   3\n"));
    ck_assert_ptr_nonnull(strstr(text, "\ncells     24 run, 2 found stored, 1 damaged\n"));
    ck_assert_ptr_nonnull(strstr(text, "\nseconds   0.75 in all, 1.50 of cells\n"));
    ck_assert_ptr_nonnull(strstr(text, arena_format(arena, "\nresults   fakes/fake: method fake, sources %s\n", hex)));
    free(text);
    spill(in("file"), "");
    ck_assert_int_eq(manifest_can_be_written(in("file/manifest.txt"), &error), 0);
    ck_assert_msg(strstr(error.text, "/file") != NULL, "%s", error.text);
    ck_assert_int_eq(manifest_write(in("file/manifest.txt"), &manifest, &error), -1);
}
END_TEST

#define COUNT(table) (int)(sizeof(table) / sizeof *(table))

int main(void) {
    Suite *suite = suite_create("golden");
    TCase *t = tcase_create("recorded results");
    tcase_add_checked_fixture(t, fake_runs_begin, fake_runs_end);
    tcase_set_timeout(t, 120);
    tcase_add_test(t, what_was_recorded_is_verified);
    tcase_add_test(t, parts_and_more_seeds_are_compared_where_both_are);
    tcase_add_loop_test(t, verify_names_the_first_difference, 0, COUNT(changes));
    tcase_add_test(t, a_lost_row_is_a_difference);
    tcase_add_test(t, a_sign_of_zero_is_a_difference);
    tcase_add_loop_test(t, only_whole_own_results_are_recorded, 0, 5);
    tcase_add_test(t, recording_one_experiment_leaves_the_others);
    tcase_add_loop_test(t, altered_files_are_found, 0, COUNT(alterations));
    tcase_add_loop_test(t, a_removed_file_is_found, 0, 3);
    tcase_add_loop_test(t, forged_tables_are_refused, 0, COUNT(forgeries));
    tcase_add_loop_test(t, recorded_results_of_other_tables_are_refused, 0, 4);
    tcase_add_loop_test(t, a_later_parameter_is_at_its_default, 0, 2);
    tcase_add_test(t, an_audit_of_right_results_passes);
    tcase_add_test(t, an_audit_of_all_cells_finds_the_wrong_one);
    tcase_add_test(t, an_audit_finds_a_measurement_that_is_none);
    tcase_add_test(t, the_seed_draws_the_cells);
    tcase_add_test(t, what_an_audit_rules_out);
    tcase_add_test(t, long_cells_are_not_eligible);
    tcase_add_test(t, an_audit_needs_recorded_results);
    tcase_add_loop_test(t, lists_of_checksums_are_read_or_refused, 0, COUNT(lists));
    tcase_add_test(t, checksums_are_those_of_sha256sum);
    tcase_add_test(t, a_manifest_says_how_results_were_made);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
