/* Comma-separated values with a header row (RFC 4180: quotes, embedded commas and newlines).  All rows must
 * have the header's number of fields, and the last line must end with a newline (else the file may be cut off);
 * violations name file and line.  Files are built with text_add_csv of base/text.h. */
#ifndef SCALEDOWN_BASE_CSV_H
#define SCALEDOWN_BASE_CSV_H

#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"

typedef struct CsvTable {
    const char *path; /* for messages */
    size_t rows;      /* without the header */
    size_t columns;
    char **names;  /* [columns] */
    char **fields; /* [rows * columns], row-major */
    size_t *lines; /* [rows]: the line on which each row begins, from 1 */
} CsvTable;

int csv_read(const char *path, Arena *arena, CsvTable *table, Error *error);
int csv_parse(const char *path, const char *text, size_t size, Arena *arena, CsvTable *table, Error *error);
/* The columns must be these, in this order: "id,verdict". */
int csv_columns(const CsvTable *table, const char *expected, Error *error);
/* Likewise, or these and then more, all of them. */
int csv_columns_and(const CsvTable *table, const char *expected, const char *more, Error *error);
const char *csv_text(const CsvTable *table, size_t row, size_t column);

/* Strict number parsing shared by options and files: the whole text, in range, or -1.  Decimal digits with an
 * optional sign, point and exponent; no spaces, hexadecimal, nan or inf; too large is an error, too small is 0.
 * The locale does not matter.  *value is untouched on error. */
int parse_double(const char *text, double *value);
int parse_integer(const char *text, long long low, long long high, long long *value);
/* Shortest decimal that reads back as the same value ("0.1", "1e-08", "42"); whole numbers below 1e15 (float: 2^24)
 * without an exponent ("6000").  Returns buffer. */
char *format_double(double value, char buffer[32]);
char *format_float(float value, char buffer[32]);

#endif
