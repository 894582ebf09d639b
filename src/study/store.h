/* Finished cells, one file each, written whole or not at all:
 *     study,<name>
 *     parameters,<canonical text>
 *     source,<hash of the sources that can affect the result>
 *     metric,x_name,x,value
 *     ...
 *     sha256,<of everything above>
 * A value is a real number and is always written with a point or an exponent ("65.0"), so that an integer where a
 * real number belongs shows a fault; x is any number or empty. */
#ifndef SCALEDOWN_STUDY_STORE_H
#define SCALEDOWN_STUDY_STORE_H

#include <stdio.h>

#include "study/grid.h"

typedef struct Row {
    const char *metric, *x_name; /* x_name "" where the metric has no x */
    double x, value;             /* x NAN without x_name; value NAN when diverged */
    int diverged;
} Row;

struct Record {
    Arena *arena;
    Row *rows;
    size_t n_rows, capacity;
    const char *fault; /* the first rule that was broken, or NULL */
};

void record_create(Record *record, Arena *arena);
int row_same_place(const Row *a, const Row *b); /* metric, x_name and x agree */

/* "65.0", "0.1", "1e-08": format_double, never looking like an integer. */
char *real_text(double value, char buffer[40]);
/* A finite number that does not look like an integer; what names it in the error. */
int real_parse(const char *text, const char *path, const char *what, double *value, Error *error);

/* The hash of the sources that can affect the study's results (source.c); an unknown source file is an error. */
int source_hash(const Study *study, char hex[65], Error *error);
const char *source_hash_common(void);

typedef enum Stored { STORED_DAMAGED = -1, STORED_WHOLE = 0, STORED_ABSENT = 1 } Stored;

const char *store_path(const char *results, const Cell *cell, Arena *arena, Error *error); /* NULL on error */
/* STORED_DAMAGED fills error.  Rows live in the record's arena. */
Stored store_load(const char *results, const Cell *cell, Record *record, Error *error);
/* Of a cell that was interrupted, beside its place: "state,<size>", the state, the rows, a checksum (study.h). */
void checkpoint_remove(const char *results, const Cell *cell);
/* Fails, and stores nothing, when the record broke a rule. */
int store_save(const char *results, const Cell *cell, const Record *record, Error *error);

#endif
