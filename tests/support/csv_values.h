/* Columns of a table by name, and fields as numbers. */
#ifndef SCALEDOWN_TESTS_CSV_VALUES_H
#define SCALEDOWN_TESTS_CSV_VALUES_H

#include "base/csv.h"

/* Errors name the file: none, or more than one, has that name. */
int csv_column(const CsvTable *table, const char *name, size_t *column, Error *error);
/* The whole field as a finite number; anything else (empty, trailing text, nan, inf) is an error. */
int csv_number(const CsvTable *table, size_t row, size_t column, double *value, Error *error);

#endif
