/* Tables of texts: aligned for a terminal, or as CSV. */
#ifndef SCALEDOWN_COMMAND_TABLE_H
#define SCALEDOWN_COMMAND_TABLE_H

#include <stdio.h>

#include "base/arena.h"

typedef struct Table {
    const char *layout; /* a letter for each column: l to the left, r to the right; the last may be w, to the left and
                         * its words, where the line would be too long, below each other */
    size_t n_columns, n, capacity;
    const char **cells; /* [n], row by row; the first row is the header */
    Arena *arena;
} Table;

Table table_create(const char *layout, Arena *arena);
/* The first row: names apart by commas. */
void table_header(Table *table, const char *names);
/* The next cell, which a terminal may show (text_printable) and which the arena holds. */
void table_add(Table *table, const char *text);
/* Formatted likewise. */
void table_format(Table *table, const char *format, ...)
#ifdef __GNUC__
    __attribute__((format(printf, 2, 3)))
#endif
    ;
/* Columns two blanks apart, each line after the indentation. */
void table_print(const Table *table, int indentation, FILE *stream);
void table_csv(const Table *table, FILE *stream);

/* Columns of the terminal that standard output is, at least 40; 80 if it is none. */
int output_columns(void);
#endif
