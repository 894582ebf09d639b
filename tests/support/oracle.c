#include "csv_values.h"
#include "oracle.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

Oracle oracle_read(const char *path, Arena *arena) {
    Oracle oracle = {.arena = arena};
    Error error = {""};
    ck_assert_msg(csv_read(path, arena, &oracle.table, &error) == 0, "%s", error.text);
    ck_assert_msg(csv_columns(&oracle.table, "quantity,index,value", &error) == 0, "%s", error.text);
    return oracle;
}

const real *oracle_values(const Oracle *oracle, const char *quantity, size_t count) {
    real *values = arena_alloc(oracle->arena, count, sizeof *values);
    size_t found = 0;
    for (size_t row = 0; row < oracle->table.rows; row++) {
        Error error = {""};
        double index, value;
        if (strcmp(csv_text(&oracle->table, row, 0), quantity)) continue;
        ck_assert_msg(csv_number(&oracle->table, row, 1, &index, &error) == 0, "%s", error.text);
        ck_assert_msg(csv_number(&oracle->table, row, 2, &value, &error) == 0, "%s", error.text);
        ck_assert_msg(found < count && index == (double)found, "%s: %s has no place for index %g", oracle->table.path,
                      quantity, index);
        values[found++] = (real)value;
    }
    ck_assert_msg(found == count, "%s: %s has %zu values, expected %zu", oracle->table.path, quantity, found, count);
    return values;
}

void oracle_compare(const Oracle *oracle, const char *quantity, size_t count, const real *ours, double tolerance) {
    const real *theirs = oracle_values(oracle, quantity, count);
    double largest = 0;
    for (size_t i = 0; i < count; i++) largest = fmax(largest, fabs((double)theirs[i]));
    for (size_t i = 0; i < count; i++)
        ck_assert_msg(fabs((double)ours[i] - (double)theirs[i]) <= tolerance * largest,
                      "%s[%zu] is %.9g, expected %.9g within %.2g", quantity, i, (double)ours[i], (double)theirs[i],
                      tolerance * largest);
}
