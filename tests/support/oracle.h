/* Numbers of another program: a CSV file of rows quantity,index,value in tests/oracle (its README says what made it).
 * A quantity's indices run from 0.  What is missing or does not fit ends the test. */
#ifndef SCALEDOWN_TESTS_ORACLE_H
#define SCALEDOWN_TESTS_ORACLE_H

#include "base/arena.h"
#include "base/csv.h"
#include "base/real.h"

typedef struct Oracle {
    CsvTable table;
    Arena *arena; /* of all values */
} Oracle;

Oracle oracle_read(const char *path, Arena *arena);
const real *oracle_values(const Oracle *oracle, const char *quantity, size_t count); /* exactly so many */
/* Each of ours within tolerance times the largest magnitude of the quantity's. */
void oracle_compare(const Oracle *oracle, const char *quantity, size_t count, const real *ours, double tolerance);

#endif
