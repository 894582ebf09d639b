#include "command/verify.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/output.h"
#include "base/sha256.h"
#include "command/command.h"
#include "command/stored.h"
#include "command/table.h"
#include "study/audit.h"
#include "study/golden.h"
#include "study/sums.h"

/* ---- verify ---- */

static const Option verify_options[] = {{"update", NULL, NULL, "make these results the recorded ones"},
                                        {NULL, NULL, NULL, NULL}};

/* Are these results, as a file, the recorded ones?  Then they are not what is wrong. */
static int bytes_are_recorded(const char *references, const Results *results, Arena *arena) {
    const Experiment *experiment = results->grid.experiment;
    const char *folder = arena_format(arena, "%s/%s/golden", references, experiment->paper->name);
    Sums sums;
    Error ignored = {""};
    char hex[SHA256_HEX];
    Text text = text_create(arena);
    if (sums_read(folder, arena, &sums, &ignored)) return 0;
    const char *recorded = sums_find(&sums, arena_format(arena, "%s.csv", experiment->name));
    results_text(results, RESULTS_MERGED, &text);
    sha256_hex(text.data, text.size, hex);
    return recorded && strcmp(recorded, hex) == 0;
}

/* What is wrong with what was selected, though nothing that is there differs. */
typedef enum Lack { NOTHING_LACKS, RESULTS_LACK, RECORDED_LACK, DATA_LACK } Lack;

/* Is it for want of files that an experiment was not run, or not whole?  Who asks for it by name wants it all the same. */
static int is_skipped(const Command *command, const Experiment *experiment, Arena *arena, const char **said,
                      Error *error) {
    const char *needs;
    if (experiment_needs(experiment, arena, &needs, error)) return -1;
    if (needs) *said = arena_format(arena, "%s; skipped: %s", *said, needs);
    return needs && !command_names_experiment(command);
}

/* What verify says about one experiment; *n_cells grows by those that are equal. */
static int verify_one(const Command *command, const Chosen *chosen, long long seeds, Arena *arena, const char **said,
                      size_t *n_cells, Lack *lack, Error *error) {
    const char *references = command_references(command), *directory = command_results(command);
    const Experiment *experiment = chosen->experiment;
    Results results;
    GoldenCount count;
    size_t absent = 0;
    *lack = RESULTS_LACK;
    const int opened = stored_open(directory, experiment, seeds, arena, &results, error);
    if (opened < 0) return -1;
    if (opened) {
        const char *hint = seeds > 0 ? "" : stored_hint(directory, experiment, arena);
        *said = arena_format(arena, "no results in %s%s%s", directory, *hint ? "; " : "", hint);
        const int skipped = is_skipped(command, experiment, arena, said, error);
        if (skipped > 0) *lack = DATA_LACK;
        return skipped < 0 ? -1 : 0;
    }
    const int compared = golden_verify(references, &results, &count, error);
    if (compared < 0 && bytes_are_recorded(references, &results, arena)) {
        const Error fault = *error;
        return error_set(error,
                         "the results of %s are those that SHA256SUMS has recorded, so they are right and not to be "
                         "recorded anew; restore the recorded files from the repository: %.*s",
                         experiment->name, (int)strcspn(fault.text, ";"), fault.text);
    }
    if (compared < 0) return -1;
    if (compared) {
        *lack = RECORDED_LACK;
        *said = "no recorded results to compare with";
        return 0;
    }
    Text text = text_create(arena);
    *n_cells += count.same;
    text_format(&text, "equals the recorded results bit for bit (%s)", count_text(count.same, "cell", arena));
    if (count.unrecorded) text_format(&text, "; %zu more are not recorded", count.unrecorded);
    if (count.missing) text_format(&text, "; %zu recorded ones are not among the results", count.missing);
    for (size_t r = 0; r < experiment->n_rows; r++) absent += chosen->rows[r] && !results.grid.rows[r];
    if (absent) text_format(&text, ", which lack %zu of the rows", absent);
    *lack = absent || !count.same ? RESULTS_LACK : NOTHING_LACKS;
    *said = text.data;
    const int skipped = absent ? is_skipped(command, experiment, arena, said, error) : 0;
    if (skipped > 0) *lack = DATA_LACK;
    return skipped < 0 ? -1 : 0;
}

static int record_all(const Command *command, Error *error) {
    if (command->selection.only || options_given(&command->options, "seeds"))
        return error_set(error, "verify --update records whole experiments; leave out --%s",
                         command->selection.only ? "only" : "seeds"),
               EXIT_USAGE;
    for (size_t i = 0; i < command->selection.n; i++) {
        const Experiment *experiment = command->selection.chosen[i].experiment;
        Arena *arena = arena_create(0);
        Results results;
        int status = stored_open(command_results(command), experiment, SEEDS_OF_THE_TABLE, arena, &results, error);
        if (status > 0)
            error_set(error, "experiment %s: no results in %s; `scaledown run %s` makes them", experiment->name,
                      command_results(command), experiment->name);
        if (!status) status = golden_update(command_references(command), &results, error);
        arena_destroy(arena);
        if (status) return EXIT_FAILURE;
        printf("%s/%s: recorded\n", experiment->paper->name, experiment->name);
    }
    return 0;
}

static int verify_work(Command *command, Error *error) {
    const Selection *selection = &command->selection;
    Arena *arena = command->arena;
    size_t n_lacking[DATA_LACK + 1] = {0}, n_failed = 0, n_cells = 0, width = 0;
    long long seeds;
    if (options_given(&command->options, "update")) return record_all(command, error);
    if (stored_seeds(command, &seeds, error)) return EXIT_USAGE;
    for (size_t i = 0; i < selection->n; i++) {
        const size_t length = strlen(selection->chosen[i].experiment->name);
        if (length > width) width = length;
    }
    for (size_t i = 0; i < selection->n; i++) {
        const char *said = "DIFFERS or cannot be compared";
        Lack lack = NOTHING_LACKS;
        Error fault = {""};
        Arena *scratch = arena_create(0);
        if (verify_one(command, &selection->chosen[i], seeds, scratch, &said, &n_cells, &lack, &fault)) {
            said = "DIFFERS or cannot be compared";
            if (!n_failed++) *error = fault;
        } else
            n_lacking[lack]++;
        printf("%-*s  ", (int)width, selection->chosen[i].experiment->name);
        text_print_words(text_printable(scratch, said), width + 2, (size_t)output_columns(), stdout);
        puts("");
        arena_destroy(scratch);
    }
    const char *more = n_failed > 1 ? arena_format(arena, "%s (and %zu more)", error->text, n_failed - 1) : NULL;
    if (more) error_set(error, "%s", more);
    if (n_failed) return EXIT_FAILURE;
    const char *of_all =
        arena_format(arena, "%zu of %s", n_lacking[NOTHING_LACKS], count_text(selection->n, "experiment", arena));
    if (!n_lacking[RESULTS_LACK] && !n_lacking[RECORDED_LACK] && n_lacking[NOTHING_LACKS]) {
        printf("results: bit for bit the recorded ones: %s, %s%s\n", of_all, count_text(n_cells, "cell", arena),
               n_lacking[DATA_LACK] ? "; the others need data" : "");
        return 0;
    }
    Text line = text_create(arena);
    command_line(command, "run", NULL, &line);
    error_set(error, "compared in full: only %s%s%s%s", of_all, n_lacking[RESULTS_LACK] ? "; `" : "",
              n_lacking[RESULTS_LACK] ? line.data : "", n_lacking[RESULTS_LACK] ? "` computes what is missing" : "");
    return EXIT_FAILURE;
}

int verify_command(const Method *const *methods, int argc, char **argv, Error *error) {
    static const CommandKind kind = {
        "verify",
        "[EXPERIMENT|PAPER|all]",
        "Compares results with the recorded ones, cell by cell and bit for bit.  Fails when one differs, and when what "
        "is selected has no results or only a part of them.  Results of more seeds than were recorded are compared in "
        "those that were.",
        TAKES_RESULTS | TAKES_SEEDS | TAKES_REFERENCES,
        verify_options,
        verify_work};
    return command_run(&kind, methods, argc, argv, error);
}

/* ---- audit ---- */

static const Option audit_options[] = {
    {"minutes", "M", "5", "the time there is, on the cores that are used"},
    {"audit-seed", "S", NULL, "which cells are drawn, 0 to 4294967295 (default: another each time; it is printed)"},
    {"quiet", NULL, NULL, "no progress"},
    {NULL, NULL, NULL, NULL}};

static long long random_seed(void) {
    unsigned char bytes[4];
    FILE *source = fopen("/dev/urandom", "rb");
    const int read_all = source && fread(bytes, 1, sizeof bytes, source) == sizeof bytes;
    if (source) fclose(source);
    if (!read_all) return (long long)time(NULL) & 0xffffffffLL; /* no such device */
    return ((long long)bytes[0] << 24) | (bytes[1] << 16) | (bytes[2] << 8) | bytes[3];
}

static const char *percent(double share, Arena *arena) {
    return arena_format(arena, share < 0.01 ? "%.2g" : "%.1f", 100 * share);
}

static void print_audit(const Audit *audit, Arena *arena) {
    const size_t n = audit->n_same + audit->n_different;
    Text text = text_create(arena);
    text_format(&text, "%zu of %zu recorded cells, %s %% of their cost, were computed again", n, audit->n_recorded,
                percent(audit->cost_share, arena));
    if (audit->n_different)
        text_format(&text, ": %zu equal the recorded results bit for bit, %zu do not.", audit->n_same,
                    audit->n_different);
    else if (n)
        text_add(&text, ": all equal the recorded results bit for bit.");
    if (audit->n_ruled_out && audit->n_same == audit->n_recorded)
        text_add(&text, "  These are all recorded cells: none is wrong.");
    else if (audit->n_ruled_out && audit->n_same == audit->n_eligible)
        text_format(&text, "  These are all %zu that fit into this time: none of them is wrong.", audit->n_eligible);
    else if (audit->n_ruled_out)
        text_format(&text,
                    "  That %zu (%s %%) or more of the %zu that fit into this time are wrong is ruled out at 95 %%.",
                    audit->n_ruled_out, percent((double)audit->n_ruled_out / (double)audit->n_eligible, arena),
                    audit->n_eligible);
    text_print_words(text.data, 0, (size_t)output_columns(), stdout);
    puts("");
    if (audit->n_lacking) {
        text_print_words(arena_format(arena, "%s left out: %s", count_text(audit->n_lacking, "recorded cell", arena),
                                      audit->lacking.text),
                         0, (size_t)output_columns(), stdout);
        puts("");
    }
    if (audit->n_without) printf("%s without recorded results\n", count_text(audit->n_without, "experiment", arena));
}

static int audit_work(Command *command, Error *error) {
    const Options *options = &command->options;
    double minutes;
    long long seed = random_seed();
    Audit audit = {.references = command_references(command), .quiet = options_given(options, "quiet")};
    if (options_double(options, "minutes", 0.01, 100000, &minutes, error) ||
        command_threads(command, &audit.threads, error))
        return EXIT_USAGE;
    if (options_given(options, "audit-seed") && options_integer(options, "audit-seed", 0, 0xffffffffLL, &seed, error))
        return EXIT_USAGE;
    audit.seconds = 60 * minutes;
    audit.seed = (unsigned long long)seed;
    audit.time_scale = measure_time_scale();
    printf("audit seed %lld: --audit-seed %lld draws the cells in this order again\n", seed, seed);
    if (output_flush(error)) return EXIT_FAILURE;
    const double start = clock_seconds();
    if (audit_run(&audit, &command->selection, error)) return EXIT_FAILURE;
    if (audit.n_lacking == audit.n_recorded && audit.n_lacking)
        return error_set(error, "none of these recorded cells can be computed: %s", audit.lacking.text), EXIT_FAILURE;
    if (audit.n_same + audit.n_different == 0 && !audit.signal)
        return error_set(error, "no cell fits into %g minutes on %s; give more --minutes", minutes,
                         count_text((size_t)audit.threads, "core", command->arena)),
               EXIT_FAILURE;
    char duration[32];
    print_audit(&audit, command->arena);
    printf("time taken: %s on %s\n", format_duration(clock_seconds() - start, duration),
           count_text((size_t)audit.threads, "core", command->arena));
    if (audit.n_different) return *error = audit.first, EXIT_FAILURE;
    if (!audit.signal) return 0;
    error_set(error, "interrupted: only the cells above were compared, which say nothing of the others");
    return 128 + audit.signal;
}

int audit_command(const Method *const *methods, int argc, char **argv, Error *error) {
    static const CommandKind kind = {
        "audit",
        "[EXPERIMENT|PAPER|all]",
        "Computes recorded cells again, drawn at random, as many as fit into the time, and compares them bit for bit.  "
        "Nothing that is stored is used.  Cells that take more than half of the time on one core are not drawn.",
        TAKES_REFERENCES | TAKES_THREADS,
        audit_options,
        audit_work};
    return command_run(&kind, methods, argc, argv, error);
}
