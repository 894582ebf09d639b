/* Finished cells, one file each, RESULTS/cells/METHOD/KEY.csv, written whole or not at all:
 *     method,<name>
 *     parameters,<canonical text>
 *     source,<hash of the sources that can affect the result>
 *     metric,x_name,x,value
 *     ...
 *     sha256,<of everything above>
 * KEY is the SHA-256 of the first three lines, so that a cell belongs to its method, not to an experiment, and is the
 * same on every machine.  A value is a real number and is always written with a point or an exponent ("65.0"), so that
 * an integer where a real number belongs shows a fault; x is any number or empty. */
#ifndef SCALEDOWN_STUDY_STORE_H
#define SCALEDOWN_STUDY_STORE_H

#include "base/csv.h"
#include "base/sha256.h"
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
/* Append a row that was read; the record's fault tells whether it breaks a rule. */
void record_row(Record *record, Row row);
/* The first rule that a whole record breaks, or NULL: that of a row, one place twice, or one metric along two x. */
const char *record_fault(const Record *record);
int row_same_place(const Row *a, const Row *b); /* metric, x_name and x agree */
void row_text(const Row *row, Text *text);      /* "metric,x_name,x,value" and a line's end */
/* From the four fields; path and line for messages.  The texts are kept, not copied. */
int row_read(const char *metric, const char *x_name, const char *x, const char *value, const char *path, size_t line,
             Row *row, Error *error);

/* "65.0", "0.1", "1e-08": format_double, never looking like an integer. */
char *real_text(double value, char buffer[40]);
/* A finite number that does not look like an integer; what names it in the error. */
int real_parse(const char *text, const char *path, const char *what, double *value, Error *error);

/* The hash of the sources that can affect the method's results (source.c); an unknown source file is an error. */
int source_hash(const Method *method, char hex[SHA256_HEX], Error *error);
const char *source_hash_common(void);

typedef enum Stored { STORED_DAMAGED = -1, STORED_WHOLE = 0, STORED_ABSENT = 1 } Stored;

int store_key(const Cell *cell, char key[SHA256_HEX], Error *error);
const char *store_path(const char *results, const Cell *cell, Arena *arena, Error *error); /* NULL on error */
/* STORED_DAMAGED fills error.  Rows live in the record's arena. */
Stored store_load(const char *results, const Cell *cell, Record *record, Error *error);
/* Fails, and stores nothing, when the record broke a rule, or when the cell is stored whole already with other results:
 * then two machines, or two runs of one, disagree. */
int store_save(const char *results, const Cell *cell, const Record *record, Error *error);
/* Of a cell that was interrupted, beside its place: "state,<size>,<mark>", the state, the rows, a checksum (method.h).  The
 * state is bytes of memory; the mark tells byte order, sizes and alignments, so that a machine of another kind, which
 * shares the folder, begins anew. */
int checkpoint_exists(const char *results, const Cell *cell);
void checkpoint_remove(const char *results, const Cell *cell);

#endif
