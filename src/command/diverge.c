#include "command/diverge.h"

#include <stdio.h>
#include <string.h>

#include "base/csv.h"
#include "base/state_trace.h"
#include "command/tool.h"

static const char purpose[] = "Compares two traces of state, which `scaledown run --state-trace` and `scaledown train "
                              "--state-trace` write, and names "
                              "the first step and tensor in which they differ.  Both must be of the same cell or "
                              "training run; what may differ is "
                              "the machine, the compiler, its options and the number of threads.  The exit status is 0 "
                              "when the traces are equal, 1 "
                              "when they part.";

enum { STEP, STATE, HASH, COLUMNS };

static const char *field(const CsvTable *trace, size_t row, int column) {
    return csv_text(trace, row, (size_t)column);
}

/* Rows are checked as far as they are used: a step is a number that never falls, a hash has its digits. */
static int read_trace(const char *path, Arena *arena, CsvTable *trace, Error *error) {
    long long before = 0, step;
    if (csv_read(path, arena, trace, error) || csv_columns(trace, STATE_TRACE_COLUMNS, error)) return -1;
    if (trace->rows == 0) return error_set(error, "%s: no states in it", path);
    for (size_t i = 0; i < trace->rows; i++, before = step) {
        const char *hash = field(trace, i, HASH);
        if (parse_integer(field(trace, i, STEP), before, 1LL << 62, &step))
            return error_set(error, "%s: line %zu: step '%.40s' is no number from %lld on", path, trace->lines[i],
                             field(trace, i, STEP), before);
        if (strlen(hash) != STATE_HASH_DIGITS || strspn(hash, "0123456789abcdef") != STATE_HASH_DIGITS)
            return error_set(error, "%s: line %zu: '%.40s' is no hash of %d digits", path, trace->lines[i], hash,
                             STATE_HASH_DIGITS);
    }
    return 0;
}

static int same(const CsvTable *a, const CsvTable *b, size_t row, int column) {
    return strcmp(field(a, row, column), field(b, row, column)) == 0;
}

/* Of both: the rows that have the same step, state and hash, from the first on. */
static size_t equal_rows(const CsvTable *a, const CsvTable *b) {
    size_t row = 0;
    while (row < a->rows && row < b->rows && same(a, b, row, STEP) && same(a, b, row, STATE) && same(a, b, row, HASH))
        row++;
    return row;
}

/* Whole steps before the row. */
static size_t steps_before(const CsvTable *trace, size_t row) {
    size_t steps = 0;
    for (size_t i = 1; i <= row && i < trace->rows; i++)
        steps += strcmp(field(trace, i, STEP), field(trace, i - 1, STEP)) != 0;
    return steps;
}

static int print_equal(const CsvTable *a) {
    printf("equal: %zu states of %zu steps\n", a->rows, steps_before(a, a->rows) + 1);
    return EXIT_SUCCESS;
}

static int print_parting(const CsvTable *a, const CsvTable *b, size_t row, Error *error) {
    const char *step = field(a, row, STEP);
    size_t differing = 0, of_step = 0;
    printf("parted in step %s: %s\n", step, field(a, row, STATE));
    for (size_t i = row; i < a->rows && i < b->rows && strcmp(field(a, i, STEP), step) == 0; i++)
        if (same(a, b, i, STATE) && !same(a, b, i, HASH)) differing++;
    for (size_t i = 0; i < a->rows; i++) of_step += strcmp(field(a, i, STEP), step) == 0;
    printf("equal before it: %zu states, %zu whole steps; states of the step that differ: %zu of %zu\n", row,
           steps_before(a, row), differing, of_step);
    return error_set(error, "%s and %s part in step %s", a->path, b->path, step), EXIT_FAILURE;
}

static int compare(const Options *options, Arena *arena, Error *error) {
    const char *path_a = options->words[0], *path_b = options->words[1];
    CsvTable a, b;
    if (read_trace(path_a, arena, &a, error) || read_trace(path_b, arena, &b, error)) return EXIT_FAILURE;
    const size_t row = equal_rows(&a, &b);
    if (row == a.rows && row == b.rows) return print_equal(&a);
    if (row == a.rows || row == b.rows)
        return error_set(error, "%s ends after %zu states, all of them equal; %s goes on with step %s",
                         row == a.rows ? path_a : path_b, row, row == a.rows ? path_b : path_a,
                         field(row == a.rows ? &b : &a, row, STEP)),
               EXIT_FAILURE;
    if (same(&a, &b, row, STEP) && same(&a, &b, row, STATE)) return print_parting(&a, &b, row, error);
    return error_set(error, "not of the same kind of run: line %zu of %s is step %s, %s; of %s it is step %s, %s",
                     a.lines[row], path_a, field(&a, row, STEP), field(&a, row, STATE), path_b, field(&b, row, STEP),
                     field(&b, row, STATE)),
           EXIT_USAGE;
}

int diverge_command(int argc, char **argv, Error *error) {
    static const Tool tool = {"diverge", "A.csv B.csv", purpose, 2, 2, {NULL}, compare};
    return tool_run(&tool, argc, argv, error);
}
