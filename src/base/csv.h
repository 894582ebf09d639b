/* Comma-separated values with a header row (RFC 4180: quotes, embedded commas and newlines).  All rows must
 * have the header's number of fields; violations name file and line. */
#ifndef SCALEDOWN_BASE_CSV_H
#define SCALEDOWN_BASE_CSV_H

#include <stddef.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/error.h"

typedef struct CsvTable {
    const char *path;    /* for messages */
    size_t rows;         /* without the header */
    size_t columns;
    char **names;        /* [columns] */
    char **fields;       /* [rows * columns], row-major */
} CsvTable;

int csv_read(const char *path, Arena *arena, CsvTable *table, Error *error);
int csv_parse(const char *path, const char *text, size_t size, Arena *arena, CsvTable *table, Error *error);
int csv_column(const CsvTable *table, const char *name, size_t *column, Error *error);
const char *csv_text(const CsvTable *table, size_t row, size_t column);
/* The whole field as a finite number; anything else (empty, trailing text, nan, inf) is an error. */
int csv_number(const CsvTable *table, size_t row, size_t column, double *value, Error *error);
/* Write one field, quoted when needed. */
void csv_write_text(FILE *stream, const char *text);

/* Strict number parsing shared by options and files: the whole text, in range, or -1. No locale. */
int parse_double(const char *text, double *value);           /* finite only */
int parse_integer(const char *text, long long low, long long high, long long *value);
/* Shortest decimal that reads back as the same value ("0.1", "1e-08", "42"); buffer of 32 bytes. */
char *format_double(double value, char buffer[32]);
char *format_float(float value, char buffer[32]);

#endif
