/* A text that grows: what a file or a message is built in.  Memory has memory_alloc's promise, so what was added is
 * there, whole, and nothing needs to be checked.  data always ends with a zero byte behind size bytes, also when empty;
 * it moves when the text grows.
 *
 *     Text text = text_create(NULL);
 *     text_format(&text, "cells,%zu\n", n);
 *     status = file_write(path, text.data, text.size, error);
 *     text_destroy(&text);                                                                                           */
#ifndef SCALEDOWN_BASE_TEXT_H
#define SCALEDOWN_BASE_TEXT_H

#include <stddef.h>
#include <stdio.h>

#include "base/arena.h"

typedef struct Text {
    char *data;
    size_t size; /* bytes, without the zero byte at the end */
    size_t capacity;
    Arena *arena; /* which owns data, or NULL: text_destroy frees it */
} Text;

/* An empty text in the arena (which must not be rewound while the text grows), or with arena NULL on its own. */
Text text_create(Arena *arena);
void text_destroy(Text *text);
void text_clear(Text *text); /* empty again; keeps its room */

void text_add(Text *text, const char *string);
void text_add_bytes(Text *text, const void *bytes, size_t size);
void text_add_character(Text *text, char character);
void text_format(Text *text, const char *format, ...)
#ifdef __GNUC__
    __attribute__((format(printf, 2, 3)))
#endif
    ;

/* One field of a CSV file (RFC 4180), in quotes when it needs them. */
void text_add_csv(Text *text, const char *field);
/* A number as short as it reads back (format_double): "6000", "0.1". */
void text_add_number(Text *text, double value);
/* The same, but a real number shows that it is one: "6000.0".  NaN and infinities as format_double writes them. */
void text_add_real(Text *text, double value);
/* A string as a terminal may show it: see printable in base/error.h. */
void text_add_printable(Text *text, const char *string);

/* The string as a terminal may show it, in the arena. */
char *text_printable(Arena *arena, const char *string);
/* The columns that a string takes on a terminal: its characters. */
size_t text_columns(const char *string);
/* The words of a string, one blank between two: in lines that begin at column, where the first one stands already, and
 * end before columns where words let them.  No end of a line behind the last. */
void text_print_words(const char *string, size_t column, size_t columns, FILE *stream);
/* How many lines text_print_words makes of it. */
size_t text_count_lines(const char *string, size_t column, size_t columns);
/* All of it to a stream; failures stay in the stream, for standard output see base/output.h. */
void text_print(const Text *text, FILE *stream);

#endif
