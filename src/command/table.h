/* Tables of texts: aligned for a terminal, or as CSV. */
#ifndef SCALEDOWN_COMMAND_TABLE_H
#define SCALEDOWN_COMMAND_TABLE_H

#include <stdio.h>

#include "base/arena.h"
#include "base/options.h"

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

/* Columns of the terminal that standard output is, at least 40; if it is none, what COLUMNS of the environment says, else
 * 80. */
int output_columns(void);
/* For --help: lines of a text, each broken where it is too long, with what follows below its second column if it is
 * indented and has one ("  x, y    training examples and their labels"), and the options. */
void help_print(const char *text, const Options *options);
#endif
